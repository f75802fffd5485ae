import { type Complaint, exactly, isRecord, list, matching, record } from '../../slack/check/rule.ts'
import { type Json, partsOf } from '../cards.ts'
import { action, cardFields } from './elements.ts'
import { teamsLimits as max } from './limits.ts'
import { anObject, someText, word } from './words.ts'

/** Personal ids that Teams refreshes for: those of chats, never Entra ids or names. */
const chatUser = matching(/^(29:|8:orgid:)\S+$/, 'must be a user id of Teams (29:…)')

const refresh = record(
  {
    action: (value, at, complaints) => {
      action(value, at, complaints)
      if (isRecord(value) && value.type !== 'Action.Execute')
        complaints.push({ what: 'must be an Action.Execute', at })
    },
  },
  { userIds: list(chatUser, max.refreshUsers), expires: someText },
)

const mention = record({
  type: exactly('mention'),
  text: matching(/^<at>[^<]+<\/at>$/, 'must be <at>a name</at>'),
  mentioned: record({ id: someText, name: someText }),
})

const wholeCard = record(
  {
    type: exactly('AdaptiveCard'),
    version: matching(/^1\.[0-5]$/, 'must be 1.0 to 1.5, which is what Teams shows'),
  },
  {
    ...cardFields,
    refresh,
    authentication: anObject,
    msteams: record({}, { width: word('full'), entities: list(mention, 50, 0), allowExpand: () => {} }),
  },
)

export interface CardChecks {
  /** A dialog's card sends its inputs back by Action.Submit alone and is never refreshed. */
  readonly inDialog?: boolean
}

/** Everything Teams would not show of this card, or not do with it. */
export function checkCard(card: unknown, at = '', { inDialog = false }: CardChecks = {}): Complaint[] {
  const complaints: Complaint[] = []
  wholeCard(card, at, complaints)
  if (!isRecord(card)) return complaints
  const parts = [...partsOf(card)]
  sameIdTwice(parts, at, complaints)
  mentionsShown(card, parts, at, complaints)
  if (inDialog) {
    if (card.refresh !== undefined)
      complaints.push({ what: 'a dialog is not refreshed', at: `${at}/refresh` })
    if (parts.some((part) => part.type === 'Action.Execute'))
      complaints.push({ what: 'Action.Execute is not supported in a dialog: use Action.Submit', at })
  }
  return complaints
}

export const tooBig = (card: unknown): boolean => Buffer.byteLength(JSON.stringify(card)) > max.cardBytes

function sameIdTwice(parts: readonly Json[], at: string, complaints: Complaint[]): void {
  const seen = new Set<string>()
  for (const { id } of parts) {
    if (typeof id !== 'string') continue
    if (seen.has(id)) complaints.push({ what: `two elements have the id ${id}`, at })
    seen.add(id)
  }
}

/** What a card says besides its elements: whom it calls. */
export const cardEntities = (card: Json): readonly unknown[] =>
  isRecord(card.msteams) && Array.isArray(card.msteams.entities) ? card.msteams.entities : []

/** A mention that stands in no TextBlock and no fact of the card notifies nobody; Teams refuses it. */
function mentionsShown(card: Json, parts: readonly Json[], at: string, complaints: Complaint[]): void {
  const shown = parts
    .filter(({ type }) => type === 'TextBlock' || type === 'FactSet')
    .map(({ text, facts }) => JSON.stringify(text ?? facts ?? ''))
    .join()
  for (const [index, entity] of cardEntities(card).entries())
    if (
      isRecord(entity) &&
      typeof entity.text === 'string' &&
      !shown.includes(JSON.stringify(entity.text).slice(1, -1))
    )
      complaints.push({
        what: 'the mention’s text is not in the card',
        at: `${at}/msteams/entities/${index}`,
      })
}
