import type { Account } from './account.ts'
import {
  addDays,
  daysBetween,
  type Instant,
  isPlainDate,
  type PlainDate,
  type WorkingTime,
} from './calendar.ts'
import type { Grade } from './health.ts'
import type { Money } from './money.ts'
import { managersOf, type Org, type Person } from './people.ts'
import type { HealthPolicy } from './policy-health.ts'
import { type Ruling, refuse } from './refusal.ts'
import { workingDayFrom } from './slot.ts'
import { may } from './visibility.ts'

/** How a renewal ends (Canon, Renewals). */
export const renewalOutcomes = ['renewed', 'contraction', 'churn'] as const
export type OutcomeKind = (typeof renewalOutcomes)[number]

/** Something that was due a number of days before the renewal, and that somebody did. */
export interface MilestoneDone {
  /** Days before the renewal: 180, 90, 60, 30. */
  readonly day: number
  readonly by: string
  readonly at: Instant
  readonly note?: string
}

/** How it ended, with what the account was before and is after: for the history, and to be undone. */
export interface RenewalOutcome {
  readonly kind: OutcomeKind
  readonly by: string
  readonly at: Instant
  /** The day in the company's zone. */
  readonly on: PlainDate
  readonly reason?: string
  readonly before: { readonly arr?: Money; readonly renewalOn: PlainDate }
  /** A customer who left has no next renewal. */
  readonly after: { readonly arr?: Money; readonly renewalOn?: PlainDate }
}

/** What was done about one renewal of an account. There is none until somebody does something. */
export interface Renewal {
  readonly account: string
  readonly renewalOn: PlainDate
  readonly done: readonly MilestoneDone[]
  readonly outcome?: RenewalOutcome
  /** Outcomes that were taken back. */
  readonly undone: readonly { readonly outcome: RenewalOutcome; readonly by: string; readonly at: Instant }[]
  /** Milestones that were marked as done by mistake, with what was said of them. */
  readonly reopened?: readonly { readonly done: MilestoneDone; readonly by: string; readonly at: Instant }[]
  readonly version: number
}

/** A renewal as lists and nudges need it: the account's part of it, and what was done. */
export interface RenewalLine {
  readonly account: string
  readonly name: string
  readonly tier?: Account['tier']
  readonly csm?: string
  readonly ae?: string
  readonly arr?: Money
  readonly renewalOn: PlainDate
  /** Milestones that somebody acted upon: 180, 90, 60, 30. */
  readonly done: readonly number[]
  /** As it was last computed; score in tenths. */
  readonly health?: { readonly score: number; readonly grade: Grade }
}

/** What a milestone is for (Canon, Renewals). */
export type RenewalTask = 'forecast' | 'start' | 'talk' | 'contract' | 'outcome'

/**
 * What is to be done at a milestone, by where it stands among the company's own: a company with fewer of them has the
 * later tasks, so that what comes right before the renewal is always the contract.
 */
export function renewalTask(day: number, days: readonly number[]): RenewalTask {
  if (day === 0) return 'outcome'
  const before = days.filter((each) => each > 0)
  const found = before.findIndex((each) => each <= day)
  const at = found < 0 ? before.length - 1 : found
  return (
    (['forecast', 'start', 'talk', 'contract'] as const)[Math.max(0, 4 - before.length) + at] ?? 'contract'
  )
}

/** Where a renewal stands on a day. */
export interface RenewalState {
  /** The milestone of now: the last one whose day has come; nothing while the first is still ahead. */
  readonly milestone?: number
  /** The day it is told: its own, or the next on which the company works. */
  readonly dueOn?: PlainDate
  /** Days to the renewal; negative when it is past. */
  readonly daysLeft: number
  /** The milestone of now was acted upon. */
  readonly done: boolean
  /** The renewal itself is past and nobody recorded how it ended. */
  readonly past: boolean
}

/**
 * The milestone of now is the last whose calendar day has come, so that an account that arrives late (imported at
 * D-45) gets the one it is at, not all that lie behind it. D-90 is the calendar day 90 days before (Canon, Words).
 */
