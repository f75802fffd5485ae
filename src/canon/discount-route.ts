import { localDate } from './calendar.ts'
import type { DiscountWorld, RoutePreview, Step } from './discount.ts'
import { type BasisPoints, type Money, priceAfter, whole } from './money.ts'
import { isOpen, stageAtLeast } from './opportunity.ts'
import { type Delegation, delegationOf, managersOf, type Org, type Person } from './people.ts'
import type { Group, Policy } from './policy.ts'
import { type Reading, type Refusal, type Ruling, refuse } from './refusal.ts'
import { may } from './visibility.ts'

// ── the ladder ───────────────────────────────────────────────────────────────

/** Place of a level on the ladder, from 0; -1 where it has none. */
export const rungOf = (role: string, policy: Policy): number =>
  policy.discount.rungs.findIndex((rung) => rung.role === role)

/** Place of the highest level a person holds, -1 for none: their own authority, read anew whenever it is asked. */
export function authorityOf(person: Person, policy: Policy): number {
  return policy.discount.rungs.findLastIndex((rung) => person.roles.includes(rung.role))
}

/** Up to which discount a person's own authority goes; 0 for somebody who is not on the ladder. */
export function authorityUpTo(person: Person, policy: Policy): BasisPoints {
  const rung = policy.discount.rungs[authorityOf(person, policy)]
  return rung ? (rung.upTo ?? whole) : 0
}

/**
 * The levels a discount needs from others, as places on the ladder, lowest first. Whoever stands on the ladder may give
 * the first rung's discount alone, and no more than that on a request of their own however high they stand: nobody
 * approves their own request. Somebody who is not on the ladder (a CSM, Sales Ops) has no authority of their own.
 */
export function neededRungs(requester: Person | undefined, discount: BasisPoints, policy: Policy): number[] {
  const { rungs } = policy.discount
  const last = rungs.findIndex((rung) => rung.upTo === null || discount <= rung.upTo)
  const first = requester && authorityOf(requester, policy) >= 0 ? 1 : 0
  return rungs.map((_, at) => at).slice(first, last + 1)
}

// ── who ──────────────────────────────────────────────────────────────────────

/** Today in the company's zone: the day by which absences are judged. */
const todayOf = (world: Pick<DiscountWorld, 'now' | 'org'>) =>
  localDate(world.now, world.org.company.working.timeZone)

export const delegation = (person: Person, world: Pick<DiscountWorld, 'now' | 'org'>): Delegation =>
  delegationOf(person, world.org, todayOf(world))

/** The line up which approvers are sought: the requester's, or the deal's owner's where the requester is gone for good. */
export function lineOf(requester: string, world: DiscountWorld): Person[] {
  const { org, deal } = world
  const from =
    org.people.get(requester) ?? (deal.owner === undefined ? undefined : org.people.get(deal.owner))
  return from ? managersOf(from, org) : []
}

/**
 * The approver for a level: the nearest active holder up the line; where the line has none, the next level up, never
 * down. People whose delegates run in a circle are passed over while there is anybody else (B5.14).
 */
export function approverFor(
  rung: number,
  line: readonly Person[],
  barred: ReadonlySet<string>,
  world: DiscountWorld,
): { person: Person; rung: number } | undefined {
  const there = line.filter((person) => person.active && !barred.has(person.id))
  const reachable = there.filter((person) => delegation(person, world).kind !== 'loop')
  for (const people of [reachable, there])
    for (let at = rung; at < world.policy.discount.rungs.length; at += 1) {
      const role = world.policy.discount.rungs[at]!.role
      const person = people.find((candidate) => candidate.roles.includes(role))
      if (person) return { person, rung: at }
    }
  return undefined
}

export const inGroup = (person: Person, group: Group): boolean =>
  (group.people?.includes(person.id) ?? false) ||
  (group.roles?.some((role) => person.roles.includes(role)) ?? false)

/** The active members of a group who are not barred. */
export function membersOf(group: Group, org: Org, barred: ReadonlySet<string>): string[] {
  return [...org.people.values()]
    .filter((person) => person.active && !barred.has(person.id) && inGroup(person, group))
    .map((person) => person.id)
}

/** How many must agree for a step to be done, out of so many people. */
export const votesNeeded = (need: Step['need'], people: number): number =>
  need === 'any' ? 1 : need === 'all' ? people : need.atLeast

// ── the route ────────────────────────────────────────────────────────────────

const fresh = { state: 'waiting', decisions: [], alsoMayDecide: [] } as const

