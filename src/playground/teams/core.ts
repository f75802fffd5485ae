import { Traffic } from '../slack/traffic.ts'
import type { Card, Choice } from './cards.ts'
import { teamsLimits } from './check/limits.ts'
import { Pace } from './connector/pace.ts'
import { Happenings } from './events.ts'
import { TeamsFaults } from './faults.ts'
import { freshActivityId, freshId } from './ids.ts'
import { ChannelKeys } from './keys.ts'
import { AppLink } from './link.ts'
import type { Conversation, Dialog, Message, PostedCard, Tenant, User, World } from './world.ts'

export interface CoreSettings {
  /** The time messages carry, epoch ms; the playground gives business time. */
  readonly now: () => number
  /** What tokens are judged by, epoch ms. */
  readonly wall: () => number
  readonly invokeMs: number
  readonly messageMs: number
  /** How often an unanswered message is sent again. */
  readonly repeats: number
  /** The `iss` of what is sent to the app. */
  readonly issuer?: string
  /** Holds the app to Teams' limits of messages a conversation; off when left out, so that tests may hurry. */
  readonly throttle: boolean
  /** The log of another platform, to write into it. */
  readonly traffic?: Traffic
}

/** The state and the organs of one local Teams, shared by its connector, its people and its page. */
export class Core {
  readonly world: World
  readonly settings: CoreSettings
  readonly happenings = new Happenings()
  readonly traffic: Traffic
  readonly faults: TeamsFaults
  readonly keys: ChannelKeys
  readonly link: AppLink
  readonly pace = new Pace()
  /** Tokens the app was given for its own calls, with their end (epoch ms). */
  readonly tokens = new Map<string, number>()
  /** What a typeahead offered, by user, place and input: a choice is one of them. */
  readonly offers = new Map<string, Choice[]>()
  /** Where this Teams is reached: `http://127.0.0.1:3000/playground/teams`, without a slash at the end. */
  base = ''

  constructor(world: World, settings: Partial<CoreSettings>) {
    this.world = world
    this.settings = {
      now: settings.now ?? Date.now,
      wall: settings.wall ?? Date.now,
      invokeMs: settings.invokeMs ?? teamsLimits.invokeMs,
      messageMs: settings.messageMs ?? teamsLimits.messageMs,
      repeats: settings.repeats ?? 1,
      throttle: settings.throttle ?? false,
    }
    const tell = (exchange: Parameters<Traffic['close']>[0]) =>
      this.happenings.tell({ kind: 'traffic', exchange })
    if (settings.traffic) settings.traffic.listen(tell)
    this.traffic = settings.traffic ?? new Traffic(tell)
    this.faults = new TeamsFaults(() => this.happenings.tell({ kind: 'faults' }))
    this.keys = new ChannelKeys(settings.issuer)
    this.link = new AppLink(this)
  }

  tenant(id: string): Tenant {
    const tenant = this.world.tenants[id]
    if (!tenant) throw new Error(`There is no tenant ${id} in the local Teams`)
    return tenant
  }

  /** What the app answers at: a region's address, as every activity names it. */
  get serviceUrl(): string {
    return `${this.base}/kr/`
  }

  activityId(): string {
    return freshActivityId(this.world, this.settings.now())
  }

  id(): string {
    return freshId(this.world)
  }

  post(tenant: Tenant, conversation: Conversation, message: Message): void {
    conversation.messages.push(message)
    const where = { tenant: tenant.id, conversation: conversation.id }
    this.happenings.tell({ kind: 'message', ...where, message })
    this.happenings.tell({ kind: 'conversation', ...where })
    const root = message.root && conversation.messages.find((one) => one.id === message.root)
    if (root) this.changed(tenant, conversation, root)
  }

  changed(tenant: Tenant, conversation: Conversation, message: Message, only?: string): void {
    this.happenings.tell({
      kind: 'message_changed',
      tenant: tenant.id,
      conversation: conversation.id,
      message,
      ...(only === undefined ? {} : { only }),
    })
  }

  conversationChanged(tenant: Tenant, conversation: Conversation): void {
    this.happenings.tell({ kind: 'conversation', tenant: tenant.id, conversation: conversation.id })
  }

  showDialog(tenant: Tenant, user: User, dialog: Dialog | undefined): void {
    if (dialog) tenant.dialogs[user.id] = dialog
    else delete tenant.dialogs[user.id]
    this.happenings.tell({ kind: 'dialog', tenant: tenant.id, user: user.id })
  }

  notice(tenant: Tenant, user: User, text: string, level: 'error' | 'info' = 'error'): void {
    this.happenings.tell({ kind: 'notice', tenant: tenant.id, user: user.id, level, text })
  }
}

export const postedCard = (base: Card): PostedCard => ({
  base,
  version: 1,
  views: {},
  refreshed: {},
  typed: {},
  busy: {},
  errors: {},
})
