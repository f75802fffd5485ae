import type { PlainDate } from './calendar.ts'
import { type Anomaly, anomaliesOf } from './digest-anomaly.ts'
import { type Risk, risksOf } from './digest-risk.ts'
import { type ForecastSum, forecastOf } from './forecast.ts'
import type { BasisPoints } from './money.ts'
import { whole } from './money.ts'
import {
  type Convert,
  type DealMove,
  type GivenDiscount,
  type PipelineCell,
  type PipelineDays,
  type PipelineSum,
  pipelineSum,
  type RiskRow,
  type SnapshotCell,
  type WonCell,
} from './pipeline.ts'
import type { Policy } from './policy.ts'

export type { Anomaly } from './digest-anomaly.ts'
export type { Risk, RiskReason } from './digest-risk.ts'

/** Kinds of moves in the order in which a digest tells them. */
const moveKinds = ['new', 'advanced', 'slipped', 'won', 'lost'] as const
type MoveKind = (typeof moveKinds)[number]

export interface MoveSum {
  readonly what: MoveKind
  readonly deals: number
  readonly amount: number
  /** The largest of them, by id. */
  readonly top: readonly string[]
}

/** One person's part of a team's digest. */
export interface RepLine {
  /** Absent: deals of nobody. */
  readonly person?: string
  readonly deals: number
  readonly amount: number
  readonly before?: number
  readonly weighted: number
  readonly won: number
  readonly stalled: number
  readonly slipped: number
}

interface DiscountSum {
  readonly given: number
  /** Of them in the AE's own authority. */
  readonly own: number
  /** Σ(list − price) ÷ Σ list, over those in the digest's currency. */
  readonly average?: BasisPoints
}

/**
 * All that a digest says, as numbers and ids (Canon, Digests): of a team, or of one person's deals. Amounts in minor
 * units of `currency`.
 */
export interface Digest {
  /** First and last day of the week it tells of. */
  readonly from: PlainDate
  readonly to: PlainDate
  /** The day of the snapshot it is compared with; absent where there is none yet. */
  readonly comparedOn?: PlainDate
  readonly currency: string
  /** The day of the oldest rate that amounts were converted at. */
  readonly ratesOn?: PlainDate
  readonly pipeline: PipelineSum
  readonly forecast: ForecastSum
  readonly moves: readonly MoveSum[]
  /** Stalled ÷ open deals; absent where none are open. */
  readonly stalledRate?: BasisPoints
  readonly discounts: DiscountSum
  readonly risks: readonly Risk[]
  readonly anomalies: readonly Anomaly[]
  readonly reps: readonly RepLine[]
}

/** What a digest is computed from. Nothing in it is in any order that matters. */
export interface DigestWorld {
  readonly from: PlainDate
  readonly to: PlainDate
  readonly days: PipelineDays
  readonly quarter: string
  readonly currency: string
  /** The day of the oldest rate that `convert` has used so far. */
  readonly ratesOn?: () => PlainDate | undefined
  readonly convert: Convert
  readonly target?: number
  readonly policy: Pick<Policy, 'probability' | 'nudges'>
  readonly cells: readonly PipelineCell[]
  readonly before?: readonly SnapshotCell[]
  readonly won: readonly WonCell[]
  readonly moves: readonly DealMove[]
  readonly risks: readonly RiskRow[]
  readonly discounts: readonly GivenDiscount[]
}

/** How many of the largest deals a digest names of each kind of move, and how many risks. */
const most = { moves: 3, risks: 3 } as const

/** A date moved later by less than this stays the same forecast, unless it leaves the quarter. Days. */
const slipFrom = 7

