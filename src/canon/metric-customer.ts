import { dimensions, type Figure, type Lack, type Metric, type MetricWorld, type Sums } from './metric.ts'
import { asOne, mean, moneyOf, n, nothing, percent } from './metric-figure.ts'
import { tiers } from './opportunity.ts'

/** What is known of an account: its CSM's name stands for the rep, its first contract for the channel. */
const ofAccounts = {
  by: ['tier', 'channel', 'rep', 'team', 'industry'],
  notBy: { product: 'account-whole' },
  means: { rep: 'csm', team: 'csm', channel: 'first-contract' },
} as const

const ofHandoffs = { by: dimensions, means: { rep: 'sender', team: 'sender' } } as const

const revenue = {
  unit: 'percent',
  better: 'up',
  review: 'monthly',
  period: 'twelve-months',
  ...ofAccounts,
  grain: 'month',
  sources: ['revenue'],
  file: 'revenue.csv',
} as const

/** A share of the revenue that a period began with; several currencies are joined at dated rates or not at all. */
function ofStart(
  sums: Sums,
  world: MetricWorld,
  part: (money: (key: string) => number) => number,
): Figure | Lack {
  const start = asOne(moneyOf(sums, 'start'), world)
  if (!('money' in start)) return start
  if (start.money.amount === 0) return nothing
  const { currency } = start.money
  const money = (key: string): number => {
    const one = asOne(moneyOf(sums, key), world, currency)
    return 'money' in one ? one.money.amount : 0
  }
  return { unit: 'percent', value: (part(money) * 100) / start.money.amount, of: n(sums, 'accounts') }
}

/** What customers keep, grow and are handed over with (Canon, Handoffs; Renewals; Digests, metrics, forecast). */
export const customerMetrics: readonly Metric[] = [
  {
    ...revenue,
    id: 'nrr',
    formula: (sums, world) =>
      ofStart(
        sums,
        world,
        (money) => money('start') + money('expansion') - money('churn') - money('contraction'),
      ),
  },
  { ...revenue, id: 'grr', formula: (sums, world) => ofStart(sums, world, (money) => money('kept')) },
  {
    ...revenue,
    id: 'expansion-rate',
    formula: (sums, world) => ofStart(sums, world, (money) => money('expansion')),
  },
  {
    id: 'cs-expansion-rate',
    unit: 'percent',
    better: 'up',
    review: 'monthly',
    period: 'quarter',
    ...ofAccounts,
    sources: ['expansions', 'managed'],
    file: 'accounts.csv',
    formula: (sums) => percent(n(sums, 'found'), n(sums, 'managed')),
  },
  {
    id: 'handoff-quality',
    unit: 'score',
    better: 'up',
    review: 'monthly',
    period: 'quarter',
    ...ofHandoffs,
    sources: ['handoffs'],
    formula: (sums) => mean('score', n(sums, 'score'), n(sums, 'rated')),
  },
  {
    id: 'time-to-first-value',
    unit: 'days',
    better: 'down',
    review: 'monthly',
    period: 'quarter',
    ...ofHandoffs,
    sources: ['handoffs'],
    formula: (sums) => mean('days', n(sums, 'days'), n(sums, 'valued')),
  },
  {
    id: 'qbr-completion',
    unit: 'percent',
    better: 'up',
    review: 'monthly',
    period: 'quarter',
    ...ofAccounts,
    grain: 'quarter',
    sources: ['qbrs'],
    file: 'qbrs.csv',
    formula: (sums, { policy }) => {
      let accounts = 0
      let held = 0
      for (const tier of tiers) {
        if (!policy.health.qbr[tier]) continue
        accounts += n(sums, `accounts_${tier}`)
        held += n(sums, `held_${tier}`)
      }
      return percent(held, accounts)
    },
  },
]
