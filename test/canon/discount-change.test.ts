import { describe, expect, it } from 'vitest'
import { dealChanged, mayDecide, supersede, tick } from '../../src/canon/discount.ts'
import {
  approvedBy,
  away,
  codeOf,
  dealOf,
  drawn,
  granted,
  hour,
  later,
  monday,
  opened,
  policyOf,
  refusalOf,
  ruled,
  ticked,
  went,
  withPeople,
  worldOf,
} from './world.ts'

describe('reassigning', () => {
  const world = withPeople(worldOf(), { carl: { roles: ['sales_manager'] }, law: { roles: ['vp_sales'] } })
  const to = (who: string, target: string, order = 1, from = 'seojun', request = opened(2500, world)) =>
    ruled(request, who, { act: 'reassign', order, from, to: target }, later(world, hour))

  it('the requester or Sales Ops hands an open step to somebody with its authority', () => {
    for (const who of ['mina', 'sora']) {
      const ruling = to(who, 'carl')
      expect(ruling).toMatchObject({
        facts: [{ fact: 'reassigned', order: 1, from: 'seojun', to: 'carl' }],
        next: { version: 2 },
      })
      const request = granted(ruling).next
      expect(request.steps[0]).toMatchObject({ people: ['carl'], state: 'open', openedAt: world.now + hour })
      expect(mayDecide(request, world)).toEqual(['carl'])
      expect(codeOf(ruled(request, 'seojun', { act: 'approve' }, world))).toBe('not-your-step')
    }
  })

  it('a later step too', () => {
    const request = granted(to('sora', 'law', 2, 'yuna')).next
    expect(drawn(request)).toEqual(['1 rung sales_manager: seojun (open)', '2 rung vp_sales: law (waiting)'])
  })

  it.each([
    ['mina', 'mina', { code: 'unfit-approver', person: 'mina', why: 'requester', level: 'sales_manager' }],
    ['sora', 'jiho', { code: 'unfit-approver', person: 'jiho', why: 'authority', level: 'sales_manager' }],
    ['sora', 'nobody', { code: 'unfit-approver', person: 'nobody', why: 'inactive', level: 'sales_manager' }],
    [
      'sora',
      'yuna',
      { code: 'unfit-approver', person: 'yuna', why: 'already-involved', level: 'sales_manager' },
    ],
    ['jiho', 'carl', { code: 'not-allowed', what: 'discount.reassign' }],
    ['seojun', 'carl', { code: 'not-allowed', what: 'discount.reassign' }],
  ])('by %s to %s is refused', (who, target, refusal) => {
    expect(refusalOf(to(who, target))).toEqual(refusal)
  })

  it('B5.5 whoever decided an earlier step gets no later one, and a decided step is not handed on', () => {
    const request = approvedBy(opened(2500, world), 'seojun', world)
    expect(refusalOf(to('sora', 'seojun', 2, 'yuna', request))).toMatchObject({ why: 'already-involved' })
    expect(refusalOf(to('sora', 'carl', 1, 'seojun', request))).toEqual({ code: 'not-found', what: 'step' })
  })
})

describe('B5.7 B5.8 an approver who is gone', () => {
  it.each([
    ['has left', { active: false }],
    ['lost the role', { roles: ['ae'] as const }],
  ])('who %s is succeeded by the next in the line', (_, change) => {
    const world = withPeople(later(worldOf(), hour), { seojun: change })
    const result = ticked(opened(1500), world)
    expect(result.facts).toEqual([{ fact: 'rerouted', order: 1, from: 'seojun', to: 'yuna' }])
    expect(result.next).toMatchObject({
      notices: [{ code: 'rerouted' }],
      steps: [{ level: 'vp_sales', people: ['yuna'], state: 'open', openedAt: world.now }],
    })
    expect(tick(result.next, world)).toBeUndefined()
    expect(approvedBy(result.next, 'yuna', world).status).toBe('approved')
  })

  it('their step merges into the successor’s own', () => {
    const world = withPeople(worldOf(), { seojun: { active: false } })
    const result = ticked(opened(2500), world)
    expect(result.facts).toEqual([
      { fact: 'rerouted', order: 1, from: 'seojun', to: 'yuna' },
      { fact: 'step-opened', order: 2, people: ['yuna'] },
    ])
    expect(result.next.steps[1]).toMatchObject({ covers: ['sales_manager', 'vp_sales'] })
    expect(approvedBy(result.next, 'yuna', world).status).toBe('approved')
  })

  it('a later step is passed on when it opens', () => {
    const world = withPeople(worldOf(), { yuna: { active: false } })
    const request = approvedBy(opened(2500), 'seojun', world)
    expect(drawn(request)).toEqual(['1 rung sales_manager: seojun (done)', '2 rung c_level: dohyun (open)'])
  })

  it('B5.5 a successor has decided nothing yet, and agrees for no group', () => {
    const promoted = withPeople(worldOf(), {
      yuna: { active: false },
      seojun: { roles: ['sales_manager', 'vp_sales'] },
    })
    expect(drawn(approvedBy(opened(2500), 'seojun', promoted))).toEqual([
      '1 rung sales_manager: seojun (done)',
      '2 rung c_level: dohyun (open)',
    ])
    const agreements = [
      { over: 2000, beside: 'vp_sales', group: { roles: ['finance'] }, need: 'all' },
    ] as const
    const start = withPeople(worldOf({ policy: policyOf({ agreements }) }), { yuna: { manager: 'cfo' } })
    const left = withPeople(start, { yuna: { active: false } })
    expect(drawn(approvedBy(opened(2500, start), 'seojun', left)).slice(1)).toEqual([
      '2 rung c_level: dohyun (open)',
      '2 agreement vp_sales: fin1 fin2 cfo (open)',
    ])
  })

  it('where nobody is left it waits, and that is noticed once', () => {
    const world = withPeople(worldOf(), {
      seojun: { active: false },
      yuna: { roles: [] },
      dohyun: { roles: [] },
    })
    const result = ticked(opened(1500), world)
    expect(result.facts).toEqual([{ fact: 'noticed', code: 'missing-approver' }])
    expect(tick(result.next, world)).toBeUndefined()
    expect(mayDecide(result.next, world)).toEqual([])
    const helped = withPeople(world, { carl: { roles: ['sales_manager'] } })
    const handed = went(
      result.next,
      'sora',
      { act: 'reassign', order: 1, from: 'seojun', to: 'carl' },
      helped,
    )
    expect(approvedBy(handed, 'carl', helped).status).toBe('approved')
  })

  it('B5.8 a click of somebody who has left is refused', () => {
    expect(
      codeOf(
        ruled(
          opened(1500),
          'seojun',
          { act: 'approve' },
          withPeople(worldOf(), { seojun: { active: false } }),
        ),
      ),
    ).toBe('inactive')
    expect(codeOf(ruled(opened(1500), 'stranger', { act: 'approve' }))).toBe('inactive')
  })

  it('B5.14 absent people who point at each other are passed over', () => {
    const world = withPeople(worldOf(), { seojun: away('jiho'), jiho: away('seojun') })
    expect(ticked(opened(1500), world).facts).toEqual([
      { fact: 'rerouted', order: 1, from: 'seojun', to: 'yuna' },
    ])
  })
})

