import type { Instant, PlainDate } from './calendar.ts'

/** What is reported by the clock (Canon, Digests). Contract: kept in records. */
const reportKinds = [
  'weekly-digest',
  'personal-summary',
  'monthly-report',
  'quarterly-review',
  /** What a digest lacks, told to whom can mend it. */
  'digest-setup',
] as const
export type ReportKind = (typeof reportKinds)[number]

/** Whom a report is of. */
export interface ReportOf {
  readonly noun: 'team' | 'person' | 'company'
  readonly id: string
}

/**
 * A digest, summary or review as it was computed for its slot. Cards are drawn from it, so that the same report says the
 * same wherever and however late it is shown; it names people and deals by id alone.
 */
export interface Report<B = unknown> {
  readonly id: string
  readonly kind: ReportKind
  readonly of: ReportOf
  /** The local day of the slot. */
  readonly slot: PlainDate
  /** When its numbers were read. */
  readonly at: Instant
  readonly body: B
}

/** One report of a kind there is of a thing for a slot, whoever computes it and however often. */
export const reportId = (kind: ReportKind, of: ReportOf, slot: PlainDate): string =>
  `${kind}:${of.noun}:${of.id}:${slot}`
