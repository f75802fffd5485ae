import type {
  Counter,
  Decision,
  DiscountAct,
  DiscountFact,
  DiscountRequest,
  DiscountWorld,
  Step,
} from './discount.ts'
import {
  answerable,
  coversStep,
  decidersOf,
  decisionOf,
  isUndone,
  mergesInto,
  pendingPeople,
  standing,
  waitingOn,
} from './discount-authority.ts'
import {
  advance,
  arrive,
  type Course,
  handOver,
  isDone,
  isSettled,
  settle,
  settledRefusal,
  strayed,
  withStep,
} from './discount-life.ts'
import { inGroup, isDeciding, neededRungs, rungOf } from './discount-route.ts'
import { priceAfter } from './money.ts'
import { isOpen } from './opportunity.ts'
import type { Person } from './people.ts'
import { type Refusal, type Ruling, refuse } from './refusal.ts'

type Answer = { ok: true; course: Course } | { ok: false; refusal: Refusal }
type Act<K extends DiscountAct['act']> = Extract<DiscountAct, { act: K }>

const went = (request: DiscountRequest, ...facts: DiscountFact[]): Answer => ({
  ok: true,
  course: { request, facts },
})

/**
 * Rules on one gesture. The one door for buttons, commands and the API alike. Where several refusals would be true, the
 * first in this order is given: inactive · already-settled · expired · deal-closed · moved-on (approve, counter, accept)
 * · own-request · already-decided-by-you · approved-earlier-rung · not-your-step · over-your-authority · then what is
 * wrong with the answer itself (no reason, no lower counter). For the requester's acts: not-the-requester ·
 * no-counter-open. Expiry is judged by the time of the click, whether or not the sweep has run (B5.17).
 */
export function rule(
  request: DiscountRequest,
  act: DiscountAct,
  world: DiscountWorld,
): Ruling<DiscountRequest, DiscountFact> {
  const by = world.org.people.get(act.by)
  if (!by?.active) return refuse({ code: 'inactive' })
  if (isSettled(request)) return refuse(settledRefusal(request))
  if (world.now >= request.expiresAt) return refuse({ code: 'expired', at: request.expiresAt })
  if (!isOpen(world.deal.stage)) return refuse({ code: 'deal-closed', stage: world.deal.stage })
  const answer = answerTo(request, act, by, world)
  return answer.ok ? { ok: true, ...arrive(answer.course, request) } : answer
}

function answerTo(request: DiscountRequest, act: DiscountAct, by: Person, world: DiscountWorld): Answer {
  // Nobody may give or take a discount for numbers that the card did not show (B5.99); saying no is always safe.
  const yes = act.act === 'approve' || act.act === 'counter' || act.act === 'accept-counter'
  if (yes && strayed(request, world.deal)) return refuse({ code: 'moved-on' })
  switch (act.act) {
    case 'approve':
      return approve(request, act, by, world)
    case 'reject':
      return reject(request, act, by, world)
    case 'counter':
      return counter(request, act, by, world)
    case 'ask':
    case 'answer':
      return remark(request, act, world)
    case 'accept-counter':
      return accept(request, act, world)
    case 'decline-counter':
      return decline(request, act, world)
    case 'withdraw':
      return withdraw(request, act, world)
    case 'reassign':
      return reassign(request, act, by, world)
  }
}

// ── the approver's ───────────────────────────────────────────────────────────

const decide = (
  verdict: Decision['verdict'],
  act: { readonly by: string; readonly platform: Decision['platform'] },
  right: { readonly for?: string },
  more: Pick<Decision, 'at' | 'discount' | 'note'>,
): Decision => ({
  verdict,
  by: act.by,
  ...(right.for === undefined ? {} : { for: right.for }),
  at: more.at,
  platform: act.platform,
  discount: more.discount,
  ...(more.note?.trim() ? { note: more.note.trim() } : {}),
})

/** Records a decision; where it was given in somebody's place, the decider's own later rung merges into this one. */
function record(
  request: DiscountRequest,
  at: number,
  decision: Decision,
  world: DiscountWorld,
): DiscountRequest {
  const step = request.steps[at]!
  const decided = withStep(request, at, { decisions: [...step.decisions, decision] })
  const person = world.org.people.get(decision.by)
  if (decision.for === undefined || step.kind !== 'rung' || !person) return decided
  const own = request.steps.findIndex((later) => mergesInto(later, person, world))
  if (own < 0) return decided
  const later = request.steps[own]!
  const covers = [...new Set([...step.covers, ...later.covers])]
  return withStep(withStep(decided, own, { state: 'not-needed' }), at, { level: later.level, covers })
}

