import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadDemo } from '../../data/demo.ts'
import { forecastWatch, keepFirstDay } from '../../schedules/forecast-watch.ts'
import { personalSummary } from '../../schedules/personal-summary.ts'
import { quarterlyReview } from '../../schedules/quarterly-review.ts'
import { weeklyDigest } from '../../schedules/weekly-digest.ts'
import type { TeamDigest } from '../../src/canon/summary.ts'
import { createLog } from '../../src/log.ts'
import type { Change } from '../../src/ports.ts'
import { createScheduler } from '../../src/scheduler.ts'
import { engines, freshStore } from '../support/databases.ts'

const quiet = createLog('fatal', { write: () => {} })

/** Ondam's teams live in Seoul (one in Singapore), Larkfield's in New York. */
describe.each(engines)('digests on %s', (engine) => {
  let opened: Awaited<ReturnType<typeof freshStore>>
  let now: number

  beforeEach(async () => {
    opened = await freshStore(engine)
    now = Date.parse('2026-11-20T10:00:00+09:00')
    await loadDemo(opened.store, () => now, { teams: true })
  })
  afterEach(() => opened.close())

  const replica = () =>
    createScheduler({
      schedules: [weeklyDigest, personalSummary, quarterlyReview, forecastWatch],
      store: opened.store,
      clock: { now: () => now },
      log: quiet,
    })
  const at = async (instant: string) => {
    now = Date.parse(instant)
    await replica().runDue()
  }
  const of = (company: string, team: string, slot: string) =>
    opened.store.report(company, `weekly-digest:team:${team}:${slot}`)
  const deliveries = async (card: string) =>
    opened.store.database.read
      .selectFrom('deliveries')
      .select(['company_id', 'subject_id', 'lane', 'line', 'kind'])
      .where('card', '=', card)
      .execute()

  it('come on Monday at nine of each team’s zone, and to each channel once', async () => {
    await at('2026-11-23T08:59:00+09:00')
    expect(await of('ondam', 'enterprise', '2026-11-23')).toBeUndefined()
    await at('2026-11-23T09:00:00+09:00')
    expect(await of('ondam', 'enterprise', '2026-11-23')).toMatchObject({ at: now })
    // In Singapore it is eight, in New York it is Sunday.
    expect(await of('ondam', 'international', '2026-11-23')).toBeUndefined()
    expect(await of('larkfield', 'field', '2026-11-23')).toBeUndefined()
    await at('2026-11-23T09:00:00+08:00')
    expect(await of('ondam', 'international', '2026-11-23')).toBeDefined()
    await at('2026-11-23T08:59:00-05:00')
    expect(await of('larkfield', 'field', '2026-11-23')).toBeUndefined()
    await at('2026-11-23T09:00:00-05:00')
    expect(await of('larkfield', 'field', '2026-11-23')).toBeDefined()
    await at('2026-11-23T11:00:00-05:00')
    const told = await deliveries('digest.team')
    const cards = told.filter(({ line }) => line === null).map(({ subject_id, lane }) => subject_id + lane)
    expect(new Set(cards).size).toBe(cards.length)
    expect(told.every(({ kind }) => kind === 'nudge')).toBe(true)
    // Four teams of Ondam and one of Larkfield, on Slack and on Teams.
    expect(cards).toHaveLength(10)
  })

  it.each([
    [
      'the clock goes back in New York',
      '2026-11-02T09:00:00-05:00',
      '2026-11-02',
      '2026-10-31T10:00:00+09:00',
    ],
    [
      'the clock goes forward in New York',
      '2027-03-15T09:00:00-04:00',
      '2027-03-15',
      '2027-03-13T10:00:00+09:00',
    ],
  ])('B5.81 come once at nine in the week in which %s', async (_what, instant, slot, start) => {
    now = Date.parse(start)
    await at(start)
    await at(new Date(Date.parse(instant) - 60_000).toISOString())
    expect(await of('larkfield', 'field', slot)).toBeUndefined()
    await at(instant)
    expect(await of('larkfield', 'field', slot)).toMatchObject({ at: Date.parse(instant) })
  })

  it('a Monday that is a holiday moves it to Tuesday, and the week it tells of stays', async () => {
    // 2027-03-01 is a public holiday in Korea, and a Monday.
    await at('2027-03-01T09:00:00+09:00')
    expect(await of('ondam', 'enterprise', '2027-03-01')).toBeUndefined()
    await at('2027-03-02T09:00:00+09:00')
    const report = await of('ondam', 'enterprise', '2027-03-01')
    expect(report?.body).toMatchObject({ digest: { from: '2027-02-22', to: '2027-02-28' } })
    await at('2027-03-03T09:00:00+09:00')
    expect(await of('ondam', 'enterprise', '2027-03-02')).toBeUndefined()
  })

  it('B5.83 a team that moves to another zone has the week’s digest once', async () => {
    await at('2026-11-23T09:00:00+09:00')
    await opened.store.database.transact(async (trx) => {
      await trx
        .updateTable('teams')
        .set({ time_zone: 'Europe/Berlin' })
        .where('company_id', '=', 'ondam')
        .where('id', '=', 'enterprise')
        .execute()
      await trx.updateTable('companies').set({ org_stamp: 1_000_000 }).where('id', '=', 'ondam').execute()
    })
    await at('2026-11-23T09:00:00+01:00')
    const told = (await deliveries('digest.team')).filter(
      ({ line, subject_id }) => line === null && subject_id.includes(':enterprise:'),
    )
    // On Slack and on Teams.
    expect(told).toHaveLength(2)
    await at('2026-11-30T09:00:00+09:00')
    expect(await of('ondam', 'enterprise', '2026-11-30')).toBeUndefined()
    await at('2026-11-30T09:00:00+01:00')
    expect(await of('ondam', 'enterprise', '2026-11-30')).toBeDefined()
  })

  it('B5.80 three days down are one digest', async () => {
    await at('2026-11-26T08:30:00+09:00')
    expect(await of('ondam', 'enterprise', '2026-11-23')).toBeUndefined()
    await at('2026-11-26T10:00:00+09:00')
    await at('2026-11-26T10:01:00+09:00')
    expect(await opened.store.reportIds('ondam', 'weekly-digest', '2026-11-23')).toHaveLength(4)
    const told = await deliveries('digest.team')
    expect(told.filter(({ company_id, line }) => company_id === 'ondam' && line === null)).toHaveLength(8)
  })

  it('B5.78 two processes tell it once', async () => {
    now = Date.parse('2026-11-23T09:00:00+09:00')
    await Promise.all([replica().runDue(), replica().runDue(), replica().runDue()])
    const told = await deliveries('digest.team')
    const cards = told.filter(({ line }) => line === null).map(({ subject_id, lane }) => subject_id + lane)
    expect(new Set(cards).size).toBe(cards.length)
    expect(cards).toHaveLength(6)
  })

  it('B5.68 a run that was cut off goes on where it was, and tells nobody twice', async () => {
    now = Date.parse('2026-11-23T09:00:00+09:00')
    // Killed when one team had its digest: the slot is held and never finished.
    const dying = {
      ...opened.store,
      commit: async (change: Change) => {
        const first = change.save.find((save) => save.noun === 'report')
        if (!first) return opened.store.commit(change)
        const id = first?.noun === 'report' ? first.next.id : ''
        await opened.store.commit({
          ...change,
          save: first ? [first] : [],
          deliveries: change.deliveries.filter(({ subject }) => subject.id === id),
        })
        throw new Error('killed')
      },
    }
    await expect(
      weeklyDigest.run({
        store: dying,
        now,
        company: 'ondam',
        slot: '2026-11-23',
        zone: 'Asia/Seoul',
        dryRun: false,
      }),
    ).rejects.toThrow('killed')
    const before = await opened.store.reportIds('ondam', 'weekly-digest', '2026-11-23')
    const desk = {
      store: opened.store,
      now,
      company: 'ondam',
      slot: '2026-11-23',
      zone: 'Asia/Seoul',
      dryRun: false,
    }
    await weeklyDigest.run(desk)
    expect(await weeklyDigest.run(desk)).toEqual([])
    const after = await opened.store.reportIds('ondam', 'weekly-digest', '2026-11-23')
    expect(before).toHaveLength(1)
    expect(after).toHaveLength(3)
    expect(after).toEqual(expect.arrayContaining(before))
    const told = (await deliveries('digest.team')).filter(({ line }) => line === null)
    expect(new Set(told.map(({ subject_id, lane }) => subject_id + lane)).size).toBe(told.length)
    expect(told).toHaveLength(after.length * 2)
  })

  it('compare with the week before, out of its snapshot', async () => {
    await at('2026-11-23T09:00:00+09:00')
    const first = (await of('ondam', 'enterprise', '2026-11-23'))?.body as TeamDigest
    await at('2026-11-30T09:00:00+09:00')
    const second = (await of('ondam', 'enterprise', '2026-11-30'))?.body as TeamDigest
    expect(second.digest.comparedOn).toBe('2026-11-23')
    expect(second.digest.pipeline.before).toEqual({
      deals: first.digest.pipeline.deals,
      amount: first.digest.pipeline.amount,
    })
  })

  it('a team without a channel has its digest sent to its manager, and Sales Ops hears once what is missing', async () => {
    await opened.store.database.transact(async (trx) => {
      await trx
        .updateTable('teams')
        .set({ slack_channel: null, teams_channel: null, quarterly_target: null })
        .where('company_id', '=', 'ondam')
        .where('id', '=', 'enterprise')
        .execute()
      await trx.updateTable('companies').set({ org_stamp: 1_000_000 }).where('id', '=', 'ondam').execute()
    })
    await at('2026-11-23T09:00:00+09:00')
    await at('2026-11-30T09:00:00+09:00')
    const told = await deliveries('digest.team')
    expect(
      told.filter(({ subject_id }) => subject_id.includes(':enterprise:')).map(({ lane }) => lane),
    ).toEqual(['["person","park-junho"]', '["person","park-junho"]'])
    const setup = await deliveries('digest.setup')
    expect(setup.map(({ lane }) => lane)).toEqual(['["person","jo-eunbi"]'])
    const report = await opened.store.report('ondam', setup[0]!.subject_id)
    expect(report?.body).toEqual({ teams: [{ team: 'enterprise', lacks: ['channel', 'target'] }] })
  })

  it('B5.68 a run that is killed after the digests still says what is missing when it is made again', async () => {
    await opened.store.database.transact(async (trx) => {
      await trx
        .updateTable('teams')
        .set({ quarterly_target: null })
        .where('company_id', '=', 'ondam')
        .where('id', '=', 'enterprise')
        .execute()
      await trx.updateTable('companies').set({ org_stamp: 1_000_000 }).where('id', '=', 'ondam').execute()
    })
    now = Date.parse('2026-11-23T09:00:00+09:00')
    const desk = { now, company: 'ondam', slot: '2026-11-23', zone: 'Asia/Seoul', dryRun: false }
    let commits = 0
    const dying = {
      ...opened.store,
      commit: async (change: Change) => {
        if (commits++ > 0) throw new Error('killed')
        return opened.store.commit(change)
      },
    }
    await expect(weeklyDigest.run({ ...desk, store: dying })).rejects.toThrow('killed')
    expect(await deliveries('digest.setup')).toEqual([])
    await weeklyDigest.run({ ...desk, store: opened.store })
    await weeklyDigest.run({ ...desk, store: opened.store })
    expect((await deliveries('digest.setup')).map(({ lane }) => lane)).toEqual(['["person","jo-eunbi"]'])
  })

  it('a dry run commits nothing and says who would get what', async () => {
    now = Date.parse('2026-11-23T09:00:00+09:00')
    const lines = await weeklyDigest.run({
      store: opened.store,
      now,
      company: 'ondam',
      slot: '2026-11-23',
      zone: 'Asia/Seoul',
      dryRun: true,
    })
    expect(lines.map(({ subject }) => subject).sort()).toEqual(['commercial', 'enterprise', 'success'])
    expect(lines[0]!.to.length).toBeGreaterThan(0)
    expect(await deliveries('digest.team')).toEqual([])
    expect(await opened.store.reportIds('ondam', 'weekly-digest', '2026-11-23')).toEqual([])
  })

  it('personal summaries go to those who have something to hear, and to nobody else', async () => {
    await at('2026-11-23T09:00:00+09:00')
    const told = (await deliveries('digest.person')).filter(({ company_id }) => company_id === 'ondam')
    const who = told.map(({ lane }) => (JSON.parse(lane) as string[])[1]!)
    expect(who).toContain('kim-seoyeon')
    expect(who).toContain('bae-soyul')
    expect(who).not.toContain('oh-subin')
    expect(who).not.toContain('elena-park')
    expect(new Set(who).size).toBe(who.length)
  })

  it('the forecast of a quarter’s first working day is kept once, and judged when the quarter is over', async () => {
    await at('2026-12-31T09:00:00+09:00')
    // New Year and the weekend: Monday the 4th is the first day anybody works.
    await at('2027-01-04T09:00:00+09:00')
    const kept = await opened.store.forecastSnapshots('ondam', '2027-Q1')
    expect(kept.map(({ team }) => team)).toEqual(expect.arrayContaining(['enterprise', 'commercial']))
    expect(kept.every(({ takenAt }) => takenAt === now)).toBe(true)
    await at('2027-01-05T09:00:00+09:00')
    expect(await opened.store.forecastSnapshots('ondam', '2027-Q1')).toEqual(kept)
    const review = await opened.store.report('ondam', 'quarterly-review:company:ondam:2027-01-01')
    expect(review?.body).toMatchObject({ quarter: '2026-Q4', from: '2026-10-01', to: '2026-12-31' })
    const told = (await deliveries('report.quarterly')).filter(({ company_id }) => company_id === 'ondam')
    expect(told.map(({ lane }) => (JSON.parse(lane) as string[])[1]).sort()).toEqual([
      'jo-eunbi',
      'kang-dohyun',
      'yoon-haeun',
    ])
  })

  it('a forecast that is first read in the middle of a quarter is none of its first day', async () => {
    await opened.store.database.transact((trx) => trx.deleteFrom('forecast_snapshots').execute())
    now = Date.parse('2026-11-20T09:00:00+09:00')
    expect(await keepFirstDay({ store: opened.store, now, company: 'ondam', dryRun: false })).toEqual([])
    expect(await opened.store.forecastSnapshots('ondam', '2026-Q4')).toEqual([])
  })
})
