import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import type { NudgeKind } from '../src/canon/nudge.ts'
import type { SlotDays } from '../src/canon/slot.ts'
import type { Store } from '../src/ports.ts'

/** What a run has before it: the record, the business time it is run for, and which slot it is. */
export interface ScheduleDesk {
  readonly store: Store
  readonly now: Instant
  /** Only this company, when given; always given where the schedule keeps local time. */
  readonly company?: string
  /** Only the teams that live in this zone, where the schedule keeps the teams' time. */
  readonly zone?: string
  /** The local day of the slot, where the schedule keeps local time. */
  readonly slot?: PlainDate
  /** Rules and reports, commits nothing. */
  readonly dryRun: boolean
}

/** A run of one company's slot, or what `dealdesk run` makes one of: now stands for the slot. */
export interface SlotDesk extends ScheduleDesk {
  readonly company: string
  readonly slot: PlainDate
}

/** One line of what a run did or would do: which company, what about, to whom, and why in a few words. */
export interface ScheduleLine {
  readonly company: string
  readonly subject: string
  readonly what: string
  readonly to: readonly string[]
}

/**
 * When a schedule runs. A sweep looks for rows that are due, every minute or hour, and needs no local hour. A slot is
 * a local day: in each company's zone, or in each zone its teams live in.
 */
export type When =
  | { readonly every: 'minute' | 'hour' }
  | { readonly at: string; readonly on: SlotDays; readonly zone: 'company' | 'team' }

interface Declared {
  /** As in `dealdesk run NAME`. */
  readonly name: string
  readonly when: When
  /** Hours after its time within which a slot that was missed is caught up once; 0 for sweeps (B5.80). */
  readonly graceHours: number
  /** Who hears of it, in words (`dealdesk schedules`). */
  readonly audience: string
  /** At most this many records a run; the rest is due at the next. */
  readonly cap: number
}

/** A schedule whose run is its own. */
export interface TaskSchedule extends Declared {
  readonly run: (desk: ScheduleDesk) => Promise<readonly ScheduleLine[]>
}

/**
 * A schedule that finds causes to nudge about. All that are due for a company at one moment are one run, so that a
 * person gets one message: schedules/nudge-run.ts.
 */
export interface NudgeSchedule extends Declared {
  readonly nudges: readonly NudgeKind[]
  /** What has to be brought up to date before causes are looked for. */
  readonly before?: (desk: ScheduleDesk) => Promise<readonly ScheduleLine[]>
}

/** One thing the product does by the clock, as a declaration. `schedules/index.ts` lists them all. */
export type Schedule = TaskSchedule | NudgeSchedule
