import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import { daysBetween } from '../src/canon/calendar.ts'
import {
  type Handoff,
  type HandoffItem,
  handoffItems,
  type Milestone,
  missingItems,
} from '../src/canon/handoff.ts'
import type { Opportunity } from '../src/canon/opportunity.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { Block, Button, Card, Text } from './card.ts'
import type { Names } from './discount.ts'
import { signalText } from './handoff-draft.ts'
import { nameOf } from './names.ts'
import { itemWord } from './refusal-deal.ts'
import { plain, theirs, theirWords } from './text.ts'
import type { Words } from './words/index.ts'

export type HandoffAction =
  | 'accept'
  | 'return'
  | 'edit'
  | 'kickoff'
  | 'rate'
  | 'first-value'
  | 'reassign'
  | 'withdraw'

/** All that the cards of one handoff are drawn from. */
export interface HandoffBrief {
  readonly handoff: Handoff
  /** Names of what is handed over. */
  readonly lead?: string
  readonly account?: string
  readonly deal?: Pick<Opportunity, 'name' | 'accountName' | 'closedOn' | 'won'>
  /** The deal that acceptance opened. */
  readonly opened?: string
  readonly names: Names
  readonly policy: Policy
  readonly timeZone: string
  readonly now: Instant
  readonly today: PlainDate
  /** Person id; absent on a channel's card. */
  readonly viewer?: string
  /** What this viewer could do this instant. */
  readonly actions: readonly HandoffAction[]
  readonly drawing: string
  /** Milestones that the viewer may tick off, each with a drawing of its own. */
  readonly milestones: Readonly<Partial<Record<Milestone['day'], string>>>
  /** When both managers are told, while it waits. */
  readonly escalatesAt?: Instant
  /** The drawing of a deal that the viewer may open. */
  readonly dealDrawing?: string
}

/** What is handed over, as a line: the lead, the deal or the account. */
export function aboutLine(brief: Pick<HandoffBrief, 'lead' | 'account' | 'deal' | 'handoff'>): Text {
  const { lead, account, deal } = brief
  const first =
    brief.handoff.kind === 'sdr-to-ae' ? lead : brief.handoff.kind === 'ae-to-cs' ? deal?.name : account
  const second = brief.handoff.kind === 'cs-to-ae' ? undefined : (deal?.accountName ?? account)
  const head = theirs(first ?? deal?.name ?? account ?? lead ?? '')
  return second && second !== first ? [head, ' · ', theirs(second)] : [head]
}

const aboutName = (brief: HandoffBrief) => theirs(plain(aboutLine(brief)))

/** The card of a handoff: what is handed over, by whom to whom, where it stands, and what the viewer can do. */
export function handoffCard(brief: HandoffBrief, w: Words): Card {
  const { handoff } = brief
  return {
    summary: summaryOf(brief, w),
    blocks: [
      { kind: 'title', text: w.t(`handoff.${handoff.kind}`) },
      { kind: 'heading', text: aboutLine(brief) },
      { kind: 'text', text: statusLine(brief, w) },
      ...returnNote(brief, w),
      ...signalsOf(brief, w),
      factsOf(brief, w),
      ...itemBlocks(brief, w),
      ...milestoneBlocks(brief, w),
      ...notesOf(brief, w),
      ...buttonsOf(brief, w),
    ],
  }
}

function summaryOf(brief: HandoffBrief, w: Words): string {
  const { handoff, names } = brief
  const about = aboutName(brief)
  if (handoff.status !== 'submitted') return w.t(`handoff.summary.${handoff.status}`, { about })
  return w.t('handoff.summary.submitted', {
    about,
    from: nameOf(handoff.sender, names, w),
    to: nameOf(handoff.receiver, names, w),
  })
}

/** Where the handoff stands, as its viewer needs to hear it. */
export function statusLine(brief: HandoffBrief, w: Words): Text {
  const { handoff, names, viewer, timeZone, now } = brief
  const of = (id: string | undefined) => nameOf(id, names, w)
  switch (handoff.status) {
    case 'draft':
      if (!brief.actions.includes('edit')) return w.say('handoff.draft')
      return handoff.receiver
        ? w.say('handoff.draft.mine', { name: of(handoff.receiver) })
        : w.say('handoff.draft.mine.nobody')
    case 'submitted': {
      const from = of(handoff.sender)
      if (viewer === handoff.receiver) return w.say('handoff.submitted.mine', { from })
      const to = of(handoff.receiver)
      if (brief.actions.includes('accept')) return w.say('handoff.submitted.for', { from, to })
      return w.say('handoff.submitted', { from, to, waiting: w.waiting(handoff.turnSince, now) })
    }
    case 'returned':
      return returnedLine(handoff, names, w)
    case 'accepted': {
      const at = w.moment(handoff.acceptedAt ?? now, timeZone, now)
      const name = of(handoff.acceptedBy)
      return handoff.acceptedBy === handoff.receiver
        ? w.say('handoff.accepted', { name, at })
        : w.say('handoff.accepted.for', { name, to: of(handoff.receiver), at })
    }
    case 'withdrawn':
      return w.say(
        handoff.settledWhy === 'deal-reopened' || handoff.settledWhy === 'deal-lost'
          ? 'handoff.withdrawn.deal'
          : 'handoff.withdrawn',
      )
  }
}

