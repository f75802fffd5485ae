import { isPlainDate, type PlainDate, type WorkingTime } from './calendar.ts'
import { type Reading, refuse } from './refusal.ts'

export const roles = [
  'sdr',
  'ae',
  'se',
  'csm',
  'cs_manager',
  'sales_manager',
  'vp_sales',
  'c_level',
  'sales_ops',
  'finance',
  'legal',
  'marketing',
  'portfolio_operator',
] as const
export type Role = (typeof roles)[number]

export const locales = ['ko', 'en'] as const
export type Locale = (typeof locales)[number]

/** One portfolio company: a tenant (Canon, Words). */
export interface Company {
  readonly id: string
  readonly name: string
  readonly locale: Locale
  /** ISO 4217. */
  readonly currency: string
  /** First month of the fiscal year, 1–12. */
  readonly fiscalYearStart: number
  readonly working: WorkingTime
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly email?: string
  readonly roles: readonly Role[]
  /** The person this one reports to. */
  readonly manager?: string
  readonly team?: string
  readonly locale?: Locale
  readonly timeZone?: string
  /** False once the person left or was deactivated: they may do nothing and are asked nothing. */
  readonly active: boolean
  /** May administer the company in chat, beside Sales Ops. */
  readonly admin?: boolean
  /** Who decides in their place from `awayFrom` to `awayUntil`, both days included, in the company's zone. */
  readonly delegate?: string
  readonly awayFrom?: PlainDate
  readonly awayUntil?: PlainDate
  /** Where they want to be asked, when they are in both; absent: where they were linked first. */
  readonly prefers?: 'slack' | 'teams'
}

export interface Team {
  readonly id: string
  readonly name: string
  readonly manager?: string
  readonly locale?: Locale
  readonly timeZone?: string
  readonly slackChannel?: string
  readonly teamsChannel?: string
  /** Minor units of `currency`. */
  readonly quarterlyTarget?: number
  readonly currency?: string
}

/**
 * The people of one company as they are now. Immutable: `stamp` grows with every change, so a cached
 * copy is good exactly as long as the store still holds the same stamp.
 */
export interface Org {
  readonly company: Company
  readonly people: ReadonlyMap<string, Person>
  readonly teams: ReadonlyMap<string, Team>
  readonly stamp: number
}

/** The reporting line above a person, nearest first: active or not, each once, also where it runs in a circle. */
export function managersOf(person: Person, org: Org): Person[] {
  const line: Person[] = []
  const seen = new Set([person.id])
  let next = person.manager
  while (next !== undefined && !seen.has(next)) {
    seen.add(next)
    const manager = org.people.get(next)
    if (!manager) break
    line.push(manager)
    next = manager.manager
  }
  return line
}

/** Everybody below a person in the reporting lines, at any depth. */
export function reportsOf(person: Person, org: Org): Person[] {
  return [...org.people.values()].filter(
    (other) => other.id !== person.id && managersOf(other, org).some((manager) => manager.id === person.id),
  )
}

/** Whether a person is away on a day of the company's zone: from `awayFrom` to `awayUntil`, both included. */
export function isAway(person: Person, today: PlainDate): boolean {
  const { awayFrom, awayUntil } = person
  if (awayFrom === undefined && awayUntil === undefined) return false
  return (awayFrom === undefined || awayFrom <= today) && (awayUntil === undefined || today <= awayUntil)
}

/** Who stands in for a person on a day: nobody needed, somebody, nobody there, or a circle of absent people (B5.14). */
export type Delegation =
  | { readonly kind: 'present' }
  | { readonly kind: 'delegate'; readonly person: Person }
  | { readonly kind: 'none' }
  | { readonly kind: 'loop' }

/** Follows the delegates of a person while each of them is away (대결). */
export function delegationOf(person: Person, org: Org, today: PlainDate): Delegation {
  if (!isAway(person, today)) return { kind: 'present' }
  const seen = new Set([person.id])
  let current = person
  for (;;) {
    const delegate = current.delegate === undefined ? undefined : org.people.get(current.delegate)
    if (!delegate?.active) return { kind: 'none' }
    if (seen.has(delegate.id)) return { kind: 'loop' }
    if (!isAway(delegate, today)) return { kind: 'delegate', person: delegate }
    seen.add(delegate.id)
    current = delegate
  }
}

/** The person who decides in the place of an absent one today; `undefined` when present, or when nobody does. */
export function delegateOf(person: Person, org: Org, today: PlainDate): Person | undefined {
  const delegation = delegationOf(person, org, today)
  return delegation.kind === 'delegate' ? delegation.person : undefined
}

/** An absence as a person enters it; without a delegate the person's manager hears after the escalation time. */
export interface Absence {
  readonly from: PlainDate
  readonly until: PlainDate
  readonly delegate?: string
}

/**
 * Checks an absence before it is saved: days that exist and in order, a delegate who is here and is not the person, and
 * no circle of delegates on any day on which all of them are away.
 */
export function readAbsence(person: Person, absence: Absence, org: Org): Reading<Absence> {
  for (const text of [absence.from, absence.until])
    if (!isPlainDate(text)) return refuse({ code: 'bad-date', text })
  if (absence.until < absence.from) return refuse({ code: 'dates-out-of-order' })
  if (absence.delegate === undefined) return { ok: true, next: absence }
  if (absence.delegate === person.id) return refuse({ code: 'delegate-is-self' })
  const delegate = org.people.get(absence.delegate)
  if (!delegate?.active) return refuse({ code: 'inactive' })
  return closesLoop(person, absence, delegate, org)
    ? refuse({ code: 'delegation-loop' })
    : { ok: true, next: absence }
}

/** Whether the chain of delegates comes back to the person on a day that lies in all the absences along it. */
function closesLoop(person: Person, absence: Absence, first: Person, org: Org): boolean {
  const seen = new Set<string>()
  let { from, until } = absence
  let current: Person | undefined = first
  while (current && !seen.has(current.id)) {
    if (current.id === person.id) return true
    seen.add(current.id)
    const { awayFrom, awayUntil, delegate } = current
    if ((awayFrom === undefined && awayUntil === undefined) || delegate === undefined) return false
    if (awayFrom !== undefined && awayFrom > from) from = awayFrom
    if (awayUntil !== undefined && awayUntil < until) until = awayUntil
    if (until < from) return false
    current = org.people.get(delegate)
  }
  return false
}
