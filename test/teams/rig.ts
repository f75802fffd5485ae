import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import type { TeamsChannel } from '../../src/config.ts'

/*
 * The smallest Bot Connector that the product can be held against: published keys, tokens signed with them, and the
 * calls that come back, with scripted answers. What Teams' client does is in the local Teams; here it is the wire.
 */

interface ConnectorCall {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: Record<string, unknown>
}

interface Scripted {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** Accepted, and never answered. */
  readonly hang?: boolean
  /** Accepted, and the connection broken. */
  readonly drop?: boolean
}

interface TokenOptions {
  readonly audience?: string
  readonly issuer?: string
  readonly serviceUrl?: string | undefined
  readonly expiresInSeconds?: number
  readonly notBeforeInSeconds?: number
  /** Without an `exp`. */
  readonly endless?: boolean
  readonly kid?: string
  readonly key?: KeyObject
  readonly alg?: string
}

export const appId = '11111111-2222-4333-8444-555555555555'
export const tenant = '0d0d0d0d-aaaa-4bbb-8ccc-000000000001'

export interface ConnectorRig {
  readonly base: string
  readonly serviceUrl: string
  readonly issuer: string
  /** What the product is configured with to believe this channel. */
  readonly channel: TeamsChannel
  readonly calls: ConnectorCall[]
  /** Resolves with the first call that fits, one that was made already included. */
  called(fits: (call: ConnectorCall) => boolean): Promise<ConnectorCall>
  /** How often the keys were asked for. */
  keysAsked: number
  /** Answers the next calls whose path fits; first come, first served. */
  script(path: RegExp, answer: Scripted): void
  /** The bot gets no token of its own from now on. */
  tokenDown: boolean
  /** The keys can't be had from now on. */
  keysDown: boolean
  /** Who the roster says somebody is, by Entra object id. */
  readonly members: Map<string, Record<string, unknown>>
  token(options?: TokenOptions): Promise<string>
  /** A key of another's making. */
  readonly strangerKey: KeyObject
  readonly publicKey: KeyObject
  close(): Promise<void>
}

