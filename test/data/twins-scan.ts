import type { DataStore } from '../../data/store.ts'
import { meddiccFields } from '../../src/canon/opportunity.ts'
import type { ScanReads } from '../../src/ports/scan.ts'
import { account, activity, addDeals, at, change, contact, deal, lead } from './world.ts'

const day = 86_400_000

/** What the nightly walks find in a company; `own` is what no other company may see. */
export async function seedScans(store: DataStore, company: string, own: string): Promise<void> {
  await store.commit(
    change(company, {
      save: [
        { noun: 'account', next: account(own, { ae: own }), expect: 'new' },
        {
          noun: 'contact',
          next: contact(own, { account: own, name: own, role: 'champion', updatedOn: '2020-01-01' }),
          expect: 'new',
        },
        {
          noun: 'contact',
          next: contact(`${own}-gone`, { account: own, name: own, leftOn: '2020-01-01' }),
          expect: 'new',
        },
        { noun: 'lead', next: lead(own, { owner: own, arrivedAt: at - day }), expect: 'new' },
        {
          noun: 'activity',
          next: activity(own, { person: own, happenedAt: at - 9 * day, loggedAt: at - day }),
        },
      ],
    }),
  )
  const debt = { gate: 'demo', stage: 'S3', until: '2026-12-01', reason: own, by: own, at } as const
  await addDeals(store, company, [
    deal(`${own}-1`, {
      account: own,
      owner: own,
      stageEnteredOn: '2020-01-01',
      expectedCloseOn: '2020-01-01',
      meddicc: { champion: own },
      gateDebt: [debt],
    }),
    deal(`${own}-2`, { account: own, owner: own, championLeft: { contact: `${own}-gone`, said: own } }),
  ])
}

const all = async (pages: AsyncIterable<unknown>): Promise<unknown[]> => {
  const found: unknown[] = []
  for await (const page of pages) found.push(page)
  return found
}

/** Every walk, for one company; `own` is its name in what was seeded. */
export const scans: {
  [K in keyof ScanReads]: (store: DataStore, company: string, own: string) => unknown
} = {
  stalledDeals: (store, company) => all(store.stalledDeals(company, '2026-01-01')),
  pastCloseDeals: (store, company) => all(store.pastCloseDeals(company, '2026-01-01')),
  meddiccGaps: (store, company) => all(store.meddiccGaps(company, { S4: meddiccFields })),
  owingDeals: (store, company) => all(store.owingDeals(company)),
  championDeals: (store, company) => all(store.championDeals(company)),
  championDealsAt: (store, company) => store.championDealsAt(company, ['only-left', 'only-right']),
  leftChampions: (store, company) => all(store.leftChampions(company)),
  accountsLeft: (store, company) => all(store.accountsLeft(company, '2026-01-01')),
  untouchedLeads: (store, company) => all(store.untouchedLeads(company, at - 9 * day, at)),
  oldUntouchedLeads: (store, company) => store.oldUntouchedLeads(company, at),
  oldUntouchedLeadsOf: (store, company, own) => store.oldUntouchedLeadsOf(company, own, at, 10),
  lateActivities: (store, company) => store.lateActivities(company, at - 9 * day, at, day),
  lateActivitiesOf: (store, company, own) => store.lateActivitiesOf(company, own, at - 9 * day, at, day, 10),
  staleContacts: (store, company) => store.staleContacts(company, '2026-01-01'),
  staleContactsOf: (store, company, own) => store.staleContactsOf(company, own, '2026-01-01', 10),
}
