import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DigestWorld } from '../../src/canon/digest.ts'
import { digestOf, isQuiet, lacksOf } from '../../src/canon/digest.ts'
import { anomaliesOf } from '../../src/canon/digest-anomaly.ts'
import { risksOf } from '../../src/canon/digest-risk.ts'
import {
  coverageOf,
  coverageOfRest,
  type ForecastSum,
  forecastOf,
  gapOf,
  missPercent,
  pipelineTargets,
} from '../../src/canon/forecast.ts'
import { noSums } from '../../src/canon/metric.ts'
import { forecastError } from '../../src/canon/metric-figure.ts'
import { metricValue } from '../../src/canon/metrics.ts'
import { channels, openStages, tiers } from '../../src/canon/opportunity.ts'
import { periodOf } from '../../src/canon/period.ts'
import {
  converterTo,
  type DealMove,
  type PipelineCell,
  pipelineParts,
  pipelineSum,
  type RiskRow,
  snapshotOf,
} from '../../src/canon/pipeline.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { winLossOf } from '../../src/canon/summary.ts'

const days = {
  today: '2026-11-23',
  quarterTo: '2026-12-31',
  nextTo: '2027-03-31',
  stalledBefore: '2026-10-24',
} as const
const won = (amount: number, currency: string): number | undefined =>
  currency === 'KRW' ? amount : undefined

const cellOf = (more: Partial<PipelineCell> = {}): PipelineCell => ({
  owner: 'ae',
  stage: 'S4',
  currency: 'KRW',
  tier: 'T2',
  channel: 'inbound',
  deals: 5,
  amount: 1_000,
  dueDeals: 2,
  due: 400,
  nextDeals: 1,
  next: 200,
  overdue: 0,
  undated: 0,
  stalled: 1,
  ...more,
})

const anyCell: fc.Arbitrary<PipelineCell> = fc.record(
  {
    owner: fc.constantFrom('a', 'b', 'c'),
    stage: fc.constantFrom(...openStages),
    currency: fc.constantFrom('KRW', 'USD'),
    tier: fc.constantFrom(...tiers),
    channel: fc.constantFrom(...channels),
    deals: fc.integer({ min: 1, max: 50 }),
    amount: fc.integer({ min: 0, max: 1e12 }),
    dueDeals: fc.integer({ min: 0, max: 9 }),
    due: fc.integer({ min: 0, max: 1e11 }),
    nextDeals: fc.integer({ min: 0, max: 9 }),
    next: fc.integer({ min: 0, max: 1e11 }),
    overdue: fc.integer({ min: 0, max: 9 }),
    undated: fc.integer({ min: 0, max: 9 }),
    stalled: fc.integer({ min: 0, max: 9 }),
  },
  {
    requiredKeys: [
      'stage',
      'deals',
      'amount',
      'dueDeals',
      'due',
      'nextDeals',
      'next',
      'overdue',
      'undated',
      'stalled',
    ],
  },
)
const cells = fc.array(anyCell, { maxLength: 40 })
const anyMove: fc.Arbitrary<DealMove> = fc.record(
  {
    what: fc.constantFrom('new', 'advanced', 'slipped', 'won', 'lost'),
    deal: fc.string({ minLength: 1, maxLength: 3 }),
    owner: fc.constantFrom('a', 'b'),
    amount: fc.record({ amount: fc.integer({ min: 0, max: 1e9 }), currency: fc.constantFrom('KRW', 'USD') }),
    from: fc.constant('2026-11-01'),
    to: fc.constant('2026-12-01'),
  },
  { requiredKeys: ['what', 'deal', 'from', 'to'] },
)

const worldOf = (more: Partial<DigestWorld>): DigestWorld => ({
  from: '2026-11-16',
  to: '2026-11-22',
  days,
  quarter: '2026-Q4',
  currency: 'KRW',
  convert: won,
  policy: defaultPolicy,
  cells: [],
  won: [],
  moves: [],
  risks: [],
  discounts: [],
  ...more,
})

