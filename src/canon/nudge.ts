import type { Instant, PlainDate } from './calendar.ts'
import type { Money } from './money.ts'
import type { Gate, Stage } from './opportunity.ts'
import type { NudgeKind } from './policy-nudge.ts'
import type { RenewalTask } from './renewal.ts'

export { type NudgeKind, nudgeKinds } from './policy-nudge.ts'

/** What a nudge is about. */
export type NudgeSubject = {
  readonly noun: 'deal' | 'account' | 'lead' | 'person' | 'team' | 'company'
  readonly id: string
}

/** Why a nudge fired, in values; its sentence is in blocks/words. One member a kind. */
export type Because =
  | {
      readonly kind: 'stalled'
      readonly stage: Stage
      readonly since: PlainDate
      readonly days: number
      readonly risk: boolean
    }
  | { readonly kind: 'close-date-past'; readonly closeOn: PlainDate; readonly days: number }
  /** `contact`: their name. `days` is absent where nobody ever spoke with them. */
  | { readonly kind: 'champion-silent'; readonly contact: string; readonly days?: number }
  | { readonly kind: 'champion-left'; readonly contact: string; readonly leftOn: PlainDate }
  | { readonly kind: 'meddicc-gap'; readonly stage: Stage; readonly fields: readonly Gate[] }
  | {
      readonly kind: 'gate-debt'
      readonly gates: readonly Gate[]
      readonly until: PlainDate
      readonly overdue: boolean
    }
  /** `unlinked`: people with no account in the chat, whom nothing reaches; told to Sales Ops and managers. */
  | {
      readonly kind: 'hygiene'
      readonly loggedLate: number
      readonly staleContacts: number
      readonly untouchedLeads?: number
      readonly unlinked?: number
    }
  | { readonly kind: 'lead-response'; readonly arrivedAt: Instant; readonly minutes: number }
  /** Score in tenths: 478 is 47.8. */
  | {
      readonly kind: 'health-red'
      readonly score: number
      readonly before?: number
      readonly since: PlainDate
    }
  | {
      readonly kind: 'health-yellow'
      readonly score: number
      readonly since: PlainDate
      /** The day the plan is to be made by; of `check` the day it was to have helped by. */
      readonly dueOn: PlainDate
      /** What is asked for: left out, `make`. */
      readonly asks?: 'make' | 'soon' | 'overdue' | 'check'
    }
  /**
   * `milestone`: days before the renewal, 180 … 0; `again`: it has been open for a week or more; `past`: the renewal
   * is over and nobody recorded how it ended. `ae`: their name, and `aeId` who they are, so that they are called in
   * the CSM's channel (Canon, places).
   */
  | {
      readonly kind: 'renewal'
      readonly renewalOn: PlainDate
      readonly milestone: number
      readonly daysLeft: number
      readonly again: boolean
      readonly past?: boolean
      readonly task?: RenewalTask
      readonly score?: number
      readonly ae?: string
      readonly aeId?: string
      readonly arr?: Money
    }
  | {
      readonly kind: 'qbr-due'
      readonly quarter: string
      readonly dueOn: PlainDate
      readonly lastHeldOn?: PlainDate
    }
  /** Whole percents: how far the forecast is from the target or the actual. */
  | {
      readonly kind: 'forecast-miss'
      readonly quarter: string
      readonly percent: number
      readonly against: 'target' | 'actual'
    }

/**
 * A cause that a rule found, before the rules against fatigue: a value, nothing is kept of it yet. `kind` and `subject`
 * name the cause; `cycle` changes when the same cause may be told again (a week, a quarter, the day a stage was entered).
 */
export interface Finding {
  readonly kind: NudgeKind
  readonly subject: NudgeSubject
  readonly cycle: string
  /** Person id of who is to act: hears first, and whose manager hears next. */
  readonly owner: string
  /** Others who are told at once, beside the owner (the manager of a stalled deal, the CS Manager of a red account). */
  readonly alsoTell?: readonly string[]
  /**
   * Told in the channel of this team instead of the owner's DM (Canon, places); somebody who prefers a DM, or whose
   * team has no channel, gets one.
   */
  readonly channelOf?: string
  readonly because: Because
  /** Outside the daily budget: told at once, next working moment at the latest. */
  readonly urgent?: boolean
  /** What is told first when there is more than the day's budget: higher first (`weightOf`). */
  readonly weight: number
}

