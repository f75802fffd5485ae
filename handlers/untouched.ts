import { createHash } from 'node:crypto'

/**
 * What a form showed in each field when it was first drawn, as digests. A chat client keeps what stands in a field when
 * the form is redrawn, so a field nobody touched comes back with the old text: without this it would overwrite what
 * somebody else has written meanwhile (B5.99).
 */
export type FirstShown = Readonly<Record<string, string>>

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16)

/** What is remembered on the next drawing: the first value of each field, as long as the form is open. */
export const firstShown = (
  values: Readonly<Record<string, string | undefined>>,
  before: FirstShown = {},
): FirstShown => ({
  ...Object.fromEntries(Object.entries(values).map(([name, text]) => [name, digest(text?.trim() ?? '')])),
  ...before,
})

/** Whether a field stands as it was first shown. */
export const isUntouched = (shown: FirstShown, name: string, text: string | undefined): boolean =>
  Object.hasOwn(shown, name) && shown[name] === digest(text?.trim() ?? '')