describe('the pipeline', () => {
  it('its parts add up to the whole, whatever it is broken down by', () => {
    fc.assert(
      fc.property(cells, (all) => {
        const whole = pipelineSum(all, undefined, 'KRW', won)
        for (const by of ['stage', 'rep', 'tier', 'channel', 'product'] as const) {
          const parts = pipelineParts(all, undefined, by, won)
          expect(parts.reduce((sum, { deals }) => sum + deals, 0)).toBe(whole.deals)
          expect(parts.reduce((sum, { amount }) => sum + amount, 0)).toBe(whole.amount)
        }
        expect(whole.deals).toBe(all.reduce((sum, { deals }) => sum + deals, 0))
      }),
    )
  })

  it('a snapshot compared with the very pipeline it was taken of has not changed', () => {
    fc.assert(
      fc.property(cells, (all) => {
        const snapshot = snapshotOf('t', '2026-11-16', all)
        const { before, ...now } = pipelineSum(all, snapshot, 'KRW', won)
        expect(before).toEqual({ deals: now.deals, amount: now.amount })
        for (const stage of now.stages)
          expect(stage.before).toEqual({ deals: stage.deals, amount: stage.amount })
        expect(anomaliesOf(all, snapshot, won)).toEqual([])
      }),
    )
  })

  it('says which currencies no rate joins, counts their deals and adds up the rest', () => {
    const all = [cellOf(), cellOf({ currency: 'USD', amount: 70_000, deals: 2 })]
    expect(pipelineSum(all, undefined, 'KRW', won)).toMatchObject({ deals: 7, amount: 1_000, apart: ['USD'] })
    const { convert, ratesOn } = converterTo('KRW', [
      { on: '2026-11-20', from: 'USD', to: 'KRW', rate: 1_400 },
    ])
    expect(pipelineSum(all, undefined, 'KRW', convert)).toMatchObject({
      amount: 1_000 + 700 * 1_400,
      apart: [],
    })
    expect(ratesOn()).toBe('2026-11-20')
  })
})

describe('the forecast', () => {
  const policy = defaultPolicy
  it.each([
    ['S1', 10, 0, 0],
    ['S3', 40, 0, 0],
    ['S4', 60, 0, 100],
    ['S5', 80, 100, 100],
    ['S6', 90, 100, 100],
  ] as const)(
    '%s counts at %i %%, in the commit view %i, in the best case %i',
    (stage, weighted, commit, best) => {
      const sum = forecastOf(
        [cellOf({ stage, due: 100 })],
        [],
        { quarter: 'q', currency: 'KRW' },
        policy,
        won,
      )
      expect(sum).toMatchObject({ weighted, commit, best, due: 100, won: 0 })
    },
  )

  const sum = (more: Partial<ForecastSum>): ForecastSum => ({
    quarter: '2026-Q4',
    currency: 'KRW',
    won: 0,
    wonDeals: 0,
    weighted: 0,
    commit: 0,
    best: 0,
    due: 0,
    dueDeals: 0,
    pipeline: 0,
    ...more,
  })

  it.each([
    [{ target: 100, pipeline: 320 }, 3.2],
    [{ target: 0, pipeline: 320 }, undefined],
    [{ pipeline: 320 }, undefined],
  ])('coverage of %o is %s: pipeline ÷ target', (of, expected) => {
    expect(coverageOf(sum(of))).toBe(expected)
  })

  it('coverage of the rest leaves out what is won, and is none where nothing is left', () => {
    expect(coverageOfRest(sum({ target: 100, won: 60, due: 80 }))).toBe(2)
    expect(coverageOfRest(sum({ target: 100, won: 100, due: 80 }))).toBeUndefined()
  })

  it('coverage, the stalled rate and the error are held to what the metrics are: the Canon’s, or the company’s own', () => {
    const quarter = periodOf('quarter', '2026-11-23')
    expect(pipelineTargets(defaultPolicy, quarter)).toEqual({
      coverage: { from: 3, to: 5 },
      stalled: { to: 15 },
      error: { to: 15 },
    })
    const own = {
      ...defaultPolicy,
      targets: { ...defaultPolicy.targets, coverage: { from: 4 }, 'stalled-rate': null },
    }
    expect(pipelineTargets(own, quarter)).toEqual({ coverage: { from: 4 }, error: { to: 15 } })
    const forecast = sum({ target: 100, pipeline: 320 })
    const metric = metricValue(
      'coverage',
      { ...noSums, money: { KRW: { open: 320 } }, n: { open: 2 } },
      {
        period: quarter,
        daysSoFar: 54,
        workingDaysSoFar: 38,
        currency: 'KRW',
        convert: () => undefined,
        targets: [{ amount: 100, currency: 'KRW' }],
        people: [],
        policy: defaultPolicy,
      },
    )
    expect(metric).toMatchObject({ value: coverageOf(forecast) })
  })

  it('the gap says how much more pipeline would close it at the odds of today', () => {
    expect(gapOf(sum({ target: 100, won: 20, weighted: 30, due: 60 }))).toEqual({
      gap: 50,
      pipelineNeeded: 100,
    })
    expect(gapOf(sum({ target: 100 }))).toEqual({ gap: 100 })
    expect(gapOf(sum({ target: 100, won: 90, weighted: 20, due: 20 }))).toBeUndefined()
  })

  it.each([
    [80, 100, 20],
    [79, 100, 21],
    [120, 100, -20],
    [5, 0, 0],
  ])('%i against %i is a miss of %i %%', (value, against, percent) => {
    expect(missPercent(value, against)).toBe(percent)
  })

  it('the error is of what came, either way, and there is none where nothing came', () => {
    expect([forecastError(120, 100), forecastError(80, 100), forecastError(80, 0)]).toEqual([
      20,
      20,
      undefined,
    ])
  })

  it('never forecasts more than all, nor less than what is won', () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 0, max: 1e12 }), (all, amount) => {
        const of = [{ currency: 'KRW', deals: 1, amount }]
        const found = forecastOf(all, of, { quarter: 'q', currency: 'KRW' }, policy, won)
        expect(found.weighted).toBeLessThanOrEqual(found.due)
        expect(found.commit).toBeLessThanOrEqual(found.best)
        expect(found.best).toBeLessThanOrEqual(found.won + found.due)
        expect(found.commit).toBeGreaterThanOrEqual(found.won)
      }),
    )
  })
})

