import type { Block, Element, OptionObject, Value } from '../../src/playground/slack/blockkit.ts'
import { optionsOf } from '../../src/playground/slack/blockkit.ts'
import { install, uninstall } from '../../src/playground/slack/installation.ts'
import { action, options as offer, type as typeIn } from '../../src/playground/slack/people/actions.ts'
import type { Actor, Done, Forge, In, NotDone } from '../../src/playground/slack/people/actor.ts'
import { command, say } from '../../src/playground/slack/people/commands.ts'
import { close, submit } from '../../src/playground/slack/people/forms.ts'
import {
  deleteChannel,
  dismiss,
  join,
  leave,
  openHome,
  removeMessage,
  setActive,
  setArchived,
  setLocale,
} from '../../src/playground/slack/people/workspace.ts'
import {
  type Channel,
  findMessage,
  type Message,
  type OpenView,
  visibleTo,
} from '../../src/playground/slack/world.ts'
import { blockText, labelOf, liveEntities, type NameOf, plain, visibleText } from './slack-text.ts'
import { until } from './until.ts'

/** Raised when a person could not do what the test had them do; `told` is what Slack showed them. */
export class CouldNot extends Error {
  readonly told: NotDone
  constructor(what: string, told: NotDone) {
    const errors = told.errors ? ` ${JSON.stringify(told.errors)}` : ''
    super(`${what}: ${told.error}: ${told.message}${errors}`)
    this.told = told
  }
}

async function must<T>(what: string, done: Promise<Done<T>> | Done<T>): Promise<{ ok: true } & T> {
  const result = await done
  if (!result.ok) throw new CouldNot(what, result)
  return result as { ok: true } & T
}

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

/** A channel, a direct conversation, or a thread in one. */
export class Conversation {
  readonly person: Persona
  readonly channel: Channel
  readonly parent: string | undefined

  constructor(person: Persona, channel: Channel, parent?: string) {
    this.person = person
    this.channel = channel
    this.parent = parent
  }

  /** What they see here, oldest first; a thread without its parent. */
  messages(): Card[] {
    return this.channel.messages
      .filter((message) => visibleTo(message, this.person.id) && this.#here(message))
      .map((message) => new Card(this.person, this.channel, message.ts))
  }
  #here(message: Message): boolean {
    if (this.parent !== undefined) return message.threadTs === this.parent && message.ts !== this.parent
    return message.threadTs === undefined || message.threadTs === message.ts
  }

  /** A place in time: `waitForMessage(…, { after: dm.mark() })` takes only what comes later. */
  mark(): string {
    return this.channel.messages.at(-1)?.ts ?? ''
  }

  /** Waits for a message whose visible text matches; the newest, when there are several. */
  waitForMessage(pattern: RegExp, options: { after?: string } = {}): Promise<Card> {
    return until(
      this.person.actor.core,
      () =>
        this.messages()
          .reverse()
          .find((card) => card.ts > (options.after ?? '') && pattern.test(card.text())),
      `a message ${pattern} for ${this.person.actor.user.realName} in ${this.channel.name || 'the DM'}; there are:\n${this.messages()
        .map((card) => card.text())
        .join('\n--\n')}`,
    )
  }

  /** A command typed right here: Slack refuses it in a thread. */
  tryCommand(name: string, text = ''): Promise<Done> {
    return command(
      this.person.actor,
      {
        channel: this.channel.id,
        text: `${name} ${text}`.trim(),
        ...(this.parent === undefined ? {} : { thread: this.parent }),
      },
      this.person.forge,
    )
  }

  async say(text: string): Promise<Card> {
    const { ts } = await must(
      `say “${text}”`,
      say(this.person.actor, {
        channel: this.channel.id,
        text,
        ...(this.parent === undefined ? {} : { thread: this.parent }),
      }),
    )
    return new Card(this.person, this.channel, ts)
  }
}

/** What has blocks to read and elements to use. */
abstract class Surface {
  readonly person: Persona
  constructor(person: Persona) {
    this.person = person
  }
  protected abstract place(): In
  abstract blocks(): readonly Block[]

  /** The elements one can use, with their block. */
  elements(): { block: Block; element: Element }[] {
    return this.blocks().flatMap((block) =>
      [...(block.elements ?? []), block.accessory, block.element].flatMap((element) =>
        element?.action_id === undefined ? [] : [{ block, element }],
      ),
    )
  }
  /** The labels of the buttons, top to bottom. */
  buttons(): string[] {
    return this.elements()
      .filter(({ element }) => element.type === 'button')
      .map(({ element }) => labelOf(element, this.person.nameOf))
  }
  /** The action_ids of everything one can use. */
  actions(): string[] {
    return this.elements().map(({ element }) => element.action_id!)
  }

