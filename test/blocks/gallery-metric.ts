import type { Card } from '../../blocks/card.ts'
import { kpiCard, kpiOverview, type MetricReading } from '../../blocks/kpi.ts'
import { portfolioCard } from '../../blocks/portfolio.ts'
import type { Words } from '../../blocks/words/index.ts'
import { periodOf, shifted } from '../../src/canon/period.ts'
import { type MetricId, metricIds } from '../../src/canon/policy-metric.ts'
import { now, type Typed } from './briefs.ts'

const quarter = periodOf('quarter', '2026-11-23')
const value = { unit: 'percent', value: 63.15, of: 19 } as const

const readingOf = (id: MetricId, over: Partial<MetricReading> = {}): MetricReading => ({
  id,
  period: quarter,
  result: value,
  target: { from: 50 },
  trend: [-2, -1, 0].map((n) => ({ period: shifted(quarter, n), result: { ...value, value: 60 + n } })),
  parts: [],
  newest: { on: '2026-11-20' },
  ...over,
})
const missing = (id: MetricId): MetricReading => ({
  id,
  period: quarter,
  result: { code: 'file', file: 'costs.csv' },
  trend: [],
  parts: [],
})

const seen = {
  reach: 'line',
  now,
  timeZone: 'Asia/Seoul',
  fiscalYearStart: 1,
  periods: [quarter, shifted(quarter, -1)],
  choices: ['win-rate', 'cac'],
  drawing: 'd',
} as const

/** `/kpi` and the portfolio, in every state there is. */
export function metricCards(kind: Typed, w: Words): Record<string, Card> {
  const nameOf = () => kind.name
  const byRep = readingOf('win-rate', {
    parts: [
      { key: 'ae', result: value },
      { key: 'sm', result: { code: 'nothing' } },
      { key: null, result: value },
    ],
  })
  const byIndustry = readingOf('win-rate', { parts: [{ key: kind.text, result: value }] })
  const one = { ...seen, nameOf, steps: [], underWay: true }
  const column = (id: string) => ({
    id,
    name: kind.account,
    currency: 'KRW',
    fiscalYearStart: 1,
    readings: [readingOf('win-rate'), missing('cac')],
  })
  const portfolio = { now, timeZone: 'Asia/Seoul', drawing: 'd' }
  return {
    'kpi, overview': kpiOverview(
      {
        ...seen,
        readings: metricIds.map((id) => (id === 'cac' ? missing(id) : readingOf(id))),
        team: kind.account,
      },
      w,
    ),
    'kpi, one': kpiCard({ ...one, reading: readingOf('win-rate') }, w),
    'kpi, by rep': kpiCard(
      { ...one, reading: byRep, by: 'rep', team: { name: kind.account, result: value } },
      w,
    ),
    'kpi, by industry': kpiCard({ ...one, reading: byIndustry, by: 'industry' }, w),
    'kpi, by a dimension with a meaning of its own': kpiCard(
      {
        ...one,
        reading: readingOf('nrr', { parts: [{ key: 'partner', result: value }] }),
        by: 'channel',
        notBy: 'product',
      },
      w,
    ),
    'kpi, of half a quarter': kpiCard(
      { ...one, reading: readingOf('qbr-completion', { result: { code: 'grain', grain: 'quarter' } }) },
      w,
    ),
    'kpi, without its file': kpiCard({ ...one, reading: missing('cac'), notBy: 'product' }, w),
    portfolio: portfolioCard({ ...portfolio, columns: [column('a'), column('b')] }, w),
    'portfolio, many': portfolioCard(
      { ...portfolio, columns: ['a', 'b', 'c', 'd', 'e', 'f'].map(column) },
      w,
    ),
    'portfolio, none': portfolioCard({ ...portfolio, columns: [] }, w),
  }
}
