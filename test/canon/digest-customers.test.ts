import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CustomerCell, GradeOrNone } from '../../src/canon/customers.ts'
import { weakestPart } from '../../src/canon/customers.ts'
import { customerAnomalies } from '../../src/canon/digest-customer-anomaly.ts'
import {
  asksSomething,
  type ByGrade,
  type CustomerWorld,
  customerDigest,
  hasNoCustomers,
} from '../../src/canon/digest-customers.ts'
import type { Handoff } from '../../src/canon/handoff.ts'
import { healthDefaults } from '../../src/canon/policy-health.ts'
import type { RenewalLine } from '../../src/canon/renewal.ts'

const today = '2026-11-23'
const krw = (amount: number) => ({ amount, currency: 'KRW' })
const cell = (csm: string, grade: GradeOrNone, accounts: number, arr: number, currency = 'KRW') =>
  ({ csm, grade, accounts, arr, currency }) satisfies CustomerCell
const renewal = (account: string, renewalOn: string, over: Partial<RenewalLine> = {}): RenewalLine => ({
  account,
  name: account,
  csm: 'jo',
  renewalOn,
  arr: krw(10),
  done: [],
  ...over,
})
const handoff = (over: Partial<Handoff>): Handoff => ({
  id: 'H',
  kind: 'ae-to-cs',
  version: 1,
  status: 'accepted',
  sender: 'ae',
  receiver: 'jo',
  items: {},
  policyVersion: 1,
  openedAt: 0,
  openedBy: 'ae',
  turnSince: 0,
  returns: [],
  milestones: [],
  ...over,
})
const world = (over: Partial<CustomerWorld> = {}): CustomerWorld => ({
  today,
  timeZone: 'Asia/Seoul',
  currency: 'KRW',
  convert: (amount, from) => (from === 'KRW' ? amount : from === 'USD' ? amount * 10 : undefined),
  policy: healthDefaults,
  cells: [],
  moves: [],
  critical: [],
  renewals: [],
  settled: [],
  tasks: [],
  qbrs: [],
  handoffs: [],
  named: 3,
  ...over,
})

