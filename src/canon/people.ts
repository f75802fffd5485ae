import type { PlainDate, WorkingTime } from './calendar.ts'

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
