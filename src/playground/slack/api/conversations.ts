import { channelObject, messageObject, repliesOf } from '../payloads.ts'
import { botMoved } from '../tell.ts'
import { dmOf, findMessage, type Message } from '../world.ts'
import { type Call, channelFor, type Method, missingArgument, no, page, scopeByKind, yes } from './call.ts'

const open: Method = {
  scopes: ['im:write', 'mpim:write'],
  run({ core, workspace, args }) {
    const there = workspace.channels[args.text('channel') ?? '']
    if (there?.kind === 'dm') return yes({ no_op: true, already_open: true, channel: { id: there.id } })
    const users = (args.text('users') ?? '').split(',').filter((id) => id !== '')
    if (users.length === 0)
      return args.has('channel') ? no('channel_not_found') : no('users_list_not_supplied')
    if (users.length > 1) return no('method_not_supported_for_channel_type')
    const user = workspace.users[users[0]!]
    if (!user) return no('user_not_found')
    if (user.deleted) return no('user_disabled')
    if (user.isBot) return no('cannot_dm_bot')
    const known = dmOf(workspace, workspace.botUser, user.id)
    const channel = core.dm(workspace, workspace.botUser, user.id)
    return yes({
      ...(known ? { no_op: true, already_open: true } : {}),
      channel: args.flag('return_im') ? channelObject(workspace, channel) : { id: channel.id },
    })
  },
}

const info: Method = {
  scopes: scopeByKind('read'),
  run(call) {
    const channel = channelFor(call)
    if (!channel) return no('channel_not_found')
    return yes({
      channel: channelObject(call.workspace, channel, call.args.flag('include_num_members')),
    })
  },
}

const list: Method = {
  scopes: ({ args }) =>
    (args.text('types') ?? 'public_channel').includes('public_channel')
      ? ['channels:read']
      : ['groups:read', 'im:read'],
  run({ workspace, args }) {
    const types = (args.text('types') ?? 'public_channel').split(',').map((type) => type.trim())
    const kinds = { channel: 'public_channel', private: 'private_channel', dm: 'im' } as const
    const known = ['public_channel', 'private_channel', 'im', 'mpim']
    if (types.some((type) => !known.includes(type))) return no('invalid_types')
    const channels = Object.values(workspace.channels).filter(
      (channel) =>
        types.includes(kinds[channel.kind]) &&
        (channel.kind === 'channel' || channel.members.includes(workspace.botUser)) &&
        !(args.flag('exclude_archived') && channel.archived),
    )
    const { items, next } = page(channels, args, 1000)
    return yes({
      channels: items.map((channel) => channelObject(workspace, channel, true)),
      response_metadata: { next_cursor: next },
    })
  },
}

const members: Method = {
  scopes: scopeByKind('read'),
  run(call) {
    const channel = channelFor(call)
    if (!channel) return no('channel_not_found')
    const { items, next } = page(channel.members, call.args, 1000)
    return yes({ members: items, response_metadata: { next_cursor: next } })
  },
}

const join: Method = {
  scopes: ['channels:join'],
  run(call) {
    const { core, workspace } = call
    const channel = channelFor(call)
    if (!channel) return no('channel_not_found')
    if (channel.kind !== 'channel') return no('method_not_supported_for_channel_type')
    if (channel.archived) return no('is_archived')
    const already = channel.members.includes(workspace.botUser)
    if (!already) {
      channel.members.push(workspace.botUser)
      core.happenings.tell({ kind: 'conversation', workspace: workspace.id, channel: channel.id })
      botMoved(core, workspace, channel, 'member_joined_channel', workspace.botUser)
    }
    return yes({
      channel: channelObject(workspace, channel),
      ...(already ? { warning: 'already_in_channel' } : {}),
    })
  },
}

function window(call: Call, messages: readonly Message[]): readonly Message[] {
  const { args } = call
  const oldest = args.text('oldest') ?? '0'
  const latest = args.text('latest')
  const inclusive = args.flag('inclusive')
  return messages.filter((message) => {
    if (message.ts === oldest || message.ts === latest) return inclusive
    // ts have one width; a bound in plain seconds still compares as text.
    return message.ts > oldest && (latest === undefined || message.ts < latest)
  })
}

const history: Method = {
  scopes: scopeByKind('history'),
  run(call) {
    const { core, workspace, args } = call
    const channel = channelFor(call)
    if (!channel) return no('channel_not_found')
    if (!channel.members.includes(workspace.botUser)) return no('not_in_channel')
    const parents = channel.messages.filter(
      (message) =>
        message.ephemeralTo === undefined &&
        (message.threadTs === undefined || message.threadTs === message.ts),
    )
    const { items, next } = page([...window(call, parents)].reverse(), args, 999)
    return yes({
      messages: items.map((message) =>
        messageObject(core, workspace, channel, message, args.flag('include_all_metadata')),
      ),
      has_more: next !== '',
      pin_count: 0,
      response_metadata: { next_cursor: next },
    })
  },
}

const replies: Method = {
  scopes: scopeByKind('history'),
  run(call) {
    const { core, workspace, args } = call
    const channel = channelFor(call)
    if (!channel) return no('channel_not_found')
    if (!channel.members.includes(workspace.botUser)) return no('not_in_channel')
    if (!args.has('ts')) return missingArgument('ts')
    const parent = findMessage(channel, args.text('ts')!)
    if (!parent || parent.ephemeralTo !== undefined) return no('thread_not_found')
    const { items, next } = page([parent, ...window(call, repliesOf(channel, parent))], args, 1000)
    return yes({
      messages: items.map((message) =>
        messageObject(core, workspace, channel, message, args.flag('include_all_metadata')),
      ),
      has_more: next !== '',
      response_metadata: { next_cursor: next },
    })
  },
}

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.open': open,
  'conversations.info': info,
  'conversations.list': list,
  'conversations.members': members,
  'conversations.join': join,
  'conversations.history': history,
  'conversations.replies': replies,
}
