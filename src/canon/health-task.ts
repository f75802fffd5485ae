import { addDays, type Instant, type PlainDate } from './calendar.ts'
import type { AccountHealth, Grade, GradeChange, HealthAccount } from './health.ts'
import { managersOf, type Org, type Person } from './people.ts'
import type { HealthPolicy } from './policy-health.ts'
import { type Ruling, refuse } from './refusal.ts'

/**
 * What a grade asks of people (Canon, Account health): `review`, when an account turns red, stays open until somebody
 * closes it with an action, whatever the score does meanwhile; `plan`, when it turns yellow, is an action plan within
 * 30 days, and has had its time once the account is healthy or red.
 */
export interface HealthTask {
  readonly id: string
  readonly account: string
  readonly kind: 'review' | 'plan'
  readonly version: number
  readonly status: 'open' | 'closed'
  readonly openedAt: Instant
  readonly openedOn: PlainDate
  /** The score that opened it, tenths of a point. */
  readonly score: number
  /** Of a plan: the day by which it is to be made. */
  readonly dueOn?: PlainDate
  /** Of a review: the executive sponsor it proposes, a person id; then the one who was agreed upon. */
  readonly sponsor?: string
  /** What is done about it: the action that closed the review, or the plan. */
  readonly action?: string
  readonly note?: string
  /** Of a plan: the day on which it is looked at again. */
  readonly plannedUntil?: PlainDate
  readonly plannedBy?: string
  readonly plannedAt?: Instant
  readonly closedAt?: Instant
  /** Person id, or `system`. */
  readonly closedBy?: string
  /** Why a plan closed by itself. */
  readonly closedWhy?: 'healthy' | 'critical'
}

type HealthTaskFact =
  | { readonly fact: 'review-opened'; readonly score: number; readonly sponsor?: string }
  | { readonly fact: 'plan-opened'; readonly score: number; readonly dueOn: PlainDate }
  | { readonly fact: 'review-closed'; readonly by: string; readonly sponsor?: string }
  | { readonly fact: 'review-reopened'; readonly by: string }
  | { readonly fact: 'plan-made'; readonly by: string; readonly until: PlainDate }
  | { readonly fact: 'plan-ended'; readonly why: 'healthy' | 'critical' }

export interface HealthTaskStep {
  readonly before?: HealthTask
  readonly next: HealthTask
  readonly fact: HealthTaskFact
}

/** The tasks an account has open when its grade is ruled on: at most one of each kind. */
export interface OpenTasks {
  readonly review?: HealthTask
  readonly plan?: HealthTask
}

/** The executive sponsor an account has; else the highest leader above its CSM or AE, as a proposal. */
export function sponsorFor(account: HealthAccount, org: Org): string | undefined {
  const own = account.executiveSponsor === undefined ? undefined : org.people.get(account.executiveSponsor)
  if (own?.active) return own.id
  const near = [account.csm, account.ae].flatMap((id) => (id === undefined ? [] : (org.people.get(id) ?? [])))
  const above = near.flatMap((person) => managersOf(person, org))
  for (const role of ['c_level', 'vp_sales'] as const) {
    const found = above.find((person) => person.active && person.roles.includes(role))
    if (found) return found.id
  }
  return undefined
}

const active = (id: string | undefined, org: Org): Person | undefined => {
  const person = id === undefined ? undefined : org.people.get(id)
  return person?.active ? person : undefined
}

/** The CS Managers of an account: the nearest above its CSM, else everybody with the role. Person ids. */
export function csManagersOf(account: HealthAccount, org: Org): string[] {
  const csm = account.csm === undefined ? undefined : org.people.get(account.csm)
  const leads = (person: Person) => person.active && person.roles.includes('cs_manager')
  const near = csm && managersOf(csm, org).find(leads)
  if (near) return [near.id]
  const everybody = [...org.people.values()].filter((person) => leads(person) && person.id !== csm?.id)
  return everybody.map(({ id }) => id).sort()
}

/** Who is to act on an account's health first: its CSM, else a CS Manager, else its AE. */
export function healthOwner(account: HealthAccount, org: Org): string | undefined {
  return active(account.csm, org)?.id ?? csManagersOf(account, org)[0] ?? active(account.ae, org)?.id
}

