import { userObject, viewObject } from '../payloads.ts'
import { plantUser, type UserSeed } from '../seed.ts'
import { botMoved, messageDeleted, sendEvent, userChanged } from '../tell.ts'
import { type Channel, findMessage, maySee } from '../world.ts'
import { type Actor, type Done, notDone } from './actor.ts'

/** Somebody opens the app's Home (or its Messages tab). */
export async function openHome(actor: Actor, tab: 'home' | 'messages' = 'home'): Promise<Done> {
  const { core, workspace, user } = actor
  if (user.deleted) return notDone(actor, 'account_inactive')
  const dm = core.dm(workspace, user.id, workspace.botUser)
  const home = workspace.homes[user.id]
  if (!workspace.installed) return { ok: true }
  await sendEvent(core, workspace, 'app_home_opened', {
    type: 'app_home_opened',
    user: user.id,
    channel: dm.id,
    tab,
    ...(tab === 'home' && home ? { view: viewObject(core, workspace, home) } : {}),
  })
  return { ok: true }
}

/** Opens the direct conversation with somebody. */
export function openDm(actor: Actor, other: string): Done<{ channel: string }> {
  const { core, workspace, user } = actor
  if (!workspace.users[other] || other === user.id) return notDone(actor, 'not_allowed')
  return { ok: true, channel: core.dm(workspace, user.id, other).id }
}

export function read(actor: Actor, channelId: string): Done {
  const { core, workspace, user } = actor
  const channel = workspace.channels[channelId]
  if (!channel) return notDone(actor, 'not_in_channel')
  const last = channel.messages.at(-1)
  if (last) channel.read[user.id] = last.ts
  core.happenings.tell({ kind: 'conversation', workspace: workspace.id, channel: channel.id })
  return { ok: true }
}

/** Takes an ephemeral message off one's own screen. */
export function dismiss(actor: Actor, channelId: string, ts: string): Done {
  const { core, workspace, user } = actor
  const channel = workspace.channels[channelId]
  const message = channel && findMessage(channel, ts)
  if (!channel || message?.ephemeralTo !== user.id) return notDone(actor, 'message_not_found')
  core.remove(workspace, channel, message)
  return { ok: true }
}

/** Removes a message: one's own, or anybody's as an administrator of the workspace (B5.55). */
export function removeMessage(actor: Actor, channelId: string, ts: string): Done {
  const { core, workspace, user } = actor
  const channel = workspace.channels[channelId]
  const message = channel && maySee(channel, user) ? findMessage(channel, ts) : undefined
  if (!channel || !message) return notDone(actor, 'message_not_found')
  if (message.user !== user.id && !user.isAdmin) return notDone(actor, 'not_allowed')
  core.remove(workspace, channel, message)
  messageDeleted(core, workspace, channel, message)
  return { ok: true }
}

export async function setLocale(actor: Actor, locale: 'ko-KR' | 'en-US'): Promise<Done> {
  actor.user.locale = locale
  personChanged(actor, actor.user.id)
  await userChanged(actor.core, actor.workspace, actor.user)
  return { ok: true }
}

/** An administrator switches somebody's account off or on (B5.8, B5.9). */
export async function setActive(actor: Actor, target: string, active: boolean): Promise<Done> {
  const user = actor.workspace.users[target]
  if (!user || user.isBot) return notDone(actor, 'not_allowed')
  user.deleted = !active
  personChanged(actor, target)
  await userChanged(actor.core, actor.workspace, user)
  return { ok: true }
}

const personChanged = ({ core, workspace }: Actor, user: string): void =>
  core.happenings.tell({ kind: 'person', workspace: workspace.id, user })

const channelChanged = ({ core, workspace }: Actor, channel: Channel): void =>
  core.happenings.tell({ kind: 'conversation', workspace: workspace.id, channel: channel.id })

export function join(actor: Actor, channelId: string, target: string): Done {
  const channel = actor.workspace.channels[channelId]
  if (!channel || channel.kind === 'dm' || !actor.workspace.users[target])
    return notDone(actor, 'not_allowed')
  if (channel.archived) return notDone(actor, 'is_archived')
  if (channel.kind === 'private' && !channel.members.includes(actor.user.id))
    return notDone(actor, 'not_allowed')
  if (!channel.members.includes(target)) channel.members.push(target)
  channelChanged(actor, channel)
  botMoved(actor.core, actor.workspace, channel, 'member_joined_channel', target)
  return { ok: true }
}

/** Leaves a channel, or takes somebody (the app too) out of it. */
export function leave(actor: Actor, channelId: string, target: string): Done {
  const { core, workspace } = actor
  const channel = workspace.channels[channelId]
  if (!channel || channel.kind === 'dm') return notDone(actor, 'not_allowed')
  channel.members = channel.members.filter((id) => id !== target)
  channelChanged(actor, channel)
  if (target === workspace.botUser)
    void sendEvent(core, workspace, 'channel_left', { type: 'channel_left', channel: channel.id })
  botMoved(core, workspace, channel, 'member_left_channel', target)
  return { ok: true }
}

export async function setArchived(actor: Actor, channelId: string, archived: boolean): Promise<Done> {
  const { core, workspace, user } = actor
  const channel = workspace.channels[channelId]
  if (!channel || channel.kind === 'dm') return notDone(actor, 'not_allowed')
  channel.archived = archived
  channelChanged(actor, channel)
  const noun = channel.kind === 'private' ? 'group' : 'channel'
  const type = `${noun}_${archived ? 'archive' : 'unarchive'}`
  await sendEvent(core, workspace, type, { type, channel: channel.id, user: user.id })
  return { ok: true }
}

/** A channel is deleted, with all that was said in it (B5.50). */
export async function deleteChannel(actor: Actor, channelId: string): Promise<Done> {
  const { core, workspace } = actor
  const channel = workspace.channels[channelId]
  if (!channel || channel.kind === 'dm') return notDone(actor, 'not_allowed')
  delete workspace.channels[channelId]
  core.happenings.tell({ kind: 'reload' })
  const type = channel.kind === 'private' ? 'group_deleted' : 'channel_deleted'
  await sendEvent(core, workspace, type, { type, channel: channel.id })
  return { ok: true }
}

/** Somebody new joins the workspace. */
export async function addPerson(actor: Actor, seed: UserSeed): Promise<Done> {
  const { core, workspace } = actor
  plantUser(workspace, seed)
  personChanged(actor, seed.id)
  const user = workspace.users[seed.id]!
  await sendEvent(core, workspace, 'team_join', {
    type: 'team_join',
    user: userObject(workspace, user, { email: workspace.scopes.includes('users:read.email'), locale: true }),
  })
  return { ok: true }
}
