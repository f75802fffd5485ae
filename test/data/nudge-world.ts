import type { Nudge } from '../../src/canon/nudge.ts'
import { at } from './world.ts'

/** A stalled deal that was told to its owner. */
export const nudge = (id: string, over: Partial<Nudge> = {}): Nudge => ({
  id,
  kind: 'stalled',
  subject: { noun: 'deal', id: 'D1' },
  cycle: '2026-08-20',
  owner: 'ae',
  because: { kind: 'stalled', stage: 'S4', since: '2026-08-20', days: 42, risk: false },
  weight: 100,
  status: 'open',
  raisedAt: at,
  rung: 0,
  climbsAt: at + 1_000,
  told: ['person:ae'],
  policyVersion: 1,
  version: 1,
  ...over,
})
