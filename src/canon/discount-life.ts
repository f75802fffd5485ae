import { addLocalDays, type Instant } from './calendar.ts'
import type {
  DiscountAsk,
  DiscountFact,
  DiscountRequest,
  DiscountStatus,
  DiscountWorld,
  Step,
} from './discount.ts'
import { coversStep, decidersOf, isUndone, pendingPeople } from './discount-authority.ts'
import {
  approverFor,
  delegation,
  isDeciding,
  lineOf,
  membersOf,
  obstacle,
  planSteps,
  rungOf,
  votesNeeded,
} from './discount-route.ts'
import { priceAfter, sameMoney } from './money.ts'
import { isOpen, type Opportunity } from './opportunity.ts'
import { type Ruling, refuse } from './refusal.ts'

/** Whether nothing can happen to the request any more. */
export function isSettled(request: Pick<DiscountRequest, 'status'>): boolean {
  return request.status !== 'pending' && request.status !== 'countered'
}

/** A request on its way to its next version, and what has happened on the way. */
export interface Course {
  readonly request: DiscountRequest
  readonly facts: readonly DiscountFact[]
}

/** The end of a ruling: one version on, however much has happened. */
export const arrive = ({ request, facts }: Course, before: DiscountRequest) => ({
  next: { ...request, version: before.version + 1 },
  facts,
})

export const withStep = (request: DiscountRequest, at: number, changes: Partial<Step>): DiscountRequest => ({
  ...request,
  steps: request.steps.map((step, i) => (i === at ? { ...step, ...changes } : step)),
})

/** Ends a request. Steps nobody has decided are not needed any more. */
export function settle(
  request: DiscountRequest,
  status: DiscountStatus,
  now: Instant,
  how: { readonly by?: string; readonly why?: string } = {},
): DiscountRequest {
  return {
    ...request,
    status,
    settledAt: now,
    ...(how.by === undefined ? {} : { settledBy: how.by }),
    ...(how.why === undefined ? {} : { settledWhy: how.why }),
    steps: request.steps.map((step) => (isUndone(step) ? { ...step, state: 'not-needed' } : step)),
  }
}

// ── people who can't decide any more ─────────────────────────────────────────

/** Whether the approver of a rung can still decide it; `blocked`: away, and their delegates run in a circle. */
function fitness(request: DiscountRequest, step: Step, world: DiscountWorld): 'fit' | 'blocked' | 'unfit' {
  const person = world.org.people.get(step.people[0] ?? '')
  if (!person?.active || person.id === request.requester || !coversStep(person, step, world)) return 'unfit'
  if (decidersOf(request).has(person.id)) return 'unfit'
  return delegation(person, world).kind === 'loop' ? 'blocked' : 'fit'
}

const notice = (
  course: Course,
  now: Instant,
  code: DiscountRequest['notices'][number]['code'],
  detail: string,
): Course =>
  course.request.notices.some((known) => known.code === code && known.detail === detail)
    ? course
    : {
        request: { ...course.request, notices: [...course.request.notices, { at: now, code, detail }] },
        facts: [...course.facts, { fact: 'noticed', code }],
      }

const clockFrom = (now: Instant, state: Step['state']): Partial<Step> => ({
  alsoMayDecide: [],
  openedAt: state === 'open' ? now : undefined,
  remindedAt: undefined,
  escalatedAt: undefined,
})

/** Gives a step to somebody else, with a clock of its own. */
export const handOver = (
  request: DiscountRequest,
  at: number,
  people: readonly string[],
  now: Instant,
  more: Partial<Step> = {},
) => withStep(request, at, { ...clockFrom(now, request.steps[at]!.state), people, ...more })

/**
 * Finds a successor for a rung whose approver is gone, as the route would (B5.7, B5.8): up the requester's line, and
 * where that person holds a later rung the two merge. Where nobody is left it stays, with a notice for Sales Ops.
 */
function rerouteRung(course: Course, at: number, world: DiscountWorld): Course {
  const { request } = course
  const step = request.steps[at]!
  const fit = fitness(request, step, world)
  if (fit === 'fit') return course
  const from = step.people[0] ?? ''
  const agreeing = request.steps.filter((s) => s.kind === 'agreement' && isUndone(s)).flatMap((s) => s.people)
  const barred = new Set([request.requester, from, ...decidersOf(request), ...agreeing])
  const found = approverFor(rungOf(step.level, world.policy), lineOf(request.requester, world), barred, world)
  if (!found) return fit === 'blocked' ? course : notice(course, world.now, 'missing-approver', step.level)
  if (fit === 'blocked' && delegation(found.person, world).kind === 'loop') return course

  const to = found.person.id
  const facts: DiscountFact[] = [...course.facts, { fact: 'rerouted', order: step.order, from, to }]
  const own = request.steps.findIndex(
    (s, i) => i !== at && s.kind === 'rung' && isUndone(s) && s.people[0] === to,
  )
  const level = world.policy.discount.rungs[found.rung]!.role
  const union = (covers: readonly Step['level'][]) =>
    [...new Set([...step.covers, ...covers])].sort(
      (a, b) => rungOf(a, world.policy) - rungOf(b, world.policy),
    )
  const next =
    own < 0
      ? handOver(request, at, [to], world.now, { level, covers: union([level]) })
      : withStep(withStep(request, at, { state: 'not-needed' }), own, {
          covers: union(request.steps[own]!.covers),
        })
  return {
    request: {
      ...next,
      notices: [...next.notices, { at: world.now, code: 'rerouted', detail: `${from}>${to}` }],
    },
    facts,
  }
}

