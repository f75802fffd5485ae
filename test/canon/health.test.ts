import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AccountHealth,
  gradeOf,
  grades,
  growthOf,
  type HealthComponent,
  type HealthSignal,
  healthComponents,
  readHealth,
  reassess,
  scoresOver,
  scoringRules,
} from '../../src/canon/health.ts'
import { healthDefaults } from '../../src/canon/policy-health.ts'

const today = '2026-11-20'
const signal = (component: HealthComponent, score: number, measuredOn = '2026-11-10'): HealthSignal => ({
  account: 'A',
  component,
  score,
  measuredOn,
  recordedAt: 1,
  by: 'csm',
  door: 'slack',
})
const all = (scores: readonly number[]) => healthComponents.map((each, at) => signal(each, scores[at]!))
const read = (signals: readonly HealthSignal[]) => readHealth(signals, healthDefaults, today)

describe('the score', () => {
  it('is 30 % adoption, 20 % support, 20 % relationship, 15 % sentiment, 15 % financial', () => {
    const only = (at: number) => read(all([0, 0, 0, 0, 0].map((_, i) => (i === at ? 1_000 : 0)))).score
    expect([0, 1, 2, 3, 4].map(only)).toEqual([300, 200, 200, 150, 150])
    expect(read(all([1_000, 1_000, 1_000, 1_000, 1_000])).score).toBe(1_000)
  })

  it('a missing component is not zero: its weight is shared out among the rest, and what is missing is said', () => {
    const { score, parts, missing } = read([signal('adoption', 600), signal('support', 900)])
    expect(score).toBe(720)
    expect(parts.map((part) => [part.component, part.share])).toEqual([
      ['adoption', 600],
      ['support', 400],
    ])
    expect(missing).toEqual(['relationship', 'sentiment', 'financial'])
  })

  it('nothing measured, or nothing that counts, is no score and no grade', () => {
    expect(read([])).toEqual({ parts: [], missing: [...healthComponents] })
    const weights = { adoption: 0, support: 40, relationship: 20, sentiment: 20, financial: 20 }
    const found = readHealth([signal('adoption', 900)], { ...healthDefaults, weights }, today)
    expect(found).toMatchObject({ parts: [{ component: 'adoption', share: 0 }] })
    expect(found.score).toBeUndefined()
  })

  it('the newest day of each component counts; of one day what was recorded last; tomorrow does not count yet', () => {
    const { parts } = read([
      signal('adoption', 100, '2026-11-01'),
      signal('adoption', 500, '2026-11-19'),
      { ...signal('adoption', 400, '2026-11-19'), recordedAt: 2 },
      signal('adoption', 900, '2026-11-21'),
    ])
    expect(parts).toMatchObject([{ score: 400, measuredOn: '2026-11-19', ageDays: 1 }])
  })

  it('a signal is old after 90 days, not on the 90th', () => {
    expect(read([signal('adoption', 1, '2026-08-22')]).parts[0]).toMatchObject({ ageDays: 90, old: false })
    expect(read([signal('adoption', 1, '2026-08-21')]).parts[0]).toMatchObject({ ageDays: 91, old: true })
  })
})

describe('the grade', () => {
  it.each([
    [1_000, 'healthy'],
    [800, 'healthy'],
    [799, 'at-risk'],
    [500, 'at-risk'],
    [499, 'critical'],
    [0, 'critical'],
  ])('%s tenths is %s', (score, grade) => {
    expect(gradeOf(score, healthDefaults)).toBe(grade)
  })

  it('79.95 is shown as 79.9 and is at risk: a score is cut, never rounded over a border', () => {
    const weights = { adoption: 50, support: 50, relationship: 0, sentiment: 0, financial: 0 }
    const policy = { ...healthDefaults, weights }
    const found = readHealth([signal('adoption', 799), signal('support', 800)], policy, today)
    expect(found).toMatchObject({ score: 799, grade: 'at-risk' })
    const half = readHealth([signal('adoption', 499), signal('support', 500)], policy, today)
    expect(half).toMatchObject({ score: 499, grade: 'critical' })
  })
})

