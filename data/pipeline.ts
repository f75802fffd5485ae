import { type RawBuilder, sql } from 'kysely'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import { openStages, type Tier } from '../src/canon/opportunity.ts'
import type {
  ClosedCell,
  DealMove,
  GivenDiscount,
  OpenStage,
  PipelineCell,
  PipelineDays,
  RiskRow,
  WonCell,
} from '../src/canon/pipeline.ts'
import type { DealsOf, ReportPeriod } from '../src/ports/report.ts'
import { among, listed, type Reader } from './database.ts'
import { using } from './opportunity.ts'
import type {} from './schema-record.ts'
import type {} from './schema-report.ts'

/** A value where there is one: what the database calls null is left out. */
const known = <T extends object>(row: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }

const money = (amount: number | null, currency: string | null) =>
  amount === null || currency === null ? {} : { amount: { amount, currency } }

/**
 * Whose deals, as one condition or two: SQLite leaves an index alone when `or owner is null` stands beside a list, so
 * those without an owner are asked for by themselves.
 */
function whose(db: Reader, of: DealsOf): RawBuilder<unknown>[] {
  if (of === 'all') return [sql``]
  if ('csm' in of) return [sql`and account_csm = ${of.csm}`]
  const owners = sql`and ${among(db, sql.ref('owner'), of.owners)}`
  return of.nobody === true ? [owners, sql`and owner is null`] : [owners]
}

const each = async <T>(
  conditions: readonly RawBuilder<unknown>[],
  query: (condition: RawBuilder<unknown>) => Promise<T[]>,
): Promise<T[]> => (await Promise.all(conditions.map(query))).flat()

interface CellRow {
  owner: string | null
  stage: string
  currency: string | null
  tier: string | null
  channel: string | null
  product?: string | null
  account_industry?: string | null
  deals: number
  amount: number
  due_deals: number
  due: number
  next_deals: number
  next: number
  overdue: number
  undated: number
  stalled: number
}

/** See `ReportReads.pipelineCells`: one pass over an index that holds all of it. */
export async function pipelineCells(
  db: Reader,
  company: string,
  of: DealsOf,
  days: PipelineDays,
  options: { readonly by?: 'product' | 'industry' } = {},
): Promise<PipelineCell[]> {
  const by =
    options.by === undefined ? sql`` : options.by === 'product' ? sql`, product` : sql`, account_industry`
  const index = of !== 'all' && 'csm' in of ? 'opportunities_of_csm' : 'opportunities_pipeline'
  const due = sql`expected_close_on <= ${days.quarterTo}`
  const next = sql`expected_close_on > ${days.quarterTo} and expected_close_on <= ${days.nextTo}`
  const one = (condition: RawBuilder<unknown>) => sql`case when ${condition} then 1 else 0 end`
  const worth = (condition: RawBuilder<unknown>) =>
    sql`case when ${condition} then coalesce(amount, 0) else 0 end`
  const rows = await each(whose(db, of), async (mine) => {
    const { rows } = await sql<CellRow>`
      select owner, stage, currency, tier, channel${by}, count(*) as deals,
             sum(coalesce(amount, 0)) as amount,
             sum(${one(due)}) as due_deals, sum(${worth(due)}) as due,
             sum(${one(next)}) as next_deals, sum(${worth(next)}) as next,
             sum(${one(sql`expected_close_on < ${days.today}`)}) as overdue,
             sum(${one(sql`expected_close_on is null`)}) as undated,
             sum(${one(sql`stage_entered_on < ${days.stalledBefore}`)}) as stalled
      from opportunities ${using(db, index)}
      where company_id = ${company} and closed = 0 ${mine}
      group by owner, stage, currency, tier, channel${by}`.execute(db)
    return rows
  })
  return rows.map((row) => ({
    ...known({
      owner: row.owner,
      currency: row.currency,
      tier: row.tier as Tier | null,
      channel: row.channel as PipelineCell['channel'] | null,
      product: row.product ?? null,
      industry: row.account_industry ?? null,
    }),
    stage: row.stage as OpenStage,
    deals: row.deals,
    amount: row.amount,
    dueDeals: row.due_deals,
    due: row.due,
    nextDeals: row.next_deals,
    next: row.next,
    overdue: row.overdue,
    undated: row.undated,
    stalled: row.stalled,
  }))
}

interface MoveRow {
  deal: string
  owner: string | null
  amount: number | null
  currency: string | null
  from_value: string | null
  to_value: string | null
  loss_reason?: string | null
  stage?: string
}

/** See `ReportReads.dealMoves`. */
export async function dealMoves(
  db: Reader,
  company: string,
  of: DealsOf,
  period: ReportPeriod,
): Promise<DealMove[]> {
  return each(whose(db, of), async (mine) => [
    ...(await opened(db, company, mine, period)),
    ...(await moved(db, company, mine, period)),
    ...(await dated(db, company, mine, period)),
    ...(await closed(db, company, mine, period)),
  ])
}

