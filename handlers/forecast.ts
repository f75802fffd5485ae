import { addDays, localDate } from '../src/canon/calendar.ts'
import {
  type ForecastOutcome,
  type ForecastSum,
  forecastOf,
  forecastTotal,
  missPercent,
  outcomesOf,
} from '../src/canon/forecast.ts'
import { type Quarter, quarterBefore, quarterOf } from '../src/canon/period.ts'
import { converterTo, type ForecastSnapshot } from '../src/canon/pipeline.ts'
import {
  batches,
  byOwner,
  dealsOfGroups,
  groupOfTeam,
  membersByTeam,
  type NumbersDesk,
  ofGroup,
  pipelineDays,
} from './digest.ts'

/** The quarter before the one it is. */
export function lastQuarter({ org, now }: Pick<NumbersDesk, 'org' | 'now'>): Quarter {
  const { fiscalYearStart, working } = org.company
  return quarterBefore(quarterOf(localDate(now, working.timeZone), fiscalYearStart), 1, fiscalYearStart)
}

/**
 * Forecast of the quarter for each team that has a target, or for one of them; `''`: all of these teams together, in the
 * company's currency.
 */
export async function forecastsToTarget(
  desk: NumbersDesk,
  only?: string,
): Promise<ReadonlyMap<string, ForecastSum>> {
  const { store, company, org, policy } = desk
  const days = pipelineDays(desk)
  const members = membersByTeam(org)
  const groups = [...org.teams.values()]
    .filter(({ id, quarterlyTarget }) => (quarterlyTarget ?? 0) > 0 && (only === undefined || id === only))
    .map(({ id }) => groupOfTeam(id, org, members))
  const found = new Map<string, ForecastSum>()
  if (groups.length === 0) return found
  const rates = await store.fxRates(company, days.today)
  const own = converterTo(org.company.currency, rates)
  const all = { target: 0, won: 0, weighted: 0, joined: true }
  const of = only === undefined ? 'all' : dealsOfGroups(groups)
  const won = byOwner(await store.wonCells(company, of, days.quarterFrom, days.today))
  for (const batch of batches(groups)) {
    const cells = byOwner(await store.pipelineCells(company, dealsOfGroups(batch), days))
    for (const group of batch) {
      const { convert } = converterTo(group.currency, rates)
      const sum = forecastOf(
        ofGroup(cells, group),
        ofGroup(won, group),
        { quarter: days.quarter, currency: group.currency, target: group.target ?? 0 },
        policy,
        convert,
      )
      found.set(group.id, sum)
      const parts = [sum.target ?? 0, sum.won, sum.weighted].map((amount) =>
        own.convert(amount, sum.currency),
      )
      if (parts.some((part) => part === undefined)) all.joined = false
      all.target += parts[0] ?? 0
      all.won += parts[1] ?? 0
      all.weighted += parts[2] ?? 0
    }
  }
  // Where no rate joins the teams' currencies there is no forecast of the whole, rather than a wrong one.
  if (all.joined)
    found.set('', {
      quarter: days.quarter,
      currency: org.company.currency,
      target: all.target,
      won: all.won,
      wonDeals: 0,
      weighted: all.weighted,
      commit: 0,
      best: 0,
      due: 0,
      dueDeals: 0,
      pipeline: 0,
    })
  return found
}

/** How far won + weighted are below the target, in percent; 0 where they are not. */
export const missOfTarget = (sum: ForecastSum): number =>
  sum.target ? Math.max(0, missPercent(forecastTotal(sum), sum.target)) : 0

/** What the first day of a finished quarter forecast, against what was won in it, a team and currency. */
export async function outcomesOfQuarter(desk: NumbersDesk, quarter: Quarter): Promise<ForecastOutcome[]> {
  const { store, company, org } = desk
  const snapshots = await store.forecastSnapshots(company, quarter.name)
  if (snapshots.length === 0) return []
  const actual = new Map<string, number>()
  for (const cell of await store.wonCells(company, 'all', quarter.from, quarter.to)) {
    const team = (cell.owner === undefined ? undefined : org.people.get(cell.owner)?.team) ?? ''
    const key = JSON.stringify([team, cell.currency])
    actual.set(key, (actual.get(key) ?? 0) + cell.amount)
  }
  const seen = new Set(snapshots.map(({ team, currency }) => JSON.stringify([team, currency])))
  // A team that forecast nothing and won something has missed as well.
  const unforeseen = [...actual.keys()]
    .filter((key) => !seen.has(key))
    .map((key): ForecastSnapshot => {
      const [team, currency] = JSON.parse(key) as [string, string]
      const none = { weighted: 0, commit: 0, best: 0, pipeline: 0, won: 0 }
      return { quarter: quarter.name, team, currency, takenAt: snapshots[0]!.takenAt, ...none }
    })
  return outcomesOf(
    [...snapshots, ...unforeseen],
    (team, currency) => actual.get(JSON.stringify([team, currency])) ?? 0,
  )
}

/** In the first month of a quarter nearly nothing is due yet: a warning then would be one about the calendar. */
export const warnsFrom = (quarter: Quarter): string => addDays(quarter.from, 30)
