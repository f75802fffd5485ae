import { z } from 'zod'
import type { Group, Policy } from '../src/canon/policy.ts'
import type { Block, Card, Text } from './card.ts'
import type { Names } from './discount.ts'
import { question } from './discount-form.ts'
import { defineForm, type FormView } from './form.ts'
import { namesOf } from './names.ts'
import { flat, theirs } from './text.ts'
import type { Words } from './words/index.ts'

const percent = z.string().trim().min(1).max(10)
const optionalPercent = z.string().trim().max(10).optional()
const whole = z.string().trim().min(1).max(6)

/** The limits of the common ladder AE → Sales Manager → VP Sales → C-level; another ladder is set with the CLI. */
export const policyDiscount = defineForm({
  id: 'policy.discount',
  schema: z.object({
    up_to_ae: percent,
    up_to_sales_manager: percent,
    up_to_vp_sales: percent,
    exception_over: percent,
    finance_over: optionalPercent,
    legal_over: optionalPercent,
    remind_after: whole,
    escalate_after: whole,
    expire_after: whole,
  }),
})
export type PolicyAnswers = z.infer<typeof policyDiscount.schema>

/** The roles whose limits the form asks for, in the order of the ladder, with their fields. */
export const limitFields = [
  { role: 'ae', field: 'up_to_ae' },
  { role: 'sales_manager', field: 'up_to_sales_manager' },
  { role: 'vp_sales', field: 'up_to_vp_sales' },
] as const

/** Who may give which discount here, in the open: a desk that seems unfair is not used (users, 20). */
export function policyCard(
  brief: {
    readonly company: string
    readonly policy: Policy
    readonly names: Names
    readonly mayChange: boolean
    readonly drawing: string
  },
  w: Words,
): Card {
  const { discount, version } = brief.policy
  const blocks: Block[] = [
    { kind: 'title', text: w.t('policy.title') },
    { kind: 'heading', text: [theirs(brief.company), ` · ${w.t('policy.version', { version })}`] },
    { kind: 'facts', facts: rungFacts(brief.policy, w) },
    {
      kind: 'text',
      text: w.say('policy.exception', { over: w.percent(discount.exceptionOver) }),
    },
    ...discount.agreements.map(
      (agreement): Block => ({
        kind: 'text',
        text: w.say('policy.agreement', {
          over: w.percent(agreement.over),
          group: groupSpan(agreement.group, brief.names, w),
          need: needWords(agreement.need, w),
          beside: w.t(`role.${agreement.beside}`),
        }),
      }),
    ),
    ...discount.copies.map(
      (copy): Block => ({
        kind: 'text',
        text: w.say('policy.copy', {
          over: w.percent(copy.over),
          group: groupSpan(copy.group, brief.names, w),
        }),
      }),
    ),
    {
      kind: 'note',
      text: w.say('policy.clock', {
        remind: discount.remindAfterWorkingHours,
        escalate: discount.escalateAfterWorkingHours,
        expire: discount.expireAfterDays,
      }),
    },
    {
      kind: 'note',
      text: w.say('policy.entry', {
        stage: w.t(`stage.${discount.entryStage}`),
        target: w.percent(discount.averageTarget),
      }),
    },
  ]
  if (brief.mayChange)
    blocks.push({
      kind: 'buttons',
      buttons: [{ action: 'policy.edit', label: w.t('button.policy.change'), drawing: brief.drawing }],
    })
  return { summary: w.t('policy.summary', { company: theirs(brief.company), version }), blocks }
}

function rungFacts({ discount }: Policy, w: Words): { label: string; value: Text }[] {
  let from = 0
  return discount.rungs.map((rung, at) => {
    const value =
      rung.upTo === null
        ? w.t('policy.rung.over', { from: w.percent(from) })
        : at === 0
          ? w.t('policy.rung.own', { limit: w.percent(rung.upTo) })
          : w.t('policy.rung', { from: w.percent(from), limit: w.percent(rung.upTo) })
    from = rung.upTo ?? from
    return { label: w.t(`role.${rung.role}`), value: [value] }
  })
}

function groupSpan(group: Group, names: Names, w: Words): { readonly user: string } {
  const parts: string[] = (group.roles ?? []).map((role) => w.t(`role.${role}`))
  const people = namesOf(group.people ?? [], names, w)
  const text = flat(people)
  if (text) parts.push(text)
  return { user: parts.join(', ') || w.t('value.none') }
}

function needWords(need: 'any' | 'all' | { readonly atLeast: number }, w: Words): string {
  if (need === 'any') return w.t('route.need.any')
  if (need === 'all') return w.t('route.need.all')
  return w.t('policy.need.at-least', { least: need.atLeast })
}

/** The discount rules as they are, to be changed; `typed` keeps what was typed when it has to be shown again. */
export function policyForm(
  state: { readonly drawing: string; readonly policy: Policy; readonly typed?: Partial<PolicyAnswers> },
  w: Words,
): FormView {
  const { discount, version } = state.policy
  const { typed } = state
  // `15.5` rather than `15.5%`: a number field holds numbers only.
  const number = (share: number | null | undefined) =>
    share === null || share === undefined ? undefined : String(share / 100)
  const upTo = (role: string) => number(discount.rungs.find((rung) => rung.role === role)?.upTo)
  const over = (role: 'finance' | 'legal') =>
    number(discount.agreements.find((each) => each.group.roles?.includes(role))?.over)
  return {
    form: policyDiscount.id,
    title: w.t('form.policy.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'note', text: w.say('form.policy.what', { version }) },
      ...limitFields.map(({ role, field }) =>
        question(
          field,
          { kind: 'percent', label: w.t('field.limit', { role: w.t(`role.${role}`) }) },
          typed?.[field] ?? upTo(role),
        ),
      ),
      { kind: 'note', text: w.say('form.policy.above') },
      question(
        'exception_over',
        { kind: 'percent', label: w.t('field.exception-over') },
        typed?.exception_over ?? number(discount.exceptionOver),
      ),
      question(
        'finance_over',
        {
          kind: 'percent',
          label: w.t('field.finance-over'),
          hint: w.t('field.agreement.hint'),
          optional: true,
        },
        typed?.finance_over ?? over('finance'),
      ),
      question(
        'legal_over',
        {
          kind: 'percent',
          label: w.t('field.legal-over'),
          hint: w.t('field.agreement.hint'),
          optional: true,
        },
        typed?.legal_over ?? over('legal'),
      ),
      question(
        'remind_after',
        { kind: 'text', label: w.t('field.remind-after'), maxLength: 4 },
        typed?.remind_after ?? String(discount.remindAfterWorkingHours),
      ),
      question(
        'escalate_after',
        { kind: 'text', label: w.t('field.escalate-after'), maxLength: 4 },
        typed?.escalate_after ?? String(discount.escalateAfterWorkingHours),
      ),
      question(
        'expire_after',
        { kind: 'text', label: w.t('field.expire-after'), maxLength: 4 },
        typed?.expire_after ?? String(discount.expireAfterDays),
      ),
    ],
  }
}
