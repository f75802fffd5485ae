import { describe, expect, it } from 'vitest'
import { defaultPolicy, parsePolicy } from '../../src/canon/policy.ts'

const rungs = defaultPolicy.discount.rungs

describe('the Canon’s own policy', () => {
  it('holds against its own schema', () => {
    expect(parsePolicy(defaultPolicy)).toEqual({ ok: true, next: { ...defaultPolicy, version: 2 } })
  })

  it('says what the Canon says', () => {
    expect(rungs.map((rung) => [rung.role, rung.upTo])).toEqual([
      ['ae', 1000],
      ['sales_manager', 2000],
      ['vp_sales', 3000],
      ['c_level', null],
    ])
    expect(defaultPolicy.discount).toMatchObject({
      exceptionOver: 3000,
      remindAfterWorkingHours: 24,
      escalateAfterWorkingHours: 48,
      expireAfterDays: 14,
      entryStage: 'S4',
      averageTarget: 1500,
    })
  })
})

describe('a policy as a company writes it', () => {
  it('may change any part; the rest stays, and the version goes up', () => {
    const base = { ...defaultPolicy, version: 7 }
    const read = parsePolicy(
      { discount: { expireAfterDays: 7 }, probability: { S4: 55.5 }, gates: { S6: ['competition'] } },
      base,
    )
    expect(read).toMatchObject({
      ok: true,
      next: {
        version: 8,
        discount: { expireAfterDays: 7, rungs },
        probability: { S4: 55.5, S5: 80 },
        gates: { S6: ['competition'], S1: ['identify_pain'] },
      },
    })
  })

  it('may have agreements and copies', () => {
    const agreements = [
      { over: 2000, beside: 'vp_sales', group: { roles: ['finance'] }, need: { atLeast: 2 } },
    ]
    const copies = [{ over: 1000, group: { people: ['p-1'] } }]
    expect(parsePolicy({ discount: { agreements, copies } })).toMatchObject({
      ok: true,
      next: { discount: { agreements, copies } },
    })
  })

  const top = { role: 'c_level', upTo: null }
  it.each<[string, unknown, string, RegExp]>([
    ['no object', [], '', /object/],
    ['a misspelt part', { discuont: {} }, '', /discuont/],
    ['a misspelt key', { discount: { expireAfterDay: 3 } }, 'discount', /expireAfterDay/],
    ['a part that is no object', { discount: 5 }, 'discount', /object/],
    ['no rungs', { discount: { rungs: [] } }, 'discount.rungs', /at least one/],
    [
      'an unknown role',
      { discount: { rungs: [{ role: 'king', upTo: null }] } },
      'discount.rungs[0].role',
      /./,
    ],
    [
      'rungs that do not ascend',
      { discount: { rungs: [{ role: 'ae', upTo: 1000 }, { role: 'sales_manager', upTo: 1000 }, top] } },
      'discount.rungs[1].upTo',
      /over 1000/,
    ],
    [
      'a closed last rung',
      { discount: { rungs: [{ role: 'ae', upTo: 1000 }] } },
      'discount.rungs[0].upTo',
      /null/,
    ],
    [
      'an open rung in the middle',
      { discount: { rungs: [{ role: 'ae', upTo: null }, top] } },
      'discount.rungs[0].upTo',
      /only the last/,
    ],
    [
      'a role twice',
      { discount: { rungs: [{ role: 'c_level', upTo: 1000 }, top] } },
      'discount.rungs[1].role',
      /already/,
    ],
    [
      'a share that is no whole number',
      { discount: { exceptionOver: 10.5 } },
      'discount.exceptionOver',
      /whole number/,
    ],
    ['a share over everything', { discount: { exceptionOver: 10_001 } }, 'discount.exceptionOver', /./],
    [
      'an agreement beside no rung',
      { discount: { agreements: [{ over: 0, beside: 'legal', group: { roles: ['legal'] }, need: 'any' }] } },
      'discount.agreements[0].beside',
      /no rung/,
    ],
    [
      'a group of nobody',
      { discount: { copies: [{ over: 0, group: {} }] } },
      'discount.copies[0].group',
      /at least one/,
    ],
    [
      'a need that is none',
      { discount: { agreements: [{ over: 0, beside: 'ae', group: { roles: ['legal'] }, need: 'most' }] } },
      'discount.agreements[0].need',
      /any/,
    ],
    [
      'an escalation before the reminder',
      { discount: { escalateAfterWorkingHours: 24 } },
      'discount.escalateAfterWorkingHours',
      /after the reminder/,
    ],
    ['no time to expire', { discount: { expireAfterDays: 0 } }, 'discount.expireAfterDays', /./],
    ['an entry at a closed stage', { discount: { entryStage: 'CW' } }, 'discount.entryStage', /./],
    ['a probability over 100', { probability: { S3: 101 } }, 'probability.S3', /./],
    ['a lost deal that counts', { probability: { CL: 5 } }, 'probability.CL', /0/],
    ['a gate that asks for no MEDDICC field', { gates: { S2: ['budget'] } }, 'gates.S2[0]', /./],
    ['a stage that does not exist', { gates: { S9: [] } }, 'gates', /S9/],
  ])('%s is refused with its place and the reason', (_, written, at, why) => {
    const read = parsePolicy(written)
    expect(read).toMatchObject({ ok: false, refusal: { code: 'policy-invalid', at } })
    expect(read.ok || (read.refusal.code === 'policy-invalid' && read.refusal.why)).toMatch(why)
  })

  it('B5.37 a prototype in the text changes nothing', () => {
    const read = parsePolicy(JSON.parse('{"__proto__": {"polluted": true}, "discount": {}}'))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(read.ok && 'polluted' in read.next).toBe(false)
  })
})
