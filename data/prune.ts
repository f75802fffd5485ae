import { addDays, type Instant, localDate } from '../src/canon/calendar.ts'
import type { Database } from './database.ts'
import { pruneDeliveries } from './dead-letters.ts'
import { pruneNudgeBundles, pruneNudgeCounts, pruneNudges } from './nudge-prune.ts'
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

/** How useful nudges were is asked of the month before, and their trend of a year, as of reports. */
const nudgesKeptMs = 400 * day

/** As long as the buttons of a message do anything: the drawings they stand on. */
const nudgeMessagesKeptMs = drawingsKeptMs

/** A budget is a day's; a few more for whoever's day begins elsewhere, and for a clock that is set back (B5.82). */
const nudgeCountsKeptDays = 30

/** Rows taken away in one transaction: few enough to keep nobody waiting. */
const batch = 500

/** How many rows of each went. */
export type Pruned = Readonly<
  Record<
    'onceKeys' | 'drawings' | 'deliveries' | 'reports' | 'nudges' | 'nudgeMessages' | 'nudgeCounts',
    number
  >
>

/** Takes away what no gesture can need any more. Answers how many rows went. */
export async function prune(database: Database, now: Instant): Promise<Pruned> {
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
  const nudges = await inBatches(() => pruneNudges(database, now - nudgesKeptMs, batch))
  const nudgeMessages = await inBatches(() => pruneNudgeBundles(database, now - nudgeMessagesKeptMs, batch))
  const counted = addDays(localDate(now, 'UTC'), -nudgeCountsKeptDays)
  const nudgeCounts = await inBatches(() => pruneNudgeCounts(database, counted, batch))
  return { onceKeys, drawings, deliveries, reports, nudges, nudgeMessages, nudgeCounts }
}

async function inBatches(one: () => Promise<number>): Promise<number> {
  let total = 0
  for (;;) {
    const gone = await one()
    total += gone
    if (gone < batch) return total
  }
}
