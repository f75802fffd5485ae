import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startChild } from './child.ts'
import { bigCompany, prepareCompany, writeDeals } from './deals.ts'
import { median } from './statistics.ts'
import type { Row } from './table.ts'

const count = 100_000

/** `dealdesk import` of 100,000 deals, against the least that could be done: csv-parse and one prepared insert. */
export async function imports(folder: string, rounds: number): Promise<Row[]> {
  const deals = `${folder}/deals`
  mkdirSync(deals)
  const csv = `${deals}/opportunities.csv`
  await writeDeals(csv, count)
  const ours: number[] = []
  const bare: number[] = []
  const memory: number[] = []
  const waits: number[] = []
  for (let round = 0; round < rounds; round++) {
    const file = `${folder}/ours-${round}.db`
    await prepareCompany(file)
    const writer = await startChild('writer', { file })
    const run = await importBy(['import', deals, '--company', bigCompany, '--as-is'], file)
    waits.push(await writer.ask<number>('longest'))
    await writer.stop()
    memory.push(run.memory)
    // How fast it is alone is measured alone.
    const alone = `${folder}/alone-${round}.db`
    await prepareCompany(alone)
    ours.push(count / (await importBy(['import', deals, '--company', bigCompany, '--as-is'], alone)).seconds)
    const baseline = await startChild('bare-import', {})
    bare.push(count / (await baseline.ask<number>('run', { csv, file: `${folder}/bare-${round}.db` })))
    await baseline.stop()
  }
  return [
    {
      what: 'Import of 100,000 deals, rows a second',
      ours: median(ours),
      baseline: median(bare),
      unit: '/s',
      ratio: median(ours) / median(bare),
      target: { least: 0.5, of: 'ratio' },
    },
    { what: '… its peak memory (resident)', ours: median(memory), unit: 'MiB' },
    {
      what: '… longest wait of another process that commits all the while',
      ours: Math.max(...waits),
      unit: 'ms',
      target: { most: 200, of: 'ours' },
    },
  ]
}

/** Runs the command line and watches how large it grows. */
async function importBy(
  words: readonly string[],
  file: string,
): Promise<{ seconds: number; memory: number }> {
  const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url))
  const began = performance.now()
  const child = execFile(process.execPath, [cli, ...words], {
    env: { ...process.env, DATABASE_URL: `file:${file}`, DEALDESK_NOW: '2026-11-23T12:00:00+09:00' },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      said += String(text)
    })
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid))
  }, 100)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearInterval(watch)
  if (code !== 0) throw new Error(`The import ended with ${code}: ${said}`)
  return { seconds: (performance.now() - began) / 1_000, memory: peak }
}

/** The most a process has held so far, MiB; 0 where the system does not tell. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
