import { sql } from 'kysely'
import type { Instant } from '../src/canon/calendar.ts'
import type { Database, Tx } from './database.ts'
import { enqueueJobs } from './jobs.ts'
import { laneJob } from './outbox.ts'

/** Sends a dead or unknown delivery again, with all its attempts before it. False: there is no such one (any more). */
export async function retryDead(trx: Tx, company: string, id: string): Promise<boolean> {
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
}

/** Takes a delivery off the list for good. False: there is no such one (any more). */
export async function dismissDead(trx: Tx, company: string, id: string, now: Instant): Promise<boolean> {
  const { rows } = await sql`
    update deliveries set state = 'dropped', settled_at = ${now}
    where company_id = ${company} and id = ${idOf(id)} and state in ('dead', 'unknown', 'paused')
    returning id`.execute(trx)
  return rows.length > 0
}

/** Ids come from a click and may be anything; one that is no whole number is nobody's. */
const idOf = (id: string): number => (/^\d{1,15}$/.test(id) ? Number(id) : -1)

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
