import { clean, cutTo } from '../text.ts'
import { check, limits } from './limits.ts'
import type { Mention } from './mention.ts'
import { type Element, paragraphs } from './spans.ts'

export const contentType = 'application/vnd.microsoft.card.adaptive'

export interface AdaptiveCard extends Record<string, unknown> {
  readonly type: 'AdaptiveCard'
  readonly body: readonly Element[]
}

export interface Attachment {
  readonly contentType: typeof contentType
  readonly content: AdaptiveCard
}

/** A message as the connector takes it. */
export interface Message {
  /** What a notification and the list of chats say. */
  readonly summary: string
  readonly attachments: readonly Attachment[]
}

export const messageOf = (content: AdaptiveCard, summary: string): Message => ({
  summary: summaryOf(summary),
  attachments: [{ contentType, content }],
})

export const summaryOf = (summary: string): string =>
  cutTo(clean(summary).replace(/\s+/g, ' '), limits.summary) || '—'

export function cardOf(
  body: readonly Element[],
  more: Record<string, unknown> = {},
  mentions: readonly Mention[] = [],
): AdaptiveCard {
  const made = (kept: readonly Element[]): AdaptiveCard => ({
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: limits.card.version,
    body: kept,
    ...more,
    msteams: { width: 'Full', ...entitiesIn(kept, mentions) },
  })
  const whole = made(body)
  if (bytesOf(whole) <= limits.card.bytes) return check(whole)
  // What is left out is counted in sight, and the buttons at the end stay: a card without them can't be acted upon (B5.56).
  const groups = groupsOf(body)
  const end = groups.at(-1)?.[0]?.type === 'ActionSet' ? groups.pop()! : []
  let room = limits.card.bytes - bytesOf(made(end)) - 400
  const kept: Element[][] = []
  for (const group of groups) {
    room -= bytesOf(group) + 1
    if (room < 0) break
    kept.push(group)
  }
  const mark = paragraphs([`… (+${groups.length - kept.length})`], { isSubtle: true, size: 'Small' })
  return check(made([...kept.flat(), ...mark, ...end]))
}

/** A mention whose words are left out of a card that is too long must be left out with them: Teams refuses it alone. */
function entitiesIn(body: readonly Element[], mentions: readonly Mention[]) {
  if (mentions.length === 0) return {}
  const json = JSON.stringify(body)
  const entities = mentions.filter(({ text }) => json.includes(JSON.stringify(text).slice(1, -1)))
  return entities.length > 0 ? { entities } : {}
}

/** A row of buttons and the questions that it unfolds stay together. */
function groupsOf(body: readonly Element[]): Element[][] {
  const groups: Element[][] = []
  for (const element of body)
    if (element.isVisible === false && groups.length > 0) groups.at(-1)!.push(element)
    else groups.push([element])
  return groups
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
