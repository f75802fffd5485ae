import { daysBetween, type PlainDate } from './calendar.ts'
import type { Money } from './money.ts'
import type { Convert, OpenStage, RiskRow } from './pipeline.ts'
import type { Policy } from './policy.ts'

/** Why a deal is at risk, in values. */
export type RiskReason =
  | { readonly code: 'stalled'; readonly days: number; readonly risk: boolean }
  | { readonly code: 'close-past'; readonly days: number }
  | { readonly code: 'slipped'; readonly times: number; readonly days: number }
  | { readonly code: 'debt'; readonly until: PlainDate }

/** A deal at risk, with every reason, the worst first. */
export interface Risk {
  readonly deal: string
  readonly owner?: string
  readonly stage: OpenStage
  readonly amount?: Money
  readonly reasons: readonly RiskReason[]
}

/** How much a reason counts; a deal that stands still for twice as long counts double. */
function weightOf(reason: RiskReason): number {
  switch (reason.code) {
    case 'stalled':
      return reason.risk ? 2 : 1
    case 'close-past':
      return reason.days > 30 ? 2 : 1
    case 'slipped':
      return Math.min(3, reason.times)
    case 'debt':
      return 1
  }
}

function reasonsOf(row: RiskRow, today: PlainDate, policy: Pick<Policy, 'nudges'>): RiskReason[] {
  const { stalledAfterDays, riskAfterDays } = policy.nudges
  const reasons: RiskReason[] = []
  if (row.stageEnteredOn !== undefined) {
    const days = daysBetween(row.stageEnteredOn, today)
    if (days > stalledAfterDays) reasons.push({ code: 'stalled', days, risk: days >= riskAfterDays })
  }
  if (row.expectedCloseOn !== undefined && row.expectedCloseOn < today)
    reasons.push({ code: 'close-past', days: daysBetween(row.expectedCloseOn, today) })
  // Once is planning; twice is a pattern.
  if (row.slips >= 2) reasons.push({ code: 'slipped', times: row.slips, days: row.slippedDays })
  if (row.debtUntil !== undefined && row.debtUntil < today)
    reasons.push({ code: 'debt', until: row.debtUntil })
  return reasons.sort((a, b) => weightOf(b) - weightOf(a) || (a.code < b.code ? -1 : 1))
}

/** Deals at risk, by what is at stake: amount × probability × weight of the reasons, the most first. */
export function risksOf(
  rows: readonly RiskRow[],
  today: PlainDate,
  policy: Pick<Policy, 'nudges' | 'probability'>,
  convert: Convert,
): Risk[] {
  return rows
    .map((row) => {
      const reasons = reasonsOf(row, today, policy)
      const weight = reasons.reduce((sum, reason) => sum + weightOf(reason), 0)
      const worth = row.amount ? (convert(row.amount.amount, row.amount.currency) ?? 0) : 0
      return { row, reasons, weight, stake: (worth * policy.probability[row.stage] * weight) / 100 }
    })
    .filter(({ reasons }) => reasons.length > 0)
    .sort((a, b) => b.stake - a.stake || b.weight - a.weight || (a.row.deal < b.row.deal ? -1 : 1))
    .map(({ row, reasons }) => ({
      deal: row.deal,
      ...(row.owner === undefined ? {} : { owner: row.owner }),
      stage: row.stage,
      ...(row.amount ? { amount: row.amount } : {}),
      reasons,
    }))
}
