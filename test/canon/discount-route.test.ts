import { describe, expect, it } from 'vitest'
import { open, route } from '../../src/canon/discount.ts'
import { type DiscountPolicy, defaultPolicy } from '../../src/canon/policy.ts'
import {
  askOf,
  away,
  codeOf,
  dealOf,
  drawn,
  granted,
  opened,
  orgOf,
  person,
  policyOf,
  refusalOf,
  staff,
  withPeople,
  worldOf,
} from './world.ts'

const levels = (discount: number, world = worldOf(), requester = 'mina') => {
  const ruling = route({ requester, discount }, world)
  return ruling.ok ? ruling.next.steps.map((s) => `${s.level}: ${s.people.join(' ')}`) : refusalOf(ruling)
}

describe('B5.16 who must approve, at every boundary', () => {
  const sm = 'sales_manager: seojun'
  const vp = 'vp_sales: yuna'
  const c = 'c_level: dohyun'
  it.each([
    [1, []],
    [999, []],
    [1000, []],
    [1001, [sm]],
    [1999, [sm]],
    [2000, [sm]],
    [2001, [sm, vp]],
    [2999, [sm, vp]],
    [3000, [sm, vp]],
    [3001, [sm, vp, c]],
    [10_000, [sm, vp, c]],
  ])('%d basis points: %j', (discount, expected) => {
    expect(levels(discount)).toEqual(expected)
  })

  it('over 30 % a justification is needed, at 30 % it is not', () => {
    const needed = (discount: number) => granted(route({ requester: 'mina', discount }, worldOf())).next
    expect(needed(3000)).toMatchObject({ justificationNeeded: false })
    expect(needed(3001)).toMatchObject({ justificationNeeded: true })
  })

  it('the preview carries the price where the list price is known', () => {
    const preview = route({ requester: 'mina', discount: 1500 }, worldOf())
    expect(preview).toMatchObject({
      ok: true,
      next: { ownAuthority: false, price: { amount: 102_000_000, currency: 'KRW' } },
    })
    const bare = worldOf({ deal: dealOf({ listAmount: undefined }) })
    expect(route({ requester: 'mina', discount: 1500 }, bare)).not.toHaveProperty('next.price')
    const listAmount = { amount: 100, currency: 'KRW' }
    expect(route({ requester: 'mina', discount: 1500, listAmount }, bare)).toMatchObject({
      next: { price: { amount: 85 } },
    })
  })

  it('the preview and the request take the same route', () => {
    for (const discount of [500, 1500, 2500, 3500]) {
      const preview = granted(route({ requester: 'mina', discount }, worldOf())).next
      expect(opened(discount).steps.map((s) => s.people)).toEqual(preview.steps.map((s) => s.people))
    }
  })
})

describe('where the line has no such role', () => {
  it('the step goes to the next level up, never down', () => {
    const noManager = withPeople(worldOf(), { mina: { manager: 'yuna' } })
    expect(levels(1500, noManager)).toEqual(['vp_sales: yuna'])
    expect(levels(2500, noManager)).toEqual(['vp_sales: yuna'])
    const onlyTop = withPeople(worldOf(), { mina: { manager: 'dohyun' } })
    expect(levels(1500, onlyTop)).toEqual(['c_level: dohyun'])
    expect(levels(3500, onlyTop)).toEqual(['c_level: dohyun'])
  })

  it('B5.8 people who have left are passed over, and the line goes on above them', () => {
    expect(levels(1500, withPeople(worldOf(), { seojun: { active: false } }))).toEqual(['vp_sales: yuna'])
    expect(levels(2500, withPeople(worldOf(), { yuna: { active: false } }))).toEqual([
      'sales_manager: seojun',
      'c_level: dohyun',
    ])
  })

  it('a merged step says which levels it covers', () => {
    const request = opened(2500, withPeople(worldOf(), { seojun: { roles: ['ae'] } }))
    expect(request.steps).toMatchObject([{ level: 'vp_sales', covers: ['sales_manager', 'vp_sales'] }])
  })

  it('one person who holds several levels has one step, the higher', () => {
    const both = withPeople(worldOf(), { seojun: { roles: ['sales_manager', 'vp_sales'] } })
    expect(levels(2500, both)).toEqual(['vp_sales: seojun'])
    const bracket = withPeople(worldOf(), { seojun: { roles: ['sales_manager', 'c_level'] } })
    expect(levels(3500, bracket)).toEqual(['vp_sales: yuna', 'c_level: seojun'])
  })

  it.each([
    [1500, { mina: { manager: undefined } }, 'sales_manager'],
    [3500, { dohyun: { active: false } }, 'c_level'],
    [2500, { yuna: { active: false }, dohyun: { roles: [] } }, 'vp_sales'],
  ] as const)('at %d with %j it is refused with the missing role', (discount, changes, role) => {
    const world = withPeople(worldOf(), changes)
    expect(levels(discount, world)).toEqual({ code: 'missing-approver', role })
    expect(refusalOf(open(askOf(discount), world))).toEqual({ code: 'missing-approver', role })
  })

  it('B5.14 somebody whose delegates run in a circle is passed over, unless there is nobody else', () => {
    const circle = { seojun: away('jiho'), jiho: away('seojun') }
    expect(levels(1500, withPeople(worldOf(), circle))).toEqual(['vp_sales: yuna'])
    const alone = { ...circle, yuna: { roles: [] }, dohyun: { roles: [] } }
    expect(levels(1500, withPeople(worldOf(), alone))).toEqual(['sales_manager: seojun'])
  })

  it('somebody merely away keeps the step; their delegate may act', () => {
    expect(levels(1500, withPeople(worldOf(), { seojun: away('jiho') }))).toEqual(['sales_manager: seojun'])
  })
})

