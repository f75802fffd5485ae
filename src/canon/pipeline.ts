import type { PlainDate } from './calendar.ts'
import type { Money } from './money.ts'
import type { Channel, openStages, Tier } from './opportunity.ts'

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

export const facets = ['owner', 'tier', 'channel'] as const
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
