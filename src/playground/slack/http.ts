import type { IncomingMessage, ServerResponse } from 'node:http'

/** The whole body as text; `undefined` over the limit (the rest is not read). */
export async function readBody(incoming: IncomingMessage, limit = 4_000_000): Promise<string | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length
    if (size > limit) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(bytes)
}

/** A form or JSON body, and the query, as one set of arguments. */
export function parseArgs(url: URL, contentType: string, body: string): Record<string, unknown> | undefined {
  const query = Object.fromEntries(url.searchParams)
  if (body === '') return query
  if (contentType.startsWith('application/json')) {
    try {
      const parsed = JSON.parse(body) as unknown
      return typeof parsed === 'object' && parsed !== null ? { ...query, ...parsed } : undefined
    } catch {
      return undefined
    }
  }
  return { ...query, ...Object.fromEntries(new URLSearchParams(body)) }
}
