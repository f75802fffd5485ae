import type { NudgeSchedule } from './schedule.ts'

/** What deals owe their gates, and what MEDDICC lacks at their stage (Canon, Nudges). */
export const gateDebt: NudgeSchedule = {
  name: 'gate-debt',
  when: { at: '09:00', on: 'working-days', zone: 'company' },
  graceHours: 12,
  audience: 'the AE of the deal',
  cap: 5_000,
  nudges: ['gate-debt', 'meddicc-gap'],
}
