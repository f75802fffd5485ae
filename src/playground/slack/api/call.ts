import { type Complaint, show } from '../check/rule.ts'
import type { Core } from '../core.ts'
import type { ViewRefusal } from '../views.ts'
import type { Channel, Workspace } from '../world.ts'

/** One call of a Web API method, its token already recognised. */
export interface Call {
  readonly core: Core
  readonly workspace: Workspace
  readonly args: Args
}

export type Answer = { readonly ok: boolean } & Readonly<Record<string, unknown>>

export interface Method {
  /** Any one of these scopes suffices; none: no scope is needed. */
  readonly scopes: readonly string[] | ((call: Call) => readonly string[])
  readonly run: (call: Call) => Answer
}

export const yes = (body: Readonly<Record<string, unknown>> = {}): Answer => ({ ok: true, ...body })

export const no = (error: string, body: Readonly<Record<string, unknown>> = {}): Answer => ({
  ok: false,
  error,
  ...body,
})

/** Slack's way of saying what is wrong where: `errors` and `response_metadata.messages`. */
export const noFor = (error: string, complaints: readonly Complaint[]): Answer =>
  no(error, {
    ...(error === 'invalid_blocks' ? { errors: complaints.map(show) } : {}),
    response_metadata: { messages: complaints.map((complaint) => `[ERROR] ${show(complaint)}`) },
  })

export const noView = (refusal: ViewRefusal): Answer =>
  refusal.error === 'invalid_arguments' ? noFor(refusal.error, refusal.complaints) : no(refusal.error)

export const missingArgument = (name: string): Answer =>
  no('invalid_arguments', {
    response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
  })

/** Arguments as they came, from a form (texts, objects as JSON) or from a JSON body. */
export class Args {
  readonly #raw: Readonly<Record<string, unknown>>

  constructor(raw: Readonly<Record<string, unknown>>) {
    this.#raw = raw
  }

  has(name: string): boolean {
    const value = this.#raw[name]
    return value !== undefined && value !== null && value !== ''
  }

  text(name: string): string | undefined {
    const value = this.#raw[name]
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' && value !== '' ? value : undefined
  }

  flag(name: string): boolean {
    const value = this.#raw[name]
    return value === true || value === 'true' || value === '1' || value === 1
  }

  number(name: string, otherwise: number, most: number): number {
    const value = Number(this.#raw[name] ?? otherwise)
    return Number.isFinite(value) && value > 0 ? Math.min(value, most) : otherwise
  }

  /** An object or array; `malformed` where it is text that is not JSON. */
  object(name: string): { readonly value: unknown } | 'absent' | 'malformed' {
    const value = this.#raw[name]
    if (value === undefined || value === null || value === '') return 'absent'
    if (typeof value !== 'string') return { value }
    try {
      return { value: JSON.parse(value) as unknown }
    } catch {
      return 'malformed'
    }
  }

  all(): Readonly<Record<string, unknown>> {
    return this.#raw
  }
}

/** A conversation as the app's token sees it: private ones it is not in do not exist for it. */
export function channelFor({ workspace, args }: Call, name = 'channel'): Channel | undefined {
  const channel = workspace.channels[args.text(name) ?? '']
  if (!channel) return undefined
  if (channel.kind === 'channel' || channel.members.includes(workspace.botUser)) return channel
  return undefined
}

/** `channels:read`, `groups:read` or `im:read`, whichever this conversation is about. */
export const scopeByKind =
  (verb: 'read' | 'history') =>
  (call: Call): readonly string[] => {
    const kind = call.workspace.channels[call.args.text('channel') ?? '']?.kind
    if (kind === 'dm') return [`im:${verb}`]
    if (kind === 'private') return [`groups:${verb}`]
    return [`channels:${verb}`]
  }

/** A page of a list by Slack's cursors. */
export function page<T>(
  items: readonly T[],
  args: Args,
  most: number,
): { items: readonly T[]; next: string } {
  const from =
    Number(
      Buffer.from(args.text('cursor') ?? '', 'base64')
        .toString()
        .replace('next:', ''),
    ) || 0
  const limit = args.number('limit', 100, most)
  const to = from + limit
  return {
    items: items.slice(from, to),
    next: to < items.length ? Buffer.from(`next:${to}`).toString('base64') : '',
  }
}
