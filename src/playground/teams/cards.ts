import { isRecord } from '../slack/check/rule.ts'
import type { Typed } from './world.ts'

/** An Adaptive Card, an element or an action of one, as JSON. */
export type Json = { readonly [name: string]: unknown }
export type Card = Json

/** What is not part of what a person sees: data may look like anything. */
const notSeen = new Set(['data', 'fallback', 'refresh', 'msteams', 'choices.data', 'authentication'])

/** Every element, input and action of a card, in reading order. */
export function* partsOf(node: unknown): Generator<Json> {
  if (Array.isArray(node)) for (const item of node) yield* partsOf(item)
  else if (isRecord(node)) {
    if (typeof node.type === 'string') yield node
    for (const [name, value] of Object.entries(node))
      if (!notSeen.has(name) && typeof value === 'object') yield* partsOf(value)
  }
}

const isAction = (node: Json): boolean => String(node.type).startsWith('Action.')
const isInput = (node: Json): boolean => String(node.type).startsWith('Input.')

export const actionsOf = (card: Card): Json[] => [...partsOf(card)].filter(isAction)
export const inputsOf = (card: Card): Json[] => [...partsOf(card)].filter(isInput)

/** A copy in which every action has an id, so that a client can say which was pressed. */
export function withActionIds(card: Card): Card {
  const copy = structuredClone(card)
  for (const [index, action] of actionsOf(copy).entries())
    if (typeof action.id !== 'string' || action.id === '') Object.assign(action, { id: `#${index + 1}` })
  return copy
}

/** The action a client means by an id: as the app sent it, which may have no id. */
export function findAction(card: Card, id: string): Json | undefined {
  const at = actionsOf(withActionIds(card)).findIndex((action) => action.id === id)
  return at < 0 ? undefined : actionsOf(card)[at]
}

export const findInput = (card: Card, id: string): Json | undefined =>
  inputsOf(card).find((input) => input.id === id)

/** What stands in an input before anybody types. */
function initialValue(input: Json): string | undefined {
  const { value } = input
  if (input.type === 'Input.Toggle') return String(value ?? input.valueOff ?? 'false')
  if (value !== undefined && value !== null) return String(value)
  // An empty menu is left out; whatever one types into is sent empty.
  return input.type === 'Input.ChoiceSet' ? undefined : ''
}

export const initialTyped = (card: Card): Typed =>
  Object.fromEntries(
    inputsOf(card).flatMap((input) => {
      const value = initialValue(input)
      return value === undefined || value === '' ? [] : [[String(input.id), value]]
    }),
  )

/** What an action of the card carries from its inputs: everything as text. */
export function valuesOf(card: Card, typed: Typed): Record<string, string> {
  const values: Record<string, string> = {}
  for (const input of inputsOf(card)) {
    const id = String(input.id)
    const value = Object.hasOwn(typed, id) ? typed[id] : initialValue(input)
    if (value === undefined || (value === '' && input.type === 'Input.ChoiceSet')) continue
    Object.defineProperty(values, id, { value, enumerable: true, writable: true, configurable: true })
  }
  return values
}

export interface Choice {
  readonly title: string
  readonly value: string
}

export const choicesOf = (input: Json): readonly Choice[] =>
  (Array.isArray(input.choices) ? input.choices : []) as Choice[]

export const isDynamic = (input: Json): boolean => isRecord(input['choices.data'])

/** Which input is wrong and why, as the client itself finds out before it sends anything. */
export type Wrong = 'required' | 'pattern' | 'number' | 'range' | 'date' | 'time' | 'choice'

function wrongWith(input: Json, value: string, offered: readonly Choice[]): Wrong | undefined {
  if (value === '' || (input.type === 'Input.Toggle' && value === String(input.valueOff ?? 'false')))
    return input.isRequired === true ? 'required' : undefined
  switch (input.type) {
    case 'Input.Text':
      return typeof input.regex === 'string' && !new RegExp(input.regex).test(value) ? 'pattern' : undefined
    case 'Input.Number': {
      const number = Number(value)
      if (!Number.isFinite(number)) return 'number'
      return number < Number(input.min ?? -Infinity) || number > Number(input.max ?? Infinity)
        ? 'range'
        : undefined
    }
    case 'Input.Date':
      if (!/^\d{4}-\d\d-\d\d$/.test(value)) return 'date'
      return value < String(input.min ?? '') || value > String(input.max ?? '9999') ? 'range' : undefined
    case 'Input.Time':
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? undefined : 'time'
    case 'Input.ChoiceSet': {
      const chosen = input.isMultiSelect === true ? value.split(',') : [value]
      const known = [...choicesOf(input), ...offered].map((choice) => choice.value)
      return chosen.every((one) => known.includes(one)) ? undefined : 'choice'
    }
  }
  return undefined
}

/** Everything wrong with what was typed; `offered`: what a typeahead gave this person for an input. */
export function wrongIn(
  card: Card,
  typed: Typed,
  offered: (input: string) => readonly Choice[],
): { readonly input: Json; readonly wrong: Wrong }[] {
  const values = valuesOf(card, typed)
  return inputsOf(card).flatMap((input) => {
    const id = String(input.id)
    const wrong = wrongWith(input, values[id] ?? '', offered(id))
    return wrong === undefined ? [] : [{ input, wrong }]
  })
}

/** Data of an action, with the inputs' values over it, as Teams puts them together. */
export function dataOf(action: Json, card: Card, typed: Typed): Record<string, unknown> {
  const own = isRecord(action.data) ? structuredClone(action.data) : {}
  if (typeof action.associatedInputs === 'string' && action.associatedInputs.toLowerCase() === 'none')
    return own
  return { ...own, ...valuesOf(card, typed) }
}
