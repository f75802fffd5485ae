import type { Account } from '../src/canon/account.ts'
import { localDate, type PlainDate } from '../src/canon/calendar.ts'
import { expansionSignals } from '../src/canon/handoff.ts'
import {
  type AccountHealth,
  type GradeChange,
  growthOf,
  type HealthReading,
  type HealthSignal,
  readHealth,
  reassess,
  scoringRules,
} from '../src/canon/health.ts'
import { type HealthTaskStep, type OpenTasks, tasksAfter } from '../src/canon/health-task.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { AuditEntry, Subject } from '../src/ports.ts'
import { expansionOf } from './expansion.ts'
import type { HandoffReader } from './handoff-world.ts'
import { type Actor, merged, type Part } from './stage-consequences.ts'

export const accountSubject = (id: string): Subject => ({ noun: 'account', id })

/** More signals than five components have in some years of weeks: what is older changes no score. */
export const signalsRead = 2_000

/** Reading, and naming what is opened. */
export type HealthReader = HandoffReader & { readonly newId: () => string }

const system = { by: 'system', platform: 'system' } as const satisfies Actor

export interface Assessed {
  readonly account: Account
  readonly reading: HealthReading
  readonly health?: AccountHealth
  /** Present where the grade is another one, or the first. */
  readonly change?: GradeChange
  readonly part: Part
  /** Whom an expansion handoff was drafted for. */
  readonly expansionFor?: string
}

/** What is open for an account. */
export async function openTasksOf(reader: HandoffReader, account: string): Promise<OpenTasks> {
  const tasks = await reader.store.healthTasksOf(reader.company, account, 10)
  const open = (kind: 'review' | 'plan') => tasks.find((task) => task.kind === kind && task.status === 'open')
  const review = open('review')
  const plan = open('plan')
  return { ...(review ? { review } : {}), ...(plan ? { plan } : {}) }
}

/**
 * Computes an account's health anew and says everything that follows: the score with its history, the review or plan
 * that a new grade opens, and a CS→AE handoff where the signals speak of growth. `coming`: signals of this very
 * change. `marks`: what was marked when the account was chosen. `undefined`: no such account.
 */
export async function assess(
  reader: HealthReader,
  id: string,
  given: { readonly coming?: readonly HealthSignal[]; readonly marks?: number } = {},
): Promise<Assessed | undefined> {
  const { store, company, now, org, policy } = reader
  const [account, before, stored] = await Promise.all([
    store.account(company, id),
    store.healthOf(company, id),
    store.signalsOf(company, id, signalsRead),
  ])
  const computed: Part = {
    save: given.marks === undefined ? [] : [{ noun: 'health-computed', account: id, marks: given.marks }],
    audit: [],
    deliveries: [],
  }
  if (!account) return undefined
  const today = localDate(now, org.company.working.timeZone)
  const coming = given.coming ?? []
  const signals = [...coming, ...stored]
  const reading = readHealth(signals, policy.health, today)
  const found = reassess(before, reading, id, { at: now, today, rules: scoringRules(policy.health) })
  const health = found?.next ?? before
  const steps = found?.change
    ? tasksAfter(found.change, await openTasksOf(reader, id), account, {
        org,
        policy: policy.health,
        newId: reader.newId,
      })
    : []
  // Who is newly spoken with is looked for elsewhere; here only numbers can speak of growth, and mostly do not.
  const growth = grows(signals, today, policy)
    ? await expansionOf(reader, id, { signals, ...(health ? { health } : {}) })
    : undefined
  const own: Part | undefined = found && {
    save: [
      {
        noun: 'health',
        next: found.next,
        expect: before ? before.version : 'new',
        ...(found.change ? { change: found.change } : {}),
      },
    ],
    audit: found.change ? [changeAudit(found.change, policy.version)] : [],
    deliveries: [],
    refresh: [accountSubject(id)],
  }
  const part = merged([
    computed,
    own,
    ...steps.map((step) => taskPart(step, now, system, policy.version)),
    growth?.part,
  ])
  return {
    account,
    reading,
    part,
    ...(health ? { health } : {}),
    ...(found?.change ? { change: found.change } : {}),
    ...(growth ? { expansionFor: growth.csm } : {}),
  }
}

/** Whether usage or sentiment has grown by what the policy calls growth, told before or not. */
function grows(signals: readonly HealthSignal[], today: PlainDate, policy: Policy): boolean {
  const usage = growthOf(signals, 'adoption', today)
  const nps = growthOf(signals, 'sentiment', today)
  const readings = {
    contacts: [],
    knownDepartments: [],
    ...(usage ? { usage } : {}),
    ...(nps ? { nps } : {}),
  }
  return expansionSignals(readings, policy).length > 0
}

/** An account that is not there (any more) is asked for no longer. */
export const forgotten = (account: string, marks: number): Part => ({
  save: [{ noun: 'health-computed', account, marks }],
  audit: [],
  deliveries: [],
})

const changeAudit = (change: GradeChange, policyVersion: number): AuditEntry => ({
  at: change.at,
  what: 'health.changed',
  ...system,
  subject: accountSubject(change.account),
  policyVersion,
  detail: {
    to: change.to,
    score: change.score,
    ...(change.from ? { from: change.from } : {}),
    ...(change.scoreBefore === undefined ? {} : { scoreBefore: change.scoreBefore }),
  },
})

/** What follows from a step of a review or plan. What people wrote stays in the record (B5.92). */
export function taskPart(step: HealthTaskStep, now: number, actor: Actor, policyVersion: number): Part {
  const { before, next, fact } = step
  const { fact: name, ...rest } = fact
  return {
    save: [{ noun: 'health-task', next, expect: before ? before.version : 'new' }],
    audit: [
      {
        at: now,
        what: `health.${name}`,
        by: actor.by,
        platform: actor.platform,
        subject: accountSubject(next.account),
        policyVersion,
        ...(actor.saw
          ? { saw: { drawing: actor.saw.id, version: actor.saw.version, ...actor.saw.shown } }
          : {}),
        detail: { ...rest, task: next.id },
      },
    ],
    deliveries: [],
    refresh: [accountSubject(next.account)],
  }
}
