import { handoffCap, sweepHandoffs } from './handoff-sweep.ts'
import type { TaskSchedule } from './schedule.ts'

/**
 * What time does to handoffs under way: reminds after 24 working hours, tells both managers after 48, and puts somebody
 * in the place of a sender or receiver who left (Canon, Handoffs).
 */
export const handoffReminders: TaskSchedule = {
  name: 'handoff-reminders',
  when: { every: 'minute' },
  graceHours: 0,
  audience: 'whoever has to send or accept a handoff, both managers after the escalation',
  cap: handoffCap,
  run: (desk) => sweepHandoffs(desk, ({ status }) => status !== 'accepted'),
}
