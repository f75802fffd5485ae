import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Card } from '../../blocks/card.ts'
import type { FormView } from '../../blocks/form.ts'
import type { Gesture, Reply } from '../../src/gesture.ts'
import { createSlack, type Slack, type SlackParts } from '../../src/slack/index.ts'
import type { Log } from '../../src/slack/log.ts'

export const secret = 'a-signing-secret-of-the-tests'
export const tenant = 'T01'
export const user = 'U01'

export interface Call {
  readonly method: string
  readonly token: string | undefined
  readonly args: Record<string, unknown>
}
type Answer =
  | Record<string, unknown>
  | { readonly http: number; readonly headers?: Record<string, string> }
  | 'hang'
  | 'drop'

/** Records what is said to “Slack” and answers as told. */
export class Capture {
  readonly calls: Call[] = []
  readonly said: Record<string, unknown>[] = []
  url = ''
  /** Where apps.connections.open sends Socket Mode. */
  socketUrl = ''
  private readonly server: Server
  private readonly scripted = new Map<string, Answer[]>()
  private waiters: (() => void)[] = []
  private serial = 0

  constructor() {
    this.server = createServer((req, res) => void this.answer(req, res))
  }
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api/`
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
  get responseUrl(): string {
    return new URL('/respond/1', this.url).href
  }
  /** The next call of `method` gets this answer. */
  script(method: string, ...answers: Answer[]): void {
    this.scripted.set(method, [...(this.scripted.get(method) ?? []), ...answers])
  }
  of(method: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.method === method).map((call) => call.args)
  }
  /** Resolves when `what` holds; checked after every call that comes in. */
  async until<T>(what: () => T | undefined | false): Promise<T> {
    for (;;) {
      const value = what()
      if (value) return value
      await new Promise<void>((resolve) => this.waiters.push(resolve))
    }
  }
  call(method: string): Promise<Record<string, unknown>> {
    return this.until(() => this.of(method)[0])
  }

  private async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const path = new URL(req.url ?? '', 'http://x').pathname
    if (path.startsWith('/respond/')) {
      this.said.push(JSON.parse(body) as Record<string, unknown>)
      res.end('ok')
    } else if (path === '/gone') {
      res.writeHead(404)
      res.end()
    } else {
      const method = path.replace('/api/', '')
      const args = Object.fromEntries(
        [...new URLSearchParams(body)].map(([key, value]) => [
          key,
          /^[[{]/.test(value) ? JSON.parse(value) : value,
        ]),
      )
      this.calls.push({ method, token: req.headers.authorization?.replace('Bearer ', ''), args })
      const told = this.scripted.get(method)?.shift()
      if (told === 'drop') req.socket.destroy()
      else if (told !== 'hang') {
        const answer = told ?? this.usual(method, args)
        const status = 'http' in answer ? Number(answer.http) : 200
        res.writeHead(status, {
          'content-type': 'application/json',
          'x-oauth-scopes': 'commands,chat:write',
          ...('headers' in answer ? (answer.headers as Record<string, string>) : {}),
        })
        res.end(JSON.stringify('http' in answer ? {} : answer))
      }
    }
    this.wake()
  }

  /** Looks again whether what is waited for holds. */
  wake(): void {
    const woken = this.waiters
    this.waiters = []
    for (const wake of woken) wake()
  }

  private usual(method: string, args: Record<string, unknown>): Record<string, unknown> {
    this.serial += 1
    switch (method) {
      case 'views.open':
      case 'views.push':
        return { ok: true, view: { id: `V${this.serial}`, hash: `h${this.serial}` } }
      case 'views.update':
        return { ok: true, view: { id: args.view_id, hash: `h${this.serial}` } }
      case 'conversations.open':
        return { ok: true, channel: { id: `D-${String(args.users)}` } }
      case 'chat.postMessage':
        return { ok: true, channel: args.channel, ts: `1700000000.00000${this.serial}` }
      case 'apps.connections.open':
        return { ok: true, url: this.socketUrl }
      case 'auth.test':
        return { ok: true, team_id: tenant, bot_id: 'B01', user_id: 'UBOT' }
      default:
        return { ok: true }
    }
  }
}

export interface Rig {
  readonly slack: Slack
  readonly api: Capture
  readonly gestures: Gesture[]
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[]
  readonly rejected: string[]
  readonly port: number
  /** What intake answers; may throw or wait. */
  reply: (gesture: Gesture) => Reply | Promise<Reply>
  commits: (gesture: Gesture) => boolean
  stop(): Promise<void>
}

/** Our Slack half between a recording Slack and an intake that answers as the test says. */
export async function createRig(parts: Partial<SlackParts> = {}): Promise<Rig> {
  const api = new Capture()
  await api.start()
  const gestures: Gesture[] = []
  const lines: Rig['lines'] = []
  const rejected: string[] = []
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      lines.push({ level, message, fields: fields as Record<string, unknown> })
      queueMicrotask(() => api.wake())
    }
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  const rig = {
    api,
    gestures,
    lines,
    rejected,
    reply: (): Reply => ({ kind: 'nothing' }),
    commits: (gesture: Gesture) => gesture.kind === 'submit',
  } as unknown as Rig & { slack: Slack; port: number }
  rig.slack = createSlack({
    config: { apiUrl: api.url, signingSecrets: [secret], botToken: 'xoxb-of-the-tests' },
    intake: {
      async take(gesture) {
        gestures.push(gesture)
        api.wake()
        return rig.reply(gesture)
      },
      commitsBeforeAck: (gesture) => rig.commits(gesture),
    },
    clock: { now: () => 1_763_700_000_000 },
    log,
    commands: ['approve-discount', 'approvals', 'deal', 'dealdesk'],
    production: false,
    onReject: (why) => rejected.push(why),
    localeOf: async () => 'en',
    ...parts,
    ...(parts.config ? { config: { ...parts.config, apiUrl: parts.config.apiUrl || api.url } } : {}),
  })
  const server = createServer((req, res) => {
    void rig.slack.handle(req, res).then((ours) => {
      if (!ours) {
        res.writeHead(404)
        res.end()
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  rig.port = (server.address() as AddressInfo).port
  rig.stop = async () => {
    await rig.slack.stop(2_000)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await api.stop()
  }
  return rig
}

export interface Answered {
  readonly status: number
  readonly body: string
  readonly headers: IncomingMessage['headers']
}

export const sign = (body: string | Buffer, at = Math.floor(Date.now() / 1000), key = secret): string =>
  `v0=${createHmac('sha256', key).update(`v0:${at}:`).update(body).digest('hex')}`

/** Sends a body as Slack does: signed, now, form-encoded. Everything can be told otherwise. */
export function send(
  rig: { port: number },
  body: string | Buffer,
  options: {
    at?: number
    key?: string
    headers?: Record<string, string | string[] | undefined>
    contentType?: string
  } = {},
): Promise<Answered> {
  const at = options.at ?? Math.floor(Date.now() / 1000)
  const headers: Record<string, string | string[]> = {}
  const wanted = {
    'content-type': options.contentType ?? 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': sign(body, at, options.key),
    'content-length': String(Buffer.byteLength(body)),
    ...options.headers,
  }
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) headers[name] = value
  return new Promise((resolve, reject) => {
    const req = request(
      { port: rig.port, host: '127.0.0.1', path: '/slack/events', method: 'POST', headers, agent: false },
      (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            headers: res.headers,
          }),
        )
        res.on('error', reject)
      },
    )
    req.on('error', reject)
    req.end(body)
  })
}

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

/** A slash command as Slack sends it. */
export const command = (rig: { api: Capture }, text: string, over: Record<string, string> = {}): string =>
  form({
    token: 'deprecated',
    team_id: tenant,
    team_domain: 'acme',
    channel_id: 'D01',
    channel_name: 'directmessage',
    user_id: user,
    user_name: 'kim',
    command: '/approve-discount',
    text,
    api_app_id: 'A01',
    is_enterprise_install: 'false',
    response_url: rig.api.responseUrl,
    trigger_id: `trigger-${Math.random()}`,
    ...over,
  })

const payload = (fields: object): string => form({ payload: JSON.stringify(fields) })
const acting = { team: { id: tenant, domain: 'acme' }, user: { id: user, team_id: tenant, username: 'kim' } }

/** A button pressed on a message. */
export const press = (rig: { api: Capture }, action: string, drawing: string, over: object = {}): string =>
  payload({
    type: 'block_actions',
    ...acting,
    api_app_id: 'A01',
    trigger_id: `trigger-${Math.random()}`,
    response_url: rig.api.responseUrl,
    container: { type: 'message', message_ts: '1700000000.000100', channel_id: 'D01', is_ephemeral: false },
    channel: { id: 'D01', name: 'directmessage' },
    actions: [{ type: 'button', action_id: action, block_id: 'x1', value: drawing, action_ts: '1.2' }],
    ...over,
  })

export const modal = (over: object = {}) => ({
  id: 'V77',
  type: 'modal',
  callback_id: 'discount.request',
  private_metadata: 'drawing-1',
  hash: 'h-seen',
  blocks: [
    { type: 'section', block_id: 'intro', text: { type: 'mrkdwn', text: 'x' } },
    { type: 'input', block_id: 'discount', element: { type: 'number_input', action_id: 'discount' } },
    { type: 'input', block_id: 'reason', element: { type: 'plain_text_input', action_id: 'reason' } },
  ],
  state: {
    values: {
      discount: { discount: { type: 'number_input', value: '15' } },
      reason: { reason: { type: 'plain_text_input', value: 'A big customer' } },
    },
  },
  ...over,
})

/** A modal submitted. */
export const submission = (over: object = {}, view: object = {}): string =>
  payload({
    type: 'view_submission',
    ...acting,
    trigger_id: `t-${Math.random()}`,
    view: modal(view),
    ...over,
  })

/** A live field changed in an open modal. */
export const change = (field: string, over: object = {}, view: object = {}): string =>
  payload({
    type: 'block_actions',
    ...acting,
    trigger_id: `trigger-${Math.random()}`,
    container: { type: 'view', view_id: 'V77' },
    view: modal(view),
    actions: [{ type: 'number_input', action_id: field, block_id: field, value: '15' }],
    ...over,
  })

/** Somebody types into a search field. */
export const search = (query: string, over: object = {}): string =>
  payload({
    type: 'block_suggestion',
    ...acting,
    action_id: 'deal',
    block_id: 'deal',
    value: query,
    view: modal(),
    ...over,
  })

/** An event, as JSON. */
export const event = (inner: object, over: object = {}): string =>
  JSON.stringify({
    token: 'deprecated',
    team_id: tenant,
    api_app_id: 'A01',
    type: 'event_callback',
    event_id: `Ev${Math.random()}`,
    event_time: 1_700_000_000,
    authorizations: [{ enterprise_id: null, team_id: tenant, user_id: 'UBOT', is_bot: true }],
    event: inner,
    ...over,
  })
export const json = { contentType: 'application/json' }

export const say = (sentence: string): Card => ({
  summary: sentence,
  blocks: [{ kind: 'text', text: [sentence] }],
})

export const askForm: FormView = {
  form: 'discount.request',
  title: 'Discount',
  submit: 'Ask',
  close: 'Cancel',
  drawing: 'drawing-1',
  items: [
    { kind: 'field', name: 'deal', field: { kind: 'search', label: 'Deal', live: true } },
    { kind: 'field', name: 'discount', field: { kind: 'percent', label: 'Discount', live: true } },
    { kind: 'field', name: 'reason', field: { kind: 'long-text', label: 'Reason', maxLength: 2000 } },
  ],
}
