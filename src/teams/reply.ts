import { randomUUID } from 'node:crypto'
import type { Block, Card, Text } from '../../blocks/card.ts'
import type { FormView } from '../../blocks/form.ts'
import type { Gesture, GestureOf, Reply } from '../gesture.ts'
import type { Intake } from '../intake.ts'
import type { Log } from '../ports.ts'
import type { InvokeAnswer } from './adapter.ts'
import { againData } from './again.ts'
import { type AdaptiveCard, type Message, messageOf } from './card.ts'
import { connectorErrorName, statusOf } from './failure.ts'
import { choiceOf } from './fields.ts'
import { type Dialog, renderForm, withAnswers } from './form.ts'
import type { Origin, Received } from './gesture.ts'
import { limits } from './limits.ts'
import type { PictureRoom } from './pictures.ts'
import type { Post } from './post.ts'
import { renderAdaptive, renderCard, renderDoorstep, renderNotice, wordsOf } from './render.ts'
import type { Sentences } from './sentences.ts'

/** The forms that are open, as they were shown (data/dialog.ts). */
export interface Dialogs {
  save(company: string, view: FormView): Promise<void>
  load(company: string, drawing: string): Promise<FormView | undefined>
}

export interface ReplyParts {
  readonly intake: Intake
  readonly post: Post
  readonly dialogs: Dialogs
  readonly log: Log
  readonly pictures: PictureRoom
  /** Where a file can be fetched for a while; `undefined` where there is no PUBLIC_URL. */
  readonly file?: (
    tenant: string,
    name: string,
    text: string,
  ) => Promise<{ url: string; minutes: number } | undefined>
  readonly commits: (action: string) => boolean
  readonly sentences: (origin: Pick<Origin, 'tenant' | 'user'>) => Promise<Sentences>
}

/** Ways to answer the person who made a gesture. */
export interface Answering {
  /** The answer to an invoke, in the invoke's own form. */
  answer(received: Received, reply: Reply): Promise<InvokeAnswer>
  /** What an invoke hears when the work failed or takes too long; a form stays with what was typed. */
  instead(received: Received, sentence: string): Promise<InvokeAnswer>
  /** Carries out the reply to words, or a reply that came too late for its invoke. Throws what the connector throws. */
  give(received: Received, reply: Reply): Promise<void>
  /** Says something to this person alone. */
  tell(origin: Origin, message: Message | Card): Promise<void>
  /** In a conversation of several: a card whose button shows the answer to whoever presses it, alone. */
  doorstep(origin: Origin, what: { command: string; text: string }): Promise<void>
}

/** Labels of offered options are remembered, so that a form drawn anew shows a chosen deal by its name. */
const labelsKept = 5_000

