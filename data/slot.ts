import { sql } from 'kysely'
import type { Reader, Tx } from './database.ts'
import { databaseNow } from './engine.ts'

/** A claim this far in what is now the future was made before the database's clock was set back, ms. */
const setBackMs = 5_000

/**
 * Claims one turn of a sweep: true for one of any number of replicas, and again `everyMs` later. Only the database's time
 * counts, so that a clock that is set back, a replica's or the database's own, keeps no sweep from its work (B5.82).
 */
export async function claimTurn(trx: Tx, name: string, everyMs: number): Promise<boolean> {
  const now = databaseNow(trx)
  const { rows } = await sql<{ name: string }>`
    insert into slots (company_id, name, last, claimed_at)
    values ('*', ${name}, '', ${now})
    on conflict (company_id, name)
      do update set claimed_at = excluded.claimed_at
      where slots.claimed_at <= ${now} - ${everyMs} or slots.claimed_at > ${now} + ${setBackMs}
    returning name`.execute(trx)
  return rows.length === 1
}

/**
 * Claims a schedule's slot for a company. Exactly one of any number of claimers is told true, and an older slot than the
 * last is never claimed again, whatever the replicas' clocks do (B5.78, B5.81, B3.12). It is held until `finishSlot`, at
 * most `leaseMs` of the database's time, after which somebody else takes it up where it was cut off (B5.68, B5.82).
 */
export async function takeSlot(
  trx: Tx,
  name: string,
  company: string,
  slot: string,
  leaseMs: number,
): Promise<boolean> {
  const now = databaseNow(trx)
  const { rows } = await sql<{ last: string }>`
    insert into slots (company_id, name, last, claimed_at, finished, held_until)
    values (${company}, ${name}, ${slot}, ${now}, 0, ${now} + ${leaseMs})
    on conflict (company_id, name)
      do update set last = excluded.last, claimed_at = excluded.claimed_at, finished = 0,
                    held_until = excluded.held_until
      where slots.last < excluded.last
         or (slots.last = excluded.last and slots.finished = 0
             and (slots.held_until < ${now} or slots.held_until > ${now} + ${leaseMs + setBackMs}))
    returning last`.execute(trx)
  return rows.length === 1
}

/** The slot was worked off whole. */
export async function finishSlot(trx: Tx, name: string, company: string, slot: string): Promise<void> {
  await sql`update slots set finished = 1, held_until = null
    where company_id = ${company} and name = ${name} and last = ${slot}`.execute(trx)
}

/** Lets go of what a server held that is no more: on SQLite there is only one, and it has just started. */
export async function releaseSlots(trx: Tx): Promise<void> {
  await sql`update slots set held_until = 0 where finished = 0`.execute(trx)
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
