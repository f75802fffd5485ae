import { isRecord, show } from '../../slack/check/rule.ts'
import type { Card } from '../cards.ts'
import { checkActivity, tooBigActivity } from '../check/activity.ts'
import { type Core, postedCard } from '../core.ts'
import { type Conversation, findMessage, type Mention, type Message } from '../world.ts'
import type { Call } from './index.ts'
import { type Found, writeObstacle } from './place.ts'
import { type Answer, refuse } from './refusal.ts'

/** `POST v3/conversations/ID/activities[/ID]`: says something, in answer to an activity or not. */
export function sendActivity({ core, ids, body }: Call, place: Found): Answer {
  return postActivity(core, place, body, ids[1])
}

/** What a message of the app's consists of, taken from an activity that was checked. */
function contentOf(activity: Readonly<Record<string, unknown>>) {
  const attachments = Array.isArray(activity.attachments) ? activity.attachments : []
  const entities = Array.isArray(activity.entities) ? activity.entities : []
  return {
    text: typeof activity.text === 'string' ? activity.text : '',
    textFormat: (activity.textFormat ?? 'markdown') as Message['textFormat'],
    mentions: entities.flatMap((entity): Mention[] =>
      isRecord(entity) && entity.type === 'mention'
        ? [{ text: String(entity.text), ...(entity.mentioned as { id: string; name: string }) }]
        : [],
    ),
    ...(typeof activity.summary === 'string' && activity.summary !== '' ? { summary: activity.summary } : {}),
    cards: attachments.map((attachment) => postedCard((attachment as { content: Card }).content)),
  }
}

function obstacle(core: Core, place: Found, activity: Readonly<Record<string, unknown>>): Answer | undefined {
  const blocked = writeObstacle(place)
  if (blocked) return refuse(blocked)
  if (tooBigActivity(activity)) return refuse('MessageSizeTooBig')
  const complaints = checkActivity(place, activity)
  if (complaints.length > 0) return refuse('BadSyntax', complaints.map(show).join('; '))
  if (!core.settings.throttle) return undefined
  const seconds = core.pace.take(place.conversation.id, core.settings.wall())
  return seconds === undefined
    ? undefined
    : { ...refuse('TooManyRequests'), headers: { 'retry-after': String(seconds) } }
}

export function postActivity(
  core: Core,
  place: Found,
  activity: Readonly<Record<string, unknown>>,
  replyTo?: string,
): Answer {
  const refused = obstacle(core, place, activity)
  if (refused) return refused
  const { tenant, conversation } = place
  if (activity.type !== 'message') return { status: 202, body: { id: core.activityId() } }
  const answered = replyTo === undefined ? undefined : findMessage(conversation, replyTo)
  const root = conversation.kind === 'channel' ? (place.root ?? answered?.root ?? answered?.id) : undefined
  const message: Message = {
    id: core.activityId(),
    ...(root === undefined ? {} : { root }),
    from: 'bot',
    at: core.settings.now(),
    ...contentOf(activity),
  }
  greeting(core, conversation, message)
  core.post(tenant, conversation, message)
  return { status: 201, body: { id: message.id } }
}

/**
 * What the app says of itself as it is rolled out to everybody is news to nobody: a mark on every chat would hide whom
 * something waits for. Only its first word counts, and only then.
 */
function greeting({ settings }: Core, conversation: Conversation, { id }: Message): void {
  const { greetedUntil } = conversation
  delete conversation.greetedUntil
  if (greetedUntil === undefined || settings.wall() > greetedUntil) return
  for (const member of conversation.members) conversation.read[member] = id
}

/** `PUT …/activities/ID`: the message is another now, for everybody; their own views of the old one are gone. */
export function updateActivity({ core, ids, body }: Call, place: Found): Answer {
  const { tenant, conversation } = place
  const refused = obstacle(core, place, body)
  if (refused) return refused
  const message = findMessage(conversation, ids[1] ?? '')
  if (!message || message.deleted) return refuse('ActivityNotFound')
  if (message.from !== 'bot') return refuse('Forbidden', 'Only the sender can edit the message.')
  const { cards, summary, ...content } = contentOf(body)
  Object.assign(message, content, { editedAt: core.settings.now() })
  if (summary === undefined) delete message.summary
  else message.summary = summary
  message.cards = cards.map((card, index) => ({
    ...card,
    version: (message.cards[index]?.version ?? 0) + 1,
  }))
  core.changed(tenant, conversation, message)
  return { status: 200, body: { id: message.id } }
}

export function deleteActivity({ core, ids }: Call, place: Found): Answer {
  const { tenant, conversation } = place
  const blocked = writeObstacle(place)
  if (blocked) return refuse(blocked)
  const message = findMessage(conversation, ids[1] ?? '')
  if (!message || message.deleted) return refuse('ActivityNotFound')
  if (message.from !== 'bot') return refuse('Forbidden', 'Only the sender can delete the message.')
  conversation.messages.splice(conversation.messages.indexOf(message), 1)
  core.happenings.tell({
    kind: 'message_deleted',
    tenant: tenant.id,
    conversation: conversation.id,
    id: message.id,
  })
  return { status: 200 }
}
