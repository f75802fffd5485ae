/** What runs after an acknowledgement: acknowledgements always go first. */
export interface Lane {
  /** A request has come in: work waits until it was quiet for a moment. */
  arrived(): void
  /** Queues work; it starts when no request came in for `quietMs`, at the latest `latestMs` after this call. */
  run(work: () => Promise<void>): void
  /** Resolves when the lane is quiet by the same measure, for others who want to stand back too. */
  quiet(): Promise<void>
  /** Resolves when nothing is queued or running. */
  drained(): Promise<void>
  readonly waiting: number
}

export interface LaneOptions {
  /** Milliseconds without a request that count as quiet. */
  readonly quietMs?: number
  /** Longest wait in milliseconds; a Slack trigger lives 3 s, so that opening a form still has time. */
  readonly latestMs?: number
  /** Most items that wait; beyond it work starts at once, so that acknowledging slows down instead of memory growing. */
  readonly most?: number
  /** Most items whose answers are awaited at the same time. */
  readonly atOnce?: number
  readonly now?: () => number
}

/**
 * A lane behind the acknowledgements. One item starts per turn of the event loop, so that a request that came in
 * meanwhile is read and acknowledged before the next one.
 */
export function createLane(options: LaneOptions = {}): Lane {
  const { quietMs = 2, latestMs = 250, most = 5_000, atOnce = 64, now = () => performance.now() } = options
  const queue: { work: () => Promise<void>; due: number }[] = []
  let head = 0
  let running = 0
  let lastArrival = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let turn: NodeJS.Immediate | undefined
  let idle: (() => void)[] = []

  const waiting = () => queue.length - head

  function arm(): void {
    if (timer || turn || waiting() === 0 || running >= atOnce) return
    const t = now()
    const wait = Math.min(lastArrival + quietMs - t, queue[head]!.due - t)
    if (wait <= 0) turn = setImmediate(step)
    else
      timer = setTimeout(() => {
        timer = undefined
        arm()
      }, wait)
  }

  function step(): void {
    turn = undefined
    const t = now()
    const next = queue[head]
    if (next && (t - lastArrival >= quietMs || next.due <= t)) {
      head += 1
      if (head > 1_024 && head * 2 > queue.length) {
        queue.splice(0, head)
        head = 0
      }
      start(next.work)
    }
    arm()
  }

  function start(work: () => Promise<void>): void {
    running += 1
    work()
      .catch(() => undefined) // Work tells its own failures; the lane only keeps going.
      .finally(() => {
        running -= 1
        if (running === 0 && waiting() === 0) {
          const told = idle
          idle = []
          for (const tell of told) tell()
        }
        arm()
      })
  }

  function run(work: () => Promise<void>): void {
    if (waiting() >= most) {
      start(work)
      return
    }
    queue.push({ work, due: now() + latestMs })
    arm()
  }

  return {
    arrived() {
      lastArrival = now()
    },
    run,
    quiet: () => new Promise((resolve) => run(async () => resolve())),
    drained: () =>
      running === 0 && waiting() === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            idle.push(resolve)
          }),
    get waiting() {
      return waiting()
    },
  }
}
