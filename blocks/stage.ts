import type { Instant } from '../src/canon/calendar.ts'
import type { Opportunity, Stage } from '../src/canon/opportunity.ts'
import type { DealStep, StageEntry } from '../src/canon/stage.ts'
import type { Block, Button, Card, Text } from './card.ts'
import type { Names } from './discount.ts'
import { dealLine } from './discount-sections.ts'
import { nameOf } from './names.ts'
import { askedWord } from './refusal-deal.ts'
import { plain, theirs, theirWords } from './text.ts'
import type { Words } from './words/index.ts'

/** Tells the one who changed a stage that it is done, and what is still owed. */
export function stageDone(
  {
    step,
    now,
    drawing,
    handoff,
  }: {
    readonly step: DealStep
    readonly now: Instant
    readonly drawing: string
    /** The drawing of the handoff that the win opened. */
    readonly handoff?: string
  },
  w: Words,
): Card {
  const { before, next } = step
  const text = w.say('stage.done', {
    deal: theirs(next.name),
    from: w.t(`stage.${before?.stage ?? next.stage}`),
    to: { bold: w.t(`stage.${next.stage}`) },
  })
  const buttons: Button[] = [
    ...(handoff
      ? [
          {
            action: 'handoff.open',
            label: w.t('button.handoff.complete'),
            drawing: handoff,
            style: 'primary' as const,
          },
        ]
      : []),
    { action: 'deal.open', label: w.t('button.deal'), drawing },
  ]
  return {
    summary: plain(text),
    blocks: [
      { kind: 'text', text },
      ...owed(next, now, w),
      ...(handoff ? [{ kind: 'text' as const, text: w.say('stage.done.won') }] : []),
      { kind: 'buttons', buttons },
    ],
  }
}

/** What the deal was let pass without, by day: one line for each day. */
function owed(deal: Opportunity, now: Instant, w: Words): Block[] {
  const debts = deal.gateDebt ?? []
  return [...new Set(debts.map(({ until }) => until))].map((until) => ({
    kind: 'note',
    text: w.say('stage.done.debt', {
      day: w.day(until, now),
      fields: debts
        .filter((debt) => debt.until === until)
        .map((debt) => askedWord(debt.gate, w))
        .join(', '),
    }),
  }))
}

/** A change of stage as one line: “Jane moved the deal from S3 to S4.” */
export function stageLine(entry: StageEntry, names: Names, w: Words): Text {
  if (entry.championLeft) return w.say('stage.line.champion-left', { name: theirs(entry.reason ?? '', 60) })
  const to = { bold: w.t(`stage.${entry.to}`) }
  const from = w.t(`stage.${entry.from ?? entry.to}`)
  // A file, another system or the product itself: the change alone is told.
  if (!Object.hasOwn(names, entry.by))
    return entry.from ? w.say('stage.line.moved', { from, to }) : w.say('stage.line.came', { to })
  const name = nameOf(entry.by, names, w)
  if (!entry.from) return w.say('stage.line.opened', { name, to })
  switch (wayOf(entry.from, entry.to)) {
    case 'won':
      return w.say('stage.line.won', { name })
    case 'lost':
      return w.say('stage.line.lost', { name })
    case 'reopened':
      return w.say('stage.line.reopened', { name, to })
    case 'back':
      return w.say('stage.line.went-back', { name, from, to })
    case 'forward':
      return w.say('stage.line.advanced', { name, from, to })
  }
}

function wayOf(from: Stage, to: Stage) {
  if (to === 'CW') return 'won'
  if (to === 'CL') return 'lost'
  if (from === 'CW' || from === 'CL') return 'reopened'
  return to < from ? 'back' : 'forward'
}

/** What a notice about a deal is drawn from. */
export interface StageNotice {
  readonly deal: Opportunity
  readonly entry: StageEntry
  readonly names: Names
  readonly now: Instant
  readonly drawing: string
}

const reasonOf = (entry: StageEntry, w: Words): Block[] =>
  entry.reason?.trim()
    ? [{ kind: 'quote', label: w.t('stage.reason'), text: theirWords(entry.reason, 1000) }]
    : []

/** To the managers above: a gate was let pass, by whom, why and until when. */
export function overriddenCard(notice: StageNotice, w: Words): Card {
  const { deal, entry, names, now, drawing } = notice
  const gates = entry.overridden ?? []
  const until = deal.gateDebt?.find((debt) => gates.includes(debt.gate))?.until
  const text = w.say('stage.notice.override', {
    name: nameOf(entry.by, names, w),
    to: { bold: w.t(`stage.${entry.to}`) },
    fields: gates.map((gate) => askedWord(gate, w)).join(', '),
    day: until ? w.day(until, now) : w.t('value.none'),
  })
  return {
    summary: plain([theirs(deal.name), ' · ', ...text]),
    blocks: [
      { kind: 'title', text: w.t('stage.notice.override.title') },
      { kind: 'heading', text: dealLine(deal) },
      { kind: 'text', text },
      ...reasonOf(entry, w),
      { kind: 'buttons', buttons: [{ action: 'deal.open', label: w.t('button.deal'), drawing }] },
    ],
  }
}

/** To the AE: somebody else moved their deal. */
export function movedCard({ deal, entry, names, drawing }: StageNotice, w: Words): Card {
  const text = Object.hasOwn(names, entry.by)
    ? w.say('stage.notice.moved', {
        name: nameOf(entry.by, names, w),
        from: w.t(`stage.${entry.from ?? entry.to}`),
        to: { bold: w.t(`stage.${entry.to}`) },
      })
    : stageLine(entry, names, w)
  return {
    summary: plain([theirs(deal.name), ' · ', ...text]),
    blocks: [
      { kind: 'title', text: w.t('stage.notice.moved.title') },
      { kind: 'heading', text: dealLine(deal) },
      { kind: 'text', text },
      ...reasonOf(entry, w),
      { kind: 'buttons', buttons: [{ action: 'deal.open', label: w.t('button.deal'), drawing }] },
    ],
  }
}

/** A change of stage in the deal's thread in a channel. */
export function stageThreadLine({ entry, names }: Pick<StageNotice, 'entry' | 'names'>, w: Words): Card {
  const text = stageLine(entry, names, w)
  return { summary: plain(text), blocks: [{ kind: 'text', text }] }
}
