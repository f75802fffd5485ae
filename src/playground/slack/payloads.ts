import type { Block, View } from './blockkit.ts'
import type { Core } from './core.ts'
import { type Inputs, stateValues } from './inputs.ts'
import type { Channel, Message, OpenView, User, Workspace } from './world.ts'

/** The objects of Slack as its Web API and its requests to apps write them. */

const teamObject = (workspace: Workspace) => ({
  id: workspace.id,
  domain: workspace.domain,
  ...(workspace.enterprise === undefined
    ? {}
    : { enterprise_id: workspace.enterprise, enterprise_name: workspace.name }),
})

const enterpriseObject = (workspace: Workspace) =>
  workspace.enterprise === undefined ? null : { id: workspace.enterprise, name: workspace.name }

export function userObject(workspace: Workspace, user: User, options: { email: boolean; locale: boolean }) {
  return {
    id: user.id,
    team_id: user.isStranger ? 'T0ELSEWHERE' : workspace.id,
    name: user.name,
    deleted: user.deleted,
    ...(user.deleted
      ? {}
      : {
          real_name: user.realName,
          tz: user.tz,
          tz_label: user.tz,
          tz_offset: 0,
          is_admin: user.isAdmin,
          is_owner: false,
          is_primary_owner: false,
          is_restricted: user.isGuest,
          is_ultra_restricted: false,
        }),
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.realName,
      display_name_normalized: user.realName,
      title: user.title ?? '',
      team: user.isStranger ? 'T0ELSEWHERE' : workspace.id,
      ...(options.email && user.email !== undefined && !user.isBot ? { email: user.email } : {}),
    },
    is_bot: user.isBot,
    is_app_user: false,
    ...(user.isStranger ? { is_stranger: true } : {}),
    ...(options.locale ? { locale: user.locale } : {}),
    updated: 0,
  }
}

export const profileObject = (workspace: Workspace, user: User, email: boolean) =>
  userObject(workspace, user, { email, locale: false }).profile

export function channelObject(workspace: Workspace, channel: Channel, numMembers = false) {
  const common = { id: channel.id, created: Math.floor(channel.created / 1000), updated: channel.created }
  if (channel.kind === 'dm')
    return {
      ...common,
      is_im: true,
      is_org_shared: false,
      context_team_id: workspace.id,
      is_archived: channel.archived,
      user: channel.members.find((id) => id !== workspace.botUser),
      is_user_deleted: false,
      priority: 0,
    }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_archived: channel.archived,
    is_general: false,
    is_shared: false,
    is_org_shared: false,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    context_team_id: workspace.id,
    is_member: channel.members.includes(workspace.botUser),
    topic: { value: channel.topic ?? '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    ...(numMembers ? { num_members: channel.members.length } : {}),
  }
}

export function messageObject(
  core: Core,
  workspace: Workspace,
  channel: Channel,
  message: Message,
  metadata = false,
) {
  const replies =
    message.threadTs === undefined || message.threadTs === message.ts ? repliesOf(channel, message) : []
  const last = replies.at(-1)
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: workspace.id,
    ...(message.botId === undefined
      ? { client_msg_id: `local-${message.ts}` }
      : { bot_id: message.botId, app_id: core.world.app.id }),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks }),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(message.edited === undefined ? {} : { edited: message.edited }),
    ...(last === undefined
      ? {}
      : {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((reply) => reply.user)).size,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          latest_reply: last.ts,
        }),
    ...(message.threadTs !== undefined && message.threadTs !== message.ts
      ? { parent_user_id: parentUser(channel, message.threadTs) }
      : {}),
    ...(metadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  }
}

export const repliesOf = (channel: Channel, parent: Message): Message[] =>
  channel.messages.filter(
    (message) =>
      message.threadTs === parent.ts && message.ts !== parent.ts && message.ephemeralTo === undefined,
  )

const parentUser = (channel: Channel, ts: string): string | undefined =>
  channel.messages.find((message) => message.ts === ts)?.user

export function viewObject(core: Core, workspace: Workspace, open: OpenView) {
  const { view } = open
  return {
    id: open.id,
    team_id: workspace.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    state: { values: stateValues(view.blocks, open) },
    hash: open.hash,
    title: view.title ?? { type: 'plain_text', text: '', emoji: true },
    clear_on_close: view.clear_on_close ?? false,
    notify_on_close: view.notify_on_close ?? false,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: open.previousId,
    root_view_id: open.rootId,
    app_id: core.world.app.id,
    external_id: view.external_id ?? '',
    app_installed_team_id: workspace.id,
    bot_id: workspace.botId,
  }
}

export const interactionBase = (core: Core, workspace: Workspace, user: User) => ({
  user: {
    id: user.id,
    username: user.name,
    name: user.name,
    team_id: user.isStranger ? 'T0ELSEWHERE' : workspace.id,
  },
  api_app_id: core.world.app.id,
  token: 'verification-token-is-deprecated',
  team: teamObject(workspace),
  enterprise: enterpriseObject(workspace),
  is_enterprise_install: false,
})

/** The surface a block action or suggestion happens on, as payloads describe it. */
export function messagePlace(core: Core, workspace: Workspace, channel: Channel, message: Message) {
  const ephemeral = message.ephemeralTo !== undefined
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: channelName(channel) },
    // An ephemeral message is not in the payload: Slack itself keeps no copy of it.
    ...(ephemeral ? {} : { message: messageObject(core, workspace, channel, message) }),
  }
}

export const channelName = (channel: Channel): string =>
  channel.kind === 'dm' ? 'directmessage' : channel.kind === 'private' ? 'privategroup' : channel.name

export const messageState = (blocks: readonly Block[], inputs: Inputs) => ({
  values: stateValues(blocks, inputs),
})

/** Every block gets an id, as at Slack: people and apps speak of blocks by it. */
const withBlockIds = (core: Core, blocks: readonly Block[]): Block[] =>
  blocks.map((block) => (block.block_id === undefined ? { ...block, block_id: core.id('b') } : block))

/** … and every interactive element an action_id. */
export const withIds = (core: Core, blocks: readonly Block[]): Block[] =>
  withBlockIds(core, blocks).map((block) => ({
    ...block,
    ...(block.elements && block.type === 'actions'
      ? { elements: block.elements.map((element) => ({ action_id: core.id('a'), ...element })) }
      : {}),
    ...(block.element ? { element: { action_id: core.id('a'), ...block.element } } : {}),
    ...(block.accessory && block.accessory.type !== 'image'
      ? { accessory: { action_id: core.id('a'), ...block.accessory } }
      : {}),
  }))

export const viewWithIds = (core: Core, view: View): View => ({ ...view, blocks: withIds(core, view.blocks) })
