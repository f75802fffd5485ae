import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClients } from '../../src/slack/clients.ts'
import { createCourier } from '../../src/slack/courier.ts'
import type { Installations } from '../../src/slack/index.ts'
import { botScopes } from '../../src/slack/manifest.ts'
import { createOAuth, type InstallationStore } from '../../src/slack/oauth.ts'
import { Capture, say } from './rig.ts'

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
const companies: Record<string, string> = { T01: 'acme', T02: 'beta' }

/** A store as the product's behaves: versions grow, a save may expect one. */
class Memory implements InstallationStore {
  readonly rows = new Map<string, { company: string; content: string; version: number }>()
  async load(tenant: string) {
    const row = this.rows.get(tenant)
    return row && { content: JSON.parse(row.content) as unknown, version: row.version }
  }
  async save(tenant: string, company: string, content: unknown, expect?: number) {
    const version = this.rows.get(tenant)?.version ?? 0
    if (expect !== undefined && expect !== version) return false
    this.rows.set(tenant, { company, content: JSON.stringify(content), version: version + 1 })
    return true
  }
  async remove(tenant: string) {
    this.rows.delete(tenant)
  }
  async tenants() {
    return [...this.rows.keys()]
  }
}

let api: Capture
let store: Memory
let oauth: Installations
let server: Server
let wall = 1_763_700_000_000

const make = () =>
  createOAuth({
    clientId: 'client',
    clientSecret: 'client-secret',
    stateSecret: 'state-secret',
    apiUrl: api.url,
    publicUrl: 'https://dealdesk.example.com',
    store,
    companyOf: async (tenant) => companies[tenant],
    log: silent,
    wallNow: () => wall,
  })

