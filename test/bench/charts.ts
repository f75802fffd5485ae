import { startChild } from './child.ts'
import { median, percentile } from './statistics.ts'
import type { Row } from './table.ts'

const drawn = 500

interface Drawn {
  readonly took: readonly number[]
  readonly bytes: number
  /** The longest time that other work of the process had to wait, ms. */
  readonly stalled: number
  readonly resident: number
}

/** Five hundred charts in a row, as digests want them, in a process that does nothing else: one Node and the drawing. */
export async function charts(): Promise<Row[]> {
  const child = await startChild('charts-child', undefined)
  try {
    const before = await child.ask<{ resident: number }>('resident')
    const cold = await child.ask<Drawn>('draw', { count: 1 })
    const warm = await child.ask<Drawn>('draw', { count: drawn })
    return [
      { what: 'A chart, the first one (loads the libraries)', ours: median(cold.took), unit: 'ms' },
      {
        what: 'A chart, warm, p50',
        ours: median(warm.took),
        unit: 'ms',
        target: { most: 150, of: 'ours' },
      },
      { what: 'A chart, warm, p99', ours: percentile(warm.took, 0.99), unit: 'ms' },
      {
        what: 'A chart as a PNG, the largest of four',
        ours: Math.max(cold.bytes, warm.bytes) / 1_000,
        unit: 'KB',
        target: { most: 100, of: 'ours' },
      },
      { what: 'Longest wait of other work while charts are drawn', ours: warm.stalled, unit: 'ms' },
      {
        what: 'Memory of the drawing after the first chart',
        ours: cold.resident - before.resident,
        unit: 'MiB',
      },
      {
        what: `Memory of the drawing after ${drawn} charts`,
        ours: warm.resident - before.resident,
        unit: 'MiB',
        // A start with Slack holds about 126 MiB of the 250.
        target: { most: 124, of: 'ours' },
      },
    ]
  } finally {
    await child.stop()
  }
}
