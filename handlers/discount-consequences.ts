import { nextWorkingMoment } from '../src/canon/calendar.ts'
import {
  type DiscountFact,
  type DiscountRequest,
  type DiscountWorld,
  mayDecide,
  nextDueAt,
  waitingOn,
} from '../src/canon/discount.ts'
import type { Audience, AuditEntry, Change, Delivery, Drawing, Save, Subject } from '../src/ports.ts'
import { threadLines } from './deal-thread.ts'

/** Who did it and what they saw, for the audit. */
export interface Actor {
  readonly by: string
  readonly platform: AuditEntry['platform']
  readonly saw?: Drawing
}

/** The names of the cards of a discount; `handlers/index.ts` registers a drawer under each. */
export const discountCards = {
  /** The decision brief, in the approver's DM. */
  decision: 'discount.decision',
  /** What I asked for, in the requester's DM. */
  request: 'discount.request',
  /** 참조: copied, no decision. */
  copied: 'discount.copied',
  /** A question that waits for the requester's answer. */
  question: 'discount.question',
  /** A counter-offer that waits for the requester. */
  countered: 'discount.countered',
  /** How it ended, told once, because a redrawn card rings no phone. */
  settled: 'discount.settled',
  /** Still waiting. */
  reminder: 'discount.reminder',
  /** Nobody is left who could decide: Sales Ops can hand the step to somebody. */
  stuck: 'discount.stuck',
} as const

export const discountSubject = (id: string): Subject => ({ noun: 'discount', id })

/**
 * Everything that follows from a ruling, as one change: the record with its inbox rows and due time, one
 * audit entry a fact, and the deliveries. Pure: the same ruling always has the same consequences.
 */
export function consequences(
  before: DiscountRequest | undefined,
  next: DiscountRequest,
  facts: readonly DiscountFact[],
  world: DiscountWorld,
  actor: Actor,
  /** Where the deal's thread hangs (`threadPlaces`). */
  places: readonly Audience[] = [],
): Pick<Change, 'save' | 'audit' | 'deliveries' | 'refresh'> {
  const save: Save[] = [
    {
      noun: 'discount',
      next,
      expect: before ? before.version : 'new',
      waiting: waitingOn(next, world),
      dueAt: nextDueAt(next, world),
    },
  ]
  if (next.status === 'approved' && before?.status !== 'approved') {
    // The approval sets price and discount on the deal; a deal that moved since makes the whole commit stale.
    save.push({
      noun: 'deal',
      id: next.deal,
      expect: world.deal.version,
      set: {
        approvedDiscount: next.discount,
        price: next.price,
        listAmount: next.list,
        discountFlagged: false,
      },
    })
  }
  return {
    save,
    audit: facts.map((fact) => auditOf(fact, next, world, actor)),
    deliveries: [
      ...deliveriesOf(before, next, facts, world),
      ...threadLines(places, next.deal, linesOf(facts, next)),
    ],
    refresh: before ? [discountSubject(next.id)] : [],
  }
}

const toldInThread: ReadonlySet<DiscountFact['fact']> = new Set([
  'requested',
  'took-effect',
  'approved',
  'rejected',
  'withdrawn',
  'expired',
  'voided',
])

/** What the deal's thread in the channel is told: that it was asked and how it ended, never how much (B5.62). */
const linesOf = (facts: readonly DiscountFact[], { id, version }: DiscountRequest): string[] =>
  facts.filter(({ fact }) => toldInThread.has(fact)).map(({ fact }) => `discount:${id}:${version}:${fact}`)

/** A refused attempt is history too: both of two people who pressed at once are in the audit (B5.3). */
export function refusedAttempt(
  request: DiscountRequest,
  act: string,
  code: string,
  now: number,
  actor: Actor,
): AuditEntry {
  return {
    at: now,
    what: 'discount.refused',
    by: actor.by,
    platform: actor.platform,
    subject: discountSubject(request.id),
    policyVersion: request.policyVersion,
    saw: sawOf(actor.saw),
    detail: { act, code, version: request.version },
  }
}

function auditOf(fact: DiscountFact, next: DiscountRequest, world: DiscountWorld, actor: Actor): AuditEntry {
  const { fact: name, ...rest } = fact
  // Names and words of people stay out of the chain (B5.92); the record keeps what was said.
  const detail: Record<string, unknown> = 'remark' in rest ? { remark: rest.remark.id } : { ...rest }
  delete detail.by
  delete detail.for
  return {
    at: world.now,
    what: `discount.${name}`,
    by: actor.by,
    for: 'for' in fact ? fact.for : undefined,
    platform: actor.platform,
    subject: discountSubject(next.id),
    policyVersion: next.policyVersion,
    saw: sawOf(actor.saw),
    detail: {
      ...detail,
      version: next.version,
      deal: next.deal,
      discount: next.discount,
      list: next.list.amount,
      price: next.price.amount,
      currency: next.list.currency,
    },
  }
}