describe('B5.99 a deal that moves under its request', () => {
  const krw = (amount: number) => ({ amount, currency: 'KRW' })
  const moved = (changes: object, request = opened(2500), before = dealOf()) =>
    dealChanged(request, before, worldOf({ deal: { ...before, ...changes } }))

  it.each([
    [{ amount: krw(1) }, 'amount-changed'],
    [{ amount: { amount: 100_000_000, currency: 'USD' } }, 'amount-changed'],
    [{ amount: undefined }, 'amount-changed'],
    [{ listAmount: krw(1) }, 'list-changed'],
    [{ listAmount: undefined }, 'list-changed'],
    [{ stage: 'CW' }, 'deal-closed'],
    [{ stage: 'CL' }, 'deal-closed'],
  ] as const)('%j voids it: %s', (changes, why) => {
    expect(moved(changes)).toMatchObject({
      next: { status: 'voided', settledWhy: why, version: 2 },
      facts: [{ fact: 'voided', why }],
    })
  })

  it('another stage is noticed and voids nothing', () => {
    const result = moved({ stage: 'S6' })
    expect(result).toMatchObject({
      next: { status: 'pending', notices: [{ code: 'stage-changed', detail: 'S5>S6' }] },
      facts: [{ fact: 'noticed', code: 'stage-changed' }],
    })
    expect(approvedBy(result!.next, 'seojun', worldOf({ deal: dealOf({ stage: 'S6' }) })).status).toBe(
      'pending',
    )
  })

  it('our own changes void nothing: the typed list price reaching the deal, the approval’s price', () => {
    const bare = dealOf({ listAmount: undefined })
    const typed = opened(2500, worldOf({ deal: bare }), { listAmount: krw(500) })
    expect(moved({ listAmount: krw(500) }, typed, bare)).toBeUndefined()
    expect(moved({ price: krw(1), approvedDiscount: 2500, version: 2, updatedAt: 0 })).toBeUndefined()
    expect(moved({ listAmount: krw(501) }, typed, bare)).toMatchObject({ next: { status: 'voided' } })
  })

  it('a typed list price that has not reached the deal hinders no decision', () => {
    const world = worldOf({ deal: dealOf({ listAmount: undefined }) })
    const typed = opened(1500, world, { listAmount: krw(500) })
    expect(approvedBy(typed, 'seojun', world)).toMatchObject({ status: 'approved', price: krw(425) })
  })

  it('a settled request is left alone', () => {
    expect(moved({ amount: krw(1) }, approvedBy(opened(1500), 'seojun'))).toBeUndefined()
  })

  it('a yes to numbers that moved is refused even before the request is voided; the sweep voids it', () => {
    const world = worldOf({ deal: dealOf({ amount: krw(1) }) })
    expect(codeOf(ruled(opened(2500), 'seojun', { act: 'approve' }, world))).toBe('moved-on')
    expect(codeOf(ruled(opened(2500), 'seojun', { act: 'counter', discount: 1 }, world))).toBe('moved-on')
    expect(ruled(opened(2500), 'seojun', { act: 'reject', reason: 'no' }, world).ok).toBe(true)
    expect(ticked(opened(2500), world).next.status).toBe('voided')
  })
})

describe('superseding', () => {
  it('ends the open one and names the new one', () => {
    expect(supersede(opened(2500), 'R-2', monday)).toMatchObject({
      ok: true,
      next: { status: 'superseded', settledWhy: 'R-2', version: 2 },
      facts: [{ fact: 'superseded', byRequest: 'R-2' }],
    })
    expect(codeOf(supersede(approvedBy(opened(1500), 'seojun'), 'R-2', monday))).toBe('already-settled')
  })
})
