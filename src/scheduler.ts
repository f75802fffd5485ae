import { schedule as cronSchedule, type ScheduledTask } from 'node-cron'
import {
  isLocal,
  isNudging,
  type LocalSlot,
  type LocalWhen,
  latestSlots,
  runForCompany,
  runNudging,
  workingIn,
  zonesOf,
} from '../schedules/run.ts'
import type { NudgeSchedule, Schedule } from '../schedules/schedule.ts'
import { type Instant, localDate } from './canon/calendar.ts'
import type { Company, Org } from './canon/people.ts'
import { isDue, nextSlot } from './canon/slot.ts'
import type { Log } from './log.ts'
import type { Clock, Store } from './ports.ts'
import { within } from './within.ts'

/** What the scheduler keeps in the database, so that replicas and restarts agree on what was run. */
interface Slots {
  /** True for exactly one caller in so much time, whatever the replicas and their clocks do (B5.78, B5.82). */
  claimTurn(name: string, everyMs: number): Promise<boolean>
  /** True for exactly one caller, who holds the slot until it is finished; one that was cut off is taken up again (B5.68). */
  takeSlot(name: string, company: string, slot: string, leaseMs: number): Promise<boolean>
  finishSlot(name: string, company: string, slot: string): Promise<void>
}

export interface Scheduler {
  start(): void
  /** Runs what is due by business time: after the clock was moved, and at start for what fell due while down (B5.80). */
  runDue(): Promise<void>
  /** The next instant after this one at which something keeps local time, over all companies. */
  nextAfter(at: Instant): Promise<Instant | undefined>
  /** Waits for what is under way, `graceMs` at most: a run that takes longer is taken up by the next start (B5.70). */
  stop(graceMs: number): Promise<void>
}

/** Of a sweep's turns, ms: a little less than their distance, because node-cron does not wake on the millisecond. */
const turnMs = { minute: 50_000, hour: 55 * 60_000 } as const

/** How long a slot that was cut off waits until somebody takes it up again, ms. */
const leaseMs = 5 * 60_000

/**
 * Runs the declared schedules. node-cron wakes every replica by wall time; what is due is read from business time, and
 * the claim of a slot in the database elects one replica.
 */
