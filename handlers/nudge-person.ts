import type { NudgeKind, NudgeSubject } from '../src/canon/nudge.ts'
import {
  type Hygiene,
  hygieneCount,
  hygieneCycle,
  hygieneOf,
  hygieneWindow,
  unlinkedBy,
} from '../src/canon/nudge-person.ts'
import type { Tally } from '../src/ports/scan.ts'
import type { NudgeRule, RuleDesk } from './nudge-rule.ts'

// What people themselves have to put in order, one list a person.

const counted = (tallies: readonly Tally[]) => new Map(tallies.map(({ person, count }) => [person, count]))

/** What hygiene looks through as of now: the list a person opens is the list they were told of. */
export const windowOf = ({ today, now, org, policy }: Pick<RuleDesk, 'today' | 'now' | 'org' | 'policy'>) =>
  hygieneWindow(today, now, org.company.working, policy.nudges)

async function lists(desk: RuleDesk): Promise<ReadonlyMap<string, Hygiene>> {
  const { store, company, org } = desk
  const { from, to, overMs, staleBefore, leadsBefore } = windowOf(desk)
  const late = await store.lateActivities(company, from, to, overMs)
  const stale = await store.staleContacts(company, staleBefore)
  const leads = await store.oldUntouchedLeads(company, leadsBefore)
  const linked = await store.linkedPeople(company)
  return hygieneOf(
    { late: counted(late), stale: counted(stale), leads: counted(leads), unlinked: unlinkedBy(org, linked) },
    org,
  )
}

/** Records that want a look: one list a person, one message a day (Canon, Nudges: hygiene). */
export const hygieneRule: NudgeRule = {
  kind: 'hygiene',
  async *find(desk) {
    for (const [id, because] of await lists(desk))
      yield {
        kind: 'hygiene' as NudgeKind,
        subject: { noun: 'person', id } satisfies NudgeSubject,
        cycle: hygieneCycle(because, desk.today),
        owner: id,
        because,
        // What lies about is worth no money by itself: it is told where nothing else presses.
        weight: Math.min(hygieneCount(because), 20) - 20,
      }
  },
  async still(subject, _cycle, desk) {
    if (subject.noun !== 'person') return undefined
    const { store, company, org } = desk
    const { id } = subject
    const { from, to, overMs, staleBefore, leadsBefore } = windowOf(desk)
    const [late, stale, leads, linked] = await Promise.all([
      store.lateActivitiesOf(company, id, from, to, overMs, most),
      store.staleContactsOf(company, id, staleBefore, most),
      store.oldUntouchedLeadsOf(company, id, leadsBefore, most),
      store.linkedPeople(company),
    ])
    return hygieneOf(
      {
        late: new Map([[id, late.length]]),
        stale: new Map([[id, stale.length]]),
        leads: new Map([[id, leads.length]]),
        unlinked: new Map([...unlinkedBy(org, linked)].filter(([person]) => person === id)),
      },
      org,
    ).get(id)
  },
  actions: (on) => [{ action: 'hygiene.open', on }],
}

/** More than this many are not counted one by one for a card. */
const most = 1_000
