import type { DataStore } from '../../data/store.ts'
import type { CustomerReads } from '../../src/ports/customers.ts'
import { account, at, change, handoff, krw } from './world.ts'

const range = ['2026-01-01', '2027-12-31'] as const

/** A red customer with a renewal, a snapshot and a change of grade: equal but for what is each company's own. */
export async function seedCustomers(store: DataStore, company: string, own: string): Promise<void> {
  const score = company === 'left' ? 311 : 322
  const red = {
    account: 'A-K',
    version: 1,
    score,
    grade: 'critical',
    since: '2026-05-01',
    computedAt: at,
    rules: own,
  } as const
  const customer = { csm: 'keeper', arr: krw(score), renewalOn: '2026-11-01', name: own }
  const outcome = {
    kind: 'contraction',
    by: own,
    at,
    on: '2026-10-01',
    before: { renewalOn: '2025-11-01', arr: krw(score * 2) },
    after: { renewalOn: '2026-11-01', arr: krw(score) },
  } as const
  await store.commit(
    change(company, {
      save: [
        { noun: 'account', next: account('A-K', customer), expect: 'new' },
        { noun: 'account', next: account('A-L', { csm: 'keeper', name: own }), expect: 'new' },
        {
          noun: 'health',
          next: red,
          expect: 'new',
          change: { account: 'A-K', at, on: '2026-05-01', from: 'at-risk', to: 'critical', score },
        },
        {
          noun: 'renewal',
          next: { account: 'A-K', renewalOn: '2025-11-01', version: 1, undone: [], done: [], outcome },
          expect: 'new',
        },
        {
          noun: 'handoff',
          next: handoff('H-K', {
            kind: 'cs-to-ae',
            account: 'A-K',
            sender: 'keeper',
            receiver: 'ae',
            items: { pain: own },
          }),
          expect: 'new',
          waiting: [],
        },
        {
          noun: 'customer-snapshot',
          cells: [
            {
              csm: 'keeper',
              takenOn: '2026-05-04',
              grade: 'critical',
              currency: 'KRW',
              accounts: score,
              arr: score,
            },
          ],
        },
      ],
    }),
  )
}

/** Every reading of customers, over one company. */
export const customers: Readonly<
  Record<keyof CustomerReads, (store: DataStore, company: string) => unknown>
> = {
  customerCells: (store, company) => store.customerCells(company, ['keeper', 'csm']),
  customerSnapshot: (store, company) => store.customerSnapshot(company, ['keeper'], ...range),
  criticalAccounts: (store, company) => store.criticalAccounts(company, ['keeper'], 5),
  renewalsOfCsms: (store, company) => store.renewalsOfCsms(company, ['keeper'], ...range),
  gradeMoves: (store, company) => store.gradeMoves(company, 0, at + 1),
  settledRenewals: (store, company) => store.settledRenewals(company, ...range),
  customerHandoffs: (store, company) => store.customerHandoffs(company, 0),
}
