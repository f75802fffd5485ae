import {
  addDays,
  type Instant,
  instantAt,
  isWorkingDay,
  type PlainDate,
  type WorkingTime,
  weekday,
} from './calendar.ts'
import type { Because } from './nudge.ts'
import { watchedSince } from './nudge-lead.ts'
import { managerOf, salesOps } from './nudge-people.ts'
import type { Org } from './people.ts'
import type { NudgePolicy } from './policy-nudge.ts'

/** What one person has to put in order. */
export type Hygiene = Extract<Because, { kind: 'hygiene' }>

/** What a hygiene list looks through, as of a day. */
export interface HygieneWindow {
  /** Activities logged in (from, to]: since the last working day began, until this one did. */
  readonly from: Instant
  readonly to: Instant
  readonly overMs: number
  /** Contacts last looked at before this day. */
  readonly staleBefore: PlainDate
  /** Leads that arrived up to then and that nobody touched. */
  readonly leadsBefore: Instant
}

/** What was logged late is told on the working day after, once; days off are told with the day before them. */
export function hygieneWindow(
  today: PlainDate,
  now: Instant,
  working: WorkingTime,
  {
    loggedWithinHours,
    contactStaleAfterDays,
  }: Pick<NudgePolicy, 'loggedWithinHours' | 'contactStaleAfterDays'>,
): HygieneWindow {
  let last = addDays(today, -1)
  for (let n = 0; n < 60 && !isWorkingDay(last, working); n += 1) last = addDays(last, -1)
  const begins = (day: PlainDate) => instantAt(day, '00:00', working.timeZone) - 1
  return {
    from: begins(last),
    to: begins(today),
    overMs: loggedWithinHours * 3_600_000,
    staleBefore: addDays(today, -contactStaleAfterDays),
    leadsBefore: watchedSince(now, working.timeZone),
  }
}

/** What was logged late is told on its day; what only lies about, once a week. */
export const hygieneCycle = (because: Hygiene, today: PlainDate): string =>
  because.loggedLate > 0 ? today : `week of ${addDays(today, 1 - weekday(today))}`

/** How much there is to put in order. */
export const hygieneCount = ({
  loggedLate,
  staleContacts,
  untouchedLeads = 0,
  unlinked = 0,
}: Hygiene): number => loggedLate + staleContacts + untouchedLeads + unlinked

/**
 * Who is told of people whom nothing reaches because they have no account in the chat: Sales Ops, who can link them,
 * else their managers. Answers the people each is told of.
 */
export function unlinkedBy(org: Org, linked: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const lost = [...org.people.values()]
    .filter(({ active, id }) => active && !linked.has(id))
    .map(({ id }) => id)
  if (lost.length === 0) return new Map()
  const ops = salesOps(org).filter(({ id }) => linked.has(id))
  if (ops.length > 0) return new Map(ops.map(({ id }) => [id, lost]))
  const told = new Map<string, string[]>()
  for (const id of lost) {
    const manager = managerOf(id, org)
    if (manager && linked.has(manager.id)) told.set(manager.id, [...(told.get(manager.id) ?? []), id])
  }
  return told
}

/** One list a person out of what was counted; people who are gone are nobody's list. */
export function hygieneOf(
  counts: {
    readonly late: ReadonlyMap<string, number>
    readonly stale: ReadonlyMap<string, number>
    readonly leads: ReadonlyMap<string, number>
    readonly unlinked: ReadonlyMap<string, readonly string[]>
  },
  org: Org,
): ReadonlyMap<string, Hygiene> {
  const people = new Set(
    [...counts.late, ...counts.stale, ...counts.leads, ...counts.unlinked].map(([id]) => id),
  )
  const lists = new Map<string, Hygiene>()
  for (const id of [...people].sort()) {
    if (!org.people.get(id)?.active) continue
    const untouchedLeads = counts.leads.get(id) ?? 0
    const unlinked = counts.unlinked.get(id)?.length ?? 0
    const list: Hygiene = {
      kind: 'hygiene',
      loggedLate: counts.late.get(id) ?? 0,
      staleContacts: counts.stale.get(id) ?? 0,
      ...(untouchedLeads > 0 ? { untouchedLeads } : {}),
      ...(unlinked > 0 ? { unlinked } : {}),
    }
    if (hygieneCount(list) > 0) lists.set(id, list)
  }
  return lists
}
