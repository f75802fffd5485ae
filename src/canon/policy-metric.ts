import { z } from 'zod'

/** Every metric of the Canon, in the order in which it is shown (Canon, Digests, metrics, forecast). Contract: the names are typed and kept. */
export const metricIds = [
  'win-rate',
  'sales-cycle',
  'acv',
  'velocity',
  'coverage',
  'stage-conversion',
  'conversion-s1-s2',
  'conversion-s2-s3',
  'conversion-s3-s4',
  'conversion-s4-s5',
  'conversion-s5-won',
  'close-rate',
  'time-to-close',
  'average-discount',
  'discount-approval-time',
  'stalled-rate',
  'meddicc-compliance',
  'data-completeness',
  'forecast-accuracy',
  'cac',
  'activity-to-opp',
  'activities-a-day',
  'meeting-conversion',
  'response-time',
  'sql-per-month',
  'scoring-accuracy',
  'nrr',
  'grr',
  'expansion-rate',
  'cs-expansion-rate',
  'handoff-quality',
  'time-to-first-value',
  'qbr-completion',
  'territory-balance',
  'report-delivery',
  'insight-actionability',
  'tam-coverage',
  'icp-match',
  'plan-completion',
  'account-score-coverage',
] as const
export type MetricId = (typeof metricIds)[number]

/** What a metric is held to, in its own unit; `per`: the time that the numbers are for, scaled to the period shown. */
export interface Target {
  readonly from?: number
  readonly to?: number
  readonly per?: 'month' | 'quarter' | 'year'
}

/** A metric that is left out has no target. */
export type TargetPolicy = Readonly<Partial<Record<MetricId, Target | null>>>

/**
 * The Canon's own numbers. Win rate is held to the industry's plus five points, which only the company knows; average
 * discount, response time and QBRs to what the rules on discounts, nudges and health say (`targetOf`).
 */
export const targetDefaults: TargetPolicy = {
  coverage: { from: 3, to: 5 },
  'conversion-s1-s2': { from: 50 },
  'conversion-s2-s3': { from: 60 },
  'conversion-s3-s4': { from: 65 },
  'conversion-s4-s5': { from: 70 },
  'conversion-s5-won': { from: 75 },
  'close-rate': { from: 50 },
  'time-to-close': { to: 30 },
  'stalled-rate': { to: 15 },
  'meddicc-compliance': { from: 80 },
  'data-completeness': { from: 85 },
  'forecast-accuracy': { to: 15 },
  'activities-a-day': { from: 60 },
  'meeting-conversion': { from: 3, to: 5 },
  'scoring-accuracy': { from: 3 },
  nrr: { from: 110 },
  grr: { from: 90 },
  'expansion-rate': { from: 20, per: 'year' },
  'cs-expansion-rate': { from: 10, per: 'quarter' },
  'handoff-quality': { from: 4 },
  'time-to-first-value': { to: 30 },
  'territory-balance': { to: 0.3 },
  'report-delivery': { from: 100 },
  'insight-actionability': { from: 2 },
  'tam-coverage': { from: 60 },
  'icp-match': { from: 40 },
  'plan-completion': { from: 100 },
  'account-score-coverage': { from: 100 },
}

const target = z
  .strictObject({
    from: z.number().min(0).optional(),
    to: z.number().min(0).optional(),
    per: z.enum(['month', 'quarter', 'year']).optional(),
  })
  .refine((t) => t.from !== undefined || t.to !== undefined, 'a target has a “from”, a “to”, or both')
  .refine((t) => t.from === undefined || t.to === undefined || t.from <= t.to, {
    error: '“from” is not over “to”',
  })

export const targetSchema = z.partialRecord(z.enum(metricIds), target.nullable())
