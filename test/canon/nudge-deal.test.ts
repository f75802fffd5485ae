import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/canon/calendar.ts'
import type { Contact } from '../../src/canon/contact.ts'
import {
  championTrouble,
  closeDateCycle,
  daysPast,
  debtCycle,
  debtOf,
  gapCycle,
  leftCycle,
  meddiccGap,
  missingOf,
  requiredByStage,
  silenceCounts,
  silentCycle,
  stalledCycle,
  standstill,
} from '../../src/canon/nudge-deal.ts'
import { stakesIn, weightOf } from '../../src/canon/nudge-weight.ts'
import { type GateDebt, meddiccFields, openStages } from '../../src/canon/opportunity.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { nudgeDefaults } from '../../src/canon/policy-nudge.ts'
import { clearChampion, fill } from '../../src/canon/stage.ts'
import { day, dealOf, monday, orgOf } from './world.ts'

const today = '2026-11-02'
const zone = 'Asia/Seoul'
const ago = (days: number) => addDays(today, -days)
const at = { now: monday, zone, today }

describe('a deal that stands still', () => {
  it.each([
    [0, undefined],
    [30, undefined],
    [31, { days: 31, risk: false }],
    [59, { days: 59, risk: false }],
    [60, { days: 60, risk: true }],
    [400, { days: 400, risk: true }],
  ])('%i days in its stage', (days, found) => {
    expect(standstill(ago(days), today, nudgeDefaults)).toEqual(found)
  })

  it('says nothing of a deal whose stage was entered on no known day', () => {
    expect(standstill(undefined, today, nudgeDefaults)).toBeUndefined()
  })

  it('is told once when it stalls, once when it is a risk, and then every 30 days', () => {
    const told = new Set<string>()
    const days: number[] = []
    for (let n = 31; n <= 180; n++) {
      const cycle = stalledCycle('2026-01-01', n, nudgeDefaults)
      if (!told.has(cycle)) days.push(n)
      told.add(cycle)
    }
    expect(days).toEqual([31, 60, 90, 120, 150, 180])
  })

  it('is told anew in another stage', () => {
    expect(stalledCycle('2026-01-01', 31, nudgeDefaults)).not.toBe(
      stalledCycle('2026-03-01', 31, nudgeDefaults),
    )
  })

  it('keeps to what the company has set', () => {
    const strict = { stalledAfterDays: 7, riskAfterDays: 14 }
    expect(standstill(ago(8), today, strict)).toEqual({ days: 8, risk: false })
    expect(standstill(ago(14), today, strict)).toEqual({ days: 14, risk: true })
  })
})

describe('an expected close that has passed', () => {
  it.each([
    [undefined, undefined],
    [today, undefined],
    [addDays(today, 1), undefined],
    [ago(1), 1],
    [ago(45), 45],
  ])('%s', (closeOn, days) => {
    expect(daysPast(closeOn, today)).toBe(days)
  })

  it('comes again every 30 days, and at once when the date is moved and passes again', () => {
    expect(closeDateCycle('2026-10-01', 1)).toBe(closeDateCycle('2026-10-01', 30))
    expect(closeDateCycle('2026-10-01', 30)).not.toBe(closeDateCycle('2026-10-01', 31))
    expect(closeDateCycle('2026-10-01', 1)).not.toBe(closeDateCycle('2026-10-02', 1))
  })
})

