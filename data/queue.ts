import type { Log, Queue } from '../src/ports.ts'

/** One job in the hands of one handler. */
export interface HeldJob {
  readonly id: string
  readonly data: unknown
  /** 1 on the first run. */
  readonly attempt: number
  /** Proves that it is still ours, where the engine can tell. */
  readonly lease: string
}

/** Where jobs are kept; the loop above it is the same for both engines. */
export interface JobSource {
  /** Up to `count` due jobs, each now ours for `leaseMs`; jobs whose handler died count as due. */
  claim(name: string, count: number, limits: JobLimits): Promise<HeldJob[]>
  complete(name: string, job: HeldJob): Promise<void>
  /** Due again after a growing, jittered pause, or dead once the retries are used up. */
  fail(name: string, job: HeldJob, why: string, limits: JobLimits): Promise<void>
  /** Hands unfinished jobs back, when the process stops before they were done. */
  giveBack(name: string, jobs: readonly HeldJob[]): Promise<void>
  prepare?(name: string, limits: JobLimits): Promise<void>
  /** Housekeeping that is nobody's job in particular; called at every poll, does little and seldom. */
  maintain?(): Promise<void>
}

export interface JobLimits {
  readonly leaseMs: number
  /** Runs after the first one. */
  readonly retryLimit: number
}

interface Line {
  readonly name: string
  readonly handler: Parameters<Queue['work']>[1]
  readonly options: Parameters<Queue['work']>[2]
  readonly active: Map<Promise<void>, HeldJob>
  pumping: boolean
  again: boolean
}

/** Hands jobs to handlers. Polls, because jobs are also written by other processes (the CLI, other replicas). */
export function createQueue(source: JobSource, log: Log, pollMs = 1_000): Queue {
  const lines = new Map<string, Line>()
  let timer: NodeJS.Timeout | undefined
  let stopping = false

  async function pump(line: Line): Promise<void> {
    if (line.pumping) {
      line.again = true
      return
    }
    line.pumping = true
    try {
      do {
        line.again = false
        const free = line.options.concurrency - line.active.size
        if (stopping || free <= 0) break
        const jobs = await source.claim(line.name, free, line.options)
        for (const job of jobs) start(line, job)
        // A full hand means there may be more, and a job that ended meanwhile has asked `again`.
        if (jobs.length === free) line.again = true
      } while (line.again)
    } catch (error) {
      log.error({ err: error, queue: line.name }, 'jobs could not be claimed; trying again at the next poll')
    } finally {
      line.pumping = false
    }
  }

  function start(line: Line, job: HeldJob): void {
    const run = attend(line, job).finally(() => {
      line.active.delete(run)
      if (!stopping) void pump(line)
    })
    line.active.set(run, job)
  }

  async function attend(line: Line, job: HeldJob): Promise<void> {
    try {
      await line.handler(job)
    } catch (error) {
      log.warn({ err: error, queue: line.name, job: job.id, attempt: job.attempt }, 'a job failed')
      const why = error instanceof Error ? error.message : String(error)
      await source
        .fail(line.name, job, why, line.options)
        .catch((err) => log.error({ err, queue: line.name, job: job.id }, 'a job could not be failed'))
      return
    }
    // Not completed: its lease runs out and it is run again, which every handler must bear.
    await source
      .complete(line.name, job)
      .catch((err) => log.error({ err, queue: line.name, job: job.id }, 'a job could not be completed'))
  }

  function poll(): void {
    for (const line of lines.values()) void pump(line)
    source.maintain?.().catch((err) => log.error({ err }, 'the queue could not be maintained'))
  }

  return {
    async work(name, handler, options) {
      if (lines.has(name)) throw new Error(`The queue "${name}" has a handler already.`)
      await source.prepare?.(name, options)
      const line: Line = { name, handler, options, active: new Map(), pumping: false, again: false }
      lines.set(name, line)
      timer ??= setInterval(poll, pollMs).unref()
      void pump(line)
    },
    wake() {
      if (stopping) return
      // After the caller's turn: whoever wakes us has a reply to give first.
      setImmediate(() => {
        for (const line of lines.values()) void pump(line)
      })
    },
    async stop(graceMs) {
      stopping = true
      clearInterval(timer)
      const running = [...lines.values()].flatMap((line) => [...line.active.keys()])
      let late: NodeJS.Timeout | undefined
      await Promise.race([
        Promise.all(running),
        new Promise((resolve) => {
          late = setTimeout(resolve, graceMs)
        }),
      ])
      clearTimeout(late)
      for (const line of lines.values())
        if (line.active.size > 0) await source.giveBack(line.name, [...line.active.values()])
    },
  }
}
