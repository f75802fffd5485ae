import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { Core } from './core.ts'
import type { Fault } from './faults.ts'
import { Sockets } from './sockets.ts'
import { type Exchange, redact, shownHeaders } from './traffic.ts'

/** What goes to the app: one gesture or event, in the words of HTTP and in those of Socket Mode. */
export interface Outgoing {
  readonly workspace: string
  /** For the log: `slash_command /approvals`. */
  readonly what: string
  /** The names faults may call it by. */
  readonly names: readonly string[]
  readonly user?: string
  readonly channel?: string
  readonly contentType: 'application/x-www-form-urlencoded' | 'application/json'
  readonly body: string
  readonly socket: 'slash_commands' | 'interactive' | 'events_api'
  readonly payload: Record<string, unknown>
  readonly retry?: { readonly number: number; readonly reason: string }
}

export type Acknowledgement =
  | {
      readonly outcome: 'answered'
      readonly status: number
      readonly body: unknown
      readonly noRetry: boolean
    }
  | { readonly outcome: 'timed-out' }
  | { readonly outcome: 'unreachable' }

interface Sent {
  readonly headers: Record<string, string>
  readonly outgoing: Outgoing
}

/** The way from Slack to the app: signed HTTP, or a Socket Mode connection while one is open. */
export class AppLink {
  readonly #core: Core
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 })
  readonly #sent = new Map<number, Sent>()
  readonly #running = new Set<Promise<unknown>>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly sockets: Sockets
  /** The app's request URL, e.g. `http://127.0.0.1:3000/slack/events`. */
  url: string | undefined

  constructor(core: Core) {
    this.#core = core
    this.sockets = new Sockets()
  }

  /** Sends one gesture and waits for the acknowledgement, three seconds at most. */
  send(outgoing: Outgoing): Promise<Acknowledgement> {
    return this.#track(this.#send(outgoing))
  }

  async #send(outgoing: Outgoing): Promise<Acknowledgement> {
    const fault = this.#core.faults.strike({
      on: 'app',
      methods: outgoing.names,
      workspace: outgoing.workspace,
      ...(outgoing.user === undefined ? {} : { user: outgoing.user }),
      ...(outgoing.channel === undefined ? {} : { channel: outgoing.channel }),
    })
    const headers = this.#headers(outgoing, fault)
    if (fault?.kind === 'duplicate')
      void this.#track(this.#exchange(outgoing, headers, fault, 'the same bytes a second time'))
    return this.#exchange(outgoing, headers, fault)
  }

  /** Sends the very same bytes of an earlier exchange once more: a replay (B5.22). */
  replay(exchange: number): Promise<Acknowledgement> {
    const sent = this.#sent.get(exchange)
    if (!sent) throw new Error(`Exchange ${exchange} was not sent to the app, or is forgotten`)
    return this.#track(this.#exchange(sent.outgoing, sent.headers, undefined, `replay of ${exchange}`))
  }

  /** Sends an event and, unless it is acknowledged with a 2xx, three repeats as Slack does (B5.23). */
  async event(outgoing: Outgoing): Promise<Acknowledgement> {
    const first = await this.send(outgoing)
    this.#repeat(outgoing, first, 1)
    return first
  }

  #repeat(outgoing: Outgoing, last: Acknowledgement, number: number): void {
    const delay = this.#core.settings.eventRetryDelaysMs[number - 1]
    if (delay === undefined || succeeded(last)) return
    if (last.outcome === 'answered' && last.noRetry) return
    const reason =
      last.outcome === 'timed-out'
        ? 'http_timeout'
        : last.outcome === 'unreachable'
          ? 'connection_failed'
          : 'http_error'
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      const again = { ...outgoing, retry: { number, reason } }
      void this.send(again).then((ack) => this.#repeat(again, ack, number + 1))
    }, delay)
    timer.unref()
    this.#timers.add(timer)
  }

  #headers(outgoing: Outgoing, fault: Fault | undefined): Record<string, string> {
    const shift = (fault?.seconds ?? 3600) * (fault?.kind === 'future-stamp' ? 1 : -1)
    const shifted = fault?.kind === 'future-stamp' || fault?.kind === 'old-stamp'
    const stamp = String(Math.floor(Date.now() / 1000) + (shifted ? shift : 0))
    const secret = fault?.kind === 'forged-signature' ? 'not-the-secret' : this.#core.world.app.signingSecret
    return {
      'content-type': outgoing.contentType,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      accept: 'application/json,*/*',
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': sign(secret, stamp, outgoing.body),
      ...(outgoing.retry === undefined
        ? {}
        : {
            'x-slack-retry-num': String(outgoing.retry.number),
            'x-slack-retry-reason': outgoing.retry.reason,
          }),
    }
  }

  async #exchange(
    outgoing: Outgoing,
    headers: Record<string, string>,
    fault: Fault | undefined,
    note?: string,
  ): Promise<Acknowledgement> {
    const viaSocket = this.sockets.open > 0
    const { traffic } = this.#core
    const retried = outgoing.retry && `retry ${outgoing.retry.number} of 3: ${outgoing.retry.reason}`
    const remark = note ?? retried
    const exchange = traffic.open({
      direction: 'to-app',
      what: outgoing.what,
      workspace: outgoing.workspace,
      ...(outgoing.user === undefined ? {} : { user: outgoing.user }),
      ...(outgoing.channel === undefined ? {} : { channel: outgoing.channel }),
      ...(fault === undefined ? {} : { fault: fault.id }),
      ...(remark === undefined ? {} : { note: remark }),
      request: {
        method: viaSocket ? 'SOCKET' : 'POST',
        path: viaSocket ? outgoing.socket : this.url ? new URL(this.url).pathname : '',
        headers: viaSocket ? {} : shownHeaders(headers),
        body: redact(outgoing.payload),
      },
    })
    this.#sent.set(exchange.id, { headers, outgoing })
    if (this.#sent.size > 500) this.#sent.delete(this.#sent.keys().next().value!)

    const limit = this.#core.settings.acknowledgeMs
    const answer = viaSocket
      ? this.sockets.send(outgoing, limit)
      : this.url === undefined
        ? Promise.resolve<Raw>({ outcome: 'unreachable' })
        : this.#post(this.url, headers, outgoing.body, limit)
    const delayed = fault?.kind === 'delay-ack' ? delay(answer, fault.ms ?? limit + 500, limit) : answer
    return this.#finish(exchange, await delayed)
  }

  #finish(exchange: Exchange, raw: Raw): Acknowledgement {
    const { traffic } = this.#core
    if (raw.outcome !== 'answered') {
      traffic.close(exchange, {
        outcome: raw.outcome === 'timed-out' ? 'timed-out' : 'failed',
        ...(raw.outcome === 'unreachable' ? { note: 'nobody answers at the request URL' } : {}),
      })
      return raw
    }
    const body = parse(raw.text)
    traffic.close(exchange, {
      outcome: raw.status < 300 ? 'ok' : raw.status < 500 ? 'refused' : 'failed',
      response: { status: raw.status, headers: shownHeaders(raw.headers), body: redact(body) },
    })
    return {
      outcome: 'answered',
      status: raw.status,
      body,
      noRetry: raw.headers['x-slack-no-retry'] === '1',
    }
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

  /** Resolves when nothing is on its way to the app; repeats that wait for their time do not count. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running])
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.sockets.close()
    this.#agent.destroy()
  }
}

export type Raw =
  | {
      readonly outcome: 'answered'
      readonly status: number
      readonly headers: Record<string, string | string[] | undefined>
      readonly text: string
    }
  | { readonly outcome: 'timed-out' }
  | { readonly outcome: 'unreachable' }

/** Slack's v0 signature over `v0:stamp:body`. */
export const sign = (secret: string, stamp: string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`

export const succeeded = (ack: Acknowledgement): boolean =>
  ack.outcome === 'answered' && ack.status >= 200 && ack.status < 300

function parse(text: string): unknown {
  if (text === '') return ''
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** The answer, seen only after `ms`; a time-out when that is over the limit. */
async function delay(answer: Promise<Raw>, ms: number, limit: number): Promise<Raw> {
  await new Promise((resolve) => setTimeout(resolve, Math.min(ms, limit)))
  return ms >= limit ? { outcome: 'timed-out' } : answer
}
