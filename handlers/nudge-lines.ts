import type { Text } from '../blocks/card.ts'
import type { NudgeBrief, NudgeLine } from '../blocks/nudge.ts'
import { theirs } from '../blocks/text.ts'
import { localDate } from '../src/canon/calendar.ts'
import type { Nudge, NudgeItem, NudgeSubject } from '../src/canon/nudge.ts'
import type { Person } from '../src/canon/people.ts'
import type { Drawing } from '../src/ports.ts'
import type { EaselDesk } from './desk.ts'
import type { RuleDesk } from './nudge-rule.ts'
import { nudgeRules } from './nudge-rules.ts'
import { nudgeSubject } from './nudge-tell.ts'

/** What nudges are drawn with: an easel's desk, or a person's. */
export type LinesDesk = Omit<EaselDesk, 'audience' | 'viewer'> & { readonly viewer?: Person | undefined }

/**
 * Begins the id of every drawing that stands behind a nudge's next best action, so that a press of any other button is
 * not looked up for it.
 */
export const actionMark = 'nudge-'

/** What a drawing keeps of a nudge it stands on: an answer given meanwhile makes it one that has moved. */
export const nudgeSeen = (nudge: Nudge): Drawing['shown'] => ({
  status: nudge.status,
  answeredAt: nudge.answered?.at ?? 0,
})

/** Lines as they are now: why each stands is asked of its rule when it is drawn, never when it was told. */
export async function drawLines(
  items: readonly (Pick<NudgeItem, 'as' | 'instead'> & { readonly nudge: Nudge })[],
  desk: LinesDesk,
  actionsMost = 2,
  shown: Drawing['shown'] = {},
): Promise<{ lines: NudgeLine[]; drawings: Drawing[]; names: Record<string, string> }> {
  const rules: RuleDesk = {
    store: desk.store,
    company: desk.company,
    org: desk.org,
    policy: desk.policy,
    now: desk.now,
    today: localDate(desk.now, desk.org.company.working.timeZone),
  }
  const drawings: Drawing[] = []
  const drawn = (id: string, of: Drawing['subject'], version: number, seen: Drawing['shown']): string => {
    const viewer = desk.viewer ? { viewer: desk.viewer.id } : {}
    drawings.push({ id, subject: of, version, ...viewer, shown: seen, at: desk.now })
    return id
  }
  const lines: NudgeLine[] = []
  for (const { nudge, as, instead } of items) {
    const asks = nudge.status === 'open' || nudge.status === 'snoozed' || nudge.status === 'muted'
    const rule = nudgeRules[nudge.kind]
    const because = asks ? await rule?.still(nudge.subject, nudge.cycle, rules) : undefined
    const { text, version } = await aboutOf(nudge.subject, desk)
    const actions = because && nudge.status === 'open' ? (rule?.actions(nudge.subject, because) ?? []) : []
    lines.push({
      nudge,
      about: text,
      ...(because ? { because } : {}),
      as,
      ...(instead ? { instead } : {}),
      drawing: drawn(desk.newId(), nudgeSubject(nudge.id), nudge.version, {
        ...shown,
        ...nudgeSeen(nudge),
      }),
      actions: actions.slice(0, actionsMost).map(({ action, on, label }) => ({
        action,
        ...(label ? { label } : {}),
        drawing: drawn(
          `${actionMark}${desk.newId()}`,
          on,
          on.noun === nudge.subject.noun && on.id === nudge.subject.id ? version : 0,
          { nudge: nudge.id },
        ),
      })),
    })
  }
  const people = lines.flatMap(({ nudge }) => [nudge.owner, nudge.answered?.by])
  const names = Object.fromEntries(
    people.flatMap((id) => {
      const name = id === undefined ? undefined : desk.org.people.get(id)?.name
      return id !== undefined && name ? [[id, name]] : []
    }),
  )
  return { lines, drawings, names }
}

/** What lines are drawn against, whoever looks. */
export const briefOf = (
  desk: LinesDesk,
  names: Readonly<Record<string, string>>,
): Omit<NudgeBrief, 'lines' | 'more'> => ({
  ...(desk.viewer ? { viewer: desk.viewer.id } : {}),
  names,
  snoozeDays: desk.policy.nudges.snoozeDays,
  timeZone: desk.viewer?.timeZone ?? desk.org.company.working.timeZone,
  now: desk.now,
})

/** What a nudge is about, by name, with the version of its record for the buttons that act upon it. */
export async function aboutOf(
  subject: NudgeSubject,
  { store, company, org, words, viewer }: Pick<LinesDesk, 'store' | 'company' | 'org' | 'viewer' | 'words'>,
): Promise<{ text: Text; version: number }> {
  const gone = { text: [words.t('nudge.subject.gone')], version: 0 }
  switch (subject.noun) {
    case 'deal': {
      const deal = await store.deal(company, subject.id)
      if (!deal) return gone
      const account = deal.accountName && !deal.name.includes(deal.accountName) ? deal.accountName : undefined
      return {
        text: [theirs(deal.name), ...(account ? [' · ', theirs(account, 40)] : [])],
        version: deal.version,
      }
    }
    case 'account': {
      const account = await store.account(company, subject.id)
      return account ? { text: [theirs(account.name)], version: account.version } : gone
    }
    case 'lead': {
      const lead = await store.lead(company, subject.id)
      if (!lead) return gone
      return {
        text: [theirs(lead.name), ...(lead.company ? [' · ', theirs(lead.company, 40)] : [])],
        version: lead.version,
      }
    }
    case 'person': {
      if (viewer?.id === subject.id) return { text: [words.t('nudge.person')], version: 0 }
      const person = org.people.get(subject.id)
      return person
        ? { text: words.say('nudge.person.of', { name: theirs(person.name, 40) }), version: 0 }
        : gone
    }
    case 'team': {
      const team = org.teams.get(subject.id)
      return team ? { text: [theirs(team.name)], version: 0 } : gone
    }
    case 'company':
      return { text: [theirs(org.company.name)], version: 0 }
    default:
      return gone
  }
}
