import { type RawBuilder, sql } from 'kysely'
import type { Group, Slice } from '../src/canon/metric.ts'
import { workingMinutes } from '../src/canon/working-minutes.ts'
import type { Reader } from './database.ts'
import { engineOf } from './engine.ts'
import { dayBucket, groupsOf, instantBucket, instants, ownedBy, type SumRow } from './number-slice.ts'
import type {} from './schema-record.ts'

const count = (when: RawBuilder<unknown>): RawBuilder<number> =>
  sql<number>`coalesce(sum(case when ${when} then 1 else 0 end), 0)`

/** By the person, or not at all: these rows know nothing else of themselves. */
const personKey = (by: Slice['by'], column: RawBuilder<unknown>): RawBuilder<unknown> =>
  by === 'rep' ? column : sql`null`
const grouped = (by: Slice['by'], column: RawBuilder<unknown>): RawBuilder<unknown> =>
  by === 'rep' ? sql`1, ${column}` : sql`1`

/** Activities that have happened: all, touches (call, e-mail, message), and meetings. */
export async function activitySums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const person = sql`person`
  const { rows } = await sql<SumRow>`
    select ${instantBucket(sql`happened_at`, slice)} as p, ${personKey(slice.by, person)} as k,
      count(*) as n_activities, ${count(sql`kind in ('call', 'email', 'message')`)} as n_touches,
      ${count(sql`kind in ('meeting', 'demo')`)} as n_meetings
    from activities
    where company_id = ${company} and happened_at >= ${from} and happened_at < ${until}
      and happened_at <= ${slice.now} ${ownedBy(db, person, slice)}
    group by ${grouped(slice.by, person)}`.execute(db)
  return groupsOf(rows)
}

const pageSize = 2_000

/**
 * Leads by the day they arrived: how many, how many were touched, and after how many working minutes; and how those of
 * each score fared. Working time cannot be reckoned by the database, so the leads are read, a page at a time.
 */
export async function leadSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const owner = sql`owner`
  const where = sql`company_id = ${company} and arrived_at >= ${from} and arrived_at < ${until}
    ${ownedBy(db, owner, slice)}`
  const { rows: scores } = await sql<SumRow>`
    select ${instantBucket(sql`arrived_at`, slice)} as p, ${personKey(slice.by, owner)} as k, score as x,
      count(*) as s_leads, ${count(sql`status = 'handed_over'`)} as s_converted
    from leads where ${where} and score is not null
    group by ${grouped(slice.by, owner)}, score`.execute(db)
  const found: SumRow[] = []
  let after: { at: number; id: string } | undefined
  for (;;) {
    const next = after
      ? sql`and (arrived_at > ${after.at} or (arrived_at = ${after.at} and id > ${after.id}))`
      : sql``
    const { rows } = await sql<{
      p: number
      k: string | null
      id: string
      arrived_at: number
      first_touch_at: number | null
    }>`
      select ${instantBucket(sql`arrived_at`, slice)} as p, ${personKey(slice.by, owner)} as k, id, arrived_at,
        first_touch_at
      from leads where ${where} ${next} order by arrived_at, id limit ${pageSize}`.execute(db)
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
    // Others have their turn between the pages.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return groupsOf([...scores, ...found])
}

/** Leads that an SDR handed to an AE, by the day: those that were not withdrawn or are still being written. */
export async function sqlSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const sender = sql`sender`
  const { rows } = await sql<SumRow>`
    select ${instantBucket(sql`opened_at`, slice)} as p, ${personKey(slice.by, sender)} as k, count(*) as n_sqls
    from handoffs
    where company_id = ${company} and kind = 'sdr-to-ae' and opened_at >= ${from} and opened_at < ${until}
      and status in ('submitted', 'returned', 'accepted') ${ownedBy(db, sender, slice)}
    group by ${grouped(slice.by, sender)}`.execute(db)
  return groupsOf(rows)
}

/** AE→CS handoffs by the day they were opened: how they were rated, and how long after the contract the first value came. */
export async function handoffSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const sender = sql`h.sender`
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
    select ${instantBucket(sql`h.opened_at`, slice)} as p, ${personKey(slice.by, sender)} as k,
      count(*) as n_handoffs, ${count(sql`${score} is not null`)} as n_rated, coalesce(sum(${score}), 0) as n_score,
      ${count(valued)} as n_valued, coalesce(sum(case when ${valued} then ${days} else 0 end), 0) as n_days
    from handoffs h left join opportunities o on o.company_id = h.company_id and o.id = h.deal
    where h.company_id = ${company} and h.kind = 'ae-to-cs' and h.opened_at >= ${from} and h.opened_at < ${until}
      and h.status <> 'withdrawn' ${ownedBy(db, sender, slice)}
    group by ${grouped(slice.by, sender)}`.execute(db)
  return groupsOf(rows)
}

/** Discount requests by the day they were decided; one within the requester's own authority waited for nobody. */
export async function approvalSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const requester = sql`requester`
  const { rows } = await sql<SumRow>`
    select ${instantBucket(sql`settled_at`, slice)} as p, ${personKey(slice.by, requester)} as k,
      count(*) as n_decided, sum(settled_at - opened_at) as n_ms
    from discount_requests
    where company_id = ${company} and settled_at is not null and settled_at >= ${from} and settled_at < ${until}
      and status in ('approved', 'rejected') and settled_at > opened_at ${ownedBy(db, requester, slice)}
    group by ${grouped(slice.by, requester)}`.execute(db)
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
  const key =
    slice.by === 'rep'
      ? sql`csm`
      : slice.by === 'tier'
        ? sql`tier`
        : slice.by === 'industry'
          ? sql`industry`
          : sql`null`
  const { rows } = await sql<SumRow>`
    select 0 as p, ${key} as k, count(*) as n_managed from accounts
    where company_id = ${company} and csm is not null ${ownedBy(db, sql`csm`, slice)}
    group by ${slice.by === undefined ? sql`1` : sql`1, 2`}`.execute(db)
  return groupsOf(slice.periods.flatMap((_, p) => rows.map((row) => ({ ...row, p }))))
}

/** Reports that went out, and those that did not arrive. */
export async function reportSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const { rows } = await sql<SumRow>`
    select ${instantBucket(sql`created_at`, slice)} as p, null as k,
      ${count(sql`state = 'sent'`)} as n_sent, ${count(sql`state in ('dead', 'unknown')`)} as n_lost
    from deliveries
    where company_id = ${company} and subject_noun = 'report' and kind <> 'refresh'
      and created_at >= ${from} and created_at < ${until}
    group by 1`.execute(db)
  return groupsOf(rows)
}
