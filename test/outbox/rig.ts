import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../../data/database.ts'
import { enqueueDeliveries, enqueueRefreshes } from '../../data/outbox.ts'
import { createLedger } from '../../data/outbox-ledger.ts'
import { createPostgresQueue } from '../../data/queue-postgres.ts'
import { createSqliteQueue } from '../../data/queue-sqlite.ts'
import { createOutbox, type Death, type Identity, type Outbox, type OutboxParts } from '../../src/outbox.ts'
import type { Audience, Delivery, Log, Subject } from '../../src/ports.ts'
import { Chat } from './chat.ts'

export const company = 'acme'
export const tenant = 'T1'

/** A person whose DM in the chat is `dm-<person>`. */
export const person = (id: string): Audience => ({ person: id })
export const channel = (id: string): Audience => ({ channel: { platform: 'slack', tenant, id } })
const request = (id: string): Subject => ({ noun: 'discount', id })

export const ask = (to: Audience, id = 'r1', more: Partial<Delivery> = {}): Delivery => ({
  kind: 'ask',
  card: 'approval',
  subject: request(id),
  audience: to,
  ...more,
})
export const tell = (to: Audience, id = 'r1', more: Partial<Delivery> = {}): Delivery => ({
  ...ask(to, id),
  kind: 'tell',
  ...more,
})
export const line = (to: Audience, words: string, id = 'r1'): Delivery => tell(to, id, { line: words })
export const nudge = (to: Audience, id = 'r1', more: Partial<Delivery> = {}): Delivery => ({
  ...ask(to, id),
  kind: 'nudge',
  card: 'nudge',
  ...more,
})

/** Resolves once `done` holds; asked again at every turn of the loop, the deadline is the test's own. */
export async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve))
}

/** Takes everything of the outbox out of a database: sooner done than a new database. */
export async function empty(database: Database): Promise<void> {
  const tables = ['deliveries', 'lanes', 'placed_cards', 'workspace_pauses', 'drawings']
  await database.transact(async (trx) => {
    for (const table of [...tables, database.engine === 'sqlite' ? 'jobs' : 'pgboss.job'])
      await sql.raw(`delete from ${table}`).execute(trx)
  })
}

/** Everything the outbox works with, over one database; several replicas share all but queue and outbox. */
export class Rig {
  readonly database: Database
  readonly chat = new Chat('slack')
  readonly teams = new Chat('teams')
  /** What the cards show, by subject. */
  readonly versions = new Map<string, number>()
  readonly outboxes: Outbox[] = []
  readonly deaths: Death[] = []
  readonly counts: Record<string, number> = {}
  readonly logged: { level: string; fields: object; message: string }[] = []
  now = Date.UTC(2026, 4, 4, 9)
  identities = (id: string): Identity[] => [{ platform: 'slack', tenant, user: id }]
  fallback: (death: Death) => Delivery[] = () => []
  /** Runs inside a draw. */
  onDraw: (delivery: Delivery) => void | Promise<void> = () => undefined
  onlyRedraw = false

  constructor(database: Database) {
    this.database = database
  }

  version(id: string): number {
    return this.versions.get(id) ?? 1
  }

  log(): Log {
    const write = (level: string) => (fields: object, message: string) => {
      this.logged.push({ level, fields, message })
    }
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  }

  async replica(more: Partial<OutboxParts> = {}): Promise<Outbox> {
    const count = (what: string) => {
      this.counts[what] = (this.counts[what] ?? 0) + 1
    }
    const log = this.log()
    const outbox = createOutbox({
      ledger: createLedger(this.database),
      queue:
        this.database.engine === 'sqlite'
          ? createSqliteQueue(this.database, log, { pollMs: 50, retryDelayMs: 20 })
          : await createPostgresQueue(this.database, log, { pollMs: 50, recoverMs: 500 }),
      couriers: [this.chat.courier(), this.teams.courier()],
      draw: async (_company, delivery) => {
        await this.onDraw(delivery)
        const version = this.version(delivery.subject.id)
        const under = delivery.line === undefined ? `v${version}` : `says ${delivery.line}`
        return {
          card: { summary: `${delivery.card} ${delivery.subject.id} ${under}`, blocks: [] },
          drawings: [{ id: randomUUID(), subject: delivery.subject, version, shown: {}, at: this.now }],
          onlyRedraw: this.onlyRedraw,
        }
      },
      identitiesOf: async (_company, id) => this.identities(id),
      fallback: async (_company, death) => {
        this.deaths.push(death)
        return this.fallback(death)
      },
      // It ticks: two readings are never the same instant.
      clock: { now: () => this.now++ },
      log,
      metrics: {
        sent: () => count('sent'),
        retried: (why) => count(`retried ${why}`),
        dead: (what) => count(`dead ${what}`),
        waiting: () => undefined,
      },
      ...more,
      settings: { backOffMs: 20, backOffMostMs: 200, sweepMs: 100, callMs: 2_000, ...more.settings },
    })
    this.outboxes.push(outbox)
    return outbox
  }

  async start(replicas = 1, more: Partial<OutboxParts> = {}): Promise<Outbox> {
    for (let n = 0; n < replicas; n++) await (await this.replica(more)).start()
    return this.outboxes[0]!
  }

  /** Commits deliveries as a change would. */
  async owe(...deliveries: Delivery[]): Promise<void> {
    await this.database.transact((trx) => enqueueDeliveries(trx, company, deliveries, this.now))
    for (const outbox of this.outboxes) outbox.wake()
  }

  /** Moves the record on and commits the redraw of all its cards. */
  async change(id: string): Promise<void> {
    this.versions.set(id, this.version(id) + 1)
    await this.database.transact((trx) => enqueueRefreshes(trx, company, [request(id)], this.now))
    for (const outbox of this.outboxes) outbox.wake()
  }

  async idle(): Promise<void> {
    await this.outboxes[0]!.idle()
  }

  async rows(): Promise<
    { id: number; kind: string; state: string; what: string | null; why: string | null; attempts: number }[]
  > {
    const { rows } = await sql<never>`
      select id, kind, state, what, why, attempts from deliveries order by id`.execute(this.database.read)
    return rows
  }

  async states(): Promise<string[]> {
    return (await this.rows()).map((row) => row.state)
  }

  async placed(): Promise<{ lane: string; message: string; state: string; stale: number }[]> {
    const { rows } = await sql<never>`
      select lane, message, state, stale from placed_cards order by lane, platform`.execute(
      this.database.read,
    )
    return rows
  }

  async stop(): Promise<void> {
    await Promise.all(this.outboxes.map((outbox) => outbox.stop(2_000)))
    this.outboxes.length = 0
  }
}
