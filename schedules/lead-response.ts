import type { NudgeSchedule } from './schedule.ts'

/** Inbound leads that nobody touched within 5 minutes of working time (Canon, Handoffs: inbound leads). */
export const leadResponse: NudgeSchedule = {
  name: 'lead-response',
  when: { every: 'minute' },
  graceHours: 0,
  audience: 'the SDR, and after as long again their manager',
  cap: 500,
  nudges: ['lead-response'],
}
