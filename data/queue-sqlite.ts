import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Log, Queue } from '../src/ports.ts'
import type { Database } from './database.ts'
import { databaseNow } from './engine.ts'
import { createQueue, type HeldJob, type JobLimits, type JobSource } from './queue.ts'

/** A job's state that is lost with the power makes it run again, which every handler bears. */
const loosely = { durable: false } as const

interface Row {
  id: number
  data: string
  attempts: number
}

export interface SqliteQueueOptions {
  /** Ms between looks for jobs written by another process; 1,000 unless told. */
  readonly pollMs?: number
  /** The pause before the first retry, ms; doubles with every further one. 1,000 unless told. */
  readonly retryDelayMs?: number
}

/** The queue on our own `jobs` table. */
export function createSqliteQueue(database: Database, log: Log, options: SqliteQueueOptions = {}): Queue {
  return createQueue(sqliteJobs(database, options.retryDelayMs ?? 1_000), log, options.pollMs)
}

function sqliteJobs(database: Database, retryDelayMs: number): JobSource {
  const now = databaseNow(database.read)
  return {
    async claim(name, count, limits) {
      // Looking takes no write lock, so an idle queue never stands in a writer's way.
      const { rows: some } = await sql`
        select 1 from jobs where name = ${name}
          and ((state in ('ready', 'retry') and due_at <= ${now}) or (state = 'active' and lease_until < ${now}))
        limit 1`.execute(database.read)
      if (some.length === 0) return []
      const lease = randomUUID()
      return database.transact(async (trx) => {
        await sql`
          update jobs set state = 'dead', lease_id = null, last_error = 'its handler did not come back'
          where name = ${name} and state = 'active' and lease_until < ${now}
            and attempts > ${limits.retryLimit}`.execute(trx)
        const { rows } = await sql<Row>`
          update jobs set state = 'active', lease_id = ${lease}, lease_until = ${now} + ${limits.leaseMs},
            attempts = attempts + 1
          where id in (
            select id from jobs where name = ${name}
              and ((state in ('ready', 'retry') and due_at <= ${now}) or (state = 'active' and lease_until < ${now}))
            order by due_at, id limit ${count})
          returning id, data, attempts`.execute(trx)
        return rows.map((row) => ({
          id: String(row.id),
          data: JSON.parse(row.data) as unknown,
          attempt: row.attempts,
          lease,
        }))
      }, loosely)
    },

    async complete(_name, job) {
      await database.transact(
        (trx) => sql`delete from jobs where id = ${Number(job.id)} and lease_id = ${job.lease}`.execute(trx),
        loosely,
      )
    },

    async fail(_name, job, why, limits: JobLimits) {
      const pause = Math.ceil(retryDelayMs * 2 ** (job.attempt - 1) * (0.5 + Math.random() / 2))
      const dead = job.attempt > limits.retryLimit
      await database.transact((trx) =>
        sql`
          update jobs set state = ${dead ? 'dead' : 'retry'}, lease_id = null, last_error = ${why},
            due_at = ${now} + ${pause}
          where id = ${Number(job.id)} and lease_id = ${job.lease}`.execute(trx),
      )
    },

    async giveBack(_name, jobs: readonly HeldJob[]) {
      await database.transact(async (trx) => {
        for (const job of jobs)
          await sql`
            update jobs set state = 'retry', lease_id = null, due_at = ${now}
            where id = ${Number(job.id)} and lease_id = ${job.lease}`.execute(trx)
      })
    },
  }
}
