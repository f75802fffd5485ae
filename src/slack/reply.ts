import { randomUUID } from 'node:crypto'
import type { ModalView } from '@slack/types'
import type { Card } from '../../blocks/card.ts'
import type { FormView } from '../../blocks/form.ts'
import type { Gesture, Reply } from '../gesture.ts'
import { byteOrderMark } from '../published.ts'
import { againAction, againValue } from './again.ts'
import type { Clients } from './clients.ts'
import { slackErrorName } from './failure.ts'
import type { Origin, Received } from './gesture.ts'
import type { Log } from './log.ts'
import type { PictureRoom } from './pictures.ts'
import { type Message, renderCard, renderForm, renderHome, renderNotice } from './render.ts'
import { respond } from './respond.ts'
import type { Sentences } from './sentences.ts'
import { upload } from './upload.ts'

export interface ReplyParts {
  readonly clients: Clients
  readonly apiUrl: string
  readonly log: Log
  readonly pictures: PictureRoom
  readonly sentences: (origin: Origin) => Promise<Sentences>
}

/** Ways to answer the person who made a gesture, after it was acknowledged. */
export interface Answering {
  /** Carries a reply out. Never throws: what fails is told to the person and to the log. */
  give(received: Received, reply: Reply): Promise<void>
  /** Says something to this person alone. */
  tell(origin: Origin, message: Message | Card): Promise<void>
  /** A newer change of the same form has come in: what older ones would draw is dropped. */
  changed(origin: Origin): () => boolean
}

const triggerGone: ReadonlySet<string> = new Set([
  'expired_trigger_id',
  'trigger_expired',
  'exchanged_trigger_id',
  'trigger_exchanged',
  'invalid_trigger',
  'invalid_trigger_id',
])
/** The form was closed, or the person typed on: there is nothing left to redraw, and the next change brings its own (B5.41). */
const viewGone: ReadonlySet<string> = new Set(['hash_conflict', 'not_found', 'view_not_found', 'view_closed'])

/** Half an hour of open forms is remembered, so that an answer finds its way back to where a form was opened from. */
const remembered = { count: 5_000, ms: 30 * 60_000 }

interface OpenForm {
  readonly from: Origin
  readonly until: number
  /** Changes that have come in, so that only the newest is drawn. */
  changes: number
  /** Slack's hash after our last redraw. */
  hash?: string
  last: Promise<void>
}

