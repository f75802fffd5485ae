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
  async function draw(card: Card, tenant: string, channel: string, without: Without = {}): Promise<Message> {
    const { own } = card
    // Personal chats have one reader, for whom the card was drawn.
    const userIds = own && !isPersonal(channel) ? await references.chatUsersOf(tenant, own.people) : []
    const surface = {
      commits,
      threads: hasThreads(channel),
      ...(without.mentions ? { mentions: false as const } : {}),
      ...(own && userIds.length > 0
        ? { refresh: { action: own.action, drawing: own.drawing, userIds } }
        : {}),
    }
    const picture = without.picture
      ? undefined
      : await pictures.of(tenant, card, (chosen) => renderCard(card, { ...surface, picture: chosen }))
    return renderCard(card, { ...surface, ...(picture === undefined ? {} : { picture }) })
  }

  /**
   * Refused as it is, and so nowhere to be seen: sent once more with words in place of a picture that made it too big,
   * or with the names of people whom Teams would not call, because they are not in the team.
   */
  async function fitting<T>(
    draw: (without: Without) => Promise<Message>,
    send: (message: Message) => Promise<T>,
  ) {
    const message = await draw({})
    try {
      return await send(message)
    } catch (error) {
      const without = refusedFor(error)
      if (!without) throw error
      const plain = await draw(without)
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
          (without) => draw(shown, to.tenant, to.channel, without),
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
          (without) => draw(card, ref.tenant, ref.channel, without),
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

/** What a message is drawn without. */
interface Without {
  readonly picture?: true
  readonly mentions?: true
}

function refusedFor(error: unknown): Without | undefined {
  if (statusOf(error) === 413 || connectorErrorName(error) === 'MessageSizeTooBig') return { picture: true }
  return statusOf(error) === 400 ? { mentions: true } : undefined
}

/** Channels have threads; personal and group chats have none. */
const hasThreads = (channel: string): boolean => /@thread\.(tacv2|skype)$/.test(channel)

/** Channels and group chats begin with 19:. */
const isPersonal = (conversation: string): boolean => !conversation.startsWith('19:')

/** A line that stands by itself says what it is about. */
const withTopic = (card: Card): Card =>
  card.topic ? { ...card, blocks: [{ kind: 'note', text: card.topic }, ...card.blocks] } : card
