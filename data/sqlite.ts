import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { type Driver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { type Database, StorageError, StorageFull, StorageRefused } from './database.ts'
import type { Schema } from './schema.ts'
import { codeOf, FileConnection, ReadDriver, Reads, WriteTurns } from './sqlite-driver.ts'
import { runDirectly } from './statement.ts'

export interface SqliteOptions {
  /** The database file. */
  readonly file: string
  /** Make the file's folder where it is missing: for the default place only, a mistyped path must be said. */
  readonly makeFolder?: boolean
  /** How long a write waits for another process's transaction, ms. */
  readonly patienceMs?: number
  /** How long one transaction may keep the next one of this process waiting before that is called a mistake, ms. */
  readonly turnMs?: number
  /** Runs once on the writing connection (tests set `max_page_count` here). */
  readonly onWriter?: (connection: BetterSqlite3.Database) => void
}

const restoreHint = 'Restore a backup into its place with: npm run dealdesk -- restore BACKUP-FILE'

/**
 * Opens a SQLite file: one writing connection whose transactions begin IMMEDIATE (a deferred one fails at once
 * with SQLITE_BUSY_SNAPSHOT when it turns to writing, B3.9) and one read-only connection that waits for nobody.
 */
export function openSqlite(options: SqliteOptions): Database {
  const file = resolve(options.file)
  const fresh = refuseUnfitFile(file, options.makeFolder ?? false)
  const Sqlite = loadDriver()
  const writer = open(Sqlite, file, fresh)
  options.onWriter?.(writer)
  const turns = new WriteTurns(writer, options.patienceMs ?? 5_000, options.turnMs ?? 10_000)
  const write = kysely(turns.driver(true))
  const writeLoosely = kysely(turns.driver(false))
  const reader = new Sqlite(file, { readonly: true, timeout: 250 })
  const reading = new Reads(new FileConnection(reader), turns)
  const read = kysely(new ReadDriver(reading))
  runDirectly(read, reading)
  return {
    engine: 'sqlite',
    read,
    transact: async (work, { durable = true } = {}) => {
      try {
        return await (durable ? write : writeLoosely).transaction().execute(async (trx) => {
          const end = runDirectly(trx, turns.current!)
          try {
            return await work(trx)
          } finally {
            end()
          }
        })
      } catch (error) {
        throw troubleOf(error, file)
      }
    },
    backup: async (target) => {
      await writer.backup(target)
    },
    close: async () => {
      await read.destroy()
      await write.destroy()
      await writeLoosely.destroy()
      // Kysely ends only what it has begun to use; an open connection would keep the file locked.
      reader.close()
      writer.close()
    },
  }
}

/** True when there is no file yet. Throws StorageRefused with the path and the way out. */
function refuseUnfitFile(file: string, makeFolder: boolean): boolean {
  const folder = dirname(file)
  if (!existsSync(folder)) {
    if (!makeFolder) {
      throw new StorageRefused(
        `DATABASE_URL names ${file}, but the folder ${folder} does not exist. Make it, or correct the path.`,
      )
    }
    try {
      mkdirSync(folder, { recursive: true })
    } catch (error) {
      throw new StorageRefused(
        `The folder ${folder} for the database could not be made (${messageOf(error)}). ` +
          'Make it writable, or point DATABASE_URL=file:PATH at a folder that is.',
        { cause: error },
      )
    }
  }
  try {
    accessSync(folder, constants.W_OK)
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK)
  } catch (error) {
    throw readOnly(file, error)
  }
  if (!existsSync(file)) {
    // A journal without its database is a lost database, not a new one.
    if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) {
      throw new StorageRefused(
        `${file} is gone but its journal ${file}-wal is still there; starting would lose what it holds. ${restoreHint}`,
      )
    }
    return true
  }
  if (!statSync(file).isFile()) throw corrupt(file, 'it is not a file')
  const { size } = statSync(file)
  if (size === 0) return true
  const head = Buffer.alloc(100)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, head, 0, 100, 0)
  } finally {
    closeSync(handle)
  }
  if (head.toString('latin1', 0, 16) !== 'SQLite format 3\0') throw corrupt(file, 'it is not a database')
  const pageSize = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16)
  const journal = existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0
  // The header counts the pages; a file that ends before them was cut off. With a journal the count may run ahead.
  if (journal === 0 && head.readUInt32BE(28) * pageSize > size) throw corrupt(file, 'its end is missing')
  return false
}

