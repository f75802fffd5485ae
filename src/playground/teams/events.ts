import { Happenings as Telling } from '../slack/events.ts'
import type { Exchange } from '../slack/traffic.ts'
import type { Message } from './world.ts'

/** What changed in the world, for whoever draws or waits. References, not copies: look the thing up. */
export type Happening =
  | {
      readonly kind: 'message' | 'message_changed'
      readonly tenant: string
      readonly conversation: string
      readonly message: Message
      /** Only this person's own view of it changed. */
      readonly only?: string
    }
  | {
      readonly kind: 'message_deleted'
      readonly tenant: string
      readonly conversation: string
      readonly id: string
    }
  | { readonly kind: 'conversation'; readonly tenant: string; readonly conversation: string }
  | { readonly kind: 'teams'; readonly tenant: string }
  | { readonly kind: 'dialog' | 'person'; readonly tenant: string; readonly user: string }
  | {
      readonly kind: 'notice'
      readonly tenant: string
      readonly user: string
      readonly level: 'error' | 'info'
      readonly text: string
      readonly conversation?: string
    }
  | { readonly kind: 'traffic'; readonly exchange: Exchange }
  | { readonly kind: 'faults' }
  | { readonly kind: 'reload' }

export class Happenings extends Telling<Happening> {}
