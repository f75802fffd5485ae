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

/** The database's own clock, ms since 1970, for holding it against ours (B5.82). */
export async function databaseTime(db: Reader): Promise<number> {
  const { rows } = await sql<{ now: number }>`select ${databaseNow(db)} as now`.execute(db)
  return rows[0]?.now ?? Number.NaN
}
