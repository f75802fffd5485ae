import type { Block } from '../blockkit.ts'
import { checkBlocks, textLength } from '../check/blocks.ts'
import { slackLimits } from '../check/limits.ts'
import { isRecord } from '../check/rule.ts'
import { unusableImages } from '../files.ts'
import { initialInputs } from '../inputs.ts'
import { messageObject, withIds } from '../payloads.ts'
import { messageDeleted, messageEdited, messagePosted } from '../tell.ts'
import { type Channel, findMessage, type Message } from '../world.ts'
import {
  type Answer,
  type Args,
  type Call,
  channelFor,
  type Method,
  missingArgument,
  no,
  noFor,
  yes,
} from './call.ts'

interface Content {
  /** `undefined`: not said. */
  readonly text: string | undefined
  readonly blocks: Block[] | undefined
  readonly metadata: Message['metadata'] | undefined
}

/** What a message is to say, judged; or Slack's refusal. */
export function contentOf(
  args: Args,
  textLimit: 'cut' | 'refuse',
  { core, workspace }: Pick<Call, 'core' | 'workspace'>,
): Content | Answer {
  const text = args.text('text')
  const given = args.object('blocks')
  if (given === 'malformed') return no('invalid_blocks_format')
  let blocks: Block[] | undefined
  if (given !== 'absent') {
    if (!Array.isArray(given.value)) return no('invalid_blocks_format')
    const complaints = checkBlocks(given.value, 'message')
    if (complaints.length > 0) return noFor('invalid_blocks', complaints)
    const unusable = unusableImages(core, workspace, given.value)
    if (unusable.length > 0)
      return noFor(
        'invalid_blocks',
        unusable.map((at) => ({ what: 'invalid slack file', at })),
      )
    if (textLength(given.value) > slackLimits.textInBlocks) return no('msg_blocks_too_long')
    blocks = given.value as Block[]
  }
  if (args.has('attachments') && args.text('attachments') !== '[]') return no('invalid_attachments')
  if (text !== undefined && textLimit === 'refuse' && text.length > slackLimits.textInUpdate)
    return no('msg_too_long')
  const metadata = args.object('metadata')
  if (metadata === 'malformed') return no('invalid_metadata_format')
  if (metadata !== 'absent') {
    const { value } = metadata
    if (!isRecord(value) || typeof value.event_type !== 'string' || !isRecord(value.event_payload))
      return no('invalid_metadata_schema')
    if (Buffer.byteLength(JSON.stringify(value)) > slackLimits.metadataBytes) return no('metadata_too_large')
  }
  return {
    text: text?.slice(0, slackLimits.textInMessage),
    blocks,
    metadata: metadata === 'absent' ? undefined : (metadata.value as Message['metadata']),
  }
}

export const isAnswer = (value: object): value is Answer => 'ok' in value

/** Where to write: a conversation, or a user id, which stands for the direct conversation with them. */
function target(call: Call): Channel | undefined {
  const { core, workspace, args } = call
  const user = workspace.users[args.text('channel') ?? '']
  return user ? core.dm(workspace, workspace.botUser, user.id) : channelFor(call)
}

function mayWrite(call: Call, channel: Channel): Answer | undefined {
  if (channel.archived) return no('is_archived')
  if (channel.members.includes(call.workspace.botUser)) return undefined
  return call.workspace.scopes.includes('chat:write.public') ? undefined : no('not_in_channel')
}

const postMessage: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { core, workspace, args } = call
    if (!args.has('channel')) return no('channel_not_found')
    const channel = target(call)
    if (!channel) return no('channel_not_found')
    const refused = mayWrite(call, channel)
    if (refused) return refused
    const content = contentOf(args, 'cut', call)
    if (isAnswer(content)) return content
    if (content.text === undefined && (content.blocks ?? []).length === 0) return no('no_text')
    const thread = args.text('thread_ts')
    const parent = thread === undefined ? undefined : findMessage(channel, thread)
    if (thread !== undefined && !parent) return no('thread_not_found')
    const message: Message = {
      ts: core.ts(),
      user: workspace.botUser,
      botId: workspace.botId,
      text: content.text ?? '',
      blocks: withIds(core, content.blocks ?? []),
      at: core.settings.now(),
      ...(parent === undefined ? {} : { threadTs: parent.threadTs ?? parent.ts }),
      ...(content.metadata === undefined ? {} : { metadata: content.metadata }),
    }
    core.post(workspace, channel, message)
    messagePosted(core, workspace, channel, message)
    return yes({
      channel: channel.id,
      ts: message.ts,
      message: messageObject(core, workspace, channel, message, true),
    })
  },
}

const update: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { core, workspace, args } = call
    const channel = channelFor(call)
    if (!channel) return no('channel_not_found')
    const message = findMessage(channel, args.text('ts') ?? '')
    if (!message || message.ephemeralTo !== undefined) return no('message_not_found')
    if (message.botId !== workspace.botId) return no('cant_update_message')
    if (channel.archived) return no('is_archived')
    const content = contentOf(args, 'refuse', call)
    if (isAnswer(content)) return content
    if (content.text === undefined && content.blocks === undefined) return no('no_text')
    message.text = content.text ?? message.text
    if (content.blocks) {
      message.blocks = withIds(core, content.blocks)
      message.typed = {}
    }
    if (content.metadata) message.metadata = content.metadata
    message.edited = { user: workspace.botUser, ts: core.ts() }
    message.editedAt = core.settings.now()
    core.changed(workspace, channel, message)
    messageEdited(core, workspace, channel, message)
    return yes({
      channel: channel.id,
      ts: message.ts,
      text: message.text,
      message: messageObject(core, workspace, channel, message, true),
    })
  },
}

const remove: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { core, workspace, args } = call
    const channel = channelFor(call)
    if (!channel) return no('channel_not_found')
    const message = findMessage(channel, args.text('ts') ?? '')
    if (!message || message.ephemeralTo !== undefined) return no('message_not_found')
    if (message.botId !== workspace.botId) return no('cant_delete_message')
    core.remove(workspace, channel, message)
    messageDeleted(core, workspace, channel, message)
    return yes({ channel: channel.id, ts: message.ts })
  },
}

const postEphemeral: Method = {
  scopes: ['chat:write'],
  run(call) {
    const { core, workspace, args } = call
    const channel = channelFor(call)
    if (!channel) return no('channel_not_found')
    const user = args.text('user')
    if (user === undefined) return missingArgument('user')
    const refused = mayWrite(call, channel)
    if (refused) return refused
    if (!channel.members.includes(user)) return no('user_not_in_channel')
    const content = contentOf(args, 'refuse', call)
    if (isAnswer(content)) return content
    if (content.text === undefined && (content.blocks ?? []).length === 0) return no('no_text')
    const thread = args.text('thread_ts')
    const message: Message = {
      ts: core.ts(),
      user: workspace.botUser,
      botId: workspace.botId,
      text: content.text ?? '',
      blocks: withIds(core, content.blocks ?? []),
      ephemeralTo: user,
      at: core.settings.now(),
      ...(thread === undefined ? {} : { threadTs: thread }),
    }
    core.post(workspace, channel, message)
    return yes({ message_ts: message.ts })
  },
}

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
}

/** The inputs of a message as one person left them. */
export const inputsOf = (message: Message, user: string) =>
  message.typed?.[user] ?? initialInputs(message.blocks)
