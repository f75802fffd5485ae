import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { sendJson } from '../slack/http.ts'
import { answerConnector } from './connector/index.ts'
import { refuse } from './connector/refusal.ts'
import type { Core } from './core.ts'
import { answerLogin, answerOpenId } from './login.ts'

/**
 * Answers what is below the local Teams' own path: the connector (`/kr/v3/…`), the app's login (`/login/…`) and
 * the channel's keys (`/v1/.well-known/…`); `false`: not its.
 */
export function handleTeams(
  core: Core,
  path: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): boolean {
  const url = new URL(incoming.url ?? '/', 'http://local')
  const below = /^\/[a-z]{2,5}\/+v3\/(.+?)\/?$/.exec(path)?.[1]
  if (below !== undefined) guarded(response, answerConnector(core, below, url, incoming, response))
  else if (incoming.method === 'POST' && /^\/login(\/|$)/.test(path))
    guarded(response, answerLogin(core, url, incoming, response))
  else if (path === '/v1/.well-known/openidconfiguration')
    guarded(response, answerOpenId(core, 'openid', url, incoming, response))
  else if (path === '/v1/.well-known/keys')
    guarded(response, answerOpenId(core, 'keys', url, incoming, response))
  else return false
  return true
}

function guarded(response: ServerResponse, work: Promise<void>): void {
  work.catch((error: unknown) => {
    // A client that went away is its own business; anything else is a bug of ours and must be seen.
    if (response.destroyed || response.headersSent) return
    sendJson(response, 500, refuse('ServiceError', String(error)).body)
  })
}

/** The local Teams on a port of its own, on loopback. */
export async function listenAlone(core: Core, port = 0): Promise<{ base: string; close(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    const path = new URL(incoming.url ?? '/', 'http://local').pathname
    if (!handleTeams(core, path, incoming, response)) sendJson(response, 404, refuse('NotFound').body)
  })
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    base: `http://127.0.0.1:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // Hanging answers (a fault) keep their connection for ever otherwise.
        for (const socket of open) socket.destroy()
      }),
  }
}
