import { tz, tzOffset } from '@date-fns/tz'
import { addMonths as monthsLater } from 'date-fns/addMonths'
import { publicHolidays } from './holidays.ts'
import { type Reading, refuse } from './refusal.ts'

/** Epoch milliseconds, UTC. */
export type Instant = number

/** A calendar day `YYYY-MM-DD` in some zone; which zone, the field that holds it says. */
export type PlainDate = string

/** ISO weekday: 1 Monday … 7 Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** When a company works (Canon, working time): the days, the hours in its zone, and the days off. */
export interface WorkingTime {
  readonly timeZone: string
  readonly days: readonly Weekday[]
  /** `HH:MM`, local. */
  readonly start: string
  readonly end: string
  /** ISO 3166 country whose public holidays are off, e.g. `KR`. */
  readonly holidayCountry?: string
  /** The company's own days off, added to the country's. */
  readonly holidays: readonly PlainDate[]
}

/** Monday to Friday, 09:00–18:00, the country's public holidays off (Canon, working time). */
export function defaultWorkingTime(timeZone: string, holidayCountry?: string): WorkingTime {
  const days = [1, 2, 3, 4, 5] as const
  return {
    timeZone,
    days,
    start: '09:00',
    end: '18:00',
    holidays: [],
    ...(holidayCountry === undefined ? {} : { holidayCountry }),
  }
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Nobody has a year without a working day; a company that says so must not hang the bot. */
const longestRest = 400

// ── days ─────────────────────────────────────────────────────────────────────

const utc = (date: PlainDate): number => Date.parse(`${date}T00:00:00Z`)
const plainDate = (ms: number): PlainDate => new Date(ms).toISOString().slice(0, 10)

/** Whether this is a day that exists, written `YYYY-MM-DD` (2026-02-31 is not: B5.39). */
export function isPlainDate(text: string): boolean {
  // Date.parse takes 2026-02-31 for 3 March; only a date that comes back as it went in exists.
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text)) && plainDate(utc(text)) === text
}

/** Reads a day as people type it: `2026-11-05`, `2026.11.5`, `2026/11/05`, full-width digits, `2026년 11월 5일`. */
export function parseDate(text: string): Reading<PlainDate> {
  const bare = text.normalize('NFKC').trim()
  const match =
    /^(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})\.?$/.exec(bare) ??
    /^(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일$/u.exec(bare)
  const date = match && `${match[1]}-${match[2]!.padStart(2, '0')}-${match[3]!.padStart(2, '0')}`
  if (!date || !isPlainDate(date)) return refuse({ code: 'bad-date', text: [...bare].slice(0, 40).join('') })
  return { ok: true, next: date }
}

/** The day `n` calendar days later (earlier when negative). */
export function addDays(date: PlainDate, n: number): PlainDate {
  // In UTC every day has 24 hours.
  return plainDate(utc(date) + n * dayMs)
}

/** Plain days are reckoned in UTC; without this date-fns reckons in the zone of the machine. */
const inUtc = { in: tz('UTC') }

/** The same day `n` months later (earlier when negative); the last of the month where that has no such day. */
export function addMonths(date: PlainDate, n: number): PlainDate {
  return plainDate(+monthsLater(utc(date), n, inUtc))
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  // In UTC every day has 24 hours; the library's difference takes a hundred times as long, in every scan.
  return (utc(to) - utc(from)) / dayMs
}

/** ISO weekday of a day. */
export function weekday(date: PlainDate): Weekday {
  return (new Date(utc(date)).getUTCDay() || 7) as Weekday
}

// ── zones ────────────────────────────────────────────────────────────────────

const zones = new Map<string, boolean>()

/** Whether this is an IANA time zone that can be computed with. */
export function isTimeZone(zone: string): boolean {
  let known = zones.get(zone)
  if (known === undefined) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone })
      known = true
    } catch {
      known = false
    }
    zones.set(zone, known)
  }
  return known
}

/** Since 1970 every zone has changed its offset on a quarter of an hour, so one look-up serves a whole quarter. */
const quarterMs = 15 * minuteMs
const offsetsKept = 20_000
const offsets = new Map<string, Map<number, number>>()

