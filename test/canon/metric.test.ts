import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  added,
  dimensions,
  isLack,
  type Metric,
  type MetricWorld,
  metricIds,
  noSums,
  type Sums,
} from '../../src/canon/metric.ts'
import { gini } from '../../src/canon/metric-figure.ts'
import { isOnTarget, metrics, metricValue, targetOf } from '../../src/canon/metrics.ts'
import { exchanged, rateBetween } from '../../src/canon/money.ts'
import { periodOf } from '../../src/canon/period.ts'
import { defaultPolicy, parsePolicy } from '../../src/canon/policy.ts'

const quarter = periodOf('quarter', '2026-08-01')
const world = (over: Partial<MetricWorld> = {}): MetricWorld => ({
  period: quarter,
  daysSoFar: 92,
  workingDaysSoFar: 64,
  currency: 'KRW',
  convert: () => undefined,
  targets: [],
  people: [],
  policy: defaultPolicy,
  ...over,
})
const sums = (over: Partial<Sums>): Sums => ({ ...noSums, ...over })
const krw = (parts: Readonly<Record<string, number>>) => ({ KRW: parts })

describe('every metric of the Canon', () => {
  it('is in the registry, each with its formula, review and unit', () => {
    expect(Object.keys(metrics)).toEqual([...metricIds])
    for (const metric of Object.values(metrics))
      expect(metric).toMatchObject({ id: expect.any(String), formula: expect.any(Function) })
  })

  it('is reviewed as often as the Canon says', () => {
    const weekly = ['coverage', 'activity-to-opp', 'activities-a-day'] as const
    expect(weekly.map((id) => metrics[id].review)).toEqual(['weekly', 'weekly', 'weekly'])
    expect(metrics['response-time'].review).toBe('daily')
    expect([metrics.cac.review, metrics['forecast-accuracy'].review]).toEqual(['quarterly', 'quarterly'])
    expect([metrics['win-rate'].review, metrics.nrr.review]).toEqual(['monthly', 'monthly'])
  })

  it('is told by every dimension, or says why not', () => {
    for (const id of metricIds) {
      const { by, notBy = {}, means = {}, sources } = metrics[id]
      expect(new Set(by).size, id).toBe(by.length)
      if (sources.length > 0)
        expect([...by, ...Object.keys(notBy)].sort(), id).toEqual([...dimensions].sort())
      for (const dimension of Object.keys(means)) expect(by, id).toContain(dimension)
    }
  })

  it('never makes a number up: without a row there is none', () => {
    for (const id of metricIds)
      expect(
        isLack(
          metricValue(id, noSums, world({ targets: [{ amount: 1, currency: 'KRW' }], people: ['a', 'b'] })),
        ),
        id,
      ).toBe(id !== 'coverage')
  })

  it('says what is missing where the product keeps nothing of it', () => {
    expect(metricValue('tam-coverage', noSums, world())).toEqual({ code: 'not-kept', what: 'market' })
    expect(metricValue('icp-match', noSums, world())).toEqual({ code: 'not-kept', what: 'icp' })
    expect(metricValue('plan-completion', noSums, world())).toEqual({ code: 'not-kept', what: 'plans' })
    expect(metricValue('account-score-coverage', noSums, world())).toEqual({
      code: 'not-kept',
      what: 'account-scores',
    })
  })
})