/** What a change of grade opens and ends. `newId` names each task that is opened. */
export function tasksAfter(
  change: GradeChange,
  open: OpenTasks,
  account: HealthAccount,
  world: { readonly org: Org; readonly policy: HealthPolicy; readonly newId: () => string },
): HealthTaskStep[] {
  const { at, on, score } = change
  const steps: HealthTaskStep[] = []
  const fresh = {
    account: account.id,
    version: 1,
    status: 'open',
    openedAt: at,
    openedOn: on,
    score,
  } as const
  if (open.plan && change.to !== 'at-risk') {
    const why = change.to
    steps.push({
      before: open.plan,
      next: {
        ...open.plan,
        version: open.plan.version + 1,
        status: 'closed',
        closedAt: at,
        closedBy: 'system',
        closedWhy: why,
      },
      fact: { fact: 'plan-ended', why },
    })
  }
  if (change.to === 'critical' && !open.review) {
    const sponsor = sponsorFor(account, world.org)
    const who = sponsor === undefined ? {} : { sponsor }
    steps.push({
      next: { ...fresh, id: world.newId(), kind: 'review', ...who },
      fact: { fact: 'review-opened', score, ...who },
    })
  }
  if (change.to === 'at-risk' && !open.plan) {
    const dueOn = addDays(on, world.policy.planWithinDays)
    steps.push({
      next: { ...fresh, id: world.newId(), kind: 'plan', dueOn },
      fact: { fact: 'plan-opened', score, dueOn },
    })
  }
  return steps
}

/** Somebody has acted on a red account: the review is closed with what was done, and who sponsors the account. */
export function closeReview(
  task: HealthTask,
  act: {
    readonly by: string
    readonly at: Instant
    readonly action: string
    readonly note?: string
    readonly sponsor?: string
  },
): Ruling<HealthTaskStep> {
  if (task.kind !== 'review') return refuse({ code: 'not-found', what: 'review' })
  if (task.status === 'closed')
    return refuse({
      code: 'already-settled',
      status: 'reviewed',
      ...(task.closedBy ? { by: task.closedBy } : {}),
      ...(task.closedAt === undefined ? {} : { at: task.closedAt }),
    })
  if (act.action.trim() === '') return refuse({ code: 'text-missing' })
  const { sponsor: _proposed, ...kept } = task
  const who = act.sponsor === undefined ? {} : { sponsor: act.sponsor }
  const next: HealthTask = {
    ...kept,
    ...who,
    version: task.version + 1,
    status: 'closed',
    action: act.action,
    ...(act.note ? { note: act.note } : {}),
    closedAt: act.at,
    closedBy: act.by,
  }
  return {
    ok: true,
    next: { before: task, next, fact: { fact: 'review-closed', by: act.by, ...who } },
    facts: [],
  }
}

/** A review that was closed too early is open again; what was written stays to be gone on with. */
export function reopenReview(
  task: HealthTask,
  act: { readonly by: string },
  open: OpenTasks,
): Ruling<HealthTaskStep> {
  if (task.kind !== 'review' || task.status === 'open') return refuse({ code: 'moved-on' })
  // The account has turned red again meanwhile: the newer review is the one to work on.
  if (open.review) return refuse({ code: 'moved-on' })
  const { closedAt: _at, closedBy: _by, ...kept } = task
  const next: HealthTask = { ...kept, version: task.version + 1, status: 'open' }
  return {
    ok: true,
    next: { before: task, next, fact: { fact: 'review-reopened', by: act.by } },
    facts: [],
  }
}

/** The action plan of a yellow account, or a new one in its place; `until`: the day it is looked at again. */
export function makePlan(
  task: HealthTask,
  act: {
    readonly by: string
    readonly at: Instant
    readonly today: PlainDate
    readonly plan: string
    readonly until: PlainDate
  },
): Ruling<HealthTaskStep> {
  if (task.kind !== 'plan') return refuse({ code: 'not-found', what: 'plan' })
  if (task.status === 'closed')
    return refuse({
      code: 'already-settled',
      status: 'planned',
      ...(task.closedAt === undefined ? {} : { at: task.closedAt }),
    })
  if (act.plan.trim() === '') return refuse({ code: 'text-missing' })
  if (act.until <= act.today) return refuse({ code: 'day-not-ahead', text: act.until })
  const next: HealthTask = {
    ...task,
    version: task.version + 1,
    action: act.plan,
    plannedUntil: act.until,
    plannedBy: act.by,
    plannedAt: act.at,
  }
  return {
    ok: true,
    next: { before: task, next, fact: { fact: 'plan-made', by: act.by, until: act.until } },
    facts: [],
  }
}

/** Days before a plan is due from which it is asked for once more. */
const soonDays = 7

/**
 * What a yellow account's plan asks for today: `make` it · `soon`: it is due within a week · `overdue` · `check`: its
 * day has come and the account is still yellow. `undefined`: nothing today.
 */
export function planAsks(
  task: HealthTask,
  grade: Grade,
  today: PlainDate,
): 'make' | 'soon' | 'overdue' | 'check' | undefined {
  if (task.kind !== 'plan' || task.status === 'closed' || grade !== 'at-risk' || !task.dueOn) return undefined
  if (task.plannedUntil !== undefined) return task.plannedUntil <= today ? 'check' : undefined
  if (today > task.dueOn) return 'overdue'
  return today >= addDays(task.dueOn, -soonDays) ? 'soon' : 'make'
}

/** Whether a review still presses: it is open, and the account is red. */
export const reviewPresses = (task: HealthTask, health: Pick<AccountHealth, 'grade'>): boolean =>
  task.kind === 'review' && task.status === 'open' && health.grade === 'critical'
