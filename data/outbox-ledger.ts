import { randomUUID } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../src/canon/calendar.ts'
import { audienceOf } from '../src/outbox/lane.ts'
import type {
  Backlog,
  Head,
  Held,
  LaneKey,
  Ledger,
  Pause,
  Placed,
  Posting,
  Result,
  Turn,
} from '../src/outbox/ledger.ts'
import type { Delivery, Drawing, Subject } from '../src/ports.ts'
import { clean, type Database, type Tx } from './database.ts'
import { saveDrawings } from './drawing.ts'
import { databaseNow } from './engine.ts'
import { enqueueJobs } from './jobs.ts'
import { enqueueDeliveries, laneJob } from './outbox.ts'
import { resumeAll, workspaceKey } from './workspace-pause.ts'

/** How long a queued job is trusted to come before the sweep queues the lane again, ms. */
const jobTrustMs = 10_000

/** Most lanes one sweep queues; the next one takes the rest. */
const sweepMost = 200

/** Until when a workspace that is gone is paused: for ever, in the range of exact whole numbers. */
const forEver = 8_640_000_000_000_000

interface DeliveryRow {
  id: number
  kind: Delivery['kind']
  card: string
  subject_noun: Subject['noun']
  subject_id: string
  line: string | null
  once_key: string | null
  attempts: number
  first_tried_at: number | null
  sending_since: number | null
  sending_to: string | null
  depth: number
  why: string | null
  created_at: number
}

interface LaneRow {
  lease_id: string | null
  lease_until: number
  next_at: number
  job_at: number
  gone_since: number | null
  now: number
}

/** The outbox' side of the database, on either engine. */
export function createLedger(database: Database): Ledger {
  const now = databaseNow(database.read)
  return {
    next: (key, at, leaseMs) =>
      database.transact((trx) => next(trx, now, key, undefined, at, leaseMs), afterPowerCut),
    // That a message is about to be posted must be known after a power cut too, or it would be posted twice.
    begin: (held, drawings, to) =>
      database.transact((trx) => begin(trx, now, held, drawings, to), to ? {} : afterPowerCut),
    record: (held, result, at, leaseMs) =>
      database.transact<Turn>(async (trx) => {
        if (!(await record(trx, now, held, result, at))) return { outcome: 'lost' }
        if (leaseMs !== undefined) return next(trx, now, held, held.lease, at, leaseMs)
        const lane = await lockLane(trx, now, held)
        return lane ? giveBack(trx, held, lane, at) : { outcome: 'lost' }
      }, afterPowerCut),
    recover: async (at) => {
      await resumeAll(database, at)
      // On PostgreSQL another replica may be sending: there the leases run out by themselves.
      if (database.engine !== 'sqlite') return
      await database.transact((trx) =>
        sql`update lanes set lease_id = null, job_at = 0 where lease_id is not null`.execute(trx),
      )
    },
    sweep: (at) => sweep(database, now, at),
  }
}

/** What a power cut takes of the outbox' books is found out again: by its lease, or as an unknown outcome (B4). */
const afterPowerCut = { durable: false } as const

type Now = RawBuilder<number>

/** Reads the lane's row and keeps it to ourselves until the transaction ends. */
async function lockLane(trx: Tx, now: Now, { company, lane }: LaneKey): Promise<LaneRow | undefined> {
  // An update that changes nothing, because SQLite has no `for update`; the row's lock is what orders us with
  // another replica that is about to give the lane back.
  const { rows } = await sql<LaneRow>`
    update lanes set job_at = job_at where company_id = ${company} and lane = ${lane}
    returning lease_id, lease_until, next_at, job_at, gone_since, ${now} as now`.execute(trx)
  return rows[0]
}

async function next(
  trx: Tx,
  now: Now,
  key: LaneKey,
  lease: string | undefined,
  at: Instant,
  leaseMs: number,
): Promise<Turn> {
  if (lease === undefined)
    await sql`insert into lanes (company_id, lane) values (${key.company}, ${key.lane})
              on conflict (company_id, lane) do nothing`.execute(trx)
  const lane = await lockLane(trx, now, key)
  if (!lane) return { outcome: 'lost' }
  if (lease !== undefined && lane.lease_id !== lease) return { outcome: 'lost' }
  if (lease === undefined && lane.lease_id !== null && lane.lease_until >= lane.now)
    return { outcome: 'busy' }
  if (lane.next_at > lane.now) return giveBack(trx, key, lane, at)

  const row = await firstDue(trx, key, at)
  if (!row) return giveBack(trx, key, lane, at)

  const { company, lane: name } = key
  const held: Held = { company, lane: name, lease: lease ?? randomUUID(), id: row.id }
  await sql`
    update lanes set lease_id = ${held.lease}, lease_until = ${now} + ${leaseMs}
    where company_id = ${key.company} and lane = ${key.lane}`.execute(trx)
  const tried = { ...row, first_tried_at: firstTriedAt(row, lane) }
  // From here on another refresh of the same card is a row of its own: this one is about to be drawn.
  await sql`
    update deliveries set coalesce_key = null, first_tried_at = ${tried.first_tried_at}
    where id = ${row.id}`.execute(trx)
  return { outcome: 'head', held, head: await headOf(trx, key, lane, tried) }
}

