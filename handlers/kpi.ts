import { type KpiBrief, kpiCard, kpiOverview, kpiUnknown } from '../blocks/kpi.ts'
import { kpiSheet, sheetColumns } from '../blocks/kpi-sheet.ts'
import { periodWords } from '../blocks/metric.ts'
import { noticeCard } from '../blocks/notice.ts'
import { localDate } from '../src/canon/calendar.ts'
import { csvOf } from '../src/canon/csv.ts'
import { type Dimension, dimensions, type MetricId, metricIds } from '../src/canon/metric.ts'
import { readMetricQuery } from '../src/canon/metric-query.ts'
import { metrics } from '../src/canon/metrics.ts'
import { type NumbersSeen, numbersSeen } from '../src/canon/numbers-seen.ts'
import type { Role } from '../src/canon/people.ts'
import { type Period, periodName, periodOf, readPeriodName, shifted } from '../src/canon/period.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import type { Desk, Handler, Outcome } from './desk.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { defaultPeriod, isUnderWay, readMetric, type SumCache, trendLength } from './metric-reading.ts'
import { portfolioOutcome } from './portfolio.ts'

/** Which metrics a role looks at first; whoever has several roles gets those of each. */
const ofRole: Readonly<Partial<Record<Role, readonly MetricId[]>>> = {
  ae: [
    'win-rate',
    'sales-cycle',
    'acv',
    'velocity',
    'close-rate',
    'time-to-close',
    'average-discount',
    'stalled-rate',
    'meddicc-compliance',
    'data-completeness',
  ],
  sdr: ['response-time', 'activities-a-day', 'meeting-conversion', 'sql-per-month', 'scoring-accuracy'],
  csm: ['nrr', 'grr', 'expansion-rate', 'cs-expansion-rate', 'qbr-completion'],
  cs_manager: [
    'nrr',
    'grr',
    'expansion-rate',
    'cs-expansion-rate',
    'qbr-completion',
    'handoff-quality',
    'time-to-first-value',
  ],
  sales_manager: [
    'coverage',
    'win-rate',
    'sales-cycle',
    'acv',
    'velocity',
    'stage-conversion',
    'average-discount',
    'discount-approval-time',
    'stalled-rate',
    'meddicc-compliance',
    'data-completeness',
    'activity-to-opp',
    'response-time',
  ],
  vp_sales: [
    'coverage',
    'win-rate',
    'sales-cycle',
    'acv',
    'velocity',
    'stage-conversion',
    'forecast-accuracy',
    'average-discount',
    'stalled-rate',
    'cac',
    'nrr',
    'grr',
  ],
  c_level: [
    'win-rate',
    'acv',
    'velocity',
    'coverage',
    'forecast-accuracy',
    'cac',
    'nrr',
    'grr',
    'expansion-rate',
  ],
  sales_ops: [
    'coverage',
    'win-rate',
    'sales-cycle',
    'velocity',
    'stage-conversion',
    'data-completeness',
    'meddicc-compliance',
    'stalled-rate',
    'discount-approval-time',
    'handoff-quality',
    'territory-balance',
    'report-delivery',
    'insight-actionability',
  ],
}

/** What one look at the numbers is of; it travels in the drawing, so that a choice changes one thing and keeps the rest. */
interface Look {
  readonly metric?: MetricId
  readonly by?: Dimension
  readonly period?: Period
}

const isMetric = (value: unknown): value is MetricId => metricIds.some((id) => id === value)
const isDimension = (value: unknown): value is Dimension => dimensions.some((each) => each === value)

const lookDrawing = (desk: Desk, look: Look): Drawing =>
  drawingFor(desk, companySubject(desk.company), 0, {
    ...(look.metric === undefined ? {} : { metric: look.metric }),
    ...(look.by === undefined ? {} : { by: look.by }),
    ...(look.period === undefined
      ? {}
      : { period: periodName(look.period, desk.org.company.fiscalYearStart) }),
  })

