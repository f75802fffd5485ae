import type { NudgeSchedule } from './schedule.ts'

/** Asks for the action plan of accounts that turned yellow, until there is one, and when its day has come. */
export const yellowPlans: NudgeSchedule = {
  name: 'yellow-plans',
  when: { at: '09:00', on: 'working-days', zone: 'company' },
  graceHours: 9,
  audience: 'the CSM of the account',
  cap: 10_000,
  nudges: ['health-yellow'],
}
