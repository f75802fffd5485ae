import { describe, expect, it } from 'vitest'
import { mayDecide, waitingOn } from '../../src/canon/discount.ts'
import {
  approvedBy,
  away,
  codeOf,
  drawn,
  granted,
  hour,
  later,
  monday,
  opened,
  refusalOf,
  ruled,
  went,
  withPeople,
  worldOf,
} from './world.ts'

describe('a counter', () => {
  const countered = (discount: number, by: string, to: number, before: string[] = []) => {
    const request = before.reduce((r, id) => approvedBy(r, id), opened(discount))
    return went(request, by, { act: 'counter', discount: to, note: 'this far' })
  }

  it('waits for the requester, and nobody else', () => {
    const request = countered(2500, 'seojun', 1800)
    expect(request).toMatchObject({
      status: 'countered',
      discount: 2500,
      counter: { discount: 1800, price: { amount: 98_400_000 }, by: 'seojun', level: 'sales_manager' },
    })
    expect([waitingOn(request, worldOf()), mayDecide(request, worldOf())]).toEqual([['mina'], []])
    expect(codeOf(ruled(request, 'seojun', { act: 'approve' }))).toBe('already-decided-by-you')
    expect(refusalOf(ruled(request, 'yuna', { act: 'approve' }))).toEqual({
      code: 'not-your-step',
      waitingFor: ['mina'],
    })
    expect(codeOf(ruled(request, 'seojun', { act: 'accept-counter' }))).toBe('not-the-requester')
  })

  it.each([
    [2500, 'counter-not-lower'],
    [2501, 'counter-not-lower'],
    [0, 'discount-out-of-range'],
    [-1, 'discount-out-of-range'],
    [12.5, 'discount-out-of-range'],
    [2499, undefined],
    [1, undefined],
  ])('of %d against 2500: %s', (discount, code) => {
    expect(codeOf(ruled(opened(2500), 'seojun', { act: 'counter', discount }))).toBe(code)
  })

  it('accepted within the level that made it, it ends', () => {
    const ruling = ruled(
      countered(2500, 'seojun', 1800),
      'mina',
      { act: 'accept-counter' },
      later(worldOf(), hour),
    )
    expect(ruling).toMatchObject({
      next: {
        status: 'approved',
        discount: 1800,
        asked: 2500,
        price: { amount: 98_400_000 },
        settledBy: 'seojun',
        steps: [
          {
            state: 'done',
            decisions: [{ verdict: 'counter', by: 'seojun', at: monday, discount: 1800, note: 'this far' }],
          },
          { state: 'not-needed' },
        ],
      },
      facts: [{ fact: 'counter-accepted', by: 'mina' }, { fact: 'approved' }],
    })
    expect(ruling.ok && ruling.next.counter).toBeUndefined()
  })

  it('accepted above that level, it goes on to what the new percent needs', () => {
    const request = went(countered(3500, 'seojun', 2500), 'mina', { act: 'accept-counter' })
    expect([request.status, ...drawn(request)]).toEqual([
      'pending',
      '1 rung sales_manager: seojun (done)',
      '2 rung vp_sales: yuna (open)',
      '3 rung c_level: dohyun (not-needed)',
    ])
    expect(approvedBy(request, 'yuna').status).toBe('approved')
  })

  it('from higher up keeps the decisions given before, marked as such', () => {
    const request = went(countered(2500, 'yuna', 1800, ['seojun']), 'mina', { act: 'accept-counter' })
    expect(request.status).toBe('approved')
    expect(request.steps.flatMap((s) => s.decisions)).toMatchObject([
      { by: 'seojun', verdict: 'approve', discount: 2500, kept: true },
      { by: 'yuna', verdict: 'counter', discount: 1800 },
    ])
  })

  it('within the requester’s own authority ends at once', () => {
    expect(went(countered(3500, 'seojun', 1000), 'mina', { act: 'accept-counter' }).status).toBe('approved')
  })

  it('a level below is not asked again once a level above has said yes', () => {
    // seojun holds the lowest and the highest rung, so his one step comes last.
    const world = withPeople(worldOf(), { seojun: { roles: ['sales_manager', 'c_level'] } })
    const countered18 = went(opened(3500, world), 'yuna', { act: 'counter', discount: 1800 }, world)
    const request = went(countered18, 'mina', { act: 'accept-counter' }, world)
    expect([request.status, ...drawn(request)]).toEqual([
      'approved',
      '1 rung vp_sales: yuna (done)',
      '2 rung c_level: seojun (not-needed)',
    ])
  })

  it('declined, everything is as before, and the clock starts again', () => {
    const declined = ruled(
      countered(2500, 'yuna', 1800, ['seojun']),
      'mina',
      { act: 'decline-counter' },
      later(worldOf(), 30 * hour),
    )
    expect(declined).toMatchObject({
      next: { status: 'pending', discount: 2500, version: 4 },
      facts: [{ fact: 'counter-declined', by: 'mina' }],
    })
    const request = granted(declined).next
    expect(request.counter).toBeUndefined()
    expect(request.steps[1]).toMatchObject({ state: 'open', openedAt: monday + 30 * hour })
    expect(approvedBy(request, 'yuna').status).toBe('approved')
    expect(went(request, 'yuna', { act: 'counter', discount: 2100 }).status).toBe('countered')
  })

  it('without one there is nothing to accept', () => {
    expect(codeOf(ruled(opened(2500), 'mina', { act: 'accept-counter' }))).toBe('no-counter-open')
    expect(codeOf(ruled(opened(2500), 'mina', { act: 'decline-counter' }))).toBe('no-counter-open')
  })

  it('made for somebody away is recorded so when it is accepted', () => {
    const world = withPeople(worldOf(), { seojun: away('jiho') })
    const request = went(
      went(opened(1500, world), 'jiho', { act: 'counter', discount: 1200 }, world),
      'mina',
      { act: 'accept-counter' },
      world,
    )
    expect(request.steps[0]!.decisions).toMatchObject([
      { verdict: 'counter', by: 'jiho', for: 'seojun', platform: 'slack' },
    ])
  })
})