/** Lets go of members who left a group that must agree, and fills it up where too few are left to reach the number. */
function repairAgreement(course: Course, at: number, world: DiscountWorld): Course {
  const { request } = course
  const step = request.steps[at]!
  const pending = new Set(pendingPeople(step))
  const keeps = (id: string) => {
    const person = world.org.people.get(id)
    return (
      !pending.has(id) ||
      Boolean(person?.active && id !== request.requester && coversStep(person, step, world))
    )
  }
  const kept = step.people.filter(keeps)
  const lost = step.people.filter((id) => !keeps(id))
  if (lost.length === 0) return course
  const enough = Math.max(1, votesNeeded(step.need, kept.length))
  const elsewhere = request.steps.filter((s) => s !== step && isUndone(s)).flatMap((s) => s.people)
  const barred = new Set([request.requester, ...step.people, ...decidersOf(request), ...elsewhere])
  const joining = kept.length >= enough || !step.group ? [] : membersOf(step.group, world.org, barred)
  const people = [...kept, ...joining]
  if (people.length < enough)
    return notice(course, world.now, 'missing-approver', step.group?.roles?.[0] ?? step.level)
  const next = withStep(request, at, { people })
  if (joining.length === 0)
    return notice(
      { request: next, facts: course.facts },
      world.now,
      'rerouted',
      `${lost.join(' ')}>${kept.join(' ')}`,
    )
  return {
    request: {
      ...next,
      notices: [
        ...next.notices,
        { at: world.now, code: 'rerouted', detail: `${lost.join(' ')}>${joining.join(' ')}` },
      ],
    },
    facts: [...course.facts, { fact: 'rerouted', order: step.order, from: lost[0]!, to: joining[0]! }],
  }
}

/** Passes on what the people of the open steps can't decide any more. */
export function reroute(course: Course, world: DiscountWorld): Course {
  let current = course
  for (const [at, { state, kind }] of course.request.steps.entries()) {
    if (state !== 'open') continue
    current = kind === 'rung' ? rerouteRung(current, at, world) : repairAgreement(current, at, world)
  }
  return current
}

// ── going on ─────────────────────────────────────────────────────────────────

/** Whether enough people have said yes. */
export const isDone = (step: Step): boolean => {
  const votes = step.decisions.filter((decision) => decision.verdict !== 'reject').length
  return step.need === 'all'
    ? votes > 0 && pendingPeople(step).length === 0
    : votes >= votesNeeded(step.need, step.people.length)
}

/** Closes the steps that are done, opens those of the next order, and approves when none is left. */
export function advance(course: Course, world: DiscountWorld): Course {
  let { request, facts } = course
  for (const [at, step] of request.steps.entries())
    if (step.state === 'open' && isDone(step)) request = withStep(request, at, { state: 'done' })
  for (;;) {
    const undone = request.steps.filter(isUndone)
    if (undone.length === 0) {
      const last = request.steps
        .flatMap((step) => step.decisions)
        .reduce<{ at: Instant; by?: string }>((a, b) => (b.at >= a.at ? b : a), { at: 0 })
      return {
        request: settle(request, 'approved', world.now, last.by === undefined ? {} : { by: last.by }),
        facts: [...facts, { fact: 'approved' }],
      }
    }
    const order = Math.min(...undone.map((step) => step.order))
    const at = request.steps.findIndex(
      (step) => step.order === order && isDeciding(step) && step.state === 'waiting',
    )
    if (at < 0) return { request, facts }
    request = withStep(request, at, { state: 'open', openedAt: world.now })
    // Whoever was to decide when the request was made may have left, or decided an earlier step, since.
    ;({ request, facts } = reroute({ request, facts }, world))
    const opened = request.steps[at]!
    if (opened.state === 'open') facts = [...facts, { fact: 'step-opened', order, people: opened.people }]
  }
}

