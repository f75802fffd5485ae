import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  discountOf,
  isCurrency,
  majorText,
  minorDigits,
  parseMoney,
  parsePercent,
  percentOf,
  priceAfter,
  sumByCurrency,
} from '../../src/canon/money.ts'

const krw = (amount: number) => ({ amount, currency: 'KRW' })

describe('a percent as people type it', () => {
  it.each([
    ['15', 1500],
    ['15%', 1500],
    ['15.5 %', 1550],
    ['１５％', 1500],
    ['１２．２５', 1225],
    [' 10.00% ', 1000],
    ['10.01', 1001],
    ['0.01', 1],
    ['.5', 50],
    ['100', 10_000],
    ['007', 700],
    ['15퍼센트', 1500],
    ['15 프로', 1500],
  ])('%j is %d basis points', (text, points) => {
    expect(parsePercent(text)).toEqual({ ok: true, next: points })
  })

  it.each([
    '9.999',
    '10.000',
    '1e309',
    '1e1',
    'NaN',
    'Infinity',
    '',
    ' ',
    '%',
    '.',
    '1.',
    '15,5',
    '+15',
    '1 5',
    '15%%',
    'fifteen',
    '٣',
  ])('B5.39 %j is no percent, and is never rounded into one', (text) => {
    expect(parsePercent(text)).toMatchObject({ ok: false, refusal: { code: 'not-a-percent' } })
  })

  it.each(['0', '0.00', '-5', '−5', '-0.01', '100.01', '101', '99999999999999999999999'])(
    'B5.16 %j is a number no discount can be',
    (text) => {
      expect(parsePercent(text)).toEqual({ ok: false, refusal: { code: 'discount-out-of-range' } })
    },
  )

  it('gives back no more of a long text than one recognises, and no half characters', () => {
    const refusal = parsePercent('🚀'.repeat(500))
    expect(refusal).toMatchObject({ refusal: { text: `${'🚀'.repeat(40)}…` } })
  })

  it('reads back every discount that can be asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (points) => {
        expect(parsePercent((points / 100).toFixed(2))).toEqual({ ok: true, next: points })
      }),
    )
  })
})

describe('an amount as people type it', () => {
  it.each([
    ['12,000,000', 'KRW', 12_000_000],
    ['₩12,000,000', 'KRW', 12_000_000],
    ['12,000,000원', 'KRW', 12_000_000],
    ['KRW 12000000', 'KRW', 12_000_000],
    ['１２００', 'KRW', 1200],
    ['￦1，200', 'KRW', 1200],
    ['1억 2,000만', 'KRW', 120_000_000],
    ['1억2천만원', 'KRW', 120_000_000],
    ['1.2억', 'KRW', 120_000_000],
    ['5천만 원', 'KRW', 50_000_000],
    ['3조', 'KRW', 3_000_000_000_000],
    ['2만5천', 'KRW', 25_000],
    ['1,234.50', 'USD', 123_450],
    ['$1,234.5', 'USD', 123_450],
    ['US$ 1234', 'USD', 123_400],
    ['100 usd', 'USD', 10_000],
    ['0.05', 'USD', 5],
    ['1.234', 'KWD', 1234],
    ['10.00', 'KRW', 10],
    ['1.2억', 'USD', 12_000_000_000],
  ])('%j in %s is %d in the minor unit', (text, currency, amount) => {
    expect(parseMoney(text, currency)).toEqual({ ok: true, next: { amount, currency } })
  })

  it.each([
    ['1,5', 'KRW'],
    ['1.000.000', 'KRW'],
    ['12,00', 'USD'],
    ['10.5', 'KRW'],
    ['1.005', 'USD'],
    ['-100', 'KRW'],
    ['$100', 'KRW'],
    ['₩100', 'USD'],
    ['1e309', 'KRW'],
    ['NaN', 'KRW'],
    ['', 'KRW'],
    ['원', 'KRW'],
    ['만', 'KRW'],
    ['1만2억', 'KRW'],
    ['0.00001만', 'KRW'],
    ['9999999999999999', 'KRW'],
    ['100', 'XXQ'],
  ])('%j in %s is refused, not guessed', (text, currency) => {
    expect(parseMoney(text, currency)).toMatchObject({
      ok: false,
      refusal: { code: 'not-an-amount', currency },
    })
  })

  it('reads back what it writes into a form, in any currency', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom('KRW', 'USD', 'JPY', 'KWD'), (amount, currency) => {
        expect(parseMoney(majorText({ amount, currency }), currency)).toEqual({
          ok: true,
          next: { amount, currency },
        })
      }),
    )
  })

  it('knows the minor units of the currencies it meets', () => {
    expect(['KRW', 'JPY', 'USD', 'EUR', 'KWD'].map(minorDigits)).toEqual([0, 0, 2, 2, 3])
    expect([isCurrency('KRW'), isCurrency('krw'), isCurrency('WON')]).toEqual([true, false, false])
  })
})

describe('a price after a discount', () => {
  it.each([
    [120_000_000, 1500, 102_000_000],
    [999, 1000, 899], // 899.1
    [5, 1000, 5], // 4.5, half up
    [15, 1000, 14], // 13.5
    [1, 5000, 1],
    [1, 5001, 0],
    [100, 10_000, 0],
    [9_007_199_254_740_991, 1, 9_006_298_534_815_517], // the product leaves the safe integers
  ])('%d less %d basis points is %d', (list, discount, price) => {
    expect(priceAfter(krw(list), discount)).toEqual(krw(price))
  })

  it('is list × (1 − d) within half a minor unit, and halves go up', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 10_000 }), (list, discount) => {
        const { amount } = priceAfter(krw(list), discount)
        const off = 10_000n * BigInt(amount) - BigInt(list) * BigInt(10_000 - discount)
        expect(off > -5_000n && off <= 5_000n).toBe(true)
      }),
    )
  })

  it('falls when the discount grows', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 9_999 }), (list, discount) => {
        expect(priceAfter(krw(list), discount + 1).amount).toBeLessThanOrEqual(
          priceAfter(krw(list), discount).amount,
        )
      }),
    )
  })

  it('gives the discount back from list and price, where the list is fine enough to tell', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000, max: 2 ** 40 }),
        fc.integer({ min: 1, max: 10_000 }),
        (list, discount) => {
          expect(discountOf(krw(list), priceAfter(krw(list), discount))).toBe(discount)
        },
      ),
    )
  })

  it('knows no discount between currencies or off nothing, and a negative one above the list', () => {
    expect(discountOf(krw(100), { amount: 90, currency: 'USD' })).toBeUndefined()
    expect(discountOf(krw(0), krw(0))).toBeUndefined()
    expect(discountOf(krw(100), krw(110))).toBe(-1000)
  })
})

it('a share of an amount is rounded half up', () => {
  expect(percentOf(krw(5), 90)).toEqual(krw(5)) // 4.5
  expect(percentOf(krw(101), 60)).toEqual(krw(61)) // 60.6
  expect(percentOf(krw(1000), 12.5)).toEqual(krw(125))
})

it('sums are kept apart by currency', () => {
  expect(sumByCurrency([krw(1), { amount: 5, currency: 'USD' }, krw(2)])).toEqual([
    krw(3),
    { amount: 5, currency: 'USD' },
  ])
})
