import type { Answers } from '../../blocks/form.ts'
import { clean } from '../text.ts'

/** A field's name in our forms (contract: Forms and buttons); nothing else a client sends is an answer. */
const fieldName = /^[a-z][a-z0-9_]{0,63}$/

/** What our own buttons carry beside the inputs; never an answer. */
const ours: ReadonlySet<string> = new Set(['action', 'drawing', 'form', 'step', 'many', 'msteams', 'choice'])

/**
 * What was typed, by field name, out of the data of a submission, where inputs lie beside what our button carries.
 * Everything else is dropped, and the result has no prototype to poison (B5.37). "" and null are absent; numbers come
 * as text or as numbers, several choices joined by commas. Whether an answer is allowed is the handler's to judge.
 */
export function readAnswers(data: unknown): Answers {
  const answers: Record<string, string | readonly string[]> = Object.create(null)
  if (typeof data !== 'object' || data === null) return answers
  const { many } = data as { many?: unknown }
  const several: ReadonlySet<unknown> = new Set(Array.isArray(many) ? many : [])
  for (const [name, value] of Object.entries(data)) {
    if (ours.has(name) || !fieldName.test(name)) continue
    const answer = words(value)
    if (answer === undefined) continue
    answers[name] = several.has(name) ? answer.split(',').filter((one) => one !== '') : answer
  }
  return answers
}

function words(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  // A toggle says "true" or "false" as text; a client that says it as a boolean means the same.
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return undefined
  const typed = clean(value).trim()
  return typed === '' ? undefined : typed
}
