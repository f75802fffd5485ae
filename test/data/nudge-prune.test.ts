import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataStore } from '../../data/store.ts'
import { addDays, localDate } from '../../src/canon/calendar.ts'
import type { Nudge, NudgeStatus } from '../../src/canon/nudge.ts'
import type { NudgeSave } from '../../src/ports/nudge.ts'
import { engines, freshStore } from '../support/databases.ts'
import { nudge } from './nudge-world.ts'
import { at, change, settle } from './world.ts'

const day = 86_400_000

describe.each(engines)('nudges of long ago on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => at } }))
    await settle(store, 'one')
    await settle(store, 'two')
  })
  afterAll(() => close())

  const save = (company: string, ...saves: NudgeSave[]) => store.commit(change(company, { save: saves }))
  const raised = (company: string, id: string, daysAgo: number, status: NudgeStatus) => {
    const next: Nudge = nudge(id, { subject: { noun: 'deal', id }, status, raisedAt: at - daysAgo * day })
    return save(company, { noun: 'nudge', next, expect: 'new' })
  }
  const told = (company: string, id: string, daysAgo: number, ...nudges: string[]) =>
    save(company, {
      noun: 'nudge-bundle',
      next: {
        id,
        ear: { person: 'ae' },
        at: at - daysAgo * day,
        items: nudges.map((each) => ({ nudge: each, as: 'owner' })),
      },
    })
  const counted = (company: string, daysAgo: number) =>
    save(company, {
      noun: 'nudge-count',
      ear: 'person:ae',
      day: addDays(localDate(at, 'UTC'), -daysAgo),
      expect: 0,
      add: 1,
    })
  const rows = async (table: 'nudge_counts' | 'nudge_bundle_items') =>
    (await store.database.read.selectFrom(table).select('company_id').execute()).length

  it('go when they are settled and over a year old; what stands, sleeps or is muted stays for ever', async () => {
    for (const company of ['one', 'two']) {
      for (const status of ['open', 'snoozed', 'muted', 'done', 'gone'] as const)
        await raised(company, `${status}-old`, 401, status)
      await raised(company, 'done-young', 399, 'done')
    }
    expect(await store.prune()).toMatchObject({ nudges: 4 })
    for (const company of ['one', 'two']) {
      const left = ['open', 'snoozed', 'muted', 'done', 'gone'].map((status) => `${status}-old`)
      const found = await store.nudgesById(company, [...left, 'done-young'])
      expect(found.map(({ id }) => id).sort()).toEqual(['done-young', 'muted-old', 'open-old', 'snoozed-old'])
    }
    expect(await store.prune()).toMatchObject({ nudges: 0 })
  })

  it('messages go when their buttons are out of date, and take along what they held alone', async () => {
    await raised('one', 'held', 10, 'open')
    await told('one', 'old', 121, 'held')
    await told('one', 'young', 119, 'held')
    expect(await rows('nudge_bundle_items')).toBe(2)
    expect(await store.prune()).toMatchObject({ nudgeMessages: 1 })
    expect(await store.nudgeBundle('one', 'old')).toBeUndefined()
    expect(await store.nudgeBundle('one', 'young')).toBeDefined()
    expect(await rows('nudge_bundle_items')).toBe(1)
  })

  it('a nudge that goes leaves no trace in the messages that stay', async () => {
    await raised('one', 'slow', 401, 'gone')
    await told('one', 'late', 5, 'slow', 'held')
    expect(await store.prune()).toMatchObject({ nudges: 1, nudgeMessages: 0 })
    expect(await rows('nudge_bundle_items')).toBe(2)
    expect((await store.nudgeBundle('one', 'late'))?.items).toHaveLength(2)
  })

  it('what was counted of a day goes a month later, however much there is of it', async () => {
    await counted('one', 31)
    await counted('two', 31)
    await counted('two', 29)
    const days = Array.from({ length: 600 }, (_, n) => addDays('2020-01-01', n))
    await save(
      'one',
      ...days.map((each) => ({
        noun: 'nudge-count' as const,
        ear: 'person:ae',
        day: each,
        expect: 0,
        add: 1,
      })),
    )
    expect(await store.prune()).toMatchObject({ nudgeCounts: 602 })
    expect(await rows('nudge_counts')).toBe(1)
  })
})
