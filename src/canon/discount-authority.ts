import type { Decision, DiscountRequest, DiscountWorld, Step } from './discount.ts'
import { authorityOf, authorityUpTo, delegation, inGroup, isDeciding, rungOf } from './discount-route.ts'
import { managersOf, type Person } from './people.ts'
import { type Refusal, refuse } from './refusal.ts'

// Who may decide, asked anew at every click: roles, absences and activity as they are now (B5.7, B5.8).

/** Steps in which somebody still has to decide, now or later. */
export const isUndone = (step: Step): boolean =>
  isDeciding(step) && (step.state === 'open' || step.state === 'waiting')

/** The people of a step for whom nobody has decided yet. */
export function pendingPeople(step: Step): string[] {
  const spoken = new Set(step.decisions.map((decision) => decision.for ?? decision.by))
  return step.people.filter((person) => !spoken.has(person))
}

/** What a person has decided on this request, with the step it was in; a counter that waits counts. */
export function decisionOf(
  request: DiscountRequest,
  person: string,
): { at: number; verdict: Decision['verdict']; order: number } | undefined {
  for (const step of request.steps)
    for (const decision of step.decisions)
      if (decision.by === person) return { at: decision.at, verdict: decision.verdict, order: step.order }
  const { counter } = request
  return counter?.by === person ? { at: counter.at, verdict: 'counter', order: counter.order } : undefined
}

/** Everybody who has decided anything on this request. */
export const decidersOf = (request: DiscountRequest): Set<string> =>
  new Set([
    ...request.steps.flatMap((step) => step.decisions.map((decision) => decision.by)),
    ...(request.counter ? [request.counter.by] : []),
  ])

/** Whether a person's own authority reaches a step: their rung on the ladder, or their place in the group that must agree. */
export function coversStep(person: Person, step: Step, { policy }: Pick<DiscountWorld, 'policy'>): boolean {
  if (step.kind === 'agreement') return !step.group || inGroup(person, step.group)
  return authorityOf(person, policy) >= rungOf(step.level, policy)
}

/** As `coversStep`, for somebody who stands in for a member: a group's own level is its rung's. */
export function coversAsStandIn(person: Person, step: Step, world: DiscountWorld): boolean {
  return (
    coversStep(person, step, world) ||
    authorityOf(person, world.policy) >= Math.max(0, rungOf(step.level, world.policy))
  )
}

/**
 * Whether deciding here in somebody's place would cost the person a step of their own. A rung of their own that comes
 * later is no hindrance: it merges with this one, so that the person decides once (Canon, rungs).
 */
export function isNeededElsewhere(
  person: Person,
  here: Step,
  request: DiscountRequest,
  world: DiscountWorld,
) {
  return request.steps.some(
    (step) =>
      step !== here &&
      isUndone(step) &&
      pendingPeople(step).includes(person.id) &&
      !(here.kind === 'rung' && mergesInto(step, person, world)),
  )
}

/** Whether a later rung of this person's own is settled by their deciding an earlier one in somebody's place. */
export const mergesInto = (later: Step, person: Person, world: DiscountWorld): boolean =>
  later.kind === 'rung' &&
  later.state === 'waiting' &&
  later.people[0] === person.id &&
  coversStep(person, later, world)

/** By what right somebody turns to a step: as its own approver, as a delegate (대결), or as a stand-in after escalation. */
interface Claim {
  readonly step: number
  readonly for?: string
  readonly covered: boolean
}

