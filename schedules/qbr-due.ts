import type { NudgeSchedule } from './schedule.ts'

/** Customers that need a QBR in this quarter: at its beginning, and once more in its last weeks (Canon, Nudges). */
export const qbrsDue: NudgeSchedule = {
  name: 'qbr-due',
  when: { at: '09:00', on: 'working-days', zone: 'company' },
  graceHours: 14,
  audience: 'the CSM; in the last weeks of the quarter the AE as well',
  cap: 100_000,
  nudges: ['qbr-due'],
}
