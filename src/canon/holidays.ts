import { createRequire } from 'node:module'
import type HolidayRules from 'date-holidays'
import type { PlainDate } from './calendar.ts'

// Loading the rules of all countries costs over 100 ms, which start-up does not have: they are loaded at the first
// question about a day. Synchronously, because the rules that ask are.
const load = createRequire(import.meta.url)
let Rules: typeof HolidayRules | undefined

const dayMs = 86_400_000
const years = new Map<string, ReadonlySet<PlainDate>>()

/** Whether the library knows the public holidays of this ISO 3166 country (`KR`, `US`, …). */
export function isHolidayCountry(country: string): boolean {
  Rules ??= load('date-holidays') as typeof HolidayRules
  return Object.hasOwn(new Rules().getCountries(), country)
}

/** The public holidays of a country in a year, substitute holidays included, as calendar days there. */
export function publicHolidays(country: string, year: number): ReadonlySet<PlainDate> {
  const key = `${country} ${year}`
  let days = years.get(key)
  if (!days) {
    days = readYear(country, year)
    years.set(key, days)
  }
  return days
}

function readYear(country: string, year: number): ReadonlySet<PlainDate> {
  Rules ??= load('date-holidays') as typeof HolidayRules
  const days = new Set<PlainDate>()
  // A holiday that begins in the last days of December may reach into this year.
  for (const holiday of [year - 1, year].flatMap((y) => new Rules!(country).getHolidays(y, 'en'))) {
    if (holiday.type !== 'public') continue
    let first = Date.parse(`${holiday.date.slice(0, 10)}T00:00:00Z`)
    // Holidays from sunset to sunset begin in the evening before the day that is off.
    if (Number(holiday.date.slice(11, 13)) >= 12) first += dayMs
    // date-holidays 3.37 anchors the three days of Seollal at the day itself, so the eve is missing and a day after is
    // off that is not (its own comment in KR.yaml; issue 640). Chuseok and the substitute days are right.
    if (country === 'KR' && holiday.rule === 'korean 01-0-01 P3D') first -= dayMs
    const length = Math.max(1, Math.round((+holiday.end - +holiday.start) / dayMs))
    for (let n = 0; n < length; n += 1) {
      const day = new Date(first + n * dayMs).toISOString().slice(0, 10)
      if (day.startsWith(`${year}-`)) days.add(day)
    }
  }
  return days
}
