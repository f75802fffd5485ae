import { channelName } from '../payloads.ts'
import { acknowledgedWith, respond, responseUrl } from '../response-url.ts'
import { messagePosted } from '../tell.ts'
import { findMessage, type Message, maySee } from '../world.ts'
import { type Actor, type Done, type Forge, notDone, tellNot } from './actor.ts'

export interface CommandCall {
  readonly channel: string
  /** As typed, with the slash. */
  readonly text: string
  readonly thread?: string
}

/** Somebody sends a slash command. Done when the app has acknowledged it, or three seconds are over. */
export async function command(actor: Actor, call: CommandCall, forge?: Forge): Promise<Done> {
  const { core, workspace, user } = actor
  const [name = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(call.text)?.slice(1) ?? []
  const channel = workspace.channels[call.channel]
  if (user.deleted) return notDone(actor, 'account_inactive')
  if (!channel || !maySee(channel, user)) return notDone(actor, 'not_in_channel')
  const known = core.world.app.commands.some((entry) => entry.command === name)
  if (!known || !workspace.installed) return tellNot(actor, 'unknown_command', name, channel.id)
  if (call.thread !== undefined) return tellNot(actor, 'command_in_thread', name, channel.id)
  if (channel.archived) return notDone(actor, 'is_archived')

  const place = { workspace: workspace.id, channel: channel.id, user: user.id }
  const built: Record<string, unknown> = {
    token: 'verification-token-is-deprecated',
    team_id: workspace.id,
    team_domain: workspace.domain,
    ...(workspace.enterprise === undefined
      ? {}
      : { enterprise_id: workspace.enterprise, enterprise_name: workspace.name }),
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: user.name,
    command: name,
    text: rest.trim(),
    api_app_id: core.world.app.id,
    is_enterprise_install: 'false',
    response_url: responseUrl(core, place),
    trigger_id: core.triggers.issue(workspace.id, user.id),
  }
  const payload = forge ? forge(built) : built
  const ack = await core.link.send({
    workspace: workspace.id,
    what: `slash_command ${name}`,
    names: [name, 'slash_command'],
    user: user.id,
    channel: channel.id,
    contentType: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(payload as Record<string, string>).toString(),
    socket: 'slash_commands',
    payload,
  })
  if (ack.outcome === 'timed-out') return tellNot(actor, 'operation_timeout', name, channel.id)
  if (ack.outcome === 'unreachable' || ack.status !== 200)
    return tellNot(actor, 'dispatch_failed', name, channel.id)
  const answer = acknowledgedWith(ack.body)
  if (answer && respond(core, place, answer).status !== 200)
    return tellNot(actor, 'invalid_answer', name, channel.id)
  return { ok: true }
}

/** Somebody writes a message in a conversation or in a thread of it. */
export async function say(
  actor: Actor,
  words: { readonly channel: string; readonly text: string; readonly thread?: string },
): Promise<Done<{ ts: string }>> {
  const { core, workspace, user } = actor
  const channel = workspace.channels[words.channel]
  if (user.deleted) return notDone(actor, 'account_inactive')
  if (!channel?.members.includes(user.id)) return notDone(actor, 'not_in_channel')
  if (channel.archived) return notDone(actor, 'is_archived')
  const parent = words.thread === undefined ? undefined : findMessage(channel, words.thread)
  if (words.thread !== undefined && !parent) return notDone(actor, 'message_not_found')
  const message: Message = {
    ts: core.ts(),
    user: user.id,
    text: words.text,
    blocks: [],
    at: core.settings.now(),
    ...(parent === undefined ? {} : { threadTs: parent.threadTs ?? parent.ts }),
  }
  core.post(workspace, channel, message)
  channel.read[user.id] = message.ts
  await messagePosted(core, workspace, channel, message)
  return { ok: true, ts: message.ts }
}
