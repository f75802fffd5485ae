import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { startDealdesk } from '../../src/dealdesk.ts'
import { createLog } from '../../src/log.ts'
import { startPlayground } from '../../src/playground/index.ts'
import { forgeries } from '../../src/playground/teams/faults.ts'
import { type Product, product } from '../support/product.ts'
import { TestTeams } from '../support/teams-people.ts'

let desk: Product
beforeAll(async () => {
  desk = await product({ platforms: ['slack', 'teams'] })
})
afterAll(() => desk.stop())

/** Says that somebody would rather be asked in Teams. */
const preferTeams = async (person: string) => {
  const { store } = desk.app
  await store.commit({
    company: 'ondam',
    save: [{ noun: 'person', id: person, set: { prefers: 'teams' } }],
    audit: [],
    deliveries: [],
  })
}

describe('one product on a local Slack and a local Teams', () => {
  it('asked in Teams in two steps, decided in Slack, told in Teams', async () => {
    await preferTeams('kim-seoyeon')
    const seller = desk.teams.as('kim-seoyeon')
    await seller.say('approve-discount')
    const door = await seller.chat().waitForCard(/버튼을 누르면 양식이/)
    await door.press('양식 열기')
    const dialog = await seller.dialog(/할인 요청/)
    expect(dialog.fields()).toEqual(['deal', 'discount'])
    await dialog.fill({ deal: '한누리반도체', discount: '14' })
    await dialog.continue()
    expect(dialog.text()).toMatch(/박준호/)
    await dialog.fill({ reason: '경쟁사가 같은 조건에 더 낮은 가격을 냈습니다.' })
    await dialog.submit()

    const own = await seller.chat().waitForCard(/한누리반도체.*14%/s)
    const ask = await desk.slack
      .as('U0JUNHO')
      .dm()
      .waitForMessage(/한누리반도체.*14%/s)
    await ask.click('discount.approve')
    await own.waitFor(/승인/)
    expect(own.edited).toBe(true)
  })

  it('asked in Slack, decided in Teams by one press, settled on both', async () => {
    await preferTeams('park-junho')
    const seller = desk.slack.as('U0MINJAE')
    await seller.command('/approve-discount')
    const form = await seller.modal()
    const [deal] = await form.search('deal', '')
    await form.fill({ deal: deal!.value, discount: '13', reason: '3년 약정을 조건으로 합니다.' })
    await form.submit()
    const ask = await desk.teams.as('park-junho').chat().waitForCard(/13%/)
    await ask.press('discount.approve')
    await ask.waitFor(/승인/)
    await ask.settled()
    await seller.dm().waitForMessage(/13%.*승인/s)
  })

  it.each(forgeries)(
    'B5.29, B5.33 an activity that is not Teams’ own (%s) gets nothing and does nothing',
    async (kind) => {
      const seller = desk.teams.as('kim-seoyeon')
      await desk.settled()
      const before = desk.teams.calls().length
      desk.teams.fault({ on: 'app', kind, times: 1, user: seller.id })
      await seller.say('approvals')
      const { response } = desk.teams.received('message').at(-1)!
      expect(response?.status).toBe(kind === 'wrong-service-url' || kind === 'foreign-tenant' ? 403 : 401)
      expect(response?.body).toBe('')
      await desk.settled()
      expect(
        desk.teams
          .calls()
          .slice(before)
          .filter(({ user }) => user === seller.id),
      ).toEqual([])
    },
  )

  it('everything else Teams was sent, it took', () => {
    const refused = desk.teams.calls().filter(({ outcome }) => outcome !== 'ok')
    expect(refused.map(({ what, response }) => [what, response?.body])).toEqual([])
    const failed = desk.teams.received().filter(({ outcome, fault }) => outcome !== 'ok' && !fault)
    expect(failed.map(({ what, response }) => [what, response?.status])).toEqual([])
  })
})

describe('the playground as npm start opens it', () => {
  it('has the demo companies on Teams too, the same people on both sides, and the product answers there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'playground-'))
    const config = loadConfig({ DATABASE_URL: `file:${join(folder, 'dealdesk.db')}`, PORT: '0' })
    const log = createLog('silent', { write: () => undefined })
    const running = await startPlayground({ config, log, start: startDealdesk })
    try {
      const { slack, teams } = running.playground
      const tenants = Object.values(teams.core.world.tenants)
      expect(tenants.map(({ name }) => name)).toEqual(
        Object.values(slack.core.world.workspaces).map(({ name }) => name),
      )
      const bindings = await running.dealdesk.store.bindings()
      expect(
        bindings
          .filter(({ platform }) => platform === 'teams')
          .map(({ tenant }) => tenant)
          .sort(),
      ).toEqual(tenants.map(({ id }) => id).sort())
      const seller = new TestTeams(teams).as('kim-seoyeon')
      expect(await running.dealdesk.store.whoIs('teams', seller.actor.tenant.id, seller.id)).toEqual({
        company: 'ondam',
        person: 'kim-seoyeon',
      })
      const said = await seller.say('deal D-1042')
      await seller.chat().waitForCard(/양식|D-1042|한누리/, { after: said.id })
    } finally {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
