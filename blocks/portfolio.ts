import type { Instant } from '../src/canon/calendar.ts'
import { isLack, type MetricId } from '../src/canon/metric.ts'
import { metrics } from '../src/canon/metrics.ts'
import type { Card, Text } from './card.ts'
import type { MetricReading } from './kpi.ts'
import { kpiSheet, type SheetCell, sheetColumns } from './kpi-sheet.ts'
import { figureCell, periodWords } from './metric.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** The metrics of one company: sums and rates alone, no customer and no person. */
export interface PortfolioColumn {
  readonly id: string
  readonly name: string
  /** ISO 4217: what its money is in where nothing else is said. */
  readonly currency: string
  readonly fiscalYearStart: number
  readonly readings: readonly MetricReading[]
}

export interface PortfolioBrief {
  readonly columns: readonly PortfolioColumn[]
  readonly now: Instant
  readonly timeZone: string
  readonly drawing: string
}

/** So many companies stand side by side on a phone; more stand below each other, with the metrics that matter most. */
const sideBySide = 4
const most: readonly MetricId[] = ['win-rate', 'coverage', 'average-discount', 'nrr']

const readingOf = (column: PortfolioColumn, id: MetricId): MetricReading | undefined =>
  column.readings.find((reading) => reading.id === id)

const wordsOf = (reading: MetricReading | undefined, w: Words): string =>
  reading === undefined || isLack(reading.result)
    ? w.t('value.none')
    : figureCell(reading.result, reading.id, w)

/** The same metrics of every company, side by side (Canon, Portfolio report). */
export function portfolioCard(brief: PortfolioBrief, w: Words): Card {
  const { columns, now, timeZone } = brief
  const names = columns.map((column): Text => [theirs(`${column.name} (${column.currency})`, 40)])
  const ids = columns[0]?.readings.map(({ id }) => id) ?? []
  // The steps of the conversion are in the file.
  const steps = ids.flatMap((id) => metrics[id].parts ?? [])
  const known = ids.filter(
    (id) =>
      !steps.includes(id) &&
      columns.some((column) => {
        const reading = readingOf(column, id)
        return reading !== undefined && !isLack(reading.result)
      }),
  )
  const wide = columns.length <= sideBySide
  const shown = wide ? known : most
  return {
    summary: w.t('portfolio.summary', { count: columns.length }),
    blocks: [
      { kind: 'title', text: w.t('portfolio.title') },
      wide
        ? {
            kind: 'table',
            head: [w.t('kpi.head.metric'), ...columns.map((column) => `${column.name} (${column.currency})`)],
            rows: known.map((id) => [
              [`${w.t(`metric.${id}`)} (${periodOf(columns, id, w)})`],
              ...columns.map((column): Text => [wordsOf(readingOf(column, id), w)]),
            ]),
          }
        : {
            kind: 'table',
            head: [w.t('kpi.head.company'), ...shown.map((id) => w.t(`metric.${id}`))],
            rows: columns.map((column, at) => [
              names[at]!,
              ...shown.map((id): Text => [wordsOf(readingOf(column, id), w)]),
            ]),
          },
      {
        kind: 'buttons',
        buttons: [{ action: 'portfolio.export', label: w.t('kpi.export'), drawing: brief.drawing }],
      },
      { kind: 'note', text: w.say('portfolio.note', { now: w.moment(now, timeZone) }) },
    ],
  }
}

function periodOf(columns: readonly PortfolioColumn[], id: MetricId, w: Words): string {
  const column = columns.find((each) => readingOf(each, id) !== undefined)
  const reading = column && readingOf(column, id)
  return reading ? periodWords(reading.period, column.fiscalYearStart, w) : ''
}

export const portfolioColumns = ['company', 'company_name', ...sheetColumns] as const

/** The same as rows, a company and metric each. */
export const portfolioRows = (columns: readonly PortfolioColumn[]): SheetCell[][] =>
  columns.flatMap((column) =>
    column.readings.flatMap((reading) =>
      kpiSheet(reading, undefined, column.fiscalYearStart, () => undefined).map((row) => [
        column.id,
        column.name,
        ...row,
      ]),
    ),
  )
