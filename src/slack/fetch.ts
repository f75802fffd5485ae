import { request } from 'undici'

type Sent = NonNullable<Parameters<typeof request>[1]>

type Ask = (url: string | URL, init?: RequestInit) => Promise<Response>

/**
 * A `fetch` for calls whose body is text, that gives up after `ms`, the reading of the answer included (B5.49), and
 * never follows a redirect. Node's own `fetch` carries every body through streams of the web, which took more time than
 * all the rest of opening a form; `AbortSignal.timeout` would hold each request in memory until its time is over.
 */
export function fetchWithin(ms: number): Ask {
  return async (url, { method, headers, body } = {}) => {
    // Bytes go up by another way (upload.ts); sent as text they would arrive broken.
    if (body !== undefined && typeof body !== 'string') throw new TypeError('Only text can be sent this way.')
    const end = new AbortController()
    const late = () => end.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    const timer = setTimeout(late, ms)
    try {
      const answer = await request(url, { method, headers, body, signal: end.signal } as Sent)
      const text = await answer.body.text()
      const said = Object.entries(answer.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((each): [string, string] => [name, each]),
      )
      return new Response(text === '' ? null : text, { status: answer.statusCode, headers: said })
    } finally {
      clearTimeout(timer)
    }
  }
}
