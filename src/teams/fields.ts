import type { Field, Option } from '../../blocks/form.ts'
import { clean, isolate, short } from '../text.ts'
import { limits } from './limits.ts'
import { type Element, paragraphs } from './spans.ts'

export interface FieldContext {
  readonly form: string
  readonly drawing: string
  /** Said under a field that the client finds empty. */
  readonly required: string
  /** The client may hold the form back until this field is filled. */
  readonly hold: boolean
  readonly error?: string
}

/** The name under which a search field asks for options: which field of which form, on which drawing. */
export const datasetOf = (form: string, field: string, drawing: string): string =>
  `${form}|${field}|${drawing}`

/** The parts of {@link datasetOf}; `undefined` when it is not of our making. */
export function readDataset(dataset: unknown): { form: string; field: string; drawing: string } | undefined {
  if (typeof dataset !== 'string') return undefined
  const parts = /^([a-z.-]{1,64})\|([a-z][a-z0-9_]{0,63})\|([\w-]{0,100})$/.exec(dataset)
  return parts ? { form: parts[1]!, field: parts[2]!, drawing: parts[3]! } : undefined
}

/** An option as a line of a list. */
export function choiceOf(option: Option): { title: string; value: string } {
  const label = isolate(clean(option.label))
  const title = option.description ? `${label} — ${clean(option.description)}` : label
  return { title: short(title, limits.option.title) || '—', value: option.value }
}

/** One question. The input's id is the field's name, by which the answer comes back. */
export function renderField(
  name: string,
  field: Field,
  value: string | readonly string[] | undefined,
  context: FieldContext,
): Element[] {
  const error = context.error
    ? paragraphs([{ user: context.error }], { color: 'Attention', size: 'Small' })
    : []
  // An error that says no more than the hint stands in its place.
  const hint =
    field.hint && field.hint !== context.error
      ? paragraphs([field.hint], { isSubtle: true, size: 'Small' })
      : []
  const input = inputOf(name, field, value, context)
  if (!input) return [...paragraphs([`${field.label}: —`]), ...hint]
  return [
    { ...input, ...labelOf(field), ...heldBack(field, context) },
    ...[...error, ...hint].map((element) => ({ ...element, spacing: 'None' })),
  ]
}

const labelOf = (field: Field) => ({ label: short(field.label, limits.input.label) || '—' })

const heldBack = (field: Field, context: FieldContext) =>
  context.hold && !field.optional ? { isRequired: true, errorMessage: context.required } : {}

function inputOf(
  name: string,
  field: Field,
  value: string | readonly string[] | undefined,
  context: FieldContext,
): Element | undefined {
  const one = typeof value === 'string' ? value : value?.[0]
  const many = value === undefined ? [] : typeof value === 'string' ? [value] : value
  const placeholder = field.placeholder
    ? { placeholder: short(field.placeholder, limits.input.placeholder) }
    : {}
  switch (field.kind) {
    case 'text':
    case 'long-text': {
      const maxLength = Math.min(field.maxLength ?? limits.input.text, limits.input.text)
      return {
        type: 'Input.Text',
        id: name,
        ...(field.kind === 'long-text' ? { isMultiline: true } : {}),
        maxLength,
        ...(one ? { value: clean(one).slice(0, maxLength).toWellFormed() } : {}),
        ...placeholder,
      }
    }
    case 'percent':
      // A number field brings the numeric keypad on phones; its answer comes as text all the same.
      return {
        type: 'Input.Number',
        id: name,
        min: 0,
        ...(one !== undefined && /^\d+(\.\d+)?$/.test(one) ? { value: Number(one) } : {}),
        ...placeholder,
      }
    case 'money':
      // Not a number field: amounts are pasted as 125,000,000 or written 1억 2,500만, and it takes neither.
      return {
        type: 'Input.Text',
        id: name,
        maxLength: 60,
        ...(one ? { value: clean(one).slice(0, 60) } : {}),
        ...placeholder,
      }
    case 'date':
      return {
        type: 'Input.Date',
        id: name,
        ...(one !== undefined && isCalendarDay(one) ? { value: one } : {}),
      }
    case 'choice':
    case 'choices': {
      const options = distinct(field.options).slice(0, limits.option.count)
      if (options.length === 0) return undefined
      const chosen = options.filter((option) =>
        (field.kind === 'choices' ? many : [one]).includes(option.value),
      )
      return {
        type: 'Input.ChoiceSet',
        id: name,
        choices: options.map(choiceOf),
        ...(field.kind === 'choices'
          ? { isMultiSelect: true }
          : { style: options.length > 8 ? 'filtered' : 'compact' }),
        ...(chosen.length > 0 ? { value: chosen.map((option) => option.value).join(',') } : {}),
        ...placeholder,
      }
    }
    case 'chat-user': {
      const user = one !== undefined && /^[0-9a-f-]{36}$/i.test(one) ? one : undefined
      return {
        type: 'Input.ChoiceSet',
        id: name,
        style: 'filtered',
        choices: user ? [{ title: user, value: user }] : [],
        // The tenant's own people; the answer is their Entra object id.
        'choices.data': { type: 'Data.Query', dataset: 'graph.microsoft.com/users' },
        ...(user ? { value: user } : {}),
        ...placeholder,
      }
    }
    case 'search': {
      // A value that none of ours could be is nobody's choice (B5.37).
      const chosen =
        field.chosen && field.chosen.value.length <= limits.option.value ? field.chosen : undefined
      return {
        type: 'Input.ChoiceSet',
        id: name,
        style: 'filtered',
        choices: chosen ? [choiceOf(chosen)] : [],
        'choices.data': { type: 'Data.Query', dataset: datasetOf(context.form, name, context.drawing) },
        ...(chosen ? { value: chosen.value } : {}),
        ...placeholder,
      }
    }
    default:
      return unknownKind(field)
  }
}

const distinct = (options: readonly Option[]): Option[] => [
  ...new Map(options.map((option) => [option.value, option])).values(),
]

/** `YYYY-MM-DD` and a day that exists; anything else would leave the field empty or break the card. */
function isCalendarDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

/** A kind without a drawing does not compile. */
export function unknownKind(kind: never): never {
  throw new Error(`nothing draws ${JSON.stringify(kind)} on Teams`)
}
