import { slackLimits } from './check/limits.ts'
import { secret } from './ids.ts'

interface Trigger {
  readonly workspace: string
  readonly user: string
  /** The view the gesture was made in, when it was made in one. */
  readonly view?: string
  readonly expires: number
  used: boolean
}

export type TriggerError = 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id'

/** Trigger ids: three seconds, once (reliability.md, B1). */
export class Triggers {
  readonly #issued = new Map<string, Trigger>()
  readonly #wall: () => number
  #count = 0

  constructor(wall: () => number) {
    this.#wall = wall
  }

  issue(workspace: string, user: string, view?: string): string {
    this.#count += 1
    const id = `${Math.floor(this.#wall())}.${this.#count}.${secret()}`
    for (const [old, trigger] of this.#issued) {
      if (trigger.expires > this.#wall() - 600_000) break
      this.#issued.delete(old)
    }
    this.#issued.set(id, {
      workspace,
      user,
      ...(view === undefined ? {} : { view }),
      expires: this.#wall() + slackLimits.triggerMs,
      used: false,
    })
    return id
  }

  redeem(id: string, workspace: string): { user: string; view?: string } | TriggerError {
    const trigger = this.#issued.get(id)
    if (!trigger || trigger.workspace !== workspace) return 'invalid_trigger_id'
    if (trigger.used) return 'exchanged_trigger_id'
    if (this.#wall() >= trigger.expires) return 'expired_trigger_id'
    trigger.used = true
    return trigger
  }
}

export interface ResponsePlace {
  readonly workspace: string
  readonly channel: string
  readonly user: string
  /** The message that was clicked, when one was. */
  readonly message?: string
  readonly thread?: string
}

/** Addresses for late answers: five uses within thirty minutes. */
export class ResponseUrls {
  readonly #issued = new Map<string, ResponsePlace & { expires: number; uses: number }>()
  readonly #wall: () => number

  constructor(wall: () => number) {
    this.#wall = wall
  }

  /** The secret part of the address. */
  issue(place: ResponsePlace): string {
    const id = secret(12)
    for (const [old, { expires }] of this.#issued) {
      if (expires > this.#wall()) break
      this.#issued.delete(old)
    }
    this.#issued.set(id, { ...place, expires: this.#wall() + slackLimits.responseUrlMs, uses: 0 })
    return id
  }

  use(id: string): ResponsePlace | 'expired_url' | 'used_url' {
    const issued = this.#issued.get(id)
    if (!issued || this.#wall() >= issued.expires) return 'expired_url'
    if (issued.uses >= slackLimits.responseUrlUses) return 'used_url'
    issued.uses += 1
    return issued
  }
}
