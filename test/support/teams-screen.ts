import {
  actionsOf,
  type Choice,
  choicesOf,
  inputsOf,
  isDynamic,
  type Json,
  partsOf,
  withActionIds,
} from '../../src/playground/teams/cards.ts'
import type { Forge } from '../../src/playground/teams/link.ts'
import type { Actor, Done } from '../../src/playground/teams/people/actor.ts'
import { look, press, refresh, search, type as typeIn } from '../../src/playground/teams/people/cards.ts'
import { closeDialog } from '../../src/playground/teams/people/dialogs.ts'
import { edit, say, setDeleted } from '../../src/playground/teams/people/messages.ts'
import { findSurface, type In, offersOf, typedIn } from '../../src/playground/teams/people/surface.ts'
import {
  type Conversation as ConversationState,
  cardFor,
  type Dialog as DialogState,
  findMessage,
  type Message,
  type Typed,
} from '../../src/playground/teams/world.ts'
import { must } from './teams-could-not.ts'
import { cardText, liveMarkup, plain } from './teams-text.ts'
import { until } from './until.ts'

/** Whose screen it is. */
export interface Onlooker {
  readonly id: string
  readonly actor: Actor
  readonly forge: Forge | undefined
}

/** A personal chat, a group chat, a channel, or the replies to a post of one. */
export class Conversation {
  readonly person: Onlooker
  readonly state: ConversationState
  readonly root: string | undefined

  constructor(person: Onlooker, state: ConversationState, root?: string) {
    this.person = person
    this.state = state
    this.root = root
  }

  /** What they see here, oldest first; of a channel its posts, of a post its replies. */
  messages(): Card[] {
    return this.state.messages
      .filter((message) => message.deleted !== true && message.root === this.root)
      .map((message) => new Card(this.person, this.state, message.id))
  }

  /** A place in time: `waitForCard(…, { after: chat.mark() })` takes only what comes later. */
  mark(): string {
    return this.state.messages.at(-1)?.id ?? ''
  }

  /** Opens it: nothing is unread any more, and cards fetch this person's own view. */
  async look(): Promise<this> {
    await must('look', look(this.person.actor, this.state.id))
    return this
  }

  /** Waits for a message whose visible text matches; the newest, when there are several. They look while they wait. */
  async waitForCard(pattern: RegExp, options: { after?: string } = {}): Promise<Card> {
    const { core, user } = this.person.actor
    const after = Number(options.after ?? 0)
    const found = await until(
      core,
      () => {
        void look(this.person.actor, this.state.id)
        return this.messages()
          .reverse()
          .find((card) => Number(card.id) > after && pattern.test(card.text()))
      },
      () =>
        `a message ${pattern} for ${user.name} in ${this.state.name}; there are:\n${this.messages()
          .map((card) => card.text())
          .join('\n--\n')}`,
    )
    // The view of their own, when the card has one for them, is there before anything is read on it.
    await look(this.person.actor, this.state.id)
    return found
  }

  async say(text: string): Promise<Card> {
    const { id } = await must(`say “${text}”`, this.trySay(text))
    return new Card(this.person, this.state, id)
  }
  trySay(text: string): Promise<Done<{ id: string }>> {
    const where = {
      conversation: this.state.id,
      text,
      ...(this.root === undefined ? {} : { root: this.root }),
    }
    return say(this.person.actor, where, this.person.forge)
  }

  /** Says it to the app: with its mention in front. */
  mention(text: string): Promise<Card> {
    return this.say(`@${this.person.actor.core.world.app.name} ${text}`.trim())
  }
}

/** What has a card to read, to fill in and to press. */
abstract class Surface {
  readonly person: Onlooker
  constructor(person: Onlooker) {
    this.person = person
  }
  protected abstract place(): In
  /** The card as this person sees it. */
  abstract content(): Json | undefined

