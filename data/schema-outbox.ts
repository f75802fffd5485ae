import type { Generated } from 'kysely'

/** What is owed to whom: one row a delivery, drawn only when it is sent. */
interface DeliveriesTable {
  /** Grows with time: the order within a lane. */
  id: Generated<number>
  company_id: string
  /** The audience in canonical form (`laneOf`): one conversation, one order, one sender at a time. */
  lane: string
  kind: 'ask' | 'tell' | 'refresh' | 'nudge'
  card: string
  subject_noun: string
  subject_id: string
  line: string | null
  /** Unique for ever in its company. */
  once_key: string | null
  /** Set while a refresh has not begun to be drawn: a second one for the same card folds into it. */
  coalesce_key: string | null
  /** `unknown`: a nudge that may or may not have arrived; `dropped`: there was nothing (more) to say. */
  state: 'pending' | 'sent' | 'paused' | 'dead' | 'unknown' | 'dropped'
  /** Business time, ms: not before. */
  after_at: number
  attempts: Generated<number>
  /** Database time, ms: when it was first tried. */
  first_tried_at: number | null
  /** Set before a message is posted and cleared with its outcome: found set, the outcome is unknown (B5.67). */
  sending_since: number | null
  /** JSON of the conversation it was being posted to. */
  sending_to: string | null
  /** Why it is dead: place-gone, no-identity, refused, exhausted. */
  what: string | null
  why: string | null
  /** `platform:tenant` of the workspace it waits for, while paused (B5.52). */
  held_by: string | null
  /** The dead delivery this one stands in for. */
  cause: number | null
  /** How many dead deliveries lie behind this one. */
  depth: Generated<number>
  /** Business time, ms. */
  created_at: number
  /** Business time, ms. */
  settled_at: number | null
}

/** Each conversation's turn: who sends now, and from when on (database time, so that replicas agree: B5.46, B5.82). */
interface LanesTable {
  company_id: string
  lane: string
  next_at: Generated<number>
  lease_id: string | null
  lease_until: Generated<number>
  /** The instant for which a job was last queued: the sweep trusts it to come before it queues another. */
  job_at: Generated<number>
  /** Business time since when nothing arrives there; null while it works. */
  gone_since: number | null
}

/** The messages we own: at most one live message per (card, subject, audience, platform). */
interface PlacedCardsTable {
  company_id: string
  subject_noun: string
  subject_id: string
  card: string
  lane: string
  platform: 'slack' | 'teams'
  tenant: string
  channel: string
  message: string
  /** Digest of what the message shows, without the ids of its drawings. */
  digest: string
  /** `gone`: the message was deleted by somebody (B5.55). */
  state: 'live' | 'gone'
  /** 1: it missed a redraw while its workspace was away. */
  stale: Generated<number>
  /** How often it was posted afresh after somebody deleted it. */
  reposts: Generated<number>
  posted_at: number
  updated_at: number
}

/** Workspaces that must not be written to for now (`rate`) or until they are installed again (`gone`). */
interface WorkspacePausesTable {
  company_id: string
  platform: 'slack' | 'teams'
  tenant: string
  what: 'rate' | 'gone'
  /** Database time, ms. */
  until_at: number
  why: string
}

/** Background jobs on SQLite; on PostgreSQL pg-boss keeps them in tables of its own. */
interface JobsTable {
  id: Generated<number>
  name: string
  /** Two ready jobs of one name never carry the same key: the second folds into the first. */
  key: string | null
  data: string
  state: 'ready' | 'retry' | 'active' | 'dead'
  /** Database time, ms. */
  due_at: number
  attempts: Generated<number>
  lease_id: string | null
  lease_until: Generated<number>
  last_error: string | null
  created_at: number
}

declare module './schema.ts' {
  interface Schema {
    deliveries: DeliveriesTable
    lanes: LanesTable
    placed_cards: PlacedCardsTable
    workspace_pauses: WorkspacePausesTable
    jobs: JobsTable
  }
}
