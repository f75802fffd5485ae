import { z } from 'zod'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import type { BasisPoints } from '../src/canon/money.ts'
import {
  type EvidenceKind,
  evidenceKinds,
  type MeddiccField,
  meddiccFields,
  type Opportunity,
  type Stage,
  stages,
} from '../src/canon/opportunity.ts'
import type { LossReason } from '../src/canon/policy-loss.ts'
import type { Block, Text } from './card.ts'
import { question } from './discount-form.ts'
import { dealLine } from './discount-sections.ts'
import { defineForm, type FormView, type Option } from './form.ts'
import { lossOptions } from './loss.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** Characters; a modal of Slack takes 3,000 in one field. */
export const mostWritten = 3000

const said = z.string().trim().max(mostWritten).optional()
const line = z.string().trim().max(200).optional()
const day = z.string().trim().max(10).optional()

/**
 * `evidence` is the day of the first evidence that the form asks for; further ones stand under their kind. Which kind
 * `evidence` is stays the same as long as the form is open, so that a day typed for one is never read as another's.
 */
export const stageChange = defineForm({
  id: 'stage.change',
  schema: z.object({
    deal: line,
    stage: z.string().trim().min(1).max(10),
    metrics: said,
    economic_buyer: said,
    decision_criteria: said,
    decision_process: said,
    identify_pain: said,
    champion: said,
    competition: said,
    evidence: day,
    first_meeting: day,
    demo: day,
    proposal: day,
    negotiation: day,
    verbal_agreement: day,
    contract_signed: day,
    loss_reason: line,
    loss_reason_detail: line,
    competitor: line,
    amount: z.string().trim().max(40).optional(),
    reason: z.string().trim().max(1000).optional(),
    override_reason: z.string().trim().max(1000).optional(),
    override_until: day,
  }),
})

/** Something the gates on the way ask for, as a question. */
export interface AskedField {
  /** The field's name in the form. */
  readonly name: string
  readonly asked: MeddiccField | EvidenceKind
  /** The stage that asks for it first. */
  readonly stage: Stage
  readonly value?: string
  /** Owed until this day: it may stay empty. */
  readonly owedUntil?: PlainDate
}

/** Which way the change goes; it decides what is asked. */
export type StageWay = 'forward' | 'back' | 'lost' | 'won' | 'reopen'

/** What the form of `/stage` is drawn from, at every change. */
export interface StageFormState {
  readonly drawing: string
  readonly deal?: Opportunity
  readonly dealOption?: Option
  /**
   * The deal can't be exchanged any more: what a form was filled with stays in its fields when it is redrawn, and one
   * deal's words would be sent as another's.
   */
  readonly dealFixed: boolean
  readonly to?: Stage
  readonly options: readonly { readonly stage: Stage; readonly way: StageWay; readonly missing: number }[]
  readonly way?: StageWay
  readonly fields: readonly AskedField[]
  /** Names of contacts, where a person is asked for. */
  readonly contacts?: readonly string[]
  /** Things that are asked for and not known. */
  readonly missing: number
  readonly loss?: {
    readonly reasons: readonly LossReason[]
    readonly reason?: string
    readonly detail?: string
    readonly competitor?: string
  }
  /** Present where the deal has none yet: what it is worth may be said on the way. */
  readonly amount?: { readonly currency: string; readonly text?: string }
  readonly reason?: string
  /** Present for those who may let the deal pass without what is missing. */
  readonly override?: { readonly reason?: string; readonly until?: PlainDate }
  /** An open discount request that is told of the change. */
  readonly discount?: BasisPoints
  readonly noOwner?: boolean
  /** Why this deal can't be moved by this person, in one sentence. */
  readonly obstacle?: string
  /** What somebody else did to the deal while the form was open. */
  readonly meanwhile?: { readonly stage?: Stage; readonly name?: string; readonly at?: Instant }
  readonly now: Instant
  readonly timeZone: string
}