export function returnedLine(handoff: Handoff, names: Names, w: Words): Text {
  const last = handoff.returns.at(-1)
  const name = nameOf(last?.by ?? handoff.receiver, names, w)
  return last && last.missing.length > 0
    ? w.say('handoff.returned.missing', {
        name,
        items: last.missing.map((item) => itemWord(item, w)).join(', '),
      })
    : w.say('handoff.returned', { name })
}

/** What the receiver wrote when returning it, as long as it is with the sender. */
export function returnNote({ handoff }: Pick<HandoffBrief, 'handoff'>, w: Words): Block[] {
  const note = handoff.status === 'returned' ? handoff.returns.at(-1)?.note?.trim() : undefined
  return note ? [{ kind: 'quote', label: w.t('label.return-note'), text: theirWords(note, 1000) }] : []
}

function signalsOf({ handoff }: HandoffBrief, w: Words): Block[] {
  if (!handoff.signals?.length || handoff.status === 'accepted') return []
  const signals = handoff.signals.map((signal) => signalText(signal, w)).join(', ')
  return [{ kind: 'note', text: w.say('handoff.from-signals', { signals: theirs(signals, 200) }) }]
}

/** Items of a line; the others are blocks of their own, so that nothing in them passes for a line of ours (B5.60). */
const short: ReadonlySet<HandoffItem> = new Set([
  'first_meeting_on',
  'kickoff_on',
  'health_score',
  'product',
  'amount',
])
/** They become the checklist once the handoff is accepted. */
const milestoneItems: ReadonlySet<HandoffItem> = new Set(['milestone_30', 'milestone_60', 'milestone_90'])

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function factsOf(brief: HandoffBrief, w: Words): Block {
  const { handoff, names, now, deal } = brief
  const facts: { label: string; value: Text }[] = [
    { label: w.t('label.handed-by'), value: [nameOf(handoff.sender, names, w)] },
    { label: w.t('label.receiver'), value: [nameOf(handoff.receiver, names, w)] },
  ]
  for (const item of handoffItems[handoff.kind]) {
    const said = handoff.items[item]
    if (!short.has(item) || !said || (item === 'kickoff_on' && handoff.kickoffOn)) continue
    facts.push({
      label: capital(itemWord(item, w)),
      value: [item.endsWith('_on') ? w.day(said, now) : theirs(said, 120)],
    })
  }
  if (handoff.kickoffOn) facts.push({ label: w.t('label.kickoff'), value: [w.day(handoff.kickoffOn, now)] })
  if (handoff.rating)
    facts.push({
      label: w.t('label.rating'),
      value: w.say('handoff.rating', {
        score: handoff.rating.score,
        name: nameOf(handoff.rating.by, names, w),
      }),
    })
  if (handoff.firstValueOn) {
    const since = deal?.closedOn
    facts.push({
      label: w.t('label.first-value'),
      value: [
        since
          ? w.t('handoff.first-value.in', {
              day: w.day(handoff.firstValueOn, now),
              count: Math.max(0, daysBetween(since, handoff.firstValueOn)),
            })
          : w.day(handoff.firstValueOn, now),
      ],
    })
  }
  if (brief.opened) facts.push({ label: w.t('label.opened'), value: [theirs(brief.opened)] })
  return { kind: 'facts', facts }
}

function itemBlocks({ handoff }: HandoffBrief, w: Words): Block[] {
  const accepted = handoff.status === 'accepted'
  const long = handoffItems[handoff.kind].filter(
    (item) => !short.has(item) && handoff.items[item] && !(accepted && milestoneItems.has(item)),
  )
  // Together they stay under what one Slack message holds (B5.56).
  const most = Math.floor(8_000 / Math.max(1, long.length))
  const quotes: Block[] = []
  for (const item of long) {
    const text = (handoff.items[item] ?? '').trim()
    const label = capital(itemWord(item, w))
    const last = quotes.at(-1)
    if (!isLine(text)) quotes.push({ kind: 'quote', label, text: theirWords(text, most) })
    else if (last?.kind === 'facts')
      quotes[quotes.length - 1] = {
        ...last,
        facts: [...last.facts, { label, value: [theirs(text, oneLine)] }],
      }
    else quotes.push({ kind: 'facts', facts: [{ label, value: [theirs(text, oneLine)] }] })
  }
  const note = handoff.rating?.note?.trim()
  return note
    ? [...quotes, { kind: 'quote', label: w.t('label.score-note'), text: theirWords(note, 600) }]
    : quotes
}