describe('the digest', () => {
  it('is the same of a record in any other order', () => {
    fc.assert(
      fc.property(
        cells,
        fc.uniqueArray(anyMove, { selector: ({ what, deal }) => what + deal }),
        fc.nat(),
        (all, moves, seed) => {
          const order = <T>(list: readonly T[]): T[] =>
            list
              .map((value, at) => ({ value, key: ((at + 1) * (seed + 7919)) % 104_729 }))
              .sort((a, b) => a.key - b.key)
              .map(({ value }) => value)
          const before = snapshotOf('t', '2026-11-16', all.slice(0, Math.ceil(all.length / 2)))
          expect(
            digestOf(worldOf({ cells: order(all), moves: order(moves), before: order(before) })),
          ).toEqual(digestOf(worldOf({ cells: all, moves, before })))
        },
      ),
    )
  })

  it('by rep adds up to the whole', () => {
    fc.assert(
      fc.property(cells, (all) => {
        const { reps, pipeline, forecast } = digestOf(worldOf({ cells: all }))
        expect(reps.reduce((sum, { amount }) => sum + amount, 0)).toBe(pipeline.amount)
        expect(reps.reduce((sum, { weighted }) => sum + weighted, 0)).toBe(forecast.weighted)
      }),
    )
  })

  it.each([
    ['a week later', '2026-12-01', '2026-12-08', 1],
    ['six days later', '2026-12-01', '2026-12-07', 0],
    ['a day later, but out of the quarter', '2026-12-31', '2027-01-01', 1],
  ])('a deal that closes %s', (_what, from, to, slipped) => {
    const { moves } = digestOf(worldOf({ moves: [{ what: 'slipped', deal: 'D', from, to }] }))
    expect(moves.find(({ what }) => what === 'slipped')?.deals).toBe(slipped)
  })

  it('is quiet only where nothing is open and nothing happened', () => {
    expect(isQuiet(digestOf(worldOf({})))).toBe(true)
    expect(isQuiet(digestOf(worldOf({ cells: [cellOf()] })))).toBe(false)
    expect(isQuiet(digestOf(worldOf({ moves: [{ what: 'won', deal: 'D' }] })))).toBe(false)
  })

  it('names the stalled rate of open deals, and none where there are none', () => {
    expect(digestOf(worldOf({ cells: [cellOf({ deals: 8, stalled: 1 })] })).stalledRate).toBe(1_250)
    expect(digestOf(worldOf({}))).not.toHaveProperty('stalledRate')
  })
})

describe('an anomaly', () => {
  const then = (more: Partial<PipelineCell> = {}) => snapshotOf('t', '2026-11-16', [cellOf({ ...more })])
  const told = (now: Partial<PipelineCell>, before: Partial<PipelineCell> = {}) =>
    anomaliesOf([cellOf(now)], then(before), won).map(({ by, key, percent }) => `${by} ${key} ${percent}`)

  it('“T2 pipeline down 30 %”: from 30 % on', () => {
    const before = snapshotOf('t', '2026-11-16', [
      cellOf({ tier: 'T2', amount: 1_000 }),
      cellOf({ tier: 'T1', owner: 'b', stage: 'S3', channel: 'partner', amount: 4_000, deals: 6 }),
    ])
    const rest = cellOf({ tier: 'T1', owner: 'b', stage: 'S3', channel: 'partner', amount: 4_000, deals: 6 })
    const at = (amount: number) =>
      anomaliesOf([cellOf({ tier: 'T2', amount }), rest], before, won).filter(({ by }) => by === 'tier')
    expect(at(700)).toMatchObject([{ key: 'T2', percent: -30, from: 1_000, to: 700 }])
    expect(at(710)).toEqual([])
    expect(at(1_300)).toMatchObject([{ key: 'T2', percent: 30 }])
  })

  it('is none of a handful of deals', () => {
    expect(told({ amount: 100, deals: 1 }, { deals: 3 })).toEqual([])
    expect(told({ amount: 100, deals: 1 }, { deals: 4 })).toContain('all  -90')
  })

  it('is none of a part that is nothing beside the whole', () => {
    const before = snapshotOf('t', '2026-11-16', [
      cellOf({ amount: 100 }),
      cellOf({ tier: 'T1', amount: 100_000 }),
    ])
    const now = [cellOf({ amount: 10 }), cellOf({ tier: 'T1', amount: 100_000 })]
    expect(anomaliesOf(now, before, won)).toEqual([])
  })

  it('is told once where the same deals are a tier, a channel and a stage', () => {
    expect(told({ amount: 100 })).toEqual(['all  -90'])
  })

  it('are at most three, the whole first', () => {
    const of = (at: number, amount: number) =>
      cellOf({
        tier: tiers[at % 3]!,
        channel: channels[at % 4]!,
        stage: openStages[at % 6]!,
        amount: amount + at,
      })
    const before = snapshotOf(
      't',
      '2026-11-16',
      Array.from({ length: 12 }, (_, at) => of(at, 1_000)),
    )
    const found = anomaliesOf(
      Array.from({ length: 12 }, (_, at) => of(at, 100 + at * 10)),
      before,
      won,
    )
    expect(found).toHaveLength(3)
    expect(found[0]).toMatchObject({ by: 'all', key: '' })
  })
})

