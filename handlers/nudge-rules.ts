import type { NudgeKind } from '../src/canon/nudge.ts'
import { healthRed, healthYellow } from './nudge-health.ts'
import { qbrRule } from './nudge-qbr.ts'
import { renewalRule } from './nudge-renewal.ts'
import type { NudgeRule } from './nudge-rule.ts'

/** The rule behind each kind of nudge; a kind without one is never told. */
export const nudgeRules: Readonly<Partial<Record<NudgeKind, NudgeRule>>> = {
  'health-red': healthRed,
  'health-yellow': healthYellow,
  renewal: renewalRule,
  'qbr-due': qbrRule,
}
