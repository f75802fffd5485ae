import { z } from 'zod'
import {
  type HandoffItem,
  type HandoffItems,
  type HandoffKind,
  handoffItems,
  handoffKinds,
  type Milestone,
} from '../src/canon/handoff.ts'
import type { Block, Text } from './card.ts'
import { question } from './discount-form.ts'
import { defineForm, type Field, type FormView, type Option } from './form.ts'
import { mostOfItem } from './handoff-draft.ts'
import { itemWord } from './refusal-deal.ts'
import { theirWords } from './text.ts'
import type { Words } from './words/index.ts'

const said = z.string().trim().max(mostOfItem).optional()
const line = z.string().trim().max(200).optional()

const itemsOf = <K extends HandoffKind>(kind: K) =>
  Object.fromEntries(handoffItems[kind].map((item) => [item, said])) as Record<
    (typeof handoffItems)[K][number],
    typeof said
  >

export const handoffStart = defineForm({
  id: 'handoff.start',
  schema: z.object({ kind: z.enum(handoffKinds), subject: z.string().trim().min(1).max(220) }),
})
/** The three handoffs; what of them is required is policy and is judged by the rules, at its field. */
export const handoffForms = {
  'sdr-to-ae': defineForm({
    id: 'handoff.sdr-to-ae',
    schema: z.object({ ...itemsOf('sdr-to-ae'), receiver: line }),
  }),
  'ae-to-cs': defineForm({
    id: 'handoff.ae-to-cs',
    schema: z.object({ ...itemsOf('ae-to-cs'), receiver: line }),
  }),
  'cs-to-ae': defineForm({
    id: 'handoff.cs-to-ae',
    schema: z.object({ ...itemsOf('cs-to-ae'), receiver: line }),
  }),
} as const
export const handoffReturn = defineForm({
  id: 'handoff.return',
  schema: z.object({ missing: z.array(z.string()).optional(), note: z.string().trim().max(1000).optional() }),
})
export const handoffReassign = defineForm({
  id: 'handoff.reassign',
  schema: z.object({ to: z.string().trim().min(1).max(200) }),
})
export const handoffWithdraw = defineForm({
  id: 'handoff.withdraw',
  schema: z.object({ reason: z.string().trim().max(1000).optional() }),
})
export const handoffKickoff = defineForm({
  id: 'handoff.kickoff',
  schema: z.object({ kickoff_on: z.string().trim().min(1).max(10) }),
})
export const handoffRate = defineForm({
  id: 'handoff.rate',
  schema: z.object({
    score: z.string().trim().min(1).max(2),
    note: z.string().trim().max(1000).optional(),
  }),
})
export const handoffMilestone = defineForm({
  id: 'handoff.milestone',
  schema: z.object({
    text: z.string().trim().min(1).max(mostOfItem),
    owner: z.string().trim().min(1).max(200),
    due_on: z.string().trim().min(1).max(10),
  }),
})
export const handoffFirstValue = defineForm({
  id: 'handoff.first-value',
  schema: z.object({ on: z.string().trim().min(1).max(10) }),
})

const dates: ReadonlySet<HandoffItem> = new Set(['first_meeting_on', 'kickoff_on'])
const lines: ReadonlySet<HandoffItem> = new Set(['health_score', 'product'])

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

type Item = FormView['items'][number]
type Looks = { readonly title: string; readonly submit: string }

const view = (id: string, drawing: string, looks: Looks, items: readonly Item[], w: Words): FormView => ({
  form: id,
  title: looks.title,
  submit: looks.submit,
  close: w.t('form.close'),
  drawing,
  items,
})

