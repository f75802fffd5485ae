import type { Answer, ClockState, Exchange, Fault, Message, NewFault, State } from './wire.ts'

const base = new URL('api/', document.baseURI)

const tokenIn = (page: Document): string =>
  page.querySelector<HTMLMetaElement>('meta[name="playground-token"]')?.content ?? ''

let token = tokenIn(document)

/** The control API refused, or could not be reached; `status` 0 is the latter. */
export class ApiFailure extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** One request to the control API; a refusal is thrown as `ApiFailure`. */
export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response
  try {
    response = await fetch(new URL(path, base), {
      method,
      headers: { 'x-playground-token': token, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  } catch {
    throw new ApiFailure(0, '')
  }
  const answer = (await response.json().catch(() => ({}))) as T & { message?: string }
  if (!response.ok) throw new ApiFailure(response.status, answer.message ?? '')
  return answer
}

/** Fields as a query string; what is undefined is left out. */
export const query = (fields: Record<string, string | number | undefined>): string =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  ).toString()

/** A restarted server has another token: it is read from the page it serves now, so that nobody has to reload. */
export async function renewToken(): Promise<boolean> {
  try {
    const page = await (await fetch(document.baseURI, { cache: 'no-store' })).text()
    const fresh = tokenIn(new DOMParser().parseFromString(page, 'text/html'))
    const changed = fresh !== '' && fresh !== token
    if (changed) token = fresh
    return changed
  } catch {
    return false
  }
}

export const fetchState = (workspace?: string, user?: string): Promise<State> =>
  ask('GET', `state?${query({ workspace, user })}`)

export const fetchMessages = (
  workspace: string,
  user: string,
  channel: string,
  more: { thread?: string; before?: string } = {},
): Promise<{ messages: Message[]; hasMore: boolean }> =>
  ask('GET', `messages?${query({ workspace, user, channel, limit: 50, ...more })}`)

export const act = (
  workspace: string,
  user: string,
  what: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<Answer> => ask('POST', 'act', { workspace, user, act: what, ...fields })

export const fetchTraffic = async (): Promise<Exchange[]> =>
  (await ask<{ exchanges: Exchange[] }>('GET', 'traffic?limit=200')).exchanges

export const fetchExchange = async (id: number): Promise<Exchange> => {
  const answer = await ask<Exchange | { exchange: Exchange }>('GET', `traffic/${id}`)
  return 'exchange' in answer ? answer.exchange : answer
}

export const moveClock = (move: Readonly<Record<string, unknown>>): Promise<ClockState> =>
  ask('POST', 'clock', move)

export const addFault = (fault: NewFault): Promise<{ fault: Fault }> => ask('POST', 'faults', fault)

export const removeFault = (id?: string): Promise<unknown> =>
  ask('DELETE', id ? `faults/${encodeURIComponent(id)}` : 'faults')

/** The address of one person's stream; EventSource cannot send headers, so the token travels in it. */
export const streamAddress = (workspace: string, user: string): string =>
  addressOf('stream', { workspace, user })

/** An address below the control API for something that cannot send headers. */
export const addressOf = (path: string, fields: Record<string, string>): string =>
  new URL(`${path}?${query({ ...fields, token })}`, base).href
