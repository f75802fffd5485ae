import type { Activity } from '../activities.ts'
import type { Core } from '../core.ts'
import type { Forge, Outgoing } from '../link.ts'
import { type SentenceKey, sentence } from '../sentences.ts'
import type { Conversation, Tenant, User } from '../world.ts'

/** Who does something, and in which tenant. */
export interface Actor {
  readonly core: Core
  readonly tenant: Tenant
  readonly user: User
}

export type Done<T = Record<never, never>> = ({ readonly ok: true } & T) | NotDone

/** What Teams tells the person instead of doing it. */
export interface NotDone {
  readonly ok: false
  readonly error: SentenceKey
  readonly message: string
  readonly errors?: Readonly<Record<string, string>>
}

export const notDone = (
  { user }: Actor,
  error: SentenceKey,
  errors?: Readonly<Record<string, string>>,
): NotDone => ({
  ok: false,
  error,
  message: sentence(user.locale, error),
  ...(errors === undefined ? {} : { errors }),
})

/** The app's answer is none that Teams can show; says what is wrong with it, for whoever develops the app. */
export function invalid(actor: Actor, complaints: readonly { what: string; at: string }[]): NotDone {
  const refusal = notDone(actor, 'invalid_answer')
  const said = complaints.map(({ what, at }) => `${what} (${at})`).join('; ')
  return { ...refusal, message: `${refusal.message} ${said}` }
}

/** An activity on its way to the app, named for the log and for faults. */
export function outgoing(
  { tenant, user }: Actor,
  conversation: Conversation,
  about: { readonly what: string; readonly names: readonly string[] },
  activity: Activity,
  forge: Forge = (same) => same,
): Outgoing {
  return {
    ...about,
    tenant: tenant.id,
    user: user.id,
    conversation: conversation.id,
    activity: forge(activity),
  }
}
