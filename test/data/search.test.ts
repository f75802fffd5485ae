import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { needleOf, searchText } from '../../data/search.ts'
import type { DataStore } from '../../data/store.ts'
import { engines, freshStore } from '../support/databases.ts'
import { addDeals, at, by, company, deal, krw } from './world.ts'

describe.each(engines)('finding deals on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  const acme = 'acme'
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine))
    await store.addCompany(company(acme), by)
    await addDeals(store, acme, [
      deal('atlas', { name: 'Something else', updatedAt: at + 1 }),
      deal('D1', { name: 'Atlas', accountName: 'Globex', updatedAt: at + 2 }),
      deal('D2', {
        name: 'Atlas rollout',
        accountName: 'Initech',
        owner: 'x',
        stage: 'S2',
        updatedAt: at + 3,
      }),
      deal('D3', { name: 'The great atlas of everything', owner: 'y', updatedAt: at + 4 }),
      deal('D4', { name: 'Renewal', accountName: 'Atlas Copper', owner: 'z', updatedAt: at + 5 }),
      deal('D5', { name: 'Atlas', stage: 'CW', owner: 'x', updatedAt: at + 6 }),
      deal('D6', { name: '삼성전자 데이터 플랫폼', accountName: '삼성전자', updatedAt: at + 7 }),
      deal('D7', {
        name: '100% uptime_guarantee',
        accountName: "O'Brien; drop table opportunities",
        updatedAt: at + 8,
      }),
      deal('D8', { name: 'ＦＵＬＬ　width', accountCsm: 'csm', owner: 'w', updatedAt: at + 9 }),
      deal('D9', { name: 'Lost one', stage: 'CL', updatedAt: at + 10 }),
    ])
  })
  afterAll(() => close())

  const find = async (
    query: string,
    over: {
      scope?: Parameters<DataStore['findDeals']>[1]
      limit?: number
      options?: Parameters<DataStore['findDeals']>[4]
    } = {},
  ) =>
    (await store.findDeals(acme, over.scope ?? { all: true }, query, over.limit ?? 20, over.options)).map(
      (hit) => hit.id,
    )

  it('ranks the id, the exact name, the beginning of a name, anywhere; open deals before closed ones', async () => {
    expect(await find('ATLAS')).toEqual(['atlas', 'D1', 'D2', 'D4', 'D3', 'D5'])
  })

  it('takes words in any order from name and account', async () => {
    expect(await find('rollout initech')).toEqual(['D2'])
    expect(await find('initech globex')).toEqual([])
  })

  it('finds Korean by its syllables and by initial consonants', async () => {
    expect(await find('데이터')).toEqual(['D6'])
    expect(await find('ㅅㅅㅈㅈ')).toEqual(['D6'])
    expect(await find('ㄷㅇㅌ ㅍㄹ')).toEqual(['D6'])
  })

  it('makes no difference between full and half width, case, and composition', async () => {
    expect(await find('full WIDTH')).toEqual(['D8'])
    expect(await find('삼성'.normalize('NFD'))).toEqual(['D6'])
  })

  it('B5.86 takes what was typed literally: wildcards, quotes, SQL', async () => {
    expect(await find('%')).toEqual(['D7'])
    expect(await find('_')).toEqual(['D7'])
    expect(await find("'; drop table opportunities")).toEqual([])
    expect(await find("o'brien; drop")).toEqual(['D7'])
    expect(await find('\\')).toEqual([])
    expect(await find('\u0002atlas\u0003')).toEqual(await find('atlas'))
  })

  it('shows the deals that changed last where nothing was typed', async () => {
    expect(await find('', { limit: 3 })).toEqual(['D8', 'D7', 'D6'])
    expect(await find('   ', { limit: 1 })).toEqual(['D8'])
  })

  it('stays within what the person may see, for a few owners and for many', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `nobody${i}`)
    for (const others of [[], many]) {
      const owners = [...others, 'x', 'y']
      expect(await find('atlas', { scope: { all: false, owners } })).toEqual(['D2', 'D3', 'D5'])
      expect(await find('', { scope: { all: false, owners, csm: 'csm' } })).toEqual(['D8', 'D3', 'D2', 'D5'])
    }
    expect(await find('atlas', { scope: { all: false, owners: [] } })).toEqual([])
  })

  it('keeps to open deals and to a stage where it is asked to', async () => {
    expect(await find('atlas', { options: { openOnly: true } })).not.toContain('D5')
    expect(await find('atlas', { options: { openOnly: true, minStage: 'S4' } })).toEqual([
      'atlas',
      'D1',
      'D4',
      'D3',
    ])
  })

  it('tells what a list shows of a deal', async () => {
    const [hit] = await store.findDeals(acme, { all: true }, 'D2', 1)
    expect(hit).toEqual({
      id: 'D2',
      name: 'Atlas rollout',
      accountName: 'Initech',
      stage: 'S2',
      amount: krw(100_000_000),
      owner: 'x',
    })
  })

  it('answers a list for whatever is typed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (typed) => {
        expect(Array.isArray(await store.findDeals(acme, { all: true }, typed, 5))).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})

describe('the search column', () => {
  it('no part of a deal and no query can hold the marks between the parts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, query) => {
        const marks = searchText({ id: name, name, accountName: name }).replaceAll(/[^\u0001-\u0004]/g, '')
        expect(marks).toBe('\u0001\u0002\u0003\u0004\u0002\u0003\u0004')
        for (const word of needleOf(query)?.words ?? []) expect(word).not.toMatch(/[\u0000-\u001f]/)
      }),
    )
  })

  it('stays under what PostgreSQL can index, however long the names are', () => {
    const long = '삼'.repeat(5_000)
    expect(Buffer.byteLength(searchText({ id: long, name: long, accountName: long }))).toBeLessThan(2_300)
  })
})
