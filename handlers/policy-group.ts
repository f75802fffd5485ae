import type { Form, FormView } from '../blocks/form.ts'
import {
  type AgreementAnswers,
  type Ahead,
  agreementAnswers,
  agreementForm,
  type CopyAnswers,
  copyAnswers,
  copyForm,
  type GroupState,
  noRole,
  personFields,
  policyAgreement,
  policyCopy,
} from '../blocks/policy-form.ts'
import { membersOf } from '../src/canon/discount-route.ts'
import { roles } from '../src/canon/people.ts'
import { type DiscountPolicy, type Group, parsePolicy } from '../src/canon/policy.ts'
import type { Drawing } from '../src/ports.ts'
import { pickAnswers, readAnswers } from './answers.ts'
import { refused } from './company.ts'
import type { Desk, FormEntry, Handler } from './desk.ts'
import { sentenceOf } from './discount-request.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { searchAnybody } from './person.ts'
import { namesIn, policyDesk, policyMoved, readNumber, readShare, ruleGone, savedPolicy } from './policy.ts'

/*
 * The lists of the discount policy: agreements (합의) and copies (참조). Each item has a form of its own; which one a
 * form or button is about stands in its drawing, and holds only for the policy's version it was drawn from.
 */

type Agreement = DiscountPolicy['agreements'][number]
type Copy = DiscountPolicy['copies'][number]
type Read<T> = { readonly draft: T } | { readonly errors: Readonly<Record<string, string>> }

/** What one list of the policy is made of. */
interface List<T extends { readonly group: Group }, A> {
  readonly part: 'agreements' | 'copies'
  readonly form: Form
  /** What a new one begins with. */
  readonly blank: Partial<A>
  readonly answers: (item: T) => A
  readonly read: (values: A, desk: Desk) => Read<T>
  readonly view: (state: GroupState<T, A>, desk: Desk) => FormView
}

/** Most items of one list that are set in chat: their rows and buttons fit on one card on every platform. */
const most = 10

/** The items of a list; a form and its list are of one kind. */
const itemsOf = <T extends { readonly group: Group }, A>({ part }: List<T, A>, desk: Desk): readonly T[] =>
  desk.policy.discount[part] as readonly unknown[] as readonly T[]

/** Which item a drawing is about; `undefined`: a new one. */
const placeOf = (drawing: Drawing): number | undefined =>
  typeof drawing.shown.at === 'number' ? drawing.shown.at : undefined

function viewOf<T extends { readonly group: Group }, A extends CopyAnswers>(
  list: List<T, A>,
  desk: Desk,
  drawing: string,
  typed: Partial<A>,
  before: T | undefined,
): FormView {
  const answers = readAnswers(list.form, typed as Record<string, string>, desk.words)
  const read = answers.ok ? list.read(answers.values as unknown as A, desk) : undefined
  const ahead: Ahead<T> =
    read && ('draft' in read ? read : { obstacles: [...new Set(Object.values(read.errors))] })
  const people = [...new Set([...(before?.group.people ?? []), ...listed(typed.people)])]
  const today = ahead && 'draft' in ahead ? membersOf(ahead.draft.group, desk.org, new Set()) : undefined
  const named = [...people, ...personFields.flatMap((field) => typed[field] ?? []), ...(today ?? [])]
  return list.view(
    {
      drawing,
      version: desk.policy.version,
      typed,
      names: namesIn(desk, named),
      people,
      ahead,
      ...(today ? { today } : {}),
    },
    desk,
  )
}

const listed = (answer: string | readonly string[] | undefined): readonly string[] =>
  answer === undefined ? [] : typeof answer === 'string' ? [answer] : answer

/** Who was chosen: roles, the people who stay, and those who join. */
function readGroup(values: CopyAnswers, desk: Desk): Read<Group> {
  const w = desk.words
  const errors: Record<string, string> = {}
  const chosen = listed(values.roles).map((text) => roles.find((role) => role === text))
  if (chosen.includes(undefined)) errors.roles = w.t('policy.error.option')
  const stay = listed(values.people)
  if (stay.some((id) => !desk.org.people.has(id))) errors.people = w.t('policy.error.person')
  const join = personFields.flatMap((field) => {
    const id = values[field]
    if (!id) return []
    if (!desk.org.people.get(id)?.active) errors[field] = w.t('policy.error.person')
    return [id]
  })
  const people = [...new Set([...stay, ...join])]
  const asked = [...new Set(chosen.filter((role) => role !== undefined))]
  if (asked.length + people.length === 0) errors.roles ??= w.t('policy.error.group')
  if (Object.keys(errors).length > 0) return { errors }
  return {
    draft: { ...(asked.length > 0 ? { roles: asked } : {}), ...(people.length > 0 ? { people } : {}) },
  }
}

function readCopy(values: CopyAnswers, desk: Desk): Read<Copy> {
  const over = readShare(values.over)
  const group = readGroup(values, desk)
  const errors = {
    ...(over === undefined ? { over: desk.words.t('policy.error.share') } : {}),
    ...('errors' in group ? group.errors : {}),
  }
  return over === undefined || 'errors' in group ? { errors } : { draft: { over, group: group.draft } }
}

