import { createHash } from 'node:crypto'
import type { Instant } from '../canon/calendar.ts'
import type { Gesture, Place } from '../gesture.ts'
import { againAction } from './again.ts'
import { readAnswers } from './answers.ts'
import { readTyped } from './commands.ts'
import type { Admitted } from './door.ts'
import { readDataset } from './fields.ts'
import { splitConversation } from './post.ts'

/*
 * Verified activities as gestures. The shapes below name only what is read; everything is checked as it is read,
 * because an activity's type in a library is a hope. Ids are opaque strings.
 */

type Json = Readonly<Record<string, unknown>>

const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** Where an activity came from: how to answer the person who made it. */
export interface Origin {
  readonly tenant: string
  readonly company: string
  /** Entra object id. */
  readonly user: string
  /** What the client calls the user towards this bot. */
  readonly chatUser: string
  /** What the conversation calls the bot. */
  readonly bot: string
  readonly kind: 'personal' | 'channel' | 'group'
  /** The conversation as it was named, with the post of a channel in it: what an answer in place goes to. */
  readonly conversation: string
  /** The same without the post. */
  readonly channel: string
  readonly serviceUrl: string
}

/** How the answer reaches the client. */
type Way =
  | 'message'
  /** A dialog is to be filled. */
  | 'fetch'
  /** A dialog was sent in: it is closed, filled anew or kept. */
  | 'submit'
  /** A button on a card in a conversation; `auto` when the client asked by itself to see the viewer's own card. */
  | 'action'
  | 'auto'
  | 'search'

/** A gesture read from an activity, with the way back. */
export interface Received {
  readonly gesture: Gesture
  readonly origin: Origin
  readonly way: Way
}

/** Words in a conversation of several, or typed words that need a press: nothing is done before it. */
export interface Doorstep {
  readonly doorstep: { readonly command: string; readonly text: string }
  readonly key: string
  readonly origin: Origin
}

/** What a tenant tells of itself, beside what people do. */
export type ConversationNews =
  | { readonly news: 'installed'; readonly origin: Origin; readonly key: string }
  | { readonly news: 'removed'; readonly tenant: string; readonly conversation: string }

interface Reading {
  readonly at: Instant
  /** Command names of the registry. */
  readonly commands: readonly string[]
}

/** What an activity is for us; `undefined`: nothing, or nobody's gesture (B5.11). */
export function readActivity(
  admitted: Admitted,
  reading: Reading,
): Received | Doorstep | ConversationNews | undefined {
  const { activity } = admitted
  const news = readNews(admitted)
  if (news) return news
  const origin = originOf(admitted)
  if (!origin) return undefined
  switch (activity.type) {
    case 'message':
      return readMessage(activity, origin, reading)
    case 'invoke':
      return readInvoke(activity, origin, reading)
    default:
      return undefined
  }
}

/** Who made an activity and where. A bot, a webhook or an anonymous guest has no Entra id and is nobody's person (B5.11). */
export function originOf({ activity, tenant, company, serviceUrl }: Admitted): Origin | undefined {
  const from = record(activity.from)
  const conversation = record(activity.conversation)
  const user = text(from.aadObjectId)
  const chatUser = text(from.id)
  const id = text(conversation.id)
  const bot = text(record(activity.recipient).id)
  if (!user || !chatUser || !id || !bot || chatUser.startsWith('28:')) return undefined
  if (from.role === 'bot' || from.role === 'skill') return undefined
  const { channel } = splitConversation(id)
  return {
    tenant,
    company,
    user,
    chatUser,
    bot,
    kind: kindOf(text(conversation.conversationType), record(activity.channelData)),
    conversation: id,
    channel,
    serviceUrl,
  }
}

function kindOf(type: string | undefined, data: Json): Origin['kind'] {
  if (type === 'channel' || text(record(data.channel).id)) return 'channel'
  return type === 'personal' ? 'personal' : 'group'
}

