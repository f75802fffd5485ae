import { type Activity, conversationUpdate, installationUpdate } from '../activities.ts'
import type { Core } from '../core.ts'
import { personalChat } from '../seed.ts'
import { type Conversation, installedIn, type Team, type Tenant, type User } from '../world.ts'
import { type Actor, type Done, notDone, outgoing } from './actor.ts'
import { conversationOf } from './messages.ts'

/** A chat or a team: where an app is installed, and whom one joins. */
export type Where = { readonly conversation: string } | { readonly team: string }

interface Place {
  readonly of: Conversation | Team
  /** Where the app is told of it: the chat itself, or the team's General channel. */
  readonly conversation: Conversation
}

function placeOf(actor: Actor, where: Where): Place | undefined {
  const { tenant } = actor
  if ('team' in where) {
    const team = tenant.teams[where.team]
    const general = tenant.conversations[where.team]
    return team && general && { of: team, conversation: general }
  }
  const conversation = conversationOf(actor, where.conversation)
  return conversation && conversation.kind !== 'channel' ? { of: conversation, conversation } : undefined
}

const send = (actor: Actor, conversation: Conversation, activity: Activity): Promise<unknown> => {
  const action = typeof activity.action === 'string' ? ` ${activity.action}` : ''
  const about = { what: `${activity.type}${action}`, names: [activity.type] }
  return actor.core.link.tell(outgoing(actor, conversation, about, activity))
}

function changed({ core, tenant }: Actor, { of, conversation }: Place): void {
  if ('aadGroupId' in of) {
    core.happenings.tell({ kind: 'teams', tenant: tenant.id })
    for (const channel of Object.values(tenant.conversations))
      if (channel.team === of.id) core.conversationChanged(tenant, channel)
  } else core.conversationChanged(tenant, conversation)
}

/** The app comes to a chat or a team. */
export async function install(actor: Actor, where: Where): Promise<Done> {
  const place = placeOf(actor, where)
  if (!place) return notDone(actor, 'not_allowed')
  place.of.installed = true
  changed(actor, place)
  await announce(actor, place)
  return { ok: true }
}

async function announce(actor: Actor, place: Place): Promise<void> {
  const { core, tenant, user } = actor
  const { conversation } = place
  place.of.announced = true
  await send(
    actor,
    conversation,
    conversationUpdate(core, tenant, conversation, user, {
      membersAdded: ['bot'],
      ...(conversation.kind === 'channel' ? { event: 'teamMemberAdded' } : {}),
    }),
  )
  await send(actor, conversation, installationUpdate(core, tenant, conversation, user, 'add'))
}

/** … and goes from it. In a personal chat nothing is said of members. */
export async function uninstall(actor: Actor, where: Where): Promise<Done> {
  const place = placeOf(actor, where)
  if (!place) return notDone(actor, 'not_allowed')
  const { core, tenant, user } = actor
  const { conversation } = place
  place.of.installed = false
  changed(actor, place)
  if (conversation.kind !== 'personal')
    await send(
      actor,
      conversation,
      conversationUpdate(core, tenant, conversation, user, {
        membersRemoved: ['bot'],
        ...(conversation.kind === 'channel' ? { event: 'teamMemberRemoved' } : {}),
      }),
    )
  await send(actor, conversation, installationUpdate(core, tenant, conversation, user, 'remove'))
  return { ok: true }
}

/** How long after a roll-out the app's first word in a chat is taken for its greeting. */
const greetingMs = 30_000

/**
 * Tells the app of every place where it is installed and was not told yet, as when an administrator rolls it out:
 * it learns its conversations and its service's address from these alone.
 */
