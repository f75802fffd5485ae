import type { Account } from './account.ts'
import type { Activity } from './activity.ts'
import type { Instant, PlainDate } from './calendar.ts'
import type { Contact } from './contact.ts'
import type { Platform } from './discount.ts'
import type { AccountHealth } from './health.ts'
import type { Lead } from './lead.ts'
import type { BasisPoints, Money } from './money.ts'
import type { MeddiccField, Opportunity } from './opportunity.ts'
import type { Org } from './people.ts'
import type { Policy } from './policy.ts'
import type { HandoffItem, HandoffKind } from './policy-handoff.ts'
import type { DealStep } from './stage.ts'

export { type HandoffItem, type HandoffKind, handoffItems, handoffKinds } from './policy-handoff.ts'

/**
 * `draft`: prefilled, the sender has not sent it · `submitted`: waits for the receiver · `returned`: waits for the
 * sender again, with what is missing · `accepted`: the receiver's · `withdrawn`: ended without. None expires.
 */
export type HandoffStatus = 'draft' | 'submitted' | 'returned' | 'accepted' | 'withdrawn'

/** What was written at each item; days as `YYYY-MM-DD`, the amount as it was typed. */
export type HandoffItems = Readonly<Partial<Record<HandoffItem, string>>>

export const milestoneDays = [30, 60, 90] as const
export type MilestoneDay = (typeof milestoneDays)[number]

/** One of the onboarding milestones of an accepted AE→CS handoff (Canon, Handoffs). */
export interface Milestone {
  /** Days after the kickoff. */
  readonly day: MilestoneDay
  readonly text: string
  /** Person id. */
  readonly owner: string
  readonly dueOn: PlainDate
  readonly doneOn?: PlainDate
  readonly doneBy?: string
  readonly remindedAt?: Instant
}

interface HandoffReturn {
  readonly at: Instant
  readonly by: string
  readonly missing: readonly HandoffItem[]
  readonly note?: string
}

/** One handoff, from its draft to the rating (Canon, Handoffs). */
export interface Handoff {
  readonly id: string
  readonly kind: HandoffKind
  readonly version: number
  readonly status: HandoffStatus
  /** What is handed over: a lead (sdr-to-ae), a deal (ae-to-cs; sdr-to-ae where the lead has one), an account. */
  readonly lead?: string
  readonly deal?: string
  readonly account?: string
  /** Person ids. A draft that the rules opened may have nobody to receive it yet. */
  readonly sender: string
  readonly receiver?: string
  readonly items: HandoffItems
  readonly policyVersion: number
  readonly openedAt: Instant
  /** Person id, or `system`: opened by Closed Won or by an expansion signal. */
  readonly openedBy: string
  /** Why the rules opened it. */
  readonly signals?: readonly ExpansionSignal[]
  readonly submittedAt?: Instant
  readonly returns: readonly HandoffReturn[]
  /** Whose turn it is since; reminder and escalation count from here and begin anew with each turn. */
  readonly turnSince: Instant
  readonly remindedAt?: Instant
  readonly escalatedAt?: Instant
  readonly acceptedAt?: Instant
  readonly acceptedBy?: string
  readonly settledWhy?: string
  /** The deal that acceptance opened or advanced. */
  readonly opened?: string
  readonly kickoffOn?: PlainDate
  /** When the receiver was reminded of a kickoff that is not scheduled. */
  readonly kickoffAskedAt?: Instant
  readonly ratingAskedAt?: Instant
  readonly rating?: {
    readonly score: number
    readonly by: string
    readonly at: Instant
    readonly note?: string
  }
  readonly milestones: readonly Milestone[]
  readonly firstValueOn?: PlainDate
}

/** What the rules say has happened. */
export type HandoffFact =
  | { readonly fact: 'opened'; readonly by: string }
  | { readonly fact: 'edited' }
  | { readonly fact: 'submitted' | 'resubmitted'; readonly to: string }
  | { readonly fact: 'accepted'; readonly by: string; readonly for?: string }
  | {
      readonly fact: 'returned'
      readonly by: string
      readonly missing: readonly HandoffItem[]
      readonly at: Instant
    }
  /** `side`: whose place was taken; by `system` where somebody left. */
  | {
      readonly fact: 'reassigned'
      readonly side: 'sender' | 'receiver'
      readonly from?: string
      readonly to: string
      readonly by: string
    }
  | { readonly fact: 'withdrawn'; readonly by: string }
  /** `people`: whom to tell. Of `escalated`: the managers of both. */
  | { readonly fact: 'reminded' | 'escalated'; readonly people: readonly string[] }
  | { readonly fact: 'kickoff-scheduled'; readonly on: PlainDate; readonly before?: PlainDate }
  | { readonly fact: 'kickoff-asked' | 'rating-asked'; readonly people: readonly string[] }
  | { readonly fact: 'rated'; readonly by: string; readonly score: number }
  | { readonly fact: 'milestone-due'; readonly day: MilestoneDay; readonly people: readonly string[] }
  | { readonly fact: 'milestone-done' | 'milestone-changed'; readonly day: MilestoneDay; readonly by: string }
  | { readonly fact: 'first-value'; readonly on: PlainDate; readonly by: string }
  /** Accepted with the kickoff scheduled: the deal's `won` is finished. */
  | { readonly fact: 'won-finished' }

