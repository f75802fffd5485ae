import { describe, expect, it } from 'vitest'
import {
  addDays,
  addLocalDays,
  addWorkingHours,
  daysBetween,
  defaultWorkingTime,
  instantAt,
  isPlainDate,
  isTimeZone,
  isWorkingDay,
  isWorkingMoment,
  localDate,
  localTime,
  nextWorkingMoment,
  parseDate,
  weekday,
} from '../../src/canon/calendar.ts'
import { isHolidayCountry, publicHolidays } from '../../src/canon/holidays.ts'

const korea = defaultWorkingTime('Asia/Seoul', 'KR')
const newYork = defaultWorkingTime('America/New_York', 'US')
const at = (text: string, zone = 'Asia/Seoul') => instantAt(text.slice(0, 10), text.slice(11), zone)
const shown = (instant: number, zone = 'Asia/Seoul') =>
  `${localDate(instant, zone)} ${localTime(instant, zone)}`

describe('a day', () => {
  it.each(['2026-01-01', '2024-02-29', '2026-12-31', '2000-02-29'])('%s exists', (text) => {
    expect(isPlainDate(text)).toBe(true)
  })

  it.each([
    '2026-02-31',
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-1-1',
    '20260101',
    '',
    'today',
    '2026-11-02T00:00',
  ])('B5.39 %j does not', (text) => {
    expect(isPlainDate(text)).toBe(false)
  })

  it.each([
    ['2026-11-05', '2026-11-05'],
    ['2026.11.5', '2026-11-05'],
    ['2026. 11. 5.', '2026-11-05'],
    ['２０２６/１１/０５', '2026-11-05'],
    ['2026년 11월 5일', '2026-11-05'],
  ])('%j is read as %s', (text, date) => {
    expect(parseDate(text)).toEqual({ ok: true, next: date })
  })

  it('B5.39 a typed day that does not exist is refused', () => {
    expect(parseDate('2026-02-31')).toEqual({ ok: false, refusal: { code: 'bad-date', text: '2026-02-31' } })
  })

  it('B5.83 days are counted over leap days and year ends', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2027-01-01', -1)).toBe('2026-12-31')
    expect(daysBetween('2026-03-01', '2026-12-31')).toBe(305)
    expect(daysBetween('2026-03-07', '2026-03-09')).toBe(2)
    expect([weekday('2026-11-01'), weekday('2026-11-02')]).toEqual([7, 1])
  })
})

