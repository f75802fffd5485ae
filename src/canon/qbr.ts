import { addDays, isPlainDate, type PlainDate } from './calendar.ts'
import type { Tier } from './opportunity.ts'
import { type Quarter, quarterBefore, quarterOf } from './period.ts'
import type { HealthPolicy } from './policy-health.ts'
import { type Reading, refuse } from './refusal.ts'

/** A quarterly business review that was held: one an account and quarter. */
export interface Qbr {
  readonly account: string
  /** `2026-Q3`, of the company's fiscal year. */
  readonly quarter: string
  readonly heldOn: PlainDate
  /** Person id, or `import`. */
  readonly by: string
  readonly notes?: string
}

/** Of how many quarters in a row a tier's share is counted. */
const counted = 4

/**
 * How many of four quarters in a row have a QBR. 100 % is all four; the Canon's 75 % of T2 is three of any four, so
 * that one quarter may be left out and never two in a row of a year; 0 where the tier needs none.
 */
export function qbrsNeeded(tier: Tier | undefined, policy: HealthPolicy): number {
  const share = tier === undefined ? undefined : policy.qbr[tier]
  return share === undefined ? 0 : Math.ceil((share / 100) * counted - 1e-9)
}

/** The quarters a ruling looks at, this one first: names are those of `Qbr.quarter`. */
export function qbrQuarters(today: PlainDate, fiscalYearStart: number): readonly Quarter[] {
  const now = quarterOf(today, fiscalYearStart)
  return Array.from({ length: counted }, (_, n) => quarterBefore(now, n, fiscalYearStart))
}

/** Days before the quarter's end from which a QBR that was not held is told once more. */
const qbrLastCallDays = 21

export interface QbrDue {
  readonly quarter: string
  /** The quarter's last day. */
  readonly dueOn: PlainDate
  /** The last weeks of the quarter: it is told again. */
  readonly lastCall: boolean
}

/**
 * Whether an account needs a QBR in this quarter: none was held in it, and leaving it out would leave fewer than the
 * tier needs in four quarters in a row. `held` names the quarters that have one.
 */
export function qbrDue(
  tier: Tier | undefined,
  held: readonly string[],
  today: PlainDate,
  fiscalYearStart: number,
  policy: HealthPolicy,
): QbrDue | undefined {
  const [now, ...before] = qbrQuarters(today, fiscalYearStart)
  if (now === undefined || held.includes(now.name)) return undefined
  const had = before.filter(({ name }) => held.includes(name)).length
  if (had >= qbrsNeeded(tier, policy)) return undefined
  return { quarter: now.name, dueOn: now.to, lastCall: today > addDays(now.to, -qbrLastCallDays) }
}

/** What changes when it may be told again: at the quarter's beginning, and in its last weeks. */
export const qbrCycle = ({ quarter, lastCall }: QbrDue): string => `${quarter}:${lastCall ? 'last' : 'plan'}`

/** A QBR as somebody records it: a day that exists and is not ahead; its quarter follows from the day. */
export function readQbr(
  heldOn: string,
  today: PlainDate,
  fiscalYearStart: number,
): Reading<{ readonly heldOn: PlainDate; readonly quarter: string }> {
  if (!isPlainDate(heldOn)) return refuse({ code: 'bad-date', text: heldOn })
  if (heldOn > today) return refuse({ code: 'qbr-still-ahead', heldOn })
  return { ok: true, next: { heldOn, quarter: quarterOf(heldOn, fiscalYearStart).name } }
}

/** How far from the quarter it counts for a QBR may have been held, days: customers put it off. */
const mostDaysOff = 45

/** Whether a QBR held on a day may count for a quarter. */
export const countsFor = ({ from, to }: Quarter, heldOn: PlainDate): boolean =>
  addDays(from, -mostDaysOff) <= heldOn && heldOn <= addDays(to, mostDaysOff)