export function createAnswering(parts: ReplyParts): Answering {
  const { intake, post, dialogs, commits, pictures } = parts
  const labels = new Map<string, string>()

  async function form(
    { origin }: Received,
    view: FormView,
    errors?: Readonly<Record<string, string>>,
  ): Promise<InvokeAnswer> {
    const words = await parts.sentences(origin)
    await dialogs.save(origin.company, view)
    return showing(renderForm(view, { words, commits, ...(errors ? { errors } : {}) }))
  }

  /** The picture of a card's chart, if it is there before whoever pressed is told of an error. */
  const pictureOf = (origin: Origin, card: Card): Promise<string | undefined> =>
    pictures.of(origin.tenant, card, (picture) => renderCard(card, { commits, picture }), 1_500)

  async function asMessage(origin: Origin, card: Card): Promise<AdaptiveCard> {
    const picture = await pictureOf(origin, card)
    return renderAdaptive(card, { kind: 'message', commits, ...(picture === undefined ? {} : { picture }) })
  }

  /** The card with a link to the file, which runs out; without an address to give, with a sentence why. */
  async function withFile(origin: Origin, file: Extract<Reply, { kind: 'file' }>): Promise<Card> {
    const words = await parts.sentences(origin)
    const place = await parts.file?.(origin.tenant, file.name, file.text).catch((error: unknown) => {
      parts.log.warn({ err: error }, 'a file could not be handed over')
      return undefined
    })
    const text: Text = place
      ? [{ link: file.name, url: place.url }, ` · ${words.fileRunsOut(place.minutes)}`]
      : [{ user: words.fileNotHere }]
    return { ...file.card, blocks: [...file.card.blocks, { kind: 'text', text }] }
  }

  async function notice({ origin }: Received, card: Card): Promise<InvokeAnswer> {
    const words = await parts.sentences(origin)
    return showing(renderNotice(words.notice, card, commits, await pictureOf(origin, card)))
  }

  /** The form that was sent in, with what was typed; `undefined` when nobody knows it any more. */
  async function typed(received: Received): Promise<FormView | undefined> {
    const { gesture, origin } = received
    if (gesture.kind !== 'submit' && gesture.kind !== 'change') return undefined
    const shown = gesture.drawing ? await dialogs.load(origin.company, gesture.drawing) : undefined
    if (shown && shown.form !== gesture.form) return undefined
    const live = !shown || shown.items.some((item) => item.kind === 'field' && item.field.live)
    if (live && gesture.kind === 'submit') {
      // A form with a preview is drawn by its handler, from the answers as they are now.
      const change: GestureOf<'change'> = { ...gesture, kind: 'change', key: `${gesture.key}:kept` }
      const reply = await intake.take(change)
      if (reply.kind === 'redraw') return reply.view
    }
    if (!shown) return undefined
    return withAnswers(shown, gesture.answers, (field, value) =>
      labels.get(labelKey(origin, gesture.form, field, value)),
    )
  }

  async function keep(received: Received, errors: Readonly<Record<string, string>>): Promise<InvokeAnswer> {
    const view = await typed(received)
    if (view) return form(received, view, errors)
    const words = await parts.sentences(received.origin)
    return notice(received, sentencesCard([...Object.values(errors), words.outOfDate]))
  }

  async function dialog(received: Received, reply: Reply): Promise<InvokeAnswer> {
    switch (reply.kind) {
      case 'open':
        return form(received, reply.view)
      case 'redraw':
        return form(received, reply.view, reply.errors)
      case 'field-errors':
        return received.way === 'submit' && received.gesture.kind === 'submit'
          ? keep(received, reply.errors)
          : notice(received, sentencesCard(Object.values(reply.errors)))
      case 'say':
      case 'home':
        return notice(received, reply.card)
      case 'file':
        return notice(received, await withFile(received.origin, reply))
      case 'close':
        if (reply.say) return notice(received, reply.say)
        return closed(received)
      case 'nothing':
        // A first step that nothing answers keeps the form; a press in a dialog has done its work.
        return received.gesture.kind === 'change' ? keep(received, {}) : closed(received)
      case 'options':
        return closed(received)
      default:
        return unknownReply(reply)
    }
  }

  async function closed({ way, origin }: Received): Promise<InvokeAnswer> {
    // An empty answer closes the dialog that was sent in; one that is only being opened says a word instead.
    if (way === 'submit') return { status: 200 }
    const words = await parts.sentences(origin)
    return { status: 200, body: { task: { type: 'message', value: words.done } } }
  }

  /** An Action.Execute: a card takes the place of the one that was pressed, for the presser alone; words stand beside it. */
  async function action(received: Received, reply: Reply): Promise<InvokeAnswer> {
    const words = await parts.sentences(received.origin)
    const card =
      reply.kind === 'file'
        ? await withFile(received.origin, reply)
        : reply.kind === 'say' || reply.kind === 'home'
          ? reply.card
          : reply.kind === 'close'
            ? reply.say
            : undefined
    if (received.way === 'auto')
      // The client asked by itself: where there is no card of the viewer's own, the common one stays.
      return card && isRich(card)
        ? executed(cardType, await asMessage(received.origin, card))
        : executed(messageType, '')
    if (card)
      return isRich(card)
        ? executed(cardType, await asMessage(received.origin, card))
        : executed(messageType, wordsOf(card))
    switch (reply.kind) {
      case 'field-errors':
        return executed(messageType, Object.values(reply.errors).join(' '))
      case 'open':
      case 'redraw':
        return executed(messageType, words.outOfDate)
      default:
        return executed(messageType, words.done)
    }
  }

  function search({ gesture, origin }: Received, reply: Reply): InvokeAnswer {
    const options = reply.kind === 'options' ? reply.options.slice(0, limits.found) : []
    if (gesture.kind === 'search')
      for (const option of options) {
        if (labels.size >= labelsKept) labels.delete(labels.keys().next().value as string)
        labels.set(labelKey(origin, gesture.form, gesture.field, option.value), option.label)
      }
    return {
      status: 200,
      body: {
        statusCode: 200,
        type: 'application/vnd.microsoft.search.searchResponse',
        value: { results: options.map(choiceOf) },
      },
    }
  }

  async function tell(origin: Origin, what: Message | Card): Promise<void> {
    const message = 'attachments' in what ? what : messageOf(await asMessage(origin, what), what.summary)
    const conversation =
      origin.kind === 'personal' ? origin.channel : await post.personal(origin.tenant, origin.user)
    await post.send(origin.tenant, conversation, message)
  }

  return {
    tell,
    async answer(received, reply) {
      switch (received.way) {
        case 'fetch':
        case 'submit':
          return dialog(received, reply)
        case 'action':
        case 'auto':
          return action(received, reply)
        case 'search':
          return search(received, reply)
        case 'message':
          return { status: 200 }
      }
    },

    async instead(received, sentence) {
      switch (received.way) {
        case 'submit':
          return keep(received, { '': sentence })
        case 'fetch':
          return notice(received, sentencesCard([sentence]))
        case 'action':
          return executed(messageType, sentence)
        case 'search':
          // An empty list within the time is honest; no answer would spin and say “error”.
          return search(received, { kind: 'options', options: [] })
        default:
          return { status: 200 }
      }
    },

    async give(received, reply) {
      const { gesture, origin } = received
      switch (reply.kind) {
        case 'nothing':
        case 'options':
          return
        case 'say':
        case 'home':
          return tell(origin, reply.card)
        case 'file':
          return tell(origin, await withFile(origin, reply))
        case 'close':
          return reply.say ? tell(origin, reply.say) : undefined
        case 'field-errors':
          return tell(origin, sentencesCard(Object.values(reply.errors)))
        case 'open':
        case 'redraw': {
          const words = await parts.sentences(origin)
          const data = pressOf(gesture)
          if (!data) return
          const said = gesture.kind === 'command' ? gesture.text : ''
          return tell(
            origin,
            renderDoorstep(words, { title: reply.view.title, text: said, data, privately: false }),
          )
        }
        default:
          return unknownReply(reply)
      }
    },

    async doorstep(origin, { command, text }) {
      const words = await parts.sentences(origin)
      const message = renderDoorstep(words, {
        title: command,
        text,
        data: againData(command, text),
        privately: true,
      })
      await post.send(origin.tenant, origin.conversation, message)
    },
  }
}

