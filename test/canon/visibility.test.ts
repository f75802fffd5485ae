import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Role, roles } from '../../src/canon/people.ts'
import { may, type Permission, scopeOf } from '../../src/canon/visibility.ts'
import { dealOf, orgOf, person, staff } from './world.ts'

const people = [
  ...staff,
  person('adam', ['marketing'], undefined, { admin: true }),
  person('olga', ['portfolio_operator']),
]
const org = orgOf(people)
const deal = dealOf()
const allowed = (permission: Permission, on: Parameters<typeof may>[2] = { deal }) =>
  people.map((p) => p.id).filter((id) => may(org.people.get(id)!, permission, on, org))

describe('who may do what, for a deal of mina’s', () => {
  it.each<[Permission, string[]]>([
    ['deal.see', ['mina', 'jiho', 'seojun', 'yuna', 'dohyun', 'sora', 'cfo', 'cara']],
    ['deal.ask-discount', ['mina', 'seojun', 'yuna', 'dohyun']],
    ['discount.see', ['mina', 'seojun', 'yuna', 'dohyun', 'sora', 'cfo']],
    ['discount.reassign', ['sora']],
    ['company.administer', ['sora', 'adam']],
    ['policy.change', ['sora', 'adam']],
    ['numbers.compare', ['olga']],
  ])('%s: %j', (permission, expected) => {
    expect(allowed(permission)).toEqual(expected)
  })

  it('health is changed by the CSM, those above, CS Managers and operations; the CSM alone reopens nothing', () => {
    const account = { id: 'A', name: 'A', csm: 'cara', ae: 'mina', updatedAt: 0, version: 1 }
    expect(allowed('health.change', { account })).toEqual(['dohyun', 'sora', 'cara', 'carl'])
    expect(allowed('health.reopen', { account })).toEqual(['dohyun', 'sora', 'carl'])
  })

  it.each<[Permission, string[]]>([
    ['deal.change', ['mina', 'seojun', 'yuna', 'dohyun', 'sora']],
    ['deal.override', ['seojun', 'yuna', 'dohyun', 'sora']],
    ['deal.reopen', ['seojun', 'yuna', 'dohyun', 'sora']],
  ])('%s: %j', (permission, expected) => {
    expect(allowed(permission)).toEqual(expected)
  })

  it('who takes part in a request sees it and its deal', () => {
    expect(allowed('deal.see', { deal, participants: ['law'] })).toContain('law')
    expect(allowed('discount.see', { deal, participants: ['law'] })).toContain('law')
    expect(allowed('discount.see', { deal, requester: 'jiho' })).toContain('jiho')
    expect(allowed('discount.reassign', { deal, requester: 'mina' })).toEqual(['mina', 'sora'])
  })

  it('somebody who has left may do nothing', () => {
    const gone = { ...org.people.get('sora')!, active: false, admin: true }
    for (const permission of [
      'deal.see',
      'company.administer',
      'policy.change',
      'discount.reassign',
    ] as const)
      expect(may(gone, permission, { deal, participants: ['sora'], requester: 'sora' }, org)).toBe(false)
    expect(scopeOf(gone, org)).toEqual({ all: false, owners: [] })
  })

  it('the portfolio operator sees no deal and no request, only comparisons', () => {
    expect(scopeOf(org.people.get('olga')!, org)).toEqual({ all: false, owners: ['olga'], csm: 'olga' })
    expect(allowed('deal.see')).not.toContain('olga')
    expect(allowed('discount.see')).not.toContain('olga')
  })
})

it('the filter of deals and the table say the same of every person and every deal', () => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const name = fc.constantFrom(...names)
  const anybody = fc.record({
    manager: fc.option(name, { nil: undefined }),
    team: fc.option(fc.constantFrom('seoul', 'busan'), { nil: undefined }),
    roles: fc.subarray<Role>([...roles], { maxLength: 2 }),
    active: fc.boolean(),
  })
  fc.assert(
    fc.property(
      fc.tuple(anybody, anybody, anybody, anybody, anybody),
      fc.option(name, { nil: undefined }),
      fc.option(name, { nil: undefined }),
      (drawn, owner, accountCsm) => {
        const some = orgOf(
          drawn.map((d, i) => person(names[i]!, d.roles, d.manager, { team: d.team, active: d.active })),
        )
        const theirs = dealOf({ owner, accountCsm })
        for (const viewer of some.people.values()) {
          const scope = scopeOf(viewer, some)
          const inScope =
            scope.all ||
            (owner !== undefined && scope.owners.includes(owner)) ||
            (scope.csm !== undefined && scope.csm === accountCsm)
          expect(inScope).toBe(may(viewer, 'deal.see', { deal: theirs }, some))
        }
      },
    ),
  )
})

describe('who may do what, for leads, accounts, contacts and handoffs', () => {
  const lead = {
    id: 'L-1',
    name: 'Choi',
    owner: 'jiho',
    status: 'working',
    updatedAt: 0,
    version: 1,
  } as const
  const { owner: _owner, ...free } = lead
  const account = { id: 'A-1', name: 'Hanbit', ae: 'jiho', csm: 'cara', updatedAt: 0, version: 1 } as const
  const handoff = { sender: 'jiho', receiver: 'cara' } as const

  it.each<[string, Permission, Parameters<typeof may>[2], string[]]>([
    ['a lead', 'lead.see', { lead }, ['mina', 'jiho', 'seojun', 'yuna', 'dohyun', 'sora', 'cfo']],
    ['a lead', 'lead.change', { lead }, ['jiho', 'seojun', 'yuna', 'dohyun', 'sora']],
    ['a lead that nobody owns', 'lead.change', { lead: free }, ['sora', 'adam']],
    [
      'an account',
      'account.see',
      { account },
      ['mina', 'jiho', 'seojun', 'yuna', 'dohyun', 'sora', 'cfo', 'cara', 'carl'],
    ],
    ['an account', 'account.expand', { account }, ['sora', 'cara', 'carl']],
    [
      'a contact of an account',
      'contact.see',
      { account },
      ['mina', 'jiho', 'seojun', 'yuna', 'dohyun', 'sora', 'cfo', 'cara', 'carl'],
    ],
    [
      'a handoff',
      'handoff.see',
      { handoff },
      ['jiho', 'seojun', 'yuna', 'dohyun', 'sora', 'cfo', 'cara', 'carl'],
    ],
    [
      'a handoff',
      'handoff.reassign',
      { handoff },
      ['jiho', 'seojun', 'yuna', 'dohyun', 'sora', 'cara', 'carl'],
    ],
  ])('%s, %s', (_what, permission, on, expected) => {
    expect(allowed(permission, on)).toEqual(expected)
  })

  it('whoever has a deal at an account, or takes part in its handoff, sees its contacts', () => {
    expect(allowed('contact.see', { account: { ...account, ae: 'x', csm: 'y' }, deal })).toContain('mina')
    const part = { account: { ...account, ae: 'x', csm: 'y' }, handoff: { sender: 'law', receiver: 'fin1' } }
    expect(allowed('contact.see', part)).toEqual(expect.arrayContaining(['law', 'fin1']))
  })
})
