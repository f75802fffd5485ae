import type PgBoss from 'pg-boss'
import type { Log, Queue } from '../src/ports.ts'
import type { Database } from './database.ts'
import { executeSqlOn } from './jobs.ts'
import { createQueue, type HeldJob, type JobSource } from './queue.ts'

export interface PostgresQueueOptions {
  /** Ms between looks for jobs written by another process; 1,000 unless told. */
  readonly pollMs?: number
  /** Ms between looks for jobs whose handler died; 10,000 unless told. */
  readonly recoverMs?: number
}

/** Ms between clean-ups of finished jobs. */
const tidyEveryMs = 10 * 60_000

/**
 * The queue on pg-boss. It is loaded here, so a process on SQLite never pays for it. We fetch and complete
 * ourselves: its own workers drop the promise of `complete`, and a database that is away for a moment would
 * end the process as an unhandled rejection (pg-boss 10.4, manager.js).
 */
export async function createPostgresQueue(
  database: Database,
  log: Log,
  options: PostgresQueueOptions = {},
): Promise<Queue> {
  const { default: Boss } = await import('pg-boss')
  const boss = new Boss({
    db: { executeSql: (text, values) => inTransaction(database, text, values, log) },
    // The schema and the queues are the migration's (0002), and its supervisor would use a second pool.
    migrate: false,
    supervise: false,
    schedule: false,
  })
  boss.on('error', (err) => log.error({ err }, 'pg-boss reports an error'))
  await boss.start()
  return createQueue(bossJobs(boss, options.recoverMs ?? 10_000), log, options.pollMs)
}

/** Its maintenance scripts bring BEGIN and COMMIT of their own, which would end our transaction in the middle. */
const ownTransaction = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/

async function inTransaction(database: Database, text: string, values: unknown[] | undefined, log: Log) {
  try {
    return await database.transact((trx) =>
      executeSqlOn(trx).executeSql(text.replace(ownTransaction, '$1'), values ?? []),
    )
  } catch (err) {
    // `fetch` swallows every error and answers with no jobs.
    log.error({ err }, 'pg-boss could not reach its tables')
    throw err
  }
}

function bossJobs(boss: PgBoss, recoverMs: number): JobSource {
  let recoverAt = 0
  let tidyAt = performance.now() + tidyEveryMs
  return {
    async prepare(name, limits) {
      if ((await boss.getQueue(name)) === null)
        throw new Error(`The queue "${name}" does not exist. Run "dealdesk migrate" first.`)
      await boss.updateQueue(name, {
        name,
        retryLimit: limits.retryLimit,
        retryDelay: 1,
        retryBackoff: true,
        expireInSeconds: Math.ceil(limits.leaseMs / 1_000),
      })
    },

    async claim(name, count) {
      const jobs = await boss.fetch<unknown>(name, { batchSize: count, includeMetadata: true })
      return jobs.map((job) => ({ id: job.id, data: job.data, attempt: job.retryCount + 1, lease: '' }))
    },

    async complete(name, job) {
      await boss.complete(name, job.id)
    },

    async fail(name, job, why) {
      await boss.fail(name, job.id, { message: why })
    },

    async giveBack(name, jobs: readonly HeldJob[]) {
      for (const job of jobs) await boss.fail(name, job.id, { message: 'the process stopped' })
    },

    async maintain() {
      const now = performance.now()
      if (now >= recoverAt) {
        recoverAt = now + recoverMs
        await boss.expire()
      }
      if (now >= tidyAt) {
        tidyAt = now + tidyEveryMs
        await boss.archive()
        await boss.maintain()
      }
    },
  }
}