/** What acceptance and the rest change beside the handoff. */
export interface HandoffStep {
  readonly handoff: Handoff
  /** Opened, advanced, or its `won` finished. */
  readonly deal?: DealStep
  readonly lead?: { readonly before: Lead; readonly next: Lead }
  /** The account whose CSM or AE the receiver has become. */
  readonly account?: { readonly before: Account; readonly next: Account }
}

/** All a ruling may look at: the record as it stands now. */
export interface HandoffWorld {
  readonly now: Instant
  readonly org: Org
  readonly policy: Policy
  readonly lead?: Lead
  readonly deal?: Opportunity
  readonly account?: Account
  /** Another handoff of the kind that is under way for the same lead, deal or account (`Store.openHandoff`). */
  readonly underWay?: Handoff
  /** The id a deal gets that acceptance opens. */
  readonly newDealId?: string
}

/** A handoff as its sender asks for it; without `submit` it stays a draft. */
export interface HandoffAsk {
  readonly id: string
  readonly kind: HandoffKind
  readonly by: string
  readonly platform: Platform
  /** Named in the form; else by rule (`receiverFor`). */
  readonly receiver?: string
  readonly items: HandoffItems
  readonly submit: boolean
}

/** A gesture of a person on a handoff. */
export type HandoffAct = { readonly by: string; readonly platform: Platform } & (
  | { readonly act: 'submit'; readonly items: HandoffItems; readonly receiver?: string }
  | { readonly act: 'edit'; readonly items: HandoffItems }
  | { readonly act: 'accept'; readonly kickoffOn?: PlainDate }
  | { readonly act: 'return'; readonly missing: readonly HandoffItem[]; readonly note?: string }
  | { readonly act: 'reassign'; readonly to: string }
  | { readonly act: 'withdraw'; readonly reason?: string }
  | { readonly act: 'kickoff'; readonly on: PlainDate }
  | { readonly act: 'rate'; readonly score: number; readonly note?: string }
  | { readonly act: 'milestone-done'; readonly day: MilestoneDay; readonly done: boolean }
  | {
      readonly act: 'milestone-change'
      readonly day: MilestoneDay
      readonly text?: string
      readonly owner?: string
      readonly dueOn?: PlainDate
    }
  | { readonly act: 'first-value'; readonly on: PlainDate }
)

// ── prefilled drafts ─────────────────────────────────────────────────────────

/** The record that a draft is filled from. */
export interface HandoffRecord {
  readonly now: Instant
  readonly org: Org
  readonly policy: Policy
  readonly lead?: Lead
  readonly deal?: Opportunity
  readonly account?: Account
  readonly contacts: readonly Contact[]
  /** The newest first. */
  readonly activities: readonly Activity[]
  readonly signals?: readonly ExpansionSignal[]
  /** The account's health as it was computed last. */
  readonly health?: AccountHealth
}

/** Somebody at the customer as a draft names them: a contact, or the lead's own person. */
export type DraftContact = Pick<Contact, 'name' | 'email' | 'role' | 'department'>

/** What the record knows of an item; the words around it are `blocks/words`. */
export type DraftValue =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'date'; readonly on: PlainDate }
  | { readonly is: 'contacts'; readonly contacts: readonly DraftContact[] }
  | { readonly is: 'activities'; readonly activities: readonly Activity[] }
  | { readonly is: 'meddicc'; readonly fields: readonly { field: MeddiccField; text: string }[] }
  | {
      readonly is: 'contract'
      readonly price?: Money
      readonly discount?: BasisPoints
      readonly product?: string
      readonly signedOn?: PlainDate
    }
  | { readonly is: 'debts'; readonly gates: readonly { gate: string; until: PlainDate }[] }
  | { readonly is: 'signals'; readonly signals: readonly ExpansionSignal[] }

export type HandoffDraft = Readonly<Partial<Record<HandoffItem, DraftValue>>>

// ── expansion signals ────────────────────────────────────────────────────────

/** Why an account may want more (Canon, Nudges: expansion signal). */
export type ExpansionSignal =
  | { readonly signal: 'usage-up'; readonly before: number; readonly now: number; readonly on?: PlainDate }
  | { readonly signal: 'nps-up'; readonly before: number; readonly now: number; readonly on?: PlainDate }
  | { readonly signal: 'new-department'; readonly department: string; readonly contact: string }

/** What is known of an account over time: `before` is the reading a quarter ago, `now` the newest. */
export interface ExpansionReadings {
  readonly usage?: { readonly before: number; readonly now: number; readonly on?: PlainDate }
  readonly nps?: { readonly before: number; readonly now: number; readonly on?: PlainDate }
  /** Contacts with whom something happened in the last 30 days, and the departments known before. */
  readonly contacts: readonly Contact[]
  readonly knownDepartments: readonly string[]
}

export { draftOf, plainItems } from './handoff-draft.ts'
export { expansionSignals } from './handoff-expansion.ts'
export { missingItems, open, openFromSignals, openFromWon } from './handoff-life.ts'
export { mayAccept, mayStart, receiverFor, waitsOn } from './handoff-people.ts'
export { rule } from './handoff-rule.ts'
export { dealReopened, nextDueAt, tick } from './handoff-time.ts'
