import type { ConnectorClient } from 'botframework-connector'
import { type Connectors, callTimeoutMs } from './adapter.ts'
import type { Message } from './card.ts'
import { NoConversation } from './failure.ts'
import type { ConversationReference, Memory, References } from './references.ts'

/** Calls to the Bot Connector: one each, never repeated here. They throw what the SDK throws. */
export interface Post {
  /** The conversation with a person, opened where there is none yet. */
  personal(tenant: string, user: string): Promise<string>
  /** Answers the new message's id. `thread`: the post of a channel under which it stands. */
  send(tenant: string, conversation: string, message: Message, thread?: string): Promise<string>
  update(tenant: string, conversation: string, activity: string, message: Message): Promise<void>
  member(tenant: string, conversation: string, user: string): Promise<Readonly<Record<string, unknown>>>
}

type Outgoing = Parameters<ConnectorClient['conversations']['sendToConversation']>[1]

/** A channel's posts are conversations of their own, named after their first message. */
export const threadOf = (channel: string, thread: string): string => `${channel};messageid=${thread}`

/** The channel or chat of a conversation id, and the post in it that it names. */
export function splitConversation(id: string): { channel: string; thread?: string } {
  const at = id.indexOf(';messageid=')
  return at < 0 ? { channel: id } : { channel: id.slice(0, at), thread: id.slice(at + ';messageid='.length) }
}

export function createPost(parts: {
  readonly connectors: Connectors
  readonly references: References
  readonly memory: Memory
  readonly appId: string
  /** Milliseconds a call may take. */
  readonly timeoutMs?: number
}): Post {
  const { connectors, references, memory, appId } = parts
  const options = { timeout: parts.timeoutMs ?? callTimeoutMs }

  async function reach(tenant: string, conversation: string): Promise<ConversationReference> {
    const { channel } = splitConversation(conversation)
    // The tenant's own address serves channels of a team that nobody has spoken in yet.
    const known = (await references.of(tenant, channel)) ?? (await references.newest(tenant))
    if (!known) throw new NoConversation('write to this conversation')
    return known
  }

  const from = (reference: ConversationReference) => ({ id: reference.bot, name: 'Dealdesk', role: 'bot' })

  return {
    async personal(tenant, user) {
      const known = await references.personal(tenant, user)
      if (known) return known.conversation
      const newest = await references.newest(tenant)
      const company = await references.companyOf(tenant)
      if (!newest || !company) throw new NoConversation('write to this person')
      const client = await connectors.of(newest.serviceUrl)
      const made = await client.conversations.createConversation(
        {
          isGroup: false,
          bot: { id: `28:${appId}`, name: 'Dealdesk' },
          // Teams takes the Entra object id here, which is all that an import knows of a person.
          members: [{ id: user, name: '' }],
          tenantId: tenant,
          channelData: { tenant: { id: tenant } },
        } as Parameters<ConnectorClient['conversations']['createConversation']>[0],
        options,
      )
      if (!made.id) throw new Error('createConversation gave no id')
      const { tenant: _, kind: __, ...rest } = newest
      await memory.remember(company, { ...rest, tenant, conversation: made.id, kind: 'personal', user })
      return made.id
    },

    async send(tenant, conversation, message, thread) {
      const reference = await reach(tenant, conversation)
      const client = await connectors.of(reference.serviceUrl)
      const to = thread === undefined ? conversation : threadOf(conversation, thread)
      const sent = await client.conversations.sendToConversation(
        to,
        { type: 'message', from: from(reference), ...message } as Outgoing,
        options,
      )
      if (!sent.id) throw new Error('sendToConversation gave no id')
      return sent.id
    },

    async update(tenant, conversation, activity, message) {
      const reference = await reach(tenant, conversation)
      const client = await connectors.of(reference.serviceUrl)
      await client.conversations.updateActivity(
        conversation,
        activity,
        { type: 'message', id: activity, from: from(reference), ...message } as Outgoing,
        options,
      )
    },

    async member(tenant, conversation, user) {
      const reference = await reach(tenant, conversation)
      const client = await connectors.of(reference.serviceUrl)
      const found = await client.conversations.getConversationMember(conversation, user, options)
      return found as unknown as Record<string, unknown>
    },
  }
}
