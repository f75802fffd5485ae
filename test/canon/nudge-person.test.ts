import { describe, expect, it } from 'vitest'
import { defaultWorkingTime } from '../../src/canon/calendar.ts'
import {
  type Hygiene,
  hygieneCycle,
  hygieneOf,
  hygieneWindow,
  unlinkedBy,
} from '../../src/canon/nudge-person.ts'
import { nudgeDefaults } from '../../src/canon/policy-nudge.ts'
import { orgOf, person, staff } from './world.ts'

const working = defaultWorkingTime('Asia/Seoul', 'KR')
const seoul = (text: string) => Date.parse(`${text}+09:00`)
const windowOn = (today: string) => hygieneWindow(today, seoul(`${today}T09:00:00`), working, nudgeDefaults)
const list = (more: Partial<Hygiene> = {}): Hygiene => ({
  kind: 'hygiene',
  loggedLate: 0,
  staleContacts: 0,
  ...more,
})

describe('what there is to put in order', () => {
  it('late logging is told on the working day after, and the weekend with Friday', () => {
    const tuesday = windowOn('2026-11-03')
    expect([tuesday.from, tuesday.to]).toEqual([
      seoul('2026-11-02T00:00:00') - 1,
      seoul('2026-11-03T00:00:00') - 1,
    ])
    const monday = windowOn('2026-11-09')
    expect(monday.from).toBe(seoul('2026-11-06T00:00:00') - 1)
    // No activity is told twice and none is left out.
    expect(windowOn('2026-11-10').from).toBe(monday.to)
    expect(tuesday.overMs).toBe(24 * 3_600_000)
    expect(tuesday.staleBefore).toBe('2026-08-05')
  })

  it('is told on its day when something was logged late, else once a week', () => {
    expect(hygieneCycle(list({ loggedLate: 1 }), '2026-11-03')).not.toBe(
      hygieneCycle(list({ loggedLate: 1 }), '2026-11-04'),
    )
    const stale = list({ staleContacts: 3 })
    expect(hygieneCycle(stale, '2026-11-03')).toBe(hygieneCycle(stale, '2026-11-06'))
    expect(hygieneCycle(stale, '2026-11-06')).not.toBe(hygieneCycle(stale, '2026-11-09'))
  })

  it('is one list a person; nothing is no list, and nobody’s is nobody’s', () => {
    const org = orgOf(staff, { jiho: { active: false } })
    const lists = hygieneOf(
      {
        late: new Map([
          ['mina', 2],
          ['jiho', 4],
          ['ghost', 1],
        ]),
        stale: new Map([
          ['mina', 3],
          ['cara', 0],
        ]),
        leads: new Map([['seojun', 1]]),
        unlinked: new Map([['sora', ['jiho', 'cara']]]),
      },
      org,
    )
    expect([...lists]).toEqual([
      ['mina', list({ loggedLate: 2, staleContacts: 3 })],
      ['seojun', list({ untouchedLeads: 1 })],
      ['sora', list({ unlinked: 2 })],
    ])
  })

  it('people whom nothing reaches are told to Sales Ops, else to their managers', () => {
    const all = new Set(staff.map(({ id }) => id))
    expect(unlinkedBy(orgOf(), all).size).toBe(0)
    const without = (...ids: string[]) => new Set([...all].filter((id) => !ids.includes(id)))
    expect([...unlinkedBy(orgOf(), without('mina', 'cara'))]).toEqual([['sora', ['mina', 'cara']]])
    // Nobody is told of themselves through a chat they are not in.
    expect([...unlinkedBy(orgOf(), without('mina', 'sora'))]).toEqual([
      ['seojun', ['mina']],
      ['dohyun', ['sora']],
    ])
    const gone = orgOf([...staff, person('left', ['ae'], 'seojun', { active: false })])
    expect(unlinkedBy(gone, all).size).toBe(0)
  })
})
