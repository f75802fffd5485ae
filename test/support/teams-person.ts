import type { Forge } from '../../src/playground/teams/link.ts'
import type { Actor } from '../../src/playground/teams/people/actor.ts'
import {
  deleteChannel,
  install,
  openChat,
  setActive,
  setBlocked,
  setLocale,
  setMember,
  uninstall,
  type Where,
} from '../../src/playground/teams/people/places.ts'
import { plantUser, type TeamsUserSeed } from '../../src/playground/teams/seed.ts'
import type { Conversation as ConversationState } from '../../src/playground/teams/world.ts'
import { must } from './teams-could-not.ts'
import { Card, Conversation, Dialog } from './teams-screen.ts'
import { until } from './until.ts'

/** Somebody in front of Teams. */
export class Persona {
  readonly actor: Actor
  readonly #forge: Forge | undefined

  constructor(actor: Actor, forge?: Forge) {
    this.actor = actor
    this.#forge = forge
  }

  /** Their Entra object id. */
  get id(): string {
    return this.actor.user.id
  }
  get forge(): Forge | undefined {
    return this.#forge
  }

  /** The same person with a client that changes activities before Teams sends them (B5.35–37). */
  forging(forge: Forge): Persona {
    return new Persona(this.actor, forge)
  }

  /** Their chat with the app. */
  chat(): Conversation {
    const { conversation } = openChat(this.actor) as { conversation: string }
    return new Conversation(this, this.actor.tenant.conversations[conversation]!)
  }
  /** Says something to the app, in their chat with it. */
  say(text: string): Promise<Card> {
    return this.chat().say(text)
  }

  /** A channel by name (of any team they are in) or id; `Team › Channel` where names repeat. */
  channel(name: string): Conversation {
    return new Conversation(this, this.#place(name, 'channel'))
  }
  groupChat(name: string): Conversation {
    return new Conversation(this, this.#place(name, 'groupChat'))
  }
  /** The same message as this person sees it. */
  message(other: Card): Card {
    return new Card(this, other.conversation, other.id)
  }

  #place(name: string, kind: ConversationState['kind']): ConversationState {
    const { tenant } = this.actor
    const [last, team] = name.split(' › ').reverse()
    const found = Object.values(tenant.conversations).find(
      (one) =>
        one.kind === kind &&
        (one.id === name || one.name === last) &&
        (team === undefined || tenant.teams[one.team ?? '']?.name === team),
    )
    if (!found) throw new Error(`There is no ${kind} ${name}`)
    return found
  }

  /** The dialog in front of them, when there is one that is drawn. */
  dialogs(): Dialog[] {
    const open = this.actor.tenant.dialogs[this.id]
    return open ? [new Dialog(this, open.id)] : []
  }
  /** Waits for a dialog in front of them (whose title or text matches, when given). */
  dialog(pattern?: RegExp): Promise<Dialog> {
    return until(
      this.actor.core,
      () => {
        const open = this.actor.tenant.dialogs[this.id]
        if (!open || open.busy) return undefined
        const dialog = new Dialog(this, open.id)
        return !pattern || pattern.test(`${dialog.title}\n${dialog.text()}`) ? dialog : undefined
      },
      () => {
        const [open] = this.dialogs()
        const there = open ? `“${open.title}”\n${open.error() ?? open.text()}` : 'none'
        return `a dialog${pattern ? ` ${pattern}` : ''} in front of ${this.actor.user.name}; there is ${there}`
      },
    )
  }
  /** Waits until no dialog is open. */
  async noDialog(): Promise<void> {
    await until(this.actor.core, () => this.dialogs().length === 0, 'the dialog to be closed')
  }

  #where(place: string | undefined): Where {
    if (place === undefined) return { conversation: this.chat().state.id }
    const team = Object.values(this.actor.tenant.teams).find((one) => one.name === place || one.id === place)
    return team ? { team: team.id } : { conversation: this.#place(place, 'groupChat').id }
  }
  /** Installs the app: in their own chat (left out), a team or a group chat by name. */
  async install(place?: string): Promise<void> {
    await must('install', install(this.actor, this.#where(place)))
  }
  async uninstall(place?: string): Promise<void> {
    await must('uninstall', uninstall(this.actor, this.#where(place)))
  }
  async block(): Promise<void> {
    await must('block', setBlocked(this.actor, true))
  }
  async unblock(): Promise<void> {
    await must('unblock', setBlocked(this.actor, false))
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
  async deleteChannel(name: string): Promise<void> {
    await must('delete the channel', deleteChannel(this.actor, this.#place(name, 'channel').id))
  }
  async add(place: string, target: string): Promise<void> {
    await must('add', setMember(this.actor, this.#where(place), target, true))
  }
  async remove(place: string, target: string): Promise<void> {
    await must('remove', setMember(this.actor, this.#where(place), target, false))
  }
  /** Somebody new in the tenant. */
  welcome(seed: TeamsUserSeed): void {
    const { core, tenant } = this.actor
    plantUser(core.world, tenant, seed, core.settings.now())
  }
}
