import type { Because, Finding } from '../src/canon/nudge.ts'
import { type Stakes, stakesIn, weightOf } from '../src/canon/nudge-weight.ts'
import type { Org } from '../src/canon/people.ts'
import {
  csManagerFor,
  type RenewalDue,
  type RenewalLine,
  renewalDue,
  renewalOwner,
  renewalRange,
  renewalTask,
} from '../src/canon/renewal.ts'
import type { RenewalMark } from '../src/ports/renewal.ts'
import type { NudgeRule, RuleDesk } from './nudge-rule.ts'

/** Read at a time: enough to be quick, few enough that gestures in between do not wait. */
const page = 1_000

/**
 * Renewals at D-180, 90, 60, 30 and 0, to the channel of the CSM's team with the AE named; one that is past and has no
 * outcome is the CS Manager's (Canon, Renewals). Read by date out of one index: accounts without a renewal near cost nothing.
 */
export const renewalRule: NudgeRule = {
  kind: 'renewal',
  async *find(desk) {
    const rates = await desk.store.fxRates(desk.company, desk.today)
    const memory = { ...remembering(desk), stakes: stakesIn(desk.org.company.currency, rates) }
    const range = renewalRange(desk.today, desk.policy.health)
    let after: RenewalMark | undefined
    for (;;) {
      const lines: RenewalLine[] = await desk.store.renewalsAhead(
        desk.company,
        { all: true },
        { ...range, ...(after ? { after } : {}) },
        page,
      )
      for (const line of lines) {
        const finding = findingOf(line, memory)
        if (finding) yield finding
      }
      const last = lines.at(-1)
      if (last === undefined || lines.length < page) return
      after = { renewalOn: last.renewalOn, account: last.account }
    }
  },
  async still(subject, cycle, desk) {
    const account = await desk.store.account(desk.company, subject.id)
    const { renewalOn } = account ?? {}
    if (!account || renewalOn === undefined) return undefined
    const renewal = await desk.store.renewal(desk.company, account.id, renewalOn)
    if (renewal?.outcome) return undefined
    const health = await desk.store.healthOf(desk.company, account.id)
    const line: RenewalLine = {
      account: account.id,
      name: account.name,
      renewalOn,
      done: renewal?.done.map(({ day }) => day) ?? [],
      ...(account.ae === undefined ? {} : { ae: account.ae }),
      ...(account.arr === undefined ? {} : { arr: account.arr }),
      ...(health ? { health } : {}),
    }
    const due = dueOf(line, desk)
    return due && causeOf(due.cycle) === causeOf(cycle) ? becauseOf(line, due, desk) : undefined
  },
  actions(subject, because) {
    const outcome = because.kind === 'renewal' && because.milestone === 0
    return [
      { action: outcome ? 'renewal.record' : 'renewal.milestone', on: subject },
      { action: 'renewal.open', on: subject },
      ...(outcome ? [] : [{ action: 'renewal.record', on: subject }]),
    ]
  },
}

/** The cause without the turn it is told in: a week later it is the same one. */
const causeOf = (cycle: string): string => cycle.split(':').slice(0, 2).join(':')

const dueOf = (line: RenewalLine, { today, policy, org }: RuleDesk): RenewalDue | undefined =>
  renewalDue(line, today, policy.health, org.company.working)

const named = (ae: string | undefined, org: Org) => {
  const name = ae === undefined ? undefined : org.people.get(ae)?.name
  return name ? { ae: name, aeId: ae } : {}
}

const becauseOf = (
  { renewalOn, health, ae, arr }: RenewalLine,
  { milestone, daysLeft, again, past }: RenewalDue,
  { org, policy }: RuleDesk,
): Because => ({
  kind: 'renewal',
  renewalOn,
  milestone,
  daysLeft,
  again,
  past,
  task: renewalTask(milestone, policy.health.renewalDays),
  ...(health ? { score: health.score } : {}),
  ...named(ae, org),
  ...(arr ? { arr } : {}),
})

/** What many accounts have in common, worked out once a run: what is due on a date, and whose an account is. */
interface Memory extends RuleDesk {
  readonly due: (line: RenewalLine) => RenewalDue | undefined
  readonly owner: (line: RenewalLine) => string | undefined
  readonly csManager: (line: RenewalLine) => string | undefined
}

function remembering(desk: RuleDesk): Memory {
  const once = <T>(keyOf: (line: RenewalLine) => string, work: (line: RenewalLine) => T) => {
    const known = new Map<string, T>()
    return (line: RenewalLine): T => {
      const key = keyOf(line)
      const found = known.get(key)
      if (found !== undefined || known.has(key)) return found as T
      const made = work(line)
      known.set(key, made)
      return made
    }
  }
  return {
    ...desk,
    due: once(
      (line) => `${line.renewalOn} ${line.done.join()}`,
      (line) => dueOf(line, desk),
    ),
    owner: once(
      ({ csm = '', ae = '' }) => `${csm}\u0000${ae}`,
      (line) => renewalOwner(line, desk.org),
    ),
    csManager: once(
      ({ csm = '' }) => csm,
      ({ csm }) => csManagerFor(csm, desk.org),
    ),
  }
}

function findingOf(line: RenewalLine, desk: Memory & { readonly stakes: Stakes }): Finding | undefined {
  const { org } = desk
  const due = desk.due(line)
  if (!due) return undefined
  const csm = desk.owner(line)
  const acts = (due.past ? desk.csManager(line) : undefined) ?? csm
  if (acts === undefined) return undefined
  const team = due.past || csm === undefined ? undefined : org.people.get(csm)?.team
  const told = alsoTold(line, due, acts, desk)
  return {
    kind: 'renewal',
    subject: { noun: 'account', id: line.account },
    cycle: due.cycle,
    owner: acts,
    ...(told.length > 0 ? { alsoTell: told } : {}),
    ...(team === undefined ? {} : { channelOf: team }),
    because: becauseOf(line, due, desk),
    weight: weigh(due, line, desk.stakes),
  }
}

/** The CSM, when the CS Manager has to act; the AE, when CSM and AE meet to start the renewal (Canon, Renewals: D-90). */
function alsoTold(line: RenewalLine, due: RenewalDue, owner: string, { org, policy }: RuleDesk): string[] {
  const { renewalDays } = policy.health
  const starts = due.milestone === renewalDays[1] && renewalDays.length > 2
  const id = due.past ? line.csm : starts && !due.again ? line.ae : undefined
  return id !== undefined && id !== owner && org.people.get(id)?.active ? [id] : []
}

/** Of the ARR, the percent that is in doubt: more where the customer is unwell. */
const inDoubt = { healthy: 30, 'at-risk': 60, critical: 90 } as const

/** What is over comes first, then what is near; more ARR in doubt before less. */
function weigh(
  { daysLeft, past, milestone }: RenewalDue,
  { arr, health }: RenewalLine,
  stakes: Stakes,
): number {
  const worth = stakes(arr?.amount, arr?.currency, health ? inDoubt[health.grade] : inDoubt.healthy)
  const nearness = daysLeft < 0 ? 30 - daysLeft : Math.max(1, 30 - Math.floor(daysLeft / 6))
  return Math.round((past ? 25 : milestone === 0 ? 15 : 0) + weightOf('renewal', worth, nearness))
}