function approve(request: DiscountRequest, act: Act<'approve'>, by: Person, world: DiscountWorld): Answer {
  const right = standing(request, by, world, act.step)
  if (!right.ok) return right
  const decision = decide('approve', act, right, {
    at: world.now,
    discount: request.discount,
    note: act.note,
  })
  const fact = {
    fact: 'step-approved',
    order: request.steps[right.step]!.order,
    by: by.id,
    ...(right.for === undefined ? {} : { for: right.for }),
  } as const
  const decided = record(request, right.step, decision, world)
  return { ok: true, course: advance({ request: decided, facts: [fact] }, world) }
}

/** One no ends the request, in a group as on a rung. */
function reject(request: DiscountRequest, act: Act<'reject'>, by: Person, world: DiscountWorld): Answer {
  const right = standing(request, by, world, act.step)
  if (!right.ok) return right
  const why = act.reason.trim()
  if (!why) return refuse({ code: 'reason-missing' })
  const decision = decide('reject', act, right, { at: world.now, discount: request.discount, note: why })
  const step = request.steps[right.step]!
  const decided = withStep(request, right.step, {
    decisions: [...step.decisions, decision],
    state: 'refused',
  })
  return went(settle(decided, 'rejected', world.now, { by: by.id, why }), {
    fact: 'rejected',
    by: by.id,
    ...(right.for === undefined ? {} : { for: right.for }),
  })
}

function counter(request: DiscountRequest, act: Act<'counter'>, by: Person, world: DiscountWorld): Answer {
  const right = standing(request, by, world, act.step)
  if (!right.ok) return right
  const { discount } = act
  if (!Number.isInteger(discount) || discount < 1) return refuse({ code: 'discount-out-of-range' })
  if (discount >= request.discount) return refuse({ code: 'counter-not-lower', asked: request.discount })
  const step = request.steps[right.step]!
  const offer: Counter = {
    discount,
    price: priceAfter(request.list, discount),
    by: by.id,
    ...(right.for === undefined ? {} : { for: right.for }),
    at: world.now,
    order: step.order,
    level: step.level,
    step: right.step,
    platform: act.platform,
    ...(act.note?.trim() ? { note: act.note.trim() } : {}),
  }
  return went({ ...request, status: 'countered', counter: offer }, { fact: 'countered', by: by.id })
}

// ── the conversation ─────────────────────────────────────────────────────────

/** Approvers, copied people and stand-ins ask; the requester, the owner and they answer. Nobody else reads along. */
function remark(request: DiscountRequest, act: Act<'ask' | 'answer'>, world: DiscountWorld): Answer {
  const takesPart =
    request.steps.some((step) => step.people.includes(act.by) && step.state !== 'not-needed') ||
    decisionOf(request, act.by) !== undefined ||
    waitingOn(request, world).includes(act.by)
  if (act.act === 'ask') {
    if (act.by === request.requester) return refuse({ code: 'own-request' })
    if (!takesPart) return refuse({ code: 'not-your-step', waitingFor: waitingOn(request, world) })
  } else if (act.by !== request.requester && act.by !== world.deal.owner && !takesPart)
    return refuse({ code: 'not-allowed', what: 'discount.answer' })
  const text = act.text.trim()
  if (!text) return refuse({ code: 'text-missing' })
  const said = {
    id: act.remarkId,
    at: world.now,
    by: act.by,
    kind: act.act === 'ask' ? 'question' : 'answer',
    text,
    platform: act.platform,
  } as const
  return went(
    { ...request, conversation: [...request.conversation, said] },
    { fact: act.act === 'ask' ? 'asked' : 'answered', remark: said },
  )
}

// ── the requester's ──────────────────────────────────────────────────────────

/**
 * Takes the lower discount. The counter is its maker's yes; decisions given before are kept; the request ends when the
 * level that the new percent needs is covered by a decision at that level or above, else what it needs goes on.
 */
