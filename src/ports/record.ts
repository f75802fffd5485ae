import type { Account } from '../canon/account.ts'
import type { Activity } from '../canon/activity.ts'
import type { Instant } from '../canon/calendar.ts'
import type { Contact } from '../canon/contact.ts'
import type { Handoff, HandoffKind } from '../canon/handoff.ts'
import type { Lead, LeadStatus } from '../canon/lead.ts'
import type { Opportunity } from '../canon/opportunity.ts'
import type { StageEntry } from '../canon/stage.ts'
import type { Scope } from '../canon/visibility.ts'

export interface AccountHit {
  readonly id: string
  readonly name: string
  readonly tier?: string
  readonly csm?: string
  readonly ae?: string
}

export interface LeadHit {
  readonly id: string
  readonly name: string
  readonly company?: string
  readonly status: LeadStatus
  readonly owner?: string
}

/** Which lead, deal or account the record's lists are of. */
export type Of =
  | { readonly deal: string; readonly account?: undefined; readonly lead?: undefined }
  | { readonly account: string; readonly deal?: undefined; readonly lead?: undefined }
  | { readonly lead: string; readonly deal?: undefined; readonly account?: undefined }

/** The store's readings of the record behind the deals. */
export interface RecordReads {
  account(company: string, id: string): Promise<Account | undefined>
  /** As `findDeals`; `scope` as of deals: an account's AE stands for its owner. */
  findAccounts(company: string, scope: Scope, query: string, limit: number): Promise<AccountHit[]>
  dealsOfAccount(company: string, account: string, limit: number): Promise<Opportunity[]>
  contact(company: string, id: string): Promise<Contact | undefined>
  /** With when each was last contacted; those who left come last. */
  contactsOf(company: string, account: string, limit: number): Promise<Contact[]>
  /** The newest first; planned ones, which lie ahead, come before all. */
  activitiesOf(company: string, of: Of, limit: number): Promise<Activity[]>
  lead(company: string, id: string): Promise<Lead | undefined>
  /** Live leads first. */
  findLeads(company: string, scope: Scope, query: string, limit: number): Promise<LeadHit[]>
  /** The newest first. */
  stageHistory(company: string, deal: string, limit: number): Promise<StageEntry[]>
  handoff(company: string, id: string): Promise<Handoff | undefined>
  /** The newest first. */
  handoffsOf(company: string, of: Of, limit: number): Promise<Handoff[]>
  /** The one of a kind that is neither accepted nor withdrawn. */
  openHandoff(company: string, kind: HandoffKind, of: Of): Promise<Handoff | undefined>
  handoffsWaitingFor(
    company: string,
    person: string,
    limit: number,
  ): Promise<{ total: number; handoffs: Handoff[] }>
  /** Those somebody has sent or drafted, the open ones first. */
  handoffsSentBy(
    company: string,
    person: string,
    limit: number,
  ): Promise<{ total: number; handoffs: Handoff[] }>
  /** Those with something due at or before `now`, oldest first, over all companies. */
  dueHandoffs(now: Instant, limit: number): Promise<{ company: string; id: string }[]>
  /** Open ones sent or received by one of these people (for re-routing when people change). */
  openHandoffsWith(company: string, people: readonly string[]): Promise<Handoff[]>
  /** Customers (accounts with a CSM) with whom somebody in a named department spoke since then, over all companies. */
  accountsInContact(since: Instant, until: Instant, limit: number): Promise<{ company: string; id: string }[]>
}
