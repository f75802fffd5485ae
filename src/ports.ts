import type { Card } from '../blocks/card.ts'
import type { Account } from './canon/account.ts'
import type { Activity } from './canon/activity.ts'
import type { Instant, PlainDate } from './canon/calendar.ts'
import type { Contact } from './canon/contact.ts'
import type { DiscountRequest, Platform } from './canon/discount.ts'
import type { Handoff } from './canon/handoff.ts'
import type { Lead } from './canon/lead.ts'
import type { BasisPoints, Money } from './canon/money.ts'
import type { Opportunity, Stage } from './canon/opportunity.ts'
import type { Locale, Org } from './canon/people.ts'
import type { Policy } from './canon/policy.ts'
import type { StageEntry } from './canon/stage.ts'
import type { Scope } from './canon/visibility.ts'
import type { CustomerReads, CustomerSave } from './ports/customers.ts'
import type { HealthReads, HealthSave } from './ports/health.ts'
import type { NudgeReads, NudgeSave } from './ports/nudge.ts'
import type { NumberReads, NumberSave } from './ports/number.ts'
import type { RecordReads } from './ports/record.ts'
import type { RenewalReads, RenewalSave } from './ports/renewal.ts'
import type { ReportReads, ReportSave } from './ports/report.ts'
import type { ScanReads } from './ports/scan.ts'

export type { AccountHit, LeadHit, Of } from './ports/record.ts'

// ── time ─────────────────────────────────────────────────────────────────────

export interface Clock {
  /** Business time: slots, reminders, expiry, days. The playground can move it. */
  now(): Instant
}

// ── one change ───────────────────────────────────────────────────────────────

export type Subject = {
  readonly noun:
    | 'discount'
    | 'deal'
    | 'handoff'
    | 'lead'
    | 'account'
    | 'contact'
    | 'company'
    | 'person'
    | 'team'
    /** Several nudges that are told in one message. */
    | 'nudges'
    | 'nudge'
    /** A digest, summary or review as it was computed for its slot. */
    | 'report'
    | 'none'
  readonly id: string
}

/** What a person was shown, kept by the server; cards and forms carry its id and nothing else (B5.35, B5.36). */
export interface Drawing {
  readonly id: string
  readonly subject: Subject
  /** The record's version when it was drawn; 0 where there is none yet. */
  readonly version: number
  /** The open step the viewer was asked about, when there was one. */
  readonly step?: number
  /** The person it was drawn for; a click by anybody else is still judged by who they are. */
  readonly viewer?: string
  /** The numbers that were shown, for the audit, and what a form has to remember between its steps. */
  readonly shown: Readonly<Record<string, unknown>>
  readonly at: Instant
}

export type Audience =
  | { readonly person: string }
  | {
      readonly channel: { readonly platform: 'slack' | 'teams'; readonly tenant: string; readonly id: string }
    }

/**
 * Something a person or a channel must come to know. Kinds say what to do when the outcome of sending is
 * unknown (reliability: B4): `refresh` is repeated freely, `ask` and `tell` are looked for and else repeated,
 * `nudge` is not repeated. The card itself is drawn when it is sent, never here.
 */
export interface Delivery {
  readonly kind: 'ask' | 'tell' | 'refresh' | 'nudge'
  /** Which card: a name in the registry of cards (handlers/index.ts). */
  readonly card: string
  readonly subject: Subject
  readonly audience: Audience
  /** Present: a line in the thread under the audience's card, about this item (a remark's id, a fact's name). */
  readonly line?: string
  /** Unique for ever in its company: the same cause is never delivered twice. */
  readonly once?: string
  readonly after?: Instant
}

export interface AuditEntry {
  readonly at: Instant
  /** `discount.approved`, `discount.refused`, `person.away`, `admin.granted`, … */
  readonly what: string
  readonly by: string
  /** On whose behalf, when a delegate decided. */
  readonly for?: string
  readonly platform: Platform | 'cli' | 'import' | 'api'
  readonly subject: Subject
  readonly policyVersion?: number
  /** What the actor saw: the drawing, the version, the numbers. */
  readonly saw?: Readonly<Record<string, unknown>>
  /** Everything else that matters. Person ids and numbers, never names or e-mail addresses (B5.92). */
  readonly detail?: Readonly<Record<string, unknown>>
}

