import { describe, expect, it } from 'vitest'
import type { GradeChange } from '../../src/canon/health.ts'
import {
  closeReview,
  csManagersOf,
  type HealthTask,
  healthOwner,
  makePlan,
  planAsks,
  reopenReview,
  reviewPresses,
  sponsorFor,
  tasksAfter,
} from '../../src/canon/health-task.ts'
import { healthDefaults } from '../../src/canon/policy-health.ts'
import { orgOf, person, staff } from './world.ts'

const org = orgOf()
const account = { id: 'A', csm: 'cara', ae: 'mina' }
let made = 0
const world = { org, policy: healthDefaults, newId: () => `T${++made}` }
const change = (to: GradeChange['to'], from?: GradeChange['to']): GradeChange => ({
  account: 'A',
  at: 1,
  on: '2026-11-20',
  to,
  score: 450,
  ...(from ? { from } : {}),
})
const plan: HealthTask = {
  id: 'P',
  account: 'A',
  kind: 'plan',
  version: 1,
  status: 'open',
  openedAt: 1,
  openedOn: '2026-11-20',
  score: 620,
  dueOn: '2026-12-20',
}
const review: HealthTask = {
  id: 'R',
  account: 'A',
  kind: 'review',
  version: 1,
  status: 'open',
  openedAt: 1,
  openedOn: '2026-11-20',
  score: 450,
  sponsor: 'dohyun',
}

describe('what a grade asks', () => {
  it('red opens a review that proposes the executive sponsor', () => {
    const [step, ...rest] = tasksAfter(change('critical', 'healthy'), {}, account, world)
    expect(rest).toEqual([])
    expect(step?.next).toMatchObject({ kind: 'review', status: 'open', sponsor: 'dohyun', score: 450 })
    expect(step?.fact).toEqual({ fact: 'review-opened', score: 450, sponsor: 'dohyun' })
  })

  it('yellow opens a plan that is due within 30 days, whether it comes from green, red or nowhere', () => {
    for (const from of ['healthy', 'critical', undefined] as const) {
      const [step] = tasksAfter(change('at-risk', from), {}, account, world)
      expect(step?.next).toMatchObject({ kind: 'plan', dueOn: '2026-12-20' })
    }
  })

  it('a review stays open whatever the score does; a plan has had its time once the account is not yellow', () => {
    const healthy = tasksAfter(change('healthy', 'critical'), { review, plan }, account, world)
    expect(healthy.map((step) => step.fact)).toEqual([{ fact: 'plan-ended', why: 'healthy' }])
    const red = tasksAfter(change('critical', 'at-risk'), { review, plan }, account, world)
    expect(red.map((step) => step.next.id)).toEqual(['P'])
    expect(red[0]?.next).toMatchObject({ status: 'closed', closedWhy: 'critical', version: 2 })
  })
})

describe('who', () => {
  it('the sponsor is the account’s own, else the highest leader above its CSM, else above its AE', () => {
    expect(sponsorFor({ ...account, executiveSponsor: 'yuna' }, org)).toBe('yuna')
    expect(sponsorFor({ id: 'A', ae: 'mina' }, org)).toBe('dohyun')
    const gone = orgOf(staff, { yuna: { active: false }, dohyun: { active: false } })
    expect(sponsorFor({ id: 'A', ae: 'mina', executiveSponsor: 'yuna' }, gone)).toBeUndefined()
  })

  it('the CS Manager is the one in the CSM’s line, else everybody with the role', () => {
    expect(csManagersOf(account, org)).toEqual(['carl'])
    const more = orgOf([...staff, person('bo', ['cs_manager']), person('cleo', ['csm'])])
    expect(csManagersOf({ id: 'A', csm: 'cleo' }, more)).toEqual(['bo', 'carl'])
    expect(csManagersOf({ id: 'A', csm: 'cara' }, orgOf(staff, { carl: { active: false } }))).toEqual([])
  })

  it('the CSM acts first; without one a CS Manager, else the AE, else nobody', () => {
    expect(healthOwner(account, org)).toBe('cara')
    expect(healthOwner({ id: 'A', ae: 'mina' }, org)).toBe('carl')
    const none = orgOf(staff, { carl: { active: false }, cara: { active: false } })
    expect(healthOwner(account, none)).toBe('mina')
    expect(healthOwner({ id: 'A' }, none)).toBeUndefined()
  })
})