describe('what holds for every account', () => {
  const tenths = fc.integer({ min: 0, max: 1_000 })
  const day = fc
    .integer({ min: 0, max: 400 })
    .map((n) => new Date(Date.UTC(2025, 10, 1) + n * 86_400_000).toISOString().slice(0, 10))
  const anySignal = fc
    .record({ component: fc.constantFrom(...healthComponents), score: tenths, on: day, at: fc.nat() })
    .map(({ component, score, on, at }) => ({ ...signal(component, score, on), recordedAt: at }))
  const someSignals = fc.uniqueArray(anySignal, {
    selector: (each) => `${each.component} ${each.measuredOn}`,
    maxLength: 20,
  })
  const weights = fc
    .array(fc.integer({ min: 0, max: 100_000 }), { minLength: 5, maxLength: 5 })
    .filter((each) => each.some((weight) => weight > 0))
    .map((each) => {
      const sum = each.reduce((a, b) => a + b, 0)
      return Object.fromEntries(healthComponents.map((name, at) => [name, (each[at]! * 100) / sum]))
    }) as fc.Arbitrary<Record<HealthComponent, number>>

  it('the shares of what was measured always add up to 100 %', () => {
    fc.assert(
      fc.property(someSignals, weights, (signals, own) => {
        const { parts, score } = readHealth(signals, { ...healthDefaults, weights: own }, today)
        const sum = parts.reduce((all, part) => all + part.share, 0)
        expect(sum).toBe(score === undefined ? 0 : 1_000)
      }),
    )
  })

  it('the score lies between its worst and its best component, and grade and score agree', () => {
    fc.assert(
      fc.property(someSignals, weights, (signals, own) => {
        const policy = { ...healthDefaults, weights: own }
        const { parts, score, grade } = readHealth(signals, policy, today)
        if (score === undefined) return
        const scores = parts.map((part) => part.score)
        expect(score).toBeGreaterThanOrEqual(Math.min(...scores))
        expect(score).toBeLessThanOrEqual(Math.max(...scores))
        expect(grade).toBe(gradeOf(score, policy))
      }),
    )
  })

  it('a better component never makes a worse score', () => {
    fc.assert(
      fc.property(someSignals, fc.nat(), tenths, (signals, which, better) => {
        fc.pre(signals.length > 0)
        const at = which % signals.length
        const risen = signals.map((each, i) =>
          i === at ? { ...each, score: Math.max(each.score, better) } : each,
        )
        expect(read(risen).score ?? 0).toBeGreaterThanOrEqual(read(signals).score ?? 0)
      }),
    )
  })

  it('the order in which signals came changes nothing', () => {
    fc.assert(
      fc.property(
        someSignals.chain((signals) =>
          fc.tuple(fc.constant(signals), fc.shuffledSubarray(signals, { minLength: signals.length })),
        ),
        ([signals, shuffled]) => {
          expect(read(shuffled)).toEqual(read(signals))
        },
      ),
    )
  })

  it('computed twice it says nothing new the second time', () => {
    fc.assert(
      fc.property(someSignals, (signals) => {
        const now = { at: 5, today, rules: scoringRules(healthDefaults) }
        const once = reassess(undefined, read(signals), 'A', now)
        if (!once) return
        expect(once.change?.to).toBe(once.next.grade)
        expect(reassess(once.next, read(signals), 'A', { ...now, at: 6 })).toBeUndefined()
      }),
    )
  })

  it('every grade is one of three, and a higher score is never a lower grade', () => {
    fc.assert(
      fc.property(tenths, tenths, (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        const rank = (score: number) => grades.indexOf(gradeOf(score, healthDefaults))
        expect(rank(high)).toBeLessThanOrEqual(rank(low))
      }),
    )
  })
})

describe('a new computation', () => {
  const now = { at: 50, today, rules: scoringRules(healthDefaults) }
  const before: AccountHealth = {
    account: 'A',
    version: 3,
    score: 820,
    grade: 'healthy',
    since: '2026-10-01',
    computedAt: 1,
    rules: now.rules,
  }

  it('a change of grade begins today and keeps what was before', () => {
    const found = reassess(before, read(all([400, 400, 400, 400, 400])), 'A', now)
    expect(found?.next).toMatchObject({
      version: 4,
      grade: 'critical',
      since: today,
      before: { grade: 'healthy', score: 820 },
    })
    expect(found?.change).toEqual({
      account: 'A',
      at: 50,
      on: today,
      from: 'healthy',
      to: 'critical',
      score: 400,
      scoreBefore: 820,
    })
  })

  it('within a grade the score moves, and its day stands', () => {
    const found = reassess(before, read(all([900, 900, 900, 900, 900])), 'A', now)
    expect(found).toEqual({ next: { ...before, version: 4, score: 900, computedAt: 50 } })
  })

  it('other weights or borders are another mark, the rest of the policy is not', () => {
    expect(scoringRules({ ...healthDefaults, healthyFrom: 85 })).not.toBe(now.rules)
    expect(scoringRules({ ...healthDefaults, planWithinDays: 5 })).toBe(now.rules)
  })

  it('the score over time is what it was at the end of each day', () => {
    const signals = [signal('adoption', 500, '2026-09-10'), signal('adoption', 700, '2026-11-01')]
    expect(scoresOver(signals, ['2026-08-31', '2026-09-30', '2026-10-31', today], healthDefaults)).toEqual([
      null,
      500,
      500,
      700,
    ])
  })
})

describe('growth', () => {
  const grown = (signals: readonly HealthSignal[], told?: number) =>
    growthOf(signals, 'adoption', today, told)

  it('is the newest reading beside the one a quarter before it', () => {
    const signals = [
      signal('adoption', 900, '2025-01-01'),
      signal('adoption', 500, '2026-08-01'),
      signal('adoption', 600, '2026-10-01'),
      signal('adoption', 700, '2026-11-15'),
    ]
    expect(grown(signals)).toEqual({ before: 50, now: 70, on: '2026-11-15' })
  })

  it('of a short history it is the oldest there is; of one reading it is nothing', () => {
    expect(grown([signal('adoption', 500, '2026-11-01'), signal('adoption', 640, '2026-11-10')])).toEqual({
      before: 50,
      now: 64,
      on: '2026-11-10',
    })
    expect(grown([signal('adoption', 500)])).toBeUndefined()
  })

  it('what was told once counts from there, and an old reading is no news', () => {
    const signals = [signal('adoption', 500, '2026-08-01'), signal('adoption', 700, '2026-11-15')]
    expect(grown(signals, 70)).toMatchObject({ before: 70, now: 70 })
    expect(growthOf(signals, 'adoption', '2026-12-16')).toBeUndefined()
    expect(growthOf(signals, 'adoption', '2026-12-15')).toBeDefined()
  })
})
