import type { NudgeSchedule } from './schedule.ts'

/** Records to put in order: what was logged late or is old, as one list a person, and close dates that have passed. */
export const hygiene: NudgeSchedule = {
  name: 'hygiene',
  when: { at: '09:00', on: 'working-days', zone: 'company' },
  graceHours: 12,
  audience: 'whoever keeps the record; Sales Ops, of people who are not linked',
  cap: 5_000,
  nudges: ['hygiene', 'close-date-past'],
}
