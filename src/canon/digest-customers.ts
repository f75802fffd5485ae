import { addDays, daysBetween, localDate, type PlainDate } from './calendar.ts'
import {
  type CriticalAccount,
  type CustomerCell,
  type CustomerSnapshot,
  type GradeMove,
  type GradeOrNone,
  gradesOrNone,
  type SettledRenewal,
} from './customers.ts'
import { type CustomerAnomaly, customerAnomalies } from './digest-customer-anomaly.ts'
import type { Handoff } from './handoff.ts'
import { type AccountHealth, type Grade, grades } from './health.ts'
import { type HealthTask, planAsks, reviewPresses } from './health-task.ts'
import type { Money } from './money.ts'
import type { Convert } from './pipeline.ts'
import type { HealthPolicy } from './policy-health.ts'
import { type OutcomeKind, type RenewalLine, renewalOutcomes } from './renewal.ts'

/** Customers and their ARR, minor units of the digest's currency. */
export interface GradeSum {
  readonly accounts: number
  readonly arr: number
}

export type ByGrade = Readonly<Record<GradeOrNone, GradeSum>>

/** Renewals that fall between two numbers of days from today, both included, and have no outcome yet. */
interface RenewalWindow extends GradeSum {
  readonly from: number
  readonly to: number
  /** ARR of those that are yellow or red. */
  readonly atRisk: number
  /** Of how many of them what is due by now was done; those that are at no milestone yet count as done. */
  readonly acted: number
}

/** A renewal that a digest names. */
export interface NamedRenewal {
  readonly account: string
  readonly csm?: string
  readonly renewalOn: PlainDate
  readonly daysLeft: number
  readonly arr?: Money
  readonly grade?: Grade
  /** The milestone it is at, and whether that was acted upon. */
  readonly milestone?: number
  readonly done: boolean
}

/** What of the work on customers is late or waits, in numbers of customers. */
interface CustomerWork {
  /** Reviews of red accounts that are open, and of those the ones open for over a week. */
  readonly reviews: number
  readonly reviewsLate: number
  /** Action plans of yellow accounts that are due or whose day has come. */
  readonly plansLate: number
  /** QBRs that this quarter needs and has not had. */
  readonly qbrs: number
  /** AE→CS handoffs that nobody has accepted. */
  readonly handoffs: number
  /** Accepted ones whose kickoff has no day. */
  readonly kickoffs: number
  /** Onboardings with a 30/60/90-day milestone past its day. */
  readonly milestones: number
}

/** One CSM's part of a team's digest. */
interface CsmLine {
  readonly person: string
  readonly accounts: number
  readonly arr: number
  readonly atRisk: number
  readonly critical: number
  /** Critical ones last week. */
  readonly criticalBefore?: number
  /** Renewals of the next 90 days, and those past without an outcome. */
  readonly renewals: number
  readonly past: number
  readonly late: number
  readonly expansions: number
}

/** All that a digest says of customers, as numbers and ids (Canon, Account health; Renewals; Digests). */
export interface CustomerDigest {
  readonly currency: string
  readonly ratesOn?: PlainDate
  /** Currencies that no rate joins: their customers are counted, their ARR is in no sum. */
  readonly apart: readonly string[]
  /** The day of the snapshot it is compared with; absent where there is none yet. */
  readonly comparedOn?: PlainDate
  readonly grades: ByGrade
  readonly before?: ByGrade
  /** Customers whose grade changed in the week. */
  readonly moved: { readonly worse: number; readonly better: number }
  readonly critical: readonly CriticalAccount[]
  /** Past without an outcome, then the next 30, 60, 90 and 180 days, or as the company's milestones have it. */
  readonly past: GradeSum
  readonly windows: readonly RenewalWindow[]
  readonly next: readonly NamedRenewal[]
  /** Outcomes of the week; `arr` is what was renewed, and what was lost. */
  readonly settled: Readonly<Record<OutcomeKind, GradeSum>>
  readonly work: CustomerWork
  /** CS→AE handoffs under way, drafts that a signal proposes among them, by account. */
  readonly expansions: readonly string[]
  readonly anomalies: readonly CustomerAnomaly[]
  readonly csms: readonly CsmLine[]
}

