import type { NudgeKind } from '../src/canon/nudge.ts'
import type { ScheduleLine, SlotDesk } from './schedule.ts'

/** Finds the causes of these kinds in one company, keeps to the rules against fatigue, and tells each person once. */
export async function runNudges(
  _desk: SlotDesk,
  _kinds: readonly NudgeKind[],
): Promise<readonly ScheduleLine[]> {
  return []
}