/** Looked up once a quarter of an hour and zone: asking Intl costs more than everything else in a working-time sum. */
function offsetMs(zone: string, at: Instant): number {
  let known = offsets.get(zone)
  if (known === undefined || known.size >= offsetsKept) {
    known = new Map()
    offsets.set(zone, known)
  }
  const quarter = Math.floor(at / quarterMs)
  let offset = known.get(quarter)
  if (offset === undefined) {
    offset = tzOffset(zone, new Date(at)) * minuteMs
    known.set(quarter, offset)
  }
  return offset
}

/** The wall clock in a zone, as if it were UTC. */
const wall = (at: Instant, zone: string): number => at + offsetMs(zone, at)

/** The calendar day it is in a zone. */
export function localDate(at: Instant, zone: string): PlainDate {
  return plainDate(wall(at, zone))
}

/** The local time in a zone, `HH:MM`. */
export function localTime(at: Instant, zone: string): string {
  return new Date(wall(at, zone)).toISOString().slice(11, 16)
}

/**
 * The instant a wall clock in a zone shows this. A time that does not exist (the hour skipped in spring) is as much
 * later as the clock was put forward; of a time that happens twice (autumn) the first counts (B5.81, B5.83).
 */
function instantOf(wallMs: number, zone: string): Instant {
  const before = offsetMs(zone, wallMs - dayMs)
  const after = offsetMs(zone, wallMs + dayMs)
  const candidates = [wallMs - before, wallMs - after].filter((at) => wall(at, zone) === wallMs)
  return candidates.length > 0 ? Math.min(...candidates) : wallMs - before
}

const millisOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * hourMs + minutes * minuteMs
}

/** The instant of a local time (`HH:MM`) on a day in a zone; see the rule for gaps and overlaps in the calendar tests. */
export function instantAt(date: PlainDate, time: string, zone: string): Instant {
  return instantOf(utc(date) + millisOf(time), zone)
}

/** The same local time `n` calendar days later. */
export function addLocalDays(at: Instant, n: number, zone: string): Instant {
  return instantOf(wall(at, zone) + n * dayMs, zone)
}

// ── working time ─────────────────────────────────────────────────────────────

/** Whether the company works on this day: its weekdays, less public holidays and its own days off. */
export function isWorkingDay(date: PlainDate, working: WorkingTime): boolean {
  if (!working.days.includes(weekday(date)) || working.holidays.includes(date)) return false
  const country = working.holidayCountry
  return country === undefined || !publicHolidays(country, Number(date.slice(0, 4))).has(date)
}

/** Whether it is working time at this instant: a working day, from `start` up to but not at `end`. */
export function isWorkingMoment(at: Instant, working: WorkingTime): boolean {
  const time = localTime(at, working.timeZone)
  return time >= working.start && time < working.end && isWorkingDay(localDate(at, working.timeZone), working)
}

/** This instant when it is working time, else the next beginning of it (B5.80). */
export function nextWorkingMoment(at: Instant, working: WorkingTime): Instant {
  if (isWorkingMoment(at, working)) return at
  const today = localDate(at, working.timeZone)
  for (let n = 0; n <= longestRest; n += 1) {
    const day = addDays(today, n)
    const start = instantAt(day, working.start, working.timeZone)
    if (start >= at && isWorkingDay(day, working)) return start
  }
  return at
}

/** The `n`-th working day after this one (`n` = 0: the day itself). */
function addWorkingDays(date: PlainDate, n: number, working: WorkingTime): PlainDate {
  let day = date
  for (let left = n, rest = 0; left > 0 && rest < longestRest; ) {
    day = addDays(day, 1)
    if (isWorkingDay(day, working)) {
      left -= 1
      rest = 0
    } else rest += 1
  }
  return day
}

/**
 * N working hours are N/24 working days: the same local time N/24 working days later (Canon, working time). What is
 * left over a whole number of days runs on the wall clock and pauses on days off.
 */
export function addWorkingHours(at: Instant, hours: number, working: WorkingTime): Instant {
  const { timeZone } = working
  const then = wall(at, timeZone)
  const today = plainDate(then)
  const timeOfDay = then - utc(today)
  const days = Math.floor(hours / 24)
  let day = addWorkingDays(today, days, working)
  let time = timeOfDay + Math.round((hours - days * 24) * hourMs)
  if (time >= dayMs) {
    day = addWorkingDays(day, 1, working)
    time -= dayMs
  }
  return instantOf(utc(day) + time, timeZone)
}
