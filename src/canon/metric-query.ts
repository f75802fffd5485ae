import type { PlainDate } from './calendar.ts'
import { type Dimension, dimensions } from './metric.ts'
import { dimensionNames, metricNames } from './metric-names.ts'
import { nearestOf } from './nearest.ts'
import { type Period, type PeriodKind, periodOf, readPeriodName, shifted } from './period.ts'
import { type MetricId, metricIds } from './policy-metric.ts'

/** What somebody asked for, as far as it was understood. */
export interface MetricQuery {
  readonly metric?: MetricId
  readonly by?: Dimension
  readonly period?: Period
  readonly portfolio?: true
  /** What was understood as nothing, as it was typed; `near`: metrics that may have been meant. */
  readonly unknown?: { readonly text: string; readonly near: readonly MetricId[] }
}

interface When {
  readonly today: PlainDate
  readonly fiscalYearStart: number
}

const squeezed = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-·/'’".,()[\]?!]+/g, '')

const metricOf = new Map<string, MetricId>(
  metricIds.flatMap((id) => [id, ...metricNames[id]].map((name) => [squeezed(name), id] as const)),
)
const dimensionOf = new Map<string, Dimension>(
  dimensions.flatMap((dimension) =>
    dimensionNames[dimension].map((name) => [squeezed(name), dimension] as const),
  ),
)

/** `rep`, `by rep`, `per rep`, `담당자별`, `담당자 별로`. */
function dimension(text: string): Dimension | undefined {
  const said = /^(?:by|per)\s+(.+)$/i.exec(text.normalize('NFKC').trim())?.[1]
  const bare = squeezed(said ?? text)
  return dimensionOf.get(bare) ?? dimensionOf.get(/^(.+?)별(?:로)?$/u.exec(bare)?.[1] ?? '')
}

const relative: readonly (readonly [words: readonly string[], kind: PeriodKind, by: number])[] = [
  [['today', '오늘', '금일'], 'day', 0],
  [['yesterday', '어제'], 'day', -1],
  [['this week', '이번 주', '이번주', '금주'], 'week', 0],
  [['last week', '지난주', '지난 주', '전주'], 'week', -1],
  [['this month', '이번 달', '이번달', '이달', '당월', 'mtd'], 'month', 0],
  [['last month', '지난달', '지난 달', '전월'], 'month', -1],
  [['this quarter', '이번 분기', '이번분기', '당분기', '분기', 'quarter', 'qtd'], 'quarter', 0],
  [['last quarter', 'previous quarter', '지난 분기', '지난분기', '전분기'], 'quarter', -1],
  [['this year', '올해', '금년', '연간', 'ytd'], 'year', 0],
  [['last year', '작년', '지난해', '전년'], 'year', -1],
  [
    ['last 12 months', '12 months', 'twelve months', 'ttm', 'ltm', '최근 12개월', '12개월', '최근 1년'],
    'twelve-months',
    0,
  ],
]
const relativeOf = new Map(
  relative.flatMap(([words, kind, by]) => words.map((word) => [squeezed(word), { kind, by }] as const)),
)

/** `2026-Q3`, `Q3`, `3분기`, `2026년 3분기`, `2026-11`, `11월`, `2026`, `이번 분기`, `last quarter`. */
export function readPeriodWords(text: string, { today, fiscalYearStart }: When): Period | undefined {
  const bare = squeezed(text)
  const known = relativeOf.get(bare)
  if (known) return shifted(periodOf(known.kind, today, fiscalYearStart), known.by)
  const named = readPeriodName(text.normalize('NFKC').trim().replaceAll('/', '-'), fiscalYearStart)
  if (named) return named
  const year = periodOf('year', today, fiscalYearStart).from
  const past = (period: Period | undefined): Period | undefined =>
    // “Q4” said in Q1 is the last there was, never one that lies ahead.
    period && period.from > today ? shifted(period, period.kind === 'quarter' ? -4 : -12) : period
  const quarter = /^(?:(\d{4})년?)?(?:q([1-4])|([1-4])q|([1-4])분기)$/u.exec(bare)
  const fiscalYear = Number(year.slice(0, 4))
  if (quarter) {
    const n = quarter[2] ?? quarter[3] ?? quarter[4]
    const read = (of: number | string) => readPeriodName(`${of}-Q${n}`, fiscalYearStart)
    return quarter[1] ? read(quarter[1]) : past(read(fiscalYear))
  }
  const backwards = /^q([1-4])(\d{4})$/.exec(bare)
  if (backwards) return readPeriodName(`${backwards[2]}-Q${backwards[1]}`, fiscalYearStart)
  const month = /^(?:(\d{4})년)?(\d{1,2})월$/u.exec(bare)
  if (month) {
    const two = month[2]!.padStart(2, '0')
    return month[1]
      ? readPeriodName(`${month[1]}-${two}`)
      : past(readPeriodName(`${today.slice(0, 4)}-${two}`))
  }
  const onlyYear = /^(\d{4})년$/u.exec(bare)
  return onlyYear ? readPeriodName(onlyYear[1]!, fiscalYearStart) : undefined
}

const longest = 4
const little: ReadonlySet<string> = new Set([
  'by',
  'per',
  'for',
  'of',
  'in',
  'the',
  '의',
  '별',
  '별로',
  '기준',
])

/**
 * Reads what was typed behind `/kpi`: a metric, a dimension and a period in any order, in Korean or English. The longest
 * words that mean something count; what means nothing is given back with the nearest names, never guessed (contract).
 */
export function readMetricQuery(text: string, when: When): MetricQuery {
  const words = text.normalize('NFKC').trim().split(/\s+/).filter(Boolean)
  let metric: MetricId | undefined
  let by: Dimension | undefined
  let period: Period | undefined
  let portfolio = false
  const left: string[] = []
  for (let at = 0; at < words.length; ) {
    let taken = 0
    for (let many = Math.min(longest, words.length - at); many > 0 && taken === 0; many--) {
      const phrase = words.slice(at, at + many).join(' ')
      const id = metric === undefined ? metricOf.get(squeezed(phrase)) : undefined
      const cut = id === undefined && by === undefined ? dimension(phrase) : undefined
      const span =
        id === undefined && cut === undefined && period === undefined
          ? readPeriodWords(phrase, when)
          : undefined
      metric ??= id
      by ??= cut
      period ??= span
      if (id ?? cut ?? span) taken = many
    }
    if (taken === 0) {
      const word = words[at]!
      const bare = squeezed(word)
      if (bare === 'portfolio' || bare === '포트폴리오') portfolio = true
      else if (!little.has(bare)) left.push(word)
      taken = 1
    }
    at += taken
  }
  const unknown = left.join(' ')
  return {
    ...(metric === undefined ? {} : { metric }),
    ...(by === undefined ? {} : { by }),
    ...(period === undefined ? {} : { period }),
    ...(portfolio ? { portfolio: true } : {}),
    ...(unknown === '' ? {} : { unknown: { text: unknown, near: near(unknown) } }),
  }
}

/** Metrics that may have been meant, nearest first; each once. */
function near(text: string): MetricId[] {
  const names = metricIds.flatMap((id) => [id, ...metricNames[id]].map((name) => ({ id, name })))
  const wanted = squeezed(text)
  const holds = names.filter(({ name }) => wanted.length > 1 && squeezed(name).includes(wanted))
  const alike = nearestOf(
    text,
    names.map(({ name }) => name),
    6,
  ).flatMap((name) => names.filter((each) => each.name === name))
  return [...new Set([...alike, ...holds].map(({ id }) => id))].slice(0, 5)
}
