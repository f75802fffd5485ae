import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStore } from '../../data/store.ts'
import { loadConfig } from '../../src/config.ts'
import { startDealdesk } from '../../src/dealdesk.ts'
import { createLog } from '../../src/log.ts'
import { outcomeOf, people, presses } from '../bench/crowd.ts'
import { type FakeSlack, fakeSlack } from '../bench/fake-slack.ts'
import { sendAll } from '../bench/load.ts'
import { button, signingSecret } from '../bench/payloads.ts'
import { buildWorld, instant, type World } from '../bench/world.ts'

let folder: string
let world: World
let slack: FakeSlack
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dealdesk-crowd-'))
  slack = await fakeSlack()
  world = await buildWorld(join(folder, 'crowd.db'), { companies: 1, teams: 200, pending: 1_000, free: 0 })
}, 120_000)
afterAll(async () => {
  await slack.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('200 people press buttons at once on 1,000 open requests', () => {
  it('B5.1 B5.2 nothing is lost, nothing decided twice, and a second press is refused on the record', async () => {
    const lines: string[] = []
    const app = await startDealdesk({
      config: loadConfig({
        DATABASE_URL: `file:${world.file}`,
        PORT: '0',
        DEALDESK_HOST: '127.0.0.1',
      }),
      log: createLog('warn', { write: (line) => lines.push(line) }),
      clock: { now: () => instant },
      local: {
        slack: { apiUrl: slack.url, signingSecrets: [signingSecret] },
        installations: {
          handle: async () => false,
          tenants: async () => world.companies.map((company) => company.tenant),
          forget: async () => undefined,
          tokenOf: async () => 'xoxb-crowd',
        },
      },
    })
    const pressed = presses(world)
    const answers = await sendAll(
      app.port,
      people,
      pressed.map(
        ({ pending, team }) =>
          () =>
            button(
              world,
              world.pending[pending]!,
              'discount.approve',
              { card: [], slackUrl: slack.url },
              team,
            ).body,
      ),
    )
    await app.stop()

    expect(answers).toHaveLength(pressed.length)
    expect(answers.filter((answer) => answer.status !== 200)).toEqual([])
    expect(lines.filter((line) => !line.includes('too-many'))).toEqual([])
    expect(await outcomeOf(world.file, world)).toEqual({ approvedOnce: 1_000, lost: 0, twice: 0 })

    const store = await createStore({ url: `file:${world.file}`, clock: { now: () => instant } })
    try {
      const { id } = world.companies[0]!
      const refused = await Promise.all(
        world.pending.map(async ({ request }) => {
          const lines = await store.auditOf(id, { noun: 'discount', id: request }, 50)
          return lines.filter((line) => line.what === 'discount.refused').length
        }),
      )
      // The manager's second press is on the record. Whoever may not even see the request learns and leaves nothing.
      expect(refused).toEqual(world.pending.map((_, at) => (at % 5 === 0 ? 1 : 0)))
      expect((await store.verifyAudit(id))[0]).not.toHaveProperty('broken')
    } finally {
      await store.close()
    }
  }, 120_000)
})
