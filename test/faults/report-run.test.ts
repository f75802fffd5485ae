import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Engine } from '../../data/database.ts'
import { demoCompanies, loadDemo } from '../../data/demo.ts'
import { createStore, type DataStore } from '../../data/store.ts'
import { placeKey } from '../../handlers/digest-places.ts'
import { monthlyReport } from '../../schedules/monthly-report.ts'
import { personalSummary } from '../../schedules/personal-summary.ts'
import { runForCompany } from '../../schedules/run.ts'
import { weeklyDigest } from '../../schedules/weekly-digest.ts'
import { audienceOf } from '../../src/outbox/lane.ts'
import { workspaceOfDemo } from '../../src/playground/companies.ts'
import { freshPlace, type Place } from '../support/databases.ts'
import { dice } from '../support/dice.ts'
import { nobodyNudges } from '../support/morning.ts'
import { timePasses } from '../support/passing.ts'
import { localSlack, type TestSlack } from '../support/slack-people.ts'
import { until } from '../support/until.ts'
import { breaches, owedOf, toldInSlack } from './delivery-rule.ts'
import { type Life, Lives } from './product-life.ts'

// kill −9 of the server in the middle of a Monday that is the first of a month: weekly digests, personal summaries and
// the monthly report are due at once, charts are uploaded, messages are posted. The server is started again until
// nothing is left to do; then everybody has had each of them once, and the record lacks none (B5.65 to B5.68, B5.78).

const friday = Date.parse('2027-01-29T10:00:00+09:00')
/** All of Ondam's teams have their morning, in Seoul and in Singapore. */
const monday = Date.parse('2027-02-01T10:00:00+09:00')
const slot = '2027-02-01'
const reports = [weeklyDigest, personalSummary, monthlyReport]

/** After a kill −9 another replica might still hold what was held: as long as that can be. */
const leaseMs = 10 * 60_000

let lives: Lives
beforeAll(async () => {
  lives = await Lives.make()
}, 60_000)
afterAll(() => lives?.end())

