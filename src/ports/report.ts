import type { Instant, PlainDate } from '../canon/calendar.ts'
import type {
  ClosedCell,
  DealMove,
  ForecastSnapshot,
  GivenDiscount,
  PipelineCell,
  PipelineDays,
  RiskRow,
  SnapshotCell,
  WonCell,
} from '../canon/pipeline.ts'
import type { Report, ReportKind } from '../canon/report.ts'

export type ReportSave =
  /** A report of its slot, for ever: one that is there already makes the change stale, so that it is told once. */
  | { readonly noun: 'report'; readonly next: Report }
  /** Numbers of a day; those there are already stay. */
  | { readonly noun: 'pipeline-snapshot'; readonly cells: readonly SnapshotCell[] }
  | { readonly noun: 'forecast-snapshot'; readonly rows: readonly ForecastSnapshot[] }

/** Whose deals: these people's, everybody's, or those of the accounts of a CSM. */
export type DealsOf =
  | 'all'
  /** Those without an owner too, with `nobody`. */
  | { readonly owners: readonly string[]; readonly nobody?: boolean }
  | { readonly csm: string }

/** From the first day to the last, both included; and the same as instants, from the first up to but not at the last. */
export interface ReportPeriod {
  readonly from: PlainDate
  readonly to: PlainDate
  readonly since: Instant
  readonly until: Instant
}

/** The store's readings behind digests, `/pipeline` and `/forecast`: sums, made by the database out of its indexes. */
export interface ReportReads {
  /** Open deals, added up by owner, stage, currency, tier and channel (and product or industry, where asked for). */
  pipelineCells(
    company: string,
    of: DealsOf,
    days: PipelineDays,
    options?: { readonly by?: 'product' | 'industry' },
  ): Promise<PipelineCell[]>
  /** Of each team (`''`: nobody's) the newest snapshot taken within these days, both included. */
  pipelineSnapshot(
    company: string,
    teams: readonly string[],
    from: PlainDate,
    to: PlainDate,
  ): Promise<SnapshotCell[]>
  /** New, advanced, slipped, won and lost deals of a period; each deal once for each of these. */
  dealMoves(company: string, of: DealsOf, period: ReportPeriod): Promise<DealMove[]>
  wonCells(company: string, of: DealsOf, from: PlainDate, to: PlainDate): Promise<WonCell[]>
  /** Open deals with something wrong, at most `most` an owner, the largest first; their slips are counted since then. */
  riskRows(company: string, of: DealsOf, days: PipelineDays, since: Instant, most: number): Promise<RiskRow[]>
  /** Discounts that took effect in a period. */
  givenDiscounts(company: string, since: Instant, until: Instant): Promise<GivenDiscount[]>
  closedCells(company: string, of: DealsOf, from: PlainDate, to: PlainDate): Promise<ClosedCell[]>
  forecastSnapshots(company: string, quarter: string): Promise<ForecastSnapshot[]>
  report(company: string, id: string): Promise<Report | undefined>
  /** Ids of the reports of a kind that there are for a slot. */
  reportIds(company: string, kind: ReportKind, slot: PlainDate): Promise<string[]>
}
