import { addWorkingHours, nextWorkingMoment } from '../src/canon/calendar.ts'
import {
  type Handoff,
  type HandoffFact,
  type HandoffStep,
  type HandoffWorld,
  mayAccept,
  nextDueAt,
  waitsOn,
} from '../src/canon/handoff.ts'
import type { Audience, AuditEntry, Delivery, Save, Subject } from '../src/ports.ts'
import { threadLines } from './deal-thread.ts'
import { type Actor, dealSubject, merged, type Part, stageConsequences } from './stage-consequences.ts'

/** The names of the cards of a handoff; `handlers/handoff-cards.ts` draws each. */
export const handoffCards = {
  /** To take over: accept, return; afterwards kickoff, milestones, first value. */
  receiver: 'handoff.receiver',
  /** What I hand over: a draft to complete, or how it stands. */
  sender: 'handoff.sender',
  /** Returned with what is missing: it rings, a redrawn card does not. */
  returned: 'handoff.returned',
  /** Completed and sent again. */
  again: 'handoff.again',
  accepted: 'handoff.accepted',
  reminder: 'handoff.reminder',
  /** Waits too long: to both managers. */
  escalated: 'handoff.escalated',
  kickoff: 'handoff.kickoff',
  rating: 'handoff.rating',
  milestone: 'handoff.milestone',
} as const

export const handoffSubject = (id: string): Subject => ({ noun: 'handoff', id })

/** The deal a handoff belongs to: the one it hands over, or the one it opened. */
export const dealOf = (handoff: Handoff): string | undefined => handoff.deal ?? handoff.opened

/** Everything that follows from a ruling on a handoff, as one change. Pure, as the ruling is. */
export function handoffConsequences(
  before: Handoff | undefined,
  step: HandoffStep,
  facts: readonly HandoffFact[],
  world: HandoffWorld,
  actor: Actor,
  /** Where the deal's thread hangs (`threadPlaces`). */
  places: readonly Audience[] = [],
): Part {
  const { handoff: next, deal, lead, account } = step
  const after: HandoffWorld = { ...world, ...(deal ? { deal: deal.next } : {}) }
  const dueAt = nextDueAt(next, after)
  const save: Save[] = [
    {
      noun: 'handoff',
      next,
      expect: before ? before.version : 'new',
      waiting: waitsOn(next, after),
      ...(dueAt === undefined ? {} : { dueAt }),
    },
    ...(lead ? [{ noun: 'lead' as const, next: lead.next, expect: lead.before.version }] : []),
    ...(account ? [{ noun: 'account' as const, next: account.next, expect: account.before.version }] : []),
  ]
  const of = dealOf(next)
  const own: Part = {
    save,
    audit: facts.map((fact) => auditOf(fact, next, world, actor)),
    deliveries: [
      ...facts.flatMap((fact) => deliveriesOf(fact, before, next, after)),
      ...(of === undefined ? [] : threadLines(places, of, linesOf(facts, next))),
    ],
    refresh: [...(before ? [handoffSubject(next.id)] : []), ...(of === undefined ? [] : [dealSubject(of)])],
  }
  return deal ? merged([own, stageConsequences(deal, world, actor, places)]) : own
}

/** A refused attempt is history too. */
export const refusedHandoff = (
  handoff: Handoff,
  act: string,
  code: string,
  now: number,
  actor: Actor,
): AuditEntry => ({
  at: now,
  what: 'handoff.refused',
  by: actor.by,
  platform: actor.platform,
  subject: handoffSubject(handoff.id),
  policyVersion: handoff.policyVersion,
  ...sawOf(actor),
  detail: { act, code, version: handoff.version },
})

const sawOf = ({ saw }: Actor) => (saw ? { saw: { drawing: saw.id, version: saw.version } } : {})

function auditOf(fact: HandoffFact, next: Handoff, world: HandoffWorld, actor: Actor): AuditEntry {
  const { fact: name, ...detail } = fact
  const {
    by: _by,
    for: onBehalf,
    ...rest
  } = { by: undefined, for: undefined, ...detail } as Record<string, unknown>
  return {
    at: world.now,
    what: `handoff.${name}`,
    by: actor.by,
    ...(typeof onBehalf === 'string' ? { for: onBehalf } : {}),
    platform: actor.platform,
    subject: handoffSubject(next.id),
    policyVersion: next.policyVersion,
    ...sawOf(actor),
    detail: {
      ...rest,
      kind: next.kind,
      version: next.version,
      sender: next.sender,
      ...(next.receiver === undefined ? {} : { receiver: next.receiver }),
      ...(next.deal === undefined ? {} : { deal: next.deal }),
      ...(next.opened === undefined ? {} : { opened: next.opened }),
    },
  }
}

