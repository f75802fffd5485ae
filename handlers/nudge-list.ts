import { noticeCard } from '../blocks/notice.ts'
import {
  type NudgeFilter,
  noisyCard,
  nudgePreferencesForm,
  nudgesList,
  preferencesForm,
  readFilter,
  rowsMost,
  type UseBrief,
  usefulnessCard,
} from '../blocks/nudges.ts'
import { localDate } from '../src/canon/calendar.ts'
import { earOf, type Nudge, type NudgePreferences } from '../src/canon/nudge.ts'
import { preferencesOf } from '../src/canon/nudge-hearers.ts'
import { usefulness } from '../src/canon/nudge-use.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import type { CardEntry, Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say } from './discount-request.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { briefOf, drawLines } from './nudge-lines.ts'

/** What a list's buttons remember, so that the answer to one of them is the same list. */
export type ListShown = NudgeFilter

/** Days for which a message of unknown outcome is worth a word, and over which usefulness is measured in the chat. */
const unsureDays = 14
const useDays = 30
const dayMs = 86_400_000

const isOps = (desk: Pick<Desk, 'person' | 'org'>): boolean =>
  may(desk.person, 'company.administer', {}, desk.org)

/** `/nudges`: what is open of mine; with a word, what is snoozed or muted, or the preferences. */
export const showNudges: Handler<'command'> = async (gesture, desk) => {
  const word = gesture.text.trim().toLowerCase()
  if (/^(settings|preferences|설정)/.test(word)) return openPreferencesFor(desk)
  if (/^(use|usefulness|유용)/.test(word) && isOps(desk)) return useOutcome(desk)
  if (/^(snoozed|미룬|미룸)/.test(word)) return listOutcome(desk, { status: 'snoozed' })
  if (/^(muted|끈|끔)/.test(word)) return listOutcome(desk, { status: 'muted' })
  return listOutcome(desk, { status: 'open' })
}

/** The list as it will be once `changed` is committed. */
export async function listOutcome(desk: Desk, filter: NudgeFilter, changed?: Nudge): Promise<Outcome> {
  const { store, company, person, now } = desk
  const [{ total, nudges }, unsure, preferences] = await Promise.all([
    store.nudgesOf(company, person.id, filter, rowsMost + 1),
    store.unsureDeliveries(company, person.id, now - unsureDays * dayMs),
    store.nudgePreferences(company),
  ])
  // What is answered just now stays in its place, with its Undo, until the list is asked for again.
  const shown = nudges.map((nudge) => (nudge.id === changed?.id ? changed : nudge))
  if (changed && !shown.includes(changed)) shown.unshift(changed)
  const mine = earOf({ person: person.id })
  const items = shown.slice(0, rowsMost).map((nudge) => ({
    nudge,
    as:
      nudge.owner === person.id
        ? ('owner' as const)
        : nudge.rung > 0 && nudge.told.at(-1) === mine
          ? ('climbed' as const)
          : ('copy' as const),
  }))
  const { lines, drawings, names } = await drawLines(items, { ...desk, viewer: person }, 1, { list: filter })
  const bundles = await Promise.all(
    unsure.filter(({ noun }) => noun === 'nudges').map(({ id }) => store.nudgeBundle(company, id)),
  )
  const kinds = filter.status === 'open' ? await kindsOf(desk) : []
  const drawing = drawingFor(desk, companySubject(company))
  const card = nudgesList(
    {
      ...briefOf({ ...desk, viewer: person }, names),
      lines,
      more: 0,
      filter,
      total,
      kinds,
      unsure: new Set(bundles.flatMap((bundle) => bundle?.items.map((item) => item.nudge) ?? [])),
      unsureReports: unsure
        .filter(({ noun }) => noun === 'report')
        .map(({ at }) => localDate(at, desk.org.company.working.timeZone)),
      off: preferencesOf(person.id, { preferences }).off,
      drawing: drawing.id,
      lists: { open: drawing.id, snoozed: drawing.id, muted: drawing.id },
      isOps: isOps(desk),
    },
    desk.words,
  )
  return { reply: { kind: 'say', card }, drawings: [...drawings, drawing] }
}

/** The kinds of my open nudges, those I have most of first. */
async function kindsOf(desk: Desk) {
  const { nudges } = await desk.store.nudgesOf(desk.company, desk.person.id, { status: 'open' }, 100)
  const counts = new Map<Nudge['kind'], number>()
  for (const { kind } of nudges) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([kind]) => kind)
}

export const showList =
  (status: NudgeFilter['status']): Handler<'button'> =>
  (_gesture, desk) =>
    listOutcome(desk, { status })

export const filterNudges: Handler<'button'> = (gesture, desk) =>
  listOutcome(desk, readFilter(gesture.choice))

// ── preferences ──────────────────────────────────────────────────────────────

