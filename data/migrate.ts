import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Database, type Engine, StorageRefused, type Tx } from './database.ts'
import { columnTypes, type Migration, migrations } from './migrations/index.ts'

interface Applied {
  name: string
  digest: string
}

/** The lock that makes replicas starting together migrate one after the other; any number that is ours alone. */
const advisoryLock = 7_305_001

/** Held against what was applied: white space may change, nothing else. */
const digestOf = (migration: Migration, engine: Engine): string =>
  createHash('sha256')
    .update(
      migration
        .statements(engine, columnTypes[engine])
        .map((each) => each.replace(/\s+/g, ' ').trim())
        .join('\n;\n'),
    )
    .digest('hex')

const appliedIn = async (db: Database['read'] | Tx): Promise<Applied[]> =>
  (await sql<Applied>`select name, digest from migrations order by position`.execute(db)).rows

/** Applies what is missing, each migration in a transaction of its own with the row that records it. Returns the names applied. */
export async function migrate(
  database: Database,
  set: readonly Migration[] = migrations,
  now: () => number = Date.now,
): Promise<string[]> {
  const pending = await pendingMigrations(database, set)
  if (pending.length === 0) return []
  const done: string[] = []
  for (;;) {
    const name = await migrateOne(database, set, now)
    if (name === undefined) return done
    done.push(name)
  }
}

async function migrateOne(
  database: Database,
  set: readonly Migration[],
  now: () => number,
): Promise<string | undefined> {
  const is = columnTypes[database.engine]
  let failing = ''
  try {
    return await database.transact(async (trx) => {
      // The lock is the transaction's: whoever comes second reads the list after the first has committed.
      if (database.engine === 'postgres')
        await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(trx)
      await sql`
        create table if not exists migrations (
          position ${sql.raw(is.int)} primary key,
          name ${sql.raw(is.text)} not null unique,
          digest ${sql.raw(is.text)} not null,
          applied_at ${sql.raw(is.int)} not null
        )${sql.raw(is.strict)}`.execute(trx)
      const applied = await appliedIn(trx)
      refuseAnotherPast(applied, set, database.engine)
      const next = set[applied.length]
      if (next === undefined) return undefined
      failing = next.name
      for (const statement of next.statements(database.engine, is)) await sql.raw(statement).execute(trx)
      await next.run?.(trx, database.engine)
      await sql`insert into migrations (position, name, digest, applied_at)
        values (${applied.length + 1}, ${next.name}, ${digestOf(next, database.engine)}, ${now()})`.execute(
        trx,
      )
      return next.name
    })
  } catch (error) {
    if (failing === '' || error instanceof StorageRefused) throw error
    throw new StorageRefused(
      `The migration ${failing} failed and was undone whole; the database is as it was before it. ` +
        `Mend what it says and start again: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}

/** A database with another history than ours is not served: it would be read by rules it was not written by (B5.69). */
function refuseAnotherPast(applied: readonly Applied[], set: readonly Migration[], engine: Engine): void {
  for (const [at, was] of applied.entries()) {
    const ours = set[at]
    if (ours === undefined) {
      throw new StorageRefused(
        `The database was migrated by a newer version of Dealdesk (it has ${was.name}, which this version does not know). ` +
          'Start that version, or restore a backup that this version wrote.',
      )
    }
    if (ours.name !== was.name) {
      throw new StorageRefused(
        `The database has the migration ${was.name} where this version has ${ours.name}. ` +
          'They come from different histories; restore a backup that this version wrote.',
      )
    }
    if (digestOf(ours, engine) !== was.digest) {
      throw new StorageRefused(
        `The migration ${was.name} was changed after this database had been migrated by it. ` +
          'A change belongs in a new migration; put the old text back.',
      )
    }
  }
}

/** The names of the migrations still to be applied; refuses another past like `migrate`. Changes nothing. */
export async function pendingMigrations(
  database: Database,
  set: readonly Migration[] = migrations,
): Promise<string[]> {
  const known =
    database.engine === 'sqlite'
      ? sql<{ there: number }>`select count(*) as there from sqlite_schema
          where type = 'table' and name = 'migrations'`
      : sql<{ there: number }>`select count(*) as there from information_schema.tables
          where table_schema = current_schema() and table_name = 'migrations'`
  const { rows } = await known.execute(database.read)
  if (rows[0]?.there === 0) return set.map((each) => each.name)
  const applied = await appliedIn(database.read)
  refuseAnotherPast(applied, set, database.engine)
  return set.slice(applied.length).map((each) => each.name)
}