export function renewalState(
  line: Pick<RenewalLine, 'renewalOn' | 'done'>,
  today: PlainDate,
  policy: HealthPolicy,
  working: WorkingTime,
): RenewalState {
  const daysLeft = daysBetween(today, line.renewalOn)
  const milestone = policy.renewalDays.filter((day) => daysLeft <= day).at(-1)
  if (milestone === undefined) return { daysLeft, done: false, past: false }
  const dueOn = workingDayFrom(addDays(line.renewalOn, -milestone), working)
  return {
    milestone,
    dueOn,
    daysLeft,
    done: line.done.includes(milestone),
    // On a day off the renewal is told on the next working day: only after that one is it past.
    past: daysLeft < 0 && today > dueOn,
  }
}

/** What is to be told of a renewal on a day. */
export interface RenewalDue {
  readonly milestone: number
  readonly daysLeft: number
  readonly past: boolean
  /** It has been open for `renewalAgainDays` or longer. */
  readonly again: boolean
  /** Changes when it may be told again. */
  readonly cycle: string
}

/**
 * What is to be told today: the milestone of now while nobody acted upon it, and again every `renewalAgainDays`. A
 * renewal that is past is the CS Manager's, in cycles of its own (Canon, Renewals).
 */
export function renewalDue(
  line: Pick<RenewalLine, 'renewalOn' | 'done'>,
  today: PlainDate,
  policy: HealthPolicy,
  working: WorkingTime,
): RenewalDue | undefined {
  const { milestone, dueOn, daysLeft, done, past } = renewalState(line, today, policy, working)
  if (milestone === undefined || dueOn === undefined || done || today < dueOn) return undefined
  const open = daysBetween(dueOn, today)
  const turn = Math.floor((past ? open - 1 : open) / policy.renewalAgainDays)
  return {
    milestone,
    daysLeft,
    past,
    again: turn > 0,
    cycle: `${line.renewalOn}:${past ? 'past' : milestone}:${turn}`,
  }
}

/** How far back a renewal without an outcome is still told of; the list shows what is older, too. */
const renewalLookBackDays = 180

/** The renewals that may have something due on a day. */
export const renewalRange = (today: PlainDate, policy: HealthPolicy) => ({
  from: addDays(today, -renewalLookBackDays),
  to: addDays(today, policy.renewalDays[0] ?? 0),
})

// ── who ──────────────────────────────────────────────────────────────────────

/** The nearest CS Manager above a CSM, else the first of the company by id; for a CSM who is one, their manager. */
export function csManagerFor(csm: string | undefined, org: Org): string | undefined {
  const person = csm === undefined ? undefined : org.people.get(csm)
  const line = person ? managersOf(person, org).filter((each) => each.active) : []
  const above = line.find((each) => each.roles.includes('cs_manager'))
  if (above) return above.id
  if (person?.active && person.roles.includes('cs_manager')) return line[0]?.id ?? person.id
  const all = [...org.people.values()].filter((each) => each.active && each.roles.includes('cs_manager'))
  return all.map(({ id }) => id).sort()[0]
}

const here = (id: string | undefined, org: Org): string | undefined =>
  id !== undefined && org.people.get(id)?.active ? id : undefined

/** Whose renewal it is: the CSM, else the CS Manager, else the AE; nobody who left. */
export const renewalOwner = (line: Pick<RenewalLine, 'csm' | 'ae'>, org: Org): string | undefined =>
  here(line.csm, org) ?? csManagerFor(line.csm, org) ?? here(line.ae, org)

// ── what somebody does ───────────────────────────────────────────────────────

/** What a ruling on a renewal may look at. `renewal` is what was done so far, if anything. */
export interface RenewalWorld {
  readonly account: Account
  readonly renewal?: Renewal
  readonly policy: HealthPolicy
  readonly org: Org
  readonly now: Instant
  readonly today: PlainDate
}

/** The records after an act, each with the version it is guarded by. */
export interface RenewalStep {
  readonly renewal: Renewal
  readonly expect: number | 'new'
  /** Present where the account itself changes. */
  readonly account?: Account
}

