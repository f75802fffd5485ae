import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A Web API that says yes to everything and remembers when each form was opened. */
export interface FakeSlack {
  readonly url: string
  /** When `views.open` came in for a trigger (`performance.now`, ms). */
  readonly opened: Map<string, number>
  /** Calls by method. */
  readonly calls: Map<string, number>
  close(): Promise<void>
}

export async function fakeSlack(): Promise<FakeSlack> {
  const opened = new Map<string, number>()
  const calls = new Map<string, number>()
  let serial = 0
  const server = createServer((req, res) => {
    const method = (req.url ?? '').replace(/^\/api\//, '')
    let body = ''
    req.setEncoding('latin1')
    req.on('data', (chunk: string) => {
      body += chunk
    })
    req.on('end', () => {
      calls.set(method, (calls.get(method) ?? 0) + 1)
      serial += 1
      if (method === 'views.open') {
        const trigger = new URLSearchParams(body).get('trigger_id')
        if (trigger) opened.set(trigger, performance.now())
      }
      const text = JSON.stringify(answerTo(method, body, serial))
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      res.end(text)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    opened,
    calls,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function answerTo(method: string, body: string, serial: number): object {
  switch (method) {
    case 'views.open':
    case 'views.push':
    case 'views.update':
      return { ok: true, view: { id: `V${serial}`, hash: `h${serial}` } }
    case 'conversations.open':
      return { ok: true, channel: { id: `D${new URLSearchParams(body).get('users') ?? ''}` } }
    case 'chat.postMessage':
    case 'chat.update': {
      const said = new URLSearchParams(body)
      return { ok: true, channel: said.get('channel'), ts: said.get('ts') ?? `1700000000.${serial}` }
    }
    case 'auth.test':
      return { ok: true, team_id: 'T00000000', user_id: 'U0BOT', bot_id: 'B0BENCH' }
    default:
      return { ok: true }
  }
}