describe('the formulas, by worked numbers', () => {
  const moves = {
    'S1>S2': 50,
    'S1>CL': 50,
    'S2>S3': 30,
    'S2>CL': 20,
    'S3>S4': 20,
    'S4>S5': 10,
    'S4>CL': 5,
    'S5>S6': 8,
    'S6>CW': 6,
    'S5>CL': 2,
  }
  const target = { targets: [{ amount: 400, currency: 'KRW' }] }
  it.each<[Metric['id'], Partial<Sums>, Partial<MetricWorld>, number]>([
    ['win-rate', { n: { won: 4238, lost: 2473 } }, {}, 63.150052],
    ['sales-cycle', { n: { timed: 4, days: 207 } }, {}, 51.75],
    ['coverage', { n: { open: 3 }, money: krw({ open: 1_400 }) }, target, 3.5],
    ['conversion-s1-s2', { n: moves }, {}, 50],
    ['conversion-s2-s3', { n: moves }, {}, 60],
    ['conversion-s3-s4', { n: moves }, {}, 100],
    ['conversion-s4-s5', { n: moves }, {}, (10 * 100) / 15],
    ['conversion-s5-won', { n: moves }, {}, 75],
    // Who skips a step went on from it.
    ['conversion-s2-s3', { n: { 'S1>S4': 1, 'S2>CL': 1 } }, {}, 50],
    // Going back is neither going on nor being lost.
    ['conversion-s2-s3', { n: { 'S2>S3': 1, 'S3>S1': 5, 'S2>CL': 1 } }, {}, 50],
    ['close-rate', { n: moves }, {}, (6 * 100) / 13],
    ['stage-conversion', { n: moves }, {}, 0.5 * 0.6 * 1 * (10 / 15) * 0.75 * 100],
    ['time-to-close', { n: { timed: 2, ms: 50 * 86_400_000 } }, {}, 25],
    ['average-discount', { money: krw({ list: 1_000, paid: 880, listed: 3 }) }, {}, 12],
    ['discount-approval-time', { n: { decided: 4, ms: 6 * 86_400_000 } }, {}, 1.5],
    ['stalled-rate', { n: { deals: 40, stalled: 6 } }, {}, 15],
    ['meddicc-compliance', { n: { from_s3: 10, meddicc: 56 } }, {}, 80],
    ['data-completeness', { n: { deals: 10, fields: 63 } }, {}, 90],
    ['forecast-accuracy', { n: { taken: 1 }, money: krw({ forecast: 880, actual: 1_000 }) }, {}, 12],
    ['activity-to-opp', { n: { activities: 130, created: 20 } }, {}, 6.5],
    ['activities-a-day', { n: { activities: 7_680 } }, { people: ['a', 'b'] }, 60],
    ['meeting-conversion', { n: { touches: 200, meetings: 8 } }, {}, 4],
    ['response-time', { n: { leads: 9, touched: 3, minutes: 12 } }, {}, 4],
    ['sql-per-month', { n: { sqls: 36 } }, {}, 12],
    [
      'nrr',
      {
        n: { accounts: 9 },
        money: krw({ start: 1_000, expansion: 250, churn: 80, contraction: 40, kept: 880 }),
      },
      {},
      113,
    ],
    [
      'grr',
      {
        n: { accounts: 9 },
        money: krw({ start: 1_000, expansion: 250, churn: 80, contraction: 40, kept: 880 }),
      },
      {},
      88,
    ],
    ['expansion-rate', { n: { accounts: 9 }, money: krw({ start: 1_000, expansion: 250 }) }, {}, 25],
    ['cs-expansion-rate', { n: { found: 6, managed: 50 } }, {}, 12],
    ['handoff-quality', { n: { rated: 4, score: 17 } }, {}, 4.25],
    ['time-to-first-value', { n: { valued: 2, days: 54 } }, {}, 27],
    // T3 has no QBRs, so it is not counted.
    [
      'qbr-completion',
      { n: { accounts_T1: 4, held_T1: 4, accounts_T2: 4, held_T2: 2, accounts_T3: 9 } },
      {},
      75,
    ],
    ['territory-balance', { spread: { 'deals:a': 3, 'deals:b': 1 } }, { people: ['a', 'b'] }, 0.25],
    // An AE without a deal counts: that is what the balance is about.
    ['territory-balance', { spread: { 'deals:a': 4 } }, { people: ['a', 'b'] }, 0.5],
    [
      'scoring-accuracy',
      { spread: { 'leads:90': 10, 'converted:90': 6, 'leads:20': 40, 'converted:20': 4 } },
      {},
      3,
    ],
    // The best fifth ends within a score: its leads count in proportion.
    [
      'scoring-accuracy',
      { spread: { 'leads:90': 5, 'converted:90': 5, 'leads:50': 20, 'converted:50': 5 } },
      {},
      2.5,
    ],
    ['report-delivery', { n: { sent: 19, lost: 1 } }, {}, 95],
    ['insight-actionability', { n: { raised: 30, acted: 9 } }, {}, 3],
  ])('%s of %j', (id, of, over, value) => {
    const figure = metricValue(id, sums(of), world(over))
    expect(figure).toMatchObject({ unit: metrics[id].unit, value: expect.closeTo(value, 5) })
  })

  it('ACV, velocity and CAC are money by currency, with a total at dated rates where there are rates', () => {
    const convert: MetricWorld['convert'] = (money, to) => ({
      money: exchanged(money, to, 1_400),
      on: '2026-08-01',
    })
    const won = sums({
      n: { won: 4, lost: 4, timed: 4, days: 200, open: 3 },
      money: {
        KRW: { won: 3_000_000, contracts: 3, deals: 2 },
        USD: { won: 100_000, contracts: 1, deals: 1 },
      },
    })
    expect(metricValue('acv', won, world())).toEqual({
      unit: 'money',
      amounts: [
        { amount: 1_000_000, currency: 'KRW' },
        { amount: 100_000, currency: 'USD' },
      ],
      of: 4,
    })
    expect(metricValue('acv', won, world({ convert }))).toMatchObject({
      total: { money: { amount: (3_000_000 + 1_400_000) / 4, currency: 'KRW' }, on: '2026-08-01' },
    })
    // 2 open × 50 % × 1,000,000 ÷ 50 days.
    expect(metricValue('velocity', won, world())).toMatchObject({
      amounts: [
        { amount: 20_000, currency: 'KRW' },
        { amount: 1_000, currency: 'USD' },
      ],
    })
    expect(
      metricValue('cac', sums({ n: { costs: 3, customers: 4 }, money: krw({ cost: 10_000_000 }) }), world()),
    ).toEqual({
      unit: 'money',
      amounts: [{ amount: 2_500_000, currency: 'KRW' }],
      of: 4,
    })
  })

  it('what no rate joins is said with its currencies, never added up', () => {
    const two = sums({ n: { accounts: 2 }, money: { KRW: { start: 10 }, USD: { start: 10 } } })
    expect(metricValue('nrr', two, world())).toEqual({ code: 'rates', currencies: ['USD', 'KRW'] })
    expect(
      metricValue(
        'coverage',
        sums({ money: { USD: { open: 5 } } }),
        world({ targets: [{ amount: 9, currency: 'KRW' }] }),
      ),
    ).toEqual({ code: 'rates', currencies: ['USD', 'KRW'] })
    expect(metricValue('coverage', sums({ money: krw({ open: 5 }) }), world())).toEqual({ code: 'target' })
  })

  it('a quarter that has not ended has no forecast error yet', () => {
    const taken = sums({ n: { taken: 1 }, money: krw({ forecast: 5, actual: 4 }) })
    expect(metricValue('forecast-accuracy', taken, world({ daysSoFar: 40 }))).toEqual({ code: 'unfinished' })
    expect(metricValue('forecast-accuracy', noSums, world())).toEqual({ code: 'snapshot' })
  })
})

