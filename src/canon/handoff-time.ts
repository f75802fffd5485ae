import {
  addDays,
  addLocalDays,
  addWorkingHours,
  type Instant,
  instantAt,
  nextWorkingMoment,
} from './calendar.ts'
import type { Handoff, HandoffFact, HandoffStep, HandoffWorld, Milestone } from './handoff.ts'
import { arrived, type Course, turned } from './handoff-life.ts'
import { managersOfBoth, mayAccept, successorOf } from './handoff-people.ts'
import { isOpen } from './opportunity.ts'

type Ticked = { next: HandoffStep; facts: readonly HandoffFact[] } | undefined

const workingOf = ({ org }: HandoffWorld) => org.company.working

/** The first working moment of a day or after it. */
const morningOf = (day: string, world: HandoffWorld): Instant => {
  const working = workingOf(world)
  return nextWorkingMoment(instantAt(day, '00:00', working.timeZone), working)
}

/** Whether somebody keeps others waiting: what was sent or returned, and a won deal's draft. */
const isAwaited = (handoff: Handoff) =>
  handoff.status === 'submitted' ||
  handoff.status === 'returned' ||
  (handoff.status === 'draft' && handoff.openedBy === 'system')

/** A draft that a signal proposes keeps nobody waiting: one reminder and no more. */
const escalates = (handoff: Handoff) => handoff.status !== 'draft' || handoff.kind === 'ae-to-cs'

/** Everything that falls due by itself, each with its instant. */
function dues(handoff: Handoff, world: HandoffWorld) {
  const { handoff: rules } = world.policy
  const working = workingOf(world)
  const after = (hours: number) => addWorkingHours(handoff.turnSince, hours, working)
  const again = (at: Instant) => addLocalDays(at, rules.milestoneAgainDays, working.timeZone)
  const awaited = isAwaited(handoff)
  const taken = handoff.status === 'accepted' && handoff.kind === 'ae-to-cs'
  const { kickoffOn, kickoffAskedAt, acceptedAt } = handoff
  return {
    remind: awaited && handoff.remindedAt === undefined ? after(rules.remindAfterWorkingHours) : undefined,
    escalate:
      awaited && escalates(handoff) && handoff.escalatedAt === undefined
        ? after(rules.escalateAfterWorkingHours)
        : undefined,
    kickoff:
      taken && kickoffOn === undefined && acceptedAt !== undefined
        ? kickoffAskedAt === undefined
          ? addWorkingHours(acceptedAt, rules.remindAfterWorkingHours, working)
          : again(kickoffAskedAt)
        : undefined,
    rating:
      taken && kickoffOn !== undefined && !handoff.rating && handoff.ratingAskedAt === undefined
        ? morningOf(addDays(kickoffOn, 1), world)
        : undefined,
    milestones: (taken ? handoff.milestones : []).flatMap((each) =>
      each.doneOn === undefined
        ? [
            {
              day: each.day,
              at: each.remindedAt === undefined ? morningOf(each.dueOn, world) : again(each.remindedAt),
            },
          ]
        : [],
    ),
  }
}

/** Puts somebody in the place of a sender or receiver who left (B5.7). */
function replaced(course: Course, world: HandoffWorld): Course {
  let { step, facts } = course
  const { handoff } = step
  const isGone = (id: string | undefined) => id !== undefined && !world.org.people.get(id)?.active
  if (handoff.status === 'accepted' || handoff.status === 'withdrawn') return course
  for (const side of ['sender', 'receiver'] as const) {
    const gone = handoff[side]
    const to = isGone(gone) ? successorOf(step.handoff, side, world) : undefined
    if (to === undefined || gone === undefined) continue
    const turn = side === 'receiver' ? handoff.status === 'submitted' : handoff.status !== 'submitted'
    const moved = { ...step.handoff, [side]: to }
    step = { ...step, handoff: turn ? turned(moved, world.now) : moved }
    facts = [...facts, { fact: 'reassigned', side, from: gone, to, by: 'system' }]
  }
  return { step, facts }
}

/** What reopening a won deal does to its AE→CS handoff that is under way: there is nothing to hand over any more. */
export function dealReopened(handoff: Handoff, world: HandoffWorld): Ticked {
  const { deal } = world
  if (handoff.kind !== 'ae-to-cs' || deal === undefined || deal.stage === 'CW') return undefined
  if (handoff.status === 'accepted' || handoff.status === 'withdrawn') return undefined
  const why = isOpen(deal.stage) ? 'deal-reopened' : 'deal-lost'
  return arrived(
    {
      step: { handoff: { ...handoff, status: 'withdrawn', settledWhy: why } },
      facts: [{ fact: 'withdrawn', by: 'system' }],
    },
    handoff,
  )
}

/**
 * What the passing of time, or a change among people, does to a handoff; `undefined` when nothing is due. Asked twice
 * at the same instant it has nothing more to say.
 */
export function tick(handoff: Handoff, world: HandoffWorld): Ticked {
  if (handoff.status === 'withdrawn') return undefined
  const reopened = dealReopened(handoff, world)
  if (reopened) return reopened
  let { step, facts } = replaced({ step: { handoff }, facts: [] }, world)
  const { now } = world
  const due = dues(step.handoff, world)
  const isDue = (at: Instant | undefined) => at !== undefined && now >= at
  const say = (changes: Partial<Handoff>, fact: HandoffFact) => {
    step = { ...step, handoff: { ...step.handoff, ...changes } }
    facts = [...facts, fact]
  }
  if (isDue(due.remind)) {
    const { status, sender, receiver } = step.handoff
    const deciders = mayAccept(step.handoff, world)
    const people =
      status !== 'submitted' ? [sender] : deciders.length > 0 ? deciders : receiver ? [receiver] : []
    say({ remindedAt: now }, { fact: 'reminded', people })
  }
  if (isDue(due.escalate))
    say({ escalatedAt: now }, { fact: 'escalated', people: managersOfBoth(step.handoff, world) })
  const receiver = step.handoff.receiver === undefined ? [] : [step.handoff.receiver]
  if (isDue(due.kickoff)) say({ kickoffAskedAt: now }, { fact: 'kickoff-asked', people: receiver })
  if (isDue(due.rating)) say({ ratingAskedAt: now }, { fact: 'rating-asked', people: receiver })
  for (const { day, at } of due.milestones) {
    if (!isDue(at)) continue
    const { milestones } = step.handoff
    const owner = milestones.find((each) => each.day === day)!.owner
    const told = milestones.map((each): Milestone => (each.day === day ? { ...each, remindedAt: now } : each))
    say({ milestones: told }, { fact: 'milestone-due', day, people: [owner] })
  }
  return facts.length > 0 ? arrived({ step, facts }, handoff) : undefined
}

/** When `tick` has something to do next, for the sweep's index; `undefined` when nothing will come by itself. */
export function nextDueAt(handoff: Handoff, world: HandoffWorld): Instant | undefined {
  if (handoff.status === 'withdrawn') return undefined
  if (tick(handoff, world)) return world.now
  const { remind, escalate, kickoff, rating, milestones } = dues(handoff, world)
  const all = [remind, escalate, kickoff, rating, ...milestones.map((each) => each.at)].filter(
    (at) => at !== undefined,
  )
  return all.length > 0 ? Math.min(...all) : undefined
}