describe('a champion', () => {
  const contact = (more: Partial<Contact> = {}): Contact => ({
    id: 'C-1',
    account: 'A-1',
    name: 'Lee Jin',
    version: 1,
    ...more,
  })
  const trouble = (champion: string | undefined, more: Partial<Contact> = {}) =>
    championTrouble(champion, [contact(more)], at, nudgeDefaults)

  it.each([
    ['spoken with 30 days ago', { lastContactedAt: monday - 30 * day }, undefined],
    ['spoken with 31 days ago', { lastContactedAt: monday - 31 * day }, { what: 'silent', days: 31 }],
    ['never spoken with', {}, { what: 'silent' }],
    ['left today', { leftOn: today }, { what: 'left', leftOn: today }],
    ['leaving tomorrow', { leftOn: addDays(today, 1), lastContactedAt: monday }, undefined],
  ])('%s', (_name, more, found) => {
    if (found === undefined) expect(trouble('C-1', more)).toBeUndefined()
    else expect(trouble('C-1', more)).toMatchObject(found)
  })

  it('is found by id or exact name, and words about nobody are no trouble', () => {
    expect(trouble(' lee jin ')).toMatchObject({ what: 'silent' })
    expect(trouble('the plant manager')).toBeUndefined()
    expect(trouble(undefined)).toBeUndefined()
  })

  it('whom nobody spoke with counts only once the deal is a month old', () => {
    expect(silenceCounts(undefined, ago(3), today, nudgeDefaults)).toBe(false)
    expect(silenceCounts(undefined, ago(31), today, nudgeDefaults)).toBe(true)
    expect(silenceCounts(undefined, undefined, today, nudgeDefaults)).toBe(true)
    expect(silenceCounts(31, ago(3), today, nudgeDefaults)).toBe(true)
  })

  it('is told of once a silence and every 30 days of it', () => {
    const on = (n: number) => silentCycle('C-1', n, addDays(today, n), nudgeDefaults)
    expect(on(31)).toBe(on(60))
    expect(on(60)).not.toBe(on(61))
    expect(silentCycle('C-1', undefined, '2026-11-02', nudgeDefaults)).toBe(
      silentCycle('C-1', undefined, '2026-11-30', nudgeDefaults),
    )
    expect(leftCycle('C-1', '2026-11-01', '2026-11-02')).toBe(leftCycle('C-1', '2026-11-01', '2026-11-30'))
    expect(leftCycle('C-1', '2026-11-01', '2026-11-02')).not.toBe(
      leftCycle('C-1', '2026-11-01', '2026-12-02'),
    )
  })

  const world = { now: monday, org: orgOf(), policy: defaultPolicy }
  const led = dealOf({ meddicc: { champion: 'C-1', metrics: 'm' } })

  it('who left is cleared: the deal remembers whom, its history says why, and the stage stays', () => {
    const { next, entry, facts } = clearChampion(led, contact({ leftOn: today }), world)
    expect(next.meddicc).toEqual({ metrics: 'm' })
    expect(next.championLeft).toEqual({ contact: 'C-1', said: 'C-1' })
    expect(next).toMatchObject({ stage: led.stage, version: led.version + 1 })
    expect(entry).toMatchObject({ from: led.stage, to: led.stage, championLeft: 'C-1', by: 'system' })
    expect(facts).toEqual([{ fact: 'champion-left', contact: 'C-1' }])
  })

  it('who takes the place of one who left ends it', () => {
    const { next } = clearChampion(led, contact({ leftOn: today }), world)
    const edit = (champion: string) => fill(next, { by: 'mina', door: 'slack', meddicc: { champion } }, world)
    const renewed = edit('Park')
    expect(renewed.ok && renewed.next.next.championLeft).toBeUndefined()
    const other = fill(next, { by: 'mina', door: 'slack', meddicc: { metrics: 'more' } }, world)
    expect(other.ok && other.next.next.championLeft).toBeDefined()
  })
})

describe('what MEDDICC lacks', () => {
  const required = requiredByStage(defaultPolicy)

  it('is what the gates up to the stage require', () => {
    expect(required.S1).toEqual(['identify_pain'])
    expect(required.S4).toEqual([
      'metrics',
      'economic_buyer',
      'decision_criteria',
      'identify_pain',
      'champion',
    ])
    expect(required.CW).toBeUndefined()
  })

  it('is neither what is owed nor a champion who left', () => {
    const deal = dealOf({ stage: 'S2', meddicc: { metrics: ' ' } })
    const owes = (gate: GateDebt['gate']): GateDebt => ({
      gate,
      stage: 'S2',
      until: today,
      reason: '',
      by: 'mina',
      at: monday,
    })
    expect(meddiccGap(deal, required.S2!)).toEqual(['metrics', 'identify_pain', 'champion'])
    expect(meddiccGap({ ...deal, gateDebt: [owes('metrics')] }, required.S2!)).toEqual([
      'identify_pain',
      'champion',
    ])
    const left = { contact: 'C-1', said: 'Lee' }
    expect(meddiccGap({ ...deal, championLeft: left }, required.S2!)).toEqual(['metrics', 'identify_pain'])
  })

  it('is the same by the bits of the index as by the deal itself', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...openStages),
        fc.record(
          Object.fromEntries(meddiccFields.map((field) => [field, fc.constantFrom('', ' ', 'said')])),
        ),
        (stage, meddicc) => {
          const known = meddiccFields.reduce(
            (bits, field, n) => bits | (meddicc[field]?.trim() ? 1 << n : 0),
            0,
          )
          const deal = dealOf({ stage, meddicc })
          expect(missingOf(required[stage]!, known)).toEqual(meddiccGap(deal, required[stage]!))
        },
      ),
    )
  })

  it('comes again when another field is asked, or another month has begun', () => {
    expect(gapCycle('S2', ['metrics'], '2026-11-02')).toBe(gapCycle('S2', ['metrics'], '2026-11-30'))
    expect(gapCycle('S2', ['metrics'], '2026-11-02')).not.toBe(gapCycle('S3', ['metrics'], '2026-11-02'))
    expect(gapCycle('S2', ['metrics'], '2026-11-02')).not.toBe(gapCycle('S2', ['metrics'], '2026-12-01'))
  })
})

