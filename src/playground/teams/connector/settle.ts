import type { ServerResponse } from 'node:http'
import { sendJson } from '../../slack/http.ts'
import { type Exchange, redact } from '../../slack/traffic.ts'
import type { Core } from '../core.ts'
import { type Answer, isRefusalCode, refuse } from './refusal.ts'

type Struck = ReturnType<Core['faults']['strike']>

/** Carries a request out, or not, as the fault that struck wants it, and answers. */
export async function settle(
  core: Core,
  exchange: Exchange,
  fault: Struck,
  response: ServerResponse,
  act: () => Answer,
): Promise<void> {
  const { traffic } = core
  const answer = (given: Answer) => {
    const headers = { ...given.headers, 'ms-cv': core.id().slice(2) }
    if (given.body === undefined) {
      response.writeHead(given.status, headers)
      response.end()
    } else sendJson(response, given.status, given.body, headers)
    traffic.close(exchange, {
      outcome: given.status < 300 ? 'ok' : given.status < 500 ? 'refused' : 'failed',
      response: { status: given.status, headers, body: redact(given.body) },
    })
  }
  switch (fault?.kind) {
    case 'rate-limit':
      return answer({
        ...refuse('TooManyRequests'),
        headers: { 'retry-after': String(fault.retryAfter ?? 1) },
      })
    case 'status': {
      const status = fault.status ?? 503
      response.writeHead(status, { 'content-type': 'text/html' })
      response.end('<html><body>upstream connect error</body></html>')
      traffic.close(exchange, { outcome: 'failed', response: { status, headers: {}, body: '' } })
      return
    }
    case 'error': {
      const code = fault.error ?? 'ServiceError'
      return answer(
        isRefusalCode(code)
          ? refuse(code)
          : { status: fault.status ?? 403, body: { error: { code, message: code } } },
      )
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
  answer(result)
}
