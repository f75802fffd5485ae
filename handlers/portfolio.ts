import { noticeCard } from '../blocks/notice.ts'
import { type PortfolioColumn, portfolioCard, portfolioColumns, portfolioRows } from '../blocks/portfolio.ts'
import type { Instant } from '../src/canon/calendar.ts'
import { csvOf } from '../src/canon/csv.ts'
import { type MetricId, metricIds } from '../src/canon/metric.ts'
import { metrics } from '../src/canon/metrics.ts'
import { type Period, periodName, readPeriodName } from '../src/canon/period.ts'
import { may } from '../src/canon/visibility.ts'
import type { Store } from '../src/ports.ts'
import type { Desk, Handler, Outcome } from './desk.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { defaultPeriod, readMetric, type SumCache } from './metric-reading.ts'

type Read = Pick<Store, 'comparedCompanies' | 'org' | 'policy' | 'metricSums' | 'metricSource' | 'fxRates'>

/** What is compared: all that the record can tell. */
const compared: readonly MetricId[] = metricIds.filter((id) => metrics[id].sources.length > 0)

/**
 * The same metrics of every company, each by its own rules, fiscal year and currency. What comes back holds sums and
 * rates alone: no group is asked for, so that no customer's or person's name can be in it (Canon, Portfolio report).
 */
export async function readPortfolio(
  store: Read,
  now: Instant,
  period: string | undefined,
): Promise<PortfolioColumn[]> {
  const columns: PortfolioColumn[] = []
  for (const company of await store.comparedCompanies()) {
    const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
    const desk = { now, company, org, policy, store }
    const cache: SumCache = new Map()
    const { id, name, currency, fiscalYearStart } = org.company
    const asked = period === undefined ? undefined : readPeriodName(period, fiscalYearStart)
    const readings = []
    for (const metric of compared) {
      const of = asked ?? defaultPeriod(metric, desk)
      readings.push(await readMetric(desk, metric, { period: of, owners: 'all', trend: 1 }, cache))
    }
    columns.push({ id, name, currency, fiscalYearStart, readings })
  }
  return columns
}

/** The portfolio in chat, for whoever may compare companies; a sentence for everybody else. */
export async function portfolioOutcome(desk: Desk, period: Period | undefined): Promise<Outcome> {
  if (!may(desk.person, 'numbers.compare', {}, desk.org))
    return { reply: { kind: 'say', card: noticeCard(desk.words.t('portfolio.not-yours')) } }
  const { fiscalYearStart, working } = desk.org.company
  const name = period && periodName(period, fiscalYearStart)
  const drawing = drawingFor(desk, companySubject(desk.company), 0, name ? { period: name } : {})
  const columns = await readPortfolio(desk.store, desk.now, name)
  const timeZone = desk.person.timeZone ?? working.timeZone
  const card = portfolioCard({ columns, now: desk.now, timeZone, drawing: drawing.id }, desk.words)
  return { reply: { kind: 'say', card }, drawings: [drawing] }
}

/** The button under it: the same as a file. */
export const exportPortfolio: Handler<'button'> = async (gesture, desk) => {
  if (!may(desk.person, 'numbers.compare', {}, desk.org))
    return { reply: { kind: 'say', card: noticeCard(desk.words.t('portfolio.not-yours')) } }
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  const period = typeof drawing?.shown.period === 'string' ? drawing.shown.period : undefined
  const columns = await readPortfolio(desk.store, desk.now, period)
  return {
    reply: {
      kind: 'file',
      name: `portfolio${period ? `-${period}` : ''}.csv`,
      text: csvOf([portfolioColumns, ...portfolioRows(columns)]),
      card: noticeCard(desk.words.t('portfolio.summary', { count: columns.length })),
    },
  }
}
