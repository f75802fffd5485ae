import type { Instant } from '../src/canon/calendar.ts'
import type { Block, Button, Card, Text } from './card.ts'
import { plain, theirs } from './text.ts'
import type { Words } from './words/index.ts'

/**
 * One sentence to one person. A plain string may name what somebody typed (a refusal does), so it is shown
 * literally; a `Text` carries its own marks.
 */
export function noticeCard(sentence: string | Text, buttons: readonly Button[] = []): Card {
  const text: Text = typeof sentence === 'string' ? [{ user: sentence }] : sentence
  const blocks: Block[] = [{ kind: 'text', text }]
  if (buttons.length > 0) blocks.push({ kind: 'buttons', buttons })
  return { summary: plain(text), blocks }
}

/** Something of ours failed: that it did, what was kept, and the id that finds it in the log. */
export function errorCard(id: string, w: Words): Card {
  return {
    summary: w.t('error.summary'),
    blocks: [
      { kind: 'text', text: [{ bold: w.t('error.summary') }, ' ', w.t('error.kept')] },
      { kind: 'note', text: w.say('error.id', { id }) },
    ],
  }
}

/** It took longer than the platform waits (B5.40): nothing is lost, press again. */
export function takesLongCard(w: Words, again?: Pick<Button, 'action' | 'drawing'>): Card {
  return noticeCard([w.t('takes-long')], again ? [{ ...again, label: w.t('button.again') }] : [])
}

/** A message that could not be delivered to anybody. */
export interface DeadLetter {
  readonly id: string
  readonly card: string
  /** Whom or where it was meant for: a person's or channel's name. */
  readonly audience: string
  /** What it was about: a deal's or company's name, where there is one. */
  readonly about?: string
  readonly why: string
  readonly at: Instant
}

/** Tells an administrator of a message that reached nobody (B5.50). */
export function deadLetterCard(letter: DeadLetter, timeZone: string, w: Words): Card {
  const sentence = w.say('dead-letter.line', { audience: theirs(letter.audience) })
  return {
    summary: plain(sentence),
    blocks: [
      { kind: 'title', text: w.t('dead-letter.title') },
      { kind: 'text', text: sentence },
      { kind: 'facts', facts: deadLetterFacts(letter, timeZone, w) },
      { kind: 'note', text: w.say('dead-letter.what-now') },
    ],
  }
}

/** The platforms' names of what is wrong with a place, as sentences; an administrator needs the name as well, to look it up. */
const whyKeys = {
  is_archived: 'undelivered.archived',
  channel_is_archived: 'undelivered.archived',
  channel_not_found: 'undelivered.gone',
  ConversationNotFound: 'undelivered.gone',
  not_in_channel: 'undelivered.not-in',
  BotNotInConversationRoster: 'undelivered.not-in',
  user_disabled: 'undelivered.account-off',
  user_not_found: 'undelivered.account-off',
  messages_tab_disabled: 'undelivered.blocked',
  ConversationBlockedByUser: 'undelivered.blocked',
  MessageWritesBlocked: 'undelivered.blocked',
  'the person is linked on no platform': 'undelivered.not-linked',
} as const

function whyWords(why: string, w: Words): string {
  if (!Object.hasOwn(whyKeys, why)) return why
  const sentence = w.t(whyKeys[why as keyof typeof whyKeys])
  return why.includes(' ') ? sentence : `${sentence} (${why})`
}

const deadLetterFacts = (letter: DeadLetter, timeZone: string, w: Words) => [
  ...(letter.about ? [{ label: w.t('label.about'), value: [theirs(letter.about)] }] : []),
  { label: w.t('label.why'), value: [theirs(whyWords(letter.why, w), 200)] },
  { label: w.t('label.when'), value: [w.moment(letter.at, timeZone)] },
]

/** The same as one row of the administrator's list. */
export const deadLetterLine = (letter: DeadLetter, timeZone: string, w: Words): Text =>
  w.say('dead-letter.row', {
    audience: theirs(letter.audience, 40),
    why: theirs(whyWords(letter.why, w), 120),
    at: w.moment(letter.at, timeZone),
  })
