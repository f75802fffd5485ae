import type { Instant } from '../src/canon/calendar.ts'
import {
  type Dimension,
  type Figure,
  type Goal,
  isLack,
  type Lack,
  type MetricId,
} from '../src/canon/metric.ts'
import { metrics } from '../src/canon/metrics.ts'
import { type Period, periodName, readPeriodName } from '../src/canon/period.ts'
import type { Block, Card, Text } from './card.ts'
import { notByNotes, notByText } from './kpi-by.ts'
import { kpiChart } from './kpi-chart.ts'
import {
  changeWords,
  figureCell,
  figureWords,
  groupLabel,
  groupName,
  lackWords,
  periodWords,
  standingWords,
  targetWords,
} from './metric.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** One group of a metric: a tier, a channel, a person's or team's id; `null` where the record says nothing. */
export interface MetricPart {
  readonly key: string | null
  readonly result: Figure | Lack
  readonly target?: Goal
}

/** A metric as it was read: the number or why there is none, what it is held to, where it comes from. */
export interface MetricReading {
  readonly id: MetricId
  readonly period: Period
  readonly result: Figure | Lack
  readonly target?: Goal
  /** Oldest first; the last is the period itself. */
  readonly trend: readonly { readonly period: Period; readonly result: Figure | Lack }[]
  readonly yearBefore?: Figure | Lack
  /** By the dimension that was asked for; by size. */
  readonly parts: readonly MetricPart[]
  /** When the youngest row that it was made of changed or happened: an instant, a day or a month. */
  readonly newest?: { readonly at: Instant } | { readonly on: string }
}

interface Seen {
  readonly reach: 'all' | 'line' | 'own'
  readonly now: Instant
  readonly timeZone: string
  readonly fiscalYearStart: number
  /** Periods to choose from; the one shown is added where it is not among them. */
  readonly periods: readonly Period[]
  readonly choices: readonly MetricId[]
}

export interface KpiOverview extends Seen {
  readonly readings: readonly MetricReading[]
  readonly team?: string
  /** The drawing behind its choices. */
  readonly drawing: string
}

/** What a reading came to before the period it is of. */
const before = ({ trend }: MetricReading): Figure | Lack | undefined => trend.at(-2)?.result

/** The metrics of a role in a table: value, change, target; what has no number is named below. */
export function kpiOverview(brief: KpiOverview, w: Words): Card {
  const { readings, now, timeZone, drawing } = brief
  const known = readings.filter(({ result }) => !isLack(result))
  const missing = readings.filter(({ result }) => isLack(result))
  const newest = latest(readings)
  const name = usualPeriod(known, brief.fiscalYearStart)
  const usual = name === undefined ? undefined : readPeriodName(name, brief.fiscalYearStart)
  return {
    summary: w.t('kpi.summary', { whose: w.t(`kpi.whose.${brief.reach}`) }),
    blocks: [
      { kind: 'title', text: w.t('kpi.title') },
      {
        kind: 'note',
        text: [
          w.t(`kpi.whose.${brief.reach}.of`),
          ...(usual ? [` · ${periodWords(usual, brief.fiscalYearStart, w, now)}`] : []),
        ],
      },
      ...(known.length > 0 ? [overviewTable(known, brief, w)] : []),
      ...(missing.length > 0
        ? [
            {
              kind: 'note' as const,
              text: w.say('kpi.missing', {
                metrics: missing.map(({ id }) => w.t(`metric.${id}`)).join(', '),
              }),
            },
          ]
        : []),
      metricChoice(brief.choices, drawing, undefined, w),
      { kind: 'note', text: ageWords(newest, now, timeZone, w) },
    ],
  }
}

/** The period that most of the metrics are of. */
function usualPeriod(readings: readonly MetricReading[], fiscalYearStart: number): string | undefined {
  const times = new Map<string, number>()
  for (const { period } of readings) {
    const name = periodName(period, fiscalYearStart)
    times.set(name, (times.get(name) ?? 0) + 1)
  }
  return [...times].sort(([, a], [, b]) => b - a)[0]?.[0]
}

function overviewTable(readings: readonly MetricReading[], brief: Seen, w: Words): Block {
  const usual = usualPeriod(readings, brief.fiscalYearStart)
  return {
    kind: 'table',
    head: [w.t('kpi.head.metric'), w.t('kpi.head.value'), w.t('kpi.head.change'), w.t('kpi.head.target')],
    rows: readings.map((reading) => [
      [
        periodName(reading.period, brief.fiscalYearStart) === usual
          ? w.t(`metric.${reading.id}`)
          : `${w.t(`metric.${reading.id}`)} (${periodWords(reading.period, brief.fiscalYearStart, w, brief.now)})`,
      ],
      [isLack(reading.result) ? w.t('value.none') : figureCell(reading.result, reading.id, w)],
      [changeWords(reading.result, before(reading), w) ?? w.t('value.none')],
      [targetCell(reading, w)],
    ]),
  }
}

