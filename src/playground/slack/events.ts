import type { Exchange } from './traffic.ts'
import type { Message } from './world.ts'

/** What changed in the world, for whoever draws or waits. References, not copies: look the thing up. */
export type Happening =
  | {
      readonly kind: 'message' | 'message_changed'
      readonly workspace: string
      readonly channel: string
      readonly message: Message
    }
  | {
      readonly kind: 'message_deleted'
      readonly workspace: string
      readonly channel: string
      readonly ts: string
      readonly ephemeralTo?: string
    }
  | { readonly kind: 'conversation'; readonly workspace: string; readonly channel: string }
  | { readonly kind: 'modals' | 'home' | 'person'; readonly workspace: string; readonly user: string }
  | {
      readonly kind: 'notice'
      readonly workspace: string
      readonly user: string
      readonly level: 'error' | 'info'
      readonly text: string
      readonly channel?: string
    }
  | { readonly kind: 'workspace'; readonly workspace: string }
  | { readonly kind: 'traffic'; readonly exchange: Exchange }
  | { readonly kind: 'faults' }
  | { readonly kind: 'reload' }

export type Listener<H = Happening> = (happening: H) => void

/** Tells everybody who listens, in order, at once; a listener that throws harms nobody else. */
export class Happenings<H = Happening> {
  readonly #listeners = new Set<Listener<H>>()

  listen(listener: Listener<H>): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(happening: H): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(happening)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