/** What a button must carry to make the same gesture once more. */
function pressOf(gesture: Gesture): Record<string, unknown> | undefined {
  if (gesture.kind === 'command') return againData(gesture.command, gesture.text)
  if (gesture.kind !== 'button') return undefined
  const { action, drawing, choice } = gesture
  return { action, drawing, ...(choice ? { choice } : {}) }
}

const labelKey = (origin: Origin, form: string, field: string, value: string) =>
  JSON.stringify([origin.tenant, form, field, value])

const showing = ({ title, width, height, card }: Dialog): InvokeAnswer => ({
  status: 200,
  body: { task: { type: 'continue', value: { title, width, height, card } } },
})

const cardType = 'application/vnd.microsoft.card.adaptive'
const messageType = 'application/vnd.microsoft.activity.message'

const executed = (type: typeof cardType | typeof messageType, value: unknown): InvokeAnswer => ({
  status: 200,
  body: { statusCode: 200, type, value },
})

const pressable: ReadonlySet<Block['kind']> = new Set([
  'buttons',
  'row',
  'choice',
  'facts',
  'route',
  'chart',
  'table',
])

/** More than a sentence: something to press or to read through. */
const isRich = (card: Card): boolean => card.blocks.some((block) => pressable.has(block.kind))

/** Sentences of ours as a card. */
export const sentencesCard = (sentences: readonly string[]): Card => ({
  summary: sentences.join(' '),
  blocks: sentences.map((sentence) => ({ kind: 'text', text: [sentence] })),
})

/** Writes one line with an id for the log; the person hears the same id, and nothing of the error itself (B5.87). */
export function logFailure(
  log: Log,
  gesture: Pick<Gesture, 'kind' | 'tenant' | 'user'>,
  error: unknown,
): string {
  const id = randomUUID().slice(0, 8)
  log.error(
    {
      id,
      kind: gesture.kind,
      tenant: gesture.tenant,
      user: gesture.user,
      teams: connectorErrorName(error) ?? statusOf(error),
      err: error instanceof Error ? new Error(error.message) : new Error(String(error)),
    },
    'teams gesture failed',
  )
  return id
}

function unknownReply(reply: never): never {
  throw new Error(`nothing gives ${JSON.stringify(reply)} on Teams`)
}