export async function announceAll(core: Core): Promise<void> {
  const told: Promise<void>[] = []
  for (const tenant of Object.values(core.world.tenants)) {
    const someone = Object.values(tenant.users).find((user) => user.isAdmin) ?? Object.values(tenant.users)[0]
    if (!someone) continue
    const tell = (of: Conversation | Team, conversation: Conversation, user: User) => {
      if (of.installed && of.announced !== true)
        told.push(announce({ core, tenant, user }, { of, conversation }))
    }
    const until = core.settings.wall() + greetingMs
    for (const team of Object.values(tenant.teams)) tell(team, tenant.conversations[team.id]!, someone)
    for (const chat of Object.values(tenant.conversations))
      if (chat.kind !== 'channel') {
        if (chat.kind === 'personal' && chat.announced !== true) chat.greetedUntil = until
        tell(chat, chat, (chat.kind === 'personal' && tenant.users[chat.members[0]!]) || someone)
      }
  }
  await Promise.all(told)
}

/** The chat with the app. */
export function openChat({ core, tenant, user }: Actor): Done<{ conversation: string }> {
  const chat = personalChat(core.world, tenant, user, core.settings.now(), false)
  return { ok: true, conversation: chat.id }
}

/** Blocks the app in one's own chat, or lets it speak again; the app is told nothing (B5.51). */
export function setBlocked(actor: Actor, blocked: boolean): Done {
  const { core, tenant, user } = actor
  const chat = personalChat(core.world, tenant, user, core.settings.now(), false)
  chat.blocked = blocked
  core.conversationChanged(tenant, chat)
  return { ok: true }
}

const personOf = (tenant: Tenant, id: string): User | undefined => tenant.users[id]

/** Somebody comes to a group chat or a team, or leaves it. */
export async function setMember(actor: Actor, where: Where, target: string, member: boolean): Promise<Done> {
  const { core, tenant } = actor
  const person = personOf(tenant, target)
  const team = 'team' in where ? tenant.teams[where.team] : undefined
  const conversation = tenant.conversations['team' in where ? where.team : where.conversation]
  if (!person || !conversation || conversation.kind === 'personal') return notDone(actor, 'not_allowed')
  const of = team ?? conversation
  if (conversation.kind === 'channel' && !team) return notDone(actor, 'not_allowed')
  if (of.members.includes(target) === member) return { ok: true }
  of.members = member ? [...of.members, target] : of.members.filter((id) => id !== target)
  changed(actor, { of, conversation })
  if (!installedIn(tenant, conversation)) return { ok: true }
  const event = team === undefined ? {} : { event: member ? 'teamMemberAdded' : 'teamMemberRemoved' }
  const who = member ? { membersAdded: [person] } : { membersRemoved: [person] }
  await send(
    actor,
    conversation,
    conversationUpdate(core, tenant, conversation, actor.user, { ...who, ...event }),
  )
  return { ok: true }
}

/** A channel (not the General one) is deleted, with all that was said in it (B5.50). */
export async function deleteChannel(actor: Actor, id: string): Promise<Done> {
  const { core, tenant, user } = actor
  const channel = conversationOf(actor, id)
  if (channel?.kind !== 'channel' || channel.team === channel.id) return notDone(actor, 'not_allowed')
  const installed = installedIn(tenant, channel)
  const activity = conversationUpdate(core, tenant, channel, user, { event: 'channelDeleted' })
  delete tenant.conversations[id]
  core.happenings.tell({ kind: 'reload' })
  if (installed) await send(actor, channel, activity)
  return { ok: true }
}

export function setLocale(actor: Actor, locale: 'ko-KR' | 'en-US'): Done {
  actor.user.locale = locale
  personChanged(actor, actor.user.id)
  return { ok: true }
}

/** An administrator switches somebody's account off or on; Teams tells the app nothing (B5.8, B5.9). */
export function setActive(actor: Actor, target: string, active: boolean): Done {
  const person = personOf(actor.tenant, target)
  if (!person) return notDone(actor, 'not_allowed')
  person.deleted = !active
  personChanged(actor, target)
  return { ok: true }
}

const personChanged = ({ core, tenant }: Actor, user: string): void =>
  core.happenings.tell({ kind: 'person', tenant: tenant.id, user })
