import type { Instant } from '../src/canon/calendar.ts'
import type { DiscountRequest, Step } from '../src/canon/discount.ts'
import { isSettled } from '../src/canon/discount.ts'
import type { BasisPoints, Money } from '../src/canon/money.ts'
import type { Opportunity } from '../src/canon/opportunity.ts'
import type { DiscountStats } from '../src/ports.ts'
import type { Block, Card, Text } from './card.ts'
import {
  actionsOf,
  clockOf,
  conversationOf,
  dealLine,
  factsOf,
  noticesOf,
  priceLines,
  reasonsOf,
} from './discount-sections.ts'
import { openQuestion, settledReason, statusOf } from './discount-status.ts'
import type { Option } from './form.ts'
import { nameOf } from './names.ts'
import { routeOf } from './route.ts'
import { plain, theirs, theirWords } from './text.ts'
import type { Words } from './words/index.ts'

/** Names by person id, for the people a card speaks of. */
export type Names = Readonly<Record<string, string>>

/** All that the cards of one request are drawn from. */
export interface DiscountBrief {
  readonly request: DiscountRequest
  readonly deal: Opportunity
  readonly names: Names
  readonly timeZone: string
  readonly now: Instant
  /** Who looks: decides (a live step of theirs), asked, took part, or is copied. */
  readonly viewer: 'approver' | 'requester' | 'participant' | 'copied'
  /** May act in place of somebody: shown as "you decide for …". */
  readonly standsInFor?: string
  readonly drawing: string
  /** Empty for viewers who may not act. */
  readonly actions: readonly (
    | 'approve'
    | 'reject'
    | 'counter'
    | 'ask'
    | 'answer'
    | 'accept-counter'
    | 'decline-counter'
    | 'withdraw'
    | 'reassign'
  )[]
  /** The numbers a decision needs; absent on the cards of those who do not decide. */
  readonly numbers?: {
    readonly requesterAverage: DiscountStats
    readonly averageTarget: BasisPoints
    /** What the requester's average becomes with this discount; absent once the request is settled. */
    readonly averageAfter?: BasisPoints
    readonly similarWon: DiscountStats
    readonly meddicc: { readonly known: number; readonly of: number; readonly missing: readonly string[] }
    /** (price − amount now) × probability of the stage. */
    readonly forecastEffect?: Money
    readonly probability: number
  }
}

/** What the form of `/approve-discount` is drawn from, at every change. */
export interface DiscountFormState {
  readonly drawing: string
  readonly deal?: Opportunity
  readonly dealOption?: Option
  readonly discountText?: string
  readonly listAmountText?: string
  readonly currency: string
  readonly reason?: string
  readonly competitor?: string
  readonly neededBy?: string
  readonly justification?: string
  readonly justificationNeeded: boolean
  readonly listAmountNeeded: boolean
  /** The preview, once deal and discount are known. */
  readonly preview?: {
    readonly ownAuthority: boolean
    readonly steps: readonly Step[]
    readonly names: Names
    readonly price?: Money
    readonly list?: Money
    readonly requesterAverage: DiscountStats
    readonly averageAfter?: BasisPoints
    readonly averageTarget: BasisPoints
    readonly supersedes?: { readonly discount: BasisPoints; readonly openedAt: Instant }
  }
  /** Why this deal and discount could not be asked for, in one sentence, before anything is typed in vain. */
  readonly obstacle?: string
  readonly timeZone: string
}

/** The decision brief of an approver: who asks what, what it does to the numbers, the route, and the buttons. */
export function decisionCard(brief: DiscountBrief, w: Words): Card {
  const live = !isSettled(brief.request) && brief.actions.length > 0
  return {
    summary: live ? w.t('summary.decide', summaryValues(brief, w)) : summaryOf(brief, w),
    blocks: [
      titleOf(brief, w),
      ...(live ? [] : outcomeOf(brief, w)),
      ...(live && brief.standsInFor ? [standsIn(brief, brief.standsInFor, w)] : []),
      { kind: 'heading', text: dealLine(brief.deal) },
      ...priceLines(brief, w),
      ...reasonsOf(brief, w),
      factsOf(brief, w),
      ...noticesOf(brief, w),
      routeOf(brief.request, brief, w),
      ...conversationOf(brief, w),
      ...clockOf(brief, w),
      ...actionsOf(brief, w),
    ],
  }
}

