import { randomUUID } from 'node:crypto'
import { expansionOf, recentlySince } from '../handlers/expansion.ts'
import type { ScheduleLine, TaskSchedule } from './schedule.ts'

const cap = 500

/**
 * Looks through the customers somebody spoke with lately for what speaks of growth, and drafts a CS→AE handoff for the
 * CSM (Canon, Nudges: expansion signal). A department is told once; one draft of an account is under way at a time.
 */
export const expansionSignals: TaskSchedule = {
  name: 'expansion-signals',
  when: { every: 'hour' },
  graceHours: 0,
  audience: 'the CSM of the account',
  cap,
  run: async (desk) => {
    const { store, now } = desk
    const lines: ScheduleLine[] = []
    for (const { company, id } of await store.accountsInContact(recentlySince(now), now, cap)) {
      if (desk.company && company !== desk.company) continue
      const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
      const found = await expansionOf({ store, company, now, org, policy, newId: randomUUID }, id)
      if (!found) continue
      if (!desk.dryRun) {
        const commit = await store.commit({ company, ...found.part })
        if (commit.outcome !== 'committed') continue
      }
      lines.push({ company, subject: id, what: 'expansion handoff drafted', to: [found.csm] })
    }
    return lines
  },
}
