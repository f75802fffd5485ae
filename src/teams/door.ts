import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../body.ts'
import type { createTokenCheck, TokenFlaw } from './token.ts'

/** Why a request was turned away, as a metric counts it. */
export type Rejection =
  | TokenFlaw
  | 'method'
  | 'too-large'
  | 'too-slow'
  | 'aborted'
  | 'body'
  | 'channel'
  | 'service-url'
  | 'tenant'

/** A verified activity as JSON, with what the door made sure of. */
export interface Admitted {
  readonly activity: Readonly<Record<string, unknown>>
  /** The Entra tenant of the conversation. */
  readonly tenant: string
  readonly company: string
  readonly serviceUrl: string
}

export interface DoorOptions {
  readonly verify: ReturnType<typeof createTokenCheck>
  /** The company a tenant was bound to beforehand; nothing else is looked up for a tenant that was not (B5.33). */
  readonly companyOf: (tenant: string) => Promise<string | undefined>
  /** Present: the one tenant of a single-tenant app. */
  readonly onlyTenant?: string
  /** Hosts beside Microsoft's that a serviceUrl may name: a local Teams' (B5.32). */
  readonly serviceUrlHosts: readonly string[]
  readonly enter: (admitted: Admitted, res: ServerResponse) => Promise<void>
  readonly onReject: (why: Rejection) => void
  readonly onArrival?: (res: ServerResponse) => void
  /** Largest body in bytes (B5.27). */
  readonly bodyLimit?: number
  /** Longest time in milliseconds for a body to come in (B5.27). */
  readonly bodyTimeoutMs?: number
}

/**
 * The front door of `POST /api/messages`. Nothing of a request is read before its token holds; nobody is looked up
 * before its tenant is known to be ours; and every refusal is a status and nothing else, so that a stranger learns
 * nothing (B5.29–B5.33, B3.7).
 */
export function createDoor(options: DoorOptions) {
  const {
    verify,
    enter,
    onReject,
    onArrival = () => undefined,
    bodyLimit = 1024 * 1024,
    bodyTimeoutMs = 8_000,
  } = options

  function turnAway(res: ServerResponse, status: number, why: Rejection): void {
    onReject(why)
    if (res.headersSent || res.destroyed) return
    // What is left of a refused body is not read: the connection ends instead.
    res.writeHead(status, { 'content-length': '0', connection: 'close' })
    res.end()
  }

  return async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    onArrival(res)
    if (req.method !== 'POST') return turnAway(res, 405, 'method')
    const verified = await verify(req.headers.authorization)
    if (!verified.ok) return turnAway(res, verified.flaw === 'keys-unavailable' ? 503 : 401, verified.flaw)
    if (Number(req.headers['content-length'] ?? 0) > bodyLimit) return turnAway(res, 413, 'too-large')
    const body = await readBody(req, bodyLimit, bodyTimeoutMs)
    if (body === 'aborted') return onReject(body)
    if (typeof body === 'string') return turnAway(res, body === 'too-large' ? 413 : 408, body)

    const activity = parse(body)
    if (!activity) return turnAway(res, 400, 'body')
    // Web Chat and Direct Line are on by default in Azure, their tokens are as genuine, and there `from` is whatever
    // the client says. Teams alone fills it in itself.
    if (activity.channelId !== 'msteams') return turnAway(res, 403, 'channel')
    const { serviceUrl } = activity
    if (typeof serviceUrl !== 'string' || !sameUrl(serviceUrl, verified.serviceUrl))
      return turnAway(res, 403, 'service-url')
    if (!isServiceUrl(serviceUrl, options.serviceUrlHosts)) return turnAway(res, 403, 'service-url')
    const tenant = tenantOf(activity)
    if (!tenant || (options.onlyTenant && tenant !== options.onlyTenant)) return turnAway(res, 403, 'tenant')
    const company = await options.companyOf(tenant)
    if (!company) return turnAway(res, 403, 'tenant')
    await enter({ activity, tenant, company, serviceUrl }, res)
  }
}

function parse(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (!isUtf8(body)) return undefined
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return typeof (value as { type?: unknown }).type === 'string'
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** The tenant, in the two places where Teams says it; where they differ it is nobody's. */
function tenantOf(activity: Readonly<Record<string, unknown>>): string | undefined {
  const named = [
    record(activity.conversation).tenantId,
    record(record(activity.channelData).tenant).id,
  ].filter((id): id is string => typeof id === 'string' && id !== '')
  const [first] = named
  return first !== undefined && named.every((id) => id === first) ? first : undefined
}

const sameUrl = (a: string, b: string): boolean => a.replace(/\/+$/, '') === b.replace(/\/+$/, '')

/** Microsoft's own addresses of the Teams connector: all clouds whose tokens this bot's issuer signs. */
const vendorHosts =
  /^(smba\.trafficmanager\.net|([a-z0-9-]+\.)*teams\.microsoft\.com|([a-z0-9-]+\.)*botframework\.com)$/

/** Whether the bot's token may be sent there (B5.32). */
export function isServiceUrl(url: string, local: readonly string[]): boolean {
  if (!URL.canParse(url)) return false
  const at = new URL(url)
  if (at.username || at.password || at.search || at.hash) return false
  if (at.protocol === 'https:' && at.port === '' && vendorHosts.test(at.hostname)) return true
  return at.protocol === 'http:' && (local.includes(at.host) || local.includes(at.hostname))
}