describe.each<Engine>(['sqlite', 'postgres'])('kill −9 in a run of reports, on %s', (engine) => {
  let place: Place
  let store: DataStore
  let slack: TestSlack
  /** Who is to hear what: `weekly-digest:team:enterprise:2027-02-01 → slack:C0ENTERPRISE`. */
  let whole: readonly string[]

  beforeAll(async () => {
    place = await freshPlace(engine)
    store = await createStore({ url: place.url, clock: { now: () => friday } })
    await loadDemo(store, () => friday)
    // What is counted here is reports.
    await nobodyNudges(store)
    const desk = { store, now: monday, dryRun: true }
    const lines = await Promise.all(
      reports.map(async (schedule) => ({
        name: schedule.name,
        lines: await runForCompany(schedule, desk, 'ondam'),
      })),
    )
    const nounOf = { 'weekly-digest': 'team', 'personal-summary': 'person', 'monthly-report': 'company' }
    whole = lines
      .flatMap(({ name, lines: all }) =>
        all.flatMap(({ subject, to }) =>
          to.map((who) => `${name}:${nounOf[name as keyof typeof nounOf]}:${subject}:${slot} → ${who}`),
        ),
      )
      .sort()
    lives.now = monday
  }, 60_000)
  afterAll(async () => {
    await store?.close()
    await place?.remove()
  })

  beforeEach(async () => {
    slack = await localSlack({ workspaces: demoCompanies('2027-01-29').map(workspaceOfDemo), scanMs: 0 })
    await store.database.transact(async (trx) => {
      const queue = engine === 'sqlite' ? 'jobs' : 'pgboss.job'
      for (const table of ['deliveries', 'lanes', 'placed_cards', 'slots', queue])
        await sql.raw(`delete from ${table}`).execute(trx)
      await trx.deleteFrom('reports').where('slot', '>=', slot).execute()
      await trx.deleteFrom('pipeline_snapshots').where('taken_on', '>=', slot).execute()
    })
    return () => slack.close()
  })

  const begin = (more: Parameters<Lives['begin']>[2] = {}): Life => lives.begin(place.url, { slack }, more)

  /** What nobody may see at any moment, and then the leases of the killed one run out. */
  async function nothingTwice(): Promise<void> {
    const owed = await owedOf(store)
    expect(breaches(owed, toldInSlack(slack, owed))).toEqual([])
    await timePasses(store.database, leaseMs)
  }

  /** Everything is settled: all that was to be told is in the record, and is in the chat as the record says. */
  async function toldOnce(): Promise<void> {
    const owed = await owedOf(store)
    expect(breaches(owed, toldInSlack(slack, owed), monday)).toEqual([])
    const cards = owed.filter(({ kind, line }) => kind === 'nudge' && line === null)
    const heard = cards.map(({ subject, lane }) => `${subject} → ${placeKey(audienceOf(lane))}`)
    expect(heard.sort()).toEqual(whole)
    for (const schedule of reports)
      expect(
        await runForCompany(schedule, { store, now: monday, dryRun: true }, 'ondam'),
        schedule.name,
      ).toEqual([])
    for (const verdict of await store.verifyAudit()) expect(verdict.broken).toBeUndefined()
  }

  async function untilDone(): Promise<void> {
    const life = begin()
    expect(await life.quiet()).toBe(true)
    await toldOnce()
    // Nobody hears anything when it looks again, and nothing when another one starts.
    expect(await life.look()).toBe(true)
    expect(await life.kill()).toBe('')
    await toldOnce()
  }

  const named =
    engine === 'sqlite'
      ? [
          { endAt: 'after takeSlot 1' },
          { endAt: 'before commit 1' },
          { endAt: 'after commit 2' },
          { crashAt: 'after-claim:2' },
          { crashAt: 'before-post:2' },
          { crashAt: 'after-post:2' },
          { crashAt: 'after-record:2' },
          // Last: a run that gets as far as this has posted most of what it told.
          { endAt: 'before finishSlot 1' },
        ]
      : [{ endAt: 'after commit 2' }, { crashAt: 'before-post' }, { crashAt: 'after-post' }]
  it('B5.68 killed at one point after the other, it goes on where it stopped: each is told once', {
    timeout: 120_000,
  }, async () => {
    for (const point of named) {
      expect(await begin(point).quiet(), JSON.stringify(point)).toBe(false)
      await nothingTwice()
    }
    await untilDone()
  })

  it('B5.78 two processes at the same slots, each killed at a moment of chance: each is told once', {
    timeout: 120_000,
  }, async () => {
    const chance = dice(Number(process.env.DEALDESK_SEED ?? 5))
    const point = () => ({
      endAt: `${chance.of(['before', 'within', 'after'])} transact ${1 + chance.below(100)}`,
    })
    // One SQLite file has one server, and beside it whoever runs a schedule by hand (B5.75).
    const beside =
      engine === 'sqlite' ? { byHand: { names: reports.map(({ name }) => name), company: 'ondam' } } : {}
    for (let round = 0; round < (engine === 'sqlite' ? 2 : 1); round += 1) {
      const [one, other] = [begin(point()), begin({ ...point(), ...beside })]
      const untilKilled = async (life: Life) => {
        if (await life.quiet()) await life.kill()
        await nothingTwice()
      }
      await Promise.all([untilKilled(one), untilKilled(other)])
    }
    await untilDone()
  })

  // What Slack was asked for does not differ between the engines.
  if (engine === 'sqlite')
    it('B5.67 killed while a chart is uploaded: nothing is posted by the upload, and the digest once', {
      timeout: 120_000,
    }, async () => {
      type Fault = Parameters<typeof slack.fault>[0]
      const killedOn = async (...faults: Omit<Fault, 'on'>[]): Promise<void> => {
        const placed = faults.map((each) => slack.core.faults.add({ on: 'api', ...each }))
        const life = begin()
        const struck = () =>
          placed.every(({ id }) =>
            slack.calls().some((call) => call.fault === id && call.outcome !== 'running'),
          )
        await until(slack.core, struck, 'Slack to be asked for all of it', { ms: 30_000, traffic: true })
        await life.kill()
        slack.core.faults.clear()
        await nothingTwice()
      }
      for (const method of ['files.getUploadURLExternal', 'files.upload', 'files.completeUploadExternal'])
        await killedOn({ method, kind: 'accept-then-hang' })
      await killedOn(
        // Slack has the file, and nobody hears so: words stand in its place.
        { method: 'files.completeUploadExternal', kind: 'accept-then-drop', times: 1 },
        { method: 'chat.postMessage', channel: 'C0ENTERPRISE', kind: 'accept-then-hang' },
        { method: 'chat.postMessage', channel: 'C0COMMERCIAL', kind: 'hang' },
      )
      await untilDone()
      const { files = {}, channels } = slack.core.world.workspaces.T0DEALDESK!
      expect(Object.values(files).filter(({ channel }) => channel !== undefined)).toEqual([])
      const said = Object.values(channels).flatMap(({ messages }) => messages)
      expect(said.filter(({ metadata }) => metadata === undefined)).toEqual([])
      expect(JSON.stringify(said)).toContain('slack_file')
    })
})
