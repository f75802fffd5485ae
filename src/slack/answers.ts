import type { Answers } from '../../blocks/form.ts'
import { clean } from './text.ts'

/** A field's name in our forms (contract: Forms and buttons); nothing else a client sends is an answer. */
const fieldName = /^[a-z][a-z0-9_]{0,63}$/

/** The parts of one input's state that hold what was answered. */
interface InputState {
  readonly value?: unknown
  readonly selected_option?: { readonly value?: unknown } | null
  readonly selected_options?: readonly { readonly value?: unknown }[]
  readonly selected_date?: unknown
  readonly selected_user?: unknown
}

/**
 * What was typed, by field name, out of `view.state.values`. Every input of ours has its field's name as block_id and
 * as action_id; anything else is dropped, and the result has no prototype to poison (B5.37). "" and null are absent.
 * Whether an answer is allowed is the handler's to judge.
 */
export function readAnswers(values: unknown): Answers {
  const answers: Record<string, string | readonly string[]> = Object.create(null)
  if (typeof values !== 'object' || values === null) return answers
  for (const [block, inputs] of Object.entries(values)) {
    if (!fieldName.test(block) || typeof inputs !== 'object' || inputs === null) continue
    if (!Object.hasOwn(inputs, block)) continue
    const answer = answerOf((inputs as Record<string, unknown>)[block])
    if (answer !== undefined) answers[block] = answer
  }
  return answers
}

function answerOf(state: unknown): string | readonly string[] | undefined {
  if (typeof state !== 'object' || state === null) return undefined
  const input = state as InputState
  if (Array.isArray(input.selected_options)) {
    const chosen = input.selected_options
      .map((option) => words(option?.value))
      .filter((value) => value !== undefined)
    return chosen.length > 0 ? chosen : undefined
  }
  return (
    words(input.value) ??
    words(input.selected_option?.value) ??
    words(input.selected_date) ??
    words(input.selected_user)
  )
}

/** number_input answers arrive as text, but a client is a client: a number is read as one (reliability: Traps). */
function words(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return undefined
  const typed = clean(value).trim()
  return typed === '' ? undefined : typed
}
