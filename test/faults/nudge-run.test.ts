import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { upsertPeople } from '../../data/people.ts'
import { createStore, type DataStore } from '../../data/store.ts'
import type { NudgeBundle } from '../../src/canon/nudge.ts'
import { change, person, settle } from '../data/world.ts'
import { type Program, program } from '../support/child.ts'
import { engines, freshPlace, type Place } from '../support/databases.ts'

// kill −9 in the middle of a run, and two processes that make the same run: nobody is told anything twice, nobody is
// left out, and nobody hears more than a day's budget (B5.68, B5.78).

const now = Date.parse('2026-10-01T10:00:00+09:00')
const owners = ['ae', 'p1', 'p2', 'p3']
let runner: Program

beforeAll(async () => {
  runner = await program('test/faults/nudge-runner.ts')
}, 60_000)
afterAll(() => runner?.remove())

describe.each(engines)('a run of nudges on %s', (engine) => {
  let place: Place
  let store: DataStore

  beforeEach(async () => {
    place = await freshPlace(engine)
    store = await createStore({ url: place.url, clock: { now: () => now } })
    await settle(store, 'one')
    const people = owners.slice(1).map((id) => person(id, { manager: 'manager' }))
    await store.database.transact((trx) => upsertPeople(trx, 'one', people, now))
    await store.commit(
      change('one', {
        save: [...owners.slice(1), 'manager'].map((id) => ({
          noun: 'identity' as const,
          platform: 'slack' as const,
          tenant: 'T-one',
          user: `U-${id}`,
          person: id,
        })),
      }),
    )
  })
  afterEach(async () => {
    await store.close()
    await place.remove()
  })

  const start = (killAt = '') => runner.start(place.url, String(now), owners.join(','), killAt)
  async function finished(killAt = ''): Promise<void> {
    const { code, stderr } = await start(killAt).ended
    expect(stderr).toBe('')
    expect(code).toBe(0)
  }

  /** What each person has been told, message by message. */
  async function told(): Promise<Record<string, string[]>> {
    const { rows } = await sql<{ ear: string; body: string }>`
      select b.ear, b.body from nudge_bundles b
      join deliveries d on d.company_id = b.company_id and d.subject_id = b.id and d.subject_noun = 'nudges'
      order by b.ear, b.id`.execute(store.database.read)
    const all: Record<string, string[]> = {}
    for (const { ear, body } of rows) {
      const { items } = JSON.parse(body) as NudgeBundle
      const nudges = await store.nudgesById(
        'one',
        items.map((item) => item.nudge),
      )
      const subjects = nudges.map(({ subject }) => subject.id).sort()
      all[ear] = [...(all[ear] ?? []), subjects.join(' ')]
    }
    return all
  }
  const whole = {
    'person:ae': ['ae-2 ae-3 ae-4 ae-5 ae-6'],
    'person:manager': ['ae-6 p1-6 p2-6 p3-6'],
    'person:p1': ['p1-2 p1-3 p1-4 p1-5 p1-6'],
    'person:p2': ['p2-2 p2-3 p2-4 p2-5 p2-6'],
    'person:p3': ['p3-2 p3-3 p3-4 p3-5 p3-6'],
  }

  const points = engine === 'sqlite' ? [1, 3, 5] : [2]
  it.each(points.flatMap((n) => [`before:${n}`, `after:${n}`]))(
    'B5.68 killed %s of its commits, it goes on where it stopped: each is told once',
    { timeout: 60_000 },
    async (killAt) => {
      expect((await start(killAt).ended).signal).toBe('SIGKILL')
      const half = await told()
      for (const [ear, messages] of Object.entries(half)) expect(whole).toHaveProperty([ear], messages)
      expect(Object.keys(half)).toHaveLength(
        Number(killAt.split(':')[1]) - (killAt.startsWith('before') ? 1 : 0),
      )
      await finished()
      expect(await told()).toEqual(whole)
      await finished()
      expect(await told()).toEqual(whole)
    },
  )

  it('B5.78 two processes make the same run: everybody has one message', { timeout: 60_000 }, async () => {
    await Promise.all([finished(), finished()])
    expect(await told()).toEqual(whole)
    const counts = await store.nudgeCounts(
      'one',
      Object.keys(whole).map((ear) => ({ ear, day: '2026-10-01' })),
    )
    expect([...counts.values()].sort()).toEqual([4, 5, 5, 5, 5])
  })
})
