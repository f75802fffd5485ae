import { slackLimits } from './check/limits.ts'
import { Happenings } from './events.ts'
import { Faults } from './faults.ts'
import { scanMs } from './files.ts'
import { freshId, freshTs, secret } from './ids.ts'
import { AppLink } from './link.ts'
import { ResponseUrls, Triggers } from './passes.ts'
import { Traffic } from './traffic.ts'
import {
  type Channel,
  dmOf,
  findMessage,
  type Message,
  positionOf,
  type User,
  type Workspace,
  type World,
} from './world.ts'

export interface CoreSettings {
  /** The time messages carry, epoch ms; the playground gives business time. */
  readonly now: () => number
  /** What triggers and response_urls expire by, epoch ms. */
  readonly wall: () => number
  readonly acknowledgeMs: number
  /** Waits before the three repeats of an unacknowledged event. */
  readonly eventRetryDelaysMs: readonly number[]
  /** OAuth hands out 12-hour tokens with a refresh token. */
  readonly rotateTokens: boolean
  /** How long a completed upload is scanned before a message may show it, ms of wall time. */
  readonly scanMs: number
}

/** The state and the organs of one local Slack, shared by its Web API, its people and its page. */
export class Core {
  readonly world: World
  readonly settings: CoreSettings
  readonly happenings = new Happenings()
  readonly traffic: Traffic
  readonly faults: Faults
  readonly triggers: Triggers
  readonly responseUrls: ResponseUrls
  readonly link: AppLink
  /** OAuth: codes and refresh tokens not yet used, and access tokens with their end. */
  readonly grants = new Map<string, { workspace: string; scopes: string[]; redirectUri?: string }>()
  readonly rotating = new Map<string, { workspace: string; expires: number }>()
  readonly revoked = new Set<string>()
  /** Uploads that were announced, by the ticket in their address. */
  readonly uploads = new Map<string, { workspace: string; id: string; name: string; length: number }>()
  /** Where this Slack is reached: `http://127.0.0.1:3000/playground/slack`, without a slash at the end. */
  base = ''

  constructor(world: World, settings: Partial<CoreSettings>) {
    this.world = world
    this.settings = {
      now: settings.now ?? Date.now,
      wall: settings.wall ?? Date.now,
      acknowledgeMs: settings.acknowledgeMs ?? slackLimits.acknowledgeMs,
      eventRetryDelaysMs: settings.eventRetryDelaysMs ?? [0, 60_000, 300_000],
      rotateTokens: settings.rotateTokens ?? false,
      scanMs: settings.scanMs ?? scanMs,
    }
    this.traffic = new Traffic((exchange) => this.happenings.tell({ kind: 'traffic', exchange }))
    this.faults = new Faults(() => this.happenings.tell({ kind: 'faults' }))
    this.triggers = new Triggers(this.settings.wall)
    this.responseUrls = new ResponseUrls(this.settings.wall)
    this.link = new AppLink(this)
  }

  workspace(id: string): Workspace {
    const workspace = this.world.workspaces[id]
    if (!workspace) throw new Error(`There is no workspace ${id} in the local Slack`)
    return workspace
  }

  id(prefix: string): string {
    return freshId(this.world, prefix)
  }

  ts(): string {
    return freshTs(this.world, this.settings.now())
  }

  hash(): string {
    return `${Math.floor(this.settings.now() / 1000)}.${secret(4)}`
  }

  bot(workspace: Workspace): User {
    return workspace.users[workspace.botUser]!
  }

  /** The direct conversation of two, opened when there was none. */
  dm(workspace: Workspace, one: string, other: string): Channel {
    const there = dmOf(workspace, one, other)
    if (there) return there
    const channel: Channel = {
      id: this.id('D'),
      kind: 'dm',
      name: '',
      members: [one, other],
      archived: false,
      created: this.settings.now(),
      messages: [],
      read: {},
    }
    workspace.channels[channel.id] = channel
    this.happenings.tell({ kind: 'conversation', workspace: workspace.id, channel: channel.id })
    return channel
  }

  /** Puts a message where it belongs and tells everybody; the parent of a thread changes with its replies. */
  post(workspace: Workspace, channel: Channel, message: Message): void {
    channel.messages.splice(positionOf(channel.messages, message.ts), 0, message)
    this.happenings.tell({ kind: 'message', workspace: workspace.id, channel: channel.id, message })
    this.happenings.tell({ kind: 'conversation', workspace: workspace.id, channel: channel.id })
    const parent = message.threadTs === undefined ? undefined : findMessage(channel, message.threadTs)
    if (parent && parent !== message && message.ephemeralTo === undefined)
      this.changed(workspace, channel, parent)
  }

  changed(workspace: Workspace, channel: Channel, message: Message): void {
    this.happenings.tell({ kind: 'message_changed', workspace: workspace.id, channel: channel.id, message })
  }

  remove(workspace: Workspace, channel: Channel, message: Message): void {
    const at = channel.messages.indexOf(message)
    if (at < 0) return
    channel.messages.splice(at, 1)
    this.happenings.tell({
      kind: 'message_deleted',
      workspace: workspace.id,
      channel: channel.id,
      ts: message.ts,
      ...(message.ephemeralTo === undefined ? {} : { ephemeralTo: message.ephemeralTo }),
    })
  }
}
