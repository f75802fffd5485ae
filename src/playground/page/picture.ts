import { isReply, withMessage } from './slack/messages.ts'
import type {
  ClockState,
  Conversation,
  Exchange,
  Fault,
  Home,
  Message,
  Modal,
  Person,
  State,
  Workspace,
} from './wire.ts'

/** What is open in the middle of the client. */
export type Spot =
  | { readonly kind: 'channel'; readonly channel: string }
  | { readonly kind: 'app'; readonly tab: 'home' | 'messages' }

/** The messages of a conversation or a thread, as far as they are loaded. */
export interface Page {
  readonly messages: readonly Message[]
  readonly hasMore: boolean
}

export interface Toast {
  readonly id: number
  readonly kind: 'error' | 'info'
  readonly text: string
}

/** Everything the page draws from. What the server said is the truth; nothing here runs ahead of it. */
export interface Picture {
  readonly connection: 'connecting' | 'open' | 'lost'
  /** Why there is nothing to show at all. */
  readonly trouble?: string
  readonly state?: State
  readonly spot: Spot
  readonly thread?: { readonly channel: string; readonly ts: string }
  /** By channel id, and by `channel/thread ts` for threads. */
  readonly pages: Readonly<Record<string, Page>>
  readonly traffic: readonly Exchange[]
  readonly toasts: readonly Toast[]
  readonly switching: boolean
  /** Where unread messages began when their conversation was opened. */
  readonly firstNew?: { readonly channel: string; readonly ts: string }
}

/** Under which a thread's messages are kept. */
export const threadKey = (channel: string, ts: string): string => `${channel}/${ts}`

const trafficKept = 300

/** Everything the stream tells of (docs/playground-api.md, Listening). */
export const streamEvents = [
  'message',
  'message_changed',
  'message_deleted',
  'conversation',
  'modals',
  'home',
  'notice',
  'person',
  'workspace',
  'traffic',
  'faults',
  'clock',
  'waiting',
  'reload',
] as const
export type StreamEvent = (typeof streamEvents)[number]

/** The picture after something was heard; `notice` and `reload` are not drawn but done. */
export function afterHearing(picture: Picture, event: StreamEvent, data: unknown): Partial<Picture> {
  const { state } = picture
  if (!state) return {}
  const amended = (change: Partial<State>): Partial<Picture> => ({ state: { ...state, ...change } })
  switch (event) {
    case 'message':
    case 'message_changed':
      return {
        pages: withArrival(picture.pages, (data as { message: Message }).message, event === 'message'),
      }
    case 'message_deleted':
      return { pages: without(picture.pages, data as { channel: string; ts: string }) }
    case 'conversation':
      return amended({ conversations: replaced(state.conversations, data as Conversation) })
    case 'modals':
      return amended({ modals: (data as { modals: Modal[] }).modals })
    case 'home':
      return amended({ home: (data as { home: Home }).home })
    case 'person':
      return amended({ people: replaced(state.people, data as Person) })
    case 'workspace':
      return amended({ workspaces: replaced(state.workspaces, data as Workspace) })
    case 'traffic':
      return { traffic: replaced(picture.traffic, data as Exchange).slice(-trafficKept) }
    case 'faults':
      return amended({ faults: (data as { faults: Fault[] }).faults })
    case 'clock':
      return amended({ clock: data as ClockState })
    case 'waiting':
      return amended({ waiting: (data as { waiting: Record<string, number> }).waiting })
    case 'notice':
    case 'reload':
      return {}
  }
}

/** The lists a message belongs to: its conversation, the thread it is in, the thread it may be the parent of. */
export const listsOf = (message: Message): string[] => [
  ...new Set([
    ...(isReply(message) ? [] : [message.channel]),
    ...(message.thread ? [threadKey(message.channel, message.thread)] : []),
    threadKey(message.channel, message.ts),
  ]),
]

function withArrival(pages: Picture['pages'], message: Message, isNew: boolean): Picture['pages'] {
  const next = { ...pages }
  for (const key of listsOf(message)) {
    const page = pages[key]
    if (!page) continue
    // A change to a message older than what is loaded is not a reason to show it out of its place.
    if (!isNew && !page.messages.some((m) => m.ts === message.ts)) continue
    next[key] = { ...page, messages: withMessage(page.messages, message) }
  }
  return next
}

const without = (
  pages: Picture['pages'],
  { channel, ts }: { channel: string; ts: string },
): Picture['pages'] =>
  Object.fromEntries(
    Object.entries(pages).map(([key, page]) => [
      key,
      key === channel || key.startsWith(`${channel}/`)
        ? { ...page, messages: page.messages.filter((m) => m.ts !== ts) }
        : page,
    ]),
  )

const replaced = <T extends { readonly id: string | number }>(list: readonly T[], item: T): T[] =>
  list.some((other) => other.id === item.id)
    ? list.map((other) => (other.id === item.id ? item : other))
    : [...list, item]
