import { fileObject, startUpload } from '../files.ts'
import { messagePosted } from '../tell.ts'
import type { Message } from '../world.ts'
import { channelFor, type Method, missingArgument, no, yes } from './call.ts'

const getUploadURLExternal: Method = {
  scopes: ['files:write'],
  run({ core, workspace, args }) {
    const name = args.text('filename')
    if (name === undefined) return missingArgument('filename')
    const length = Number(args.text('length'))
    if (!Number.isSafeInteger(length) || length <= 0) return missingArgument('length')
    const [id, url] = startUpload(core, workspace, name, length)
    return yes({ upload_url: url, file_id: id })
  },
}

const completeUploadExternal: Method = {
  scopes: ['files:write'],
  run(call) {
    const { core, workspace, args } = call
    const given = args.object('files')
    if (given === 'absent') return missingArgument('files')
    if (given === 'malformed' || !Array.isArray(given.value) || given.value.length === 0)
      return no('invalid_arguments')
    const files = given.value.map((one: { id?: unknown }) => workspace.files?.[String(one?.id)])
    if (files.some((file) => file === undefined)) return no('file_not_found')
    if (files.some((file) => file!.completed !== undefined)) return no('file_already_completed')
    const channel = args.has('channel_id') ? channelFor(call, 'channel_id') : undefined
    if (args.has('channel_id') && !channel) return no('channel_not_found')
    if (channel && !channel.members.includes(workspace.botUser)) return no('not_in_channel')
    for (const [index, file] of files.entries()) {
      const { title } = given.value[index] as { title?: unknown }
      if (typeof title === 'string' && title !== '') file!.title = title
      file!.completed = core.settings.wall()
      if (channel) file!.channel = channel.id
    }
    if (channel) {
      const message: Message = {
        ts: core.ts(),
        user: workspace.botUser,
        botId: workspace.botId,
        text: args.text('initial_comment') ?? '',
        blocks: [],
        files: files.map((file) => ({ id: file!.id, name: file!.title, size: file!.size })),
        at: core.settings.now(),
      }
      core.post(workspace, channel, message)
      messagePosted(core, workspace, channel, message)
    }
    return yes({ files: files.map((file) => fileObject(core, file!)) })
  },
}

const info: Method = {
  scopes: ['files:read'],
  run({ core, workspace, args }) {
    const file = workspace.files?.[args.text('file') ?? '']
    if (!file || file.completed === undefined) return no('file_not_found')
    return yes({ file: fileObject(core, file) })
  },
}

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': getUploadURLExternal,
  'files.completeUploadExternal': completeUploadExternal,
  'files.info': info,
}
