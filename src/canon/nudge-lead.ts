import {
  addDays,
  addLocalDays,
  type Instant,
  instantAt,
  localDate,
  nextWorkingMoment,
  type WorkingTime,
} from './calendar.ts'
import { isLive, type Lead, leadChannel } from './lead.ts'
import type { Because } from './nudge.ts'
import { managerOf, salesOps } from './nudge-people.ts'
import type { Org, Person } from './people.ts'
import type { NudgePolicy } from './policy-nudge.ts'
import { workingMinutes } from './working-minutes.ts'

/** Leads that nobody touched for longer than this are no matter of minutes any more: their owner's hygiene list has them. */
export const leadsWatchedDays = 30

/** The oldest arrival that is still watched by the minute. */
export const watchedSince = (now: Instant, zone: string): Instant =>
  addLocalDays(now, -leadsWatchedDays, zone)

/** Why an inbound lead is to be touched now, where it has waited too long (Canon, Handoffs: inbound leads). */
export function leadWaits(
  lead: Lead,
  now: Instant,
  working: WorkingTime,
  { leadResponseMinutes }: Pick<NudgePolicy, 'leadResponseMinutes'>,
): Extract<Because, { kind: 'lead-response' }> | undefined {
  const { arrivedAt } = lead
  if (!isLive(lead) || lead.firstTouchAt !== undefined || arrivedAt === undefined || arrivedAt > now)
    return undefined
  if (leadChannel(lead) !== 'inbound' || arrivedAt <= watchedSince(now, working.timeZone)) return undefined
  const minutes = Math.floor(workingMinutes(arrivedAt, now, working))
  return minutes >= leadResponseMinutes ? { kind: 'lead-response', arrivedAt, minutes } : undefined
}

/** The instant so many minutes of working time later; inside working time, or at the end of a day of it. */
export function addWorkingMinutes(at: Instant, minutes: number, working: WorkingTime): Instant {
  let from = nextWorkingMoment(at, working)
  // A company that works a minute a day must not hang the bot.
  for (let left = minutes * 60_000, days = 0; days < 400; days += 1) {
    const day = localDate(from, working.timeZone)
    const ends = instantAt(day, working.end, working.timeZone)
    if (from + left <= ends) return from + left
    left -= ends - from
    from = nextWorkingMoment(instantAt(addDays(day, 1), '00:00', working.timeZone), working)
  }
  return from
}

/** When the manager is told of a lead that its SDR leaves lying: as long again after the SDR was. */
export const managerHearsAt = (
  arrivedAt: Instant,
  working: WorkingTime,
  { leadResponseMinutes }: Pick<NudgePolicy, 'leadResponseMinutes'>,
): Instant => addWorkingMinutes(arrivedAt, 2 * leadResponseMinutes, working)

/** Who is told of a lead that nobody owns: those who lead the SDRs, else Sales Ops; the same people every time. */
export function leadKeepers(org: Org): Person[] {
  const leads = [...org.people.values()]
    .filter(({ active, roles }) => active && roles.includes('sdr'))
    .flatMap(({ id }) => managerOf(id, org) ?? [])
  const keepers = [...new Set(leads)].sort((a, b) => (a.id < b.id ? -1 : 1))
  return keepers.length > 0 ? keepers : salesOps(org)
}
