import { addDays, addMonths, daysBetween, isPlainDate, type PlainDate, weekday } from './calendar.ts'

/** `twelve-months`: the twelve months up to and with the one it ends in. */
const periodKinds = ['day', 'week', 'month', 'quarter', 'year', 'twelve-months'] as const
export type PeriodKind = (typeof periodKinds)[number]

/** Days from `from` to `to`, both included, in the company's zone. Quarters and years are the company's fiscal ones. */
export interface Period {
  readonly kind: PeriodKind
  readonly from: PlainDate
  readonly to: PlainDate
}

/** The first day of the month `n` months after January of year 0. */
const monthStart = (n: number): PlainDate =>
  `${String(Math.floor(n / 12)).padStart(4, '0')}-${String((n % 12) + 1).padStart(2, '0')}-01`

const monthOf = (date: PlainDate): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1
const months = (kind: PeriodKind, first: number, n: number): Period => ({
  kind,
  from: monthStart(first),
  to: addDays(addMonths(monthStart(first), n), -1),
})

/** The period of a kind that a day lies in. `fiscalYearStart`: first month of the fiscal year, 1–12. */
export function periodOf(kind: PeriodKind, date: PlainDate, fiscalYearStart = 1): Period {
  const month = monthOf(date)
  const sinceStart = (month - (fiscalYearStart - 1)) % 12
  switch (kind) {
    case 'day':
      return { kind, from: date, to: date }
    case 'week': {
      const from = addDays(date, 1 - weekday(date))
      return { kind, from, to: addDays(from, 6) }
    }
    case 'month':
      return months(kind, month, 1)
    case 'quarter':
      return months(kind, month - (sinceStart % 3), 3)
    case 'year':
      return months(kind, month - sinceStart, 12)
    case 'twelve-months':
      return months(kind, month - 11, 12)
  }
}

/** The period `n` of its kind later (earlier when negative). Twelve months are moved by a month. */
export function shifted(period: Period, n: number): Period {
  const { kind, from } = period
  const month = monthOf(from)
  switch (kind) {
    case 'day':
    case 'week': {
      const by = n * (kind === 'day' ? 1 : 7)
      return { kind, from: addDays(from, by), to: addDays(period.to, by) }
    }
    case 'month':
    case 'twelve-months':
      return months(kind, month + n, kind === 'month' ? 1 : 12)
    case 'quarter':
      return months(kind, month + 3 * n, 3)
    case 'year':
      return months(kind, month + 12 * n, 12)
  }
}

/** The same period a year before; a week is 52 weeks before, so that its days are the same. */
export function yearBefore(period: Period): Period {
  const by: Readonly<Record<PeriodKind, number>> = {
    day: 364,
    week: 52,
    month: 12,
    quarter: 4,
    year: 1,
    'twelve-months': 12,
  }
  return shifted(period, -by[period.kind])
}

/** The last `n` periods up to and with this one, oldest first. */
export const upTo = (period: Period, n: number): Period[] =>
  Array.from({ length: n }, (_, at) => shifted(period, at - n + 1))

/** How many days a period has. */
export const daysIn = (period: Period): number => daysBetween(period.from, period.to) + 1

/** How many months a period is long; a week is a share of one. */
export function monthsIn(period: Period): number {
  const { kind } = period
  if (kind === 'day' || kind === 'week') return (daysIn(period) * 12) / 365
  return monthOf(period.to) - monthOf(period.from) + 1
}

/** The months of a period, `2026-07`, in order: those it begins and ends in. */
export function monthsOf(period: Period): string[] {
  const first = monthOf(period.from)
  return Array.from({ length: monthOf(period.to) - first + 1 }, (_, at) => monthStart(first + at).slice(0, 7))
}

/**
 * How a period is written: `2026-11-23`, `2026-W48`, `2026-11`, `2026-Q3`, `2026`, `12M-2026-11`. A fiscal year has the
 * number of the calendar year it begins in.
 */
