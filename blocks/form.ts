import type { z } from 'zod'
import type { Block } from './card.ts'

/** How one question looks. The schema decides what is valid. Texts are already in the viewer's language when a form is shown. */
export type Field = FieldLooks & {
  readonly label: string
  readonly hint?: string
  readonly placeholder?: string
  readonly optional?: boolean
  /** A change of this field redraws the form at once (Slack: dispatch_action; Teams: the first step's Continue). */
  readonly live?: boolean
}
type FieldLooks =
  | { readonly kind: 'text'; readonly maxLength?: number }
  | { readonly kind: 'long-text'; readonly maxLength?: number }
  | { readonly kind: 'percent' }
  | { readonly kind: 'money'; readonly currency: string }
  | { readonly kind: 'date' }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | { readonly kind: 'choices'; readonly options: readonly Option[] }
  /** A member of this workspace or tenant, chosen from the platform's own picker; the answer is the platform's user id. */
  | { readonly kind: 'chat-user' }
  /** Options come from the server as one types (Slack external select, Teams dynamic typeahead). */
  | { readonly kind: 'search'; readonly chosen?: Option; readonly minLength?: number }

export interface Option {
  readonly value: string
  readonly label: string
  readonly description?: string
}

/**
 * One form for every platform. `fields` is keyed by the schema's keys, so a question without looks, or
 * looks without a question, does not compile.
 */
export interface Form<S extends z.ZodObject = z.ZodObject> {
  /** The Slack callback_id and the Teams dialog's id, e.g. `discount.request`. */
  readonly id: string
  readonly schema: S
}

export const defineForm = <S extends z.ZodObject>(form: Form<S>): Form<S> => form

/** A form as one person sees it now: in their language, with what is known filled in. */
export interface FormView {
  readonly form: string
  /** At most 24 characters: Slack's limit for a modal's title. */
  readonly title: string
  readonly submit?: string
  readonly close: string
  /** The drawing it stands on; travels as Slack's private_metadata. */
  readonly drawing: string
  readonly items: readonly (
    | Block
    | ({ readonly kind: 'field'; readonly name: string; readonly value?: string | readonly string[] } & {
        readonly field: Field
      })
  )[]
}

/** What was typed, by field name. Both platforms end here: "" and null are absent, numbers arrive as text. */
export type Answers = Readonly<Record<string, string | readonly string[]>>
