import { type Goal, type MetricId, noSums } from './metric.ts'
import { coverage, forecastError } from './metric-figure.ts'
import { targetOf } from './metrics.ts'
import type { Period } from './period.ts'
import type { Convert, ForecastSnapshot, PipelineCell, WonCell } from './pipeline.ts'
import type { Policy } from './policy.ts'

/** From this probability on, in percent, a deal counts whole in the commit view (S5 by the Canon's own numbers). */
export const commitFrom = 80
/** From this probability on, in percent, a deal counts whole in the best case (S4 by the Canon's own numbers). */
export const bestFrom = 60

/**
 * The forecast of a quarter (Canon, Digests, metrics, forecast): amount × probability of what is expected to close in
 * it, with what is won already, against the top-down target. Minor units of `currency`.
 */
export interface ForecastSum {
  /** `2026-Q4`. */
  readonly quarter: string
  readonly currency: string
  /** Σ of the teams' targets; absent where none of them has one. */
  readonly target?: number
  readonly won: number
  readonly wonDeals: number
  /** Σ amount × probability of the deals expected to close. */
  readonly weighted: number
  /** Won, and what is about as good as won, whole. */
  readonly commit: number
  /** Won, and everything with a proposal out, whole. */
  readonly best: number
  /** The same deals whole. */
  readonly due: number
  readonly dueDeals: number
  /** All open deals, whole, whenever they are expected. */
  readonly pipeline: number
}

/** Amount × percent, rounded half up once a cell. */
const share = (amount: number, percent: number): number => Math.round((amount * percent) / 100)

/** `which`: the quarter that the cells call due, or the one after it (nothing is won in that). */
export function forecastOf(
  cells: readonly PipelineCell[],
  won: readonly WonCell[],
  of: {
    readonly quarter: string
    readonly currency: string
    readonly target?: number
    readonly which?: 'this' | 'next'
  },
  policy: Pick<Policy, 'probability'>,
  convert: Convert,
): ForecastSum {
  const next = of.which === 'next'
  const wonSum = next ? 0 : won.reduce((sum, cell) => sum + (convert(cell.amount, cell.currency) ?? 0), 0)
  let [weighted, commit, best, due, dueDeals, pipeline] = [0, 0, 0, 0, 0, 0]
  for (const cell of cells) {
    dueDeals += next ? cell.nextDeals : cell.dueDeals
    if (!cell.currency) continue
    const amount = convert(next ? cell.next : cell.due, cell.currency) ?? 0
    const percent = policy.probability[cell.stage]
    pipeline += convert(cell.amount, cell.currency) ?? 0
    due += amount
    weighted += share(amount, percent)
    if (percent >= commitFrom) commit += amount
    if (percent >= bestFrom) best += amount
  }
  return {
    quarter: of.quarter,
    currency: of.currency,
    ...(of.target === undefined ? {} : { target: of.target }),
    won: wonSum,
    wonDeals: next ? 0 : won.reduce((sum, cell) => sum + cell.deals, 0),
    weighted,
    commit: wonSum + commit,
    best: wonSum + best,
    due,
    dueDeals,
    pipeline,
  }
}

/** Won and weighted together: what the quarter is forecast to bring. */
export const forecastTotal = ({ won, weighted }: Pick<ForecastSum, 'won' | 'weighted'>): number =>
  won + weighted

/** The pipeline as a multiple of the target; absent without one. */
export const coverageOf = ({ pipeline, target = 0 }: ForecastSum): number | undefined =>
  coverage(pipeline, target)

/** What is expected this quarter as a multiple of what is still to be won; absent where nothing is left to win. */
export const coverageOfRest = ({ due, won, target = 0 }: ForecastSum): number | undefined =>
  coverage(due, target - won)

/** What a pipeline and its forecast are held to by the company's policy; a part is absent where it has no target. */
export interface PipelineTargets {
  /** Of the coverage, as a multiple (Canon, Digests: 3–5×). */
  readonly coverage?: Goal
  /** Of the stalled rate, in percent (Canon, Digests: under 15 %). */
  readonly stalled?: Goal
  /** Of the forecast's error, in percent (Canon, Digests: under 15 %). */
  readonly error?: Goal
}

/** The same targets as those of the metrics, of the quarter that is looked at. */
export function pipelineTargets(policy: Policy, quarter: Period): PipelineTargets {
  const goal = (id: MetricId) => targetOf(id, policy, quarter, noSums)
  const targets = {
    coverage: goal('coverage'),
    stalled: goal('stalled-rate'),
    error: goal('forecast-accuracy'),
  }
  return Object.fromEntries(Object.entries(targets).filter(([, target]) => target !== undefined))
}

/**
 * How much the forecast lacks to the target, and how much further pipeline would close it at the mean probability of
 * what is there now; absent where nothing is lacking or there is no target.
 */
export function gapOf(
  sum: ForecastSum,
): { readonly gap: number; readonly pipelineNeeded?: number } | undefined {
  if (sum.target === undefined) return undefined
  const gap = sum.target - forecastTotal(sum)
  if (gap <= 0) return undefined
  const rate = sum.due > 0 ? sum.weighted / sum.due : 0
  return { gap, ...(rate > 0 ? { pipelineNeeded: Math.round(gap / rate) } : {}) }
}

/** How far one number is below another, in whole percent of that; negative where it is above. */
export const missPercent = (value: number, against: number): number =>
  against === 0 ? 0 : Math.round(((against - value) * 100) / against)

/** Forecast against actual of a finished quarter, one currency (Canon: error under 15 %). */
export interface ForecastOutcome {
  readonly quarter: string
  readonly team: string
  readonly currency: string
  readonly forecast: number
  readonly actual: number
  readonly target?: number
  readonly errorPercent?: number
}

/** What the snapshots of the quarter's first day said, against what was won in it; teams in the order of the snapshots. */
export function outcomesOf(
  snapshots: readonly ForecastSnapshot[],
  actual: (team: string, currency: string) => number,
): ForecastOutcome[] {
  return snapshots.map((snapshot) => {
    const forecast = snapshot.won + snapshot.weighted
    const came = actual(snapshot.team, snapshot.currency)
    const error = forecastError(forecast, came)
    return {
      quarter: snapshot.quarter,
      team: snapshot.team,
      currency: snapshot.currency,
      forecast,
      actual: came,
      ...(snapshot.target === undefined ? {} : { target: snapshot.target }),
      ...(error === undefined ? {} : { errorPercent: Math.round(error) }),
    }
  })
}
