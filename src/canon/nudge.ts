import type { Instant, PlainDate } from './calendar.ts'
import type { Gate, Stage } from './opportunity.ts'
import type { NudgeKind } from './policy-nudge.ts'

export { type NudgeKind, nudgeKinds } from './policy-nudge.ts'

/** What a nudge is about. */
export type NudgeSubject = {
  readonly noun: 'deal' | 'account' | 'lead' | 'person' | 'team' | 'company'
  readonly id: string
}

/** Why a nudge fired, in values; its sentence is in blocks/words. One member a kind. */
export type Because =
  | {
      readonly kind: 'stalled'
      readonly stage: Stage
      readonly since: PlainDate
      readonly days: number
      readonly risk: boolean
    }
  | { readonly kind: 'close-date-past'; readonly closeOn: PlainDate; readonly days: number }
  /** `days` is absent where nobody ever spoke with them. */
  | { readonly kind: 'champion-silent'; readonly contact: string; readonly days?: number }
  | { readonly kind: 'champion-left'; readonly contact: string; readonly leftOn: PlainDate }
  | { readonly kind: 'meddicc-gap'; readonly stage: Stage; readonly fields: readonly Gate[] }
  | {
      readonly kind: 'gate-debt'
      readonly gates: readonly Gate[]
      readonly until: PlainDate
      readonly overdue: boolean
    }
  | { readonly kind: 'hygiene'; readonly loggedLate: number; readonly staleContacts: number }
  | { readonly kind: 'lead-response'; readonly arrivedAt: Instant; readonly minutes: number }
  /** Score in tenths: 478 is 47.8. */
  | {
      readonly kind: 'health-red'
      readonly score: number
      readonly before?: number
      readonly since: PlainDate
    }
  | {
      readonly kind: 'health-yellow'
      readonly score: number
      readonly since: PlainDate
      readonly dueOn: PlainDate
    }
  /** `milestone`: days before the renewal, 180 … 0; `again`: it was told a week ago or more. */
  | {
      readonly kind: 'renewal'
      readonly renewalOn: PlainDate
      readonly milestone: number
      readonly daysLeft: number
      readonly again: boolean
      readonly score?: number
    }
  | {
      readonly kind: 'qbr-due'
      readonly quarter: string
      readonly dueOn: PlainDate
      readonly lastHeldOn?: PlainDate
    }
  /** Whole percents: how far the forecast is from the target or the actual. */
  | {
      readonly kind: 'forecast-miss'
      readonly quarter: string
      readonly percent: number
      readonly against: 'target' | 'actual'
    }

/**
 * A cause that a rule found, before the rules against fatigue: a value, nothing is kept of it yet. `kind` and `subject`
 * name the cause; `cycle` changes when the same cause may be told again (a week, a quarter, the day a stage was entered).
 */
export interface Finding {
  readonly kind: NudgeKind
  readonly subject: NudgeSubject
  readonly cycle: string
  /** Person id of who is to act: hears first, and whose manager hears next. */
  readonly owner: string
  /** Others who are told at once, beside the owner (the manager of a stalled deal, the CS Manager of a red account). */
  readonly alsoTell?: readonly string[]
  /**
   * Told in the channel of this team instead of the owner's DM (Canon, places); somebody who prefers a DM, or whose
   * team has no channel, gets one.
   */
  readonly channelOf?: string
  readonly because: Because
  /** Outside the daily budget: told at once, next working moment at the latest. */
  readonly urgent?: boolean
  /** What is told first when there is more than the day's budget: higher first. */
  readonly weight: number
}
