import { describe, expect, it } from 'vitest'
import { mayDecide, tick, waitingOn } from '../../src/canon/discount.ts'
import {
  approvedBy,
  away,
  codeOf,
  dealOf,
  drawn,
  granted,
  hour,
  later,
  monday,
  opened,
  policyOf,
  refusalOf,
  ruled,
  ticked,
  went,
  withPeople,
  worldOf,
} from './world.ts'

describe('approving', () => {
  it('goes up level by level, and the last yes approves', () => {
    const first = ruled(opened(2500), 'seojun', { act: 'approve', note: ' fine ' })
    expect(first).toMatchObject({
      next: {
        status: 'pending',
        version: 2,
        steps: [
          {
            state: 'done',
            decisions: [
              { verdict: 'approve', by: 'seojun', discount: 2500, note: 'fine', platform: 'slack' },
            ],
          },
          { state: 'open' },
        ],
      },
      facts: [
        { fact: 'step-approved', order: 1, by: 'seojun' },
        { fact: 'step-opened', order: 2, people: ['yuna'] },
      ],
    })
    const last = ruled(granted(first).next, 'yuna', { act: 'approve' }, later(worldOf(), hour))
    expect(last).toMatchObject({
      next: { status: 'approved', version: 3, settledBy: 'yuna', settledAt: monday + hour },
      facts: [{ fact: 'step-approved', order: 2 }, { fact: 'approved' }],
    })
  })

  it('nobody but the approver of the open step may', () => {
    const request = opened(2500)
    expect(mayDecide(request, worldOf())).toEqual(['seojun'])
    expect(mayDecide(approvedBy(request, 'seojun'), worldOf())).toEqual(['yuna'])
    expect(refusalOf(ruled(request, 'yuna', { act: 'approve' }))).toEqual({
      code: 'not-your-step',
      waitingFor: ['seojun'],
    })
  })

  it('B5.1 a second click hears when the first was', () => {
    const request = approvedBy(opened(2500), 'seojun')
    expect(refusalOf(ruled(request, 'seojun', { act: 'approve' }, later(worldOf(), hour)))).toEqual({
      code: 'already-decided-by-you',
      at: monday,
      verdict: 'approve',
    })
    const settled = approvedBy(opened(1500), 'seojun')
    expect(refusalOf(ruled(settled, 'seojun', { act: 'approve' }, later(worldOf(), hour)))).toEqual({
      code: 'already-settled',
      status: 'approved',
      by: 'seojun',
      at: monday,
    })
  })

  it('B5.7 roles are read at the click', () => {
    const demoted = withPeople(worldOf(), { seojun: { roles: ['ae'] } })
    expect(refusalOf(ruled(opened(1500), 'seojun', { act: 'approve' }, demoted))).toEqual({
      code: 'over-your-authority',
      upTo: 1000,
    })
    const promoted = withPeople(worldOf(), { seojun: { roles: ['vp_sales'] } })
    expect(ruled(opened(1500), 'seojun', { act: 'approve' }, promoted).ok).toBe(true)
  })

  it('B5.15 the ladder is the one the request was made under', () => {
    const request = opened(1500)
    const looser = policyOf({
      rungs: [
        { role: 'ae', upTo: 2000 },
        { role: 'c_level', upTo: null },
      ],
    })
    expect(request.policyVersion).toBe(1)
    // Whoever rules loads the policy of `policyVersion`; the steps stand in the request whatever it says.
    expect(drawn(request)).toEqual(['1 rung sales_manager: seojun (open)'])
    expect(drawn(opened(1500, worldOf({ policy: looser })))).toEqual([])
  })
})

describe('rejecting', () => {
  it('needs a reason, and ends it', () => {
    expect(codeOf(ruled(opened(2500), 'seojun', { act: 'reject', reason: '  ' }))).toBe('reason-missing')
    expect(ruled(opened(2500), 'seojun', { act: 'reject', reason: 'too much' })).toMatchObject({
      next: {
        status: 'rejected',
        settledBy: 'seojun',
        settledWhy: 'too much',
        steps: [{ state: 'refused' }, { state: 'not-needed' }],
      },
      facts: [{ fact: 'rejected', by: 'seojun' }],
    })
  })
})

