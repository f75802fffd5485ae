import type { Sent } from '../ports.ts'

type Unsent = Exclude<Sent, { outcome: 'sent' }>
type Dead = Extract<Sent, { outcome: 'dead' }>['what']

/** Nothing is known of how to reach a conversation: the app was never there, or was removed. */
export class NoConversation extends Error {
  constructor(what: string) {
    super(`Teams has no way to ${what}: the app is not installed there`)
    this.name = 'NoConversation'
  }
}

/** The bot could not get its own token: nothing was sent. */
export class NoToken extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'NoToken'
  }
}

/** The connector's names of errors that are final, and what they mean for a delivery (reliability: B1, B5.50–B5.51). */
const final: Readonly<Record<string, Dead>> = {
  ConversationBlockedByUser: 'place-gone',
  MessageWritesBlocked: 'place-gone',
  BotNotInConversationRoster: 'place-gone',
  BotDisabledByAdmin: 'place-gone',
  NotEnoughPermissions: 'place-gone',
  ForbiddenOperationException: 'place-gone',
  ConversationNotFound: 'place-gone',
  ChannelNotFound: 'place-gone',
  ActivityNotFound: 'message-gone',
  ActivityNotFoundInConversation: 'message-gone',
  MessageSizeTooBig: 'refused',
}

/** The parts of an SDK's error that are read; everything is optional, because an error's type is a hope. */
interface RestError {
  readonly statusCode?: unknown
  readonly code?: unknown
  readonly body?: { readonly error?: { readonly code?: unknown; readonly message?: unknown } } | null
  readonly details?: { readonly error?: { readonly code?: unknown } } | null
  readonly response?: { readonly headers?: { get?(name: string): string | undefined } }
}

/** The connector's own name of an error, where it gave one. */
export function connectorErrorName(error: unknown): string | undefined {
  const { body, details } = (error ?? {}) as RestError
  const name = body?.error?.code ?? details?.error?.code
  return typeof name === 'string' && name !== '' ? name : undefined
}

/** The HTTP status an SDK error carries. */
export function statusOf(error: unknown): number | undefined {
  const { statusCode } = (error ?? {}) as RestError
  return typeof statusCode === 'number' ? statusCode : undefined
}

/**
 * What a failed call to the connector means for what was to be sent. `doing` says what was attempted: a 404 without a
 * name is the conversation's when posting and the message's when updating.
 */
export function outcomeOf(error: unknown, doing: 'post' | 'update'): Unsent {
  if (error instanceof NoConversation) return { outcome: 'dead', what: 'place-gone', why: error.message }
  if (error instanceof NoToken) return { outcome: 'later', afterMs: 60_000, scope: 'workspace' }
  const status = statusOf(error)
  const name = connectorErrorName(error)
  const why = [status && `HTTP ${status}`, name].filter(Boolean).join(' ') || messageOf(error)
  if (status === 429)
    return { outcome: 'later', afterMs: retryAfterMs(error) ?? 5_000, scope: 'conversation' }
  // Teams names a passing clash of writes in one conversation so; nothing was sent.
  if (status === 412)
    return { outcome: 'later', afterMs: retryAfterMs(error) ?? 1_000, scope: 'conversation' }
  if (name !== undefined && Object.hasOwn(final, name)) return { outcome: 'dead', what: final[name]!, why }
  switch (status) {
    case undefined:
      return { outcome: 'unknown', why }
    case 401:
      // The bot's own credential was not accepted: a secret that has run out stops everything until it is renewed.
      return { outcome: 'later', afterMs: 60_000, scope: 'workspace' }
    case 403:
    case 405:
      return { outcome: 'dead', what: 'place-gone', why }
    case 404:
    case 410:
      return { outcome: 'dead', what: doing === 'update' ? 'message-gone' : 'place-gone', why }
    case 503: {
      const afterMs = retryAfterMs(error)
      return afterMs === undefined
        ? { outcome: 'unknown', why }
        : { outcome: 'later', afterMs, scope: 'workspace' }
    }
    default:
      return status >= 500 || status === 408 || status === 409
        ? { outcome: 'unknown', why }
        : { outcome: 'dead', what: 'refused', why }
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 200)

/** Seconds or a date, as HTTP has it. */
function retryAfterMs(error: unknown): number | undefined {
  const said = (error as RestError).response?.headers?.get?.('retry-after')
  if (!said) return undefined
  const seconds = Number(said)
  if (Number.isFinite(seconds)) return Math.max(100, seconds * 1_000)
  const at = Date.parse(said)
  return Number.isNaN(at) ? undefined : Math.max(100, at - Date.now())
}
