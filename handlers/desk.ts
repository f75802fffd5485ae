import type { Card } from '../blocks/card.ts'
import type { Form } from '../blocks/form.ts'
import type { Words } from '../blocks/words/index.ts'
import type { Instant } from '../src/canon/calendar.ts'
import type { Locale, Org, Person } from '../src/canon/people.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { Gesture, GestureOf, Reply } from '../src/gesture.ts'
import type { Audience, Change, Drawing, Store, Subject } from '../src/ports.ts'

/** What a handler has before it: the person (already identified and active), the rules, the record. No platform, no SQL. */
export interface Desk {
  readonly now: Instant
  readonly company: string
  readonly org: Org
  readonly person: Person
  readonly policy: Policy
  readonly locale: Locale
  readonly words: Words
  readonly store: Store
  readonly newId: () => string
}

/** What a handler answers: the reply, and the one change to commit before the reply is given. */
export interface Outcome {
  readonly reply: Reply
  readonly change?: Omit<Change, 'company' | 'once' | 'drawings'>
  readonly drawings?: readonly Drawing[]
}

export type Handler<K extends Gesture['kind']> = (gesture: GestureOf<K>, desk: Desk) => Promise<Outcome>

export interface CommandEntry {
  /** Without the slash: `approve-discount`. */
  readonly name: string
  readonly handle: Handler<'command'>
}

interface ButtonEntry {
  readonly handle: Handler<'button'>
  /** True: commits before the acknowledgement. False: opens a form or only looks, so it is acknowledged at once. */
  readonly commits: boolean
}

export interface FormEntry {
  readonly form: Form
  readonly submit: Handler<'submit'>
  readonly change?: Handler<'change'>
  /** Fields whose options come from the server. */
  readonly search?: Readonly<Record<string, Handler<'search'>>>
}

/** Who looks at a card when it is sent, and what there is to draw from. */
export interface EaselDesk extends Omit<Desk, 'person'> {
  /** Absent when a channel looks. */
  readonly viewer?: Person
  readonly audience: Audience
}

export interface Drawn {
  readonly card: Card
  readonly drawings: readonly Drawing[]
  /** Its time has passed: a card that stands is redrawn so, but it is not posted any more. */
  readonly onlyRedraw?: boolean
  /**
   * A line that its reader wrote or is told of by a card of its own: it belongs into the thread, and where there are
   * no threads it is not said a second time.
   */
  readonly threadOnly?: boolean
}

/** Draws a card from the record as it is at this instant; `undefined`: there is nothing to say. */
export type CardEntry = (subject: Subject, desk: EaselDesk, line?: string) => Promise<Drawn | undefined>

export interface Registry {
  readonly commands: readonly CommandEntry[]
  readonly buttons: Readonly<Record<string, ButtonEntry>>
  readonly forms: Readonly<Record<string, FormEntry>>
  readonly cards: Readonly<Record<string, CardEntry>>
  readonly home: Handler<'home'>
  readonly message: Handler<'message'>
}