  /** One element by action_id or label; `near` chooses among several alike by the text of their block or the one above. */
  element(wanted: string, options: { near?: RegExp } = {}): { block: Block; element: Element } {
    const { nameOf } = this.person
    const blocks = this.blocks()
    const fits = this.elements().filter(
      ({ element }) => element.action_id === wanted || labelOf(element, nameOf) === wanted,
    )
    const { near } = options
    const found = near
      ? fits.find(({ block }) => {
          const at = blocks.indexOf(block)
          const above = blocks
            .slice(0, at + 1)
            .findLast((one) => one.type === 'section' || one.type === 'header')
          return near.test(blockText(block, nameOf)) || (above && near.test(blockText(above, nameOf)))
        })
      : fits[0]
    if (!found)
      throw new Error(`There is no “${wanted}”${near ? ` near ${near}` : ''} on:\n${this.describe()}`)
    return found
  }

  describe(): string {
    return `${visibleText(this.blocks(), '', this.person.nameOf)}\n(${this.actions().join(', ')})`
  }

  /** Presses a button, by action_id or label. */
  async click(wanted: string, options: { near?: RegExp } = {}): Promise<void> {
    await must(`press ${wanted}`, this.tryClick(wanted, options))
  }
  tryClick(wanted: string, options: { near?: RegExp } = {}): Promise<Done> {
    const { block, element } = this.element(wanted, options)
    return action(
      this.person.actor,
      { in: this.place(), blockId: block.block_id!, actionId: element.action_id! },
      this.person.forge,
    )
  }

  /** Chooses in a menu, by label or value; searches first where the app offers the options. */
  async choose(
    wanted: string,
    choice: string | readonly string[],
    options: { near?: RegExp } = {},
  ): Promise<void> {
    const { block, element } = this.element(wanted, options)
    const value = await this.valueFor(block, element, choice)
    await must(
      `choose ${String(choice)}`,
      action(
        this.person.actor,
        { in: this.place(), blockId: block.block_id!, actionId: element.action_id!, value },
        this.person.forge,
      ),
    )
  }

  /** What the app offers in an external select for these letters. */
  async search(wanted: string, query: string): Promise<readonly OptionObject[]> {
    const { block, element } = this.#field(wanted)
    const offered = await must(
      `search “${query}”`,
      offer(
        this.person.actor,
        { in: this.place(), blockId: block.block_id!, actionId: element.action_id!, query },
        this.person.forge,
      ),
    )
    return offered.options
  }

  /** A field by block_id, action_id or label. */
  #field(wanted: string): { block: Block; element: Element } {
    const { nameOf } = this.person
    const found = this.elements().find(
      ({ block, element }) =>
        block.block_id === wanted ||
        element.action_id === wanted ||
        (block.label && plain(block.label, nameOf) === wanted),
    )
    if (!found) throw new Error(`There is no field “${wanted}” on:\n${this.describe()}`)
    return found
  }
  protected field(wanted: string): { block: Block; element: Element } {
    return this.#field(wanted)
  }

  protected async valueFor(
    block: Block,
    element: Element,
    choice: string | readonly string[],
  ): Promise<Value> {
    if (typeof choice !== 'string')
      return Promise.all(choice.map((one) => this.valueFor(block, element, one) as Promise<string>))
    if (choice === '' || !/select$|radio|checkboxes|overflow/.test(element.type)) return choice
    if (/^(multi_)?(users|channels|conversations)_select/.test(element.type)) return choice
    const pool = /external/.test(element.type)
      ? await this.search(block.block_id!, choice)
      : optionsOf(element)
    const label = (option: OptionObject) => plain(option.text, this.person.nameOf)
    const found =
      pool.find((option) => option.value === choice || label(option) === choice) ??
      pool.find((option) => label(option).toLowerCase().includes(choice.toLowerCase()))
    if (!found)
      throw new Error(`“${choice}” is not offered; there is: ${pool.map(label).join(' | ') || 'nothing'}`)
    return found.value
  }
}

/** A message; the handle follows it as it changes. */
export class Card extends Surface {
  readonly channel: Channel
  readonly ts: string

  constructor(person: Persona, channel: Channel, ts: string) {
    super(person)
    this.channel = channel
    this.ts = ts
  }

  get message(): Message {
    const message = findMessage(this.channel, this.ts)
    if (!message || !visibleTo(message, this.person.id)) throw new Error('This message is gone')
    return message
  }
  get gone(): boolean {
    const message = findMessage(this.channel, this.ts)
    return !message || !visibleTo(message, this.person.id)
  }
  protected place(): In {
    return { message: { channel: this.channel.id, ts: this.ts } }
  }
  blocks(): readonly Block[] {
    return this.message.blocks
  }
  /** What a person reads. */
  text(): string {
    return visibleText(this.message.blocks, this.message.text, this.person.nameOf)
  }
  /** What a notification says. */
  summary(): string {
    return plain({ type: 'mrkdwn', text: this.message.text }, this.person.nameOf)
  }
  /** Mentions, broadcasts and links that are live in it (B5.58). */
  live(): string[] {
    return liveEntities([this.message.blocks, { type: 'mrkdwn', text: this.message.text }])
  }
  get ephemeral(): boolean {
    return this.message.ephemeralTo !== undefined
  }
  get edited(): boolean {
    return this.message.edited !== undefined
  }

