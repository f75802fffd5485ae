import type { MetricPart, MetricReading } from '../blocks/kpi.ts'
import { addDays, type Instant, isWorkingDay, localDate, type PlainDate } from '../src/canon/calendar.ts'
import {
  added,
  type Dimension,
  type Figure,
  type Group,
  isLack,
  type Lack,
  type MetricId,
  type MetricSource,
  type MetricWorld,
  noSums,
  type Slice,
  type Sums,
  saysTeam,
} from '../src/canon/metric.ts'
import { metrics, metricValue, targetOf } from '../src/canon/metrics.ts'
import { exchanged, type Money, rateBetween } from '../src/canon/money.ts'
import type { Org } from '../src/canon/people.ts'
import { type Period, periodOf, piecesOf, shifted, upTo, yearBefore } from '../src/canon/period.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { News } from '../src/ports/number.ts'
import type { Store } from '../src/ports.ts'

/** What a metric is read from: a part of a handler's desk, a schedule's, or the CLI's. */
export interface MetricDesk {
  readonly now: Instant
  readonly company: string
  readonly org: Org
  readonly policy: Policy
  readonly store: Pick<Store, 'metricSums' | 'metricSource' | 'fxRates'>
}

export interface MetricAsk {
  readonly period: Period
  readonly by?: Dimension
  /** Whose rows: person ids, or everybody's. */
  readonly owners: readonly string[] | 'all'
  /** How many periods the trend has, this one included; 2 when left out. */
  readonly trend?: number
}

/** The day it is in the company. */
const todayOf = (desk: MetricDesk): PlainDate => localDate(desk.now, desk.org.company.working.timeZone)

/** The period that a metric is shown for where none is asked for. */
export function defaultPeriod(id: MetricId, desk: MetricDesk): Period {
  const { fiscalYearStart } = desk.org.company
  const today = todayOf(desk)
  const { period } = metrics[id]
  if (period === 'last-quarter') return shifted(periodOf('quarter', today, fiscalYearStart), -1)
  // Months of revenue are whole: the one that is under way has no end yet.
  if (period === 'twelve-months') return shifted(periodOf(period, today, fiscalYearStart), -1)
  return periodOf(period, today, fiscalYearStart)
}

/** Revenue is read window by window, so that windows may overlap; everything else is counted into one period each. */
const overlaps = (id: MetricId): boolean => metrics[id].sources.includes('revenue')

function trendOf(id: MetricId, period: Period, n: number): Period[] {
  if (period.kind !== 'twelve-months' || overlaps(id)) return upTo(period, n)
  return Array.from({ length: Math.min(n, 3) }, (_, at) => shifted(period, -12 * (Math.min(n, 3) - 1 - at)))
}

/** One reading of a source serves every metric that is made of it. */
export type SumCache = Map<string, Promise<Group[]>>

function sumsOf(desk: MetricDesk, source: MetricSource, slice: Slice, cache: SumCache): Promise<Group[]> {
  const { periods, by, owners } = slice
  const key = JSON.stringify([desk.company, source, periods, by, owners])
  let known = cache.get(key)
  if (!known) {
    known = desk.store.metricSums(desk.company, source, slice)
    cache.set(key, known)
  }
  return known
}

/** Everybody of a role whose rows are meant: active people, and whoever the rows name besides. */
function peopleOf(id: MetricId, desk: MetricDesk, owners: MetricAsk['owners']): string[] {
  const { role } = metrics[id]
  if (role === undefined) return []
  return [...desk.org.people.values()]
    .filter((person) => person.active && person.roles.includes(role))
    .filter((person) => owners === 'all' || owners.includes(person.id))
    .map((person) => person.id)
}

/** Quarterly targets of the teams that lie wholly within these owners. */
function targetsOf(desk: MetricDesk, owners: MetricAsk['owners'], team?: string): Money[] {
  const members = (id: string) =>
    [...desk.org.people.values()].filter((person) => person.active && person.team === id)
  return [...desk.org.teams.values()]
    .filter((each) => team === undefined || each.id === team)
    .filter(
      (each) =>
        owners === 'all' ||
        (members(each.id).length > 0 && members(each.id).every((person) => owners.includes(person.id))),
    )
    .flatMap(({ quarterlyTarget, currency }) =>
      quarterlyTarget ? [{ amount: quarterlyTarget, currency: currency ?? desk.org.company.currency }] : [],
    )
}

