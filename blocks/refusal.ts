import { stages } from '../src/canon/opportunity.ts'
import type { Refusal } from '../src/canon/refusal.ts'
import type { Names } from './discount.ts'
import { nameOf, peopleOf } from './names.ts'
import { dealRefusalSentence } from './refusal-deal.ts'
import { isRenewalRefusal, renewalRefusalSentence } from './refusal-renewal.ts'
import { theirs } from './text.ts'
import type { Words } from './words/index.ts'

/** What a refusal's sentence may have to name. */
export interface Naming {
  readonly names: Names
  readonly timeZone: string
}

/** The one sentence of a refusal: what happened, what was kept, what to do. May hold names; show it literally. */
export function refusalSentence(refusal: Refusal, w: Words, { names, timeZone }: Naming): string {
  switch (refusal.code) {
    case 'own-request':
    case 'approved-earlier-rung':
    case 'moved-on':
    case 'no-counter-open':
    case 'not-the-requester':
    case 'not-linked':
    case 'not-bound':
    case 'outsider':
    case 'inactive':
    case 'list-amount-missing':
    case 'reason-missing':
    case 'discount-out-of-range':
    case 'text-missing':
    case 'dates-out-of-order':
    case 'delegation-loop':
    case 'delegate-is-self':
    case 'out-of-date':
    case 'same-key-other-body':
    case 'unknown-button':
      return w.t(`refusal.${refusal.code}`)
    case 'not-your-step':
      return refusal.waitingFor.length === 0
        ? w.t('refusal.not-your-step')
        : w.t('refusal.not-your-step.waiting', { names: peopleOf(refusal.waitingFor, names, w) })
    case 'already-decided-by-you':
      return w.t(`refusal.already-decided-by-you.${refusal.verdict}`, { at: w.moment(refusal.at, timeZone) })
    case 'already-settled': {
      const status = settledWord(refusal.status, w)
      if (refusal.at === undefined) return w.t('refusal.already-settled', { status })
      const at = w.moment(refusal.at, timeZone)
      return refusal.by === undefined
        ? w.t('refusal.already-settled.at', { status, at })
        : w.t('refusal.already-settled.by', { status, at, name: nameOf(refusal.by, names, w) })
    }
    case 'expired':
      return w.t('refusal.expired', { at: w.moment(refusal.at, timeZone) })
    case 'deal-closed':
      return w.t('refusal.deal-closed', { stage: stageWord(refusal.stage, w) })
    case 'stage-too-early':
      return w.t('refusal.stage-too-early', {
        stage: stageWord(refusal.stage, w),
        needed: stageWord(refusal.needed, w),
      })
    case 'missing-approver':
      return w.t('refusal.missing-approver', { role: w.t(`role.${refusal.role}`) })
    case 'over-your-authority':
      return w.t('refusal.over-your-authority', { limit: w.percent(refusal.upTo) })
    case 'counter-not-lower':
      return w.t('refusal.counter-not-lower', { asked: w.percent(refusal.asked) })
    case 'not-allowed':
      return w.t('refusal.not-allowed')
    case 'not-found':
      return isThing(refusal.what)
        ? w.t(`refusal.not-found.${refusal.what}`)
        : w.t('refusal.not-found', { what: theirs(refusal.what) })
    case 'justification-missing':
      return w.t('refusal.justification-missing', { over: w.percent(refusal.over) })
    case 'not-a-percent':
      return w.t('refusal.not-a-percent', { text: theirs(refusal.text, 40) })
    case 'not-an-amount':
      return w.t('refusal.not-an-amount', { text: theirs(refusal.text, 40), currency: refusal.currency })
    case 'unfit-approver': {
      const name = nameOf(refusal.person, names, w)
      return refusal.why === 'authority'
        ? w.t('refusal.unfit-approver.authority', { name, role: w.t(`role.${refusal.level}`) })
        : w.t(`refusal.unfit-approver.${refusal.why}`, { name })
    }
    case 'bad-date':
      return w.t('refusal.bad-date', { text: theirs(refusal.text, 40) })
    case 'too-many':
      return w.t('refusal.too-many', { count: Math.max(1, Math.ceil(refusal.seconds)) })
    case 'policy-invalid':
      return w.t('refusal.policy-invalid', { at: theirs(refusal.at), why: theirs(refusal.why, 200) })
    default:
      if (isRenewalRefusal(refusal)) return renewalRefusalSentence(refusal, w, { names, timeZone })
      return dealRefusalSentence(refusal, w, names)
  }
}

const things = {
  deal: true,
  discount: true,
  person: true,
  drawing: true,
  company: true,
  handoff: true,
  lead: true,
  account: true,
  contact: true,
} as const
const isThing = (what: string): what is keyof typeof things => Object.hasOwn(things, what)

function settledWord(status: string, w: Words): string {
  switch (status) {
    case 'approved':
    case 'rejected':
    case 'withdrawn':
    case 'expired':
    case 'voided':
    case 'superseded':
      return w.t(`settled.${status}`)
    default:
      return w.t('settled.other')
  }
}

function stageWord(stage: string, w: Words): string {
  const known = stages.find((each) => each === stage)
  return known ? w.t(`stage.${known}`) : stage
}
