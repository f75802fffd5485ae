import { type Insertable, type RawBuilder, type Selectable, sql } from 'kysely'
import type { PlainDate } from '../src/canon/calendar.ts'
import type { Money } from '../src/canon/money.ts'
import { meddiccFields, type Opportunity, type Stage, stages } from '../src/canon/opportunity.ts'
import type { Scope } from '../src/canon/visibility.ts'
import type { DealHit, DiscountStats, Save } from '../src/ports.ts'
import { among, clean, listed, type Reader, type Tx, toJson } from './database.ts'
import { engineOf } from './engine.ts'
import type { Schema } from './schema.ts'
import { needleOf, searchText } from './search.ts'
import { on } from './statement.ts'

type Row = Selectable<Schema['opportunities']>

export async function deal(db: Reader, company: string, id: string): Promise<Opportunity | undefined> {
  const { rows } = await on<Row>(db)`select * from opportunities where company_id = ${company} and id = ${id}`
  return rows[0] && dealOf(rows[0])
}

/** See `Store.dealsNamed`. */
export async function dealsNamed(
  db: Reader,
  company: string,
  name: string,
  limit: number,
): Promise<Opportunity[]> {
  const { rows } = await on<Row>(db)`
    select * from opportunities where company_id = ${company} and name = ${clean(name)} order by id limit ${limit}`
  return rows.map(dealOf)
}

/** Open deals of an owner first, the last changed first. */
export async function dealsOf(
  db: Reader,
  company: string,
  owner: string,
  limit: number,
): Promise<Opportunity[]> {
  const rows = await db
    .selectFrom('opportunities')
    .selectAll()
    .where('company_id', '=', company)
    .where('owner', '=', owner)
    .orderBy('closed')
    .orderBy('updated_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(dealOf)
}

export async function openByStage(
  db: Reader,
  company: string,
  owners: readonly string[] | 'all',
): Promise<{ stage: Stage; currency: string; deals: number; amount: number }[]> {
  const { rows } = await sql<{ stage: Stage; currency: string; deals: number; amount: number }>`
    select stage, currency, count(*) as deals, sum(amount) as amount
    from opportunities
    where company_id = ${company} and closed = 0 and currency is not null and amount is not null
      ${owners === 'all' ? sql`` : sql`and ${among(db, sql.ref('owner'), owners)}`}
    group by stage, currency
    order by stage, currency`.execute(db)
  return rows
}

/**
 * Over this many owners one walk through the search index is quicker than a look-up of each owner's deals. Without
 * words there is nothing to walk the index for, and the look-ups stay the quicker way for longer.
 */
const ownersLookedUp = { byWords: 5, byNothing: 25 }

/** Names the index to SQLite, which without statistics takes a whole company for ten rows. */
export const using = (db: Reader, index: string) =>
  engineOf(db) === 'sqlite' ? sql`indexed by ${sql.ref(index)}` : sql``

/** See `Store.findDeals`. */
export async function findDeals(
  db: Reader,
  company: string,
  scope: Scope,
  query: string,
  limit: number,
  options: { openOnly?: boolean; minStage?: Stage } = {},
): Promise<DealHit[]> {
  const hits: DealHit[] = []
  // Open deals come first in any case, so the closed ones are looked at only while there is room.
  for (const closed of options.openOnly === true ? ([0] as const) : ([0, 1] as const)) {
    if (hits.length >= limit) break
    hits.push(...(await findAmong(db, company, scope, query, limit - hits.length, closed, options.minStage)))
  }
  return hits
}

async function findAmong(
  db: Reader,
  company: string,
  scope: Scope,
  query: string,
  limit: number,
  closed: 0 | 1,
  minStage: Stage | undefined,
): Promise<DealHit[]> {
  const needle = needleOf(query)
  const holds = (what: string) =>
    engineOf(db) === 'sqlite' ? sql`instr(search, ${what}) > 0` : sql`strpos(search, ${what}) > 0`
  const where: RawBuilder<unknown>[] = [sql`company_id = ${company}`, sql`closed = ${sql.lit(closed)}`]
  if (minStage !== undefined) where.push(among(db, sql.ref('stage'), stages.slice(stages.indexOf(minStage))))
  for (const word of needle?.words ?? []) where.push(holds(word))
  const most = needle === undefined ? ownersLookedUp.byNothing : ownersLookedUp.byWords
  let from =
    needle === undefined ? sql`opportunities` : sql`opportunities ${using(db, 'opportunities_search')}`
  if (!scope.all) {
    const { owners, csm } = scope
    const owned = among(db, sql.ref('owner'), owners)
    // PostgreSQL has statistics to choose by; told how to join before it has them, it joins every deal with every other.
    if (owners.length > most || engineOf(db) === 'postgres') {
      where.push(csm === undefined ? owned : sql`(${owned} or account_csm = ${csm})`)
    } else {
      const mine = sql`select deal.id as mine from ${listed(db, owners)} cross join opportunities as deal
        ${using(db, 'opportunities_of_owner')} where deal.company_id = ${company} and deal.owner = listed.value
          and deal.closed = ${sql.lit(closed)}`
      const served = sql`select id from opportunities ${using(db, 'opportunities_of_csm')}
        where company_id = ${company} and account_csm = ${csm} and closed = ${sql.lit(closed)}`
      // `cross join` holds SQLite to this order: first the few deals that are theirs, then a look into those.
      from = sql`(${csm === undefined ? mine : sql`${mine} union ${served}`}) as theirs cross join opportunities`
      where.push(sql`id = mine`)
    }
  }
  const order =
    needle === undefined
      ? sql`updated_at desc, id`
      : sql`case when ${holds(needle.id)} then 0 when ${holds(needle.exactName)} then 1
                 when ${holds(needle.beginning)} then 2 else 3 end, length(search), id`
  const chosen = sql`select id from ${from} where ${sql.join(where, sql` and `)} order by ${order} limit ${limit}`
  // The second pass reads whole rows, for the few that are shown.
  const { rows } = await sql<
    Pick<Row, 'id' | 'name' | 'account_name' | 'stage' | 'amount' | 'currency' | 'owner'>
  >`
    select id, name, account_name, stage, amount, currency, owner from opportunities
    where company_id = ${company} and id in (select id from (${chosen}) as chosen)
    order by ${order}`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    ...(row.account_name !== null && { accountName: row.account_name }),
    stage: row.stage as Stage,
    ...money('amount', row.amount, row.currency),
    ...(row.owner !== null && { owner: row.owner }),
  }))
}

