import type { Card } from '../../blocks/card.ts'
import type { Instant } from '../canon/calendar.ts'
import type { Courier, MessageRef } from '../ports.ts'
import type { Clients } from './clients.ts'
import { outcomeOf, slackErrorName } from './failure.ts'
import type { PictureRoom } from './pictures.ts'
import { type Message, type Pictures, renderCard } from './render.ts'

const eventType = 'dealdesk_delivery'

/** One page of history is looked through: the scopes allow it and its rate limit is low (reliability: B1). */
const pageOf = 15

/** Puts cards into Slack: one call each, never repeated here. */
export function createCourier(clients: Clients, pictures: PictureRoom): Courier {
  // A DM's id never changes, so it is asked for once.
  const dms = new Map<string, string>()

  /**
   * Sends a card with its pictures. Where Slack refuses the message for its blocks, nothing was posted: it is sent once
   * more with words in their place, because a picture must not cost the message.
   */
  async function shown<T extends object>(
    tenant: string,
    card: Card,
    send: (message: Message) => Promise<T>,
  ): Promise<T | Undrawn> {
    const ready = await pictures.uploaded(tenant, card)
    const message = drawn(card, ready)
    if ('outcome' in message) return message
    try {
      return await send(message)
    } catch (error) {
      if (ready.size === 0 || slackErrorName(error) !== 'invalid_blocks') throw error
      pictures.refused(tenant, card)
      const plain = drawn(card)
      return 'outcome' in plain ? plain : send(plain)
    }
  }

  return {
    platform: 'slack',
    paceMs: 1_000,

    async reach(tenant, user) {
      const known = dms.get(`${tenant} ${user}`)
      if (known) return { outcome: 'sent', channel: known }
      try {
        const client = await clients.of(tenant)
        const opened = await client.conversations.open({ users: user })
        const channel = opened.channel?.id
        if (!channel) return { outcome: 'unknown', why: 'conversations.open gave no channel' }
        if (dms.size > 20_000) dms.clear()
        dms.set(`${tenant} ${user}`, channel)
        return { outcome: 'sent', channel }
      } catch (error) {
        return outcomeOf(error)
      }
    },

    async prepare(tenant, card) {
      await pictures.uploaded(tenant, card)
    },

    async post(to, card, key) {
      try {
        const client = await clients.of(to.tenant)
        const posted = await shown(to.tenant, card, (message) =>
          client.chat.postMessage({
            channel: to.channel,
            ...(to.thread ? { thread_ts: to.thread } : {}),
            ...message,
            link_names: false,
            parse: 'none',
            // An unfurl would show a person's link with the deal's name beside it (B5.61).
            unfurl_links: false,
            unfurl_media: false,
            // What a lost reply is looked for by (B5.48).
            metadata: { event_type: eventType, event_payload: { key } },
          }),
        )
        if ('outcome' in posted) return posted
        if (!posted.ts) return { outcome: 'unknown', why: 'chat.postMessage gave no ts' }
        return {
          outcome: 'sent',
          ref: {
            platform: 'slack',
            tenant: to.tenant,
            // Posting to a user's id answers with the DM's channel: the one an update needs.
            channel: posted.channel ?? to.channel,
            message: posted.ts,
          },
        }
      } catch (error) {
        return outcomeOf(error, 'conversation')
      }
    },

    async update(ref, card) {
      try {
        const client = await clients.of(ref.tenant)
        const updated = await shown(ref.tenant, card, (message) =>
          client.chat.update({ channel: ref.channel, ts: ref.message, ...message }),
        )
        return 'outcome' in updated ? updated : { outcome: 'sent', ref }
      } catch (error) {
        return outcomeOf(error, 'conversation')
      }
    },

    async find(to, key, since) {
      try {
        const client = await clients.of(to.tenant)
        const page = {
          channel: to.channel,
          include_all_metadata: true,
          limit: pageOf,
          oldest: oldestOf(since),
        }
        const found = to.thread
          ? await client.conversations.replies({ ...page, ts: to.thread })
          : await client.conversations.history(page)
        for (const message of found.messages ?? []) {
          const metadata = message.metadata as
            | { event_type?: string; event_payload?: { key?: unknown } }
            | undefined
          if (metadata?.event_type === eventType && metadata.event_payload?.key === key && message.ts)
            return { platform: 'slack', tenant: to.tenant, channel: to.channel, message: message.ts }
        }
        // A page that was not the last leaves the question open.
        return found.has_more ? undefined : 'not-there'
      } catch (error) {
        // Slack is away or asks to wait: the question stands, and is asked again before anything is posted twice (B5.48).
        const { outcome } = outcomeOf(error, 'conversation')
        if (outcome === 'later' || outcome === 'unknown') throw error
        return undefined
      }
    },
  } satisfies Courier & { update(ref: MessageRef, card: Card): unknown }
}

type Undrawn = { outcome: 'dead'; what: 'refused'; why: string }

/** The card drawn, or why it can't be: a mistake of ours is final at once, where trying again would repeat it for ever. */
function drawn(card: Card, pictures?: Pictures): Message | Undrawn {
  try {
    return renderCard(card, pictures)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { outcome: 'dead', what: 'refused', why: `not drawn: ${why.slice(0, 300)}` }
  }
}

/** A minute before `since`, as Slack writes instants: clocks differ, and a missed message would be posted twice. */
const oldestOf = (since: Instant): string => `${Math.floor(since / 1000) - 60}.000000`