export type RenewalFact =
  | { readonly fact: 'milestone-done'; readonly milestone: number }
  | { readonly fact: 'milestone-reopened'; readonly milestone: number; readonly doneBy: string }
  | {
      readonly fact: OutcomeKind
      readonly arrBefore?: number
      readonly arrAfter?: number
      readonly currency?: string
      readonly renewalOn?: PlainDate
    }
  | { readonly fact: 'outcome-undone'; readonly outcome: OutcomeKind }

/** The milestones that can still be marked as done: the renewal itself is done by its outcome. */
export const openMilestones = (done: readonly number[], policy: HealthPolicy): readonly number[] =>
  policy.renewalDays.filter((day) => day > 0 && !done.includes(day))

const stepOf = (world: RenewalWorld, renewalOn: PlainDate, change: Partial<Renewal>): RenewalStep => {
  const { renewal, account } = world
  const base: Renewal = renewal ?? { account: account.id, renewalOn, done: [], undone: [], version: 0 }
  return { renewal: { ...base, ...change, version: base.version + 1 }, expect: renewal?.version ?? 'new' }
}

/** Marks a milestone as done, with a note. */
export function doMilestone(
  act: { readonly by: string; readonly milestone: number; readonly note?: string },
  world: RenewalWorld,
): Ruling<RenewalStep, RenewalFact> {
  const { account, renewal, policy, org, now } = world
  const refusal = refusedOn(world)
  if (refusal) return refusal
  const person = org.people.get(act.by)
  if (!person || !may(person, 'renewal.record', { account }, org))
    return refuse({ code: 'not-allowed', what: 'renewal.record' })
  const done = renewal?.done ?? []
  const before = done.find(({ day }) => day === act.milestone)
  if (before) return refuse({ code: 'renewal-milestone-done', by: before.by, at: before.at })
  if (!openMilestones([], policy).includes(act.milestone)) return refuse({ code: 'no-such-milestone' })
  const own: MilestoneDone = {
    day: act.milestone,
    by: act.by,
    at: now,
    ...(act.note ? { note: act.note } : {}),
  }
  return {
    ok: true,
    next: stepOf(world, account.renewalOn as PlainDate, { done: [...done, own] }),
    facts: [{ fact: 'milestone-done', milestone: act.milestone }],
  }
}

/** Who may take a milestone back: whoever marked it, while they may record here; and who may take an outcome back. */
export const mayReopen = (done: MilestoneDone, person: Person, account: Account, org: Org): boolean =>
  (done.by === person.id && may(person, 'renewal.record', { account }, org)) ||
  may(person, 'renewal.undo', { account }, org)

/** Takes back that a milestone was done. `doneAt`: when it was marked, of what somebody looked at. */
export function reopenMilestone(
  act: { readonly by: string; readonly milestone: number; readonly doneAt: Instant },
  world: RenewalWorld,
): Ruling<RenewalStep, RenewalFact> {
  const { account, renewal, org, now } = world
  const refusal = refusedOn(world)
  if (refusal) return refusal
  const done = renewal?.done.find(({ day, at }) => day === act.milestone && at === act.doneAt)
  if (!renewal || !done) return refuse({ code: 'moved-on' })
  const person = org.people.get(act.by)
  if (!person || !mayReopen(done, person, account, org))
    return refuse({ code: 'not-allowed', what: 'renewal.undo' })
  return {
    ok: true,
    next: stepOf(world, renewal.renewalOn, {
      done: renewal.done.filter((each) => each !== done),
      reopened: [...(renewal.reopened ?? []), { done, by: act.by, at: now }],
    }),
    facts: [{ fact: 'milestone-reopened', milestone: done.day, doneBy: done.by }],
  }
}

/** Why nothing can be recorded: no renewal is ahead, or it has ended already. */
function refusedOn({ account, renewal }: RenewalWorld) {
  if (account.renewalOn === undefined) return refuse({ code: 'no-renewal' })
  const { outcome } = renewal ?? {}
  return outcome
    ? refuse({ code: 'renewal-settled', outcome: outcome.kind, by: outcome.by, at: outcome.at })
    : undefined
}

export interface OutcomeAct {
  readonly by: string
  readonly outcome: OutcomeKind
  /** The next renewal and its ARR; a customer who left has neither. */
  readonly renewalOn?: string
  readonly arr?: Money
  readonly reason?: string
}

