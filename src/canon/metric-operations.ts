import { type Dimension, dimensions, type Lack, type Metric, type NotBy } from './metric.ts'
import { asOne, forecastError, moneyFigure, moneyOf, n, nothing, percent } from './metric-figure.ts'
import { daysIn, monthsIn } from './period.ts'
import type { MetricId } from './policy-metric.ts'

const monthly = { review: 'monthly', period: 'quarter' } as const

/** One reason for every dimension but these. */
const notBy = (reason: NotBy, but: readonly Dimension[] = []): NonNullable<Metric['notBy']> =>
  Object.fromEntries(dimensions.filter((each) => !but.includes(each)).map((each) => [each, reason]))

/** What the product has no place for yet: it says so, and never a number. */
const notKept = (id: MetricId, what: Extract<Lack, { code: 'not-kept' }>['what']): Metric => ({
  ...monthly,
  id,
  unit: 'percent',
  better: 'up',
  by: [],
  sources: [],
  formula: () => ({ code: 'not-kept', what }),
})

/** What the engine of sales costs and how it is run (Canon, Digests, metrics, forecast). */
export const operationsMetrics: readonly Metric[] = [
  {
    id: 'cac',
    unit: 'money',
    better: 'down',
    review: 'quarterly',
    period: 'last-quarter',
    by: [],
    notBy: notBy('costs-whole'),
    grain: 'month',
    sources: ['costs', 'customers'],
    file: 'costs.csv',
    wholeCompany: true,
    formula: (sums, world) => {
      if (n(sums, 'costs') === 0) return { code: 'file-period', file: 'costs.csv' }
      const customers = n(sums, 'customers')
      if (customers === 0) return nothing
      const costs = moneyOf(sums, 'cost')
      const total = asOne(costs, world)
      return moneyFigure(
        costs.map(({ amount, currency }) => ({
          money: { amount: amount / customers, currency },
          of: customers,
        })),
        'money' in total
          ? { ...total, money: { ...total.money, amount: total.money.amount / customers } }
          : total,
        customers,
      )
    },
  },
  {
    id: 'forecast-accuracy',
    unit: 'percent',
    better: 'down',
    review: 'quarterly',
    period: 'last-quarter',
    by: ['team'],
    notBy: notBy('forecast-of-team', ['team']),
    grain: 'quarter',
    sources: ['forecasts'],
    wholeCompany: true,
    formula: (sums, world) => {
      if (world.daysSoFar < daysIn(world.period)) return { code: 'unfinished' }
      if (n(sums, 'taken') === 0) return { code: 'snapshot' }
      const forecast = asOne(moneyOf(sums, 'forecast'), world)
      if (!('money' in forecast)) return forecast
      const actual = asOne(moneyOf(sums, 'actual'), world, forecast.money.currency)
      if (!('money' in actual)) return actual
      const value = forecastError(forecast.money.amount, actual.money.amount)
      return value === undefined ? nothing : { unit: 'percent', value, of: n(sums, 'taken') }
    },
  },
  {
    ...monthly,
    id: 'report-delivery',
    unit: 'percent',
    better: 'up',
    by: ['rep', 'team'],
    notBy: notBy('reports-of-teams', ['rep', 'team']),
    sources: ['reports'],
    wholeCompany: true,
    formula: (sums) => percent(n(sums, 'sent'), n(sums, 'sent') + n(sums, 'lost')),
  },
  {
    ...monthly,
    id: 'insight-actionability',
    unit: 'count',
    better: 'up',
    by: dimensions,
    means: { rep: 'told', team: 'told' },
    sources: ['nudges'],
    formula: (sums, { period }) =>
      n(sums, 'raised') === 0
        ? nothing
        : { unit: 'count', value: n(sums, 'acted') / monthsIn(period), of: n(sums, 'raised') },
  },
  notKept('tam-coverage', 'market'),
  notKept('icp-match', 'icp'),
  notKept('plan-completion', 'plans'),
  notKept('account-score-coverage', 'account-scores'),
]
