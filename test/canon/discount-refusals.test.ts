import { describe, expect, it } from 'vitest'
import type { DiscountRequest, DiscountWorld } from '../../src/canon/discount.ts'
import {
  approvedBy,
  away,
  codeOf,
  day,
  dealOf,
  later,
  opened,
  ruled,
  went,
  withPeople,
  worldOf,
} from './world.ts'

// Each condition alone gives its refusal; where several hold, the one further up the table is given.

type Scene = { request: DiscountRequest; by: string; world: DiscountWorld }

/** Ways to make a click on the second step (yuna's) wrong, in order of precedence. Each changes the scene a little more. */
const wrongs: readonly (readonly [code: string, change: (scene: Scene) => Scene])[] = [
  ['inactive', (s) => ({ ...s, world: withPeople(s.world, { [s.by]: { active: false } }) })],
  ['already-settled', (s) => ({ ...s, request: went(s.request, 'mina', { act: 'withdraw' }) })],
  ['expired', (s) => ({ ...s, world: later(s.world, 14 * day) })],
  ['deal-closed', (s) => ({ ...s, world: { ...s.world, deal: { ...s.world.deal, stage: 'CL' } } })],
  [
    'moved-on',
    (s) => ({
      ...s,
      world: { ...s.world, deal: { ...s.world.deal, amount: { amount: 1, currency: 'KRW' } } },
    }),
  ],
]

/** People whose click on yuna's open step is wrong for who they are. */
const clickers: readonly (readonly [code: string, by: string, world: DiscountWorld])[] = [
  ['own-request', 'mina', withPeople(worldOf(), { yuna: away('mina') })],
  ['already-decided-by-you', 'seojun', worldOf()],
  ['approved-earlier-rung', 'seojun', withPeople(worldOf(), { yuna: away('seojun') })],
  ['not-your-step', 'jiho', worldOf()],
  ['not-your-step', 'dohyun', worldOf()],
  ['over-your-authority', 'yuna', withPeople(worldOf(), { yuna: { roles: ['sales_manager'] } })],
]

const atYuna = () => approvedBy(opened(2500), 'seojun')

describe('a refusal by who clicks', () => {
  for (const [code, by, world] of clickers)
    for (const act of ['approve', 'reject', 'counter'] as const)
      it(`${act} by ${by}: ${code}`, () => {
        // With an answer that is wrong in itself: who may not decide does not hear of that.
        expect(codeOf(ruled(atYuna(), by, { act, reason: '', discount: 9_999 }, world))).toBe(code)
      })
})

describe('the precedence of refusals', () => {
  for (const [first, [code, change]] of wrongs.entries()) {
    it(`${code} comes before who clicks`, () => {
      for (const [, by, world] of clickers) {
        const scene = change({ request: atYuna(), by, world })
        expect(codeOf(ruled(scene.request, by, { act: 'approve' }, scene.world))).toBe(code)
      }
    })

    for (const [other, otherChange] of wrongs.slice(first + 1))
      it(`${code} comes before ${other}`, () => {
        const start = { request: atYuna(), by: 'yuna', world: worldOf() }
        // The request is withdrawn in a world where that is still possible.
        const both = change(otherChange(start))
        expect(codeOf(ruled(both.request, 'yuna', { act: 'approve' }, both.world))).toBe(code)
      })
  }

  it('the right click in the right world is none of them', () => {
    expect(ruled(atYuna(), 'yuna', { act: 'approve' }).ok).toBe(true)
  })
})

describe('the requester’s acts', () => {
  const acts = ['accept-counter', 'decline-counter', 'withdraw'] as const
  const countered = () => went(opened(2500), 'seojun', { act: 'counter', discount: 1500 })

  it.each(acts)('%s by somebody else: not-the-requester, also where nothing is countered', (act) => {
    for (const by of ['seojun', 'yuna', 'jiho', 'sora']) {
      expect(codeOf(ruled(countered(), by, { act }))).toBe('not-the-requester')
      expect(codeOf(ruled(opened(2500), by, { act }))).toBe('not-the-requester')
    }
  })

  it.each(acts)('%s on a settled, expired or closed one is refused so', (act) => {
    const settled = went(countered(), 'mina', { act: 'withdraw' })
    expect(codeOf(ruled(settled, 'mina', { act }))).toBe('already-settled')
    expect(codeOf(ruled(countered(), 'mina', { act }, later(worldOf(), 14 * day)))).toBe('expired')
    expect(codeOf(ruled(countered(), 'mina', { act }, worldOf({ deal: dealOf({ stage: 'CW' }) })))).toBe(
      'deal-closed',
    )
  })

  it('a counter to numbers that moved is not accepted, but may be declined', () => {
    const world = worldOf({ deal: dealOf({ listAmount: { amount: 7, currency: 'KRW' } }) })
    expect(codeOf(ruled(countered(), 'mina', { act: 'accept-counter' }, world))).toBe('moved-on')
    expect(ruled(countered(), 'mina', { act: 'decline-counter' }, world).ok).toBe(true)
  })
})
