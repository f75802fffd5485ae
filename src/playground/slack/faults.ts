/** A scripted fault: what goes wrong, where, and how often (docs/playground-api.md). */
export interface Fault<Kind extends string = FaultKind> {
  readonly id: string
  /** Absent: Slack. */
  readonly platform?: 'teams'
  readonly on: 'api' | 'app'
  /** `chat.postMessage`, `chat.*`, `response_url`; `slash_command`, `block_actions`, `event`, `app_home_opened`, … */
  readonly method?: string
  readonly channel?: string
  readonly workspace?: string
  readonly user?: string
  /** `null`: until it is removed. */
  readonly times: number | null
  hits: number
  readonly kind: Kind
  /** Seconds. */
  readonly retryAfter?: number
  readonly status?: number
  readonly error?: string
  readonly ms?: number
  readonly seconds?: number
}

export const apiFaultKinds = [
  'rate-limit',
  'status',
  'error',
  'hang',
  'accept-then-hang',
  'accept-then-drop',
  'drop',
  'slow',
] as const
export const appFaultKinds = [
  'duplicate',
  'delay-ack',
  'forged-signature',
  'future-stamp',
  'old-stamp',
] as const
type FaultKind = (typeof apiFaultKinds)[number] | (typeof appFaultKinds)[number]

export type FaultSpec<Kind extends string = FaultKind> = Omit<Fault<Kind>, 'id' | 'hits' | 'times'> & {
  readonly times?: number | null
}

interface Occasion {
  readonly on: 'api' | 'app'
  /** All the names this request goes by, the most exact first. */
  readonly methods: readonly string[]
  readonly channel?: string
  readonly workspace?: string
  readonly user?: string
}

export class Faults<Kind extends string = FaultKind> {
  #list: Fault<Kind>[] = []
  #last = 0
  readonly #changed: () => void
  readonly #prefix: string

  constructor(changed: () => void, prefix = 'fault') {
    this.#changed = changed
    this.#prefix = prefix
  }

  add(spec: FaultSpec<Kind>): Fault<Kind> {
    this.#last += 1
    const fault: Fault<Kind> = {
      ...spec,
      times: spec.times ?? null,
      id: `${this.#prefix}-${this.#last}`,
      hits: 0,
    }
    this.#list.push(fault)
    this.#changed()
    return fault
  }

  remove(id: string): boolean {
    const before = this.#list.length
    this.#list = this.#list.filter((fault) => fault.id !== id)
    if (this.#list.length < before) this.#changed()
    return this.#list.length < before
  }

  clear(): void {
    this.#list = []
    this.#changed()
  }

  list(): readonly Fault<Kind>[] {
    return this.#list
  }

  /** The fault that strikes now, counted; the oldest that fits and is not used up. */
  strike(occasion: Occasion): Fault<Kind> | undefined {
    const fault = this.#list.find((candidate) => fits(candidate, occasion))
    if (!fault) return undefined
    fault.hits += 1
    this.#changed()
    return fault
  }
}

function fits(fault: Fault<string>, occasion: Occasion): boolean {
  if (fault.on !== occasion.on) return false
  if (fault.times !== null && fault.hits >= fault.times) return false
  if (fault.method !== undefined && !occasion.methods.some((name) => nameFits(fault.method!, name)))
    return false
  if (fault.channel !== undefined && fault.channel !== occasion.channel) return false
  if (fault.workspace !== undefined && fault.workspace !== occasion.workspace) return false
  return fault.user === undefined || fault.user === occasion.user
}

const nameFits = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
