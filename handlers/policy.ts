import { type PolicyDrawings, policyCard } from '../blocks/policy.ts'
import {
  type Ahead,
  answersOf,
  ladderRows,
  noRole,
  type PolicyAnswers,
  policyDiscount,
  policyForm,
} from '../blocks/policy-form.ts'
import { type BasisPoints, parsePercent } from '../src/canon/money.ts'
import { openStages } from '../src/canon/opportunity.ts'
import { type Role, roles } from '../src/canon/people.ts'
import { type DiscountPolicy, type Policy, parsePolicy } from '../src/canon/policy.ts'
import { may } from '../src/canon/visibility.ts'
import type { AuditEntry, Drawing } from '../src/ports.ts'
import { pickAnswers, readAnswers } from './answers.ts'
import { companyEntry, refused } from './company.ts'
import type { Desk, FormEntry, Handler, Outcome } from './desk.ts'
import { say, sentenceOf } from './discount-request.ts'
import { companySubject, drawingFor } from './drawing.ts'

// ── the card ─────────────────────────────────────────────────────────────────

/** The policy is public: everybody may read who may give which discount (users.md 20). */
export async function showPolicy(desk: Desk, notice?: string): Promise<Outcome> {
  const { card, drawings } = policyAsShown(desk, desk.policy, notice)
  return { reply: { kind: 'say', card }, drawings }
}

function policyAsShown(desk: Desk, policy: Policy, notice?: string) {
  const { agreements, copies } = policy.discount
  const draw = (shown: Drawing['shown'] = {}) =>
    drawingFor(desk, companySubject(desk.company), policy.version, shown)
  const mayChange = may(desk.person, 'policy.change', {}, desk.org)
  const whole = draw()
  const agreed = mayChange ? agreements.map((_, at) => draw({ at })) : []
  const copied = mayChange ? copies.map((_, at) => draw({ at })) : []
  const change: PolicyDrawings = {
    whole: whole.id,
    agreements: agreed.map(({ id }) => id),
    copies: copied.map(({ id }) => id),
  }
  const named = [...agreements, ...copies].flatMap((each) => each.group.people ?? [])
  const card = policyCard(
    {
      company: desk.org.company.name,
      policy,
      names: namesIn(desk, named),
      ...(mayChange ? { change } : {}),
      ...(notice ? { notice } : {}),
    },
    desk.words,
  )
  return { card, drawings: [whole, ...agreed, ...copied] }
}

/** The names of these people, for a card or a form. */
export const namesIn = (desk: Desk, people: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    people.flatMap((id) => {
      const name = desk.org.people.get(id)?.name
      return name === undefined ? [] : [[id, name]]
    }),
  )

/** The policy has another version than what was pressed: said, on the policy as it is now. */
export const policyMoved = (desk: Desk): Promise<Outcome> =>
  showPolicy(desk, sentenceOf(desk, { code: 'moved-on' }))

// ── saving ───────────────────────────────────────────────────────────────────

/** One new version with these discount rules, its line in the audit, and the policy as it is then. */
export function savedPolicy(desk: Desk, next: Policy, platform: AuditEntry['platform']) {
  const { card, drawings } = policyAsShown(
    desk,
    next,
    desk.words.t('policy.saved', { version: next.version }),
  )
  const from = desk.policy.version
  return {
    card,
    drawings,
    change: {
      save: [{ noun: 'policy' as const, next, expect: from }],
      audit: [
        companyEntry(desk, 'policy.changed', { from, to: next.version, discount: next.discount }, platform),
      ],
      deliveries: [],
    },
  }
}