/** A deal that closes later counts as slipped from a week on, or when it leaves the quarter. */
function counts(move: DealMove, { quarterTo }: PipelineDays): boolean {
  if (move.what !== 'slipped' || move.from === undefined || move.to === undefined) return true
  if (move.from <= quarterTo && move.to > quarterTo) return true
  return Date.parse(move.to) - Date.parse(move.from) >= slipFrom * 86_400_000
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The digest of a week. Deterministic: the same record in another order gives the same digest. */
export function digestOf(world: DigestWorld): Digest {
  const { cells, before, convert, currency, days, policy, won } = world
  const worth = ({ amount }: DealMove): number =>
    amount === undefined ? 0 : (convert(amount.amount, amount.currency) ?? 0)
  const moves = world.moves.filter((move) => counts(move, days))
  const pipeline = pipelineSum(cells, before, currency, convert)
  const digest = {
    from: world.from,
    to: world.to,
    ...(before?.[0] ? { comparedOn: before[0].takenOn } : {}),
    currency,
    pipeline,
    forecast: forecastOf(
      cells,
      won,
      {
        quarter: world.quarter,
        currency,
        ...(world.target === undefined ? {} : { target: world.target }),
      },
      policy,
      convert,
    ),
    moves: moveKinds.map((what) => {
      const of = moves
        .filter((move) => move.what === what)
        .sort((a, b) => worth(b) - worth(a) || byText(a.deal, b.deal))
      return {
        what,
        deals: of.length,
        amount: of.reduce((sum, move) => sum + worth(move), 0),
        top: of.slice(0, most.moves).map(({ deal }) => deal),
      }
    }),
    ...(pipeline.deals > 0 ? { stalledRate: Math.round((pipeline.stalled * whole) / pipeline.deals) } : {}),
    discounts: discountSum(world),
    risks: risksOf(world.risks, days.today, policy, convert).slice(0, most.risks),
    anomalies: before ? anomaliesOf(cells, before, convert) : [],
    reps: repLines(world, moves),
  }
  const ratesOn = world.ratesOn?.()
  return ratesOn === undefined ? digest : { ...digest, ratesOn }
}

function discountSum({ discounts, currency }: DigestWorld): DiscountSum {
  const priced = discounts.filter(({ list }) => list.currency === currency)
  const list = priced.reduce((sum, each) => sum + each.list.amount, 0)
  const price = priced.reduce((sum, each) => sum + each.price.amount, 0)
  return {
    given: discounts.length,
    own: discounts.filter(({ ownAuthority }) => ownAuthority).length,
    ...(list > 0 ? { average: Math.round(((list - price) * whole) / list) } : {}),
  }
}

function repLines(world: DigestWorld, moves: readonly DealMove[]): RepLine[] {
  const { cells, before, convert, currency, won, policy, quarter } = world
  const owners = before?.filter(({ facet }) => facet === 'owner')
  const ids = new Set([
    ...cells.map(({ owner }) => owner ?? ''),
    ...won.map(({ owner }) => owner ?? ''),
    ...(owners ?? []).map(({ value }) => value),
  ])
  return [...ids]
    .map((id): RepLine => {
      const own = cells.filter(({ owner }) => (owner ?? '') === id)
      const then = owners?.filter(({ value }) => value === id)
      const sum = pipelineSum(own, then, currency, convert)
      const forecast = forecastOf(
        own,
        won.filter(({ owner }) => (owner ?? '') === id),
        { quarter, currency },
        policy,
        convert,
      )
      return {
        ...(id === '' ? {} : { person: id }),
        deals: sum.deals,
        amount: sum.amount,
        ...(sum.before ? { before: sum.before.amount } : {}),
        weighted: forecast.weighted,
        won: forecast.won,
        stalled: sum.stalled,
        slipped: moves.filter(({ what, owner }) => what === 'slipped' && (owner ?? '') === id).length,
      }
    })
    .sort((a, b) => b.amount - a.amount || b.won - a.won || byText(a.person ?? '', b.person ?? ''))
}

/** Whether there is nothing at all to say: no deal is open, and nothing happened. */
export const isQuiet = ({ pipeline, moves, discounts, forecast }: Digest): boolean =>
  pipeline.deals === 0 &&
  (pipeline.before?.deals ?? 0) === 0 &&
  discounts.given === 0 &&
  forecast.wonDeals === 0 &&
  moves.every(({ deals }) => deals === 0)

/** What a team needs for a whole digest and does not have. */
const teamLacks = ['channel', 'target', 'zone', 'manager'] as const
export type TeamLack = (typeof teamLacks)[number]

/** What a digest's team lacks, in the order in which it hurts; a target counts only for a team that sells. */
export function lacksOf(
  team: {
    readonly slackChannel?: string
    readonly teamsChannel?: string
    readonly quarterlyTarget?: number
    readonly timeZone?: string
    readonly manager?: string
  },
  of: { readonly places: number; readonly sells: boolean },
): TeamLack[] {
  const lacks: Record<TeamLack, boolean> = {
    channel: of.places === 0,
    target: of.sells && team.quarterlyTarget === undefined,
    zone: team.timeZone === undefined,
    manager: team.manager === undefined,
  }
  return teamLacks.filter((lack) => lacks[lack])
}
