import {
  anything,
  type Complaint,
  exactly,
  isRecord,
  list,
  type Rule,
  record,
} from '../../slack/check/rule.ts'
import type { Card, Choice } from '../cards.ts'
import { checkCard, tooBig } from './card.ts'
import { teamsLimits as max } from './limits.ts'
import { aNumber, anyText, either, someText, word } from './words.ts'

const cardType = 'application/vnd.microsoft.card.adaptive'

type Judged<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly complaints: readonly Complaint[] }

const wrong = (what: string, at = ''): Judged<never> => ({ ok: false, complaints: [{ what, at }] })

interface Drawn {
  readonly title: string
  readonly width: number | 'small' | 'medium' | 'large'
  readonly height: number | 'small' | 'medium' | 'large'
  readonly card: Card
}

export type DialogAnswer =
  | { readonly kind: 'continue'; readonly drawn: Drawn }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'close' }

const dimension = either(aNumber, word('small', 'medium', 'large'))
const taskInfo = record(
  { card: anything },
  { title: anyText, width: dimension, height: dimension, fallbackUrl: anyText, completionBotId: anyText },
)
const attachment: Rule = record({ contentType: exactly(cardType), content: anything }, { name: anyText })

/** The answer to `task/fetch` and `task/submit`: a card, a sentence, or (to a submit) nothing. */
export function judgeDialog(body: unknown, what: 'task/fetch' | 'task/submit'): Judged<DialogAnswer> {
  const task = isRecord(body) ? body.task : undefined
  if (task === undefined || task === null) {
    const empty =
      body === '' || body === null || (isRecord(body) && Object.keys(body).every((k) => k === 'task'))
    if (what === 'task/submit' && empty) return { ok: true, answer: { kind: 'close' } }
    return wrong('missing required field: task')
  }
  if (!isRecord(task)) return wrong('must be an object', '/task')
  if (task.type === 'message')
    return typeof task.value === 'string' && task.value !== ''
      ? { ok: true, answer: { kind: 'message', text: task.value } }
      : wrong('must be a sentence', '/task/value')
  if (task.type !== 'continue') return wrong('must be continue or message', '/task/type')
  const complaints: Complaint[] = []
  taskInfo(task.value, '/task/value', complaints)
  const info = task.value as { card?: unknown } & Partial<Drawn>
  attachment(info?.card, '/task/value/card', complaints)
  const card = isRecord(info?.card) ? info.card.content : undefined
  if (card !== undefined && tooBig(card))
    complaints.push({ what: `the card is over ${max.cardBytes} bytes`, at: '/task/value/card' })
  complaints.push(...checkCard(card, '/task/value/card/content', { inDialog: true }))
  if (complaints.length > 0) return { ok: false, complaints }
  const { title = '', width = 'small', height = 'small' } = info
  return { ok: true, answer: { kind: 'continue', drawn: { title, width, height, card: card as Card } } }
}

export type ActionAnswer =
  | { readonly kind: 'card'; readonly card: Card }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }

/** The answer to `adaptiveCard/action`: this person's own view, a sentence, or an error. */
export function judgeAction(body: unknown): Judged<ActionAnswer> {
  if (!isRecord(body)) return wrong('must be an object with statusCode, type and value')
  const { statusCode, type, value } = body
  if (!Number.isInteger(statusCode)) return wrong('missing required field: statusCode')
  if (type === 'application/vnd.microsoft.error')
    return isRecord(value) && typeof value.message === 'string'
      ? { ok: true, answer: { kind: 'error', text: value.message } }
      : wrong('missing required field: message', '/value')
  if (statusCode !== 200) return wrong('only an error has another statusCode than 200', '/statusCode')
  if (type === 'application/vnd.microsoft.activity.message')
    return typeof value === 'string'
      ? { ok: true, answer: { kind: 'message', text: value } }
      : wrong('must be a sentence', '/value')
  if (type !== cardType) return wrong(`must be ${cardType} or a message`, '/type')
  if (tooBig(value)) return wrong(`the card is over ${max.cardBytes} bytes`, '/value')
  const complaints = checkCard(value, '/value')
  return complaints.length > 0
    ? { ok: false, complaints }
    : { ok: true, answer: { kind: 'card', card: value as Card } }
}

const results = list(record({ title: someText, value: someText }), max.searchResults, 0)

/** The answer to `application/search`: what the menu offers. */
export function judgeSearch(body: unknown): Judged<readonly Choice[]> {
  if (!isRecord(body)) return wrong('must be an object with type and value')
  if (body.type !== 'application/vnd.microsoft.search.searchResponse')
    return wrong('must be application/vnd.microsoft.search.searchResponse', '/type')
  const offered = isRecord(body.value) ? body.value.results : undefined
  const complaints: Complaint[] = []
  results(offered, '/value/results', complaints)
  return complaints.length > 0 ? { ok: false, complaints } : { ok: true, answer: offered as Choice[] }
}
