import type { PlainDate } from './calendar.ts'
import type { Grade, HealthPart } from './health.ts'
import type { Money } from './money.ts'
import type { OutcomeKind } from './renewal.ts'

/** A grade, or `unknown`: nothing was measured yet. */
export type GradeOrNone = Grade | 'unknown'

/** In the order in which people look at them: what is well last. */
export const gradesOrNone: readonly GradeOrNone[] = ['critical', 'at-risk', 'healthy', 'unknown']

/** Customers of one CSM that are alike in grade and currency, added up; who left is no customer. ARR in minor units. */
export interface CustomerCell {
  readonly csm: string
  readonly grade: GradeOrNone
  /** `''` where they have no ARR. */
  readonly currency: string
  readonly accounts: number
  readonly arr: number
}

/** The same as it was on a day. */
export interface CustomerSnapshot extends CustomerCell {
  readonly takenOn: PlainDate
}

/** A customer whose grade became another one in a period, the first score left out. */
export interface GradeMove {
  readonly account: string
  readonly csm: string
  readonly from: Grade
  readonly to: Grade
}

/** A red customer. */
export interface CriticalAccount {
  readonly account: string
  readonly csm: string
  readonly arr?: Money
  /** Tenths of a point. */
  readonly score: number
  readonly since: PlainDate
  /** The score it had in the grade before. */
  readonly scoreBefore?: number
  /** What pulls the score down most, where the signals say. */
  readonly weakest?: Pick<HealthPart, 'component' | 'score'>
}

/** A renewal whose outcome was recorded. */
export interface SettledRenewal {
  readonly csm: string
  readonly outcome: OutcomeKind
  /** ARR before and after it. */
  readonly before?: Money
  readonly after?: Money
}

/** The component that costs an account most points: those that are missing under full, times its share. */
export function weakestPart(parts: readonly HealthPart[]): HealthPart | undefined {
  const cost = ({ score, share }: HealthPart) => (1_000 - score) * share
  return [...parts].sort((a, b) => cost(b) - cost(a))[0]
}
