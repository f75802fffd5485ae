const day = 86_400_000
const hour = 3_600_000

/** The buttons of the clock. */
export const clockSteps = ['hour', 'workday', 'monday', 'twoWeeks', 'quarter'] as const
export type ClockStep = (typeof clockSteps)[number]

const weekday = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }).format(at)

/** How far (ms) nine o'clock of today is from now, by the wall; negative once it is past. */
function nineOClock(now: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
    .formatToParts(now)
    .map(({ value }) => Number(value))
    .filter((value) => !Number.isNaN(value))
  const [h = 0, m = 0, s = 0] = parts
  return (9 - h) * hour - m * 60_000 - s * 1000
}

/** How far (ms) a button moves business time; a working day skips Saturday and Sunday, not a company's holidays. */
export function stepLength(step: ClockStep, now: number, timeZone: string): number {
  switch (step) {
    case 'hour':
      return hour
    case 'monday': {
      // To the morning the week begins with, when the digests come.
      let ahead = nineOClock(now, timeZone)
      while (ahead <= 0 || weekday(now + ahead, timeZone) !== 'Mon') ahead += day
      return ahead
    }
    case 'quarter':
      return 91 * day
    case 'twoWeeks':
      return 14 * day
    case 'workday': {
      let ahead = day
      while (['Sat', 'Sun'].includes(weekday(now + ahead, timeZone))) ahead += day
      return ahead
    }
  }
}

/** A span in whole days and hours. */
export const spanOf = (ms: number): { days: number; hours: number } => {
  const whole = Math.round(ms / hour)
  return { days: Math.trunc(whole / 24), hours: whole % 24 }
}
