import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { restore } from '../../data/backup.ts'
import { type Database, StorageError, StorageFull, StorageRefused, type Tx } from '../../data/database.ts'
import type { saveDiscount } from '../../data/discount.ts'
import { migrate } from '../../data/migrate.ts'
import { migrations } from '../../data/migrations/index.ts'
import { openSqlite, refuseDriverVersion } from '../../data/sqlite.ts'
import { createStore, storeOn } from '../../data/store.ts'
import { at, by, change, company, line, opened, request, settle } from './world.ts'

const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3

let folder = ''
let file = ''
let url = ''
const cleanup: (() => Promise<unknown>)[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dealdesk-files-'))
  file = join(folder, 'test.db')
  url = `file:${file}`
})
afterEach(async () => {
  for (const undo of cleanup.splice(0).reverse()) await undo()
  rmSync(folder, { recursive: true, force: true })
})

async function openStore(at_ = url) {
  const store = await createStore({ url: at_ })
  cleanup.push(() => store.close())
  return store
}

const refusal = async (opening: Promise<unknown>): Promise<string> => {
  const error = await opening.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StorageRefused)
  return (error as Error).message
}

describe('opening a file', () => {
  it('B5.74 commits survive a power failure: WAL with synchronous=FULL, foreign keys on', async () => {
    let found: unknown[] = []
    const database = openSqlite({
      file,
      onWriter: (connection) => {
        found = ['journal_mode', 'synchronous', 'foreign_keys'].map((name) =>
          connection.pragma(name, { simple: true }),
        )
      },
    })
    await database.close()
    expect(found).toEqual(['wal', 2, 1])
  })

  it.each([
    ['text', 'this is not a database, it is a letter to the database\n'.repeat(50)],
    ['zeroes', '\0'.repeat(8_192)],
  ])(
    'B5.72 a file that is no database (%s) is refused with its path and the restore command, and left as it is',
    async (_what, content) => {
      writeFileSync(file, content)
      const message = await refusal(createStore({ url }))
      expect(message).toContain(file)
      expect(message).toContain('npm run dealdesk -- restore BACKUP-FILE')
      expect(readFileSync(file, 'latin1')).toBe(content)
    },
  )

  it('B5.72 a database whose end is missing is refused', async () => {
    await (await createStore({ url })).close()
    truncateSync(file, 100_000)
    expect(await refusal(createStore({ url }))).toMatch(/end is missing.*restore BACKUP-FILE/s)
  })

  it('B5.72 a journal without its database is a lost database, not a new one', async () => {
    writeFileSync(`${file}-wal`, 'journal')
    expect(await refusal(createStore({ url }))).toMatch(/test\.db is gone.*restore BACKUP-FILE/s)
    expect(existsSync(file)).toBe(false)
  })

  it('B5.73 a missing folder is said, and made only for the default place', async () => {
    const deep = join(folder, 'no', 'such', 'test.db')
    expect(await refusal(createStore({ url: `file:${deep}` }))).toContain(join(folder, 'no', 'such'))
    expect(existsSync(join(folder, 'no'))).toBe(false)
    await (await createStore({ url: `file:${deep}`, makeFolder: true })).close()
    expect(existsSync(deep)).toBe(true)
  })

  it('B5.73 a place that cannot be written is refused with what to do', async () => {
    // Root may write anywhere a permission forbids; the kernel's own file system says no to everybody.
    const message = await refusal(createStore({ url: 'file:/proc/dealdesk.db' }))
    expect(message).toContain('/proc/dealdesk.db')
    expect(message).toMatch(/write access|cannot be written/)
    mkdirSync(file)
    expect(await refusal(createStore({ url }))).toContain(file)
  })

  it('an address of neither engine is refused', async () => {
    expect(await refusal(createStore({ url: 'mysql://x' }))).toBe(
      'DATABASE_URL must be file:PATH or postgres://…',
    )
  })

  it('a driver that crashes on this Node is refused before it is loaded', () => {
    expect(() => refuseDriverVersion('13.0.0', '20.19.0')).toThrow(/npm ci/)
    expect(() => refuseDriverVersion('13.0.0', '22.1.0')).not.toThrow()
    expect(() => refuseDriverVersion('12.11.1', '20.19.0')).not.toThrow()
  })
})

