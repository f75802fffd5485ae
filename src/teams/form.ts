import type { Answers, FormView } from '../../blocks/form.ts'
import { short } from '../text.ts'
import { type Attachment, cardOf, contentType } from './card.ts'
import { Drawer, type Surface } from './drawer.ts'
import { renderField } from './fields.ts'
import { limits } from './limits.ts'
import type { Sentences } from './sentences.ts'
import { type Element, paragraphs } from './spans.ts'

/** The dialog's window. */
export interface Dialog {
  readonly title: string
  readonly width: 'medium'
  readonly height: 'medium' | 'large'
  readonly card: Attachment
}

export interface FormDrawing {
  readonly words: Sentences
  readonly commits: Surface['commits']
  /** A sentence at each field that is wrong; those without such a field stand above the form. */
  readonly errors?: Readonly<Record<string, string>>
}

/**
 * A form as a dialog. Where Slack redraws as one types, Teams asks in two steps: first the fields that a preview
 * depends on, then, by Continue, the whole form with the preview in it. A form opened with those fields filled in
 * begins with the second step.
 */
export function renderForm(view: FormView, drawing: FormDrawing): Dialog {
  const { words, errors = {} } = drawing
  const drawer = new Drawer({ kind: 'dialog', commits: drawing.commits })
  const live = view.items.some((item) => item.kind === 'field' && item.field.live)
  const first = live && view.items.some((item) => item.kind === 'field' && item.field.live && isEmpty(item))
  const shown = first ? firstStep(view.items) : view.items
  const names = new Set(shown.flatMap((item) => (item.kind === 'field' ? [item.name] : [])))
  const many = shown.flatMap((item) =>
    item.kind === 'field' && item.field.kind === 'choices' ? [item.name] : [],
  )
  const above = Object.entries(errors).filter(([name]) => !names.has(name))
  const body = [
    ...above.flatMap(([, sentence]) => paragraphs([{ user: sentence }], { color: 'Attention' })),
    ...shown.flatMap((item) =>
      item.kind === 'field'
        ? renderField(item.name, item.field, item.value, {
            form: view.form,
            drawing: view.drawing,
            required: words.required,
            // “Calculate again” must work with the reasons still unwritten, so only the preview’s own fields are held.
            hold: live ? (item.field.live ?? false) : true,
            ...(Object.hasOwn(errors, item.name) ? { error: errors[item.name] } : {}),
          })
        : drawer.block(item),
    ),
  ]
  const data = (step?: 'continue') => ({
    form: view.form,
    drawing: view.drawing,
    ...(step ? { step } : {}),
    ...(many.length > 0 ? { many } : {}),
  })
  const submit: Element = {
    type: 'Action.Submit',
    title: short(view.submit ?? words.submit, limits.button),
    style: 'positive',
    data: data(),
  }
  const next: Element = {
    type: 'Action.Submit',
    title: short(first ? words.next : words.recalculate, limits.button),
    ...(first ? { style: 'positive' } : {}),
    data: data('continue'),
  }
  const actions = first ? [next] : live ? [submit, next] : names.size > 0 || view.submit ? [submit] : []
  return {
    title: short(view.title, limits.dialog.title) || '—',
    width: 'medium',
    height: body.length > 6 ? 'large' : 'medium',
    card: { contentType, content: cardOf(body, actions.length > 0 ? { actions } : {}) },
  }
}

type Item = FormView['items'][number]

const isEmpty = (item: Extract<Item, { kind: 'field' }>): boolean =>
  !item.field.optional &&
  (item.field.kind === 'search'
    ? item.field.chosen === undefined
    : item.value === undefined || item.value === '')

/** What the preview depends on, with what stands among and right behind those fields: the hint or what is in the way. */
function firstStep(items: readonly Item[]): readonly Item[] {
  const last = items.findLastIndex((item) => item.kind === 'field' && item.field.live)
  const after = items.findIndex((item, at) => at > last && item.kind === 'field')
  return items
    .slice(0, after < 0 ? items.length : after)
    .filter((item) => item.kind !== 'field' || item.field.live)
}

/** The same form with what was typed in its fields; a chosen option keeps its name where it is known. */
export function withAnswers(
  view: FormView,
  answers: Answers,
  labelOf: (field: string, value: string) => string | undefined,
): FormView {
  return {
    ...view,
    items: view.items.map((item) => {
      if (item.kind !== 'field') return item
      const { value: _, ...bare } = item
      const value = Object.hasOwn(answers, item.name) ? answers[item.name] : undefined
      if (item.field.kind !== 'search') return value === undefined ? bare : { ...bare, value }
      const { chosen, ...field } = item.field
      if (typeof value !== 'string') return { ...bare, field }
      const option = chosen?.value === value ? chosen : { value, label: labelOf(item.name, value) ?? value }
      return { ...bare, field: { ...field, chosen: option } }
    }),
  }
}
