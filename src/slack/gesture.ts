import { createHash } from 'node:crypto'
import type { Instant } from '../canon/calendar.ts'
import type { Gesture, Place } from '../gesture.ts'
import { againAction, readAgain } from './again.ts'
import { readAnswers } from './answers.ts'
import { drawingOfChoice } from './render.ts'

/*
 * Slack's payloads as gestures. The shapes below name only what is read; everything is checked as it is read, because
 * a payload's type in a library is a hope. Ids are opaque strings; a `ts` is never a number (B5.64).
 */

type Json = Readonly<Record<string, unknown>>

const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** What a payload says beyond the gesture: how to answer the person who made it. */
export interface Origin {
  readonly tenant: string
  readonly user: string
  /** 30 minutes, five times; private answers go here first. */
  readonly responseUrl?: string
  /** Opens a modal, once, within three seconds. */
  readonly trigger?: string
  readonly channel?: string
  readonly thread?: string
  /** The open modal a gesture was made in, with the hash of what the person saw. */
  readonly view?: { readonly id: string; readonly hash?: string; readonly fields: readonly string[] }
  /** The gesture was made on the Home tab. */
  readonly home?: boolean
  /** The message acted upon is seen by this person alone: it can't be updated later, so the answer takes its place. */
  readonly ephemeral?: boolean
}

/** A gesture read from a payload, with the way back. */
export interface Received {
  readonly gesture: Gesture
  readonly origin: Origin
}

/** What the workspace tells about itself, beside what people do. */
export type WorkspaceNews =
  | { readonly kind: 'uninstalled'; readonly tenant: string }
  | { readonly kind: 'channel-gone'; readonly tenant: string; readonly channel: string }
  | {
      readonly kind: 'user-changed'
      readonly tenant: string
      readonly user: string
      readonly gone: boolean
    }

interface Reading {
  readonly at: Instant
  /** Command names of the registry, without the slash; a prefixed command (`/acme-deal`) ends with one of them. */
  readonly commands: readonly string[]
}

/** A slash command. */
export function readCommand(body: unknown, reading: Reading): Received | undefined {
  const b = record(body)
  const tenant = text(b.team_id)
  const user = text(b.user_id)
  const typed = text(b.command)
  const trigger = text(b.trigger_id)
  if (!tenant || !user || !typed || !trigger) return undefined
  const command = commandName(typed, reading.commands)
  const said = typeof b.text === 'string' ? b.text.trim() : ''
  const channel = text(b.channel_id)
  return {
    gesture: {
      ...who('slack', tenant, text(b.enterprise_id), user, false),
      key: `slack:command:${tenant}:${trigger}`,
      fingerprint: digest('command', user, command, said),
      at: reading.at,
      place: channel ? placeOf(channel) : { kind: 'dm' },
      kind: 'command',
      command,
      text: said,
    },
    origin: { tenant, user, responseUrl: text(b.response_url), trigger, channel },
  }
}

/** A press of a button, a choice in a message, or a change of a live field. `undefined`: nobody's gesture (B5.11). */
export function readAction(body: unknown, reading: Reading): Received | undefined {
  const b = record(body)
  const person = whoActs(b)
  const trigger = text(b.trigger_id)
  // A workflow that presses a button carries its function's data: no person decided anything (B5.11).
  if (!person || !trigger || b.function_data !== undefined) return undefined
  const action = record(Array.isArray(b.actions) ? b.actions[0] : undefined)
  const name = text(action.action_id)
  if (!name) return undefined
  const blockId = text(action.block_id) ?? ''
  const view = record(b.view)
  const container = record(b.container)
  const base = {
    ...who('slack', person.tenant, person.enterprise, person.user, person.outsider),
    key: `slack:action:${person.tenant}:${trigger}`,
    at: reading.at,
  }
  const isModal = view.type === 'modal'
  const channel = text(record(b.channel).id) ?? text(container.channel_id)
  const origin: Origin = {
    tenant: person.tenant,
    user: person.user,
    responseUrl: text(b.response_url),
    trigger,
    channel,
    thread: text(container.thread_ts),
    ...(isModal ? { view: viewOrigin(view) } : {}),
    ...(view.type === 'home' ? { home: true } : {}),
    ...(container.is_ephemeral === true ? { ephemeral: true } : {}),
  }
  const place: Place = isModal
    ? { kind: 'form' }
    : view.type === 'home'
      ? { kind: 'home' }
      : {
          ...(channel ? placeOf(channel) : { kind: 'dm' as const }),
          ...optional('message', text(container.message_ts)),
          ...optional('thread', text(container.thread_ts)),
        }

  if (name === againAction) {
    const again = readAgain(text(action.value))
    if (!again) return undefined
    const fingerprint = digest('again', person.user, JSON.stringify(again))
    return { gesture: { ...base, fingerprint, place, ...again }, origin }
  }

  // A field's name is its block_id and its action_id; buttons are `noun.verb` in blocks without an id of ours.
  if (isModal && blockId === name) {
    const form = text(view.callback_id) ?? ''
    const drawing = text(view.private_metadata) ?? ''
    const answers = readAnswers(record(view.state).values)
    const fingerprint = digest('change', person.user, form, drawing, JSON.stringify(answers))
    return { gesture: { ...base, fingerprint, place, kind: 'change', form, drawing, answers }, origin }
  }

  const choice = text(record(action.selected_option).value)
  const drawing = text(action.value) ?? drawingOfChoice(blockId) ?? ''
  const fingerprint = digest('button', person.user, name, drawing, choice ?? '')
  return {
    gesture: {
      ...base,
      fingerprint,
      place,
      kind: 'button',
      action: name,
      drawing,
      ...optional('choice', choice),
    },
    origin,
  }
}

