import type { PlainDate } from '../src/canon/calendar.ts'
import type { Opportunity } from '../src/canon/opportunity.ts'
import { type ApprovalsBrief, askedList, waitingList } from './approvals.ts'
import type { Block, Card, Text } from './card.ts'
import { type AwayState, awayLine } from './dealdesk.ts'
import { dealLine } from './discount-sections.ts'
import { type HandoffsBrief, waitingHandoffs } from './handoffs.ts'
import { honoured } from './names.ts'
import { type NudgeBrief, nudgeRow } from './nudge.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** All that App Home is drawn from. */
export interface HomeBrief extends ApprovalsBrief {
  readonly name: string
  readonly today: PlainDate
  /** Handoffs that wait for me. */
  readonly handoffs: Pick<HandoffsBrief, 'waiting'> & { readonly total: number }
  /** My open nudges, of which the first are shown. */
  readonly nudges?: NudgeBrief & { readonly total: number }
  /** My open deals, each with the drawing its button stands on. */
  readonly deals: readonly { readonly deal: Opportunity; readonly drawing: string }[]
  readonly dealsTotal: number
  readonly away?: AwayState
  /** Decides while somebody is away: their names. */
  readonly standsInFor: readonly string[]
  readonly isAdmin: boolean
}

/** App Home: my part of everything, what waits for me first. */
export function homeCard(brief: HomeBrief, w: Words): Card {
  return {
    summary: w.t('home.summary'),
    blocks: [
      { kind: 'title', text: w.t('home.title') },
      { kind: 'text', text: hello(brief, w) },
      quickButtons(brief, w),
      ...(brief.away ? [{ kind: 'note' as const, text: awayLine(brief.away, w) }] : []),
      ...(brief.standsInFor.length > 0
        ? [
            {
              kind: 'note' as const,
              text: w.say('home.stands-in', {
                names: honoured(brief.standsInFor, w),
              }),
            },
          ]
        : []),
      { kind: 'divider' },
      ...waitingList(brief, w),
      { kind: 'divider' },
      ...handoffsOf(brief, w),
      ...nudgesOf(brief, w),
      ...askedList(brief, w),
      { kind: 'divider' },
      ...dealsOf(brief, w),
    ],
  }
}

/** Handoffs that wait for me; nothing where none does, since most people hand nothing over. */
function handoffsOf({ handoffs, now }: HomeBrief, w: Words): readonly Block[] {
  const { waiting, total } = handoffs
  if (waiting.length === 0) return []
  const totals = { waiting: total, sent: 0 }
  return [...waitingHandoffs({ waiting: waiting.slice(0, 10), totals, now }, w), { kind: 'divider' }]
}

/** The heaviest of my open nudges, each with what to do about it; the rest is behind one button. */
function nudgesOf({ nudges, drawing }: HomeBrief, w: Words): readonly Block[] {
  if (!nudges || nudges.total === 0) return []
  return [
    { kind: 'heading', text: [w.t('nudges.home', { count: nudges.total })] },
    ...nudges.lines.map((line): Block => {
      const { text, buttons } = nudgeRow(line, nudges, w)
      return { kind: 'row', text, buttons: buttons.slice(0, 1) }
    }),
    {
      kind: 'buttons',
      buttons: [{ action: 'nudge.list-open', label: w.t('button.nudge.list'), drawing }],
    },
    { kind: 'divider' },
  ]
}

function hello({ name, totals, handoffs }: HomeBrief, w: Words): Text {
  const who = theirs(name, 40)
  const count = totals.waiting + handoffs.total
  return count === 0 ? w.say('home.hello.none', { name: who }) : w.say('home.hello', { name: who, count })
}

function quickButtons(brief: HomeBrief, w: Words): Block {
  const { drawing } = brief
  return {
    kind: 'buttons',
    buttons: [
      { action: 'discount.start', label: w.t('button.start'), drawing, style: 'primary' },
      { action: 'person.away', label: w.t(brief.away ? 'button.away.change' : 'button.away'), drawing },
      { action: 'person.settings', label: w.t('button.settings'), drawing },
      ...(brief.isAdmin ? [{ action: 'company.admin', label: w.t('button.admin'), drawing }] : []),
      { action: 'company.help', label: w.t('button.help'), drawing },
    ],
  }
}

function dealsOf({ deals, dealsTotal, today, now }: HomeBrief, w: Words): readonly Block[] {
  const heading: Block = { kind: 'heading', text: [w.t('home.deals', { total: dealsTotal })] }
  if (deals.length === 0) return [heading, { kind: 'note', text: w.say('home.deals.none') }]
  const shown = deals.slice(0, 10)
  const rows = shown.map(({ deal, drawing }): Block => {
    const parts = [w.t(`stage.${deal.stage}`)]
    if (deal.amount) parts.push(w.money(deal.amount, 'short'))
    if (deal.approvedDiscount !== undefined)
      parts.push(w.t('home.approved', { discount: w.percent(deal.approvedDiscount) }))
    if (deal.expectedCloseOn)
      parts.push(
        w.t(deal.expectedCloseOn < today ? 'home.closing.past' : 'home.closing', {
          day: w.day(deal.expectedCloseOn, now),
        }),
      )
    return {
      kind: 'row',
      text: dealLine(deal),
      note: [parts.join(' · ')],
      buttons: [{ action: 'deal.open', label: w.t('button.open'), drawing }],
    }
  })
  const more = dealsTotal - shown.length
  return [
    heading,
    ...rows,
    ...(more > 0 ? [{ kind: 'note' as const, text: w.say('list.more', { count: more }) }] : []),
  ]
}
