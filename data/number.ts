import { type RawBuilder, sql } from 'kysely'
import type { PlainDate } from '../src/canon/calendar.ts'
import type { Group, MetricSource, Slice } from '../src/canon/metric.ts'
import { periodName, piecesOf } from '../src/canon/period.ts'
import type { News, NumberReads, Rate, SourceState } from '../src/ports/number.ts'
import type { Reader } from './database.ts'
import { accountKey } from './number-account.ts'
import {
  closedSums,
  createdSums,
  expansionSums,
  heldSums,
  moveSums,
  openSums,
  standingSums,
} from './number-deals.ts'
import {
  activitySums,
  approvalSums,
  customerSums,
  handoffSums,
  leadSums,
  managedSums,
  nudgeSums,
  reportSums,
  sqlSums,
} from './number-record.ts'
import { costSums, revenueSums } from './number-revenue.ts'
import { groupsOf, ownedBy, type SumRow } from './number-slice.ts'
import type {} from './schema-number.ts'
import type {} from './schema-renewal.ts'
import type {} from './schema-report.ts'

type Sum = (db: Reader, company: string, slice: Slice, fiscalYearStart: number) => Promise<Group[]>

const sources: Readonly<Record<MetricSource, Sum>> = {
  closed: closedSums,
  created: createdSums,
  expansions: expansionSums,
  standing: standingSums,
  open: openSums,
  held: heldSums,
  moves: moveSums,
  activities: activitySums,
  leads: leadSums,
  sqls: sqlSums,
  handoffs: handoffSums,
  approvals: approvalSums,
  revenue: revenueSums,
  costs: costSums,
  customers: customerSums,
  managed: managedSums,
  qbrs: qbrSums,
  reports: reportSums,
  nudges: nudgeSums,
  forecasts: forecastSums,
}

/** Customers of the tiers that have QBRs, and those who had one, in every quarter of a period that has begun. */
async function qbrSums(db: Reader, company: string, slice: Slice, fiscalYearStart: number): Promise<Group[]> {
  const key = accountKey(slice.by)
  const found: SumRow[] = []
  for (const [p, period] of slice.periods.entries())
    for (const quarter of piecesOf('quarter', period, fiscalYearStart) ?? []) {
      if (quarter.from > slice.today) break
      const { rows } = await sql<{ k: string | null; tier: string; n: number; held: number }>`
        select ${key ?? sql`null`} as k, a.tier as tier, count(*) as n, count(q.account) as held
        from accounts a left join qbrs q on q.company_id = a.company_id and q.account = a.id
          and q.quarter = ${periodName(quarter, fiscalYearStart)}
        where a.company_id = ${company} and a.csm is not null and a.tier is not null
          ${ownedBy(db, sql`a.csm`, slice)}
        group by ${key === undefined ? sql`2` : sql`1, 2`}`.execute(db)
      for (const { k, tier, n, held } of rows)
        found.push({ p, k, [`n_accounts_${tier}`]: n, [`n_held_${tier}`]: held })
    }
  return groupsOf(found)
}

/**
 * What was forecast on a quarter's first day (weighted and won by then), and what was won in it: of a longer period in
 * all of its quarters, and nothing where one was not kept. A team's is what its people of today have won.
 */
async function forecastSums(
  db: Reader,
  company: string,
  slice: Slice,
  fiscalYearStart: number,
): Promise<Group[]> {
  const byTeam = slice.by === 'team'
  const { by: _by, ...whole } = slice
  const teams = byTeam ? await teamsOf(db, company) : new Map<string, string>()
  const found: SumRow[] = []
  for (const [p, period] of slice.periods.entries()) {
    const of: SumRow[] = []
    for (const quarter of piecesOf('quarter', period, fiscalYearStart) ?? []) {
      const { rows } = await sql<SumRow>`
        select ${sql.lit(p)} as p, ${byTeam ? sql`nullif(team, '')` : sql`null`} as k, currency as c,
          count(*) as n_taken, sum(weighted + won) as m_forecast
        from forecast_snapshots
        where company_id = ${company} and quarter = ${periodName(quarter, fiscalYearStart)}
        group by ${byTeam ? sql`team, ` : sql``}currency`.execute(db)
      if (rows.length === 0) {
        of.length = 0
        break
      }
      const won = await closedSums(db, company, {
        ...whole,
        ...(byTeam ? { by: 'rep' as const } : {}),
        owners: 'all',
        periods: [quarter],
      })
      of.push(...rows)
      for (const { key, sums } of won)
        for (const [c, parts] of Object.entries(sums.money))
          of.push({ p, k: teams.get(key ?? '') ?? null, c, m_actual: parts.won ?? 0 })
    }
    found.push(...of)
  }
  return groupsOf(found)
}

