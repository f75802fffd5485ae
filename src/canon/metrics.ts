import type { Figure, Goal, Lack, Metric, MetricId, MetricWorld, Sums } from './metric.ts'
import { activityMetrics } from './metric-activity.ts'
import { customerMetrics } from './metric-customer.ts'
import { n } from './metric-figure.ts'
import { operationsMetrics } from './metric-operations.ts'
import { salesMetrics } from './metric-sales.ts'
import { tiers } from './opportunity.ts'
import { monthsIn, type Period } from './period.ts'
import type { Policy } from './policy.ts'
import { metricIds } from './policy-metric.ts'

const all = [...salesMetrics, ...activityMetrics, ...customerMetrics, ...operationsMetrics]

/** The registry: every metric of the Canon by its id. */
export const metrics = Object.fromEntries(
  metricIds.map((id) => [id, all.find((metric) => metric.id === id)]),
) as Readonly<Record<MetricId, Metric>>

/** What a metric comes to over some sums. */
export const metricValue = (id: MetricId, sums: Sums, world: MetricWorld): Figure | Lack =>
  metrics[id].formula(sums, world)

const monthsOfTarget = { month: 1, quarter: 3, year: 12 } as const

/** What a metric is held to over a period; a target that is for another length of time is scaled to it. */
export function targetOf(id: MetricId, policy: Policy, period: Period, sums: Sums): Goal | undefined {
  const own = policy.targets[id]
  if (own === null) return undefined
  if (own === undefined) return derived(id, policy, period, sums)
  const scale = own.per === undefined ? 1 : monthsIn(period) / monthsOfTarget[own.per]
  return {
    ...(own.from === undefined ? {} : { from: own.from * scale }),
    ...(own.to === undefined ? {} : { to: own.to * scale }),
  }
}

/** Targets that follow from other rules of the company. */
function derived(id: MetricId, policy: Policy, period: Period, sums: Sums): Goal | undefined {
  if (id === 'average-discount') return { to: policy.discount.averageTarget / 100 }
  if (id === 'response-time') return { to: policy.nudges.leadResponseMinutes }
  if (id === 'stage-conversion') {
    const steps = metrics[id].parts?.map((step) => targetOf(step, policy, period, sums)?.from)
    return steps?.every((step) => step !== undefined)
      ? { from: steps.reduce<number>((share, step) => (share * step!) / 100, 100) }
      : undefined
  }
  if (id === 'qbr-completion') {
    // Of T1 all, of T2 three quarters: what they come to together depends on how many there are of each.
    const counted = tiers.map((tier) => ({
      share: policy.health.qbr[tier] ?? 0,
      accounts: policy.health.qbr[tier] ? n(sums, `accounts_${tier}`) : 0,
    }))
    const accounts = counted.reduce((sum, each) => sum + each.accounts, 0)
    return accounts === 0
      ? undefined
      : { from: counted.reduce((sum, each) => sum + each.share * each.accounts, 0) / accounts }
  }
  return undefined
}

/** Whether a figure is where it should be; nothing where there is no target or no single number. */
export function isOnTarget(figure: Figure, target: Goal | undefined): boolean | undefined {
  if (target === undefined || figure.unit === 'money') return undefined
  return (
    (target.from === undefined || figure.value >= target.from) &&
    (target.to === undefined || figure.value <= target.to)
  )
}

/** The one number of a figure by which it is compared and drawn: of money its total, or its only currency. */
export const magnitude = (figure: Figure): number | undefined =>
  figure.unit !== 'money'
    ? figure.value
    : (figure.total?.money.amount ?? (figure.amounts.length === 1 ? figure.amounts[0]!.amount : undefined))