/** Which handoff, and of what: asked where the command did not say. */
export function startForm(
  state: {
    readonly drawing: string
    readonly kinds: readonly HandoffKind[]
    readonly kind?: HandoffKind
    readonly subject?: Option
    /** What was typed and not found. */
    readonly unknown?: string
  },
  w: Words,
): FormView {
  const { kind } = state
  const unknown: Item[] = state.unknown
    ? [
        {
          kind: 'text',
          text: [{ user: w.t('refusal.not-found', { what: { user: theirWords(state.unknown, 60) } }) }],
        },
      ]
    : []
  return view(
    handoffStart.id,
    state.drawing,
    { title: w.t('form.handoff.title'), submit: w.t('form.next') },
    [
      ...unknown,
      question(
        'kind',
        {
          kind: 'choice',
          label: w.t('field.handoff-kind'),
          options: state.kinds.map((each) => ({
            value: each,
            label: w.t(`handoff.${each}`),
            description: w.t(`handoff.${each}.what`),
          })),
          live: true,
        },
        kind,
      ),
      ...(kind
        ? [
            question('subject', {
              kind: 'search',
              label: w.t(`field.handoff-subject.${kind}`),
              placeholder: w.t('field.handoff-subject.placeholder'),
              chosen: state.subject,
              minLength: 0,
            }),
          ]
        : []),
    ],
    w,
  )
}

export interface HandoffFormState {
  readonly drawing: string
  readonly kind: HandoffKind
  /** What is handed over, as a line. */
  readonly about: Text
  readonly values: HandoffItems
  readonly required: readonly HandoffItem[]
  readonly receiver?: Option
  readonly currency: string
  /** The last return, told above the form. */
  readonly returned?: {
    readonly by: string
    readonly missing: readonly HandoffItem[]
    readonly note?: string
  }
  /** What somebody else did meanwhile, in one sentence. */
  readonly meanwhile?: string
}

/** One handoff's form, filled from the record; what the policy requires is required here. */
export function handoffForm(state: HandoffFormState, w: Words): FormView {
  const { kind, values, required } = state
  const items: Item[] = [{ kind: 'heading', text: state.about }, ...returnedOf(state, w)]
  if (state.meanwhile) items.push({ kind: 'text', text: [{ user: state.meanwhile }] })
  items.push({ kind: 'note', text: w.say('form.handoff.prefilled') })
  for (const item of handoffItems[kind])
    items.push(
      question(item, { ...looksOf(item, state, w), optional: !required.includes(item) }, values[item]),
    )
  items.push(
    question('receiver', {
      kind: 'search',
      label: w.t('field.handoff-receiver'),
      hint: w.t(`field.handoff-receiver.${kind}`),
      chosen: state.receiver,
      minLength: 0,
    }),
  )
  return view(
    handoffForms[kind].id,
    state.drawing,
    { title: w.t(`handoff.${kind}`), submit: w.t('form.handoff.submit') },
    items,
    w,
  )
}

function looksOf(item: HandoffItem, { currency }: HandoffFormState, w: Words): Field {
  const label = capital(itemWord(item, w))
  if (dates.has(item)) return { kind: 'date', label }
  if (item === 'amount') return { kind: 'money', currency, label: `${label} (${currency})` }
  if (lines.has(item)) return { kind: 'text', label, maxLength: 200 }
  return { kind: 'long-text', label, maxLength: mostOfItem }
}

function returnedOf({ returned }: HandoffFormState, w: Words): Block[] {
  if (!returned) return []
  const name = { user: returned.by }
  const missing = returned.missing.map((item) => itemWord(item, w)).join(', ')
  return [
    {
      kind: 'text',
      text: missing
        ? w.say('handoff.returned.missing', { name, items: missing })
        : w.say('handoff.returned', { name }),
    },
    ...(returned.note
      ? [{ kind: 'quote' as const, label: w.t('label.return-note'), text: theirWords(returned.note, 1000) }]
      : []),
  ]
}

interface Small {
  readonly drawing: string
  readonly about: Text
}

/** Back to the sender, with what is missing. */
export function returnForm(state: Small & { readonly kind: HandoffKind }, w: Words): FormView {
  return view(
    handoffReturn.id,
    state.drawing,
    { title: w.t('form.return.title'), submit: w.t('form.return.submit') },
    [
      { kind: 'heading', text: state.about },
      question('missing', {
        kind: 'choices',
        label: w.t('field.return-missing'),
        options: handoffItems[state.kind].map((item) => ({ value: item, label: capital(itemWord(item, w)) })),
        optional: true,
      }),
      question('note', {
        kind: 'long-text',
        label: w.t('field.return-note'),
        hint: w.t('field.return-note.hint'),
        maxLength: 1000,
        optional: true,
      }),
    ],
    w,
  )
}

