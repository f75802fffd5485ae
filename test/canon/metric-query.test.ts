import { describe, expect, it } from 'vitest'
import { dimensions, metricIds } from '../../src/canon/metric.ts'
import { dimensionNames, metricNames } from '../../src/canon/metric-names.ts'
import { readMetricQuery, readPeriodWords } from '../../src/canon/metric-query.ts'
import {
  daysIn,
  periodName,
  periodOf,
  piecesOf,
  readPeriodName,
  shifted,
  upTo,
  yearBefore,
} from '../../src/canon/period.ts'
import { workingMinutes } from '../../src/canon/working-minutes.ts'

const when = { today: '2026-11-23', fiscalYearStart: 1 }
const read = (text: string) => {
  const { period, ...rest } = readMetricQuery(text, when)
  return { ...rest, ...(period ? { period: periodName(period) } : {}) }
}

describe('what is typed behind /kpi', () => {
  it.each([
    ['', {}],
    ['승률', { metric: 'win-rate' }],
    ['win rate', { metric: 'win-rate' }],
    ['Win-Rate by rep', { metric: 'win-rate', by: 'rep' }],
    ['승률 담당자별 이번 분기', { metric: 'win-rate', by: 'rep', period: '2026-Q4' }],
    ['이번 분기 담당자별 승률', { metric: 'win-rate', by: 'rep', period: '2026-Q4' }],
    ['win rate by rep last quarter', { metric: 'win-rate', by: 'rep', period: '2026-Q3' }],
    ['파이프라인 커버리지 팀별', { metric: 'coverage', by: 'team' }],
    ['response time 지난달', { metric: 'response-time', period: '2026-10' }],
    ['S4→CW by product 2026-Q3', { metric: 'close-rate', by: 'product', period: '2026-Q3' }],
    ['평균 할인율 제품 별 2026년 3분기', { metric: 'average-discount', by: 'product', period: '2026-Q3' }],
    ['cs 확장 티어별', { metric: 'cs-expansion-rate', by: 'tier' }],
    ['NRR last 12 months', { metric: 'nrr', period: '12M-2026-11' }],
    ['ＮＲＲ', { metric: 'nrr' }],
    ['activities per day', { metric: 'activities-a-day' }],
    ['activity to opp per rep', { metric: 'activity-to-opp', by: 'rep' }],
    ['올해', { period: '2026' }],
    ['by industry', { by: 'industry' }],
    ['portfolio', { portfolio: true }],
    ['포트폴리오 2026-Q3', { portfolio: true, period: '2026-Q3' }],
  ])('%j', (text, found) => {
    expect(read(text)).toEqual(found)
  })

  it('a typo is never guessed: it comes back with what is near', () => {
    expect(read('winrat')).toEqual({
      unknown: { text: 'winrat', near: expect.arrayContaining(['win-rate']) },
    })
    expect(read('승룰 담당자별')).toEqual({
      by: 'rep',
      unknown: { text: '승룰', near: [expect.any(String)] },
    })
    expect(read('xyzzy')).toEqual({ unknown: { text: 'xyzzy', near: [] } })
    expect(read('win rate by planet')).toMatchObject({ metric: 'win-rate', unknown: { text: 'planet' } })
  })

  it('every metric and dimension is found by its id and by each of its names, and no name means two', () => {
    const names = metricIds.flatMap((id) => [id, ...metricNames[id]].map((name) => [name, id] as const))
    for (const [name, id] of names) expect(read(name), name).toEqual({ metric: id })
    for (const by of dimensions)
      for (const name of dimensionNames[by]) {
        expect(read(`by ${name}`), name).toEqual({ by })
        expect(read(`${name}별`), name).toEqual({ by })
      }
  })
})