/** The rungs in order, one for each person: where somebody would hold two they merge into the higher. */
function rungSteps(requester: Person, discount: BasisPoints, world: DiscountWorld): Reading<Step[]> {
  const { rungs } = world.policy.discount
  const line = lineOf(requester.id, world)
  const held = new Map<string, Set<number>>()
  for (const needed of neededRungs(requester, discount, world.policy)) {
    const found = approverFor(needed, line, new Set([requester.id]), world)
    if (!found) return refuse({ code: 'missing-approver', role: rungs[needed]!.role })
    const covered = held.get(found.person.id) ?? new Set()
    held.set(found.person.id, covered.add(needed).add(found.rung))
  }
  const steps = [...held]
    .map(([person, covered]) => ({ person, covered: [...covered].sort((a, b) => a - b) }))
    .sort((a, b) => a.covered.at(-1)! - b.covered.at(-1)!)
    .map(({ person, covered }, at): Step => {
      const covers = covered.map((rung) => rungs[rung]!.role)
      return {
        ...fresh,
        order: at + 1,
        kind: 'rung',
        level: covers.at(-1)!,
        covers,
        people: [person],
        need: 'any',
      }
    })
  return { ok: true, next: steps }
}

/** Where an agreement stands: beside the rung that covers its level, else the next above it, else the last there is. */
function hostOf(beside: string, rungs: readonly Step[], policy: Policy): Step | undefined {
  return (
    rungs.find((step) => step.covers.some((level) => level === beside)) ??
    rungs.find((step) => rungOf(step.level, policy) > rungOf(beside, policy)) ??
    rungs.at(-1)
  )
}

/**
 * All steps of a request, waiting: rungs, agreements beside them (합의), copies (참조). Nobody is in two deciding steps:
 * who holds a rung does not also agree for a group, and who agrees for one group does not for the next.
 */
export function planSteps(requester: Person, discount: BasisPoints, world: DiscountWorld): Reading<Step[]> {
  const { policy, org } = world
  const ladder = rungSteps(requester, discount, world)
  if (!ladder.ok) return ladder
  const steps = [...ladder.next]
  const busy = new Set([requester.id, ...steps.flatMap((step) => step.people)])

  for (const { over, beside, group, need } of policy.discount.agreements) {
    if (discount <= over) continue
    const people = membersOf(group, org, busy)
    if (people.length < Math.max(1, votesNeeded(need, people.length)))
      return refuse({ code: 'missing-approver', role: group.roles?.[0] ?? beside })
    const host = hostOf(beside, ladder.next, policy)
    const level = host?.level ?? beside
    steps.push({
      ...fresh,
      order: host?.order ?? 1,
      kind: 'agreement',
      level,
      covers: [],
      people,
      group,
      over,
      need,
    })
    for (const person of people) busy.add(person)
  }

  const level = ladder.next.at(-1)?.level ?? policy.discount.rungs[0]!.role
  for (const { over, group } of policy.discount.copies) {
    if (discount <= over) continue
    const people = membersOf(group, org, busy)
    if (people.length === 0) continue
    steps.push({
      ...fresh,
      order: 1,
      kind: 'copy',
      level,
      covers: [],
      people,
      group,
      over,
      need: 'any',
      state: 'copied',
    })
    for (const person of people) busy.add(person)
  }
  return { ok: true, next: steps.sort((a, b) => a.order - b.order) }
}

/** Whether somebody has to decide in this step. */
export const isDeciding = (step: Step): boolean => step.kind !== 'copy'

/** What stands in the way of any request of this person for this deal, before people and numbers are looked at. */
export function obstacle(
  ask: { readonly requester: string; readonly discount: BasisPoints },
  world: DiscountWorld,
): Refusal | undefined {
  const { org, deal, policy } = world
  const requester = org.people.get(ask.requester)
  if (!requester?.active) return { code: 'inactive' }
  if (!may(requester, 'deal.ask-discount', { deal }, org))
    return { code: 'not-allowed', what: 'deal.ask-discount' }
  if (!isOpen(deal.stage)) return { code: 'deal-closed', stage: deal.stage }
  const needed = policy.discount.entryStage
  if (!stageAtLeast(deal.stage, needed)) return { code: 'stage-too-early', stage: deal.stage, needed }
  if (!Number.isInteger(ask.discount) || ask.discount < 1 || ask.discount > whole)
    return { code: 'discount-out-of-range' }
  return undefined
}

/**
 * The route a discount would take for this requester today. Refuses what `open` would refuse of the person, the deal
 * and the percentage, and where nobody is left to approve (`missing-approver`).
 */
export function route(
  ask: { readonly requester: string; readonly discount: BasisPoints; readonly listAmount?: Money },
  world: DiscountWorld,
): Ruling<RoutePreview> {
  const refusal = obstacle(ask, world)
  if (refusal) return refuse(refusal)
  const steps = planSteps(world.org.people.get(ask.requester)!, ask.discount, world)
  if (!steps.ok) return steps
  const list = world.deal.listAmount ?? ask.listAmount
  return {
    ok: true,
    facts: [],
    next: {
      ownAuthority: !steps.next.some(isDeciding),
      steps: steps.next,
      justificationNeeded: ask.discount > world.policy.discount.exceptionOver,
      ...(list ? { price: priceAfter(list, ask.discount) } : {}),
    },
  }
}
