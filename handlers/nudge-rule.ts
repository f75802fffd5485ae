import type { WordKey } from '../blocks/words/index.ts'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import type { Because, Finding, NudgeKind, NudgeSubject } from '../src/canon/nudge.ts'
import type { Org } from '../src/canon/people.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { Store } from '../src/ports.ts'

/** What a rule has before it: the record of one company as of now. */
export interface RuleDesk {
  readonly store: Store
  readonly company: string
  readonly org: Org
  readonly policy: Policy
  readonly now: Instant
  /** The day it is in the company's zone. */
  readonly today: PlainDate
}

/** One button of a nudge: what to do about it, in place. `on` is the record it acts upon. */
export interface NudgeAction {
  /** A registered button: `deal.open`, `stage.open`, `renewal.record`, … */
  readonly action: string
  readonly on: NudgeSubject
  /** What the button says, where it is not what it always says (blocks/nudge.ts). */
  readonly label?: WordKey
}

/**
 * A rule of one kind of nudge. It reads the record through the store and decides by pure rules of the canon; what is
 * told to whom, how often, and what is kept, is the run's (schedules/nudge-run.ts).
 */
export interface NudgeRule {
  readonly kind: NudgeKind
  /**
   * Every cause there is now, in any order and as a stream: there may be hundreds of thousands, of which a day's budget
   * is told. A nudge that stands and whose subject is not among them has lost its cause.
   */
  find(desk: RuleDesk): AsyncIterable<Finding>
  /** Whether the cause of one subject still holds, when a card is drawn or a nudge would climb; the reason as it is now. */
  still(subject: NudgeSubject, cycle: string, desk: RuleDesk): Promise<Because | undefined>
  /** What the person can do in place, the next best action first; at most three. */
  actions(subject: NudgeSubject, because: Because): readonly NudgeAction[]
}
