import { z } from 'zod'
import type { Remark } from '../src/canon/discount.ts'
import type { Block, Text } from './card.ts'
import type { DiscountBrief, DiscountFormState } from './discount.ts'
import { dealLine } from './discount-sections.ts'
import { openQuestion } from './discount-status.ts'
import { defineForm, type Field, type FormView, type Option } from './form.ts'
import { nameOf } from './names.ts'
import { routeAhead } from './route.ts'
import { theirWords } from './text.ts'
import type { Words } from './words/index.ts'

/** Characters of what one may write; together they stay under what one Slack message holds (B5.56). */
const limits = { reason: 1000, justification: 2000, note: 600, remark: 2000, line: 100 } as const

const text = (most: number) => z.string().trim().min(1).max(most)
const optionalText = (most: number) => z.string().trim().max(most).optional()

export const discountRequest = defineForm({
  id: 'discount.request',
  schema: z.object({
    deal: text(200),
    /** As typed; read by the one parser of percents in the canon. */
    discount: text(20),
    list_amount: optionalText(40),
    reason: text(limits.reason),
    justification: optionalText(limits.justification),
    competitor: optionalText(limits.line),
    needed_by: optionalText(10),
  }),
})
export const rejectDiscount = defineForm({
  id: 'discount.reject',
  schema: z.object({ reason: text(limits.reason) }),
})
export const counterDiscount = defineForm({
  id: 'discount.counter',
  schema: z.object({ discount: text(20), note: optionalText(limits.note) }),
})
export const askQuestion = defineForm({
  id: 'discount.ask',
  schema: z.object({ question: text(limits.remark) }),
})
export const answerQuestion = defineForm({
  id: 'discount.answer',
  schema: z.object({ answer: text(limits.remark) }),
})
export const withdrawDiscount = defineForm({
  id: 'discount.withdraw',
  schema: z.object({ reason: optionalText(limits.reason) }),
})
export const reassignStep = defineForm({
  id: 'discount.reassign',
  schema: z.object({ to: text(200) }),
})

type Item = FormView['items'][number]

/** One question of a form; a value only where there is one. */
export const question = (name: string, field: Field, value?: string | readonly string[]): Item =>
  value === undefined || value === '' ? { kind: 'field', name, field } : { kind: 'field', name, field, value }