async function teamsOf(db: Reader, company: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; team: string }>`
    select id, team from people where company_id = ${company} and team is not null`.execute(db)
  return new Map(rows.map(({ id, team }) => [id, team]))
}

/** Where a source is kept, and the column that says how new it is. */
interface Kept {
  readonly table: string
  readonly where?: RawBuilder<unknown>
  readonly newest: string
}

const closed: Kept = { table: 'opportunities', where: sql`closed = 1`, newest: 'closed_on' }
const open: Kept = { table: 'opportunities', where: sql`closed = 0`, newest: 'updated_at' }
const ours = (kind: string): Kept => ({
  table: 'handoffs',
  where: sql`kind = ${sql.lit(kind)}`,
  newest: 'opened_at',
})

const kept: Readonly<Record<MetricSource, readonly Kept[]>> = {
  closed: [closed],
  created: [open, closed],
  expansions: [{ table: 'opportunities', where: sql`channel = 'cs_driven'`, newest: 'created_on' }, open],
  standing: [open, closed],
  open: [open],
  held: [open],
  moves: [{ table: 'stage_history', where: sql`from_stage is not null`, newest: 'at' }],
  activities: [{ table: 'activities', newest: 'happened_at' }],
  leads: [{ table: 'leads', newest: 'arrived_at' }],
  sqls: [ours('sdr-to-ae')],
  handoffs: [ours('ae-to-cs')],
  approvals: [{ table: 'discount_requests', where: sql`settled_at is not null`, newest: 'settled_at' }],
  revenue: [{ table: 'revenue', newest: 'month' }],
  costs: [{ table: 'costs', newest: 'updated_at' }],
  customers: [{ table: 'opportunities', where: sql`stage = 'CW'`, newest: 'closed_on' }],
  managed: [{ table: 'accounts', where: sql`csm is not null`, newest: 'id' }],
  qbrs: [{ table: 'qbrs', newest: 'held_on' }],
  reports: [{ table: 'deliveries', where: sql`subject_noun = 'report'`, newest: 'created_at' }],
  nudges: [{ table: 'nudges', newest: 'raised_at' }],
  forecasts: [{ table: 'forecast_snapshots', newest: 'taken_at' }],
}

/** See `NumberReads.metricSource`: of a source in two tables the newer news. */
async function sourceState(db: Reader, company: string, source: MetricSource): Promise<SourceState> {
  let any = false
  let newest: News | undefined
  let instant = 0
  for (const { table, where, newest: column } of kept[source]) {
    const { rows } = await sql<{ newest: number | string | null }>`
      select ${sql.ref(column)} as newest from ${sql.table(table)}
      where company_id = ${company} ${where === undefined ? sql`` : sql`and ${where}`}
        and ${sql.ref(column)} is not null
      order by ${sql.ref(column)} desc limit 1`.execute(db)
    const row = rows[0]
    if (!row) continue
    any = true
    if (row.newest === null) continue
    const at = typeof row.newest === 'string' ? Date.parse(row.newest) : row.newest
    if (Number.isNaN(at) || at <= instant) continue
    instant = at
    newest = typeof row.newest === 'string' ? { on: row.newest } : { at: row.newest }
  }
  return { any, ...(newest === undefined ? {} : { newest }) }
}

/** See `NumberReads.fxRates`: of each pair the newest up to a day. */
async function rates(db: Reader, company: string, until: PlainDate): Promise<Rate[]> {
  const { rows } = await sql<{ date: string; from: string; to: string; rate: string }>`
    select r.date, r."from", r."to", r.rate from fx r
    join (select "from" as f, "to" as t, max(date) as d from fx
      where company_id = ${company} and date <= ${until} group by "from", "to") as newest
      on newest.f = r."from" and newest.t = r."to" and newest.d = r.date
    where r.company_id = ${company} order by r."from", r."to"`.execute(db)
  return rows.map(({ date, from, to, rate }) => ({ on: date, from, to, rate: Number(rate) }))
}

/** The store's readings behind metrics. */
export const numberReads = (read: Reader): NumberReads => ({
  metricSums: async (company, source, slice) => {
    const { rows } = await sql<{ fiscal_year_start: number }>`
      select fiscal_year_start from companies where id = ${company}`.execute(read)
    return sources[source](read, company, slice, rows[0]?.fiscal_year_start ?? 1)
  },
  metricSource: (company, source) => sourceState(read, company, source),
  comparedCompanies: async () => {
    const { rows } = await sql<{ id: string }>`select id from companies order by id`.execute(read)
    return rows.map(({ id }) => id)
  },
  fxRates: (company, until) => rates(read, company, until),
})
