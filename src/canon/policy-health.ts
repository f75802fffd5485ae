import { z } from 'zod'

export const healthComponents = ['adoption', 'support', 'relationship', 'sentiment', 'financial'] as const
export type HealthComponent = (typeof healthComponents)[number]

/** How an account's health is scored, and when its renewal is worked on (Canon, Account health; Renewals). */
export interface HealthPolicy {
  /** Percent each component counts; together 100. What is missing is shared out among the rest. */
  readonly weights: Readonly<Record<HealthComponent, number>>
  /** Scores from which an account is healthy, and from which it is at risk; below it is critical. */
  readonly healthyFrom: number
  readonly atRiskFrom: number
  /** Days within which an account that turned yellow needs an action plan. */
  readonly planWithinDays: number
  /** Days after which a signal is said to be old. */
  readonly signalOldAfterDays: number
  /** Target share of healthy, at-risk and critical accounts, percent. */
  readonly mix: { readonly healthy: number; readonly atRisk: number; readonly critical: number }
  /** Days before the renewal at which something is due; 0 is the day itself. Descending. */
  readonly renewalDays: readonly number[]
  /** Days after which a renewal milestone that nobody acted upon is told again. */
  readonly renewalAgainDays: number
  /** Quarters' share of accounts of a tier with a QBR, percent; a tier that is left out needs none. */
  readonly qbr: { readonly T1?: number; readonly T2?: number; readonly T3?: number }
}

/** The Canon's own numbers. */
export const healthDefaults: HealthPolicy = {
  weights: { adoption: 30, support: 20, relationship: 20, sentiment: 15, financial: 15 },
  healthyFrom: 80,
  atRiskFrom: 50,
  planWithinDays: 30,
  signalOldAfterDays: 90,
  mix: { healthy: 70, atRisk: 20, critical: 10 },
  renewalDays: [180, 90, 60, 30, 0],
  renewalAgainDays: 7,
  qbr: { T1: 100, T2: 75 },
}

const percent = z.number().min(0).max(100)
const days = z.int().min(1).max(365)

export const healthSchema = z
  .strictObject({
    weights: z
      .strictObject({
        adoption: percent,
        support: percent,
        relationship: percent,
        sentiment: percent,
        financial: percent,
      })
      .refine((w) => Math.abs(Object.values(w).reduce((sum, each) => sum + each, 0) - 100) < 0.001, {
        error: 'the weights of the five components are 100 together',
      }),
    healthyFrom: percent,
    atRiskFrom: percent,
    planWithinDays: days,
    signalOldAfterDays: days,
    mix: z.strictObject({ healthy: percent, atRisk: percent, critical: percent }),
    renewalDays: z
      .array(z.int().min(0).max(730))
      .min(1)
      .refine((all) => all.every((day, at) => at === 0 || day < all[at - 1]!), {
        error: 'the days before the renewal descend',
      })
      .refine((all) => all.at(-1) === 0, { error: 'the last is 0: the renewal itself' }),
    renewalAgainDays: days,
    qbr: z.strictObject({ T1: percent.optional(), T2: percent.optional(), T3: percent.optional() }),
  })
  .refine((h) => h.healthyFrom > h.atRiskFrom, {
    path: ['healthyFrom'],
    error: 'healthy begins above at risk',
  })