describe('targets', () => {
  const of = (id: Metric['id'], period = quarter, given: Sums = noSums) =>
    targetOf(id, defaultPolicy, period, given)
  it('are the Canon’s, scaled to the period where they are for a time', () => {
    expect(of('coverage')).toEqual({ from: 3, to: 5 })
    expect(of('stalled-rate')).toEqual({ to: 15 })
    expect(of('expansion-rate')).toEqual({ from: 5 })
    expect(of('expansion-rate', periodOf('year', '2026-01-01'))).toEqual({ from: 20 })
    expect(of('cs-expansion-rate', periodOf('year', '2026-01-01'))).toEqual({ from: 40 })
    expect(of('win-rate')).toBeUndefined()
  })
  it('follow from the other rules where those say them', () => {
    expect(of('average-discount')).toEqual({ to: 15 })
    expect(of('response-time')).toEqual({ to: 5 })
    expect(of('qbr-completion', quarter, sums({ n: { accounts_T1: 1, accounts_T2: 3 } }))).toEqual({
      from: 81.25,
    })
    expect(of('stage-conversion')?.from).toBeCloseTo(10.2375, 6)
  })
  it('can be set by a company, and taken away', () => {
    const read = parsePolicy({ targets: { 'win-rate': { from: 35 }, 'stalled-rate': null } })
    if (!read.ok) throw new Error('refused')
    expect(targetOf('win-rate', read.next, quarter, noSums)).toEqual({ from: 35 })
    expect(targetOf('stalled-rate', read.next, quarter, noSums)).toBeUndefined()
    expect(targetOf('nrr', read.next, quarter, noSums)).toEqual({ from: 110 })
    expect(parsePolicy({ targets: { 'win-rate': { from: 5, to: 1 } } }).ok).toBe(false)
    expect(parsePolicy({ targets: { 'win-raet': { from: 5 } } }).ok).toBe(false)
  })
  it('are met at their border', () => {
    expect(isOnTarget({ unit: 'percent', value: 50, of: 1 }, { from: 50 })).toBe(true)
    expect(isOnTarget({ unit: 'percent', value: 49.99, of: 1 }, { from: 50 })).toBe(false)
    expect(isOnTarget({ unit: 'ratio', value: 5.1, of: 1 }, { from: 3, to: 5 })).toBe(false)
  })
})

