import type { Instant } from '../canon/calendar.ts'
import type { Delivery, Drawing, MessageRef } from '../ports.ts'

/** What the outbox asks of the database; `data/outbox-ledger.ts` answers. */
export interface Ledger {
  /**
   * Takes the lane and hands out the oldest delivery that is due. A lane with nothing due, or one that must wait,
   * is given back in the same transaction, with a job for its due time.
   */
  next(key: LaneKey, now: Instant, leaseMs: number): Promise<Turn>
  /**
   * Keeps the drawings of a card that is about to be sent and, when it is posted rather than updated, where.
   * False: the lane is no longer ours, so do not send.
   */
  begin(turn: Held, drawings: readonly Drawing[], to?: Posting): Promise<boolean>
  /**
   * Writes down what became of it and goes on with the lane as `next` does; without `leaseMs` the lane is given
   * back, with a job for what is left in it. `lost`: it is no longer ours and nothing was written (B5.79).
   */
  record(turn: Held, result: Result, now: Instant, leaseMs: number | undefined): Promise<Turn>
  /**
   * At a start: workspaces that were gone are tried again, and where only one process may send (SQLite) the lanes
   * of one that was killed are free at once.
   */
  recover(now: Instant): Promise<void>
  /** Queues lanes whose delivery came due by business time or whose job was lost, and counts what waits. */
  sweep(now: Instant): Promise<Backlog>
}

export interface LaneKey {
  readonly company: string
  readonly lane: string
}

/** A delivery in the hands of the one sender of its lane; the lease proves it. */
export interface Held extends LaneKey {
  readonly lease: string
  readonly id: number
}

export type Turn =
  | { readonly outcome: 'head'; readonly held: Held; readonly head: Head }
  | { readonly outcome: 'busy' | 'lost' }
  /** Nothing to do now; `againMs` says when there will be, as far as it is known. */
  | { readonly outcome: 'done'; readonly againMs?: number }

export interface Head {
  readonly delivery: Delivery
  readonly attempts: number
  /** What the last attempt said. */
  readonly lastWhy?: string
  /** Since it was first tried, ms of database time. */
  readonly triedForMs: number
  /** Dead deliveries behind this one. */
  readonly depth: number
  readonly createdAt: Instant
  /** It was being posted there when nobody could say what became of it. `since`: database time. */
  readonly sending?: Posting & { readonly since: Instant }
  /** The cards of this subject that this audience was sent, one a platform. */
  readonly placed: readonly Placed[]
  readonly pauses: readonly Pause[]
  /** Business time since when nothing has arrived there. */
  readonly goneSince?: Instant
}

/** A conversation, or a thread in it. */
export interface Place {
  readonly platform: 'slack' | 'teams'
  readonly tenant: string
  readonly channel: string
  readonly thread?: string
}

export interface Posting extends Place {
  /** The card itself, or a line under it. */
  readonly what: 'card' | 'line'
  readonly digest: string
}

export interface Placed {
  readonly ref: MessageRef
  readonly digest: string
  readonly state: 'live' | 'gone'
  /** It missed a redraw while its workspace was away. */
  readonly stale?: boolean
  /** How often it was posted afresh after somebody deleted it. */
  readonly reposts: number
}

export interface Pause {
  readonly platform: 'slack' | 'teams'
  readonly tenant: string
  readonly what: 'rate' | 'gone'
  /** Ms from now; for `gone` it means nothing. */
  readonly forMs: number
  readonly why: string
}

export interface Result {
  /** Absent: it stays pending. */
  readonly state?: 'sent' | 'dropped' | 'dead' | 'unknown' | 'paused'
  readonly what?: Death['what']
  readonly why?: string
  /** The workspace it waits for, while paused. */
  readonly heldBy?: { readonly platform: string; readonly tenant: string }
  /** Counts as one of its attempts. */
  readonly attempted?: boolean
  /** Keeps the mark that it may have arrived. */
  readonly stillUnknown?: boolean
  /** Ms until the lane may send again. */
  readonly waitMs?: number
  readonly placed?: readonly Placed[]
  readonly pauses?: readonly Pause[]
  /** Whether the place works, or since when it does not. */
  readonly place?: 'works' | { readonly goneSince: Instant }
  /** Deliveries that stand in for this dead one. */
  readonly instead?: readonly Delivery[]
}

export interface Backlog {
  readonly pending: number
  /** Age of the oldest delivery that is due, ms of business time; 0 where there is none. */
  readonly oldestMs: number
  readonly queued: number
}

/** A delivery that will not arrive where it was meant to. */
export interface Death {
  readonly id: number
  readonly delivery: Delivery
  /** `no-identity`: the person is linked on no platform; `exhausted`: tried too often or for too long. */
  readonly what: 'place-gone' | 'no-identity' | 'refused' | 'exhausted'
  readonly why: string
  /** Names this trouble with this place until something arrives there again: the once-key of what is told about it (B5.50). */
  readonly placeKey: string
}
