import type { Activity } from './activity.ts'
import type { Instant, PlainDate } from './calendar.ts'
import type { Contact } from './contact.ts'
import type { DiscountRequest } from './discount.ts'
import type { Handoff, HandoffStatus } from './handoff.ts'
import type { Gate, GateDebt, MeddiccField, Opportunity, Stage } from './opportunity.ts'
import type { Org } from './people.ts'
import type { Policy } from './policy.ts'

/** All that the next best actions of a deal are told from. */
export interface NextActionsWorld {
  readonly now: Instant
  readonly org: Org
  readonly policy: Policy
  readonly contacts: readonly Contact[]
  /** The newest first, planned ones included. */
  readonly activities: readonly Activity[]
  readonly discount?: DiscountRequest
  readonly handoffs: readonly Handoff[]
}

/**
 * Something to do about a deal, and why: values with a code, the sentences are `blocks/words`. `risk` marks what
 * endangers the deal, the others bring it on.
 */
export type NextAction = { readonly risk: boolean } & (
  | { readonly code: 'requalify-champion'; readonly contact: string; readonly leftOn: PlainDate }
  | { readonly code: 'contact-champion'; readonly contact: string; readonly days?: number }
  | { readonly code: 'fix-close-date'; readonly closeOn: PlainDate; readonly days: number }
  | { readonly code: 'set-close-date' }
  /** No change of stage for over 30 days; from 60 on: close, revive, or push out (Canon, Nudges). */
  | { readonly code: 'stalled'; readonly days: number; readonly since: PlainDate; readonly critical: boolean }
  | { readonly code: 'pay-gate-debt'; readonly debts: readonly GateDebt[]; readonly overdue: boolean }
  | { readonly code: 'fill-gates'; readonly stage: Stage; readonly fields: readonly Gate[] }
  | { readonly code: 'answer-counter'; readonly request: string }
  | {
      readonly code: 'await-approval'
      readonly request: string
      readonly people: readonly string[]
      readonly days: number
    }
  | { readonly code: 'review-discount' }
  | {
      readonly code: 'finish-handoff'
      readonly handoff: string
      readonly status: HandoffStatus
      readonly people: readonly string[]
      readonly days: number
    }
  | { readonly code: 'schedule-kickoff'; readonly handoff: string }
  | { readonly code: 'plan-next-step'; readonly days?: number }
  | { readonly code: 'advance'; readonly to: Stage }
  | { readonly code: 'prepare-gate'; readonly to: Stage; readonly fields: readonly (Gate | MeddiccField)[] }
)

/** What to do about a deal next, the most pressing first; each says why. */
export declare function nextActions(deal: Opportunity, world: NextActionsWorld): NextAction[]
