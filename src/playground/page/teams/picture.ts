import type { Team, TeamsConversation, TeamsDialog, TeamsMessage, TeamsPerson, TeamsState } from './wire.ts'

/** The messages of a chat, the posts of a channel, or one post and its replies, as far as they are loaded. */
export interface TeamsPage {
  readonly messages: readonly TeamsMessage[]
  readonly hasMore: boolean
}

/** Everything the Teams half draws from. */
export interface TeamsPicture {
  /** `none`: this playground runs without Teams. `idle`: nobody looks at the Teams half. */
  readonly connection: 'unknown' | 'none' | 'idle' | 'connecting' | 'open' | 'lost'
  readonly state?: TeamsState
  /** The person shown on the Slack side has no account here. */
  readonly absent: boolean
  /** Somebody is shown who is in Teams alone: the Slack side has nobody to show. */
  readonly alone: boolean
  /** The id of the open conversation. */
  readonly open?: string
  /** By conversation id, and by `conversation/root` for a post with its replies. */
  readonly pages: Readonly<Record<string, TeamsPage>>
  /** The posts whose replies are unfolded. */
  readonly unfolded: readonly string[]
}

/** Under which a post and its replies are kept. */
export const postKey = (conversation: string, root: string): string => `${conversation}/${root}`

/** Everything the stream of Teams tells of (docs/playground-api.md, Listening). */
export const teamsEvents = [
  'message',
  'message_changed',
  'message_deleted',
  'conversation',
  'teams',
  'dialog',
  'notice',
  'person',
  'waiting',
  'clock',
  'reload',
] as const
export type TeamsEvent = (typeof teamsEvents)[number]

/** The picture after something was heard; `notice` and `reload` are not drawn but done. */
export function afterTeamsHearing(
  picture: TeamsPicture,
  event: TeamsEvent,
  data: unknown,
): Partial<TeamsPicture> {
  const { state } = picture
  if (!state) return {}
  const amended = (change: Partial<TeamsState>): Partial<TeamsPicture> => ({ state: { ...state, ...change } })
  switch (event) {
    case 'message':
    case 'message_changed':
      return {
        pages: withArrival(picture.pages, (data as { message: TeamsMessage }).message, event === 'message'),
      }
    case 'message_deleted':
      return { pages: without(picture.pages, data as { conversation: string; id: string }) }
    case 'conversation':
      return amended({ conversations: replaced(state.conversations, data as TeamsConversation) })
    case 'teams':
      return amended({ teams: (data as { teams: Team[] }).teams })
    case 'dialog':
      return amended({ dialog: (data as { dialog: TeamsDialog | null }).dialog })
    case 'person':
      return amended({ people: replaced(state.people, data as TeamsPerson) })
    case 'waiting':
      return amended({ waiting: (data as { waiting: Record<string, number> }).waiting })
    case 'clock':
      return amended({ clock: data as TeamsState['clock'] })
    case 'notice':
    case 'reload':
      return {}
  }
}

/** The lists a message belongs to: its chat or channel, and the post it answers or begins. */
export const teamsListsOf = (message: TeamsMessage): string[] =>
  message.root === undefined || message.root === message.id
    ? [message.conversation, postKey(message.conversation, message.id)]
    : [postKey(message.conversation, message.root)]

/** Puts a message at its place by time, replacing its former self. */
export function withTeamsMessage(messages: readonly TeamsMessage[], message: TeamsMessage): TeamsMessage[] {
  const rest = messages.filter((m) => m.id !== message.id)
  let at = rest.length
  while (at > 0 && (rest[at - 1] as TeamsMessage).at > message.at) at -= 1
  return [...rest.slice(0, at), message, ...rest.slice(at)]
}

function withArrival(
  pages: TeamsPicture['pages'],
  message: TeamsMessage,
  isNew: boolean,
): TeamsPicture['pages'] {
  const next = { ...pages }
  for (const key of teamsListsOf(message)) {
    const page = pages[key]
    if (!page) continue
    // A change to a message older than what is loaded is no reason to show it out of its place.
    if (!isNew && !page.messages.some((m) => m.id === message.id)) continue
    next[key] = { ...page, messages: withTeamsMessage(page.messages, message) }
  }
  return next
}

const without = (
  pages: TeamsPicture['pages'],
  { conversation, id }: { conversation: string; id: string },
): TeamsPicture['pages'] =>
  Object.fromEntries(
    Object.entries(pages).map(([key, page]) => [
      key,
      key === conversation || key.startsWith(`${conversation}/`)
        ? { ...page, messages: page.messages.filter((m) => m.id !== id) }
        : page,
    ]),
  )

const replaced = <T extends { readonly id: string }>(list: readonly T[], item: T): T[] =>
  list.some((other) => other.id === item.id)
    ? list.map((other) => (other.id === item.id ? item : other))
    : [...list, item]

/** One row of a chat: a new day, or a message with or without its author above it. */
export type TeamsRow =
  | { readonly kind: 'day'; readonly at: number; readonly key: string }
  | { readonly kind: 'message'; readonly message: TeamsMessage; readonly head: boolean; readonly key: string }

const together = 5 * 60_000

/** Lays a chat out: a line a day, and one head for what somebody says within five minutes. */
export function teamsRowsOf(
  messages: readonly TeamsMessage[],
  dayOf: (at: number) => string,
): readonly TeamsRow[] {
  const rows: TeamsRow[] = []
  let before: TeamsMessage | undefined
  for (const message of messages) {
    const day = dayOf(message.at)
    const newDay = !before || dayOf(before.at) !== day
    if (newDay) rows.push({ kind: 'day', at: message.at, key: `day ${day}` })
    const head = newDay || !before || before.from !== message.from || message.at - before.at > together
    rows.push({ kind: 'message', message, head, key: message.id })
    before = message
  }
  return rows
}
