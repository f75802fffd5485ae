import { describe, expect, it } from 'vitest'
import { mayDecide, nextDueAt, tick } from '../../src/canon/discount.ts'
import {
  approvedBy,
  at,
  away,
  codeOf,
  day,
  later,
  monday,
  opened,
  refusalOf,
  ruled,
  ticked,
  went,
  withPeople,
  worldOf,
} from './world.ts'

describe('time', () => {
  // Opened on Monday 2 November at 10:00; the 24th working hour is Tuesday 10:00, the 48th Wednesday 10:00.
  it('says when it has something to do next', () => {
    const request = opened(1500)
    expect(nextDueAt(request, worldOf())).toBe(at('2026-11-03 10:00').now)
    const reminded = ticked(request, at('2026-11-03 10:00')).next
    expect(nextDueAt(reminded, at('2026-11-03 10:00'))).toBe(at('2026-11-04 10:00').now)
    const escalated = ticked(reminded, at('2026-11-04 10:00')).next
    expect(nextDueAt(escalated, at('2026-11-04 10:00'))).toBe(request.expiresAt)
    expect(nextDueAt(approvedBy(request, 'seojun'), worldOf())).toBeUndefined()
    expect(nextDueAt(request, withPeople(worldOf(), { seojun: { active: false } }))).toBe(monday)
  })

  it('reminds after 24 working hours, once, and not before', () => {
    const request = opened(1500)
    expect(tick(request, { ...worldOf(), now: at('2026-11-03 10:00').now - 1 })).toBeUndefined()
    const result = ticked(request, at('2026-11-03 10:00'))
    expect(result).toMatchObject({
      facts: [{ fact: 'reminded', order: 1, people: ['seojun'] }],
      next: { version: 2 },
    })
    expect(tick(result.next, at('2026-11-03 10:00'))).toBeUndefined()
  })

  it('over the weekend and Seollal the reminder waits', () => {
    const friday = at('2026-02-13 16:00')
    const request = opened(1500, friday)
    expect(nextDueAt(request, friday)).toBe(at('2026-02-19 16:00').now)
  })

  it('reminds the delegate as well while the approver is away', () => {
    const world = withPeople(at('2026-11-03 10:00'), { seojun: away('jiho') })
    expect(ticked(opened(1500), world).facts).toMatchObject([
      { fact: 'reminded', people: ['seojun', 'jiho'] },
    ])
  })

  it('after 48 the manager may decide as well, and the first decision counts', () => {
    const world = at('2026-11-04 10:00')
    const result = ticked(opened(1500), world)
    expect(result.facts).toMatchObject([
      { fact: 'reminded' },
      { fact: 'escalated', order: 1, people: ['yuna'] },
    ])
    expect(mayDecide(result.next, world)).toEqual(['seojun', 'yuna'])
    expect(ruled(result.next, 'yuna', { act: 'approve' }, world)).toMatchObject({
      next: { status: 'approved', steps: [{ decisions: [{ by: 'yuna', for: 'seojun' }] }] },
    })
    expect(approvedBy(result.next, 'seojun', world).status).toBe('approved')
    expect(codeOf(ruled(opened(1500), 'yuna', { act: 'approve' }, world))).toBe('not-your-step')
  })

  it('a manager without the authority is passed over; where nobody has it, nobody is named', () => {
    const passed = withPeople(at('2026-11-04 10:00'), { seojun: { manager: 'carl' } })
    expect(ticked(opened(1500), passed).facts.at(-1)).toEqual({
      fact: 'escalated',
      order: 1,
      people: ['dohyun'],
    })
    const top = withPeople(worldOf(), { mina: { manager: 'dohyun' } })
    const late = { ...top, now: at('2026-11-04 10:00').now }
    expect(ticked(opened(1500, top), late).facts.at(-1)).toEqual({ fact: 'escalated', order: 1, people: [] })
  })

  it('B5.5 whoever decided an earlier step stands in for no later one', () => {
    const start = worldOf()
    const moved = withPeople(at('2026-11-04 10:00'), {
      yuna: { manager: 'seojun' },
      seojun: { manager: 'dohyun', roles: ['c_level'] },
    })
    const request = approvedBy(opened(2500, start), 'seojun', start)
    expect(ticked(request, moved).facts.at(-1)).toEqual({ fact: 'escalated', order: 2, people: ['dohyun'] })
  })

  it('a stand-in who lost the role since is refused', () => {
    const world = at('2026-11-04 10:00')
    const request = ticked(opened(1500), world).next
    expect(
      refusalOf(ruled(request, 'yuna', { act: 'approve' }, withPeople(world, { yuna: { roles: ['ae'] } }))),
    ).toEqual({
      code: 'over-your-authority',
      upTo: 1000,
    })
  })

  it('the VP who decides the silent manager’s step has decided her own', () => {
    const world = at('2026-11-04 10:00')
    const request = approvedBy(ticked(opened(2500), world).next, 'yuna', world)
    expect(request.status).toBe('approved')
    expect(request.steps.flatMap((s) => s.decisions)).toMatchObject([{ by: 'yuna', for: 'seojun' }])
  })

  it('expires after 14 days at the same local time, whatever the steps', () => {
    const request = opened(1500)
    expect(request.expiresAt).toBe(monday + 14 * day)
    const result = ticked(request, later(worldOf(), 14 * day))
    expect(result).toMatchObject({
      next: { status: 'expired', steps: [{ state: 'not-needed' }] },
      facts: [{ fact: 'expired' }],
    })
    const countered = went(request, 'seojun', { act: 'counter', discount: 1200 })
    expect(ticked(countered, later(worldOf(), 14 * day)).next.status).toBe('expired')
  })

  it('B5.17 a click after expiry is refused whether or not the sweep has run', () => {
    const request = opened(1500)
    expect(ruled(request, 'seojun', { act: 'approve' }, later(worldOf(), 14 * day - 1)).ok).toBe(true)
    expect(refusalOf(ruled(request, 'seojun', { act: 'approve' }, later(worldOf(), 14 * day)))).toEqual({
      code: 'expired',
      at: request.expiresAt,
    })
    expect(mayDecide(request, later(worldOf(), 14 * day))).toEqual([])
    expect(
      codeOf(ruled(ticked(request, later(worldOf(), 15 * day)).next, 'seojun', { act: 'approve' })),
    ).toBe('already-settled')
  })

  it('a counter that waits reminds nobody', () => {
    const countered = went(opened(1500), 'seojun', { act: 'counter', discount: 1200 })
    expect(tick(countered, at('2026-11-06 10:00'))).toBeUndefined()
    expect(nextDueAt(countered, worldOf())).toBe(countered.expiresAt)
  })
})
