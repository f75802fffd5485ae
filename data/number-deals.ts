import { type RawBuilder, sql } from 'kysely'
import { addDays } from '../src/canon/calendar.ts'
import type { Dimension, Group, Slice } from '../src/canon/metric.ts'
import type { Reader } from './database.ts'
import { engineOf } from './engine.ts'
import { firstChannel } from './number-account.ts'
import {
  dayBucket,
  grouped,
  groupsOf,
  instantBucket,
  instants,
  ownedBy,
  type SumRow,
} from './number-slice.ts'
import { using } from './opportunity.ts'

/** Days from one day to another. */
const days = (db: Reader, from: RawBuilder<unknown>, to: RawBuilder<unknown>): RawBuilder<number> =>
  engineOf(db) === 'sqlite'
    ? sql<number>`cast(julianday(${to}) - julianday(${from}) as integer)`
    : sql<number>`(${to}::date - ${from}::date)`

/** Adding up integers gives an integer: PostgreSQL would make a decimal of a sum of bigints. */
const total = (what: RawBuilder<unknown>): RawBuilder<number> => sql<number>`coalesce(sum(${what}), 0)`
const count = (when: RawBuilder<unknown>): RawBuilder<number> =>
  total(sql`case when ${when} then 1 else 0 end`)
const sumOf = (when: RawBuilder<unknown>, what: RawBuilder<unknown>): RawBuilder<number> =>
  total(sql`case when ${when} then ${what} else 0 end`)

/** What a deal is grouped by: its own columns, in which what its account says is repeated. */
export const dealKeys: Readonly<Record<Exclude<Dimension, 'team'>, RawBuilder<unknown>>> = {
  tier: sql`o.tier`,
  channel: sql`o.channel`,
  rep: sql`o.owner`,
  industry: sql`o.account_industry`,
  product: sql`o.product`,
}

const dealKey = (by: Slice['by']): RawBuilder<unknown> =>
  by === undefined || by === 'team' ? sql`null` : dealKeys[by]

/** A deal without a price of ours was sold at its amount. */
const paid = sql`coalesce(o.price, o.amount)`

const closedIndex = 'opportunities_closed_numbers'
const openIndex = 'opportunities_open_numbers'

/** Deals by the day they were closed: won, lost, what they brought, how long they took, what was taken off the list. */
export async function closedSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const key = dealKey(slice.by)
  const won = sql`o.stage = 'CW'`
  const listed = sql`${won} and o.list_amount > 0 and ${paid} is not null`
  const timed = sql`${won} and o.created_on <= o.closed_on`
  const { rows } = await sql<SumRow>`
    select ${dayBucket(sql`o.closed_on`, slice)} as p, ${key} as k, o.currency as c,
      ${count(won)} as n_won, ${count(sql`o.stage = 'CL'`)} as n_lost,
      ${count(timed)} as n_timed, ${sumOf(timed, days(db, sql`o.created_on`, sql`o.closed_on`))} as n_days,
      ${count(sql`${won} and ${paid} is not null`)} as m_contracts, ${sumOf(won, sql`coalesce(${paid}, 0)`)} as m_won,
      ${count(listed)} as m_listed, ${sumOf(listed, sql`o.list_amount`)} as m_list, ${sumOf(listed, paid)} as m_paid
    from opportunities o ${using(db, closedIndex)}
    where o.company_id = ${company} and o.closed = 1
      and o.closed_on >= ${slice.periods[0]!.from} and o.closed_on <= ${slice.periods.at(-1)!.to}
      ${ownedBy(db, sql`o.owner`, slice)}
    group by ${grouped(slice, sql`o.currency`)}`.execute(db)
  return groupsOf(rows)
}

/** Deals that are open now: how many, worth what, and how well they are kept. */
export async function openSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const key = dealKey(slice.by)
  const stalledBefore = addDays(slice.today, -slice.stalledAfterDays)
  const fromS3 = sql`o.stage >= 'S3'`
  const { rows } = await sql<SumRow>`
    select 0 as p, ${key} as k, o.currency as c,
      count(*) as n_deals, ${count(sql`o.stage_entered_on < ${stalledBefore}`)} as n_stalled,
      ${count(fromS3)} as n_from_s3, ${sumOf(fromS3, sql`o.meddicc_filled`)} as n_meddicc,
      ${total(sql`o.fields_filled`)} as n_fields, ${total(sql`coalesce(o.amount, 0)`)} as m_open
    from opportunities o ${using(db, openIndex)}
    where o.company_id = ${company} and o.closed = 0 ${ownedBy(db, sql`o.owner`, slice)}
    group by ${grouped(slice, sql`o.currency`)}`.execute(db)
  return atEnd(slice, groupsOf(rows))
}

/** How many open deals each rep holds: how evenly they lie. */
export async function heldSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const key = dealKey(slice.by)
  const { rows } = await sql<SumRow>`
    select 0 as p, ${key} as k, o.owner as x, count(*) as s_deals
    from opportunities o ${using(db, openIndex)}
    where o.company_id = ${company} and o.closed = 0 and o.owner is not null ${ownedBy(db, sql`o.owner`, slice)}
    group by ${grouped(slice, sql`o.owner`)}`.execute(db)
  return atEnd(slice, groupsOf(rows))
}

/** What is so now is so in the last of the periods. */
const atEnd = (slice: Slice, groups: readonly Group[]): Group[] =>
  groups.map((group) => ({ ...group, period: slice.periods.length - 1 }))

