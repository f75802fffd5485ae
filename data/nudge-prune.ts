import type { Instant } from '../src/canon/calendar.ts'
import type { NudgeBundle } from '../src/canon/nudge.ts'
import type { Database, Tx } from './database.ts'
import type {} from './schema-nudge.ts'
import { on } from './statement.ts'

interface Key {
  company: string
  id: string
}

/**
 * Nudges that nobody is told of any more and that were raised before `before`, at most `batch`. What is open, snoozed
 * or muted stays for ever: never again means never. A cause that stands after all that time is told anew.
 */
export const pruneNudges = (database: Database, before: Instant, batch: number): Promise<number> =>
  database.transact(async (trx) => {
    const { rows } = await on<Key>(trx)`
      select company_id as company, id from nudges where live = 0 and raised_at < ${before}
      order by raised_at limit ${batch}`
    for (const { company, id } of rows) {
      await on(trx)`delete from nudge_bundle_items where company_id = ${company} and nudge_id = ${id}`
      await on(trx)`delete from nudges where company_id = ${company} and id = ${id}`
    }
    return rows.length
  })

/** Messages sent before `before`, at most `batch`: their buttons are out of date, and nothing redraws them. */
export const pruneNudgeBundles = (database: Database, before: Instant, batch: number): Promise<number> =>
  database.transact(async (trx) => {
    const { rows } = await on<Key & { body: string }>(trx)`
      select company_id as company, id, body from nudge_bundles where at < ${before} order by at limit ${batch}`
    for (const { company, id, body } of rows) {
      await forgetItems(trx, company, JSON.parse(body) as NudgeBundle)
      await on(trx)`delete from nudge_bundles where company_id = ${company} and id = ${id}`
    }
    return rows.length
  })

/** By nudge, as their key begins. */
async function forgetItems(trx: Tx, company: string, { id, items }: NudgeBundle): Promise<void> {
  for (const { nudge } of items)
    await on(trx)`
      delete from nudge_bundle_items
      where company_id = ${company} and nudge_id = ${nudge} and bundle_id = ${id}`
}

/** What was counted of local days before `before`, at most `batch` rows: a budget is a day's. */
export const pruneNudgeCounts = (database: Database, before: string, batch: number): Promise<number> =>
  database.transact(async (trx) => {
    const { rows } = await on<{ company: string; ear: string; day: string }>(trx)`
      select company_id as company, ear, day from nudge_counts where day < ${before} order by day limit ${batch}`
    for (const { company, ear, day } of rows)
      await on(trx)`delete from nudge_counts where company_id = ${company} and ear = ${ear} and day = ${day}`
    return rows.length
  })
