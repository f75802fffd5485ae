import type { Card } from '../blocks/card.ts'
import { type DiscountBrief, discountCard } from '../blocks/discount.ts'
import { openQuestion } from '../blocks/discount-status.ts'
import {
  counteredCard,
  questionCard,
  reminderCard,
  settledCard,
  type ThreadLineKind,
  threadLine,
} from '../blocks/discount-thread.ts'
import type { Words } from '../blocks/words/index.ts'
import { addDays, localDate } from '../src/canon/calendar.ts'
import {
  type DiscountAct,
  type DiscountRequest,
  type DiscountWorld,
  isSettled,
  mayDecide,
  rule,
  waitingOn,
} from '../src/canon/discount.ts'
import { meddiccCompleteness, type Opportunity } from '../src/canon/opportunity.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { Drawing, Subject } from '../src/ports.ts'
import type { CardEntry, EaselDesk } from './desk.ts'
import { averageWith, namesOf, worldOf } from './discount-request.ts'

export interface DrawnDiscount {
  readonly brief: DiscountBrief
  readonly card: Card
  readonly drawing: Drawing
}

/** The card of a request as this viewer may see it at this instant; `undefined` when the record is gone. */
export async function drawDiscount(subject: Subject, desk: EaselDesk): Promise<DrawnDiscount | undefined> {
  const request = await desk.store.discount(desk.company, subject.id)
  const deal = request && (await desk.store.deal(desk.company, request.deal))
  if (!request || !deal) return undefined
  const policy = await desk.store.policy(desk.company, request.policyVersion)
  const world = worldOf(desk, deal, policy)
  const viewer = viewerOf(request, world, desk)
  const drawing = drawingOf(request, deal, desk)
  const brief: DiscountBrief = {
    request,
    deal,
    names: namesOf(desk, request),
    timeZone: desk.viewer?.timeZone ?? desk.org.company.working.timeZone,
    now: desk.now,
    viewer,
    standsInFor: standsInFor(request, world, desk),
    drawing: drawing.id,
    actions: actionsFor(request, world, desk),
    numbers:
      viewer === 'approver' || viewer === 'participant'
        ? await numbersOf(request, deal, policy, desk)
        : undefined,
  }
  return { brief, card: discountCard(brief, desk.words), drawing }
}

function drawingOf(request: DiscountRequest, deal: Opportunity, desk: EaselDesk): Drawing {
  return {
    id: desk.newId(),
    subject: { noun: 'discount', id: request.id },
    version: request.version,
    step: request.steps.find((s) => s.state === 'open')?.order,
    viewer: desk.viewer?.id,
    shown: {
      status: request.status,
      discount: request.discount,
      list: request.list.amount,
      price: request.price.amount,
      currency: request.list.currency,
      amount: deal.amount?.amount,
      stage: deal.stage,
    },
    at: desk.now,
  }
}

function viewerOf(request: DiscountRequest, world: DiscountWorld, desk: EaselDesk): DiscountBrief['viewer'] {
  const id = desk.viewer?.id
  if (!id) return 'copied'
  if (id === request.requester) return 'requester'
  if (mayDecide(request, world).includes(id)) return 'approver'
  const copied = request.steps.some((s) => s.kind === 'copy' && s.people.includes(id))
  const asked = request.steps.some(
    (s) =>
      s.kind !== 'copy' &&
      (s.people.includes(id) || s.alsoMayDecide.includes(id) || s.decisions.some((d) => d.by === id)),
  )
  return copied && !asked ? 'copied' : 'participant'
}

/** Whose step it is, when the viewer may decide it only in somebody's place (대결). */
function standsInFor(request: DiscountRequest, world: DiscountWorld, desk: EaselDesk): string | undefined {
  const id = desk.viewer?.id
  if (!id || !mayDecide(request, world).includes(id)) return undefined
  const open = request.steps.filter((s) => s.state === 'open')
  if (open.some((s) => s.people.includes(id))) return undefined
  return open[0]?.people[0]
}

/** What this viewer could do this instant, asked of the rules themselves, so that a live button is never a dead one. */
function actionsFor(
  request: DiscountRequest,
  world: DiscountWorld,
  desk: EaselDesk,
): DiscountBrief['actions'] {
  const by = desk.viewer?.id
  if (!by || isSettled(request)) return []
  const trials: Record<DiscountBrief['actions'][number], DiscountAct | undefined> = {
    approve: { act: 'approve', by, platform: 'system' },
    reject: { act: 'reject', reason: '-', by, platform: 'system' },
    counter: { act: 'counter', discount: 1, by, platform: 'system' },
    ask: { act: 'ask', remarkId: '-', text: '-', by, platform: 'system' },
    // Whoever asked the question is not asked to answer it.
    answer:
      openQuestion(request) &&
      waitingOn(request, world).includes(by) &&
      !mayDecide(request, world).includes(by)
        ? { act: 'answer', remarkId: '-', text: '-', by, platform: 'system' }
        : undefined,
    'accept-counter': { act: 'accept-counter', by, platform: 'system' },
    'decline-counter': { act: 'decline-counter', by, platform: 'system' },
    withdraw: { act: 'withdraw', by, platform: 'system' },
    reassign: undefined,
  }
  const actions = Object.entries(trials)
    .filter(([, act]) => act && rule(request, act, world).ok)
    .map(([action]) => action as DiscountBrief['actions'][number])
  const mayReassign = by === request.requester || desk.viewer?.roles.includes('sales_ops')
  return mayReassign && request.status === 'pending' ? [...actions, 'reassign'] : actions
}

