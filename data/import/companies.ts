import { defaultWorkingTime, isTimeZone, type Weekday, type WorkingTime } from '../../src/canon/calendar.ts'
import { isHolidayCountry } from '../../src/canon/holidays.ts'
import type { Company, Locale } from '../../src/canon/people.ts'
import type { Cell } from './columns.ts'

/** A company nobody said anything about: Korean where it reckons in won, else plain English and UTC. */
export function newCompany(id: string, currency = 'KRW'): Company {
  const korean = currency === 'KRW'
  return {
    id,
    name: id,
    locale: korean ? 'ko' : 'en',
    currency,
    fiscalYearStart: 1,
    working: korean ? defaultWorkingTime('Asia/Seoul', 'KR') : defaultWorkingTime('UTC'),
  }
}

/** Working days and hours as they are written: `1-5 09:00-18:00`, `1,2,4 10:00-16:00`; `undefined` where they are not. */
export function readHours(text: string): Pick<WorkingTime, 'days' | 'start' | 'end'> | undefined {
  const shape = /^([1-7](?:[-,][1-7])*) (([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d)$/.exec(
    text.trim(),
  )
  if (!shape) return undefined
  const days = new Set<Weekday>()
  for (const part of (shape[1] ?? '').split(',')) {
    const [from, to = from] = part.split('-').map(Number)
    for (let day = from ?? 1; day <= (to ?? 0); day++) days.add(day as Weekday)
  }
  const [start, end] = [shape[2] ?? '', shape[4] ?? '']
  if (days.size === 0 || start >= end) return undefined
  return { days: [...days].sort((a, b) => a - b), start, end }
}

/** `1-5 09:00-18:00`, as `readHours` reads it. */
export function hoursText({ days, start, end }: WorkingTime): string {
  const run = days.length > 1 && days.every((day, at) => at === 0 || day === (days[at - 1] ?? 0) + 1)
  return `${run ? `${days[0]}-${days.at(-1)}` : days.join(',')} ${start}-${end}`
}

/** Days off: a country's public holidays, own days, or both, separated by `;`. */
export function readHolidays(text: string): Pick<WorkingTime, 'holidayCountry' | 'holidays'> | undefined {
  const holidays: string[] = []
  let country: string | undefined
  for (const part of text.split(';').map((each) => each.trim())) {
    if (part === '') continue
    if (/^[A-Z]{2}$/.test(part) && isHolidayCountry(part) && country === undefined) country = part
    else if (/^\d{4}-\d{2}-\d{2}$/.test(part) && !Number.isNaN(Date.parse(part))) holidays.push(part)
    else return undefined
  }
  return { holidays: holidays.sort(), ...(country ? { holidayCountry: country } : {}) }
}

/** A company after a row of companies.csv; cells the row does not have leave it as it was. */
export function companyAfter(before: Company, cells: Readonly<Record<string, Cell>>): Company {
  const text = (name: string): string | undefined =>
    typeof cells[name] === 'string' ? (cells[name] as string) : undefined
  const zone = text('time_zone')
  const hours = readHours(text('working_hours') ?? '')
  const { holidayCountry: _, ...working } = before.working
  const off = text('holidays') === undefined ? undefined : readHolidays(text('holidays') ?? '')
  return {
    ...before,
    name: text('name') ?? before.name,
    locale: (text('locale') as Locale | undefined) ?? before.locale,
    currency: text('currency') ?? before.currency,
    fiscalYearStart:
      typeof cells.fiscal_year_start === 'number' ? cells.fiscal_year_start : before.fiscalYearStart,
    working: {
      ...(off ? working : before.working),
      ...(zone && isTimeZone(zone) ? { timeZone: zone } : {}),
      ...hours,
      ...off,
    },
  }
}
