import type { PlainDate } from './calendar.ts'
import { type DatedRate, exchanged, type Money, rateBetween } from './money.ts'
import { type Channel, openStages, type Tier } from './opportunity.ts'

export type OpenStage = (typeof openStages)[number]

/** Days that a reading of the pipeline looks at, in the company's zone. */
export interface PipelineDays {
  readonly today: PlainDate
  /** Last day of the quarter, and of the one after it. */
  readonly quarterTo: PlainDate
  readonly nextTo: PlainDate
  /** A deal that entered its stage before this day is stalled (policy.nudges.stalledAfterDays). */
  readonly stalledBefore: PlainDate
}

/** Open deals of one owner that are alike in stage, currency, tier and channel, added up. Amounts in minor units. */
export interface PipelineCell {
  readonly owner?: string
  readonly stage: OpenStage
  /** Absent where the deals have no amount. */
  readonly currency?: string
  readonly tier?: Tier
  readonly channel?: Channel
  /** Only where it was asked for. */
  readonly product?: string
  readonly industry?: string
  readonly deals: number
  readonly amount: number
  /** Expected to close by the end of the quarter, those whose day has passed among them. */
  readonly dueDeals: number
  readonly due: number
  /** Expected to close in the quarter after it. */
  readonly nextDeals: number
  readonly next: number
  /** Deals whose expected close has passed. */
  readonly overdue: number
  /** Deals without an expected close: in the pipeline, in no forecast. */
  readonly undated: number
  readonly stalled: number
}

const facets = ['owner', 'tier', 'channel'] as const
export type Facet = (typeof facets)[number]

/** One number of a snapshot: open deals of a team on a day, by stage and currency, along one facet. */
export interface SnapshotCell {
  readonly takenOn: PlainDate
  /** `''`: deals whose owner is in no team, or that have none. */
  readonly team: string
  readonly facet: Facet
  /** The person, tier or channel; `''` where there is none. */
  readonly value: string
  readonly stage: OpenStage
  /** `''` where the deals have no amount. */
  readonly currency: string
  readonly deals: number
  readonly amount: number
}

/** Something that happened to a deal in a period. */
export interface DealMove {
  readonly what: 'new' | 'advanced' | 'back' | 'slipped' | 'pulled-in' | 'won' | 'lost'
  readonly deal: string
  readonly owner?: string
  readonly amount?: Money
  /** Of the stage or the expected close. */
  readonly from?: string
  readonly to?: string
  readonly lossReason?: string
}

/** Won deals of an owner in a period. A deal without a price of ours was sold at its amount. */
export interface WonCell {
  readonly owner?: string
  readonly currency: string
  readonly deals: number
  readonly amount: number
}

/** An open deal that may be at risk: as much of it as the rules look at. */
export interface RiskRow {
  readonly deal: string
  readonly owner?: string
  readonly stage: OpenStage
  readonly amount?: Money
  readonly stageEnteredOn?: PlainDate
  readonly expectedCloseOn?: PlainDate
  readonly debtUntil?: PlainDate
  /** How often and how far, in days, its close was moved later in the last 90 days. */
  readonly slips: number
  readonly slippedDays: number
}

/** A discount that was approved, by a ladder or in the requester's own authority. */
export interface GivenDiscount {
  readonly request: string
  readonly deal: string
  readonly requester: string
  readonly owner?: string
  /** Basis points. */
  readonly discount: number
  readonly list: Money
  readonly price: Money
  readonly ownAuthority: boolean
}

/** What the forecast of a team said when it was taken; money in minor units of `currency`. */
export interface ForecastSnapshot {
  /** `2026-Q4`. */
  readonly quarter: string
  /** `''`: deals of nobody's team. */
  readonly team: string
  readonly currency: string
  readonly takenAt: number
  readonly weighted: number
  readonly commit: number
  readonly best: number
  readonly pipeline: number
  readonly won: number
  /** Of the team then, where it is in this currency. */
  readonly target?: number
}