describe('transactions on a file', () => {
  it('reads go on while a transaction is open, and see it only when it is committed', async () => {
    const store = await openStore()
    await store.addCompany(company('acme'), by)
    await store.database.transact(async (trx) => {
      await trx.updateTable('companies').set({ name: 'changed' }).execute()
      expect((await store.companies())[0]?.name).toBe('Company acme')
    })
    expect((await store.companies())[0]?.name).toBe('changed')
  })

  it('a transaction inside a transaction is an error with the way out, not a wait for ever', async () => {
    const database = openSqlite({ file, turnMs: 50 })
    cleanup.push(() => database.close())
    await migrate(database)
    const nested = database.transact(() => database.transact(async () => 1))
    await expect(nested).rejects.toThrow(/use the transaction that was handed in/)
    expect(await database.transact(async () => 2)).toBe(2)
  })

  it('a write outside a transaction does not compile, and the reading connection refuses it', async () => {
    expectTypeOf<Parameters<typeof saveDiscount>[0]>().toEqualTypeOf<Tx>()
    expectTypeOf<Database['read']>().not.toExtend<Tx>()
    const store = await openStore()
    await expect(sql`delete from companies`.execute(store.database.read)).rejects.toThrow(/readonly/)
  })

  it('a writer of another process is waited for without holding up anybody here', async () => {
    const store = await openStore()
    await store.addCompany(company('acme'), by)
    const other = new Sqlite(file)
    other.exec('begin immediate')
    const waiting = store.addCompany(company('later'), by)
    // A read answers while the write waits: were the thread asleep in SQLite, it could not.
    expect(await store.companies()).toHaveLength(1)
    await new Promise(setImmediate)
    other.exec('commit')
    other.close()
    expect(await waiting).toBe(true)
  })

  it('B5.75 a writer that is in the way too long is an error that says to try again', async () => {
    const database = openSqlite({ file, patienceMs: 30 })
    cleanup.push(() => database.close())
    await migrate(database)
    const other = new Sqlite(file)
    other.exec('begin immediate')
    const attempt = database.transact(async () => 1)
    await expect(attempt).rejects.toMatchObject({
      trouble: 'busy',
      message: expect.stringContaining('Try again'),
    })
    other.close()
    expect(await database.transact(async () => 1)).toBe(1)
  })

  it('B5.71 on a full disk a commit fails whole, says so, and works again when there is space', async () => {
    let writer: BetterSqlite3.Database | undefined
    const database = openSqlite({
      file,
      onWriter: (connection) => {
        writer = connection
      },
    })
    cleanup.push(() => database.close())
    const store = await storeOn(database, {})
    await settle(store, 'acme')
    const pages = writer!.pragma('page_count', { simple: true }) as number
    writer!.pragma(`max_page_count = ${pages}`)
    const big = change('acme', {
      save: [opened(request('R1', { reason: 'x'.repeat(200_000) }))],
      audit: [line('discount.requested')],
      once: { key: 'K', fingerprint: 'F', reply: {} },
    })
    const failed = store.commit(big)
    await expect(failed).rejects.toBeInstanceOf(StorageFull)
    await expect(failed).rejects.toThrow('Not saved: the disk is full.')
    expect(await store.discount('acme', 'R1')).toBeUndefined()
    expect(await store.seen('acme', 'K')).toBeUndefined()
    expect(await store.auditOf('acme', { noun: 'discount', id: 'R1' }, 5)).toEqual([])
    writer!.pragma('max_page_count = 1000000')
    expect(await store.commit(big)).toEqual({ outcome: 'committed' })
    expect((await store.verifyAudit('acme'))[0]).not.toHaveProperty('broken')
  })
})

describe('B5.75 one server a file', () => {
  const held = (over: object) => ({
    name: 'server',
    token: 'theirs',
    pid: process.pid,
    host: 'elsewhere',
    started_at: Date.now(),
    beat_at: Date.now(),
    ...over,
  })

  it('a second server is refused with the first one’s name, until that one is gone; commands work beside it', async () => {
    const first = await openStore()
    const second = await openStore()
    const claim = await first.claimServer(() => {})
    const message = await refusal(second.claimServer(() => {}))
    expect(message).toContain(`process ${process.pid}`)
    expect(message).toContain('PostgreSQL')
    expect(await second.addCompany(company('beside'), by)).toBe(true)
    await claim.release()
    await (await second.claimServer(() => {})).release()
  })

  it.each([
    ['lives on another machine and spoke just now', {}, false],
    ['lives on another machine and has been silent', { beat_at: Date.now() - 60_000 }, true],
    ['had our own pid before a restart', { host: 'here' }, true],
    ['had a pid that nobody has', { host: 'here', pid: 2 ** 22 + 1 }, true],
    ['has a pid that lives', { host: 'here', pid: process.ppid }, false],
  ])('a holder that %s', async (_what, over, taken) => {
    const store = await openStore()
    const { hostname } = await import('node:os')
    const row = held(over)
    await store.database.transact((trx) =>
      trx
        .insertInto('server_locks')
        .values({ ...row, host: row.host === 'here' ? hostname() : row.host })
        .execute(),
    )
    const claim = store.claimServer(() => {})
    if (taken) await (await claim).release()
    else expect(await refusal(claim)).toContain('Another Dealdesk server')
  })
})

