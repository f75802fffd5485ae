import type { Core } from '../core.ts'
import type { Outgoing } from '../link.ts'
import { type SentenceKey, sentence } from '../sentences.ts'
import type { User, Workspace } from '../world.ts'

/** Who does something, and where their workspace is. */
export interface Actor {
  readonly core: Core
  readonly workspace: Workspace
  readonly user: User
}

export type Done<T = Record<never, never>> = ({ readonly ok: true } & T) | NotDone

/** What Slack tells the person instead of doing it. */
export interface NotDone {
  readonly ok: false
  readonly error: SentenceKey
  readonly message: string
  readonly errors?: Readonly<Record<string, string>>
}

export const notDone = (
  { user }: Actor,
  error: SentenceKey,
  what = '',
  errors?: Readonly<Record<string, string>>,
): NotDone => ({
  ok: false,
  error,
  message: sentence(user.locale, error, what),
  ...(errors === undefined ? {} : { errors }),
})

/** … and also shows it on their screen. */
export function tellNot(actor: Actor, error: SentenceKey, what = '', channel?: string): NotDone {
  const refusal = notDone(actor, error, what)
  actor.core.happenings.tell({
    kind: 'notice',
    workspace: actor.workspace.id,
    user: actor.user.id,
    level: 'error',
    text: refusal.message,
    ...(channel === undefined ? {} : { channel }),
  })
  return refusal
}

/** The place of a block element: a message, an open modal, or the App Home. */
export type In =
  | { readonly message: { readonly channel: string; readonly ts: string } }
  | { readonly view: string }
  | { readonly home: true }

/** For tests of tampering: changes the payload after Slack built it and before it is signed. */
export type Forge = (payload: Record<string, unknown>) => Record<string, unknown>

/** An interactivity request: a form with one field, `payload`. */
export function interaction(
  actor: Actor,
  what: string,
  names: readonly string[],
  payload: Record<string, unknown>,
  forge: Forge = (same) => same,
): Outgoing {
  const forged = forge(payload)
  const channel = (payload.channel as { id?: string } | undefined)?.id
  return {
    workspace: actor.workspace.id,
    what,
    names,
    user: actor.user.id,
    ...(channel === undefined ? {} : { channel }),
    contentType: 'application/x-www-form-urlencoded',
    body: new URLSearchParams({ payload: JSON.stringify(forged) }).toString(),
    socket: 'interactive',
    payload: forged,
  }
}
