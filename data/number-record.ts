import { type RawBuilder, sql } from 'kysely'
import type { Group, Slice } from '../src/canon/metric.ts'
import { workingMinutes } from '../src/canon/working-minutes.ts'
import type { Reader } from './database.ts'
import { engineOf } from './engine.ts'
import {
  dealJoin,
  type Known,
  knownBy,
  ofActivity,
  ofDealOf,
  ofLead,
  ofNudge,
  ofSql,
} from './number-about.ts'
import { accountKey } from './number-account.ts'
import {
  dayBucket,
  grouped,
  groupsOf,
  instantBucket,
  instants,
  ownedBy,
  piecesOfTime,
  type SumRow,
} from './number-slice.ts'
import { using } from './opportunity.ts'
import type {} from './schema-nudge.ts'
import type {} from './schema-record.ts'
import type {} from './schema-report.ts'

const count = (when: RawBuilder<unknown>): RawBuilder<number> =>
  sql<number>`coalesce(sum(case when ${when} then 1 else 0 end), 0)`

/** Activities that have happened: all, touches (call, e-mail, message), and meetings. */
export async function activitySums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { key, join } = knownBy(slice.by, ofActivity(db))
  const found: SumRow[] = []
  for (const { from, until } of piecesOfTime(db, slice)) {
    const { rows } = await sql<SumRow>`
      select ${instantBucket(sql`x.happened_at`, slice)} as p, ${key} as k,
        count(*) as n_activities, ${count(sql`x.kind in ('call', 'email', 'message')`)} as n_touches,
        ${count(sql`x.kind in ('meeting', 'demo')`)} as n_meetings
      from activities x ${using(db, 'activities_by_day')} ${join}
      where x.company_id = ${company} and x.happened_at >= ${from} and x.happened_at < ${until}
        ${ownedBy(db, sql`x.person`, slice)}
      group by ${grouped(slice)}`.execute(db)
    found.push(...rows)
    await othersTurn()
  }
  return groupsOf(found)
}

const othersTurn = () => new Promise((resolve) => setImmediate(resolve))

const pageSize = 2_000

/**
 * Leads by the day they arrived: how many, how many were touched, and after how many working minutes; and how those of
 * each score fared. Working time cannot be reckoned by the database, so the leads are read, a page at a time.
 */
export async function leadSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const { key, join } = knownBy(slice.by, ofLead(db))
  const where = sql`l.company_id = ${company} and l.arrived_at >= ${from} and l.arrived_at < ${until}
    ${ownedBy(db, sql`l.owner`, slice)}`
  const { rows: scores } = await sql<SumRow>`
    select ${instantBucket(sql`l.arrived_at`, slice)} as p, ${key} as k, l.score as x,
      count(*) as s_leads, ${count(sql`l.status = 'handed_over'`)} as s_converted
    from leads l ${join} where ${where} and l.score is not null
    group by ${grouped(slice, sql`l.score`)}`.execute(db)
  const found: SumRow[] = []
  let after: { at: number; id: string } | undefined
  for (;;) {
    const next = after
      ? sql`and (l.arrived_at > ${after.at} or (l.arrived_at = ${after.at} and l.id > ${after.id}))`
      : sql``
    const { rows } = await sql<{
      p: number
      k: string | null
      id: string
      arrived_at: number
      first_touch_at: number | null
    }>`
      select ${instantBucket(sql`l.arrived_at`, slice)} as p, ${key} as k, l.id, l.arrived_at, l.first_touch_at
      from leads l ${join} where ${where} ${next} order by l.arrived_at, l.id limit ${pageSize}`.execute(db)
    for (const { p, k, arrived_at, first_touch_at } of rows)
      found.push({
        p,
        k,
        n_leads: 1,
        ...(first_touch_at === null
          ? {}
          : { n_touched: 1, n_minutes: workingMinutes(arrived_at, first_touch_at, slice.working) }),
      })
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) break
    after = { at: last.arrived_at, id: last.id }
    await othersTurn()
  }
  return groupsOf([...scores, ...found])
}

/** Leads that an SDR handed to an AE, by the day: those that were not withdrawn or are still being written. */
export async function sqlSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const { key, join } = knownBy(slice.by, ofSql(db))
  const { rows } = await sql<SumRow>`
    select ${instantBucket(sql`h.opened_at`, slice)} as p, ${key} as k, count(*) as n_sqls
    from handoffs h ${join}
    where h.company_id = ${company} and h.kind = 'sdr-to-ae' and h.opened_at >= ${from} and h.opened_at < ${until}
      and h.status in ('submitted', 'returned', 'accepted') ${ownedBy(db, sql`h.sender`, slice)}
    group by ${grouped(slice)}`.execute(db)
  return groupsOf(rows)
}

