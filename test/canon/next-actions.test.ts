import { describe, expect, it } from 'vitest'
import type { Contact } from '../../src/canon/contact.ts'
import { open } from '../../src/canon/discount.ts'
import type { Handoff } from '../../src/canon/handoff.ts'
import { type NextActionsWorld, nextActions } from '../../src/canon/next-actions.ts'
import type { Opportunity } from '../../src/canon/opportunity.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { askOf, day, dealOf, granted, monday, orgOf, worldOf } from './world.ts'

const champion: Contact = {
  id: 'C-1',
  account: 'A-1',
  name: 'Lee',
  role: 'champion',
  lastContactedAt: monday - 3 * day,
  version: 1,
}
/** A deal about which there is nothing to say but that it can go on. */
const well: Opportunity = dealOf({
  stage: 'S3',
  stageEnteredOn: '2026-10-20',
  expectedCloseOn: '2026-12-20',
  meddicc: {
    metrics: 'm',
    identify_pain: 'i',
    champion: 'Lee',
    decision_criteria: 'c',
    economic_buyer: 'Kim',
  },
  evidence: { first_meeting: '2026-09-01', demo: '2026-10-01', proposal: '2026-10-30' },
})
const world = (more: Partial<NextActionsWorld> = {}): NextActionsWorld => ({
  now: monday,
  org: orgOf(),
  policy: defaultPolicy,
  contacts: [champion],
  activities: [
    { id: 'X', deal: 'D-1', kind: 'call', happenedAt: monday - day, loggedAt: monday - day, contact: 'C-1' },
  ],
  handoffs: [],
  ...more,
})
const actions = (deal: Partial<Opportunity>, more: Partial<NextActionsWorld> = {}) =>
  nextActions({ ...well, ...deal }, world(more))
const handoff: Handoff = {
  id: 'H-1',
  kind: 'ae-to-cs',
  version: 1,
  status: 'submitted',
  sender: 'mina',
  receiver: 'cara',
  items: {},
  policyVersion: 1,
  openedAt: monday - 3 * day,
  openedBy: 'system',
  turnSince: monday - 3 * day,
  returns: [],
  milestones: [],
}

it('a deal that is well may advance, and nothing else is said', () => {
  expect(actions({})).toEqual([{ code: 'advance', risk: false, to: 'S4' }])
})

describe('each rule says why', () => {
  it.each<[string, Partial<Opportunity>, Partial<NextActionsWorld>, object]>([
    [
      'no change of stage for over 30 days',
      { stageEnteredOn: '2026-10-02' },
      {},
      { code: 'stalled', risk: true, days: 31, critical: false },
    ],
    ['the same at 60', { stageEnteredOn: '2026-09-03' }, {}, { code: 'stalled', days: 60, critical: true }],
    [
      'a close date in the past',
      { expectedCloseOn: '2026-10-30' },
      {},
      { code: 'fix-close-date', risk: true, days: 3 },
    ],
    [
      'a champion who left',
      {},
      { contacts: [{ ...champion, leftOn: '2026-11-01' }] },
      { code: 'requalify-champion', contact: 'C-1', leftOn: '2026-11-01' },
    ],
    [
      'a champion nobody spoke with for over 30 days',
      {},
      { contacts: [{ ...champion, lastContactedAt: monday - 31 * day }] },
      { code: 'contact-champion', risk: true, days: 31 },
    ],
    [
      'a gate of the stage it is in',
      { meddicc: { ...well.meddicc, metrics: '' } },
      {},
      { code: 'fill-gates', stage: 'S3', fields: ['metrics'] },
    ],
    [
      'what the next gate asks for',
      { meddicc: { ...well.meddicc, economic_buyer: '' } },
      {},
      { code: 'prepare-gate', to: 'S4', fields: ['economic_buyer'] },
    ],
    ['a flagged discount', { discountFlagged: true }, {}, { code: 'review-discount', risk: true }],
    ['no activity for a week', {}, { activities: [] }, { code: 'plan-next-step', risk: false }],
    [
      'a handoff that waits',
      {},
      { handoffs: [{ ...handoff, escalatedAt: monday }] },
      { code: 'finish-handoff', risk: true, people: ['cara'], days: 3 },
    ],
  ])('%s', (_name, deal, more, expected) => {
    expect(actions(deal, more)).toContainEqual(expect.objectContaining(expected))
  })

  it.each([30, 29])('%s days are not over 30', (days) => {
    const since = new Date(Date.UTC(2026, 10, 2) - days * day).toISOString().slice(0, 10)
    expect(actions({ stageEnteredOn: since }).map(({ code }) => code)).not.toContain('stalled')
  })

  it('gate debt is named once, as owed: overdue it is a risk', () => {
    const debt = { gate: 'demo', stage: 'S3', reason: 'r', by: 'seojun', at: monday } as const
    const owing = { evidence: { first_meeting: '2026-09-01', proposal: '2026-10-30' } }
    const ahead = actions({ ...owing, gateDebt: [{ ...debt, until: '2026-11-09' }] })
    expect(ahead.map(({ code, risk }) => [code, risk])).toEqual([
      ['pay-gate-debt', false],
      ['advance', false],
    ])
    const late = actions({ ...owing, gateDebt: [{ ...debt, until: '2026-11-01' }] })
    expect(late[0]).toMatchObject({ code: 'pay-gate-debt', risk: true, overdue: true })
  })

  it('a pending discount says whom it waits for, a countered one asks for the answer', () => {
    const request = granted(open(askOf(1_500), worldOf())).next
    expect(actions({}, { discount: request })).toContainEqual({
      code: 'await-approval',
      risk: false,
      request: 'R-1',
      people: ['seojun'],
      days: 0,
    })
    expect(actions({}, { discount: { ...request, status: 'countered' } })[0]?.code).toBe('answer-counter')
  })

  it('a planned activity is a next step', () => {
    const planned = { id: 'Y', kind: 'demo', happenedAt: monday + day, loggedAt: monday } as const
    expect(actions({}, { activities: [planned] }).map(({ code }) => code)).not.toContain('plan-next-step')
  })
})

it('a closed deal has only its handoff to finish: accepted without a kickoff, that is scheduled', () => {
  const closed = { stage: 'CW' as const, expectedCloseOn: '2026-01-01' }
  expect(actions(closed)).toEqual([])
  expect(actions(closed, { handoffs: [{ ...handoff, status: 'accepted' }] })).toEqual([
    { code: 'schedule-kickoff', risk: false, handoff: 'H-1' },
  ])
})