const whoOf = (origin: Origin) => ({ platform: 'teams', tenant: origin.tenant, user: origin.user }) as const

function readMessage(activity: Json, origin: Origin, reading: Reading): Received | Doorstep | undefined {
  const id = text(activity.id)
  if (!id) return undefined
  const base = {
    ...whoOf(origin),
    key: `teams:message:${origin.tenant}:${origin.channel}:${id}`,
    at: reading.at,
    place: placeOf(origin),
  }
  // A client that knows no dialogs or Action.Execute sends a button as a message with a value.
  const pressed = record(activity.value)
  if (text(pressed.action)) return readPress(pressed, origin, base, 'message')

  const said = wordsOf(activity)
  const { thread } = splitConversation(origin.conversation)
  const isReply = origin.kind === 'channel' && thread !== undefined && thread !== id
  const typed = readTyped(said, reading.commands, isReply)
  // In a conversation of several nothing is answered before the person presses: the answer is theirs alone.
  if (origin.kind !== 'personal') {
    if (typed) {
      const doorstep =
        typed.kind === 'home'
          ? { command: 'dealdesk', text: '' }
          : { command: typed.command, text: typed.text }
      return { doorstep, key: base.key, origin }
    }
    if (!isReply) return { doorstep: { command: 'dealdesk', text: '' }, key: base.key, origin }
  } else if (typed?.kind === 'home')
    return {
      gesture: { ...base, fingerprint: digest('home', origin.user), kind: 'home' },
      origin,
      way: 'message',
    }
  else if (typed) {
    const { command } = typed
    const fingerprint = digest('command', origin.user, command, typed.text)
    return {
      gesture: { ...base, fingerprint, kind: 'command', command, text: typed.text },
      origin,
      way: 'message',
    }
  }
  return {
    gesture: {
      ...base,
      fingerprint: digest('message', origin.user, origin.conversation, said),
      place: { ...base.place, message: id, ...(isReply ? { thread } : {}) },
      kind: 'message',
      text: said,
    },
    origin,
    way: 'message',
  }
}

/** A button by its data: the action, the drawing and perhaps a choice, or the words that it types again. */
function readPress(
  data: Json,
  origin: Origin,
  base: { platform: 'teams'; tenant: string; user: string; key: string; at: Instant; place: Place },
  way: Way,
): Received | undefined {
  const action = text(data.action)
  if (!action) return undefined
  if (action === againAction) {
    const command = text(data.command)
    if (!command) return undefined
    const said = typeof data.text === 'string' ? data.text : ''
    const fingerprint = digest('again', origin.user, command, said)
    return { gesture: { ...base, fingerprint, kind: 'command', command, text: said }, origin, way }
  }
  const drawing = text(data.drawing) ?? ''
  const choice = text(data.choice)
  return {
    gesture: {
      ...base,
      fingerprint: digest('button', origin.user, action, drawing, choice ?? ''),
      kind: 'button',
      action,
      drawing,
      ...(choice ? { choice } : {}),
    },
    origin,
    way,
  }
}

function readInvoke(activity: Json, origin: Origin, reading: Reading): Received | undefined {
  const id = text(activity.id)
  if (!id) return undefined
  const value = record(activity.value)
  const message = text(activity.replyToId)
  const place: Place = { ...placeOf(origin), ...(message ? { message } : {}) }
  const base = { ...whoOf(origin), key: `teams:invoke:${origin.tenant}:${id}`, at: reading.at, place }
  switch (activity.name) {
    case 'task/fetch':
      return readPress(record(value.data), origin, base, 'fetch')
    case 'task/submit': {
      const data = record(value.data)
      return text(data.form) ? readForm(data, origin, base) : readPress(data, origin, base, 'submit')
    }
    case 'adaptiveCard/action': {
      const { type, data, verb } = record(value.action)
      if (type !== 'Action.Execute') return undefined
      const pressed = { action: text(verb), ...record(data) }
      return readPress(pressed, origin, base, value.trigger === 'automatic' ? 'auto' : 'action')
    }
    case 'application/search': {
      const asked = readDataset(value.dataset)
      if (!asked) return undefined
      const query = (typeof value.queryText === 'string' ? value.queryText : '').trim().slice(0, 200)
      return {
        gesture: {
          ...base,
          fingerprint: digest('search', origin.user, asked.form, asked.field, query),
          place: { kind: 'form' },
          kind: 'search',
          ...asked,
          query,
        },
        origin,
        way: 'search',
      }
    }
    default:
      return undefined
  }
}

