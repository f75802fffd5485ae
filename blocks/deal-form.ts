import { z } from 'zod'
import { activityKinds } from '../src/canon/activity.ts'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import { type EvidenceKind, meddiccFields, type Opportunity } from '../src/canon/opportunity.ts'
import { question } from './discount-form.ts'
import { dealLine } from './discount-sections.ts'
import { defineForm, type FormView, type Option } from './form.ts'
import { askedWord } from './refusal-deal.ts'
import { amountQuestion, mostWritten } from './stage-form.ts'
import type { Words } from './words/index.ts'

const said = z.string().trim().max(mostWritten).optional()
const day = z.string().trim().max(10).optional()

export const dealMeddicc = defineForm({
  id: 'deal.meddicc',
  schema: z.object({
    metrics: said,
    economic_buyer: said,
    decision_criteria: said,
    decision_process: said,
    identify_pain: said,
    champion: said,
    competition: said,
    first_meeting: day,
    demo: day,
    proposal: day,
    negotiation: day,
    verbal_agreement: day,
    amount: z.string().trim().max(40).optional(),
    expected_close_on: z.string().trim().max(10).optional(),
    competitor: z.string().trim().max(200).optional(),
  }),
})
export const activityLog = defineForm({
  id: 'activity.log',
  schema: z.object({
    kind: z.enum(activityKinds),
    happened_on: z.string().trim().min(1).max(10),
    contact: z.string().trim().max(200).optional(),
    note: z.string().trim().max(1000).optional(),
  }),
})

export const closeDate = defineForm({
  id: 'deal.close-date',
  schema: z.object({ expected_close_on: z.string().trim().min(1).max(10) }),
})

/** When the deal is expected to close now: put right, or pushed out. */
export function closeDateForm(
  state: {
    readonly drawing: string
    readonly deal: Opportunity
    readonly value?: string
    readonly now: Instant
  },
  w: Words,
): FormView {
  const { deal, now } = state
  const was = deal.expectedCloseOn
  return {
    form: closeDate.id,
    title: w.t('form.close-date.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'heading', text: dealLine(deal) },
      {
        kind: 'note',
        text: was ? w.say('form.close-date.was', { day: w.day(was, now) }) : w.say('form.close-date.none'),
      },
      question(
        'expected_close_on',
        { kind: 'date', label: w.t('label.expected-close'), hint: w.t('form.close-date.hint') },
        state.value,
      ),
    ],
  }
}

/** What is known of the deal by MEDDICC, to be written on; each field names what its own stage asks. */
export function meddiccForm(
  state: {
    readonly drawing: string
    readonly deal: Opportunity
    readonly values: Readonly<Record<string, string | undefined>>
    /** Fields that the gates up to the deal's stage require. */
    readonly required: readonly string[]
    /** Evidence that the gates up to the deal's stage ask for and that it lacks. */
    readonly evidence?: readonly Exclude<EvidenceKind, 'contract_signed'>[]
    /** Present where people may say what the deal is worth. */
    readonly currency?: string
    readonly meanwhile?: boolean
  },
  w: Words,
): FormView {
  const { deal, values, required } = state
  return {
    form: dealMeddicc.id,
    title: w.t('form.meddicc.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'heading', text: dealLine(deal) },
      ...(state.meanwhile ? [{ kind: 'text' as const, text: w.say('form.stage.changed') }] : []),
      { kind: 'note', text: w.say('form.meddicc.what') },
      ...(state.evidence ?? []).map((kind) =>
        question(
          kind,
          { kind: 'date', label: askedWord(kind, w), hint: w.t('field.meddicc.asked'), optional: true },
          values[kind],
        ),
      ),
      ...meddiccFields.map((field) =>
        question(
          field,
          {
            kind: 'long-text',
            label: w.t(`meddicc.${field}`),
            hint: w.t(
              required.includes(field) && !values[field] ? 'field.meddicc.asked' : `field.meddicc.${field}`,
            ),
            optional: true,
            maxLength: mostWritten,
          },
          values[field],
        ),
      ),
      ...(state.currency ? [amountQuestion(state.currency, values.amount, w)] : []),
      question(
        'expected_close_on',
        { kind: 'date', label: w.t('label.expected-close'), optional: true },
        values.expected_close_on,
      ),
      question(
        'competitor',
        { kind: 'text', label: w.t('label.competitor'), optional: true, maxLength: 200 },
        values.competitor,
      ),
    ],
  }
}

/** Something that was done with the customer, or is planned. */
export function activityForm(
  state: {
    readonly drawing: string
    /** The deal, or the lead in its place. */
    readonly deal: Pick<Opportunity, 'name' | 'accountName'>
    readonly today: PlainDate
    readonly contacts: readonly Option[]
  },
  w: Words,
): FormView {
  return {
    form: activityLog.id,
    title: w.t('form.activity.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'heading', text: dealLine(state.deal) },
      question('kind', {
        kind: 'choice',
        label: w.t('field.activity-kind'),
        options: activityKinds.map((kind) => ({ value: kind, label: w.t(`activity.${kind}`) })),
      }),
      question(
        'happened_on',
        { kind: 'date', label: w.t('field.happened-on'), hint: w.t('field.happened-on.hint') },
        state.today,
      ),
      ...(state.contacts.length > 0
        ? [
            question('contact', {
              kind: 'choice',
              label: w.t('field.activity-contact'),
              options: state.contacts,
              optional: true,
            }),
          ]
        : []),
      question('note', {
        kind: 'long-text',
        label: w.t('field.activity-note'),
        optional: true,
        maxLength: 1000,
      }),
    ],
  }
}
