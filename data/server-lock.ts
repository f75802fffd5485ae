import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type Database, StorageRefused } from './database.ts'

const name = 'server'

/** How often the holder says that it lives, and after which silence it is taken for dead, ms. */
const beatMs = 5_000
const silenceMs = 20_000

export interface ServerClaim {
  /** Gives the place back; the next server starts at once. */
  release(): Promise<void>
}

/** The claims of this process: a row with our pid is ours only when its token is here (a container's pid is always 1). */
const ours = new Set<string>()

/**
 * Makes this process the one server of a SQLite file; a second one is refused with the holder's name (B5.75).
 * A holder that died is known by its pid on this machine, or by its silence. `onLost` is called when somebody
 * took over: this process slept too long and must stop. PostgreSQL serves any number of replicas.
 */
export async function claimServer(database: Database, onLost: () => void): Promise<ServerClaim> {
  if (database.engine === 'postgres') return { release: async () => {} }
  const token = randomUUID()
  await database.transact(async (trx) => {
    const now = Date.now()
    const held = await trx.selectFrom('server_locks').selectAll().where('name', '=', name).executeTakeFirst()
    if (held !== undefined && lives(held, now)) {
      throw new StorageRefused(
        `Another Dealdesk server (process ${held.pid} on ${held.host}) is using this database since ` +
          `${new Date(held.started_at).toISOString()}. Stop it first; one SQLite file serves one server. ` +
          'For several replicas set DATABASE_URL to a PostgreSQL server.',
      )
    }
    const row = { name, token, pid: process.pid, host: hostname(), started_at: now, beat_at: now }
    await trx
      .insertInto('server_locks')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
      .execute()
  })
  ours.add(token)
  const timer = setInterval(() => {
    void beat(database, token).then(
      (still) => {
        if (still) return
        clearInterval(timer)
        ours.delete(token)
        onLost()
      },
      // A beat that fails (disk full, busy) is made up for by the next one.
      () => {},
    )
  }, beatMs)
  timer.unref()
  return {
    release: async () => {
      clearInterval(timer)
      ours.delete(token)
      await database.transact((trx) => trx.deleteFrom('server_locks').where('token', '=', token).execute())
    },
  }
}

/** The server that is using the database now. */
export async function livingServer(database: Database): Promise<{ pid: number; host: string } | undefined> {
  const held = await database.read
    .selectFrom('server_locks')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst()
  return held !== undefined && lives(held, Date.now()) ? { pid: held.pid, host: held.host } : undefined
}

async function beat(database: Database, token: string): Promise<boolean> {
  const { numUpdatedRows } = await database.transact((trx) =>
    trx
      .updateTable('server_locks')
      .set({ beat_at: Date.now() })
      .where('token', '=', token)
      .executeTakeFirst(),
  )
  return numUpdatedRows === 1n
}

function lives(held: { token: string; pid: number; host: string; beat_at: number }, now: number): boolean {
  if (now - held.beat_at > silenceMs) return false
  if (held.host !== hostname()) return true
  if (held.pid === process.pid) return ours.has(held.token)
  try {
    process.kill(held.pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
