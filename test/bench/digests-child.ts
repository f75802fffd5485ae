import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { loadDriver } from '../../data/sqlite.ts'
import { createStore, type DataStore } from '../../data/store.ts'
import { digestsOf, groupOfTeam, membersByTeam, pipelineDays } from '../../handlers/digest.ts'
import { weeklyDigest } from '../../schedules/weekly-digest.ts'
import { answering } from './child.ts'
import { nightlyAt, nightlyCompany } from './nightly-world.ts'
import { percentile } from './statistics.ts'

let file = ''
let store: DataStore
const company = nightlyCompany
const slot = '2026-11-23'

const megabytes = (bytes: number) => bytes / 1024 / 1024

answering({
  async start(given: { file: string }) {
    file = given.file
    store = await createStore({ url: `file:${file}`, clock: { now: () => nightlyAt } })
  },

  /** Every team's numbers, beside one GROUP BY by owner over everything on a bare connection. */
  async numbers(rounds: number) {
    const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
    const desk = { store, company, org, policy, now: nightlyAt }
    const members = membersByTeam(org)
    const groups = [...org.teams.keys()].map((id) => groupOfTeam(id, org, members))
    const { quarterTo, stalledBefore } = pipelineDays(desk)
    const Sqlite = loadDriver()
    const bare = new Sqlite(file, { readonly: true })
    const query = bare.prepare(
      `select owner, stage, currency, tier, channel, count(*), sum(amount),
         sum(case when expected_close_on <= ? then amount else 0 end),
         sum(case when stage_entered_on < ? then 1 else 0 end)
       from opportunities where company_id = ? and closed = 0 group by owner, stage, currency, tier, channel`,
    )
    const ours: number[] = []
    const raw: number[] = []
    let deals = 0
    for (let round = 0; round < rounds; round++) {
      let began = performance.now()
      query.all(quarterTo, stalledBefore, company)
      raw.push(performance.now() - began)
      began = performance.now()
      deals = 0
      for await (const batch of digestsOf(desk, groups, slot))
        for (const { digest } of batch) deals += digest.pipeline.deals
      ours.push(performance.now() - began)
    }
    bare.close()
    return { teams: groups.length, deals, ours: percentile(ours, 0.5), raw: percentile(raw, 0.5) }
  },

  /** The whole run: numbers, reports, snapshots and deliveries. */
  async run() {
    const stalls = monitorEventLoopDelay({ resolution: 5 })
    await delay(50)
    stalls.enable()
    const began = performance.now()
    const lines = await weeklyDigest.run({ store, now: nightlyAt, company, slot, dryRun: false })
    const seconds = (performance.now() - began) / 1_000
    stalls.disable()
    return {
      seconds,
      lines: lines.length,
      peakMb: megabytes(process.resourceUsage().maxRSS * 1024),
      stallMs: stalls.max / 1e6,
    }
  },

  async stop() {
    await store.close()
  },
})
