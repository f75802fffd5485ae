import { z } from 'zod'
import { openStages } from '../src/canon/opportunity.ts'
import { type Role, roles } from '../src/canon/people.ts'
import type { DiscountPolicy, Group, Policy } from '../src/canon/policy.ts'
import type { Block } from './card.ts'
import type { Names } from './discount.ts'
import { question } from './discount-form.ts'
import { defineForm, type Field, type FormView, type Option } from './form.ts'
import { nameOf, namesOf } from './names.ts'
import { agreementLine, copyLine, rungFacts } from './policy.ts'
import type { Words } from './words/index.ts'

type Item = FormView['items'][number]

const percent = z.string().trim().min(1).max(10)
const optionalPercent = z.string().trim().max(10).optional()
const count = z.string().trim().min(1).max(6)
const choice = z.string().max(100).optional()
const several = z.union([z.array(z.string().max(200)), z.string().max(200)]).optional()

/** Most levels of a ladder that is set in chat. */
const levels = [1, 2, 3, 4, 5, 6, 7] as const
type Level = (typeof levels)[number]
type OfLevels<S extends string, T> = { readonly [key in `${S}_${Level}`]: T }
const ofLevels = <S extends string, T>(stem: S, schema: T) =>
  Object.fromEntries(levels.map((level) => [`${stem}_${level}`, schema])) as OfLevels<S, T>

/** No level stands here: a select cannot be emptied on every platform. */
export const noRole = 'none'

/** The ladder with its limits, and the numbers that hold for every request. */
export const policyDiscount = defineForm({
  id: 'policy.discount',
  schema: z.object({
    ...ofLevels('role', choice),
    role_1: z.string().min(1).max(100),
    ...ofLevels('up_to', optionalPercent),
    exception_over: percent,
    entry_stage: z.string().min(1).max(10),
    average_target: percent,
    remind_after: count,
    escalate_after: count,
    expire_after: count,
  }),
})
export type PolicyAnswers = z.infer<typeof policyDiscount.schema>

const groupFields = {
  roles: several,
  /** Those who are in the group already; who is unmarked leaves it. */
  people: several,
  person_1: choice,
  person_2: choice,
  person_3: choice,
}

/** 합의: one group that must also agree. */
export const policyAgreement = defineForm({
  id: 'policy.agreement',
  schema: z.object({
    over: percent,
    beside: choice,
    ...groupFields,
    need: z.string().min(1).max(20),
    at_least: z.string().trim().max(6).optional(),
  }),
})
export type AgreementAnswers = z.infer<typeof policyAgreement.schema>

/** 참조: one group that is told and decides nothing. */
export const policyCopy = defineForm({
  id: 'policy.copy',
  schema: z.object({ over: percent, ...groupFields }),
})
export type CopyAnswers = z.infer<typeof policyCopy.schema>

/** Fields for people who join a group. */
export const personFields = ['person_1', 'person_2', 'person_3'] as const

/** What a policy would be after these answers, as the person who types them sees it. */
export type Ahead<T> =
  | { readonly draft: T }
  /** What stands in the way, as sentences. */
  | { readonly obstacles: readonly string[] }
  | undefined

const obstaclesOf = (ahead: Ahead<unknown>): readonly Block[] =>
  ahead && 'obstacles' in ahead
    ? ahead.obstacles.map((text): Block => ({ kind: 'text', text: [{ user: text }] }))
    : []

// `15.5` rather than `15.5%`: a number field holds numbers only.
const number = (share: number | null | undefined) =>
  share === null || share === undefined ? undefined : String(share / 100)

// ── the ladder ───────────────────────────────────────────────────────────────

/** A row of the form: who stands on it and up to what they decide. */
interface LadderRow {
  readonly role: `role_${Level}`
  readonly upTo: `up_to_${Level}`
}

/** The rows a ladder of so many levels is changed with: its own and a free one. */
export const ladderRows = (rungs: number): readonly LadderRow[] =>
  levels.slice(0, rungs + 1).map((level) => ({ role: `role_${level}`, upTo: `up_to_${level}` }))

/** The answers that say what a policy says now. */
export function answersOf({ discount }: Policy): PolicyAnswers {
  const rows = ladderRows(discount.rungs.length)
  return {
    role_1: discount.rungs[0]!.role,
    ...Object.fromEntries(
      rows.flatMap(({ role, upTo }, at) => [
        [role, discount.rungs[at]?.role],
        [upTo, number(discount.rungs[at]?.upTo)],
      ]),
    ),
    exception_over: number(discount.exceptionOver)!,
    entry_stage: discount.entryStage,
    average_target: number(discount.averageTarget)!,
    remind_after: String(discount.remindAfterWorkingHours),
    escalate_after: String(discount.escalateAfterWorkingHours),
    expire_after: String(discount.expireAfterDays),
  }
}

