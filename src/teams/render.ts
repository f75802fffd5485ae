import type { Card } from '../../blocks/card.ts'
import { plain } from '../../blocks/text.ts'
import { clean, short } from '../text.ts'
import { type AdaptiveCard, cardOf, contentType, type Message, messageOf, summaryOf } from './card.ts'
import { Drawer, type Surface } from './drawer.ts'
import type { Dialog } from './form.ts'
import { limits } from './limits.ts'
import type { Sentences } from './sentences.ts'
import { paragraphs } from './spans.ts'

/** A card as a message. */
export function renderCard(card: Card, surface: Omit<Surface, 'kind'>): Message {
  return messageOf(renderAdaptive(card, { ...surface, kind: 'message' }), card.summary)
}

/** A card as what an Action.Execute is answered with, or as the content of a dialog. */
export function renderAdaptive(card: Card, surface: Surface): AdaptiveCard {
  const drawer = new Drawer(surface)
  const body = card.blocks.flatMap((block) => drawer.block(block))
  const refresh = surface.refresh
  const more = {
    fallbackText: summaryOf(card.summary),
    ...(refresh && refresh.userIds.length > 0
      ? {
          refresh: {
            action: {
              type: 'Action.Execute',
              title: '↻',
              verb: refresh.action,
              data: { action: refresh.action, drawing: refresh.drawing },
            },
            userIds: refresh.userIds.slice(0, limits.refresh),
          },
        }
      : {}),
  }
  return cardOf(body.length > 0 ? body : paragraphs([{ user: card.summary }]), more, drawer.mentions)
}

/** A card in a dialog: what there is to say where a dialog was opened, and where a form was. */
export function renderNotice(
  title: string,
  card: Card,
  commits: Surface['commits'],
  picture?: string,
): Dialog {
  const { heading, body } = headed(card)
  return {
    title: heading ?? (short(title, limits.dialog.title) || '—'),
    width: 'medium',
    height: card.blocks.length > 6 ? 'large' : 'medium',
    card: {
      contentType,
      content: renderAdaptive(body, {
        kind: 'dialog',
        commits,
        ...(picture === undefined ? {} : { picture }),
      }),
    },
  }
}

/** What a card is called, where it begins with that and a dialog's title holds it; and the card without it. */
function headed(card: Card): { readonly heading?: string; readonly body: Card } {
  const [first, ...blocks] = card.blocks
  const text = first?.kind === 'title' ? first.text : first?.kind === 'heading' ? plain(first.text) : ''
  const heading = clean(text).replace(/\s+/gu, ' ').trim()
  return heading && heading.length <= limits.dialog.title && blocks.length > 0
    ? { heading, body: { ...card, blocks } }
    : { body: card }
}

/** The card that stands for a form or an answer that only a press can open: Teams opens no dialog from words. */
export function renderDoorstep(
  words: Sentences,
  what: {
    readonly title: string
    /** What the person typed, so that they know which of several buttons is which. */
    readonly text: string
    /** What a press does. */
    readonly data: Readonly<Record<string, unknown>>
    readonly privately: boolean
  },
): Message {
  const title = short(what.title, limits.title)
  const sentence = what.privately ? words.openPrivately : words.openHere
  const said = short(what.text, 120)
  return messageOf(
    cardOf([
      ...paragraphs([{ user: said ? `${title}: ${said}` : title }], { weight: 'Bolder' }),
      ...paragraphs([sentence], { isSubtle: true, size: 'Small' }),
      {
        type: 'ActionSet',
        actions: [
          {
            type: 'Action.Submit',
            title: short(what.privately ? words.openMine : words.open, limits.button),
            style: 'positive',
            data: { msteams: { type: 'task/fetch' }, ...what.data },
          },
        ],
      },
    ]),
    `${title} · ${sentence}`,
  )
}

/** A card as words alone, for answers that can hold nothing else; a client that sees markup in them finds none (B5.59). */
export const wordsOf = (card: Card): string =>
  short(card.summary, 600).replace(/\]\(/g, '] (').replaceAll('<', '‹').replaceAll('>', '›') || '—'
