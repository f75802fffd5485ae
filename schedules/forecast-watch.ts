import { forecastSnapshot, pipelineDays } from '../handlers/digest.ts'
import { daysBetween } from '../src/canon/calendar.ts'
import type { NudgeSchedule, ScheduleDesk, ScheduleLine } from './schedule.ts'

/** Holidays at the beginning of a quarter, and a product that was down over them. Days. */
const firstDays = 10

/**
 * Looks at the forecast every working day, and keeps what it said on the first of a quarter (Canon, Nudges: forecast
 * misses; Digests: forecast against actual).
 */
export const forecastWatch: NudgeSchedule = {
  name: 'forecast-watch',
  when: { at: '09:00', on: 'working-days', zone: 'company' },
  graceHours: 14,
  audience: 'VP Sales',
  cap: 1_000,
  nudges: ['forecast-miss'],
  before: keepFirstDay,
}

/**
 * The forecast of the quarter's first working day, kept once: whoever runs first in a quarter takes it, so that a first
 * day which is a holiday, or on which nothing ran, leaves no gap.
 */
export async function keepFirstDay(desk: ScheduleDesk): Promise<readonly ScheduleLine[]> {
  const { store, company, now, dryRun } = desk
  if (company === undefined) return []
  const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
  const numbers = { store, company, org, policy, now }
  const { quarter, quarterFrom, today } = pipelineDays(numbers)
  // What is read later is no forecast of the first day: by then half of it has come.
  if (daysBetween(quarterFrom, today) > firstDays) return []
  if ((await store.forecastSnapshots(company, quarter)).length > 0) return []
  const rows = await forecastSnapshot(numbers)
  if (rows.length === 0) return []
  if (!dryRun)
    await store.commit({ company, audit: [], deliveries: [], save: [{ noun: 'forecast-snapshot', rows }] })
  return [{ company, subject: quarter, what: 'forecast of the first day kept', to: [] }]
}
