/** Whose eyes: the language of the page and the zone of the person shown. */
export interface Eyes {
  readonly language: 'ko' | 'en'
  readonly timeZone: string
}

const tag = (language: Eyes['language']): string => (language === 'ko' ? 'ko-KR' : 'en-US')
const formats = new Map<string, Intl.DateTimeFormat>()

// Building a formatter costs more than using it, and a list of messages asks for the same one hundreds of times.
function format(eyes: Eyes, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${eyes.language} ${eyes.timeZone} ${JSON.stringify(options)}`
  let made = formats.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(tag(eyes.language), { timeZone: eyes.timeZone, ...options })
    formats.set(key, made)
  }
  return made
}

/** `2026-11-21` of an instant (epoch ms) in a zone. */
export const dayOf = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

/** `오후 3:04` or `3:04 PM`. */
export const clockTime = (at: number, eyes: Eyes): string =>
  format(eyes, { hour: 'numeric', minute: '2-digit' }).format(at)

/** `2026년 11월 21일 토요일 오후 3:04`, for titles and the clock. */
export const fullTime = (at: number, eyes: Eyes): string =>
  format(eyes, { dateStyle: 'full', timeStyle: 'short' }).format(at)

/** `11월 21일 (토) 15:04`: what the clock shows. */
export const shortTime = (at: number, eyes: Eyes): string =>
  format(eyes, {
    month: 'short',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: '2-digit',
  }).format(at)

const dayNumber = (at: number, timeZone: string): number => Date.parse(dayOf(at, timeZone)) / 86_400_000

const near: Record<Eyes['language'], Record<string, string>> = {
  ko: { '0': '오늘', '-1': '어제', '1': '내일' },
  en: { '0': 'Today', '-1': 'Yesterday', '1': 'Tomorrow' },
}

const nearDay = (at: number, now: number, eyes: Eyes): string | undefined =>
  near[eyes.language][String(dayNumber(at, eyes.timeZone) - dayNumber(now, eyes.timeZone))]

/** The words on a day divider: today, yesterday, or the date. */
export const dayName = (at: number, now: number, eyes: Eyes): string =>
  nearDay(at, now, eyes) ?? format(eyes, { weekday: 'long', month: 'long', day: 'numeric' }).format(at)

const agoUnits = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** `3시간 전`, `in 2 days`: by the business clock, not by the machine's. */
export function ago(at: number, now: number, eyes: Eyes): string {
  const seconds = Math.round((at - now) / 1000)
  // The formatter would say "this minute".
  if (Math.abs(seconds) < 60) return eyes.language === 'ko' ? '방금' : 'just now'
  const relative = new Intl.RelativeTimeFormat(tag(eyes.language), { numeric: 'auto' })
  const [unit, size] = agoUnits.find(([, s]) => Math.abs(seconds) >= s) ?? (['minute', 60] as const)
  return relative.format(Math.trunc(seconds / size), unit)
}

/** Fills Slack's date tokens (`{date_short_pretty} {time}`) for one reader; `at` and `now` in epoch ms. */
export function fillDate(template: string, at: number, now: number, eyes: Eyes): string {
  const plain = (options: Intl.DateTimeFormatOptions): string => format(eyes, options).format(at)
  const pretty = (options: Intl.DateTimeFormatOptions): string => {
    const day = nearDay(at, now, eyes)
    if (!day) return plain(options)
    // In Slack only a leading token is capitalised.
    return template.startsWith('{') ? day : day.toLowerCase()
  }
  const long = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' } as const
  const medium = { year: 'numeric', month: 'long', day: 'numeric' } as const
  const short = { year: 'numeric', month: 'short', day: 'numeric' } as const
  const tokens: Record<string, () => string> = {
    date_num: () => dayOf(at, eyes.timeZone),
    date_slash: () => plain({ year: 'numeric', month: '2-digit', day: '2-digit' }),
    date: () => plain(medium),
    date_short: () => plain(short),
    date_long: () => plain(long),
    date_long_full: () => plain(long),
    date_pretty: () => pretty(medium),
    date_short_pretty: () => pretty(short),
    date_long_pretty: () => pretty(long),
    day_divider_pretty: () => pretty({ weekday: 'long', month: 'long', day: 'numeric' }),
    time: () => clockTime(at, eyes),
    time_secs: () => plain({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => ago(at, now, eyes),
  }
  return template.replace(/\{([a-z_]+)\}/g, (token, name: string) => tokens[name]?.() ?? token)
}

/** `2026-11-21T15:04` of an instant (epoch ms) in a zone: what a date-time field holds. */
export function localOf(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '00'
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

/** The instant (epoch ms) of `2026-11-21T15:04` in a zone; the second look settles a change of summer time in between. */
export function instantOf(local: string, timeZone: string): number {
  const asUtc = Date.parse(`${local}:00Z`)
  const offsetAt = (at: number): number =>
    Date.parse(`${localOf(at, timeZone)}:00Z`) - Math.floor(at / 60_000) * 60_000
  const first = asUtc - offsetAt(asUtc)
  return asUtc - offsetAt(first)
}
