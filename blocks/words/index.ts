import { createInstance } from 'i18next'
import type { Instant, PlainDate } from '../../src/canon/calendar.ts'
import type { BasisPoints, Money } from '../../src/canon/money.ts'
import type { Locale } from '../../src/canon/people.ts'
import type { Span, Text } from '../card.ts'
import { plain } from '../text.ts'
import { dayWords, momentWords } from './days.ts'
import { en } from './en/index.ts'
import { ko } from './ko/index.ts'
import { fullMoney, shortMoney } from './money.ts'
import { particle, particles } from './particles.ts'

type English = typeof en
/** Every sentence the product knows; a plural's `_one` and `_other` are one key. */
export type WordKey = Singular<keyof English>
type Singular<K extends string> = K extends `${infer Stem}_${'one' | 'other'}` ? Stem : K
type Templates<K extends string> = English[Extract<keyof English, K | `${K}_one` | `${K}_other`>]

type NamesIn<S extends string> = S extends `${string}{{${infer Inside}}}${infer Rest}`
  ? (Inside extends `${infer Name},${string}` ? Name : Inside) | NamesIn<Rest>
  : never
/** What may be filled into a sentence. Somebody's own words go in as `{ user }`, so that they stay marked as theirs. */
type Value = Span | number
/** The values a sentence needs: none, or all that its English has. */
type ValuesOf<K extends WordKey> = [NamesIn<Templates<K>>] extends [never]
  ? []
  : [values: { readonly [name in NamesIn<Templates<K>>]: name extends 'count' ? number : Value }]

/** Everything the product says, in one person's language. */
export interface Words {
  readonly locale: Locale
  /** A sentence by its key, with values filled in and Korean particles agreeing with them. */
  t<K extends WordKey>(key: K, ...values: ValuesOf<K>): string
  /** The same as spans, for cards: what somebody typed stays `{ user }`. */
  say<K extends WordKey>(key: K, ...values: ValuesOf<K>): Text
  /** `full`: ₩125,000,000 · $12,500.00; `short`: ₩1억 2,500만 · $12.5K. */
  money(money: Money, style?: 'full' | 'short'): string
  /** 1550 → 15.5%. */
  percent(share: BasisPoints): string
  /** 2026-11-21 → 11월 21일 (토) · Sat, Nov 21; with its year when `now` is in another. */
  day(date: PlainDate, now?: Instant): string
  /** A moment in the given zone: 11월 21일 14:05 · Nov 21, 14:05; with its year when `now` is in another. */
  moment(at: Instant, timeZone: string, now?: Instant): string
  /** How long: 25분 · 3시간 · 2일; 25 min · 3 h · 2 days. */
  duration(milliseconds: number): string
  /** 3시간째 대기 · waiting 3 h. */
  waiting(since: Instant, now: Instant): string
  /** Several values in a row: “A, B, C”. */
  list(texts: readonly Text[]): Text
}

/** i18next never sees a value, only its place: nothing somebody typed can be a `$t(…)` or a `{{…}}` of its own. */
class Place {
  readonly at: number
  readonly text: string
  constructor(at: number, value: Value) {
    this.at = at
    this.text = typeof value === 'number' ? String(value) : plain([value])
  }
  toString(): string {
    return `\u0001${this.at}\u0002`
  }
}
const placeMarks = /\u0001(\d+)\u0002/

const dictionary = createInstance()
dictionary.init({
  lng: 'en',
  fallbackLng: false,
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  resources: { en: { translation: en }, ko: { translation: ko } },
  interpolation: { escapeValue: false, skipOnVariables: false },
})
for (const pair of particles)
  dictionary.services.formatter?.add(pair, (place: Place) => `${place}${particle(place.text, pair)}`)

const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

function words(locale: Locale): Words {
  const translate = dictionary.getFixedT(locale) as unknown as (
    key: string,
    options: Record<string, unknown>,
  ) => string
  const plurals = new Intl.PluralRules(locale)
  const templates = new Map<string, string>()

  /** Looked up once: a card says some fifty sentences, and people wait for it before the acknowledgement. */
  const templateOf = (key: string, count: number | undefined): string => {
    const at = count === undefined ? key : `${key}\u0000${plurals.select(count)}`
    let template = templates.get(at)
    if (template === undefined) {
      template = translate(key, { skipInterpolation: true, ...(count === undefined ? {} : { count }) })
      templates.set(at, template)
    }
    return template
  }

  const say = (key: string, values: Readonly<Record<string, Value>> = {}): Text => {
    const names = Object.keys(values)
    const template = templateOf(key, typeof values.count === 'number' ? values.count : undefined)
    if (names.length === 0) return template === '' ? [] : [template]
    const places: Record<string, Place> = {}
    for (const [at, name] of names.entries()) places[name] = new Place(at, values[name]!)
    const filled = dictionary.services.interpolator.interpolate(template, places, locale, {})
    const text: Span[] = []
    const add = (span: Span): void => {
      const last = text.at(-1)
      if (typeof span === 'string' && typeof last === 'string') text[text.length - 1] = last + span
      else if (span !== '') text.push(span)
    }
    for (const [at, part] of filled.split(placeMarks).entries()) {
      if (at % 2 === 0) add(part)
      else {
        const value = values[names[Number(part)]!]!
        add(typeof value === 'number' ? numbers.format(value) : value)
      }
    }
    return text
  }
  const t = (key: string, values?: Readonly<Record<string, Value>>): string => plain(say(key, values))

  const duration = (milliseconds: number): string => {
    const minutes = Math.max(0, Math.floor(milliseconds / 60_000))
    if (minutes < 1) return t('time.moment')
    if (minutes < 60) return t('time.minutes', { count: minutes })
    const hours = Math.floor(minutes / 60)
    return hours < 48 ? t('time.hours', { count: hours }) : t('time.days', { count: Math.floor(hours / 24) })
  }

  return {
    locale,
    t: t as Words['t'],
    say: say as Words['say'],
    money: (money, style = 'full') => (style === 'full' ? fullMoney(money) : shortMoney(money, locale)),
    percent: (share) => `${numbers.format(share / 100)}%`,
    day: (date, now) => dayWords(date, locale, now),
    moment: (at, timeZone, now) => momentWords(at, timeZone, locale, now),
    duration,
    waiting: (since, now) =>
      now - since < 60_000 ? t('time.just-now') : t('time.waiting', { time: duration(now - since) }),
    list: (texts) => texts.flatMap((text, at) => (at === 0 ? text : [', ', ...text])),
  }
}

const spoken: Partial<Record<Locale, Words>> = {}

/** The words of a language; made once. */
export function wordsFor(locale: Locale): Words {
  spoken[locale] ??= words(locale)
  return spoken[locale]
}