describe('a risk', () => {
  const row = (more: Partial<RiskRow>): RiskRow => ({
    deal: 'D',
    stage: 'S4',
    amount: { amount: 1_000, currency: 'KRW' },
    slips: 0,
    slippedDays: 0,
    ...more,
  })
  const codes = (more: Partial<RiskRow>) =>
    risksOf([row(more)], days.today, defaultPolicy, won).flatMap(({ reasons }) =>
      reasons.map(({ code }) => code),
    )

  it.each([
    [{ stageEnteredOn: '2026-10-23' }, ['stalled']],
    [{ stageEnteredOn: '2026-10-24' }, []],
    [{ expectedCloseOn: '2026-11-22' }, ['close-past']],
    [{ expectedCloseOn: '2026-11-23' }, []],
    [{ slips: 1, slippedDays: 30 }, []],
    [{ slips: 2, slippedDays: 30 }, ['slipped']],
    [{ debtUntil: '2026-11-22' }, ['debt']],
    [{ debtUntil: '2026-11-23' }, []],
  ])('%o: %o', (of, expected) => {
    expect(codes(of)).toEqual(expected)
  })

  it('comes first where more is at stake', () => {
    const found = risksOf(
      [
        row({ deal: 'small', amount: { amount: 10, currency: 'KRW' }, expectedCloseOn: '2026-11-01' }),
        row({
          deal: 'early',
          stage: 'S1',
          amount: { amount: 900, currency: 'KRW' },
          expectedCloseOn: '2026-11-01',
        }),
        row({
          deal: 'late',
          stage: 'S6',
          amount: { amount: 900, currency: 'KRW' },
          expectedCloseOn: '2026-11-01',
        }),
      ],
      days.today,
      defaultPolicy,
      won,
    )
    expect(found.map(({ deal }) => deal)).toEqual(['late', 'early', 'small'])
  })
})

describe('what a team lacks', () => {
  it.each([
    [{ slackChannel: 'C', quarterlyTarget: 1, timeZone: 'Asia/Seoul', manager: 'm' }, 1, true, []],
    [{ timeZone: 'Asia/Seoul', manager: 'm' }, 0, true, ['channel', 'target']],
    [{ manager: 'm' }, 1, false, ['zone']],
    [{}, 0, false, ['channel', 'zone', 'manager']],
  ] as const)('%o', (team, places, sells, expected) => {
    expect(lacksOf(team, { places, sells })).toEqual(expected)
  })
})

describe('win and loss', () => {
  it('counts every lost deal once in each breakdown', () => {
    const lost = fc.record(
      {
        stage: fc.constantFrom('CW' as const, 'CL' as const),
        currency: fc.constant('KRW'),
        lossReason: fc.constantFrom('price', 'timing'),
        competitor: fc.constantFrom('x', 'y'),
        lostFrom: fc.constantFrom('S3', 'S4'),
        deals: fc.integer({ min: 1, max: 9 }),
        amount: fc.integer({ min: 0, max: 1e9 }),
      },
      { requiredKeys: ['stage', 'deals', 'amount'] },
    )
    fc.assert(
      fc.property(fc.array(lost), (all) => {
        const found = winLossOf(all, 'KRW', won)
        for (const lines of [found.reasons, found.competitors, found.lostFrom]) {
          expect(lines.reduce((sum, { deals }) => sum + deals, 0)).toBe(found.lost)
          expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(found.lostAmount)
        }
        expect(found.won + found.lost).toBe(all.reduce((sum, { deals }) => sum + deals, 0))
      }),
    )
  })
})