/** What a form of the policy begins with: who sends it and whether it still stands on the policy as it is. */
export async function policyDesk(
  desk: Desk,
  gesture: { readonly drawing: string; readonly platform: AuditEntry['platform'] },
  first: string,
): Promise<{ readonly drawing: Drawing } | { readonly outcome: Outcome }> {
  const fail = (sentence: string): Outcome => ({
    reply: { kind: 'field-errors', errors: { [first]: sentence } },
  })
  const no = refused(desk, 'policy.change', 'policy', gesture.platform)
  if (no) return { outcome: { ...no, ...fail(sentenceOf(desk, { code: 'not-allowed', what: 'policy' })) } }
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  // Two administrators at once: the second sees that the rules have moved and keeps what they typed.
  if (drawing?.version !== desk.policy.version)
    return { outcome: fail(sentenceOf(desk, { code: 'moved-on' })) }
  return { drawing }
}

/** A share as it is typed for a limit: a percent, or 0, which as a discount would be none. */
export function readShare(text: string): BasisPoints | undefined {
  if (/^0+(?:[.]0{1,2})?\s*%?$/.test(text.normalize('NFKC').trim())) return 0
  const percent = parsePercent(text)
  return percent.ok ? percent.next : undefined
}

// ── the ladder ───────────────────────────────────────────────────────────────

export const openPolicyForm: Handler<'button'> = async (gesture, desk) => {
  const no = refused(desk, 'policy.change', 'policy', gesture.platform)
  if (no) return no
  const drawing = drawingFor(desk, companySubject(desk.company), desk.policy.version)
  return {
    reply: { kind: 'open', view: ladderView(desk, drawing.id, answersOf(desk.policy)) },
    drawings: [drawing],
  }
}

function ladderView(desk: Desk, drawing: string, typed: Partial<PolicyAnswers>) {
  const answers = readAnswers(policyDiscount, typed as Record<string, string>, desk.words)
  const written = answers.ok ? writtenLadder(answers.values, desk) : undefined
  const ahead: Ahead<DiscountPolicy> =
    written && ('draft' in written ? written : { obstacles: [...new Set(Object.values(written.errors))] })
  return policyForm(
    {
      drawing,
      policy: desk.policy,
      typed,
      ahead,
      ...(ahead && 'draft' in ahead ? { vacant: vacantIn(ahead.draft, desk) } : {}),
    },
    desk.words,
  )
}

/** Levels that nobody could decide on today; the requester's own is nobody's to decide on. */
const vacantIn = ({ rungs }: DiscountPolicy, desk: Desk): Role[] => {
  const active = [...desk.org.people.values()].filter((person) => person.active)
  return rungs
    .slice(1)
    .map((rung) => rung.role)
    .filter((role) => !active.some((person) => person.roles.includes(role)))
}

export const policyEntry: FormEntry = {
  form: policyDiscount,
  change: async (gesture, desk) => ({
    reply: {
      kind: 'redraw',
      view: ladderView(desk, gesture.drawing, pickAnswers(policyDiscount, gesture.answers)),
    },
  }),
  submit: async (gesture, desk) => {
    const answers = readAnswers(policyDiscount, gesture.answers, desk.words)
    if (!answers.ok) return { reply: { kind: 'field-errors', errors: answers.errors } }
    const stands = await policyDesk(desk, gesture, 'role_1')
    if ('outcome' in stands) return stands.outcome
    const written = writtenLadder(answers.values, desk)
    if ('errors' in written) return { reply: { kind: 'field-errors', errors: written.errors } }
    const parsed = parsePolicy({ discount: written.draft }, desk.policy)
    if (!parsed.ok)
      return { reply: { kind: 'field-errors', errors: { role_1: sentenceOf(desk, parsed.refusal) } } }
    const { card, change, drawings } = savedPolicy(desk, parsed.next, gesture.platform)
    return { reply: { kind: 'close', say: card }, change, drawings }
  },
}

