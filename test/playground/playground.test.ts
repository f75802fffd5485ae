import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createPlayground,
  type Ground,
  MovableClock,
  type Playground,
  playgroundObstacle,
} from '../../src/playground/index.ts'

const manifest = `
display_information: { name: Dealdesk }
features:
  slash_commands:
    - { command: /deal, description: Show a deal, usage_hint: '[deal]' }
oauth_config: { scopes: { bot: [commands, 'chat:write', 'im:write'] } }
settings: { event_subscriptions: { bot_events: [app_home_opened, message.im] } }
`
const seed = {
  id: 'T0ONE',
  name: 'One',
  users: [
    { id: 'U0JIWON', realName: '김지원', roles: ['ae'], locale: 'ko-KR' as const },
    { id: 'U0VERA', realName: 'Vera Park', roles: ['vp_sales'] },
  ],
  channels: [{ id: 'C0DEALS', name: 'deals', members: ['U0JIWON', 'U0VERA', 'bot'] }],
}

let folder: string
let server: Server
let playground: Playground
let clock: MovableClock
let origin: string
let token: string
/** What the app answers to requests from Slack: an acknowledgement with nothing in it unless a test says more. */
let app: (body: string) => { status: number; body?: string } = () => ({ status: 200 })

async function open(): Promise<void> {
  clock = new MovableClock({ file: join(folder, 'clock.json') })
  playground = createPlayground({
    clock,
    manifest,
    workspaces: [seed],
    page: folder,
    snapshot: join(folder, 'slack.json'),
  })
  server = createServer(async (incoming, response) => {
    if (await playground.handle(incoming, response)) return
    let body = ''
    for await (const part of incoming) body += String(part)
    const answer = app(body)
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  origin = `http://127.0.0.1:${port}`
  playground.listening(port)
  const page = await (await fetch(`${origin}/playground/`)).text()
  token = /name="playground-token" content="([^"]+)"/.exec(page)?.[1] ?? ''
}
async function shut(): Promise<void> {
  await playground.close()
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'playground-'))
  writeFileSync(join(folder, 'index.html'), '<meta name="playground-token" content="" /><p>page</p>')
  app = () => ({ status: 200 })
  await open()
})
afterEach(async () => {
  await shut()
  rmSync(folder, { recursive: true })
})

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${origin}/playground/api/${path}`, {
    method,
    headers: {
      'x-playground-token': token,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, never> }
}
const act = (user: string, what: Record<string, unknown>) =>
  call('POST', 'act', { workspace: 'T0ONE', user, ...what })

/** A request with headers that `fetch` would not let one forge. */
const raw = (path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    request(`${origin}${path}`, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })

describe('the playground starts only where it can do no harm', () => {
  const ground: Ground = {
    platformConfigured: false,
    production: false,
    allowed: false,
    database: 'empty',
    host: '127.0.0.1',
  }
  test.each<[string, Partial<Ground>, RegExp | undefined]>([
    ['on an empty database', {}, undefined],
    ['on a database of its own', { database: 'playground' }, undefined],
    ['on another database when it is allowed to', { database: 'foreign', allowed: true }, undefined],
    ['not on another database by itself', { database: 'foreign' }, /DEALDESK_PLAYGROUND=1/],
    ['not beside a platform', { platformConfigured: true, allowed: true }, /platform is configured/],
    ['not in production, allowed or not', { production: true, allowed: true }, /NODE_ENV is production/],
    ['not for other machines', { host: '0.0.0.0', allowed: true }, /DEALDESK_HOST is 0\.0\.0\.0/],
  ])('%s', (_, change, obstacle) => {
    const said = playgroundObstacle({ ...ground, ...change })
    if (obstacle) expect(said).toMatch(obstacle)
    else expect(said).toBeUndefined()
  })
})

describe('only the page that this start served is let in', () => {
  test('without its token there is nothing there', async () => {
    expect(await raw('/playground/api/state', {})).toBe(404)
    expect(await raw('/playground/api/state', { 'x-playground-token': `${token.slice(1)}x` })).toBe(404)
    expect(await raw('/playground/api/state', { 'x-playground-token': token })).toBe(200)
    expect(await raw(`/playground/api/clock?token=${token}`, {})).toBe(200)
  })

  test('a page that points its own name here is not (DNS rebinding)', async () => {
    const host = 'evil.example'
    expect(await raw('/playground/api/state', { 'x-playground-token': token, host })).toBe(404)
    expect(await raw('/playground/', { host })).toBe(404)
    expect(await raw('/playground/slack/api/auth.test', { host })).toBe(404)
    expect(await raw('/playground/', { host: `localhost.${host}` })).toBe(404)
    expect(await raw('/playground/', { host: `localhost:${new URL(origin).port}` })).toBe(200)
  })

  test('another origin is not, with the token or without', async () => {
    const headers = { 'x-playground-token': token, origin: 'https://evil.example' }
    expect(await raw('/playground/api/state', headers)).toBe(404)
    expect(await raw('/playground/api/state', { ...headers, origin })).toBe(200)
    expect(await raw('/playground/api/state', { ...headers, origin: 'null' })).toBe(404)
  })

  test('a form post from elsewhere is no act', async () => {
    const response = await fetch(`${origin}/playground/api/act?token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify({ workspace: 'T0ONE', user: 'U0VERA', act: 'say', channel: 'C0DEALS', text: 'x' }),
    })
    expect(response.status).toBe(400)
  })

  test('files outside the page’s folder are not served', async () => {
    expect(await raw('/playground/..%2f..%2fpackage.json', {})).toBe(404)
    writeFileSync(join(folder, 'notes.log'), 'x')
    expect(await raw('/playground/notes.log', {})).toBe(404)
  })
})

