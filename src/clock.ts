import type { Config } from './config.ts'
import type { Clock } from './ports.ts'

/** Business time: the real clock, or what DEALDESK_NOW makes of it in tests and demos. */
export function clockOf(setting: Config['clock'], wall: () => number = Date.now): Clock {
  if (!setting) return { now: wall }
  if ('fixed' in setting) return { now: () => setting.fixed }
  return { now: () => wall() + setting.offsetMs }
}
