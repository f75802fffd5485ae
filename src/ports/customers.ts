import type { Instant, PlainDate } from '../canon/calendar.ts'
import type {
  CriticalAccount,
  CustomerCell,
  CustomerSnapshot,
  GradeMove,
  SettledRenewal,
} from '../canon/customers.ts'
import type { Handoff } from '../canon/handoff.ts'
import type { RenewalLine } from '../canon/renewal.ts'

/** Numbers of a day; those there are already stay. */
export interface CustomerSave {
  readonly noun: 'customer-snapshot'
  readonly cells: readonly CustomerSnapshot[]
}

/** The store's readings behind digests of customers. A customer is an account with a CSM that has not left. */
export interface CustomerReads {
  /** Customers of these CSMs, added up by CSM, grade and currency. */
  customerCells(company: string, csms: readonly string[]): Promise<CustomerCell[]>
  /** The newest snapshot of each CSM taken within these days, both included. */
  customerSnapshot(
    company: string,
    csms: readonly string[],
    from: PlainDate,
    to: PlainDate,
  ): Promise<CustomerSnapshot[]>
  /** Red customers of these CSMs, at most `most` each, by ARR; without their weakest component. */
  criticalAccounts(company: string, csms: readonly string[], most: number): Promise<CriticalAccount[]>
  /** Renewals of these CSMs' accounts from a day to a day, both included, that have no outcome yet, by date. */
  renewalsOfCsms(
    company: string,
    csms: readonly string[],
    from: PlainDate,
    to: PlainDate,
  ): Promise<RenewalLine[]>
  /** Customers whose grade at the end of a period is another one than at its beginning. */
  gradeMoves(company: string, since: Instant, until: Instant): Promise<GradeMove[]>
  /** Outcomes recorded from a day to a day, both included. */
  settledRenewals(company: string, from: PlainDate, to: PlainDate): Promise<SettledRenewal[]>
  /**
   * AE→CS handoffs that were opened since then and are not withdrawn, as far as something of them is still to come, and
   * CS→AE handoffs that are under way.
   */
  customerHandoffs(company: string, since: Instant): Promise<Handoff[]>
}
