import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataStore } from '../../data/store.ts'
import { requiredByStage } from '../../src/canon/nudge-deal.ts'
import { meddiccFields, type Opportunity } from '../../src/canon/opportunity.ts'
import { defaultPolicy } from '../../src/canon/policy.ts'
import { engines, freshStore } from '../support/databases.ts'
import { account, activity, addDeals, at, change, contact, deal, krw, lead, settle } from './world.ts'

const day = 86_400_000
const hour = 3_600_000
const required = requiredByStage(defaultPolicy)
const everything = Object.fromEntries(meddiccFields.map((field) => [field, 'said']))

async function rowsOf<R>(pages: AsyncIterable<readonly R[]>): Promise<R[]> {
  const rows: R[] = []
  for await (const page of pages) rows.push(...page)
  return rows
}
const idsOf = async (pages: AsyncIterable<readonly { readonly id: string }[]>) =>
  (await rowsOf(pages)).map(({ id }) => id).sort()

describe.each(engines)('what the nightly rules walk on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => at } }))
    await settle(store, 'c')
  })
  afterAll(() => close())

  const open = (id: string, over: Partial<Opportunity> = {}) =>
    deal(id, { meddicc: everything, stageEnteredOn: '2026-09-30', expectedCloseOn: '2026-12-31', ...over })

  it('finds open deals that entered their stage before a day, and no others', async () => {
    await addDeals(store, 'c', [
      open('S-old', { stageEnteredOn: '2026-08-01', amount: krw(5), owner: 'ae' }),
      open('S-edge', { stageEnteredOn: '2026-09-01' }),
      open('S-won', { stage: 'CW', stageEnteredOn: '2026-08-01' }),
      open('S-undated', { stageEnteredOn: undefined }),
    ])
    expect(await rowsOf(store.stalledDeals('c', '2026-09-01'))).toEqual([
      { id: 'S-old', owner: 'ae', stage: 'S4', amount: 5, currency: 'KRW', on: '2026-08-01' },
    ])
  })

  it('finds open deals that should have closed', async () => {
    await addDeals(store, 'c', [
      open('P-past', { expectedCloseOn: '2026-09-30' }),
      open('P-today', { expectedCloseOn: '2026-10-01' }),
      open('P-lost', { stage: 'CL', expectedCloseOn: '2026-09-30' }),
    ])
    expect(await idsOf(store.pastCloseDeals('c', '2026-10-01'))).toEqual(['P-past'])
  })

  it('finds what MEDDICC lacks at each stage, blank text being nothing', async () => {
    const { champion: _champion, ...rest } = everything
    await addDeals(store, 'c', [
      open('M-all'),
      open('M-s1', { stage: 'S1', meddicc: { identify_pain: 'slow' } }),
      open('M-blank', { stage: 'S2', meddicc: { ...everything, metrics: '  ' } }),
      open('M-left', { meddicc: rest, championLeft: { contact: 'C-x', said: 'Kim' } }),
      open('M-owes', {
        meddicc: rest,
        gateDebt: [{ gate: 'champion', stage: 'S2', until: '2026-11-01', reason: '', by: 'ae', at }],
      }),
    ])
    const gaps = (await rowsOf(store.meddiccGaps('c', required))).filter(({ id }) => id.startsWith('M-'))
    const all = (1 << meddiccFields.length) - 1
    const without = (field: (typeof meddiccFields)[number]) => all - (1 << meddiccFields.indexOf(field))
    expect(gaps.map(({ id, known, owes, championLeft }) => ({ id, known, owes, championLeft }))).toEqual([
      { id: 'M-blank', known: without('metrics'), owes: false, championLeft: false },
      { id: 'M-left', known: without('champion'), owes: false, championLeft: true },
      { id: 'M-owes', known: without('champion'), owes: true, championLeft: false },
    ])
    expect((await rowsOf(store.owingDeals('c'))).map(({ id, gateDebt }) => [id, gateDebt?.length])).toEqual([
      ['M-owes', 1],
    ])
  })

  it('remembers a champion who left with the deal', async () => {
    expect((await store.deal('c', 'M-left'))?.championLeft).toEqual({ contact: 'C-x', said: 'Kim' })
  })

  it('reads the contacts of the accounts whose deals name a champion, with when each was last spoken with', async () => {
    await store.commit(
      change('c', {
        save: [
          { noun: 'account', next: account('A-1', { ae: 'ae' }), expect: 'new' },
          { noun: 'account', next: account('A-2', { csm: 'csm' }), expect: 'new' },
          { noun: 'contact', next: contact('C-1'), expect: 'new' },
          { noun: 'contact', next: contact('C-2', { account: 'A-2', leftOn: '2026-09-20' }), expect: 'new' },
          {
            noun: 'activity',
            next: activity('X-1', { contact: 'C-1', happenedAt: at - 40 * day, loggedAt: at - 40 * day }),
          },
        ],
      }),
    )
    await addDeals(store, 'c', [
      open('K-1', { account: 'A-1', meddicc: { champion: 'C-1' }, createdOn: '2026-05-01' }),
      open('K-2', { account: 'A-2', meddicc: { champion: 'C-2' }, createdOn: '2026-05-01' }),
      open('K-none', { account: 'A-2', meddicc: {} }),
      open('K-left', { account: 'A-2', meddicc: {}, championLeft: { contact: 'C-2', said: 'C-2' } }),
    ])
    const pages = []
    for await (const page of store.championDeals('c')) pages.push(page)
    expect(pages.flatMap(({ deals }) => deals.map(({ id, champion }) => [id, champion]))).toEqual([
      ['K-1', 'C-1'],
      ['K-2', 'C-2'],
    ])
    expect(pages[0]?.contacts.get('A-1')?.[0]?.lastContactedAt).toBe(at - 40 * day)
    const some = await store.championDealsAt('c', ['A-2'])
    expect(some.deals.map(({ id }) => id)).toEqual(['K-2'])
    expect(some.contacts.get('A-2')?.[0]?.leftOn).toBe('2026-09-20')
    expect(await rowsOf(store.accountsLeft('c', '2026-09-20'))).toEqual(['A-2'])
    expect(await rowsOf(store.accountsLeft('c', '2026-09-19'))).toEqual([])
    expect(await rowsOf(store.leftChampions('c'))).toMatchObject([
      { id: 'K-left', contact: 'C-2', on: '2026-09-20' },
    ])
  })

  it('finds live leads that nobody touched, the oldest first', async () => {
    const save = [
      lead('L-new', { arrivedAt: at - hour, owner: 'ae' }),
      lead('L-older', { arrivedAt: at - 2 * hour, owner: 'ae' }),
      lead('L-touched', { arrivedAt: at - hour, firstTouchAt: at, owner: 'ae' }),
      lead('L-done', { arrivedAt: at - hour, status: 'recycled', owner: 'ae' }),
      lead('L-ancient', { arrivedAt: at - 99 * day, owner: 'ae' }),
    ].map((next) => ({ noun: 'lead' as const, next, expect: 'new' as const }))
    await store.commit(change('c', { save }))
    const found = await rowsOf(store.untouchedLeads('c', at - 30 * day, at - hour))
    expect(found.map(({ id }) => id)).toEqual(['L-older', 'L-new'])
    expect(await store.oldUntouchedLeads('c', at - 30 * day)).toEqual([{ person: 'ae', count: 1 }])
  })

  it('counts what was logged late by who did it, and lists it', async () => {
    const logged = (id: string, lateMs: number, over = {}) => ({
      noun: 'activity' as const,
      next: activity(id, { person: 'ae', happenedAt: at - day - lateMs, loggedAt: at - day, ...over }),
    })
    await store.commit(
      change('c', {
        save: [
          logged('Y-late', 25 * hour),
          logged('Y-edge', 24 * hour),
          logged('Y-nobody', 99 * hour, { person: undefined }),
          logged('Y-before', 99 * hour, { loggedAt: at - 3 * day, happenedAt: at - 9 * day }),
        ],
      }),
    )
    const window = [at - 2 * day, at, 24 * hour] as const
    expect(await store.lateActivities('c', ...window)).toEqual([{ person: 'ae', count: 1 }])
    expect(await store.lateActivitiesOf('c', 'ae', ...window, 10)).toMatchObject([{ id: 'Y-late' }])
  })

  it('counts contacts that nobody looked at for a quarter, where somebody sells', async () => {
    const save = [
      contact('Q-old', { role: 'champion', updatedOn: '2026-06-01' }),
      contact('Q-fresh', { role: 'champion', updatedOn: '2026-09-01' }),
      contact('Q-plain', { updatedOn: '2026-06-01' }),
      contact('Q-gone', { role: 'champion', updatedOn: '2026-06-01', leftOn: '2026-06-02' }),
      contact('Q-csm', { account: 'A-2', engagement: 'low', updatedOn: '2026-05-01' }),
      contact('Q-quiet', { account: 'A-3', role: 'champion', updatedOn: '2026-06-01' }),
    ].map((next) => ({ noun: 'contact' as const, next, expect: 'new' as const }))
    await store.commit(
      change('c', {
        save: [{ noun: 'account', next: account('A-3', { ae: 'ae' }), expect: 'new' }, ...save],
      }),
    )
    expect(await store.staleContacts('c', '2026-07-03')).toEqual([
      { person: 'ae', count: 1 },
      { person: 'csm', count: 1 },
    ])
    expect((await store.staleContactsOf('c', 'ae', '2026-07-03', 10)).map(({ id }) => id)).toEqual(['Q-old'])
    expect((await store.staleContactsOf('c', 'csm', '2026-07-03', 10)).map(({ id }) => id)).toEqual(['Q-csm'])
  })

  it('walks more deals than fit into one stretch, each of them once', async () => {
    const count = 20_000
    const numbers =
      engine === 'sqlite'
        ? sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.lit(count)})`
        : sql`with n(i) as (select generate_series(1, ${sql.lit(count)}))`
    await store.database.transact(async (trx) => {
      await sql`${numbers}
        insert into opportunities (company_id, id, name, stage, closed, discount_flagged, search, updated_at, version,
          stage_entered_on, expected_close_on)
        select 'c', 'Z' || i, 'many', 'S1', 0, 0, '', 1, 1, '2025-01-01',
          case when i % 5000 = 0 then '2025-06-01' end from n`.execute(trx)
    })
    const found = (await idsOf(store.stalledDeals('c', '2026-01-01'))).filter((id) => id.startsWith('Z'))
    expect(new Set(found).size).toBe(count)
    expect(found).toHaveLength(count)
    expect(await idsOf(store.pastCloseDeals('c', '2026-01-01'))).toEqual([
      'Z10000',
      'Z15000',
      'Z20000',
      'Z5000',
    ])
  })
})
