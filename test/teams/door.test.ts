import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Log } from '../../src/ports.ts'
import { type Admitted, createDoor, isServiceUrl, type Rejection } from '../../src/teams/door.ts'
import { createKeys } from '../../src/teams/keys.ts'
import { createTokenCheck } from '../../src/teams/token.ts'
import { activityOf, appId, type ConnectorRig, connectorRig, postActivity, tenant } from './rig.ts'

const user = '00000000-0000-4000-8000-0000000000aa'
const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

describe('the door of POST /api/messages', () => {
  let rig: ConnectorRig
  let server: Server
  let url: string
  let wall = Date.now
  const entered: Admitted[] = []
  const rejected: Rejection[] = []
  const lookedUp: string[] = []

  beforeAll(async () => {
    rig = await connectorRig()
    const keys = createKeys({ url: rig.channel.openIdMetadataUrl, log: quiet, wallNow: () => wall() })
    const door = createDoor({
      verify: createTokenCheck({ appId, issuer: rig.issuer, keys, wallNow: () => wall() }),
      companyOf: async (id) => {
        lookedUp.push(id)
        return id === tenant ? 'ondam' : undefined
      },
      serviceUrlHosts: rig.channel.serviceUrlHosts,
      enter: async (admitted, res) => {
        entered.push(admitted)
        res.end()
      },
      onReject: (why) => rejected.push(why),
      bodyLimit: 20_000,
      bodyTimeoutMs: 300,
    })
    server = createServer((req, res) => void door(req, res))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`
  })
  afterEach(() => {
    wall = Date.now
    rig.keysDown = false
    for (const list of [entered, rejected, lookedUp]) list.length = 0
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await rig.close()
  })

  const message = (more: Record<string, unknown> = {}) =>
    activityOf(rig, { user }, { type: 'message', text: 'help', ...more })
  const bearer = async (...options: Parameters<ConnectorRig['token']>) =>
    `Bearer ${await rig.token(...options)}`

  /** Nobody was let in, nobody was looked up, and the answer says nothing. */
  const refused = async (activity: unknown, authorization: string | undefined, status = 401) => {
    const answer = await postActivity(url, activity, authorization)
    expect({ status: answer.status, text: answer.text }).toEqual({ status, text: '' })
    expect(entered).toEqual([])
    return rejected.at(-1)
  }

  it('lets a genuine activity in, with its tenant and its company', async () => {
    expect(await postActivity(url, message(), await bearer())).toMatchObject({ status: 200 })
    expect(entered[0]).toMatchObject({ tenant, company: 'ondam', serviceUrl: rig.serviceUrl })
  })

  describe('B5.29 refuses what is not signed by the channel for this bot', () => {
    it('no token', async () => expect(await refused(message(), undefined)).toBe('no-token'))
    it('a token that is none', async () =>
      expect(await refused(message(), 'Bearer garbage')).toBe('malformed'))
    it('another scheme', async () =>
      expect(await refused(message(), `Basic ${await rig.token()}`)).toBe('malformed'))
    it('a wrong audience', async () =>
      expect(
        await refused(message(), await bearer({ audience: '99999999-2222-4333-8444-555555555555' })),
      ).toBe('audience'))
    it('a wrong issuer', async () =>
      expect(await refused(message(), await bearer({ issuer: 'https://sts.windows.net/somebody/' }))).toBe(
        'issuer',
      ))
    it('an expired token', async () =>
      expect(await refused(message(), await bearer({ expiresInSeconds: -301 }))).toBe('expired'))
    it('a token of later', async () =>
      expect(await refused(message(), await bearer({ notBeforeInSeconds: 360 }))).toBe('claims'))
    it('five minutes of skew are allowed, either way', async () => {
      const old = await bearer({ expiresInSeconds: -200 })
      const early = await bearer({ notBeforeInSeconds: 200 })
      for (const authorization of [old, early])
        expect(await postActivity(url, message(), authorization)).toMatchObject({ status: 200 })
    })
    it('alg none', async () => {
      const [, payload] = (await rig.token()).split('.')
      const header = Buffer.from(JSON.stringify({ alg: 'none', kid: 'good', typ: 'JWT' })).toString(
        'base64url',
      )
      expect(await refused(message(), `Bearer ${header}.${payload}.`)).toBe('algorithm')
    })
    it('HS256 with the public key as its secret', async () => {
      const [, payload] = (await rig.token()).split('.')
      const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: 'good', typ: 'JWT' })).toString(
        'base64url',
      )
      const secret = rig.publicKey.export({ type: 'spki', format: 'pem' })
      const signature = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')
      expect(await refused(message(), `Bearer ${header}.${payload}.${signature}`)).toBe('algorithm')
    })
    it('a bad signature: 401, where the SDK says 500', async () => {
      expect(await refused(message(), await bearer({ key: rig.strangerKey }))).toBe('signature')
    })
    it('claims changed after signing', async () => {
      const [header, payload, signature] = (await rig.token()).split('.')
      const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>
      const forged = Buffer.from(JSON.stringify({ ...claims, exp: Number(claims.exp) + 60 })).toString(
        'base64url',
      )
      expect(await refused(message(), `Bearer ${header}.${forged}.${signature}`)).toBe('signature')
    })
    it('no kid, and a kid nobody published', async () => {
      expect(await refused(message(), await bearer({ kid: '' }))).toBe('key')
      expect(await refused(message(), await bearer({ kid: 'mine', key: rig.strangerKey }))).toBe('key')
    })
    it('a key without endorsements, and one endorsed for other channels', async () => {
      expect(await refused(message(), await bearer({ kid: 'unendorsed' }))).toBe('endorsement')
      expect(await refused(message(), await bearer({ kid: 'elsewhere' }))).toBe('endorsement')
    })
    it('no serviceUrl claim, and one of another address', async () => {
      expect(await refused(message(), await bearer({ serviceUrl: undefined }))).toBe('claims')
      expect(
        await refused(message(), await bearer({ serviceUrl: 'https://smba.trafficmanager.net/kr/' }), 403),
      ).toBe('service-url')
    })
    it('an activity without a serviceUrl', async () => {
      expect(await refused(message({ serviceUrl: undefined }), await bearer(), 403)).toBe('service-url')
    })
    it('a token without an end', async () =>
      expect(await refused(message(), await bearer({ endless: true }))).toBe('claims'))
  })

  it('an activity of Web Chat or Direct Line is nobody’s: there the client writes who it is from', async () => {
    for (const channelId of ['webchat', 'directline', 'emulator', undefined])
      expect(await refused(message({ channelId }), await bearer(), 403)).toBe('channel')
    expect(lookedUp).toEqual([])
  })

  it('B5.30 never runs with an empty App ID', () => {
    const keys = createKeys({ url: rig.channel.openIdMetadataUrl, log: quiet })
    expect(() => createTokenCheck({ appId: '', issuer: rig.issuer, keys })).toThrow(/MicrosoftAppId is empty/)
  })

  describe('B5.31 the channel’s keys', () => {
    it('are asked for once in a minute, however many unknown keys come', async () => {
      await postActivity(url, message(), await bearer())
      entered.length = 0
      const before = rig.keysAsked
      wall = () => Date.now() + 61_000
      const authorization = await bearer({ kid: 'invented', key: rig.strangerKey })
      for (let i = 0; i < 20; i++) await refused(message(), authorization)
      expect(rig.keysAsked).toBe(before + 1)
    })

    it('are kept while they can’t be asked for, and given up after a day', async () => {
      await postActivity(url, message(), await bearer())
      rig.keysDown = true
      const hours = (n: number) => () => Date.now() + n * 3_600_000
      wall = hours(20)
      expect(await postActivity(url, message(), await bearer({ expiresInSeconds: 30 * 3600 }))).toMatchObject(
        { status: 200 },
      )
      entered.length = 0
      wall = hours(26)
      expect(await refused(message(), await bearer({ expiresInSeconds: 30 * 3600 }), 503)).toBe(
        'keys-unavailable',
      )
      rig.keysDown = false
      wall = hours(27)
      expect(await postActivity(url, message(), await bearer({ expiresInSeconds: 30 * 3600 }))).toMatchObject(
        { status: 200 },
      )
    })

    it('are not believed when they come from elsewhere in the clear', async () => {
      const stranger = createServer((_req, res) => res.end(JSON.stringify({ jwks_uri: `${rig.base}/keys` })))
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
      const keys = createKeys({
        url: `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`,
        log: quiet,
      })
      expect(await keys.find('good')).toBe('unavailable')
      stranger.close()
    })
  })

  it('B5.32 the bot’s token goes to Microsoft’s addresses and the local one, to no other', () => {
    for (const good of [
      'https://smba.trafficmanager.net/kr/',
      'https://smba.trafficmanager.net/teams',
      'https://smba.infra.gcc.teams.microsoft.com/teams',
      rig.serviceUrl,
    ])
      expect(isServiceUrl(good, rig.channel.serviceUrlHosts), good).toBe(true)
    for (const bad of [
      'https://smba.trafficmanager.net.evil.example/kr/',
      'https://evil.example/smba.trafficmanager.net/',
      'http://smba.trafficmanager.net/kr/',
      'https://smba.trafficmanager.net:8443/kr/',
      'https://user:pass@smba.trafficmanager.net/',
      'https://evilteams.microsoft.com.example/',
      'https://xteams.microsoft.com/',
      'http://127.0.0.1:1/teams/',
      'http://169.254.169.254/',
      'file:///etc/passwd',
      'nonsense',
    ])
      expect(isServiceUrl(bad, rig.channel.serviceUrlHosts), bad).toBe(false)
    expect(isServiceUrl('http://127.0.0.1:3978/', [])).toBe(false)
  })

  it('B5.32 a genuine token for an address of somebody else’s is refused', async () => {
    const serviceUrl = 'https://evil.example/teams/'
    expect(await refused(message({ serviceUrl }), await bearer({ serviceUrl }), 403)).toBe('service-url')
  })

  it('B5.33 a tenant that was not bound is refused, and learns nothing', async () => {
    const foreign = 'ffffffff-aaaa-4bbb-8ccc-000000000009'
    const activity = activityOf(rig, { user, tenant: foreign }, { type: 'message', text: 'approvals' })
    expect(await refused(activity, await bearer(), 403)).toBe('tenant')
    expect(lookedUp).toEqual([foreign])
  })

  it('B5.33 an activity that names two tenants, or none, is refused before any is looked up', async () => {
    const two = { ...message(), channelData: { tenant: { id: 'ffffffff-aaaa-4bbb-8ccc-000000000009' } } }
    const none = { ...message(), channelData: {}, conversation: { id: 'a:1' } }
    for (const activity of [two, none]) expect(await refused(activity, await bearer(), 403)).toBe('tenant')
    expect(lookedUp).toEqual([])
  })

  describe('B5.27 bodies', () => {
    it('over the limit are cut off', async () =>
      expect(await refused(message({ text: 'x'.repeat(30_000) }), await bearer(), 413)).toBe('too-large'))
    it.each([['{"type":'], ['[]'], ['null'], ['"text"'], ['{}'], ['{"type":7}']])(
      '%s is no activity',
      async (body) => expect(await refused(body, await bearer(), 400)).toBe('body'),
    )
    it('of an unverified request are never read', async () => {
      expect(await refused('{"type":', 'Bearer a.b.c')).toBe('malformed')
    })
    it('that dawdle are given up', async () => {
      const authorization = await bearer()
      const { hostname, port } = new URL(url)
      const status = await new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname)
        socket.write(
          `POST /api/messages HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\nauthorization: ${authorization}\r\n\r\n{`,
        )
        socket.on('data', (data) => resolve(data.toString().split('\r\n')[0]!))
      })
      expect(status).toContain('408')
      expect(rejected).toEqual(['too-slow'])
    })
  })

  it('takes nothing but POST', async () => {
    const answer = await fetch(url)
    expect(answer.status).toBe(405)
  })
})
