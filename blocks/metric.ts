import type { Instant } from '../src/canon/calendar.ts'
import {
  type Dimension,
  type Figure,
  type Goal,
  isLack,
  type Lack,
  type MetricId,
  type MetricUnit,
} from '../src/canon/metric.ts'
import { isOnTarget, magnitude, metrics } from '../src/canon/metrics.ts'
import { type Period, periodName } from '../src/canon/period.ts'
import type { Text } from './card.ts'
import { plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

const tenths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const hundredths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const monthNames = new Intl.DateTimeFormat('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** A number in the unit of a metric: 63.2% · 41.5 days · 3.4× · 0.28. */
function inUnit(value: number, unit: Exclude<MetricUnit, 'money'>, w: Words): string {
  const one = tenths.format(value)
  switch (unit) {
    case 'percent':
      return `${one}%`
    case 'days':
      return w.t('metric.days', { count: Math.round(value * 10) / 10 })
    case 'minutes':
      return w.t('metric.minutes', { value: one })
    case 'ratio':
      return `${value < 10 ? hundredths.format(value) : one}×`
    case 'score':
      return w.t('metric.score', { value: one })
    case 'gini':
      return hundredths.format(value)
    case 'count':
      return one
  }
}

/** A figure in words: of money every currency, and their total where rates join them. */
export function figureWords(figure: Figure, id: MetricId, w: Words): string {
  if (figure.unit !== 'money') return inUnit(figure.value, figure.unit, w)
  const each = figure.amounts.map((money) =>
    id === 'velocity' ? w.t('metric.per-day', { value: w.money(money, 'short') }) : w.money(money, 'short'),
  )
  const { total } = figure
  return [
    ...each,
    ...(total ? [w.t('metric.total', { value: w.money(total.money, 'short'), day: w.day(total.on) })] : []),
  ].join(' · ')
}

/** The same for a cell of a table: of money in several currencies their total alone, where there is one. */
export const figureCell = (figure: Figure, id: MetricId, w: Words): string =>
  figure.unit === 'money' && figure.total
    ? `≈ ${figureWords({ unit: 'money', amounts: [figure.total.money], of: figure.of }, id, w)}`
    : figureWords(figure, id, w)

/** A period as people call it: 2026년 3분기 · Q3 2026. Quarters and years are fiscal ones. */
export function periodWords(period: Period, fiscalYearStart: number, w: Words, now?: Instant): string {
  const name = periodName(period, fiscalYearStart)
  const month = (date: string) =>
    w.locale === 'ko'
      ? `${date.slice(0, 4)}년 ${Number(date.slice(5, 7))}월`
      : monthNames.format(new Date(`${date}T00:00:00Z`))
  switch (period.kind) {
    case 'day':
      return w.day(period.from, now)
    case 'week':
      return w.t('period.week', { day: w.day(period.from, now) })
    case 'month':
      return month(period.from)
    case 'quarter':
      return w.locale === 'ko'
        ? `${name.slice(0, 4)}년 ${name.slice(-1)}분기`
        : `${name.slice(-2)} ${name.slice(0, 4)}`
    case 'year':
      return w.locale === 'ko' ? `${name}년` : name
    case 'twelve-months':
      return w.t('period.twelve-months', { month: month(period.to) })
  }
}

/** Why there is no number, and which file would bring it. */
export function lackWords(lack: Lack, period: string, w: Words): string {
  switch (lack.code) {
    case 'file':
      return w.t('metric.lack.file', { file: lack.file })
    case 'file-period':
      return w.t('metric.lack.file-period', { file: lack.file, period })
    case 'nothing':
    case 'past':
    case 'unfinished':
    case 'snapshot':
      return w.t(`metric.lack.${lack.code}`, { period })
    case 'rates':
      return w.t('metric.lack.rates', { currencies: lack.currencies.join(', ') })
    case 'grain':
      return w.t(`metric.lack.grain.${lack.grain}`)
    case 'not-kept':
      return w.t(`metric.lack.${lack.what}`)
    case 'target':
    case 'whole-company':
      return w.t(`metric.lack.${lack.code}`)
  }
}

/** ▲ 2.1 pts · ▼ 3 days · ▲ 12%: how a figure moved; nothing where one of the two is no single number. */
export function changeWords(
  now: Figure | Lack,
  before: Figure | Lack | undefined,
  w: Words,
): string | undefined {
  if (before === undefined || isLack(now) || isLack(before)) return undefined
  const value = magnitude(now)
  const earlier = magnitude(before)
  if (value === undefined || earlier === undefined) return undefined
  const moved = value - earlier
  const size = Math.abs(moved)
  const arrow = moved > 0 ? '▲' : '▼'
  if (now.unit === 'money') {
    if (earlier === 0) return undefined
    const share = tenths.format((size * 100) / Math.abs(earlier))
    return share === '0' ? w.t('metric.unchanged') : `${arrow} ${share}%`
  }
  const text =
    now.unit === 'percent'
      ? w.t('metric.points', { value: tenths.format(size) })
      : now.unit === 'score'
        ? tenths.format(size)
        : inUnit(size, now.unit, w)
  const nothing = now.unit === 'gini' || now.unit === 'ratio' ? size < 0.005 : size < 0.05
  return nothing ? w.t('metric.unchanged') : `${arrow} ${text}`
}

/** 3–5× · at least 50% · at most 15%. */
export function targetWords(target: Goal, unit: MetricUnit, w: Words): string | undefined {
  if (unit === 'money') return undefined
  const { from, to } = target
  if (from !== undefined && to !== undefined) return `${hundredths.format(from)}–${inUnit(to, unit, w)}`
  if (from !== undefined) return w.t('metric.target.from', { value: inUnit(from, unit, w) })
  return to === undefined ? undefined : w.t('metric.target.to', { value: inUnit(to, unit, w) })
}

/** “target at least 50% · off target”. */
export function standingWords(
  id: MetricId,
  result: Figure | Lack,
  target: Goal | undefined,
  w: Words,
): string | undefined {
  const words = target && targetWords(target, metrics[id].unit, w)
  if (!words) return undefined
  const met = isLack(result) ? undefined : isOnTarget(result, target)
  const said = w.t('metric.target', { value: words })
  return met === undefined ? said : `${said} · ${w.t(met ? 'metric.target.met' : 'metric.target.missed')}`
}

/** What a group is called: a tier, a channel, a person, a team, or that nothing was said. */
export function groupName(
  by: Dimension,
  key: string | null,
  nameOf: (by: 'rep' | 'team', id: string) => string | undefined,
  w: Words,
): Text {
  if (key === null || key === '') return [w.t('dimension.none')]
  if (by === 'rep' || by === 'team') return [theirs(nameOf(by, key) ?? w.t('person.unknown'), 40)]
  if (
    by === 'channel' &&
    (key === 'outbound' || key === 'inbound' || key === 'cs_driven' || key === 'partner')
  )
    return [w.t(`channel.${key}`)]
  return by === 'tier' ? [key] : [theirs(key, 40)]
}

export const groupLabel = (...of: Parameters<typeof groupName>): string => plain(groupName(...of))
