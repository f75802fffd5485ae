import { describe, expect, it } from 'vitest'
import { refusalSentence } from '../../blocks/refusal.ts'
import { wordsFor } from '../../blocks/words/index.ts'
import { locales } from '../../src/canon/people.ts'
import type { Refusal } from '../../src/canon/refusal.ts'
import type { Asked, Missing } from '../../src/canon/stage.ts'

const at = Date.UTC(2026, 10, 20, 1, 2)

const missing = (field: Asked): Missing => ({ field, stage: 'S4', overridable: true })

/** One of each code, by the type: a new refusal without an example here does not compile. */
const examples: { readonly [code in Refusal['code']]: readonly Extract<Refusal, { code: code }>[] } = {
  'own-request': [{ code: 'own-request' }],
  'not-your-step': [
    { code: 'not-your-step', waitingFor: [] },
    { code: 'not-your-step', waitingFor: ['a', 'b'] },
  ],
  'approved-earlier-rung': [{ code: 'approved-earlier-rung' }],
  'already-decided-by-you': [
    { code: 'already-decided-by-you', at, verdict: 'approve' },
    { code: 'already-decided-by-you', at, verdict: 'reject' },
    { code: 'already-decided-by-you', at, verdict: 'counter' },
  ],
  'already-settled': [
    { code: 'already-settled', status: 'approved' },
    { code: 'already-settled', status: 'expired', at },
    { code: 'already-settled', status: 'rejected', by: 'a', at },
    { code: 'already-settled', status: 'something-new', by: 'gone', at },
  ],
  'moved-on': [{ code: 'moved-on' }],
  expired: [{ code: 'expired', at }],
  'deal-closed': [
    { code: 'deal-closed', stage: 'CL' },
    { code: 'deal-closed', stage: 'constructor' },
  ],
  'stage-too-early': [{ code: 'stage-too-early', stage: 'S2', needed: 'S4' }],
  'missing-approver': [{ code: 'missing-approver', role: 'vp_sales' }],
  'over-your-authority': [{ code: 'over-your-authority', upTo: 2000 }],
  'counter-not-lower': [{ code: 'counter-not-lower', asked: 3200 }],
  'no-counter-open': [{ code: 'no-counter-open' }],
  'not-the-requester': [{ code: 'not-the-requester' }],
  'not-allowed': [{ code: 'not-allowed', what: 'company.administer' }],
  'not-found': [
    { code: 'not-found', what: 'deal' },
    { code: 'not-found', what: 'discount' },
    { code: 'not-found', what: 'person' },
    { code: 'not-found', what: 'toString' },
    { code: 'not-found', what: '한빛 <!channel>' },
  ],
  'not-linked': [{ code: 'not-linked' }],
  'not-bound': [{ code: 'not-bound' }],
  outsider: [{ code: 'outsider' }],
  inactive: [{ code: 'inactive' }],
  'list-amount-missing': [{ code: 'list-amount-missing' }],
  'reason-missing': [{ code: 'reason-missing' }],
  'text-missing': [{ code: 'text-missing' }],
  'justification-missing': [{ code: 'justification-missing', over: 3000 }],
  'discount-out-of-range': [{ code: 'discount-out-of-range' }],
  'not-a-percent': [{ code: 'not-a-percent', text: '1e309\n\u202E' }],
  'not-an-amount': [{ code: 'not-an-amount', text: '많이', currency: 'KRW' }],
  'bad-date': [{ code: 'bad-date', text: '2026-02-31' }],
  'dates-out-of-order': [{ code: 'dates-out-of-order' }],
  'delegation-loop': [{ code: 'delegation-loop' }],
  'delegate-is-self': [{ code: 'delegate-is-self' }],
  'unfit-approver': (['inactive', 'requester', 'authority', 'already-involved'] as const).map((why) => ({
    code: 'unfit-approver' as const,
    person: 'a',
    why,
    level: 'vp_sales' as const,
  })),
  'out-of-date': [{ code: 'out-of-date' }],
  'too-many': [
    { code: 'too-many', seconds: 0.4 },
    { code: 'too-many', seconds: 12 },
  ],
  'same-key-other-body': [{ code: 'same-key-other-body' }],
  'unknown-button': [{ code: 'unknown-button' }],
  'policy-invalid': [{ code: 'policy-invalid', at: 'rungs[1].upTo', why: 'must grow' }],
  'gates-missing': [
    { code: 'gates-missing', to: 'S4', missing: [missing('proposal'), missing('champion')], allowed: [] },
    { code: 'gates-missing', to: 'CW', missing: [missing('contract_signed')], allowed: ['S2', 'CL'] },
  ],
  'no-such-move': [
    { code: 'no-such-move', from: 'CL', to: 'CW', allowed: [] },
    { code: 'no-such-move', from: 'CW', to: 'CL', allowed: ['S5'] },
    { code: 'no-such-move', from: 'S3', to: 'S3', allowed: [] },
  ],
  'reopen-needs-manager': [{ code: 'reopen-needs-manager' }],
  'override-needs-manager': [{ code: 'override-needs-manager' }],
  'never-overridden': [{ code: 'never-overridden', fields: ['contract_signed', 'owner'] }],
  'close-date-past': [{ code: 'close-date-past', text: '2026-01-01' }],
  'day-not-ahead': [{ code: 'day-not-ahead', text: '2026-11-01' }],
  'day-still-ahead': [{ code: 'day-still-ahead', field: 'demo', text: '2027-01-01' }],
  'unknown-loss-reason': [
    { code: 'unknown-loss-reason', field: 'loss_reason', text: 'weather', near: [] },
    { code: 'unknown-loss-reason', field: 'loss_reason_detail', text: 'prise', near: ['price'] },
  ],
  'handoff-items-missing': [{ code: 'handoff-items-missing', items: ['pain', 'kickoff_on'] }],
  'no-receiver': [{ code: 'no-receiver', kind: 'ae-to-cs', role: 'csm' }],
  'unfit-receiver': (['inactive', 'role', 'sender'] as const).map((why) => ({
    code: 'unfit-receiver' as const,
    person: 'a',
    why,
  })),
  'not-the-receiver': [
    { code: 'not-the-receiver', receivers: [] },
    { code: 'not-the-receiver', receivers: ['a', 'b'] },
  ],
  'not-the-sender': [{ code: 'not-the-sender', sender: 'a' }],
  'handoff-not-waiting': (['draft', 'submitted', 'returned', 'accepted', 'withdrawn'] as const).map(
    (status) => ({ code: 'handoff-not-waiting' as const, status }),
  ),
  'handoff-under-way': [{ code: 'handoff-under-way', handoff: 'H-1' }],
  'handoff-needs-won-deal': [{ code: 'handoff-needs-won-deal', stage: 'S4' }],
  'lead-not-live': [{ code: 'lead-not-live', status: 'recycled' }],
  'kickoff-first': [{ code: 'kickoff-first' }, { code: 'kickoff-first', kickoffOn: '2026-12-01' }],
  'rating-out-of-range': [{ code: 'rating-out-of-range' }],
  'no-such-milestone': [{ code: 'no-such-milestone' }],
  'no-renewal': [{ code: 'no-renewal' }],
  'renewal-settled': [{ code: 'renewal-settled', outcome: 'churn', by: 'a', at }],
  'renewal-milestone-done': [{ code: 'renewal-milestone-done', by: 'a', at }],
  'renewal-not-later': [{ code: 'renewal-not-later', renewalOn: '2026-12-01' }],
  'arr-missing': [{ code: 'arr-missing' }],
  'contraction-not-lower': [{ code: 'contraction-not-lower', amount: 1_000, currency: 'KRW' }],
  'renewed-is-lower': [{ code: 'renewed-is-lower', amount: 1_000, currency: 'KRW' }],
  'no-outcome': [{ code: 'no-outcome' }],
  'renewal-moved-on': [{ code: 'renewal-moved-on' }],
  'qbr-still-ahead': [{ code: 'qbr-still-ahead', heldOn: '2026-12-01' }],
}