describe('B5.81 B5.83 zones', () => {
  it('a day is a day in its zone', () => {
    const instant = Date.parse('2026-11-01T15:30:00Z')
    expect(localDate(instant, 'Asia/Seoul')).toBe('2026-11-02')
    expect(localDate(instant, 'America/New_York')).toBe('2026-11-01')
    expect(localDate(Date.parse('2026-12-31T15:00:00Z'), 'Asia/Seoul')).toBe('2027-01-01')
  })

  it.each([
    // The clock goes from 01:59 EST to 03:00 EDT on 8 March 2026.
    ['2026-03-08 01:59', '2026-03-08T06:59:00Z'],
    ['2026-03-08 02:00', '2026-03-08T07:00:00Z'],
    ['2026-03-08 02:30', '2026-03-08T07:30:00Z'],
    ['2026-03-08 03:00', '2026-03-08T07:00:00Z'],
    ['2026-03-08 09:00', '2026-03-08T13:00:00Z'],
    // 01:00–01:59 happens twice on 1 November 2026; the first counts.
    ['2026-11-01 00:59', '2026-11-01T04:59:00Z'],
    ['2026-11-01 01:30', '2026-11-01T05:30:00Z'],
    ['2026-11-01 02:00', '2026-11-01T07:00:00Z'],
    ['2026-11-01 09:00', '2026-11-01T14:00:00Z'],
  ])('%s in New York is %s', (local, utc) => {
    expect(new Date(at(local, 'America/New_York')).toISOString()).toBe(utc.replace('Z', '.000Z'))
  })

  it('a skipped time is shown as much later as the clock went forward', () => {
    expect(shown(at('2026-03-08 02:30', 'America/New_York'), 'America/New_York')).toBe('2026-03-08 03:30')
  })

  it('the same local time a day later is 23 or 25 hours away where the clock changes', () => {
    const before = at('2026-03-07 12:00', 'America/New_York')
    expect(addLocalDays(before, 1, 'America/New_York') - before).toBe(23 * 3_600_000)
    const autumn = at('2026-10-31 12:00', 'America/New_York')
    expect(addLocalDays(autumn, 1, 'America/New_York') - autumn).toBe(25 * 3_600_000)
  })

  it('agrees with the wall clock of every zone at every hour of a year', () => {
    for (const zone of [
      'Asia/Seoul',
      'America/New_York',
      'Europe/London',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Pacific/Apia',
    ])
      for (
        let t = Date.parse('2026-01-01T00:00:00Z');
        t < Date.parse('2027-01-01T00:00:00Z');
        t += 37 * 3_600_000
      )
        expect(shown(at(shown(t, zone), zone), zone)).toBe(shown(t, zone))
  })

  it('knows a zone from a word', () => {
    expect([isTimeZone('Asia/Seoul'), isTimeZone('Asia/Pyeongyang2'), isTimeZone('')]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('public holidays of Korea', { timeout: 30_000 }, () => {
  it.each([
    ['Seollal 2025', ['2025-01-28', '2025-01-29', '2025-01-30'], ['2025-01-27', '2025-01-31']],
    ['Seollal 2026', ['2026-02-16', '2026-02-17', '2026-02-18'], ['2026-02-13', '2026-02-19']],
    ['Seollal 2027 with its substitute', ['2027-02-08', '2027-02-09'], ['2027-02-05', '2027-02-10']],
    ['Seollal 2024 with its substitute', ['2024-02-09', '2024-02-12'], ['2024-02-08', '2024-02-13']],
    [
      'Chuseok 2025 with its substitute',
      ['2025-10-06', '2025-10-07', '2025-10-08', '2025-10-09'],
      ['2025-10-10'],
    ],
    ['Chuseok 2026', ['2026-09-24', '2026-09-25'], ['2026-09-23', '2026-09-28']],
    [
      'Chuseok 2028, in National Foundation Day',
      ['2028-10-02', '2028-10-03', '2028-10-04', '2028-10-05'],
      ['2028-10-06'],
    ],
    ['1 March on a Sunday', ['2026-03-02'], ['2026-03-03']],
    ["Buddha's Birthday on a Sunday", ['2026-05-25'], ['2026-05-26']],
    ["Children's and Buddha's on one day", ['2025-05-05', '2025-05-06'], ['2025-05-07']],
    ['15 August on a Saturday', ['2026-08-17'], ['2026-08-18']],
    ['Constitution Day, a holiday from 2026', ['2026-07-17'], ['2025-07-17']],
    ['Christmas', ['2026-12-25'], ['2026-12-24']],
    ['New Year', ['2026-01-01'], ['2026-01-02']],
    ['Memorial Day, on a Saturday, has no substitute', [], ['2026-06-05', '2026-06-08']],
  ])('%s', (_, off, working) => {
    for (const date of off) expect([date, isWorkingDay(date, korea)]).toEqual([date, false])
    for (const date of working) expect([date, isWorkingDay(date, korea)]).toEqual([date, true])
  })

  it('Seollal and Chuseok are the lunar calendar’s, eve and day after included', () => {
    const lunar = new Intl.DateTimeFormat('en-u-ca-dangi', {
      month: 'numeric',
      day: 'numeric',
      timeZone: 'UTC',
    })
    // Until the year with the leap month that the library places otherwise (Chuseok 2033).
    for (let year = 2020; year < 2033; year += 1)
      for (let date = `${year}-01-02`; date < `${year}-12-30`; date = addDays(date, 1)) {
        const parts = lunar.formatToParts(Date.parse(`${date}T00:00:00Z`))
        const of = (type: string) => parts.find((part) => part.type === type)?.value
        const monthDay = `${of('month')}-${of('day')}`
        if (monthDay !== '1-1' && monthDay !== '8-15') continue
        for (const off of [addDays(date, -1), date, addDays(date, 1)])
          expect([off, publicHolidays('KR', year).has(off)]).toEqual([off, true])
      }
  })

  it('a company’s own days off are added, and other countries have their own', () => {
    expect(isWorkingDay('2026-06-03', korea)).toBe(true)
    expect(isWorkingDay('2026-06-03', { ...korea, holidays: ['2026-06-03'] })).toBe(false)
    expect(isWorkingDay('2026-11-26', newYork)).toBe(false)
    expect(isWorkingDay('2026-11-26', korea)).toBe(true)
    expect([
      isHolidayCountry('KR'),
      isHolidayCountry('US'),
      isHolidayCountry('ZZ'),
      isHolidayCountry('constructor'),
    ]).toEqual([true, true, false, false])
  })
})

describe('working time', () => {
  it.each([
    ['2026-11-02 08:59', false],
    ['2026-11-02 09:00', true],
    ['2026-11-02 17:59', true],
    ['2026-11-02 18:00', false],
    ['2026-10-31 10:00', false], // Saturday
    ['2026-12-25 10:00', false],
  ])('%s is working time: %s', (time, expected) => {
    expect(isWorkingMoment(at(time), korea)).toBe(expected)
  })

  it.each([
    ['2026-11-02 10:00', '2026-11-02 10:00'],
    ['2026-11-02 07:00', '2026-11-02 09:00'],
    ['2026-11-02 18:00', '2026-11-03 09:00'],
    ['2026-10-30 19:00', '2026-11-02 09:00'], // Friday evening
    ['2026-02-13 18:00', '2026-02-19 09:00'], // over Seollal
    ['2025-10-02 18:00', '2025-10-10 09:00'], // over National Foundation Day, Chuseok and Hangul Day
  ])('B5.80 after %s work goes on at %s', (time, next) => {
    expect(shown(nextWorkingMoment(at(time), korea))).toBe(next)
  })

  it.each([
    ['2026-11-02 10:00', 24, '2026-11-03 10:00'],
    ['2026-11-02 10:00', 48, '2026-11-04 10:00'],
    ['2026-10-30 10:00', 24, '2026-11-02 10:00'], // Friday to Monday
    ['2026-10-30 22:15', 48, '2026-11-03 22:15'],
    ['2026-10-31 10:00', 24, '2026-11-02 10:00'], // from a Saturday
    ['2026-02-13 16:00', 24, '2026-02-19 16:00'], // over Seollal
    ['2026-02-12 16:00', 48, '2026-02-19 16:00'],
    ['2025-10-02 15:00', 24, '2025-10-10 15:00'], // over Chuseok with its substitute
    ['2026-02-27 11:00', 24, '2026-03-03 11:00'], // over a substitute Monday
    ['2026-12-31 11:00', 24, '2027-01-04 11:00'], // over New Year, a Friday
    ['2026-11-02 10:00', 4, '2026-11-02 14:00'],
    ['2026-10-30 22:00', 4, '2026-11-02 02:00'], // the clock stands still at the weekend
    ['2026-11-02 10:00', 36, '2026-11-03 22:00'],
    ['2026-11-02 10:00', 0, '2026-11-02 10:00'],
  ])('%s and %d working hours is %s', (from, hours, until) => {
    expect(shown(addWorkingHours(at(from), hours, korea))).toBe(until)
  })

  it.each([
    ['2026-03-06 10:00', 24, '2026-03-09 10:00'],
    ['2026-10-30 10:00', 24, '2026-11-02 10:00'],
    ['2026-11-25 10:00', 24, '2026-11-27 10:00'], // over Thanksgiving
  ])('B5.83 in New York %s and %d working hours is %s, whatever the clock did', (from, hours, until) => {
    const zone = 'America/New_York'
    expect(shown(addWorkingHours(at(from, zone), hours, newYork), zone)).toBe(until)
  })

  it('seconds are kept', () => {
    const from = at('2026-11-02 10:00') + 12_345
    expect(addWorkingHours(from, 24, korea) - from).toBe(24 * 3_600_000)
  })

  it('a company without a single working day does not hang the bot', () => {
    const never = { ...korea, days: [] }
    expect(nextWorkingMoment(at('2026-11-02 10:00'), never)).toBe(at('2026-11-02 10:00'))
    expect(addWorkingHours(at('2026-11-02 10:00'), 24, never)).toBeGreaterThan(at('2026-11-02 10:00'))
  })
})
