import type { Card } from '../../blocks/card.ts'
import type { Clock, Courier, Delivery, Drawing, Log, Queue } from '../ports.ts'
import type { Death, Ledger } from './ledger.ts'

/** A person on one platform. */
export interface Identity {
  readonly platform: 'slack' | 'teams'
  readonly tenant: string
  readonly user: string
}

export interface DrawnCard {
  readonly card: Card
  readonly drawings: readonly Drawing[]
  /** A card that stands is redrawn so; it is not posted any more. */
  readonly onlyRedraw?: boolean
  /** A line that is not worth a message of its own where there are no threads. */
  readonly threadOnly?: boolean
}

/** What the outbox counts; the labels are few and closed. */
interface OutboxMetrics {
  sent(kind: Delivery['kind']): void
  retried(why: 'later' | 'unknown' | 'failed'): void
  dead(what: Death['what']): void
  /** How many deliveries are due, and how long the oldest has been waiting, ms. */
  waiting(pending: number, oldestMs: number): void
}

export interface OutboxParts {
  readonly ledger: Ledger
  readonly queue: Queue
  readonly couriers: readonly Courier[]
  /** The card as the record is now; `undefined`: there is nothing (more) to say. */
  draw(company: string, delivery: Delivery): Promise<DrawnCard | undefined>
  /** Where a person can be reached, the preferred platform first. */
  identitiesOf(company: string, person: string): Promise<readonly Identity[]>
  /** What is delivered instead of a dead delivery, and who is told of it. */
  fallback(company: string, death: Death): Promise<readonly Delivery[]>
  readonly clock: Clock
  readonly log: Log
  readonly metrics?: OutboxMetrics
  /** Waited for before every delivery: the server lets acknowledgements go first. */
  readonly ready?: () => Promise<void>
  readonly settings?: Partial<OutboxSettings>
}

export interface OutboxSettings {
  /** Conversations served at the same time by this process. */
  readonly lanesAtOnce: number
  /** How long a lane is one sender's, ms; longer than all calls of one delivery together (B5.49). */
  readonly leaseMs: number
  /** After so long a courier's call counts as unanswered: a guard above its own time-out, ms. */
  readonly callMs: number
  /** Deliveries of one lane in one go, so that a long one does not hold its place for ever. */
  readonly turnMost: number
  /** The pause after the first failure, ms; doubles with every further one up to `backOffMostMs`. */
  readonly backOffMs: number
  readonly backOffMostMs: number
  /** After so many attempts, or so long after the first one, a delivery is dead. */
  readonly attemptsMost: number
  readonly tryForMs: number
  /** Between looks for what came due by business time, ms. */
  readonly sweepMs: number
}

export const outboxSettings: OutboxSettings = {
  lanesAtOnce: 8,
  leaseMs: 90_000,
  callMs: 25_000,
  turnMost: 25,
  backOffMs: 1_000,
  backOffMostMs: 10 * 60_000,
  attemptsMost: 10,
  tryForMs: 24 * 3_600_000,
  sweepMs: 1_000,
}
