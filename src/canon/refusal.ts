import type { Role } from './people.ts'

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