export type Save =
  | {
      readonly noun: 'discount'
      readonly next: DiscountRequest
      readonly expect: number | 'new'
      /** Who may decide or must answer now: the rows behind “what waits for me”. */
      readonly waiting: readonly string[]
      readonly dueAt?: Instant
    }
  /** Changes of a deal by an approval or a form; `expect` is the deal's version. */
  | {
      readonly noun: 'deal'
      readonly id: string
      readonly expect: number
      readonly set: Partial<
        Pick<Opportunity, 'listAmount' | 'approvedDiscount' | 'price' | 'discountFlagged'>
      >
    }
  | {
      readonly noun: 'person'
      readonly id: string
      readonly set: {
        readonly delegate?: string | null
        readonly awayFrom?: PlainDate | null
        readonly awayUntil?: PlainDate | null
        readonly locale?: Locale | null
        readonly admin?: boolean
        readonly active?: boolean
        /** Null: where they were linked first. */
        readonly prefers?: 'slack' | 'teams' | null
      }
    }
  | {
      readonly noun: 'identity'
      readonly platform: 'slack' | 'teams'
      readonly tenant: string
      readonly user: string
      readonly person: string | null
    }
  | { readonly noun: 'policy'; readonly next: Policy; readonly expect: number }
  /**
   * A deal whole, with the line its history gets: a change of stage, MEDDICC, a new deal. `next.version` is one over
   * `expect`; what is read with the record (account's name, last activity) is the store's to fill in.
   */
  | {
      readonly noun: 'opportunity'
      readonly next: Opportunity
      readonly expect: number | 'new'
      readonly entry?: StageEntry
    }
  | { readonly noun: 'account'; readonly next: Account; readonly expect: number | 'new' }
  | { readonly noun: 'contact'; readonly next: Contact; readonly expect: number | 'new' }
  | { readonly noun: 'lead'; readonly next: Lead; readonly expect: number | 'new' }
  /** Activities are added, never changed: the same id again is stale. */
  | { readonly noun: 'activity'; readonly next: Activity }
  | {
      readonly noun: 'handoff'
      readonly next: Handoff
      readonly expect: number | 'new'
      /** Who has to act on it now (`waitsOn`): the rows behind “what waits for me”. */
      readonly waiting: readonly string[]
      readonly dueAt?: Instant
    }
  | NudgeSave
  | HealthSave
  | RenewalSave
  | NumberSave
  | ReportSave
  | CustomerSave

export interface Change {
  readonly company: string
  readonly save: readonly Save[]
  readonly audit: readonly AuditEntry[]
  readonly deliveries: readonly Delivery[]
  readonly drawings?: readonly Drawing[]
  /**
   * Subjects whose every card is to be redrawn: those that stand and those still on their way, found by the
   * store inside the transaction, so that no card posted meanwhile is forgotten. Becomes `refresh` deliveries.
   */
  readonly refresh?: readonly Subject[]
  /** The gesture's key, with the reply that a replay of it gets again. */
  readonly once?: { readonly key: string; readonly fingerprint: string; readonly reply: unknown }
}

export type Commit =
  | { readonly outcome: 'committed' }
  /** A record had moved (or a second open request for the deal was attempted): read again and rule again. */
  | { readonly outcome: 'stale' }
  | { readonly outcome: 'seen-before'; readonly reply: unknown; readonly sameBody: boolean }

// ── the store ────────────────────────────────────────────────────────────────

export interface DealHit {
  readonly id: string
  readonly name: string
  readonly accountName?: string
  readonly stage: Stage
  readonly amount?: Money
  readonly owner?: string
}

export interface DiscountStats {
  readonly deals: number
  /** Σ list, minor units, so that one more deal can be averaged in exactly. */
  readonly listTotal?: number
  /** Σ(list − price) ÷ Σ list over won deals, basis points; absent where there are none. */
  readonly average?: BasisPoints
  readonly lowest?: BasisPoints
  readonly highest?: BasisPoints
}

