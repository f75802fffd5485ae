import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDoor } from '../../src/slack/door.ts'
import { command, createRig, event, json, type Rig, secret, send, sign } from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => rig.stop())

const now = () => Math.floor(Date.now() / 1000)

describe('who may come in', () => {
  it('B5.18 a forged signature is refused, counted, and its body never parsed', async () => {
    const answer = await send(rig, command(rig, 'acme'), { key: 'somebody-elses-secret' })
    expect(answer).toMatchObject({ status: 401, body: '' })
    // Not even JSON that would break a parser is looked at.
    expect((await send(rig, '{"broken', { key: 'x', ...json })).status).toBe(401)
    expect(rig.gestures).toEqual([])
    expect(rig.rejected).toEqual(['signature', 'signature'])
  })

  it('B5.18 a signature over another body does not open the door', async () => {
    const genuine = command(rig, 'acme 5')
    const answer = await send(rig, command(rig, 'acme 95'), {
      headers: { 'x-slack-signature': sign(genuine) },
    })
    expect(answer.status).toBe(401)
  })

  it.each([
    ['no signature', { 'x-slack-signature': undefined }],
    ['no timestamp', { 'x-slack-request-timestamp': undefined }],
    ['an empty signature', { 'x-slack-signature': '' }],
    ['another version', { 'x-slack-signature': `v1=${'a'.repeat(64)}` }],
    ['a short signature', { 'x-slack-signature': 'v0=abc' }],
    ['a timestamp that is no number', { 'x-slack-request-timestamp': 'now' }],
    ['a timestamp with a sign', { 'x-slack-request-timestamp': '+1700000000' }],
  ])('B5.19 %s is refused', async (_what, headers) => {
    expect((await send(rig, command(rig, 'acme'), { headers })).status).toBe(401)
    expect(rig.gestures).toEqual([])
    expect(rig.rejected).toEqual(['headers'])
  })

  it('B5.19 headers that come twice are refused, even when both are genuine', async () => {
    const body = command(rig, 'acme')
    const at = now()
    const twice = await send(rig, body, {
      at,
      headers: { 'x-slack-signature': [sign(body, at), sign(body, at)] },
    })
    const stamps = await send(rig, body, { at, headers: { 'x-slack-request-timestamp': [`${at}`, `${at}`] } })
    expect([twice.status, stamps.status]).toEqual([401, 401])
    expect(rig.gestures).toEqual([])
  })

  it.each([
    ['B5.20 stale', -301, 401],
    ['B5.20 just within five minutes', -290, 200],
    ['B5.21 from the future', 301, 401],
    ['B5.21 ten years ahead', 315_360_000, 401],
    ['B5.21 a clock a little ahead', 60, 200],
  ])('%s', async (_what, seconds, status) => {
    expect((await send(rig, command(rig, 'acme'), { at: now() + seconds })).status).toBe(status)
  })

  it('B5.26 url_verification is answered when it is signed and refused when it is not', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c-1', token: 'x' })
    const genuine = await send(rig, body, json)
    expect(JSON.parse(genuine.body)).toEqual({ challenge: 'c-1' })
    expect((await send(rig, body, { ...json, key: 'wrong' })).status).toBe(401)
    const unsigned = await send(rig, body, { ...json, headers: { 'x-slack-signature': undefined } })
    expect(unsigned.status).toBe(401)
  })
})

describe('B5.25 ssl_check', () => {
  const smuggled = `ssl_check=1&${new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      team: { id: 'T01' },
      user: { id: 'U01', team_id: 'T01' },
      trigger_id: 't',
      actions: [{ type: 'button', action_id: 'discount.approve', value: 'd' }],
    }),
  })}`

  it.each([
    ['unsigned', { headers: { 'x-slack-signature': undefined } }],
    ['signed', {}],
    ['forged', { key: 'wrong' }],
  ])('gets an empty 200 and dispatches nothing of what was smuggled in (%s)', async (_what, options) => {
    const answer = await send(rig, smuggled, options)
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(rig.gestures).toEqual([])
  })

  it.each([
    'ssl_check=0',
    'ssl_check=true',
    'ssl_check=',
    'xssl_check=1',
    'ssl_check=11',
    'text=ssl_check%3D1',
  ])('opens nothing as %s', async (pair) => {
    const answer = await send(rig, `${pair}&${command(rig, 'acme')}`, {
      headers: { 'x-slack-signature': undefined },
    })
    expect(answer.status).toBe(401)
  })

  it('is not found in a JSON body', async () => {
    const answer = await send(rig, '{"a":"&ssl_check=1&"}', { ...json, key: 'wrong' })
    expect(answer.status).toBe(401)
  })
})

