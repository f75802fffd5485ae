import { isRecord } from '../../slack/check/rule.ts'
import { placeOf } from '../ids.ts'
import { personalChat } from '../seed.ts'
import { findUser, personalChatOf } from '../world.ts'
import { postActivity } from './activities.ts'
import type { Call } from './index.ts'
import { findPlace } from './place.ts'
import { type Answer, refuse } from './refusal.ts'

/** `POST v3/conversations`: the chat with one person, or a new post in a channel. */
export function createConversation(call: Call): Answer {
  const { body } = call
  return body.isGroup === true ? newPost(call) : chatWith(call)
}

function newPost({ core, body }: Call): Answer {
  const channel =
    isRecord(body.channelData) && isRecord(body.channelData.channel) ? body.channelData.channel.id : undefined
  if (typeof channel !== 'string' || !isRecord(body.activity))
    return refuse('BadSyntax', 'Incorrect conversation creation parameters')
  const place = findPlace(core, placeOf(channel).conversation)
  if (place?.conversation.kind !== 'channel') return refuse('ConversationNotFound')
  const posted = postActivity(core, place, body.activity)
  if (posted.status >= 300) return posted
  const { id } = posted.body as { id: string }
  return { status: 201, body: { id: `${place.conversation.id};messageid=${id}`, activityId: id } }
}

function chatWith({ core, body }: Call): Answer {
  const members = Array.isArray(body.members) ? body.members : []
  const member = isRecord(members[0]) ? members[0].id : undefined
  if (members.length !== 1 || typeof member !== 'string')
    return refuse('BadSyntax', 'Incorrect conversation creation parameters')
  const named = tenantNamed(body)
  if (named === undefined) return refuse('BadSyntax', 'The tenant of the conversation is missing')
  const tenant = core.world.tenants[named]
  const user = tenant && findUser(tenant, member)
  const known = tenant && user ? personalChatOf(tenant, user.id) : undefined
  // Nobody learns from this whether somebody is there: unknown and not installed are the same.
  if (!tenant || !user || known?.installed !== true)
    return refuse('BotNotInConversationRoster', "Bot is not installed in user's personal scope")
  const chat = personalChat(core.world, tenant, user, core.settings.now(), true)
  if (!isRecord(body.activity)) return { status: 201, body: { id: chat.id } }
  const posted = postActivity(core, { tenant, conversation: chat }, body.activity)
  if (posted.status >= 300) return posted
  return { status: 201, body: { id: chat.id, activityId: (posted.body as { id: string }).id } }
}

/** The tenant that the creation of a conversation names. */
export function tenantNamed(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined
  const data =
    isRecord(body.channelData) && isRecord(body.channelData.tenant) ? body.channelData.tenant.id : undefined
  const id = body.tenantId ?? data
  return typeof id === 'string' ? id : undefined
}
