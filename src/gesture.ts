import type { Card } from '../blocks/card.ts'
import type { Answers, FormView, Option } from '../blocks/form.ts'
import type { Instant } from './canon/calendar.ts'

/** Where a gesture came from on its platform; ids are the platform's own and opaque (a Slack ts is never a number). */
export interface Place {
  readonly kind: 'dm' | 'channel' | 'home' | 'form'
  readonly channel?: string
  /** The message a button sits on. */
  readonly message?: string
  /** The thread a message was written in. */
  readonly thread?: string
}

interface GestureBase {
  readonly platform: 'slack' | 'teams'
  /** Slack team id or Teams tenant id, from the verified request: this, with `user`, is who. */
  readonly tenant: string
  /** Slack Enterprise Grid organisation, when there is one. */
  readonly enterprise?: string
  readonly user: string
  /** A guest, a Slack Connect user from elsewhere, a bot or a workflow, as far as the request itself tells. */
  readonly outsider?: boolean
  /** Names this gesture for ever: a replay or retry carries the same key (B5.22, B5.23, B5.42). */
  readonly key: string
  /** Digest of what the gesture says; the same key with another fingerprint is refused (B5.24). */
  readonly fingerprint: string
  readonly at: Instant
  readonly place: Place
}

export type Gesture = GestureBase &
  (
    | { readonly kind: 'command'; readonly command: string; readonly text: string }
    | { readonly kind: 'button'; readonly action: string; readonly drawing: string; readonly choice?: string }
    | { readonly kind: 'change'; readonly form: string; readonly drawing: string; readonly answers: Answers }
    | { readonly kind: 'submit'; readonly form: string; readonly drawing: string; readonly answers: Answers }
    | {
        readonly kind: 'search'
        readonly form: string
        readonly field: string
        readonly drawing: string
        readonly query: string
      }
    | { readonly kind: 'home' }
    /** A message in a thread under one of our cards, or plain words in the DM with us. */
    | { readonly kind: 'message'; readonly text: string }
  )

export type GestureOf<K extends Gesture['kind']> = Extract<Gesture, { kind: K }>

/** What the person who made the gesture gets back. Everybody else hears through deliveries. */
export type Reply =
  | { readonly kind: 'nothing' }
  /** Open a form (from a command or a button). */
  | { readonly kind: 'open'; readonly view: FormView }
  /**
   * Redraw the open form in place: a live preview, or what there is to say instead of it. `errors` are for fields that
   * it may already have had; Slack, which marks no field while it redraws, shows the field that is missing instead.
   */
  | {
      readonly kind: 'redraw'
      readonly view: FormView
      readonly errors?: Readonly<Record<string, string>>
    }
  /** Keep the form and what was typed; a sentence at each field that is wrong. */
  | { readonly kind: 'field-errors'; readonly errors: Readonly<Record<string, string>> }
  /** Close the form; `say` is told privately where it was opened from. */
  | { readonly kind: 'close'; readonly say?: Card }
  /** Tell the person, and nobody else. */
  | { readonly kind: 'say'; readonly card: Card }
  /** A refusal at a button: told privately, and the card that was clicked is redrawn by `refresh` deliveries. */
  | { readonly kind: 'options'; readonly options: readonly Option[] }
  | { readonly kind: 'home'; readonly card: Card }
  /**
   * Hand this person a file, and nobody else: a CSV export. Only an answer to a button or command that commits nothing
   * (a read). `card` says what the file is, and stands alone where no file can be handed over; it must make sense
   * either way, so it may carry a short table and never says “attached”. `name` ends in `.csv`; `text` is the whole
   * file without a byte order mark (it is added on the way, since spreadsheets read Korean only with one), at most
   * 2,000,000 characters: what is more is left out by whoever makes it, and said. Slack uploads it to the person's DM; Teams shows the card with a link that runs out.
   */
  | { readonly kind: 'file'; readonly name: string; readonly text: string; readonly card: Card }