/** The form of `/approve-discount`: what the record knows is filled in, and who will have to approve is shown as one types. */
export function requestForm(state: DiscountFormState, w: Words): FormView {
  const own = state.preview?.ownAuthority === true
  const items: Item[] = [
    question('deal', {
      kind: 'search',
      label: w.t('field.deal'),
      placeholder: w.t('field.deal.placeholder'),
      chosen: state.dealOption,
      minLength: 0,
      live: true,
    }),
    question(
      'discount',
      { kind: 'percent', label: w.t('field.discount'), hint: w.t('field.discount.hint'), live: true },
      state.discountText,
    ),
  ]
  if (state.listAmountNeeded)
    items.push(
      question(
        'list_amount',
        {
          kind: 'money',
          currency: state.currency,
          label: w.t('field.list-amount', { currency: state.currency }),
          hint: w.t('field.list-amount.hint'),
          live: true,
        },
        state.listAmountText,
      ),
    )
  items.push(...previewOf(state, w))
  items.push(
    question(
      'reason',
      {
        kind: 'long-text',
        label: w.t('field.reason'),
        placeholder: w.t('field.reason.placeholder'),
        maxLength: limits.reason,
      },
      state.reason,
    ),
  )
  if (state.justificationNeeded)
    items.push(
      question(
        'justification',
        {
          kind: 'long-text',
          label: w.t('field.justification'),
          hint: w.t('field.justification.hint'),
          maxLength: limits.justification,
        },
        state.justification,
      ),
    )
  items.push(
    question(
      'competitor',
      {
        kind: 'text',
        label: w.t('field.competitor'),
        optional: true,
        maxLength: limits.line,
      },
      state.competitor,
    ),
    question('needed_by', { kind: 'date', label: w.t('field.needed-by'), optional: true }, state.neededBy),
  )
  return {
    form: discountRequest.id,
    title: w.t('form.request.title'),
    submit: w.t(own ? 'form.request.apply' : 'form.request.submit'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items,
  }
}

/** What stands in the way, or else who will decide and what it does to the price. */
function previewOf(state: DiscountFormState, w: Words): readonly Block[] {
  if (state.obstacle)
    // The sentence may name what somebody typed, so it is shown literally.
    return [{ kind: 'text', text: [{ bold: w.t('form.obstacle') }, ' ', { user: state.obstacle }] }]
  const { preview } = state
  if (!preview) return [{ kind: 'note', text: w.say('form.preview.empty') }]
  const blocks: Block[] = []
  if (preview.list && preview.price)
    blocks.push({
      kind: 'text',
      text: w.say('preview.price', {
        list: w.money(preview.list),
        price: { bold: w.money(preview.price) },
        saved: w.money({
          amount: preview.price.amount - preview.list.amount,
          currency: preview.list.currency,
        }),
      }),
    })
  blocks.push(
    preview.ownAuthority
      ? { kind: 'text', text: [{ bold: w.t('preview.own') }, ' ', w.t('preview.own.then')] }
      : { kind: 'text', text: [{ bold: w.t('preview.route') }] },
  )
  if (preview.steps.length > 0) blocks.push(routeAhead(preview.steps, preview.names, w))
  blocks.push({ kind: 'note', text: averageLine(preview, w) })
  if (preview.supersedes)
    blocks.push({
      kind: 'note',
      text: w.say('preview.supersedes', {
        discount: w.percent(preview.supersedes.discount),
        at: w.moment(preview.supersedes.openedAt, state.timeZone),
      }),
    })
  return blocks
}

function averageLine(preview: NonNullable<DiscountFormState['preview']>, w: Words): Text {
  const target = w.percent(preview.averageTarget)
  const before = preview.requesterAverage.average
  const after = preview.averageAfter
  if (after === undefined)
    return before === undefined
      ? w.say('preview.average.none', { target })
      : w.say('preview.average.now', { before: w.percent(before), target })
  const over = after > preview.averageTarget
  return before === undefined
    ? w.say(over ? 'preview.average.first.over' : 'preview.average.first', {
        after: w.percent(after),
        target,
      })
    : w.say(over ? 'preview.average.over' : 'preview.average', {
        before: w.percent(before),
        after: w.percent(after),
        target,
      })
}

/** The heads of the small forms: which deal, which numbers. */
function headOf(brief: DiscountBrief, w: Words): readonly Block[] {
  const { request } = brief
  return [
    { kind: 'heading', text: dealLine(brief.deal) },
    {
      kind: 'text',
      text: w.say('form.numbers', {
        name: nameOf(request.requester, brief.names, w),
        discount: { bold: w.percent(request.discount) },
        list: w.money(request.list),
        price: w.money(request.price),
      }),
    },
  ]
}

const small = (
  form: { readonly id: string },
  name: 'reject' | 'counter' | 'ask' | 'answer' | 'withdraw' | 'reassign',
  drawing: string,
  items: readonly Item[],
  w: Words,
): FormView => ({
  form: form.id,
  title: w.t(`form.${name}.title`),
  submit: w.t(`form.${name}.submit`),
  close: w.t('form.close'),
  drawing,
  items,
})

/** Why not: the requester reads it. */
export const rejectForm = (brief: DiscountBrief, w: Words): FormView =>
  small(
    rejectDiscount,
    'reject',
    brief.drawing,
    [
      ...headOf(brief, w),
      question('reason', {
        kind: 'long-text',
        label: w.t('field.rejection'),
        hint: w.t('field.rejection.hint'),
        maxLength: limits.reason,
      }),
    ],
    w,
  )

/** A lower discount, offered to the requester. */
export const counterForm = (brief: DiscountBrief, w: Words): FormView =>
  small(
    counterDiscount,
    'counter',
    brief.drawing,
    [
      ...headOf(brief, w),
      question('discount', {
        kind: 'percent',
        label: w.t('field.counter'),
        hint: w.t('field.counter.hint', { discount: w.percent(brief.request.discount) }),
      }),
      question('note', {
        kind: 'long-text',
        label: w.t('field.counter-note'),
        optional: true,
        maxLength: limits.note,
      }),
    ],
    w,
  )

/** A question to the requester; everybody on the route sees it and the answer. */
export const askForm = (brief: DiscountBrief, w: Words): FormView =>
  small(
    askQuestion,
    'ask',
    brief.drawing,
    [
      ...headOf(brief, w),
      question('question', {
        kind: 'long-text',
        label: w.t('field.question'),
        hint: w.t('field.question.hint'),
        maxLength: limits.remark,
      }),
    ],
    w,
  )

/** The answer, with the question above it. */
export function answerForm(brief: DiscountBrief & { readonly question?: Remark }, w: Words): FormView {
  const asked = brief.question ?? openQuestion(brief.request)
  const quoted: Block[] = asked
    ? [
        {
          kind: 'note',
          text: w.say('remark.question', {
            name: nameOf(asked.by, brief.names, w),
            at: w.moment(asked.at, brief.timeZone, brief.now),
          }),
        },
        { kind: 'quote', label: w.t('label.question'), text: theirWords(asked.text, limits.remark) },
      ]
    : []
  return small(
    answerQuestion,
    'answer',
    brief.drawing,
    [
      { kind: 'heading', text: dealLine(brief.deal) },
      ...quoted,
      question('answer', {
        kind: 'long-text',
        label: w.t('field.answer'),
        hint: w.t('field.answer.hint'),
        maxLength: limits.remark,
      }),
    ],
    w,
  )
}

/** Takes the request back; why is a courtesy, not a duty. */
export const withdrawForm = (brief: DiscountBrief, w: Words): FormView =>
  small(
    withdrawDiscount,
    'withdraw',
    brief.drawing,
    [
      ...headOf(brief, w),
      { kind: 'note', text: w.say('form.withdraw.what') },
      question('reason', {
        kind: 'long-text',
        label: w.t('field.withdrawal'),
        optional: true,
        maxLength: limits.reason,
      }),
    ],
    w,
  )

/** Hands the open step to somebody else who has the authority for it. */
export const reassignForm = (
  brief: DiscountBrief & { readonly options: readonly Option[] },
  w: Words,
): FormView =>
  small(
    reassignStep,
    'reassign',
    brief.drawing,
    [
      ...headOf(brief, w),
      question('to', {
        kind: 'choice',
        label: w.t('field.reassign'),
        hint: w.t('field.reassign.hint'),
        options: brief.options,
      }),
    ],
    w,
  )