/** See `Store.discountStats`. A won deal without a price of ours was sold at its contract value. */
export async function discountStats(
  db: Reader,
  company: string,
  of: { owner?: string; like?: Opportunity; from: PlainDate; to: PlainDate },
): Promise<DiscountStats> {
  const { like } = of
  const kinds: RawBuilder<unknown>[] = []
  if (like?.product !== undefined) kinds.push(sql`product = ${like.product}`)
  if (like?.tier !== undefined) kinds.push(sql`tier = ${like.tier}`)
  kinds.push(sql`1 = 1`)
  for (const kind of kinds) {
    const stats = await statsWhere(db, company, of, kind)
    if (stats.deals > 0) return stats
  }
  return { deals: 0 }
}

async function statsWhere(
  db: Reader,
  company: string,
  of: { owner?: string; like?: Opportunity; from: PlainDate; to: PlainDate },
  kind: RawBuilder<unknown>,
): Promise<DiscountStats> {
  const { owner, like, from, to } = of
  const currency = like?.listAmount?.currency ?? like?.amount?.currency
  const paid = sql`coalesce(price, amount)`
  const { rows } = await sql<{ deals: number; list: number; paid: number; lowest: number; highest: number }>`
    select count(*) as deals, sum(list_amount) as list, sum(${paid}) as paid,
           min(1.0 * (list_amount - ${paid}) / list_amount) as lowest,
           max(1.0 * (list_amount - ${paid}) / list_amount) as highest
    from opportunities
    where company_id = ${company} and stage = 'CW' and closed_on >= ${from} and closed_on <= ${to}
      and list_amount > 0 and ${paid} is not null and currency is not null and ${kind}
      ${owner === undefined ? sql`` : sql`and owner = ${owner}`}
      ${like === undefined ? sql`` : sql`and id <> ${like.id}`}
      ${currency === undefined ? sql`` : sql`and currency = ${currency}`}
    group by currency
    order by count(*) desc, currency
    limit 1`.execute(db)
  const row = rows[0]
  if (row === undefined) return { deals: 0 }
  return {
    deals: row.deals,
    listTotal: row.list,
    average: shareInBasisPoints(row.list - row.paid, row.list),
    lowest: Math.round(row.lowest * 10_000),
    highest: Math.round(row.highest * 10_000),
  }
}

/** part ÷ whole in basis points, half up, exact for sums that times 10,000 leave the exact numbers. */
function shareInBasisPoints(part: number, whole: number): number {
  const doubled = (BigInt(part) * 20_000n) / BigInt(whole)
  return Number((doubled + (doubled < 0n ? -1n : 1n)) / 2n)
}

/** Writes what an approval or a form of ours changes. False when the deal moved since it was read. */
export async function saveDeal(
  trx: Tx,
  company: string,
  { id, expect, set }: Extract<Save, { noun: 'deal' }>,
  now: number,
): Promise<boolean> {
  const sums = [set.listAmount, set.price].filter((sum) => sum !== undefined)
  const currency = sums[0]?.currency
  if (sums.some((sum) => sum.currency !== currency)) {
    throw new Error(
      `A deal has one currency; ${id} was to be given ${sums.map((sum) => sum.currency).join(' and ')}.`,
    )
  }
  const flagged = set.discountFlagged === undefined ? null : set.discountFlagged ? 1 : 0
  // What is not set stays: an approval of ours only ever gives these columns a value.
  const { numAffectedRows } = await on(trx)`
    update opportunities set
      list_amount = coalesce(${set.listAmount?.amount ?? null}, list_amount),
      approved_discount = coalesce(${set.approvedDiscount ?? null}, approved_discount),
      price = coalesce(${set.price?.amount ?? null}, price),
      discount_flagged = coalesce(${flagged}, discount_flagged),
      currency = coalesce(${currency ?? null}, currency),
      updated_at = ${now}, version = ${expect + 1}
    where company_id = ${company} and id = ${id} and version = ${expect}
      and (currency is null or amount is null or currency = coalesce(${currency ?? null}, currency))`
  // Other sums of the deal are in its currency: a new one must not re-name what they are.
  return numAffectedRows === 1n
}