describe('B5.4 a requester higher up', () => {
  const owned = (owner: string) => worldOf({ deal: dealOf({ owner }) })

  it('has the first rung’s authority and no more', () => {
    for (const owner of ['seojun', 'yuna', 'dohyun']) expect(levels(1000, owned(owner), owner)).toEqual([])
  })

  it('is never their own approver', () => {
    expect(levels(1500, owned('seojun'), 'seojun')).toEqual(['vp_sales: yuna'])
    expect(levels(1500, owned('yuna'), 'yuna')).toEqual(['c_level: dohyun'])
    expect(levels(1001, owned('dohyun'), 'dohyun')).toEqual({
      code: 'missing-approver',
      role: 'sales_manager',
    })
  })

  it('may have a peer of the same level above them', () => {
    const world = worldOf({
      org: orgOf([...staff, person('ceo', ['c_level'])], { dohyun: { manager: 'ceo' } }),
      deal: dealOf({ owner: 'dohyun' }),
    })
    expect(levels(3500, world, 'dohyun')).toEqual(['c_level: ceo'])
  })

  it('asking for a report’s deal, goes up from themselves', () => {
    expect(levels(1500, worldOf(), 'seojun')).toEqual(['vp_sales: yuna'])
  })

  it('not on the ladder, has no authority of their own', () => {
    const world = withPeople(worldOf({ deal: dealOf({ owner: 'cara' }) }), {})
    expect(levels(100, world, 'cara')).toEqual(['c_level: dohyun'])
  })
})

describe('agreements (합의) and copies (참조)', () => {
  const withDiscount = (discount: Partial<DiscountPolicy>, changes = {}) =>
    withPeople(worldOf({ policy: policyOf(discount) }), changes)
  const finance = { over: 2000, beside: 'vp_sales', group: { roles: ['finance'] }, need: 'any' } as const

  it('stand beside their rung, over their discount, without the requester and the approvers', () => {
    const world = withDiscount({ agreements: [finance] })
    expect(drawn(opened(2000, world))).toEqual(['1 rung sales_manager: seojun (open)'])
    expect(drawn(opened(2001, world))).toEqual([
      '1 rung sales_manager: seojun (open)',
      '2 rung vp_sales: yuna (waiting)',
      '2 agreement vp_sales: fin1 fin2 cfo (waiting)',
    ])
    const approver = withDiscount(
      { agreements: [finance] },
      { yuna: { roles: ['vp_sales', 'finance'] }, mina: { roles: ['ae', 'finance'] } },
    )
    expect(drawn(opened(2001, approver)).at(-1)).toBe('2 agreement vp_sales: fin1 fin2 cfo (waiting)')
  })

  it('follow their level where it merged or went up, and stand last where the route ends below', () => {
    const world = withDiscount(
      { agreements: [{ ...finance, beside: 'sales_manager' }] },
      { mina: { manager: 'yuna' } },
    )
    expect(drawn(opened(2500, world))).toEqual([
      '1 rung vp_sales: yuna (open)',
      '1 agreement vp_sales: fin1 fin2 cfo (open)',
    ])
    const below = withDiscount({ agreements: [{ ...finance, over: 1000, beside: 'c_level' }] })
    expect(drawn(opened(1500, below))).toEqual([
      '1 rung sales_manager: seojun (open)',
      '1 agreement sales_manager: fin1 fin2 cfo (open)',
    ])
  })

  it('are needed within the requester’s own authority too, where the policy says so', () => {
    const world = withDiscount({ agreements: [{ ...finance, over: 500, beside: 'ae' }] })
    expect(opened(500, world).status).toBe('approved')
    expect(drawn(opened(501, world))).toEqual(['1 agreement ae: fin1 fin2 cfo (open)'])
  })

  it.each([
    [
      'nobody is active in the group',
      { ...finance, group: { roles: ['marketing'] as const } },
      {},
      'marketing',
    ],
    ['only the requester is', { ...finance, group: { people: ['mina'] } }, {}, 'vp_sales'],
    ['too few are', { ...finance, need: { atLeast: 4 } }, {}, 'finance'],
  ] as const)('where %s the request is refused', (_, agreement, changes, role) => {
    expect(refusalOf(open(askOf(2500), withDiscount({ agreements: [agreement] }, changes)))).toEqual({
      code: 'missing-approver',
      role,
    })
  })

  it('nobody agrees for two groups', () => {
    const second = { ...finance, group: { roles: ['finance', 'legal'] as const } }
    expect(drawn(opened(2500, withDiscount({ agreements: [finance, second] }))).slice(-2)).toEqual([
      '2 agreement vp_sales: fin1 fin2 cfo (waiting)',
      '2 agreement vp_sales: law (waiting)',
    ])
  })

  it('copies decide nothing and hold nothing up; an empty one is left out', () => {
    const copies = [
      { over: 0, group: { roles: ['legal'] as const } },
      { over: 0, group: { roles: ['marketing'] as const } },
    ]
    expect(drawn(opened(1500, withDiscount({ copies })))).toEqual([
      '1 rung sales_manager: seojun (open)',
      '1 copy sales_manager: law (copied)',
    ])
    const own = opened(1000, withDiscount({ copies }))
    expect([own.status, ...drawn(own)]).toEqual(['approved', '1 copy ae: law (copied)'])
  })
})