/** The answers as the policy they describe, or a sentence at every field that is wrong. */
function writtenLadder(
  values: PolicyAnswers,
  desk: Desk,
): { readonly draft: DiscountPolicy } | { readonly errors: Readonly<Record<string, string>> } {
  const base = desk.policy.discount
  const w = desk.words
  const errors: Record<string, string> = {}
  const wrong = (field: string, sentence: string): undefined => {
    errors[field] ??= sentence
  }
  const share = (field: keyof PolicyAnswers, text: string): BasisPoints =>
    readShare(text) ?? wrong(field, w.t('policy.error.share')) ?? 0

  const rows = ladderRows(base.rungs.length).map(({ role, upTo }) => {
    const chosen = values[role]
    const level = chosen === noRole ? undefined : roles.find((each) => each === chosen)
    if (chosen && chosen !== noRole && !level) wrong(role, w.t('policy.error.option'))
    const text = values[upTo]
    return { role, upTo, level, limit: text ? share(upTo, text) : undefined }
  })
  const last = rows.findLastIndex((row) => row.level)
  const rungs: { role: Role; upTo: BasisPoints | null }[] = []
  for (const [at, row] of rows.entries()) {
    const { level, limit } = row
    // An empty row between others is a level taken off; a limit without anybody is one forgotten.
    if (!level) {
      if (limit !== undefined) wrong(row.role, w.t('policy.error.level-missing'))
      continue
    }
    if (rungs.some((rung) => rung.role === level))
      wrong(row.role, w.t('policy.error.level-twice', { role: w.t(`role.${level}`) }))
    const below = rungs.at(-1)?.upTo
    if (at === last) {
      if (limit !== undefined) wrong(row.upTo, w.t('policy.error.limit-last'))
    } else if (limit === undefined) wrong(row.upTo, w.t('policy.error.limit-missing'))
    else if (typeof below === 'number' && limit <= below)
      wrong(row.upTo, w.t('policy.error.limit-order', { below: w.percent(below) }))
    rungs.push({ role: level, upTo: at === last ? null : (limit ?? null) })
  }
  if (last < 0) wrong('role_1', w.t('policy.error.level-first'))
  for (const { beside, over } of base.agreements)
    if (!rungs.some((rung) => rung.role === beside)) {
      const stood = base.rungs.findIndex((rung) => rung.role === beside)
      wrong(
        rows[stood]?.role ?? 'role_1',
        w.t('policy.error.beside', { role: w.t(`role.${beside}`), over: w.percent(over) }),
      )
    }

  const exceptionOver = share('exception_over', values.exception_over)
  const averageTarget = share('average_target', values.average_target)
  const entryStage = openStages.find((stage) => stage === values.entry_stage)
  if (!entryStage) wrong('entry_stage', w.t('policy.error.option'))
  const hours = (field: 'remind_after' | 'escalate_after'): number => {
    const number = readNumber(values[field], /^\d{1,4}(?:[.]\d{1,2})?$/)
    return number !== undefined && number > 0 && number <= 2_400
      ? number
      : (wrong(field, w.t('policy.error.hours')) ?? 0)
  }
  const remind = hours('remind_after')
  const escalate = hours('escalate_after')
  if (escalate <= remind) wrong('escalate_after', w.t('policy.error.escalate', { remind }))
  const days = readNumber(values.expire_after, /^\d{1,3}$/)
  if (days === undefined || days < 1 || days > 365) wrong('expire_after', w.t('policy.error.days'))
  if (Object.keys(errors).length > 0 || !entryStage || days === undefined) return { errors }
  return {
    draft: {
      ...base,
      rungs,
      exceptionOver,
      averageTarget,
      entryStage,
      remindAfterWorkingHours: remind,
      escalateAfterWorkingHours: escalate,
      expireAfterDays: days,
    },
  }
}

/** A number as it is typed, full-width digits included (B5.39); `undefined` where it has another shape. */
export function readNumber(text: string, shape: RegExp): number | undefined {
  const plain = text.normalize('NFKC').trim()
  return shape.test(plain) ? Number(plain) : undefined
}

/** Presses of a rule that is not where the card showed it any more. */
export const ruleGone = (desk: Desk): Outcome => say(desk, { code: 'out-of-date' })
