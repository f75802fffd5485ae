import type { Change } from '../src/ports.ts'
import { type Reader, type Tx, toJson } from './database.ts'
import { on } from './statement.ts'

export interface Seen {
  readonly fingerprint: string
  readonly reply: unknown
}

/** The reply that a gesture got when it was committed. */
export async function seen(db: Reader, company: string, key: string): Promise<Seen | undefined> {
  const { rows } = await on<Seen & { reply: string }>(db)`
    select fingerprint, reply from once_keys where company_id = ${company} and key = ${key}`
  const row = rows[0]
  return row === undefined
    ? undefined
    : { fingerprint: row.fingerprint, reply: JSON.parse(row.reply) as unknown }
}

/**
 * Takes a gesture's key for this transaction; answers what was stored where it was taken before (B5.22). On
 * PostgreSQL a second transaction with the same key waits here for the first one's end.
 */
export async function takeOnce(
  trx: Tx,
  company: string,
  once: NonNullable<Change['once']>,
): Promise<Seen | undefined> {
  // Wall time, not business time: how long a platform may retry does not move with the playground's clock.
  const { numAffectedRows } = await on(trx)`
    insert into once_keys (company_id, key, fingerprint, reply, at)
    values (${company}, ${once.key}, ${once.fingerprint}, ${toJson(once.reply ?? null)}, ${Date.now()})
    on conflict (company_id, key) do nothing`
  return numAffectedRows === 1n ? undefined : seen(trx, company, once.key)
}