describe('opening a request', () => {
  it('within the own authority takes effect at once', () => {
    const ruling = open(askOf(1000), worldOf())
    expect(ruling).toMatchObject({
      ok: true,
      next: { status: 'approved', version: 1, settledBy: 'mina', steps: [], price: { amount: 108_000_000 } },
      facts: [{ fact: 'requested' }, { fact: 'took-effect' }],
    })
  })

  it('opens the first step and no other', () => {
    const ruling = open(askOf(3500), worldOf())
    expect(ruling.ok && drawn(ruling.next)).toEqual([
      '1 rung sales_manager: seojun (open)',
      '2 rung vp_sales: yuna (waiting)',
      '3 rung c_level: dohyun (waiting)',
    ])
    expect(ruling).toMatchObject({
      next: { status: 'pending', version: 1, policyVersion: 1, asked: 3500, discount: 3500 },
      facts: [{ fact: 'requested' }, { fact: 'step-opened', order: 1, people: ['seojun'] }],
    })
  })

  it('takes the deal’s list price over a typed one, and a typed one where the deal has none', () => {
    const typed = { listAmount: { amount: 1000, currency: 'KRW' } }
    expect(opened(1500, worldOf(), typed).list.amount).toBe(120_000_000)
    expect(opened(1500, worldOf({ deal: dealOf({ listAmount: undefined }) }), typed).price.amount).toBe(850)
  })

  it.each([
    ['inactive', askOf(1500, { requester: 'nobody' }), {}],
    ['inactive', askOf(1500), { changes: { mina: { active: false } } }],
    ['not-allowed', askOf(1500, { requester: 'jiho' }), {}],
    ['deal-closed', askOf(1500), { deal: { stage: 'CW' } }],
    ['deal-closed', askOf(1500), { deal: { stage: 'CL' } }],
    ['stage-too-early', askOf(500), { deal: { stage: 'S3' } }],
    ['discount-out-of-range', askOf(0), {}],
    ['discount-out-of-range', askOf(-5), {}],
    ['discount-out-of-range', askOf(10_001), {}],
    ['discount-out-of-range', askOf(1000.5), {}],
    ['discount-out-of-range', askOf(Number.NaN), {}],
    ['list-amount-missing', askOf(1500), { deal: { listAmount: undefined } }],
    ['list-amount-missing', askOf(1500), { deal: { listAmount: { amount: 0, currency: 'KRW' } } }],
    ['reason-missing', askOf(1500, { reason: ' \n' }), {}],
    ['justification-missing', askOf(3001, { justification: ' ' }), {}],
    ['justification-missing', askOf(3001, { justification: undefined }), {}],
  ] as const)('%s: %j with %j', (code, ask, change: { changes?: object; deal?: object }) => {
    const world = withPeople(worldOf({ deal: dealOf(change.deal) }), { ...change.changes })
    expect(codeOf(open(ask, world))).toBe(code)
  })

  it.each(['S4', 'S5', 'S6'] as const)('a deal at %s is late enough', (stage) => {
    expect(open(askOf(1500), worldOf({ deal: dealOf({ stage }) })).ok).toBe(true)
  })

  it('a policy with other rungs is followed, and its version recorded', () => {
    const policy = {
      ...policyOf({
        rungs: [
          { role: 'ae', upTo: 500 },
          { role: 'vp_sales', upTo: null },
        ],
      }),
      version: 9,
    }
    expect(drawn(opened(501, worldOf({ policy })))).toEqual(['1 rung vp_sales: yuna (open)'])
    expect(opened(501, worldOf({ policy })).policyVersion).toBe(9)
    expect(defaultPolicy.version).toBe(1)
  })
})
