import type { z } from 'zod'
import type { Answers, Form } from '../blocks/form.ts'
import type { Words } from '../blocks/words/index.ts'

export type ReadAnswers<T> =
  | { readonly ok: true; readonly values: T }
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> }

/**
 * What was typed, judged by the form's schema. The one end of both platforms: keys the form does not have are
 * dropped before anything looks at them (B5.37), and every problem is a sentence at its field.
 */
export function readAnswers<S extends z.ZodObject>(
  form: Form<S>,
  answers: Answers,
  words: Words,
): ReadAnswers<z.infer<S>> {
  const parsed = form.schema.safeParse(pickAnswers(form, answers))
  if (parsed.success) return { ok: true, values: parsed.data as z.infer<S> }
  const errors: Record<string, string> = {}
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? Object.keys(form.schema.shape)[0])
    errors[field] ??= fieldSentence(issue, words)
  }
  return { ok: false, errors }
}

/** What was typed so far into the fields that the form has, before anybody judges it: for drawing the form again. */
export const pickAnswers = <S extends z.ZodObject>(form: Form<S>, answers: Answers): Partial<z.infer<S>> =>
  Object.fromEntries(
    Object.keys(form.schema.shape).flatMap((name) =>
      Object.hasOwn(answers, name) ? [[name, answers[name]]] : [],
    ),
  ) as Partial<z.infer<S>>

function fieldSentence(issue: z.core.$ZodIssue, words: Words): string {
  switch (issue.code) {
    case 'too_big':
      return words.t('field.too-long', { limit: Number(issue.maximum) })
    case 'invalid_type':
    case 'too_small':
      return words.t('field.missing')
    default:
      return words.t('field.invalid')
  }
}
