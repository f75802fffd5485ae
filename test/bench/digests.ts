import { loadDriver } from '../../data/sqlite.ts'
import { startChild } from './child.ts'
import { buildNight, nightlyAt, nightlyCompany } from './nightly-world.ts'
import type { Row } from './table.ts'

const teams = 1_000
const sellers = 2_000

interface Run {
  readonly seconds: number
  readonly lines: number
  readonly peakMb: number
  readonly stallMs: number
}

/** The same deals among the sellers of a thousand teams. */
function spread(file: string): void {
  const Sqlite = loadDriver()
  const db = new Sqlite(file)
  const c = `'${nightlyCompany}'`
  const numbers = (count: number) =>
    `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`
  try {
    db.pragma('synchronous = OFF')
    db.pragma('cache_size = -200000')
    db.exec(`begin;
      ${numbers(teams)}
      insert into teams (company_id, id, name, manager, slack_channel, quarterly_target, currency, updated_at)
      select ${c}, 'field' || i, 'Field ' || i, 'vp', 'CF' || i, 20000000000, 'KRW', ${nightlyAt} from n;
      ${numbers(sellers)}
      insert into people (company_id, id, name, roles, manager, team, active, admin, updated_at)
      select ${c}, 'seller' || i, 'Seller ' || i, 'ae', 'vp', 'field' || (i / 2), 1, 0, ${nightlyAt} from n;
      update opportunities set owner = 'seller' || (rowid % ${sellers}) where company_id = ${c};
      update companies set org_stamp = org_stamp + 1 where id = ${c};
      commit;`)
  } finally {
    db.close()
  }
}

/** A Monday's digests of a thousand teams of one large company. */
export async function digests(folder: string, deals: number, tell: (line: string) => void): Promise<Row[]> {
  const file = `${folder}/digests.db`
  const began = performance.now()
  await buildNight(file, deals)
  spread(file)
  tell(`built in ${Math.round((performance.now() - began) / 1_000)} s`)
  const size = `${deals.toLocaleString('en-US')} open deals`
  const numbers = await startChild('digests-child', { file })
  const read = await numbers.ask<{ teams: number; deals: number; ours: number; raw: number }>('numbers', 3)
  await numbers.stop()
  const child = await startChild('digests-child', { file })
  const run = await child.ask<Run>('run')
  await child.stop()
  return [
    {
      what: `Numbers of ${read.teams.toLocaleString('en-US')} digests over ${size}, beside one GROUP BY`,
      ours: read.ours / 1_000,
      baseline: read.raw / 1_000,
      unit: 's',
      ratio: read.ours / read.raw,
      target: { most: 30, of: 'ours' },
    },
    {
      what: `The same with reports, snapshots and deliveries kept, ${run.lines.toLocaleString('en-US')} digests`,
      ours: run.seconds,
      unit: 's',
    },
    { what: 'Memory of it, at its peak', ours: run.peakMb, unit: 'MB' },
    { what: 'Longest stall of the event loop in it', ours: run.stallMs, unit: 'ms' },
  ]
}