export interface Store
  extends RecordReads,
    NudgeReads,
    HealthReads,
    RenewalReads,
    NumberReads,
    ReportReads,
    CustomerReads,
    ScanReads {
  /** Record, audit, outbox and once-key in one transaction, guarded by version (BEGIN IMMEDIATE; never half). */
  commit(change: Change): Promise<Commit>

  /** Which company a verified workspace or tenant is bound to, and who the user is there, in one query. */
  whoIs(
    platform: 'slack' | 'teams',
    tenant: string,
    user: string,
  ): Promise<{ company: string; person?: string } | undefined>
  /** The workspaces and tenants that are bound to a company. */
  tenantsOf(company: string): Promise<{ platform: 'slack' | 'teams'; tenant: string }[]>
  /** The people of a company as of now; cached by stamp, so the stamp is read every time and the rest seldom. */
  org(company: string): Promise<Org>
  policy(company: string, version?: number): Promise<Policy>
  /** The stored reply of a gesture that was committed before. */
  seen(company: string, key: string): Promise<{ fingerprint: string; reply: unknown } | undefined>

  deal(company: string, id: string): Promise<Opportunity | undefined>
  /** Open deals first, nearest match first: id, exact name, beginning of name, anywhere in name or account; Korean initial consonants count. */
  findDeals(
    company: string,
    scope: Scope,
    query: string,
    limit: number,
    options?: { openOnly?: boolean; minStage?: Stage },
  ): Promise<DealHit[]>
  dealsOf(company: string, owner: string, limit: number): Promise<Opportunity[]>
  /** Deals of exactly this name, to the letter. */
  dealsNamed(company: string, name: string, limit: number): Promise<Opportunity[]>
  /** Open deals of an owner (or of all) by stage and currency, for the weighted forecast. Sums in minor units. */
  openByStage(
    company: string,
    owners: readonly string[] | 'all',
  ): Promise<{ stage: Stage; currency: string; deals: number; amount: number }[]>
  /** Discounts on won deals closed in [from, to], of one owner, or like a deal (same product, else tier, else all; same currency). */
  discountStats(
    company: string,
    of: { owner?: string; like?: Opportunity; from: PlainDate; to: PlainDate },
  ): Promise<DiscountStats>

  discount(company: string, id: string): Promise<DiscountRequest | undefined>
  openDiscount(company: string, deal: string): Promise<DiscountRequest | undefined>
  discountsOfDeal(company: string, deal: string, limit: number): Promise<DiscountRequest[]>
  waitingFor(
    company: string,
    person: string,
    limit: number,
  ): Promise<{ total: number; requests: DiscountRequest[] }>
  askedBy(
    company: string,
    person: string,
    limit: number,
  ): Promise<{ total: number; requests: DiscountRequest[] }>
  /** Open requests with something due at or before `now`, oldest first, over all companies. */
  dueDiscounts(now: Instant, limit: number): Promise<{ company: string; id: string }[]>
  /** Open requests in which one of these people has an open step (for re-routing when people change). */
  openDiscountsWith(company: string, people: readonly string[]): Promise<DiscountRequest[]>

  drawing(company: string, id: string): Promise<Drawing | undefined>
  saveDrawings(company: string, drawings: readonly Drawing[]): Promise<void>

  /** Every card of this subject that was posted and still stands. */
  cardsOf(company: string, subject: Subject): Promise<{ card: string; audience: Audience; ref: MessageRef }[]>
  /** The card (and whose it is) behind a message of ours, for replies in its thread. */
  cardAt(
    company: string,
    ref: { platform: 'slack' | 'teams'; tenant: string; channel: string; message: string },
  ): Promise<{ card: string; subject: Subject; audience: Audience } | undefined>
  /** Where a person is in chat, the place they prefer first. */
  identitiesOf(
    company: string,
    person: string,
  ): Promise<{ platform: 'slack' | 'teams'; tenant: string; user: string }[]>
  /** People with at least one chat identity. */
  linkedPeople(company: string): Promise<ReadonlySet<string>>
  auditOf(company: string, subject: Subject, limit: number): Promise<AuditEntry[]>
  deadDeliveries(
    company: string,
    limit: number,
  ): Promise<{ id: string; card: string; subject: Subject; audience: Audience; why: string; at: Instant }[]>
  /** Sends a dead delivery again; false when there is no such one (any more). Audited. */
  retryDelivery(company: string, id: string, by: Pick<AuditEntry, 'by' | 'platform'>): Promise<boolean>
  /** Takes a dead delivery off the administrators' list for good. Audited. */
  dismissDelivery(company: string, id: string, by: Pick<AuditEntry, 'by' | 'platform'>): Promise<boolean>
}

