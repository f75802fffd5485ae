import type { Account } from './account.ts'
import { addDays, daysBetween, type Instant, type PlainDate } from './calendar.ts'
import { type HealthComponent, type HealthPolicy, healthComponents } from './policy-health.ts'

export { type HealthComponent, healthComponents } from './policy-health.ts'

/** 80–100 healthy · 50 to under 80 at risk · under 50 critical (Canon, Account health). Best first. */
export const grades = ['healthy', 'at-risk', 'critical'] as const
export type Grade = (typeof grades)[number]

/** One measurement of one component. A second one of the same component and day corrects the first. */
export interface HealthSignal {
  readonly account: string
  readonly component: HealthComponent
  /** Tenths of a point, 0–1000. */
  readonly score: number
  /** A day of the company's zone, never one to come. */
  readonly measuredOn: PlainDate
  readonly recordedAt: Instant
  /** Person id, a token, or `import`. */
  readonly by: string
  readonly door: 'slack' | 'teams' | 'import' | 'api'
}

/** What one component contributes to a score. */
export interface HealthPart {
  readonly component: HealthComponent
  /** Tenths of a point. */
  readonly score: number
  /** The share it counts with after what is missing was shared out; tenths of a percent, 1000 together. */
  readonly share: number
  readonly measuredOn: PlainDate
  readonly ageDays: number
  readonly old: boolean
}

/** An account's health as its signals say it on one day. */
export interface HealthReading {
  /** Tenths of a point, 0–1000; absent where nothing that counts was measured. */
  readonly score?: number
  readonly grade?: Grade
  /** In the order of the components. */
  readonly parts: readonly HealthPart[]
  readonly missing: readonly HealthComponent[]
}

/** The health of an account as it is kept: what the last computation found. */
export interface AccountHealth {
  readonly account: string
  readonly version: number
  /** Tenths of a point, 0–1000. */
  readonly score: number
  readonly grade: Grade
  /** The day the grade was entered, and what was before it; no grade before: the first score. */
  readonly since: PlainDate
  readonly before?: { readonly grade: Grade; readonly score: number }
  readonly computedAt: Instant
  /** The weights and borders it was computed under (`scoringRules`). */
  readonly rules: string
}

/** One line of an account's history: its grade changed. */
export interface GradeChange {
  readonly account: string
  readonly at: Instant
  readonly on: PlainDate
  readonly from?: Grade
  readonly to: Grade
  readonly score: number
  readonly scoreBefore?: number
}

type Latest = ReadonlyMap<HealthComponent, HealthSignal>

/** The newest signal of each component as of a day; of one day the one recorded last. */
function latestSignals(signals: Iterable<HealthSignal>, on: PlainDate): Latest {
  const latest = new Map<HealthComponent, HealthSignal>()
  for (const signal of signals) {
    if (signal.measuredOn > on) continue
    const known = latest.get(signal.component)
    const newer =
      !known ||
      signal.measuredOn > known.measuredOn ||
      (signal.measuredOn === known.measuredOn && signal.recordedAt > known.recordedAt)
    if (newer) latest.set(signal.component, signal)
  }
  return latest
}

/** Weights are written with up to three decimals; whole numbers keep the sums exact. */
const exact = (weight: number): number => Math.round(weight * 1_000)

/**
 * The score: each component by its weight, the weights of what is missing shared out among the rest in proportion
 * (Canon, Account health). It is cut to a tenth, never rounded up, so that what is shown and what is graded are one
 * number: 79.95 is 79.9, and at risk.
 */
export function readHealth(
  signals: Iterable<HealthSignal>,
  policy: HealthPolicy,
  today: PlainDate,
): HealthReading {
  const latest = latestSignals(signals, today)
  const missing = healthComponents.filter((component) => !latest.has(component))
  const known = healthComponents.flatMap((component) => latest.get(component) ?? [])
  const weights = known.map(({ component }) => exact(policy.weights[component]))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = sharesOf(weights, total)
  const parts = known.map((signal, at): HealthPart => {
    const ageDays = daysBetween(signal.measuredOn, today)
    const { component, score, measuredOn } = signal
    return {
      component,
      score,
      share: shares[at]!,
      measuredOn,
      ageDays,
      old: ageDays > policy.signalOldAfterDays,
    }
  })
  if (total === 0) return { parts, missing }
  const sum = known.reduce((all, { score }, at) => all + score * weights[at]!, 0)
  const score = Math.floor(sum / total)
  return { score, grade: gradeOf(score, policy), parts, missing }
}