describe('backup and restore', () => {
  it('B5.74 a backup of a database in use comes back whole, and the old one is kept aside', async () => {
    const store = await openStore()
    await settle(store, 'acme')
    await store.commit(change('acme', { save: [opened(request('R1'))], audit: [line('discount.requested')] }))
    const claim = await store.claimServer(() => {})
    const copy = join(folder, 'copy.db')
    await store.backup(copy)
    await store.commit(change('acme', { save: [opened(request('R2', { deal: 'D2' }))] }))
    expect(await refusal(restore(url, copy))).toContain('Stop it, then restore')
    await claim.release()

    const { aside, pending } = await restore(url, copy)
    expect(pending).toEqual([])
    const back = await openStore()
    expect(await back.discount('acme', 'R1')).toEqual(request('R1'))
    expect(await back.discount('acme', 'R2')).toBeUndefined()
    expect((await back.verifyAudit('acme'))[0]).not.toHaveProperty('broken')
    const old = await openStore(`file:${aside}`)
    expect(await old.discount('acme', 'R2')).toMatchObject({ id: 'R2' })
    expect(readdirSync(folder).filter((name) => /restoring|part/.test(name))).toEqual([])
  })

  it('a backup never overwrites, and a place that is not there is said', async () => {
    const store = await openStore()
    writeFileSync(join(folder, 'there.db'), 'precious')
    expect(await refusal(store.backup(join(folder, 'there.db')))).toContain('never overwrites')
    expect(readFileSync(join(folder, 'there.db'), 'utf8')).toBe('precious')
    expect(await refusal(store.backup(join(folder, 'no', 'copy.db')))).toContain('does not exist')
  })

  it('what is no whole backup of ours is refused, and the database stays as it is', async () => {
    const store = await createStore({ url })
    await settle(store, 'acme')
    const copy = join(folder, 'copy.db')
    await store.backup(copy)
    await store.close()
    const before = readFileSync(file)

    const text = join(folder, 'text.db')
    writeFileSync(text, 'no database')
    const damaged = join(folder, 'damaged.db')
    const bytes = readFileSync(copy)
    bytes.fill(0x5a, 3 * 8_192, 9 * 8_192)
    writeFileSync(damaged, bytes)
    const foreign = join(folder, 'foreign.db')
    const other = new Sqlite(foreign)
    other.exec('create table things (a)')
    other.close()
    const newer = join(folder, 'newer.db')
    writeFileSync(newer, readFileSync(copy))
    const later = new Sqlite(newer)
    later.exec(`insert into migrations values (${migrations.length + 1}, '9999-later', '', 0)`)
    later.close()

    expect(await refusal(restore(url, join(folder, 'none.db')))).toContain('There is no backup')
    expect(await refusal(restore(url, file))).toContain('is the database itself')
    expect(await refusal(restore(url, text))).toContain('text.db was not restored')
    expect(await refusal(restore(url, damaged))).toMatch(/damaged/)
    expect(await refusal(restore(url, foreign))).toContain('holds no tables of Dealdesk')
    expect(await refusal(restore(url, newer))).toMatch(/newer version of Dealdesk/)
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(folder).filter((name) => /restoring|before-restore/.test(name))).toEqual([])
  })

  it('B5.72 takes the place of a damaged database, which is kept with its journal', async () => {
    const store = await createStore({ url })
    await settle(store, 'acme')
    const copy = join(folder, 'copy.db')
    await store.backup(copy)
    await store.close()
    writeFileSync(file, 'damaged')
    writeFileSync(`${file}-wal`, 'its journal')
    const { aside } = await restore(url, copy)
    expect(readFileSync(aside!, 'utf8')).toBe('damaged')
    expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('its journal')
    expect((await (await openStore()).org('acme')).people.size).toBe(2)
  })

  it('restores to where there was nothing', async () => {
    const store = await createStore({ url })
    await store.addCompany(company('acme'), by)
    const copy = join(folder, 'copy.db')
    await store.backup(copy)
    await store.close()
    const fresh = join(folder, 'fresh.db')
    expect(await restore(`file:${fresh}`, copy)).toEqual({ pending: [] })
    expect(await (await openStore(`file:${fresh}`)).companies()).toHaveLength(1)
  })
})

describe('StorageError', () => {
  it('tells what kind of trouble it is, for health and metrics', () => {
    expect(new StorageFull()).toBeInstanceOf(StorageError)
    expect(new StorageFull().trouble).toBe('full')
    expect(at).toBeGreaterThan(0)
  })
})
