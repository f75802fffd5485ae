import { sql } from 'kysely'
import type { Instant } from '../src/canon/calendar.ts'
import { audienceOf } from '../src/outbox/lane.ts'
import type { Subject } from '../src/ports.ts'
import type { Database, Tx } from './database.ts'
import { enqueueJobs } from './jobs.ts'
import { enqueueDeliveries, laneJob } from './outbox.ts'
import { workspaceKey } from './outbox-ledger.ts'

/** Sends a dead or unknown delivery again, with all its attempts before it. False: there is no such one (any more). */
export function retryDead(database: Database, company: string, id: string): Promise<boolean> {
  return database.transact(async (trx) => {
    // An unknown nudge keeps nothing of its first attempt: whoever asks for it again wants it sent.
    const { rows } = await sql<{ lane: string }>`
      update deliveries set state = 'pending', attempts = 0, first_tried_at = null, what = null, why = null,
        settled_at = null, sending_since = null, sending_to = null
      where company_id = ${company} and id = ${idOf(id)} and state in ('dead', 'unknown')
      returning lane`.execute(trx)
    const row = rows[0]
    if (!row) return false
    await enqueueJobs(trx, [laneJob(company, row.lane)])
    return true
  })
}

/** Takes a delivery off the list for good. False: there is no such one (any more). */
export function dismissDead(database: Database, company: string, id: string, now: Instant): Promise<boolean> {
  return database.transact(async (trx) => {
    const { rows } = await sql`
      update deliveries set state = 'dropped', settled_at = ${now}
      where company_id = ${company} and id = ${idOf(id)} and state in ('dead', 'unknown', 'paused')
      returning id`.execute(trx)
    return rows.length > 0
  })
}

/** Ids come from a click and may be anything; one that is no whole number is nobody's. */
const idOf = (id: string): number => (/^\d{1,15}$/.test(id) ? Number(id) : -1)

/**
 * The app is installed again in this workspace (B5.52): what waited for it is sent and cards that missed a redraw
 * get it; nudges of the time away are dropped, because what they reminded of has passed.
 */
export async function resumeWorkspace(
  trx: Tx,
  company: string,
  workspace: { readonly platform: 'slack' | 'teams'; readonly tenant: string },
  now: Instant,
): Promise<void> {
  const { platform, tenant } = workspace
  await sql`delete from workspace_pauses
            where company_id = ${company} and platform = ${platform} and tenant = ${tenant}`.execute(trx)
  const heldBy = workspaceKey(workspace)
  await sql`
    update deliveries set state = 'dropped', settled_at = ${now}, why = 'its workspace was away when it was due'
    where company_id = ${company} and state = 'paused' and held_by = ${heldBy} and kind = 'nudge'`.execute(
    trx,
  )
  const { rows } = await sql<{ lane: string }>`
    update deliveries set state = 'pending', held_by = null, why = null, settled_at = null, attempts = 0,
      first_tried_at = null
    where company_id = ${company} and state = 'paused' and held_by = ${heldBy}
    returning lane`.execute(trx)
  const { rows: stale } = await sql<{
    card: string
    lane: string
    subject_noun: Subject['noun']
    subject_id: string
  }>`
    select card, lane, subject_noun, subject_id from placed_cards
    where company_id = ${company} and platform = ${platform} and tenant = ${tenant}
      and state = 'live' and stale = 1`.execute(trx)
  await enqueueDeliveries(
    trx,
    company,
    stale.map(({ card, lane, subject_noun, subject_id }) => ({
      kind: 'refresh' as const,
      card,
      subject: { noun: subject_noun, id: subject_id },
      audience: audienceOf(lane),
    })),
    now,
  )
  await enqueueJobs(
    trx,
    [...new Set(rows.map(({ lane }) => lane))].map((lane) => laneJob(company, lane)),
  )
}

/** Forgets what was settled before `before`, a batch at a time; once-keys and what waits for somebody stay. Returns how many went. */
export function pruneDeliveries(database: Database, before: Instant, most = 1_000): Promise<number> {
  return database.transact(async (trx) => {
    const { rows } = await sql`
      delete from deliveries where id in (
        select id from deliveries
        where state in ('sent', 'dropped') and once_key is null and settled_at < ${before}
        order by id limit ${most})
      returning id`.execute(trx)
    return rows.length
  })
}
