import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { acknowledge, usedUp } from './acknowledge.ts'
import { charts } from './charts.ts'
import { commits } from './commits.ts'
import { crowd } from './crowd.ts'
import { dealCard } from './deal-card.ts'
import { digests } from './digests.ts'
import { imports } from './imports.ts'
import { nightly } from './nightly.ts'
import type { Gesture } from './payloads.ts'
import { search } from './search.ts'
import { startup } from './startup.ts'
import { type Row, reached, tableOf } from './table.ts'
import { teams } from './teams.ts'
import { buildWorld } from './world.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    gestures: { type: 'string', default: 'command,form-button,approve,submit' },
    connections: { type: 'string', default: '1,10,50' },
    folder: { type: 'string', default: tmpdir() },
    deals: { type: 'string', default: '1000000' },
  },
})

const rounds = Number(values.rounds)
const tell = (line: string) => void (line && process.stderr.write(`${line}\n`))

const parts: Readonly<Record<string, (folder: string) => Promise<Row[]>>> = {
  async acknowledge(folder) {
    const used = usedUp(rounds)
    const world = await buildWorld(join(folder, 'world.db'), {
      companies: 4,
      teams: 200,
      pending: used,
      free: used,
    })
    return acknowledge(world, folder, {
      rounds,
      gestures: values.gestures.split(',') as Gesture[],
      connections: values.connections.split(',').map(Number),
      tell,
    })
  },
  teams: (folder) => teams(folder, rounds, values.connections.split(',').map(Number)),
  async crowd(folder) {
    const world = await buildWorld(join(folder, 'world.db'), {
      companies: 1,
      teams: 200,
      pending: 1_000,
      // The card that is pressed and its statements are recorded with two more forms.
      free: 2,
    })
    return crowd(world, folder, Math.min(rounds, 3))
  },
  async commits(folder) {
    const world = await buildWorld(join(folder, 'world.db'), {
      companies: 1,
      teams: 100,
      pending: 2 + (rounds + 1) * 600,
      free: 0,
    })
    return commits(world, folder, rounds)
  },
  search,
  deal: dealCard,
  imports: (folder) => imports(folder, Math.min(rounds, 3)),
  startup: (folder) => startup(folder, rounds),
  charts,
  nightly: (folder) => nightly(folder, Number(values.deals), tell),
  digests: (folder) => digests(folder, Number(values.deals), tell),
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  node: process.version,
  system: `${process.platform} ${release()}`,
  date: new Date().toISOString().slice(0, 10),
}

const rows: Row[] = []
for (const name of values.only?.split(',') ?? [])
  if (!(name in parts)) throw new Error(`--only ${name}: there are ${Object.keys(parts).join(', ')}.`)
const failed: string[] = []
for (const [name, part] of Object.entries(parts)) {
  if (values.only !== undefined && !values.only.split(',').includes(name)) continue
  tell(`— ${name}`)
  const folder = mkdtempSync(join(values.folder, 'dealdesk-bench-'))
  try {
    rows.push(...(await part(folder)))
  } catch (error) {
    // What the others measured, for minutes, is not lost with it.
    failed.push(name)
    process.stderr.write(`${name} failed: ${error instanceof Error ? error.stack : String(error)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
process.stdout.write(
  `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.system}\n\n${tableOf(rows)}\n`,
)
if (values.json)
  writeFileSync(
    values.json,
    `${JSON.stringify({ machine, rows: rows.map((row) => ({ ...row, reached: reached(row) })) }, null, 2)}\n`,
  )
if (failed.length > 0) {
  process.stderr.write(`Not measured: ${failed.join(', ')}.\n`)
  process.exitCode = 1
}
