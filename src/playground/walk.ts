import type { Instant } from '../canon/calendar.ts'
import type { MovableClock } from './clock.ts'

/** What happens on the way: the server's part of a walk through time. */
export interface Traveller {
  /** The next instant at which something keeps local time. */
  nextSlot(after: Instant): Promise<Instant | undefined>
  /** Does what is due now, and resolves when nothing is on its way any more. */
  arrive(): Promise<void>
}

/** However quiet the schedules are: reminders and expiries are looked for at least this often on the way. */
const strideMs = 12 * 3_600_000

/**
 * Goes to an instant as time would have passed: it stops wherever a schedule has its hour, so that every digest and
 * every nudge of the days between comes on its own day. A plain move is a server that was down meanwhile.
 */
export async function walkTo(target: Instant, clock: MovableClock, traveller: Traveller): Promise<void> {
  for (;;) {
    const now = clock.now()
    if (now >= target) break
    const slot = await traveller.nextSlot(now)
    const stop = Math.min(target, now + strideMs, slot ?? target)
    if (typeof clock.move({ to: stop }) === 'string') return
    await traveller.arrive()
  }
}
