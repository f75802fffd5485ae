import type { Block, Chosen, Typed, View } from './blockkit.ts'

/**
 * Everything the local Slack remembers, as plain data, so that it can be written beside the database and
 * read again at the next start.
 */
export interface World {
  readonly version: 1
  readonly app: AppRegistration
  readonly workspaces: Record<string, Workspace>
  /** Numbers handed out so far: ids and ts never repeat, also after a restart. */
  counters: { id: number; lastTs: string }
}

/** The app as its manifest and its settings page at Slack describe it. */
export interface AppRegistration {
  readonly id: string
  name: string
  clientId: string
  clientSecret: string
  signingSecret: string
  /** `xapp-…`, for Socket Mode. */
  appToken: string
  commands: { command: string; description: string; usageHint?: string }[]
  /** What an installation asks for. */
  scopes: string[]
  /** Bot events the app subscribed to, e.g. `app_home_opened`, `message.im`. */
  events: string[]
}

export interface Workspace {
  readonly id: string
  name: string
  domain: string
  enterprise?: string
  installed: boolean
  botUser: string
  botId: string
  botToken: string
  /** What was granted, which may be less than the manifest asks for today. */
  scopes: string[]
  users: Record<string, User>
  channels: Record<string, Channel>
  /** By user: the modal stack, bottom first. */
  modals: Record<string, OpenView[]>
  homes: Record<string, OpenView>
  /** By id, oldest first. */
  files?: Record<string, StoredFile>
}

export interface StoredFile {
  readonly id: string
  name: string
  title: string
  mimetype: string
  readonly user: string
  readonly size: number
  /** Base64. */
  readonly content: string
  created: number
  /** Wall time, ms: when the upload was completed. */
  completed?: number
  /** Where it was posted; left out: nobody but the bot has it until a message shows it. */
  channel?: string
}

export interface User {
  readonly id: string
  /** The handle, lower case. */
  name: string
  realName: string
  title?: string
  email?: string
  /** Their id in the product, where it is known: it says who is the same person on another platform. */
  person?: string
  /** What they are in the product, for the person switcher. */
  roles?: string[]
  manager?: string
  /** Of the picture that stands for them, `#rrggbb`. */
  colour?: string
  isBot: boolean
  isAdmin: boolean
  deleted: boolean
  /** A guest: `is_restricted`. */
  isGuest: boolean
  /** Somebody of another workspace, met in a shared channel: `is_stranger`. */
  isStranger: boolean
  locale: 'ko-KR' | 'en-US'
  tz: string
}

export interface Channel {
  readonly id: string
  kind: 'channel' | 'private' | 'dm'
  name: string
  topic?: string
  members: string[]
  archived: boolean
  created: number
  /** Oldest first; ts have one width, so they sort as text. */
  messages: Message[]
  /** By user: the ts up to which they have read. */
  read: Record<string, string>
}

export interface Message {
  readonly ts: string
  user: string
  /** Present on what the app posted. */
  botId?: string
  text: string
  blocks: Block[]
  threadTs?: string
  /** Only this person sees it. */
  ephemeralTo?: string
  /** What was uploaded into the conversation with it. */
  files?: { readonly id: string; readonly name: string; readonly size: number }[]
  metadata?: { event_type: string; event_payload: Record<string, unknown> }
  edited?: { user: string; ts: string }
  at: number
  editedAt?: number
  /** By user: what they chose in the message's own inputs. */
  typed?: Record<string, { typed: Typed; chosen: Chosen }>
}

export interface OpenView {
  readonly id: string
  view: View
  hash: string
  rootId: string
  previousId: string | null
  typed: Typed
  chosen: Chosen
  errors: Record<string, string>
  busy: boolean
}

export const findMessage = (channel: Channel, ts: string): Message | undefined => {
  const at = positionOf(channel.messages, ts)
  const message = channel.messages[at]
  return message?.ts === ts ? message : undefined
}

/** Where a message with this ts stands, or would stand. */
export function positionOf(messages: readonly Message[], ts: string): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (messages[middle]!.ts < ts) low = middle + 1
    else high = middle
  }
  return low
}

/** What one person finds in a conversation: everything but other people's ephemeral messages. */
export const visibleTo = (message: Message, user: string): boolean =>
  message.ephemeralTo === undefined || message.ephemeralTo === user

export const dmOf = (workspace: Workspace, one: string, other: string): Channel | undefined =>
  Object.values(workspace.channels).find(
    (channel) =>
      channel.kind === 'dm' &&
      channel.members.includes(one) &&
      channel.members.includes(other) &&
      one !== other,
  )

export const maySee = (channel: Channel, user: User | undefined): boolean =>
  channel.members.includes(user?.id ?? '') ||
  (channel.kind === 'channel' && user !== undefined && !user.isGuest && !user.isStranger)
