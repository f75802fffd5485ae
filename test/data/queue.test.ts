import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enqueueJobs, type NewJob, scheduleJob as name } from '../../data/jobs.ts'
import { createPostgresQueue } from '../../data/queue-postgres.ts'
import { createSqliteQueue } from '../../data/queue-sqlite.ts'
import type { Log, Queue } from '../../src/ports.ts'
import { engines, freshDatabase } from '../support/databases.ts'

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

describe.each(engines)('the queue on %s', (engine) => {
  let opened: Awaited<ReturnType<typeof freshDatabase>>
  let queues: Queue[]
  beforeEach(async () => {
    opened = await freshDatabase(engine)
    queues = []
  })
  afterEach(async () => {
    await Promise.all(queues.map((queue) => queue.stop(2_000)))
    await opened.close()
  })

  async function open(pollMs = 50): Promise<Queue> {
    const queue =
      engine === 'sqlite'
        ? createSqliteQueue(opened.database, silent, { pollMs, retryDelayMs: 20 })
        : await createPostgresQueue(opened.database, silent, { pollMs, recoverMs: 200 })
    queues.push(queue)
    return queue
  }

  const enqueue = (...jobs: Omit<NewJob, 'name'>[]) =>
    opened.database.transact((trx) =>
      enqueueJobs(
        trx,
        jobs.map((job) => ({ name, ...job })),
      ),
    )

  const usual = { concurrency: 4, leaseMs: 30_000, retryLimit: 3 }

  /** A handler that writes down what it was given, and a wait for the n-th. */
  function collector() {
    const seen: unknown[] = []
    const waiting: { n: number; resolve: () => void }[] = []
    return {
      seen,
      took(data: unknown) {
        seen.push(data)
        for (const { n, resolve } of waiting) if (seen.length >= n) resolve()
      },
      count: (n: number) =>
        seen.length >= n
          ? Promise.resolve()
          : new Promise<void>((resolve) => {
              waiting.push({ n, resolve })
            }),
    }
  }

  const left = async (): Promise<{ state: string }[]> => {
    const { rows } = await sql<{ state: string }>`${
      engine === 'sqlite'
        ? sql`select state from jobs`
        : sql`select state::text as state from pgboss.job where state <> 'completed'`
    }`.execute(opened.database.read)
    return rows
  }

  it('a job of a change that is rolled back never runs, and one that is committed does', async () => {
    const done = collector()
    const queue = await open()
    await queue.work(name, async ({ data }) => done.took(data), usual)
    await opened.database
      .transact(async (trx) => {
        await enqueueJobs(trx, [{ name, data: { of: 'the change that failed' } }])
        throw new Error('refused after all')
      })
      .catch(() => undefined)
    await enqueue({ data: { of: 'the change' } })
    queue.wake()
    await done.count(1)
    expect(done.seen).toEqual([{ of: 'the change' }])
  })

  it('a job written by another process is found without a wake', async () => {
    const done = collector()
    await (await open()).work(name, async ({ data }) => done.took(data), usual)
    await enqueue({ data: { of: 'the CLI' } })
    await done.count(1)
    expect(done.seen).toEqual([{ of: 'the CLI' }])
  })

  it('jobs that were there before the handler are run', async () => {
    const done = collector()
    await enqueue({ data: { n: 1 } }, { data: { n: 2 } })
    await (await open()).work(name, async ({ data }) => done.took(data), usual)
    await done.count(2)
    expect(done.seen).toHaveLength(2)
  })

  it('three replicas run 60 jobs once each, at most as many at a time as each was told', async () => {
    const done = collector()
    let running = 0
    let most = 0
    for (let n = 0; n < 3; n++)
      await (await open()).work(
        name,
        async ({ data }) => {
          running += 1
          most = Math.max(most, running)
          await delay(2)
          running -= 1
          done.took(data)
        },
        { ...usual, concurrency: 2 },
      )
    await enqueue(...Array.from({ length: 60 }, (_, n) => ({ data: { n } })))
    for (const queue of queues) queue.wake()
    await done.count(60)
    await Promise.all(queues.map((queue) => queue.stop(2_000)))
    expect(new Set(done.seen.map((data) => (data as { n: number }).n)).size).toBe(60)
    expect(done.seen).toHaveLength(60)
    expect(most).toBeLessThanOrEqual(6)
    expect(await left()).toEqual([])
  })

  it('a job that fails is run again, and says which attempt it is', async () => {
    const done = collector()
    const queue = await open()
    await queue.work(
      name,
      async ({ attempt }) => {
        done.took(attempt)
        if (attempt < 3) throw new Error('not yet')
      },
      usual,
    )
    await enqueue({ data: {} })
    queue.wake()
    await done.count(3)
    expect(done.seen).toEqual([1, 2, 3])
  }, 15_000)

  it('a job that fails more often than its limit is dead and kept', async () => {
    const done = collector()
    const queue = await open()
    await queue.work(
      name,
      async ({ attempt }) => {
        done.took(attempt)
        throw new Error('never')
      },
      { ...usual, retryLimit: 1 },
    )
    await enqueue({ data: {} })
    queue.wake()
    await done.count(2)
    await queue.stop(2_000)
    expect(done.seen).toEqual([1, 2])
    expect((await left()).map(({ state }) => state)).toEqual([engine === 'sqlite' ? 'dead' : 'failed'])
  }, 15_000)

  it('a job whose handler died is run again once its lease is over', async () => {
    const done = collector()
    const died = await open()
    await died.work(
      name,
      () => {
        done.took('died')
        return new Promise(() => undefined)
      },
      // One hand, and it is full for good.
      { ...usual, concurrency: 1, leaseMs: 1_000 },
    )
    await enqueue({ data: {} })
    died.wake()
    await done.count(1)
    const other = await open()
    await other.work(name, async ({ attempt }) => done.took(attempt), { ...usual, leaseMs: 1_000 })
    await done.count(2)
    expect(done.seen).toEqual(['died', 2])
    queues = [other]
    await died.stop(10)
  }, 15_000)

  it('a job for later is not run before', async () => {
    const done = collector()
    const queue = await open()
    await queue.work(name, async ({ data }) => done.took(data), usual)
    await enqueue({ data: { n: 'later' }, delayMs: 600 })
    await enqueue({ data: { n: 'now' } })
    queue.wake()
    await done.count(2)
    expect(done.seen).toEqual([{ n: 'now' }, { n: 'later' }])
  })

  it('a stop waits for what runs, starts nothing more, and hands back what does not end', async () => {
    const done = collector()
    const queue = await open()
    let finish: (() => void) | undefined
    await queue.work(
      name,
      async ({ data }) => {
        done.took(data)
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        done.took('finished')
      },
      { ...usual, concurrency: 1 },
    )
    await enqueue({ data: { n: 1 } })
    await done.count(1)
    await enqueue({ data: { n: 2 } })
    const stopped = queue.stop(5_000)
    queue.wake()
    finish!()
    await stopped
    expect(done.seen).toEqual([{ n: 1 }, 'finished'])

    const hanging = await open()
    await hanging.work(name, () => new Promise(() => done.took('hangs')), { ...usual, concurrency: 1 })
    await done.count(3)
    await hanging.stop(10)
    const next = await open()
    await next.work(name, async ({ data }) => done.took(data), usual)
    await done.count(4)
    expect(done.seen[3]).toEqual({ n: 2 })
  }, 15_000)

  it('a second handler for a name is refused', async () => {
    const queue = await open()
    await queue.work(name, async () => {}, usual)
    await expect(queue.work(name, async () => {}, usual)).rejects.toThrow(/has a handler already/)
  })
})