describe('대결: deciding for somebody away', () => {
  const world = withPeople(worldOf(), { seojun: away('jiho') })

  it('the delegate decides at once, and it is recorded for whom', () => {
    const request = opened(1500, world)
    expect(mayDecide(request, world)).toEqual(['seojun', 'jiho'])
    expect(ruled(request, 'jiho', { act: 'approve' }, world)).toMatchObject({
      next: { status: 'approved', steps: [{ decisions: [{ by: 'jiho', for: 'seojun' }] }] },
      facts: [{ by: 'jiho', for: 'seojun' }, { fact: 'approved' }],
    })
  })

  it('not while the approver is there, nor where the approver lost the authority', () => {
    expect(
      codeOf(
        ruled(
          opened(1500),
          'jiho',
          { act: 'approve' },
          withPeople(worldOf(), { seojun: { delegate: 'jiho' } }),
        ),
      ),
    ).toBe('not-your-step')
    expect(
      codeOf(ruled(opened(1500), 'jiho', { act: 'approve' }, withPeople(world, { seojun: { roles: [] } }))),
    ).toBe('over-your-authority')
  })

  it('B5.4 the requester never, even as the delegate', () => {
    const self = withPeople(worldOf(), { seojun: away('mina') })
    const request = opened(1500, self)
    expect(codeOf(ruled(request, 'mina', { act: 'approve' }, self))).toBe('own-request')
    expect(mayDecide(request, self)).toEqual(['seojun'])
  })

  it('B5.5 whoever decided an earlier rung is refused on a later one', () => {
    const world2 = withPeople(worldOf(), { yuna: away('seojun') })
    const request = approvedBy(opened(2500, world2), 'seojun', world2)
    expect(refusalOf(ruled(request, 'seojun', { act: 'approve' }, world2))).toEqual({
      code: 'approved-earlier-rung',
    })
    expect(refusalOf(ruled(request, 'seojun', { act: 'approve', step: 1 }, world2))).toMatchObject({
      code: 'already-decided-by-you',
    })
    expect(mayDecide(request, world2)).toEqual(['yuna'])
  })

  it('the later approver who decides an earlier step decides once: the rungs merge', () => {
    const up = withPeople(worldOf(), { seojun: away('yuna') })
    const request = approvedBy(opened(2500, up), 'yuna', up)
    expect([request.status, ...drawn(request)]).toEqual([
      'approved',
      '1 rung vp_sales: seojun (done)',
      '2 rung vp_sales: yuna (not-needed)',
    ])
    const three = approvedBy(opened(3500, up), 'yuna', up)
    expect(mayDecide(three, up)).toEqual(['dohyun'])
    expect(codeOf(ruled(three, 'yuna', { act: 'approve' }, up))).toBe('already-decided-by-you')
  })
})

describe('deciding for somebody, and one’s own rung', () => {
  const world = withPeople(worldOf(), { seojun: away('yuna') })

  it('a later rung does not merge into the hands of somebody who lost its role', () => {
    const demoted = withPeople(world, { yuna: { roles: ['sales_manager'] } })
    expect(codeOf(ruled(opened(2500, world), 'yuna', { act: 'approve' }, demoted))).toBe('not-your-step')
  })
})

describe('asking and answering', () => {
  it('an approver asks, the requester answers, and both stay in the record', () => {
    const asked = went(opened(2500), 'seojun', { act: 'ask', remarkId: 'q1', text: ' why now? ' })
    const answered = ruled(
      asked,
      'mina',
      { act: 'answer', remarkId: 'a1', text: 'quarter end' },
      later(worldOf(), hour),
    )
    expect(answered).toMatchObject({
      next: {
        status: 'pending',
        version: 3,
        conversation: [
          { id: 'q1', kind: 'question', by: 'seojun', text: 'why now?' },
          { id: 'a1', kind: 'answer', by: 'mina' },
        ],
      },
      facts: [{ fact: 'answered', remark: { id: 'a1' } }],
    })
  })

  it.each([
    ['jiho', 'ask', 'not-your-step'],
    ['mina', 'ask', 'own-request'],
    ['jiho', 'answer', 'not-allowed'],
    ['yuna', 'ask', undefined],
    ['yuna', 'answer', undefined],
    ['mina', 'answer', undefined],
  ] as const)('%s may %s: %s', (who, what, code) => {
    expect(codeOf(ruled(opened(2500), who, { act: what, remarkId: 'x', text: 'hm' }))).toBe(code)
    if (!code)
      expect(codeOf(ruled(opened(2500), who, { act: what, remarkId: 'x', text: ' ' }))).toBe('text-missing')
  })
})

describe('the requester', () => {
  it('withdraws, with or without a reason, also while a counter is open', () => {
    expect(ruled(opened(2500), 'mina', { act: 'withdraw', reason: 'lost interest' })).toMatchObject({
      next: { status: 'withdrawn', settledBy: 'mina', settledWhy: 'lost interest' },
      facts: [{ fact: 'withdrawn', by: 'mina' }],
    })
    const countered = went(opened(2500), 'seojun', { act: 'counter', discount: 1800 })
    expect(went(countered, 'mina', { act: 'withdraw' }).status).toBe('withdrawn')
    expect(codeOf(ruled(opened(2500), 'seojun', { act: 'withdraw' }))).toBe('not-the-requester')
  })

  it('B5.9 having left, is not succeeded by an owner who decides the request', () => {
    const world = withPeople(worldOf({ deal: dealOf({ owner: 'seojun' }) }), { mina: { active: false } })
    expect(codeOf(ruled(opened(2500), 'seojun', { act: 'withdraw' }, world))).toBe('not-the-requester')
    expect(ruled(opened(2500), 'seojun', { act: 'approve' }, world).ok).toBe(true)
  })

  it('B5.9 having left, is noticed once; the request stays decidable and the owner speaks for it', () => {
    const world = withPeople(worldOf({ deal: dealOf({ owner: 'jiho' }) }), { mina: { active: false } })
    const result = ticked(opened(2500), world)
    expect([result.facts, result.next.notices]).toMatchObject([
      [{ fact: 'noticed', code: 'requester-left' }],
      [{ code: 'requester-left' }],
    ])
    expect(tick(result.next, world)).toBeUndefined()
    const countered = went(result.next, 'seojun', { act: 'counter', discount: 1800 }, world)
    expect(waitingOn(countered, world)).toEqual(['jiho'])
    expect(went(countered, 'jiho', { act: 'accept-counter' }, world).status).toBe('approved')
    expect(codeOf(ruled(opened(2500), 'mina', { act: 'withdraw' }, world))).toBe('inactive')
  })
})
