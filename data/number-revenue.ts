import { sql } from 'kysely'
import type { Group, Slice } from '../src/canon/metric.ts'
import { monthsOf, readPeriodName } from '../src/canon/period.ts'
import type { Reader } from './database.ts'
import { accountKey } from './number-account.ts'
import { groupsOf, ownedBy, type SumRow } from './number-slice.ts'
import type {} from './schema-number.ts'

/**
 * Revenue of the customers there were when each period began: what it began with, and what changed of it. Whoever came
 * later is not among them: new business is no retention. `kept` leaves an account at worst with nothing, so that
 * losing what it had grown by in the period does not count against others.
 */
export async function revenueSums(db: Reader, company: string, slice: Slice): Promise<Group[]> {
  const key = accountKey(slice.by)
  const asked = key !== undefined || slice.owners !== 'all'
  const account = asked ? sql`join accounts a on a.company_id = f.company_id and a.id = f.account` : sql``
  const mine = asked ? ownedBy(db, sql`a.csm`, slice) : sql``
  const found: SumRow[] = []
  for (const [p, period] of slice.periods.entries()) {
    const months = monthsOf(period)
    const first = months[0]!
    const last = months.at(-1)!
    const { rows } = await sql<SumRow>`
      select ${sql.lit(p)} as p, k, c, count(*) as n_accounts, sum(mrr) as m_start, sum(expansion) as m_expansion,
        sum(contraction) as m_contraction, sum(churn) as m_churn,
        sum(case when contraction + churn > mrr then 0 else mrr - contraction - churn end) as m_kept
      from (
        select ${key ?? sql`null`} as k, f.currency as c, f.account, f.mrr as mrr, sum(r.expansion) as expansion,
          sum(r.contraction) as contraction, sum(r.churn) as churn
        from revenue f ${account}
        join revenue r on r.company_id = f.company_id and r.account = f.account and r.currency = f.currency
          and r.month >= ${first} and r.month <= ${last}
        where f.company_id = ${company} and f.month = ${first} and f.mrr > 0 ${mine}
        group by ${key === undefined ? sql`` : sql`1, `} f.currency, f.account, f.mrr
      ) as each_account
      group by k, c`.execute(db)
    found.push(...rows)
  }
  return groupsOf(found)
}

/**
 * Sales and marketing costs of each period. A period's own row comes first; else its parts, when all of them are there:
 * half of a quarter's costs would make customers look cheap.
 */
export async function costSums(
  db: Reader,
  company: string,
  slice: Slice,
  fiscalYearStart: number,
): Promise<Group[]> {
  const { rows } = await sql<{ period: string; currency: string; sm_cost: number }>`
    select period, currency, sm_cost from costs where company_id = ${company}`.execute(db)
  const costs = rows.flatMap(({ period: name, currency, sm_cost }) => {
    const period = readPeriodName(name, fiscalYearStart)
    return period ? [{ from: period.from, to: period.to, currency, cost: sm_cost }] : []
  })
  const found: SumRow[] = []
  for (const [p, period] of slice.periods.entries()) {
    const own = costs.filter(({ from, to }) => from === period.from && to === period.to)
    const parts = own.length > 0 ? own : coveredBy(period, costs)
    for (const { currency, cost } of parts) found.push({ p, k: null, c: currency, n_costs: 1, m_cost: cost })
  }
  return groupsOf(found)
}

interface Cost {
  readonly from: string
  readonly to: string
  readonly currency: string
  readonly cost: number
}

/** The largest rows that together are exactly the period, in order; nothing where a piece is missing. */
function coveredBy(period: { readonly from: string; readonly to: string }, costs: readonly Cost[]): Cost[] {
  const within = costs
    .filter(({ from, to }) => from >= period.from && to <= period.to)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.to < b.to ? 1 : -1))
  const parts: Cost[] = []
  for (const cost of within) {
    const before = parts.at(-1)
    if (before && cost.from <= before.to) continue
    parts.push(cost)
  }
  const months = parts.reduce((sum, part) => sum + monthsOf({ kind: 'month', ...part }).length, 0)
  return months === monthsOf({ kind: 'month', ...period }).length ? parts : []
}