// ── what is kept of a nudge ──────────────────────────────────────────────────

/**
 * `open`: told, and its cause holds as far as we know; `snoozed`: somebody wants it later; `muted`: never again about
 * this subject; `done`: somebody says it is settled; `gone`: its cause is, or a newer cycle took its place.
 */
export type NudgeStatus = 'open' | 'snoozed' | 'muted' | 'done' | 'gone'

export type NudgeHow = 'acted' | 'snoozed' | 'muted' | 'done'

/** What somebody answered. `acted`: opened what it proposes; the nudge stays open until its cause is gone. */
export interface NudgeAnswer {
  readonly by: string
  readonly at: Instant
  readonly how: NudgeHow
  /** Days it was snoozed for. */
  readonly days?: number
  /** Why it was muted. */
  readonly reason?: string
}

/** One cause that was told, and what became of it: unique by kind, subject and cycle (Canon, Nudges and escalations). */
export interface Nudge {
  readonly id: string
  readonly kind: NudgeKind
  readonly subject: NudgeSubject
  readonly cycle: string
  /** Person id of who is to act. */
  readonly owner: string
  /** As it was when it was told; a card says it as it is when it is drawn. */
  readonly because: Because
  readonly weight: number
  readonly urgent?: boolean
  readonly status: NudgeStatus
  readonly raisedAt: Instant
  /** 0 the owner, 1 their manager, 2 VP Sales. */
  readonly rung: 0 | 1 | 2
  /** When it is told to the next person up if nobody answers; absent once somebody did, or at the top. */
  readonly climbsAt?: Instant
  readonly snoozedUntil?: Instant
  readonly answered?: NudgeAnswer
  /** Who heard of it: `earOf` of people and channels. */
  readonly told: readonly string[]
  /** Closed because a newer cycle told the same cause, not because the cause was gone. */
  readonly superseded?: boolean
  readonly policyVersion: number
  readonly version: number
}

/** Why somebody hears of a nudge. `stands-in`: in place of its owner; `climbed`: nobody answered; `woken`: snoozed till now. */
export type HeardAs = 'owner' | 'copy' | 'stands-in' | 'climbed' | 'woken'

/** Why somebody else than its owner hears of a nudge first. */
export type InsteadWhy = 'away' | 'no-account' | 'gone' | 'unowned'

export interface NudgeItem {
  readonly nudge: string
  readonly as: HeardAs
  readonly instead?: InsteadWhy
}

/** Where nudges are told: a person's DM, or a team's channel. */
export type NudgeEar =
  | { readonly person: string }
  | {
      readonly channel: { readonly platform: 'slack' | 'teams'; readonly tenant: string; readonly id: string }
    }

/** Names a place where nudges are told, for what was told there and how much of it today. */
export const earOf = (ear: NudgeEar): string =>
  'person' in ear
    ? `person:${ear.person}`
    : `channel:${ear.channel.platform}:${ear.channel.tenant}:${ear.channel.id}`

/** The person behind an ear; `undefined` for a channel. */
export const personOfEar = (ear: string): string | undefined =>
  ear.startsWith('person:') ? ear.slice('person:'.length) : undefined

/** Several nudges that are told in one message. */
export interface NudgeBundle {
  readonly id: string
  readonly ear: NudgeEar
  readonly at: Instant
  /** Heaviest first. */
  readonly items: readonly NudgeItem[]
  /** Set in the notice to the administrators: whom nudges can't reach, and teams that have no channel. */
  readonly missing?: { readonly people: readonly string[]; readonly teams: readonly string[] }
}

/** What one person wants to hear, and when (`/nudges`, preferences). Absent: as the company does. */
export interface NudgePreferences {
  readonly off: readonly NudgeKind[]
  /** `HH:MM`, in the person's zone, within the company's working days. */
  readonly from?: string
  readonly until?: string
  /** Nudges meant for the team's channel come as a DM. */
  readonly place: 'channel' | 'dm'
  /** `daily`: one message at the beginning of their hours; urgent ones come at once all the same. */
  readonly pace: 'at-once' | 'daily'
}

export const nudgePreferences: NudgePreferences = { off: [], place: 'channel', pace: 'at-once' }
