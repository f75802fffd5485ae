import { z } from 'zod'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import { type HealthComponent, type HealthPart, healthComponents } from '../src/canon/health.ts'
import { question } from './discount-form.ts'
import { defineForm, type FormView, type Option } from './form.ts'
import { gradeWord, points } from './health.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

const score = z.string().trim().max(20).optional()
const day = z.string().trim().min(1).max(10)
const said = z.string().trim().min(1).max(2_000)

/** One question a component, so that a monthly look at an account is one form. */
export const healthSignal = defineForm({
  id: 'health.signal',
  schema: z.object({
    adoption: score,
    support: score,
    relationship: score,
    sentiment: score,
    financial: score,
    measured_on: day,
  } satisfies Record<HealthComponent | 'measured_on', unknown>),
})
export const healthReview = defineForm({
  id: 'health.review',
  schema: z.object({
    // Not `action`: that is what a Teams dialog calls its own button.
    action_taken: said,
    sponsor: z.string().trim().max(200).optional(),
    note: z.string().trim().max(1_000).optional(),
  }),
})
export const healthPlan = defineForm({
  id: 'health.plan',
  schema: z.object({ plan: said, until: day }),
})

interface About {
  readonly drawing: string
  readonly account: string
  readonly now: Instant
}

/** Scores of one day; what is known stands beside each question with its age. */
export function signalForm(
  state: About & { readonly parts: readonly HealthPart[]; readonly today: PlainDate },
  w: Words,
): FormView {
  return {
    form: healthSignal.id,
    title: w.t('form.health-signal.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'heading', text: [theirs(state.account)] },
      { kind: 'note', text: w.say('form.health-signal.what') },
      ...healthComponents.map((component) => {
        const known = state.parts.find((part) => part.component === component)
        return question(component, {
          kind: 'text',
          label: w.t(`health.component.${component}`),
          hint: known
            ? w.t('form.health-signal.now', {
                score: points(known.score),
                day: w.day(known.measuredOn, state.now),
              })
            : w.t('form.health-signal.unknown'),
          placeholder: '0–100',
          optional: true,
          maxLength: 20,
        })
      }),
      question('measured_on', { kind: 'date', label: w.t('field.measured-on') }, state.today),
    ],
  }
}

/** What is done about a red account; closing it without an action is not offered (Canon, Account health). */
export function reviewForm(
  state: About & {
    readonly score: number
    readonly grade: 'healthy' | 'at-risk' | 'critical'
    readonly action?: string
    readonly note?: string
    /** The proposed sponsor. */
    readonly sponsor?: Option
  },
  w: Words,
): FormView {
  return {
    form: healthReview.id,
    title: w.t('form.health-review.title'),
    submit: w.t('form.health-review.submit'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      {
        kind: 'text',
        text: w.say('form.health-review.what', {
          account: theirs(state.account),
          score: points(state.score),
          grade: gradeWord(state.grade, w),
        }),
      },
      question(
        'action_taken',
        {
          kind: 'long-text',
          label: w.t('field.health-action'),
          hint: w.t('field.health-action.hint'),
          maxLength: 2_000,
        },
        state.action,
      ),
      question(
        'sponsor',
        {
          kind: 'search',
          label: w.t('field.health-sponsor'),
          hint: w.t('field.health-sponsor.hint'),
          optional: true,
          ...(state.sponsor ? { chosen: state.sponsor } : {}),
        },
        state.sponsor?.value,
      ),
      question(
        'note',
        { kind: 'long-text', label: w.t('field.health-note'), optional: true, maxLength: 1_000 },
        state.note,
      ),
    ],
  }
}

/** What brings a yellow account back, and the day it is looked at again. */
export function planForm(
  state: About & { readonly plan?: string; readonly until: PlainDate },
  w: Words,
): FormView {
  return {
    form: healthPlan.id,
    title: w.t('form.health-plan.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'heading', text: [theirs(state.account)] },
      question('plan', { kind: 'long-text', label: w.t('field.health-plan'), maxLength: 2_000 }, state.plan),
      question(
        'until',
        { kind: 'date', label: w.t('field.health-until'), hint: w.t('field.health-until.hint') },
        state.until,
      ),
    ],
  }
}
