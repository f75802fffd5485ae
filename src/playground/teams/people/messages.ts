import { messageActivity } from '../activities.ts'
import type { Forge } from '../link.ts'
import {
  botChatId,
  type Conversation,
  findMessage,
  installedIn,
  type Mention,
  type Message,
  maySee,
  membersOf,
} from '../world.ts'
import { type Actor, type Done, notDone, outgoing } from './actor.ts'

/** A conversation in front of this person. */
export function conversationOf({ tenant, user }: Actor, id: string): Conversation | undefined {
  const conversation = tenant.conversations[id]
  return conversation && maySee(tenant, conversation, user) ? conversation : undefined
}

/** `@Dealdesk` and `@Full Name` as Teams sends them: `<at>…</at>` with an entity for each. */
function mentionsIn({ core, tenant }: Actor, conversation: Conversation, typed: string) {
  const { name } = core.world.app
  const candidates: { name: string; id: string }[] = [
    ...(installedIn(tenant, conversation) ? [{ name, id: botChatId(core.world) }] : []),
    ...membersOf(tenant, conversation).map((id) => {
      const user = tenant.users[id]!
      return { name: user.name, id: user.chatId }
    }),
  ].sort((a, b) => b.name.length - a.name.length)
  const mentions: Mention[] = []
  let text = ''
  for (let at = 0; at < typed.length; ) {
    const found = typed[at] === '@' ? candidates.find((one) => typed.startsWith(one.name, at + 1)) : undefined
    if (!found) {
      text += typed[at]
      at += 1
      continue
    }
    const mention = { text: `<at>${found.name}</at>`, ...found }
    text += mention.text
    if (!mentions.some((one) => one.id === found.id)) mentions.push(mention)
    at += 1 + found.name.length
  }
  return { text, mentions }
}

/** Whether the app gets to know of what is said here: always in its own chat, elsewhere when it is mentioned. */
function hears({ core, tenant }: Actor, conversation: Conversation, mentions: readonly Mention[]): boolean {
  if (!installedIn(tenant, conversation)) return false
  return conversation.kind === 'personal' || mentions.some((mention) => mention.id === botChatId(core.world))
}

/** Says something: in a chat, as a new post of a channel, or (`root`) under one. */
export async function say(
  actor: Actor,
  what: { readonly conversation: string; readonly text: string; readonly root?: string },
  forge?: Forge,
): Promise<Done<{ id: string }>> {
  const { core, tenant, user } = actor
  if (user.deleted) return notDone(actor, 'account_inactive')
  const conversation = conversationOf(actor, what.conversation)
  if (!conversation) return notDone(actor, 'not_member')
  if (conversation.kind === 'personal') {
    if (!conversation.installed) return notDone(actor, 'not_installed')
    if (conversation.blocked) return notDone(actor, 'blocked')
  }
  const root = conversation.kind === 'channel' ? what.root : undefined
  if (root !== undefined && !findMessage(conversation, root)) return notDone(actor, 'message_not_found')
  const { text, mentions } = mentionsIn(actor, conversation, what.text)
  const message: Message = {
    id: core.activityId(),
    ...(root === undefined ? {} : { root }),
    from: user.id,
    text,
    textFormat: 'plain',
    mentions,
    cards: [],
    at: core.settings.now(),
  }
  conversation.read[user.id] = message.id
  core.post(tenant, conversation, message)
  if (hears(actor, conversation, mentions)) await told(actor, conversation, message, 'message', forge)
  return { ok: true, id: message.id }
}

async function told(
  actor: Actor,
  conversation: Conversation,
  message: Message,
  type: 'message' | 'messageUpdate' | 'messageDelete',
  forge?: Forge,
  event?: 'editMessage' | 'softDeleteMessage' | 'undeleteMessage',
): Promise<void> {
  const { core, tenant, user } = actor
  const made = messageActivity(core, tenant, conversation, user, message)
  const activity = {
    ...made,
    type,
    ...(event === undefined ? {} : { channelData: { ...(made.channelData as object), eventType: event } }),
    ...(type === 'messageDelete' ? { text: undefined, attachments: undefined } : {}),
  }
  const said = message.text.replaceAll(/<at>[^<]*<\/at>/g, '').trim()
  const what = type === 'message' ? `message ${said.slice(0, 60)}` : type
  await core.link.tell(outgoing(actor, conversation, { what, names: [type] }, activity, forge))
}

/** Changes one's own message. */
export async function edit(
  actor: Actor,
  what: { readonly conversation: string; readonly id: string; readonly text: string },
): Promise<Done> {
  const { core, tenant, user } = actor
  const conversation = conversationOf(actor, what.conversation)
  const message = conversation && findMessage(conversation, what.id)
  if (!conversation || !message || message.deleted) return notDone(actor, 'message_not_found')
  if (message.from !== user.id) return notDone(actor, 'not_allowed')
  Object.assign(message, mentionsIn(actor, conversation, what.text), { editedAt: core.settings.now() })
  core.changed(tenant, conversation, message)
  if (hears(actor, conversation, message.mentions))
    await told(actor, conversation, message, 'messageUpdate', undefined, 'editMessage')
  return { ok: true }
}

/** Deletes a message (one's own; the app's where one may), or brings one's own back. */
export async function setDeleted(
  actor: Actor,
  what: { readonly conversation: string; readonly id: string },
  deleted: boolean,
): Promise<Done> {
  const { core, tenant, user } = actor
  const conversation = conversationOf(actor, what.conversation)
  const message = conversation && findMessage(conversation, what.id)
  if (!conversation || !message) return notDone(actor, 'message_not_found')
  const own = message.from === user.id
  const apps = message.from === 'bot' && deleted && (conversation.kind === 'personal' || user.isAdmin)
  if (!own && !apps) return notDone(actor, 'not_allowed')
  message.deleted = deleted
  core.changed(tenant, conversation, message)
  if (own && hears(actor, conversation, message.mentions))
    await told(
      actor,
      conversation,
      message,
      deleted ? 'messageDelete' : 'messageUpdate',
      undefined,
      deleted ? 'softDeleteMessage' : 'undeleteMessage',
    )
  return { ok: true }
}
