import type { Change } from '../src/ports.ts'
import { type Reader, type Tx, toJson } from './database.ts'

export interface Seen {
  readonly fingerprint: string
  readonly reply: unknown
}

/** The reply that a gesture got when it was committed. */
export async function seen(db: Reader, company: string, key: string): Promise<Seen | undefined> {
  const row = await db
    .selectFrom('once_keys')
    .select(['fingerprint', 'reply'])
    .where('company_id', '=', company)
    .where('key', '=', key)
    .executeTakeFirst()
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
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('once_keys')
    .values({
      company_id: company,
      key: once.key,
      fingerprint: once.fingerprint,
      reply: toJson(once.reply ?? null),
      // Wall time, not business time: how long a platform may retry does not move with the playground's clock.
      at: Date.now(),
    })
    .onConflict((conflict) => conflict.columns(['company_id', 'key']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n ? undefined : seen(trx, company, once.key)
}
