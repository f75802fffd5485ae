import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Chart } from '../../blocks/chart.ts'

/** A chart that takes longer is stuck: one takes about 50 ms, the first half a second. */
const drawMostMs = 10_000

/** How long the thread is kept after its last chart, ms: charts come in bursts, and its memory (about 90 MB) is wanted back. */
const idleMs = 60_000

/**
 * Draws a chart as a PNG, 800 pixels wide, at most 100 KB. In a thread of its own, loaded at the first chart: the
 * drawing holds its thread for tens of milliseconds, and an acknowledgement must not wait for it.
 */
export async function drawChart(chart: Chart): Promise<Uint8Array> {
  const file = new URL('./worker.js', import.meta.url)
  // Sources that run as they are have no compiled worker beside them: then it is drawn in this thread.
  if (!existsSync(fileURLToPath(file))) return (await import('./paint.ts')).paint(chart)
  painter ??= new Painter(file, () => {
    painter = undefined
  })
  return painter.draw(chart)
}

let painter: Painter | undefined

interface Asked {
  resolve(png: Uint8Array): void
  reject(error: Error): void
  readonly timer: NodeJS.Timeout
}

type Answer = { id: number; png: Uint8Array } | { id: number; error: string }

class Painter {
  readonly #worker: Worker
  readonly #asked = new Map<number, Asked>()
  readonly #onEnd: () => void
  #last = 0
  #idle: NodeJS.Timeout | undefined

  constructor(file: URL, onEnd: () => void) {
    this.#onEnd = onEnd
    // Small generations: what a chart leaves behind is let go soon.
    this.#worker = new Worker(file, {
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 },
    })
    this.#worker.on('message', (answer: Answer) => {
      const asked = this.#take(answer.id)
      if ('png' in answer) asked?.resolve(answer.png)
      else asked?.reject(new Error(`A chart could not be drawn: ${answer.error}`))
    })
    this.#worker.on('error', (error) => this.#end(error))
    this.#worker.on('exit', () => this.#end(new Error('The thread that draws charts ended.')))
  }

  draw(chart: Chart): Promise<Uint8Array> {
    clearTimeout(this.#idle)
    this.#worker.ref()
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#end(new Error(`A chart was not drawn within ${drawMostMs / 1_000} s.`)),
        drawMostMs,
      )
      this.#asked.set(id, { resolve, reject, timer })
      this.#worker.postMessage({ id, chart })
    })
  }

  #take(id: number): Asked | undefined {
    const asked = this.#asked.get(id)
    clearTimeout(asked?.timer)
    this.#asked.delete(id)
    if (this.#asked.size === 0) {
      // Nobody waits: the thread holds neither the process nor, after a while, its memory.
      this.#worker.unref()
      this.#idle = setTimeout(() => this.#end(new Error('idle')), idleMs).unref()
    }
    return asked
  }

  /** Whoever still waits hears why; the next chart gets a fresh thread. */
  #end(error: Error): void {
    this.#onEnd()
    clearTimeout(this.#idle)
    for (const id of [...this.#asked.keys()]) {
      const asked = this.#asked.get(id)!
      clearTimeout(asked.timer)
      this.#asked.delete(id)
      asked.reject(error)
    }
    void this.#worker.terminate()
  }
}
