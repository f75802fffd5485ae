import type { Instant, PlainDate } from './calendar.ts'
import type { BasisPoints, Money } from './money.ts'
import type { Opportunity, Stage } from './opportunity.ts'
import type { Org, Role } from './people.ts'
import type { Group, Policy } from './policy.ts'

export type Platform = 'slack' | 'teams' | 'system'

export type DiscountStatus =
  | 'pending'
  | 'countered' // open
  | 'approved'
  | 'rejected'
  | 'withdrawn'
  | 'expired'
  | 'voided'
  | 'superseded' // settled

export interface Decision {
  readonly verdict: 'approve' | 'reject' | 'counter'
  readonly by: string
  /** The person whose step it is, when a delegate (대결) or a manager decided in their place. */
  readonly for?: string
  readonly at: Instant
  readonly platform: Platform
  /** The discount that this verdict speaks of. */
  readonly discount: BasisPoints
  /** Given to the discount before an accepted counter, and kept (Canon, counter). */
  readonly kept?: boolean
  readonly note?: string
}

export interface Step {
  /** Steps of one `order` are open at the same time; the next order opens when all of this one are done. */
  readonly order: number
  readonly kind: 'rung' | 'agreement' | 'copy'
  /** The level of a rung; for an agreement or copy the rung it stands beside. */
  readonly level: Role
  /** The levels this rung covers: more than one when the same person held several and they merged upwards. */
  readonly covers: readonly Role[]
  /** A rung has one person, a group several. */
  readonly people: readonly string[]
  /** Of an agreement or copy: the group it was made from, read again at the click, and the discount over which it applies. */
  readonly group?: Group
  readonly over?: BasisPoints
  readonly need: 'any' | 'all' | { readonly atLeast: number }
  readonly state: 'waiting' | 'open' | 'done' | 'refused' | 'not-needed' | 'copied'
  readonly decisions: readonly Decision[]
  /** After escalation: who may decide as well, within their own authority. */
  readonly alsoMayDecide: readonly string[]
  readonly openedAt?: Instant
  readonly remindedAt?: Instant
  readonly escalatedAt?: Instant
}

export interface Remark {
  readonly id: string
  readonly at: Instant
  readonly by: string
  readonly kind: 'question' | 'answer'
  readonly text: string
  readonly platform: Platform
}

export interface Counter {
  readonly discount: BasisPoints
  readonly price: Money
  readonly by: string
  readonly for?: string
  readonly at: Instant
  /** `order` of the step it was made in. */
  readonly order: number
  readonly level: Role
  /** Index of that step in `steps`: beside a rung there may be agreements of the same order and level. */
  readonly step?: number
  readonly platform?: Platform
  readonly note?: string
}

/** One request for a discount, from the first click to its end (Canon, Discount approval). */
export interface DiscountRequest {
  readonly id: string
  readonly deal: string
  readonly requester: string
  readonly version: number
  readonly status: DiscountStatus
  /** Off `list`, total. After an accepted counter: the countered discount; `asked` keeps the first. */
  readonly discount: BasisPoints
  readonly asked: BasisPoints
  readonly list: Money
  readonly price: Money
  readonly stage: Stage
  readonly amount?: Money
  readonly reason: string
  readonly competitor?: string
  readonly neededBy?: PlainDate
  readonly justification?: string
  readonly policyVersion: number
  readonly openedAt: Instant
  readonly expiresAt: Instant
  readonly settledAt?: Instant
  readonly settledBy?: string
  /** Why it ended: the rejecter's reason, the requester's on withdrawal, or a code (`amount-changed`, …). */
  readonly settledWhy?: string
  readonly steps: readonly Step[]
  readonly counter?: Counter
  readonly conversation: readonly Remark[]
  /** Something about the deal moved under the request that voids nothing but must be seen (stage, owner). */
  readonly notices: readonly {
    readonly at: Instant
    /** `missing-approver`: an approver is gone and nobody above can take the step; Sales Ops can reassign it. */
    readonly code: 'stage-changed' | 'requester-left' | 'rerouted' | 'missing-approver'
    readonly detail?: string
  }[]
}

/** What the rules say has happened; the audit and the deliveries are made from these. */
export type DiscountFact =
  | { readonly fact: 'requested' }
  | { readonly fact: 'took-effect' } // within the requester's own authority
  | { readonly fact: 'step-opened'; readonly order: number; readonly people: readonly string[] }
  | { readonly fact: 'step-approved'; readonly order: number; readonly by: string; readonly for?: string }
  | { readonly fact: 'approved' }
  | { readonly fact: 'rejected'; readonly by: string; readonly for?: string }
  | { readonly fact: 'asked' | 'answered'; readonly remark: Remark }
  | { readonly fact: 'countered' | 'counter-accepted' | 'counter-declined'; readonly by: string }
  | { readonly fact: 'withdrawn'; readonly by: string }
  | {
      readonly fact: 'reassigned' | 'rerouted'
      readonly order: number
      readonly from: string
      readonly to: string
    }
  /** `escalated` with nobody in `people`: there is no delegate and nobody above; Sales Ops should know. */
  | { readonly fact: 'reminded' | 'escalated'; readonly order: number; readonly people: readonly string[] }
  | { readonly fact: 'expired' }
  | { readonly fact: 'voided'; readonly why: string }
  | { readonly fact: 'superseded'; readonly byRequest: string }
  | { readonly fact: 'noticed'; readonly code: string }

/** All a ruling may look at. `deal` is the deal as it stands now. */
export interface DiscountWorld {
  readonly now: Instant
  readonly org: Org
  /** The policy of the version the request was made under (of today's version for a new request). */
  readonly policy: Policy
  readonly deal: Opportunity
}

export interface DiscountAsk {
  readonly id: string
  readonly requester: string
  readonly discount: BasisPoints
  /** Typed in the form where the deal has none. */
  readonly listAmount?: Money
  readonly reason: string
  readonly competitor?: string
  readonly neededBy?: PlainDate
  readonly justification?: string
}

/**
 * A gesture of a person on a request. `by` is who clicked, read from the verified gesture. `step` is the order the
 * card asked about, where it is known: it only chooses between two sentences of refusal for a second click.
 */
export type DiscountAct = { readonly by: string; readonly platform: Platform } & (
  | { readonly act: 'approve'; readonly note?: string; readonly step?: number }
  | { readonly act: 'reject'; readonly reason: string; readonly step?: number }
  | {
      readonly act: 'counter'
      readonly discount: BasisPoints
      readonly note?: string
      readonly step?: number
    }
  | { readonly act: 'ask'; readonly remarkId: string; readonly text: string }
  | { readonly act: 'answer'; readonly remarkId: string; readonly text: string }
  | { readonly act: 'accept-counter' }
  | { readonly act: 'decline-counter' }
  | { readonly act: 'withdraw'; readonly reason?: string }
  | { readonly act: 'reassign'; readonly order: number; readonly from: string; readonly to: string }
)

/** Who will have to approve, before anything is asked: the live preview of the form. */
export interface RoutePreview {
  readonly ownAuthority: boolean
  readonly steps: readonly Step[]
  readonly price?: Money
  readonly justificationNeeded: boolean
}

export { mayDecide, waitingOn } from './discount-authority.ts'
export { dealChanged, isSettled, open, supersede } from './discount-life.ts'
export { route } from './discount-route.ts'
export { rule } from './discount-rule.ts'
export { nextDueAt, tick } from './discount-time.ts'
