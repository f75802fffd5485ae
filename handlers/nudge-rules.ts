import type { NudgeKind } from '../src/canon/nudge.ts'
import { championLeftRule, championSilentRule } from './nudge-champion.ts'
import { closeDateRule, gateDebtRule, meddiccGapRule, stalledRule } from './nudge-deal.ts'
import { forecastMiss } from './nudge-forecast.ts'
import { healthRed, healthYellow } from './nudge-health.ts'
import { leadResponseRule } from './nudge-lead.ts'
import { hygieneRule } from './nudge-person.ts'
import { qbrRule } from './nudge-qbr.ts'
import { renewalRule } from './nudge-renewal.ts'
import type { NudgeRule } from './nudge-rule.ts'

/** The rule behind each kind of nudge; a kind without one is never told. */
export const nudgeRules: Readonly<Partial<Record<NudgeKind, NudgeRule>>> = {
  stalled: stalledRule,
  'close-date-past': closeDateRule,
  'champion-silent': championSilentRule,
  'champion-left': championLeftRule,
  'meddicc-gap': meddiccGapRule,
  'gate-debt': gateDebtRule,
  hygiene: hygieneRule,
  'lead-response': leadResponseRule,
  'health-red': healthRed,
  'health-yellow': healthYellow,
  renewal: renewalRule,
  'qbr-due': qbrRule,
  'forecast-miss': forecastMiss,
}
