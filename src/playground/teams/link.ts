import { Agent, request } from 'node:http'
import { redact, shownHeaders } from '../slack/traffic.ts'
import type { Activity } from './activities.ts'
import type { Core } from './core.ts'
import { isForgery } from './faults.ts'
import { guidOf } from './ids.ts'

/** What goes to the app: one activity. */
export interface Outgoing {
  readonly tenant: string
  readonly user: string
  readonly conversation: string
  /** For the log: `invoke task/fetch`. */
  readonly what: string
  /** The names faults may call it by. */
  readonly names: readonly string[]
  readonly activity: Activity
}

export type Answered =
  | { readonly outcome: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly outcome: 'timed-out' }
  | { readonly outcome: 'unreachable' }

interface Sent {
  readonly authorization: string | undefined
  readonly outgoing: Outgoing
}

type Raw =
  | {
      readonly outcome: 'answered'
      readonly status: number
      readonly headers: Record<string, string | string[] | undefined>
      readonly text: string
    }
  | { readonly outcome: 'timed-out' | 'unreachable' }

/** For tests of tampering: changes the activity after Teams built it and before it is sent. */
export type Forge = (activity: Activity) => Activity

/** The way from Teams to the app: `POST /api/messages` with the channel's token. */
export class AppLink {
  readonly #core: Core
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 })
  readonly #sent = new Map<number, Sent>()
  readonly #running = new Set<Promise<unknown>>()
  /** The app's messaging endpoint, e.g. `http://127.0.0.1:3000/api/messages`. */
  url: string | undefined

  constructor(core: Core) {
    this.#core = core
  }

  /** An invoke: answered in time or given up. */
  invoke(outgoing: Outgoing): Promise<Answered> {
    return this.#track(this.#send(outgoing, this.#core.settings.invokeMs))
  }

  /** Anything else: while nobody answers it is sent again, with the same id (B1). */
  tell(outgoing: Outgoing): Promise<Answered> {
    return this.#track(this.#tell(outgoing))
  }

  async #tell(outgoing: Outgoing): Promise<Answered> {
    const { messageMs, repeats } = this.#core.settings
    for (let time = 0; ; time += 1) {
      const note = time === 0 ? undefined : `sent again: not answered in ${messageMs} ms`
      const answer = await this.#send(outgoing, messageMs, note)
      if (answer.outcome !== 'timed-out' || time >= repeats) return answer
    }
  }

  async #send(outgoing: Outgoing, limit: number, note?: string): Promise<Answered> {
    const fault = this.#core.faults.strike({
      on: 'app',
      methods: outgoing.names,
      workspace: outgoing.tenant,
      channel: outgoing.conversation,
      user: outgoing.user,
    })
    const forgery = isForgery(fault?.kind) ? fault.kind : undefined
    const sent: Sent = {
      outgoing: forgery === 'foreign-tenant' ? ofForeignTenant(outgoing) : outgoing,
      authorization: this.#core.keys.authorization(
        {
          audience: this.#core.world.app.id,
          serviceUrl: String(outgoing.activity.serviceUrl),
          now: this.#core.settings.wall(),
        },
        forgery,
      ),
    }
    if (fault?.kind === 'duplicate')
      void this.#track(this.#exchange(sent, limit, fault.id, 'the same activity a second time'))
    const answer = this.#exchange(sent, limit, fault?.id, note, fault?.kind === 'unanswered')
    if (fault?.kind !== 'delay-ack') return answer
    await new Promise((resolve) => setTimeout(resolve, Math.min(fault.ms ?? limit + 500, limit)))
    return (fault.ms ?? limit + 500) >= limit ? { outcome: 'timed-out' } : answer
  }

  /** Sends the very same activity and token of an earlier exchange once more (B5.22). */
  replay(exchange: number): Promise<Answered> {
    const sent = this.#sent.get(exchange)
    if (!sent) throw new Error(`Exchange ${exchange} was not sent to the app, or is forgotten`)
    return this.#track(
      this.#exchange(sent, this.#core.settings.messageMs, undefined, `replay of ${exchange}`),
    )
  }

  async #exchange(
    sent: Sent,
    limit: number,
    fault: string | undefined,
    note?: string,
    lost = false,
  ): Promise<Answered> {
    const { outgoing, authorization } = sent
    const { traffic } = this.#core
    const headers: Record<string, string> = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)',
      'x-ms-conversation-id': outgoing.conversation,
      'x-ms-tenant-id': outgoing.tenant,
      ...(authorization === undefined ? {} : { authorization }),
    }
    const exchange = traffic.open({
      platform: 'teams',
      direction: 'to-app',
      what: outgoing.what,
      workspace: outgoing.tenant,
      user: outgoing.user,
      channel: outgoing.conversation,
      ...(fault === undefined ? {} : { fault }),
      ...(note === undefined ? {} : { note }),
      request: {
        method: 'POST',
        path: this.url ? new URL(this.url).pathname : '',
        headers: shownHeaders(headers),
        body: redact(outgoing.activity),
      },
    })
    this.#sent.set(exchange.id, sent)
    if (this.#sent.size > 500) this.#sent.delete(this.#sent.keys().next().value!)
    const raw: Raw =
      this.url === undefined
        ? { outcome: 'unreachable' }
        : await this.#post(this.url, headers, JSON.stringify(outgoing.activity), limit)
    if (raw.outcome !== 'answered') {
      traffic.close(exchange, {
        outcome: raw.outcome === 'timed-out' ? 'timed-out' : 'failed',
        ...(raw.outcome === 'unreachable' ? { note: 'nobody answers at the messaging endpoint' } : {}),
      })
      return raw
    }
    const body = parse(raw.text)
    traffic.close(exchange, {
      outcome: raw.status < 300 ? 'ok' : raw.status < 500 ? 'refused' : 'failed',
      response: { status: raw.status, headers: shownHeaders(raw.headers), body: redact(body) },
      ...(lost ? { note: 'answered, but the answer is lost' } : {}),
    })
    return lost ? { outcome: 'timed-out' } : { outcome: 'answered', status: raw.status, body }
  }

  #post(url: string, headers: Record<string, string>, body: string, limit: number): Promise<Raw> {
    return new Promise((resolve) => {
      const bytes = Buffer.from(body)
      const outgoing = request(
        url,
        { method: 'POST', agent: this.#agent, headers: { ...headers, 'content-length': bytes.length } },
        (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', () => settle({ outcome: 'unreachable' }))
          response.on('end', () =>
            settle({
              outcome: 'answered',
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(parts).toString('utf8'),
            }),
          )
        },
      )
      const timer = setTimeout(() => {
        settle({ outcome: 'timed-out' })
        outgoing.destroy()
      }, limit)
      const settle = (raw: Raw) => {
        clearTimeout(timer)
        resolve(raw)
      }
      outgoing.on('error', () => settle({ outcome: 'unreachable' }))
      outgoing.end(bytes)
    })
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work)
    const done = () => this.#running.delete(work)
    work.then(done, done)
    return work
  }

  /** Resolves when nothing is on its way to the app. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running])
  }

  close(): void {
    this.#agent.destroy()
  }
}

export const succeeded = (answer: Answered): boolean =>
  answer.outcome === 'answered' && answer.status >= 200 && answer.status < 300

function parse(text: string): unknown {
  if (text === '') return ''
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** The same activity, from a tenant that nobody bound (B5.33). */
function ofForeignTenant(outgoing: Outgoing): Outgoing {
  const foreign = guidOf('a foreign tenant')
  const body = JSON.stringify(outgoing.activity).replaceAll(outgoing.tenant, foreign)
  return { ...outgoing, activity: JSON.parse(body) as Activity }
}
