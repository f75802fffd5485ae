import { parentPort } from 'node:worker_threads'
import type { Chart } from '../../blocks/chart.ts'
import { paint } from './paint.ts'

/** The thread that charts are drawn in: one question, one answer, under the question's number. */
parentPort?.on('message', ({ id, chart }: { id: number; chart: Chart }) => {
  paint(chart).then(
    (png) => parentPort?.postMessage({ id, png }),
    (error: unknown) =>
      parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
  )
})
