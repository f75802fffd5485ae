import type { Core } from './core.ts'
import { messageObject, userObject } from './payloads.ts'
import type { Channel, Message, User, Workspace } from './world.ts'

/** Events API: what happened in the workspace, told to the app when it subscribed to it and may know it. */
export function sendEvent(
  core: Core,
  workspace: Workspace,
  subscription: string,
  event: { readonly type: string } & Record<string, unknown>,
): Promise<unknown> {
  const { app } = core.world
  if (!app.events.includes(subscription)) return Promise.resolve()
  const seconds = Math.floor(Date.now() / 1000)
  const payload = {
    token: 'verification-token-is-deprecated',
    team_id: workspace.id,
    context_team_id: workspace.id,
    context_enterprise_id: workspace.enterprise ?? null,
    api_app_id: app.id,
    event: { ...event, event_ts: event.event_ts ?? `${seconds}.000000` },
    type: 'event_callback',
    event_id: core.id('Ev'),
    event_time: seconds,
    authorizations: [
      {
        enterprise_id: workspace.enterprise ?? null,
        team_id: workspace.id,
        user_id: workspace.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-local-${seconds}`,
  }
  return core.link.event({
    workspace: workspace.id,
    what: `event ${subscription}`,
    names: [subscription, event.type, 'event'],
    ...(typeof event.user === 'string' ? { user: event.user } : {}),
    ...(typeof event.channel === 'string' ? { channel: event.channel } : {}),
    contentType: 'application/json',
    body: JSON.stringify(payload),
    socket: 'events_api',
    payload,
  })
}

const subscriptionOf = (channel: Channel): string =>
  ({ dm: 'message.im', private: 'message.groups', channel: 'message.channels' })[channel.kind]

const channelType = (channel: Channel): string =>
  ({ dm: 'im', private: 'group', channel: 'channel' })[channel.kind]

const hears = (workspace: Workspace, channel: Channel): boolean =>
  workspace.installed && channel.members.includes(workspace.botUser)

/** A message was posted; the app hears its own too, as it does from Slack. */
export function messagePosted(
  core: Core,
  workspace: Workspace,
  channel: Channel,
  message: Message,
): Promise<unknown> {
  if (!hears(workspace, channel) || message.ephemeralTo !== undefined) return Promise.resolve()
  const told = sendEvent(core, workspace, subscriptionOf(channel), {
    ...messageObject(core, workspace, channel, message, true),
    channel: channel.id,
    channel_type: channelType(channel),
    event_ts: message.ts,
  })
  if (channel.kind === 'dm' || !message.text.includes(`<@${workspace.botUser}>`)) return told
  const mentioned = sendEvent(core, workspace, 'app_mention', {
    ...messageObject(core, workspace, channel, message),
    type: 'app_mention',
    channel: channel.id,
    event_ts: message.ts,
  })
  return Promise.all([told, mentioned])
}

export function messageEdited(core: Core, workspace: Workspace, channel: Channel, message: Message): void {
  if (!hears(workspace, channel)) return
  void sendEvent(core, workspace, subscriptionOf(channel), {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    channel: channel.id,
    channel_type: channelType(channel),
    ts: message.edited?.ts,
    event_ts: message.edited?.ts,
    message: messageObject(core, workspace, channel, message, true),
  })
}

export function messageDeleted(core: Core, workspace: Workspace, channel: Channel, message: Message): void {
  if (!hears(workspace, channel)) return
  void sendEvent(core, workspace, subscriptionOf(channel), {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    channel: channel.id,
    channel_type: channelType(channel),
    ts: core.ts(),
    deleted_ts: message.ts,
    previous_message: messageObject(core, workspace, channel, message, true),
  })
}

export function botMoved(
  core: Core,
  workspace: Workspace,
  channel: Channel,
  type: 'member_joined_channel' | 'member_left_channel',
  user: string,
): void {
  void sendEvent(core, workspace, type, {
    type,
    user,
    channel: channel.id,
    channel_type: channel.kind === 'private' ? 'G' : 'C',
    team: workspace.id,
  })
}

export const userChanged = (core: Core, workspace: Workspace, user: User): Promise<unknown> =>
  sendEvent(core, workspace, 'user_change', {
    type: 'user_change',
    user: userObject(workspace, user, {
      email: workspace.scopes.includes('users:read.email'),
      locale: true,
    }),
  })
