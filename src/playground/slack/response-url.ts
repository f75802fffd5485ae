import type { IncomingMessage, ServerResponse } from 'node:http'
import { Args } from './api/call.ts'
import { contentOf, isAnswer } from './api/chat.ts'
import { settle } from './api/index.ts'
import { isRecord } from './check/rule.ts'
import type { Core } from './core.ts'
import { parseArgs, readBody } from './http.ts'
import type { ResponsePlace } from './passes.ts'
import { withIds } from './payloads.ts'
import { messageDeleted, messageEdited, messagePosted } from './tell.ts'
import { redact, shownHeaders } from './traffic.ts'
import { findMessage, type Message } from './world.ts'

/** The address an app may answer to later, for one gesture. */
export function responseUrl(core: Core, place: ResponsePlace): string {
  return `${core.base}/response/${place.workspace}/${core.responseUrls.issue(place)}`
}

interface Result {
  readonly status: number
  readonly text: string
}

/** Answers `POST <response_url>`. */
export async function answerResponseUrl(
  core: Core,
  id: string,
  url: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = (await readBody(incoming)) ?? ''
  const args = parseArgs(url, incoming.headers['content-type'] ?? 'application/json', body)
  const fault = core.faults.strike({ on: 'api', methods: ['response_url'] })
  const exchange = core.traffic.open({
    direction: 'from-app',
    what: 'response_url',
    ...(fault === undefined ? {} : { fault: fault.id }),
    request: {
      method: incoming.method ?? 'POST',
      path: url.pathname,
      headers: shownHeaders(incoming.headers),
      body: redact(args),
    },
  })
  await settle(core, exchange, fault, response, () => {
    if (!args) return { status: 400, text: 'invalid_payload' }
    const place = core.responseUrls.use(id)
    if (typeof place === 'string') return { status: 404, text: JSON.stringify({ ok: false, error: place }) }
    exchange.workspace = place.workspace
    exchange.channel = place.channel
    exchange.user = place.user
    return respond(core, place, args)
  })
}

/**
 * Puts an answer where a gesture was made: to the person alone unless it says `in_channel`, in place of the
 * message that was clicked when it says `replace_original`. Also what the body of an acknowledgement does.
 */
export function respond(core: Core, place: ResponsePlace, args: Record<string, unknown>): Result {
  const workspace = core.workspace(place.workspace)
  const channel = workspace.channels[place.channel]
  if (!channel) return { status: 404, text: 'channel_not_found' }
  if (channel.archived) return { status: 410, text: 'channel_is_archived' }
  const original = place.message === undefined ? undefined : findMessage(channel, place.message)
  if (args.delete_original === true || args.delete_original === 'true') {
    if (!original) return { status: 404, text: 'no_original_message' }
    core.remove(workspace, channel, original)
    messageDeleted(core, workspace, channel, original)
    return { status: 200, text: 'ok' }
  }
  const content = contentOf(new Args(args), 'cut', { core, workspace })
  if (isAnswer(content)) return { status: 400, text: JSON.stringify(content) }
  if (content.text === undefined && content.blocks === undefined) return { status: 400, text: 'no_text' }
  if (args.replace_original === true || args.replace_original === 'true') {
    if (!original) return { status: 404, text: 'no_original_message' }
    original.text = content.text ?? ''
    original.blocks = withIds(core, content.blocks ?? [])
    original.typed = {}
    original.editedAt = core.settings.now()
    core.changed(workspace, channel, original)
    if (original.ephemeralTo === undefined) messageEdited(core, workspace, channel, original)
    return { status: 200, text: 'ok' }
  }
  const thread = typeof args.thread_ts === 'string' ? args.thread_ts : place.thread
  const message: Message = {
    ts: core.ts(),
    user: workspace.botUser,
    botId: workspace.botId,
    text: content.text ?? '',
    blocks: withIds(core, content.blocks ?? []),
    at: core.settings.now(),
    ...(args.response_type === 'in_channel' ? {} : { ephemeralTo: place.user }),
    ...(thread === undefined ? {} : { threadTs: thread }),
  }
  core.post(workspace, channel, message)
  void messagePosted(core, workspace, channel, message)
  return { status: 200, text: 'ok' }
}

/** The body of a command's acknowledgement as an answer; `undefined` when it says nothing. */
export function acknowledgedWith(body: unknown): Record<string, unknown> | undefined {
  if (typeof body === 'string') return body.trim() === '' ? undefined : { text: body }
  if (!isRecord(body) || Object.keys(body).length === 0) return undefined
  return body
}
