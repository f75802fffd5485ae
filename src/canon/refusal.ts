import type { Stage } from './opportunity.ts'
import type { Role } from './people.ts'
import type { HandoffItem, HandoffKind } from './policy-handoff.ts'
import type { Asked, LossField, Missing } from './stage.ts'

/**
 * Every way the rules say no. A closed union: one code, one sentence in Korean and one in English
 * (`blocks/words`), said in one place (`blocks/refusal.ts`). The parameters are values, never sentences.
 */
export type Refusal =
  | { readonly code: 'own-request' }
  | { readonly code: 'not-your-step'; readonly waitingFor: readonly string[] }
  | { readonly code: 'approved-earlier-rung' }
  | {
      readonly code: 'already-decided-by-you'
      readonly at: number
      readonly verdict: 'approve' | 'reject' | 'counter'
    }
  | { readonly code: 'already-settled'; readonly status: string; readonly by?: string; readonly at?: number }
  | { readonly code: 'moved-on' }
  | { readonly code: 'expired'; readonly at: number }
  | { readonly code: 'deal-closed'; readonly stage: string }
  | { readonly code: 'stage-too-early'; readonly stage: string; readonly needed: string }
  | { readonly code: 'missing-approver'; readonly role: Role }
  | { readonly code: 'over-your-authority'; readonly upTo: number }
  | { readonly code: 'counter-not-lower'; readonly asked: number }
  | { readonly code: 'no-counter-open' }
  | { readonly code: 'not-the-requester' }
  | { readonly code: 'not-allowed'; readonly what: string }
  | { readonly code: 'not-found'; readonly what: string }
  | { readonly code: 'not-linked' }
  | { readonly code: 'not-bound' }
  | { readonly code: 'outsider' }
  | { readonly code: 'inactive' }
  | { readonly code: 'list-amount-missing' }
  | { readonly code: 'reason-missing' }
  /** A question or an answer without words. */
  | { readonly code: 'text-missing' }
  | { readonly code: 'justification-missing'; readonly over: number }
  | { readonly code: 'discount-out-of-range' }
  | { readonly code: 'not-a-percent'; readonly text: string }
  /** `currency` is the one the amount was expected in. */
  | { readonly code: 'not-an-amount'; readonly text: string; readonly currency: string }
  | { readonly code: 'bad-date'; readonly text: string }
  /** An absence that ends before it begins. */
  | { readonly code: 'dates-out-of-order' }
  | { readonly code: 'delegation-loop' }
  | { readonly code: 'delegate-is-self' }
  /** Somebody was named to decide who can't: not here any more, asked it themselves, no authority at `level`, or already in it. */
  | {
      readonly code: 'unfit-approver'
      readonly person: string
      readonly why: 'inactive' | 'requester' | 'authority' | 'already-involved'
      readonly level: Role
    }
  | { readonly code: 'out-of-date' }
  | { readonly code: 'too-many'; readonly seconds: number }
  | { readonly code: 'same-key-other-body' }
  | { readonly code: 'unknown-button' }
  | { readonly code: 'policy-invalid'; readonly at: string; readonly why: string }
  | StageRefusal
  | HandoffRefusal
  | RenewalRefusal

/** Why a deal does not change its stage. `allowed`: the stages it may enter now (B5.100). */
export type StageRefusal =
  | {
      readonly code: 'gates-missing'
      readonly to: Stage
      readonly missing: readonly Missing[]
      readonly allowed: readonly Stage[]
    }
  /** There is no way from one stage to the other: the same stage, or from one closed stage to another. */
  | {
      readonly code: 'no-such-move'
      readonly from: Stage
      readonly to: Stage
      readonly allowed: readonly Stage[]
    }
  | { readonly code: 'reopen-needs-manager' }
  | { readonly code: 'override-needs-manager' }
  /** A gate that nobody may override: the signed contract, the AE, why a deal was lost. */
  | { readonly code: 'never-overridden'; readonly fields: readonly Asked[] }
  /** The day by which a debt is to be paid lies not ahead. */
  | { readonly code: 'day-not-ahead'; readonly text: string }
  /** A deal is expected to close today or later. */
  | { readonly code: 'close-date-past'; readonly text: string }
  /** Evidence of a day that is still to come. */
  | { readonly code: 'day-still-ahead'; readonly field: Asked; readonly text: string }
  | {
      readonly code: 'unknown-loss-reason'
      readonly field: LossField
      readonly text: string
      /** Codes of the managed list that may be meant, nearest first. */
      readonly near: readonly string[]
    }

/** Why a handoff does not go on. */
export type HandoffRefusal =
  | { readonly code: 'handoff-items-missing'; readonly items: readonly HandoffItem[] }
  /** Nobody there who takes it by rule: somebody has to be named. */
  | { readonly code: 'no-receiver'; readonly kind: HandoffKind; readonly role: Role }
  | { readonly code: 'unfit-receiver'; readonly person: string; readonly why: 'inactive' | 'role' | 'sender' }
  | { readonly code: 'not-the-receiver'; readonly receivers: readonly string[] }
  | { readonly code: 'not-the-sender'; readonly sender: string }
  | {
      readonly code: 'handoff-not-waiting'
      readonly status: 'draft' | 'submitted' | 'returned' | 'accepted' | 'withdrawn'
    }
  /** One handoff of a kind is under way for a lead, deal or account at a time. */
  | { readonly code: 'handoff-under-way'; readonly handoff: string }
  | { readonly code: 'handoff-needs-won-deal'; readonly stage: Stage }
  | { readonly code: 'lead-not-live'; readonly status: string }
  | { readonly code: 'kickoff-first'; readonly kickoffOn?: string }
  | { readonly code: 'rating-out-of-range' }
  | { readonly code: 'no-such-milestone' }

/** Why nothing is recorded of a renewal or a QBR. Amounts are minor units. */
export type RenewalRefusal =
  | { readonly code: 'no-renewal' }
  | {
      readonly code: 'renewal-settled'
      readonly outcome: 'renewed' | 'contraction' | 'churn'
      readonly by: string
      readonly at: number
    }
  | { readonly code: 'renewal-milestone-done'; readonly by: string; readonly at: number }
  | { readonly code: 'renewal-not-later'; readonly renewalOn: string }
  | { readonly code: 'arr-missing' }
  | { readonly code: 'contraction-not-lower'; readonly amount: number; readonly currency: string }
  | { readonly code: 'renewed-is-lower'; readonly amount: number; readonly currency: string }
  | { readonly code: 'no-outcome' }
  /** The account was changed since the outcome was recorded. */
  | { readonly code: 'renewal-moved-on' }
  | { readonly code: 'qbr-still-ahead'; readonly heldOn: string }

/** What a rule answers: the next state with the facts that follow, or a refusal. Never an exception. */
export type Ruling<T, F = unknown> =
  | { readonly ok: true; readonly next: T; readonly facts: readonly F[] }
  | { readonly ok: false; readonly refusal: Refusal }

/** What reading a text or a file answers: the value, or why it can't be taken. */
export type Reading<T> =
  | { readonly ok: true; readonly next: T }
  | { readonly ok: false; readonly refusal: Refusal }

/** A refusal as a ruling or a reading. */
export const refuse = (refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal,
})
