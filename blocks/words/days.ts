import type { Instant, PlainDate } from '../../src/canon/calendar.ts'
import type { Locale } from '../../src/canon/people.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const weekdays = {
  ko: ['일', '월', '화', '수', '목', '금', '토'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}

/** 11월 21일 (토) · Sat, Nov 21; with its year where that is not the year of `now`. */
export function dayWords(date: PlainDate, locale: Locale, now?: Instant): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const at = new Date(Date.UTC(year, month - 1, day))
  if (Number.isNaN(at.getTime())) return date
  const weekday = weekdays[locale][at.getUTCDay()]!
  const sameYear = now === undefined || new Date(now).getUTCFullYear() === year
  if (locale === 'ko') return `${sameYear ? '' : `${year}년 `}${month}월 ${day}일 (${weekday})`
  return `${weekday}, ${months[month - 1]} ${day}${sameYear ? '' : `, ${year}`}`
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** A DateTimeFormat takes about 50 µs to make: one per zone. An unknown zone (old data) is shown in UTC rather than failing a card. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone)
  if (!clock) {
    const options = {
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    } as const
    try {
      clock = new Intl.DateTimeFormat('en-US', { ...options, timeZone })
    } catch {
      clock = new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' })
    }
    clocks.set(timeZone, clock)
  }
  return clock
}

/** 11월 21일 14:05 · Nov 21, 14:05, in the zone; with its year where that is not the year of `now`. */
export function momentWords(at: Instant, timeZone: string, locale: Locale, now?: Instant): string {
  const parts = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  )
  const time = `${parts.hour}:${parts.minute}`
  const year = Number(parts.year)
  const sameYear = now === undefined || new Date(now).getUTCFullYear() === year
  if (locale === 'ko') return `${sameYear ? '' : `${year}년 `}${parts.month}월 ${parts.day}일 ${time}`
  return `${months[Number(parts.month) - 1]} ${parts.day}${sameYear ? '' : `, ${year}`}, ${time}`
}