type Item = FormView['items'][number]

/** The form of `/stage`: exactly what the gates between ask for, filled with what is known. */
export function stageForm(state: StageFormState, w: Words): FormView {
  const items: Item[] = []
  if (state.dealFixed && state.deal) items.push({ kind: 'heading', text: dealLine(state.deal) })
  else
    items.push(
      question('deal', {
        kind: 'search',
        label: w.t('field.deal'),
        placeholder: w.t('field.deal.placeholder'),
        chosen: state.dealOption,
        minLength: 0,
        live: true,
      }),
    )
  if (state.deal) {
    const stage = { bold: w.t(`stage.${state.deal.stage}`) }
    items.push({ kind: 'text', text: w.say('form.stage.now', { stage }) })
  }
  items.push(...meanwhileOf(state, w))
  if (state.obstacle) items.push({ kind: 'text', text: [{ user: state.obstacle }] })
  else if (!state.deal)
    // Asked together with the deal, so that on Teams the two steps of a form are enough.
    items.push(
      stageQuestion(
        stages.map((stage) => ({ value: stage, label: w.t(`stage.${stage}`) })),
        state.to,
        w,
      ),
      {
        kind: 'note',
        text: w.say('form.stage.empty'),
      },
    )
  if (state.deal && !state.obstacle) items.push(...stageItems(state, w))
  return {
    form: stageChange.id,
    title: w.t('form.stage.title'),
    submit: w.t('form.stage.submit'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items,
  }
}

function meanwhileOf({ meanwhile, timeZone, now }: StageFormState, w: Words): Item[] {
  if (!meanwhile) return []
  const { stage, name, at } = meanwhile
  if (!stage || !name || at === undefined) return [{ kind: 'text', text: w.say('form.stage.changed') }]
  const text = w.say('form.stage.moved', {
    name: theirs(name, 40),
    stage: { bold: w.t(`stage.${stage}`) },
    at: w.moment(at, timeZone, now),
  })
  return [{ kind: 'text', text }]
}

/** Which stage it moves to. */
const stageQuestion = (options: readonly Option[], chosen: Stage | undefined, w: Words): Item =>
  question('stage', { kind: 'choice', label: w.t('field.stage'), options, live: true }, chosen)

function stageItems(state: StageFormState, w: Words): Item[] {
  const { to, way } = state
  const items: Item[] = [
    stageQuestion(
      state.options.map((option) => ({
        value: option.stage,
        label: w.t(`stage.${option.stage}`),
        description: optionNote(option, w),
      })),
      to,
      w,
    ),
  ]
  if (!to || !way) return [...items, { kind: 'note', text: w.say('form.stage.choose') }]
  items.push({ kind: 'text', text: previewOf(state, to, way, w) })
  if (state.noOwner) items.push({ kind: 'text', text: w.say('form.stage.no-owner') })
  if (state.discount !== undefined)
    items.push({
      kind: 'note',
      text: w.say('form.stage.discount', { discount: w.percent(state.discount) }),
    })
  if (state.contacts && state.contacts.length > 0)
    items.push({
      kind: 'note',
      text: w.say('form.stage.contacts', { names: theirs(state.contacts.join(' · '), 200) }),
    })
  items.push(...state.fields.map((field) => askedItem(field, state, w)))
  if (state.amount) items.push(amountQuestion(state.amount.currency, state.amount.text, w))
  items.push(...lossItems(state, w))
  if (way === 'back' || way === 'reopen')
    items.push(
      question(
        'reason',
        {
          kind: 'long-text',
          label: w.t(way === 'back' ? 'field.back-reason' : 'field.reopen-reason'),
          hint: w.t('field.change-reason.hint'),
          maxLength: 1000,
        },
        state.reason,
      ),
    )
  return [...items, ...overrideItems(state, w)]
}

function optionNote({ way, missing }: StageFormState['options'][number], w: Words): string {
  if (way === 'back') return w.t('stage.option.back')
  if (way === 'lost') return w.t('stage.option.lost')
  return missing === 0 ? w.t('stage.option.ready') : w.t('stage.option.asks', { count: missing })
}

function previewOf(state: StageFormState, to: Stage, way: StageWay, w: Words): Text {
  const stage = { bold: w.t(`stage.${to}`) }
  switch (way) {
    case 'back':
      return w.say('form.stage.back', { stage })
    case 'lost':
      return w.say('form.stage.lost')
    case 'reopen':
      return w.say('form.stage.reopen', { stage })
    default: {
      const gates =
        state.missing === 0
          ? w.say('form.stage.ready', { stage })
          : w.say('form.stage.asks', { stage, count: state.missing })
      return way === 'won' ? [...w.say('form.stage.won'), ' ', ...gates] : gates
    }
  }
}

const isEvidence = (asked: AskedField['asked']): asked is EvidenceKind =>
  evidenceKinds.some((kind) => kind === asked)

function askedItem(field: AskedField, state: StageFormState, w: Words): Item {
  const stage = w.t(`stage.${field.stage}`)
  const hint = field.owedUntil
    ? w.t('field.owed', { stage, day: w.day(field.owedUntil, state.now) })
    : w.t('field.needed-for', { stage })
  // Whoever may override leaves empty what the deal shall owe: then the rules say at its field what they can't.
  const optional = state.override !== undefined || field.owedUntil !== undefined
  return isEvidence(field.asked)
    ? question(
        field.name,
        { kind: 'date', label: w.t(`field.day.${field.asked}`), hint, optional },
        field.value,
      )
    : question(
        field.name,
        {
          kind: 'long-text',
          label: w.t(`meddicc.${field.asked}`),
          hint,
          optional,
          maxLength: mostWritten,
        },
        field.value,
      )
}

/** What the deal is worth, in major units as people type them. */
export const amountQuestion = (currency: string, value: string | undefined, w: Words) =>
  question(
    'amount',
    {
      kind: 'money',
      currency,
      label: w.t('field.amount', { currency }),
      hint: w.t('field.amount.hint'),
      optional: true,
    },
    value,
  )

function lossItems({ loss }: StageFormState, w: Words): Item[] {
  if (!loss) return []
  const under = loss.reasons.find((reason) => reason.code === loss.reason)
  return [
    question(
      'loss_reason',
      {
        kind: 'choice',
        label: w.t('field.loss-reason'),
        options: lossOptions(loss.reasons, w),
        live: true,
      },
      loss.reason,
    ),
    ...(under
      ? [
          question(
            'loss_reason_detail',
            {
              kind: 'choice',
              label: w.t('field.loss-reason-detail'),
              options: lossOptions(under.details, w),
            },
            under.details.some((detail) => detail.code === loss.detail) ? loss.detail : undefined,
          ),
        ]
      : []),
    question(
      'competitor',
      { kind: 'text', label: w.t('field.lost-to'), hint: w.t('field.lost-to.hint'), maxLength: 200 },
      loss.competitor,
    ),
  ]
}

function overrideItems({ override }: StageFormState, w: Words): Item[] {
  if (!override) return []
  const head: Block[] = [
    { kind: 'divider' },
    { kind: 'text', text: [{ bold: w.t('form.stage.override') }] },
    { kind: 'note', text: w.say('form.stage.override.what') },
  ]
  return [
    ...head,
    question(
      'override_reason',
      { kind: 'long-text', label: w.t('field.override-reason'), optional: true, maxLength: 1000 },
      override.reason,
    ),
    question(
      'override_until',
      { kind: 'date', label: w.t('field.override-until'), optional: true },
      override.until,
    ),
  ]
}

/** Whether a name is one of the seven. */
export const isMeddiccField = (name: string): name is MeddiccField =>
  meddiccFields.some((field) => field === name)
