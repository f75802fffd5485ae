import type { Instant } from '../src/canon/calendar.ts'
import type { DiscountStatus } from '../src/canon/discount.ts'
import type { BasisPoints, Money } from '../src/canon/money.ts'
import type { Block, Card } from './card.ts'
import { honoured } from './names.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** One request in a list, with the drawing its own button stands on. */
export interface ApprovalRow {
  readonly drawing: string
  readonly deal: string
  readonly account?: string
  readonly discount: BasisPoints
  readonly list: Money
  readonly price: Money
  readonly status: DiscountStatus
  /** Names: who asked, in the list of what waits for me; who is to decide, in the list of what I asked for. */
  readonly who: readonly string[]
  /** Since when it waits for them; when it was settled, where it is. */
  readonly since: Instant
  /** A question waits for an answer. */
  readonly question?: boolean
  /** In whose place this viewer would decide (대결). */
  readonly standsInFor?: string
}

/** The inbox: what waits for me, and what I asked for. */
export interface ApprovalsBrief {
  readonly waiting: readonly ApprovalRow[]
  readonly asked: readonly ApprovalRow[]
  /** All there are, of which the rows are the first. */
  readonly totals: { readonly waiting: number; readonly asked: number }
  readonly now: Instant
  readonly drawing: string
}

/** Rows that fit on one message beside everything else: each is a block, a message holds 50. */
const most = 15

/** `/approvals`: what waits for me first, then what I asked for. */
export function approvalsCard(brief: ApprovalsBrief, w: Words): Card {
  const { totals } = brief
  return {
    summary:
      totals.waiting === 0 && totals.asked === 0
        ? w.t('approvals.nothing')
        : w.t('approvals.summary', { waiting: totals.waiting, asked: totals.asked }),
    blocks: [
      { kind: 'title', text: w.t('approvals.title') },
      ...waitingList(brief, w),
      { kind: 'divider' },
      ...askedList(brief, w),
      {
        kind: 'buttons',
        buttons: [{ action: 'discount.start', label: w.t('button.start'), drawing: brief.drawing }],
      },
    ],
  }
}

/** What waits for me, oldest first as given, or that nothing does. */
export function waitingList(
  { waiting, totals, now }: Pick<ApprovalsBrief, 'waiting' | 'totals' | 'now'>,
  w: Words,
): readonly Block[] {
  const heading: Block = { kind: 'heading', text: [w.t('approvals.waiting', { total: totals.waiting })] }
  if (waiting.length === 0) return [heading, { kind: 'note', text: w.say('approvals.waiting.none') }]
  return [
    heading,
    ...waiting.slice(0, most).map((row) => waitingRow(row, now, w)),
    ...moreThan(Math.min(waiting.length, most), totals.waiting, w),
  ]
}

/** What I asked for, or how to ask. */
export function askedList(
  { asked, totals, now }: Pick<ApprovalsBrief, 'asked' | 'totals' | 'now'>,
  w: Words,
): readonly Block[] {
  const heading: Block = { kind: 'heading', text: [w.t('approvals.asked', { total: totals.asked })] }
  if (asked.length === 0) return [heading, { kind: 'note', text: w.say('approvals.asked.none') }]
  return [
    heading,
    ...asked.slice(0, most).map((row) => askedRow(row, now, w)),
    ...moreThan(Math.min(asked.length, most), totals.asked, w),
  ]
}

function moreThan(shown: number, total: number, w: Words): readonly Block[] {
  return total > shown ? [{ kind: 'note', text: w.say('list.more', { count: total - shown }) }] : []
}

const names = (row: ApprovalRow, w: Words) =>
  row.who.length === 0 ? { user: w.t('person.unknown') } : honoured(row.who, w)

function what(row: ApprovalRow, w: Words) {
  return [
    theirs(row.deal),
    ...(row.account && !row.deal.includes(row.account) ? [' · ', theirs(row.account, 40)] : []),
    '\n',
    { bold: w.percent(row.discount) },
    ` · ${w.money(row.list, 'short')} → ${w.money(row.price, 'short')}`,
  ]
}

function waitingRow(row: ApprovalRow, now: Instant, w: Words): Block {
  const waiting = w.waiting(row.since, now)
  const note = row.question
    ? w.say('approvals.row.question', { name: names(row, w), waiting })
    : row.status === 'countered'
      ? w.say('approvals.row.countered', { waiting })
      : row.standsInFor
        ? w.say('approvals.row.stands-in', {
            name: names(row, w),
            principal: theirs(row.standsInFor, 40),
            waiting,
          })
        : w.say('approvals.row.waiting', { name: names(row, w), waiting })
  return {
    kind: 'row',
    text: what(row, w),
    note,
    buttons: [{ action: 'discount.open', label: w.t('button.open'), drawing: row.drawing }],
  }
}

function askedRow(row: ApprovalRow, now: Instant, w: Words): Block {
  const waiting = w.waiting(row.since, now)
  const status =
    row.status === 'pending'
      ? w.say(row.question ? 'approvals.row.answer' : 'approvals.row.pending', {
          names: names(row, w),
          waiting,
        })
      : row.status === 'countered'
        ? w.say('approvals.row.your-turn', { waiting })
        : w.say(`settled.${row.status}`)
  return {
    kind: 'row',
    text: what(row, w),
    note: status,
    buttons: [{ action: 'discount.open', label: w.t('button.open'), drawing: row.drawing }],
  }
}
