import type { Instant } from '../src/canon/calendar.ts'
import { addDays, instantAt, localDate, type PlainDate } from '../src/canon/calendar.ts'
import { type Digest, digestOf } from '../src/canon/digest.ts'
import { risksOf } from '../src/canon/digest-risk.ts'
import { forecastOf } from '../src/canon/forecast.ts'
import type { Org } from '../src/canon/people.ts'
import { quarterBefore, quarterOf } from '../src/canon/period.ts'
import {
  converterTo,
  type DealMove,
  type ForecastSnapshot,
  type GivenDiscount,
  type PipelineCell,
  type PipelineDays,
  type SnapshotCell,
  snapshotOf,
} from '../src/canon/pipeline.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { DealsOf, ReportPeriod } from '../src/ports/report.ts'
import type { Store } from '../src/ports.ts'

/** What numbers of the pipeline are read with. */
export interface NumbersDesk {
  readonly store: Store
  readonly company: string
  readonly org: Org
  readonly policy: Policy
  readonly now: Instant
}

/** Deals that are one pipeline together: a team's, or one person's. */
export interface DigestGroup {
  readonly id: string
  readonly owners: readonly string[]
  /** Deals without an owner are of it too. */
  readonly nobody?: boolean
  readonly currency: string
  readonly target?: number
  /** Whose snapshot it is compared with: all of a team's, or one person's part of it. */
  readonly snapshot: { readonly team: string; readonly person?: string }
}

export interface ComputedDigest {
  readonly group: DigestGroup
  readonly digest: Digest
  /** What this day's snapshot keeps of it. */
  readonly snapshot: readonly SnapshotCell[]
  readonly discounts: readonly GivenDiscount[]
}

/** So many people's deals are added up in one query: a few milliseconds, in which nobody waits for the database. */
const peopleAtOnce = 300
/** From so many people on, the week's moves are read for the whole company rather than by person. */
const peopleNamed = 400
/** A snapshot older than this is no “last week”. Days. */
export const snapshotAge = 14
/** How far back slips are counted. Days. */
const slipsSince = 90
/** Risks that are looked at a person, and a group, before those that were snoozed are left out. */
const riskMost = { person: 5, group: 8 } as const

/** The days that the pipeline of a company is read by, now. */
export function pipelineDays({
  org,
  policy,
  now,
}: Pick<NumbersDesk, 'org' | 'policy' | 'now'>): PipelineDays & {
  readonly quarter: string
  readonly quarterFrom: PlainDate
  readonly nextQuarter: string
} {
  const { fiscalYearStart, working } = org.company
  const today = localDate(now, working.timeZone)
  const quarter = quarterOf(today, fiscalYearStart)
  const next = quarterBefore(quarter, -1, fiscalYearStart)
  return {
    today,
    quarter: quarter.name,
    quarterFrom: quarter.from,
    quarterTo: quarter.to,
    nextQuarter: next.name,
    nextTo: next.to,
    stalledBefore: addDays(today, -policy.nudges.stalledAfterDays),
  }
}

/** From a day to a day in the company's zone, both included. */
export const periodOf = (org: Org, from: PlainDate, to: PlainDate): ReportPeriod => {
  const { timeZone } = org.company.working
  return {
    from,
    to,
    since: instantAt(from, '00:00', timeZone),
    until: instantAt(addDays(to, 1), '00:00', timeZone),
  }
}

/** The people of each team, in the order of their ids; somebody who left may still own deals. */
export function membersByTeam(org: Org): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>()
  for (const person of org.people.values()) {
    if (person.team === undefined) continue
    const team = members.get(person.team)
    if (team) team.push(person.id)
    else members.set(person.team, [person.id])
  }
  for (const team of members.values()) team.sort()
  return members
}

