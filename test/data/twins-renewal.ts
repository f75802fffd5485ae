import type { DataStore } from '../../data/store.ts'
import type { RenewalReads } from '../../src/ports/renewal.ts'
import { account, at, change, krw } from './world.ts'

const renewalOn = '2026-12-01'
const range = { from: '2026-01-01', to: '2027-12-31' }

/** A renewal that is ahead, one that has ended, and a QBR: equal in both companies but for what is each one's own. */
export async function seedRenewals(store: DataStore, company: string, own: string): Promise<void> {
  const customer = { csm: 'csm', ae: 'ae', tier: 'T1', arr: krw(company === 'left' ? 411 : 422) } as const
  const done = { account: 'A-R', renewalOn, undone: [], version: 1 }
  await store.commit(
    change(company, {
      save: [
        { noun: 'account', next: account('A-R', { ...customer, name: own, renewalOn }), expect: 'new' },
        {
          noun: 'renewal',
          next: { ...done, done: [{ day: 90, by: own, at, note: own }] },
          expect: 'new',
        },
        {
          noun: 'renewal',
          next: {
            ...done,
            renewalOn: '2025-12-01',
            done: [],
            outcome: {
              kind: 'renewed',
              by: own,
              at,
              on: '2026-10-01',
              before: { renewalOn: '2025-12-01' },
              after: { renewalOn, arr: customer.arr },
            },
          },
          expect: 'new',
        },
        {
          noun: 'qbr',
          next: { account: 'A-R', quarter: '2026-Q3', heldOn: '2026-08-01', by: own, notes: own },
        },
      ],
    }),
  )
}

/** Every reading of renewals and QBRs, over one company. */
export const renewals: Readonly<Record<keyof RenewalReads, (store: DataStore, company: string) => unknown>> =
  {
    renewal: (store, company) => store.renewal(company, 'A-R', renewalOn),
    renewalsOf: (store, company) => store.renewalsOf(company, 'A-R', 10),
    renewalsAhead: async (store, company) => [
      await store.renewalsAhead(company, { all: true }, range, 10),
      await store.renewalsAhead(company, { all: false, owners: ['ae'], csm: 'csm' }, range, 10),
    ],
    renewalSums: (store, company) => store.renewalSums(company, { all: true }, range),
    renewalsSettled: (store, company) => store.renewalsSettled(company, { all: true }, '2026-01-01', 10),
    qbrsOf: (store, company) => store.qbrsOf(company, 'A-R', 10),
    qbrLines: (store, company) => store.qbrLines(company, ['T1'], ['2026-Q3'], undefined, 10),
    qbrCompletion: (store, company) => store.qbrCompletion(company, '2026-Q3'),
  }