/** A submitted modal. Its key is the view's own, so that sending it twice is one gesture (B5.42). */
export function readSubmission(body: unknown, reading: Reading): Received | undefined {
  const b = record(body)
  const view = record(b.view)
  const person = whoActs(b, text(view.app_installed_team_id))
  const id = text(view.id)
  const form = text(view.callback_id)
  if (!person || !id || !form) return undefined
  const drawing = text(view.private_metadata) ?? ''
  const answers = readAnswers(record(view.state).values)
  return {
    gesture: {
      ...who('slack', person.tenant, person.enterprise, person.user, person.outsider),
      // One modal can hold several steps, each with a form and drawing of its own.
      key: `slack:submit:${person.tenant}:${id}:${form}:${drawing}`,
      fingerprint: digest('submit', person.user, form, drawing, JSON.stringify(answers)),
      at: reading.at,
      place: { kind: 'form' },
      kind: 'submit',
      form,
      drawing,
      answers,
    },
    origin: {
      tenant: person.tenant,
      user: person.user,
      trigger: text(b.trigger_id),
      view: viewOrigin(view),
    },
  }
}

/** What somebody types into a field whose options come from us. */
export function readSearch(body: unknown, reading: Reading): Received | undefined {
  const b = record(body)
  const view = record(b.view)
  const person = whoActs(b, text(view.app_installed_team_id))
  const field = text(b.action_id)
  if (!person || !field) return undefined
  const form = text(view.callback_id) ?? ''
  const query = (typeof b.value === 'string' ? b.value : '').trim()
  const fingerprint = digest('search', person.user, form, field, query)
  return {
    gesture: {
      ...who('slack', person.tenant, person.enterprise, person.user, person.outsider),
      key: `slack:search:${person.tenant}:${text(view.id) ?? ''}:${fingerprint}`,
      fingerprint,
      at: reading.at,
      place: { kind: 'form' },
      kind: 'search',
      form,
      field,
      drawing: text(view.private_metadata) ?? '',
      query,
    },
    origin: { tenant: person.tenant, user: person.user },
  }
}

/**
 * An event: the Home tab opened, words in the DM or in a thread, or news of the workspace. `undefined` for everything
 * else, and for whatever a bot said, ours included (B5.11).
 */
export function readEvent(body: unknown, reading: Reading): Received | WorkspaceNews | undefined {
  const b = record(body)
  const event = record(b.event)
  const authorization = record(Array.isArray(b.authorizations) ? b.authorizations[0] : undefined)
  // In a shared channel `team_id` may be the other workspace; the authorization names the one that installed us (B5.85).
  const tenant = text(authorization.team_id) ?? text(b.team_id)
  const enterprise = text(authorization.enterprise_id) ?? text(b.enterprise_id)
  const id = text(b.event_id)
  if (!tenant || !id) return undefined
  switch (event.type) {
    case 'app_uninstalled':
      return { kind: 'uninstalled', tenant }
    case 'tokens_revoked': {
      // One person's token may be revoked alone; ours are the bot's.
      const bot = record(event.tokens).bot
      return Array.isArray(bot) && bot.length > 0 ? { kind: 'uninstalled', tenant } : undefined
    }
    case 'channel_archive':
    case 'channel_deleted':
    case 'group_archive':
    case 'group_deleted':
    case 'channel_left':
    case 'group_left': {
      const channel = text(event.channel)
      return channel ? { kind: 'channel-gone', tenant, channel } : undefined
    }
    case 'user_change':
    case 'team_join': {
      const user = record(event.user)
      const userId = text(user.id)
      return userId ? { kind: 'user-changed', tenant, user: userId, gone: user.deleted === true } : undefined
    }
    case 'app_home_opened': {
      const user = text(event.user)
      if (!user || event.tab !== 'home') return undefined
      return {
        gesture: {
          ...who('slack', tenant, enterprise, user, false),
          key: `slack:event:${tenant}:${id}`,
          fingerprint: digest('home', user),
          at: reading.at,
          place: { kind: 'home' },
          kind: 'home',
        },
        origin: { tenant, user, home: true },
      }
    }
    case 'message':
      return readMessage(event, { tenant, enterprise, id }, reading)
    default:
      return undefined
  }
}

