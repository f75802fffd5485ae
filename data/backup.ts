import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Database, StorageRefused } from './database.ts'
import { pendingMigrations } from './migrate.ts'
import { livingServer } from './server-lock.ts'
import { loadDriver, openSqlite } from './sqlite.ts'

/**
 * Writes a whole copy of the database to `file` while it is in use, and checks the copy before it gets its
 * name. On PostgreSQL it refuses and names the tool.
 */
export async function backup(database: Database, file: string): Promise<void> {
  const target = resolve(file)
  if (existsSync(target)) {
    throw new StorageRefused(`${target} is already there. A backup never overwrites: give it another name.`)
  }
  if (database.engine === 'sqlite' && !existsSync(dirname(target))) {
    throw new StorageRefused(`The folder ${dirname(target)} does not exist. Make it, or give another place.`)
  }
  const part = `${target}.part`
  try {
    await database.backup(part)
    settleCopy(part)
    renameSync(part, target)
  } finally {
    rmSync(part, { force: true })
  }
}

export interface Restored {
  /** Where the database that was there before is kept; absent when there was none. */
  readonly aside?: string
  /** Migrations that the next start will apply: the backup is from an older version. */
  readonly pending: readonly string[]
}

/**
 * Puts a backup in the database's place. The backup is copied and checked first (whole, and of a version that
 * this one knows), the old file is kept beside it, and the exchange is one rename: killed at any moment there
 * is a database, the old or the new, never none.
 */
export async function restore(url: string, from: string): Promise<Restored> {
  if (!url.startsWith('file:')) {
    throw new StorageRefused(
      'The database is PostgreSQL: restore it with its own tool, for example: ' +
        'pg_restore --clean --if-exists --dbname="$DATABASE_URL" dealdesk.dump',
    )
  }
  const file = resolve(url.slice('file:'.length))
  const source = resolve(from)
  if (!existsSync(source)) throw new StorageRefused(`There is no backup ${source}.`)
  if (source === file) throw new StorageRefused(`${source} is the database itself, not a backup of it.`)
  await refuseBesideServer(file)
  const copy = `${file}.restoring`
  removeDatabase(copy)
  try {
    copyDatabase(source, copy)
    const pending = await checkCopy(copy, source)
    settleCopy(copy)
    const aside = keepAside(file)
    renameSync(copy, file)
    return aside === undefined ? { pending } : { aside, pending }
  } finally {
    removeDatabase(copy)
  }
}

async function refuseBesideServer(file: string): Promise<void> {
  if (!existsSync(file)) return
  let database: Database
  try {
    database = openSqlite({ file })
  } catch {
    // Damaged: nobody can be serving it, and replacing it is what the restore is for.
    return
  }
  try {
    const server = await livingServer(database).catch(() => undefined)
    if (server !== undefined) {
      throw new StorageRefused(
        `A Dealdesk server (process ${server.pid} on ${server.host}) is using ${file}. Stop it, then restore.`,
      )
    }
  } finally {
    // Closing the last connection writes the journal into the file.
    await database.close()
  }
}

async function checkCopy(copy: string, source: string): Promise<string[]> {
  let database: Database | undefined
  try {
    database = openSqlite({ file: copy })
    const pending = await pendingMigrations(database)
    if (pending.includes('0001-foundation')) throw new StorageRefused('it holds no tables of Dealdesk')
    return pending
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(copy, source) : String(error)
    throw new StorageRefused(`${source} was not restored; the database is as it was. ${why}`, {
      cause: error,
    })
  } finally {
    await database?.close()
  }
}

/** Checks every page, forgets who was serving when the copy was taken, and leaves one file without a journal. */
function settleCopy(copy: string): void {
  const Sqlite = loadDriver()
  const connection = new Sqlite(copy)
  try {
    const found = connection.pragma('integrity_check(1)', { simple: true })
    if (found !== 'ok') throw new StorageRefused(`${copy} is damaged: ${String(found)}`)
    connection.prepare('delete from server_locks').run()
    connection.pragma('journal_mode = DELETE')
  } finally {
    connection.close()
  }
}

/** The old database under another name as well, so that its own name is never without a file. */
function keepAside(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const aside = `${file}.before-restore-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  try {
    linkSync(file, aside)
  } catch {
    copyFileSync(file, aside)
  }
  // A journal that closing did not write back belongs to a damaged database; it is kept with it.
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) {
    copyFileSync(`${file}-wal`, `${aside}-wal`)
  }
  rmSync(`${file}-wal`, { force: true })
  rmSync(`${file}-shm`, { force: true })
  return aside
}

function copyDatabase(from: string, to: string): void {
  copyFileSync(from, to)
  if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`)
}

function removeDatabase(file: string): void {
  for (const name of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) rmSync(name, { force: true })
}