const corrupt = (file: string, why: string, cause?: unknown) =>
  new StorageRefused(
    `${file} cannot be used as Dealdesk's database: ${why}. It was left as it is. ${restoreHint}`,
    { cause },
  )

const readOnly = (file: string, cause: unknown) =>
  new StorageRefused(
    `${file} or its folder cannot be written to (${messageOf(cause)}). ` +
      `Give this process write access, or point DATABASE_URL=file:PATH elsewhere. Is the file damaged? ${restoreHint}`,
    { cause },
  )

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

type Constructor = typeof BetterSqlite3

/** Loads better-sqlite3, refusing by name what would crash the process without a word. */
export function loadDriver(): Constructor {
  const require = createRequire(import.meta.url)
  const { version } = require('better-sqlite3/package.json') as { version: string }
  refuseDriverVersion(version, process.versions.node)
  try {
    const Sqlite = require('better-sqlite3') as Constructor
    new Sqlite(':memory:').close()
    return Sqlite
  } catch (error) {
    throw new StorageRefused(
      `better-sqlite3 could not be loaded on Node ${process.versions.node} (${messageOf(error).split('\n')[0]}). ` +
        'Build it for this Node with: npm rebuild better-sqlite3',
      { cause: error },
    )
  }
}

/** better-sqlite3 13 takes the process down on Node 20 without an error to catch. */
export function refuseDriverVersion(driver: string, node: string): void {
  if (Number.parseInt(driver, 10) >= 13 && Number.parseInt(node, 10) < 22) {
    throw new StorageRefused(
      `better-sqlite3 ${driver} crashes on Node ${node}. Install the version of package-lock.json with: npm ci`,
    )
  }
}

function open(Sqlite: Constructor, file: string, fresh: boolean): BetterSqlite3.Database {
  let connection: BetterSqlite3.Database | undefined
  try {
    connection = new Sqlite(file, { timeout: 250 })
    if (fresh) connection.pragma('page_size = 8192')
    connection.pragma('journal_mode = WAL')
    // WAL opens with synchronous = NORMAL, which may forget the last commits when the power fails (B3.8, B5.74).
    connection.pragma('synchronous = FULL')
    connection.pragma('foreign_keys = ON')
    connection.pragma('temp_store = MEMORY')
    // From here on waiting is done where a transaction begins, where it holds up nobody.
    connection.pragma('busy_timeout = 0')
    connection.prepare('select count(*) from sqlite_schema').get()
    return connection
  } catch (error) {
    connection?.close()
    const code = codeOf(error)
    if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
      throw corrupt(file, messageOf(error), error)
    }
    if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) throw readOnly(file, error)
    if (code.startsWith('SQLITE_BUSY')) {
      throw new StorageRefused(`${file} is held by another process. Stop that process and start again.`, {
        cause: error,
      })
    }
    throw error
  }
}

function troubleOf(error: unknown, file: string): unknown {
  const code = codeOf(error)
  if (code.startsWith('SQLITE_FULL')) return new StorageFull({ cause: error })
  if (code.startsWith('SQLITE_BUSY')) {
    return new StorageError(
      'busy',
      'Not saved: the database is busy with something long. Try again in a moment.',
      {
        cause: error,
      },
    )
  }
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN')) {
    return new StorageError('unavailable', `Not saved: ${file} cannot be written (${messageOf(error)}).`, {
      cause: error,
    })
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return new StorageError('read-only', `Not saved: ${file} is read-only.`, { cause: error })
  }
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return new StorageError('corrupt', `Not saved: ${file} is damaged. Stop, and: ${restoreHint}`, {
      cause: error,
    })
  }
  return error
}

const kysely = (driver: Driver) =>
  new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
