import { withActionIds } from './cards.ts'
import { typedIn } from './people/surface.ts'
import {
  botChatId,
  type Conversation,
  cardFor,
  type Dialog,
  installedIn,
  type Message,
  maySee,
  membersOf,
  type Tenant,
  type User,
  type World,
} from './world.ts'

/** What one person's client shows: the shapes of docs/playground-api.md, The Teams half. */

const palette = ['#0f766e', '#7c3aed', '#b45309', '#be185d', '#1d4ed8', '#4d7c0f', '#0369a1', '#9f1239']
const colourOf = (id: string): string =>
  palette[[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % palette.length]!

export const showTenant = ({ id, name, domain }: Tenant) => ({ id, name, domain })

export const showPerson = (user: User) => ({
  id: user.id,
  chatId: user.chatId,
  ...(user.person === undefined ? {} : { person: user.person }),
  name: user.name,
  ...(user.title === undefined ? {} : { title: user.title }),
  ...(user.email === undefined ? {} : { email: user.email }),
  userPrincipalName: user.userPrincipalName,
  avatarColor: user.colour ?? colourOf(user.id),
  isGuest: user.isGuest,
  deleted: user.deleted,
  locale: user.locale,
  tz: user.tz,
  ...(user.roles === undefined ? {} : { roles: user.roles }),
})

export const showTeams = (tenant: Tenant, viewer: User) =>
  Object.values(tenant.teams)
    .filter((team) => team.members.includes(viewer.id))
    .map(({ id, name, installed, members }) => ({ id, name, installed, members }))

/** Messages of others since this person last looked. */
function unread(tenant: Tenant, conversation: Conversation, user: string): number {
  if (!membersOf(tenant, conversation).includes(user)) return 0
  const since = conversation.read[user]
  let count = 0
  for (const message of conversation.messages.toReversed()) {
    if (message.id === since) break
    if (message.from !== user && message.deleted !== true) count += 1
  }
  return count
}

export const showWaiting = (tenant: Tenant): Record<string, number> =>
  Object.fromEntries(
    Object.keys(tenant.users).map((user) => [
      user,
      Object.values(tenant.conversations).reduce((sum, one) => sum + unread(tenant, one, user), 0),
    ]),
  )

export function showConversation(tenant: Tenant, conversation: Conversation, viewer: string) {
  const members = membersOf(tenant, conversation)
  const latest = conversation.messages.at(-1)?.id
  return {
    id: conversation.id,
    kind: conversation.kind,
    name: conversation.name,
    ...(conversation.team === undefined ? {} : { team: conversation.team }),
    members,
    isMember: members.includes(viewer),
    installed: installedIn(tenant, conversation),
    blocked: conversation.blocked,
    unread: unread(tenant, conversation, viewer),
    ...(latest === undefined ? {} : { latest }),
  }
}

/** The conversations somebody sees: their chat with the app, group chats, then channels team by team. */
export function showConversations(tenant: Tenant, viewer: User) {
  const kinds: readonly Conversation['kind'][] = ['personal', 'groupChat', 'channel']
  const teams = Object.keys(tenant.teams)
  const rank = ({ kind, team }: Conversation) => kinds.indexOf(kind) * 1000 + teams.indexOf(team ?? '')
  return Object.values(tenant.conversations)
    .filter((conversation) => maySee(tenant, conversation, viewer))
    .sort((a, b) => rank(a) - rank(b))
    .map((conversation) => showConversation(tenant, conversation, viewer.id))
}

export function showMessage(world: World, conversation: Conversation, message: Message, viewer: string) {
  const replies =
    conversation.kind === 'channel' && message.root === undefined
      ? conversation.messages.filter((one) => one.root === message.id)
      : []
  const isApp = message.from === 'bot'
  const gone = message.deleted === true
  return {
    id: message.id,
    conversation: conversation.id,
    ...(message.root === undefined ? {} : { root: message.root }),
    from: isApp ? botChatId(world) : message.from,
    isApp,
    at: message.at,
    ...(message.editedAt === undefined ? {} : { edited: message.editedAt }),
    ...(gone ? { deleted: true } : {}),
    text: gone ? '' : message.text,
    textFormat: message.textFormat,
    mentions: gone ? [] : message.mentions,
    ...(message.summary === undefined || gone ? {} : { summary: message.summary }),
    cards: gone ? [] : message.cards.map((_, index) => showCard(conversation, message, index, viewer)),
    ...(replies.length === 0 ? {} : { replies: { count: replies.length, latest: replies.at(-1)!.id } }),
  }
}

function showCard(conversation: Conversation, message: Message, index: number, viewer: string) {
  const posted = message.cards[index]!
  const card = cardFor(posted, viewer)
  const error = posted.errors[viewer]
  return {
    content: withActionIds(card),
    own: posted.views[viewer] !== undefined,
    typed: typedIn({ kind: 'message', card, conversation, message, posted, key: '' }, viewer),
    busy: posted.busy[viewer] === true,
    ...(error === undefined ? {} : { error }),
  }
}

/** A page of a conversation or of a post's replies, oldest first. */
export function showMessages(
  world: World,
  conversation: Conversation,
  viewer: string,
  of: { root?: string; before?: string; limit: number },
) {
  const before = of.before === undefined ? -1 : conversation.messages.findIndex((one) => one.id === of.before)
  const earlier = before < 0 ? conversation.messages : conversation.messages.slice(0, before)
  const all = earlier.filter((message) =>
    of.root === undefined ? message.root === undefined : message.id === of.root || message.root === of.root,
  )
  return {
    messages: all.slice(-of.limit).map((message) => showMessage(world, conversation, message, viewer)),
    hasMore: all.length > of.limit,
  }
}

export function showDialog(dialog: Dialog | undefined) {
  if (!dialog) return null
  const { id, title, width, height, card, text, typed, busy, error, errors, drawn } = dialog
  return {
    id,
    title,
    width,
    height,
    card: card && withActionIds(card),
    ...(text === undefined ? {} : { text }),
    typed,
    busy,
    ...(error === undefined ? {} : { error }),
    errors,
    drawn,
  }
}
