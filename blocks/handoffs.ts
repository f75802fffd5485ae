import type { Instant } from '../src/canon/calendar.ts'
import type { HandoffKind } from '../src/canon/handoff.ts'
import type { Block, Card, Text } from './card.ts'
import { aboutLine, type HandoffBrief } from './handoff.ts'
import { nameOf } from './names.ts'
import { plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** One handoff in a list, with the drawing its own button stands on. */
export type HandoffRow = Pick<HandoffBrief, 'handoff' | 'names' | 'drawing'> & {
  readonly lead?: string
  readonly account?: string
  readonly deal?: HandoffBrief['deal']
}

/** What waits for me, and what I have handed over. */
export interface HandoffsBrief {
  readonly waiting: readonly HandoffRow[]
  readonly sent: readonly HandoffRow[]
  readonly totals: { readonly waiting: number; readonly sent: number }
  readonly now: Instant
  readonly drawing: string
}

const most = 15

/** `/handoff`: what waits for me first, then what I have handed over. */
export function handoffsCard(brief: HandoffsBrief, w: Words): Card {
  const { totals } = brief
  return {
    summary: w.t('handoffs.summary', { waiting: totals.waiting, sent: totals.sent }),
    blocks: [
      { kind: 'title', text: w.t('handoffs.title') },
      ...waitingHandoffs(brief, w),
      { kind: 'divider' },
      ...sentHandoffs(brief, w),
      {
        kind: 'buttons',
        buttons: [{ action: 'handoff.start', label: w.t('button.handoff.start'), drawing: brief.drawing }],
      },
    ],
  }
}

export function waitingHandoffs(
  { waiting, totals, now }: Pick<HandoffsBrief, 'waiting' | 'totals' | 'now'>,
  w: Words,
): Block[] {
  const heading: Block = { kind: 'heading', text: [w.t('handoffs.waiting', { total: totals.waiting })] }
  if (waiting.length === 0) return [heading, { kind: 'note', text: w.say('handoffs.waiting.none') }]
  return [heading, ...rows(waiting, totals.waiting, now, w, 'primary')]
}

function sentHandoffs({ sent, totals, now }: HandoffsBrief, w: Words): Block[] {
  const heading: Block = { kind: 'heading', text: [w.t('handoffs.sent', { total: totals.sent })] }
  if (sent.length === 0) return [heading, { kind: 'note', text: w.say('handoffs.sent.none') }]
  return [heading, ...rows(sent, totals.sent, now, w)]
}

function rows(
  list: readonly HandoffRow[],
  total: number,
  now: Instant,
  w: Words,
  style?: 'primary',
): Block[] {
  const shown = list.slice(0, most)
  const more = total - shown.length
  return [
    ...shown.map(
      (row): Block => ({
        kind: 'row',
        text: aboutLine(row),
        note: [w.t(`handoff.${row.handoff.kind}`), ' · ', ...handoffStatus(row, now, w)],
        buttons: [
          {
            action: 'handoff.open',
            label: w.t('button.open'),
            drawing: row.drawing,
            ...(style ? { style } : {}),
          },
        ],
      }),
    ),
    ...(more > 0 ? [{ kind: 'note' as const, text: w.say('list.more', { count: more }) }] : []),
  ]
}

/** “waits for Jane · waiting 3 h” */
export function handoffStatus(
  { handoff, names }: Pick<HandoffRow, 'handoff' | 'names'>,
  now: Instant,
  w: Words,
): Text {
  const waiting = ` · ${w.waiting(handoff.turnSince, now)}`
  switch (handoff.status) {
    case 'draft':
      return w.say('handoff.status.draft')
    case 'submitted':
      return [...w.say('handoff.status.submitted', { name: nameOf(handoff.receiver, names, w) }), waiting]
    case 'returned':
      return [
        ...w.say('handoff.status.returned', { name: nameOf(handoff.returns.at(-1)?.by, names, w) }),
        waiting,
      ]
    case 'accepted':
      return w.say('handoff.status.accepted', { name: nameOf(handoff.acceptedBy, names, w) })
    case 'withdrawn':
      return w.say('handoff.status.withdrawn')
  }
}

/** “Which one do you hand over?”: never guessed silently (contract, Chat commands). */
export function handoffChoices(
  {
    rows: found,
    query,
  }: {
    readonly rows: readonly {
      readonly kind: HandoffKind
      readonly label: string
      readonly note?: string
      readonly drawing: string
    }[]
    readonly query: string
  },
  w: Words,
): Card {
  const text = w.say('handoffs.choose', { query: theirs(query, 60) })
  return {
    summary: plain(text),
    blocks: [
      { kind: 'text', text },
      ...found.map(
        ({ kind, label, note, drawing }): Block => ({
          kind: 'row',
          text: note ? [theirs(label), ' · ', theirs(note)] : [theirs(label)],
          note: [w.t(`handoff.${kind}`)],
          buttons: [{ action: 'handoff.start', label: w.t('button.choose'), drawing }],
        }),
      ),
    ],
  }
}
