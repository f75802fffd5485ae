import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoCompanies, loadDemo } from '../../data/demo.ts'
import { createStore, type DataStore } from '../../data/store.ts'
import type { NudgeBundle } from '../../src/canon/nudge.ts'
import { workspaceOfDemo } from '../../src/playground/companies.ts'
import { tenantOfDemo } from '../../src/playground/teams/companies.ts'
import { engines, freshPlace, type Place } from '../support/databases.ts'
import { dice } from '../support/dice.ts'
import { morningIsOver } from '../support/morning.ts'
import { timePasses } from '../support/passing.ts'
import { localSlack, type TestSlack } from '../support/slack-people.ts'
import { localTeams, type TestTeams } from '../support/teams-people.ts'
import { breaches, owedOf, toldInSlack, toldInTeams } from './delivery-rule.ts'
import { type Life, Lives } from './product-life.ts'

// A week in which everything goes wrong that can: the server is killed at moments of chance, its clock is set back and
// forward, it is down for three days, both platforms ask to wait and lose answers, and between it all somebody asks for
// discounts. The order is shuffled by a seed: DEALDESK_SEED=7 tries another. The delivery rule holds (Canon): nothing is
// lost, an ask arrives at least once on one record, a nudge or digest at most once a slot (B5.46 to B5.48, B5.65 to
// B5.68, B5.80, B5.82).

const hour = 3_600_000
const thursday = Date.parse('2027-01-28T10:00:00+09:00')
const seed = Number(process.env.DEALDESK_SEED ?? 11)

const moments = [
  'the clock is set back an hour',
  'the clock is set back a day',
  'three days down',
  'Slack asks to wait',
  'Teams asks to wait',
  'answers are lost',
] as const

let lives: Lives
beforeAll(async () => {
  lives = await Lives.make()
}, 60_000)
afterAll(() => lives?.end())