/** Opens a request. Within the requester's own authority it comes back `approved`, with the fact `took-effect`. */
export function open(ask: DiscountAsk, world: DiscountWorld): Ruling<DiscountRequest, DiscountFact> {
  const { deal, policy, org, now } = world
  const refusal = obstacle(ask, world)
  if (refusal) return refuse(refusal)
  // What the deal's record says counts; a typed list price is for a deal that has none.
  const list = deal.listAmount ?? ask.listAmount
  if (!list || !Number.isSafeInteger(list.amount) || list.amount <= 0)
    return refuse({ code: 'list-amount-missing' })
  const reason = ask.reason.trim()
  if (!reason) return refuse({ code: 'reason-missing' })
  const { exceptionOver, expireAfterDays } = policy.discount
  const justification = ask.justification?.trim()
  if (ask.discount > exceptionOver && !justification)
    return refuse({ code: 'justification-missing', over: exceptionOver })
  const planned = planSteps(org.people.get(ask.requester)!, ask.discount, world)
  if (!planned.ok) return planned

  const request: DiscountRequest = {
    id: ask.id,
    deal: deal.id,
    requester: ask.requester,
    version: 1,
    status: 'pending',
    discount: ask.discount,
    asked: ask.discount,
    list,
    price: priceAfter(list, ask.discount),
    stage: deal.stage,
    ...(deal.amount ? { amount: deal.amount } : {}),
    reason,
    ...(ask.competitor?.trim() ? { competitor: ask.competitor.trim() } : {}),
    ...(ask.neededBy ? { neededBy: ask.neededBy } : {}),
    ...(justification ? { justification } : {}),
    policyVersion: policy.version,
    openedAt: now,
    expiresAt: addLocalDays(now, expireAfterDays, org.company.working.timeZone),
    steps: planned.next,
    conversation: [],
    notices: [],
  }
  if (!planned.next.some(isDeciding))
    return {
      ok: true,
      next: settle(request, 'approved', now, { by: ask.requester }),
      facts: [{ fact: 'requested' }, { fact: 'took-effect' }],
    }
  const opened = advance({ request, facts: [{ fact: 'requested' }] }, world)
  return { ok: true, next: opened.request, facts: opened.facts }
}

/** A new request for the same deal takes the place of this open one. */
export function supersede(
  request: DiscountRequest,
  byRequest: string,
  now: Instant,
): Ruling<DiscountRequest, DiscountFact> {
  if (isSettled(request)) return refuse(settledRefusal(request))
  const next = settle(request, 'superseded', now, { why: byRequest })
  return { ok: true, ...arrive({ request: next, facts: [{ fact: 'superseded', byRequest }] }, request) }
}

export const settledRefusal = (request: DiscountRequest) =>
  ({
    code: 'already-settled',
    status: request.status,
    ...(request.settledBy === undefined ? {} : { by: request.settledBy }),
    ...(request.settledAt === undefined ? {} : { at: request.settledAt }),
  }) as const

// ── a deal that moves under its request ──────────────────────────────────────

/**
 * Why the deal is not the one the request was made for any more: it was closed, or another list price or amount would
 * be approved than the one that was shown (B5.99). A list price typed in the form and not yet on the deal is no change.
 */
export function strayed(
  request: DiscountRequest,
  deal: Opportunity,
): 'deal-closed' | 'list-changed' | 'amount-changed' | undefined {
  if (!isOpen(deal.stage)) return 'deal-closed'
  if (deal.listAmount && !sameMoney(deal.listAmount, request.list)) return 'list-changed'
  if (!sameMoney(deal.amount, request.amount)) return 'amount-changed'
  return undefined
}

/** Ends an open request whose deal has strayed from it. */
export function voided(request: DiscountRequest, why: string, world: DiscountWorld): Course {
  return { request: settle(request, 'voided', world.now, { why }), facts: [{ fact: 'voided', why }] }
}

/**
 * What a change of the deal from elsewhere does to an open request: closing it, or another amount or list price, voids
 * it; another stage is noticed on the card; `undefined` for nothing.
 */
export function dealChanged(
  request: DiscountRequest,
  before: Opportunity,
  world: DiscountWorld,
): { next: DiscountRequest; facts: readonly DiscountFact[] } | undefined {
  if (isSettled(request)) return undefined
  const { deal, now } = world
  const why = strayed(request, deal) ?? (before.listAmount && !deal.listAmount ? 'list-changed' : undefined)
  if (why) return arrive(voided(request, why, world), request)
  if (before.stage === deal.stage) return undefined
  const moved = { at: now, code: 'stage-changed', detail: `${before.stage}>${deal.stage}` } as const
  return arrive(
    {
      request: { ...request, notices: [...request.notices, moved] },
      facts: [{ fact: 'noticed', code: moved.code }],
    },
    request,
  )
}
