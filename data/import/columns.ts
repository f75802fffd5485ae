import { type Instant, instantAt, isTimeZone, localDate } from '../../src/canon/calendar.ts'
import { isCurrency, minorDigits } from '../../src/canon/money.ts'
import { nearest } from '../../src/canon/nearest.ts'
import { channels as dealChannels, stages, tiers } from '../../src/canon/opportunity.ts'
import { type Role, roles } from '../../src/canon/people.ts'
import { clean } from '../database.ts'

/** What a cell becomes in the database. */
export type Cell = string | number | null

/** A cell that cannot be taken; `why` is a sentence for the person who made the file. */
export class Unfit {
  readonly why: string
  constructor(why: string) {
    this.why = why
  }
}

/** What parsing a cell needs to know of the company and the mapping. */
export interface Reading {
  /** ISO 4217, where the row names none. */
  readonly currency: string
  /** IANA zone in which an instant becomes a day. */
  readonly timeZone: string
  /** How the file writes its dates, where that is not ISO 8601. */
  readonly dates?: DateFormat
  /** The day it is in that zone, for what cannot lie ahead. */
  readonly today?: string
  /** The moment that day ends. */
  readonly tomorrow?: Instant
}

export type Parse = (raw: string, reading: Reading) => Cell | Unfit

/** `raw` is never empty; `money` cells are parsed last, in the row's own currency. */
export type Kind =
  | { readonly kind: 'plain'; readonly parse: Parse }
  | { readonly kind: 'money' }
  /** An id of another thing of the same company. */
  | { readonly kind: 'reference'; readonly to: 'person' | 'team' | Thing }

/** What rows refer to by id, beside people and teams: there are too many of them to be kept in memory. */
export type Thing = 'account' | 'contact' | 'lead' | 'deal'

const mostMinor = 9_000_000_000_000_000

const control = /[\u0000-\u001f\u007f]/

/** An id: short, on one line, kept as it is written. */
export const id: Parse = (raw) => {
  const text = clean(raw.trim())
  if (text.length > 100) return new Unfit('is longer than 100 characters, too long for an id')
  return control.test(text) ? new Unfit('holds a line break or another control character') : text
}

/** Words: kept verbatim, formulas too; what a spreadsheet would execute is defused on export alone (B5.95). */
export const words =
  (most: number): Parse =>
  (raw) =>
    raw.length > most ? new Unfit(`is longer than ${most.toLocaleString('en')} characters`) : clean(raw)

/** One of a closed list, written in any case. */
export function oneOf(list: readonly string[], what: string): Parse {
  const known = new Map(list.map((value) => [value.toLowerCase(), value]))
  return (raw) => {
    const typed = raw.trim()
    const value = known.get(typed.toLowerCase())
    if (value !== undefined) return value
    const near = nearest(typed, list)
    return new Unfit(
      `“${short(typed)}” is not a ${what} (${list.join(', ')})${near ? `; did you mean ${near}?` : ''}`,
    )
  }
}

export const stage = oneOf(stages, 'stage')
export const tier = oneOf(tiers, 'tier')
export const channel = oneOf(dealChannels, 'channel')
export const locale = oneOf(['ko', 'en'], 'language')

const role = oneOf(roles, 'role')

/** Role tokens separated by `;`, stored without spaces and once each. */
export const roleList: Parse = (raw, reading) => {
  const found: Role[] = []
  for (const part of raw.split(';')) {
    if (part.trim() === '') continue
    const value = role(part.replace(/^\s+|\s+$/g, '').replace(/[\s-]+/g, '_'), reading)
    if (value instanceof Unfit) return value
    if (!found.includes(value as Role)) found.push(value as Role)
  }
  return found.length > 0 ? found.join(';') : new Unfit('names no role')
}

export const timeZone: Parse = (raw) => {
  const zone = raw.trim()
  return isTimeZone(zone) ? zone : new Unfit(`“${short(zone)}” is not a time zone such as Asia/Seoul`)
}

export const currency: Parse = (raw) => {
  const code = raw.trim().toUpperCase()
  return isCurrency(code)
    ? code
    : new Unfit(`“${short(raw.trim())}” is not a currency code such as KRW or USD`)
}

export const email: Parse = (raw) => {
  const text = clean(raw.trim())
  return /^[^\s@]+@[^\s@]+$/.test(text) && text.length <= 254
    ? text.toLowerCase()
    : new Unfit(`“${short(text)}” is not an e-mail address`)
}

// ── money ────────────────────────────────────────────────────────────────────

const amountShape = /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/