export function periodName(period: Period, fiscalYearStart = 1): string {
  const { kind, from, to } = period
  const month = monthOf(from)
  const fiscal = month - (fiscalYearStart - 1)
  switch (kind) {
    case 'day':
      return from
    case 'week': {
      // ISO 8601: a week belongs to the year of its Thursday.
      const thursday = addDays(from, 3)
      const first = periodOf('week', `${thursday.slice(0, 4)}-01-04`).from
      return `${thursday.slice(0, 4)}-W${String(daysBetween(first, from) / 7 + 1).padStart(2, '0')}`
    }
    case 'month':
      return from.slice(0, 7)
    case 'quarter':
      return `${Math.floor(fiscal / 12)}-Q${Math.floor((fiscal % 12) / 3) + 1}`
    case 'year':
      return String(Math.floor(fiscal / 12))
    case 'twelve-months':
      return `12M-${to.slice(0, 7)}`
  }
}

/** Reads a period as `periodName` writes it, and nothing else. */
export function readPeriodName(text: string, fiscalYearStart = 1): Period | undefined {
  const match =
    /^(?:(\d{4})-(\d{2})-(\d{2})|(\d{4})-W(\d{1,2})|(\d{4})-(\d{2})|(\d{4})-?Q([1-4])|(\d{4})|12M-(\d{4})-(\d{2}))$/i.exec(
      text.trim(),
    )
  if (!match) return undefined
  const [, , , , weekYear, week, monthYear, month, quarterYear, quarter, year, endYear, endMonth] = match
  if (match[1]) return isPlainDate(match[0]) ? periodOf('day', match[0]) : undefined
  if (weekYear && week) {
    const period = shifted(periodOf('week', `${weekYear}-01-04`), Number(week) - 1)
    return Number(week) >= 1 && addDays(period.from, 3).startsWith(weekYear) ? period : undefined
  }
  const inYear = (n: string | undefined) => Number(n) >= 1 && Number(n) <= 12
  if (monthYear) return inYear(month) ? periodOf('month', `${monthYear}-${month}-01`) : undefined
  if (endYear) return inYear(endMonth) ? periodOf('twelve-months', `${endYear}-${endMonth}-01`) : undefined
  const start = Number(quarterYear ?? year) * 12 + fiscalYearStart - 1
  return quarterYear ? months('quarter', start + (Number(quarter) - 1) * 3, 3) : months('year', start, 12)
}

// ── quarters ─────────────────────────────────────────────────────────────────

/** A quarter of a company's fiscal year with its name: `2026-Q3`, the third of the fiscal year that begins in 2026. */
export interface Quarter extends Period {
  readonly kind: 'quarter'
  readonly name: string
}

const quarter = (period: Period, fiscalYearStart: number): Quarter => ({
  ...period,
  kind: 'quarter',
  name: periodName(period, fiscalYearStart),
})

/**
 * The quarter a day lies in. A fiscal year is called after the calendar year it begins in, as Korean and Japanese
 * companies call theirs. `fiscalYearStart`: its first month, 1–12.
 */
export const quarterOf = (day: PlainDate, fiscalYearStart: number): Quarter =>
  quarter(periodOf('quarter', day, fiscalYearStart), fiscalYearStart)

/** The quarter of a name such as `2026-Q3`, `2026Q3` or `2026 q3`; nothing where that is none. */
export function quarterNamed(name: string, fiscalYearStart: number): Quarter | undefined {
  const match = /^(\d{4})[-\s/]?q([1-4])$/i.exec(name.normalize('NFKC').trim())
  const period = match && readPeriodName(`${match[1]}-Q${match[2]}`, fiscalYearStart)
  return period ? quarter(period, fiscalYearStart) : undefined
}

/** The quarter `n` quarters before a quarter. */
export const quarterBefore = (of: Quarter, n: number, fiscalYearStart: number): Quarter =>
  quarter(shifted(of, -n), fiscalYearStart)

/** The whole months or quarters that a period is made of, in order; nothing where it is not made of whole ones. */
export function piecesOf(
  kind: 'month' | 'quarter',
  { from, to }: Period,
  fiscalYearStart = 1,
): readonly Period[] | undefined {
  const pieces: Period[] = []
  for (let piece = periodOf(kind, from, fiscalYearStart); piece.from <= to; piece = shifted(piece, 1))
    pieces.push(piece)
  return pieces[0]?.from === from && pieces.at(-1)?.to === to ? pieces : undefined
}
