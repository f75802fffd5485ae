import { type Decision, type DiscountRequest, isSettled } from '../src/canon/discount.ts'
import type { Block, Text } from './card.ts'
import type { DiscountBrief } from './discount.ts'
import { nameOf, peopleOf } from './names.ts'
import { theirWords } from './text.ts'
import type { Words } from './words/index.ts'

/** The people whose decision a request waits for now: those of its open steps who have not decided yet. */
export function decidersOf(request: DiscountRequest): readonly string[] {
  const people = new Set<string>()
  for (const step of request.steps) {
    if (step.state !== 'open' || step.kind === 'copy') continue
    const decided = new Set(step.decisions.map((decision) => decision.for ?? decision.by))
    for (const person of [...step.people, ...step.alsoMayDecide]) if (!decided.has(person)) people.add(person)
  }
  return [...people]
}

/** Since when the request has waited for whoever it waits for. */
export function waitingSince(request: DiscountRequest): number {
  if (request.status === 'countered' && request.counter) return request.counter.at
  const opened = request.steps.flatMap((step) =>
    step.state === 'open' && step.openedAt !== undefined ? [step.openedAt] : [],
  )
  return opened.length > 0 ? Math.min(...opened) : request.openedAt
}

/** The question nobody has answered yet, if there is one. */
export function openQuestion(request: DiscountRequest) {
  const last = request.conversation.at(-1)
  return last?.kind === 'question' && !isSettled(request) ? last : undefined
}

/** The latest decision of one of these verdicts, whether kept from before a counter-offer or not. */
export const lastDecision = (
  request: DiscountRequest,
  ...verdicts: readonly Decision['verdict'][]
): Decision | undefined =>
  request.steps
    .flatMap((step) => step.decisions)
    .filter((decision) => verdicts.includes(decision.verdict))
    .sort((a, b) => a.at - b.at)
    .at(-1)

/** Where the request stands, in one sentence: the outcome, or whose turn it is. */
export function statusOf(
  brief: Pick<DiscountBrief, 'request' | 'names' | 'timeZone' | 'now'>,
  w: Words,
): Text {
  const { request, names, timeZone, now } = brief
  const discount = w.percent(request.discount)
  const at = w.moment(request.settledAt ?? now, timeZone, now)
  const by = (id: string | undefined) => nameOf(id, names, w)
  switch (request.status) {
    case 'pending': {
      const deciders = decidersOf(request)
      return deciders.length === 0
        ? w.say('status.pending')
        : w.say('status.waiting-for', { names: peopleOf(deciders, names, w) })
    }
    case 'countered':
      return w.say('status.countered', {
        name: by(request.counter?.by),
        discount: w.percent(request.counter?.discount ?? request.discount),
        requester: by(request.requester),
      })
    case 'approved': {
      const last = lastDecision(request, 'approve', 'counter')
      if (!last) return w.say('status.own-authority', { discount, at })
      // An accepted counter-offer is its maker's yes; it may have been the last one needed.
      if (last.verdict === 'counter')
        return w.say('status.approved.counter', { discount, at, name: by(last.by) })
      return last.for !== undefined && last.for !== last.by
        ? w.say('status.approved.for', { discount, at, name: by(last.by), principal: by(last.for) })
        : w.say('status.approved', { discount, at, name: by(last.by) })
    }
    case 'rejected': {
      const last = lastDecision(request, 'reject')
      return last?.for !== undefined && last.for !== last.by
        ? w.say('status.rejected.for', { discount, at, name: by(last.by), principal: by(last.for) })
        : w.say('status.rejected', { discount, at, name: by(last?.by ?? request.settledBy) })
    }
    case 'withdrawn':
      return w.say('status.withdrawn', { at, name: by(request.settledBy ?? request.requester) })
    case 'expired':
      return w.say('status.expired', { at })
    case 'voided':
      return w.say('status.voided', { at, why: voidedWhy(request.settledWhy, w) })
    case 'superseded':
      return w.say('status.superseded', { at })
  }
}

function voidedWhy(code: string | undefined, w: Words): string {
  switch (code) {
    case 'amount-changed':
    case 'list-changed':
    case 'deal-closed':
    case 'deal-gone':
    case 'missing-approver':
      return w.t(`voided.${code}`)
    default:
      return w.t('voided.other')
  }
}

/** What the person who ended it wrote, where they wrote something. */
export function settledReason(request: DiscountRequest, w: Words): readonly Block[] {
  if (!request.settledWhy || (request.status !== 'rejected' && request.status !== 'withdrawn')) return []
  return [
    {
      kind: 'quote',
      label: w.t(request.status === 'rejected' ? 'label.rejection' : 'label.withdrawal'),
      text: theirWords(request.settledWhy, 1200),
    },
  ]
}
