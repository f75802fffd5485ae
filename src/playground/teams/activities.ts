import type { Core } from './core.ts'
import { botChatId, type Conversation, type Message, type Tenant, type User } from './world.ts'

/** An activity as it goes over the wire. */
export type Activity = { readonly type: string } & Readonly<Record<string, unknown>>

const pad = (minutes: number): string => {
  const size = Math.abs(minutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** The instant as a clock on the wall there shows it, with its offset. */
function localTime(at: number, tz: string): string {
  const wall = new Date(at).toLocaleString('sv-SE', { timeZone: tz }).replace(' ', 'T')
  const minutes = Math.round((Date.parse(`${wall}Z`) - at) / 60_000)
  return `${wall}.000${pad(minutes)}`
}

/** What every activity of a conversation says, whoever caused it. */
function activityBase(core: Core, tenant: Tenant, conversation: Conversation, user: User): Activity {
  const at = core.settings.now()
  const team = conversation.team === undefined ? undefined : tenant.teams[conversation.team]
  return {
    type: 'message',
    timestamp: new Date(at).toISOString(),
    localTimestamp: localTime(at, user.tz),
    localTimezone: user.tz,
    channelId: 'msteams',
    serviceUrl: core.serviceUrl,
    from: { id: user.chatId, name: user.name, aadObjectId: user.id },
    conversation: conversationOf(tenant, conversation),
    recipient: { id: botChatId(core.world), name: core.world.app.name },
    entities: [clientInfo(user)],
    channelData: {
      ...(team === undefined
        ? {}
        : {
            teamsChannelId: conversation.id,
            teamsTeamId: team.id,
            channel: { id: conversation.id },
            team: { id: team.id, aadGroupId: team.aadGroupId, name: team.name },
          }),
      tenant: { id: tenant.id },
    },
    locale: user.locale,
  }
}

/** How a conversation is named; `root`: a post of a channel, whose answers are a conversation of their own. */
function conversationOf(tenant: Tenant, conversation: Conversation, root?: string) {
  return {
    ...(conversation.kind === 'personal' ? {} : { isGroup: true }),
    conversationType: conversation.kind,
    tenantId: tenant.id,
    id: root === undefined ? conversation.id : `${conversation.id};messageid=${root}`,
    ...(conversation.kind === 'groupChat' ? { name: conversation.name } : {}),
  }
}

const clientInfo = (user: User) => ({
  type: 'clientInfo',
  locale: user.locale,
  country: user.locale.slice(3),
  platform: 'Web',
  timezone: user.tz,
})

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The words as Teams sends them: markup of one's own is escaped, mentions stand as <at>. */
function asSent(message: Message): string {
  let text = escaped(message.text)
  for (const mention of message.mentions) text = text.replaceAll(escaped(mention.text), mention.text)
  return text
}

/** The same words as Teams' own rich text. */
function html(message: Message): string {
  let body = escaped(message.text)
  for (const [index, mention] of message.mentions.entries())
    body = body.replace(
      escaped(mention.text),
      `<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="${index}">${escaped(mention.name)}</span>`,
    )
  return `<p>${body.replaceAll('\n', '<br>')}</p>`
}

/** Somebody said something: `message`, `messageUpdate`, `messageDelete`. */
export function messageActivity(
  core: Core,
  tenant: Tenant,
  conversation: Conversation,
  user: User,
  message: Message,
): Activity {
  const base = activityBase(core, tenant, conversation, user)
  const root = conversation.kind === 'channel' ? (message.root ?? message.id) : undefined
  return {
    ...base,
    id: message.id,
    text: asSent(message),
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: html(message) }],
    conversation: conversationOf(tenant, conversation, root),
    entities: [
      ...message.mentions.map((mention) => ({
        type: 'mention',
        text: mention.text,
        mentioned: { id: mention.id, name: mention.name },
      })),
      clientInfo(user),
    ],
  }
}

/** An invoke, from a card of a message (`about`) or from a dialog that such a card opened. */
export function invokeActivity(
  core: Core,
  tenant: Tenant,
  conversation: Conversation,
  user: User,
  about: { readonly name: string; readonly value: unknown; readonly message?: Message },
): Activity {
  const { message } = about
  const root = conversation.kind === 'channel' && message ? (message.root ?? message.id) : undefined
  const base = activityBase(core, tenant, conversation, user)
  return {
    ...base,
    type: 'invoke',
    name: about.name,
    id: core.id(),
    value: about.value,
    conversation: conversationOf(tenant, conversation, root),
    channelData: { ...(base.channelData as object), source: { name: message ? 'message' : 'dialog' } },
    ...(message ? { replyToId: message.id } : {}),
  }
}

/** Members or the app came or went, channels too; names are not in it, as in the real one. */
export function conversationUpdate(
  core: Core,
  tenant: Tenant,
  conversation: Conversation,
  user: User,
  what: {
    readonly membersAdded?: readonly (User | 'bot')[]
    readonly membersRemoved?: readonly (User | 'bot')[]
    readonly event?: string
  },
): Activity {
  const accounts = (members: readonly (User | 'bot')[] | undefined) =>
    members?.map((member) =>
      member === 'bot' ? { id: botChatId(core.world) } : { id: member.chatId, aadObjectId: member.id },
    )
  const base = activityBase(core, tenant, conversation, user)
  const added = accounts(what.membersAdded)
  const removed = accounts(what.membersRemoved)
  return {
    ...base,
    type: 'conversationUpdate',
    id: core.id(),
    ...(added ? { membersAdded: added } : {}),
    ...(removed ? { membersRemoved: removed } : {}),
    channelData: {
      ...(base.channelData as object),
      ...(what.event === undefined ? {} : { eventType: what.event }),
    },
  }
}

export function installationUpdate(
  core: Core,
  tenant: Tenant,
  conversation: Conversation,
  user: User,
  action: 'add' | 'remove',
): Activity {
  const base = activityBase(core, tenant, conversation, user)
  return {
    ...base,
    type: 'installationUpdate',
    id: core.id(),
    action,
    channelData: {
      ...(base.channelData as object),
      settings: { selectedChannel: { id: conversation.id } },
      source: { name: 'message' },
    },
  }
}
