import type { Instant, PlainDate } from './calendar.ts'
import type { Money } from './money.ts'
import type { Tier } from './opportunity.ts'

/** A customer or prospect (Canon, Words). */
export interface Account {
  readonly id: string
  readonly name: string
  readonly tier?: Tier
  readonly industry?: string
  readonly region?: string
  /** Person ids. */
  readonly csm?: string
  readonly ae?: string
  readonly executiveSponsor?: string
  /** Annual recurring revenue. */
  readonly arr?: Money
  readonly renewalOn?: PlainDate
  readonly updatedAt: Instant
  readonly version: number
}
