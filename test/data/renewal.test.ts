import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { planFiles, problemLine, runImport } from '../../data/import.ts'
import type { DataStore } from '../../data/store.ts'
import type { Account } from '../../src/canon/account.ts'
import type { Renewal } from '../../src/canon/renewal.ts'
import { engines, freshStore } from '../support/databases.ts'
import { csv, folder } from './files.ts'
import { account, at, change, krw, settle } from './world.ts'

const now = Date.UTC(2026, 10, 20, 3)
const everybody = { all: true } as const
const year = { from: '2026-01-01', to: '2026-12-31' }

describe.each(engines)('renewals and QBRs on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  let company = ''
  let count = 0
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => now } }))
  })
  afterAll(() => close())
  beforeEach(async () => {
    company = `r${++count}`
    await settle(store, company)
  })

  const add = (...accounts: Account[]) =>
    store.commit(
      change(company, { save: accounts.map((next) => ({ noun: 'account', next, expect: 'new' }) as const) }),
    )
  const customer = (id: string, renewalOn: string, over: Partial<Account> = {}) =>
    account(id, { renewalOn, csm: 'csm', ae: 'ae', tier: 'T1', arr: krw(100), ...over })
  const kept = (over: Partial<Renewal> = {}): Renewal => ({
    account: 'a',
    renewalOn: '2026-12-01',
    done: [],
    undone: [],
    version: 1,
    ...over,
  })
  const save = (next: Renewal, expected: number | 'new') =>
    store.commit(change(company, { save: [{ noun: 'renewal', next, expect: expected }] }))

  it('are listed by date, page by page, each once', async () => {
    await add(
      ...Array.from({ length: 25 }, (_, n) =>
        customer(`a${String(n).padStart(2, '0')}`, n % 3 ? '2026-12-01' : '2026-11-05'),
      ),
      customer('far', '2027-06-01'),
      account('none'),
    )
    const found: string[] = []
    let after: { renewalOn: string; account: string } | undefined
    for (;;) {
      const lines = await store.renewalsAhead(company, everybody, { ...year, ...(after ? { after } : {}) }, 7)
      found.push(...lines.map((line) => `${line.renewalOn} ${line.account}`))
      const last = lines.at(-1)
      if (!last || lines.length < 7) break
      after = { renewalOn: last.renewalOn, account: last.account }
    }
    expect(found).toHaveLength(25)
    expect(found).toEqual([...found].sort())
  })

  it('are those of the scope’s people, as CSM or AE', async () => {
    await add(
      customer('mine', '2026-12-01', { csm: 'me', ae: 'x' }),
      customer('sold', '2026-12-02', { csm: 'x', ae: 'me' }),
      customer('theirs', '2026-12-03', { csm: 'x', ae: 'y' }),
    )
    const scope = { all: false, owners: ['me'] } as const
    const lines = await store.renewalsAhead(company, scope, year, 10)
    expect(lines.map((line) => line.account)).toEqual(['mine', 'sold'])
    expect(await store.renewalSums(company, scope, year)).toMatchObject([{ accounts: 2, arr: 200 }])
  })

  it('show what was done, and leave the list with their outcome', async () => {
    await add(customer('a', '2026-12-01'))
    expect(await save(kept({ done: [{ day: 90, by: 'csm', at }] }), 'new')).toEqual({ outcome: 'committed' })
    expect(await store.renewalsAhead(company, everybody, year, 5)).toMatchObject([
      { account: 'a', done: [90] },
    ])
    const outcome = {
      kind: 'churn',
      by: 'csm',
      at,
      on: '2026-11-20',
      reason: '사유',
      before: { renewalOn: '2026-12-01', arr: krw(100) },
      after: { arr: krw(0) },
    } as const
    expect(await save(kept({ outcome, version: 2 }), 1)).toEqual({ outcome: 'committed' })
    expect(await store.renewalsAhead(company, everybody, year, 5)).toEqual([])
    expect(await store.renewal(company, 'a', '2026-12-01')).toMatchObject({
      version: 2,
      outcome: { reason: '사유' },
    })
    expect(await store.renewalsSettled(company, everybody, '2026-11-20', 5)).toMatchObject([
      { name: 'Account a', renewal: { account: 'a' } },
    ])
    expect(await store.renewalsSettled(company, everybody, '2026-11-21', 5)).toEqual([])
  })

  it('B5.2 of two who record at once one counts', async () => {
    expect(await save(kept(), 'new')).toEqual({ outcome: 'committed' })
    expect(await save(kept(), 'new')).toEqual({ outcome: 'stale' })
    const both = await Promise.all([save(kept({ version: 2 }), 1), save(kept({ version: 2 }), 1)])
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'stale'])
  })

  it('are summed by month and currency, at risk by health, never over currencies', async () => {
    await add(
      customer('a', '2026-11-03', { arr: krw(1_000) }),
      customer('b', '2026-11-28', { arr: krw(200) }),
      customer('c', '2026-12-01', { arr: { amount: 5, currency: 'USD' } }),
      customer('d', '2026-12-02', { arr: undefined as never }),
    )
    await store.commit(
      change(company, {
        save: (
          [
            ['a', 'critical', 300],
            ['b', 'at-risk', 600],
          ] as const
        ).map(([id, grade, score]) => ({
          noun: 'health',
          next: { account: id, version: 1, score, grade, since: '2026-11-01', computedAt: at, rules: 'r' },
          expect: 'new',
          change: { account: id, at, on: '2026-11-01', to: grade, score },
        })),
      }),
    )
    expect(await store.renewalSums(company, everybody, year)).toEqual([
      { month: '2026-11', currency: 'KRW', accounts: 2, arr: 1_200, atRisk: 200, critical: 1_000 },
      { month: '2026-12', currency: '', accounts: 1, arr: 0, atRisk: 0, critical: 0 },
      { month: '2026-12', currency: 'USD', accounts: 1, arr: 5, atRisk: 0, critical: 0 },
    ])
    expect(await store.renewalsAhead(company, everybody, year, 1)).toMatchObject([
      { account: 'a', health: { score: 300, grade: 'critical' } },
    ])
  })

  it('QBRs: one a quarter, the later word counts; customers only, those who left not', async () => {
    await add(
      customer('a', '2026-12-01'),
      customer('b', '2026-12-01', { tier: 'T2' }),
      customer('left', '2026-12-01', { arr: krw(0) }),
      account('prospect', { tier: 'T1', ae: 'ae' }),
    )
    const qbr = (quarter: string, heldOn: string, notes?: string) => ({
      noun: 'qbr' as const,
      next: { account: 'a', quarter, heldOn, by: 'csm', ...(notes ? { notes } : {}) },
    })
    await store.commit(
      change(company, { save: [qbr('2026-Q2', '2026-05-01'), qbr('2026-Q3', '2026-08-01')] }),
    )
    await store.commit(change(company, { save: [qbr('2026-Q3', '2026-09-01', 'moved')] }))
    expect(await store.qbrsOf(company, 'a', 5)).toEqual([
      { account: 'a', quarter: '2026-Q3', heldOn: '2026-09-01', by: 'csm', notes: 'moved' },
      { account: 'a', quarter: '2026-Q2', heldOn: '2026-05-01', by: 'csm' },
    ])
    const lines = await store.qbrLines(company, ['T1', 'T2'], ['2026-Q4', '2026-Q3'], undefined, 1)
    expect(lines).toEqual([
      { account: 'a', tier: 'T1', csm: 'csm', ae: 'ae', held: ['2026-Q3'], lastHeldOn: '2026-09-01' },
    ])
    expect(await store.qbrLines(company, ['T1', 'T2'], ['2026-Q3'], 'a', 9)).toMatchObject([
      { account: 'b', held: [] },
    ])
    expect(await store.qbrCompletion(company, '2026-Q3')).toEqual([
      { tier: 'T1', accounts: 1, held: 1 },
      { tier: 'T2', accounts: 1, held: 0 },
    ])
  })

  it('qbrs.csv is taken, and each bad row is refused by itself', async () => {
    const files = folder()
    try {
      const path = files.write(
        'qbrs.csv',
        csv(
          'account,quarter,held_on',
          'a,2026-Q3,2026-09-10',
          'a,2026q2,2026-05-02',
          'nobody,2026-Q3,2026-09-10',
          'a,2026-Q5,2026-09-10',
          'a,2026-Q4,2026-11-21',
          'a,2025-Q3,2026-09-10',
          'a,2026-Q3,2026-09-11',
        ),
      )
      await add(customer('a', '2026-12-01'))
      const take = async (skipBad: boolean) =>
        runImport(store, await planFiles([path]), { company, now: () => now, skipBad })
      const refused = await take(false)
      expect(refused.outcome).toBe('refused')
      expect(await store.qbrsOf(company, 'a', 9)).toEqual([])
      const report = await take(true)
      const lines = report.problems.map(problemLine).join('\n')
      expect(lines).toMatch(/:4 .*nobody/)
      expect(lines).toMatch(/:5 .*“2026-Q5” is not a quarter such as 2026-Q3/)
      expect(lines).toMatch(/:6 .*lies ahead/)
      expect(lines).toMatch(
        /:7 .*2026-09-10 is not in or near 2025-Q3, which runs from 2025-07-01 to 2025-09-30/,
      )
      expect(lines).toMatch(/:8 .*comes once/)
      expect(report.problemCount).toBe(5)
      expect(await store.qbrsOf(company, 'a', 9)).toMatchObject([
        { quarter: '2026-Q3', heldOn: '2026-09-10', by: 'import' },
        { quarter: '2026-Q2', heldOn: '2026-05-02' },
      ])
    } finally {
      files.remove()
    }
  })
})
