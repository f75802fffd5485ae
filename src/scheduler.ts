import { schedule as cronSchedule, type ScheduledTask } from 'node-cron'
import type { Schedule } from '../schedules/schedule.ts'
import type { Log } from './log.ts'
import type { Clock, Store } from './ports.ts'

/** Claims the slot of a run; true for exactly one caller, whatever the replicas and their clocks do (B5.78, B5.82). */
export type ClaimSlot = (name: string, slot: string) => Promise<boolean>

export interface Scheduler {
  start(): void
  /** Runs one schedule now: after the playground's clock was moved, and at start for what fell due while down (B5.80). */
  runNow(name?: string): Promise<void>
  stop(): Promise<void>
}

/**
 * Runs the declared schedules. node-cron wakes every replica by wall time; the claim of the slot in the database
 * elects one of them, and the run reads business time from the Clock port.
 */
export function createScheduler(parts: {
  readonly schedules: readonly Schedule[]
  readonly store: Store
  readonly clock: Clock
  readonly claimSlot: ClaimSlot
  readonly log: Log
}): Scheduler {
  const { store, clock, log } = parts
  const tasks: ScheduledTask[] = []
  const running = new Set<Promise<void>>()

  function run(schedule: Schedule): Promise<void> {
    const work = (async () => {
      try {
        const lines = await schedule.run({ store, now: clock.now(), dryRun: false })
        if (lines.length > 0) log.info({ schedule: schedule.name, changed: lines.length }, 'schedule ran')
      } catch (error) {
        // The next minute tries again; nothing a sweep does is lost by waiting.
        log.error({ schedule: schedule.name, err: error }, 'schedule failed')
      }
    })()
    running.add(work)
    void work.finally(() => running.delete(work))
    return work
  }

  return {
    start() {
      for (const schedule of parts.schedules)
        tasks.push(
          cronSchedule(schedule.cron, () => run(schedule), {
            name: schedule.name,
            timezone: 'Etc/UTC',
            noOverlap: true,
            distributed: true,
            runCoordinator: {
              shouldRun: (runId: string) => parts.claimSlot(schedule.name, runId),
            },
          }),
        )
    },
    async runNow(name) {
      await Promise.all(parts.schedules.filter((s) => !name || s.name === name).map(run))
    },
    async stop() {
      for (const task of tasks) await task.stop()
      await Promise.all(running)
    },
  }
}