function readAgreement(values: AgreementAnswers, desk: Desk): Read<Agreement> {
  const w = desk.words
  const { rungs } = desk.policy.discount
  const copy = readCopy(values, desk)
  const errors: Record<string, string> = { ...('errors' in copy ? copy.errors : {}) }
  const chosen = rungs.find((rung) => rung.role === values.beside)
  if (values.beside && values.beside !== noRole && !chosen) errors.beside = w.t('policy.error.option')
  const need = needOf(values)
  if (need === undefined)
    errors[values.need === 'at_least' ? 'at_least' : 'need'] =
      values.need === 'at_least' ? w.t('policy.error.at-least') : w.t('policy.error.option')
  if ('errors' in copy || need === undefined || Object.keys(errors).length > 0) return { errors }
  const { over, group } = copy.draft
  // An agreement that nobody can give would stop every request of that size, and nobody would see why.
  const today = membersOf(group, desk.org, new Set()).length
  if (today === 0) return { errors: { roles: w.t('policy.error.nobody', { over: w.percent(over) }) } }
  if (typeof need === 'object' && need.atLeast > today)
    return { errors: { at_least: w.t('policy.error.too-few', { count: today, over: w.percent(over) }) } }
  // Where nobody says: the first level that decides discounts of that size, so that both look at the same moment (합의).
  const beside = chosen ?? rungs.find((rung) => rung.upTo === null || rung.upTo > over) ?? rungs.at(-1)!
  return { draft: { over, beside: beside.role, group, need } }
}

function needOf({ need, at_least }: AgreementAnswers): Agreement['need'] | undefined {
  if (need === 'any' || need === 'all') return need
  const atLeast = need === 'at_least' ? readNumber(at_least ?? '', /^\d{1,3}$/) : undefined
  return atLeast ? { atLeast } : undefined
}

// ── opening, sending, removing ───────────────────────────────────────────────

function opening<T extends { readonly group: Group }, A extends CopyAnswers>(
  list: List<T, A>,
): Handler<'button'> {
  return async (gesture, desk) => {
    const no = refused(desk, 'policy.change', 'policy', gesture.platform)
    if (no) return no
    const pressed = await desk.store.drawing(desk.company, gesture.drawing)
    if (!pressed) return ruleGone(desk)
    const at = placeOf(pressed)
    const before = at === undefined ? undefined : itemsOf(list, desk)[at]
    if (at !== undefined && (pressed.version !== desk.policy.version || !before)) return policyMoved(desk)
    const shown = at === undefined ? {} : { at }
    const drawing = drawingFor(desk, companySubject(desk.company), desk.policy.version, shown)
    const typed = before ? list.answers(before) : list.blank
    return {
      reply: { kind: 'open', view: viewOf(list, desk, drawing.id, typed, before) },
      drawings: [drawing],
    }
  }
}

function entryOf<T extends { readonly group: Group }, A extends CopyAnswers>(list: List<T, A>): FormEntry {
  return {
    form: list.form,
    search: Object.fromEntries(personFields.map((field) => [field, searchAnybody])),
    change: async (gesture, desk) => {
      const drawing = await desk.store.drawing(desk.company, gesture.drawing)
      const at = drawing && placeOf(drawing)
      const before = at === undefined ? undefined : itemsOf(list, desk)[at]
      const typed = pickAnswers(list.form, gesture.answers) as Partial<A>
      return { reply: { kind: 'redraw', view: viewOf(list, desk, gesture.drawing, typed, before) } }
    },
    submit: async (gesture, desk) => {
      const answers = readAnswers(list.form, gesture.answers, desk.words)
      if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
      const stands = await policyDesk(desk, gesture, 'over')
      if ('outcome' in stands) return stands.outcome
      const items = itemsOf(list, desk)
      const at = placeOf(stands.drawing)
      const fail = (errors: Readonly<Record<string, string>>) =>
        ({ reply: { kind: 'field-errors', errors } }) as const
      if (at === undefined && items.length >= most)
        return fail({ over: desk.words.t('policy.error.too-many', { most }) })
      const read = list.read(answers.values as unknown as A, desk)
      if ('errors' in read) return fail(read.errors)
      const next = at === undefined ? [...items, read.draft] : items.with(at, read.draft)
      const parsed = parsePolicy({ discount: { [list.part]: next } }, desk.policy)
      if (!parsed.ok) return fail({ over: sentenceOf(desk, parsed.refusal) })
      const { card, change, drawings } = savedPolicy(desk, parsed.next, gesture.platform)
      return { reply: { kind: 'close', say: card }, change, drawings }
    },
  }
}

function removing<T extends { readonly group: Group }, A>(list: List<T, A>): Handler<'button'> {
  return async (gesture, desk) => {
    const no = refused(desk, 'policy.change', 'policy', gesture.platform)
    if (no) return no
    const pressed = await desk.store.drawing(desk.company, gesture.drawing)
    const at = pressed && placeOf(pressed)
    if (at === undefined) return ruleGone(desk)
    const items = itemsOf(list, desk)
    if (pressed?.version !== desk.policy.version || !items[at]) return policyMoved(desk)
    const parsed = parsePolicy({ discount: { [list.part]: items.toSpliced(at, 1) } }, desk.policy)
    if (!parsed.ok) return policyMoved(desk)
    const { card, change, drawings } = savedPolicy(desk, parsed.next, gesture.platform)
    return { reply: { kind: 'say', card }, change, drawings }
  }
}

const agreements: List<Agreement, AgreementAnswers> = {
  part: 'agreements',
  form: policyAgreement,
  blank: { need: 'any' },
  answers: agreementAnswers,
  read: readAgreement,
  view: (state, desk) => agreementForm({ ...state, rungs: desk.policy.discount.rungs }, desk.words),
}

const copies: List<Copy, CopyAnswers> = {
  part: 'copies',
  form: policyCopy,
  blank: {},
  answers: copyAnswers,
  read: readCopy,
  view: (state, desk) => copyForm(state, desk.words),
}

export const openAgreement = opening(agreements)
export const agreementEntry = entryOf(agreements)
export const removeAgreement = removing(agreements)
export const openCopy = opening(copies)
export const copyEntry = entryOf(copies)
export const removeCopy = removing(copies)
