import { kpiSheet, type SheetCell, sheetColumns } from '../../blocks/kpi-sheet.ts'
import { figureWords } from '../../blocks/metric.ts'
import { portfolioColumns, portfolioRows } from '../../blocks/portfolio.ts'
import { wordsFor } from '../../blocks/words/index.ts'
import type { DataStore } from '../../data/store.ts'
import { defaultPeriod, readMetric, trendLength } from '../../handlers/metric-reading.ts'
import { readPortfolio } from '../../handlers/portfolio.ts'
import { localDate } from '../canon/calendar.ts'
import { csvOf } from '../canon/csv.ts'
import { type Dimension, dimensions, isLack, type MetricId, metricIds } from '../canon/metric.ts'
import { metricNames } from '../canon/metric-names.ts'
import { readMetricQuery, readPeriodWords } from '../canon/metric-query.ts'
import { metrics } from '../canon/metrics.ts'
import { nearest } from '../canon/nearest.ts'
import { type Period, periodName } from '../canon/period.ts'
import type { Clock } from '../ports.ts'
import { type Given, type Run, type Terminal, table, UsageError } from './command.ts'
import { companyOf, withStore } from './open.ts'

/** Rows as text: CSV with its cells made safe for spreadsheets, or JSON with a value where there is one. */
const written = (
  format: string,
  columns: readonly string[],
  rows: readonly (readonly SheetCell[])[],
): string =>
  format === 'csv'
    ? csvOf([columns, ...rows])
    : `${JSON.stringify(
        rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null]))),
        null,
        2,
      )}\n`

function metricNamed(typed: string | undefined): MetricId {
  if (typed === undefined) throw new UsageError(`Say which with --metric: ${metricIds.join(', ')}.`)
  const { metric } = readMetricQuery(typed, { today: '2000-01-01', fiscalYearStart: 1 })
  if (metric) return metric
  const near = nearest(typed, [...metricIds, ...Object.values(metricNames).flat()])
  throw new UsageError(
    `“${typed}” is no metric${near ? `; did you mean ${near}?` : `. There are: ${metricIds.join(', ')}.`}`,
  )
}

function dimensionNamed(typed: string | undefined, metric: MetricId): Dimension | undefined {
  if (typed === undefined) return undefined
  const by = dimensions.find((each) => each === typed)
  const known = metrics[metric].by
  if (by && known.includes(by)) return by
  const reason = by && metrics[metric].notBy?.[by]
  const why = reason
    ? ` ${wordsFor('en').t('kpi.not-by', { dimensions: typed, why: wordsFor('en').t(`kpi.not-by.${reason}`) })}`
    : ''
  throw new UsageError(
    known.length === 0
      ? `${metric} is not broken down by anything.${why}`
      : `${metric} is broken down by ${known.join(', ')}, not by “${typed}”.${why}`,
  )
}

function periodNamed(typed: string | undefined, today: string, fiscalYearStart: number): Period | undefined {
  if (typed === undefined) return undefined
  const period = readPeriodWords(typed, { today, fiscalYearStart })
  if (!period)
    throw new UsageError(
      `“${typed}” is no period. Write it like 2026-Q3, 2026-11, 2026, 2026-W48, 2026-11-23 or "last quarter".`,
    )
  if (period.from > today) throw new UsageError(`${periodName(period, fiscalYearStart)} lies ahead.`)
  return period
}

/** `export kpi`: one metric of one company, whole, by a dimension and over the periods before. */
export async function exportMetric(
  given: Given,
  terminal: Terminal,
  store: DataStore,
  clock: Clock,
  format: 'csv' | 'json',
): Promise<number> {
  const { id: company } = await companyOf(store, given.text('company'))
  const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
  const now = clock.now()
  const desk = { now, company, org, policy, store }
  const { fiscalYearStart, working } = org.company
  const metric = metricNamed(given.text('metric'))
  const by = dimensionNamed(given.text('by'), metric)
  const period =
    periodNamed(given.text('period'), localDate(now, working.timeZone), fiscalYearStart) ??
    defaultPeriod(metric, desk)
  const reading = await readMetric(desk, metric, {
    period,
    owners: 'all',
    trend: trendLength(period),
    ...(by ? { by } : {}),
  })
  const nameOf = (of: 'rep' | 'team', id: string) =>
    (of === 'rep' ? org.people.get(id) : org.teams.get(id))?.name
  await terminal.out(written(format, sheetColumns, kpiSheet(reading, by, fiscalYearStart, nameOf)))
  return 0
}

/** `report portfolio`: the same metrics of every company side by side, in aggregates only. */
export const portfolio: Run = (given, terminal) =>
  withStore(terminal, async (store, clock) => {
    const format = given.text('format')
    if (format !== 'table' && format !== 'csv' && format !== 'json')
      throw new UsageError('--format must be table, csv or json.')
    const now = clock.now()
    const typed = given.text('period')
    // Each company reads the name by its own fiscal year; here it only has to be one.
    const period = periodNamed(typed, localDate(now, 'UTC'), 1)
    const columns = await readPortfolio(store, now, period && periodName(period))
    if (columns.length === 0) {
      terminal.err('There is no company yet. Add one with: company add ID\n')
      return 1
    }
    if (format !== 'table') {
      await terminal.out(written(format, portfolioColumns, portfolioRows(columns)))
      return 0
    }
    const w = wordsFor('en')
    const ids = columns[0]!.readings.map(({ id }) => id)
    await terminal.out(
      table(
        ['METRIC', 'PERIOD', ...columns.map(({ id, currency }) => `${id} (${currency})`)],
        ids.map((id) => [
          w.t(`metric.${id}`),
          periodName(
            columns[0]!.readings.find((each) => each.id === id)!.period,
            columns[0]!.fiscalYearStart,
          ),
          ...columns.map(({ readings }) => {
            const reading = readings.find((each) => each.id === id)
            return reading === undefined || isLack(reading.result) ? '-' : figureWords(reading.result, id, w)
          }),
        ]),
      ),
    )
    return 0
  })