/** AE→CS handoffs by the day they were opened: how they were rated, and how long after the contract the first value came. */
export async function handoffSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const { key } = knownBy(slice.by, ofDealOf('h', 'sender'))
  const sqlite = engineOf(db) === 'sqlite'
  const score = sqlite
    ? sql`json_extract(h.body, '$.rating.score')`
    : sql`(h.body::json #>> '{rating,score}')::int`
  const value = sqlite ? sql`json_extract(h.body, '$.firstValueOn')` : sql`(h.body::json ->> 'firstValueOn')`
  const days = sqlite
    ? sql`cast(julianday(${value}) - julianday(o.closed_on) as integer)`
    : sql`(${value}::date - o.closed_on::date)`
  const valued = sql`${value} is not null and o.closed_on is not null and ${value} >= o.closed_on`
  const { rows } = await sql<SumRow>`
    select ${instantBucket(sql`h.opened_at`, slice)} as p, ${key} as k,
      count(*) as n_handoffs, ${count(sql`${score} is not null`)} as n_rated, coalesce(sum(${score}), 0) as n_score,
      ${count(valued)} as n_valued, coalesce(sum(case when ${valued} then ${days} else 0 end), 0) as n_days
    from handoffs h ${dealJoin(sql`h.deal`, sql`h.company_id`)}
    where h.company_id = ${company} and h.kind = 'ae-to-cs' and h.opened_at >= ${from} and h.opened_at < ${until}
      and h.status <> 'withdrawn' ${ownedBy(db, sql`h.sender`, slice)}
    group by ${grouped(slice)}`.execute(db)
  return groupsOf(rows)
}

/** Discount requests by the day they were decided; one within the requester's own authority waited for nobody. */
export async function approvalSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const { key, join } = knownBy(slice.by, ofDealOf('d', 'requester'))
  const { rows } = await sql<SumRow>`
    select ${instantBucket(sql`d.settled_at`, slice)} as p, ${key} as k,
      count(*) as n_decided, sum(d.settled_at - d.opened_at) as n_ms
    from discount_requests d ${join}
    where d.company_id = ${company} and d.settled_at is not null and d.settled_at >= ${from} and d.settled_at < ${until}
      and d.status in ('approved', 'rejected') and d.settled_at > d.opened_at
      ${ownedBy(db, sql`d.requester`, slice)}
    group by ${grouped(slice)}`.execute(db)
  return groupsOf(rows)
}

/** Customers by the day of their first won deal. */
export async function customerSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { rows } = await sql<SumRow>`
    select ${dayBucket(sql`first_on`, slice)} as p, null as k, count(*) as n_customers from (
      select min(closed_on) as first_on from opportunities
      where company_id = ${company} and stage = 'CW' and account is not null group by account
    ) as firsts
    where first_on >= ${slice.periods[0]!.from} and first_on <= ${slice.periods.at(-1)!.to}
    group by 1`.execute(db)
  return groupsOf(rows)
}

/** Accounts with a CSM, as they are now: in every period that was asked for. */
export async function managedSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const key = accountKey(slice.by)
  const { rows } = await sql<SumRow>`
    select 0 as p, ${key ?? sql`null`} as k, count(*) as n_managed from accounts a
    where a.company_id = ${company} and a.csm is not null ${ownedBy(db, sql`a.csm`, slice)}
    group by ${key === undefined ? sql`1` : sql`2`}`.execute(db)
  return groupsOf(slice.periods.flatMap((_, p) => rows.map((row) => ({ ...row, p }))))
}

/** Reports that went out, and those that did not arrive: of a team, or to a person of it. */
export async function reportSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const report = sql`left join reports r on r.company_id = d.company_id and r.id = d.subject_id`
  const known: Required<Known> | undefined =
    slice.by === 'rep'
      ? { key: sql`case when r.of_noun = 'person' then r.of_id end`, join: report }
      : slice.by === 'team'
        ? {
            key: sql`case when r.of_noun = 'team' then r.of_id else p.team end`,
            join: sql`${report} left join people p on p.company_id = d.company_id and r.of_noun = 'person'
              and p.id = r.of_id`,
          }
        : undefined
  const { rows } = await sql<SumRow>`
    select ${instantBucket(sql`d.created_at`, slice)} as p, ${known?.key ?? sql`null`} as k,
      ${count(sql`d.state = 'sent'`)} as n_sent, ${count(sql`d.state in ('dead', 'unknown')`)} as n_lost
    from deliveries d ${known?.join ?? sql``}
    where d.company_id = ${company} and d.subject_noun = 'report' and d.kind <> 'refresh'
      and d.created_at >= ${from} and d.created_at < ${until}
    group by ${grouped(slice)}`.execute(db)
  return groupsOf(rows)
}

/** Nudges by the day they were raised: all, and those that somebody acted upon; each is about something. */
export async function nudgeSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const { key, join } = knownBy(slice.by, ofNudge(db))
  const { rows } = await sql<SumRow>`
    select ${instantBucket(sql`x.raised_at`, slice)} as p, ${key} as k,
      count(*) as n_raised, ${count(sql`x.status = 'done'`)} as n_acted
    from nudges x ${join}
    where x.company_id = ${company} and x.raised_at >= ${from} and x.raised_at < ${until}
      ${ownedBy(db, sql`x.owner`, slice)}
    group by ${grouped(slice)}`.execute(db)
  return groupsOf(rows)
}
