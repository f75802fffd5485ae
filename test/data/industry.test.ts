import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../data/database.ts'
import { planFiles, runImport } from '../../data/import.ts'
import { migrate } from '../../data/migrate.ts'
import { type Migration, migrations } from '../../data/migrations/index.ts'
import { type DataStore, openDatabase } from '../../data/store.ts'
import { pipelineParts } from '../../src/canon/pipeline.ts'
import type { Save } from '../../src/ports.ts'
import { emptyPlace, engines, freshStore } from '../support/databases.ts'
import { csv, folder } from './files.ts'
import { account, at, change, deal, entry, settle } from './world.ts'

/** What each deal repeats of its account, beside what the account says. */
async function industries(read: Database['read'], company: string) {
  const { rows } = await sql<{ id: string; own: string | null; said: string | null }>`
    select o.id, o.account_industry as own, a.industry as said from opportunities o
    left join accounts a on a.company_id = o.company_id and a.id = o.account
    where o.company_id = ${company} order by o.id`.execute(read)
  return Object.fromEntries(rows.map(({ id, own, said }) => [id, own === said ? own : `${own}, not ${said}`]))
}

describe.each(engines)(
  'the industry on a deal is its account’s, whichever door it came through, on %s',
  (engine) => {
    let store: DataStore
    let close: () => Promise<void>
    let count = 0
    beforeAll(async () => {
      ;({ store, close } = await freshStore(engine, { clock: { now: () => at } }))
    })
    afterAll(() => close())

    const take = async (company: string, given: Readonly<Record<string, string>>) => {
      const files = folder(given)
      const report = await runImport(store, await planFiles([files.path]), {
        company,
        now: () => at,
        asIs: true,
      })
      files.remove()
      expect(report.problems).toEqual([])
    }
    const found = (company: string) => industries(store.database.read, company)

    it('a deal opened, moved to another account, and an account that changes its industry', async () => {
      const company = `chat${++count}`
      await settle(store, company)
      const save = (...saves: readonly Save[]) => store.commit(change(company, { save: saves }))
      await save(
        { noun: 'account', next: account('A-1', { industry: 'Metal' }), expect: 'new' },
        { noun: 'account', next: account('A-2', { industry: 'Food' }), expect: 'new' },
        { noun: 'account', next: account('A-3'), expect: 'new' },
      )
      const own = (over: object) => deal('D9', { ...over })
      await save({
        noun: 'opportunity',
        next: own({ account: 'A-1' }),
        expect: 'new',
        entry: entry('D9', {}),
      })
      expect((await found(company)).D9).toBe('Metal')
      await save({ noun: 'opportunity', next: own({ account: 'A-2', version: 2 }), expect: 1 })
      expect((await found(company)).D9).toBe('Food')
      await save({
        noun: 'account',
        next: account('A-2', { industry: 'Drinks', version: 2 }),
        expect: 1,
      })
      expect((await found(company)).D9).toBe('Drinks')
      await save({ noun: 'opportunity', next: own({ account: 'A-3', version: 3 }), expect: 2 })
      expect((await found(company)).D9).toBeNull()
      await save({ noun: 'opportunity', next: own({ version: 4 }), expect: 3 })
      expect((await found(company)).D9).toBeNull()
    })

    it('deals and accounts imported together, apart, and again', async () => {
      const company = `file${++count}`
      const accounts = (a1: string, a2: string) => ({
        'accounts.csv': csv('id,name,industry', `a1,Hanseo,${a1}`, `a2,Daon,${a2}`),
      })
      const deals = (d1: string, d2: string) => ({
        'opportunities.csv': csv(
          'id,name,stage,account',
          `d1,One,S1,${d1}`,
          `d2,Two,S1,${d2}`,
          'd3,Three,S1,',
        ),
      })
      await take(company, { ...accounts('Metal', ''), ...deals('a1', 'a2') })
      expect(await found(company)).toEqual({ d1: 'Metal', d2: null, d3: null })
      await take(company, accounts('Steel', 'Food'))
      expect(await found(company)).toEqual({ d1: 'Steel', d2: 'Food', d3: null })
      const days = {
        today: '2026-10-01',
        quarterTo: '2026-12-31',
        nextTo: '2027-03-31',
        stalledBefore: '2026-09-01',
      }
      const cells = await store.pipelineCells(company, 'all', days, { by: 'industry' })
      const parts = pipelineParts(cells, undefined, 'industry', (amount) => amount)
      expect(Object.fromEntries(parts.map(({ key, deals: of }) => [key, of]))).toEqual({
        Steel: 1,
        Food: 1,
        '': 1,
      })
      await take(company, deals('a2', ''))
      expect(await found(company)).toEqual({ d1: 'Food', d2: null, d3: null })
    })
  },
)

describe.each(engines)('a database of before on %s', (engine) => {
  const cleanup: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const undo of cleanup.splice(0).reverse()) await undo()
  })

  it('gets the industries of its deals when it is migrated', async () => {
    const place = await emptyPlace(engine)
    cleanup.push(() => place.remove())
    const database = await openDatabase({ url: place.url })
    cleanup.push(() => database.close())
    const before = migrations.findIndex(({ name }) => name === '0016-industries')
    await migrate(database, migrations.slice(0, before))
    await database.transact(async (trx) => {
      await sql`insert into companies (id, name, locale, currency, fiscal_year_start, working, org_stamp, created_at)
        values ('c1', 'One', 'ko', 'KRW', 1, '{}', 1, 1), ('c2', 'Two', 'ko', 'KRW', 1, '{}', 1, 1)`.execute(
        trx,
      )
      await sql`insert into accounts (company_id, id, name, industry, updated_at)
        values ('c1', 'a1', 'A', 'Metal', 1), ('c2', 'a1', 'B', 'Food', 1), ('c1', 'a2', 'C', null, 1)`.execute(
        trx,
      )
      for (const [company, id, of] of [
        ['c1', 'd1', 'a1'],
        ['c1', 'd2', 'a2'],
        ['c1', 'd3', null],
        ['c2', 'd1', 'a1'],
      ] as const)
        await sql`insert into opportunities (company_id, id, name, account, stage, closed, discount_flagged, search,
            updated_at, version)
          values (${company}, ${id}, ${id}, ${of}, 'S1', 0, 0, ${id}, 1, 1)`.execute(trx)
    })
    const later: readonly Migration[] = migrations.slice(before)
    expect(await migrate(database)).toEqual(later.map(({ name }) => name))
    expect(await industries(database.read, 'c1')).toEqual({ d1: 'Metal', d2: null, d3: null })
    expect(await industries(database.read, 'c2')).toEqual({ d1: 'Food' })
  })
})