/** Deals by the day they were created. */
export async function createdSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const key = dealKey(slice.by)
  const half = (index: string, closed: RawBuilder<unknown>) => sql`
    select ${dayBucket(sql`o.created_on`, slice)} as p, ${key} as k, count(*) as n_created
    from opportunities o ${using(db, index)}
    where o.company_id = ${company} and o.closed = ${closed}
      and o.created_on >= ${slice.periods[0]!.from} and o.created_on <= ${slice.periods.at(-1)!.to}
      ${ownedBy(db, sql`o.owner`, slice)}
    group by ${grouped(slice)}`
  const [open, closed] = await Promise.all([
    half(openIndex, sql`0`).execute(db),
    half(closedIndex, sql`1`).execute(db),
  ])
  return groupsOf([...open.rows, ...closed.rows] as SumRow[])
}

/** Deals that CS brought, by the day they were created; they are counted as the accounts that they came from. */
export async function expansionSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const key =
    slice.by === 'rep'
      ? sql`o.account_csm`
      : // All of these deals came through CS; the customer came through something else before.
        slice.by === 'channel'
        ? firstChannel(sql`o.company_id`, sql`o.account`)
        : dealKey(slice.by)
  const { rows } = await sql<SumRow>`
    select ${dayBucket(sql`o.created_on`, slice)} as p, ${key} as k, count(*) as n_found
    from opportunities o ${using(db, 'opportunities_from_cs')}
    where o.company_id = ${company} and o.channel = 'cs_driven'
      and o.created_on >= ${slice.periods[0]!.from} and o.created_on <= ${slice.periods.at(-1)!.to}
      ${ownedBy(db, sql`o.account_csm`, slice)}
    group by ${grouped(slice)}`.execute(db)
  return groupsOf(rows)
}

/**
 * Deals that were open at the end of each period, reckoned from the days on which deals were created and closed, with
 * the amounts that they have today. A deal of which nobody knows when it was created was there all the time.
 */
export async function standingSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const key = dealKey(slice.by)
  const last = slice.periods.length - 1
  const end = slice.periods[last]!.to
  const first = slice.periods[0]!.to
  const since =
    last === 0
      ? sql`0`
      : sql`case when o.created_on is null then 0 else ${dayBucket(sql`o.created_on`, slice)} end`
  const amount = total(sql`coalesce(o.amount, 0)`)
  const there = sql`(o.created_on is null or o.created_on <= ${end})`
  const [open, closed] = await Promise.all([
    sql<SumRow>`
      select ${since} as p, ${key} as k, o.currency as c, count(*) as n_open, count(*) as m_deals, ${amount} as m_open
      from opportunities o ${using(db, openIndex)}
      where o.company_id = ${company} and o.closed = 0 and ${there} ${ownedBy(db, sql`o.owner`, slice)}
      group by ${grouped(slice, sql`o.currency`)}`.execute(db),
    // Those that were closed later stood until then.
    sql<SumRow & { u: number }>`
      select ${since} as p, ${key} as k, o.currency as c,
        case when o.closed_on > ${end} then ${sql.lit(last + 1)} else ${dayBucket(sql`o.closed_on`, slice)} end as u,
        count(*) as n_open, count(*) as m_deals, ${amount} as m_open
      from opportunities o ${using(db, closedIndex)}
      where o.company_id = ${company} and o.closed = 1 and o.closed_on > ${first} and ${there}
        ${ownedBy(db, sql`o.owner`, slice)}
      group by ${grouped(slice, sql`o.currency`, sql`u`)}`.execute(db),
  ])
  const spread: SumRow[] = []
  for (const row of open.rows) for (let p = Number(row.p); p <= last; p++) spread.push({ ...row, p })
  for (const { u, ...row } of closed.rows)
    for (let p = Number(row.p); p < u; p++) spread.push({ ...(row as SumRow), p })
  return groupsOf(spread)
}

/** Changes of stage, counted by where they came from and went, and how long won deals were on their way from S4. */
export async function moveSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const { from, until } = instants(slice)
  const key = dealKey(slice.by)
  const bucket = instantBucket(sql`h.at`, slice)
  // Without a question about the deal itself there is nothing to look it up for.
  const plain = slice.by === undefined && slice.owners === 'all'
  const deal = plain ? sql`` : sql`join opportunities o on o.company_id = h.company_id and o.id = h.deal `
  const where = sql`h.company_id = ${company} and h.at >= ${from} and h.at < ${until} and h.at <= ${slice.now}
    ${plain ? sql`` : ownedBy(db, sql`o.owner`, slice)}`
  const { rows } = await sql<{ p: number; k: string | null; f: string; t: string; n: number }>`
    select ${bucket} as p, ${key} as k, h.from_stage as f, h.to_stage as t, count(*) as n
    from stage_history h ${deal} where ${where} and h.from_stage <> h.to_stage
    group by ${grouped(slice, sql`h.from_stage`, sql`h.to_stage`)}`.execute(db)
  const { rows: won } = await sql<SumRow>`
    select p, k, count(*) as n_timed, ${total(sql`w.at - w.since`)} as n_ms from (
      select ${bucket} as p, ${key} as k, h.at,
        (select min(s.at) from stage_history s where s.company_id = h.company_id and s.deal = h.deal
          and s.to_stage in ('S4', 'S5', 'S6') and s.at <= h.at) as since
      from stage_history h ${deal} where ${where} and h.to_stage = 'CW' and h.from_stage is not null
    ) as w where w.since is not null
    group by p, k`.execute(db)
  return groupsOf([...rows.map(({ p, k, f, t, n }): SumRow => ({ p, k, [`n_${f}>${t}`]: n })), ...won])
}
