import { addLocalDays, type Instant, type WorkingTime } from './calendar.ts'
import { isLive, type Lead, leadChannel } from './lead.ts'
import type { Because } from './nudge.ts'
import { managerOf, salesOps } from './nudge-people.ts'
import type { Org, Person } from './people.ts'
import type { NudgePolicy } from './policy-nudge.ts'
import { workingMinutes } from './working-minutes.ts'

/** Leads that nobody touched for longer than this are no matter of minutes any more: their owner's hygiene list has them. */
const leadsWatchedDays = 30

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

/** Whether the manager is told too: when the lead has waited as long again as its SDR was given. */
export const managerHears = (
  minutes: number,
  { leadResponseMinutes }: Pick<NudgePolicy, 'leadResponseMinutes'>,
): boolean => minutes >= 2 * leadResponseMinutes

/** A lead of today is told at once; one that waited over a day's work comes with everything else. */
export const isFresh = (minutes: number): boolean => minutes <= 9 * 60

/** Who is told of a lead that nobody owns: those who lead the SDRs, else Sales Ops; the same people every time. */
export function leadKeepers(org: Org): Person[] {
  const leads = [...org.people.values()]
    .filter(({ active, roles }) => active && roles.includes('sdr'))
    .flatMap(({ id }) => managerOf(id, org) ?? [])
  const keepers = [...new Set(leads)].sort((a, b) => (a.id < b.id ? -1 : 1))
  return keepers.length > 0 ? keepers : salesOps(org)
}