  protected typed(): Typed {
    const surface = findSurface(this.person.actor, this.place())
    return surface ? typedIn(surface, this.person.id) : {}
  }
  #offers(input: string): readonly Choice[] {
    const surface = findSurface(this.person.actor, this.place())
    return surface ? offersOf(this.person.actor, surface, input) : []
  }

  protected readCard(): string {
    const card = this.content()
    return card ? cardText(card, this.typed(), (input) => this.#offers(input)) : ''
  }

  /** Every action, in reading order, hidden ones too; each with an id. */
  actions(): Json[] {
    const card = this.content()
    return card ? actionsOf(withActionIds(card)).filter((action) => action.title !== undefined) : []
  }
  /** Their labels. */
  buttons(): string[] {
    return this.actions().map((action) => String(action.title))
  }

  /** Whom it calls: names of people, as they stand in the card. */
  calls(): string[] {
    const { entities } = (this.content()?.msteams ?? {}) as { entities?: { mentioned: { name: string } }[] }
    return (entities ?? []).map(({ mentioned }) => mentioned.name)
  }

  /** Links and mentions that are live on it (B5.59). */
  live(): string[] {
    const card = this.content()
    return card ? liveMarkup(card) : []
  }

  /** An action by title, verb, `data.action` or id; `near` chooses among several alike by what stands around them. */
  action(wanted: string, options: { near?: RegExp } = {}): Json {
    const { near } = options
    const fits = this.actions().filter((action) => {
      const data = (action.data ?? {}) as Json
      return [action.title, action.verb, action.id, data.action].includes(wanted)
    })
    const found = near ? fits.find((action) => this.#around(action, near)) : fits[0]
    if (!found)
      throw new Error(
        `There is no “${wanted}”${near ? ` near ${near}` : ''} on:\n${this.readCard()}\n(${this.buttons().join(', ')})`,
      )
    return found
  }

  /** The smallest container (or the element above) around an action says this. */
  #around(action: Json, near: RegExp): boolean {
    const card = withActionIds(this.content()!)
    const holders = [...partsOf(card)].filter(
      (part) =>
        !String(part.type).startsWith('Action') && actionsOf(part).some((one) => one.id === action.id),
    )
    const inner = holders.toReversed().find((holder) => {
      const words = cardText({ body: [holder] })
      return words.replaceAll(/\[[^\]]*\]/g, '').trim() !== ''
    })
    if (inner && inner.type !== 'AdaptiveCard') return near.test(cardText({ body: [inner] }))
    const body = card.body as Json[]
    const at = body.findIndex((element) => actionsOf(element).some((one) => one.id === action.id))
    return near.test(cardText({ body: body.slice(Math.max(0, at - 1), at + 1) }))
  }

  /** Presses an action. One that only unfolds a question shows it: press the answer next. */
  async press(wanted: string, options: { near?: RegExp } = {}): Promise<void> {
    await must(`press ${wanted}`, this.tryPress(wanted, options))
  }
  tryPress(wanted: string, options: { near?: RegExp } = {}): Promise<Done> {
    const action = this.action(wanted, options)
    return press(this.person.actor, { in: this.place(), action: String(action.id) }, this.person.forge)
  }

  /** The ids of its inputs. */
  fields(): string[] {
    const card = this.content()
    return card ? inputsOf(card).map((input) => String(input.id)) : []
  }
  /** An input by id or label. */
  protected field(wanted: string): Json {
    const card = this.content()
    const inputs = card ? inputsOf(card) : []
    const bare = (label: unknown) => String(label).replace(/\s*\*$/, '')
    const found = inputs.find(
      (input) => input.id === wanted || bare(input.label) === wanted || input.title === wanted,
    )
    if (!found) throw new Error(`There is no field “${wanted}” on:\n${this.readCard()}`)
    return found
  }
  /** What stands in a field: text, date, or the label of what is chosen. */
  value(wanted: string): string {
    const input = this.field(wanted)
    const id = String(input.id)
    const value = this.typed()[id] ?? String(input.value ?? '')
    const known = [...choicesOf(input), ...this.#offers(id)]
    return known.find((choice) => choice.value === value)?.title ?? value
  }

  /** What the app offers in a typeahead for these letters. */
  async search(wanted: string, query: string): Promise<readonly Choice[]> {
    const { choices } = await must(`search “${query}”`, this.trySearch(wanted, query))
    return choices
  }
  trySearch(wanted: string, query: string): Promise<Done<{ choices: readonly Choice[] }>> {
    const input = String(this.field(wanted).id)
    return search(this.person.actor, { in: this.place(), input, query }, this.person.forge)
  }

  /** Types and chooses, field by field: labels in menus, searching where the app offers the choices. '' empties. */
  async fill(answers: Readonly<Record<string, string | readonly string[]>>): Promise<this> {
    const typed: Record<string, string> = {}
    for (const [name, answer] of Object.entries(answers)) {
      const input = this.field(name)
      const wanted = typeof answer === 'string' ? [answer] : answer
      const values = await Promise.all(wanted.map((one) => this.#valueFor(name, input, one)))
      typed[String(input.id)] = values.join(',')
    }
    await must('type', typeIn(this.person.actor, this.place(), typed))
    return this
  }

  async #valueFor(name: string, input: Json, wanted: string): Promise<string> {
    if (input.type === 'Input.Toggle')
      return wanted === 'true' || wanted === 'on'
        ? String(input.valueOn ?? 'true')
        : String(input.valueOff ?? 'false')
    if (input.type !== 'Input.ChoiceSet' || wanted === '') return wanted
    const fits = (pool: readonly Choice[]) =>
      pool.find((choice) => choice.value === wanted || choice.title === wanted) ??
      pool.find((choice) => choice.title.toLowerCase().includes(wanted.toLowerCase()))
    const there = [...choicesOf(input), ...this.#offers(String(input.id))]
    const pool = fits(there) || !isDynamic(input) ? there : await this.search(name, wanted)
    const found = fits(pool)
    if (!found)
      throw new Error(
        `“${wanted}” is not offered; there is: ${pool.map((one) => one.title).join(' | ') || 'nothing'}`,
      )
    return found.value
  }
}

/** A message; the handle follows it as it changes. */
export class Card extends Surface {
  readonly conversation: ConversationState
  readonly id: string

  constructor(person: Onlooker, conversation: ConversationState, id: string) {
    super(person)
    this.conversation = conversation
    this.id = id
  }

  get message(): Message {
    const message = findMessage(this.conversation, this.id)
    if (!message || message.deleted) throw new Error('This message is gone')
    return message
  }
  get gone(): boolean {
    const message = findMessage(this.conversation, this.id)
    return !message || message.deleted === true
  }
  protected place(): In {
    return { message: { conversation: this.conversation.id, id: this.id } }
  }
  content(): Json | undefined {
    const posted = this.message.cards[0]
    return posted && cardFor(posted, this.person.id)
  }
  /** It shows what only this person sees (Action.Execute, refresh). */
  get own(): boolean {
    return this.message.cards[0]?.views[this.person.id] !== undefined
  }
  /** What a person reads: the words, then the card. */
  text(): string {
    const { text, textFormat } = this.message
    const words = textFormat === 'markdown' ? plain(text) : text.replaceAll(/<\/?at>/g, '')
    return [words, this.readCard()].filter((part) => part !== '').join('\n')
  }
  /** What a notification says. */
  summary(): string {
    return this.message.summary ?? this.message.text
  }
  get edited(): boolean {
    return this.message.editedAt !== undefined
  }
  /** Teams' own line under the card. */
  error(): string | undefined {
    return this.message.cards[0]?.errors[this.person.id]
  }

  /** Waits until its visible text matches; they look while they wait. */
  async waitFor(pattern: RegExp): Promise<this> {
    await until(
      this.person.actor.core,
      () => {
        void look(this.person.actor, this.conversation.id)
        return !this.gone && pattern.test(this.text())
      },
      () => `${pattern} on the message:\n${this.gone ? '(gone)' : this.text()}`,
    )
    return this
  }
  /** Waits until it offers nothing to press. */
  async settled(): Promise<this> {
    await until(this.person.actor.core, () => this.buttons().length === 0, 'the message to have no buttons')
    return this
  }

  /** The replies under it, in a channel. */
  thread(): Conversation {
    return new Conversation(this.person, this.conversation, this.message.root ?? this.id)
  }
  /** “Refresh card”. */
  async refresh(): Promise<this> {
    await must('refresh', refresh(this.person.actor, { conversation: this.conversation.id, id: this.id }))
    return this
  }
  async edit(text: string): Promise<void> {
    await must('edit', edit(this.person.actor, { conversation: this.conversation.id, id: this.id, text }))
  }
  /** Deletes it in Teams (B5.55). */
  async remove(): Promise<void> {
    const where = { conversation: this.conversation.id, id: this.id }
    await must('delete', setDeleted(this.person.actor, where, true))
  }
}

/** The dialog in front of somebody; the handle follows it over redraws. */
export class Dialog extends Surface {
  readonly id: string
  constructor(person: Onlooker, id: string) {
    super(person)
    this.id = id
  }

  get open(): DialogState {
    const open = this.person.actor.tenant.dialogs[this.person.id]
    if (open?.id !== this.id) throw new Error('This dialog is closed')
    return open
  }
  get closed(): boolean {
    return this.person.actor.tenant.dialogs[this.person.id]?.id !== this.id
  }
  protected place(): In {
    return { dialog: this.id }
  }
  content(): Json | undefined {
    return this.open.card ?? undefined
  }
  get title(): string {
    return this.open.title
  }
  text(): string {
    return this.open.text ?? this.readCard()
  }
  /** The sentences of the client itself under the fields; the app's own stand in the text. */
  errors(): Readonly<Record<string, string>> {
    return this.open.errors
  }
  error(): string | undefined {
    return this.open.error
  }

  /** Presses the action at the end that goes on: the first one, or the one named. */
  async continue(wanted?: string): Promise<this> {
    await must(`continue “${this.title}”`, this.trySubmit(wanted))
    if (this.closed) throw new Error('The dialog was to be drawn again, but closed')
    return this
  }
  /** Submits; throws, with what the dialog says, when it stays open with another card. */
  async submit(wanted?: string): Promise<void> {
    const { title } = this
    await must(`submit “${title}”`, this.trySubmit(wanted))
    if (!this.closed && this.open.text === undefined)
      throw new Error(`“${title}” did not close; it says:\n${this.text()}`)
  }
  /** Presses its first action, or the one named, and tells what Teams showed. */
  trySubmit(wanted?: string): Promise<Done> {
    const first = this.actions().find((action) => action.type === 'Action.Submit')
    const title = wanted ?? (first === undefined ? undefined : String(first.title))
    if (title === undefined) throw new Error(`There is nothing to submit on:\n${this.text()}`)
    return this.tryPress(title)
  }
  async close(): Promise<void> {
    await must('close', closeDialog(this.person.actor, this.id))
  }

  /** Waits until its visible text matches. */
  async waitFor(pattern: RegExp): Promise<this> {
    await until(
      this.person.actor.core,
      () => !this.closed && pattern.test(`${this.title}\n${this.text()}`),
      () => `${pattern} in the dialog:\n${this.closed ? '(closed)' : this.text()}`,
    )
    return this
  }
}
