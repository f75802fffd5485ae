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
  | { readonly code: 'justification-missing'; readonly over: number }
  | { readonly code: 'discount-out-of-range' }
  | { readonly code: 'not-a-percent'; readonly text: string }
  | { readonly code: 'bad-date'; readonly text: string }
  | { readonly code: 'delegation-loop' }
  | { readonly code: 'delegate-is-self' }
  | { readonly code: 'out-of-date' }
  | { readonly code: 'too-many'; readonly seconds: number }
  | { readonly code: 'same-key-other-body' }
  | { readonly code: 'unknown-button' }
  | { readonly code: 'policy-invalid'; readonly at: string; readonly why: string }

/** What a rule answers: the next state with the facts that follow, or a refusal. Never an exception. */
export type Ruling<T, F = unknown> =
  | { readonly ok: true; readonly next: T; readonly facts: readonly F[] }
  | { readonly ok: false; readonly refusal: Refusal }
