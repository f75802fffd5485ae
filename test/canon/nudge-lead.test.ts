import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultWorkingTime, isWorkingMoment } from '../../src/canon/calendar.ts'
import type { Lead } from '../../src/canon/lead.ts'
import { isFresh, leadKeepers, leadWaits, managerHears } from '../../src/canon/nudge-lead.ts'
import { nudgeDefaults } from '../../src/canon/policy-nudge.ts'
import { orgOf, person, staff } from './world.ts'

const working = defaultWorkingTime('Asia/Seoul', 'KR')
const seoul = (text: string) => Date.parse(`${text}:00+09:00`)
const lead = (arrived: string, more: Partial<Lead> = {}): Lead => ({
  id: 'L-1',
  name: 'Han',
  owner: 'sdr',
  status: 'new',
  arrivedAt: seoul(arrived),
  updatedAt: 0,
  version: 1,
  ...more,
})
const minutes = (arrived: string, now: string, more: Partial<Lead> = {}) =>
  leadWaits(lead(arrived, more), seoul(now), working, nudgeDefaults)?.minutes

describe('an inbound lead nobody touched', () => {
  it.each([
    ['in working time, four minutes ago', '2026-11-02T10:00', '2026-11-02T10:04', undefined],
    ['in working time, five minutes ago', '2026-11-02T10:00', '2026-11-02T10:05', 5],
    ['at night, while it is still night', '2026-11-02T22:00', '2026-11-03T08:59', undefined],
    ['at night, four minutes after work began', '2026-11-02T22:00', '2026-11-03T09:04', undefined],
    ['at night, five minutes after work began', '2026-11-02T22:00', '2026-11-03T09:05', 5],
    ['three minutes before the end of work, next morning', '2026-11-02T17:57', '2026-11-03T09:02', 5],
    ['on Friday evening, on Sunday', '2026-11-06T18:30', '2026-11-08T12:00', undefined],
    ['on Friday evening, on Monday morning', '2026-11-06T18:30', '2026-11-09T09:05', 5],
    ['on Christmas, a day off', '2026-12-25T10:00', '2026-12-25T17:00', undefined],
    ['on Christmas, on the Monday after', '2026-12-25T10:00', '2026-12-28T09:06', 6],
  ])('%s', (_name, arrived, now, waited) => {
    expect(minutes(arrived, now)).toBe(waited)
  })

  it.each<[string, Partial<Lead>]>([
    ['touched', { firstTouchAt: seoul('2026-11-02T10:01') }],
    ['handed over', { status: 'handed_over' }],
    ['put into the pool', { status: 'recycled' }],
    ['of our own outbound search', { source: 'Outbound call list' }],
    ['that came on no known day', { arrivedAt: undefined }],
  ])('one that is %s waits for nobody', (_name, more) => {
    expect(minutes('2026-11-02T10:00', '2026-11-02T12:00', more)).toBeUndefined()
  })

  it('is watched for 30 days, then it is on the hygiene list', () => {
    expect(minutes('2026-11-02T10:00', '2026-12-02T09:59')).toBeGreaterThan(5)
    expect(minutes('2026-11-02T10:00', '2026-12-02T10:00')).toBeUndefined()
  })

  it('is never told of before five minutes of work have gone by', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 14 * 1440 }), fc.integer({ min: 0, max: 14 * 1440 }), (a, b) => {
        const base = seoul('2026-11-02T00:00')
        const now = base + (a + b) * 60_000
        const found = leadWaits(
          { ...lead('2026-11-02T00:00'), arrivedAt: base + a * 60_000 },
          now,
          working,
          nudgeDefaults,
        )
        let worked = 0
        for (let at = base + a * 60_000; at < now; at += 60_000) if (isWorkingMoment(at, working)) worked++
        expect(found?.minutes).toBe(worked >= 5 ? worked : undefined)
      }),
      { numRuns: 60 },
    )
  })

  it('reaches the manager after as long again, and is news for a day of work', () => {
    expect([5, 9, 10].map((n) => managerHears(n, nudgeDefaults))).toEqual([false, false, true])
    expect(isFresh(5)).toBe(true)
    expect(isFresh(9 * 60 + 1)).toBe(false)
  })

  it('of nobody is told to those who lead the SDRs, else to Sales Ops', () => {
    const sdrs = [
      ...staff,
      person('sdr1', ['sdr'], 'seojun'),
      person('sdr2', ['sdr'], 'seojun'),
      person('sdr3', ['sdr'], 'yuna', { active: false }),
    ]
    expect(leadKeepers(orgOf(sdrs)).map(({ id }) => id)).toEqual(['seojun'])
    expect(leadKeepers(orgOf()).map(({ id }) => id)).toEqual(['sora'])
  })
})
