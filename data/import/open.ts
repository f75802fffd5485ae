import type BetterSqlite3 from 'better-sqlite3'
import { livingServer } from '../server-lock.ts'
import { createStore, type DataStore, type StoreOptions, storeOn } from '../store.ts'

/**
 * The journal is written back every so many rows: beside a server before it grows over some 20 MB, which the
 * server's next commit would have to write back itself.
 */
const journalRows = { beside: 2_500, alone: 20_000 } as const

/** A store for importing, and what to do between its steps. */
export interface ImportStore {
  readonly store: DataStore
  /** Between two steps, while nothing is locked: writes the journal back when it has grown. */
  readonly breathe: () => Promise<void>
  /** After the import: everything is on the disk. */
  readonly settle: () => void
}

/**
 * Opens the database for an import by a process of its own. On SQLite its commits do not wait for the disk one by
 * one: a power cut may lose the newest chunks of an import, never their order, so it is found unfinished and goes
 * on; `settle` puts all of it on the disk. A server beside it keeps its own, stricter setting: its commits are on
 * the disk when it says so, and everything written before them with them. The journal is written back between
 * the chunks and not within their commits, so that nobody waits for it.
 */
export async function openForImport(options: StoreOptions): Promise<ImportStore> {
  if (!options.url.startsWith('file:'))
    return { store: await createStore(options), breathe: async () => {}, settle: () => {} }
  const { openSqlite } = await import('../sqlite.ts')
  let writer: BetterSqlite3.Database | undefined
  const database = openSqlite({
    file: options.url.slice('file:'.length),
    makeFolder: options.makeFolder ?? false,
    onWriter: (connection) => {
      writer = connection
    },
  })
  try {
    // Migrations come first, with every commit on the disk.
    const store = await storeOn(database, options)
    writer?.pragma('synchronous = NORMAL')
    writer?.pragma('wal_autocheckpoint = 0')
    writer?.pragma('cache_size = -98304')
    let written = 0
    return {
      store,
      breathe: async () => {
        const changes = writer?.prepare('select total_changes() as n').pluck().get() as number
        if (changes - written < journalRows.beside) return
        if (changes - written < journalRows.alone && (await livingServer(database)) === undefined) return
        written = changes
        writer?.pragma('wal_checkpoint(PASSIVE)')
      },
      settle: () => {
        writer?.pragma('synchronous = FULL')
        writer?.pragma('wal_checkpoint(PASSIVE)')
      },
    }
  } catch (error) {
    await database.close().catch(() => {})
    throw error
  }
}
