import { PostgresAdapter, type RawBuilder, sql } from 'kysely'
import type { Engine, Reader } from './database.ts'

/** Which database answers behind this connection or transaction. */
export function engineOf(db: Pick<Reader, 'getExecutor'>): Engine {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}

/**
 * The database's own clock in ms since 1970, as an SQL expression. Leases and Retry-After are judged by it
 * alone, because replicas' clocks differ and business time can be moved (B5.82).
 */
export function databaseNow(db: Pick<Reader, 'getExecutor'>): RawBuilder<number> {
  return engineOf(db) === 'sqlite'
    ? sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
    : sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`
}

/** So far the clocks of the database and of a server may be apart, ms: leases go by the one, slots by the other (B5.82). */
export const clocksApartMost = 30_000

/** How far this machine's clock is from the database's, ms. */
export async function clocksApart(db: Reader): Promise<number> {
  const { rows } = await sql<{ now: number }>`select ${databaseNow(db)} as now`.execute(db)
  return Math.abs((rows[0]?.now ?? Number.NaN) - Date.now())
}
