import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { loadDriver } from '../../data/sqlite.ts'
import { createStore, type DataStore } from '../../data/store.ts'
import { stalledRule } from '../../handlers/nudge-deal.ts'
import type { RuleDesk } from '../../handlers/nudge-rule.ts'
import { schedules } from '../../schedules/index.ts'
import { isLocal, isNudging, runNudging } from '../../schedules/run.ts'
import { addDays, localDate } from '../../src/canon/calendar.ts'
import { answering } from './child.ts'
import { nightlyAt, nightlyCompany } from './nightly-world.ts'
import { percentile } from './statistics.ts'

/** What is due on every working day, and nudges. */
const nightly = schedules.filter(isNudging).filter(({ when }) => isLocal(when) && when.on === 'working-days')

let file = ''
let store: DataStore
const company = nightlyCompany

async function desk(): Promise<RuleDesk> {
  const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
  const today = localDate(nightlyAt, org.company.working.timeZone)
  return { store, company, org, policy, now: nightlyAt, today }
}

const megabytes = (bytes: number) => bytes / 1024 / 1024

answering({
  async start(given: { file: string }) {
    file = given.file
    store = await createStore({ url: `file:${file}`, clock: { now: () => nightlyAt } })
  },

  /** The rule as the run reads it, beside the SQL that finds the same rows in one go on a bare connection. */
  async stalled(rounds: number) {
    const Sqlite = loadDriver()
    const bare = new Sqlite(file, { readonly: true })
    const { today, policy, ...rest } = await desk()
    const before = addDays(today, -policy.nudges.stalledAfterDays)
    const query = bare.prepare(
      `select id, owner, stage, amount, currency, stage_entered_on from opportunities
        where company_id = ? and closed = 0 and stage_entered_on < ?`,
    )
    const ours: number[] = []
    const raw: number[] = []
    let found = 0
    for (let round = 0; round < rounds; round++) {
      let began = performance.now()
      const rows = query.all(company, before).length
      raw.push(performance.now() - began)
      began = performance.now()
      found = 0
      for await (const finding of stalledRule.find({ ...rest, today, policy }))
        if (finding.weight > -1) found++
      ours.push(performance.now() - began)
      if (found !== rows) throw new Error(`The rule finds ${found} deals, the SQL ${rows}.`)
    }
    bare.close()
    return { found, ours: percentile(ours, 0.5), raw: percentile(raw, 0.5) }
  },

  async night() {
    const stalls = monitorEventLoopDelay({ resolution: 5 })
    await delay(50)
    stalls.enable()
    const began = performance.now()
    const before = process.cpuUsage()
    const lines = await runNudging(nightly, {
      store,
      now: nightlyAt,
      company,
      slot: localDate(nightlyAt, 'Asia/Seoul'),
      dryRun: false,
    })
    const seconds = (performance.now() - began) / 1_000
    const { user, system } = process.cpuUsage(before)
    stalls.disable()
    return {
      seconds,
      cpuSeconds: (user + system) / 1e6,
      lines: lines.length,
      peakMb: megabytes(process.resourceUsage().maxRSS * 1024),
      stallMs: stalls.max / 1e6,
    }
  },

  async stop() {
    await store.close()
  },
})
