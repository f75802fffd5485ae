import type { Gesture } from '../gesture.ts'

/** The button that repeats a gesture whose trigger had run out (B5.40). */
export const againAction = 'slack.again'

/** What the button of an expired trigger carries: only what the person did themselves, so that pressing it is doing it again. */
export function againValue(gesture: Gesture): string | undefined {
  const again =
    gesture.kind === 'command'
      ? { c: gesture.command, t: gesture.text }
      : gesture.kind === 'button'
        ? { a: gesture.action, d: gesture.drawing, o: gesture.choice }
        : undefined
  if (!again) return undefined
  const value = JSON.stringify(again)
  return value.length <= 1_900 ? value : undefined
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** A gesture to make again. */
type Again =
  | { readonly kind: 'command'; readonly command: string; readonly text: string }
  | { readonly kind: 'button'; readonly action: string; readonly drawing: string; readonly choice?: string }

/** The gesture to make again; `undefined` when the value is not of our making. */
export function readAgain(value: string | undefined): Again | undefined {
  try {
    const said = JSON.parse(value ?? '') as Record<string, unknown>
    const command = text(said.c)
    if (command) return { kind: 'command', command, text: typeof said.t === 'string' ? said.t : '' }
    const action = text(said.a)
    const choice = text(said.o)
    if (action && action !== againAction)
      return { kind: 'button', action, drawing: text(said.d) ?? '', ...(choice ? { choice } : {}) }
  } catch {
    // Not our button's value: nobody's gesture.
  }
  return undefined
}
