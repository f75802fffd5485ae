import { addDays, type PlainDate } from '../../src/canon/calendar.ts'
import { periodName, periodOf, shifted } from '../../src/canon/period.ts'
import type { DemoAccount, DemoCompany, DemoDeal } from './shape.ts'

// What metrics are made of beside deals: fifteen months of revenue, costs, a rate, and how deals moved.

type Row = Readonly<Record<string, string>>

/** Money of the demo in major units, whole: an export would not have halves of a cent either. */
const whole = (value: number): string => String(Math.round(value))

/** What became of a customer's revenue in a month, in percent of what it began with: some grow, one shrinks, one leaves. */
const fates: readonly ((month: number) => {
  readonly expansion?: number
  readonly contraction?: number
  readonly churn?: number
})[] = [
  (month) => (month === 4 ? { expansion: 12 } : month === 11 ? { expansion: 8 } : {}),
  () => ({}),
  (month) => (month === 7 ? { expansion: 25 } : {}),
  (month) => (month === 9 ? { contraction: 10 } : {}),
  (month) => (month % 5 === 2 ? { expansion: 4 } : {}),
  (month) => (month === 6 ? { contraction: 5 } : month === 12 ? { expansion: 15 } : {}),
]

/** Months of revenue there are, the last of them the month before this one. */
const monthsOfRevenue = 15

/** Rows of revenue.csv: every customer with an ARR, from fifteen months ago on; the smallest left half a year ago. */
export function revenueOf({ accounts }: Pick<DemoCompany, 'accounts'>, today: PlainDate): Row[] {
  const customers = accounts.filter((account): account is DemoAccount & { arr: number } => !!account.arr)
  const leaves = customers.reduce<string | undefined>(
    (least, { id, arr }) =>
      least === undefined || arr < (customers.find((each) => each.id === least)?.arr ?? 0) ? id : least,
    undefined,
  )
  const first = shifted(periodOf('month', today), -monthsOfRevenue)
  return customers.flatMap(({ id, arr }, at) => {
    const fate = fates[at % fates.length]!
    const rows: Row[] = []
    let mrr = Math.round((arr / 12) * 0.85)
    for (let month = 0; month < monthsOfRevenue && mrr > 0; month++) {
      const of = (percent = 0) => Math.round((mrr * percent) / 100)
      const gone = id === leaves && month === 9
      const { expansion, contraction } = gone ? {} : fate(month)
      const churn = gone ? mrr : 0
      rows.push({
        account: id,
        month: periodName(shifted(first, month)),
        mrr: whole(mrr),
        expansion: whole(of(expansion)),
        contraction: whole(of(contraction)),
        churn: whole(churn),
      })
      mrr += of(expansion) - of(contraction) - churn
    }
    return rows
  })
}

/** What sales and marketing cost in a month, in the company's currency. */
const monthlyCosts: Readonly<Record<string, number>> = { ondam: 96_000_000, larkfield: 118_000 }

/** Rows of costs.csv: month by month, a little more every quarter. */
export function costsOf({ id }: Pick<DemoCompany, 'id'>, today: PlainDate): Row[] {
  const base = monthlyCosts[id]
  if (base === undefined) return []
  return Array.from({ length: monthsOfRevenue }, (_, at) => ({
    period: periodName(shifted(periodOf('month', today), at - monthsOfRevenue)),
    sm_cost: whole(base * (1 + Math.floor(at / 3) * 0.03)),
  }))
}

const rates = [1_342.5, 1_358, 1_377.2, 1_384.5, 1_391] as const

/** Rows of fx.csv: the dollar in won on the first of the last months, for the company that sells in both. */
export const ratesOf = ({ id }: Pick<DemoCompany, 'id'>, today: PlainDate): Row[] =>
  id !== 'ondam'
    ? []
    : rates.map((rate, at) => ({
        date: shifted(periodOf('month', today), at - rates.length + 1).from,
        from: 'USD',
        to: 'KRW',
        rate: String(rate),
      }))

const steps = ['S1', 'S2', 'S3', 'S4', 'S5', 'S6'] as const

/** Rows of stage-history.csv: how closed deals went from S1 to their end, in even steps; a lost one got halfway. */
export function movesOf(deals: readonly DemoDeal[]): Row[] {
  return deals.flatMap(({ id, owner, stage, createdOn, closedOn }, at) => {
    if (closedOn === undefined) return []
    const passed = stage === 'CW' ? steps : steps.slice(0, 2 + (at % 4))
    const days = Math.max(
      1,
      Math.floor((Date.parse(closedOn) - Date.parse(createdOn)) / 86_400_000 / (passed.length + 1)),
    )
    return passed.map((from, step) => {
      const last = step === passed.length - 1
      const on = last ? closedOn : addDays(createdOn, days * (step + 1))
      return {
        opportunity: id,
        from,
        to: last ? stage : passed[step + 1]!,
        at: `${on} 11:00`,
        by: owner,
      }
    })
  })
}
