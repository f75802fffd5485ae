import {
  type Block,
  type Element,
  type OptionObject,
  optionsOf,
  type Value,
} from '../../src/playground/slack/blockkit.ts'
import { action, options as offer, type as typeIn } from '../../src/playground/slack/people/actions.ts'
import type { Actor, Done, Forge, In } from '../../src/playground/slack/people/actor.ts'
import { command, say } from '../../src/playground/slack/people/commands.ts'
import { close, submit } from '../../src/playground/slack/people/forms.ts'
import { dismiss, removeMessage } from '../../src/playground/slack/people/workspace.ts'
import {
  type Channel,
  findMessage,
  type Message,
  type OpenView,
  visibleTo,
} from '../../src/playground/slack/world.ts'
import { must } from './slack-could-not.ts'
import { blockText, labelOf, liveEntities, type NameOf, plain, visibleText } from './slack-text.ts'
import { until } from './until.ts'

/** Whose screen it is. */
export interface Onlooker {
  readonly id: string
  readonly actor: Actor
  readonly forge: Forge | undefined
  readonly nameOf: NameOf
}

/** A channel, a direct conversation, or a thread in one. */
export class Conversation {
  readonly person: Onlooker
  readonly channel: Channel
  readonly parent: string | undefined

  constructor(person: Onlooker, channel: Channel, parent?: string) {
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
      () =>
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
  readonly person: Onlooker
  constructor(person: Onlooker) {
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
          const before = blocks.slice(0, at + 1)
          const above = [
            before.findLast((one) => one.type === 'section' || one.type === 'header'),
            // A row that names what somebody typed is rich text.
            before.findLast((one) => one.type === 'rich_text'),
          ]
          return [block, ...above].some((one) => one && near.test(blockText(one, nameOf)))
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

  constructor(person: Onlooker, channel: Channel, ts: string) {
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
      () => `${pattern} on the message:\n${this.gone ? '(gone)' : this.text()}`,
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
  constructor(person: Onlooker, id: string) {
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
      () => `${pattern} in the modal:\n${this.closed ? '(closed)' : this.text()}`,
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
      () => `${pattern} in App Home:\n${this.text()}`,
    )
    return this
  }
}
