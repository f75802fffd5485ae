import { CompiledQuery } from 'kysely'
import { laneQueue } from '../src/outbox/lane.ts'
import type { Reader, Tx } from './database.ts'
import { engineOf } from './engine.ts'
import { on } from './statement.ts'

/** The queue of schedules whose slot was claimed. */
export const scheduleJob = 'schedule'

/** Every job name there is: on PostgreSQL its queue is made in the migration step and nowhere else. */
export const jobNames: readonly string[] = [laneQueue, scheduleJob]

export interface NewJob {
  readonly name: string
  /** SQLite: folds into a ready job with the same key and takes the earlier due time. PostgreSQL ignores it. */
  readonly key?: string
  readonly data: unknown
  /** From now on the database's clock, ms; absent or 0: at once. */
  readonly delayMs?: number
}

/** Adds jobs inside the transaction that makes them necessary: rolled back with it, seen only after its commit. */
export async function enqueueJobs(trx: Tx, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return
  if (engineOf(trx) === 'postgres') return sendToPgBoss(trx, jobs)
  // SQLite's own clock, as `databaseNow` writes it.
  for (const job of jobs)
    await on(trx)`
      insert into jobs (name, key, data, state, due_at, created_at)
      values (${job.name}, ${job.key ?? null}, ${JSON.stringify(job.data)}, 'ready',
              cast(unixepoch('subsec') * 1000 as integer) + ${Math.ceil(job.delayMs ?? 0)},
              cast(unixepoch('subsec') * 1000 as integer))
      on conflict (name, key) where state = 'ready' and key is not null
      do update set due_at = min(due_at, excluded.due_at)`
}

/** pg-boss' way to our connection: what it runs is part of the caller's transaction. */
export function executeSqlOn(db: Reader) {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      const result = await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values))
      return { rows: result.rows, affected: Number(result.numAffectedRows ?? 0) }
    },
  }
}

async function sendToPgBoss(trx: Tx, jobs: readonly NewJob[]): Promise<void> {
  const boss = await producer()
  const connection = executeSqlOn(trx)
  let written = 0
  await boss.insert(
    jobs.map((job) => ({
      name: job.name,
      data: job.data as object,
      startAfter: String((job.delayMs ?? 0) / 1000),
    })),
    {
      db: {
        executeSql: async (text, values) => {
          const result = await connection.executeSql(text, values)
          written = result.affected
          return result
        },
      },
    },
  )
  // pg-boss joins its queue table and silently writes nothing for a queue that does not exist.
  if (written !== jobs.length)
    throw new Error(
      `pg-boss took ${written} of ${jobs.length} jobs: is a queue missing? Run "dealdesk migrate" first.`,
    )
}

let boss: Promise<import('pg-boss')> | undefined

/** A pg-boss that is never started: it only writes SQL for the connection it is handed. */
function producer() {
  boss ??= import('pg-boss').then(
    ({ default: PgBoss }) =>
      new PgBoss({
        db: { executeSql: () => Promise.reject(new Error('A job was sent outside a transaction.')) },
      }),
  )
  return boss
}
