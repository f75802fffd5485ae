import { type Card, type Choice, initialTyped } from '../cards.ts'
import { cardFor, type Dialog, findMessage, type Message, type PostedCard, type Typed } from '../world.ts'
import type { Actor } from './actor.ts'
import { conversationOf } from './messages.ts'

/** The place of a card: in a message (one of its attachments) or in the dialog. */
export type In =
  | { readonly message: { readonly conversation: string; readonly id: string; readonly card?: number } }
  | { readonly dialog: string }

/** A card in front of somebody. */
export type Surface = {
  readonly card: Card
  readonly conversation: NonNullable<ReturnType<typeof conversationOf>>
  /** Says apart what a typeahead offered here. */
  readonly key: string
} & (
  | { readonly kind: 'message'; readonly message: Message; readonly posted: PostedCard }
  | { readonly kind: 'dialog'; readonly dialog: Dialog; readonly message: Message | undefined }
)

export function findSurface(actor: Actor, place: In): Surface | undefined {
  const { tenant, user } = actor
  if ('dialog' in place) {
    const dialog = tenant.dialogs[user.id]
    const conversation = dialog && conversationOf(actor, dialog.conversation)
    if (dialog?.id !== place.dialog || !dialog.card || !conversation) return undefined
    const message = findMessage(conversation, dialog.message)
    return { kind: 'dialog', card: dialog.card, conversation, dialog, message, key: dialog.id }
  }
  const { id, card = 0 } = place.message
  const conversation = conversationOf(actor, place.message.conversation)
  const message = conversation && findMessage(conversation, id)
  const posted = message && !message.deleted ? message.cards[card] : undefined
  if (!conversation || !message || !posted) return undefined
  const key = `${conversation.id}/${id}/${card}`
  return { kind: 'message', card: cardFor(posted, user.id), conversation, message, posted, key }
}

export const typedIn = (surface: Surface, user: string): Typed =>
  surface.kind === 'dialog'
    ? surface.dialog.typed
    : (surface.posted.typed[user] ?? initialTyped(surface.card))

export function keepTyped(surface: Surface, user: string, typed: Typed): void {
  const all = { ...typedIn(surface, user), ...typed }
  if (surface.kind === 'dialog') surface.dialog.typed = all
  else surface.posted.typed[user] = all
}

const offerKey = (actor: Actor, surface: Surface, input: string): string =>
  [actor.tenant.id, actor.user.id, surface.key, input].join('\n')

export const offersOf = (actor: Actor, surface: Surface, input: string): readonly Choice[] =>
  actor.core.offers.get(offerKey(actor, surface, input)) ?? []

/** What was offered stays choosable, however often one searches on. */
export function keepOffers(actor: Actor, surface: Surface, input: string, choices: readonly Choice[]): void {
  const { offers } = actor.core
  offers.set(offerKey(actor, surface, input), [...offersOf(actor, surface, input), ...choices])
  if (offers.size > 2000) offers.delete(offers.keys().next().value!)
}
