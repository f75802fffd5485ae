import { addDays, localDate, type PlainDate } from '../src/canon/calendar.ts'
import {
  type CriticalAccount,
  type CustomerSnapshot,
  type GradeMove,
  type SettledRenewal,
  weakestPart,
} from '../src/canon/customers.ts'
import {
  type CustomerDigest,
  type CustomerTask,
  csmOfHandoff,
  customerDigest,
  hasNoCustomers,
} from '../src/canon/digest-customers.ts'
import type { Handoff } from '../src/canon/handoff.ts'
import { readHealth } from '../src/canon/health.ts'
import type { Org } from '../src/canon/people.ts'
import { converterTo } from '../src/canon/pipeline.ts'
import { type RenewalLine, renewalRange } from '../src/canon/renewal.ts'
import { type DigestGroup, type NumbersDesk, periodOf, snapshotAge } from './digest.ts'
import { signalsRead } from './health-assess.ts'
import { openTasks } from './nudge-health.ts'
import { qbrsDue } from './nudge-qbr.ts'

/** The customers of a group's people, with what this day's snapshot keeps of them. */
export interface ComputedCustomers {
  readonly digest: CustomerDigest
  readonly snapshot: readonly CustomerSnapshot[]
}

/** CSMs whose customers are added up in one query: some ten thousand accounts, in which nobody waits. */
const csmsAtOnce = 20
/** Red customers that are looked at a CSM, and that a digest names. */
const criticalMost = { csm: 5, named: 3 } as const
/** An onboarding takes a quarter; what is older than this was forgotten, not late. Days. */
const handoffsSince = 400

const keeps = (id: string, org: Org): boolean => {
  const person = org.people.get(id)
  return person?.active === true && person.roles.some((role) => role === 'csm' || role === 'cs_manager')
}

/** What is read once for all CSMs of a company, by CSM. */
interface CompanyWide {
  readonly moves: ReadonlyMap<string, readonly GradeMove[]>
  readonly settled: ReadonlyMap<string, readonly SettledRenewal[]>
  readonly tasks: ReadonlyMap<string, readonly CustomerTask[]>
  readonly qbrs: ReadonlyMap<string, readonly { readonly csm: string }[]>
  readonly handoffs: ReadonlyMap<string, readonly Handoff[]>
}

/**
 * Reads the customers of groups of people, a batch of groups at a time; groups that keep no customers are left out. What
 * is read over the whole company is read once, and not at all where nobody keeps customers.
 */
export function customersReader(
  desk: NumbersDesk,
  slot: PlainDate,
  named: number,
): (groups: readonly DigestGroup[]) => Promise<ReadonlyMap<string, ComputedCustomers>> {
  const { store, company, org, policy, now } = desk
  const { timeZone } = org.company.working
  const today = localDate(now, timeZone)
  let wide: Promise<CompanyWide> | undefined
  return async (groups) => {
    const people = [...new Set(groups.flatMap(({ owners }) => owners))]
    const cells = byCsm(await inParts(people, (csms) => store.customerCells(company, csms)))
    const csms = people.filter((id) => cells.has(id) || keeps(id, org))
    if (csms.length === 0) return new Map()
    wide ??= companyWide(desk, slot, today)
    const range = renewalRange(today, policy.health)
    const [all, critical, renewals, then, rates] = [
      await wide,
      byCsm(await inParts(csms, (part) => store.criticalAccounts(company, part, criticalMost.csm))),
      byCsm(await inParts(csms, (part) => store.renewalsOfCsms(company, part, range.from, range.to))),
      byCsm(await store.customerSnapshot(company, csms, addDays(slot, -snapshotAge), addDays(slot, -1))),
      await store.fxRates(company, today),
    ]
    const computed = new Map<string, ComputedCustomers>()
    for (const group of groups) {
      const of = <T>(rows: ReadonlyMap<string, readonly T[]>): T[] =>
        group.owners.flatMap((id) => rows.get(id) ?? [])
      const { convert, ratesOn } = converterTo(group.currency, rates)
      const own = of(cells)
      const before = of(then)
      const red = of(critical).sort((a, b) => worthOf(b) - worthOf(a) || a.score - b.score)
      const digest = customerDigest({
        today,
        timeZone,
        currency: group.currency,
        convert,
        ratesOn,
        policy: policy.health,
        cells: own,
        ...(before.length > 0 ? { before } : {}),
        moves: of(all.moves),
        critical: await withReasons(desk, await notPutOff(desk, red), today),
        renewals: of<RenewalLine>(renewals).sort((a, b) => (a.renewalOn < b.renewalOn ? -1 : 1)),
        settled: of(all.settled),
        tasks: of(all.tasks),
        qbrs: of(all.qbrs).map(({ csm }) => csm),
        handoffs: of(all.handoffs),
        named,
      })
      if (hasNoCustomers(digest) && !group.owners.some((id) => keeps(id, org))) continue
      computed.set(group.id, { digest, snapshot: own.map((cell) => ({ ...cell, takenOn: slot })) })
      function worthOf({ arr }: CriticalAccount): number {
        return arr ? (convert(arr.amount, arr.currency) ?? 0) : 0
      }
    }
    return computed
  }
}