describe('the customers of a week', () => {
  it('are added up by grade in one currency; one that no rate joins is counted and in no sum', () => {
    const { apart, grades } = customerDigest(
      world({
        cells: [
          cell('jo', 'critical', 1, 100),
          cell('bo', 'critical', 2, 5, 'USD'),
          cell('bo', 'healthy', 3, 7, 'CHF'),
          cell('bo', 'unknown', 4, 0, ''),
        ],
      }),
    )
    expect(grades.critical).toEqual({ accounts: 3, arr: 150 })
    expect(grades.healthy).toEqual({ accounts: 3, arr: 0 })
    expect(grades.unknown).toEqual({ accounts: 4, arr: 0 })
    expect(apart).toEqual(['CHF'])
  })

  it('renewals fall into the milestones’ windows, on their borders too, and count as done by what is due', () => {
    const { past, windows } = customerDigest(
      world({
        renewals: [
          renewal('past', '2026-11-22'),
          renewal('today', '2026-11-23', { health: { score: 1, grade: 'critical' } }),
          renewal('d30', '2026-12-23', { done: [30] }),
          renewal('d31', '2026-12-24', { done: [90] }),
          renewal('d60', '2027-01-22', { done: [60] }),
          renewal('d90', '2027-02-21'),
          renewal('d180', '2027-05-22', { health: { score: 600, grade: 'at-risk' } }),
        ],
      }),
    )
    expect(past).toEqual({ accounts: 1, arr: 10 })
    expect(windows).toEqual([
      { from: 0, to: 30, accounts: 2, arr: 20, atRisk: 10, acted: 1 },
      { from: 31, to: 60, accounts: 2, arr: 20, atRisk: 0, acted: 1 },
      { from: 61, to: 90, accounts: 1, arr: 10, atRisk: 0, acted: 0 },
      { from: 91, to: 180, accounts: 1, arr: 10, atRisk: 10, acted: 0 },
    ])
  })

  it('names the renewals that are past or near, the oldest first, and so many', () => {
    const { next } = customerDigest(
      world({
        renewals: [
          renewal('far', '2027-02-22'),
          renewal('b', '2026-12-01'),
          renewal('a', '2026-12-01'),
          renewal('past', '2026-11-01'),
          renewal('c', '2027-02-21'),
        ],
      }),
    )
    expect(next.map(({ account }) => account)).toEqual(['past', 'a', 'b'])
    expect(next[0]).toMatchObject({ daysLeft: -22, milestone: 0, done: false })
  })

  it('what was renewed goes on, what was contracted or churned is what is gone', () => {
    const { settled } = customerDigest(
      world({
        settled: [
          { csm: 'jo', outcome: 'renewed', before: krw(10), after: krw(12) },
          { csm: 'jo', outcome: 'contraction', before: krw(10), after: krw(4) },
          { csm: 'jo', outcome: 'churn', before: krw(10), after: krw(0) },
          { csm: 'jo', outcome: 'churn' },
        ],
      }),
    )
    expect(settled).toEqual({
      renewed: { accounts: 1, arr: 12 },
      contraction: { accounts: 1, arr: 6 },
      churn: { accounts: 2, arr: 10 },
    })
  })

  it('what is late: reviews after a week, plans past their day, kickoffs and milestones of accepted handoffs', () => {
    const review = (openedOn: string, grade: 'critical' | 'healthy' = 'critical') => ({
      csm: 'jo',
      health: { grade },
      task: {
        id: openedOn,
        account: 'A',
        kind: 'review',
        version: 1,
        status: 'open',
        openedAt: 0,
        openedOn,
        score: 1,
      } as const,
    })
    const plan = (dueOn: string) => ({
      csm: 'jo',
      health: { grade: 'at-risk' } as const,
      task: { ...review('2026-10-01').task, kind: 'plan', dueOn } as const,
    })
    const accepted = Date.parse('2026-11-20T10:00:00+09:00')
    const milestone = (dueOn: string, doneOn?: string) =>
      ({ day: 30, text: '', owner: 'jo', dueOn, ...(doneOn ? { doneOn } : {}) }) as const
    const { work, expansions } = customerDigest(
      world({
        tasks: [
          review('2026-11-16'),
          review('2026-11-15'),
          review('2026-01-01', 'healthy'),
          plan('2026-11-22'),
          plan('2026-11-23'),
        ],
        qbrs: ['jo', 'jo'],
        handoffs: [
          handoff({ status: 'submitted' }),
          handoff({ acceptedAt: accepted }),
          handoff({ acceptedAt: Date.parse('2026-11-22T10:00:00+09:00') }),
          handoff({ kickoffOn: '2026-10-01', milestones: [milestone('2026-11-22')] }),
          handoff({ kickoffOn: '2026-10-01', milestones: [milestone('2026-11-22', '2026-11-20')] }),
          handoff({ kickoffOn: '2026-10-01', milestones: [milestone('2026-11-23')] }),
          handoff({ kind: 'cs-to-ae', status: 'draft', account: 'B', sender: 'jo' }),
          handoff({ kind: 'cs-to-ae', status: 'accepted', account: 'C', sender: 'jo' }),
        ],
      }),
    )
    expect(work).toEqual({
      reviews: 2,
      reviewsLate: 1,
      plansLate: 1,
      qbrs: 2,
      handoffs: 1,
      kickoffs: 1,
      milestones: 1,
    })
    expect(expansions).toEqual(['B'])
  })

  it('without a customer and without work there is nothing to say; with a red one somebody is asked something', () => {
    const empty = customerDigest(world())
    expect(hasNoCustomers(empty)).toBe(true)
    expect(asksSomething(empty)).toBe(false)
    const well = customerDigest(world({ cells: [cell('jo', 'healthy', 1, 1)] }))
    expect(hasNoCustomers(well)).toBe(false)
    expect(asksSomething(well)).toBe(false)
    expect(asksSomething(customerDigest(world({ cells: [cell('jo', 'critical', 1, 1)] })))).toBe(true)
  })

  it('the lines of the CSMs add up to the whole, in whatever order the record is read', () => {
    const cells = fc.array(
      fc.record({
        csm: fc.constantFrom('jo', 'bo', 'xi'),
        grade: fc.constantFrom('critical', 'at-risk', 'healthy', 'unknown'),
        currency: fc.constantFrom('KRW', 'USD', 'CHF', ''),
        accounts: fc.integer({ min: 1, max: 50 }),
        arr: fc.integer({ min: 0, max: 1_000_000 }),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(cells, cells, (now, then) => {
        const before = then.map((each) => ({ ...each, takenOn: '2026-11-16' }))
        const digest = customerDigest(world({ cells: now, before }))
        const sum = (value: (line: (typeof digest.csms)[number]) => number) =>
          digest.csms.reduce((all, line) => all + value(line), 0)
        const grades = Object.values(digest.grades)
        expect(sum(({ accounts }) => accounts)).toBe(grades.reduce((all, { accounts }) => all + accounts, 0))
        expect(sum(({ arr }) => arr)).toBe(grades.reduce((all, { arr }) => all + arr, 0))
        expect(sum(({ critical }) => critical)).toBe(digest.grades.critical.accounts)
        const turned = customerDigest(world({ cells: now.toReversed(), before: before.toReversed() }))
        expect(turned).toEqual(digest)
      }),
    )
  })
})

describe('what is out of the ordinary among customers', () => {
  const by = (critical: number, risk: number, healthy: number): ByGrade => ({
    critical: { accounts: critical > 0 ? 1 : 0, arr: critical },
    'at-risk': { accounts: risk > 0 ? 1 : 0, arr: risk },
    healthy: { accounts: healthy > 0 ? 1 : 0, arr: healthy },
    unknown: { accounts: 0, arr: 0 },
  })

  it.each([
    [
      'a first red one is new',
      by(0, 100, 900),
      by(50, 150, 800),
      [
        ['critical', undefined],
        ['risk', 100],
      ],
    ],
    ['from yellow to red is told once', by(0, 100, 900), by(100, 0, 900), [['critical', undefined]]],
    [
      'the same customers in both are one sentence',
      by(0, 100, 900),
      by(60, 100, 840),
      [['critical', undefined]],
    ],
    ['29 % are none', by(100, 0, 900), by(129, 0, 871), []],
    ['less than a share of the whole is none', by(10, 0, 990), by(20, 0, 980), []],
    ['a tenth of all ARR is', by(0, 0, 1_000), by(0, 0, 900), [['all', -10]]],
    ['nothing to compare with', by(0, 0, 0), by(0, 0, 900), []],
  ] as const)('%s', (_what, before, now, expected) => {
    const found = customerAnomalies(now, before)
    expect(found.map(({ what, percent }) => [what, percent])).toEqual(expected)
  })
})

describe('what pulls a score down most', () => {
  const part = (component: 'adoption' | 'support', score: number, share: number) => ({
    component,
    score,
    share,
    measuredOn: today,
    ageDays: 0,
    old: false,
  })
  it('is what is missing to the full score, by its weight', () => {
    expect(weakestPart([part('adoption', 300, 700), part('support', 200, 300)])?.component).toBe('adoption')
    expect(weakestPart([part('adoption', 900, 700), part('support', 200, 300)])?.component).toBe('support')
    expect(weakestPart([])).toBeUndefined()
  })
})