/** Characters that stand beside their label without a block of their own. */
const oneLine = 90

/** What fits beside its label stands there: ten blocks for ten short answers push the buttons out of sight. */
const isLine = (text: string): boolean => text.length <= oneLine && !/[\n\v\f\r\u0085\u2028\u2029]/.test(text)

/** The onboarding checklist, each milestone with its owner and day. */
function milestoneBlocks(brief: HandoffBrief, w: Words): Block[] {
  const { handoff } = brief
  if (handoff.milestones.length === 0) return []
  return [
    { kind: 'heading', text: [w.t('handoff.milestones')] },
    ...handoff.milestones.map((milestone) => milestoneRow(milestone, brief, w)),
  ]
}

export function milestoneRow(milestone: Milestone, brief: HandoffBrief, w: Words): Block {
  const { names, now, today } = brief
  const { day, doneOn, dueOn } = milestone
  const text = milestone.text.trim()
    ? w.say('handoff.milestone', { day, text: theirs(milestone.text, 200) })
    : w.say('handoff.milestone.empty', { day })
  const name = nameOf(doneOn ? milestone.doneBy : milestone.owner, names, w)
  const note = doneOn
    ? w.say('handoff.milestone.done', { name, on: w.day(doneOn, now) })
    : w.say(dueOn < today ? 'handoff.milestone.late' : 'handoff.milestone.due', {
        name,
        on: w.day(dueOn, now),
      })
  const drawing = brief.milestones[day]
  const line: Text = [doneOn ? '✅ ' : dueOn < today ? '⏰ ' : '▫️ ', ...text]
  if (!drawing) return { kind: 'text', text: [...line, ' · ', ...note] }
  const buttons: Button[] = doneOn
    ? [{ action: 'milestone.undone', label: w.t('button.milestone.undone'), drawing }]
    : [
        { action: 'milestone.done', label: w.t('button.milestone.done'), drawing },
        { action: 'milestone.edit', label: w.t('button.milestone.edit'), drawing },
      ]
  return { kind: 'row', text: line, note, buttons }
}

function notesOf(brief: HandoffBrief, w: Words): Block[] {
  const { handoff, actions, deal, escalatesAt, timeZone, now } = brief
  const notes: Block[] = []
  if (handoff.status === 'draft' || handoff.status === 'returned') {
    const missing = missingItems(handoff.kind, handoff.items, brief.policy)
    if (missing.length > 0 && actions.includes('edit'))
      notes.push({
        kind: 'note',
        text: w.say('handoff.draft.missing', { items: missing.map((item) => itemWord(item, w)).join(', ') }),
      })
  }
  if (handoff.kind === 'ae-to-cs' && deal?.won === 'unfinished' && handoff.status !== 'withdrawn')
    notes.push({ kind: 'note', text: w.say('handoff.won-unfinished') })
  if (escalatesAt !== undefined && handoff.status !== 'accepted' && handoff.status !== 'withdrawn')
    notes.push({ kind: 'note', text: w.say('handoff.clock', { at: w.moment(escalatesAt, timeZone, now) }) })
  return notes
}

const looks: Readonly<Record<HandoffAction, { action: string; style?: 'primary' | 'danger' }>> = {
  accept: { action: 'handoff.accept', style: 'primary' },
  return: { action: 'handoff.return' },
  edit: { action: 'handoff.edit', style: 'primary' },
  kickoff: { action: 'handoff.kickoff' },
  rate: { action: 'handoff.rate' },
  'first-value': { action: 'handoff.first-value' },
  reassign: { action: 'handoff.reassign' },
  withdraw: { action: 'handoff.withdraw' },
}

/** The buttons of a handoff: all the viewer may press, or only those of a notice. */
export function buttonsOf(
  brief: HandoffBrief,
  w: Words,
  only: readonly HandoffAction[] = brief.actions,
): Block[] {
  const { actions, drawing, handoff, dealDrawing } = brief
  const labels: Readonly<Record<HandoffAction, string>> = {
    accept: w.t('button.accept'),
    return: w.t('button.return'),
    edit: w.t('button.handoff.edit'),
    kickoff: w.t(handoff.kickoffOn ? 'button.kickoff.change' : 'button.kickoff'),
    rate: w.t('button.rate'),
    'first-value': w.t('button.first-value'),
    reassign: w.t('button.handoff.reassign'),
    withdraw: w.t('button.handoff.withdraw'),
  }
  const buttons: Button[] = actions
    .filter((action) => only.includes(action))
    .map((action) => ({ ...looks[action], label: labels[action], drawing }))
  if (dealDrawing) buttons.push({ action: 'deal.open', label: w.t('button.deal'), drawing: dealDrawing })
  return buttons.length > 0 ? [{ kind: 'buttons', buttons }] : []
}