// ── sending ──────────────────────────────────────────────────────────────────

export interface MessageRef {
  readonly platform: 'slack' | 'teams'
  readonly tenant: string
  readonly channel: string
  /** Slack ts or Teams activity id: opaque. */
  readonly message: string
}

export type Sent =
  | { readonly outcome: 'sent'; readonly ref: MessageRef }
  /** The platform said when to come back. `scope` tells how far: this conversation, or the whole workspace. */
  | { readonly outcome: 'later'; readonly afterMs: number; readonly scope: 'conversation' | 'workspace' }
  /** Nobody knows whether it arrived (time-out, 5xx, internal_error). */
  | { readonly outcome: 'unknown'; readonly why: string }
  /** Final. `place-gone`: another audience; `message-gone`: post afresh; `workspace-gone`: pause the workspace; `refused`: ours to mend. */
  | {
      readonly outcome: 'dead'
      readonly what: 'place-gone' | 'message-gone' | 'workspace-gone' | 'refused'
      readonly why: string
    }

/** Puts cards on one platform. Never retries by itself: the outbox owns that. */
export interface Courier {
  readonly platform: 'slack' | 'teams'
  /** The conversation with a person (a DM is opened where there is none). */
  reach(
    tenant: string,
    user: string,
  ): Promise<{ outcome: 'sent'; channel: string } | Exclude<Sent, { outcome: 'sent' }>>
  post(to: { tenant: string; channel: string; thread?: string }, card: Card, key: string): Promise<Sent>
  update(ref: MessageRef, card: Card): Promise<Sent>
  /**
   * A message of ours in this conversation that carries this key (Slack message metadata); `undefined` where it
   * can never be told. A throw means that it may be told later (an outage, a limit): it is asked again then.
   * `since` is when the post began, by the database's clock: look a little before it.
   */
  find(
    to: { tenant: string; channel: string; thread?: string },
    key: string,
    since: Instant,
  ): Promise<MessageRef | 'not-there' | undefined>
  /** Least time between two messages in one conversation, in ms (Slack about 1 s a channel). */
  readonly paceMs: number
  /**
   * Makes ready what takes time before a post (pictures are uploaded), so that a crash meanwhile leaves nothing
   * unknown. Never throws; `post` and `update` do it themselves where it was not called.
   */
  prepare?(tenant: string, card: Card): Promise<void>
  /** Whether a message of this conversation can have a thread under it; left out: always. */
  hasThreads?(channel: string): boolean
}

/** What the platform itself says of a user; read at linking, never at a click (B5.10). */
interface Profile {
  readonly email?: string
  readonly name: string
  readonly member: boolean
  readonly locale?: string
  readonly timeZone?: string
}

export interface Directory {
  readonly platform: 'slack' | 'teams'
  profile(tenant: string, user: string): Promise<Profile | undefined>
}

/** The part of a pino logger that the rooms use: fields first, then a sentence that never varies. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

// ── jobs and schedules ───────────────────────────────────────────────────────

/** Background jobs. Enqueued in the business transaction by the store; exactly one handler a job, at least one run. */
export interface Queue {
  /** Starts handing jobs of this name to `handler`; a throw retries it later, `retryLimit` times, then it is dead. */
  work(
    name: string,
    handler: (job: { id: string; data: unknown; attempt: number }) => Promise<void>,
    options: { concurrency: number; leaseMs: number; retryLimit: number },
  ): Promise<void>
  /** Looks for due jobs now rather than at the next poll. */
  wake(): void
  stop(graceMs: number): Promise<void>
}
