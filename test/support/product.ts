import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '../../data/database.ts'
import { demoCompanies, loadDemo } from '../../data/demo.ts'
import { planFiles, problemLine, runImport } from '../../data/import.ts'
import { localDate } from '../../src/canon/calendar.ts'
import { loadConfig } from '../../src/config.ts'
import { type Dealdesk, startDealdesk } from '../../src/dealdesk.ts'
import { createLog, type Log } from '../../src/log.ts'
import { workspaceOfDemo } from '../../src/playground/companies.ts'
import { tenantOfDemo } from '../../src/playground/teams/companies.ts'
import type { Installations } from '../../src/slack/index.ts'
import { freshPlace, type Place } from './databases.ts'
import { morningIsOver, nobodyNudges } from './morning.ts'
import { localSlack, type TestSlack } from './slack-people.ts'
import { localTeams, type TestTeams } from './teams-people.ts'

/** Monday 2026-11-23, 10:00 in Seoul: an ordinary working morning, unless a story says otherwise. */
export const mondayMorning = Date.parse('2026-11-23T10:00:00+09:00')

export interface Product {
  readonly slack: TestSlack
  /** Throws unless the product was started with `platforms: […, 'teams']`. */
  readonly teams: TestTeams
  readonly app: Dealdesk
  readonly clock: {
    now(): number
    set(to: number | string): Promise<void>
    forward(ms: number): Promise<void>
    /** Time passes while the product runs: every schedule has its hour on the way. `stop` is told of every halt. */
    walk(to: number | string, stop?: (now: number) => void): Promise<void>
    /** Time passes and nobody has noticed yet: no sweep has run. */
    jump(ms: number): void
  }
  /** Imports one file as the CLI would, beside the running server. */
  importFile(name: string, text: string): Promise<void>
  /** Every line the product logged. */
  readonly lines: string[]
  /** Nothing is on its way any more, in either direction. */
  settled(): Promise<void>
  /** Ends the product and starts it again on the same database. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface ProductOptions {
  readonly engine?: Engine
  readonly now?: number
  readonly env?: Readonly<Record<string, string>>
  /** Which platforms it is on; `['slack']` when left out. With Teams everybody is linked on both. */
  readonly platforms?: readonly ('slack' | 'teams')[]
  /** Today's schedules are still to run when the product starts, as after a night off; else they have run. */
  readonly missedMorning?: boolean
  /** False: the companies' policies do without nudges, where a test counts every message. */
  readonly nudges?: false
  /** A place of the caller's own, e.g. to look at after the product has stopped. */
  readonly place?: Place
}

/** The whole product on a local Slack with the demo companies: over HTTP, signed, as it runs for a newcomer. */
export async function product(options: ProductOptions = {}): Promise<Product> {
  let now = options.now ?? mondayMorning
  const clock = { now: () => now }
  const place = options.place ?? (await freshPlace(options.engine ?? 'sqlite'))
  const companies = demoCompanies(localDate(now, 'Asia/Seoul'))
  const slack = await localSlack({ workspaces: companies.map(workspaceOfDemo) })
  const onTeams = options.platforms?.includes('teams') === true
  const onSlack = options.platforms?.includes('slack') ?? true
  const teams = onTeams
    ? await localTeams({ tenants: companies.map(tenantOfDemo), now: () => now })
    : undefined
  const lines: string[] = []
  const log: Log = createLog('debug', { write: (line) => lines.push(line) })
  const config = {
    ...loadConfig({
      DATABASE_URL: place.url,
      PORT: '0',
      DEALDESK_HOST: '127.0.0.1',
      ...options.env,
    }),
  }
  const start = async (first: boolean) => {
    const app = await startDealdesk({
      config,
      log,
      clock,
      paceMs: 20,
      local: {
        ...(onSlack && {
          slack: { apiUrl: slack.apiUrl, signingSecrets: [slack.signingSecret] },
          installations: installationsOf(slack),
        }),
        ...(teams && { teams: teams.settings }),
      },
      onStore: async (store) => {
        if (!first) return
        await loadDemo(store, () => now, { teams: onTeams })
        if (options.missedMorning !== true) await morningIsOver(store, now)
        if (options.nudges === false) await nobodyNudges(store)
      },
    })
    slack.connect(`http://127.0.0.1:${app.port}/slack/events`)
    teams?.connect(`http://127.0.0.1:${app.port}/api/messages`)
    await teams?.announce()
    return app
  }
  let app = await start(true)
  const settled = async () => {
    // A delivery may cause a gesture's answer and the other way round: quiet is when both are, twice.
    for (let i = 0; i < 2; i++) {
      await slack.settled()
      await teams?.settled()
      await app.idle()
    }
  }
  return {
    slack,
    get teams() {
      if (!teams) throw new Error('This product is not on Teams: start it with platforms')
      return teams
    },
    get app() {
      return app
    },
    lines,
    clock: {
      now: () => now,
      async set(to) {
        now = typeof to === 'string' ? Date.parse(to) : to
        await app.clockMoved()
        await settled()
      },
      async walk(to, stop) {
        const target = typeof to === 'string' ? Date.parse(to) : to
        while (now < target) {
          const slot = await app.nextSlot(now)
          now = Math.min(target, now + 12 * 3_600_000, slot ?? target)
          await app.clockMoved()
          await settled()
          stop?.(now)
        }
      },
      jump(ms) {
        now += ms
      },
      async forward(ms) {
        now += ms
        await app.clockMoved()
        await settled()
      },
    },
    settled,
    async importFile(name, text) {
      const folder = mkdtempSync(join(tmpdir(), 'dealdesk-import-'))
      try {
        writeFileSync(join(folder, name), text)
        const plan = await planFiles([folder])
        const report = await runImport(app.store, plan, { company: 'ondam', now: () => now, asIs: true })
        if (report.outcome === 'refused') throw new Error(report.problems.map(problemLine).join('\n'))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
      await app.clockMoved()
      await settled()
    },
    async restart() {
      await app.stop()
      app = await start(false)
    },
    async stop() {
      await app.stop()
      await slack.close()
      await teams?.close()
      await place.remove()
    },
  }
}

/** One app in many workspaces, with the tokens the local Slack gave out. */
function installationsOf(slack: TestSlack): Installations {
  return {
    handle: async () => false,
    tenants: async () => Object.keys(slack.core.world.workspaces),
    forget: async () => undefined,
    tokenOf: async (tenant) => slack.slack.workspace(tenant).botToken,
  }
}
