import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/canon/calendar.ts'
import { quarterBefore, quarterNamed, quarterOf } from '../../src/canon/period.ts'
import { healthDefaults } from '../../src/canon/policy-health.ts'
import { countsFor, qbrCycle, qbrDue, qbrQuarters, qbrsNeeded, readQbr } from '../../src/canon/qbr.ts'

describe('fiscal quarters', () => {
  it.each([
    ['2026-01-01', 1, '2026-Q1', '2026-01-01', '2026-03-31'],
    ['2026-11-21', 1, '2026-Q4', '2026-10-01', '2026-12-31'],
    ['2026-03-31', 4, '2025-Q4', '2026-01-01', '2026-03-31'],
    ['2026-04-01', 4, '2026-Q1', '2026-04-01', '2026-06-30'],
    ['2028-02-29', 2, '2028-Q1', '2028-02-01', '2028-04-30'],
    ['2027-01-15', 12, '2026-Q1', '2026-12-01', '2027-02-28'],
  ])('%s of a year that begins in month %i is %s', (day, start, name, from, to) => {
    expect(quarterOf(day, start)).toEqual({ kind: 'quarter', name, from, to })
    expect(quarterNamed(name, start)).toEqual({ kind: 'quarter', name, from, to })
  })
  it.each(['2026-Q5', 'Q3', '2026', '2026-3', ''])('“%s” is no quarter', (text) => {
    expect(quarterNamed(text, 1)).toBeUndefined()
  })
  it.each(['2026Q3', '2026-q3', ' 2026 Q3 ', '２０２６-Q3'])('“%s” is one', (text) => {
    expect(quarterNamed(text, 1)?.name).toBe('2026-Q3')
  })
  it('they follow each other without a gap, whatever the year begins with', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 9 }),
        (n, start, back) => {
          const day = addDays('2000-01-01', n)
          const quarter = quarterOf(day, start)
          expect(quarter.from <= day && day <= quarter.to).toBe(true)
          expect(quarterOf(addDays(quarter.from, -1), start)).toEqual(quarterBefore(quarter, 1, start))
          expect(quarterBefore(quarterBefore(quarter, back, start), 1, start)).toEqual(
            quarterBefore(quarter, back + 1, start),
          )
        },
      ),
    )
  })
})

describe('a QBR is due', () => {
  const due = (tier: 'T1' | 'T2' | 'T3', held: readonly string[], today = '2026-11-21') =>
    qbrDue(tier, held, today, 1, healthDefaults)

  it('T1 needs every quarter, T2 three of four, T3 none', () => {
    expect(['T1', 'T2', 'T3'].map((tier) => qbrsNeeded(tier as 'T1', healthDefaults))).toEqual([4, 3, 0])
    expect(qbrsNeeded(undefined, healthDefaults)).toBe(0)
  })
  it.each<['T1' | 'T2' | 'T3', string[], boolean]>([
    ['T1', ['2026-Q1', '2026-Q2', '2026-Q3'], true],
    ['T1', ['2026-Q4'], false],
    ['T2', ['2026-Q1', '2026-Q2', '2026-Q3'], false],
    ['T2', ['2026-Q2', '2026-Q3'], true],
    ['T2', ['2025-Q4', '2026-Q2', '2026-Q3'], true],
    ['T2', [], true],
    ['T3', [], false],
  ])('%s with %j: %s', (tier, held, is) => {
    expect(due(tier, held) !== undefined).toBe(is)
  })
  it('is told at the beginning of the quarter and once more in its last three weeks', () => {
    const told = ['2026-10-01', '2026-11-21', '2026-12-10', '2026-12-11', '2026-12-31'].map((today) =>
      qbrCycle(due('T1', [], today)!),
    )
    expect(told).toEqual(['2026-Q4:plan', '2026-Q4:plan', '2026-Q4:plan', '2026-Q4:last', '2026-Q4:last'])
  })
  it('who holds them as they are due has 75 % of any four quarters in a row', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 40 }), (count) => {
        const held: string[] = []
        const all: boolean[] = []
        for (let n = 0; n < count; n += 1) {
          const day = addDays('2020-01-15', n * 91)
          const [now] = qbrQuarters(day, 1)
          if (all.length > 0 && held.includes(now!.name)) continue
          const is = due('T2', held, day) !== undefined
          if (is) held.push(now!.name)
          all.push(is)
        }
        for (let at = 0; at + 4 <= all.length; at += 1)
          expect(all.slice(at, at + 4).filter(Boolean).length).toBeGreaterThanOrEqual(3)
      }),
    )
  })
})

it('a QBR counts for the quarter it was held in, and not before it was', () => {
  expect(readQbr('2026-09-30', '2026-11-21', 1)).toEqual({
    ok: true,
    next: { heldOn: '2026-09-30', quarter: '2026-Q3' },
  })
  expect(readQbr('2026-11-22', '2026-11-21', 1)).toMatchObject({ refusal: { code: 'qbr-still-ahead' } })
  expect(readQbr('2026-02-31', '2026-11-21', 1)).toMatchObject({ refusal: { code: 'bad-date' } })
})

it('one of a file may have been put off a little, not by a year', () => {
  const quarter = quarterNamed('2026-Q3', 1)!
  expect(countsFor(quarter, '2026-10-20')).toBe(true)
  expect(countsFor(quarter, '2025-08-20')).toBe(false)
})