describe('whatever the record holds', () => {
  const shares = [
    'win-rate',
    'conversion-s1-s2',
    'conversion-s2-s3',
    'conversion-s3-s4',
    'conversion-s4-s5',
    'conversion-s5-won',
    'stage-conversion',
    'close-rate',
    'stalled-rate',
    'meddicc-compliance',
    'data-completeness',
    'meeting-conversion',
    'grr',
    'qbr-completion',
    'report-delivery',
  ] as const
  const few = fc.nat({ max: 1_000 })
  const stages = fc.constantFrom('S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'CW', 'CL')
  /** Sums as rows can give them: a part is never more than its whole. */
  const real = fc
    .record({ a: few, b: few, moves: fc.array(fc.tuple(stages, stages, few), { maxLength: 12 }) })
    .chain(({ a, b, moves }) =>
      fc.record({ part: fc.nat({ max: a }), kept: fc.nat({ max: b }) }).map(
        ({ part, kept }): Sums => ({
          n: {
            ...Object.fromEntries(moves.map(([from, to, n]) => [`${from}>${to}`, n])),
            won: a,
            lost: b,
            deals: a,
            stalled: part,
            from_s3: a,
            meddicc: part * 7,
            fields: part * 7,
            touches: a,
            meetings: b,
            accounts: a,
            accounts_T1: a,
            held_T1: part,
            sent: a,
          },
          money: b === 0 ? {} : { KRW: { start: b, kept } },
          spread: {},
        }),
      ),
    )

  it('rates lie between 0 and 100 %', () => {
    fc.assert(
      fc.property(real, fc.constantFrom(...shares), (given, id) => {
        const figure = metricValue(id, given, world())
        if (isLack(figure) || figure.unit === 'money') return
        expect(figure.value).toBeGreaterThanOrEqual(0)
        expect(figure.value).toBeLessThanOrEqual(100 + 1e-9)
      }),
    )
  })

  it('the order and the grouping of what is added up do not matter', () => {
    fc.assert(
      fc.property(fc.array(real, { minLength: 1, maxLength: 6 }), fc.nat({ max: 5 }), (groups, at) => {
        const whole = added(groups)
        expect(added([...groups].reverse())).toEqual(whole)
        const cut = at % groups.length
        expect(added([added(groups.slice(0, cut)), added(groups.slice(cut))])).toEqual(whole)
        expect(added([whole, noSums])).toEqual(whole)
      }),
    )
  })

  it('a rate of the whole lies between the rates of its parts', () => {
    fc.assert(
      fc.property(fc.array(real, { minLength: 2, maxLength: 5 }), (groups) => {
        const rate = (given: Sums) => {
          const figure = metricValue('win-rate', given, world())
          return isLack(figure) || figure.unit === 'money' ? [] : [figure.value]
        }
        const parts = groups.flatMap(rate)
        for (const value of rate(added(groups))) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...parts) - 1e-9)
          expect(value).toBeLessThanOrEqual(Math.max(...parts) + 1e-9)
        }
      }),
    )
  })

  it('the Gini coefficient is 0 for even shares, under 1 for any, and the same however they are ordered or scaled', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 30 }), (values) => {
        const found = gini(values)!
        expect(found).toBeGreaterThanOrEqual(-1e-12)
        expect(found).toBeLessThan(1)
        expect(gini([...values].reverse())).toBeCloseTo(found, 12)
        expect(gini(values.map((value) => value * 3))).toBeCloseTo(found, 12)
        expect(gini(values.map(() => 7))).toBeCloseTo(0, 12)
      }),
    )
  })
})

describe('rates of exchange', () => {
  const rates = [
    { on: '2026-07-01', from: 'USD', to: 'KRW', rate: 1_300 },
    { on: '2026-08-01', from: 'USD', to: 'KRW', rate: 1_400 },
    { on: '2026-07-15', from: 'EUR', to: 'USD', rate: 1.1 },
  ]
  it('the newest counts, either way round, and over one currency between', () => {
    expect(rateBetween(rates, 'USD', 'KRW')).toEqual({ rate: 1_400, on: '2026-08-01' })
    expect(rateBetween(rates, 'KRW', 'USD')).toEqual({ rate: 1 / 1_400, on: '2026-08-01' })
    expect(rateBetween(rates, 'EUR', 'KRW')).toMatchObject({
      on: '2026-07-15',
      rate: expect.closeTo(1_540, 6),
    })
    expect(rateBetween(rates, 'JPY', 'KRW')).toBeUndefined()
  })
  it('an amount changes its decimals with its currency', () => {
    expect(exchanged({ amount: 12_345, currency: 'USD' }, 'KRW', 1_400)).toEqual({
      amount: 172_830,
      currency: 'KRW',
    })
    expect(exchanged({ amount: 1_400, currency: 'KRW' }, 'USD', 1 / 1_400)).toEqual({
      amount: 100,
      currency: 'USD',
    })
  })
})