describe('what a deal owes', () => {
  const debt = (gate: GateDebt['gate'], until: string): GateDebt => ({
    gate,
    stage: 'S3',
    until,
    reason: 'later',
    by: 'seojun',
    at: monday,
  })

  it('is told with the earliest day, what is paid left out', () => {
    const deal = dealOf({
      evidence: { proposal: ago(1) },
      gateDebt: [debt('demo', '2026-11-20'), debt('proposal', ago(9)), debt('metrics', '2026-11-10')],
    })
    expect(debtOf(deal, today)).toEqual({
      kind: 'gate-debt',
      gates: ['metrics', 'demo'],
      until: '2026-11-10',
      overdue: false,
    })
    expect(debtOf(deal, '2026-11-11')).toMatchObject({ overdue: true })
    expect(debtOf({ ...deal, stage: 'CW' }, today)).toBeUndefined()
    expect(debtOf(dealOf(), today)).toBeUndefined()
  })

  it('is told when it is made, three days ahead, and every week that it is overdue', () => {
    const told = new Set<string>()
    const days: number[] = []
    for (let n = -20; n <= 16; n++) {
      const cycle = debtCycle('2026-12-01', addDays('2026-12-01', n))
      if (!told.has(cycle)) days.push(n)
      told.add(cycle)
    }
    expect(days).toEqual([-20, -3, 1, 8, 15])
  })
})

describe('what is told first', () => {
  it('is what more depends on, or for longer, whatever the kind', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('stalled', 'gate-debt', 'hygiene', 'renewal'),
        fc.nat(1e12),
        fc.nat(1e12),
        fc.nat(500),
        (kind, worth, more, days) => {
          const weight = weightOf(kind, worth, days)
          expect(Number.isInteger(weight)).toBe(true)
          expect(weightOf(kind, worth + more, days)).toBeGreaterThanOrEqual(weight)
          expect(weightOf(kind, worth, days + 1)).toBeGreaterThanOrEqual(weight)
        },
      ),
    )
    expect(weightOf('stalled', 1e10, 40)).toBeGreaterThan(weightOf('champion-left', 1e6, 40))
    expect(weightOf('champion-left', 1e8, 40)).toBeGreaterThan(weightOf('stalled', 1e8, 40))
  })

  const rates = [
    { on: '2026-10-01', from: 'USD', to: 'KRW', rate: 1_000 },
    { on: '2026-11-01', from: 'USD', to: 'KRW', rate: 1_400 },
    { on: '2026-11-01', from: 'USD', to: 'VND', rate: 25_000 },
  ]

  it('is reckoned in one currency, at the newest rate, over a third one if need be', () => {
    const inWon = stakesIn('KRW', rates)
    expect(inWon(1_000_000, 'USD', 50)).toBe(14_000_000 * 50)
    expect(inWon(20_000, 'KRW', 50)).toBe(20_000 * 50)
    expect(Math.round(inWon(25_000_000, 'VND', 1))).toBe(1_400_000)
    expect(stakesIn('USD', rates)(1_400, 'KRW', 1)).toBeCloseTo(100)
    // Ten thousand dollars are more than twenty thousand won, whoever counts.
    for (const stakes of [inWon, stakesIn('USD', rates)])
      expect(weightOf('stalled', stakes(1_000_000, 'USD', 50), 40)).toBeGreaterThan(
        weightOf('stalled', stakes(20_000, 'KRW', 50), 40),
      )
  })

  it('takes minor units for themselves where no rate says more, and nothing where no amount is said', () => {
    const stakes = stakesIn('KRW', [])
    expect(stakes(1_000_000, 'USD', 10)).toBe(10_000_000)
    expect(stakes(null, null, 10)).toBe(0)
    expect(stakes(undefined, 'USD', 10)).toBe(0)
    expect(stakes(5, undefined, 10)).toBe(50)
  })
})
