import { addDays, type Instant, instantAt, type PlainDate } from '../../src/canon/calendar.ts'
import { minorDigits } from '../../src/canon/money.ts'
import { isOpen } from '../../src/canon/opportunity.ts'
import { quarterOf } from '../../src/canon/period.ts'
import {
  type ForecastSnapshot,
  type PipelineCell,
  type SnapshotCell,
  snapshotOf,
} from '../../src/canon/pipeline.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { saveCustomerSnapshot } from '../customers.ts'
import { saveReport } from '../report.ts'
import type {} from '../schema-report.ts'
import type { DataStore } from '../store.ts'
import { demoCustomers } from './customers.ts'
import type { DemoCompany, DemoDeal } from './shape.ts'

// What a company has that has used digests for a while: last week's snapshot, the forecast of the quarter's first day,
// and close dates that were moved.

/** Deals that were larger last week: what a digest calls out of the ordinary. */
const shrunkTo = 0.6
/** How the first day's forecast lay to what there is now, by team in turn: one was far too hopeful. */
const hopes = [1.05, 1.5, 0.9, 1]

const minor = (deal: DemoDeal): number =>
  deal.amount === undefined ? 0 : Math.round(deal.amount * 10 ** minorDigits(deal.currency))

/** The stage of a deal a week ago: one back where it was entered since. */
const stageOn = (deal: DemoDeal, day: PlainDate): PipelineCell['stage'] => {
  const open = isOpen(deal.stage) ? Number(deal.stage.slice(1)) : 5
  return `S${deal.stageEnteredOn > day ? Math.max(1, open - 1) : open}` as PipelineCell['stage']
}

/** The pipeline as it was on a day, reckoned back from what the demo says of its deals today. */
function demoSnapshot(demo: DemoCompany, day: PlainDate): SnapshotCell[] {
  const tierOf = new Map(demo.accounts.map(({ id, tier }) => [id, tier]))
  const teamOf = new Map(demo.people.map(({ id, team }) => [id, team ?? '']))
  const byTeam = new Map<string, PipelineCell[]>()
  for (const deal of demo.deals) {
    const wasOpen = deal.createdOn <= day && (deal.closedOn === undefined || deal.closedOn > day)
    if (!wasOpen) continue
    const tier = deal.account === undefined ? undefined : tierOf.get(deal.account)
    const none = { dueDeals: 0, due: 0, nextDeals: 0, next: 0, overdue: 0, undated: 0, stalled: 0 }
    const cell: PipelineCell = {
      owner: deal.owner,
      stage: stageOn(deal, day),
      ...(deal.amount === undefined ? {} : { currency: deal.currency }),
      ...(tier ? { tier } : {}),
      channel: deal.channel,
      deals: 1,
      amount: tier === 'T2' ? Math.round(minor(deal) / shrunkTo) : minor(deal),
      ...none,
    }
    const team = teamOf.get(deal.owner) ?? ''
    byTeam.set(team, [...(byTeam.get(team) ?? []), cell])
  }
  return [...byTeam].flatMap(([team, cells]) => snapshotOf(team, day, cells))
}

/** What the forecast of each team said on the first day of the quarter that `day` lies in. */
function demoForecasts(demo: DemoCompany, day: PlainDate): ForecastSnapshot[] {
  const quarter = quarterOf(day, demo.fiscalYearStart)
  return demo.teams.map((team, at) => {
    const people = new Set(demo.people.filter((person) => person.team === team.id).map(({ id }) => id))
    const own = demo.deals.filter((deal) => people.has(deal.owner) && deal.currency === team.currency)
    const due = own.filter((deal) => isOpen(deal.stage) && (deal.expectedCloseOn ?? '9') <= quarter.to)
    const won = own.filter((deal) => deal.stage === 'CW' && (deal.closedOn ?? '') >= quarter.from)
    const percent = (deal: DemoDeal) => defaultPolicy.probability[deal.stage]
    const now =
      due.reduce((sum, deal) => sum + (minor(deal) * percent(deal)) / 100, 0) +
      won.reduce((sum, deal) => sum + minor(deal), 0)
    const weighted = Math.round(now * hopes[at % hopes.length]!)
    const sum = (of: readonly DemoDeal[]) => of.reduce((all, deal) => all + minor(deal), 0)
    return {
      quarter: quarter.name,
      team: team.id,
      currency: team.currency,
      takenAt: instantAt(quarter.from, '09:00', demo.timeZone),
      weighted,
      commit: sum(due.filter((deal) => percent(deal) >= 80)),
      best: sum(due.filter((deal) => percent(deal) >= 60)),
      pipeline: sum(own.filter((deal) => isOpen(deal.stage))),
      won: 0,
      target: Math.round(team.quarterlyTarget * 10 ** minorDigits(team.currency)),
    }
  })
}

/** Deals whose close was moved: in turn twice by two weeks each, and once. Only such as are late in the pipeline. */
const slips = [[14, 14], [21], [14, 21]] as const

/** Writes what a while of use would have left; a company that has history of its own keeps that alone. */
export async function loadDemoReports(
  store: DataStore,
  demo: DemoCompany,
  today: PlainDate,
  now: Instant,
): Promise<void> {
  await store.database.transact(async (trx) => {
    const before = await trx
      .selectFrom('forecast_snapshots')
      .select('team')
      .where('company_id', '=', demo.id)
      .limit(1)
      .executeTakeFirst()
    if (before) return
    await saveReport(trx, demo.id, {
      noun: 'pipeline-snapshot',
      cells: demoSnapshot(demo, addDays(today, -7)),
    })
    await saveCustomerSnapshot(trx, demo.id, {
      noun: 'customer-snapshot',
      cells: demoCustomers(demo, today, addDays(today, -7)),
    })
    await saveReport(trx, demo.id, { noun: 'forecast-snapshot', rows: demoForecasts(demo, today) })
    const late = demo.deals.filter((deal) => deal.stage === 'S5' && deal.expectedCloseOn !== undefined)
    for (const [at, deal] of late.slice(0, slips.length).entries()) {
      const moves = slips[at]!
      let to = deal.expectedCloseOn!
      for (const [back, days] of [...moves].reverse().entries()) {
        const from = addDays(to, -days)
        await trx
          .insertInto('close_moves')
          .values({
            company_id: demo.id,
            deal: deal.id,
            seq: moves.length - back,
            from_on: from,
            to_on: to,
            at: now - (2 + 20 * back) * 86_400_000,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        to = from
      }
    }
  })
}