function readMessage(
  event: Json,
  from: { tenant: string; enterprise: string | undefined; id: string },
  reading: Reading,
): Received | undefined {
  const user = text(event.user)
  const channel = text(event.channel)
  const said = text(event.text)
  // Edits, joins, deletions and files without words have a subtype; a thread reply also sent to the channel has one too.
  const subtype = text(event.subtype)
  if (!user || !channel || !said || event.bot_id !== undefined || event.app_id !== undefined) return undefined
  if (user === 'USLACKBOT' || (subtype !== undefined && subtype !== 'thread_broadcast')) return undefined
  const thread = text(event.thread_ts)
  const dm = event.channel_type === 'im' || channel.startsWith('D')
  // Outside the DM only replies in a thread can be meant for us.
  if (!dm && !thread) return undefined
  const theirTeam = text(event.user_team) ?? text(event.source_team)
  const spoken = unescapeMrkdwn(said)
  return {
    gesture: {
      ...who(
        'slack',
        from.tenant,
        from.enterprise,
        user,
        theirTeam !== undefined && theirTeam !== from.tenant,
      ),
      key: `slack:event:${from.tenant}:${from.id}`,
      fingerprint: digest('message', user, channel, thread ?? '', spoken),
      at: reading.at,
      place: {
        kind: dm ? 'dm' : 'channel',
        channel,
        ...optional('message', text(event.ts)),
        ...optional('thread', thread),
      },
      kind: 'message',
      text: spoken,
    },
    origin: { tenant: from.tenant, user, channel, thread },
  }
}

/** `/acme-approve-discount` and `/approve-discount` are one command; the longest name that fits wins. */
export function commandName(typed: string, names: readonly string[]): string {
  const bare = typed.replace(/^\//, '').toLowerCase()
  if (names.includes(bare)) return bare
  let best: string | undefined
  for (const name of names) if (bare.endsWith(`-${name}`) && name.length > (best?.length ?? 0)) best = name
  return best ?? bare
}

interface Acting {
  readonly tenant: string
  readonly enterprise?: string
  readonly user: string
  readonly outsider: boolean
}

/**
 * Who acts, and where we are installed. In a Slack Connect channel the person's workspace differs from ours: an
 * outsider, whatever their id (B5.10, B5.85). An org-wide installation names no team: then the person's is the place.
 */
function whoActs(b: Json, installedTeam?: string): Acting | undefined {
  const user = record(b.user)
  const team = record(b.team)
  const id = text(user.id)
  const home = text(user.team_id)
  const tenant = installedTeam ?? text(team.id) ?? home
  if (!id || !tenant || id === 'USLACKBOT' || user.is_bot === true) return undefined
  const enterprise = text(record(b.enterprise).id) ?? text(team.enterprise_id)
  return { tenant, enterprise, user: id, outsider: home !== undefined && home !== tenant }
}

function who(
  platform: 'slack',
  tenant: string,
  enterprise: string | undefined,
  user: string,
  outsider: boolean,
) {
  return { platform, tenant, user, ...optional('enterprise', enterprise), ...(outsider ? { outsider } : {}) }
}

function viewOrigin(view: Json): NonNullable<Origin['view']> {
  const blocks = Array.isArray(view.blocks) ? view.blocks.map(record) : []
  return {
    id: text(view.id) ?? '',
    ...optional('hash', text(view.hash)),
    fields: blocks.filter((b) => b.type === 'input').map((b) => text(b.block_id) ?? ''),
  }
}

const placeOf = (channel: string): Place => ({ kind: channel.startsWith('D') ? 'dm' : 'channel', channel })

const optional = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: string })

/** Slack escapes & < > in what people write; what is stored is what they typed. */
const unescapeMrkdwn = (said: string): string =>
  said.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')

/** A digest of what a gesture says, parts kept apart: the same key with another digest is somebody else's words (B5.24). */
function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