/** What the deal's thread in the channel is told. */
const linesOf = (facts: readonly HandoffFact[], { id, version }: Handoff): string[] =>
  facts
    .filter(({ fact }) =>
      ['submitted', 'resubmitted', 'accepted', 'returned', 'kickoff-scheduled', 'first-value'].includes(fact),
    )
    .map(({ fact }) => `handoff:${id}:${version}:${fact}`)

function deliveriesOf(
  fact: HandoffFact,
  before: Handoff | undefined,
  next: Handoff,
  world: HandoffWorld,
): Delivery[] {
  const subject = handoffSubject(next.id)
  const cards = handoffCards
  const to = (
    person: string,
    kind: Delivery['kind'],
    card: string,
    more?: Pick<Delivery, 'line' | 'once' | 'after'>,
  ): Delivery => ({ kind, card, subject, audience: { person }, ...more })
  const { working } = world.org.company
  const receivers = mayAccept(next, world)
  /** Once for this version, so that a repeated run of a schedule tells nothing twice. */
  const once = (what: string, person: string) => ({ once: `${what}:${next.id}:${next.version}:${person}` })
  const inHours = { after: nextWorkingMoment(world.now, working) }
  const line = (what: string) => ({ line: `${what}:${next.version}` })
  const receiver = next.receiver
  switch (fact.fact) {
    case 'opened':
      if (next.status !== 'draft' || fact.by !== 'system') return []
      // Closed Won is told at once; a signal keeps nobody awake.
      return [to(next.sender, 'ask', cards.sender, next.kind === 'ae-to-cs' ? {} : inHours)]
    case 'submitted':
      return [to(next.sender, 'tell', cards.sender), ...receivers.map((id) => to(id, 'ask', cards.receiver))]
    case 'resubmitted':
      return receivers.flatMap((id) => [
        to(id, 'ask', cards.receiver),
        to(id, 'tell', cards.receiver, line('resubmitted')),
        ...(before?.returns.length ? [to(id, 'ask', cards.again, once('again', id))] : []),
      ])
    case 'returned':
      return [
        to(next.sender, 'tell', cards.sender, line('returned')),
        to(next.sender, 'ask', cards.returned, once('returned', next.sender)),
      ]
    case 'accepted':
      return [
        to(next.sender, 'tell', cards.sender, line('accepted')),
        to(next.sender, 'tell', cards.accepted, once('accepted', next.sender)),
      ]
    case 'reassigned':
      if (fact.side === 'sender') return [to(fact.to, 'ask', cards.sender)]
      return next.status === 'submitted'
        ? [
            to(next.sender, 'tell', cards.sender, line('reassigned')),
            ...receivers.map((id) => to(id, 'ask', cards.receiver)),
          ]
        : []
    case 'withdrawn':
      return before?.status === 'submitted' && receiver
        ? [to(receiver, 'tell', cards.receiver, line('withdrawn'))]
        : []
    case 'reminded':
      return fact.people.map((id) => to(id, 'nudge', cards.reminder, { ...once('reminder', id), ...inHours }))
    case 'escalated':
      return fact.people.map((id) => to(id, 'ask', cards.escalated, { ...once('escalated', id), ...inHours }))
    case 'kickoff-scheduled':
      return [
        to(next.sender, 'tell', cards.sender, line('kickoff')),
        ...(receiver && next.status === 'accepted'
          ? [to(receiver, 'tell', cards.receiver, line('kickoff'))]
          : []),
      ]
    case 'kickoff-asked':
      return fact.people.map((id) => to(id, 'nudge', cards.kickoff, { ...once('kickoff', id), ...inHours }))
    case 'rating-asked':
      return fact.people.map((id) => to(id, 'ask', cards.rating, { ...once('rating', id), ...inHours }))
    case 'rated':
      return [to(next.sender, 'tell', cards.sender, line('rated'))]
    case 'milestone-due':
      return fact.people.map((id) =>
        to(id, 'nudge', cards.milestone, {
          once: `milestone:${next.id}:${next.version}:${fact.day}:${id}`,
          ...inHours,
        }),
      )
    case 'first-value':
      return [to(next.sender, 'tell', cards.sender, line('first-value'))]
    case 'edited':
    case 'milestone-done':
    case 'milestone-changed':
    case 'won-finished':
      return []
  }
}

/** When a handoff that waits is told to both managers. */
export const escalatesAt = ({ turnSince }: Handoff, { org, policy }: HandoffWorld): number =>
  addWorkingHours(turnSince, policy.handoff.escalateAfterWorkingHours, org.company.working)
