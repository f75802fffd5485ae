import { inputsOf } from './slack/api/chat.ts'
import type { Chosen, Typed, View } from './slack/blockkit.ts'
import type { Core } from './slack/core.ts'
import { repliesOf, viewObject } from './slack/payloads.ts'
import type { Exchange } from './slack/traffic.ts'
import {
  type Channel,
  type Message,
  maySee,
  type OpenView,
  type User,
  visibleTo,
  type Workspace,
} from './slack/world.ts'

/** What one person's client shows: the shapes of docs/playground-api.md. */

export const showPerson = (user: User) => ({
  id: user.id,
  ...(user.person === undefined ? {} : { person: user.person }),
  name: user.name,
  realName: user.realName,
  ...(user.title === undefined ? {} : { title: user.title }),
  ...(user.email === undefined ? {} : { email: user.email }),
  avatarColor: user.colour ?? colourOf(user.id),
  isBot: user.isBot,
  isGuest: user.isGuest,
  isStranger: user.isStranger,
  deleted: user.deleted,
  locale: user.locale,
  tz: user.tz,
  ...(user.roles === undefined ? {} : { roles: user.roles }),
  ...(user.manager === undefined ? {} : { manager: user.manager }),
})

const palette = ['#0f766e', '#7c3aed', '#b45309', '#be185d', '#1d4ed8', '#4d7c0f', '#0369a1', '#9f1239']
const colourOf = (id: string): string =>
  palette[[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % palette.length]!

export const showWorkspace = ({ id, name, domain, installed }: Workspace) => ({ id, name, domain, installed })

/** Messages of others since this person last looked; in channels without the threads. */
function unread(channel: Channel, user: string): number {
  if (!channel.members.includes(user)) return 0
  const since = channel.read[user] ?? ''
  let count = 0
  for (let at = channel.messages.length - 1; at >= 0; at -= 1) {
    const message = channel.messages[at]!
    if (message.ts <= since) break
    const counts = channel.kind === 'dm' || message.threadTs === undefined || message.threadTs === message.ts
    if (message.user !== user && visibleTo(message, user) && counts) count += 1
  }
  return count
}

export const showWaiting = (workspace: Workspace): Record<string, number> =>
  Object.fromEntries(
    Object.keys(workspace.users).map((user) => [
      user,
      Object.values(workspace.channels).reduce((sum, channel) => sum + unread(channel, user), 0),
    ]),
  )

export function showConversation(workspace: Workspace, channel: Channel, viewer: string) {
  const other = channel.kind === 'dm' ? channel.members.find((id) => id !== viewer) : undefined
  const latest = channel.messages.findLast((message) => visibleTo(message, viewer))?.ts
  return {
    id: channel.id,
    kind: channel.kind,
    name: other === undefined ? channel.name : (workspace.users[other]?.realName ?? other),
    ...(other === undefined ? {} : { with: other }),
    ...(channel.topic === undefined ? {} : { topic: channel.topic }),
    members: channel.members,
    isMember: channel.members.includes(viewer),
    archived: channel.archived,
    botIsMember: channel.members.includes(workspace.botUser),
    unread: unread(channel, viewer),
    ...(latest === undefined ? {} : { latest }),
  }
}

/** The conversations somebody sees, in the sidebar's order: channels by name, the app, then other people. */
export function showConversations(workspace: Workspace, viewer: User) {
  const rank = (channel: Channel): string => {
    if (channel.kind !== 'dm') return `0${channel.name}`
    return channel.members.includes(workspace.botUser) ? '1' : `2${channel.id}`
  }
  return Object.values(workspace.channels)
    .filter((channel) => maySee(channel, viewer))
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .map((channel) => showConversation(workspace, channel, viewer.id))
}

export function showMessage(channel: Channel, message: Message, viewer: string) {
  const replies =
    message.threadTs === undefined || message.threadTs === message.ts ? repliesOf(channel, message) : []
  const last = replies.at(-1)
  const thread = message.threadTs ?? (last === undefined ? undefined : message.ts)
  const inputs = inputsOf(message, viewer)
  return {
    ts: message.ts,
    channel: channel.id,
    user: message.user,
    at: message.at,
    text: message.text,
    blocks: message.blocks,
    ...(message.files === undefined ? {} : { files: message.files }),
    isApp: message.botId !== undefined,
    ...(thread === undefined ? {} : { thread }),
    ...(last === undefined
      ? {}
      : {
          replies: {
            count: replies.length,
            users: [...new Set(replies.map((reply) => reply.user))],
            latest: last.ts,
          },
        }),
    ...(message.editedAt === undefined ? {} : { edited: message.editedAt }),
    ...(message.ephemeralTo === undefined ? {} : { ephemeral: true }),
    ...(Object.keys(inputs.typed).length === 0 ? {} : inputs),
  }
}

/** A page of a conversation or of a thread, oldest first. */
export function showMessages(
  channel: Channel,
  viewer: string,
  of: { thread?: string; before?: string; limit: number },
) {
  const all = channel.messages.filter((message) => {
    if (!visibleTo(message, viewer)) return false
    if (of.before !== undefined && message.ts >= of.before) return false
    if (of.thread !== undefined) return message.ts === of.thread || message.threadTs === of.thread
    return message.threadTs === undefined || message.threadTs === message.ts
  })
  return {
    messages: all.slice(-of.limit).map((message) => showMessage(channel, message, viewer)),
    hasMore: all.length > of.limit,
  }
}

interface Shown {
  readonly view: Omit<View, 'state'>
  readonly typed: Typed
  readonly chosen: Chosen
}

function showView(core: Core, workspace: Workspace, open: OpenView): Shown {
  const { state, ...view } = viewObject(core, workspace, open)
  return { view: view as unknown as View, typed: open.typed, chosen: open.chosen }
}

export const showModals = (core: Core, workspace: Workspace, user: string) =>
  (workspace.modals[user] ?? []).map((open) => ({
    id: open.id,
    ...showView(core, workspace, open),
    errors: open.errors,
    busy: open.busy,
  }))

export function showHome(core: Core, workspace: Workspace, user: string) {
  const home = workspace.homes[user]
  return home ? showView(core, workspace, home) : null
}

const longBody = 2000

/** An exchange as lists and the stream show it: long bodies are left for a look at that one exchange. */
export function showExchange(exchange: Exchange) {
  const long = (body: unknown) => body !== undefined && JSON.stringify(body).length > longBody
  const cut = { request: long(exchange.request.body), response: long(exchange.response?.body) }
  if (!cut.request && !cut.response) return { ...exchange }
  return {
    ...exchange,
    request: cut.request ? { ...exchange.request, body: undefined } : exchange.request,
    ...(exchange.response === undefined
      ? {}
      : { response: cut.response ? { ...exchange.response, body: undefined } : exchange.response }),
    bodyCut: true,
  }
}
