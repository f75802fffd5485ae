import type { PlainDate } from '../canon/calendar.ts'
import type { Tier } from '../canon/opportunity.ts'
import type { Qbr } from '../canon/qbr.ts'
import type { Renewal, RenewalLine } from '../canon/renewal.ts'
import type { Scope } from '../canon/visibility.ts'

export type RenewalSave =
  | { readonly noun: 'renewal'; readonly next: Renewal; readonly expect: number | 'new' }
  /** One an account and quarter: what was there for the quarter is replaced. */
  | { readonly noun: 'qbr'; readonly next: Qbr }

/** Where a page of renewals ends, and the next begins. */
export interface RenewalMark {
  readonly renewalOn: PlainDate
  readonly account: string
}

/** ARR up for renewal in one month and currency, and what of it is at an account at risk or critical. */
export interface RenewalSum {
  /** `2026-11`. */
  readonly month: string
  /** Empty where the accounts have no ARR. */
  readonly currency: string
  readonly accounts: number
  /** Minor units. */
  readonly arr: number
  readonly atRisk: number
  readonly critical: number
}

/** A customer as the QBR rule needs it. */
export interface QbrLine {
  readonly account: string
  readonly tier: Tier
  readonly csm: string
  readonly ae?: string
  /** Those of the asked quarters that have a QBR. */
  readonly held: readonly string[]
  readonly lastHeldOn?: PlainDate
}

/** What the store reads of renewals and QBRs. A customer is an account with a CSM that has not left. */
export interface RenewalReads {
  renewal(company: string, account: string, renewalOn: PlainDate): Promise<Renewal | undefined>
  /** The newest first. */
  renewalsOf(company: string, account: string, limit: number): Promise<Renewal[]>
  /** Renewals from a day to a day, both included, that have no outcome yet, by date; `scope`: by CSM and AE. */
  renewalsAhead(
    company: string,
    scope: Scope,
    range: { readonly from: PlainDate; readonly to: PlainDate; readonly after?: RenewalMark },
    limit: number,
  ): Promise<RenewalLine[]>
  /** The same, as sums by month and currency. */
  renewalSums(
    company: string,
    scope: Scope,
    range: { readonly from: PlainDate; readonly to: PlainDate },
  ): Promise<RenewalSum[]>
  /** Renewals whose outcome was recorded since a day, the newest first, with the account's name. */
  renewalsSettled(
    company: string,
    scope: Scope,
    since: PlainDate,
    limit: number,
  ): Promise<{ readonly name: string; readonly renewal: Renewal }[]>
  /** The newest first. */
  qbrsOf(company: string, account: string, limit: number): Promise<Qbr[]>
  /** Customers of these tiers by id, with which of the quarters have a QBR. */
  qbrLines(
    company: string,
    tiers: readonly Tier[],
    quarters: readonly string[],
    after: string | undefined,
    limit: number,
  ): Promise<QbrLine[]>
  /** QBR completion: customers of each tier, and how many of them had one in the quarter. */
  qbrCompletion(
    company: string,
    quarter: string,
  ): Promise<{ readonly tier: Tier; readonly accounts: number; readonly held: number }[]>
}
