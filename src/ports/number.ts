import type { Instant, PlainDate } from '../canon/calendar.ts'
import type { Group, MetricSource, Slice } from '../canon/metric.ts'

/** Revenue, costs and rates come by import and API alone: nothing of them is written by a gesture. */
export type NumberSave = never

/** 1 unit of `from` is `rate` units of `to`, on that day. */
export interface Rate {
  readonly on: PlainDate
  readonly from: string
  readonly to: string
  readonly rate: number
}

/** What there is of a source, so that a missing number can say why. */
export interface SourceState {
  /** Whether there is a single row of it. */
  readonly any: boolean
  /** When something of it last changed, happened or was measured. */
  readonly newest?: News
}

/** The age of data: an instant, or a day or month where nothing more exact is known. */
export type News = { readonly at: Instant } | { readonly on: string }

export interface NumberReads {
  /** What a metric adds up, by period and group; periods and groups in which nothing is are left out. */
  metricSums(company: string, source: MetricSource, slice: Slice): Promise<Group[]>
  metricSource(company: string, source: MetricSource): Promise<SourceState>
  /** Every company there is, for the portfolio operator's report and for nothing else: it alone compares companies. */
  comparedCompanies(): Promise<string[]>
  /** The newest rate of each pair up to a day. */
  fxRates(company: string, until: PlainDate): Promise<Rate[]>
}