const moveOf = (what: DealMove['what'], row: MoveRow): DealMove => ({
  what,
  deal: row.deal,
  ...known({ owner: row.owner, from: row.from_value, to: row.to_value, lossReason: row.loss_reason ?? null }),
  ...money(row.amount, row.currency),
})

async function opened(db: Reader, company: string, mine: RawBuilder<unknown>, { from, to }: ReportPeriod) {
  const { rows } = await sql<MoveRow>`
    select id as deal, owner, amount, currency, null as from_value, stage as to_value
    from opportunities ${using(db, 'opportunities_created')}
    where company_id = ${company} and created_on >= ${from} and created_on <= ${to} ${mine}
    order by id`.execute(db)
  return rows.map((row) => moveOf('new', row))
}

/** The first and the last of a deal's moves in the period, as one. */
function net(rows: readonly MoveRow[]): MoveRow[] {
  const byDeal = new Map<string, MoveRow>()
  for (const row of rows) {
    const before = byDeal.get(row.deal)
    byDeal.set(row.deal, before === undefined ? row : { ...before, to_value: row.to_value })
  }
  return [...byDeal.values()]
}

const open: readonly (string | null)[] = openStages

async function moved(db: Reader, company: string, mine: RawBuilder<unknown>, period: ReportPeriod) {
  const { rows } = await sql<MoveRow>`
    select h.deal, owner, amount, currency, h.from_stage as from_value, h.to_stage as to_value
    from stage_history h
    join opportunities o on o.company_id = h.company_id and o.id = h.deal
    where h.company_id = ${company} and h.at >= ${period.since} and h.at < ${period.until}
      and h.from_stage is not null ${mine}
    order by h.deal, h.at, h.seq`.execute(db)
  return net(rows)
    .filter((row) => open.includes(row.from_value) && open.includes(row.to_value))
    .filter((row) => row.from_value !== row.to_value)
    .map((row) => moveOf(row.to_value! > row.from_value! ? 'advanced' : 'back', row))
}

async function dated(db: Reader, company: string, mine: RawBuilder<unknown>, period: ReportPeriod) {
  const { rows } = await sql<MoveRow>`
    select m.deal, owner, amount, currency, m.from_on as from_value, m.to_on as to_value
    from close_moves m
    join opportunities o on o.company_id = m.company_id and o.id = m.deal
    where m.company_id = ${company} and m.at >= ${period.since} and m.at < ${period.until}
      and o.closed = 0 ${mine}
    order by m.deal, m.at, m.seq`.execute(db)
  return net(rows)
    .filter((row) => row.from_value !== null && row.to_value !== null && row.from_value !== row.to_value)
    .map((row) => moveOf(row.to_value! > row.from_value! ? 'slipped' : 'pulled-in', row))
}

async function closed(db: Reader, company: string, mine: RawBuilder<unknown>, { from, to }: ReportPeriod) {
  const { rows } = await sql<MoveRow & { stage: string }>`
    select id as deal, owner, case when stage = 'CW' then coalesce(price, amount) else amount end as amount,
           currency, null as from_value, null as to_value, loss_reason, stage
    from opportunities ${using(db, 'opportunities_closed_numbers')}
    where company_id = ${company} and closed = 1 and closed_on >= ${from} and closed_on <= ${to} ${mine}
    order by id`.execute(db)
  return rows.map((row) => moveOf(row.stage === 'CW' ? 'won' : 'lost', row))
}

/** See `ReportReads.wonCells`. */
export async function wonCells(
  db: Reader,
  company: string,
  of: DealsOf,
  from: PlainDate,
  to: PlainDate,
): Promise<WonCell[]> {
  return each(whose(db, of), async (mine) => {
    const { rows } = await sql<{ owner: string | null; currency: string; deals: number; amount: number }>`
      select owner, currency, count(*) as deals, sum(coalesce(price, amount)) as amount
      from opportunities
      where company_id = ${company} and stage = 'CW' and closed_on >= ${from} and closed_on <= ${to}
        and currency is not null and coalesce(price, amount) is not null ${mine}
      group by owner, currency order by owner, currency`.execute(db)
    return rows.map(({ owner, ...row }) => ({ ...known({ owner }), ...row }))
  })
}

interface RiskyRow {
  id: string
  owner: string | null
  stage: string
  amount: number | null
  currency: string | null
  stage_entered_on: string | null
  expected_close_on: string | null
  debt_until: string | null
}

