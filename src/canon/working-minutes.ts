import { addDays, type Instant, instantAt, isWorkingDay, localDate, type WorkingTime } from './calendar.ts'

/** Waiting longer than this is not reckoned to the minute: nobody's lead lies for a year by the minute. */
const mostDays = 400

/** Minutes of working time from one instant to another (Canon, lead response: within working hours); 0 where there are none. */
export function workingMinutes(from: Instant, to: Instant, working: WorkingTime): number {
  const { timeZone, start, end } = working
  if (to <= from) return 0
  let ms = 0
  const last = localDate(to, timeZone)
  for (let day = localDate(from, timeZone), n = 0; day <= last && n < mostDays; day = addDays(day, 1), n++) {
    if (!isWorkingDay(day, working)) continue
    const begins = Math.max(from, instantAt(day, start, timeZone))
    const ends = Math.min(to, instantAt(day, end, timeZone))
    if (ends > begins) ms += ends - begins
  }
  return ms / 60_000
}