/** An open review or plan of a customer. */
export interface CustomerTask {
  readonly csm: string
  readonly task: HealthTask
  readonly health: Pick<AccountHealth, 'grade'>
}

/** What a digest of customers is computed from: only what is of its CSMs. */
export interface CustomerWorld {
  readonly today: PlainDate
  readonly timeZone: string
  readonly currency: string
  readonly convert: Convert
  readonly ratesOn?: () => PlainDate | undefined
  readonly policy: HealthPolicy
  readonly cells: readonly CustomerCell[]
  readonly before?: readonly CustomerSnapshot[]
  readonly moves: readonly GradeMove[]
  readonly critical: readonly CriticalAccount[]
  readonly renewals: readonly RenewalLine[]
  readonly settled: readonly SettledRenewal[]
  readonly tasks: readonly CustomerTask[]
  /** The CSM of each customer whose QBR is due. */
  readonly qbrs: readonly string[]
  /** AE→CS handoffs by their receiver, CS→AE handoffs by their sender. */
  readonly handoffs: readonly Handoff[]
  /** How many renewals are named. */
  readonly named: number
}

/** A review that is open for longer is late: it was asked for at once. Days. */
const reviewDays = 7
/** Renewals nearer than this are named. Days. */
const namedDays = 90

const none: GradeSum = { accounts: 0, arr: 0 }

/** The customers of a team's CSMs, or of one, in a week. Deterministic, whatever order the record is read in. */
export function customerDigest(world: CustomerWorld): CustomerDigest {
  const { cells, before, convert, currency } = world
  const now = byGrade(cells, convert)
  const then = before && byGrade(before, convert)
  const order = (grade: Grade) => grades.indexOf(grade)
  const { past, windows } = windowsOf(world)
  const digest: CustomerDigest = {
    currency,
    apart: [...new Set(cells.flatMap((cell) => (cell.currency === '' ? [] : [cell.currency])))]
      .filter((code) => convert(1, code) === undefined)
      .sort(),
    ...(before?.[0] ? { comparedOn: before[0].takenOn } : {}),
    grades: now,
    ...(then ? { before: then } : {}),
    moved: {
      worse: world.moves.filter(({ from, to }) => order(to) > order(from)).length,
      better: world.moves.filter(({ from, to }) => order(to) < order(from)).length,
    },
    critical: world.critical,
    past,
    windows,
    next: namedOf(world),
    settled: settledOf(world),
    work: workOf(world),
    expansions: expansionsOf(world.handoffs),
    anomalies: then ? customerAnomalies(now, then) : [],
    csms: csmLines(world),
  }
  const ratesOn = world.ratesOn?.()
  return ratesOn === undefined ? digest : { ...digest, ratesOn }
}

function byGrade(cells: readonly CustomerCell[], convert: Convert): ByGrade {
  const sums = Object.fromEntries(gradesOrNone.map((grade) => [grade, { ...none }])) as Record<
    GradeOrNone,
    { accounts: number; arr: number }
  >
  for (const cell of cells) {
    const sum = sums[cell.grade]
    sum.accounts += cell.accounts
    if (cell.currency !== '') sum.arr += convert(cell.arr, cell.currency) ?? 0
  }
  return sums
}

const worth = (money: Money | undefined, convert: Convert): number =>
  money ? (convert(money.amount, money.currency) ?? 0) : 0

const isAtRisk = (grade: Grade | undefined): boolean => grade === 'at-risk' || grade === 'critical'

/** The milestone of a day: the last one that has come (Canon, Renewals). */
const milestoneAt = (daysLeft: number, policy: HealthPolicy): number | undefined =>
  policy.renewalDays.filter((day) => daysLeft <= day).at(-1)