const sawOf = (drawing: Drawing | undefined) =>
  drawing ? { drawing: drawing.id, version: drawing.version, ...drawing.shown } : undefined

function deliveriesOf(
  before: DiscountRequest | undefined,
  next: DiscountRequest,
  facts: readonly DiscountFact[],
  world: DiscountWorld,
): Delivery[] {
  const subject = discountSubject(next.id)
  const cards = discountCards
  const deliveries: Delivery[] = []
  const to = (
    person: string,
    kind: Delivery['kind'],
    card: string,
    more?: Pick<Delivery, 'line' | 'once' | 'after'>,
  ) => deliveries.push({ kind, card, subject, audience: { person }, ...more })

  // The requester's card first: the threads of the request hang on it.
  if (!before) to(next.requester, 'tell', cards.request)
  const asked = participantsOf(next)
  const opened = new Set(
    facts.flatMap((f) => (f.fact === 'step-opened' || f.fact === 'escalated' ? [...f.people] : [])),
  )
  const couldDecide = new Set(before ? mayDecide(before, world) : [])
  for (const person of mayDecide(next, world))
    if (opened.has(person) || !couldDecide.has(person)) to(person, 'ask', cards.decision)
  if (!before)
    for (const step of next.steps)
      if (step.kind === 'copy') for (const person of step.people) to(person, 'tell', cards.copied)

  const everybody = [next.requester, ...asked]
  for (const fact of facts) {
    switch (fact.fact) {
      case 'asked':
        to(next.requester, 'ask', cards.question, { once: `question:${fact.remark.id}` })
        for (const person of everybody)
          to(person, 'tell', cardOf(next, person), { line: `remark:${fact.remark.id}` })
        break
      case 'answered':
        for (const person of everybody)
          to(person, 'tell', cardOf(next, person), { line: `remark:${fact.remark.id}` })
        break
      case 'countered':
        to(next.requester, 'ask', cards.countered, { once: `countered:${next.id}:${next.version}` })
        for (const person of everybody)
          to(person, 'tell', cardOf(next, person), { line: `countered:${next.version}` })
        break
      case 'counter-accepted':
      case 'counter-declined':
      case 'reassigned':
      case 'rerouted':
        for (const person of everybody)
          to(person, 'tell', cardOf(next, person), { line: `${fact.fact}:${next.version}` })
        break
      case 'step-approved':
        if (next.status !== 'approved')
          to(next.requester, 'tell', cards.request, { line: `step-approved:${next.version}` })
        break
      case 'approved':
      case 'rejected':
      case 'expired':
      case 'voided':
        // Within one's own authority the card itself says so at once; nothing was waited for.
        if (before) to(next.requester, 'tell', cards.settled, { once: `settled:${next.id}` })
        break
      case 'reminded':
        for (const person of fact.people)
          to(person, 'nudge', cards.reminder, {
            once: `reminder:${next.id}:${fact.order}:${person}`,
            // Due by working time, but the same local time may lie before nine: nobody is nudged at night.
            after: nextWorkingMoment(world.now, world.org.company.working),
          })
        break
      case 'escalated':
        to(next.requester, 'tell', cards.request, { line: `escalated:${next.version}` })
        if (fact.people.length === 0)
          for (const person of world.org.people.values())
            if (person.active && person.roles.includes('sales_ops') && person.id !== next.requester)
              to(person.id, 'ask', cards.stuck, { once: `stuck:${next.id}:${fact.order}:${person.id}` })
        break
      default:
        break
    }
  }
  return deliveries
}

/** Everybody who was ever asked to decide, in the order they were asked. */
function participantsOf(request: DiscountRequest): string[] {
  const people = request.steps
    .filter((step) => step.kind !== 'copy' && step.state !== 'waiting' && step.state !== 'not-needed')
    .flatMap((step) => [...step.people, ...step.alsoMayDecide, ...step.decisions.map((d) => d.by)])
  return [...new Set(people)].filter((person) => person !== request.requester)
}

/** Which of the request's cards hangs in this person's DM. */
function cardOf(request: DiscountRequest, person: string): string {
  return person === request.requester ? discountCards.request : discountCards.decision
}