/** What I asked for: where it is, whose turn it is, and what I may do about it. */
export function requesterCard(brief: DiscountBrief, w: Words): Card {
  const open = !isSettled(brief.request) && openQuestion(brief.request)
  return {
    summary: summaryOf(brief, w),
    blocks: [
      titleOf(brief, w),
      ...outcomeOf(brief, w),
      ...counterOf(brief, w),
      { kind: 'heading', text: dealLine(brief.deal) },
      ...priceLines(brief, w),
      ...noticesOf(brief, w),
      routeOf(brief.request, brief, w),
      ...conversationOf(brief, w),
      ...(open && brief.actions.includes('answer')
        ? [{ kind: 'note' as const, text: w.say('answer.how'), threads: true as const }]
        : []),
      ...reasonsOf(brief, w),
      ...clockOf(brief, w),
      ...actionsOf(brief, w),
    ],
  }
}

/** For people who took part and have nothing to decide now. */
export function participantCard(brief: DiscountBrief, w: Words): Card {
  return {
    summary: summaryOf(brief, w),
    blocks: [
      titleOf(brief, w),
      ...outcomeOf(brief, w),
      { kind: 'heading', text: dealLine(brief.deal) },
      ...priceLines(brief, w),
      ...reasonsOf(brief, w),
      factsOf(brief, w),
      ...noticesOf(brief, w),
      routeOf(brief.request, brief, w),
      ...conversationOf(brief, w),
      ...clockOf(brief, w),
      ...actionsOf(brief, w),
    ],
  }
}

/** 참조: to know, not to decide. */
export function copiedCard(brief: DiscountBrief, w: Words): Card {
  return {
    summary: w.t('summary.copied', { status: { user: plain(summaryText(brief, w)) } }),
    blocks: [
      titleOf(brief, w),
      { kind: 'note', text: w.say('copied.why') },
      ...outcomeOf(brief, w),
      { kind: 'heading', text: dealLine(brief.deal) },
      ...priceLines(brief, w),
      factsOf(brief, w),
      routeOf(brief.request, brief, w),
      ...clockOf(brief, w),
    ],
  }
}

/** The card of whoever looks. */
export function discountCard(brief: DiscountBrief, w: Words): Card {
  switch (brief.viewer) {
    case 'approver':
      return decisionCard(brief, w)
    case 'requester':
      return requesterCard(brief, w)
    case 'participant':
      return participantCard(brief, w)
    case 'copied':
      return copiedCard(brief, w)
  }
}

const summaryValues = (brief: DiscountBrief, w: Words) => ({
  name: nameOf(brief.request.requester, brief.names, w),
  deal: theirs(brief.deal.name),
  discount: w.percent(brief.request.discount),
  price: w.money(brief.request.price),
})

const summaryText = (brief: DiscountBrief, w: Words): Text => [
  theirs(brief.deal.name),
  ' · ',
  w.percent(brief.request.discount),
  ' · ',
  ...statusOf(brief, w),
]
const summaryOf = (brief: DiscountBrief, w: Words): string => plain(summaryText(brief, w))

function titleOf(brief: DiscountBrief, w: Words): Block {
  const { request, viewer } = brief
  const offered = request.status === 'countered' ? request.counter?.discount : undefined
  const discount = w.percent(offered ?? request.discount)
  const { status } = request
  const key = status === 'pending' && viewer === 'requester' ? 'title.mine' : (`title.${status}` as const)
  return { kind: 'title', text: w.t(key, { discount }) }
}

function outcomeOf(brief: DiscountBrief, w: Words): readonly Block[] {
  return [{ kind: 'text', text: statusOf(brief, w) }, ...settledReason(brief.request, w)]
}

const standsIn = (brief: DiscountBrief, principal: string, w: Words): Block => ({
  kind: 'text',
  text: w.say('stands-in', { name: nameOf(principal, brief.names, w) }),
})

function counterOf(brief: DiscountBrief, w: Words): readonly Block[] {
  const { counter, status, list } = brief.request
  if (status !== 'countered' || !counter) return []
  const text = w.say('counter.offer', {
    discount: { bold: w.percent(counter.discount) },
    list: w.money(list),
    price: { bold: w.money(counter.price) },
  })
  const blocks: Block[] = [{ kind: 'text', text }]
  if (counter.note?.trim())
    blocks.push({ kind: 'quote', label: w.t('label.counter-note'), text: theirWords(counter.note, 600) })
  return blocks
}
