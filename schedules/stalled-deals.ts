import type { NudgeSchedule } from './schedule.ts'

/** Open deals that stand still: over 30 days stalled, from 60 on a risk (Canon, Nudges). */
export const stalledDeals: NudgeSchedule = {
  name: 'stalled-deals',
  when: { at: '09:00', on: 'working-days', zone: 'company' },
  graceHours: 12,
  audience: "the channel of the owner's team, and the owner's manager",
  cap: 5_000,
  nudges: ['stalled'],
}
