import { loadConfig } from '../../src/config.ts'
import { type Dealdesk, startDealdesk } from '../../src/dealdesk.ts'
import { createLog } from '../../src/log.ts'
import { growSlowly } from '../../src/memory.ts'
import { answering } from './child.ts'
import { signingSecret } from './payloads.ts'
import { instant, type World } from './world.ts'

/** The product as it runs, in a process of its own, on a copy of the bench's database. */
let app: Dealdesk

answering({
  async start({ world, file, slackUrl }: { world: World; file: string; slackUrl: string }) {
    growSlowly()
    const config = loadConfig({
      DATABASE_URL: `file:${file}`,
      PORT: '0',
      DEALDESK_HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
    })
    app = await startDealdesk({
      config,
      log: createLog(config.logLevel, process.stderr),
      // A working morning that goes on: what is decided is told at once.
      clock: { now: () => instant + Math.floor(performance.now()) },
      local: {
        slack: { apiUrl: slackUrl, signingSecrets: [signingSecret] },
        installations: {
          handle: async () => false,
          tenants: async () => world.companies.map((company) => company.tenant),
          forget: async () => undefined,
          tokenOf: async (tenant) => `xoxb-${tenant}`,
        },
      },
    })
  },
  port: () => app.port,
  idle: () => app.idle(),
  memory: () => {
    globalThis.gc?.()
    return process.memoryUsage().rss
  },
  stop: () => app.stop(),
})