const targetCell = ({ id, target }: MetricReading, w: Words): string =>
  (target && targetWords(target, metrics[id].unit, w)) ?? w.t('value.none')

type News = MetricReading['newest']

/** The newest of all: revenue of last month does not make the deals of today old. */
function latest(readings: readonly MetricReading[]): News {
  const instant = (news: NonNullable<News>) => ('at' in news ? news.at : Date.parse(news.on))
  return readings.flatMap(({ newest }) => (newest ? [newest] : [])).sort((a, b) => instant(b) - instant(a))[0]
}

function ageWords(news: News, now: Instant, timeZone: string, w: Words): Text {
  const read = w.moment(now, timeZone)
  if (news === undefined) return w.say('kpi.read', { now: read })
  // What is planned lies ahead; it is no newer than now.
  if ('at' in news)
    return w.say('kpi.age', { moment: w.moment(Math.min(news.at, now), timeZone, now), now: read })
  const period = readPeriodName(news.on)
  return w.say('kpi.age', { moment: period ? periodWords(period, 1, w, now) : news.on, now: read })
}

const metricChoice = (
  choices: readonly MetricId[],
  drawing: string,
  chosen: MetricId | undefined,
  w: Words,
): Block => ({
  kind: 'choice',
  action: 'kpi.metric',
  drawing,
  label: w.t('kpi.choose.metric'),
  options: choices.map((id) => ({ value: id, label: w.t(`metric.${id}`) })),
  ...(chosen === undefined ? {} : { chosen }),
})

export interface KpiBrief extends Seen {
  readonly reading: MetricReading
  readonly by?: Dimension
  /** The dimension that was asked for and that the metric does not know. */
  readonly notBy?: Dimension
  readonly nameOf: (by: 'rep' | 'team', id: string) => string | undefined
  /** Of whom sees only their own numbers: the total of their team. */
  readonly team?: { readonly name: string; readonly result: Figure | Lack }
  /** The steps that it is made of. */
  readonly steps: readonly MetricReading[]
  /** The period has not ended. */
  readonly underWay: boolean
  readonly drawing: string
}

const rowsShown = 15

/** One metric: its value, what it means, what it is held to, how it went, and by the dimension that was asked for. */
export function kpiCard(brief: KpiBrief, w: Words): Card {
  const { reading, by, team, now, timeZone, fiscalYearStart, drawing } = brief
  const { id, result } = reading
  const name = w.t(`metric.${id}`)
  const period = periodWords(reading.period, fiscalYearStart, w, now)
  const value = isLack(result) ? w.t('metric.none') : figureWords(result, id, w)
  const labels = by === undefined ? [] : reading.parts.map(({ key }) => groupLabel(by, key, brief.nameOf, w))
  const chart = kpiChart(reading, labels, by, fiscalYearStart, w)
  return {
    summary: w.t('kpi.one', { metric: name, value, period }),
    blocks: [
      { kind: 'title', text: name },
      { kind: 'text', text: headline(brief, value, period, w) },
      ...(isLack(result) ? [{ kind: 'text' as const, text: [lackWords(result, period, w)] }] : []),
      ...(team
        ? [
            {
              kind: 'text' as const,
              text: w.say('kpi.team', {
                team: theirs(team.name, 40),
                value: isLack(team.result)
                  ? lackWords(team.result, period, w)
                  : figureWords(team.result, id, w),
              }),
            },
          ]
        : []),
      { kind: 'note', text: [`${w.t(`metric.${id}.what`)} ${w.t(`kpi.review.${metrics[id].review}`)}`] },
      ...(chart ? [{ kind: 'chart' as const, chart }] : []),
      ...historyOf(brief, w),
      ...stepsOf(brief, w),
      ...(brief.notBy ? notByText(id, brief.notBy, w) : []),
      ...partsOf(brief, w),
      ...choicesOf(brief, w),
      ...notByNotes(id, brief.notBy, w),
      {
        kind: 'buttons',
        buttons: [
          ...(isLack(result) ? [] : [{ action: 'kpi.export', label: w.t('kpi.export'), drawing }]),
          { action: 'kpi.open', label: w.t('kpi.back'), drawing },
        ],
      },
      {
        kind: 'note',
        text: [
          ...(brief.underWay ? [w.t('kpi.under-way', { period }), ' '] : []),
          ...ageWords(reading.newest, now, timeZone, w),
        ],
      },
    ],
  }
}

/** “63.2% · ▲ 2.1 pts · target at least 50% · off target”, with the period and what it rests on. */
function headline(brief: KpiBrief, value: string, period: string, w: Words): Text {
  const { reading } = brief
  const { result } = reading
  const more = [
    changeWords(result, before(reading), w),
    standingWords(reading.id, result, reading.target, w),
    isLack(result) ? undefined : w.t('metric.basis', { count: result.of }),
  ].filter((each) => each !== undefined)
  return [{ bold: value }, ` · ${[period, w.t(`kpi.whose.${brief.reach}`), ...more].join(' · ')}`]
}