/** The ladder and its numbers, to be changed, with what they come to. */
export function policyForm(
  state: {
    readonly drawing: string
    readonly policy: Policy
    readonly typed: Partial<PolicyAnswers>
    readonly ahead: Ahead<Pick<DiscountPolicy, 'rungs' | 'exceptionOver'>>
    /** Roles of the draft that nobody holds today. */
    readonly vacant?: readonly Role[]
  },
  w: Words,
): FormView {
  const { typed, ahead } = state
  const { discount, version } = state.policy
  const roleOptions: Option[] = [
    { value: noRole, label: w.t('field.level.none') },
    ...roles.map((role) => ({ value: role, label: w.t(`role.${role}`) })),
  ]
  const whole = (name: 'remind_after' | 'escalate_after' | 'expire_after', label: string): Item =>
    question(name, { kind: 'text', label, maxLength: 6 }, typed[name])
  return {
    form: policyDiscount.id,
    title: w.t('form.policy.title'),
    submit: w.t('form.save'),
    close: w.t('form.close'),
    drawing: state.drawing,
    items: [
      { kind: 'note', text: w.say('form.policy.what', { version }) },
      ...ladderRows(discount.rungs.length).flatMap(({ role, upTo }, at): Item[] => [
        question(
          role,
          {
            kind: 'choice',
            label: w.t('field.level', { level: at + 1 }),
            options: roleOptions,
            optional: at > 0,
            live: true,
          },
          typed[role] ?? noRole,
        ),
        question(
          upTo,
          {
            kind: 'percent',
            label: w.t('field.level.limit', { level: at + 1 }),
            ...(at === 0 ? { hint: w.t('field.level.limit.own') } : {}),
            ...(at === discount.rungs.length - 1 ? { hint: w.t('field.level.limit.last') } : {}),
            optional: true,
            live: true,
          },
          typed[upTo],
        ),
      ]),
      ...obstaclesOf(ahead),
      ...(ahead && 'draft' in ahead
        ? ([
            { kind: 'text', text: [{ bold: w.t('form.policy.ahead') }] },
            { kind: 'facts', facts: rungFacts(ahead.draft, w) },
          ] as const)
        : []),
      ...(state.vacant?.length
        ? [
            {
              kind: 'note',
              text: w.say('form.policy.vacant', {
                roles: state.vacant.map((role) => w.t(`role.${role}`)).join(', '),
              }),
            } as const,
          ]
        : []),
      question(
        'exception_over',
        { kind: 'percent', label: w.t('field.exception-over') },
        typed.exception_over,
      ),
      question(
        'entry_stage',
        {
          kind: 'choice',
          label: w.t('field.entry-stage'),
          options: openStages.map((stage) => ({ value: stage, label: w.t(`stage.${stage}`) })),
        },
        typed.entry_stage,
      ),
      question(
        'average_target',
        { kind: 'percent', label: w.t('field.average-target') },
        typed.average_target,
      ),
      whole('remind_after', w.t('field.remind-after')),
      whole('escalate_after', w.t('field.escalate-after')),
      whole('expire_after', w.t('field.expire-after')),
    ],
  }
}

// ── groups ───────────────────────────────────────────────────────────────────

/** What the form of a group shows: as typed so far, and what the rule would be with it. */
export interface GroupState<T, A> {
  readonly drawing: string
  readonly version: number
  readonly typed: Partial<A>
  readonly names: Names
  /** Those who may be marked as members by name. */
  readonly people: readonly string[]
  readonly ahead: Ahead<T>
  /** Who is in the group today. */
  readonly today?: readonly string[]
}

const overField = (typed: string | undefined, label: string, w: Words): Item =>
  question('over', { kind: 'percent', label, hint: w.t('field.over.hint'), live: true }, typed)

function groupItems(state: GroupState<unknown, CopyAnswers>, w: Words): Item[] {
  const { typed, names } = state
  const search = (name: (typeof personFields)[number]): Item => {
    const chosen = typed[name]
    const field: Field = {
      kind: 'search',
      label: w.t('field.group.add', { nth: personFields.indexOf(name) + 1 }),
      placeholder: w.t('field.person.placeholder'),
      minLength: 0,
      optional: true,
      live: true,
      ...(chosen ? { chosen: { value: chosen, label: nameOf(chosen, names, w).user } } : {}),
    }
    return question(name, field)
  }
  return [
    question(
      'roles',
      {
        kind: 'choices',
        label: w.t('field.group.roles'),
        placeholder: w.t('field.group.roles.placeholder'),
        hint: w.t('field.group.roles.hint'),
        optional: true,
        live: true,
        options: roles.map((role) => ({ value: role, label: w.t(`role.${role}`) })),
      },
      typed.roles,
    ),
    ...(state.people.length > 0
      ? [
          question(
            'people',
            {
              kind: 'choices',
              label: w.t('field.group.people'),
              optional: true,
              live: true,
              options: state.people.map((id) => ({ value: id, label: nameOf(id, names, w).user })),
            },
            typed.people,
          ),
        ]
      : []),
    ...personFields.map(search),
  ]
}

