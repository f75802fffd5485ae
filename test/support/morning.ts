import type { DataStore } from '../../data/store.ts'
import { schedules } from '../../schedules/index.ts'
import { isLocal, latestSlots } from '../../schedules/run.ts'
import { nudgeKinds } from '../../src/canon/nudge.ts'

/** The slots of this morning have run, somewhere and by somebody: nothing is caught up at the start. */
export async function morningIsOver(store: DataStore, now: number): Promise<void> {
  for (const { id } of await store.companies()) {
    const org = await store.org(id)
    for (const schedule of schedules) {
      if (!isLocal(schedule.when)) continue
      for (const { name, slot } of latestSlots(schedule.name, schedule.when, org, now))
        if (await store.takeSlot(name, id, slot.day, 60_000)) await store.finishSlot(name, id, slot.day)
    }
  }
}

/** Companies that do without nudges: for tests that count every message. */
export async function nobodyNudges(store: DataStore): Promise<void> {
  for (const { id: company } of await store.companies()) {
    const policy = await store.policy(company)
    const next = {
      ...policy,
      version: policy.version + 1,
      nudges: { ...policy.nudges, off: nudgeKinds },
    }
    const { outcome } = await store.commit({
      company,
      save: [{ noun: 'policy', next, expect: policy.version }],
      audit: [],
      deliveries: [],
    })
    if (outcome !== 'committed') throw new Error(`The policy of ${company} could not be set: ${outcome}`)
  }
}
