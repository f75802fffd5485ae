import type { Card } from './cards.ts'

/**
 * Everything the local Teams remembers, as plain data, so that it can be written beside the database and read
 * again at the next start.
 */
export interface World {
  readonly version: 1
  readonly app: AppRegistration
  readonly tenants: Record<string, Tenant>
  /** Numbers handed out so far: ids never repeat, also after a restart. */
  counters: { id: number; lastActivity: number }
}

/** The app as its registration in Entra and its Teams manifest describe it. */
export interface AppRegistration {
  /** The App ID, a GUID: the audience of every token sent to the app. */
  readonly id: string
  name: string
  password: string
  /** What the compose box suggests. */
  commands: { title: string; description: string }[]
}

export interface Tenant {
  /** A GUID, lower case. */
  readonly id: string
  name: string
  domain: string
  users: Record<string, User>
  teams: Record<string, Team>
  conversations: Record<string, Conversation>
  /** By user: the one dialog in front of them. */
  dialogs: Record<string, Dialog>
}

export interface User {
  /** The Entra object id, a GUID. */
  readonly id: string
  /** What the app knows them by in chats: `29:…`, another one for every app. */
  readonly chatId: string
  /** The id in the product, where it is known. */
  person?: string
  name: string
  title?: string
  email?: string
  userPrincipalName: string
  roles?: string[]
  /** Of the picture that stands for them, `#rrggbb`. */
  colour?: string
  isAdmin: boolean
  isGuest: boolean
  deleted: boolean
  locale: 'ko-KR' | 'en-US'
  tz: string
}

export interface Team {
  /** The id of its General channel: `19:…@thread.tacv2`. */
  readonly id: string
  readonly aadGroupId: string
  name: string
  members: string[]
  installed: boolean
  /** The app was told that it is installed. */
  announced?: boolean
}

export interface Conversation {
  readonly id: string
  readonly kind: 'personal' | 'groupChat' | 'channel'
  name: string
  /** Channels: their team, which has the members and the app. */
  team?: string
  members: string[]
  installed: boolean
  announced?: boolean
  /** Personal: until this moment of the wall clock, the app's first word is its greeting as it is rolled out. */
  greetedUntil?: number
  /** Personal: the person blocked the app. */
  blocked: boolean
  created: number
  /** Oldest first. */
  messages: Message[]
  /** By user: the id up to which they have read. */
  read: Record<string, string>
}

export interface Message {
  readonly id: string
  /** Channels: the post it answers. */
  root?: string
  /** A user's id; `bot` on what the app posted. */
  from: string
  text: string
  textFormat: 'plain' | 'markdown' | 'xml'
  mentions: Mention[]
  summary?: string
  cards: PostedCard[]
  at: number
  editedAt?: number
  deleted?: boolean
}

export interface Mention {
  readonly text: string
  /** `28:…` or `29:…`. */
  readonly id: string
  readonly name: string
}

export interface PostedCard {
  base: Card
  /** Counts what the app made of it: a view of an earlier one is forgotten. */
  version: number
  /** By user: their own view, from Action.Execute or refresh. */
  views: Record<string, Card>
  /** By user: the version that `refresh` was asked for already. */
  refreshed: Record<string, number>
  typed: Record<string, Typed>
  busy: Record<string, boolean>
  errors: Record<string, string>
}

/** What stands in a card's inputs, by their id; everything is text in Teams. */
export type Typed = Record<string, string>

export interface Dialog {
  readonly id: string
  readonly conversation: string
  /** The message whose button opened it. */
  readonly message: string
  title: string
  width: number | 'small' | 'medium' | 'large'
  height: number | 'small' | 'medium' | 'large'
  card: Card | null
  /** Instead of a card: the app's closing message. */
  text?: string
  typed: Typed
  busy: boolean
  error?: string
  errors: Record<string, string>
  drawn: number
}

export const botChatId = (world: World): string => `28:${world.app.id}`

export const personalChatOf = (tenant: Tenant, user: string): Conversation | undefined =>
  Object.values(tenant.conversations).find(
    (conversation) => conversation.kind === 'personal' && conversation.members[0] === user,
  )

export const membersOf = (tenant: Tenant, conversation: Conversation): readonly string[] =>
  conversation.team === undefined ? conversation.members : (tenant.teams[conversation.team]?.members ?? [])

export const installedIn = (tenant: Tenant, conversation: Conversation): boolean =>
  conversation.team === undefined
    ? conversation.installed
    : (tenant.teams[conversation.team]?.installed ?? false)

export const maySee = (tenant: Tenant, conversation: Conversation, user: User): boolean =>
  membersOf(tenant, conversation).includes(user.id)

export const findMessage = (conversation: Conversation, id: string): Message | undefined =>
  conversation.messages.findLast((message) => message.id === id)

/** A user by Entra object id or by `29:…`, as the connector takes both. */
export const findUser = (tenant: Tenant, id: string): User | undefined =>
  tenant.users[id.toLowerCase()] ?? Object.values(tenant.users).find((user) => user.chatId === id)

/** What one person sees of a card. */
export const cardFor = (card: PostedCard, user: string): Card => card.views[user] ?? card.base
