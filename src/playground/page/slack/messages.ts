import type { Message } from '../wire.ts'
import { dayOf } from './dates.ts'

/** Puts a new or changed message at its place (by time, then by id), replacing its former self. */
export function withMessage(messages: readonly Message[], message: Message): Message[] {
  const rest = messages.filter((m) => m.ts !== message.ts)
  let at = rest.length
  while (at > 0 && isAfter(rest[at - 1] as Message, message)) at -= 1
  return [...rest.slice(0, at), message, ...rest.slice(at)]
}

const isAfter = (a: Message, b: Message): boolean => a.at > b.at || (a.at === b.at && a.ts > b.ts)

/** A message belongs in the conversation itself unless it is a reply; ephemeral answers stay where they were given. */
export const isReply = (message: Message): boolean =>
  message.thread !== undefined && message.thread !== message.ts

/** One row of a conversation: a new day, the line above what is new, or a message with or without its author's head. */
export type Row =
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'day'; readonly at: number; readonly key: string }
  | { readonly kind: 'message'; readonly message: Message; readonly head: boolean; readonly key: string }

/** The first of the last `unread` messages that others wrote: where reading begins. */
export function firstUnread(messages: readonly Message[], unread: number, me: string): string | undefined {
  return messages
    .filter((message) => message.user !== me && !message.ephemeral)
    .at(-unread || messages.length)?.ts
}

const together = 5 * 60_000

/** Lays messages out: a divider a day, and one head for what one author says within five minutes. */
export function rowsOf(messages: readonly Message[], timeZone: string, firstNew?: string): Row[] {
  const rows: Row[] = []
  let before: Message | undefined
  for (const message of messages) {
    const day = dayOf(message.at, timeZone)
    const newDay = !before || dayOf(before.at, timeZone) !== day
    if (newDay) rows.push({ kind: 'day', at: message.at, key: `day ${day}` })
    const isNew = message.ts === firstNew
    if (isNew) rows.push({ kind: 'new', key: 'new' })
    const head =
      isNew ||
      newDay ||
      !before ||
      before.user !== message.user ||
      message.at - before.at > together ||
      before.ephemeral !== message.ephemeral ||
      // A card with blocks is a document of its own and names its author.
      message.blocks.length > 0
    rows.push({ kind: 'message', message, head, key: message.ts })
    before = message
  }
  return rows
}
