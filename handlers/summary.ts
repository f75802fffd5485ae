import { addDays, type PlainDate } from '../src/canon/calendar.ts'
import type { CustomerSnapshot } from '../src/canon/customers.ts'
import { isQuiet } from '../src/canon/digest.ts'
import { metricIds } from '../src/canon/metric.ts'
import { type Person, reportsOf } from '../src/canon/people.ts'
import { periodOf, quarterNamed, shifted } from '../src/canon/period.ts'
import { converterTo, type GivenDiscount, type SnapshotCell } from '../src/canon/pipeline.ts'
import {
  type MonthlyReport,
  type PersonSummary,
  type QuarterlyReview,
  winLossOf,
} from '../src/canon/summary.ts'
import {
  type DigestGroup,
  digestsOf,
  groupOfPerson,
  groupOfTeam,
  membersByTeam,
  type NumbersDesk,
  periodOf as weekOf,
} from './digest.ts'
import { type ComputedCustomers, customersReader } from './digest-customers.ts'
import { lastQuarter, outcomesOfQuarter } from './forecast.ts'
import { readMetric, type SumCache } from './metric-reading.ts'

/** Who has a week of their own to hear of: who sells, who keeps customers, and who leads them. */
export const hasSummary = ({ active, roles }: Person): boolean =>
  active &&
  roles.some((role) => role === 'ae' || role === 'csm' || role === 'sales_manager' || role === 'vp_sales')

const sells = ({ roles }: Person): boolean => roles.some((role) => role === 'ae' || role === 'sales_manager')

/** Renewals that a summary names. */
const renewalsNamed = 5

/** People whose customers are read together. */
const keepersAtOnce = 100

export interface ComputedSummary {
  readonly person: Person
  readonly summary: PersonSummary
  /** What this day's snapshot keeps of their customers. */
  readonly snapshot: readonly CustomerSnapshot[]
}

/** The week of many people, as many at a time as their deals are read together. */
export async function* summariesOf(
  desk: NumbersDesk,
  people: readonly Person[],
  slot: PlainDate,
): AsyncGenerator<readonly ComputedSummary[]> {
  const { store, company, org } = desk
  const week = weekOf(org, addDays(slot, -7), addDays(slot, -1))
  const given = await store.givenDiscounts(company, week.since, week.until)
  const others = people.filter((person) => !sells(person))
  const sellers = people.filter(sells)
  const customersOf = customersReader(desk, slot, renewalsNamed)
  const portfoliosOf = (groups: readonly DigestGroup[]) =>
    customersOf(groups.filter(({ id }) => org.people.get(id)?.roles.includes('csm') === true))
  for await (const batch of digestsOf(
    desk,
    sellers.map(({ id }) => groupOfPerson(id, org)),
    slot,
  )) {
    const portfolios = await portfoliosOf(batch.map(({ group }) => group))
    const made: ComputedSummary[] = []
    for (const { group, digest } of batch) {
      const deals = isQuiet(digest) ? undefined : digest
      made.push(await summaryOf(desk, org.people.get(group.id)!, given, deals, portfolios.get(group.id)))
    }
    yield made
  }
  for (let at = 0; at < others.length; at += keepersAtOnce) {
    const part = others.slice(at, at + keepersAtOnce)
    const portfolios = await portfoliosOf(part.map(({ id }) => groupOfPerson(id, org)))
    const made: ComputedSummary[] = []
    for (const person of part)
      made.push(await summaryOf(desk, person, given, undefined, portfolios.get(person.id)))
    yield made
  }
}

async function summaryOf(
  desk: NumbersDesk,
  person: Person,
  given: readonly GivenDiscount[],
  digest: PersonSummary['digest'],
  portfolio: ComputedCustomers | undefined,
): Promise<ComputedSummary> {
  const { store, company, org } = desk
  const leads = person.roles.some((role) => role === 'sales_manager' || role === 'vp_sales')
  const line =
    leads && given.length > 0 ? new Set(reportsOf(person, org).map(({ id }) => id)) : new Set<string>()
  const [approvals, handoffs] = await Promise.all([
    store.waitingFor(company, person.id, 1),
    store.handoffsWaitingFor(company, person.id, 1),
  ])
  return {
    person,
    summary: {
      ...(digest ? { digest } : {}),
      ...(portfolio ? { portfolio: portfolio.digest } : {}),
      waiting: { approvals: approvals.total, handoffs: handoffs.total },
      given: given.filter(({ requester }) => line.has(requester)),
    },
    snapshot: portfolio?.snapshot ?? [],
  }
}

/** The snapshot of deals of people in no team and of nobody, which no team's digest takes. */
export async function snapshotOfNobody(desk: NumbersDesk, slot: PlainDate): Promise<readonly SnapshotCell[]> {
  const group = groupOfTeam('', desk.org, membersByTeam(desk.org))
  for await (const [computed] of digestsOf(desk, [group], slot)) return computed?.snapshot ?? []
  return []
}

/** The metrics of the month before a day, over the whole company. */
export async function monthlyReportOf(desk: NumbersDesk, slot: PlainDate): Promise<MonthlyReport> {
  const { fiscalYearStart } = desk.org.company
  const month = shifted(periodOf('month', slot, fiscalYearStart), -1)
  const cache: SumCache = new Map()
  const readings = []
  for (const id of metricIds) {
    const { period, result, target, trend } = await readMetric(
      desk,
      id,
      { period: month, owners: 'all' },
      cache,
    )
    const before = trend.at(-2)?.result
    readings.push({ id, period, result, ...(before ? { before } : {}), ...(target ? { target } : {}) })
  }
  return { period: month, readings }
}

/** Forecast against actual, and win and loss, of the quarter that has just ended. */
export async function quarterlyReviewOf(desk: NumbersDesk, name?: string): Promise<QuarterlyReview> {
  const { store, company, org } = desk
  const quarter =
    (name === undefined ? undefined : quarterNamed(name, org.company.fiscalYearStart)) ?? lastQuarter(desk)
  const { currency } = org.company
  const [outcomes, closed, rates] = await Promise.all([
    outcomesOfQuarter(desk, quarter),
    store.closedCells(company, 'all', quarter.from, quarter.to),
    store.fxRates(company, quarter.to),
  ])
  const { convert } = converterTo(currency, rates)
  return {
    quarter: quarter.name,
    from: quarter.from,
    to: quarter.to,
    outcomes: outcomes.filter(({ forecast, actual }) => forecast !== 0 || actual !== 0),
    winLoss: winLossOf(closed, currency, convert),
  }
}
