import type { Card } from '../../blocks/card.ts'
import type { Courier } from '../ports.ts'
import type { Message } from './card.ts'
import { connectorErrorName, outcomeOf, statusOf } from './failure.ts'
import type { PictureRoom } from './pictures.ts'
import type { Post } from './post.ts'
import type { Memory, References } from './references.ts'
import { renderCard } from './render.ts'

/**
 * Least ms between two messages in one conversation: seven a second are allowed, but only sixty in half a minute
 * (reliability: B1), and the outbox knows one pace.
 */
const paceMs = 500

/** Puts cards into Teams: one call each, never repeated here. */
export function createCourier(parts: {
  readonly post: Post
  readonly memory: Memory
  readonly references: Pick<References, 'chatUsersOf'>
  readonly commits: (action: string) => boolean
  readonly pictures: PictureRoom
}): Courier {
  const { post, memory, references, commits, pictures } = parts
  async function draw(card: Card, tenant: string, channel: string, plain = false): Promise<Message> {
    const { own } = card
    // Personal chats have one reader, for whom the card was drawn.
    const userIds = own && !isPersonal(channel) ? await references.chatUsersOf(tenant, own.people) : []
    const surface = {
      commits,
      threads: hasThreads(channel),
      ...(own && userIds.length > 0
        ? { refresh: { action: own.action, drawing: own.drawing, userIds } }
        : {}),
    }
    const picture = plain
      ? undefined
      : await pictures.of(tenant, card, (chosen) => renderCard(card, { ...surface, picture: chosen }))
    return renderCard(card, { ...surface, ...(picture === undefined ? {} : { picture }) })
  }

  /** Too big with its picture, and so refused: sent once more with words in its place. */
  async function fitting<T>(
    draw: (plain: boolean) => Promise<Message>,
    send: (message: Message) => Promise<T>,
  ) {
    const message = await draw(false)
    try {
      return await send(message)
    } catch (error) {
      if (statusOf(error) !== 413 && connectorErrorName(error) !== 'MessageSizeTooBig') throw error
      const plain = await draw(true)
      if (JSON.stringify(plain) === JSON.stringify(message)) throw error
      return send(plain)
    }
  }

  /** A place that is gone is written to again only after an installation or somebody's word there (B5.51). */
  async function failed(error: unknown, doing: 'post' | 'update', tenant: string, conversation?: string) {
    const outcome = outcomeOf(error, doing)
    if (conversation !== undefined && outcome.outcome === 'dead' && outcome.what === 'place-gone')
      await memory.forget(tenant, conversation).catch(() => undefined)
    return outcome
  }

  return {
    platform: 'teams',
    paceMs,

    async reach(tenant, user) {
      try {
        return { outcome: 'sent', channel: await post.personal(tenant, user) }
      } catch (error) {
        return failed(error, 'post', tenant)
      }
    },

    async prepare(tenant, card) {
      await pictures.ready(tenant, card)
    },

    async post(to, card) {
      try {
        const threaded = to.thread !== undefined && hasThreads(to.channel)
        const shown = to.thread !== undefined && !threaded ? withTopic(card) : card
        const message = await fitting(
          (plain) => draw(shown, to.tenant, to.channel, plain),
          (drawn) => post.send(to.tenant, to.channel, drawn, threaded ? to.thread : undefined),
        )
        return {
          outcome: 'sent',
          ref: { platform: 'teams', tenant: to.tenant, channel: to.channel, message },
        }
      } catch (error) {
        return failed(error, 'post', to.tenant, to.channel)
      }
    },

    async update(ref, card) {
      try {
        await fitting(
          (plain) => draw(card, ref.tenant, ref.channel, plain),
          (drawn) => post.update(ref.tenant, ref.channel, ref.message, drawn),
        )
        return { outcome: 'sent', ref }
      } catch (error) {
        return failed(error, 'update', ref.tenant, ref.channel)
      }
    },

    hasThreads,

    // The connector can be asked for no message: what may have arrived is sent again, and shows the same state.
    async find() {
      return undefined
    },
  }
}

/** Channels have threads; personal and group chats have none. */
const hasThreads = (channel: string): boolean => /@thread\.(tacv2|skype)$/.test(channel)

/** Channels and group chats begin with 19:. */
const isPersonal = (conversation: string): boolean => !conversation.startsWith('19:')

/** A line that stands by itself says what it is about. */
const withTopic = (card: Card): Card =>
  card.topic ? { ...card, blocks: [{ kind: 'note', text: card.topic }, ...card.blocks] } : card
