import { setTimeout as delay } from 'node:timers/promises'
import type { Card } from '../../blocks/card.ts'
import type { Courier, MessageRef, Sent } from '../../src/ports.ts'

export interface Message {
  id: string
  tenant: string
  channel: string
  thread?: string
  key: string
  text: string
  edits: number
}

export interface Call {
  op: 'reach' | 'post' | 'update' | 'find'
  tenant: string
  channel: string
  thread?: string
  text?: string
  key?: string
}

/** What the platform answers instead of doing it; `then` says whether it was done all the same. */
export type Fault =
  | { answer: Sent; done?: boolean }
  | { hang: true; done?: boolean }
  | { throws: string; done?: boolean }

/** A chat platform in memory that several replicas write to, with a script of faults. */
export class Chat {
  readonly messages: Message[] = []
  readonly calls: Call[] = []
  /** Asked before each call; `undefined` lets it happen. */
  fault: (call: Call, nth: number) => Fault | undefined = () => undefined
  /** Runs inside a post, between its arrival and the answer. */
  onPost: (message: Message) => void | Promise<void> = () => undefined
  /** Runs before a card is posted or redrawn; left out: nothing has to be made ready. */
  onPrepare: (() => Promise<void>) | undefined
  canFind = true
  paceMs = 0
  /** Ms a post takes. */
  slowMs = 0
  #ids = 0
  /** Posts and updates under way in one conversation: more than one at a time is a broken promise. */
  readonly #busy = new Map<string, number>()
  mostAtOnce = 0
  readonly platform: 'slack' | 'teams'

  constructor(platform: 'slack' | 'teams' = 'slack') {
    this.platform = platform
  }

  texts(channel?: string): string[] {
    return this.messages.filter((m) => channel === undefined || m.channel === channel).map((m) => m.text)
  }

  calledFor(op: Call['op'], channel?: string): Call[] {
    return this.calls.filter((call) => call.op === op && (channel === undefined || call.channel === channel))
  }

  courier(): Courier {
    const { platform, paceMs } = this
    return {
      platform,
      paceMs,
      prepare: async () => this.onPrepare?.(),
      reach: async (tenant, user) => {
        const call: Call = { op: 'reach', tenant, channel: `dm-${user}` }
        const answer = await this.#meet(call, () => undefined)
        if (answer) return answer as Exclude<Sent, { outcome: 'sent' }>
        return { outcome: 'sent', channel: call.channel }
      },
      post: (to, card, key) => {
        const call: Call = { op: 'post', ...to, key, text: textOf(card) }
        return this.#single(call, async () => {
          let message: Message | undefined
          const answer = await this.#meet(call, () => {
            message = { id: `m${++this.#ids}`, ...to, key, text: textOf(card), edits: 0 }
            this.messages.push(message)
          })
          if (message) await this.onPost(message)
          return (
            answer ?? {
              outcome: 'sent',
              ref: { platform, tenant: to.tenant, channel: to.channel, message: message!.id },
            }
          )
        })
      },
      update: (ref, card) => {
        const call: Call = { op: 'update', tenant: ref.tenant, channel: ref.channel, text: textOf(card) }
        return this.#single(call, async () => {
          const message = this.#at(ref)
          const answer = await this.#meet(call, () => {
            if (!message) return
            message.text = textOf(card)
            message.edits += 1
          })
          if (answer) return answer
          if (!message) return { outcome: 'dead', what: 'message-gone', why: 'message_not_found' }
          return { outcome: 'sent', ref }
        })
      },
      find: async (to, key) => {
        const call: Call = { op: 'find', ...to, key }
        const answer = await this.#meet(call, () => undefined)
        if (answer) throw new Error('history could not be read')
        if (!this.canFind) return undefined
        const message = this.messages.find(
          (m) =>
            m.tenant === to.tenant && m.channel === to.channel && m.thread === to.thread && m.key === key,
        )
        return message
          ? { platform, tenant: to.tenant, channel: to.channel, message: message.id }
          : 'not-there'
      },
    }
  }

  remove(message: Message): void {
    this.messages.splice(this.messages.indexOf(message), 1)
  }

  #at(ref: MessageRef): Message | undefined {
    return this.messages.find(
      (m) => m.id === ref.message && m.channel === ref.channel && m.tenant === ref.tenant,
    )
  }

  async #meet(call: Call, happen: () => void): Promise<Sent | undefined> {
    this.calls.push(call)
    const fault = this.fault(
      call,
      this.calls.filter(({ op, channel }) => op === call.op && channel === call.channel).length,
    )
    if (this.slowMs > 0) await delay(this.slowMs)
    if (!fault || fault.done) happen()
    if (!fault) return undefined
    if ('hang' in fault) return new Promise(() => undefined)
    if ('throws' in fault) throw new Error(fault.throws)
    return fault.answer
  }

  async #single<T>(call: Call, work: () => Promise<T>): Promise<T> {
    const now = (this.#busy.get(call.channel) ?? 0) + 1
    this.#busy.set(call.channel, now)
    this.mostAtOnce = Math.max(this.mostAtOnce, now)
    try {
      return await work()
    } finally {
      this.#busy.set(call.channel, this.#busy.get(call.channel)! - 1)
    }
  }
}

const textOf = (card: Card) => card.summary

/** Answers of a platform, by the names reliability.md gives them. */
export const answers = {
  later: (afterMs: number, scope: 'conversation' | 'workspace' = 'conversation'): Fault => ({
    answer: { outcome: 'later', afterMs, scope },
  }),
  unknown: (done: boolean): Fault => ({ answer: { outcome: 'unknown', why: 'internal_error' }, done }),
  archived: { answer: { outcome: 'dead', what: 'place-gone', why: 'is_archived' } } as Fault,
  uninstalled: { answer: { outcome: 'dead', what: 'workspace-gone', why: 'account_inactive' } } as Fault,
  missingScope: {
    answer: { outcome: 'dead', what: 'refused', why: 'missing_scope: chat:write.public' },
  } as Fault,
}
