import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataStore } from '../../data/store.ts'
import { engines, freshStore } from '../support/databases.ts'
import { account, at, change, handoff, krw, settle } from './world.ts'

const company = 'acme'

describe.each(engines)('the customers of CSMs on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine))
    await settle(store, company)
    const health = (id: string, grade: 'healthy' | 'at-risk' | 'critical', score: number) =>
      ({
        noun: 'health',
        next: { account: id, version: 1, score, grade, since: '2026-05-01', computedAt: at, rules: '' },
        expect: 'new',
        change: { account: id, at, on: '2026-05-01', to: grade, score },
      }) as const
    await store.commit(
      change(company, {
        save: [
          account('A1', { csm: 'jo', arr: krw(500), renewalOn: '2026-06-01', ae: 'ae' }),
          account('A2', { csm: 'jo', arr: krw(900) }),
          account('A3', { csm: 'jo' }),
          account('A4', { csm: 'jo', arr: { amount: 70, currency: 'USD' } }),
          // Gone: nothing is paid any more.
          account('A5', { csm: 'jo', arr: krw(0) }),
          account('B1', { csm: 'bo', arr: krw(1), renewalOn: '2026-05-01' }),
          account('C1', { ae: 'jo', arr: krw(1), renewalOn: '2026-05-01' }),
        ].map((next) => ({ noun: 'account', next, expect: 'new' }) as const),
      }),
    )
    await store.commit(
      change(company, {
        save: [health('A1', 'critical', 300), health('A2', 'critical', 400), health('A4', 'healthy', 900)],
      }),
    )
  })
  afterAll(() => close())

  it('are added up by CSM, grade and currency, and who left is none', async () => {
    expect(await store.customerCells(company, ['jo'])).toEqual([
      { csm: 'jo', grade: 'critical', currency: 'KRW', accounts: 2, arr: 1_400 },
      { csm: 'jo', grade: 'healthy', currency: 'USD', accounts: 1, arr: 70 },
      { csm: 'jo', grade: 'unknown', currency: '', accounts: 1, arr: 0 },
    ])
    expect(await store.customerCells(company, [])).toEqual([])
  })

  it('red ones come by what they pay, so many a CSM', async () => {
    expect(await store.criticalAccounts(company, ['jo', 'bo'], 1)).toEqual([
      { account: 'A2', csm: 'jo', arr: krw(900), score: 400, since: '2026-05-01' },
    ])
  })

  it('renewals are those of the CSM, not of the AE, and without an outcome', async () => {
    const ahead = () => store.renewalsOfCsms(company, ['jo', 'bo'], '2026-01-01', '2026-12-31')
    expect((await ahead()).map((line) => line.account)).toEqual(['B1', 'A1'])
    await store.commit(
      change(company, {
        save: [
          {
            noun: 'renewal',
            next: {
              account: 'B1',
              renewalOn: '2026-05-01',
              done: [],
              undone: [],
              version: 1,
              outcome: {
                kind: 'churn',
                by: 'bo',
                at,
                on: '2026-05-02',
                before: { renewalOn: '2026-05-01', arr: krw(1) },
                after: { arr: krw(0) },
              },
            },
            expect: 'new',
          },
          {
            noun: 'renewal',
            next: {
              account: 'A1',
              renewalOn: '2026-06-01',
              done: [{ day: 30, by: 'jo', at }],
              undone: [],
              version: 1,
            },
            expect: 'new',
          },
        ],
      }),
    )
    expect(await ahead()).toMatchObject([{ account: 'A1', done: [30], health: { grade: 'critical' } }])
    expect(await store.settledRenewals(company, '2026-05-02', '2026-05-02')).toEqual([
      { csm: 'bo', outcome: 'churn', before: krw(1), after: krw(0) },
    ])
    expect(await store.settledRenewals(company, '2026-05-03', '2026-05-09')).toEqual([])
  })

  it('a grade that went and came back in a week has not moved, and a first score is no change', async () => {
    const next = { account: 'A1', since: '2026-05-08', computedAt: at, rules: '' } as const
    const step = (version: number, from: 'critical' | 'at-risk', to: 'critical' | 'at-risk', when: number) =>
      store.commit(
        change(company, {
          save: [
            {
              noun: 'health',
              next: { ...next, version, score: 400, grade: to },
              expect: version - 1,
              change: { account: 'A1', at: when, on: '2026-05-08', from, to, score: 400 },
            },
          ],
        }),
      )
    await step(2, 'critical', 'at-risk', at + 10)
    expect(await store.gradeMoves(company, at, at + 11)).toEqual([
      { account: 'A1', csm: 'jo', from: 'critical', to: 'at-risk' },
    ])
    await step(3, 'at-risk', 'critical', at + 20)
    expect(await store.gradeMoves(company, at, at + 21)).toEqual([])
    expect(await store.gradeMoves(company, at + 15, at + 21)).toHaveLength(1)
  })

  it('snapshots: the newest of each CSM counts, and one of a day is never taken anew', async () => {
    const cell = (csm: string, takenOn: string, accounts: number) =>
      ({ csm, takenOn, grade: 'healthy', currency: 'KRW', accounts, arr: accounts }) as const
    const keep = (...cells: ReturnType<typeof cell>[]) =>
      store.commit(change(company, { save: [{ noun: 'customer-snapshot', cells }] }))
    await keep(cell('jo', '2026-04-27', 1), cell('jo', '2026-05-04', 2), cell('bo', '2026-04-27', 3))
    await keep(cell('jo', '2026-05-04', 9))
    const found = await store.customerSnapshot(company, ['jo', 'bo', 'xi'], '2026-04-20', '2026-05-10')
    expect(found.map(({ csm, takenOn, accounts }) => [csm, takenOn, accounts])).toEqual([
      ['bo', '2026-04-27', 3],
      ['jo', '2026-05-04', 2],
    ])
  })

  it('handoffs: those that wait or have something to come, not what is done or taken back', async () => {
    const add = (id: string, over: Parameters<typeof handoff>[1], dueAt?: number) =>
      store.commit(
        change(company, {
          save: [
            {
              noun: 'handoff',
              next: handoff(id, { deal: id, ...over }),
              expect: 'new',
              waiting: [],
              ...(dueAt === undefined ? {} : { dueAt }),
            },
          ],
        }),
      )
    await add('H1', {}, at)
    await add('H2', { status: 'accepted' }, at)
    await add('H3', { status: 'accepted' })
    await add('H4', { status: 'withdrawn' })
    await add('H5', { kind: 'cs-to-ae', account: 'A1', status: 'draft' })
    await add('H6', { kind: 'sdr-to-ae', lead: 'L' }, at)
    await add('H7', { openedAt: at - 10 }, at)
    const found = await store.customerHandoffs(company, at)
    expect(found.map(({ id }) => id).sort()).toEqual(['H1', 'H2', 'H5'])
  })
})