/** A form sent in, or its first step (Continue): a change, whose answer is the form drawn anew. */
function readForm(
  data: Json,
  origin: Origin,
  base: { platform: 'teams'; tenant: string; user: string; key: string; at: Instant },
): Received {
  const form = text(data.form) ?? ''
  const drawing = text(data.drawing) ?? ''
  const answers = readAnswers(data)
  const change = data.step === 'continue'
  const fingerprint = digest(
    change ? 'change' : 'submit',
    origin.user,
    form,
    drawing,
    JSON.stringify(answers),
  )
  const place: Place = { kind: 'form' }
  if (change)
    return {
      gesture: { ...base, fingerprint, place, kind: 'change', form, drawing, answers },
      origin,
      way: 'submit',
    }
  // A dialog opens with a drawing of its own, so that sending it twice is one gesture, whatever ids the invokes have (B5.42).
  const key = drawing ? `teams:submit:${origin.tenant}:${origin.user}:${form}:${drawing}` : base.key
  return {
    gesture: { ...base, key, fingerprint, place, kind: 'submit', form, drawing, answers },
    origin,
    way: 'submit',
  }
}

/** The app came or went: into a personal chat, a team's channels or a group chat. */
function readNews(admitted: Admitted): ConversationNews | undefined {
  const { activity, tenant } = admitted
  const data = record(activity.channelData)
  const id = text(record(activity.conversation).id)
  if (!id) return undefined
  const conversation = splitConversation(id).channel
  const removed = { news: 'removed', tenant, conversation } as const
  if (activity.type === 'installationUpdate') {
    if (text(activity.action)?.startsWith('remove')) return removed
    const origin = originOf(admitted)
    const key = `teams:installed:${tenant}:${text(activity.id) ?? conversation}`
    return origin && text(activity.action)?.startsWith('add') ? { news: 'installed', origin, key } : undefined
  }
  if (activity.type !== 'conversationUpdate') return undefined
  const bot = text(record(activity.recipient).id)
  const left = Array.isArray(activity.membersRemoved) ? activity.membersRemoved.map(record) : []
  if (left.some((member) => member.id === bot)) return removed
  if (data.eventType === 'channelDeleted') {
    const channel = text(record(data.channel).id) ?? conversation
    return { ...removed, conversation: channel }
  }
  return undefined
}

function placeOf(origin: Origin): Place {
  return { kind: origin.kind === 'personal' ? 'dm' : 'channel', channel: origin.channel }
}

/**
 * What was said, without the mention of the bot. Teams escapes & < > in the text of a message, and wraps every mention
 * in <at>; somebody else's mention stays as their name.
 */
export function wordsOf(activity: Json): string {
  let said = typeof activity.text === 'string' ? activity.text : ''
  const bot = text(record(activity.recipient).id)
  for (const entity of Array.isArray(activity.entities) ? activity.entities.map(record) : []) {
    if (entity.type !== 'mention') continue
    const shown = text(entity.text)
    if (shown && record(entity.mentioned).id === bot) said = said.replaceAll(shown, ' ')
  }
  return said
    .replace(/<at(?:\s[^>]*)?>([^<]*)<\/at>/gi, '$1')
    .replace(/&nbsp;|\u00a0/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .trim()
}

/** A digest of what a gesture says, parts kept apart: the same key with another digest is somebody else's words (B5.24). */
function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