/** What of a period has passed, for what is counted per day. */
function passed(period: Period, desk: MetricDesk): { days: number; working: number } {
  const today = todayOf(desk)
  const last = period.to < today ? period.to : today
  let days = 0
  let working = 0
  for (let day = period.from; day <= last; day = addDays(day, 1)) {
    days += 1
    if (isWorkingDay(day, desk.org.company.working)) working += 1
  }
  return { days, working }
}

type Convert = MetricWorld['convert']

async function converter(desk: MetricDesk, until: PlainDate): Promise<Convert> {
  const rates = await desk.store.fxRates(desk.company, until)
  return (money, to) => {
    const found = rateBetween(rates, money.currency, to)
    return found && { money: exchanged(money, to, found.rate), on: found.on }
  }
}

/** Why there is no number: because nothing was ever imported, or because nothing happened. */
async function lackOf(id: MetricId, desk: MetricDesk, lack: Lack): Promise<Lack> {
  if (lack.code !== 'nothing') return lack
  const { file, sources } = metrics[id]
  for (const source of sources) {
    const { any } = await desk.store.metricSource(desk.company, source)
    if (!any && file !== undefined) return { code: 'file', file: source === 'revenue' ? 'revenue.csv' : file }
    if (any && source === 'revenue') return { code: 'file-period', file: 'revenue.csv' }
  }
  return lack
}

/**
 * Reads a metric: its value over a period, against its target, over the periods before, and by a dimension. The same
 * function serves `/kpi`, digests and exports, so that numbers agree with each other.
 */
export async function readMetric(
  desk: MetricDesk,
  id: MetricId,
  ask: MetricAsk,
  cache: SumCache = new Map(),
): Promise<MetricReading> {
  const metric = metrics[id]
  const { company, working } = { company: desk.org.company, working: desk.org.company.working }
  const today = todayOf(desk)
  const { period } = ask
  const people = peopleOf(id, desk, ask.owners)
  const none = (result: Lack): MetricReading => ({
    id,
    period,
    result,
    trend: [{ period, result }],
    parts: [],
  })
  if (metric.sources.length === 0) {
    const result = metric.formula(
      noSums,
      world(period, undefined, () => undefined),
    )
    return none(isLack(result) ? result : { code: 'nothing' })
  }
  if (metric.wholeCompany && ask.owners !== 'all') return none({ code: 'whole-company' })
  if (metric.grain && !piecesOf(metric.grain, period, company.fiscalYearStart))
    return none({ code: 'grain', grain: metric.grain })
  if (metric.nowOnly && (period.to < today || period.from > today)) return none({ code: 'past' })
  const owners = metric.roleOnly ? people : ask.owners
  if (metric.roleOnly && people.length === 0) return none({ code: 'nothing' })
  const periods = metric.nowOnly ? [period] : trendOf(id, period, ask.trend ?? 2)
  const slice: Slice = {
    periods,
    owners,
    now: desk.now,
    today,
    working,
    stalledAfterDays: desk.policy.nudges.stalledAfterDays,
  }
  const { by } = ask
  const [convert, ...read] = await Promise.all([
    converter(desk, period.to),
    ...metric.sources.map((source) => sumsOf(desk, source, slice, cache)),
  ])

  function world(of: Period, team: string | undefined, conversion: Convert): MetricWorld {
    const { days, working: workingDays } = passed(of, desk)
    const heads =
      team === undefined ? people : people.filter((each) => desk.org.people.get(each)?.team === team)
    return {
      period: of,
      daysSoFar: days,
      workingDaysSoFar: workingDays,
      currency: company.currency,
      convert: conversion,
      targets: targetsOf(desk, ask.owners, team),
      people: heads,
      policy: desk.policy,
    }
  }

  const all = read.flat()
  const at = (index: number): Sums =>
    added(all.filter((group) => group.period === index).map((group) => group.sums))
  const trend = periods.map((of, index) => ({
    period: of,
    result: metricValue(id, at(index), world(of, undefined, convert)),
  }))
  const last = periods.length - 1
  const whole = at(last)
  const result = trend[last]!.result
  const target = targetOf(id, desk.policy, period, whole)
  const before =
    (ask.trend ?? 2) > 2 && !metric.nowOnly
      ? await yearAgo(desk, id, ask, trend, slice, cache, world, convert)
      : undefined
  const parts =
    by === undefined || !metric.by.includes(by)
      ? []
      : await partsOf(desk, id, { ...slice, periods: [period] }, by, cache, (key) => {
          const own = world(period, by === 'team' && key !== null ? key : undefined, convert)
          // Of a person's row the head is that person; other groups have everybody's.
          return by === 'rep' && key !== null ? { ...own, people: [key] } : own
        })
  const states = await Promise.all(
    metric.sources.map((source) => desk.store.metricSource(desk.company, source)),
  )
  const newest = states
    .flatMap(({ newest: at }) => (at === undefined ? [] : [at]))
    .sort((a, b) => instantOfNews(b) - instantOfNews(a))[0]
  return {
    id,
    period,
    result: isLack(result) ? await lackOf(id, desk, result) : result,
    trend,
    parts,
    ...(target === undefined ? {} : { target }),
    ...(before === undefined ? {} : { yearBefore: before }),
    ...(newest === undefined ? {} : { newest }),
  }
}

