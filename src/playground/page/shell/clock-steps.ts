const day = 86_400_000
const hour = 3_600_000

/** The buttons of the clock. */
export const clockSteps = ['hour', 'workday', 'threeDays', 'twoWeeks'] as const
export type ClockStep = (typeof clockSteps)[number]

const weekday = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }).format(at)

/** How far (ms) a button moves business time; a working day skips Saturday and Sunday, not a company's holidays. */
export function stepLength(step: ClockStep, now: number, timeZone: string): number {
  switch (step) {
    case 'hour':
      return hour
    case 'threeDays':
      return 3 * day
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
