import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { crashPoint } from './outbox/crash.ts'
import { backOff, Errand, lost } from './outbox/errand.ts'
import { laneQueue } from './outbox/lane.ts'
import type { Head, Held, LaneKey, Result } from './outbox/ledger.ts'
import { type OutboxParts, type OutboxSettings, outboxSettings } from './outbox/parts.ts'

export type { Death } from './outbox/ledger.ts'
export type { Identity, OutboxParts } from './outbox/parts.ts'

/** Sends what was committed: claim, draw, deliver, record; one sender a conversation, over all replicas. */
export interface Outbox {
  /** Begins to send, and goes on where an earlier process stopped. */
  start(): Promise<void>
  /** Something was committed: looks now rather than at the next poll. */
  wake(): void
  /** The clock may have jumped: looks at once for what is due by business time. */
  sweep(): Promise<void>
  /** Resolves when nothing that is due is left to send, however long the platforms make us wait. */
  idle(): Promise<void>
  /** Ends what is in flight within `graceMs` and gives the lanes back (B5.70). */
  stop(graceMs: number): Promise<void>
}

export function createOutbox(parts: OutboxParts): Outbox {
  const { ledger, queue, clock, log, metrics } = parts
  const settings: OutboxSettings = { ...outboxSettings, ...parts.settings }
  const couriers = new Map(parts.couriers.map((courier) => [courier.platform as string, courier]))
  const timers = new Set<NodeJS.Timeout>()
  let settled: (() => void)[] = []
  let active = 0
  let stopping = false
  let waking = false
  let sweeper: NodeJS.Timeout | undefined

  async function serve(key: LaneKey): Promise<void> {
    if (stopping) throw new Error('The outbox is stopping; the lane is served later.')
    let turn = await ledger.next(key, clock.now(), settings.leaseMs)
    for (let served = 1; turn.outcome === 'head'; served++) {
      const { held, head } = turn
      crashPoint('after-claim')
      await parts.ready?.()
      const result = await attempt(held, head)
      const goOn = !stopping && served < settings.turnMost
      turn =
        result === lost
          ? { outcome: 'lost' }
          : await ledger.record(held, result, clock.now(), goOn ? settings.leaseMs : undefined)
      if (result === lost || turn.outcome === 'lost') {
        log.warn({ ...key, delivery: held.id }, 'a delivery was taken over by another sender')
        return
      }
      crashPoint('after-record')
      tell(held, head, result)
      await turnOfTheLoop()
    }
    if (turn.outcome === 'done' && turn.againMs !== undefined) wakeIn(turn.againMs)
  }

  async function attempt(held: Held, head: Head): Promise<Result | typeof lost> {
    try {
      return await new Errand(parts, settings, couriers, held, head).run()
    } catch (error) {
      // Drawing or reading failed: ours to mend. The lane waits and tries again, and in the end lists it as dead.
      log.error({ err: error, company: held.company, delivery: held.id }, 'a delivery failed')
      metrics?.retried('failed')
      const why = error instanceof Error ? error.message : String(error)
      // Whether a message was being posted is in the row; an attempt that failed before leaves it as it was.
      return { attempted: true, stillUnknown: true, why, waitMs: backOff(head.attempts, settings) }
    }
  }

  function tell(held: Held, head: Head, result: Result): void {
    const { kind, card } = head.delivery
    if (result.state === 'sent') metrics?.sent(kind)
    log.debug(
      {
        company: held.company,
        delivery: held.id,
        kind,
        card,
        state: result.state ?? 'pending',
        why: result.why,
      },
      'a delivery was attempted',
    )
    for (const pause of result.pauses ?? [])
      if (pause.what === 'gone')
        log.warn(
          { company: held.company, platform: pause.platform, tenant: pause.tenant, why: pause.why },
          'a workspace has removed the app; its deliveries wait',
        )
    // Deliveries that stand in for a dead one are in other lanes.
    if (result.instead?.length) queue.wake()
  }

  function wakeIn(ms: number): void {
    if (stopping) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      queue.wake()
    }, ms + 2).unref()
    timers.add(timer)
  }

  async function sweep(): Promise<number> {
    const { pending, oldestMs, queued } = await ledger.sweep(clock.now())
    metrics?.waiting(pending, oldestMs)
    if (queued > 0) queue.wake()
    return pending
  }

  function sweepAgain(): void {
    if (stopping) return
    sweeper = setTimeout(() => {
      sweep()
        .catch((err) => log.error({ err }, 'the outbox could not look for what is due'))
        .finally(sweepAgain)
    }, settings.sweepMs).unref()
  }

  return {
    async start() {
      await ledger.recover(clock.now())
      await queue.work(
        laneQueue,
        async (job) => {
          active++
          try {
            await serve(job.data as LaneKey)
          } finally {
            active--
            const waiting = settled
            settled = []
            for (const resolve of waiting) resolve()
          }
        },
        { concurrency: settings.lanesAtOnce, leaseMs: Math.max(settings.leaseMs, 120_000), retryLimit: 5 },
      )
      await sweep()
      sweepAgain()
    },
    wake() {
      if (waking) return
      waking = true
      void (parts.ready?.() ?? Promise.resolve()).then(() => {
        waking = false
        queue.wake()
      })
    },
    async sweep() {
      await sweep()
    },
    async idle() {
      for (;;) {
        if ((await sweep()) === 0 && active === 0) return
        queue.wake()
        // Until a lane was served here, or a moment for those that other processes serve.
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 25)
          settled.push(() => {
            clearTimeout(timer)
            resolve()
          })
        })
      }
    },
    async stop(graceMs) {
      stopping = true
      clearTimeout(sweeper)
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      await queue.stop(graceMs)
    },
  }
}