async function openPreferencesFor(desk: Desk): Promise<Outcome> {
  const drawing = drawingFor(desk, companySubject(desk.company))
  const { working } = desk.org.company
  const preferences = preferencesOf(desk.person.id, {
    preferences: await desk.store.nudgePreferences(desk.company),
  })
  const view = preferencesForm(
    {
      drawing: drawing.id,
      preferences,
      hours: { from: working.start, until: working.end },
      timeZone: desk.person.timeZone ?? working.timeZone,
    },
    desk.words,
  )
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

export const openPreferences: Handler<'button'> = (_gesture, desk) => openPreferencesFor(desk)

/** A local time as people write it: `9:00`, `09:00`, `９：００`. */
function readTime(text: string): string | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.normalize('NFKC').trim())
  if (!match || Number(match[1]) > 23 || Number(match[2]) > 59) return undefined
  return `${match[1]!.padStart(2, '0')}:${match[2]}`
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

const submitPreferences: Handler<'submit'> = async (gesture, desk) => {
  const answers = readAnswers(nudgePreferencesForm, gesture.answers, desk.words)
  if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
  const { off = [], from: fromText, until: untilText, place, pace } = answers.values
  const errors: Record<string, string> = {}
  const from = fromText ? readTime(fromText) : undefined
  const until = untilText ? readTime(untilText) : undefined
  if (fromText && !from) errors.from = desk.words.t('field.nudge-hours.wrong')
  if (untilText && !until) errors.until = desk.words.t('field.nudge-hours.wrong')
  if (Boolean(fromText) !== Boolean(untilText))
    errors[fromText ? 'until' : 'from'] = desk.words.t('field.nudge-hours.both')
  if (from && until && minutesOf(until) - minutesOf(from) < 60)
    errors.until = desk.words.t('field.nudge-hours.order')
  if (Object.keys(errors).length > 0) return { reply: { kind: 'field-errors', errors } }
  const next: NudgePreferences = { off, place, pace, ...(from && until ? { from, until } : {}) }
  return {
    reply: { kind: 'close', say: noticeCard(desk.words.t('nudges.saved')) },
    change: {
      save: [{ noun: 'nudge-preferences', person: desk.person.id, next }],
      audit: [
        {
          at: desk.now,
          what: 'nudge.preferences',
          by: desk.person.id,
          platform: gesture.platform,
          subject: { noun: 'person', id: desk.person.id },
          detail: { ...next },
        },
      ],
      deliveries: [],
    },
  }
}

export const preferencesEntry: FormEntry = { form: nudgePreferencesForm, submit: submitPreferences }

// ── usefulness ───────────────────────────────────────────────────────────────

async function useOutcome(desk: Desk): Promise<Outcome> {
  const { now } = desk
  const card = usefulnessCard(await useBrief(desk, now - useDays * dayMs, now + 1), desk.words)
  return { reply: { kind: 'say', card } }
}

/** Reasons that are read at a glance; the audit has all of them. */
const reasonsMost = 5

/** What people did about what they were sent in a period, and why they did not want it. */
async function useBrief(
  { store, company, org, policy, now }: Pick<Desk, 'store' | 'company' | 'org' | 'policy' | 'now'>,
  from: number,
  until: number,
): Promise<UseBrief> {
  const [tallies, muted] = await Promise.all([
    store.nudgeTallies(company, from, until),
    store.mutedNudges(company, from, until, reasonsMost),
  ])
  const zone = org.company.working.timeZone
  return {
    kinds: usefulness(tallies, policy.nudges.noisyFromPercent),
    reasons: muted.flatMap(({ kind, answered }) =>
      answered?.reason ? [{ kind, reason: answered.reason }] : [],
    ),
    from: localDate(from, zone),
    until: localDate(until - 1, zone),
    now,
  }
}

export const showUsefulness: Handler<'button'> = async (_gesture, desk) =>
  isOps(desk) ? useOutcome(desk) : say(desk, { code: 'not-allowed', what: 'nudge' })

/** The card that tells Sales Ops once a month that a kind is mostly noise; its subject's id is the month's first and last instant. */
export const noisyNudgesCard = 'nudge.noisy'

export const noisyEntry: CardEntry = async (subject, desk) => {
  const [from, until] = subject.id.split(':').map(Number)
  if (from === undefined || until === undefined) return undefined
  const brief = await useBrief(desk, from, until)
  if (!brief.kinds.some(({ noisy }) => noisy)) return undefined
  return { card: noisyCard(brief, desk.words), drawings: [] as readonly Drawing[] }
}

// ── App Home ─────────────────────────────────────────────────────────────────

/** The heaviest of my open nudges for App Home. */
export async function homeNudgesOf(desk: Desk, limit: number) {
  const { total, nudges } = await desk.store.nudgesOf(
    desk.company,
    desk.person.id,
    { status: 'open', mine: true },
    limit,
  )
  const looking = { ...desk, viewer: desk.person }
  const items = nudges.slice(0, limit).map((nudge) => ({ nudge, as: 'owner' as const }))
  const { lines, drawings, names } = await drawLines(items, looking, 1)
  return { brief: { ...briefOf(looking, names), lines, more: 0, total }, drawings }
}
