import { describe, expect, it } from 'vitest'
import {
  delegateOf,
  delegationOf,
  isAway,
  managersOf,
  readAbsence,
  reportsOf,
} from '../../src/canon/people.ts'
import { away, orgOf, person } from './world.ts'

const today = '2026-11-02'
const ids = (people: readonly { id: string }[]) => people.map((p) => p.id)
const of =
  (org = orgOf()) =>
  (id: string) =>
    org.people.get(id)!

describe('the reporting line', () => {
  it('is read upwards, nearest first', () => {
    const org = orgOf()
    expect(ids(managersOf(of(org)('mina'), org))).toEqual(['seojun', 'yuna', 'dohyun'])
    expect(managersOf(of(org)('dohyun'), org)).toEqual([])
    expect(ids(reportsOf(of(org)('yuna'), org))).toEqual(['mina', 'jiho', 'seojun'])
  })

  it('goes through people who have left', () => {
    const org = orgOf(undefined, { seojun: { active: false } })
    expect(ids(managersOf(of(org)('mina'), org))).toEqual(['seojun', 'yuna', 'dohyun'])
  })

  it('ends where it runs in a circle or into somebody unknown', () => {
    const circle = orgOf([
      person('a', [], 'b'),
      person('b', [], 'c'),
      person('c', [], 'b'),
      person('d', [], 'd'),
      person('e', [], 'gone'),
    ])
    expect(ids(managersOf(of(circle)('a'), circle))).toEqual(['b', 'c'])
    expect(ids(managersOf(of(circle)('b'), circle))).toEqual(['c'])
    expect(managersOf(of(circle)('d'), circle)).toEqual([])
    expect(managersOf(of(circle)('e'), circle)).toEqual([])
  })
})

describe('absence', () => {
  it.each([
    [{}, false],
    [{ awayFrom: today }, true],
    [{ awayUntil: today }, true],
    [{ awayFrom: '2026-11-01', awayUntil: '2026-11-01' }, false],
    [{ awayFrom: today, awayUntil: today }, true],
    [{ awayFrom: '2026-11-03' }, false],
  ])('%j is away on 2 November: %s', (dates, expected) => {
    expect(isAway(person('a', [], undefined, dates), today)).toBe(expected)
  })
})

describe('who decides in an absent person’s place', () => {
  const delegate = (changes: Parameters<typeof orgOf>[1]) => {
    const org = orgOf(undefined, changes)
    return delegateOf(of(org)('seojun'), org, today)?.id
  }

  it('nobody while they are there, even where a delegate is named', () => {
    expect(delegate({ seojun: { delegate: 'jiho' } })).toBeUndefined()
    expect(delegate({ seojun: { ...away('jiho'), awayUntil: '2026-11-01' } })).toBeUndefined()
  })

  it('their delegate while they are away', () => {
    expect(delegate({ seojun: away('jiho') })).toBe('jiho')
  })

  it('the delegate’s delegate while both are away', () => {
    expect(delegate({ seojun: away('jiho'), jiho: away('sora') })).toBe('sora')
  })

  it('nobody where the delegate has left or there is none', () => {
    expect(delegate({ seojun: away('jiho'), jiho: { active: false } })).toBeUndefined()
    expect(delegate({ seojun: away() })).toBeUndefined()
    expect(delegate({ seojun: away('nobody') })).toBeUndefined()
  })

  it('B5.14 nobody where the absent point at each other', () => {
    const org = orgOf(undefined, { seojun: away('jiho'), jiho: away('sora'), sora: away('jiho') })
    expect(delegationOf(of(org)('seojun'), org, today)).toEqual({ kind: 'loop' })
    const pair = orgOf(undefined, { seojun: away('jiho'), jiho: away('seojun') })
    expect(delegationOf(of(pair)('seojun'), pair, today)).toEqual({ kind: 'loop' })
    expect(delegateOf(of(pair)('seojun'), pair, today)).toBeUndefined()
  })
})

describe('entering an absence', () => {
  const enter = (
    absence: { from: string; until: string; delegate?: string },
    changes: Parameters<typeof orgOf>[1] = {},
  ) => {
    const org = orgOf(undefined, changes)
    const reading = readAbsence(of(org)('seojun'), absence, org)
    return reading.ok ? 'ok' : reading.refusal.code
  }

  it.each([
    [{ from: today, until: today }, 'ok'],
    [{ from: today, until: '2026-11-20', delegate: 'jiho' }, 'ok'],
    [{ from: '2026-11-03', until: today }, 'dates-out-of-order'],
    [{ from: '2026-02-31', until: '2026-11-20' }, 'bad-date'],
    [{ from: today, until: '2026-11-31' }, 'bad-date'],
    [{ from: today, until: '2026-11-20', delegate: 'seojun' }, 'delegate-is-self'],
    [{ from: today, until: '2026-11-20', delegate: 'nobody' }, 'inactive'],
  ])('%j: %s', (absence, expected) => {
    expect(enter(absence)).toBe(expected)
  })

  it('a delegate who has left is refused', () => {
    expect(enter({ from: today, until: today, delegate: 'jiho' }, { jiho: { active: false } })).toBe(
      'inactive',
    )
  })

  it('B5.14 a circle is refused, at any length', () => {
    const absence = { from: today, until: '2026-11-10', delegate: 'jiho' }
    expect(enter(absence, { jiho: away('seojun') })).toBe('delegation-loop')
    expect(enter(absence, { jiho: away('sora'), sora: away('seojun') })).toBe('delegation-loop')
  })

  it('no circle where the absences never meet on one day', () => {
    const absence = { from: today, until: '2026-11-10', delegate: 'jiho' }
    expect(enter(absence, { jiho: { ...away('seojun'), awayFrom: '2026-11-11' } })).toBe('ok')
    expect(
      enter(absence, {
        jiho: { delegate: 'sora', awayFrom: today, awayUntil: '2026-11-04' },
        sora: { delegate: 'seojun', awayFrom: '2026-11-05', awayUntil: '2026-11-10' },
      }),
    ).toBe('ok')
    expect(enter(absence, { jiho: { delegate: 'seojun' } })).toBe('ok')
  })
})
