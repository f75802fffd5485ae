import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { answerApi } from './api/index.ts'
import type { Core } from './core.ts'
import { serveFile } from './files.ts'
import { sendJson } from './http.ts'
import { authorize } from './installation.ts'
import { answerResponseUrl } from './response-url.ts'
import { answerUpload } from './upload.ts'

/** Answers what is below the local Slack's own path (`/api/…`, `/response/…`, `/upload/…`, `/files/…`, `/oauth/…`); `false`: not its. */
export function handleSlack(
  core: Core,
  path: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): boolean {
  const url = new URL(incoming.url ?? '/', 'http://local')
  const method = /^\/api\/([\w.]+)$/.exec(path)?.[1]
  if (method !== undefined) {
    guarded(response, answerApi(core, method, url, incoming, response))
    return true
  }
  const late = /^\/response\/\w+\/(\w+)$/.exec(path)?.[1]
  if (late !== undefined) {
    guarded(response, answerResponseUrl(core, late, url, incoming, response))
    return true
  }
  const ticket = /^\/upload\/v1\/(\w+)$/.exec(path)?.[1]
  if (ticket !== undefined) {
    guarded(response, answerUpload(core, ticket, incoming, response))
    return true
  }
  const file = /^\/files\/(F[A-Z0-9]+)$/.exec(path)?.[1]
  if (file !== undefined && incoming.method === 'GET') {
    serveFile(core, file, response)
    return true
  }
  if (path === '/oauth/v2/authorize') {
    allow(core, url, response)
    return true
  }
  return false
}

function guarded(response: ServerResponse, work: Promise<void>): void {
  work.catch((error: unknown) => {
    // A client that went away is its own business; anything else is a bug of ours and must be seen.
    if (response.destroyed || response.headersSent) return
    sendJson(response, 500, { ok: false, error: 'fatal_error', message: String(error) })
  })
}

/** Slack's consent page, always answered with yes: `team` says for which workspace. */
function allow(core: Core, url: URL, response: ServerResponse): void {
  const query = url.searchParams
  const workspace = core.world.workspaces[query.get('team') ?? Object.keys(core.world.workspaces)[0] ?? '']
  const redirect = query.get('redirect_uri')
  if (!workspace || query.get('client_id') !== core.world.app.clientId || !URL.canParse(redirect ?? '')) {
    sendJson(response, 400, { ok: false, error: 'invalid_client_id' })
    return
  }
  const back = new URL(redirect!)
  const scopes = (query.get('scope') ?? '').split(',').filter((scope) => scope !== '')
  back.searchParams.set('code', authorize(core, workspace, scopes, redirect!))
  back.searchParams.set('state', query.get('state') ?? '')
  response.writeHead(302, { location: back.href })
  response.end()
}

/** Takes over Socket Mode connections; `false`: not its. */
export function upgradeSlack(
  core: Core,
  path: string,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): boolean {
  if (path !== '/link/') return false
  core.link.sockets.upgrade(incoming, socket, head, core.world.app.id)
  return true
}

/** The local Slack on a port of its own, on loopback. */
export async function listenAlone(core: Core, port = 0): Promise<{ base: string; close(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    const path = new URL(incoming.url ?? '/', 'http://local').pathname
    if (!handleSlack(core, path, incoming, response))
      sendJson(response, 404, { ok: false, error: 'not_found' })
  })
  server.on('upgrade', (incoming, socket, head) => {
    const path = new URL(incoming.url ?? '/', 'http://local').pathname
    if (!upgradeSlack(core, path, incoming, socket, head)) socket.destroy()
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