/** Tenths of a percent that add up to 1000: what is left by cutting goes to those who lost most by it. */
function sharesOf(weights: readonly number[], total: number): number[] {
  if (total === 0) return weights.map(() => 0)
  const shares = weights.map((weight) => Math.floor((weight * 1_000) / total))
  const left = 1_000 - shares.reduce((sum, share) => sum + share, 0)
  const byLoss = weights
    .map((weight, at) => ({ at, lost: (weight * 1_000) % total }))
    .sort((a, b) => b.lost - a.lost || a.at - b.at)
  for (const { at } of byLoss.slice(0, left)) shares[at]! += 1
  return shares
}

/** The part of the policy that a score depends on, as a mark: when it is another, every account is computed anew. */
export const scoringRules = ({ weights, healthyFrom, atRiskFrom }: HealthPolicy): string =>
  `${healthComponents.map((component) => weights[component]).join('/')} ${healthyFrom} ${atRiskFrom}`

/** The grade of a score in tenths of a point. */
export const gradeOf = (score: number, policy: Pick<HealthPolicy, 'healthyFrom' | 'atRiskFrom'>): Grade =>
  score >= policy.healthyFrom * 10 ? 'healthy' : score >= policy.atRiskFrom * 10 ? 'at-risk' : 'critical'

/** The score as it was at the end of each of these days; `null`: nothing was measured by then. Tenths of a point. */
export const scoresOver = (
  signals: readonly HealthSignal[],
  days: readonly PlainDate[],
  policy: HealthPolicy,
): readonly (number | null)[] => days.map((day) => readHealth(signals, policy, day).score ?? null)

/**
 * What a new computation makes of an account's health: `undefined` where it says nothing new or there is no score.
 * `change` is there when the grade is another one, or the first.
 */
export function reassess(
  before: AccountHealth | undefined,
  reading: HealthReading,
  account: string,
  now: { readonly at: Instant; readonly today: PlainDate; readonly rules: string },
): { readonly next: AccountHealth; readonly change?: GradeChange } | undefined {
  const { score, grade } = reading
  if (score === undefined || grade === undefined) return undefined
  if (before?.score === score && before.grade === grade && before.rules === now.rules) return undefined
  const moved = before?.grade !== grade
  const last = moved ? before && { grade: before.grade, score: before.score } : before?.before
  const next: AccountHealth = {
    account,
    version: (before?.version ?? 0) + 1,
    score,
    grade,
    since: moved || !before ? now.today : before.since,
    ...(last ? { before: last } : {}),
    computedAt: now.at,
    rules: now.rules,
  }
  if (!moved) return { next }
  return {
    next,
    change: {
      account,
      at: now.at,
      on: now.today,
      to: grade,
      score,
      ...(before ? { from: before.grade, scoreBefore: before.score } : {}),
    },
  }
}

// ── growth ───────────────────────────────────────────────────────────────────

/** Days that a reading must lie back to count as “a quarter ago”, and within which the newest one is news. */
const quarterDays = 90
const freshDays = 30

export interface Growth {
  readonly before: number
  readonly now: number
  readonly on: PlainDate
}

/**
 * How a component has developed: the newest reading beside the one a quarter before it, or the oldest there is. In
 * points, as people know them. `told`: the highest reading somebody was told of; growth counts from there.
 */
export function growthOf(
  signals: readonly HealthSignal[],
  component: HealthComponent,
  today: PlainDate,
  told?: number,
): Growth | undefined {
  const mine = signals
    .filter((signal) => signal.component === component && signal.measuredOn <= today)
    .sort((a, b) => (a.measuredOn < b.measuredOn ? 1 : a.measuredOn > b.measuredOn ? -1 : 0))
  const newest = mine[0]
  if (!newest || mine.length < 2 || daysBetween(newest.measuredOn, today) > freshDays) return undefined
  const ago = addDays(newest.measuredOn, -quarterDays)
  const base = mine.find(({ measuredOn }) => measuredOn <= ago) ?? mine.at(-1)!
  const before = Math.max(base.score / 10, told ?? 0)
  return { before, now: newest.score / 10, on: newest.measuredOn }
}

/** Of an account, what says who works on its health. */
export type HealthAccount = Pick<Account, 'id' | 'csm' | 'ae' | 'executiveSponsor'>
