import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, StorageFull } from '../../data/database.ts'
import { openSqlite } from '../../data/sqlite.ts'
import { type DataStore, storeOn } from '../../data/store.ts'
import { by, change, company, line, opened, request } from './world.ts'

const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3

let folder = ''
let file = ''
let database: Database
let store: DataStore
let writer: BetterSqlite3.Database
/** How often the writing connection has waited for the disk. */
let commits = 0
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dealdesk-together-'))
  file = join(folder, 'test.db')
  database = openSqlite({
    file,
    onWriter: (connection) => {
      writer = connection
      const { prepare } = connection
      connection.prepare = ((text: string) => {
        const statement = prepare.call(connection, text)
        if (text !== 'commit') return statement
        const run = statement.run.bind(statement) as (...given: unknown[]) => BetterSqlite3.RunResult
        statement.run = (...given: unknown[]) => {
          commits += 1
          return run(...given)
        }
        return statement
      }) as typeof prepare
    },
  })
  store = await storeOn(database, {})
  await store.addCompany(company('acme'), by)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const decision = (id: string, over: { deal?: string; reason?: string } = {}) =>
  change('acme', {
    save: [opened(request(id, { deal: over.deal ?? id, reason: over.reason ?? 'why' }))],
    audit: [line('discount.requested', { subject: { noun: 'discount', id } })],
    once: { key: id, fingerprint: id, reply: { of: id } },
  })

const ids = Array.from({ length: 40 }, (_, at) => `R${at}`)

describe('transactions that wait for the disk together', () => {
  it('every one of many at once is kept, and found by another process when it is answered', async () => {
    const other = new Sqlite(file, { readonly: true })
    const found = other.prepare('select count(*) from discount_requests where id = ?').pluck()
    const answers = await Promise.all(
      ids.map(async (id) => ({ ...(await store.commit(decision(id))), seen: found.get(id) })),
    )
    other.close()
    expect(answers).toEqual(ids.map(() => ({ outcome: 'committed', seen: 1 })))
    expect((await store.verifyAudit('acme'))[0]).not.toHaveProperty('broken')
  })

  it('those who come in one turn of the loop share one commit, also when none of them waited for another', async () => {
    const before = commits
    const first = store.commit(decision('R1'))
    // By then the first has run all its statements, and only the disk is left.
    for (let step = 0; step < 500; step++) await Promise.resolve()
    const second = store.commit(decision('R2'))
    for (let step = 0; step < 500; step++) await Promise.resolve()
    expect(await store.discount('acme', 'R1')).toBeUndefined()
    expect(await Promise.all([first, second])).toEqual([{ outcome: 'committed' }, { outcome: 'committed' }])
    expect(commits - before).toBe(1)
    expect(await store.discount('acme', 'R2')).toBeDefined()
  })

  it('one that fails takes nothing of the others along', async () => {
    const failing = new Set(['R3', 'R17'])
    const outcomes = await Promise.allSettled(
      ids.map((id) =>
        database.transact(async (trx) => {
          await trx.insertInto('settings').values({ key: id, value: 'x' }).execute()
          if (failing.has(id)) throw new Error(`no ${id}`)
        }),
      ),
    )
    expect(outcomes.filter((outcome) => outcome.status === 'rejected')).toHaveLength(2)
    const kept = await database.read.selectFrom('settings').select('key').where('key', 'like', 'R%').execute()
    expect(kept.map((row) => row.key).sort()).toEqual(ids.filter((id) => !failing.has(id)).sort())
  })

  it('whoever loses to another part of the same commit learns it when that part can be read', async () => {
    const rivals = ids.map((id) => decision(id, { deal: 'one-deal' }))
    const outcomes = await Promise.all(
      rivals.map(async (rival) => {
        const { outcome } = await store.commit(rival)
        return { outcome, open: (await store.openDiscount('acme', 'one-deal')) !== undefined }
      }),
    )
    expect(outcomes.filter(({ outcome }) => outcome === 'committed')).toHaveLength(1)
    expect(outcomes.every(({ open }) => open)).toBe(true)
  })

  it('B5.71 when the disk is full nobody of those who share a commit is told that it was saved', async () => {
    const pages = writer.pragma('page_count', { simple: true }) as number
    writer.pragma(`max_page_count = ${pages + 3}`)
    const outcomes = await Promise.allSettled(
      ids.map((id) => store.commit(decision(id, { reason: 'x'.repeat(9_000) }))),
    )
    const saved = ids.filter((_, at) => outcomes[at]!.status === 'fulfilled')
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(refused.length).toBeGreaterThan(0)
    for (const reason of refused) expect(reason).toBeInstanceOf(StorageFull)
    const kept = await database.read.selectFrom('discount_requests').select('id').execute()
    expect(kept.map((row) => row.id).sort()).toEqual(saved.sort())
    writer.pragma('max_page_count = 1000000')
    expect(await store.commit(decision('later'))).toEqual({ outcome: 'committed' })
    expect((await store.verifyAudit('acme'))[0]).not.toHaveProperty('broken')
  })

  it('B5.74 a decision waits for the disk whatever came before it; what is made again after a loss does not', async () => {
    const level = () => writer.pragma('synchronous', { simple: true })
    const during: [boolean, unknown][] = []
    const write = (durable: boolean) =>
      database.transact(
        async () => {
          during.push([durable, level()])
        },
        { durable },
      )
    await write(false)
    await write(true)
    await Promise.all([write(false), write(true), write(false)])
    expect(during.filter(([durable]) => durable)).toEqual([
      [true, 2],
      [true, 2],
    ])
    expect(during[0]).toEqual([false, 1])
  })
})
