import { addWorkingHours, type Instant } from './calendar.ts'
import type { DiscountFact, DiscountRequest, DiscountWorld, Step } from './discount.ts'
import {
  coversAsStandIn,
  decidersOfStep,
  decisionOf,
  isNeededElsewhere,
  pendingPeople,
} from './discount-authority.ts'
import {
  advance,
  arrive,
  type Course,
  isSettled,
  reroute,
  settle,
  strayed,
  voided,
  withStep,
} from './discount-life.ts'
import { delegation } from './discount-route.ts'
import { managersOf } from './people.ts'

/** When an open step is due for a reminder and for escalation, in the company's working time. */
function dues(step: Step, world: DiscountWorld): { remind?: Instant; escalate?: Instant } {
  if (step.state !== 'open' || step.openedAt === undefined) return {}
  const { remindAfterWorkingHours, escalateAfterWorkingHours } = world.policy.discount
  const after = (hours: number) => addWorkingHours(step.openedAt!, hours, world.org.company.working)
  return {
    ...(step.remindedAt === undefined ? { remind: after(remindAfterWorkingHours) } : {}),
    ...(step.escalatedAt === undefined ? { escalate: after(escalateAfterWorkingHours) } : {}),
  }
}

/**
 * Who may decide as well once a step has waited too long: for each person it waits for, the nearest manager above them
 * whose own authority reaches it. Their delegate may anyway, while they are away.
 */
function standInsFor(request: DiscountRequest, step: Step, world: DiscountWorld): string[] {
  const nearest = pendingPeople(step).flatMap((id) => {
    const person = world.org.people.get(id)
    const manager =
      person &&
      managersOf(person, world.org).find(
        (above) =>
          above.active &&
          above.id !== request.requester &&
          !step.people.includes(above.id) &&
          !decisionOf(request, above.id) &&
          coversAsStandIn(above, step, world) &&
          !isNeededElsewhere(above, step, request, world),
      )
    return manager ? [manager.id] : []
  })
  return [...new Set(nearest)]
}

function delegatesFor(step: Step, request: DiscountRequest, world: DiscountWorld): string[] {
  return pendingPeople(step).flatMap((id) => {
    const person = world.org.people.get(id)
    const stand = person && delegation(person, world)
    return stand?.kind === 'delegate' && stand.person.id !== request.requester ? [stand.person.id] : []
  })
}

/** Reminds and escalates one step where it is due. */
function press(course: Course, at: number, world: DiscountWorld): Course {
  let { request, facts } = course
  const step = request.steps[at]!
  const { remind, escalate } = dues(step, world)
  if (remind !== undefined && world.now >= remind) {
    const deciders = decidersOfStep(request, at, world)
    const people = deciders.length > 0 ? deciders : pendingPeople(step)
    request = withStep(request, at, { remindedAt: world.now })
    facts = [...facts, { fact: 'reminded', order: step.order, people }]
  }
  if (escalate !== undefined && world.now >= escalate) {
    const managers = standInsFor(request, step, world)
    const people = [...new Set([...delegatesFor(step, request, world), ...managers])]
    request = withStep(request, at, { escalatedAt: world.now, alsoMayDecide: managers })
    facts = [...facts, { fact: 'escalated', order: step.order, people }]
  }
  return { request, facts }
}

/**
 * What the passing of time, or a change among people, does to an open request; `undefined` when nothing is due. Asked
 * twice at the same instant it has nothing more to say.
 */
export function tick(
  request: DiscountRequest,
  world: DiscountWorld,
): { next: DiscountRequest; facts: readonly DiscountFact[] } | undefined {
  if (isSettled(request)) return undefined
  if (world.now >= request.expiresAt)
    return arrive({ request: settle(request, 'expired', world.now), facts: [{ fact: 'expired' }] }, request)
  const why = strayed(request, world.deal)
  if (why) return arrive(voided(request, why, world), request)

  let course: Course = { request, facts: [] }
  const gone = !world.org.people.get(request.requester)?.active
  if (gone && !request.notices.some((notice) => notice.code === 'requester-left')) {
    const left = { at: world.now, code: 'requester-left', detail: request.requester } as const
    course = {
      request: { ...request, notices: [...request.notices, left] },
      facts: [{ fact: 'noticed', code: left.code }],
    }
  }
  if (request.status === 'pending') {
    const passedOn = reroute(course, world)
    if (passedOn !== course) course = advance(passedOn, world)
    for (const [at, step] of course.request.steps.entries())
      if (step.state === 'open') course = press(course, at, world)
  }
  return course.facts.length > 0 ? arrive(course, request) : undefined
}

/** The next instant at which `tick` has something to do, for the sweep's index; `undefined` when settled. */
export function nextDueAt(request: DiscountRequest, world: DiscountWorld): Instant | undefined {
  if (isSettled(request)) return undefined
  if (tick(request, world)) return world.now
  const steps = request.status === 'pending' ? request.steps : []
  const due = steps.flatMap((step) => Object.values(dues(step, world)))
  return Math.min(request.expiresAt, ...due)
}
