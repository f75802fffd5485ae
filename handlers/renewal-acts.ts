import type { Answers } from '../blocks/form.ts'
import { noticeCard } from '../blocks/notice.ts'
import { outcomeText, reopenButton, undoButton } from '../blocks/renewal.ts'
import {
  milestoneDoneForm,
  outcomeForm,
  renewalMilestone,
  renewalOutcome,
  typedAmount,
} from '../blocks/renewal-form.ts'
import { theirs } from '../blocks/text.ts'
import type { Account } from '../src/canon/account.ts'
import { type PlainDate, parseDate } from '../src/canon/calendar.ts'
import { parseMoney } from '../src/canon/money.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import {
  csManagerFor,
  doMilestone,
  type OutcomeKind,
  openMilestones,
  type RenewalFact,
  type RenewalStep,
  recordOutcome,
  renewalOutcomes,
  renewalState,
  reopenMilestone,
  undoOutcome,
} from '../src/canon/renewal.ts'
import { may } from '../src/canon/visibility.ts'
import type { AuditEntry, Delivery, Drawing } from '../src/ports.ts'
import { readAnswers } from './answers.ts'
import type { CardEntry, Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { accountSubject } from './health-assess.ts'
import { type RenewalFile, renewalFile, renewalWorld, reopenDrawing, todayOf } from './renewal-world.ts'
import type { Part } from './stage-consequences.ts'

/** The card that tells of an outcome those who did not record it. */
const renewalToldCard = 'renewal.told'

const closed = (desk: Desk, refusal: Refusal): Outcome => ({
  reply: { kind: 'close', say: noticeCard(sentenceOf(desk, refusal)) },
})

/**
 * Why what was drawn is not what is there any more: the renewal that was shown has ended, and by whom is said. A nudge
 * shows no date, and means whatever renewal the account has.
 */
async function movedOn(desk: Desk, { drawing, account }: RenewalFile): Promise<Refusal | undefined> {
  const shown = drawing.shown.renewalOn
  if (typeof shown !== 'string' || shown === account.renewalOn) return undefined
  const { outcome } = (await desk.store.renewal(desk.company, account.id, shown)) ?? {}
  return outcome
    ? { code: 'renewal-settled', outcome: outcome.kind, by: outcome.by, at: outcome.at }
    : { code: 'out-of-date' }
}

/** Why this person can't record anything here; asked before a form opens, so that nobody types in vain. */
async function inTheWay(desk: Desk, file: RenewalFile): Promise<Refusal | undefined> {
  if (!may(desk.person, 'renewal.record', { account: file.account }, desk.org))
    return { code: 'not-allowed', what: 'renewal.record' }
  const moved = await movedOn(desk, file)
  if (moved) return moved
  if (file.account.renewalOn === undefined) return { code: 'no-renewal' }
  const { outcome } = file.renewal ?? {}
  return outcome && { code: 'renewal-settled', outcome: outcome.kind, by: outcome.by, at: outcome.at }
}

/** What follows from an act: the records, the audit, the cards that show them. */
function consequences(
  desk: Desk,
  { drawing, account }: RenewalFile,
  step: RenewalStep,
  facts: readonly RenewalFact[],
  platform: AuditEntry['platform'],
): Part {
  const { renewal, expect } = step
  return {
    save: [
      { noun: 'renewal', next: renewal, expect },
      ...(step.account ? [{ noun: 'account' as const, next: step.account, expect: account.version }] : []),
    ],
    audit: facts.map(({ fact, ...detail }) => ({
      at: desk.now,
      what: `renewal.${fact}`,
      by: desk.person.id,
      platform,
      subject: accountSubject(account.id),
      policyVersion: desk.policy.version,
      saw: { drawing: drawing.id, version: drawing.version },
      detail: { ...detail, renewal: renewal.renewalOn, version: renewal.version },
    })),
    deliveries: [],
    refresh: [accountSubject(account.id)],
  }
}

const refused = (desk: Desk, file: RenewalFile, code: string, platform: AuditEntry['platform']): Part => ({
  save: [],
  audit: [
    {
      at: desk.now,
      what: 'renewal.refused',
      by: desk.person.id,
      platform,
      subject: accountSubject(file.account.id),
      detail: { code },
    },
  ],
  deliveries: [],
})

// ── how it ended ─────────────────────────────────────────────────────────────

type OutcomeValues = { readonly renewal_on?: string; readonly arr?: string; readonly reason?: string }

/** A year later: the same day, the last of February for the 29th. */
function yearAfter(day: PlainDate): PlainDate {
  const [year = '', month = '', date = ''] = day.split('-')
  return `${Number(year) + 1}-${month}-${month === '02' && date === '29' ? '28' : date}`
}

const currencyOf = (desk: Desk, account: Account): string =>
  account.arr?.currency ?? desk.org.company.currency

function drawOutcome(
  desk: Desk,
  account: Account,
  renewalOn: PlainDate,
  outcome: OutcomeKind,
  typed?: OutcomeValues,
) {
  const drawing = drawingFor(desk, accountSubject(account.id), account.version, { renewalOn, outcome })
  const arr = account.arr && outcome === 'renewed' ? typedAmount(account.arr) : undefined
  const values: OutcomeValues = typed ?? {}
  const view = outcomeForm(
    {
      drawing: drawing.id,
      account,
      renewalOn,
      outcome,
      currency: currencyOf(desk, account),
      now: desk.now,
      values: {
        ...values,
        renewal_on: values.renewal_on ?? yearAfter(renewalOn),
        ...((values.arr ?? arr) === undefined ? {} : { arr: values.arr ?? arr }),
      },
    },
    desk.words,
  )
  return { view, drawing }
}

/** “Record outcome” on a list, a card or a nudge. */
export const openOutcome: Handler<'button'> = async (gesture, desk) => {
  const file = await renewalFile(desk, gesture.drawing)
  if (!file) return say(desk, { code: 'out-of-date' })
  const refusal = await inTheWay(desk, file)
  if (refusal) return say(desk, refusal)
  const { view, drawing } = drawOutcome(desk, file.account, file.account.renewalOn ?? '', 'renewed')
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

const one = (answers: Answers, name: string): string | undefined => {
  const value = Object.hasOwn(answers, name) ? answers[name] : undefined
  return typeof value === 'string' && value.trim() ? value.trim() : undefined
}

function typedFrom(answers: Answers): OutcomeValues {
  const [renewal_on, arr, reason] = ['renewal_on', 'arr', 'reason'].map((name) => one(answers, name))
  return { ...(renewal_on ? { renewal_on } : {}), ...(arr ? { arr } : {}), ...(reason ? { reason } : {}) }
}

const outcomeFrom = (text: string | undefined): OutcomeKind | undefined =>
  renewalOutcomes.find((each) => each === text)

/** Another outcome chosen: what of it is asked. An amount that was only suggested is not kept as if it had been typed. */
const changeOutcome: Handler<'change'> = async (gesture, desk) => {
  const file = await renewalFile(desk, gesture.drawing)
  const { renewalOn } = file?.account ?? {}
  if (!file || renewalOn === undefined) return closed(desk, { code: 'out-of-date' })
  const typed = typedFrom(gesture.answers)
  const suggested = file.account.arr && typedAmount(file.account.arr)
  const { arr, ...others } = typed
  const kept = arr === suggested ? others : typed
  const { view, drawing } = drawOutcome(
    desk,
    file.account,
    renewalOn,
    outcomeFrom(one(gesture.answers, 'outcome')) ?? 'renewed',
    kept,
  )
  return { reply: { kind: 'redraw', view }, drawings: [drawing] }
}

/** The field a refusal is about; what has none closes the form with its sentence. */
function fieldOf({ code }: Refusal): string | undefined {
  switch (code) {
    case 'reason-missing':
      return 'reason'
    case 'bad-date':
    case 'renewal-not-later':
      return 'renewal_on'
    case 'arr-missing':
    case 'not-an-amount':
    case 'contraction-not-lower':
    case 'renewed-is-lower':
      return 'arr'
    default:
      return undefined
  }
}

const submitOutcome: FormEntry['submit'] = async (gesture, desk) => {
  const read = readAnswers(renewalOutcome, gesture.answers, desk.words)
  if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
  const file = await renewalFile(desk, gesture.drawing)
  if (!file) return closed(desk, { code: 'out-of-date' })
  const moved = await movedOn(desk, file)
  if (moved) return closed(desk, moved)
  const { account } = file
  const { outcome } = read.values
  const typed = typedFrom(gesture.answers)
  const fail = (refusal: Refusal): Outcome => {
    const field = fieldOf(refusal)
    if (field === undefined)
      return {
        ...closed(desk, refusal),
        ...(refusal.code === 'not-allowed'
          ? { change: refused(desk, file, refusal.code, gesture.platform) }
          : {}),
      }
    const errors = { [field]: sentenceOf(desk, refusal) }
    if (file.drawing.shown.outcome === outcome) return { reply: { kind: 'field-errors', errors } }
    // Chosen and sent before the form could ask for what this outcome needs.
    const again = drawOutcome(desk, account, account.renewalOn ?? '', outcome, typed)
    return { reply: { kind: 'redraw', view: again.view, errors }, drawings: [again.drawing] }
  }
  const day = typed.renewal_on === undefined ? undefined : parseDate(typed.renewal_on)
  const arr = typed.arr === undefined ? undefined : parseMoney(typed.arr, currencyOf(desk, account))
  if (outcome !== 'churn') {
    if (day && !day.ok) return fail(day.refusal)
    if (arr && !arr.ok) return fail(arr.refusal)
  }
  const ruling = recordOutcome(
    {
      by: desk.person.id,
      outcome,
      ...(day?.ok ? { renewalOn: day.next } : {}),
      ...(arr?.ok ? { arr: arr.next } : {}),
      ...(typed.reason ? { reason: typed.reason } : {}),
    },
    renewalWorld(desk, file),
  )
  if (!ruling.ok) return fail(ruling.refusal)
  const { renewal } = ruling.next
  const drawings: Drawing[] = []
  const drawn = (shown: Drawing['shown']) => {
    const own = drawingFor(desk, accountSubject(account.id), account.version + 1, shown)
    drawings.push(own)
    return own.id
  }
  const buttons = [
    { action: 'renewal.open', label: desk.words.t('button.renewal.open'), drawing: drawn({}) },
    ...(may(desk.person, 'renewal.undo', { account }, desk.org)
      ? [undoButton(drawn({ undo: renewal.renewalOn }), desk.words)]
      : []),
  ]
  const text = renewal.outcome
    ? outcomeText({ account: account.name, outcome: renewal.outcome }, desk.now, desk.words)
    : []
  const part = consequences(desk, file, ruling.next, ruling.facts, gesture.platform)
  return {
    reply: { kind: 'close', say: noticeCard(text, buttons) },
    change: { ...part, deliveries: toldOf(desk, account, ruling.next) },
    drawings,
  }
}

/** Those who look after the account and did not record it themselves: CSM, AE and CS Manager. */
function toldOf(desk: Desk, account: Account, { renewal }: RenewalStep): Delivery[] {
  const { org, person } = desk
  const people = new Set([account.csm, account.ae, csManagerFor(account.csm, org)])
  return [...people].flatMap((id): Delivery[] =>
    id === undefined || id === person.id || !org.people.get(id)?.active
      ? []
      : [
          {
            kind: 'tell',
            card: renewalToldCard,
            subject: accountSubject(account.id),
            audience: { person: id },
            once: `${renewalToldCard}:${account.id}:${renewal.renewalOn}:${renewal.version}:${id}`,
          },
        ],
  )
}

export const outcomeEntry: FormEntry = { form: renewalOutcome, submit: submitOutcome, change: changeOutcome }

/** Takes an outcome back: the account is as it was, and the renewal open again. */
export const takeBackOutcome: Handler<'button'> = async (gesture, desk) => {
  const file = await renewalFile(desk, gesture.drawing)
  const renewalOn = file?.drawing.shown.undo
  if (!file || typeof renewalOn !== 'string') return say(desk, { code: 'out-of-date' })
  const renewal = await desk.store.renewal(desk.company, file.account.id, renewalOn)
  const own: RenewalFile = { drawing: file.drawing, account: file.account, ...(renewal ? { renewal } : {}) }
  const ruling = undoOutcome({ by: desk.person.id }, renewalWorld(desk, own))
  if (!ruling.ok) {
    const outcome = say(desk, ruling.refusal)
    return {
      ...outcome,
      change: {
        ...refused(desk, file, ruling.refusal.code, gesture.platform),
        refresh: [accountSubject(file.account.id)],
      },
    }
  }
  const text = desk.words.say('renewal.undone', {
    name: theirs(desk.person.name, 40),
    account: theirs(file.account.name),
    day: desk.words.day(renewalOn, desk.now),
  })
  return {
    reply: { kind: 'say', card: noticeCard(text) },
    change: consequences(desk, own, ruling.next, ruling.facts, gesture.platform),
  }
}

/** The outcome recorded last, or that it was taken back; drawn from the record as it is. */
const toldEntry: CardEntry = async (subject, desk) => {
  const { store, company, org, viewer, words, now } = desk
  const account = await store.account(company, subject.id)
  if (!account) return undefined
  const events = (await store.renewalsOf(company, account.id, 6)).flatMap((renewal) => [
    ...(renewal.outcome ? [{ at: renewal.outcome.at, renewal, outcome: renewal.outcome }] : []),
    ...renewal.undone.map(({ at, by }) => ({ at, renewal, undoneBy: by })),
  ])
  const last = events.sort((a, b) => b.at - a.at)[0]
  if (!last) return undefined
  const nameOf = (id: string) => org.people.get(id)?.name ?? words.t('person.unknown')
  if ('undoneBy' in last)
    return {
      card: noticeCard(
        words.say('renewal.undone', {
          name: theirs(nameOf(last.undoneBy), 40),
          account: theirs(account.name),
          day: words.day(last.renewal.renewalOn, now),
        }),
      ),
      drawings: [],
      onlyRedraw: true,
    }
  const drawn = (shown: Drawing['shown']): Drawing => ({
    id: desk.newId(),
    subject,
    version: account.version,
    ...(viewer ? { viewer: viewer.id } : {}),
    shown,
    at: now,
  })
  const open = drawn({})
  const undo =
    viewer && may(viewer, 'renewal.undo', { account }, org)
      ? drawn({ undo: last.renewal.renewalOn })
      : undefined
  const text = outcomeText(
    { account: account.name, outcome: last.outcome, by: nameOf(last.outcome.by) },
    now,
    words,
  )
  const card = noticeCard(text, [
    { action: 'renewal.open', label: words.t('button.renewal.open'), drawing: open.id },
    ...(undo ? [undoButton(undo.id, words)] : []),
  ])
  const { reason } = last.outcome
  return {
    card: reason
      ? {
          ...card,
          blocks: card.blocks.toSpliced(1, 0, {
            kind: 'quote',
            label: words.t('renewal.label.reason'),
            text: theirs(reason, 500).user,
          }),
        }
      : card,
    drawings: undo ? [open, undo] : [open],
  }
}

export const renewalCardEntries: Readonly<Record<string, CardEntry>> = { [renewalToldCard]: toldEntry }

// ── milestones ───────────────────────────────────────────────────────────────

const doneOf = ({ renewal }: RenewalFile): readonly number[] => renewal?.done.map(({ day }) => day) ?? []

/** “D-90 done” on a list, a card or a nudge: with a note, so that the next one to look knows what came of it. */
export const openRenewalMilestone: Handler<'button'> = async (gesture, desk) => {
  const file = await renewalFile(desk, gesture.drawing)
  if (!file) return say(desk, { code: 'out-of-date' })
  const refusal = await inTheWay(desk, file)
  if (refusal) return say(desk, refusal)
  const { account } = file
  const renewalOn = account.renewalOn ?? ''
  const done = doneOf(file)
  const open = openMilestones(done, desk.policy.health)
  const { milestone } = renewalState(
    { renewalOn, done },
    todayOf(desk),
    desk.policy.health,
    desk.org.company.working,
  )
  const chosen = milestone !== undefined && open.includes(milestone) ? milestone : open[0]
  const drawing = drawingFor(desk, accountSubject(account.id), account.version, { renewalOn })
  const view = milestoneDoneForm(
    {
      drawing: drawing.id,
      account,
      open,
      days: desk.policy.health.renewalDays,
      ...(chosen === undefined ? {} : { milestone: chosen }),
    },
    desk.words,
  )
  return { reply: { kind: 'open', view }, drawings: [drawing] }
}

export const renewalMilestoneEntry: FormEntry = {
  form: renewalMilestone,
  submit: async (gesture, desk) => {
    const file = await renewalFile(desk, gesture.drawing)
    if (!file) return closed(desk, { code: 'out-of-date' })
    const moved = await movedOn(desk, file)
    if (moved) return closed(desk, moved)
    // The form asks nothing where nothing is left to do.
    if (openMilestones(doneOf(file), desk.policy.health).length === 0) return { reply: { kind: 'close' } }
    const read = readAnswers(renewalMilestone, gesture.answers, desk.words)
    if (!read.ok) return { reply: { kind: 'field-errors', errors: read.errors } }
    const { milestone, note } = read.values
    const act = { by: desk.person.id, milestone: Number(milestone), ...(note ? { note } : {}) }
    const ruling = doMilestone(act, renewalWorld(desk, file))
    if (!ruling.ok) {
      const { code } = ruling.refusal
      if (code === 'no-such-milestone' || code === 'renewal-milestone-done')
        return { reply: { kind: 'field-errors', errors: { milestone: sentenceOf(desk, ruling.refusal) } } }
      return {
        ...closed(desk, ruling.refusal),
        ...(code === 'not-allowed' ? { change: refused(desk, file, code, gesture.platform) } : {}),
      }
    }
    const text = desk.words.say('renewal.saved.milestone', {
      account: theirs(file.account.name),
      day: act.milestone,
    })
    const again = reopenDrawing(desk, file.account, { day: act.milestone, at: desk.now })
    return {
      reply: {
        kind: 'close',
        say: noticeCard(text, [reopenButton({ day: act.milestone, drawing: again.id }, desk.words)]),
      },
      change: consequences(desk, file, ruling.next, ruling.facts, gesture.platform),
      drawings: [again],
    }
  },
}

/** Takes back that a milestone was done: marked by mistake, it is due again. */
export const takeBackMilestone: Handler<'button'> = async (gesture, desk) => {
  const file = await renewalFile(desk, gesture.drawing)
  const { reopen, doneAt } = file?.drawing.shown ?? {}
  if (!file || typeof reopen !== 'number' || typeof doneAt !== 'number')
    return say(desk, { code: 'out-of-date' })
  const ruling = reopenMilestone({ by: desk.person.id, milestone: reopen, doneAt }, renewalWorld(desk, file))
  const refusal = (await movedOn(desk, file)) ?? (ruling.ok ? undefined : ruling.refusal)
  if (refusal || !ruling.ok) {
    const code = refusal?.code ?? 'moved-on'
    return {
      ...say(desk, refusal ?? { code: 'moved-on' }),
      change: {
        ...refused(desk, file, code, gesture.platform),
        refresh: [accountSubject(file.account.id)],
      },
    }
  }
  const open = drawingFor(desk, accountSubject(file.account.id), file.account.version)
  const text = desk.words.say('renewal.reopened', { account: theirs(file.account.name), day: reopen })
  const buttons = [{ action: 'renewal.open', label: desk.words.t('button.renewal.open'), drawing: open.id }]
  return {
    reply: { kind: 'say', card: noticeCard(text, buttons) },
    change: consequences(desk, file, ruling.next, ruling.facts, gesture.platform),
    drawings: [open],
  }
}