async function yearAgo(
  desk: MetricDesk,
  id: MetricId,
  ask: MetricAsk,
  trend: MetricReading['trend'],
  slice: Slice,
  cache: SumCache,
  world: (of: Period, team: undefined, convert: Convert) => MetricWorld,
  convert: Convert,
): Promise<Figure | Lack> {
  const then = yearBefore(ask.period)
  const known = trend.find(({ period }) => period.from === then.from && period.to === then.to)
  if (known) return known.result
  const read = await Promise.all(
    metrics[id].sources.map((source) => sumsOf(desk, source, { ...slice, periods: [then] }, cache)),
  )
  return metricValue(id, added(read.flat().map((group) => group.sums)), world(then, undefined, convert))
}

/** The groups of a dimension, those of people folded into their teams where teams are asked for. */
async function partsOf(
  desk: MetricDesk,
  id: MetricId,
  slice: Slice,
  by: Dimension,
  cache: SumCache,
  world: (key: string | null) => MetricWorld,
): Promise<MetricPart[]> {
  const groups = new Map<string | null, Sums[]>()
  await Promise.all(
    metrics[id].sources.map(async (source) => {
      const folded = by === 'team' && !saysTeam(source)
      for (const { key, sums } of await sumsOf(desk, source, { ...slice, by: folded ? 'rep' : by }, cache)) {
        const own = folded && key !== null ? (desk.org.people.get(key)?.team ?? null) : key
        groups.set(own, [...(groups.get(own) ?? []), sums])
      }
    }),
  )
  return [...groups]
    .map(([key, sums]): MetricPart => {
      const whole = added(sums)
      const target = targetOf(id, desk.policy, slice.periods[0]!, whole)
      return {
        key,
        result: metricValue(id, whole, world(key)),
        ...(target === undefined ? {} : { target }),
      }
    })
    .sort((a, b) => basis(b) - basis(a) || String(a.key).localeCompare(String(b.key), 'en'))
}

/** Groups that rest on most come first: a rate of one deal is not the best rate there is. */
const basis = ({ result }: MetricPart): number => (isLack(result) ? -1 : result.of)

/** When news is of: what lies ahead, such as a meeting that is planned, is no newer than now. */
const instantOfNews = (news: News): number => ('at' in news ? news.at : Date.parse(news.on))

/** Whether what a reading says is of a period that has not ended. */
export const isUnderWay = (reading: Pick<MetricReading, 'period'>, desk: MetricDesk): boolean =>
  reading.period.to >= todayOf(desk)

/** How many periods a trend shows, by their length. */
export const trendLength = (period: Period): number =>
  ({ day: 14, week: 8, month: 13, quarter: 5, year: 3, 'twelve-months': 4 })[period.kind]
