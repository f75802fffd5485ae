import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Metrics } from '../metrics.ts'

/** One thing `/readyz` looks at; `undefined` is well, a sentence is what is wrong. */
export type Check = () => Promise<string | undefined>

/** `/healthz`, `/readyz`, `/metrics`. They only look: nothing they are asked ever starts work (B5.90). */
export function createOperations(parts: {
  readonly checks: Readonly<Record<string, Check>>
  readonly metrics: Metrics
  readonly beforeMetrics?: () => Promise<void>
  /** How `/metrics` is guarded on this server: by a bearer token, by its own port or loopback, or not offered. */
  readonly metricsGuard: { readonly token: string } | 'open' | 'closed'
}) {
  const answer = (res: ServerResponse, status: number, body: unknown) => {
    res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    res.end(JSON.stringify(body))
  }

  /** Answers one of the three; false when the path is none of them. */
  return async function operations(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    const path = (req.url ?? '').split('?')[0]
    if (path === '/healthz') {
      answer(res, 200, { status: 'alive' })
      return true
    }
    if (path === '/readyz') {
      const results = await Promise.all(
        Object.entries(parts.checks).map(async ([name, check]) => {
          try {
            return [name, (await check()) ?? 'ok'] as const
          } catch (error) {
            return [name, error instanceof Error ? error.message : 'failed'] as const
          }
        }),
      )
      const ready = results.every(([, result]) => result === 'ok')
      answer(res, ready ? 200 : 503, {
        status: ready ? 'ready' : 'not ready',
        checks: Object.fromEntries(results),
      })
      return true
    }
    if (path === '/metrics' && parts.metricsGuard !== 'closed') {
      if (parts.metricsGuard !== 'open' && !bearerIs(req, parts.metricsGuard.token)) {
        res.writeHead(401, { 'www-authenticate': 'Bearer' }).end()
        return true
      }
      await parts.beforeMetrics?.()
      res.writeHead(200, { 'content-type': parts.metrics.registry.contentType })
      res.end(await parts.metrics.registry.metrics())
      return true
    }
    return false
  }
}

function bearerIs(req: IncomingMessage, token: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '')
  const wanted = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