/** Who a group is today: roles change hands, and a group of nobody would stop every request. */
function todayLine(people: readonly string[] | undefined, names: Names, w: Words): readonly Block[] {
  if (!people) return []
  const text =
    people.length === 0
      ? w.say('form.group.nobody')
      : [w.t('form.group.today', { count: people.length }), ' ', ...namesOf(people, names, w)]
  return [{ kind: 'note', text }]
}

const ruleForm = (
  id: string,
  title: string,
  state: Pick<GroupState<unknown, unknown>, 'drawing' | 'version'>,
  items: readonly Item[],
  w: Words,
): FormView => ({
  form: id,
  title,
  submit: w.t('form.save'),
  close: w.t('form.close'),
  drawing: state.drawing,
  items: [...items, { kind: 'note', text: w.say('form.policy.what', { version: state.version }) }],
})

/** One agreement (합의), new or as it is, with what it comes to. */
export function agreementForm(
  state: GroupState<DiscountPolicy['agreements'][number], AgreementAnswers> & {
    readonly rungs: DiscountPolicy['rungs']
  },
  w: Words,
): FormView {
  const { typed, ahead, names } = state
  const needs = ['any', 'all', 'at_least'] as const
  return ruleForm(
    policyAgreement.id,
    w.t('form.agreement.title'),
    state,
    [
      { kind: 'note', text: w.say('form.agreement.what') },
      overField(typed.over, w.t('field.agreement.over'), w),
      ...groupItems(state, w),
      question(
        'need',
        {
          kind: 'choice',
          label: w.t('field.need'),
          live: true,
          options: needs.map((need) => ({ value: need, label: w.t(`field.need.${need}`) })),
        },
        typed.need ?? 'any',
      ),
      question(
        'at_least',
        {
          kind: 'text',
          label: w.t('field.at-least'),
          hint: w.t('field.at-least.hint'),
          optional: true,
          live: true,
          maxLength: 4,
        },
        typed.at_least,
      ),
      question(
        'beside',
        {
          kind: 'choice',
          label: w.t('field.beside'),
          optional: true,
          live: true,
          options: [
            { value: noRole, label: w.t('field.beside.auto') },
            ...state.rungs.map(({ role }) => ({ value: role, label: w.t(`role.${role}`) })),
          ],
        },
        typed.beside ?? noRole,
      ),
      ...obstaclesOf(ahead),
      ...(ahead && 'draft' in ahead
        ? [{ kind: 'text', text: agreementLine(ahead.draft, names, w) } as const]
        : []),
      ...todayLine(state.today, names, w),
    ],
    w,
  )
}

/** One group that is copied (참조), new or as it is, with what it comes to. */
export function copyForm(
  state: GroupState<DiscountPolicy['copies'][number], CopyAnswers>,
  w: Words,
): FormView {
  const { typed, ahead, names } = state
  return ruleForm(
    policyCopy.id,
    w.t('form.copy.title'),
    state,
    [
      { kind: 'note', text: w.say('form.copy.what') },
      overField(typed.over, w.t('field.copy.over'), w),
      ...groupItems(state, w),
      ...obstaclesOf(ahead),
      ...(ahead && 'draft' in ahead
        ? [{ kind: 'text', text: copyLine(ahead.draft, names, w) } as const]
        : []),
      ...todayLine(state.today, names, w),
    ],
    w,
  )
}

const groupAnswers = (group: Group): Pick<CopyAnswers, 'roles' | 'people'> => ({
  ...(group.roles?.length ? { roles: [...group.roles] } : {}),
  ...(group.people?.length ? { people: [...group.people] } : {}),
})

/** The answers that say what a copy is now. */
export const copyAnswers = (copy: DiscountPolicy['copies'][number]): CopyAnswers => ({
  over: number(copy.over)!,
  ...groupAnswers(copy.group),
})

/** The answers that say what an agreement is now. */
export const agreementAnswers = (agreement: DiscountPolicy['agreements'][number]): AgreementAnswers => ({
  over: number(agreement.over)!,
  beside: agreement.beside,
  ...groupAnswers(agreement.group),
  ...(typeof agreement.need === 'string'
    ? { need: agreement.need }
    : { need: 'at_least', at_least: String(agreement.need.atLeast) }),
})