/** The periods before, where there is more than one number to compare; the chart shows the same. */
function historyOf({ reading, fiscalYearStart, now }: KpiBrief, w: Words): Block[] {
  const { id, trend, yearBefore } = reading
  const earlier = trend
    .slice(0, -1)
    .reverse()
    .filter(({ result }) => !isLack(result))
    .slice(0, 3)
    .map(({ period, result }) =>
      w.t('metric.before', {
        period: periodWords(period, fiscalYearStart, w, now),
        value: isLack(result) ? w.t('value.none') : figureWords(result, id, w),
      }),
    )
  const year =
    yearBefore === undefined || isLack(yearBefore)
      ? []
      : [
          [
            w.t('kpi.change.year', { value: figureWords(yearBefore, id, w) }),
            changeWords(reading.result, yearBefore, w),
          ]
            .filter((each) => each !== undefined)
            .join(' '),
        ]
  const text = [...earlier, ...year].join(' · ')
  return text === '' ? [] : [{ kind: 'note', text: [text] }]
}

function stepsOf({ steps }: KpiBrief, w: Words): Block[] {
  if (steps.length === 0) return []
  return [
    {
      kind: 'table',
      head: [w.t('kpi.head.step'), w.t('kpi.head.value'), w.t('kpi.head.change'), w.t('kpi.head.target')],
      rows: steps.map((step) => [
        [w.t(`metric.${step.id}`)],
        [isLack(step.result) ? w.t('value.none') : figureCell(step.result, step.id, w)],
        [changeWords(step.result, before(step), w) ?? w.t('value.none')],
        [targetCell(step, w)],
      ]),
    },
  ]
}

function partsOf(brief: KpiBrief, w: Words): Block[] {
  const { reading, by } = brief
  if (by === undefined || reading.parts.length === 0) return []
  const shown = reading.parts.slice(0, rowsShown)
  const dimension = w.t(`dimension.${by}`)
  const means = metrics[reading.id].means?.[by]
  return [
    {
      kind: 'table',
      head: [w.t('kpi.by', { dimension }), w.t('kpi.head.value'), w.t('kpi.head.basis')],
      rows: shown.map(({ key, result }) => [
        groupName(by, key, brief.nameOf, w),
        [isLack(result) ? w.t('value.none') : figureCell(result, reading.id, w)],
        [isLack(result) ? w.t('value.none') : String(result.of)],
      ]),
    },
    ...(means === undefined ? [] : [{ kind: 'note' as const, text: [w.t(`dimension.means.${means}`)] }]),
    ...(reading.parts.length > shown.length
      ? [
          {
            kind: 'note' as const,
            text: w.say('kpi.more', { count: reading.parts.length - shown.length }),
          },
        ]
      : []),
  ]
}

function choicesOf(brief: KpiBrief, w: Words): Block[] {
  const { reading, by, drawing, fiscalYearStart } = brief
  const known = metrics[reading.id].by
  const nameOf = (period: Period) => periodName(period, fiscalYearStart)
  const shown = nameOf(reading.period)
  const periods = brief.periods.some((period) => nameOf(period) === shown)
    ? brief.periods
    : [reading.period, ...brief.periods]
  return [
    ...(known.length > 0
      ? [
          {
            kind: 'choice' as const,
            action: 'kpi.by',
            drawing,
            label: w.t('kpi.choose.by'),
            options: [
              { value: 'none', label: w.t('kpi.choose.by.none') },
              ...known.map((each) => ({ value: each, label: w.t(`dimension.${each}`) })),
            ],
            chosen: by ?? 'none',
          },
        ]
      : []),
    {
      kind: 'choice',
      action: 'kpi.period',
      drawing,
      label: w.t('kpi.choose.period'),
      options: periods.map((period) => ({
        value: nameOf(period),
        label: periodWords(period, fiscalYearStart, w, brief.now),
      })),
      chosen: shown,
    },
  ]
}

/** What was typed and not understood, with the metrics that may have been meant. */
export function kpiUnknown(
  brief: { readonly text: string; readonly near: readonly MetricId[]; readonly drawing: string },
  w: Words,
): Card {
  const said = w.say('kpi.unknown', { text: theirs(brief.text, 60) })
  return {
    summary: w.t('kpi.unknown', { text: theirs(brief.text, 60) }),
    blocks: [
      { kind: 'text', text: said },
      ...(brief.near.length > 0
        ? [
            { kind: 'text' as const, text: w.say('kpi.unknown.near') },
            metricChoice(brief.near, brief.drawing, undefined, w),
          ]
        : []),
      { kind: 'note', text: w.say('kpi.unknown.how') },
      { kind: 'buttons', buttons: [{ action: 'kpi.open', label: w.t('kpi.back'), drawing: brief.drawing }] },
    ],
  }
}