/** A team's deals; `''`: those of people in no team, and of nobody. */
export function groupOfTeam(
  id: string,
  org: Org,
  members: ReadonlyMap<string, readonly string[]>,
): DigestGroup {
  const team = org.teams.get(id)
  return {
    id,
    owners:
      id === ''
        ? [...org.people.values()].filter((person) => person.team === undefined).map((person) => person.id)
        : (members.get(id) ?? []),
    ...(id === '' ? { nobody: true } : {}),
    currency: team?.currency ?? org.company.currency,
    ...(team?.quarterlyTarget === undefined ? {} : { target: team.quarterlyTarget }),
    snapshot: { team: id },
  }
}

export const groupOfPerson = (id: string, org: Org): DigestGroup => {
  const team = org.people.get(id)?.team ?? ''
  return {
    id,
    owners: [id],
    currency: org.teams.get(team)?.currency ?? org.company.currency,
    snapshot: { team, person: id },
  }
}

/** Groups whose people together are few enough for one query. */
export function* batches(groups: readonly DigestGroup[]): Generator<readonly DigestGroup[]> {
  let batch: DigestGroup[] = []
  let people = 0
  for (const group of groups) {
    if (batch.length > 0 && people + group.owners.length > peopleAtOnce) {
      yield batch
      batch = []
      people = 0
    }
    batch.push(group)
    people += group.owners.length
  }
  if (batch.length > 0) yield batch
}

export const dealsOfGroups = (groups: readonly DigestGroup[]): DealsOf => ({
  owners: [...new Set(groups.flatMap(({ owners }) => owners))],
  ...(groups.some(({ nobody }) => nobody) ? { nobody: true } : {}),
})

/** Rows by their owner, `''` for those of nobody. */
export function byOwner<T extends { readonly owner?: string }>(rows: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of rows) {
    const key = row.owner ?? ''
    const mine = found.get(key)
    if (mine) mine.push(row)
    else found.set(key, [row])
  }
  return found
}

export const ofGroup = <T>(rows: ReadonlyMap<string, readonly T[]>, group: DigestGroup): T[] => {
  const mine = group.owners.flatMap((owner) => rows.get(owner) ?? [])
  return group.nobody ? [...mine, ...(rows.get('') ?? [])] : mine
}

/**
 * The digests of many groups for the week before a day, a batch at a time: sums over one index for hundreds of people
 * in one query, never a query a team, and never so long a query that somebody waits for it.
 */
export async function* digestsOf(
  desk: NumbersDesk,
  groups: readonly DigestGroup[],
  slot: PlainDate,
): AsyncGenerator<readonly ComputedDigest[]> {
  const { store, company, org, policy, now } = desk
  const days = pipelineDays(desk)
  const week = periodOf(org, addDays(slot, -7), addDays(slot, -1))
  const all = dealsOfGroups(groups)
  const named: DealsOf = all !== 'all' && 'owners' in all && all.owners.length <= peopleNamed ? all : 'all'
  const rates = await store.fxRates(company, days.today)
  const moves: ReadonlyMap<string, readonly DealMove[]> = byOwner(await store.dealMoves(company, named, week))
  const won = byOwner(await store.wonCells(company, named, days.quarterFrom, days.today))
  const given = new Map<string, GivenDiscount[]>()
  for (const discount of await store.givenDiscounts(company, week.since, week.until))
    given.set(discount.requester, [...(given.get(discount.requester) ?? []), discount])
  const slips = now - slipsSince * 86_400_000
  for (const batch of batches(groups)) {
    const of = dealsOfGroups(batch)
    const cells = byOwner(await store.pipelineCells(company, of, days))
    const risky = byOwner(await store.riskRows(company, of, days, slips, riskMost.person))
    const teams = [...new Set(batch.map(({ snapshot }) => snapshot.team))]
    const then = new Map<string, SnapshotCell[]>()
    const since = addDays(slot, -snapshotAge)
    for (const cell of await store.pipelineSnapshot(company, teams, since, addDays(slot, -1))) {
      const team = then.get(cell.team)
      if (team) team.push(cell)
      else then.set(cell.team, [cell])
    }
    const computed: ComputedDigest[] = []
    for (const group of batch) {
      const { convert, ratesOn } = converterTo(group.currency, rates)
      const own: PipelineCell[] = ofGroup(cells, group)
      const before = partOf(then.get(group.snapshot.team), group)
      const ranked = risksOf(ofGroup(risky, group), days.today, policy, convert).slice(0, riskMost.group)
      const wanted = new Set(
        await notSnoozed(
          desk,
          ranked.map(({ deal }) => deal),
        ),
      )
      const discounts = group.owners.flatMap((owner) => given.get(owner) ?? [])
      computed.push({
        group,
        snapshot: snapshotOf(group.snapshot.team, slot, own),
        discounts,
        digest: digestOf({
          from: week.from,
          to: week.to,
          days,
          quarter: days.quarter,
          currency: group.currency,
          convert,
          ratesOn,
          policy,
          cells: own,
          won: ofGroup(won, group),
          moves: ofGroup(moves, group),
          risks: ofGroup(risky, group).filter(({ deal }) => wanted.has(deal)),
          discounts,
          ...(group.target === undefined ? {} : { target: group.target }),
          ...(before ? { before } : {}),
        }),
      })
    }
    yield computed
  }
}