  /** Waits until its visible text matches. */
  async waitFor(pattern: RegExp): Promise<this> {
    await until(
      this.person.actor.core,
      () => !this.gone && pattern.test(this.text()),
      `${pattern} on the message:\n${this.gone ? '(gone)' : this.text()}`,
    )
    return this
  }
  /** Waits until it offers nothing to press. */
  async settled(): Promise<this> {
    await until(this.person.actor.core, () => this.buttons().length === 0, 'the message to have no buttons')
    return this
  }

  thread(): Conversation {
    return new Conversation(this.person, this.channel, this.message.threadTs ?? this.ts)
  }
  async dismiss(): Promise<void> {
    await must('dismiss', dismiss(this.person.actor, this.channel.id, this.ts))
  }
  /** Deletes it in Slack, as its author or as an administrator (B5.55). */
  async remove(): Promise<void> {
    await must('delete', removeMessage(this.person.actor, this.channel.id, this.ts))
  }
}

/** A modal; the handle follows it over updates. */
export class Modal extends Surface {
  readonly id: string
  constructor(person: Persona, id: string) {
    super(person)
    this.id = id
  }

  get open(): OpenView {
    const stack = this.person.actor.workspace.modals[this.person.id] ?? []
    const open = stack.find((one) => one.id === this.id)
    if (!open) throw new Error('This modal is closed')
    return open
  }
  get closed(): boolean {
    return !(this.person.actor.workspace.modals[this.person.id] ?? []).some((one) => one.id === this.id)
  }
  protected place(): In {
    return { view: this.id }
  }
  blocks(): readonly Block[] {
    return this.open.view.blocks
  }
  get title(): string {
    return this.open.view.title?.text ?? ''
  }
  text(): string {
    return visibleText(this.open.view.blocks, '', this.person.nameOf)
  }
  /** The names of its fields. */
  fields(): string[] {
    return this.blocks()
      .filter((block) => block.type === 'input')
      .map((block) => block.block_id!)
  }
  /** What stands in a field: text, date, or the label of what is chosen. */
  value(wanted: string): string | readonly string[] | null {
    const { block, element } = this.field(wanted)
    const chosen = this.open.chosen[block.block_id!]?.[element.action_id!]
    if (chosen && chosen.length > 0) {
      const labels = chosen.map((option) => plain(option.text, this.person.nameOf))
      return labels.length === 1 ? labels[0]! : labels
    }
    return this.open.typed[block.block_id!]?.[element.action_id!] ?? null
  }
  /** The sentences under the fields. */
  errors(): Readonly<Record<string, string>> {
    return this.open.errors
  }

  /** Types and chooses, field by field; fields that tell the app at once do so. '' empties a field. */
  async fill(answers: Readonly<Record<string, string | readonly string[]>>): Promise<this> {
    for (const [name, answer] of Object.entries(answers)) {
      const { block, element } = this.field(name)
      const value = answer === '' ? null : await this.valueFor(block, element, answer)
      await must(
        `fill in ${name}`,
        block.type !== 'input' || block.dispatch_action === true
          ? action(
              this.person.actor,
              { in: this.place(), blockId: block.block_id!, actionId: element.action_id!, value },
              this.person.forge,
            )
          : typeIn(this.person.actor, this.place(), { [block.block_id!]: { [element.action_id!]: value } }),
      )
    }
    return this
  }

  /** Submits; throws, with the sentences, when the form stays because something is wrong. */
  async submit(): Promise<void> {
    await must(`submit “${this.title}”`, this.trySubmit())
  }
  trySubmit(): Promise<Done> {
    return submit(this.person.actor, { view: this.id }, this.person.forge)
  }
  async close(options: { all?: boolean } = {}): Promise<void> {
    await must('close', close(this.person.actor, { view: this.id, ...options }))
  }

  /** Waits until its visible text matches. */
  async waitFor(pattern: RegExp): Promise<this> {
    await until(
      this.person.actor.core,
      () => this.closed === false && pattern.test(`${this.title}\n${this.text()}`),
      `${pattern} in the modal:\n${this.closed ? '(closed)' : this.text()}`,
    )
    return this
  }
}

/** The App Home of one person. */
export class Home extends Surface {
  get open(): OpenView {
    const open = this.person.actor.workspace.homes[this.person.id]
    if (!open) throw new Error('App Home was never published')
    return open
  }
  protected place(): In {
    return { home: true }
  }
  blocks(): readonly Block[] {
    return this.open.view.blocks
  }
  text(): string {
    return visibleText(this.open.view.blocks, '', this.person.nameOf)
  }
  async waitFor(pattern: RegExp): Promise<this> {
    await until(
      this.person.actor.core,
      () => pattern.test(this.text()),
      `${pattern} in App Home:\n${this.text()}`,
    )
    return this
  }
}