export function createAnswering(parts: ReplyParts): Answering {
  const { clients, apiUrl, log, pictures } = parts
  const forms = new Map<string, OpenForm>()

  function remember(view: string, from: Origin, hash: string | undefined): OpenForm {
    const known = forms.get(view)
    const form: OpenForm = known ?? {
      from,
      until: Date.now() + remembered.ms,
      changes: 0,
      last: Promise.resolve(),
    }
    if (hash !== undefined) form.hash = hash
    if (!known) {
      forms.set(view, form)
      for (const [id, old] of forms) {
        if (forms.size <= remembered.count && old.until > Date.now()) break
        forms.delete(id)
      }
    }
    return form
  }

  /** The gesture’s own way back, or that of the button or command its form was opened from. */
  function wayBack(origin: Origin): Origin {
    const from = origin.view ? forms.get(origin.view.id)?.from : undefined
    return from && from.user === origin.user
      ? { ...from, view: origin.view, trigger: origin.trigger }
      : origin
  }

  async function tell(origin: Origin, what: Message | Card): Promise<void> {
    const back = wayBack(origin)
    const dm = back.channel?.startsWith('D') ? back.channel : undefined
    // Most private first, and each without its pictures if Slack does not take them.
    const eyesOnly = 'text' in what ? [what] : await told(origin.tenant, what)
    const chart = !('text' in what) && eyesOnly.length === 1 && hasChart(what)
    // Where only words could be shown privately, the DM shows the picture: nobody else reads there either.
    if (back.responseUrl && !(dm && chart))
      for (const message of eyesOnly) if (await respond(back.responseUrl, apiUrl, message)) return
    const client = await clients.of(origin.tenant)
    const quiet = { unfurl_links: false, unfurl_media: false, link_names: false }
    const thread = back.thread ? { thread_ts: back.thread } : {}
    if (back.channel && !dm) {
      for (const message of eyesOnly)
        try {
          const { channel } = back
          await client.chat.postEphemeral({ channel, user: origin.user, ...thread, ...message, ...quiet })
          return
        } catch (error) {
          // Not a member of that channel: the DM is left.
          log.debug({ error: slackErrorName(error) }, 'slack ephemeral not posted')
          if (slackErrorName(error) !== 'invalid_blocks') break
        }
    }
    const channel = dm ?? (await client.conversations.open({ users: origin.user })).channel?.id
    if (!channel) throw new Error('conversations.open gave no channel')
    const post = (message: Message) =>
      client.chat.postMessage({ channel, ...(dm ? thread : {}), ...message, ...quiet })
    if ('text' in what || !hasChart(what)) {
      await post(eyesOnly[0]!)
      return
    }
    const ready = await pictures.uploaded(origin.tenant, what)
    try {
      await post(renderCard(what, ready))
    } catch (error) {
      if (ready.size === 0 || slackErrorName(error) !== 'invalid_blocks') throw error
      pictures.refused(origin.tenant, what)
      await post(renderCard(what))
    }
  }

  /** A card for one person's eyes: with pictures by address where there are such, then without. */
  async function told(tenant: string, card: Card): Promise<Message[]> {
    const ready = hasChart(card) ? await pictures.linked(tenant, card) : undefined
    return ready && ready.size > 0 ? [renderCard(card, ready), renderCard(card)] : [renderCard(card)]
  }

  /** The card where it was asked for, and the file in the DM, which nobody else reads. */
  async function hand(received: Received, file: Extract<Reply, { kind: 'file' }>): Promise<void> {
    const { origin } = received
    const words = await parts.sentences(origin)
    try {
      const client = await clients.of(origin.tenant)
      const own = wayBack(origin).channel
      const channel = own?.startsWith('D')
        ? own
        : (await client.conversations.open({ users: origin.user })).channel?.id
      if (!channel) throw new Error('conversations.open gave no channel')
      const bytes = Buffer.from(`${byteOrderMark}${file.text}`)
      await upload(client, apiUrl, { name: file.name, bytes, title: file.name, channel })
    } catch (error) {
      log.warn({ error: slackErrorName(error) ?? String(error) }, 'a file could not be handed over')
      return tell(origin, noted(file.card, words.fileNotSent(file.name)))
    }
    await tell(origin, noted(file.card, words.fileSent(file.name)))
  }

  async function open(received: Received, view: FormView): Promise<void> {
    const { origin } = received
    const modal = renderForm(view)
    const client = await clients.of(origin.tenant)
    // No stack of modals (Teams has none): a form opened from a form takes its place.
    if (origin.view) return redraw(origin, modal)
    if (!origin.trigger) return offerAgain(received)
    try {
      const opened = await client.views.open({ trigger_id: origin.trigger, view: modal })
      if (opened.view?.id) remember(opened.view.id, origin, opened.view.hash)
    } catch (error) {
      if (!triggerGone.has(slackErrorName(error) ?? '')) throw error
      await offerAgain(received)
    }
  }

  /** The trigger ran out before the form could open: a button that makes the same gesture again (B5.40). */
  async function offerAgain({ gesture, origin }: Received): Promise<void> {
    const words = await parts.sentences(origin)
    const value = againValue(gesture)
    const message = renderCard({ summary: value ? words.tookTooLong : words.typeAgain, blocks: [] })
    await tell(
      origin,
      value
        ? {
            text: message.text,
            blocks: [
              ...message.blocks,
              {
                type: 'actions',
                elements: [
                  {
                    type: 'button',
                    action_id: againAction,
                    text: { type: 'plain_text', text: words.again, emoji: false },
                    style: 'primary',
                    value,
                  },
                ],
              },
            ],
          }
        : message,
    )
  }

  async function redraw(origin: Origin, view: ModalView): Promise<void> {
    const at = origin.view
    if (!at) return
    const form = remember(at.id, origin, undefined)
    // One update of a form at a time: two under way would refuse each other by their hash.
    const turn = form.last.then(async () => {
      const client = await clients.of(origin.tenant)
      try {
        const hash = form.hash ?? at.hash
        const updated = await client.views.update({ view_id: at.id, view, ...(hash ? { hash } : {}) })
        if (updated.view?.hash) form.hash = updated.view.hash
      } catch (error) {
        if (!viewGone.has(slackErrorName(error) ?? '')) throw error
        form.hash = undefined
      }
    })
    form.last = turn.catch(() => undefined)
    await turn
  }

  async function say(received: Received, card: Card): Promise<void> {
    const { origin, gesture } = received
    const words = await parts.sentences(origin)
    // Behind an open modal or beside the Home tab a message would not be seen: a small modal says it.
    const nowhere = origin.home || (origin.view !== undefined && gesture.kind === 'button')
    if (nowhere && origin.trigger) {
      const client = await clients.of(origin.tenant)
      const view = renderNotice(words.notice, words.close, card)
      try {
        if (origin.view) await client.views.push({ trigger_id: origin.trigger, view })
        else await client.views.open({ trigger_id: origin.trigger, view })
        return
      } catch (error) {
        log.debug({ error: slackErrorName(error) }, 'slack notice not opened')
      }
    }
    // An answer of ours that only this person sees is replaced at the next press: its buttons are old by then.
    if (origin.ephemeral && origin.responseUrl && gesture.kind === 'button') {
      for (const message of await told(origin.tenant, card))
        if (await respond(origin.responseUrl, apiUrl, message, true)) return
    }
    await tell(origin, card)
  }

  async function give(received: Received, reply: Reply): Promise<void> {
    const { origin, gesture } = received
    switch (reply.kind) {
      case 'nothing':
      case 'options':
        return
      case 'open':
        return open(received, reply.view)
      case 'redraw':
        return origin.view ? redraw(origin, renderForm(reply.view)) : open(received, reply.view)
      case 'field-errors':
        return say(received, sentencesCard(Object.values(reply.errors)))
      case 'close':
        return reply.say ? tell(origin, reply.say) : undefined
      case 'file':
        return hand(received, reply)
      case 'say':
        // A message came from a person in a DM or thread: the answer stands where they wrote.
        return gesture.kind === 'message' || gesture.kind === 'submit'
          ? tell(origin, reply.card)
          : say(received, reply.card)
      case 'home': {
        const client = await clients.of(origin.tenant)
        await client.views.publish({ user_id: origin.user, view: renderHome(reply.card) })
        return
      }
      default:
        return unknownReply(reply)
    }
  }

  return {
    tell,
    async give(received, reply) {
      try {
        await give(received, reply)
      } catch (error) {
        await reportFailure(parts, received, error, tell)
      }
    },
    changed(origin) {
      if (!origin.view) return () => true
      const form = remember(origin.view.id, origin, undefined)
      // What the person sees now is newer than our last redraw.
      if (form.changes === 0) form.hash = origin.view.hash
      form.changes += 1
      const mine = form.changes
      return () => form.changes === mine
    },
  }
}

