import type { NudgeSchedule } from './schedule.ts'

/** Renewals at D-180, 90, 60, 30 and 0, what nobody acted upon again after a week, and what is past (Canon, Renewals). */
export const renewals: NudgeSchedule = {
  name: 'renewals',
  when: { at: '09:00', on: 'working-days', zone: 'company' },
  graceHours: 14,
  audience: 'the channel of the CSM’s team with the AE named; the CS Manager, once the renewal is past',
  cap: 100_000,
  nudges: ['renewal'],
}
