import { dimensions, type Metric, type Sums } from './metric.ts'
import { mean, n, nothing, percent } from './metric-figure.ts'
import { monthsIn } from './period.ts'

/** An activity is with an account, and for a deal or for a lead that may have become one. */
const ofActivities = {
  by: dimensions,
  means: { tier: 'of-activity', industry: 'of-activity', channel: 'of-activity', product: 'of-activity' },
} as const

/** The same, divided by people and days: whoever is asked for by something else than people, it is by all of them. */
const ofSdrs = {
  by: dimensions,
  means: { tier: 'all-people', industry: 'all-people', channel: 'all-people', product: 'all-people' },
} as const

const ofLeads = {
  by: ['tier', 'channel', 'rep', 'team', 'industry'],
  notBy: { product: 'before-product' },
  means: { channel: 'lead-source' },
} as const

/** The best fifth of what was scored (Canon: the top 20 % convert over 3 times the mean). */
const topShare = 0.2

/**
 * How much better the best-scored fifth of the leads fared than all of them. Where the fifth ends within a score, that
 * score's leads count in proportion, so that their order does not matter.
 */
function scoringAccuracy(sums: Sums) {
  const scores = Object.entries(sums.spread)
    .filter(([key]) => key.startsWith('leads:'))
    .map(([key, leads]) => {
      const score = key.slice('leads:'.length)
      return { score: Number(score), leads, converted: sums.spread[`converted:${score}`] ?? 0 }
    })
    .sort((a, b) => b.score - a.score)
  const leads = scores.reduce((sum, each) => sum + each.leads, 0)
  const converted = scores.reduce((sum, each) => sum + each.converted, 0)
  if (leads === 0 || converted === 0) return nothing
  let left = leads * topShare
  let best = 0
  for (const each of scores) {
    const taken = Math.min(each.leads, left)
    best += (each.converted * taken) / each.leads
    left -= taken
    if (left <= 0) break
  }
  return {
    unit: 'ratio' as const,
    value: best / (leads * topShare) / (converted / leads),
    of: leads,
  }
}

/** What is done to bring deals, and how quickly (Canon, Stages 1–3). */
export const activityMetrics: readonly Metric[] = [
  {
    id: 'activity-to-opp',
    unit: 'ratio',
    better: 'down',
    review: 'weekly',
    period: 'quarter',
    ...ofActivities,
    sources: ['activities', 'created'],
    file: 'activities.csv',
    formula: (sums) =>
      n(sums, 'activities') === 0 ? nothing : mean('ratio', n(sums, 'activities'), n(sums, 'created')),
  },
  {
    id: 'activities-a-day',
    unit: 'count',
    better: 'up',
    review: 'weekly',
    period: 'week',
    ...ofSdrs,
    sources: ['activities'],
    file: 'activities.csv',
    role: 'sdr',
    roleOnly: true,
    formula: (sums, { people, workingDaysSoFar }) => {
      const days = people.length * workingDaysSoFar
      return n(sums, 'activities') === 0 || days === 0
        ? nothing
        : { unit: 'count', value: n(sums, 'activities') / days, of: n(sums, 'activities') }
    },
  },
  {
    id: 'meeting-conversion',
    unit: 'percent',
    better: 'up',
    review: 'weekly',
    period: 'month',
    ...ofActivities,
    sources: ['activities'],
    file: 'activities.csv',
    role: 'sdr',
    roleOnly: true,
    // More meetings than touches is no conversion any more: who only meets converts everybody.
    formula: (sums) => percent(Math.min(n(sums, 'meetings'), n(sums, 'touches')), n(sums, 'touches')),
  },
  {
    id: 'response-time',
    unit: 'minutes',
    better: 'down',
    review: 'daily',
    period: 'month',
    ...ofLeads,
    sources: ['leads'],
    file: 'leads.csv',
    formula: (sums) => mean('minutes', n(sums, 'minutes'), n(sums, 'touched')),
  },
  {
    id: 'sql-per-month',
    unit: 'count',
    better: 'up',
    review: 'monthly',
    period: 'month',
    by: dimensions,
    means: { channel: 'lead-source' },
    sources: ['sqls'],
    file: 'leads.csv',
    formula: (sums, { period }) =>
      n(sums, 'sqls') === 0
        ? nothing
        : { unit: 'count', value: n(sums, 'sqls') / monthsIn(period), of: n(sums, 'sqls') },
  },
  {
    id: 'scoring-accuracy',
    unit: 'ratio',
    better: 'up',
    review: 'monthly',
    period: 'quarter',
    ...ofLeads,
    sources: ['leads'],
    file: 'leads.csv',
    formula: scoringAccuracy,
  },
]