describe.each(engines)('the delivery rule on %s', (engine) => {
  let place: Place
  let store: DataStore
  let slack: TestSlack
  let teams: TestTeams
  let now = thursday
  let life: Life | undefined
  const chance = dice(seed)
  const happened: string[] = []

  beforeAll(async () => {
    place = await freshPlace(engine)
    const companies = demoCompanies('2027-01-28')
    slack = await localSlack({ workspaces: companies.map(workspaceOfDemo), scanMs: 0 })
    teams = await localTeams({ tenants: companies.map(tenantOfDemo), now: () => now })
    store = await createStore({ url: place.url, clock: { now: () => now } })
    await loadDemo(store, () => now, { teams: true })
    await morningIsOver(store, now)
  }, 60_000)
  afterAll(async () => {
    await store?.close()
    await slack?.close()
    await teams?.close()
    await place?.remove()
  })

  /** It begins, or looks again; mostly it will not live long. Answers when nothing is left to do, or when it is dead. */
  async function goOn(mortal = true): Promise<void> {
    if (life === undefined) {
      const endAt = `${chance.of(['before', 'within', 'after'])} transact ${20 + chance.below(200)}`
      life = lives.begin(place.url, { slack, teams }, mortal ? { endAt } : {})
      if (!(await life.quiet())) return isDead(endAt)
      slack.connect(`http://127.0.0.1:${life.port}/slack/events`)
      teams.connect(`http://127.0.0.1:${life.port}/api/messages`)
    } else if (!(await life.look())) await isDead('while it looked')
  }

  async function isDead(how: string, forMs = 10 * 60_000): Promise<void> {
    happened.push(`killed ${how}`)
    life = undefined
    await timePasses(store.database, forMs)
    now += forMs
  }

  async function kill(forMs?: number): Promise<void> {
    const dying = life
    await dying?.kill()
    if (dying) await isDead('between two steps', forMs)
  }

  async function rule(settledAt?: number): Promise<void> {
    const owed = await owedOf(store)
    const told = new Map([...(await toldInTeams(teams, store, owed)), ...toldInSlack(slack, owed)])
    expect(breaches(owed, told, settledAt), happened.join('\n')).toEqual([])
  }

  const setClock = (to: number, what: string): void => {
    now = to
    lives.now = to
    happened.push(`${what}: ${new Date(to).toISOString()}`)
  }

  async function live(moment: (typeof moments)[number]): Promise<void> {
    const waits = { on: 'api', kind: 'rate-limit', retryAfter: 1, times: 6 } as const
    const lost = { on: 'api', kind: 'accept-then-drop', times: 3 } as const
    happened.push(moment)
    switch (moment) {
      case 'the clock is set back an hour':
        return setClock(now - hour, moment)
      case 'the clock is set back a day':
        return setClock(now - 24 * hour, moment)
      case 'three days down':
        await kill()
        await timePasses(store.database, 72 * hour)
        return setClock(now + 72 * hour, moment)
      case 'Slack asks to wait':
        return slack.fault({ ...waits, method: 'chat.*' })
      case 'Teams asks to wait':
        return teams.fault({ ...waits, method: 'sendActivity' })
      case 'answers are lost':
        slack.fault({ ...lost, method: 'chat.postMessage' })
        return teams.fault({ ...lost, method: 'sendActivity' })
    }
  }

  /** What Slack answers when the server dies on the way is the person's to see. */
  async function askFor(deal: string): Promise<void> {
    if (life === undefined) return
    happened.push(`${deal} is asked for`)
    const person = slack.as('U0SEOYEON')
    await person.command('/approve-discount', `${deal} 15`)
    const form = await person.modal()
    await form.fill({ reason: `reason of ${deal}` })
    const sent = form.trySubmit()
    // Killed while the answer is on its way, or a little later, when the cards are.
    if (chance.below(2) === 0) await sent
    await kill()
    await sent.catch(() => undefined)
    for (const open of person.modals()) await open.close()
  }

  it(`holds through a week in which everything goes wrong (seed ${seed})`, { timeout: 180_000 }, async () => {
    setClock(thursday, 'it begins')
    await goOn(false)
    await teams.announce()
    await teams.settled()
    const deals = ['D-1042', 'D-1051', 'D-1058']
    let latest = now
    for (const moment of [...moments].sort(() => chance.of([-1, 1]))) {
      latest = Math.max(latest, now) + (3 + chance.below(7)) * hour
      setClock(latest, 'time passes')
      // What a platform does is met by what falls due; what the clock does, after that.
      const ofClock = moment.startsWith('the clock') || moment === 'three days down'
      if (!ofClock) await live(moment)
      await goOn()
      if (ofClock) await live(moment)
      if (moment.startsWith('the clock')) await goOn()
      const deal = chance.below(2) === 0 ? deals.pop() : undefined
      if (deal !== undefined) await askFor(deal)
      else if (chance.below(3) === 0) await kill()
      await rule()
    }

    // It is calm again: at eleven in Seoul and at eleven in New York, whatever was missed within its grace is done.
    slack.core.faults.clear()
    teams.core.faults.clear()
    await kill()
    setClock(Date.parse('2027-02-03T11:00:00+09:00'), 'calm')
    await goOn(false)
    setClock(Date.parse('2027-02-03T11:00:00-05:00'), 'calm')
    await goOn(false)
    const complaints = await life!.kill()
    expect(complaints).toBe('')
    await rule(now)
    const cutOff = await store.database.read
      .selectFrom('slots')
      .select('name')
      .where('finished', '=', 0)
      .execute()
    expect(cutOff).toEqual([])
    for (const { id: company } of await store.companies()) {
      const org = await store.org(company)
      expect(await store.reportIds(company, 'weekly-digest', '2027-02-01')).toHaveLength(org.teams.size)
      expect(await store.reportIds(company, 'monthly-report', '2027-02-01')).toHaveLength(1)
      expect(await store.reportIds(company, 'personal-summary', '2027-02-01')).not.toEqual([])
    }
    // Whoever was told that it is sent has it on the record, once.
    for (const deal of ['D-1042', 'D-1051', 'D-1058']) {
      const asked = await store.discountsOfDeal('ondam', deal, 10)
      const heard = slack.as('U0JUNHO').dm().messages()
      const cards = heard.filter((card) => card.text().includes(`reason of ${deal}`))
      expect(cards.length > 0, deal).toBe(asked.length > 0)
      expect(asked.length).toBeLessThanOrEqual(1)
    }
    expect(await toldAgain()).toEqual([])
    for (const verdict of await store.verifyAudit()) expect(verdict.broken).toBeUndefined()
  })

  /** Nudges that an ear was told of in two messages. */
  async function toldAgain(): Promise<readonly string[]> {
    const { rows } = await sql<{ ear: string; body: string }>`
      select ear, body from nudge_bundles`.execute(store.database.read)
    const all = rows.flatMap(({ ear, body }) =>
      (JSON.parse(body) as NudgeBundle).items.map(({ nudge }) => `${ear} ${nudge}`),
    )
    return all.filter((each, at) => all.indexOf(each) !== at)
  }
})
