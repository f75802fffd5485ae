import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  defaultWorkingTime,
  instantAt,
  isWorkingDay,
  localDate,
  localTime,
  weekday,
} from '../../src/canon/calendar.ts'
import { isDue, latestSlot, nextSlot, type SlotDays } from '../../src/canon/slot.ts'

const seoul = defaultWorkingTime('Asia/Seoul', 'KR')
const newYork = defaultWorkingTime('America/New_York')
const at = (text: string) => Date.parse(text)
const days: readonly SlotDays[] = ['working-days', 'mondays', 'month-starts', 'quarter-starts']

describe('the newest slot whose time has come', () => {
  it.each<[string, SlotDays, string, string, string]>([
    // what, days, now, the day it is named after, when it was due
    [
      'a working day at its hour',
      'working-days',
      '2026-11-24T09:00:00+09:00',
      '2026-11-24',
      '2026-11-24T09:00:00+09:00',
    ],
    [
      'a minute before its hour it is the day before',
      'working-days',
      '2026-11-24T08:59:00+09:00',
      '2026-11-23',
      '2026-11-23T09:00:00+09:00',
    ],
    [
      'on a Sunday it is Friday’s',
      'working-days',
      '2026-11-22T12:00:00+09:00',
      '2026-11-20',
      '2026-11-20T09:00:00+09:00',
    ],
    [
      'Monday’s on a Wednesday',
      'mondays',
      '2026-11-25T12:00:00+09:00',
      '2026-11-23',
      '2026-11-23T09:00:00+09:00',
    ],
    [
      'a Monday that is a public holiday moves to Tuesday (Children’s Day, 5 May 2025)',
      'mondays',
      '2025-05-07T10:00:00+09:00',
      '2025-05-05',
      '2025-05-07T09:00:00+09:00',
    ],
    [
      'the first of a month that is a Sunday moves to Monday',
      'month-starts',
      '2026-11-03T10:00:00+09:00',
      '2026-11-01',
      '2026-11-02T09:00:00+09:00',
    ],
    [
      'New Year’s Day moves past its holidays',
      'quarter-starts',
      '2026-01-05T10:00:00+09:00',
      '2026-01-01',
      '2026-01-02T09:00:00+09:00',
    ],
  ])('%s', (_what, on, now, day, due) => {
    const slot = latestSlot(on, '09:00', seoul, 1, at(now))
    expect(slot).toEqual({ day, at: at(due) })
  })

  it('B5.83 a leap day and the last of a year are days like any other', () => {
    const slot = (now: string) => latestSlot('working-days', '09:00', seoul, 1, at(now))?.day
    expect(slot('2028-02-29T09:00:00+09:00')).toBe('2028-02-29')
    expect(slot('2028-03-02T08:59:00+09:00')).toBe('2028-02-29')
    expect(slot('2026-12-31T09:00:00+09:00')).toBe('2026-12-31')
    // In New York it is still the year before.
    expect(latestSlot('working-days', '09:00', newYork, 1, at('2027-01-01T09:00:00+09:00'))?.day).toBe(
      '2026-12-31',
    )
    expect(slot('2027-01-03T12:00:00+09:00')).toBe('2026-12-31')
  })

  it('a fiscal year from April has its quarters in April, July, October and January', () => {
    const slot = (now: string) => latestSlot('quarter-starts', '09:00', seoul, 4, at(now))?.day
    expect(slot('2026-08-01T00:00:00Z')).toBe('2026-07-01')
    expect(latestSlot('quarter-starts', '09:00', seoul, 2, at('2026-08-20T00:00:00Z'))?.day).toBe(
      '2026-08-01',
    )
  })

  it('B5.81 keeps nine o’clock when the clocks change, and a time that does not exist is later that morning', () => {
    const before = latestSlot('mondays', '09:00', newYork, 1, at('2026-03-06T12:00:00Z'))!
    const after = latestSlot('mondays', '09:00', newYork, 1, at('2026-03-09T14:00:00Z'))!
    expect(localTime(before.at, 'America/New_York')).toBe('09:00')
    expect(localTime(after.at, 'America/New_York')).toBe('09:00')
    expect(after.at - before.at).toBe(7 * 86_400_000 - 3_600_000)
    const everyDay = { ...newYork, days: [1, 2, 3, 4, 5, 6, 7] as const }
    const gap = latestSlot('working-days', '02:30', everyDay, 1, at('2026-03-08T12:00:00Z'))!
    expect(gap.day).toBe('2026-03-08')
    expect(localTime(gap.at, 'America/New_York')).toBe('03:30')
  })

  it('is never ahead of now, and time never brings an older one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...days),
        fc.constantFrom(seoul, newYork, defaultWorkingTime('Europe/Berlin', 'DE')),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2028-12-31T00:00:00Z') }),
        fc.integer({ min: 0, max: 400 * 86_400_000 }),
        (on, working, fiscal, now, later) => {
          const slot = latestSlot(on, '09:00', working, fiscal, now)!
          expect(slot.at).toBeLessThanOrEqual(now)
          expect(isWorkingDay(localDate(slot.at, working.timeZone), working)).toBe(true)
          const next = latestSlot(on, '09:00', working, fiscal, now + later)!
          expect(next.at).toBeGreaterThanOrEqual(slot.at)
          // Two named days never share a name, whatever was moved.
          if (next.at === slot.at) expect(next.day).toBe(slot.day)
        },
      ),
    )
  })

  it('the next slot is the one that becomes the newest', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...days),
        fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2028-12-31T00:00:00Z') }),
        (on, now) => {
          const next = nextSlot(on, '09:00', seoul, 1, now)!
          expect(next.at).toBeGreaterThan(now)
          expect(latestSlot(on, '09:00', seoul, 1, next.at)?.at).toBe(next.at)
          expect(latestSlot(on, '09:00', seoul, 1, next.at - 1)?.at).toBeLessThanOrEqual(now)
        },
      ),
    )
  })

  it('two days that a row of holidays moves to the same morning are one run, named after the later', () => {
    const weekOff = {
      ...seoul,
      holidays: ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20', '2026-11-23'],
    }
    expect(weekday('2026-11-16')).toBe(1)
    const slot = latestSlot('mondays', '09:00', weekOff, 1, at('2026-11-24T09:30:00+09:00'))
    expect(slot).toEqual({ day: '2026-11-23', at: instantAt('2026-11-24', '09:00', 'Asia/Seoul') })
  })
})

describe('whether a slot is worked off now (B5.80)', () => {
  const slot = { day: '2026-11-23', at: at('2026-11-23T09:00:00+09:00') }
  it.each<[string, string, number, boolean]>([
    ['at its time', '2026-11-23T09:00:00+09:00', 12, true],
    ['a second before', '2026-11-23T08:59:59+09:00', 12, false],
    ['late on the same working day', '2026-11-23T16:00:00+09:00', 12, true],
    ['late at night it waits', '2026-11-23T20:00:00+09:00', 48, false],
    ['and is caught up in the morning, within its grace', '2026-11-24T09:00:00+09:00', 48, true],
    ['after its grace it is let go', '2026-11-24T09:00:00+09:00', 12, false],
  ])('%s', (_what, now, grace, due) => {
    expect(isDue(slot, grace, seoul, at(now))).toBe(due)
  })

  it('a punctual slot is not held back by a company that begins at ten', () => {
    const late = { ...seoul, start: '10:00' }
    expect(isDue(slot, 12, late, slot.at)).toBe(true)
    expect(addDays(slot.day, 1)).toBe('2026-11-24')
  })
})
