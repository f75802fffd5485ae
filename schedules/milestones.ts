import { handoffCap, sweepHandoffs } from './handoff-sweep.ts'
import type { TaskSchedule } from './schedule.ts'

/**
 * What time does to accepted handoffs: asks for the kickoff where none is scheduled, for the rating on the working day
 * after it, and for the 30/60/90-day milestones when they are due and weekly after (Canon, Handoffs).
 */
export const milestones: TaskSchedule = {
  name: 'milestones',
  when: { every: 'minute' },
  graceHours: 0,
  audience: 'the CSM who accepted a handoff, the owner of a milestone that is due',
  cap: handoffCap,
  run: (desk) => sweepHandoffs(desk, ({ status }) => status === 'accepted'),
}
