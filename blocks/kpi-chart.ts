import { type Dimension, type Figure, isLack, type Lack, type MetricId } from '../src/canon/metric.ts'
import { magnitude, metrics } from '../src/canon/metrics.ts'
import { minorDigits } from '../src/canon/money.ts'
import type { Chart, ChartPanel } from './chart.ts'
import type { MetricReading } from './kpi.ts'
import { figureWords, periodWords } from './metric.ts'
import type { Words } from './words/index.ts'

/** How a value is drawn: money in a unit that leaves few digits. */
interface Scale {
  readonly of: (figure: Figure | Lack) => number | null
  readonly unit: string
}

function scaleOf(id: MetricId, figures: readonly (Figure | Lack)[], w: Words): Scale {
  const { unit } = metrics[id]
  const found = figures.filter((figure): figure is Figure => !isLack(figure))
  if (unit !== 'money') {
    const mark = unit === 'percent' ? '%' : unit === 'ratio' ? '×' : ''
    return { of: (figure) => (isLack(figure) ? null : (magnitude(figure) ?? null)), unit: mark }
  }
  const currency = found.flatMap((figure) =>
    figure.unit === 'money' ? [(figure.total?.money ?? figure.amounts[0])?.currency ?? ''] : [],
  )[0]
  if (currency === undefined || currency === '') return { of: () => null, unit: '' }
  const minor = 10 ** minorDigits(currency)
  const largest = Math.max(0, ...found.map((figure) => Math.abs(magnitude(figure) ?? 0) / minor))
  const steps: readonly (readonly [number, string])[] =
    w.locale === 'ko' && currency === 'KRW'
      ? [
          [1e8, '억'],
          [1e4, '만'],
        ]
      : [
          [1e9, 'B'],
          [1e6, 'M'],
          [1e3, 'K'],
        ]
  const [size, name] = steps.find(([least]) => largest >= least) ?? [1, '']
  return {
    of: (figure) => {
      const value = isLack(figure) ? undefined : magnitude(figure)
      return value === undefined ? null : value / minor / size
    },
    unit: name === '' ? ` ${currency}` : name,
  }
}

const barsShown = 12

/** The trend as lines, and the groups as bars where the metric is broken down. */
export function kpiChart(
  reading: MetricReading,
  labels: readonly string[],
  by: Dimension | undefined,
  fiscalYearStart: number,
  w: Words,
): Chart | undefined {
  const { id, trend, target, parts } = reading
  const name = w.t(`metric.${id}`)
  const panels: ChartPanel[] = []
  const said: string[] = []
  const line = target?.from ?? target?.to
  const drawnTarget =
    line === undefined || metrics[id].unit === 'money'
      ? {}
      : { target: { label: w.t('kpi.head.target'), value: line } }
  const known = trend.filter(({ result }) => !isLack(result))
  if (known.length > 1) {
    const scale = scaleOf(
      id,
      trend.map(({ result }) => result),
      w,
    )
    panels.push({
      kind: 'lines',
      title: `${name} · ${w.t('kpi.trend')}`,
      periods: trend.map(({ period }) => periodWords(period, fiscalYearStart, w)),
      lines: [{ label: name, values: trend.map(({ result }) => scale.of(result)) }],
      unit: scale.unit,
      ...drawnTarget,
    })
    const values = known.map(({ period, result }) =>
      isLack(result) ? '' : `${periodWords(period, fiscalYearStart, w)} ${figureWords(result, id, w)}`,
    )
    said.push(w.t('kpi.chart.alt', { metric: name, values: { user: values.join(', ') } }))
  }
  const bars = parts.flatMap(({ result }, at) => {
    const value = isLack(result) ? undefined : magnitude(result)
    return value === undefined || isLack(result)
      ? []
      : [{ label: labels[at] ?? '', value, text: figureWords(result, id, w) }]
  })
  if (by !== undefined && bars.length > 1) {
    const dimension = w.t(`dimension.${by}`)
    panels.push({
      kind: 'bars',
      title: `${name} · ${w.t('kpi.by', { dimension })}`,
      bars: bars.slice(0, barsShown),
      ...drawnTarget,
    })
    const values = bars.slice(0, barsShown).map(({ label, text }) => `${label} ${text}`)
    said.push(w.t('kpi.chart.alt.by', { metric: name, dimension, values: { user: values.join(', ') } }))
  }
  return panels.length === 0 ? undefined : { panels, alt: said.join(' ') }
}
