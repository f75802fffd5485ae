import type { Instant, PlainDate } from '../canon/calendar.ts'
import type {
  Nudge,
  NudgeBundle,
  NudgeHow,
  NudgeKind,
  NudgePreferences,
  NudgeStatus,
  NudgeSubject,
} from '../canon/nudge.ts'

/** What the store keeps of nudges: see data/nudge.ts. */
export type NudgeSave =
  /** Unique by kind, subject and cycle: a second one is stale. */
  | { readonly noun: 'nudge'; readonly next: Nudge; readonly expect: number | 'new' }
  /** One message. With `append`, its items are added to the bundle of that id where it is there already. */
  | { readonly noun: 'nudge-bundle'; readonly next: NudgeBundle; readonly append?: boolean }
  /** How many were told to an ear on a local day: `add` to `expect`; stale where somebody else told meanwhile. */
  | {
      readonly noun: 'nudge-count'
      readonly ear: string
      readonly day: PlainDate
      readonly expect: number
      readonly add: number
    }
  | { readonly noun: 'nudge-preferences'; readonly person: string; readonly next: NudgePreferences }

/** How many nudges of a kind went which way, raised in a period. */
export interface NudgeTally {
  readonly kind: NudgeKind
  readonly status: NudgeStatus
  readonly how?: NudgeHow
  /** It climbed, or a newer cycle took its place, and nobody had answered. */
  readonly ignored: boolean
  readonly count: number
}

/** A message to a person of which nobody knows whether it arrived (canon: listed in `/nudges`). */
export interface UnsureDelivery {
  readonly card: string
  readonly noun: string
  readonly id: string
  readonly at: Instant
}

/** The store's readings of nudges. */
export interface NudgeReads {
  nudge(company: string, id: string): Promise<Nudge | undefined>
  nudgesById(company: string, ids: readonly string[]): Promise<Nudge[]>
  /** Of a kind, on these subjects: those of the cycle named, and those of any cycle that are open, snoozed or muted. */
  nudgesOn(
    company: string,
    kind: NudgeKind,
    of: readonly { readonly subject: NudgeSubject; readonly cycle: string }[],
  ): Promise<Nudge[]>
  /** Those on one subject that are neither done nor gone, of any kind. */
  openNudgesOn(company: string, subject: NudgeSubject): Promise<Nudge[]>
  /** Open and snoozed nudges of a kind in pages by id, for the run that looks whose cause is gone. */
  standingNudges(
    company: string,
    kind: NudgeKind,
    after: string,
    limit: number,
  ): Promise<{ id: string; subject: NudgeSubject; cycle: string }[]>
  nudgeBundle(company: string, id: string): Promise<NudgeBundle | undefined>
  /** What a person owns or was told, heaviest first. `mine`: only what they own. */
  nudgesOf(
    company: string,
    person: string,
    filter: { status: 'open' | 'snoozed' | 'muted'; kind?: NudgeKind; mine?: boolean },
    limit: number,
  ): Promise<{ total: number; nudges: Nudge[] }>
  /** Those that climb or wake at or before `now`, over all companies, the longest due first. */
  dueNudges(now: Instant, limit: number, company?: string): Promise<{ company: string; id: string }[]>
  /** What was told to an ear on a local day. */
  nudgeCounts(
    company: string,
    of: readonly { ear: string; day: PlainDate }[],
  ): Promise<ReadonlyMap<string, number>>
  /** Of those who said so; everybody else has the defaults. */
  nudgePreferences(company: string): Promise<ReadonlyMap<string, NudgePreferences>>
  nudgeTallies(company: string, from: Instant, until: Instant): Promise<NudgeTally[]>
  /** Those of a period that somebody muted, the newest first: why, for whoever improves the rules. */
  mutedNudges(company: string, from: Instant, until: Instant, limit: number): Promise<Nudge[]>
  unsureDeliveries(company: string, person: string, since: Instant): Promise<UnsureDelivery[]>
  /** On which platforms people are linked, first linked first. */
  platformsOf(company: string): Promise<ReadonlyMap<string, readonly ('slack' | 'teams')[]>>
}