function lookOf(drawing: Drawing | undefined, desk: Desk): Look {
  const { metric, by, period } = drawing?.shown ?? {}
  const read =
    typeof period === 'string' ? readPeriodName(period, desk.org.company.fiscalYearStart) : undefined
  return {
    ...(isMetric(metric) ? { metric } : {}),
    ...(isDimension(by) ? { by } : {}),
    ...(read ? { period: read } : {}),
  }
}

/** `/kpi [metric] [by dimension] [period]`: the metrics of the person's role, or one of them. */
export const showKpi: Handler<'command'> = async (gesture, desk) => {
  const { fiscalYearStart } = desk.org.company
  const query = readMetricQuery(gesture.text, { today: todayOf(desk), fiscalYearStart })
  if (query.portfolio) return portfolioOutcome(desk, query.period)
  const { metric, by, period } = query
  const look = { ...(metric ? { metric } : {}), ...(by ? { by } : {}), ...(period ? { period } : {}) }
  if (query.unknown) {
    const drawing = lookDrawing(desk, look)
    const card = kpiUnknown({ ...query.unknown, drawing: drawing.id }, desk.words)
    return { reply: { kind: 'say', card }, drawings: [drawing] }
  }
  return lookAt(desk, look)
}

/** A choice on the card: another metric, dimension or period, in its place. */
export const chooseKpi =
  (what: 'metric' | 'by' | 'period'): Handler<'button'> =>
  async (gesture, desk) => {
    const look = lookOf(await desk.store.drawing(desk.company, gesture.drawing), desk)
    const { choice } = gesture
    if (what === 'metric') {
      // Another metric is looked at over its own period, unless one was asked for.
      return lookAt(desk, isMetric(choice) ? { ...look, metric: choice } : look)
    }
    const { by: _by, ...others } = look
    if (what === 'by') return lookAt(desk, isDimension(choice) ? { ...others, by: choice } : others)
    const period = choice === undefined ? undefined : readPeriodName(choice, desk.org.company.fiscalYearStart)
    return lookAt(desk, period ? { ...look, period } : look)
  }

/** The button back to all metrics. */
export const openKpi: Handler<'button'> = (_gesture, desk) => lookAt(desk, {})

/** The button that hands the table over as CSV. */
export const exportKpi: Handler<'button'> = async (gesture, desk) => {
  const look = lookOf(await desk.store.drawing(desk.company, gesture.drawing), desk)
  const seen = numbersSeen(desk.person, desk.org)
  if (look.metric === undefined || seen.reach === 'none') return lookAt(desk, {})
  const { by, reading } = await detailOf(desk, look.metric, look, seen)
  const { fiscalYearStart } = desk.org.company
  const rows = kpiSheet(reading, by, fiscalYearStart, nameIn(desk))
  const period = periodWords(reading.period, fiscalYearStart, desk.words, desk.now)
  const card = noticeCard(desk.words.t('kpi.file', { metric: desk.words.t(`metric.${look.metric}`), period }))
  return {
    reply: {
      kind: 'file',
      name: `${look.metric}-${periodName(reading.period, fiscalYearStart)}${by ? `-${by}` : ''}.csv`,
      text: csvOf([sheetColumns, ...rows]),
      card,
    },
  }
}

const todayOf = (desk: Desk) => localDate(desk.now, desk.org.company.working.timeZone)

const nameIn =
  (desk: Desk) =>
  (by: 'rep' | 'team', id: string): string | undefined =>
    (by === 'rep' ? desk.org.people.get(id) : desk.org.teams.get(id))?.name

/** The periods of the choice: this one and the last of each length. */
function periodsOf(desk: Desk): Period[] {
  const { fiscalYearStart } = desk.org.company
  const today = todayOf(desk)
  const of = (kind: Period['kind'], n: number) => shifted(periodOf(kind, today, fiscalYearStart), n)
  return [
    of('week', 0),
    of('week', -1),
    of('month', 0),
    of('month', -1),
    of('quarter', 0),
    of('quarter', -1),
    of('quarter', -2),
    of('quarter', -3),
    of('year', 0),
    of('year', -1),
    of('twelve-months', -1),
  ]
}

/** The metrics that a person may open: not those that are told of the whole company alone, unless they see it. */
const openTo = (seen: NumbersSeen): MetricId[] =>
  metricIds.filter((id) => seen.reach === 'all' || !metrics[id].wholeCompany)