export async function connectorRig(): Promise<ConnectorRig> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const unendorsed = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const elsewhere = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const strangerKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const signers: Record<string, KeyObject> = {
    good: keys.privateKey,
    unendorsed: unendorsed.privateKey,
    elsewhere: elsewhere.privateKey,
  }
  const issuer = 'https://channel.local.test'
  const calls: ConnectorCall[] = []
  const scripts: { path: RegExp; answer: Scripted }[] = []
  const members = new Map<string, Record<string, unknown>>()
  const waiting = new Set<() => void>()
  let count = 0

  const server = createServer((req, res) => void serve(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = (req.url ?? '').split('?')[0]!
    const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      res.writeHead(status, { 'content-type': 'application/json', ...headers })
      res.end(body === undefined ? '' : JSON.stringify(body))
    }
    if (path === '/login/oauth2/v2.0/token')
      return rig.tokenDown
        ? json(401, { error: 'invalid_client' })
        : json(200, { token_type: 'Bearer', access_token: 'bot-token', expires_in: 3600 })
    if (path === '/.well-known/openidconfiguration')
      return rig.keysDown ? json(503, {}) : json(200, { issuer: rig.issuer, jwks_uri: `${base}/keys` })
    if (path === '/keys') {
      rig.keysAsked += 1
      if (rig.keysDown) return json(503, {})
      const jwk = (key: KeyObject, kid: string, endorsements?: string[]) => ({
        ...key.export({ format: 'jwk' }),
        kid,
        use: 'sig',
        ...(endorsements ? { endorsements } : {}),
      })
      return json(200, {
        keys: [
          jwk(keys.publicKey, 'good', ['msteams', 'webchat']),
          jwk(unendorsed.publicKey, 'unendorsed'),
          jwk(elsewhere.publicKey, 'elsewhere', ['webchat', 'directline']),
        ],
      })
    }
    let text = ''
    for await (const chunk of req) text += chunk
    const body = text ? (JSON.parse(text) as Record<string, unknown>) : {}
    calls.push({ method: req.method ?? '', path, authorization: req.headers.authorization, body })
    for (const tell of [...waiting]) tell()
    const at = scripts.findIndex((script) => script.path.test(`${req.method} ${decodeURIComponent(path)}`))
    if (at >= 0) {
      const { answer } = scripts.splice(at, 1)[0]!
      if (answer.drop) return void req.socket.destroy()
      if (answer.hang) return
      return json(answer.status, answer.body, answer.headers)
    }
    const [, conversation = '', kind, id = ''] =
      /^\/teams\/v3\/conversations(?:\/([^/]+)(?:\/(activities|members)(?:\/([^/]+))?)?)?$/.exec(path) ?? []
    if (!path.startsWith('/teams/v3/conversations')) return json(404, { error: { code: 'NotFound' } })
    if (conversation === '') {
      const [member] = (body.members ?? []) as { id: string }[]
      return json(201, { id: `a:made-for-${member?.id}` })
    }
    if (kind === 'members') {
      const member = members.get(decodeURIComponent(id))
      return member ? json(200, member) : json(404, { error: { code: 'MemberNotFoundInConversation' } })
    }
    count += 1
    return json(req.method === 'PUT' ? 200 : 201, {
      id: req.method === 'PUT' ? decodeURIComponent(id) : `17000000${count}`,
    })
  }

  const rig: ConnectorRig = {
    base,
    serviceUrl: `${base}/teams/`,
    issuer,
    channel: {
      openIdMetadataUrl: `${base}/.well-known/openidconfiguration`,
      issuer,
      serviceUrlHosts: [new URL(base).host],
      loginUrl: `${base}/login`,
    },
    calls,
    keysAsked: 0,
    keysDown: false,
    tokenDown: false,
    members,
    strangerKey,
    publicKey: keys.publicKey,
    script: (path, answer) => void scripts.push({ path, answer }),
    called: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const call = calls.find(fits)
          if (!call) return
          waiting.delete(look)
          resolve(call)
        }
        waiting.add(look)
        look()
      }),
    async token(options = {}) {
      const now = Math.floor(Date.now() / 1000)
      const kid = options.kid ?? 'good'
      const claims = 'serviceUrl' in options ? options.serviceUrl : rig.serviceUrl
      const unsigned = new SignJWT(claims === undefined ? {} : { serviceurl: claims })
        .setProtectedHeader({ alg: options.alg ?? 'RS256', kid, typ: 'JWT' })
        .setIssuer(options.issuer ?? rig.issuer)
        .setAudience(options.audience ?? appId)
        .setNotBefore(now + (options.notBeforeInSeconds ?? -10))
      if (!options.endless) unsigned.setExpirationTime(now + (options.expiresInSeconds ?? 3600))
      return unsigned.sign(options.key ?? signers[kid] ?? keys.privateKey)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return rig
}

export interface Speaker {
  /** Entra object id. */
  readonly user: string
  readonly name?: string
  readonly tenant?: string
  /** The conversation; left out: the person's own chat with the bot. */
  readonly conversation?: { readonly id: string; readonly type: 'personal' | 'channel' | 'groupChat' }
}

export const personalChat = (user: string): string => `a:chat-${user}`

/** An activity as Teams writes it. */
export function activityOf(
  rig: Pick<ConnectorRig, 'serviceUrl'>,
  by: Speaker,
  more: Record<string, unknown>,
): Record<string, unknown> {
  const conversation = by.conversation ?? { id: personalChat(by.user), type: 'personal' as const }
  return {
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    channelId: 'msteams',
    serviceUrl: rig.serviceUrl,
    from: { id: `29:${by.user}`, name: by.name ?? 'Somebody', aadObjectId: by.user },
    recipient: { id: `28:${appId}`, name: 'Dealdesk' },
    conversation: {
      id: conversation.id,
      conversationType: conversation.type,
      tenantId: by.tenant ?? tenant,
      ...(conversation.type === 'personal' ? {} : { isGroup: true }),
    },
    channelData: {
      tenant: { id: by.tenant ?? tenant },
      ...(conversation.type === 'channel' ? { channel: { id: conversation.id.split(';')[0] } } : {}),
    },
    ...more,
  }
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly body: Record<string, unknown>
}

/** Posts to the messaging endpoint; `authorization` as it is, or a good token. */
export async function postActivity(
  url: string,
  activity: unknown,
  authorization: string | undefined,
): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
    body: typeof activity === 'string' ? activity : JSON.stringify(activity),
  })
  const text = await answer.text()
  let body: Record<string, unknown> = {}
  try {
    body = JSON.parse(text) as Record<string, unknown>
  } catch {
    // Refusals have no body.
  }
  return { status: answer.status, text, body }
}