/** The numbers a decision needs, over the last twelve months (Canon, targets of Stage 5). */
async function numbersOf(
  request: DiscountRequest,
  deal: Opportunity,
  policy: Policy,
  desk: EaselDesk,
): Promise<NonNullable<DiscountBrief['numbers']>> {
  const to = localDate(desk.now, desk.org.company.working.timeZone)
  const from = addDays(to, -365)
  const [requesterAverage, similarWon] = await Promise.all([
    desk.store.discountStats(desk.company, { owner: request.requester, from, to }),
    desk.store.discountStats(desk.company, { like: deal, from, to }),
  ])
  const meddicc = meddiccCompleteness(deal)
  const probability = policy.probability[deal.stage]
  const effect =
    deal.amount && deal.amount.currency === request.price.currency
      ? {
          amount: Math.round(((request.price.amount - deal.amount.amount) * probability) / 100),
          currency: deal.amount.currency,
        }
      : undefined
  return {
    requesterAverage,
    averageTarget: policy.discount.averageTarget,
    averageAfter: isSettled(request)
      ? undefined
      : averageWith({ stats: requesterAverage }, request.list, request.discount),
    similarWon,
    meddicc,
    forecastEffect: effect,
    probability,
  }
}

function isInvolved({ request, viewer }: DiscountBrief, desk: EaselDesk): boolean {
  const id = desk.viewer?.id
  if (!id || viewer === 'approver' || id === request.requester) return true
  return request.steps.some(
    (s) => s.people.includes(id) || s.alsoMayDecide.includes(id) || s.decisions.some((d) => d.by === id),
  )
}

/** The card of each audience; with a line, a message in the thread under it. */
const briefEntry: CardEntry = async (subject, desk, line) => {
  const drawn = await drawDiscount(subject, desk)
  if (!drawn) return undefined
  // Who stands in no longer (the absence was called off before it began) is not shown what is none of theirs.
  if (line === undefined)
    return {
      card: 'channel' in desk.audience ? withOwn(drawn, desk) : drawn.card,
      drawings: [drawn.drawing],
      onlyRedraw: !isInvolved(drawn.brief, desk),
    }
  const [kind, id] = line.split(':')
  const remark = kind === 'remark' ? drawn.brief.request.conversation.find((r) => r.id === id) : undefined
  if (kind === 'remark' && !remark) return undefined
  const about = remark ? remark.kind : (kind as Exclude<ThreadLineKind, 'question' | 'answer'>)
  return {
    card: threadLine(about, remark, drawn.brief, desk.words),
    drawings: [],
    threadOnly: isKnown(about, remark?.by, drawn.brief, desk),
  }
}

/** In a channel everybody sees what is nobody's secret; who decides or asked sees their own card in its place. */
function withOwn({ card, brief, drawing }: DrawnDiscount, desk: EaselDesk): Card {
  const { request, deal } = brief
  const people = [...new Set([...mayDecide(request, worldOf(desk, deal)), request.requester])]
  return { ...card, own: { action: 'discount.open', drawing: drawing.id, people } }
}

/** Who wrote it knows it; the requester has a question or a counter-offer as a card of its own. */
function isKnown(
  about: ThreadLineKind,
  author: string | undefined,
  brief: DiscountBrief,
  desk: EaselDesk,
): boolean {
  const id = desk.viewer?.id
  const { request } = brief
  if (id === undefined) return false
  if (id === request.requester)
    return ['question', 'answer', 'countered', 'counter-accepted', 'counter-declined'].includes(about)
  return id === author || (about === 'countered' && id === request.counter?.by)
}

/** A short notice that rings where a redrawn card does not; when its time has passed it is redrawn, not posted. */
const noticeEntry =
  (
    draw: (brief: DiscountBrief, words: Words) => Card,
    stillDue: (request: DiscountRequest, viewer: string | undefined, world: DiscountWorld) => boolean,
  ): CardEntry =>
  async (subject, desk) => {
    const drawn = await drawDiscount(subject, desk)
    if (!drawn) return undefined
    const { request, deal } = drawn.brief
    const onlyRedraw = !stillDue(request, desk.viewer?.id, worldOf(desk, deal))
    return { card: draw(drawn.brief, desk.words), drawings: [drawn.drawing], onlyRedraw }
  }

export const discountCardEntries: Readonly<Record<string, CardEntry>> = {
  'discount.decision': briefEntry,
  'discount.request': briefEntry,
  'discount.copied': briefEntry,
  'discount.question': noticeEntry(
    (brief, words) => questionCard(brief, openQuestion(brief.request), words),
    (request) => !isSettled(request) && openQuestion(request) !== undefined,
  ),
  'discount.countered': noticeEntry(counteredCard, (request) => request.status === 'countered'),
  'discount.settled': noticeEntry(settledCard, isSettled),
  'discount.stuck': noticeEntry(discountCard, (request) => !isSettled(request)),
  'discount.reminder': noticeEntry(
    reminderCard,
    (request, viewer, world) =>
      !isSettled(request) && viewer !== undefined && mayDecide(request, world).includes(viewer),
  ),
}