export function createScheduler(parts: {
  readonly schedules: readonly Schedule[]
  readonly store: Store & Slots & { companies(): Promise<Company[]> }
  readonly clock: Clock
  readonly log: Log
}): Scheduler {
  const { store, clock, log } = parts
  const tasks: ScheduledTask[] = []
  const running = new Set<Promise<unknown>>()
  const sweeps = parts.schedules.filter(({ when }) => !isLocal(when))
  const local = parts.schedules.filter(({ when }) => isLocal(when))
  /** What this process knows to be worked off, so that a minute's look costs no query. */
  const known = new Map<string, string>()
  /** Two looks at once would find the same slots; the later one waits. */
  let looking: Promise<void> = Promise.resolve()
  let stopping = false

  const tracked = <T>(work: Promise<T>): Promise<T> => {
    const settled = work.finally(() => running.delete(settled))
    running.add(settled)
    settled.catch(() => {})
    return settled
  }

  /** Nothing that a run does is lost by an error: a sweep comes again within the minute, a slot once its lease is over. */
  async function attempt(
    fields: { readonly schedule: string; readonly company?: string },
    work: () => Promise<readonly unknown[]>,
  ): Promise<boolean> {
    try {
      const lines = await work()
      if (lines.length > 0) log.info({ ...fields, changed: lines.length }, 'schedule ran')
      return true
    } catch (err) {
      log.error({ ...fields, err }, 'schedule failed')
      return false
    }
  }

  async function sweep(schedule: Schedule): Promise<void> {
    const now = clock.now()
    if (!isNudging(schedule)) {
      await attempt({ schedule: schedule.name }, () => schedule.run({ store, now, dryRun: false }))
      return
    }
    for (const { id } of await store.companies())
      if (!stopping)
        await attempt({ schedule: schedule.name, company: id }, () =>
          runForCompany(schedule, { store, now, dryRun: false }, id),
        )
  }

  interface Due extends LocalSlot {
    readonly schedule: Schedule
  }

  const dueIn = (org: Org, now: Instant): Due[] =>
    local.flatMap((schedule) =>
      latestSlots(schedule.name, schedule.when as LocalWhen, org, now)
        .filter(({ slot, working }) => isDue(slot, schedule.graceHours, working, now))
        .filter(({ slot, name }) => known.get(`${org.company.id} ${name}`) !== slot.day)
        .map((each) => ({ ...each, schedule })),
    )

  async function workOff(company: string, due: readonly Due[], now: Instant): Promise<void> {
    const mine: Due[] = []
    for (const each of due) {
      // Whoever else has it finishes it; a slot cut off is asked for again every minute until its lease is over.
      if (await store.takeSlot(each.name, company, each.slot.day, leaseMs)) mine.push(each)
    }
    const nudging = mine.filter((each): each is Due & { schedule: NudgeSchedule } => isNudging(each.schedule))
    const desk = { store, now, company, dryRun: false }
    const done: Due[] = []
    for (const each of mine) {
      const { schedule, zone, slot } = each
      if (isNudging(schedule)) continue
      const fields = { schedule: schedule.name, company, slot: slot.day }
      if (await attempt(fields, () => schedule.run({ ...desk, zone, slot: slot.day }))) done.push(each)
    }
    if (nudging.length > 0) {
      const names = nudging.map(({ schedule }) => schedule.name).join(' ')
      // One message a person: everything that is due at this moment is told together.
      const slot = localDate(now, nudging[0]!.zone)
      const ran = await attempt({ schedule: names, company }, () =>
        runNudging(
          nudging.map(({ schedule }) => schedule),
          { ...desk, slot },
        ),
      )
      if (ran) done.push(...nudging)
    }
    for (const { name, slot } of done) {
      await store.finishSlot(name, company, slot.day)
      known.set(`${company} ${name}`, slot.day)
    }
  }

  function look(): Promise<void> {
    looking = looking
      .catch(() => {})
      .then(async () => {
        for (const { id } of await store.companies()) {
          if (stopping) return
          const now = clock.now()
          const due = dueIn(await store.org(id), now)
          if (due.length > 0) await workOff(id, due, now)
        }
      })
    return tracked(looking).catch((err) => log.error({ err }, 'the schedules could not be looked through'))
  }

  return {
    start() {
      for (const schedule of sweeps) {
        const every = 'every' in schedule.when ? schedule.when.every : 'minute'
        tasks.push(
          cronSchedule(every === 'hour' ? '23 * * * *' : '* * * * *', () => tracked(sweep(schedule)), {
            name: schedule.name,
            timezone: 'Etc/UTC',
            noOverlap: true,
            distributed: true,
            runCoordinator: {
              // Not by the time that node-cron names: after the clock was set back it would be an old one for long.
              shouldRun: () => store.claimTurn(schedule.name, turnMs[every]),
            },
          }),
        )
      }
      // Every replica looks; the claim of each slot elects one.
      tasks.push(cronSchedule('* * * * *', look, { name: 'slots', timezone: 'Etc/UTC', noOverlap: true }))
    },
    async runDue() {
      await look()
      await Promise.all(sweeps.map((schedule) => tracked(sweep(schedule))))
    },
    async nextAfter(at) {
      let next: Instant | undefined
      for (const company of await store.companies()) {
        const org = await store.org(company.id)
        for (const { when } of local)
          for (const zone of zonesOf(when as LocalWhen, org)) {
            const { at: time, on } = when as LocalWhen
            const slot = nextSlot(on, time, workingIn(org.company, zone), org.company.fiscalYearStart, at)
            if (slot && (next === undefined || slot.at < next)) next = slot.at
          }
      }
      return next
    },
    async stop(graceMs) {
      stopping = true
      for (const task of tasks) await task.stop()
      await within(Promise.allSettled(running), graceMs)
    },
  }
}
