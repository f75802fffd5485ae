import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { upsertPeople } from '../../data/people.ts'
import type { DataStore } from '../../data/store.ts'
import { runNudges } from '../../schedules/nudge-run.ts'
import { at, change, person, settle } from '../data/world.ts'
import { Causes, cause } from '../support/causes.ts'
import { freshStore } from '../support/databases.ts'

// What a run of the minute costs: nothing of people is read before something is found, and then of those concerned.

describe('a run that looks every minute', () => {
  const causes = new Causes(['stalled'])
  let store: DataStore
  let close: () => Promise<void>
  let read: { what: string; of: unknown[] }[]

  beforeEach(async () => {
    ;({ store, close } = await freshStore('sqlite', { clock: { now: () => at } }))
    await settle(store, 'one')
    const people = ['p1', 'p2', 'p3'].map((id) => person(id, { manager: 'manager' }))
    await store.database.transact((trx) => upsertPeople(trx, 'one', people, at))
    await store.commit(
      change('one', {
        save: [...people.map(({ id }) => id), 'manager'].map((id) => ({
          noun: 'identity' as const,
          platform: 'slack' as const,
          tenant: 'T-one',
          user: `U-${id}`,
          person: id,
        })),
      }),
    )
    read = []
  })
  afterEach(() => close())

  const run = () => {
    const watched = new Proxy(store, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return (...given: unknown[]) => {
          read.push({ what: String(name), of: given })
          return method.apply(target, given)
        }
      },
    })
    return runNudges(
      { store: watched, now: at, company: 'one', slot: '2026-10-01', dryRun: false },
      ['stalled'],
      causes.rules,
    )
  }
  const reads = () => [...new Set(read.map(({ what }) => what))].sort()
  const counted = () =>
    read.flatMap(({ what, of }) => (what === 'nudgeCounts' ? (of[1] as { ear: string }[]) : []))

  it('reads of people nothing where nothing is found', async () => {
    causes.set()
    expect(await run()).toEqual([])
    expect(reads()).toEqual(['org', 'policy', 'standingNudges'])
  })

  it('reads what was told today of those who are to hear, once each', async () => {
    causes.set(cause('D1', { owner: 'p1' }), cause('D2', { owner: 'p1', alsoTell: ['manager'] }))
    expect(await run()).toHaveLength(3)
    const ears = counted().map(({ ear }) => ear)
    expect(new Set(ears)).toEqual(new Set(['person:p1', 'person:manager']))
    // Once to choose, once more in the transaction that tells each of them.
    expect(ears).toHaveLength(4)
  })

  it('keeps to the budget of somebody who is found late in a long stream', async () => {
    const many = Array.from({ length: 510 }, (_, n) => cause(`D${n}`, { owner: 'p1', weight: n }))
    causes.set(...many, ...Array.from({ length: 9 }, (_, n) => cause(`L${n}`, { owner: 'p2' })))
    const lines = await run()
    const told = (who: string) => lines.filter(({ to }) => to.includes(who)).length
    expect([told('p1'), told('p2'), told('p3')]).toEqual([5, 5, 0])
    causes.set(cause('late', { owner: 'p2', cycle: 'another', weight: 999 }))
    expect(await run()).toEqual([])
  })
})
