import { sql } from 'kysely'
import type { Reader, Tx } from './database.ts'

/**
 * Claims a schedule's slot for a company. Exactly one of any number of claimers is told true, and an older slot
 * than the last is never claimed again, whatever the replicas' clocks do (B5.78, B5.81, B3.12).
 */
export async function claimSlot(trx: Tx, name: string, company: string, slot: string): Promise<boolean> {
  const { rows } = await sql<{ last: string }>`
    insert into slots (company_id, name, last, claimed_at)
    values (${company}, ${name}, ${slot}, ${Date.now()})
    on conflict (company_id, name)
      do update set last = excluded.last, claimed_at = excluded.claimed_at where slots.last < excluded.last
    returning last`.execute(trx)
  return rows.length === 1
}

/** The newest slot of a schedule that was claimed, for the catch-up after downtime (B5.80). */
export async function lastSlot(db: Reader, name: string, company: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('slots')
    .select('last')
    .where('company_id', '=', company)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.last
}
