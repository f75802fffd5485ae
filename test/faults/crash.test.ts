import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../data/database.ts'
import { demoCompanies, loadDemo } from '../../data/demo.ts'
import { createStore, type DataStore } from '../../data/store.ts'
import type { CrashPoint } from '../../src/outbox/crash.ts'
import { workspaceOfDemo } from '../../src/playground/companies.ts'
import { type Program, program, type Running } from '../support/child.ts'
import { freshPlace, type Place } from '../support/databases.ts'
import { morningIsOver, nobodyNudges } from '../support/morning.ts'
import { localSlack, type Persona, type TestSlack } from '../support/slack-people.ts'
import type { Card } from '../support/slack-screen.ts'

// kill −9 of the server as `npm start` runs it, with Slack outside: at each point of a delivery and between any two
// instructions, and then a start on what is left. Every decision that Slack was told of is there, none is there
// twice, everybody has their card, and the audit verifies (P6; B5.65 to B5.67).

const clock = '2026-11-23T10:00:00+09:00'
let server: Program

beforeAll(async () => {
  server = await program('src/main.ts')
}, 60_000)
afterAll(() => server?.remove())

describe.each<Engine>(['sqlite', 'postgres'])('kill −9 of the whole server, on %s', (engine) => {
  let place: Place
  let store: DataStore
  let slack: TestSlack
  let running: Running | undefined
  let manager: Persona
  let seoyeon: Persona

  beforeAll(async () => {
    place = await freshPlace(engine)
    const [demo] = demoCompanies('2026-11-23')
    slack = await localSlack({ workspaces: [workspaceOfDemo(demo!)] })
    store = await createStore({
      url: place.url,
      migrations: 'refuse',
      clock: { now: () => Date.parse(clock) },
    })
    await loadDemo(store, () => Date.parse(clock))
    // The server dies of the deliveries that a test asks for, not of a nudge's.
    await morningIsOver(store, Date.parse(clock))
    await nobodyNudges(store)
    seoyeon = slack.as('U0SEOYEON')
    manager = slack.as('U0JUNHO')
  }, 60_000)
  afterAll(async () => {
    running?.process.kill('SIGKILL')
    await running?.ended
    await store?.close()
    await slack?.close()
    await place?.remove()
  })

  async function start(env: Record<string, string> = {}): Promise<Running> {
    const port = await freePort()
    const child = server.startWith({
      NODE_ENV: 'test',
      PORT: String(port),
      DEALDESK_HOST: '127.0.0.1',
      DATABASE_URL: place.url,
      DEALDESK_NOW: clock,
      SLACK_API_URL: slack.apiUrl,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      ...env,
    })
    running = child
    for await (const line of child.lines) if (line.includes('dealdesk is ready')) break
    slack.connect(`http://127.0.0.1:${port}/slack/events`)
    return child
  }
  async function kill(child: Running): Promise<void> {
    child.process.kill('SIGKILL')
    expect((await child.ended).signal).toBe('SIGKILL')
    await leasesRunOut()
  }
  /** Another replica might still hold them on PostgreSQL: a minute and a half, which this test does not wait for. */
  async function leasesRunOut(): Promise<void> {
    if (engine === 'postgres')
      await store.database.transact((trx) => sql`update lanes set lease_until = 0`.execute(trx))
  }
  /** Nothing is owed to anybody any more. */
  async function delivered(): Promise<void> {
    await within(async () => {
      const { rows } = await sql<{ owed: number }>`
        select count(*) as owed from deliveries where state = 'pending'`.execute(store.database.read)
      return Number(rows[0]?.owed) === 0
    }, 'everything to be delivered')
    await slack.settled()
  }

  /** Asks with the form; what the server answers when it dies on the way is the person's to see, not an error here. */
  async function ask(deal: string, percent: number): Promise<void> {
    await seoyeon.command('/approve-discount', `${deal} ${percent}`)
    const form = await seoyeon.modal()
    await form.fill({ reason: `${deal}의 사유` })
    await form.trySubmit()
  }
  const requests = (deal: string) => store.discountsOfDeal('ondam', deal, 10)
  const cards = (person: Persona, deal: string): Card[] =>
    person
      .dm()
      .messages()
      .filter((card) => card.text().includes(`${deal}의 사유`))

  async function verifies(): Promise<void> {
    for (const verdict of await store.verifyAudit()) expect(verdict.broken).toBeUndefined()
  }

  // One deal a point: all are at the proposal or later, and their owner is the one who asks.
  const points: readonly (readonly [CrashPoint, string])[] =
    engine === 'sqlite'
      ? [
          ['after-claim', 'D-1042'],
          ['after-draw', 'D-1051'],
          ['before-post', 'D-1058'],
          ['after-post', 'D-1042'],
          ['after-record', 'D-1051'],
        ]
      : [['after-post', 'D-1042']]

  it.each(points)(
    'B5.66 B5.67 killed %s: %s is asked for once, and each has one card',
    { timeout: 60_000 },
    async (at, deal) => {
      const before = (await requests(deal)).length
      const cardsBefore = cards(manager, deal).length
      const dying = await start({ DEALDESK_CRASH_AT: at })
      await ask(deal, 15)
      expect((await dying.ended).signal).toBe('SIGKILL')
      await leasesRunOut()
      // The person was told that it is sent, so it is there: once.
      expect(await requests(deal)).toHaveLength(before + 1)

      const child = await start()
      await delivered()
      expect(cards(manager, deal)).toHaveLength(cardsBefore + 1)
      const brief = cards(manager, deal).at(-1)!
      expect(brief.actions()).toContain('discount.approve')
      expect(
        cards(seoyeon, deal).filter((card) => card.actions().includes('discount.withdraw')),
      ).toHaveLength(1)
      await brief.click('discount.approve')
      await delivered()
      expect((await requests(deal))[0]).toMatchObject({ status: 'approved' })
      expect(brief.buttons()).toEqual([])
      await verifies()
      await kill(child)
    },
  )

  const rounds = engine === 'sqlite' ? 5 : 2
  it(`P6 killed ${rounds} times between a click and its cards, at any instruction, nothing is lost or decided twice`, {
    timeout: 120_000,
  }, async () => {
    const deal = 'D-1058'
    let child = await start()
    for (let round = 0; round < rounds; round += 1) {
      await ask(deal, 15)
      await delivered()
      const brief = cards(manager, deal).findLast((card) => card.actions().includes('discount.approve'))!
      const [request] = await requests(deal)
      // The click and the kill race; the further the round, the later the kill.
      const pressed = brief.tryClick('discount.approve').catch(() => ({ ok: false }))
      await pause(round * 9)
      await kill(child)
      const { ok } = await pressed
      const left = (await requests(deal)).find(({ id }) => id === request!.id)!
      // What Slack was told has happened; what it was not told has happened whole or not at all.
      if (ok) expect(left.status).toBe('approved')
      expect(['pending', 'approved']).toContain(left.status)
      const trail = await store.auditOf('ondam', { noun: 'discount', id: left.id }, 50)
      expect(trail.filter(({ what }) => what === 'discount.approved')).toHaveLength(
        left.status === 'approved' ? 1 : 0,
      )

      child = await start()
      await delivered()
      // Nobody saw it happen, so the person presses again: once is enough.
      if (left.status === 'pending') {
        await brief.click('discount.approve')
        await delivered()
      }
      const settled = (await requests(deal)).find(({ id }) => id === request!.id)!
      expect(settled.status).toBe('approved')
      expect(settled.steps.flatMap((step) => step.decisions)).toHaveLength(1)
      expect(brief.buttons()).toEqual([])
      expect(cards(seoyeon, deal).filter((card) => card.actions().includes('discount.withdraw'))).toEqual([])
      const notices = seoyeon
        .dm()
        .messages()
        .filter((card) => /승인 완료/.test(card.text()) && /견적을 보내셔도/.test(card.text()))
      expect(notices).toHaveLength(
        (await requests(deal)).filter(({ status }) => status === 'approved').length + noticesBefore(deal),
      )
      await verifies()
    }
    await kill(child)
  })

  /** Notices of the other deals, which the points before have left in the same conversation. */
  function noticesBefore(deal: string): number {
    const names = { 'D-1042': '이천 2공장', 'D-1051': '품질 분석', 'D-1058': '데이터 연계' }
    return seoyeon
      .dm()
      .messages()
      .filter(
        (card) =>
          /견적을 보내셔도/.test(card.text()) && !card.text().includes(names[deal as keyof typeof names]),
      ).length
  }
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What happens in another process cannot be listened to: it is looked at again until it holds. */
async function within(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited 20 s in vain for ${what}`)
    await pause(25)
  }
}
