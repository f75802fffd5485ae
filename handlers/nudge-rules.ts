import type { NudgeKind } from '../src/canon/nudge.ts'
import { qbrRule } from './nudge-qbr.ts'
import { renewalRule } from './nudge-renewal.ts'
import type { NudgeRule } from './nudge-rule.ts'

/** The rule behind each kind of nudge; a kind without one is never told. */
export const nudgeRules: Readonly<Partial<Record<NudgeKind, NudgeRule>>> = {
  renewal: renewalRule,
  'qbr-due': qbrRule,
}
