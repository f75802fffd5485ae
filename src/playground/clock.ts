import type { Instant } from '../canon/calendar.ts'
import type { Clock } from '../ports.ts'
import { readJson, writeJson } from './file.ts'

export interface ClockState {
  /** Business time, epoch ms. */
  readonly now: Instant
  /** The machine's own time, epoch ms. */
  readonly wall: Instant
  readonly offsetMs: number
}

/** How far to move, or to when; `back` allows going back in time. */
export type ClockMove = { readonly back?: boolean } & (
  | { readonly forward: { readonly minutes?: number; readonly hours?: number; readonly days?: number } }
  | { readonly to: Instant | string }
  | { readonly reset: true }
)

export type ClockRefusal = 'clock_backwards' | 'not_an_instant'

const farthestMs = 20 * 366 * 86_400_000

/**
 * Business time that can be moved: the wall clock and an offset. The offset outlives a restart, because what the
 * database holds was written at the moved time.
 */
export class MovableClock implements Clock {
  readonly #file: string | undefined
  readonly #wall: () => Instant
  readonly #listeners = new Set<(state: ClockState) => void>()
  #offsetMs: number

  /** `file` keeps the offset; `offsetMs` is where to start when the file says nothing. */
  constructor(options: { file?: string; wall?: () => Instant; offsetMs?: number } = {}) {
    this.#file = options.file
    this.#wall = options.wall ?? Date.now
    const kept = options.file === undefined ? undefined : readJson(options.file)
    const offset = (kept as { offsetMs?: unknown } | undefined)?.offsetMs
    this.#offsetMs = typeof offset === 'number' && Number.isFinite(offset) ? offset : (options.offsetMs ?? 0)
  }

  now(): Instant {
    return this.#wall() + this.#offsetMs
  }

  state(): ClockState {
    const wall = this.#wall()
    return { now: wall + this.#offsetMs, wall, offsetMs: this.#offsetMs }
  }

  /** The instant a move leads to; or why it can't be made. */
  target(move: ClockMove): Instant | ClockRefusal {
    const { now, wall } = this.state()
    const target = targetOf(move, now, wall)
    if (target === undefined || Math.abs(target - wall) > farthestMs) return 'not_an_instant'
    return target < now && move.back !== true ? 'clock_backwards' : target
  }

  /** Moves the clock, tells whoever listens, and says where it stands; or why it did not move. */
  move(move: ClockMove): ClockState | ClockRefusal {
    const { wall } = this.state()
    const target = this.target(move)
    if (typeof target === 'string') return target
    this.#offsetMs = 'reset' in move ? 0 : target - wall
    if (this.#file !== undefined) writeJson(this.#file, { offsetMs: this.#offsetMs })
    const state = this.state()
    for (const listener of this.#listeners) listener(state)
    return state
  }

  /** Called after every move, e.g. to run what has become due. Answers how to stop it. */
  onMove(listener: (state: ClockState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

function targetOf(move: ClockMove, now: Instant, wall: Instant): Instant | undefined {
  if ('reset' in move) return wall
  if ('to' in move) {
    const target = typeof move.to === 'number' ? move.to : Date.parse(move.to)
    return Number.isFinite(target) ? target : undefined
  }
  const { minutes = 0, hours = 0, days = 0 } = move.forward
  const target = now + minutes * 60_000 + hours * 3_600_000 + days * 86_400_000
  return Number.isFinite(target) ? target : undefined
}