describe('jobs with a key on SQLite', () => {
  it('fold into the one that waits and take the earlier time; one that is running does not count', async () => {
    const { database, close } = await freshDatabase('sqlite')
    const enqueue = (delayMs: number) =>
      database.transact((trx) => enqueueJobs(trx, [{ name, key: 'k', data: {}, delayMs }]))
    await enqueue(60_000)
    await enqueue(0)
    await enqueue(90_000)
    const rows = () =>
      sql<{ due_in: number }>`
      select due_at - created_at as due_in from jobs order by id`.execute(database.read)
    const { rows: folded } = await rows()
    expect(folded).toHaveLength(1)
    expect(folded[0]!.due_in).toBeLessThan(60_000)

    const queue = createSqliteQueue(database, silent, { pollMs: 50 })
    await new Promise<void>((resolve) => {
      void queue.work(
        name,
        async () => {
          await enqueue(60_000)
          resolve()
        },
        usual,
      )
    })
    await queue.stop(1_000)
    expect((await rows()).rows).toHaveLength(1)
    await close()
  })

  const usual = { concurrency: 1, leaseMs: 30_000, retryLimit: 3 }
})

describe('jobs on PostgreSQL', () => {
  it('a job for a queue that does not exist is refused, not silently lost', async () => {
    const { database, close } = await freshDatabase('postgres')
    await expect(
      database.transact((trx) => enqueueJobs(trx, [{ name: 'no-such-queue', data: {} }])),
    ).rejects.toThrow(/queue missing/)
    await close()
  })
})
