import { addDays, type PlainDate } from './calendar.ts'

/** A quarter of a company's fiscal year. `from` and `to` are its first and its last day. */
export interface Quarter {
  /** `2026-Q3`: the third quarter of the fiscal year that begins in 2026. */
  readonly name: string
  readonly from: PlainDate
  readonly to: PlainDate
}

const two = (n: number): string => String(n).padStart(2, '0')

/** The first day of the month `n` months after January of year 0. */
export const monthStart = (n: number): PlainDate =>
  `${String(Math.floor(n / 12)).padStart(4, '0')}-${two((n % 12) + 1)}-01`

/** The `index`-th quarter since the fiscal year of year 0; `start` is the first month of the fiscal year, 1–12. */
function quarterAt(index: number, start: number): Quarter {
  const month = index * 3 + (start - 1)
  return {
    name: `${Math.floor(index / 4)}-Q${(index % 4) + 1}`,
    from: monthStart(month),
    to: addDays(monthStart(month + 3), -1),
  }
}

/**
 * The quarter a day lies in. A fiscal year is called after the calendar year it begins in, as Korean and Japanese
 * companies call theirs. `fiscalYearStart`: its first month, 1–12.
 */
export function quarterOf(day: PlainDate, fiscalYearStart: number): Quarter {
  const [year, month] = day.split('-').map(Number) as [number, number]
  return quarterAt(Math.floor((year * 12 + month - fiscalYearStart) / 3), fiscalYearStart)
}

/** The quarter of a name such as `2026-Q3`, `2026Q3` or `2026 q3`; nothing where that is none. */
export function quarterNamed(name: string, fiscalYearStart: number): Quarter | undefined {
  const match = /^(\d{4})[-\s/]?q([1-4])$/i.exec(name.normalize('NFKC').trim())
  return match ? quarterAt(Number(match[1]) * 4 + Number(match[2]) - 1, fiscalYearStart) : undefined
}

/** The quarter `n` quarters before a quarter. */
export function quarterBefore(quarter: Quarter, n: number, fiscalYearStart: number): Quarter {
  const [year, number] = quarter.name.split('-Q').map(Number) as [number, number]
  return quarterAt(year * 4 + number - 1 - n, fiscalYearStart)
}
