import {
  addDays,
  type Instant,
  instantAt,
  isWorkingDay,
  isWorkingMoment,
  localDate,
  type PlainDate,
  type WorkingTime,
  weekday,
} from './calendar.ts'

/** On which days a schedule that keeps local time runs; a day off moves it to the next working day. */
export type SlotDays = 'working-days' | 'mondays' | 'month-starts' | 'quarter-starts'

/** A local day of a schedule: `day` names it for ever, `at` is when it is due. */
export interface Slot {
  readonly day: PlainDate
  readonly at: Instant
}

/** Days to look back at most: a quarter and the longest row of days off. */
const farthestBack: Readonly<Record<SlotDays, number>> = {
  'working-days': 40,
  mondays: 47,
  'month-starts': 71,
  'quarter-starts': 132,
}

/** Whether a schedule names this day, before days off are thought of. `fiscalYearStart`: first month, 1–12. */
function isNamed(day: PlainDate, on: SlotDays, working: WorkingTime, fiscalYearStart: number): boolean {
  const [, month, date] = day.split('-').map(Number) as [number, number, number]
  switch (on) {
    case 'working-days':
      return isWorkingDay(day, working)
    case 'mondays':
      return weekday(day) === 1
    case 'month-starts':
      return date === 1
    case 'quarter-starts':
      return date === 1 && (month - fiscalYearStart + 12) % 3 === 0
  }
}

/** The day itself when the company works, else the next day it does; at most a year on. */
export function workingDayFrom(day: PlainDate, working: WorkingTime): PlainDate {
  let next = day
  for (let n = 0; n < 366 && !isWorkingDay(next, working); n += 1) next = addDays(next, 1)
  return next
}

/**
 * The newest slot whose time has come by `now`: its named day, and the local time on it, or on the next working day
 * where that is off. Safe where clocks change: a time that does not exist or exists twice is one instant (B5.81).
 */
export function latestSlot(
  on: SlotDays,
  time: string,
  working: WorkingTime,
  fiscalYearStart: number,
  now: Instant,
): Slot | undefined {
  const zone = working.timeZone
  let day = localDate(now, zone)
  for (let n = 0; n <= farthestBack[on]; n += 1, day = addDays(day, -1)) {
    if (!isNamed(day, on, working, fiscalYearStart)) continue
    const at = instantAt(workingDayFrom(day, working), time, zone)
    if (at <= now) return { day, at }
  }
  return undefined
}

/** The next slot after an instant, for the list of schedules and for walking the clock. */
export function nextSlot(
  on: SlotDays,
  time: string,
  working: WorkingTime,
  fiscalYearStart: number,
  after: Instant,
): Slot | undefined {
  const zone = working.timeZone
  let day = addDays(localDate(after, zone), -farthestBack['working-days'])
  for (let n = 0; n <= 40 + farthestBack[on]; n += 1, day = addDays(day, 1)) {
    if (!isNamed(day, on, working, fiscalYearStart)) continue
    const at = instantAt(workingDayFrom(day, working), time, zone)
    if (at > after) return { day, at }
  }
  return undefined
}

/** Within this time of its own a slot is punctual, whatever the company's hours are. */
const punctualMs = 3_600_000

/**
 * Whether a slot is to be worked off now: not after its grace, and where it comes late, after downtime, only in working
 * time: what was missed at night waits for the morning (B5.80).
 */
export const isDue = (slot: Slot, graceHours: number, working: WorkingTime, now: Instant): boolean =>
  now >= slot.at &&
  now < slot.at + graceHours * 3_600_000 &&
  (now < slot.at + punctualMs || isWorkingMoment(now, working))
