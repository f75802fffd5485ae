/** One request between the local platforms and the app, with its answer once there is one. */
export interface Exchange {
  readonly id: number
  /** Absent: Slack. */
  readonly platform?: 'teams'
  /** Wall time, epoch ms. */
  readonly at: number
  readonly direction: 'to-app' | 'from-app'
  what: string
  workspace?: string
  user?: string
  channel?: string
  request: { method: string; path: string; headers: Record<string, string>; body: unknown }
  response?: { status: number; headers: Record<string, string>; body: unknown }
  ms?: number
  outcome: 'running' | 'ok' | 'refused' | 'failed' | 'timed-out' | 'dropped'
  fault?: string
  note?: string
}

/** The last exchanges, oldest first; what is older than `keep` is forgotten. */
export class Traffic {
  readonly #kept: Exchange[] = []
  readonly #tell = new Set<(exchange: Exchange) => void>()
  readonly #keep: number
  #last = 0

  constructor(tell: (exchange: Exchange) => void, keep = 2000) {
    this.#tell.add(tell)
    this.#keep = keep
  }

  /** Both local platforms write in one log: each tells its own listeners of all. */
  listen(tell: (exchange: Exchange) => void): void {
    this.#tell.add(tell)
  }

  open(start: Omit<Exchange, 'id' | 'at' | 'outcome'>): Exchange {
    this.#last += 1
    const exchange: Exchange = { id: this.#last, at: Date.now(), outcome: 'running', ...start }
    this.#kept.push(exchange)
    if (this.#kept.length > this.#keep) this.#kept.splice(0, this.#kept.length - this.#keep)
    for (const tell of this.#tell) tell(exchange)
    return exchange
  }

  close(exchange: Exchange, end: Partial<Exchange> & { outcome: Exchange['outcome'] }): void {
    Object.assign(exchange, end, { ms: Date.now() - exchange.at })
    for (const tell of this.#tell) tell(exchange)
  }

  list(after = 0, limit = 200): readonly Exchange[] {
    return this.#kept.filter((exchange) => exchange.id > after).slice(-limit)
  }

  get(id: number): Exchange | undefined {
    return this.#kept.find((exchange) => exchange.id === id)
  }
}

const tokenShapes = /\b(xox[a-z]|xapp|xoxe\.xox[a-z])-[\w.-]{4,}|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g
const secretKeys = /^(token|client_secret|refresh_token|access_token|authorization|x-slack-signature|code)$/i

/** A copy in which tokens and secrets show their kind and their last four characters only (B5.87). */
export function redact(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    if (secretKeys.test(key) && value !== '') return mask(value)
    return value.replace(tokenShapes, mask)
  }
  if (Array.isArray(value)) return value.map((item) => redact(item))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redact(item, name)]))
  return value
}

function mask(value: string): string {
  const kind = /^(Bearer )?(xox[a-z]|xapp|xoxe|v0|Basic)/.exec(value)?.[0] ?? ''
  return `${kind}…${value.slice(-4)}`
}

/** Headers as one string each, secrets masked. */
export function shownHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined)
      shown[name] = String(redact(Array.isArray(value) ? value.join(', ') : value, name))
  return shown
}