/** See `ReportReads.riskRows`. */
export async function riskRows(
  db: Reader,
  company: string,
  of: DealsOf,
  days: PipelineDays,
  since: Instant,
  most: number,
): Promise<RiskRow[]> {
  const index = of !== 'all' && 'csm' in of ? 'opportunities_of_csm' : 'opportunities_pipeline'
  const owing = sql`select id from opportunities ${using(db, 'opportunities_owing')}
    where company_id = ${company} and closed = 0 and debt_until is not null and debt_until < ${days.today}`
  const rows = await each(whose(db, of), async (mine) => {
    const { rows } = await sql<RiskyRow>`
      select r.id, r.owner, r.stage, r.amount, r.currency, r.stage_entered_on, r.expected_close_on, o.debt_until
      from (
        select id, owner, stage, amount, currency, stage_entered_on, expected_close_on,
               row_number() over (partition by owner order by coalesce(amount, 0) desc, id) as place
        from opportunities ${using(db, index)}
        where company_id = ${company} and closed = 0 ${mine}
          and (stage_entered_on < ${days.stalledBefore} or expected_close_on < ${days.today} or id in (${owing}))
      ) as r
      join opportunities o on o.company_id = ${company} and o.id = r.id
      where r.place <= ${most}
      order by r.id`.execute(db)
    return rows
  })
  const slips = await slipsOf(
    db,
    company,
    rows.map(({ id }) => id),
    since,
  )
  return rows.map((row) => ({
    deal: row.id,
    ...known({
      owner: row.owner,
      stageEnteredOn: row.stage_entered_on,
      expectedCloseOn: row.expected_close_on,
      debtUntil: row.debt_until,
    }),
    ...money(row.amount, row.currency),
    stage: row.stage as OpenStage,
    ...(slips.get(row.id) ?? { slips: 0, slippedDays: 0 }),
  }))
}

const dayMs = 86_400_000

/** How often and how far the close of these deals was moved later. */
async function slipsOf(
  db: Reader,
  company: string,
  deals: readonly string[],
  since: Instant,
): Promise<Map<string, { slips: number; slippedDays: number }>> {
  const slips = new Map<string, { slips: number; slippedDays: number }>()
  if (deals.length === 0) return slips
  const { rows } = await sql<{ deal: string; from_on: string; to_on: string }>`
    select m.deal, m.from_on, m.to_on from ${listed(db, deals)}
    join close_moves m on m.company_id = ${company} and m.deal = listed.value
    where m.at >= ${since} and m.from_on is not null and m.to_on > m.from_on`.execute(db)
  for (const { deal, from_on, to_on } of rows) {
    const before = slips.get(deal) ?? { slips: 0, slippedDays: 0 }
    const far = Math.round((Date.parse(to_on) - Date.parse(from_on)) / dayMs)
    slips.set(deal, { slips: before.slips + 1, slippedDays: before.slippedDays + far })
  }
  return slips
}

interface Given {
  request: string
  deal: string
  requester: string
  owner: string | null
  discount: number
  body: string
}

/** See `ReportReads.givenDiscounts`. */
export async function givenDiscounts(
  db: Reader,
  company: string,
  since: Instant,
  until: Instant,
): Promise<GivenDiscount[]> {
  const { rows } = await sql<Given>`
    select d.id as request, d.deal, d.requester, o.owner, d.discount, d.body
    from discount_requests d ${using(db, 'discount_requests_settled')}
    left join opportunities o on o.company_id = d.company_id and o.id = d.deal
    where d.company_id = ${company} and d.status = 'approved' and d.settled_at >= ${since} and d.settled_at < ${until}
    order by d.settled_at, d.id`.execute(db)
  return rows.map(({ body, owner, ...row }) => {
    const { list, price, steps } = JSON.parse(body) as Pick<GivenDiscount, 'list' | 'price'> & {
      steps: readonly unknown[]
    }
    return { ...row, ...known({ owner }), list, price, ownAuthority: steps.length === 0 }
  })
}

interface ClosedRow {
  owner: string | null
  stage: string
  currency: string | null
  loss_reason: string | null
  competitor: string | null
  lost_from: string | null
  tier: string | null
  channel: string | null
  deals: number
  amount: number
}

/** See `ReportReads.closedCells`. */
export async function closedCells(
  db: Reader,
  company: string,
  of: DealsOf,
  from: PlainDate,
  to: PlainDate,
): Promise<ClosedCell[]> {
  return each(whose(db, of), async (mine) => {
    const { rows } = await sql<ClosedRow>`
      select owner, stage, currency, loss_reason, competitor, lost_from, tier, channel, count(*) as deals,
             sum(worth) as amount
      from (
        select owner, stage, currency, loss_reason, competitor, tier, channel,
               case when stage = 'CW' then coalesce(price, amount, 0) else coalesce(amount, 0) end as worth,
               case when stage = 'CW' then null else (
                 select h.from_stage from stage_history h
                 where h.company_id = o.company_id and h.deal = o.id and h.to_stage = 'CL'
                 order by h.at desc, h.seq desc limit 1) end as lost_from
        from opportunities o ${using(db, 'opportunities_closed_numbers')}
        where company_id = ${company} and closed = 1 and closed_on >= ${from} and closed_on <= ${to} ${mine}
      ) as c
      group by owner, stage, currency, loss_reason, competitor, lost_from, tier, channel`.execute(db)
    return rows.map((row) => ({
      ...known({
        owner: row.owner,
        currency: row.currency,
        lossReason: row.loss_reason,
        competitor: row.competitor,
        lostFrom: row.lost_from,
        tier: row.tier as Tier | null,
        channel: row.channel as ClosedCell['channel'] | null,
      }),
      stage: row.stage as ClosedCell['stage'],
      deals: row.deals,
      amount: row.amount,
    }))
  })
}