/** Somebody else receives it. */
export function reassignHandoffForm(
  state: Small & { readonly options: readonly Option[] },
  w: Words,
): FormView {
  return view(
    handoffReassign.id,
    state.drawing,
    { title: w.t('form.handoff-reassign.title'), submit: w.t('form.handoff-reassign.submit') },
    [
      { kind: 'heading', text: state.about },
      question('to', { kind: 'choice', label: w.t('field.handoff-to'), options: state.options }),
    ],
    w,
  )
}

export function withdrawHandoffForm(state: Small, w: Words): FormView {
  return view(
    handoffWithdraw.id,
    state.drawing,
    { title: w.t('form.handoff-withdraw.title'), submit: w.t('form.handoff-withdraw.submit') },
    [
      { kind: 'heading', text: state.about },
      { kind: 'note', text: w.say('form.handoff-withdraw.what') },
      question('reason', {
        kind: 'long-text',
        label: w.t('field.withdrawal'),
        optional: true,
        maxLength: 1000,
      }),
    ],
    w,
  )
}

/** The day of the kickoff. */
export function kickoffForm(state: Small & { readonly on?: string }, w: Words): FormView {
  return view(
    handoffKickoff.id,
    state.drawing,
    { title: w.t('form.kickoff.title'), submit: w.t('form.save') },
    [
      { kind: 'heading', text: state.about },
      { kind: 'note', text: w.say('form.kickoff.what') },
      question('kickoff_on', { kind: 'date', label: w.t('field.kickoff-on') }, state.on),
    ],
    w,
  )
}

/** How good was what came with the handoff, 1 to 5. */
export function rateForm(state: Small, w: Words): FormView {
  const scores = ['5', '4', '3', '2', '1'] as const
  return view(
    handoffRate.id,
    state.drawing,
    { title: w.t('form.rate.title'), submit: w.t('form.rate.submit') },
    [
      { kind: 'heading', text: state.about },
      question('score', {
        kind: 'choice',
        label: w.t('field.score'),
        options: scores.map((score) => ({ value: score, label: w.t(`score.${score}`) })),
      }),
      question('note', {
        kind: 'long-text',
        label: w.t('field.score-note'),
        hint: w.t('field.score-note.hint'),
        optional: true,
        maxLength: 1000,
      }),
    ],
    w,
  )
}

/** One milestone: what, who, by when. */
export function milestoneForm(
  state: Small & { readonly milestone: Milestone; readonly owner: Option },
  w: Words,
): FormView {
  const { milestone, owner } = state
  return view(
    handoffMilestone.id,
    state.drawing,
    { title: w.t('form.milestone.title', { day: milestone.day }), submit: w.t('form.save') },
    [
      { kind: 'heading', text: state.about },
      question(
        'text',
        { kind: 'long-text', label: w.t('field.milestone-text'), maxLength: mostOfItem },
        milestone.text,
      ),
      question('owner', {
        kind: 'search',
        label: w.t('label.owner'),
        chosen: owner,
        minLength: 0,
      }),
      question('due_on', { kind: 'date', label: w.t('field.due-on') }, milestone.dueOn),
    ],
    w,
  )
}

/** The day on which the customer had something of it. */
export function firstValueForm(
  state: Small & { readonly on: string; readonly targetDays: number },
  w: Words,
): FormView {
  return view(
    handoffFirstValue.id,
    state.drawing,
    { title: w.t('form.first-value.title'), submit: w.t('form.save') },
    [
      { kind: 'heading', text: state.about },
      { kind: 'note', text: w.say('form.first-value.what', { count: state.targetDays }) },
      question('on', { kind: 'date', label: w.t('field.first-value-on') }, state.on),
    ],
    w,
  )
}
