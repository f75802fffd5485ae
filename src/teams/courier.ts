import type { Card } from '../../blocks/card.ts'
import type { Courier } from '../ports.ts'
import type { Message } from './card.ts'
import { connectorErrorName, outcomeOf, statusOf } from './failure.ts'
import { calledIn } from './mention.ts'
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
  const absent = new Absent()
  async function draw(card: Card, tenant: string, channel: string, without: Without = {}): Promise<Message> {
    const { own } = card
    // Personal chats have one reader, for whom the card was drawn.
    const userIds = own && !isPersonal(channel) ? await references.chatUsersOf(tenant, own.people) : []
    const uncalled = [...(without.people ?? []), ...absent.from(tenant, channel)]
    const surface = {
      commits,
      threads: hasThreads(channel),
      ...(uncalled.length > 0 ? { uncalled } : {}),
      ...(own && userIds.length > 0
        ? { refresh: { action: own.action, drawing: own.drawing, userIds } }
        : {}),
    }
    const picture = without.picture
      ? undefined
      : await pictures.of(tenant, card, (chosen) => renderCard(card, { ...surface, picture: chosen }))
    return renderCard(card, { ...surface, ...(picture === undefined ? {} : { picture }) })
  }

  /** Those of the called who are not in the conversation; all of them where that is not what was wrong. */
  async function strangers(tenant: string, channel: string, called: readonly string[]) {
    const found: string[] = []
    for (const user of called) {
      const isMember = await post.member(tenant, channel, user).then(
        () => true,
        (error: unknown) => statusOf(error) !== 404,
      )
      if (!isMember) found.push(user)
    }
    if (found.length === 0) return called
    absent.add(tenant, channel, found)
    return found
  }

  /**
   * Refused as it is, and so nowhere to be seen: sent once more with words in place of a picture that made it too big,
   * or calling only those who are in the team. Who is, is asked then: nearly always everybody is.
   */
  async function fitting<T>(
    { tenant, channel }: { readonly tenant: string; readonly channel: string },
    draw: (without: Without) => Promise<Message>,
    send: (message: Message) => Promise<T>,
  ) {
    const message = await draw({})
    try {
      return await send(message)
    } catch (error) {
      const without = isTooBig(error)
        ? ({ picture: true } as const)
        : statusOf(error) === 400
          ? { people: await strangers(tenant, channel, calledIn(message)) }
          : undefined
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
          to,
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
          ref,
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

/** What a message is drawn without: its picture, or calling these people. */
interface Without {
  readonly picture?: true
  readonly people?: readonly string[]
}

const isTooBig = (error: unknown): boolean =>
  statusOf(error) === 413 || connectorErrorName(error) === 'MessageSizeTooBig'

/** Who is not in a channel, for an hour: so that a card that is redrawn at every press is not refused at every press. */
class Absent {
  readonly #known = new Map<string, { readonly people: readonly string[]; readonly until: number }>()

  from(tenant: string, channel: string): readonly string[] {
    const found = this.#known.get(`${tenant} ${channel}`)
    return found && found.until > Date.now() ? found.people : []
  }

  add(tenant: string, channel: string, people: readonly string[]): void {
    if (this.#known.size > 1_000) this.#known.clear()
    const all = [...new Set([...this.from(tenant, channel), ...people])]
    this.#known.set(`${tenant} ${channel}`, { people: all, until: Date.now() + absentMs })
  }
}
const absentMs = 3_600_000

/** Channels have threads; personal and group chats have none. */
const hasThreads = (channel: string): boolean => /@thread\.(tacv2|skype)$/.test(channel)

/** Channels and group chats begin with 19:. */
const isPersonal = (conversation: string): boolean => !conversation.startsWith('19:')

/** A line that stands by itself says what it is about. */
const withTopic = (card: Card): Card =>
  card.topic ? { ...card, blocks: [{ kind: 'note', text: card.topic }, ...card.blocks] } : card