beforeEach(async () => {
  wall = 1_763_700_000_000
  api = new Capture()
  await api.start()
  store = new Memory()
  oauth = make()
  server = createServer(
    (req, res) => void oauth.handle(req, res).then((ours) => ours || res.writeHead(404).end()),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await api.stop()
})

function get(
  path: string,
  cookie = '',
): Promise<{ status: number; location: string; cookie: string; body: string }> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, agent: false, headers: cookie ? { cookie } : {} }, (res) => {
      let body = ''
      res.on('data', (chunk) => {
        body += chunk
      })
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          location: res.headers.location ?? '',
          cookie: (res.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '',
          body,
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const granted = (team: string, more: object = {}) => ({
  ok: true,
  access_token: `xoxb-${team}`,
  token_type: 'bot',
  scope: botScopes.join(','),
  bot_user_id: 'UBOT',
  app_id: 'A01',
  team: { id: team, name: 'Acme' },
  enterprise: null,
  authed_user: { id: 'U01' },
  is_enterprise_install: false,
  ...more,
})

async function install(answer: Record<string, unknown>) {
  const start = await get('/slack/install')
  const state = new URL(start.location).searchParams.get('state')
  api.script('oauth.v2.access', answer)
  return get(`/slack/oauth_redirect?code=c0de&state=${encodeURIComponent(state ?? '')}`, start.cookie)
}

describe('installing', () => {
  it('asks Slack for exactly the scopes of the manifest, and comes back here', async () => {
    const { status, location } = await get('/slack/install')
    expect(status).toBe(302)
    const url = new URL(location)
    expect(url.pathname).toBe('/oauth/v2/authorize')
    expect(url.searchParams.get('scope')).toBe(botScopes.join(','))
    expect(url.searchParams.get('redirect_uri')).toBe('https://dealdesk.example.com/slack/oauth_redirect')
  })

  it('a workspace bound to a company beforehand is kept under that company', async () => {
    const done = await install(granted('T01'))
    expect(done.status).toBe(200)
    expect(store.rows.get('T01')?.company).toBe('acme')
    expect(await oauth.tokenOf('T01')).toBe('xoxb-T01')
    expect(await oauth.tokenOf('T02')).toBeUndefined()
    expect(done.body).not.toContain('xoxb')
  })

  it('a workspace nobody bound is refused, and its token handed back', async () => {
    const done = await install(granted('T77', { team: { id: 'T77', name: '<b>Evil</b>' } }))
    expect(done.status).toBe(403)
    expect(done.body).toMatch(/dealdesk company bind/)
    expect(done.body).not.toContain('<b>Evil')
    expect(store.rows.size).toBe(0)
    expect(api.calls.find((c) => c.method === 'auth.revoke')?.token).toBe('xoxb-T77')
  })

  it('a whole organisation is refused: one workspace, one company', async () => {
    const done = await install(
      granted('T01', { team: null, is_enterprise_install: true, enterprise: { id: 'E1' } }),
    )
    expect(done.status).toBe(403)
    expect(store.rows.size).toBe(0)
  })

  it('another browser’s state installs nothing', async () => {
    const start = await get('/slack/install')
    const state = new URL(start.location).searchParams.get('state')
    const done = await get(`/slack/oauth_redirect?code=c&state=${encodeURIComponent(state ?? '')}`)
    expect(done.status).toBe(400)
    expect(api.of('oauth.v2.access')).toEqual([])
  })

  it('a made-up state or a missing code installs nothing', async () => {
    const forged = await get('/slack/oauth_redirect?code=c&state=x', 'slack-app-oauth-state=x')
    const none = await get('/slack/oauth_redirect')
    expect([forged.status, none.status]).toEqual([400, 400])
    expect(store.rows.size).toBe(0)
  })

  it('B5.52 an uninstalled workspace has no token, and its deliveries are told so', async () => {
    await install(granted('T01'))
    await oauth.forget('T01')
    const courier = createCourier(createClients({ tokens: oauth, apiUrl: api.url, log: silent }), {
      uploaded: async () => new Map(),
      linked: async () => new Map(),
      refused: () => undefined,
    })
    expect(await courier.post({ tenant: 'T01', channel: 'C1' }, say('x'), 'k')).toMatchObject({
      what: 'workspace-gone',
    })
  })

  it('other paths are somebody else’s', async () => {
    expect((await get('/slack/other')).status).toBe(404)
  })
})

describe('B5.53 tokens that end', () => {
  const ending = { refresh_token: 'xoxe-1', expires_in: 43_200 }
  const refreshed = (n: number) => ({
    ok: true,
    access_token: `xoxb-new-${n}`,
    refresh_token: `xoxe-new-${n}`,
    expires_in: 43_200,
    token_type: 'bot',
  })
  const refreshes = () => api.of('oauth.v2.access').filter((a) => a.grant_type === 'refresh_token')

  beforeEach(async () => {
    // The library stamps the end of a token by the real clock.
    wall = Date.now()
    await install(granted('T01', ending))
  })

  it('are used as long as they are good', async () => {
    expect(await oauth.tokenOf('T01')).toBe('xoxb-T01')
    expect(refreshes()).toEqual([])
  })

  it('are refreshed once before they end, whoever asks and however often', async () => {
    wall += 42_000_000
    api.script('oauth.v2.access', refreshed(1))
    const replicas = [oauth, make(), make()]
    const tokens = await Promise.all(
      replicas.flatMap((replica) => [replica.tokenOf('T01'), replica.tokenOf('T01')]),
    )
    // Who does not refresh goes on with the old token while it lasts, or has the new one.
    expect(new Set([...tokens, 'xoxb-T01', 'xoxb-new-1'])).toEqual(new Set(['xoxb-T01', 'xoxb-new-1']))
    expect(refreshes()).toHaveLength(1)
    expect(refreshes()[0]).toMatchObject({ refresh_token: 'xoxe-1' })
    wall += 20_000
    expect(await Promise.all(replicas.map((replica) => replica.tokenOf('T01')))).toEqual(
      replicas.map(() => 'xoxb-new-1'),
    )
  })

  it('are waited for when the old one has ended', async () => {
    wall += 43_300_000
    api.script('oauth.v2.access', refreshed(2))
    const other = make()
    expect(await Promise.all([oauth.tokenOf('T01'), other.tokenOf('T01')])).toEqual([
      'xoxb-new-2',
      'xoxb-new-2',
    ])
    expect(refreshes()).toHaveLength(1)
  })

  it('end in “install again”, not in a loop, when the refresh token was used up by a process that died', async () => {
    wall += 43_300_000
    api.script('oauth.v2.access', { ok: false, error: 'invalid_refresh_token' })
    expect(await oauth.tokenOf('T01')).toBeUndefined()
    expect(await oauth.tokenOf('T01')).toBeUndefined()
    expect(await make().tokenOf('T01')).toBeUndefined()
    expect(refreshes()).toHaveLength(1)
  })

  it('are tried again after a refresh that was never answered', async () => {
    wall += 43_300_000
    api.script('oauth.v2.access', { http: 503 }, refreshed(3))
    expect(await oauth.tokenOf('T01')).toBeUndefined()
    wall += 40_000
    expect(await oauth.tokenOf('T01')).toBe('xoxb-new-3')
  })
})