const naming = { names: { a: '김민준', b: 'Ann' }, timeZone: 'Asia/Seoul' }
const all = Object.values(examples).flat()

describe.each(locales)('in %s', (locale) => {
  const w = wordsFor(locale)

  it.each(all.map((refusal) => [JSON.stringify(refusal), refusal] as const))(
    '%s is one whole sentence',
    (_name, refusal) => {
      const sentence = refusalSentence(refusal, w, naming)
      expect(sentence).not.toMatch(/\{\{|undefined|NaN|refusal\.|[\u0001\u0002\u202e\n]/)
      expect(sentence).toMatch(/[.?]$/)
      expect(sentence.length).toBeLessThan(300)
    },
  )

  it('no two refusals say the same', () => {
    const sentences = all.map((refusal) => refusalSentence(refusal, w, naming))
    expect(new Set(sentences).size).toBe(sentences.length)
  })
})

it('B5.1 the second click is told when the first one counted', () => {
  const refusal: Refusal = { code: 'already-decided-by-you', at, verdict: 'approve' }
  expect(refusalSentence(refusal, wordsFor('en'), naming)).toContain('already approved this (Nov 20, 10:02)')
  expect(refusalSentence(refusal, wordsFor('ko'), naming)).toContain('11월 20일 10:02에 승인하셨습니다')
})

it('whose turn it is, is said with 님 after each name in Korean', () => {
  const refusal: Refusal = { code: 'not-your-step', waitingFor: ['a', 'b'] }
  expect(refusalSentence(refusal, wordsFor('ko'), naming)).toContain('김민준님, Ann님의 결정')
})