/** Closed deals of a period alike in everything a win/loss analysis looks at. */
export interface ClosedCell {
  readonly owner?: string
  readonly stage: 'CW' | 'CL'
  readonly currency?: string
  readonly lossReason?: string
  readonly competitor?: string
  /** The stage it was lost from, where the history says. */
  readonly lostFrom?: string
  readonly tier?: Tier
  readonly channel?: Channel
  readonly deals: number
  readonly amount: number
}

// ── sums ─────────────────────────────────────────────────────────────────────

/** An amount of a currency in the currency that sums are shown in; `undefined` where no rate joins them. */
export type Convert = (amount: number, currency: string) => number | undefined

/** Turns amounts into one currency by these rates; says which day the oldest rate it has used is of. */
export function converterTo(
  currency: string,
  rates: readonly DatedRate[],
): { readonly convert: Convert; readonly ratesOn: () => PlainDate | undefined } {
  const known = new Map<string, ReturnType<typeof rateBetween>>()
  let oldest: PlainDate | undefined
  return {
    convert: (amount, from) => {
      if (from === currency) return amount
      if (!known.has(from)) known.set(from, rateBetween(rates, from, currency))
      const found = known.get(from)
      if (!found) return undefined
      if (oldest === undefined || found.on < oldest) oldest = found.on
      return exchanged({ amount, currency: from }, currency, found.rate).amount
    },
    ratesOn: () => oldest,
  }
}

/** Open deals in one stage; `before`: a week ago, where that was kept. Amounts in the currency of the whole. */
interface StageSum {
  readonly stage: OpenStage
  readonly deals: number
  readonly amount: number
  readonly before?: { readonly deals: number; readonly amount: number }
}

/** Open deals by stage. The stages add up to the whole, and the currencies count every deal that has an amount. */
export interface PipelineSum {
  readonly currency: string
  readonly deals: number
  readonly amount: number
  readonly before?: { readonly deals: number; readonly amount: number }
  /** Every stage, S1 first, also where nothing is. */
  readonly stages: readonly StageSum[]
  /** What is in each currency, as it is; more than one only where there are several. */
  readonly currencies: readonly {
    readonly currency: string
    readonly deals: number
    readonly amount: number
  }[]
  /** Currencies that no rate joins: their deals are counted, their amounts are in no sum. */
  readonly apart: readonly string[]
  readonly stalled: number
  readonly overdue: number
  readonly undated: number
}

interface Counted {
  readonly deals: number
  readonly amount: number
  readonly currency?: string
}

const addUp = (rows: readonly Counted[], convert: Convert): { deals: number; amount: number } => {
  let deals = 0
  let amount = 0
  for (const row of rows) {
    deals += row.deals
    if (row.currency) amount += convert(row.amount, row.currency) ?? 0
  }
  return { deals, amount }
}

const sumOf = <T>(rows: readonly T[], value: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + value(row), 0)

/** The pipeline of the given cells; `snapshot`: what it is compared with, of which the owner facet counts. */
export function pipelineSum(
  cells: readonly PipelineCell[],
  snapshot: readonly SnapshotCell[] | undefined,
  currency: string,
  convert: Convert,
): PipelineSum {
  const before = snapshot?.filter(({ facet }) => facet === 'owner')
  const stages = openStages.map((stage): StageSum => {
    const here = addUp(
      cells.filter((cell) => cell.stage === stage),
      convert,
    )
    const then = before?.filter((cell) => cell.stage === stage)
    return { stage, ...here, ...(then ? { before: addUp(then, convert) } : {}) }
  })
  const byCurrency = new Map<string, { deals: number; amount: number }>()
  for (const cell of cells) {
    if (!cell.currency) continue
    const sum = byCurrency.get(cell.currency) ?? { deals: 0, amount: 0 }
    byCurrency.set(cell.currency, { deals: sum.deals + cell.deals, amount: sum.amount + cell.amount })
  }
  const currencies = [...byCurrency]
    .map(([code, sum]) => ({ currency: code, ...sum }))
    .sort(
      (a, b) =>
        Number(b.currency === currency) - Number(a.currency === currency) ||
        (a.currency < b.currency ? -1 : 1),
    )
  return {
    currency,
    deals: sumOf(stages, ({ deals }) => deals),
    amount: sumOf(stages, ({ amount }) => amount),
    ...(before
      ? {
          before: {
            deals: sumOf(stages, (each) => each.before?.deals ?? 0),
            amount: sumOf(stages, (each) => each.before?.amount ?? 0),
          },
        }
      : {}),
    stages,
    currencies,
    apart: currencies.map((each) => each.currency).filter((code) => convert(1, code) === undefined),
    stalled: sumOf(cells, ({ stalled }) => stalled),
    overdue: sumOf(cells, ({ overdue }) => overdue),
    undated: sumOf(cells, ({ undated }) => undated),
  }
}