/** Records how a renewal ended, and sets the account's ARR and next renewal. */
export function recordOutcome(act: OutcomeAct, world: RenewalWorld): Ruling<RenewalStep, RenewalFact> {
  const { account, org, now, today } = world
  const refusal = refusedOn(world)
  if (refusal) return refusal
  const person = org.people.get(act.by)
  if (!person || !may(person, 'renewal.record', { account }, org))
    return refuse({ code: 'not-allowed', what: 'renewal.record' })
  const renewalOn = account.renewalOn as PlainDate
  const reason = act.reason?.trim()
  const after = outcomeAfter(act, account, renewalOn)
  if (!after.ok) return after
  if (act.outcome !== 'renewed' && !reason) return refuse({ code: 'reason-missing' })
  const outcome: RenewalOutcome = {
    kind: act.outcome,
    by: act.by,
    at: now,
    on: today,
    ...(reason ? { reason } : {}),
    before: { renewalOn, ...(account.arr ? { arr: account.arr } : {}) },
    after: after.next,
  }
  const { arr: _arr, renewalOn: _renewalOn, ...rest } = account
  return {
    ok: true,
    next: {
      ...stepOf(world, renewalOn, { outcome }),
      account: { ...rest, ...after.next, updatedAt: now, version: account.version + 1 },
    },
    facts: [
      {
        fact: act.outcome,
        ...(account.arr ? { arrBefore: account.arr.amount } : {}),
        ...(after.next.arr ? { arrAfter: after.next.arr.amount, currency: after.next.arr.currency } : {}),
        ...(after.next.renewalOn ? { renewalOn: after.next.renewalOn } : {}),
      },
    ],
  }
}

/** What the account is after an outcome: a contraction is less than before, a renewal is not. */
function outcomeAfter(
  { outcome, renewalOn: next, arr }: OutcomeAct,
  account: Account,
  renewalOn: PlainDate,
): Ruling<RenewalOutcome['after']> {
  if (outcome === 'churn')
    return {
      ok: true,
      next: account.arr ? { arr: { amount: 0, currency: account.arr.currency } } : {},
      facts: [],
    }
  if (next === undefined || !isPlainDate(next)) return refuse({ code: 'bad-date', text: next ?? '' })
  if (next <= renewalOn) return refuse({ code: 'renewal-not-later', renewalOn })
  if (!arr) return refuse({ code: 'arr-missing' })
  const before = account.arr?.currency === arr.currency ? account.arr : undefined
  if (outcome === 'contraction' && before && arr.amount >= before.amount)
    return refuse({ code: 'contraction-not-lower', amount: before.amount, currency: before.currency })
  if (outcome === 'renewed' && before && arr.amount < before.amount)
    return refuse({ code: 'renewed-is-lower', amount: before.amount, currency: before.currency })
  return { ok: true, next: { arr, renewalOn: next }, facts: [] }
}

/** Takes an outcome back, as long as the account still says what the outcome made of it. */
export function undoOutcome(
  act: { readonly by: string },
  world: RenewalWorld,
): Ruling<RenewalStep, RenewalFact> {
  const { account, renewal, org, now } = world
  const outcome = renewal?.outcome
  if (!renewal || !outcome) return refuse({ code: 'no-outcome' })
  const person = org.people.get(act.by)
  if (!person || !may(person, 'renewal.undo', { account }, org))
    return refuse({ code: 'not-allowed', what: 'renewal.undo' })
  const { before, after } = outcome
  if (account.renewalOn !== after.renewalOn || account.arr?.amount !== after.arr?.amount)
    return refuse({ code: 'renewal-moved-on' })
  const { outcome: _outcome, ...rest } = renewal
  const { arr: _arr, renewalOn: _renewalOn, ...own } = account
  return {
    ok: true,
    next: {
      renewal: {
        ...rest,
        undone: [...renewal.undone, { outcome, by: act.by, at: now }],
        version: renewal.version + 1,
      },
      expect: renewal.version,
      account: { ...own, ...before, updatedAt: now, version: account.version + 1 },
    },
    facts: [{ fact: 'outcome-undone', outcome: outcome.kind }],
  }
}