describe('B5.27 bodies', () => {
  it('a charset behind the content type changes nothing', async () => {
    const contentType = 'application/x-www-form-urlencoded; charset=utf-8'
    expect((await send(rig, command(rig, 'acme 15'), { contentType })).status).toBe(200)
    const asJson = await send(rig, JSON.stringify({ type: 'url_verification', challenge: 'c' }), {
      contentType: 'application/json; charset=UTF-8',
    })
    expect(asJson.status).toBe(200)
    await rig.slack.quiet()
    expect(rig.gestures[0]).toMatchObject({ kind: 'command', text: 'acme 15' })
  })

  it.each([
    ['broken JSON', '{"type":', 'application/json'],
    ['JSON null', 'null', 'application/json'],
    ['a JSON list', '[]', 'application/json'],
    ['a broken payload', 'payload=%7B%22type', 'application/x-www-form-urlencoded'],
    ['a null payload', 'payload=null', 'application/x-www-form-urlencoded'],
    ['an empty JSON body', '', 'application/json'],
    ['another charset', 'text=a', 'application/x-www-form-urlencoded; charset=euc-kr'],
    ['another type', '<a/>', 'text/xml'],
  ])('%s is answered 400', async (_what, body, contentType) => {
    expect((await send(rig, body, { contentType })).status).toBe(400)
    expect(rig.gestures).toEqual([])
  })

  it('bytes that are no UTF-8 are answered 400', async () => {
    const body = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])
    expect((await send(rig, body, json)).status).toBe(400)
  })

  it('a body announced over 4 MB is refused before it is read', async () => {
    const answer = await announce(rig.port, { 'content-length': `${4 * 1024 * 1024 + 1}` })
    expect(answer).toBe(413)
    expect(rig.rejected).toEqual(['too-large'])
  })

  it('a body that grows over the limit in chunks is refused', async () => {
    const turnedAway: string[] = []
    const { port, close } = await doorAt({ bodyLimit: 1_000, onReject: (why) => turnedAway.push(why) })
    const status = await new Promise((resolve, reject) => {
      const req = request(
        { port, host: '127.0.0.1', path: '/slack/events', method: 'POST', agent: false },
        (res) => {
          res.resume()
          resolve(res.statusCode)
        },
      )
      req.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(413) : reject(error),
      )
      for (let i = 0; i < 40; i++) req.write('x'.repeat(100))
      req.end()
    })
    await close()
    expect(status).toBe(413)
    expect(turnedAway).toEqual(['too-large'])
  })

  it('a body that dribbles in is given up with 408', async () => {
    const { port, close } = await doorAt({ bodyTimeoutMs: 30 })
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      let seen = ''
      socket.on('data', (data) => {
        seen += data
      })
      socket.on('close', () => resolve(seen))
      socket.write('POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow')
    })
    await close()
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('a connection that ends in the middle leaves nothing behind', async () => {
    const turnedAway: string[] = []
    let told: () => void = () => undefined
    const heard = new Promise<void>((resolve) => {
      told = resolve
    })
    const { port, close } = await doorAt({
      onReject: (why) => {
        turnedAway.push(why)
        told()
      },
    })
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf', () =>
        socket.destroy(),
      )
    })
    await heard
    await close()
    expect(turnedAway).toEqual(['aborted'])
  })

  it('anything but POST is refused', async () => {
    const status = await new Promise((resolve) =>
      request(
        { port: rig.port, host: '127.0.0.1', path: '/slack/events', method: 'GET', agent: false },
        (res) => {
          res.resume()
          resolve(res.statusCode)
        },
      ).end(),
    )
    expect(status).toBe(405)
  })
})

describe('B5.28 the signing secret', () => {
  it('accepts the old and the new one while both are configured, then only the new one', async () => {
    const config = { apiUrl: '', botToken: 'xoxb-1', signingSecrets: ['new-secret', secret] }
    const rotating = await createRig({ config })
    const after = await createRig({ config: { ...config, signingSecrets: ['new-secret'] } })
    const statuses = await Promise.all([
      send(rotating, command(rotating, 'a'), { key: 'new-secret' }),
      send(rotating, command(rotating, 'a'), { key: secret }),
      send(after, command(after, 'a'), { key: 'new-secret' }),
      send(after, command(after, 'a'), { key: secret }),
    ])
    await Promise.all([rotating.stop(), after.stop()])
    expect(statuses.map((a) => a.status)).toEqual([200, 200, 200, 401])
  })

  it.each([[[]], [['']], [['good', '']]])('refuses to start with %j', (secrets) => {
    expect(() => createDoor({ secrets, enter: () => undefined, onReject: () => undefined })).toThrow(
      /SLACK_SIGNING_SECRET/,
    )
  })

  it('a signature made with an empty key never fits', async () => {
    const body = command(rig, 'acme')
    const at = now()
    const empty = `v0=${createHmac('sha256', '').update(`v0:${at}:${body}`).digest('hex')}`
    expect((await send(rig, body, { at, headers: { 'x-slack-signature': empty } })).status).toBe(401)
  })
})

it('words outside ASCII arrive as they were typed', async () => {
  await send(rig, command(rig, '삼성전자 15% 🚀 & <b>'))
  await rig.slack.quiet()
  await send(
    rig,
    event({
      type: 'message',
      channel_type: 'im',
      channel: 'D1',
      user: 'U01',
      ts: '1.1',
      text: '네 &amp; 좋아요 &lt;b&gt;',
    }),
    json,
  )
  expect(rig.gestures.map((g) => ('text' in g ? g.text : ''))).toEqual([
    '삼성전자 15% 🚀 & <b>',
    '네 & 좋아요 <b>',
  ])
})

/** A server with nothing but the door in it. */
async function doorAt(options: Partial<Parameters<typeof createDoor>[0]>) {
  const { createServer } = await import('node:http')
  const door = createDoor({
    secrets: [secret],
    enter: (_req, res) => res.end('in'),
    onReject: () => undefined,
    ...options,
  })
  const server = createServer((req, res) => void door(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Sends headers alone and says what came back. */
function announce(port: number, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const req = request(
      { port, host: '127.0.0.1', path: '/slack/events', method: 'POST', headers, agent: false },
      (res) => {
        res.resume()
        resolve(res.statusCode)
        req.destroy()
      },
    )
    req.on('error', reject)
    req.flushHeaders()
  })
}
