import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Core } from '../core.ts'
import type { Fault } from '../faults.ts'
import { parseArgs, readBody, sendJson } from '../http.ts'
import { grantAccess } from '../installation.ts'
import { type Exchange, redact, shownHeaders } from '../traffic.ts'
import type { Workspace } from '../world.ts'
import { authMethods } from './auth.ts'
import { type Answer, Args, type Method, no, yes } from './call.ts'
import { chatMethods } from './chat.ts'
import { conversationMethods } from './conversations.ts'
import { fileMethods } from './files.ts'
import { userMethods } from './users.ts'
import { viewMethods } from './views.ts'

const methods: Readonly<Record<string, Method>> = {
  ...authMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...userMethods,
  ...viewMethods,
}

/** Answers `POST <base>/api/<method>` the way Slack's Web API does. */
export async function answerApi(
  core: Core,
  method: string,
  url: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming)
  if (body === undefined) return sendJson(response, 413, no('request_too_large'))
  const contentType = incoming.headers['content-type'] ?? ''
  const args = parseArgs(url, contentType, body)
  const token = tokenOf(incoming, args)
  const workspace = workspaceOf(core, token)
  const channel = typeof args?.channel === 'string' ? args.channel : undefined
  const where = {
    ...(workspace === undefined ? {} : { workspace: workspace.id }),
    ...(channel === undefined ? {} : { channel }),
  }
  const fault = core.faults.strike({ on: 'api', methods: [method], ...where })
  const exchange = core.traffic.open({
    direction: 'from-app',
    what: method,
    ...where,
    ...(typeof args?.user_id === 'string' ? { user: args.user_id } : {}),
    ...(fault === undefined ? {} : { fault: fault.id }),
    request: {
      method: incoming.method ?? 'POST',
      path: url.pathname,
      headers: shownHeaders(incoming.headers),
      body: redact(readable(args)),
    },
  })
  await settle(core, exchange, fault, response, () =>
    args === undefined
      ? { answer: no('invalid_json'), headers: {} }
      : perform(core, method, args, token, workspace),
  )
}

/** Arguments with the JSON inside forms unfolded, for the log. */
function readable(args: Record<string, unknown> | undefined): unknown {
  if (!args) return '(not readable)'
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      if (typeof value !== 'string' || !/^[[{]/.test(value)) return [name, value]
      try {
        return [name, JSON.parse(value) as unknown]
      } catch {
        return [name, value]
      }
    }),
  )
}

function tokenOf(incoming: IncomingMessage, args: Record<string, unknown> | undefined): string {
  const bearer = /^Bearer (\S+)$/.exec(incoming.headers.authorization ?? '')?.[1]
  return bearer ?? (typeof args?.token === 'string' ? args.token : '')
}

function workspaceOf(core: Core, token: string): Workspace | undefined {
  if (token === '') return undefined
  const rotating = core.rotating.get(token)
  return rotating
    ? core.world.workspaces[rotating.workspace]
    : Object.values(core.world.workspaces).find((workspace) => workspace.botToken === token)
}

interface Performed {
  readonly answer: Answer
  readonly headers: Record<string, string>
}

function perform(
  core: Core,
  method: string,
  args: Record<string, unknown>,
  token: string,
  workspace: Workspace | undefined,
): Performed {
  if (method === 'oauth.v2.access') return bare(grantAccess(core, texts(args)) as Answer)
  if (method === 'apps.connections.open') return bare(openConnection(core, token))
  const known = methods[method]
  if (!known) return bare(no('unknown_method', { req_method: method }))
  const refused = authenticate(core, token, workspace)
  if (refused || !workspace) return bare(refused ?? no('invalid_auth'))
  const call = { core, workspace, args: new Args(args) }
  const needed = typeof known.scopes === 'function' ? known.scopes(call) : known.scopes
  const headers = {
    'x-oauth-scopes': workspace.scopes.join(','),
    ...(needed.length === 0 ? {} : { 'x-accepted-oauth-scopes': needed.join(',') }),
  }
  if (needed.length > 0 && !needed.some((scope) => workspace.scopes.includes(scope)))
    return {
      answer: no('missing_scope', { needed: needed.join(','), provided: workspace.scopes.join(',') }),
      headers,
    }
  return { answer: known.run(call), headers }
}

const bare = (answer: Answer): Performed => ({ answer, headers: {} })
const texts = (args: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  )

function authenticate(core: Core, token: string, workspace: Workspace | undefined): Answer | undefined {
  if (token === '') return no('not_authed')
  if (!workspace) return no('invalid_auth')
  if (core.revoked.has(token)) return no('token_revoked')
  const rotating = core.rotating.get(token)
  if (rotating && core.settings.wall() >= rotating.expires) return no('token_expired')
  return workspace.installed ? undefined : no('account_inactive')
}

function openConnection(core: Core, token: string): Answer {
  if (token === '') return no('not_authed')
  if (token !== core.world.app.appToken) return no('invalid_auth')
  const url = `${core.base.replace(/^http/, 'ws')}/link/?ticket=${core.link.sockets.ticket()}`
  return yes({ url })
}

/** Carries a request out, or not, as the fault that struck wants it, and answers. */
export async function settle(
  core: Core,
  exchange: Exchange,
  fault: Fault | undefined,
  response: ServerResponse,
  act: () => Performed | { readonly status: number; readonly text: string },
): Promise<void> {
  const { traffic } = core
  switch (fault?.kind) {
    case 'rate-limit': {
      const seconds = String(fault.retryAfter ?? 1)
      sendJson(response, 429, no('ratelimited'), { 'retry-after': seconds })
      traffic.close(exchange, {
        outcome: 'refused',
        response: { status: 429, headers: { 'retry-after': seconds }, body: no('ratelimited') },
      })
      return
    }
    case 'status': {
      const status = fault.status ?? 503
      response.writeHead(status, { 'content-type': 'text/html' })
      response.end('<html><body>upstream connect error</body></html>')
      traffic.close(exchange, { outcome: 'failed', response: { status, headers: {}, body: '' } })
      return
    }
    case 'error': {
      const answer = no(fault.error ?? 'internal_error')
      sendJson(response, 200, answer)
      traffic.close(exchange, { outcome: 'refused', response: { status: 200, headers: {}, body: answer } })
      return
    }
    case 'hang':
      traffic.close(exchange, { outcome: 'dropped', note: 'not carried out, never answered' })
      return
    case 'drop':
      response.destroy()
      traffic.close(exchange, { outcome: 'dropped', note: 'not carried out, connection cut' })
      return
  }
  const result = act()
  if (fault?.kind === 'accept-then-hang' || fault?.kind === 'accept-then-drop') {
    if (fault.kind === 'accept-then-drop') response.destroy()
    traffic.close(exchange, { outcome: 'dropped', note: 'carried out, but the answer is lost' })
    return
  }
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1000))
  reply(core, exchange, response, result)
}

function reply(
  core: Core,
  exchange: Exchange,
  response: ServerResponse,
  result: Performed | { readonly status: number; readonly text: string },
): void {
  if ('text' in result) {
    response.writeHead(result.status, { 'content-type': 'text/plain' })
    response.end(result.text)
    core.traffic.close(exchange, {
      outcome: result.status < 300 ? 'ok' : 'refused',
      response: { status: result.status, headers: {}, body: result.text },
    })
    return
  }
  const headers = { ...result.headers, 'x-slack-req-id': core.id('R') }
  sendJson(response, 200, result.answer, headers)
  core.traffic.close(exchange, {
    outcome: result.answer.ok ? 'ok' : 'refused',
    response: { status: 200, headers, body: redact(result.answer) },
  })
}
