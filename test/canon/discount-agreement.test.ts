import { describe, expect, it } from 'vitest'
import { type DiscountWorld, mayDecide, tick } from '../../src/canon/discount.ts'
import {
  approvedBy,
  at,
  away,
  codeOf,
  dealOf,
  drawn,
  opened,
  policyOf,
  ruled,
  ticked,
  went,
  withPeople,
  worldOf,
} from './world.ts'

describe('agreements (합의)', () => {
  const finance = { over: 2000, beside: 'vp_sales', group: { roles: ['finance'] as const } } as const
  const world = (need: 'any' | 'all' | { atLeast: number }, group: object = finance.group) =>
    worldOf({ policy: policyOf({ agreements: [{ ...finance, group, need }] }) })
  const atVp = (w: DiscountWorld) => approvedBy(opened(2500, w), 'seojun', w)

  it('are open beside their rung, and both are needed', () => {
    const w = world('any')
    const request = atVp(w)
    expect(mayDecide(request, w)).toEqual(['yuna', 'fin1', 'fin2', 'cfo'])
    expect(approvedBy(request, 'yuna', w).status).toBe('pending')
    expect(approvedBy(approvedBy(request, 'yuna', w), 'fin2', w).status).toBe('approved')
    expect(approvedBy(approvedBy(request, 'fin2', w), 'yuna', w).status).toBe('approved')
  })

  it('of any: the first counts, the others are told it is done', () => {
    const w = world('any')
    const request = approvedBy(atVp(w), 'fin1', w)
    expect(codeOf(ruled(request, 'fin2', { act: 'approve' }, w))).toBe('not-your-step')
  })

  it.each([
    ['all', ['fin1', 'fin2', 'cfo']],
    [{ atLeast: 2 }, ['cfo', 'fin1']],
  ] as const)('of %j: needs %j', (need, people) => {
    const w = world(need)
    let request = approvedBy(atVp(w), 'yuna', w)
    for (const id of people) {
      expect(request.status).toBe('pending')
      request = approvedBy(request, id, w)
    }
    expect(request.status).toBe('approved')
  })

  it('one no ends the request', () => {
    const w = world({ atLeast: 2 })
    expect(went(atVp(w), 'fin1', { act: 'reject', reason: 'margin' }, w).status).toBe('rejected')
  })

  it('a counter under their threshold needs them no more', () => {
    const w = world('all')
    const some = approvedBy(atVp(w), 'fin1', w)
    const request = went(
      went(some, 'yuna', { act: 'counter', discount: 1500 }, w),
      'mina',
      { act: 'accept-counter' },
      w,
    )
    expect([request.status, drawn(request).at(-1)]).toEqual([
      'approved',
      '2 agreement vp_sales: fin1 fin2 cfo (not-needed)',
    ])
  })

  it('a counter over it still needs them', () => {
    const w = world('any')
    const request = went(
      went(atVp(w), 'yuna', { act: 'counter', discount: 2200 }, w),
      'mina',
      { act: 'accept-counter' },
      w,
    )
    expect([request.status, mayDecide(request, w)]).toEqual(['pending', ['fin1', 'fin2', 'cfo']])
  })

  it('a counter from the group leaves the rungs to decide', () => {
    const w = world('any')
    const request = went(
      went(atVp(w), 'fin1', { act: 'counter', discount: 2200 }, w),
      'mina',
      { act: 'accept-counter' },
      w,
    )
    expect([request.status, mayDecide(request, w)]).toEqual(['pending', ['yuna']])
  })

  it('membership is read at the click', () => {
    const w = world('any')
    const moved = withPeople(w, { fin1: { roles: ['marketing'] } })
    expect(codeOf(ruled(atVp(w), 'fin1', { act: 'approve' }, moved))).toBe('over-your-authority')
  })

  it('B5.8 members who leave are let go; too few are filled up or reported', () => {
    const w = world('all')
    const request = atVp(w)
    const left = withPeople(w, { fin2: { active: false } })
    const some = ticked(request, left).next
    expect(some.steps[2]).toMatchObject({ people: ['fin1', 'cfo'] })
    const rest = approvedBy(approvedBy(approvedBy(some, 'yuna', left), 'fin1', left), 'cfo', left)
    expect(rest.status).toBe('approved')

    const two = world({ atLeast: 2 }, { people: ['fin1', 'fin2'] })
    const gone = withPeople(two, { fin2: { active: false } })
    expect(ticked(atVp(two), gone).facts).toEqual([{ fact: 'noticed', code: 'missing-approver' }])
  })

  it('B5.8 the group is done when the one it still waited for leaves', () => {
    const w = world('all')
    const request = approvedBy(approvedBy(approvedBy(atVp(w), 'yuna', w), 'fin1', w), 'cfo', w)
    const result = ticked(request, withPeople(w, { fin2: { active: false } }))
    expect([result.next.status, result.facts.at(-1)]).toEqual(['approved', { fact: 'approved' }])
  })

  it('nor does somebody whose own step is still to come', () => {
    const early = policyOf({ agreements: [{ ...finance, beside: 'sales_manager', need: 'all' }] })
    const w = withPeople(worldOf({ policy: early }), { fin1: away('yuna') })
    expect(mayDecide(opened(2500, w), w)).toEqual(['seojun', 'fin1', 'fin2', 'cfo'])
    expect(codeOf(ruled(opened(2500, w), 'yuna', { act: 'approve' }, w))).toBe('not-your-step')
  })

  it('after 48 working hours the members’ managers may agree as well, but never the requester', () => {
    const w = withPeople(
      worldOf({
        deal: dealOf({ owner: 'yuna' }),
        policy: policyOf({ agreements: [{ ...finance, over: 1000, need: 'any' }] }),
      }),
      {
        yuna: { roles: ['c_level'] },
        fin1: { manager: 'yuna' },
        fin2: { manager: 'yuna' },
        cfo: { manager: 'law' },
        law: { roles: ['c_level'], manager: undefined },
      },
    )
    const request = opened(1500, w, { requester: 'yuna' })
    const late = { ...w, now: at('2026-11-04 10:00').now }
    const escalated = tick(request, late)!
    expect(escalated.facts.flatMap((f) => (f.fact === 'escalated' ? [f.people] : []))).toEqual([[], ['law']])
    expect(codeOf(ruled(escalated.next, 'yuna', { act: 'approve' }, late))).toBe('own-request')
    const agreed = approvedBy(escalated.next, 'law', late)
    expect(agreed.steps[1]).toMatchObject({ state: 'done', decisions: [{ by: 'law', for: 'cfo' }] })
  })

  it('a delegate who has a step of their own does not spend their decision on somebody else’s', () => {
    const w = withPeople(world('all'), { fin1: away('yuna') })
    const request = atVp(w)
    const decided = approvedBy(request, 'yuna', w)
    expect(decided.steps[1]!.decisions).toMatchObject([{ by: 'yuna' }])
    expect(decided.steps[1]!.decisions[0]).not.toHaveProperty('for')
  })
})
