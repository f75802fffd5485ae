import { install, uninstall } from '../../src/playground/slack/installation.ts'
import type { Actor, Done, Forge } from '../../src/playground/slack/people/actor.ts'
import { command } from '../../src/playground/slack/people/commands.ts'
import {
  addPerson,
  deleteChannel,
  join,
  leave,
  openHome,
  setActive,
  setArchived,
  setLocale,
} from '../../src/playground/slack/people/workspace.ts'
import type { UserSeed } from '../../src/playground/slack/seed.ts'
import type { Channel } from '../../src/playground/slack/world.ts'
import { must } from './slack-could-not.ts'
import { Card, Conversation, Home, Modal } from './slack-screen.ts'
import type { NameOf } from './slack-text.ts'
import { until } from './until.ts'

/** Somebody in front of Slack. */
export class Persona {
  readonly actor: Actor
  readonly #forge: Forge | undefined

  constructor(actor: Actor, forge?: Forge) {
    this.actor = actor
    this.#forge = forge
  }

  get id(): string {
    return this.actor.user.id
  }
  get forge(): Forge | undefined {
    return this.#forge
  }

  /** The same person with a client that changes payloads before Slack signs them (B5.35–37). */
  forging(forge: Forge): Persona {
    return new Persona(this.actor, forge)
  }

  nameOf: NameOf = (id) =>
    this.actor.workspace.users[id]?.realName ?? this.actor.workspace.channels[id]?.name ?? id

  /** Sends a slash command from `where` (a channel's name; left out: the first channel they are in, else the DM). */
  async command(name: string, text = '', where?: string): Promise<void> {
    await must(`${name} ${text}`, this.tryCommand(name, text, where))
  }
  tryCommand(name: string, text = '', where?: string): Promise<Done> {
    const { workspace } = this.actor
    const first = Object.values(workspace.channels).find(
      (channel) => channel.kind !== 'dm' && !channel.archived && channel.members.includes(this.id),
    )
    const channel = where !== undefined ? this.#channel(where) : (first ?? this.#dm())
    return command(this.actor, { channel: channel.id, text: `${name} ${text}`.trim() }, this.#forge)
  }

  /** Their conversation with the app. */
  dm(): Conversation {
    return new Conversation(this, this.#dm())
  }
  channel(name: string): Conversation {
    return new Conversation(this, this.#channel(name))
  }
  /** The same message as this person sees it (and clicks it, forging included). */
  message(other: Card): Card {
    return new Card(this, other.channel, other.ts)
  }

  #dm(): Channel {
    return this.actor.core.dm(this.actor.workspace, this.id, this.actor.workspace.botUser)
  }
  #channel(name: string): Channel {
    const channels = Object.values(this.actor.workspace.channels)
    const found = channels.find((channel) => channel.name === name.replace(/^#/, '') || channel.id === name)
    if (!found) throw new Error(`There is no channel ${name}`)
    return found
  }

  /** The modals in front of them, topmost last. */
  modals(): Modal[] {
    return (this.actor.workspace.modals[this.id] ?? []).map((open) => new Modal(this, open.id))
  }
  /** Waits for a modal to be in front of them (whose title or text matches, when given). */
  modal(pattern?: RegExp): Promise<Modal> {
    return until(
      this.actor.core,
      () => {
        const top = this.modals().at(-1)
        return top && (!pattern || pattern.test(`${top.title}\n${top.text()}`)) ? top : undefined
      },
      () =>
        `a modal${pattern ? ` ${pattern}` : ''} in front of ${this.actor.user.realName}; there is ${
          this.modals()
            .map((modal) => `“${modal.title}”\n${modal.text()}`)
            .join(', ') || 'none'
        }`,
    )
  }
  /** Waits until no modal is open. */
  async noModal(): Promise<void> {
    await until(this.actor.core, () => this.modals().length === 0, 'all modals to be closed')
  }

  /** Opens App Home and waits until the app published it. */
  async home(): Promise<Home> {
    const { core, workspace } = this.actor
    const before = workspace.homes[this.id]?.hash
    await must('open App Home', openHome(this.actor))
    await until(
      core,
      () => workspace.homes[this.id] !== undefined && workspace.homes[this.id]!.hash !== before,
      `App Home of ${this.actor.user.realName}`,
    )
    return new Home(this)
  }

  /** Waits for a message that only they see, anywhere. */
  ephemeral(pattern: RegExp, options: { after?: string } = {}): Promise<Card> {
    return until(
      this.actor.core,
      () => this.ephemerals(options).find((card) => pattern.test(card.text())),
      `an ephemeral message ${pattern} to ${this.actor.user.realName}`,
    )
  }
  ephemerals(options: { after?: string } = {}): Card[] {
    return Object.values(this.actor.workspace.channels).flatMap((channel) =>
      channel.messages
        .filter((message) => message.ephemeralTo === this.id && message.ts > (options.after ?? ''))
        .map((message) => new Card(this, channel, message.ts))
        .reverse(),
    )
  }

  async setLocale(locale: 'ko-KR' | 'en-US'): Promise<void> {
    await must('change the language', setLocale(this.actor, locale))
  }
  /** Somebody new joins the workspace, invited by this person. */
  async welcome(seed: UserSeed): Promise<void> {
    await must('invite to the workspace', addPerson(this.actor, seed))
  }
  async deactivate(target: string): Promise<void> {
    await must('deactivate', setActive(this.actor, target, false))
  }
  async activate(target: string): Promise<void> {
    await must('activate', setActive(this.actor, target, true))
  }
  async archive(channel: string): Promise<void> {
    await must('archive', setArchived(this.actor, this.#channel(channel).id, true))
  }
  async deleteChannel(channel: string): Promise<void> {
    await must('delete the channel', deleteChannel(this.actor, this.#channel(channel).id))
  }
  /** Takes somebody, or the app (left out), out of a channel. */
  async remove(channel: string, target = this.actor.workspace.botUser): Promise<void> {
    await must('remove from the channel', leave(this.actor, this.#channel(channel).id, target))
  }
  async invite(channel: string, target = this.actor.workspace.botUser): Promise<void> {
    await must('invite to the channel', join(this.actor, this.#channel(channel).id, target))
  }
  /** Removes the app from the workspace (B5.52). */
  async uninstall(): Promise<void> {
    await uninstall(this.actor.core, this.actor.workspace)
  }
  /** Puts the app back, with the token it had. */
  install(): void {
    install(this.actor.core, this.actor.workspace)
  }
}
