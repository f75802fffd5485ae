import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseArgs, readBody } from '../slack/http.ts'
import { redact, shownHeaders } from '../slack/traffic.ts'
import type { Answer } from './connector/refusal.ts'
import { settle } from './connector/settle.ts'
import type { Core } from './core.ts'

const tokenSeconds = 3600

/** What may be asked for: the right to speak to the Bot Connector. */
const scopes = ['https://api.botframework.com/.default', 'https://api.botframework.com']

const no = (error: string, error_description: string): Answer => ({
  status: error === 'invalid_client' ? 401 : 400,
  body: { error, error_description },
})

/** A token for the app; the last one again as long as it holds for a while. */
function grantToken(core: Core): string {
  const now = core.settings.wall()
  const [known, ends] = [...core.tokens].at(-1) ?? []
  if (known !== undefined && ends! > now + 300_000) return known
  const token = core.keys.appToken(core.world.app.id, 'botframework.com', now, tokenSeconds)
  core.tokens.set(token, now + tokenSeconds * 1000)
  return token
}

function grant(core: Core, args: Record<string, unknown> | undefined): Answer {
  const { app } = core.world
  if (args?.grant_type !== 'client_credentials')
    return no('unsupported_grant_type', 'AADSTS70003: The app requested an unsupported grant type.')
  if (String(args.client_id).toLowerCase() !== app.id)
    return no('unauthorized_client', 'AADSTS700016: Application was not found in the directory.')
  if (args.client_secret !== app.password)
    return no('invalid_client', 'AADSTS7000215: Invalid client secret provided.')
  if (!scopes.includes(String(args.scope ?? args.resource)))
    return no('invalid_scope', 'AADSTS70011: The provided value for scope is not valid.')
  const token = grantToken(core)
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      expires_in: tokenSeconds,
      ext_expires_in: tokenSeconds,
      access_token: token,
    },
  }
}

/** Gives the app its token for an id and a secret, as Entra does. */
export async function answerLogin(
  core: Core,
  url: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = (await readBody(incoming, 20_000)) ?? ''
  const args = parseArgs(url, incoming.headers['content-type'] ?? '', body)
  await logged(core, 'token', url, incoming, args, response, () => grant(core, args))
}

/** The metadata that names the channel's keys, and the keys. */
export async function answerOpenId(
  core: Core,
  what: 'openid' | 'keys',
  url: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await logged(core, what, url, incoming, undefined, response, () => ({
    status: 200,
    body:
      what === 'keys'
        ? { keys: core.keys.published() }
        : {
            issuer: core.keys.issuer,
            authorization_endpoint: 'https://invalid.botframework.com',
            jwks_uri: `${core.base}/v1/.well-known/keys`,
            id_token_signing_alg_values_supported: ['RS256'],
            token_endpoint_auth_methods_supported: ['private_key_jwt'],
          },
  }))
}

function logged(
  core: Core,
  what: string,
  url: URL,
  incoming: IncomingMessage,
  args: unknown,
  response: ServerResponse,
  act: () => Answer,
): Promise<void> {
  const fault = core.faults.strike({ on: 'api', methods: [what] })
  const exchange = core.traffic.open({
    platform: 'teams',
    direction: 'from-app',
    what,
    ...(fault === undefined ? {} : { fault: fault.id }),
    request: {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      headers: shownHeaders(incoming.headers),
      body: redact(args ?? ''),
    },
  })
  return settle(core, exchange, fault, response, act)
}
