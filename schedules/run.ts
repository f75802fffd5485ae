import { type Instant, localDate, type WorkingTime } from '../src/canon/calendar.ts'
import type { NudgeKind } from '../src/canon/nudge.ts'
import type { Company, Org } from '../src/canon/people.ts'
import { latestSlot, type Slot } from '../src/canon/slot.ts'
import { runNudges } from './nudge-run.ts'
import type { NudgeSchedule, Schedule, ScheduleDesk, ScheduleLine, SlotDesk, When } from './schedule.ts'

/** A schedule that keeps local time. */
export type LocalWhen = Extract<When, { at: string }>
export const isLocal = (when: When): when is LocalWhen => 'at' in when
export const isNudging = (schedule: Schedule): schedule is NudgeSchedule => 'nudges' in schedule

/** The zones in which a schedule keeps time for a company: its own, or those its teams live in. */
export function zonesOf(when: LocalWhen, org: Org): readonly string[] {
  const own = org.company.working.timeZone
  if (when.zone === 'company') return [own]
  return [...new Set([...org.teams.values()].map((team) => team.timeZone ?? own))].sort()
}

/** The company's working time as it is kept in a zone. */
export const workingIn = ({ working }: Company, zone: string) => ({ ...working, timeZone: zone })

/** A schedule's newest slot in one zone, under the name by which it is claimed. */
export interface LocalSlot {
  readonly zone: string
  readonly working: WorkingTime
  readonly slot: Slot
  readonly name: string
}

/** The newest slot of a schedule in every zone that it keeps time in for a company. */
export function latestSlots(name: string, when: LocalWhen, org: Org, now: Instant): readonly LocalSlot[] {
  const { company } = org
  return zonesOf(when, org).flatMap((zone) => {
    const working = workingIn(company, zone)
    const slot = latestSlot(when.on, when.at, working, company.fiscalYearStart, now)
    return slot ? [{ zone, working, slot, name: when.zone === 'team' ? `${name}@${zone}` : name }] : []
  })
}

/**
 * The nudging schedules that are due for a company at one moment, as one run: what must be brought up to date first,
 * then all causes together, so that a person gets one message.
 */
export async function runNudging(
  due: readonly NudgeSchedule[],
  desk: SlotDesk,
): Promise<readonly ScheduleLine[]> {
  const lines: ScheduleLine[] = []
  for (const { before } of due) if (before) lines.push(...(await before(desk)))
  const kinds = new Set<NudgeKind>(due.flatMap(({ nudges }) => nudges))
  lines.push(...(await runNudges(desk, [...kinds])))
  return lines
}

/** One schedule, once, for one company: in every zone it keeps time in, as if this were its time. */
export async function runForCompany(
  schedule: Schedule,
  desk: ScheduleDesk,
  company: string,
): Promise<readonly ScheduleLine[]> {
  const org = await desk.store.org(company)
  const today = localDate(desk.now, org.company.working.timeZone)
  if (isNudging(schedule)) return runNudging([schedule], { ...desk, company, slot: today })
  const { when } = schedule
  if (!isLocal(when)) return schedule.run({ ...desk, company })
  const lines: ScheduleLine[] = []
  const slots = latestSlots(schedule.name, when, org, desk.now)
  for (const zone of zonesOf(when, org)) {
    // The last day named; today where a company has had no working day for long.
    const slot = slots.find((each) => each.zone === zone)?.slot.day ?? localDate(desk.now, zone)
    lines.push(...(await schedule.run({ ...desk, company, zone, slot })))
  }
  return lines
}