async function inParts<T>(
  ids: readonly string[],
  read: (part: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const rows: T[] = []
  for (let at = 0; at < ids.length; at += csmsAtOnce)
    rows.push(...(await read(ids.slice(at, at + csmsAtOnce))))
  return rows
}

function byCsm<T extends { readonly csm?: string }>(rows: readonly T[]): Map<string, T[]> {
  return grouped(rows, ({ csm }) => csm)
}

function grouped<T>(rows: readonly T[], csmOf: (row: T) => string | undefined): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of rows) {
    const csm = csmOf(row)
    if (csm === undefined) continue
    const mine = found.get(csm)
    if (mine) mine.push(row)
    else found.set(csm, [row])
  }
  return found
}

async function companyWide(desk: NumbersDesk, slot: PlainDate, today: PlainDate): Promise<CompanyWide> {
  const { store, company, org, now } = desk
  const week = periodOf(org, addDays(slot, -7), addDays(slot, -1))
  const tasks: CustomerTask[] = []
  for (const kind of ['review', 'plan'] as const)
    for await (const { task, account, health } of openTasks(desk, kind))
      if (account.csm !== undefined && health) tasks.push({ csm: account.csm, task, health })
  const qbrs: { csm: string }[] = []
  for await (const { line } of qbrsDue({ ...desk, today })) qbrs.push({ csm: line.csm })
  return {
    moves: byCsm(await store.gradeMoves(company, week.since, week.until)),
    settled: byCsm(await store.settledRenewals(company, week.from, week.to)),
    tasks: byCsm(tasks),
    qbrs: byCsm(qbrs),
    handoffs: grouped(await store.customerHandoffs(company, now - handoffsSince * 86_400_000), csmOfHandoff),
  }
}

/** Snooze is law for every schedule: an account that somebody asked to hear of later is no top risk until then. */
async function notPutOff(
  { store, company }: NumbersDesk,
  accounts: readonly CriticalAccount[],
): Promise<CriticalAccount[]> {
  const wanted: CriticalAccount[] = []
  for (const each of accounts) {
    if (wanted.length === criticalMost.named) break
    const nudges = await store.openNudgesOn(company, { noun: 'account', id: each.account })
    const later = nudges.some(
      ({ kind, status }) => kind === 'health-red' && (status === 'snoozed' || status === 'muted'),
    )
    if (!later) wanted.push(each)
  }
  return wanted
}

/** What pulls each of them down: read for the few that are named. */
const withReasons = (
  { store, company, policy }: NumbersDesk,
  accounts: readonly CriticalAccount[],
  today: PlainDate,
): Promise<CriticalAccount[]> =>
  Promise.all(
    accounts.map(async (each) => {
      const { parts } = readHealth(
        await store.signalsOf(company, each.account, signalsRead),
        policy.health,
        today,
      )
      const weakest = weakestPart(parts)
      return weakest ? { ...each, weakest: { component: weakest.component, score: weakest.score } } : each
    }),
  )