/** An amount in major units, as whole minor units. No rounding: a fraction the currency does not have is refused. */
export function money(raw: string, code: string): number | Unfit {
  const typed = raw.trim()
  const shape = amountShape.exec(typed)
  if (!shape)
    return new Unfit(
      /^-/.test(typed)
        ? `“${short(typed)}” is negative`
        : `“${short(typed)}” is not an amount; write it like 1250000 or 1250000.50, without a currency sign`,
    )
  const digits = minorDigits(code)
  const fraction = (shape[1] ?? '').replace(/0+$/, '')
  if (fraction.length > digits)
    return new Unfit(
      digits === 0
        ? `“${short(typed)}” has decimals, but ${code} has none`
        : `“${short(typed)}” has more than the ${digits} decimals of ${code}`,
    )
  const whole = typed.replaceAll(',', '').split('.')[0] ?? '0'
  const minor = Number(whole + fraction.padEnd(digits, '0'))
  return minor <= mostMinor ? minor : new Unfit(`“${short(typed)}” is too large`)
}

// ── days ─────────────────────────────────────────────────────────────────────

const isoDay = /^(\d{4})-(\d{2})-(\d{2})$/
const isoInstant = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/

/** A pattern of YYYY, MM or M, DD or D in any order, as a mapping's `dates` gives it. */
export interface DateFormat {
  readonly pattern: string
  readonly shape: RegExp
  readonly order: readonly ('y' | 'm' | 'd')[]
}

/** Understands `M/D/YYYY`, `DD.MM.YYYY`, `YYYY/MM/DD`, `YYYYMMDD`, …; `undefined` where a part is missing. */
export function dateFormat(pattern: string): DateFormat | undefined {
  const order: ('y' | 'm' | 'd')[] = []
  const shape = pattern.replace(/YYYY|MM?|DD?|[^A-Za-z]|[A-Za-z]/g, (part) => {
    const digits = { YYYY: '(\\d{4})', MM: '(\\d{2})', M: '(\\d{1,2})', DD: '(\\d{2})', D: '(\\d{1,2})' }[
      part
    ]
    if (digits === undefined) return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    order.push(part.startsWith('Y') ? 'y' : part.startsWith('M') ? 'm' : 'd')
    return digits
  })
  return order.length === 3 && new Set(order).size === 3
    ? { pattern, shape: new RegExp(`^${shape}$`), order }
    : undefined
}

const isoFormat: DateFormat = { pattern: 'YYYY-MM-DD', shape: isoDay, order: ['y', 'm', 'd'] }

// The same few thousand days come again and again; a small cache makes them cost a look-up each.
const days = new Map<string, string | Unfit>()

/** A calendar day `YYYY-MM-DD`; an instant becomes the day it falls on in the company's zone. */
export const day: Parse = (raw, reading) => {
  const typed = raw.trim()
  const format = reading.dates ?? isoFormat
  const key = `${format.pattern}|${reading.timeZone}|${typed}`
  const known = days.get(key)
  if (known !== undefined) return known
  const result = readDay(typed, format, reading.timeZone)
  if (days.size >= 20_000) days.clear()
  days.set(key, result)
  return result
}

/** An instant in epoch ms: ISO 8601; without an offset it is of the company's zone, a day alone is its first moment. */
export const moment: Parse = (raw, reading) => {
  const typed = raw.trim().replace(' ', 'T')
  const instant = isoInstant.exec(typed)
  if (instant) {
    const at = instant[1]
      ? Date.parse(typed)
      : Number.isNaN(Date.parse(`${typed}Z`))
        ? Number.NaN
        : instantAt(typed.slice(0, 10), typed.slice(11, 16), reading.timeZone)
    if (!Number.isNaN(at)) return at
  }
  const on = day(raw, reading)
  return on instanceof Unfit ? on : instantAt(on as string, '00:00', reading.timeZone)
}

function readDay(typed: string, format: DateFormat, zone: string): string | Unfit {
  const shape = format.shape.exec(typed)
  if (shape) {
    const part = { y: 0, m: 0, d: 0 }
    format.order.forEach((name, at) => {
      part[name] = Number(shape[at + 1])
    })
    const at = new Date(Date.UTC(part.y, part.m - 1, part.d))
    return part.y >= 1900 && part.y <= 2200 && at.getUTCMonth() === part.m - 1 && at.getUTCDate() === part.d
      ? at.toISOString().slice(0, 10)
      : new Unfit(`“${short(typed)}” is a day that does not exist`)
  }
  const instant = isoInstant.exec(typed)
  if (instant && !Number.isNaN(Date.parse(typed.replace(' ', 'T')))) {
    if (!instant[1]) return readDay(typed.slice(0, 10), isoFormat, zone)
    return localDate(Date.parse(typed.replace(' ', 'T')), zone)
  }
  return new Unfit(`“${short(typed)}” is not a date like ${example(format)}`)
}

function example(format: DateFormat): string {
  return format.pattern.replace('YYYY', '2026').replace(/MM?/, '03').replace(/DD?/, '31')
}

/** A cell as a sentence quotes it: on one line, cut. */
export function short(text: string): string {
  const line = clean(text).replace(/[\u0000-\u001f\u007f]+/g, ' ')
  return line.length > 40 ? `${[...line].slice(0, 39).join('')}…` : line
}
