import type { Instant } from '../src/canon/calendar.ts'
import type { Store } from '../src/ports.ts'

/** What a schedule may use: the record, and the business time it is run for. */
export interface ScheduleDesk {
  readonly store: Store
  readonly now: Instant
  /** Only this company, when given. */
  readonly company?: string
  /** Rules and reports, commits nothing. */
  readonly dryRun: boolean
}

/** One line of what a run did or would do: which company, what about, to whom, and why in a few words. */
export interface ScheduleLine {
  readonly company: string
  readonly subject: string
  readonly what: string
  readonly to: readonly string[]
}

/** One thing the product does by the clock, as a declaration. `schedules/index.ts` lists them all. */
export interface Schedule {
  /** As in `dealdesk run NAME`. */
  readonly name: string
  /** node-cron expression, in UTC for sweeps; a sweep looks for rows that are due and needs no local hour. */
  readonly cron: string
  readonly kind: 'sweep'
  /** Who hears of it, in words (`dealdesk schedules`). */
  readonly audience: string
  /** At most this many records a run; the rest is due at the next. */
  readonly cap: number
  readonly run: (desk: ScheduleDesk) => Promise<readonly ScheduleLine[]>
}