describe('the control API', () => {
  test('shows one person’s client, and somebody who sells when nobody is named', async () => {
    const { body } = await call('GET', 'state')
    expect(body).toMatchObject({
      workspace: 'T0ONE',
      me: 'U0JIWON',
      people: [{ id: 'U0JIWON', realName: '김지원', locale: 'ko-KR' }, { id: 'U0VERA' }, { isBot: true }],
      conversations: [{ id: 'C0DEALS', name: 'deals', isMember: true, botIsMember: true, unread: 0 }],
      commands: [{ command: '/deal', description: 'Show a deal', usageHint: '[deal]' }],
      modals: [],
      home: null,
    })
    expect((await call('GET', 'state?workspace=T0ONE&user=U0NOBODY')).status).toBe(404)
  })

  test('a command is sent to the app and its answer is shown to its person alone', async () => {
    app = () => ({ status: 200, body: JSON.stringify({ text: 'only you' }) })
    expect((await act('U0VERA', { act: 'command', channel: 'C0DEALS', text: '/deal acme' })).body).toEqual({
      ok: true,
    })
    const seen = async (user: string) =>
      (await call('GET', `messages?workspace=T0ONE&user=${user}&channel=C0DEALS`)).body.messages
    expect(await seen('U0VERA')).toMatchObject([{ text: 'only you', ephemeral: true, isApp: true }])
    expect(await seen('U0JIWON')).toEqual([])
  })

  test('what went wrong is told in the person’s language', async () => {
    app = () => ({ status: 500 })
    const korean = await act('U0JIWON', { act: 'command', channel: 'C0DEALS', text: '/deal' })
    expect(korean.body).toMatchObject({ ok: false, error: 'dispatch_failed' })
    expect(String(korean.body.message)).toContain('명령')
    const english = await act('U0VERA', { act: 'command', channel: 'C0DEALS', text: '/nonsense' })
    expect(english.body).toMatchObject({
      error: 'unknown_command',
      message: '/nonsense is not a valid command.',
    })
  })

  test('an act that makes no sense is refused with the field', async () => {
    const wrong = await act('U0VERA', { act: 'say', channel: 'C0DEALS' })
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_act' } })
    expect(String(wrong.body.message)).toContain('text')
    expect((await act('U0NOBODY', { act: 'home' })).status).toBe(404)
  })

  test('unread messages are counted until they are read', async () => {
    await act('U0VERA', { act: 'say', channel: 'C0DEALS', text: 'one' })
    await act('U0VERA', { act: 'say', channel: 'C0DEALS', text: 'two' })
    const state = async () => (await call('GET', 'state?user=U0JIWON')).body
    expect(await state()).toMatchObject({
      waiting: { U0JIWON: 2, U0VERA: 0 },
      conversations: [{ unread: 2 }],
    })
    await act('U0JIWON', { act: 'read', channel: 'C0DEALS' })
    expect(await state()).toMatchObject({ waiting: { U0JIWON: 0 }, conversations: [{ unread: 0 }] })
  })

  test('faults can be added, seen and taken away', async () => {
    const spec = { on: 'api', method: 'chat.postMessage', kind: 'rate-limit', retryAfter: 3, times: 2 }
    const added = await call('POST', 'faults', spec)
    const id = (added.body as unknown as { fault: { id: string } }).fault.id
    expect((await call('GET', 'faults')).body.faults).toMatchObject([{ id, hits: 0, ...spec }])
    expect((await call('POST', 'faults', { on: 'app', kind: 'rate-limit' })).status).toBe(400)
    await call('DELETE', `faults/${id}`)
    expect((await call('GET', 'faults')).body.faults).toEqual([])
  })

  test('long bodies stay out of the list of traffic and are whole on a look at one', async () => {
    await act('U0VERA', { act: 'command', channel: 'C0DEALS', text: `/deal ${'x'.repeat(3000)}` })
    const exchanges = ((await call('GET', 'traffic')).body as unknown as { exchanges: { id: number }[] })
      .exchanges
    expect(exchanges).toMatchObject([{ what: 'slash_command /deal', outcome: 'ok', bodyCut: true }])
    const whole = await call('GET', `traffic/${exchanges[0]!.id}`)
    expect(JSON.stringify(whole.body)).toContain('x'.repeat(3000))
  })
})

