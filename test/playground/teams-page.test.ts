import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPlayground, MovableClock, type Playground } from '../../src/playground/index.ts'
import { localTenant } from '../support/teams-people.ts'
import { card, type Heard, message, words } from './teams-app.ts'

const manifest = `
display_information: { name: Dealdesk }
features:
  slash_commands:
    - { command: /deal, description: Show a deal, usage_hint: '[deal]' }
oauth_config: { scopes: { bot: [commands] } }
settings: { event_subscriptions: { bot_events: [app_home_opened] } }
`
const jiwon = '11111111-0000-4000-8000-000000000001'
const vera = '11111111-0000-4000-8000-000000000002'
const tenant = {
  id: localTenant,
  name: 'One',
  users: [
    { id: jiwon, person: 'jiwon', name: '김지원', roles: ['ae'], locale: 'ko-KR' as const },
    { id: vera, person: 'vera', name: 'Vera Park', roles: ['vp_sales'], isAdmin: true },
  ],
  teams: [{ name: 'Sales', members: [jiwon, vera], channels: [{ name: 'General' }, { name: 'Deals' }] }],
}

let folder: string
let server: Server
let playground: Playground
let origin: string
let token: string
let heard: Heard[]
let app: (activity: Heard) => unknown

async function open(): Promise<void> {
  playground = createPlayground({
    clock: new MovableClock({ file: join(folder, 'clock.json') }),
    manifest,
    workspaces: [],
    page: folder,
    tenants: [tenant],
    teamsSnapshot: join(folder, 'teams.json'),
  })
  server = createServer(async (incoming, response) => {
    if (await playground.handle(incoming, response)) return
    let body = ''
    for await (const part of incoming) body += String(part)
    const activity = JSON.parse(body) as Heard
    heard.push(activity)
    const said = app(activity)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(said === undefined ? '' : JSON.stringify(said))
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
  heard = []
  app = () => undefined
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
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const act = async (
  user: string,
  what: Record<string, unknown>,
): Promise<Record<string, unknown> & { conversation?: string }> =>
  (await call('POST', 'teams/act', { tenant: localTenant, user, ...what })).body
const state = async (query = '') => (await call('GET', `teams/state${query}`)).body

/** Posts as the app, over the connector. */
async function post(conversation: string, activity: unknown): Promise<string> {
  const { appId, password, channel } = playground.teams.settings
  const login = await fetch(channel.loginUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: password,
      scope: 'https://api.botframework.com/.default',
    }),
  })
  const { access_token: bearer } = (await login.json()) as { access_token: string }
  const path = `v3/conversations/${encodeURIComponent(conversation)}/activities`
  const posted = await fetch(`${playground.teams.core.serviceUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(activity),
  })
  return ((await posted.json()) as { id: string }).id
}

const raw = (path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    request(`${origin}${path}`, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })

describe('the guard of the Teams half', () => {
  test.each(['teams/state', 'teams/messages', 'teams/stream', 'teams/act'])(
    '%s is not there without the token of this start',
    async (path) => {
      expect(await raw(`/playground/api/${path}`, {})).toBe(404)
      expect(await raw(`/playground/api/${path}`, { 'x-playground-token': 'guess' })).toBe(404)
    },
  )

  test('another site, or another name of this machine, finds neither the API nor the connector nor the keys', async () => {
    const paths = [
      '/playground/api/teams/state',
      '/playground/teams/v1/.well-known/keys',
      '/playground/teams/kr/v3/conversations',
    ]
    for (const path of paths) {
      const good = { 'x-playground-token': token }
      expect(await raw(path, { ...good, origin: 'https://evil.example' })).toBe(404)
      expect(await raw(path, { ...good, host: 'evil.example' })).toBe(404)
    }
    expect(await raw('/playground/api/teams/state', { 'x-playground-token': token })).toBe(200)
    expect(await raw('/playground/teams/v1/.well-known/keys', {})).toBe(200)
  })

  test('B5.30 the app’s settings are never empty, and name this machine alone', () => {
    const { appId, password, channel } = playground.teams.settings
    expect(appId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(password.length).toBeGreaterThan(20)
    expect(channel.serviceUrlHosts).toEqual([new URL(origin).host])
    for (const url of [channel.openIdMetadataUrl, channel.loginUrl])
      expect(url.startsWith(`${origin}/playground/teams/`)).toBe(true)
  })
})

describe('the control API of the Teams half', () => {
  test('shows what one person sees: the app first, then channels team by team', async () => {
    const first = await state()
    expect(first).toMatchObject({ tenant: localTenant, me: jiwon, dialog: null, bot: { name: 'Dealdesk' } })
    expect(first.conversations).toMatchObject([
      { kind: 'personal', name: 'Dealdesk', installed: true },
      { kind: 'channel', name: 'General' },
      { kind: 'channel', name: 'Deals' },
    ])
    expect(first.people).toMatchObject([
      { id: jiwon, person: 'jiwon' },
      { id: vera, chatId: expect.stringMatching(/^29:/) },
    ])
    expect(first.commands).toEqual([{ title: 'deal', description: 'Show a deal' }])
    expect((await state(`?tenant=${localTenant}&user=vera`)).me).toBe(vera)
    expect((await call('GET', 'teams/state?user=nobody')).status).toBe(404)
  })

  test('a person says something, opens a dialog, types and submits', async () => {
    const { conversation } = await act(jiwon, { act: 'open' })
    expect(await act(jiwon, { act: 'say', conversation, text: 'deal' })).toMatchObject({ ok: true })
    expect(heard.at(-1)).toMatchObject({ type: 'message', text: 'deal' })
    const ask = { type: 'Action.Submit', title: 'Ask', data: { msteams: { type: 'task/fetch' } } }
    const id = await post(conversation!, message(card([words('Ask here')], { actions: [ask] })))
    const { body } = await call(
      'GET',
      `teams/messages?user=${jiwon}&conversation=${encodeURIComponent(conversation!)}`,
    )
    const shown = (body.messages as { id: string; cards: { content: { actions: { id: string }[] } }[] }[]).at(
      -1,
    )!
    expect(shown).toMatchObject({
      id,
      isApp: true,
      cards: [{ own: false, busy: false, content: { actions: [{ id: '#1' }] } }],
    })

    const field = { type: 'Input.Text', id: 'reason', value: 'as before' }
    const form = card([field], { actions: [{ type: 'Action.Submit', title: 'Send' }] })
    app = ({ name }) =>
      name === 'task/fetch'
        ? {
            task: {
              type: 'continue',
              value: {
                title: 'Why',
                card: { contentType: 'application/vnd.microsoft.card.adaptive', content: form },
              },
            },
          }
        : ''
    expect(await act(jiwon, { act: 'press', in: { message: { conversation, id } }, action: '#1' })).toEqual({
      ok: true,
    })
    const dialog = (await state()).dialog as { id: string }
    expect(dialog).toMatchObject({ title: 'Why', typed: { reason: 'as before' }, drawn: 1, busy: false })
    await act(jiwon, { act: 'type', in: { dialog: dialog.id }, typed: { reason: 'better' } })
    expect((await state()).dialog).toMatchObject({ typed: { reason: 'better' } })
    expect(await act(jiwon, { act: 'press', in: { dialog: dialog.id }, action: '#1' })).toEqual({ ok: true })
    expect(heard.at(-1)).toMatchObject({ name: 'task/submit', value: { data: { reason: 'better' } } })
    expect((await state()).dialog).toBeNull()
  })

  test('refuses what nobody can do, in the person’s language', async () => {
    const { conversation } = await act(jiwon, { act: 'open' })
    expect(await act(jiwon, { act: 'press', in: { dialog: 'f:1' }, action: '#1' })).toEqual({
      ok: false,
      error: 'dialog_gone',
      message: '이 대화 상자는 이미 닫혔습니다.',
    })
    expect(await act(vera, { act: 'say', conversation, text: 'x' })).toMatchObject({ error: 'not_member' })
    expect((await call('POST', 'teams/act', { tenant: localTenant, user: jiwon, act: 'fly' })).status).toBe(
      400,
    )
    expect((await call('POST', 'teams/act', { tenant: 'x', user: jiwon, act: 'open' })).status).toBe(404)
    expect(
      (await call('GET', `teams/messages?user=${vera}&conversation=${encodeURIComponent(conversation!)}`))
        .status,
    ).toBe(404)
  })

  test('traffic and faults are one list for both halves', async () => {
    const added = await call('POST', 'faults', { platform: 'teams', on: 'app', kind: 'expired', times: 1 })
    expect(added.body).toMatchObject({ fault: { id: 'teams-fault-1', platform: 'teams' } })
    expect((await call('POST', 'faults', { on: 'app', kind: 'expired' })).status).toBe(400)
    await call('POST', 'faults', { on: 'api', kind: 'drop' })
    expect((await state()).faults).toMatchObject([{ id: 'fault-1' }, { id: 'teams-fault-1' }])
    const { conversation } = await act(jiwon, { act: 'open' })
    await act(jiwon, { act: 'say', conversation, text: 'deal' })
    const { body } = await call('GET', 'traffic')
    expect((body.exchanges as unknown[]).at(-1)).toMatchObject({
      platform: 'teams',
      what: 'message deal',
      workspace: localTenant,
      fault: 'teams-fault-1',
    })
    expect((await call('DELETE', 'faults/teams-fault-1')).body).toEqual({ ok: true })
    await call('DELETE', 'faults')
    expect((await state()).faults).toEqual([])
  })

  test('conversations are there again after a restart, an unanswered dialog is not stuck', async () => {
    const { conversation } = await act(jiwon, { act: 'open' })
    await act(jiwon, { act: 'say', conversation, text: 'still here' })
    const before = playground.teams.settings
    await shut()
    await open()
    const { body } = await call(
      'GET',
      `teams/messages?user=${jiwon}&conversation=${encodeURIComponent(conversation!)}`,
    )
    expect(body.messages).toMatchObject([{ text: 'still here' }])
    expect(playground.teams.settings.appId).toBe(before.appId)
  })
})

describe('the stream of the Teams half', () => {
  /** Everything a person's page is told until an event of this name. */
  async function told(user: string, until: string, cause: () => Promise<unknown>) {
    const gone = new AbortController()
    const response = await fetch(
      `${origin}/playground/api/teams/stream?tenant=${localTenant}&user=${user}&token=${token}`,
      { signal: gone.signal },
    )
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    const caused = cause()
    let text = ''
    for (;;) {
      const { value } = await reader.read()
      text += value ?? ''
      if (text.includes(`event: ${until}\n`)) break
    }
    await caused
    gone.abort()
    return text
  }

  test('tells a person of a card as they see it, and nobody of another’s chat', async () => {
    const { conversation } = await act(jiwon, { act: 'open' })
    const channel = Object.values(playground.teams.tenant().conversations).find(
      ({ name }) => name === 'Deals',
    )!
    const seen = await told(vera, 'message', async () => {
      await post(conversation!, { type: 'message', text: 'for Jiwon alone' })
      await post(channel.id, message(card([words('for all')])))
    })
    const messages = seen.split('\n\n').filter((event) => event.includes('event: message\n'))
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain('for all')
    // Everybody's badges, and what went over the wire.
    expect(seen).toContain(`event: waiting\ndata: {"waiting":{"${jiwon}":1,"${vera}":0}}`)
    expect(seen).toContain('event: traffic')
  })

  test('tells of a dialog, and of a clock that was moved', async () => {
    const { conversation } = await act(jiwon, { act: 'open' })
    const ask = { type: 'Action.Submit', title: 'Ask', data: { msteams: { type: 'task/fetch' } } }
    const id = await post(conversation!, message(card([], { actions: [ask] })))
    app = () => ({ task: { type: 'message', value: 'Not now.' } })
    const seen = await told(jiwon, 'clock', async () => {
      await act(jiwon, { act: 'press', in: { message: { conversation, id } }, action: '#1' })
      await call('POST', 'clock', { forward: { days: 1 } })
    })
    expect(seen.match(/event: dialog\n/g)!.length).toBeGreaterThanOrEqual(2)
    expect(seen).toContain('"text":"Not now."')
  })
})