/** What of a team's snapshot a group is compared with; nothing where none was taken. */
function partOf(cells: readonly SnapshotCell[] | undefined, group: DigestGroup): SnapshotCell[] | undefined {
  if (!cells) return undefined
  const { person } = group.snapshot
  return person === undefined
    ? [...cells]
    : cells.filter(({ facet, value }) => facet === 'owner' && value === person)
}

/** Snooze is law for every schedule: what somebody asked to hear of later is no top risk until then. */
async function notSnoozed({ store, company }: NumbersDesk, deals: readonly string[]): Promise<string[]> {
  const wanted: string[] = []
  for (const deal of deals) {
    const nudges = await store.openNudgesOn(company, { noun: 'deal', id: deal })
    if (!nudges.some(({ status }) => status === 'snoozed' || status === 'muted')) wanted.push(deal)
  }
  return wanted
}

/** The forecast of every team, and of nobody's deals, as a snapshot of this instant: by currency, nothing converted. */
export async function forecastSnapshot(desk: NumbersDesk): Promise<ForecastSnapshot[]> {
  const { store, company, org, policy, now } = desk
  const days = pipelineDays(desk)
  const members = membersByTeam(org)
  const groups = ['', ...[...org.teams.keys()].sort()].map((id) => groupOfTeam(id, org, members))
  const won = byOwner(await store.wonCells(company, 'all', days.quarterFrom, days.today))
  const rows: ForecastSnapshot[] = []
  for (const batch of batches(groups)) {
    const cells = byOwner(await store.pipelineCells(company, dealsOfGroups(batch), days))
    for (const group of batch) {
      const own = ofGroup(cells, group)
      const sold = ofGroup(won, group)
      const currencies = new Set([
        ...own.flatMap(({ currency }) => (currency ? [currency] : [])),
        ...sold.map(({ currency }) => currency),
        ...(group.target === undefined ? [] : [group.currency]),
      ])
      for (const currency of [...currencies].sort()) {
        const sum = forecastOf(
          own,
          sold,
          {
            quarter: days.quarter,
            currency,
            ...(group.target !== undefined && group.currency === currency ? { target: group.target } : {}),
          },
          policy,
          (amount, from) => (from === currency ? amount : undefined),
        )
        rows.push({
          quarter: days.quarter,
          team: group.id,
          currency,
          takenAt: now,
          weighted: sum.weighted,
          commit: sum.commit,
          best: sum.best,
          pipeline: sum.pipeline,
          won: sum.won,
          ...(sum.target === undefined ? {} : { target: sum.target }),
        })
      }
    }
  }
  return rows
}
