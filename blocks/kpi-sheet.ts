import type { Dimension, Figure, Goal, Lack } from '../src/canon/metric.ts'
import { isLack } from '../src/canon/metric.ts'
import { majorText } from '../src/canon/money.ts'
import { periodName } from '../src/canon/period.ts'
import type { MetricReading } from './kpi.ts'

export const sheetColumns = [
  'metric',
  'period',
  'from',
  'to',
  'dimension',
  'key',
  'name',
  'value',
  'unit',
  'currency',
  'basis',
  'target_from',
  'target_to',
  'no_number',
] as const

export type SheetCell = string | number | undefined
type SheetRow = readonly SheetCell[]

const round = (value: number): number => Math.round(value * 10_000) / 10_000

/** The table of a metric: a row for the whole, one for each group, one for each earlier period; money a row a currency. */
export function kpiSheet(
  reading: MetricReading,
  by: Dimension | undefined,
  fiscalYearStart: number,
  nameOf: (by: 'rep' | 'team', id: string) => string | undefined,
): SheetRow[] {
  const rows: SheetRow[] = []
  const add = (
    period: MetricReading['period'],
    group: readonly [dimension: string, key: string, name: string],
    result: Figure | Lack,
    target?: Goal,
  ): void => {
    const head = [reading.id, periodName(period, fiscalYearStart), period.from, period.to, ...group]
    const held = [target?.from, target?.to].map((value) => (value === undefined ? undefined : round(value)))
    if (isLack(result)) rows.push([...head, undefined, undefined, undefined, undefined, ...held, result.code])
    else if (result.unit !== 'money')
      rows.push([...head, round(result.value), result.unit, undefined, result.of, ...held, undefined])
    else
      for (const money of result.amounts)
        rows.push([...head, Number(majorText(money)), 'money', money.currency, result.of, ...held, undefined])
  }
  add(reading.period, ['', '', ''], reading.result, reading.target)
  for (const { key, result, target } of by === undefined ? [] : reading.parts) {
    const name = by === 'rep' || by === 'team' ? (key === null ? '' : (nameOf(by, key) ?? '')) : (key ?? '')
    add(reading.period, [by ?? '', key ?? '', name], result, target)
  }
  for (const { period, result } of reading.trend.slice(0, -1)) add(period, ['', '', ''], result)
  return rows
}
