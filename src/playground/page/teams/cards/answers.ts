import type { CardContent, Choice, TeamsTyped } from '../wire.ts'

type Json = Record<string, unknown>

/** What is not part of what a person sees; a `data` may look like an input and is none. */
const unseen = new Set(['data', 'refresh', 'msteams', 'choices.data', 'authentication'])

const isRecord = (node: unknown): node is Json =>
  typeof node === 'object' && node !== null && !Array.isArray(node)

function each(node: unknown, visit: (part: Json) => void): void {
  if (Array.isArray(node)) for (const item of node) each(item, visit)
  else if (isRecord(node)) {
    if (typeof node.type === 'string') visit(node)
    for (const [name, value] of Object.entries(node))
      if (!unseen.has(name) && typeof value === 'object') each(value, visit)
  }
}

/**
 * The card with what somebody typed in its inputs, for the renderer to begin with. `titles`: what the chosen values
 * of searched menus are called, since such a menu lists only what was last found.
 */
export function withTyped(
  content: CardContent,
  typed: TeamsTyped,
  titles: Readonly<Record<string, Choice>> = {},
): CardContent {
  const card = structuredClone(content) as Json
  each(card, (part) => {
    const { id } = part
    if (typeof id !== 'string' || !String(part.type).startsWith('Input.') || !Object.hasOwn(typed, id)) return
    const value = typed[id]
    if (part.type !== 'Input.Number') part.value = value
    else if (value !== undefined && value.trim() !== '' && Number.isFinite(Number(value)))
      part.value = Number(value)
    else delete part.value
    const known = titles[id]
    if (part.type !== 'Input.ChoiceSet' || !known || known.value !== value) return
    const choices = Array.isArray(part.choices) ? (part.choices as Choice[]) : []
    if (!choices.some((choice) => choice.value === known.value)) part.choices = [...choices, known]
  })
  return card
}

/** What an input of the renderer holds, as text: Teams sends numbers, toggles and dates as text too. */
export const textOf = (value: unknown): string =>
  value === undefined || value === null || (typeof value === 'number' && Number.isNaN(value))
    ? ''
    : String(value)

/** Filters a menu by the words anywhere in the title, whatever their case. */
export const choicesFor = (choices: readonly Choice[], query: string): readonly Choice[] => {
  const word = query.trim().toLocaleLowerCase()
  return choices.filter((choice) => choice.title.toLocaleLowerCase().includes(word))
}
