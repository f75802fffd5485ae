import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TaskSchedule } from '../../schedules/schedule.ts'
import { defaultWorkingTime } from '../../src/canon/calendar.ts'
import type { Company } from '../../src/canon/people.ts'
import type { Log } from '../../src/log.ts'
import { createScheduler } from '../../src/scheduler.ts'
import { engines, freshStore } from '../support/databases.ts'

const by = { by: 'test', platform: 'cli' as const }
const company = (id: string, timeZone: string): Company => ({
  id,
  name: id,
  locale: 'en',
  currency: 'USD',
  fiscalYearStart: 1,
  working: defaultWorkingTime(timeZone),
})

/** A log that keeps what went wrong. */
function recording() {
  const errors: object[] = []
  const quiet = () => {}
  return {
    log: {
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: (fields: object) => errors.push(fields),
    } as unknown as Log,
    errors,
  }
}

describe.each(engines)('the scheduler on %s', (engine) => {
  let opened: Awaited<ReturnType<typeof freshStore>>
  let now = Date.parse('2026-11-23T08:59:00+09:00')
  let ran: string[]
  let during: () => Promise<void> | void

  beforeEach(async () => {
    opened = await freshStore(engine)
    await opened.store.addCompany(company('seoul', 'Asia/Seoul'), by)
    await opened.store.addCompany(company('york', 'America/New_York'), by)
    now = Date.parse('2026-11-23T08:59:00+09:00')
    ran = []
    during = () => {}
  })
  afterEach(() => opened.close())

  const daily: TaskSchedule = {
    name: 'daily',
    when: { at: '09:00', on: 'working-days', zone: 'company' },
    graceHours: 12,
    audience: 'nobody',
    cap: 1,
    run: async ({ company: of, slot }) => {
      ran.push(`${of} ${slot}`)
      await during()
      return []
    },
  }
  const replica = (log = recording().log, schedules: readonly TaskSchedule[] = [daily]) =>
    createScheduler({ schedules, store: opened.store, clock: { now: () => now }, log })

  it('runs a slot once, at nine o’clock of each company', async () => {
    const scheduler = replica()
    await scheduler.runDue()
    // In New York it is Sunday evening; its last slot, Friday’s, is over its grace.
    expect(ran).toEqual([])
    now += 60_000
    await scheduler.runDue()
    await scheduler.runDue()
    expect(ran).toEqual(['seoul 2026-11-23'])
    now = Date.parse('2026-11-23T09:00:00-05:00')
    await scheduler.runDue()
    expect(ran).toEqual(['seoul 2026-11-23', 'york 2026-11-23'])
  })

  it('B5.78 of several replicas one runs it', async () => {
    now += 60_000
    await Promise.all(Array.from({ length: 6 }, () => replica().runDue()))
    expect(ran).toEqual(['seoul 2026-11-23'])
  })

  it('B5.80 three days down are one catch-up within the grace, and none after it', async () => {
    now = Date.parse('2026-11-26T11:00:00+09:00')
    await replica().runDue()
    expect(ran).toEqual(['seoul 2026-11-26'])
    now = Date.parse('2026-11-27T22:00:00+09:00')
    await replica().runDue()
    expect(ran.filter((each) => each.startsWith('seoul'))).toEqual(['seoul 2026-11-26'])
  })

  it('B5.82 a clock set back runs nothing again, and one set forward runs the newest slot alone', async () => {
    now += 60_000
    await replica().runDue()
    now -= 3 * 86_400_000
    await replica().runDue()
    expect(ran.filter((each) => each.startsWith('seoul'))).toEqual(['seoul 2026-11-23'])
    now = Date.parse('2026-12-01T09:30:00+09:00')
    await replica().runDue()
    expect(ran.filter((each) => each.startsWith('seoul'))).toEqual(['seoul 2026-11-23', 'seoul 2026-12-01'])
  })

  it('B5.68 a slot that was cut off is taken up again, by whoever comes once its lease is over', async () => {
    now += 60_000
    // Killed in the middle: claimed, never finished.
    expect(await opened.store.takeSlot('daily', 'seoul', '2026-11-23', 60_000)).toBe(true)
    await replica().runDue()
    expect(ran).toEqual([])
    await opened.store.releaseSlots()
    await replica().runDue()
    await replica().runDue()
    expect(ran).toEqual(['seoul 2026-11-23'])
  })

  it('a run that fails is told to the log and tried again; the others run', async () => {
    now += 60_000
    let broken = true
    during = () => {
      if (broken) throw new Error('the database is away')
    }
    const other: TaskSchedule = { ...daily, name: 'other', run: async () => [ran.push('other')] as never }
    const { log, errors } = recording()
    const scheduler = replica(log, [daily, other])
    await scheduler.runDue()
    expect(ran).toContain('other')
    expect(errors).toHaveLength(1)
    broken = false
    await opened.store.releaseSlots()
    await scheduler.runDue()
    expect(ran.filter((each) => each === 'seoul 2026-11-23')).toHaveLength(2)
    expect(ran.filter((each) => each === 'other')).toHaveLength(1)
  })

  it('B5.70 a stop waits for a run under way, but for no longer than its grace: the next start takes it up', async () => {
    now += 60_000
    let go = () => {}
    const gone = new Promise<void>((resolve) => {
      go = resolve
    })
    const here = new Promise<void>((began) => {
      during = () => {
        began()
        return gone
      }
    })
    const long = replica()
    const running = long.runDue()
    await here
    await long.stop(10)
    during = () => {}
    await opened.store.releaseSlots()
    await replica().runDue()
    expect(ran).toEqual(['seoul 2026-11-23', 'seoul 2026-11-23'])
    go()
    await running
  })

  it('B5.83 a company that moves to another zone has its day once', async () => {
    now += 60_000
    await replica().runDue()
    expect(ran).toEqual(['seoul 2026-11-23'])
    // Nine o'clock of the same Monday comes to Berlin eight hours later.
    await opened.store.addCompany(company('seoul', 'Europe/Berlin'), by)
    now = Date.parse('2026-11-23T09:30:00+01:00')
    await replica().runDue()
    expect(ran.filter((each) => each.startsWith('seoul'))).toEqual(['seoul 2026-11-23'])
    now = Date.parse('2026-11-24T09:00:00+01:00')
    await replica().runDue()
    expect(ran.filter((each) => each.startsWith('seoul'))).toEqual(['seoul 2026-11-23', 'seoul 2026-11-24'])
  })

  it('a schedule of the teams’ time runs once in every zone they live in', async () => {
    const teams: TaskSchedule = {
      ...daily,
      name: 'digest',
      when: { at: '09:00', on: 'mondays', zone: 'team' },
      run: async ({ company: of, zone, slot }) => {
        ran.push(`${of} ${zone} ${slot}`)
        return []
      },
    }
    await opened.store.database.transact(async (trx) => {
      for (const [id, zone] of [
        ['a', null],
        ['b', 'Europe/Berlin'],
        ['c', 'Europe/Berlin'],
      ] as const)
        await trx
          .insertInto('teams')
          .values({
            company_id: 'seoul',
            id,
            name: id,
            time_zone: zone,
            manager: null,
            locale: null,
            slack_channel: null,
            teams_channel: null,
            quarterly_target: null,
            currency: null,
            updated_at: 0,
          })
          .execute()
      await trx.updateTable('companies').set({ org_stamp: 9 }).where('id', '=', 'seoul').execute()
    })
    const scheduler = replica(undefined, [teams])
    now = Date.parse('2026-11-23T09:00:00+09:00')
    await scheduler.runDue()
    now = Date.parse('2026-11-23T09:00:00+01:00')
    await scheduler.runDue()
    await scheduler.runDue()
    expect(ran).toEqual(['seoul Asia/Seoul 2026-11-23', 'seoul Europe/Berlin 2026-11-23'])
  })

  it('says when something next keeps local time', async () => {
    const scheduler = replica()
    expect(await scheduler.nextAfter(now)).toBe(Date.parse('2026-11-23T09:00:00+09:00'))
    expect(await scheduler.nextAfter(Date.parse('2026-11-23T09:00:00+09:00'))).toBe(
      Date.parse('2026-11-23T09:00:00-05:00'),
    )
  })
})