async function lookAt(desk: Desk, look: Look): Promise<Outcome> {
  const seen = numbersSeen(desk.person, desk.org)
  if (seen.reach === 'none')
    return may(desk.person, 'numbers.compare', {}, desk.org)
      ? portfolioOutcome(desk, look.period)
      : { reply: { kind: 'say', card: noticeCard(desk.words.t('kpi.nobody')) } }
  if (look.period && look.period.from > todayOf(desk)) {
    const period = periodWords(look.period, desk.org.company.fiscalYearStart, desk.words)
    return { reply: { kind: 'say', card: noticeCard(desk.words.t('kpi.ahead', { period })) } }
  }
  return look.metric === undefined ? overview(desk, look, seen) : detail(desk, look.metric, look, seen)
}

const fallback: readonly MetricId[] = ['win-rate', 'sales-cycle', 'coverage', 'stalled-rate', 'nrr']

/** At most this many in the overview: it is read on a phone. */
const mostShown = 16

async function overview(desk: Desk, look: Look, seen: NumbersSeen): Promise<Outcome> {
  const wanted = new Set(desk.person.roles.flatMap((role) => ofRole[role] ?? []))
  const open = openTo(seen)
  const shown = metricIds
    .filter((id) => (wanted.size > 0 ? wanted.has(id) : fallback.includes(id)) && open.includes(id))
    .slice(0, mostShown)
  const cache: SumCache = new Map()
  const readings = await Promise.all(
    shown.map((id) =>
      readMetric(desk, id, { period: look.period ?? defaultPeriod(id, desk), owners: seen.owners }, cache),
    ),
  )
  const drawing = lookDrawing(desk, look)
  const card = kpiOverview(
    { ...common(desk, seen), readings, choices: open, drawing: drawing.id },
    desk.words,
  )
  return { reply: { kind: 'say', card }, drawings: [drawing] }
}

const common = (desk: Desk, seen: NumbersSeen) => ({
  reach: seen.reach === 'none' ? ('own' as const) : seen.reach,
  now: desk.now,
  timeZone: desk.person.timeZone ?? desk.org.company.working.timeZone,
  fiscalYearStart: desk.org.company.fiscalYearStart,
  periods: periodsOf(desk),
})

/** A metric as the person may see it, by the dimension where it knows it. */
async function detailOf(
  desk: Desk,
  id: MetricId,
  look: Look,
  seen: NumbersSeen,
  cache: SumCache = new Map(),
) {
  const period = look.period ?? defaultPeriod(id, desk)
  const by = look.by !== undefined && metrics[id].by.includes(look.by) ? look.by : undefined
  const reading = await readMetric(
    desk,
    id,
    { period, owners: seen.owners, trend: trendLength(period), ...(by ? { by } : {}) },
    cache,
  )
  return { period, by, reading }
}

async function detail(desk: Desk, id: MetricId, look: Look, seen: NumbersSeen): Promise<Outcome> {
  const cache: SumCache = new Map()
  const { by, period, reading } = await detailOf(desk, id, look, seen, cache)
  const steps = await Promise.all(
    (metrics[id].parts ?? []).map((step) => readMetric(desk, step, { period, owners: seen.owners }, cache)),
  )
  const team = seen.team && desk.org.teams.get(seen.team.id)
  // Whoever sees only their own numbers sees their team's as one number, and nothing of it by anything.
  const ofTeam =
    team && seen.team
      ? await readMetric(desk, id, { period, owners: seen.team.members, trend: 1 }, cache)
      : undefined
  const drawing = lookDrawing(desk, { ...look, metric: id })
  const brief: KpiBrief = {
    ...common(desk, seen),
    reading,
    steps,
    choices: openTo(seen),
    nameOf: nameIn(desk),
    underWay: isUnderWay(reading, desk),
    drawing: drawing.id,
    ...(by ? { by } : look.by ? { notBy: look.by } : {}),
    ...(team && ofTeam ? { team: { name: team.name, result: ofTeam.result } } : {}),
  }
  return { reply: { kind: 'say', card: kpiCard(brief, desk.words) }, drawings: [drawing] }
}