describe('the stream', () => {
  async function listen(user: string, headers: Record<string, string> = {}) {
    const abort = new AbortController()
    const response = await fetch(
      `${origin}/playground/api/stream?workspace=T0ONE&user=${user}&token=${token}`,
      { headers, signal: abort.signal },
    )
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let buffer = ''
    return {
      stop: () => abort.abort(),
      /** Reads on until an event of this name has come. */
      async next(name: string): Promise<{ id: string; data: Record<string, unknown> }> {
        for (;;) {
          const end = buffer.indexOf('\n\n')
          if (end < 0) {
            const { value, done } = await reader.read()
            if (done) throw new Error('the stream ended')
            buffer += value
            continue
          }
          const lines = buffer.slice(0, end).split('\n')
          buffer = buffer.slice(end + 2)
          const field = (key: string) =>
            lines.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2) ?? ''
          if (field('event') === name)
            return { id: field('id'), data: JSON.parse(field('data')) as Record<string, unknown> }
        }
      },
    }
  }

  test('tells a person of messages, counts and the clock, as they happen', async () => {
    const stream = await listen('U0JIWON')
    await act('U0VERA', { act: 'say', channel: 'C0DEALS', text: 'hello' })
    expect((await stream.next('message')).data).toMatchObject({
      channel: 'C0DEALS',
      message: { text: 'hello' },
    })
    expect((await stream.next('conversation')).data).toMatchObject({ id: 'C0DEALS', unread: 1 })
    await call('POST', 'clock', { forward: { days: 2 } })
    expect(((await stream.next('clock')).data.offsetMs as number) / 86_400_000).toBe(2)
    stream.stop()
  })

  test('goes on where a cut stream ended, and starts afresh after a restart', async () => {
    const first = await listen('U0JIWON')
    await act('U0VERA', { act: 'say', channel: 'C0DEALS', text: 'one' })
    const { id } = await first.next('message')
    first.stop()
    await act('U0VERA', { act: 'say', channel: 'C0DEALS', text: 'two' })
    const second = await listen('U0JIWON', { 'last-event-id': id })
    expect((await second.next('message')).data).toMatchObject({ message: { text: 'two' } })
    second.stop()
    await shut()
    await open()
    const third = await listen('U0JIWON', { 'last-event-id': id })
    await third.next('reload')
    third.stop()
  })
})

describe('the clock', () => {
  test('goes forward on request, back only when told so, and keeps its place over a restart', async () => {
    const moved = await call('POST', 'clock', { forward: { days: 1, hours: 2, minutes: 3 } })
    expect(moved.body.offsetMs).toBe(((24 + 2) * 60 + 3) * 60_000)
    expect(await call('POST', 'clock', { reset: true })).toMatchObject({
      status: 409,
      body: { error: 'clock_backwards' },
    })
    await shut()
    await open()
    expect((await call('GET', 'clock')).body.offsetMs).toBe(moved.body.offsetMs)
    expect((await call('POST', 'clock', { reset: true, back: true })).body.offsetMs).toBe(0)
    expect((await call('POST', 'clock', { to: 'tomorrow' })).status).toBe(400)
  })

  test('moves to an instant, tells whoever waits for it, and dates messages', async () => {
    const told: number[] = []
    clock.onMove(({ now }) => told.push(now))
    const target = Date.now() + 86_400_000
    await call('POST', 'clock', { to: new Date(target).toISOString() })
    expect(told).toHaveLength(1)
    await act('U0VERA', { act: 'say', channel: 'C0DEALS', text: 'tomorrow' })
    const { messages } = (await call('GET', 'messages?user=U0VERA&channel=C0DEALS')).body as unknown as {
      messages: { at: number }[]
    }
    expect(messages[0]!.at).toBeGreaterThanOrEqual(target)
  })
})

test('a restart keeps the conversation, the tokens and who changed their language', async () => {
  await act('U0VERA', { act: 'say', channel: 'C0DEALS', text: 'before' })
  await act('U0VERA', { act: 'locale', locale: 'ko-KR' })
  const before = await playground.tokenOf('T0ONE')
  await shut()
  await open()
  const { messages } = (await call('GET', 'messages?user=U0VERA&channel=C0DEALS')).body
  expect(messages).toMatchObject([{ text: 'before' }])
  expect(await playground.tokenOf('T0ONE')).toBe(before)
  expect((await call('GET', 'state')).body.people).toMatchObject([{}, { id: 'U0VERA', locale: 'ko-KR' }, {}])
})

test('a snapshot that cannot be read costs the conversation and nothing else', async () => {
  await shut()
  writeFileSync(join(folder, 'slack.json'), '{"version":1,')
  await open()
  expect((await call('GET', 'state')).body.conversations).toHaveLength(1)
})

test('what an uninstalled workspace asks for is not given', async () => {
  expect(await playground.tenants()).toEqual(['T0ONE'])
  await act('U0VERA', { act: 'uninstall' })
  expect(await playground.tokenOf('T0ONE')).toBeUndefined()
  expect(await playground.tenants()).toEqual([])
  await act('U0VERA', { act: 'install' })
  expect(await playground.tokenOf('T0ONE')).toMatch(/^xoxb-/)
})
