/** How often one app may write into one conversation: so many in so many ms (reliability: B1, throttle). */
const windows = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
] as const

/** Counts what an app wrote into each conversation, as Teams does before it answers 429. */
export class Pace {
  readonly #written = new Map<string, number[]>()

  /** Seconds to wait before the next may be written; undefined: it may be now, and is counted. */
  take(conversation: string, now: number): number | undefined {
    const written = (this.#written.get(conversation) ?? []).filter((at) => now - at < 3_600_000)
    this.#written.set(conversation, written)
    let wait = 0
    for (const [most, ms] of windows) {
      const first = written.at(-most)
      if (first !== undefined && now - first < ms) wait = Math.max(wait, first + ms - now)
    }
    if (wait > 0) return Math.ceil(wait / 1000)
    written.push(now)
    return undefined
  }
}
