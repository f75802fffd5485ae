import type { ByGrade, GradeSum } from './digest-customers.ts'

/** A part of a team's customers that moved much more than a week explains. */
export interface CustomerAnomaly {
  /** Critical customers; those at risk or critical; all of them. */
  readonly what: 'critical' | 'risk' | 'all'
  /** Whole percent of last week's ARR; negative: down; absent where there was none. */
  readonly percent?: number
  readonly from: GradeSum
  readonly to: GradeSum
}

/** From this change on, in percent, a week is told about: of a part, and of all customers. */
const tellFrom = { part: 30, all: 10 } as const
/** A part that moved by less than this share of all ARR, in percent, is not worth a sentence. */
const leastShare = 3

const sum = (...parts: readonly GradeSum[]): GradeSum => ({
  accounts: parts.reduce((all, { accounts }) => all + accounts, 0),
  arr: parts.reduce((all, { arr }) => all + arr, 0),
})

export const allOf = (grades: ByGrade): GradeSum =>
  sum(grades.critical, grades['at-risk'], grades.healthy, grades.unknown)

export const atRiskOf = (grades: ByGrade): GradeSum => sum(grades.critical, grades['at-risk'])

/**
 * What is out of the ordinary among customers, by ARR, the gravest first. Of critical and at-risk ones only one is told
 * where both moved by the same customers.
 */
export function customerAnomalies(now: ByGrade, before: ByGrade): CustomerAnomaly[] {
  const whole = allOf(before)
  if (whole.arr <= 0) return []
  const told = (what: CustomerAnomaly['what'], from: GradeSum, to: GradeSum): CustomerAnomaly[] => {
    const change = to.arr - from.arr
    if (change === 0 || Math.abs(change) * 100 < whole.arr * leastShare) return []
    if (from.arr === 0) return [{ what, from, to }]
    const percent = Math.round((change * 100) / from.arr)
    return Math.abs(percent) < tellFrom[what === 'all' ? 'all' : 'part'] ? [] : [{ what, percent, from, to }]
  }
  const critical = told('critical', before.critical, now.critical)
  const risk = told('risk', atRiskOf(before), atRiskOf(now))
  const same = critical[0] && risk[0] && moved(critical[0]) === moved(risk[0])
  return [...critical, ...(same ? [] : risk), ...told('all', whole, allOf(now))]
}

const moved = ({ from, to }: CustomerAnomaly): string => `${to.arr - from.arr} ${to.accounts - from.accounts}`