function windowsOf({ renewals, today, policy, convert }: CustomerWorld): {
  past: GradeSum
  windows: RenewalWindow[]
} {
  const lines = renewals.map((line) => ({
    daysLeft: daysBetween(today, line.renewalOn),
    arr: worth(line.arr, convert),
    line,
  }))
  const sum = (of: typeof lines) => of.reduce((all, { arr }) => all + arr, 0)
  const past = lines.filter(({ daysLeft }) => daysLeft < 0)
  const ends = [...policy.renewalDays].filter((day) => day > 0).sort((a, b) => a - b)
  return {
    past: { accounts: past.length, arr: sum(past) },
    windows: ends.map((to, at) => {
      const from = at === 0 ? 0 : ends[at - 1]! + 1
      const of = lines.filter(({ daysLeft }) => daysLeft >= from && daysLeft <= to)
      return {
        from,
        to,
        accounts: of.length,
        arr: sum(of),
        atRisk: sum(of.filter(({ line }) => isAtRisk(line.health?.grade))),
        acted: of.filter(({ line, daysLeft }) => {
          const milestone = milestoneAt(daysLeft, policy)
          return milestone === undefined || line.done.includes(milestone)
        }).length,
      }
    }),
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function namedOf({ renewals, today, policy, named }: CustomerWorld): NamedRenewal[] {
  return renewals
    .map((line): NamedRenewal => {
      const daysLeft = daysBetween(today, line.renewalOn)
      const milestone = milestoneAt(daysLeft, policy)
      return {
        account: line.account,
        ...(line.csm === undefined ? {} : { csm: line.csm }),
        renewalOn: line.renewalOn,
        daysLeft,
        ...(line.arr ? { arr: line.arr } : {}),
        ...(line.health ? { grade: line.health.grade } : {}),
        ...(milestone === undefined ? {} : { milestone }),
        done: milestone !== undefined && line.done.includes(milestone),
      }
    })
    .filter(({ daysLeft }) => daysLeft <= namedDays)
    .sort((a, b) => byText(a.renewalOn, b.renewalOn) || byText(a.account, b.account))
    .slice(0, named)
}

function settledOf({ settled, convert }: CustomerWorld): CustomerDigest['settled'] {
  const sums = renewalOutcomes.map((kind) => {
    const of = settled.filter(({ outcome }) => outcome === kind)
    // Renewed: what goes on. Contraction and churn: what is gone.
    const arr = of.reduce((all, { before, after }) => {
      const [then, next] = [worth(before, convert), worth(after, convert)]
      return all + (kind === 'renewed' ? next : then - next)
    }, 0)
    return [kind, { accounts: of.length, arr }]
  })
  return Object.fromEntries(sums) as CustomerDigest['settled']
}

function workOf({ tasks, qbrs, handoffs, today, timeZone }: CustomerWorld): CustomerWork {
  const reviews = tasks.filter(({ task, health }) => reviewPresses(task, health))
  const asks = tasks.map(({ task, health }) => planAsks(task, health.grade, today))
  const taken = handoffs.filter(({ kind }) => kind === 'ae-to-cs')
  const accepted = taken.filter(({ status }) => status === 'accepted')
  return {
    reviews: reviews.length,
    reviewsLate: reviews.filter(({ task }) => daysBetween(task.openedOn, today) > reviewDays).length,
    plansLate: asks.filter((ask) => ask === 'overdue' || ask === 'check').length,
    qbrs: qbrs.length,
    handoffs: taken.filter(({ status }) => status === 'submitted').length,
    // On the day it was accepted nobody is late yet.
    kickoffs: accepted.filter(
      ({ kickoffOn, acceptedAt }) =>
        kickoffOn === undefined &&
        acceptedAt !== undefined &&
        localDate(acceptedAt, timeZone) < addDays(today, -1),
    ).length,
    milestones: accepted.filter(({ milestones }) =>
      milestones.some(({ doneOn, dueOn }) => doneOn === undefined && dueOn < today),
    ).length,
  }
}

const expansionsOf = (handoffs: readonly Handoff[]): string[] =>
  [
    ...new Set(
      handoffs.flatMap(({ kind, status, account }) =>
        kind === 'cs-to-ae' && status !== 'accepted' && status !== 'withdrawn' && account ? [account] : [],
      ),
    ),
  ].sort()

/** How much is late in all. A customer may count more than once: each is a thing to do. */
const lateOf = ({ reviewsLate, plansLate, qbrs, handoffs, kickoffs, milestones }: CustomerWork): number =>
  reviewsLate + plansLate + qbrs + handoffs + kickoffs + milestones

/** Whose handoff it is: the CSM's, who receives what was won and sends what could grow. */
export const csmOfHandoff = ({ kind, sender, receiver }: Handoff): string | undefined =>
  kind === 'ae-to-cs' ? receiver : kind === 'cs-to-ae' ? sender : undefined

function csmLines(world: CustomerWorld): CsmLine[] {
  const { cells, before, convert, today } = world
  const ids = new Set([
    ...cells.map(({ csm }) => csm),
    ...world.renewals.flatMap(({ csm }) => (csm === undefined ? [] : [csm])),
  ])
  const accountsOf = (of: readonly CustomerCell[], id: string, grade?: GradeOrNone) =>
    of
      .filter((cell) => cell.csm === id && (grade === undefined || cell.grade === grade))
      .reduce((sum, { accounts }) => sum + accounts, 0)
  return [...ids]
    .map((id): CsmLine => {
      const mine = <T extends { readonly csm?: string }>(of: readonly T[]) =>
        of.filter(({ csm }) => csm === id)
      const handoffs = world.handoffs.filter((each) => csmOfHandoff(each) === id)
      const renewals = mine(world.renewals).map(({ renewalOn }) => daysBetween(today, renewalOn))
      const work = workOf({
        ...world,
        tasks: mine(world.tasks),
        qbrs: world.qbrs.filter((csm) => csm === id),
        handoffs,
      })
      return {
        person: id,
        accounts: accountsOf(cells, id),
        arr: mine(cells).reduce(
          (sum, cell) => sum + worth({ amount: cell.arr, currency: cell.currency }, convert),
          0,
        ),
        atRisk: accountsOf(cells, id, 'at-risk'),
        critical: accountsOf(cells, id, 'critical'),
        ...(before ? { criticalBefore: accountsOf(before, id, 'critical') } : {}),
        renewals: renewals.filter((days) => days >= 0 && days <= namedDays).length,
        past: renewals.filter((days) => days < 0).length,
        late: lateOf(work),
        expansions: expansionsOf(handoffs).length,
      }
    })
    .sort((a, b) => b.arr - a.arr || b.accounts - a.accounts || byText(a.person, b.person))
}

/** Whether there is nothing to say of customers: none, now or last week, and nothing is under way. */
export const hasNoCustomers = ({
  grades: now,
  before,
  work,
  expansions,
  windows,
  past,
}: CustomerDigest): boolean =>
  gradesOrNone.every((grade) => now[grade].accounts === 0 && (before?.[grade].accounts ?? 0) === 0) &&
  lateOf(work) === 0 &&
  expansions.length === 0 &&
  past.accounts + windows.reduce((sum, { accounts }) => sum + accounts, 0) === 0

/** Whether somebody has to do something about their customers: what a summary of their week is sent for. */
export const asksSomething = ({ grades: now, work, expansions, next, settled }: CustomerDigest): boolean =>
  now.critical.accounts + now['at-risk'].accounts > 0 ||
  lateOf(work) + work.reviews > 0 ||
  expansions.length > 0 ||
  next.length > 0 ||
  renewalOutcomes.some((kind) => settled[kind].accounts > 0)