function claimOn(
  step: Step,
  at: number,
  by: Person,
  request: DiscountRequest,
  world: DiscountWorld,
): Claim | undefined {
  const pending = pendingPeople(step)
  if (pending.includes(by.id)) return { step: at, covered: coversStep(by, step, world) }
  if (isNeededElsewhere(by, step, request, world)) return undefined
  const people = pending.flatMap((id) => world.org.people.get(id) ?? [])
  const away = people.find((person) => {
    const stand = person.active && delegation(person, world)
    return stand && stand.kind === 'delegate' && stand.person.id === by.id
  })
  // A delegate decides with the authority of the one who is away, who must still have it.
  if (away) return { step: at, for: away.id, covered: coversStep(away, step, world) }
  if (!step.alsoMayDecide.includes(by.id)) return undefined
  const instead = people.find((person) => managersOf(person, world.org).some((m) => m.id === by.id))
  const standsFor = instead?.id ?? pending[0]
  return {
    step: at,
    covered: coversAsStandIn(by, step, world),
    ...(standsFor === undefined ? {} : { for: standsFor }),
  }
}

/**
 * Whether a person may decide now, on which step and for whom; else why not. The order of the questions is the order of
 * precedence of the answers: own request, decided already, decided an earlier step, not theirs, beyond their authority.
 */
export function standing(
  request: DiscountRequest,
  by: Person,
  world: DiscountWorld,
  seen?: number,
): { ok: true; step: number; for?: string } | { ok: false; refusal: Refusal } {
  if (request.requester === by.id) return refuse({ code: 'own-request' })
  const claims =
    request.status === 'pending'
      ? request.steps
          .map((step, at) => (step.state === 'open' ? claimOn(step, at, by, request, world) : undefined))
          .filter((claim) => claim !== undefined)
          // Their own step before one of somebody else's.
          .sort((a, b) => Number(a.for !== undefined) - Number(b.for !== undefined))
      : []
  const decided = decisionOf(request, by.id)
  if (decided) {
    const { at, verdict } = decided
    return claims.length === 0 || decided.order === seen
      ? refuse({ code: 'already-decided-by-you', at, verdict })
      : refuse({ code: 'approved-earlier-rung' })
  }
  if (claims.length === 0) return refuse({ code: 'not-your-step', waitingFor: waitingOn(request, world) })
  const claim = claims.find((c) => c.covered)
  if (!claim) return refuse({ code: 'over-your-authority', upTo: authorityUpTo(by, world.policy) })
  return { ok: true, step: claim.step, ...(claim.for === undefined ? {} : { for: claim.for }) }
}

/** Everybody who may decide one open step now. */
export function decidersOfStep(request: DiscountRequest, at: number, world: DiscountWorld): string[] {
  const step = request.steps[at]!
  const pending = pendingPeople(step)
  const delegates = pending.flatMap((id) => {
    const person = world.org.people.get(id)
    const stand = person?.active ? delegation(person, world) : undefined
    return stand?.kind === 'delegate' ? [stand.person.id] : []
  })
  return [...new Set([...pending, ...delegates, ...step.alsoMayDecide])].filter((id) => {
    const person = world.org.people.get(id)
    if (!person?.active || id === request.requester || decisionOf(request, id)) return false
    return claimOn(step, at, person, request, world)?.covered ?? false
  })
}

/** The people who may decide now (the approver, their delegate while away, and after escalation their stand-ins). */
export function mayDecide(request: DiscountRequest, world: DiscountWorld): readonly string[] {
  if (request.status !== 'pending' || world.now >= request.expiresAt) return []
  return [
    ...new Set(
      request.steps.flatMap((step, at) => (step.state === 'open' ? decidersOfStep(request, at, world) : [])),
    ),
  ]
}

/** Who speaks for the request: the requester, or the deal's owner once the requester has left (B5.9). */
export function answerable(request: DiscountRequest, world: DiscountWorld): string {
  const { requester } = request
  const { owner } = world.deal
  if (world.org.people.get(requester)?.active || owner === undefined) return requester
  const heir = world.org.people.get(owner)
  const decides = request.steps.some((step) => isDeciding(step) && step.people.includes(owner))
  return heir?.active && !decides && !decisionOf(request, owner) ? owner : requester
}

/** Whom the request waits for: who may decide, the requester while a counter is open, nobody once it is settled. */
export function waitingOn(request: DiscountRequest, world: DiscountWorld): readonly string[] {
  return request.status === 'countered' ? [answerable(request, world)] : mayDecide(request, world)
}
