import { startChild } from './child.ts'
import { buildNight } from './nightly-world.ts'
import type { Row } from './table.ts'

interface Night {
  readonly seconds: number
  /** Of the processor, whatever else the machine does. */
  readonly cpuSeconds: number
  readonly lines: number
  readonly peakMb: number
  readonly stallMs: number
}

/** The nightly run over one large company: the stalled scan beside its SQL, then all nudging schedules of a working day. */
export async function nightly(folder: string, deals: number, tell: (line: string) => void): Promise<Row[]> {
  const file = `${folder}/night.db`
  const began = performance.now()
  await buildNight(file, deals)
  tell(`built in ${Math.round((performance.now() - began) / 1_000)} s`)
  const size = `${deals.toLocaleString('en-US')} open deals`
  const scans = await startChild('nightly-child', { file })
  const stalled = await scans.ask<{ found: number; ours: number; raw: number }>('stalled', 5)
  await scans.stop()
  // A process of its own: what the scans before it left in memory is not the run's.
  const child = await startChild('nightly-child', { file })
  const first = await child.ask<Night>('night')
  const again = await child.ask<Night>('night')
  await child.stop()
  return [
    {
      what: `Stalled scan, ${stalled.found.toLocaleString('en-US')} of ${size}, beside the raw SQL`,
      ours: stalled.ours,
      baseline: stalled.raw,
      unit: 'ms',
      ratio: stalled.ours / stalled.raw,
      target: { most: 1.5, of: 'ratio' },
    },
    {
      what: `Nightly run, ${size}, ${first.lines} nudges told`,
      ours: first.seconds,
      unit: 's',
      target: { most: 60, of: 'ours' },
    },
    { what: 'Processor time of it', ours: first.cpuSeconds, unit: 's' },
    { what: 'The same once more', ours: again.seconds, unit: 's', target: { most: 60, of: 'ours' } },
    {
      what: 'Memory of the nightly run, at its peak',
      ours: Math.max(first.peakMb, again.peakMb),
      unit: 'MB',
      target: { most: 300, of: 'ours' },
    },
    {
      what: 'Longest stall of the event loop in it',
      ours: Math.max(first.stallMs, again.stallMs),
      unit: 'ms',
    },
  ]
}
