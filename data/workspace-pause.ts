import { sql } from 'kysely'
import type { Instant } from '../src/canon/calendar.ts'
import { audienceOf } from '../src/outbox/lane.ts'
import type { Subject } from '../src/ports.ts'
import { type Database, type Tx, toJson } from './database.ts'
import { enqueueJobs } from './jobs.ts'
import { enqueueDeliveries, laneJob } from './outbox.ts'

/** A workspace as a delivery names the one it waits for. */
export const workspaceKey = (workspace: { readonly platform: string; readonly tenant: string }) =>
  toJson([workspace.platform, workspace.tenant])

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

/** Tries every workspace again that was gone: at a start, which is when a token of the environment was replaced. */
export async function resumeAll(database: Database, now: Instant): Promise<void> {
  const { rows } = await sql<{ company_id: string; platform: 'slack' | 'teams'; tenant: string }>`
    select company_id, platform, tenant from workspace_pauses where what = 'gone'`.execute(database.read)
  for (const { company_id, ...workspace } of rows)
    await database.transact((trx) => resumeWorkspace(trx, company_id, workspace, now))
}