function accept(request: DiscountRequest, act: Act<'accept-counter'>, world: DiscountWorld): Answer {
  if (act.by !== answerable(request, world)) return refuse({ code: 'not-the-requester' })
  const offer = request.counter
  if (request.status !== 'countered' || !offer) return refuse({ code: 'no-counter-open' })
  const { policy, org } = world
  const at = offer.step ?? request.steps.findIndex((s) => s.state === 'open' && s.order === offer.order)
  const given = decide('counter', { by: offer.by, platform: offer.platform ?? 'system' }, offer, {
    at: offer.at,
    discount: offer.discount,
    note: offer.note,
  })
  const kept: DiscountRequest = {
    ...request,
    status: 'pending',
    counter: undefined,
    discount: offer.discount,
    price: offer.price,
    steps: request.steps.map((step) => ({
      ...step,
      decisions: step.decisions.map((decision) => ({ ...decision, kept: true })),
    })),
  }
  const decided = record(kept, at, given, world)

  const needed = neededRungs(org.people.get(request.requester), offer.discount, policy)
  const highest = needed.at(-1)
  const rungs = new Set(needed.map((rung) => policy.discount.rungs[rung]!.role))
  const covered =
    highest === undefined ||
    decided.steps.some(
      (step) => step.kind === 'rung' && step.decisions.length > 0 && rungOf(step.level, policy) >= highest,
    )
  const stillNeeded = (step: Step): boolean => {
    if (isDone(step)) return true
    if (step.kind === 'agreement') return offer.discount > (step.over ?? 0)
    return !covered && step.covers.some((level) => rungs.has(level))
  }
  const rest: DiscountRequest = {
    ...decided,
    steps: decided.steps.map((step) =>
      isUndone(step) && !stillNeeded(step) ? { ...step, state: 'not-needed' } : step,
    ),
  }
  return {
    ok: true,
    course: advance({ request: rest, facts: [{ fact: 'counter-accepted', by: act.by }] }, world),
  }
}

/** Back to the step as it was, for the first discount; its clock starts again, because it stood still meanwhile. */
function decline(request: DiscountRequest, act: Act<'decline-counter'>, world: DiscountWorld): Answer {
  if (act.by !== answerable(request, world)) return refuse({ code: 'not-the-requester' })
  if (request.status !== 'countered') return refuse({ code: 'no-counter-open' })
  const steps = request.steps.map((step) =>
    step.state === 'open'
      ? { ...step, openedAt: world.now, remindedAt: undefined, escalatedAt: undefined }
      : step,
  )
  return went(
    { ...request, status: 'pending', counter: undefined, steps },
    { fact: 'counter-declined', by: act.by },
  )
}

function withdraw(request: DiscountRequest, act: Act<'withdraw'>, world: DiscountWorld): Answer {
  if (act.by !== answerable(request, world)) return refuse({ code: 'not-the-requester' })
  const why = act.reason?.trim()
  return went(settle(request, 'withdrawn', world.now, { by: act.by, ...(why ? { why } : {}) }), {
    fact: 'withdrawn',
    by: act.by,
  })
}

/** Hands an undecided place in a step to somebody else with the step's authority; the requester or Sales Ops may. */
function reassign(request: DiscountRequest, act: Act<'reassign'>, by: Person, world: DiscountWorld): Answer {
  if (by.id !== answerable(request, world) && !by.roles.includes('sales_ops'))
    return refuse({ code: 'not-allowed', what: 'discount.reassign' })
  if (request.status === 'countered')
    return refuse({ code: 'not-your-step', waitingFor: waitingOn(request, world) })
  const at = request.steps.findIndex(
    (step) => step.order === act.order && isUndone(step) && pendingPeople(step).includes(act.from),
  )
  const step = request.steps[at]
  if (!step) return refuse({ code: 'not-found', what: 'step' })
  const why = unfit(request, step, act.to, world)
  if (why) return refuse({ code: 'unfit-approver', person: act.to, why, level: step.level })
  const people = step.people.map((person) => (person === act.from ? act.to : person))
  return went(handOver(request, at, people, world.now), {
    fact: 'reassigned',
    order: step.order,
    from: act.from,
    to: act.to,
  })
}

/** Why somebody can't be given a step. */
function unfit(request: DiscountRequest, step: Step, to: string, world: DiscountWorld) {
  const person = world.org.people.get(to)
  if (!person?.active) return 'inactive'
  if (to === request.requester) return 'requester'
  if (decidersOf(request).has(to)) return 'already-involved'
  if (request.steps.some((other) => isDeciding(other) && isUndone(other) && other.people.includes(to)))
    return 'already-involved'
  const hasAuthority =
    step.kind === 'agreement' && step.group ? inGroup(person, step.group) : coversStep(person, step, world)
  return hasAuthority ? undefined : 'authority'
}