/**
 * Since when it has been tried. The time in which nobody was there to try counts for nothing: a server that was down
 * for three days would otherwise give up on its first attempt (B5.80).
 */
function firstTriedAt({ first_tried_at }: DeliveryRow, lane: LaneRow): number {
  if (first_tried_at === null) return lane.now
  const dueAt = Math.max(first_tried_at, lane.next_at, lane.lease_until)
  return first_tried_at + Math.max(0, lane.now - dueAt)
}

async function firstDue(trx: Tx, key: LaneKey, at: Instant): Promise<DeliveryRow | undefined> {
  const { rows } = await sql<DeliveryRow>`
    select id, kind, card, subject_noun, subject_id, line, once_key, attempts, first_tried_at,
           sending_since, sending_to, depth, why, created_at
    from deliveries
    where company_id = ${key.company} and lane = ${key.lane} and state = 'pending' and after_at <= ${at}
    order by id limit 1`.execute(trx)
  return rows[0]
}

async function headOf(
  trx: Tx,
  key: LaneKey,
  lane: LaneRow,
  row: DeliveryRow & { readonly first_tried_at: number },
): Promise<Head> {
  const { rows: placed } = await sql<PlacedRow>`
    select platform, tenant, channel, message, digest, state, stale, reposts from placed_cards
    where company_id = ${key.company} and subject_noun = ${row.subject_noun} and subject_id = ${row.subject_id}
      and card = ${row.card} and lane = ${key.lane}`.execute(trx)
  const { rows: pauses } = await sql<{
    platform: 'slack' | 'teams'
    tenant: string
    what: Pause['what']
    until_at: number
    why: string
  }>`
    select platform, tenant, what, until_at, why from workspace_pauses
    where company_id = ${key.company} and until_at > ${lane.now}`.execute(trx)
  return {
    delivery: {
      kind: row.kind,
      card: row.card,
      subject: { noun: row.subject_noun, id: row.subject_id },
      audience: audienceOf(key.lane),
      line: row.line ?? undefined,
      once: row.once_key ?? undefined,
    },
    attempts: row.attempts,
    lastWhy: row.why ?? undefined,
    triedForMs: lane.now - row.first_tried_at,
    depth: row.depth,
    createdAt: row.created_at,
    sending:
      row.sending_since === null
        ? undefined
        : { ...(JSON.parse(row.sending_to ?? '{}') as Posting), since: row.sending_since },
    placed: placed.map(placedOf),
    pauses: pauses.map(({ until_at, ...pause }) => ({ ...pause, forMs: until_at - lane.now })),
    goneSince: lane.gone_since ?? undefined,
  }
}

interface PlacedRow {
  platform: 'slack' | 'teams'
  tenant: string
  channel: string
  message: string
  digest: string
  state: 'live' | 'gone'
  stale: number
  reposts: number
}

const placedOf = ({
  platform,
  tenant,
  channel,
  message,
  digest,
  state,
  stale,
  reposts,
}: PlacedRow): Placed => ({
  ref: { platform, tenant, channel, message },
  digest,
  state,
  stale: stale === 1,
  reposts,
})

/** Frees the lane; what is due in it gets a job for the moment the lane may send again. */
async function giveBack(trx: Tx, key: LaneKey, lane: LaneRow, at: Instant): Promise<Turn> {
  const waiting = (await firstDue(trx, key, at)) !== undefined
  const dueAt = Math.max(lane.next_at, lane.now)
  // Always, although other jobs may be on their way: each of them that comes too early leaves one behind, or none
  // would be left when the time has come.
  await sql`
    update lanes set lease_id = null, lease_until = 0, job_at = ${waiting ? dueAt : lane.job_at}
    where company_id = ${key.company} and lane = ${key.lane}`.execute(trx)
  if (waiting) await enqueueJobs(trx, [laneJob(key.company, key.lane, dueAt - lane.now)])
  return waiting ? { outcome: 'done', againMs: dueAt - lane.now } : { outcome: 'done' }
}

async function begin(
  trx: Tx,
  now: Now,
  held: Held,
  drawings: readonly Drawing[],
  to: Posting | undefined,
): Promise<boolean> {
  const lane = await lockLane(trx, now, held)
  if (lane?.lease_id !== held.lease) return false
  await saveDrawings(trx, held.company, drawings)
  if (to)
    await sql`
      update deliveries set sending_since = ${now}, sending_to = ${JSON.stringify(to)}
      where id = ${held.id}`.execute(trx)
  return true
}

