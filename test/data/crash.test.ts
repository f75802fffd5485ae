import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStore } from '../../data/store.ts'
import { type Program, program } from '../support/child.ts'
import { engines, freshPlace } from '../support/databases.ts'
import { change, opened, request, settle } from './world.ts'

const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3

/** How often the committing process is killed, and after how many decisions, each time another number. */
const kills = [0, 1, 7, 40, 23]

const contested = 500

describe.each(engines)('processes on %s', (engine) => {
  let committer: Program
  let racer: Program
  beforeAll(async () => {
    ;[committer, racer] = await Promise.all([
      program('test/data/committer.ts'),
      program('test/data/racer.ts'),
    ])
  })
  afterAll(() => {
    committer.remove()
    racer.remove()
  })

  it('B5.65 B5.66 kill −9 in the middle of commits loses no decision and leaves none without its outbox row', async () => {
    const place = await freshPlace(engine)
    const first = await createStore({ url: place.url })
    await settle(first, 'acme')
    await first.close()
    const reported: string[] = []
    for (const [round, after] of kills.entries()) {
      const running = committer.start(place.url, `round${round}`)
      let seen = 0
      for await (const id of running.lines) {
        reported.push(id)
        if (seen++ === after) running.process.kill('SIGKILL')
      }
      expect(await running.ended).toMatchObject({ signal: 'SIGKILL' })
    }

    const store = await createStore({ url: place.url })
    const { read } = store.database
    const decided = (await read.selectFrom('discount_requests').select('id').execute()).map((row) => row.id)
    const owed = (await read.selectFrom('deliveries').select('subject_id').execute()).map(
      (row) => row.subject_id,
    )
    const audited = (
      await read.selectFrom('audit').select('subject').where('what', '=', 'discount.approved').execute()
    ).map((row) => row.subject)
    const keys = (await read.selectFrom('once_keys').select('key').execute()).map((row) => row.key)
    expect(decided).toEqual(expect.arrayContaining(reported))
    expect(reported.length).toBeGreaterThan(kills.reduce((sum, each) => sum + each, 0))
    for (const other of [owed, audited, keys]) expect([...other].sort()).toEqual([...decided].sort())
    expect((await store.verifyAudit('acme'))[0]).not.toHaveProperty('broken')
    await store.close()
    if (engine === 'sqlite') {
      const file = new Sqlite(place.url.slice('file:'.length))
      expect(file.pragma('integrity_check', { simple: true })).toBe('ok')
      file.close()
    }
    await place.remove()
  }, 60_000)

  it(`B5.2 four processes race for ${contested} requests: each is decided exactly once`, async () => {
    const place = await freshPlace(engine)
    const store = await createStore({ url: place.url })
    await settle(store, 'acme')
    const ids = Array.from({ length: contested }, (_, i) => `N${i}`)
    for (let i = 0; i < contested; i += 500) {
      await store.commit(
        change('acme', {
          save: ids.slice(i, i + 500).map((id) => opened(request(id, { deal: id }), { waiting: [] })),
        }),
      )
    }
    const racers = ['a', 'b', 'c', 'd'].map((who) => racer.start(place.url, who, String(contested)))
    const won = await Promise.all(
      racers.map(async (running) => {
        let answer = ''
        for await (const line of running.lines) answer = line
        const { code, stderr } = await running.ended
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        return Number(answer)
      }),
    )
    expect(won.reduce((sum, each) => sum + each, 0)).toBe(contested)
    const [verdict] = await store.verifyAudit('acme')
    expect(verdict).toMatchObject({ company: 'acme' })
    expect(verdict).not.toHaveProperty('broken')
    const { lines } = await store.database.read
      .selectFrom('audit')
      .select((eb) => eb.fn.countAll<number>().as('lines'))
      .where('what', '=', 'discount.approved')
      .executeTakeFirstOrThrow()
    expect(lines).toBe(contested)
    await store.close()
    await place.remove()
  }, 120_000)
})