describe('periods', () => {
  it.each([
    ['2026-Q3', '2026-07-01', '2026-09-30'],
    ['2026q3', '2026-07-01', '2026-09-30'],
    ['Q3 2026', '2026-07-01', '2026-09-30'],
    ['3분기', '2026-07-01', '2026-09-30'],
    ['Q4', '2026-10-01', '2026-12-31'],
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['2026년 2월', '2026-02-01', '2026-02-28'],
    ['12월', '2025-12-01', '2025-12-31'],
    ['2026', '2026-01-01', '2026-12-31'],
    ['2026-W01', '2025-12-29', '2026-01-04'],
    ['2026-W53', '2026-12-28', '2027-01-03'],
    ['지난주', '2026-11-16', '2026-11-22'],
    ['last year', '2025-01-01', '2025-12-31'],
    ['어제', '2026-11-22', '2026-11-22'],
  ])('%s runs from %s to %s', (text, from, to) => {
    expect(readPeriodWords(text, when)).toMatchObject({ from, to })
  })

  it.each(['2026-13', '2026-Q5', '2025-W53', '2026-02-30', 'Q0', '13월', 'soon', ''])(
    '“%s” is none',
    (text) => {
      expect(readPeriodWords(text, when)).toBeUndefined()
    },
  )

  it('quarters and years are the company’s fiscal ones, called after the year they begin in', () => {
    const q4 = periodOf('quarter', '2027-02-10', 4)
    expect(q4).toEqual({ kind: 'quarter', from: '2027-01-01', to: '2027-03-31' })
    expect(periodName(q4, 4)).toBe('2026-Q4')
    expect(readPeriodName('2026-Q4', 4)).toEqual(q4)
    expect(readPeriodName('2026', 4)).toEqual({ kind: 'year', from: '2026-04-01', to: '2027-03-31' })
  })

  it.each<['month' | 'quarter', string, number, readonly string[] | undefined]>([
    ['month', '2026-Q3', 1, ['2026-07', '2026-08', '2026-09']],
    ['month', '2026-W48', 1, undefined],
    ['quarter', '2026', 1, ['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4']],
    ['quarter', '2026', 4, ['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4']],
    ['quarter', '2026-11', 1, undefined],
    ['quarter', '12M-2026-09', 1, ['2025-Q4', '2026-Q1', '2026-Q2', '2026-Q3']],
    ['quarter', '12M-2026-10', 1, undefined],
  ])(
    'the %ss of %s, of a year that begins in month %i, are whole or not told',
    (kind, name, start, pieces) => {
      const found = piecesOf(kind, readPeriodName(name, start)!, start)
      expect(found?.map((piece) => periodName(piece, start))).toEqual(pieces)
    },
  )

  it('what is named is read back, and neighbours touch', () => {
    for (const start of [1, 2, 4, 7, 10])
      for (const kind of ['day', 'week', 'month', 'quarter', 'year', 'twelve-months'] as const) {
        const period = periodOf(kind, '2026-11-23', start)
        expect(readPeriodName(periodName(period, start), start)).toEqual(period)
        const [before, now] = upTo(period, 2)
        expect(now).toEqual(period)
        if (kind !== 'twelve-months')
          expect(daysIn({ kind, from: before!.from, to: period.to })).toBe(daysIn(before!) + daysIn(period))
        expect(shifted(shifted(period, 5), -5)).toEqual(period)
      }
    expect(yearBefore(periodOf('quarter', '2026-11-23'))).toEqual(periodOf('quarter', '2025-11-23'))
    expect(yearBefore(periodOf('week', '2026-11-23'))).toEqual(periodOf('week', '2025-11-24'))
  })
})

describe('working minutes', () => {
  const working = {
    timeZone: 'Asia/Seoul',
    days: [1, 2, 3, 4, 5],
    start: '09:00',
    end: '18:00',
    holidays: ['2026-11-24'],
  } as const
  const minutes = (from: string, to: string) =>
    workingMinutes(Date.parse(`${from}+09:00`), Date.parse(`${to}+09:00`), working)
  it.each([
    ['2026-11-23T10:00', '2026-11-23T10:07', 7],
    ['2026-11-20T17:58', '2026-11-23T09:01', 3],
    ['2026-11-21T10:00', '2026-11-22T10:00', 0],
    ['2026-11-23T17:00', '2026-11-25T09:30', 90],
    ['2026-11-23T10:00', '2026-11-23T09:00', 0],
  ])('from %s to %s are %i', (from, to, expected) => {
    expect(minutes(from, to)).toBe(expected)
  })
})