/** What to break the pipeline down by. */
export const breakdowns = ['stage', 'rep', 'tier', 'channel', 'product', 'industry'] as const
export type Breakdown = (typeof breakdowns)[number]

/** One part of a pipeline; `key` is `''` where the record says nothing. */
export interface PartSum {
  readonly key: string
  readonly deals: number
  readonly amount: number
  readonly due: number
  readonly before?: { readonly deals: number; readonly amount: number }
}

const keyOf: Readonly<Record<Breakdown, (cell: PipelineCell) => string>> = {
  stage: ({ stage }) => stage,
  rep: ({ owner }) => owner ?? '',
  tier: ({ tier }) => tier ?? '',
  channel: ({ channel }) => channel ?? '',
  product: ({ product }) => product ?? '',
  industry: ({ industry }) => industry ?? '',
}

const facetOf: Readonly<Partial<Record<Breakdown, Facet>>> = {
  rep: 'owner',
  tier: 'tier',
  channel: 'channel',
}

/** The pipeline in parts, the largest first; stages in their order. */
export function pipelineParts(
  cells: readonly PipelineCell[],
  before: readonly SnapshotCell[] | undefined,
  by: Breakdown,
  convert: Convert,
): PartSum[] {
  const facet = facetOf[by]
  const then =
    by === 'stage'
      ? before?.filter((cell) => cell.facet === 'owner')
      : before?.filter((cell) => cell.facet === facet)
  const compared =
    then !== undefined && (by === 'stage' || facet !== undefined) && (then.length > 0 || before?.length === 0)
  const thenKey = (cell: SnapshotCell) => (by === 'stage' ? cell.stage : cell.value)
  const keys = new Set([...cells.map(keyOf[by]), ...(compared ? then.map(thenKey) : [])])
  const parts = [...keys].map((key): PartSum => {
    const here = cells.filter((cell) => keyOf[by](cell) === key)
    return {
      key,
      ...addUp(here, convert),
      due: sumOf(here, (cell) => (cell.currency ? (convert(cell.due, cell.currency) ?? 0) : 0)),
      ...(compared
        ? {
            before: addUp(
              then.filter((cell) => thenKey(cell) === key),
              convert,
            ),
          }
        : {}),
    }
  })
  return parts.sort((a, b) =>
    by === 'stage'
      ? a.key < b.key
        ? -1
        : 1
      : b.amount - a.amount || b.deals - a.deals || (a.key < b.key ? -1 : 1),
  )
}

/** What a snapshot keeps of the cells of one team: by owner, tier and channel. */
export function snapshotOf(team: string, takenOn: PlainDate, cells: readonly PipelineCell[]): SnapshotCell[] {
  const sums = new Map<string, SnapshotCell>()
  for (const facet of facets)
    for (const cell of cells) {
      const value = (facet === 'owner' ? cell.owner : facet === 'tier' ? cell.tier : cell.channel) ?? ''
      const currency = cell.currency ?? ''
      const key = JSON.stringify([facet, value, cell.stage, currency])
      const before = sums.get(key)
      sums.set(key, {
        takenOn,
        team,
        facet,
        value,
        stage: cell.stage,
        currency,
        deals: (before?.deals ?? 0) + cell.deals,
        amount: (before?.amount ?? 0) + cell.amount,
      })
    }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell)
}
