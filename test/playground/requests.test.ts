import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { App, LogLevel, SocketModeReceiver, verifySlackRequest } from '@slack/bolt'
import { afterEach, describe, expect, test } from 'vitest'
import { localSlack, type TestSlack, type TestSlackOptions } from '../support/slack-people.ts'
import { boltApp } from './bolt-app.ts'

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

interface Seen {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
type Reply = { status: number; headers?: Record<string, string> } | 'never'

/** Takes down what arrives and answers as told, in turn; then 200. */
async function recorder(slack: TestSlack, ...replies: Reply[]): Promise<Seen[]> {
  const seen: Seen[] = []
  const server: Server = createServer(async (incoming, response) => {
    let body = ''
    for await (const part of incoming) body += String(part)
    const reply = replies[seen.length] ?? { status: 200 }
    seen.push({ headers: incoming.headers, body })
    if (reply !== 'never') response.writeHead(reply.status, reply.headers).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  })
  slack.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`)
  return seen
}

async function start(options: TestSlackOptions = {}): Promise<TestSlack> {
  const slack = await localSlack(options)
  open.push(slack)
  return slack
}

const verify = (slack: TestSlack, seen: Seen) =>
  verifySlackRequest({
    signingSecret: slack.signingSecret,
    body: seen.body,
    headers: {
      'x-slack-signature': String(seen.headers['x-slack-signature']),
      'x-slack-request-timestamp': Number(seen.headers['x-slack-request-timestamp']),
    },
  })

describe('what is sent to the app is signed as Slack signs it', () => {
  test('Bolt’s own verifier takes a command, an event and nothing forged', async () => {
    const slack = await start()
    const seen = await recorder(slack)
    const jiwon = slack.as('U0JIWON')
    await jiwon.command('/deal', '아크메 15%')
    await jiwon.dm().say('안녕')
    slack.fault({ on: 'app', kind: 'forged-signature', times: 1 })
    await jiwon.command('/deal')
    expect(() => verify(slack, seen[0]!)).not.toThrow()
    expect(() => verify(slack, seen[1]!)).not.toThrow()
    expect(() => verify(slack, seen[2]!)).toThrow(/signature mismatch/)
    expect(new URLSearchParams(seen[0]!.body).get('text')).toBe('아크메 15%')
    expect(seen[0]!.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(seen[1]!.headers['content-type']).toBe('application/json')
  })

  test('B5.20 B5.21 stamps can be old or ahead under a true signature', async () => {
    const slack = await start()
    const seen = await recorder(slack)
    slack.fault({ on: 'app', kind: 'old-stamp', seconds: 301, times: 1 })
    await slack.as('U0JIWON').command('/deal')
    slack.fault({ on: 'app', kind: 'future-stamp', seconds: 3600, times: 1 })
    await slack.as('U0JIWON').command('/deal')
    expect(() => verify(slack, seen[0]!)).toThrow(/stale/)
    const ahead = Number(seen[1]!.headers['x-slack-request-timestamp']) - Date.now() / 1000
    expect(Math.round(ahead / 60)).toBe(60)
  })

  test('B5.23 an event that is not taken comes three times more, and says why', async () => {
    const slack = await start({ eventRetryDelaysMs: [0, 0, 0], acknowledgeMs: 60 })
    const seen = await recorder(slack, 'never', { status: 500 }, { status: 500 }, { status: 500 })
    await slack.as('U0JIWON').dm().say('hello')
    await slack.until(
      () => slack.received('event').filter((one) => one.outcome === 'failed').length === 3,
      'three repeats',
    )
    expect(
      seen.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]),
    ).toEqual([
      [undefined, undefined],
      ['1', 'http_timeout'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ])
    expect(new Set(seen.map(({ body }) => body)).size).toBe(1)
  })

  test('an app can say that it wants no repeat', async () => {
    const slack = await start({ eventRetryDelaysMs: [0, 0, 0] })
    const seen = await recorder(slack, { status: 500, headers: { 'x-slack-no-retry': '1' } })
    await slack.as('U0JIWON').dm().say('one')
    await slack.as('U0JIWON').dm().say('two')
    expect(seen.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, undefined])
  })

  test('B5.22 a duplicate is the same bytes under the same signature', async () => {
    const slack = await start()
    const seen = await recorder(slack)
    slack.fault({ on: 'app', method: 'slash_command', kind: 'duplicate', times: 1 })
    await slack.as('U0JIWON').command('/deal')
    await slack.settled()
    expect(seen).toHaveLength(2)
    expect(seen[0]!.body).toBe(seen[1]!.body)
    expect(seen[0]!.headers['x-slack-signature']).toBe(seen[1]!.headers['x-slack-signature'])
  })

  test('an acknowledgement that is late is none, though the app did its work', async () => {
    const slack = await start({ acknowledgeMs: 50 })
    const seen = await recorder(slack)
    slack.fault({ on: 'app', kind: 'delay-ack', ms: 60, times: 1 })
    expect(await slack.as('U0VERA').tryCommand('/deal')).toMatchObject({ error: 'operation_timeout' })
    expect(seen).toHaveLength(1)
  })

  test('B5.35 B5.36 a client that changes what it sends is signed all the same', async () => {
    const slack = await start()
    const seen = await recorder(slack)
    await slack
      .as('U0JIWON')
      .forging((payload) => ({ ...payload, text: 'forged' }))
      .command('/deal', 'true')
    expect(new URLSearchParams(seen[0]!.body).get('text')).toBe('forged')
    expect(() => verify(slack, seen[0]!)).not.toThrow()
  })

  test('events the app did not subscribe to stay away', async () => {
    const slack = await start({ app: { events: ['app_home_opened'] } })
    const seen = await recorder(slack)
    await slack.as('U0JIWON').dm().say('hello')
    await slack.as('U0DANIEL').deactivate('U0VERA')
    expect(seen).toEqual([])
  })

  test('B5.8 B5.50 B5.52 people, channels and the installation are told of when they go', async () => {
    const slack = await start()
    const seen = await recorder(slack)
    const daniel = slack.as('U0DANIEL')
    await daniel.deactivate('U0VERA')
    await daniel.archive('deals')
    await daniel.uninstall()
    const events = seen.map(({ body }) => (JSON.parse(body) as { event: { type: string } }).event)
    expect(events).toMatchObject([
      { type: 'user_change', user: { id: 'U0VERA', deleted: true } },
      { type: 'channel_archive', channel: 'C0DEALS' },
      { type: 'tokens_revoked' },
      { type: 'app_uninstalled' },
    ])
  })
})

describe('what people may not do reaches nobody', () => {
  test('a guest sees no channel they are not in, and nobody sees another’s DM', async () => {
    const slack = await start({
      users: [
        { id: 'U0GUEST', realName: 'Guest', isGuest: true },
        { id: 'U0VERA', realName: 'Vera' },
      ],
      channels: [{ id: 'C0DEALS', name: 'deals', members: ['U0VERA', 'bot'] }],
    })
    const seen = await recorder(slack)
    expect(await slack.as('U0GUEST').tryCommand('/deal', '', 'deals')).toMatchObject({
      error: 'not_in_channel',
    })
    const dm = slack.as('U0VERA').dm().channel
    expect(await slack.as('U0GUEST').tryCommand('/deal', '', dm.id)).toMatchObject({
      error: 'not_in_channel',
    })
    expect(seen).toEqual([])
  })

  test('commands in threads and unknown commands are Slack’s to refuse', async () => {
    const slack = await start()
    const seen = await recorder(slack)
    const jiwon = slack.as('U0JIWON')
    expect(await jiwon.tryCommand('/nonsense')).toMatchObject({ error: 'unknown_command' })
    const said = await jiwon.channel('deals').say('hello')
    expect(await said.thread().tryCommand('/deal')).toMatchObject({ error: 'command_in_thread' })
    expect(slack.received('slash_command')).toEqual([])
    expect(seen.length).toBeLessThanOrEqual(1)
  })
})

describe('Socket Mode', () => {
  async function socketApp(slack: TestSlack, listen: (app: App) => void) {
    const app = new App({
      receiver: new SocketModeReceiver({
        appToken: slack.appToken,
        logLevel: LogLevel.ERROR,
        installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
      } as ConstructorParameters<typeof SocketModeReceiver>[0]),
      token: slack.botToken,
      clientOptions: { slackApiUrl: slack.apiUrl },
      logLevel: LogLevel.ERROR,
    })
    listen(app)
    await app.start()
    open.push({ close: () => app.stop() })
    await slack.until(() => slack.core.link.sockets.open > 0, 'a connection')
  }

  test('gestures go over the connection and acknowledgements come back with what they say', async () => {
    const slack = await start()
    await socketApp(slack, (app) => {
      app.command('/deal', async ({ ack, body }) => {
        await ack({ text: `over the socket: ${body.text}` })
      })
    })
    const jiwon = slack.as('U0JIWON')
    await jiwon.command('/deal', 'acme')
    await jiwon.ephemeral(/over the socket: acme/)
    expect(slack.received('slash_command').at(-1)?.request.method).toBe('SOCKET')
  })

  test('B5.104 a wrong app token opens nothing', async () => {
    const slack = await start()
    const answer = await fetch(`${slack.apiUrl}apps.connections.open`, {
      method: 'POST',
      headers: { authorization: 'Bearer xapp-wrong' },
    })
    expect(await answer.json()).toEqual({ ok: false, error: 'invalid_auth' })
  })
})

test('an app over HTTP can be told apart from one that is not there', async () => {
  const slack = await start()
  slack.connect('http://127.0.0.1:9/slack/events')
  expect(await slack.as('U0VERA').tryCommand('/deal')).toMatchObject({
    error: 'dispatch_failed',
    message: '/deal failed with the error "dispatch_failed".',
  })
  open.push(await boltApp(slack, (app) => app.command('/deal', async ({ ack }) => ack())))
  expect(await slack.as('U0VERA').tryCommand('/deal')).toEqual({ ok: true })
})