/** One line with an id for the log, and the same id in a sentence for the person; nothing of the error itself (B5.87). */
export async function reportFailure(
  parts: Pick<ReplyParts, 'log' | 'sentences'>,
  received: Received,
  error: unknown,
  tell: Answering['tell'],
): Promise<void> {
  const id = logFailure(parts.log, received.gesture, error)
  try {
    const words = await parts.sentences(received.origin)
    await tell(received.origin, sentencesCard([words.failed(id)]))
  } catch (second) {
    parts.log.error(
      { id, error: second instanceof Error ? second.message : String(second) },
      'slack failure not told to the person',
    )
  }
}

/** Writes the line and returns its id. */
export function logFailure(log: Log, gesture: Gesture, error: unknown): string {
  const id = randomUUID().slice(0, 8)
  log.error(
    {
      id,
      kind: gesture.kind,
      tenant: gesture.tenant,
      user: gesture.user,
      slack: slackErrorName(error),
      err: error instanceof Error ? error : new Error(String(error)),
    },
    'slack gesture failed',
  )
  return id
}

const hasChart = (card: Card): boolean => card.blocks.some((block) => block.kind === 'chart')

/** A card with one more sentence below it. */
const noted = (card: Card, sentence: string): Card => ({
  ...card,
  blocks: [...card.blocks, { kind: 'note', text: [{ user: sentence }] }],
})

/** Sentences of ours as a card. */
export const sentencesCard = (sentences: readonly string[]): Card => ({
  summary: sentences.join(' '),
  blocks: sentences.map((sentence) => ({ kind: 'text', text: [sentence] })),
})

function unknownReply(reply: never): never {
  throw new Error(`nothing gives ${JSON.stringify(reply)} on Slack`)
}