describe('a review', () => {
  it('is closed with an action, once; the second one hears by whom', () => {
    const closed = closeReview(review, { by: 'cara', at: 9, action: 'Called', sponsor: 'yuna' })
    if (!closed.ok) throw new Error('refused')
    expect(closed.next.next).toMatchObject({
      status: 'closed',
      action: 'Called',
      sponsor: 'yuna',
      closedBy: 'cara',
    })
    expect(closeReview(closed.next.next, { by: 'carl', at: 10, action: 'x' })).toMatchObject({
      refusal: { code: 'already-settled', by: 'cara', at: 9 },
    })
    expect(closeReview(review, { by: 'cara', at: 9, action: '  ' })).toMatchObject({
      refusal: { code: 'text-missing' },
    })
    const again = reopenReview(closed.next.next, { by: 'carl' }, {})
    expect(again).toMatchObject({ next: { next: { status: 'open', action: 'Called', version: 3 } } })
    expect(reopenReview(closed.next.next, { by: 'carl' }, { review })).toMatchObject({
      refusal: { code: 'moved-on' },
    })
    expect(reopenReview(review, { by: 'carl' }, {})).toMatchObject({ refusal: { code: 'moved-on' } })
  })

  it('presses while it is open and the account is red', () => {
    expect(reviewPresses(review, { grade: 'critical' })).toBe(true)
    expect(reviewPresses(review, { grade: 'at-risk' })).toBe(false)
    expect(reviewPresses({ ...review, status: 'closed' }, { grade: 'critical' })).toBe(false)
  })
})

describe('a plan', () => {
  const act = { by: 'cara', at: 9, today: '2026-11-25', plan: 'Train the users' }

  it('is asked for, more urgently when it is due, and not while there is one', () => {
    const asks = (day: string, task = plan) => planAsks(task, 'at-risk', day)
    expect(asks('2026-11-20')).toBe('make')
    expect(asks('2026-12-12')).toBe('make')
    expect(asks('2026-12-13')).toBe('soon')
    expect(asks('2026-12-20')).toBe('soon')
    expect(asks('2026-12-21')).toBe('overdue')
    const planned = { ...plan, action: 'x', plannedUntil: '2027-01-10' }
    expect(asks('2027-01-09', planned)).toBeUndefined()
    expect(asks('2027-01-10', planned)).toBe('check')
    expect(planAsks(plan, 'healthy', '2026-12-21')).toBeUndefined()
    expect(asks('2026-12-21', { ...plan, status: 'closed' })).toBeUndefined()
  })

  it('has a day ahead and words, and may be replaced by another', () => {
    expect(makePlan(plan, { ...act, until: '2026-11-25' })).toMatchObject({
      refusal: { code: 'day-not-ahead' },
    })
    expect(makePlan(plan, { ...act, plan: ' ', until: '2026-12-25' })).toMatchObject({
      refusal: { code: 'text-missing' },
    })
    const first = makePlan(plan, { ...act, until: '2026-12-25' })
    if (!first.ok) throw new Error('refused')
    expect(first.next.next).toMatchObject({
      action: 'Train the users',
      plannedUntil: '2026-12-25',
      version: 2,
    })
    const second = makePlan(first.next.next, { ...act, plan: 'More', until: '2027-01-25' })
    expect(second).toMatchObject({ ok: true, next: { next: { action: 'More', version: 3 } } })
    expect(makePlan({ ...plan, status: 'closed' }, { ...act, until: '2026-12-25' })).toMatchObject({
      refusal: { code: 'already-settled' },
    })
  })
})