async function record(trx: Tx, now: Now, held: Held, result: Result, at: Instant): Promise<boolean> {
  const lane = await lockLane(trx, now, held)
  if (lane?.lease_id !== held.lease) return false
  const { company } = held
  const { rows } = await sql<DeliveryRow>`
    update deliveries set
      state = ${result.state ?? 'pending'},
      attempts = attempts + ${result.attempted ? 1 : 0},
      what = ${result.what ?? null},
      why = ${result.why === undefined ? null : clean(result.why)},
      held_by = ${result.heldBy ? workspaceKey(result.heldBy) : null},
      settled_at = ${result.state === undefined ? null : at},
      sending_since = ${result.stillUnknown ? sql`sending_since` : null},
      sending_to = ${result.stillUnknown ? sql`sending_to` : null}
    where id = ${held.id}
    returning card, subject_noun, subject_id, depth`.execute(trx)
  const row = rows[0]
  if (!row) return false
  if (result.waitMs !== undefined || result.place !== undefined)
    await sql`
      update lanes set
        next_at = ${result.waitMs === undefined ? sql`next_at` : sql`${now} + ${Math.ceil(result.waitMs)}`},
        gone_since = ${
          result.place === undefined
            ? sql`gone_since`
            : result.place === 'works'
              ? null
              : sql`coalesce(gone_since, ${result.place.goneSince})`
        }
      where company_id = ${company} and lane = ${held.lane}`.execute(trx)
  for (const placed of result.placed ?? []) await savePlaced(trx, held, row, placed, at)
  for (const pause of result.pauses ?? []) await savePause(trx, now, company, pause)
  if (result.instead?.length)
    await enqueueDeliveries(trx, company, result.instead, at, { id: held.id, depth: row.depth + 1 })
  return true
}

async function savePlaced(trx: Tx, held: Held, row: DeliveryRow, placed: Placed, at: Instant): Promise<void> {
  const { ref } = placed
  await sql`
    insert into placed_cards (company_id, subject_noun, subject_id, card, lane, platform, tenant, channel, message,
                              digest, state, stale, reposts, posted_at, updated_at)
    values (${held.company}, ${row.subject_noun}, ${row.subject_id}, ${row.card}, ${held.lane}, ${ref.platform},
            ${ref.tenant}, ${ref.channel}, ${ref.message}, ${placed.digest}, ${placed.state},
            ${placed.stale ? 1 : 0}, ${placed.reposts}, ${at}, ${at})
    on conflict (company_id, subject_noun, subject_id, card, lane, platform) do update set
      tenant = excluded.tenant, channel = excluded.channel, message = excluded.message,
      digest = excluded.digest, state = excluded.state, stale = excluded.stale, reposts = excluded.reposts,
      updated_at = excluded.updated_at`.execute(trx)
}

async function savePause(trx: Tx, now: Now, company: string, pause: Pause): Promise<void> {
  const until = pause.what === 'gone' ? sql`${forEver}` : sql`${now} + ${Math.ceil(pause.forMs)}`
  // A later word never shortens an earlier one: what is gone stays gone until it is installed again.
  await sql`
    insert into workspace_pauses (company_id, platform, tenant, what, until_at, why)
    values (${company}, ${pause.platform}, ${pause.tenant}, ${pause.what}, ${until}, ${clean(pause.why)})
    on conflict (company_id, platform, tenant) do update set
      what = excluded.what, until_at = excluded.until_at, why = excluded.why
    where workspace_pauses.until_at < excluded.until_at`.execute(trx)
}

async function sweep(database: Database, now: Now, at: Instant): Promise<Backlog> {
  const due = sql`
    from deliveries d left join lanes l on l.company_id = d.company_id and l.lane = d.lane
    where d.state = 'pending' and d.after_at <= ${at}`
  const forgotten = sql`
    ${due}
      and coalesce(l.next_at, 0) <= ${now}
      and ((l.lease_id is null and coalesce(l.job_at, 0) < ${now} - ${jobTrustMs})
        or (l.lease_id is not null and l.lease_until < ${now}))`
  const { rows: counts } = await sql<{ pending: number; oldest: number | null }>`
    select count(*) as pending, min(d.created_at) as oldest ${due}`.execute(database.read)
  const pending = counts[0]?.pending ?? 0
  const oldest = counts[0]?.oldest ?? null
  const { rows: lanes } =
    pending === 0
      ? { rows: [] }
      : await sql<{ company_id: string; lane: string }>`
          select distinct d.company_id, d.lane ${forgotten}
          order by d.company_id, d.lane limit ${sweepMost}`.execute(database.read)
  if (lanes.length > 0)
    await database.transact(async (trx) => {
      for (const { company_id, lane } of lanes)
        await sql`
          insert into lanes (company_id, lane, job_at) values (${company_id}, ${lane}, ${now})
          on conflict (company_id, lane) do update set job_at = excluded.job_at`.execute(trx)
      await enqueueJobs(
        trx,
        lanes.map(({ company_id, lane }) => laneJob(company_id, lane)),
      )
    }, afterPowerCut)
  return { pending, oldestMs: oldest === null ? 0 : Math.max(0, at - oldest), queued: lanes.length }
}
