import { setTimeout as delay } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { type Database, StorageError, StorageFull, StorageRefused, type Tx } from './database.ts'
import type { Schema } from './schema.ts'

export interface PostgresOptions {
  readonly url: string
  /** Connections this process may hold. */
  readonly poolSize?: number
  /** How long to wait for a connection, ms. */
  readonly connectMs?: number
  /** How long to wait for a statement's answer before the connection is given up, ms. */
  readonly answerMs?: number
  /** Told of connections that broke while nobody used them; the pool replaces them. */
  readonly onIdleError?: (error: Error) => void
}

/** How often a transaction that lost to another one is run again, whole, before the person is told. */
const attempts = 6

const serializationFailure = '40001'
const deadlockDetected = '40P01'

/** Opens a pool on PostgreSQL with every wait bounded: an unreachable server is an error within seconds, never a hang (B5.76). */
export function openPostgres(options: PostgresOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectMs ?? 5_000,
    // The server ends what runs too long; the client stops waiting a little later, when no answer comes at all.
    statement_timeout: 30_000,
    query_timeout: options.answerMs ?? 35_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 15_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'dealdesk',
    types: { getTypeParser },
  })
  // Without a listener a broken idle connection ends the process.
  pool.on('error', (error) => options.onIdleError?.(error))
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: { connect: () => connected(pool), end: () => pool.end() } }),
  })
  const read = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: { connect: () => reading(pool), end: async () => {} } }),
  })
  return {
    engine: 'postgres',
    read,
    transact: async (work, { durable = true } = {}) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await db
            .transaction()
            .setIsolationLevel('read committed')
            .execute(durable ? work : loosely(work))
        } catch (error) {
          const code = codeOf(error)
          if ((code !== serializationFailure && code !== deadlockDetected) || attempt >= attempts) {
            throw troubleOf(error)
          }
          await delay(Math.random() * 20 * 2 ** attempt)
        }
      }
    },
    backup: () =>
      Promise.reject(
        new StorageRefused(
          'The database is PostgreSQL: back it up with its own tool, for example: pg_dump --format=custom --file=dealdesk.dump "$DATABASE_URL"',
        ),
      ),
    close: async () => {
      await read.destroy()
      await db.destroy()
    },
  }
}

/** The commit does not wait for the disk; one that does, after it, takes it along. */
const loosely =
  <T>(work: (trx: Tx) => Promise<T>) =>
  async (trx: Tx): Promise<T> => {
    await sql`set local synchronous_commit = off`.execute(trx)
    return work(trx)
  }

/** Clients that were taught to give themselves up. */
const taught = new WeakSet<pg.PoolClient>()

async function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  let client: pg.PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    throw troubleOf(error)
  }
  if (!taught.has(client)) {
    taught.add(client)
    // A connection that breaks while it is in use says so as an event as well as to the query: unheard, the
    // event ends the process.
    client.on('error', () => {})
    giveUpWhenSilent(client)
  }
  return client
}

/**
 * A connection for reading. One that the server ended while it lay in the pool is found out at the first question: it is
 * replaced and the question asked again, as often as the pool may hold such connections (B5.76). A read changes nothing,
 * so it may; what did not answer in time is not asked again.
 */
async function reading(pool: pg.Pool): Promise<pg.PoolClient> {
  let client = await connected(pool)
  const query = async (...given: unknown[]): Promise<unknown> => {
    for (let left = pool.options.max; ; left--) {
      try {
        return await (client.query as (...given: unknown[]) => Promise<unknown>)(...given)
      } catch (error) {
        const gone =
          error instanceof StorageError && error.trouble === 'unavailable' && !isTimeout(error.cause)
        if (!gone || left <= 0) throw error
        client.release(true)
        client = await connected(pool)
      }
    }
  }
  const release = (destroy?: Error | boolean): void => client.release(destroy)
  return { query, release } as unknown as pg.PoolClient
}

/**
 * A connection that was cut without a word (half-open, B5.76) stays in the pool after its first time-out, and
 * everybody who gets it waits as long again, the ROLLBACK first of all. Ended, it is replaced at once.
 */
function giveUpWhenSilent(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  const watched = (...given: unknown[]): unknown => {
    const answer = query(...given)
    if (!(answer instanceof Promise)) return answer
    return answer.catch((error: unknown) => {
      if (isTimeout(error)) void (client as unknown as pg.Client).end().catch(() => {})
      throw lost(error) ?? error
    })
  }
  client.query = watched as typeof client.query
}

const int8 = 20
const numeric = 1700

/** bigint and sums of bigints come as text; they are our whole numbers, and refused where a number cannot hold them. */
const getTypeParser: typeof pg.types.getTypeParser = ((id: number, format?: 'text' | 'binary') => {
  if ((id === int8 || id === numeric) && format !== 'binary') {
    return (text: string) => {
      const value = Number(text)
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        throw new RangeError(
          `The database holds ${text}, which is over 2^53 and cannot be computed with exactly.`,
        )
      }
      return value
    }
  }
  return pg.types.getTypeParser(id, format as 'text')
}) as typeof pg.types.getTypeParser

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''

function troubleOf(error: unknown): unknown {
  const code = codeOf(error)
  if (code === '53100') return new StorageFull({ cause: error })
  if (code === serializationFailure || code === deadlockDetected || code === '55P03' || code === '57014') {
    return new StorageError('busy', 'Not saved: the database is busy. Try again in a moment.', {
      cause: error,
    })
  }
  if (code === '25006') {
    return new StorageError(
      'read-only',
      'Not saved: this PostgreSQL server is read-only. DATABASE_URL must name the primary.',
      { cause: error },
    )
  }
  return lost(error) ?? error
}

/** The connection or the server went away: connection exceptions (08…), its shutdown or crash (57P0…), what the socket says. */
function lost(error: unknown): StorageError | undefined {
  if (!/^(08|57P0|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND)/.test(codeOf(error)) && !isTimeout(error)) return undefined
  return new StorageError(
    'unavailable',
    'The database cannot be reached. Try again in a moment; nothing is ever done twice.',
    { cause: error },
  )
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error &&
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|not queryable/.test(
    error.message,
  )
