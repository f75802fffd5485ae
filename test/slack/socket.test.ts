import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Reply } from '../../src/gesture.ts'
import { askForm, command, createRig, press, type Rig, say } from './rig.ts'

let rig: Rig
let wss: WebSocketServer
let sockets: WebSocket[]
let heard: { envelope_id: string; payload: Record<string, unknown> }[]

beforeEach(async () => {
  sockets = []
  heard = []
  rig = await createRig({
    config: { apiUrl: '', botToken: 'xoxb-of-the-tests', appToken: 'xapp-of-the-tests', signingSecrets: [] },
    socketBackOff: () => 5,
  })
  wss = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => wss.once('listening', resolve))
  rig.api.socketUrl = `ws://127.0.0.1:${(wss.address() as AddressInfo).port}/link`
  wss.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('message', (data) => {
      heard.push(JSON.parse(String(data)) as (typeof heard)[number])
      rig.api.wake()
    })
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }))
    rig.api.wake()
  })
})
afterEach(async () => {
  await rig.stop()
  for (const socket of wss.clients) socket.terminate()
  await new Promise((resolve) => wss.close(resolve))
})

const bodyOf = (form: string): Record<string, unknown> => {
  const fields = Object.fromEntries(new URLSearchParams(form))
  return (fields.payload ? JSON.parse(fields.payload) : fields) as Record<string, unknown>
}
const sendOver = (type: string, form: string, id = 'E1') =>
  sockets
    .at(-1)!
    .send(JSON.stringify({ type, envelope_id: id, payload: bodyOf(form), accepts_response_payload: true }))
const ackOf = (id: string) => rig.api.until(() => heard.find((m) => m.envelope_id === id))

it('a command over the socket is acknowledged and opens its form', async () => {
  rig.reply = () => ({ kind: 'open', view: askForm })
  await rig.slack.start()
  expect(rig.slack.ready()).toBe(true)
  sendOver('slash_commands', command(rig, 'acme 15'))
  await ackOf('E1')
  expect(await rig.api.call('views.open')).toMatchObject({ view: { callback_id: 'discount.request' } })
})

it('without a signing secret there is no HTTP door at all', async () => {
  const { send } = await import('./rig.ts')
  expect((await send(rig, command(rig, 'acme'))).status).toBe(404)
})

it('B5.101 a connection that Slack refreshes is opened again', async () => {
  await rig.slack.start()
  sockets[0]!.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }))
  await rig.api.until(() => sockets[1])
  sendOver('slash_commands', command(rig, 'after'), 'E2')
  await ackOf('E2')
  await rig.slack.quiet()
  expect(rig.gestures).toMatchObject([{ kind: 'command', text: 'after' }])
})

it('B5.102 too many connections are one loud line and a pause, not an end', async () => {
  await rig.slack.start()
  for (let i = 0; i < 3; i++) {
    sockets[i]!.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }))
    await rig.api.until(() => sockets[i + 1])
  }
  expect(rig.lines.filter((l) => /more than ten/.test(l.message))).toHaveLength(1)
})

it('B5.103 an acknowledgement on a dead socket loses nothing and ends nothing', async () => {
  await rig.slack.start()
  rig.commits = () => true
  let done: (reply: Reply) => void = () => undefined
  rig.reply = () =>
    new Promise((resolve) => {
      done = resolve
    })
  sendOver('interactive', press(rig, 'discount.approve', 'd1'), 'E3')
  await rig.api.until(() => rig.gestures[0])
  sockets[0]!.terminate()
  await rig.api.until(() => sockets[1])
  done({ kind: 'say', card: say('Approved.') })
  expect(
    await rig.api.until(() => rig.api.said[0] ?? rig.lines.find((l) => l.level === 'error')),
  ).toBeDefined()
  // Slack sends it again over the new socket: the same gesture, which the once-key answers.
  rig.reply = () => ({ kind: 'nothing' })
  sendOver('interactive', press(rig, 'discount.approve', 'd1'), 'E4')
  await ackOf('E4')
})

it('B5.104 an app token that Slack does not accept is refused with the variable’s name', async () => {
  rig.api.script('apps.connections.open', { ok: false, error: 'invalid_auth' })
  await expect(rig.slack.start()).rejects.toThrow(/SLACK_APP_TOKEN/)
  expect(rig.slack.ready()).toBe(false)
})

it('B5.105 a network that is away while connecting ends nothing: it is tried again', async () => {
  rig.api.script('apps.connections.open', 'drop', { http: 503 })
  await rig.slack.start()
  await rig.api.until(() => sockets[0])
  await rig.api.until(() => rig.slack.ready())
})