/** A deal as a row of `opportunities`: for forms of ours and tests. */
export function dealRow(company: string, deal: Opportunity): Insertable<Schema['opportunities']> {
  return { ...dealCells(company, deal), search: searchText(deal) }
}

/** The same without what the search looks through, which costs as much as all the rest. */
export function dealCells(
  company: string,
  deal: Opportunity,
): Omit<Insertable<Schema['opportunities']>, 'search'> {
  const text = (value: string | undefined) => (value === undefined ? null : clean(value))
  const meddicc = Object.fromEntries(meddiccFields.map((field) => [field, text(deal.meddicc[field])]))
  return {
    company_id: company,
    id: deal.id,
    name: clean(deal.name),
    account: deal.account ?? null,
    account_name: text(deal.accountName),
    account_csm: deal.accountCsm ?? null,
    tier: deal.tier ?? null,
    owner: deal.owner ?? null,
    amount: deal.amount?.amount ?? null,
    list_amount: deal.listAmount?.amount ?? null,
    currency: deal.amount?.currency ?? deal.listAmount?.currency ?? deal.price?.currency ?? null,
    stage: deal.stage,
    closed: deal.stage === 'CW' || deal.stage === 'CL' ? 1 : 0,
    stage_entered_on: deal.stageEnteredOn ?? null,
    created_on: deal.createdOn ?? null,
    expected_close_on: deal.expectedCloseOn ?? null,
    closed_on: deal.closedOn ?? null,
    channel: deal.channel ?? null,
    product: text(deal.product),
    ...(meddicc as Pick<Row, (typeof meddiccFields)[number]>),
    loss_reason: text(deal.lossReason),
    loss_reason_detail: text(deal.lossReasonDetail),
    competitor: text(deal.competitor),
    approved_discount: deal.approvedDiscount ?? null,
    price: deal.price?.amount ?? null,
    discount_flagged: deal.discountFlagged === true ? 1 : 0,
    last_activity_at: null,
    evidence: json(deal.evidence),
    gate_debt: json(deal.gateDebt),
    debt_until: debtUntil(deal),
    won: deal.won ?? null,
    opened_by: deal.openedBy ?? null,
    champion_left: deal.championLeft?.contact ?? null,
    champion_was: text(deal.championLeft?.said),
    updated_at: deal.updatedAt,
    version: deal.version,
  }
}

const json = (value: object | undefined): string | null =>
  value === undefined || Object.keys(value).length === 0 ? null : toJson(value)

/** The earliest day by which a deal owes something. */
const debtUntil = (deal: Opportunity): string | null =>
  (deal.gateDebt ?? []).reduce<string | null>(
    (first, { until }) => (first === null || until < first ? until : first),
    null,
  )

/** A deal from its row. */
export function dealOf(row: Row): Opportunity {
  const optional = {
    account: row.account,
    accountName: row.account_name,
    accountCsm: row.account_csm,
    tier: row.tier,
    owner: row.owner,
    stageEnteredOn: row.stage_entered_on,
    createdOn: row.created_on,
    expectedCloseOn: row.expected_close_on,
    closedOn: row.closed_on,
    channel: row.channel,
    product: row.product,
    lossReason: row.loss_reason,
    lossReasonDetail: row.loss_reason_detail,
    competitor: row.competitor,
    approvedDiscount: row.approved_discount,
    evidence: row.evidence === null ? null : JSON.parse(row.evidence),
    gateDebt: row.gate_debt === null ? null : JSON.parse(row.gate_debt),
    won: row.won,
    openedBy: row.opened_by,
    lastActivityAt: row.last_activity_at,
  }
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null))
  const meddicc = Object.fromEntries(
    meddiccFields.map((field) => [field, row[field]] as const).filter(([, value]) => value !== null),
  )
  return {
    id: row.id,
    name: row.name,
    ...(known as Partial<Opportunity>),
    ...money('amount', row.amount, row.currency),
    ...money('listAmount', row.list_amount, row.currency),
    ...money('price', row.price, row.currency),
    stage: row.stage as Stage,
    meddicc,
    ...(row.champion_left !== null && {
      championLeft: { contact: row.champion_left, said: row.champion_was ?? row.champion_left },
    }),
    ...(row.discount_flagged === 1 && { discountFlagged: true }),
    updatedAt: row.updated_at,
    version: row.version,
  }
}

function money<K extends string>(
  key: K,
  amount: number | null,
  currency: string | null,
): { [P in K]?: Money } {
  return amount === null || currency === null ? {} : ({ [key]: { amount, currency } } as { [P in K]?: Money })
}
