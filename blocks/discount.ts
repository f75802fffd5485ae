import type { Instant } from '../src/canon/calendar.ts'
import type { DiscountRequest, Step } from '../src/canon/discount.ts'
import type { BasisPoints, Money } from '../src/canon/money.ts'
import type { Opportunity } from '../src/canon/opportunity.ts'
import type { DiscountStats } from '../src/ports.ts'
import type { Option } from './form.ts'

/** Names by person id, for the people a card speaks of. */
export type Names = Readonly<Record<string, string>>

/** All that the cards of one request are drawn from. */
export interface DiscountBrief {
  readonly request: DiscountRequest
  readonly deal: Opportunity
  readonly names: Names
  readonly timeZone: string
  readonly now: Instant
  /** Who looks: decides (a live step of theirs), asked, took part, or is copied. */
  readonly viewer: 'approver' | 'requester' | 'participant' | 'copied'
  /** May act in place of somebody: shown as "you decide for …". */
  readonly standsInFor?: string
  readonly drawing: string
  /** Empty for viewers who may not act. */
  readonly actions: readonly (
    | 'approve'
    | 'reject'
    | 'counter'
    | 'ask'
    | 'answer'
    | 'accept-counter'
    | 'decline-counter'
    | 'withdraw'
    | 'reassign'
  )[]
  /** The numbers a decision needs; absent on the cards of those who do not decide. */
  readonly numbers?: {
    readonly requesterAverage: DiscountStats
    readonly averageTarget: BasisPoints
    readonly similarWon: DiscountStats
    readonly meddicc: { readonly known: number; readonly of: number; readonly missing: readonly string[] }
    /** (price − amount now) × probability of the stage. */
    readonly forecastEffect?: Money
    readonly probability: number
  }
}

/** What the form of `/approve-discount` is drawn from, at every change. */
export interface DiscountFormState {
  readonly drawing: string
  readonly deal?: Opportunity
  readonly dealOption?: Option
  readonly discountText?: string
  readonly listAmountText?: string
  readonly currency: string
  readonly reason?: string
  readonly competitor?: string
  readonly neededBy?: string
  readonly justification?: string
  readonly justificationNeeded: boolean
  readonly listAmountNeeded: boolean
  /** The preview, once deal and discount are known. */
  readonly preview?: {
    readonly ownAuthority: boolean
    readonly steps: readonly Step[]
    readonly names: Names
    readonly price?: Money
    readonly list?: Money
    readonly requesterAverage: DiscountStats
    readonly averageAfter?: BasisPoints
    readonly averageTarget: BasisPoints
    readonly supersedes?: { readonly discount: BasisPoints; readonly openedAt: Instant }
  }
  /** Why this deal and discount could not be asked for, in one sentence, before anything is typed in vain. */
  readonly obstacle?: string
  readonly timeZone: string
}
