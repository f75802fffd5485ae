import { z } from 'zod'
import type { Account } from '../src/canon/account.ts'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import { type Money, minorDigits } from '../src/canon/money.ts'
import { type OutcomeKind, renewalOutcomes } from '../src/canon/renewal.ts'
import type { Text } from './card.ts'
import { question } from './discount-form.ts'
import { defineForm, type FormView } from './form.ts'
import { taskOf } from './renewal.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

const most = 2_000
const said = z.string().trim().max(most).optional()
const typed = z.string().trim().max(60).optional()

/** What of it is asked depends on the outcome; what is required is judged by the rules, at its field. */
export const renewalOutcome = defineForm({
  id: 'renewal.outcome',
  schema: z.object({ outcome: z.enum(renewalOutcomes), renewal_on: typed, arr: typed, reason: said }),
})
export const renewalMilestone = defineForm({
  id: 'renewal.milestone',
  schema: z.object({ milestone: z.string().trim().min(1).max(3), note: said }),
})
export const qbrRecord = defineForm({
  id: 'qbr.record',
  schema: z.object({ held_on: z.string().trim().min(1).max(10), notes: said }),
})

type Item = FormView['items'][number]
type Looks = { readonly title: string; readonly submit?: string }

const view = (id: string, drawing: string, looks: Looks, items: readonly Item[], w: Words): FormView => ({
  form: id,
  close: w.t('form.close'),
  drawing,
  items,
  ...looks,
})

const about = ({ name }: Pick<Account, 'name'>): Text => [theirs(name)]

/** An amount as one types it: major units without separators. */
export const typedAmount = ({ amount, currency }: Money): string => {
  const digits = minorDigits(currency)
  const text = (amount / 10 ** digits).toFixed(digits)
  return text.replace(/\.0+$/, '')
}

export interface OutcomeFormState {
  readonly drawing: string
  readonly account: Pick<Account, 'name' | 'arr'>
  readonly renewalOn: PlainDate
  readonly outcome: OutcomeKind
  readonly currency: string
  readonly now: Instant
  readonly values: { readonly renewal_on?: string; readonly arr?: string; readonly reason?: string }
}

/** How a renewal ended. What the record knows is filled in: a year more at what they pay now. */
export function outcomeForm(state: OutcomeFormState, w: Words): FormView {
  const { account, outcome, currency, values } = state
  const day = w.day(state.renewalOn, state.now)
  const now: Text = account.arr
    ? w.say('form.renewal.now', { day, arr: w.money(account.arr) })
    : w.say('form.renewal.now.no-arr', { day })
  const reason = outcome === 'churn' ? '' : outcome === 'contraction' ? '.contraction' : undefined
  const items: Item[] = [
    { kind: 'heading', text: about(account) },
    { kind: 'note', text: now },
    question(
      'outcome',
      {
        kind: 'choice',
        label: w.t('field.renewal-outcome'),
        options: renewalOutcomes.map((each) => ({ value: each, label: w.t(`renewal.outcome.${each}`) })),
        live: true,
      },
      outcome,
    ),
  ]
  if (outcome === 'churn') items.push({ kind: 'note', text: w.say('form.renewal.churn') })
  else
    items.push(
      question('renewal_on', { kind: 'date', label: w.t('field.renewal-on') }, values.renewal_on),
      question(
        'arr',
        {
          kind: 'money',
          currency,
          label: w.t('field.renewal-arr', { currency }),
          hint: w.t('field.renewal-arr.hint'),
        },
        values.arr,
      ),
    )
  items.push(
    question(
      'reason',
      {
        kind: 'long-text',
        label: reason === undefined ? w.t('field.renewal-note') : w.t(`field.renewal-reason${reason}`),
        maxLength: most,
        optional: reason === undefined,
      },
      values.reason,
    ),
  )
  return view(
    renewalOutcome.id,
    state.drawing,
    { title: w.t('form.renewal.title'), submit: w.t('form.renewal.submit') },
    items,
    w,
  )
}

/** Something due before the renewal was done, with what came of it. */
export function milestoneDoneForm(
  state: {
    readonly drawing: string
    readonly account: Pick<Account, 'name'>
    /** Those that are not done yet, as days before the renewal. */
    readonly open: readonly number[]
    readonly milestone?: number
    /** All of the company's, to tell what each is for. */
    readonly days: readonly number[]
  },
  w: Words,
): FormView {
  const { open, milestone, days } = state
  const items: Item[] = [{ kind: 'heading', text: about(state.account) }]
  if (open.length === 0) items.push({ kind: 'text', text: w.say('form.milestone-done.none') })
  else
    items.push(
      question(
        'milestone',
        {
          kind: 'choice',
          label: w.t('field.milestone'),
          options: open.map((day) => ({
            value: String(day),
            label: `D-${day}`,
            description: taskOf(day, days, w),
          })),
        },
        milestone === undefined ? undefined : String(milestone),
      ),
      question('note', {
        kind: 'long-text',
        label: w.t('field.milestone-note'),
        maxLength: most,
        optional: true,
      }),
    )
  return view(
    renewalMilestone.id,
    state.drawing,
    {
      title: w.t('form.milestone-done.title'),
      ...(open.length === 0 ? {} : { submit: w.t('form.save') }),
    },
    items,
    w,
  )
}

/** A QBR that was held. */
export function qbrForm(
  state: {
    readonly drawing: string
    readonly account: Pick<Account, 'name'>
    readonly heldOn: PlainDate
    readonly notes?: string
  },
  w: Words,
): FormView {
  return view(
    qbrRecord.id,
    state.drawing,
    { title: w.t('form.qbr.title'), submit: w.t('form.save') },
    [
      { kind: 'heading', text: about(state.account) },
      { kind: 'note', text: w.say('form.qbr.what') },
      question('held_on', { kind: 'date', label: w.t('field.qbr-on') }, state.heldOn),
      question(
        'notes',
        {
          kind: 'long-text',
          label: w.t('field.qbr-notes'),
          hint: w.t('field.qbr-notes.hint'),
          maxLength: most,
          optional: true,
        },
        state.notes,
      ),
    ],
    w,
  )
}
