import type { Instant } from '../src/canon/calendar.ts'
import type { Database } from './database.ts'
import { pruneDeliveries } from './dead-letters.ts'
import { pruneReports } from './report.ts'

const day = 86_400_000

/** Longer than any platform retries, so that a late replay still meets its key (Slack: minutes; a day is ample). */
const onceKeysKeptMs = 3 * day

/** Longer than a request lives (14 days) and than anybody clicks in an old card; later clicks are told “out of date”. */
const drawingsKeptMs = 120 * day

/** What was sent stays this long for whoever asks what became of it; what still waits for somebody stays for ever. */
const deliveriesKeptMs = 90 * day

/** Digests are compared with those of a year ago at most; their numbers go with them. */
const reportsKeptMs = 400 * day

/** Rows taken away in one transaction: few enough to keep nobody waiting. */
const batch = 500

/** Takes away what no gesture can need any more. Answers how many rows went. */
export async function prune(
  database: Database,
  now: Instant,
): Promise<{ onceKeys: number; drawings: number; deliveries: number; reports: number }> {
  const onceKeys = await inBatches(() =>
    database.transact(async (trx) => {
      const old = await trx
        .selectFrom('once_keys')
        .select(['company_id', 'key'])
        .where('at', '<', Date.now() - onceKeysKeptMs)
        .limit(batch)
        .execute()
      for (const row of old) {
        await trx
          .deleteFrom('once_keys')
          .where('company_id', '=', row.company_id)
          .where('key', '=', row.key)
          .execute()
      }
      return old.length
    }),
  )
  const drawings = await inBatches(() =>
    database.transact(async (trx) => {
      const old = await trx
        .selectFrom('drawings')
        .select(['company_id', 'id'])
        .where('at', '<', now - drawingsKeptMs)
        .limit(batch)
        .execute()
      for (const row of old) {
        await trx
          .deleteFrom('drawings')
          .where('company_id', '=', row.company_id)
          .where('id', '=', row.id)
          .execute()
      }
      return old.length
    }),
  )
  const deliveries = await inBatches(() => pruneDeliveries(database, now - deliveriesKeptMs, batch))
  const reports = await inBatches(() => pruneReports(database, now - reportsKeptMs, batch))
  return { onceKeys, drawings, deliveries, reports }
}

async function inBatches(one: () => Promise<number>): Promise<number> {
  let total = 0
  for (;;) {
    const gone = await one()
    total += gone
    if (gone < batch) return total
  }
}
