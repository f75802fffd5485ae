import { describe, expect, it } from 'vitest'
import {
  doubtsApproval,
  isOpen,
  meddiccCompleteness,
  missingForStage,
  requiredMeddicc,
  stageAtLeast,
  stages,
  weightedAmount,
} from '../../src/canon/opportunity.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { dealOf } from './world.ts'

const krw = (amount: number) => ({ amount, currency: 'KRW' })

it('S1 to S6 are open, won and lost are not', () => {
  expect(stages.filter(isOpen)).toEqual(['S1', 'S2', 'S3', 'S4', 'S5', 'S6'])
})

it('S4 and what comes after has reached S4; a lost deal has reached nothing', () => {
  expect(stages.filter((stage) => stageAtLeast(stage, 'S4'))).toEqual(['S4', 'S5', 'S6', 'CW'])
})

describe('MEDDICC', () => {
  it.each([
    ['S1', ['identify_pain']],
    ['S2', ['metrics', 'identify_pain', 'champion']],
    ['S3', ['metrics', 'decision_criteria', 'identify_pain', 'champion']],
    ['S4', ['metrics', 'economic_buyer', 'decision_criteria', 'identify_pain', 'champion']],
    [
      'S5',
      ['metrics', 'economic_buyer', 'decision_criteria', 'decision_process', 'identify_pain', 'champion'],
    ],
    [
      'S6',
      ['metrics', 'economic_buyer', 'decision_criteria', 'decision_process', 'identify_pain', 'champion'],
    ],
    [
      'CW',
      ['metrics', 'economic_buyer', 'decision_criteria', 'decision_process', 'identify_pain', 'champion'],
    ],
    ['CL', []],
  ] as const)('%s asks for %j: gates are cumulative', (stage, fields) => {
    expect(requiredMeddicc(stage, defaultPolicy)).toEqual(fields)
  })

  it('counts what is known of seven; blanks are not known', () => {
    const deal = dealOf({ meddicc: { metrics: '30 % faster', champion: '  ', identify_pain: 'audit' } })
    expect(meddiccCompleteness(deal)).toEqual({
      known: 2,
      of: 7,
      missing: ['economic_buyer', 'decision_criteria', 'decision_process', 'champion', 'competition'],
    })
    expect(missingForStage(deal, 'S2', defaultPolicy)).toEqual(['champion'])
  })
})

it('the weighted amount is amount × probability of the stage', () => {
  expect(weightedAmount(dealOf({ amount: krw(101), stage: 'S4' }), defaultPolicy)).toEqual(krw(61))
  expect(weightedAmount(dealOf({ stage: 'CL' }), defaultPolicy)).toEqual(krw(0))
  expect(weightedAmount(dealOf({ amount: undefined }), defaultPolicy)).toBeUndefined()
})

describe('B5.99 an approved discount is in doubt', () => {
  const approved = dealOf({ approvedDiscount: 1500, price: krw(102_000_000) })
  it.each([
    ['when the list price moves', { listAmount: krw(1) }, true],
    ['when the amount moves', { amount: krw(1) }, true],
    ['not when the amount becomes the approved price', { amount: krw(102_000_000) }, false],
    ['not when the stage moves', { stage: 'S6' as const }, false],
  ])('%s', (_, changes, expected) => {
    expect(doubtsApproval(approved, { ...approved, ...changes })).toBe(expected)
  })
  it('not where nothing was approved', () => {
    expect(doubtsApproval(dealOf(), dealOf({ amount: krw(1) }))).toBe(false)
  })
})
