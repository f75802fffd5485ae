import type { DataStore } from '../../data/store.ts'
import type { NudgeReads } from '../../src/ports/nudge.ts'
import { nudge } from './nudge-world.ts'
import { at, change } from './world.ts'

const day = '2026-10-01'

/** Nudges, the message they stand in, its delivery of unknown outcome, counts and preferences: equal but for their own. */
export async function seedNudges(store: DataStore, company: string, own: string): Promise<void> {
  await store.commit(
    change(company, {
      save: [
        {
          noun: 'nudge',
          next: nudge('N-1', { subject: { noun: 'deal', id: 'D2' }, cycle: own }),
          expect: 'new',
        },
        {
          noun: 'nudge',
          next: nudge('N-2', {
            subject: { noun: 'deal', id: 'D2' },
            cycle: `${own} later`,
            status: 'muted',
            answered: { by: 'ae', at, how: 'muted', reason: own },
          }),
          expect: 'new',
        },
        {
          noun: 'nudge-bundle',
          next: {
            id: 'B-1',
            ear: { person: 'ae' },
            at,
            items: [
              { nudge: 'N-1', as: 'owner' },
              { nudge: own, as: 'copy' },
            ],
          },
        },
        { noun: 'nudge-count', ear: 'person:ae', day, expect: 0, add: company === 'left' ? 3 : 4 },
        {
          noun: 'nudge-preferences',
          person: 'ae',
          next: { off: [], place: 'dm', pace: 'at-once', from: own },
        },
      ],
      deliveries: [
        {
          kind: 'nudge',
          card: own,
          subject: { noun: 'nudges', id: 'B-1' },
          audience: { person: 'ae' },
          once: 'nudges:B-1',
        },
      ],
    }),
  )
  await store.database.transact((trx) =>
    trx
      .updateTable('deliveries')
      .set({ state: 'unknown' })
      .where('company_id', '=', company)
      .where('once_key', '=', 'nudges:B-1')
      .execute(),
  )
}

/** Every reading of nudges, over one company. */
export const nudges: Readonly<
  Record<keyof NudgeReads, (store: DataStore, company: string, own: string) => unknown>
> = {
  nudge: (store, company) => store.nudge(company, 'N-1'),
  nudgesById: (store, company) => store.nudgesById(company, ['N-1', 'N-2']),
  nudgesOn: (store, company, own) =>
    store.nudgesOn(company, 'stalled', [{ subject: { noun: 'deal', id: 'D2' }, cycle: own }]),
  openNudgesOn: (store, company) => store.openNudgesOn(company, { noun: 'deal', id: 'D2' }),
  standingNudges: (store, company) => store.standingNudges(company, 'stalled', '', 10),
  nudgeBundle: (store, company) => store.nudgeBundle(company, 'B-1'),
  nudgesOf: (store, company) => store.nudgesOf(company, 'ae', { status: 'open' }, 10),
  dueNudges: async (store, company) =>
    (await store.dueNudges(at + 1e12, 10)).filter((each) => each.company === company),
  nudgeCounts: (store, company) => store.nudgeCounts(company, [{ ear: 'person:ae', day }]),
  nudgePreferences: (store, company) => store.nudgePreferences(company),
  nudgeTallies: (store, company) => store.nudgeTallies(company, 0, at + 1e12),
  mutedNudges: (store, company) => store.mutedNudges(company, 0, at + 1e12, 10),
  unsureDeliveries: (store, company) => store.unsureDeliveries(company, 'ae', 0),
  platformsOf: (store, company) => store.platformsOf(company),
}
