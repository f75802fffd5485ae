/** What runs after an acknowledgement: acknowledgements always go first. */
export interface Lane {
  /** A request has come in: work waits until it was quiet for a moment. */
  arrived(): void
  /** A request has come in and is being answered until the returned function is called: it is not quiet meanwhile. */
  answering(): () => void
  /** Queues work; it starts when no request came in for `quietMs`, at the latest `latestMs` after this call. */
  run(work: () => Promise<void>): void
  /** Resolves when the lane is quiet and has nothing of its own to start, at the latest after `patienceMs`. */
  quiet(): Promise<void>
  /** Resolves when nothing is queued or running. */
  drained(): Promise<void>
  readonly waiting: number
}

export interface LaneOptions {
  /** Milliseconds without a request that count as quiet. */
  readonly quietMs?: number
  /** Milliseconds without a request for those who want to stand back: what they begin is not done in a moment. */
  readonly longQuietMs?: number
  /** Longest wait in milliseconds; a Slack trigger lives 3 s, so that opening a form still has time. */
  readonly latestMs?: number
  /** Longest wait in milliseconds of those who want to stand back: cards for others, which nobody is looking at yet. */
  readonly patienceMs?: number
  /** Most items that wait; beyond it work starts at once, so that acknowledging slows down instead of memory growing. */
  readonly most?: number
  /** Most items whose answers are awaited at the same time. */
  readonly atOnce?: number
  readonly now?: () => number
}

interface Item {
  readonly work: () => Promise<void>
  readonly due: number
}

/**
 * A lane behind the acknowledgements. One item starts per turn of the event loop, so that a request that came in
 * meanwhile is read and acknowledged before the next one.
 */
export function createLane(options: LaneOptions = {}): Lane {
  const {
    quietMs = 2,
    longQuietMs = 20,
    latestMs = 250,
    patienceMs = 1_000,
    most = 5_000,
    atOnce = 64,
  } = options
  const { now = () => performance.now() } = options
  const first = new Queue()
  const patient = new Queue()
  let running = 0
  let underWay = 0
  let lastArrival = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let turn: NodeJS.Immediate | undefined
  let idle: (() => void)[] = []

  const waiting = () => first.length + patient.length
  /** When it will have been quiet for long enough, if nothing more comes. */
  const quietAt = (ms: number) => (underWay > 0 ? Number.POSITIVE_INFINITY : lastArrival + ms)
  const firstAt = () => Math.min(first.due, first.length > 0 ? quietAt(quietMs) : Number.POSITIVE_INFINITY)
  const patientAt = () =>
    Math.min(patient.due, patient.length > 0 ? quietAt(longQuietMs) : Number.POSITIVE_INFINITY)

  function arm(): void {
    if (timer || turn || waiting() === 0 || running >= atOnce) return
    const wait = Math.min(firstAt(), patientAt()) - now()
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
    const from = firstAt() <= t ? first : patientAt() <= t ? patient : undefined
    if (from) start(from.take())
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

  function queue(into: Queue, work: () => Promise<void>, ms: number): void {
    if (into.length >= most) start(work)
    else {
      into.add({ work, due: now() + ms })
      // What waits may have to start earlier than what was waited for.
      clearTimeout(timer)
      timer = undefined
      arm()
    }
  }

  return {
    arrived() {
      lastArrival = now()
    },
    answering() {
      underWay += 1
      let answered = false
      return () => {
        if (answered) return
        answered = true
        underWay -= 1
        lastArrival = now()
        clearTimeout(timer)
        timer = undefined
        arm()
      }
    },
    run: (work) => queue(first, work, latestMs),
    quiet: () => new Promise((resolve) => queue(patient, async () => resolve(), patienceMs)),
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

/** First in, first out, with no moving of the rest. */
class Queue {
  #items: Item[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }
  /** When the first one has to start. */
  get due(): number {
    return this.#items[this.#head]?.due ?? Number.POSITIVE_INFINITY
  }
  add(item: Item): void {
    this.#items.push(item)
  }
  take(): () => Promise<void> {
    const { work } = this.#items[this.#head]!
    this.#head += 1
    if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return work
  }
}
