import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DataStore, storeOn } from '../../data/store.ts'
import { engines, freshStore } from '../support/databases.ts'
import { by, change, company, line } from './world.ts'

describe.each(engines)('the audit on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  let acme = ''
  let count = 0
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine))
  })
  afterAll(() => close())
  beforeEach(async () => {
    acme = `acme${++count}`
    await store.addCompany(company(acme), by)
  })

  const write = (...what: string[]) =>
    store.commit(change(acme, { audit: what.map((each) => line(each, { detail: { note: '“값” 🚀' } })) }))

  /** What somebody could do who owns the database. */
  async function behindItsBack(statement: string): Promise<void> {
    await store.database.transact(async (trx) => {
      const run = (text: string) => sql.raw(text).execute(trx)
      if (engine === 'postgres') {
        await run('alter table audit disable trigger user')
        await run(statement)
        await run('alter table audit enable trigger user')
        return
      }
      const { rows } = await sql<{ name: string; sql: string }>`
        select name, sql from sqlite_schema where type = 'trigger' and tbl_name = 'audit'`.execute(trx)
      for (const { name } of rows) await run(`drop trigger ${name}`)
      await run(statement)
      for (const trigger of rows) await run(trigger.sql)
    })
  }

  const verdict = async () => (await store.verifyAudit(acme))[0]

  it('numbers a company’s entries from 1 without a gap, also when many are written at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => write(`a${i}`, `b${i}`)))
    const rows = []
    for await (const row of store.auditRows(acme)) rows.push(row)
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 41 }, (_, i) => i + 1))
    expect(rows[0]).toMatchObject({ what: 'company.added', company: acme, by: 'cli' })
    expect(await verdict()).toEqual({
      company: acme,
      rows: 41,
      head: rows.at(-1)?.seal,
      sealedBy: { environment: 0, database: 41 },
    })
  })

  it('B5.91 the database itself refuses to edit or delete what is written', async () => {
    await write('discount.approved')
    for (const statement of ["update audit set what = 'x'", 'delete from audit']) {
      await expect(store.database.transact((trx) => sql.raw(statement).execute(trx))).rejects.toThrow(
        /append-only/,
      )
    }
    if (engine === 'postgres') {
      await expect(store.database.transact((trx) => sql.raw('truncate audit').execute(trx))).rejects.toThrow(
        /append-only/,
      )
    }
    expect(await verdict()).toMatchObject({ rows: 2 })
    expect(await verdict()).not.toHaveProperty('broken')
  })

  it.each([
    ['edited', "update audit set what = 'discount.rejected' where $ and seq = 3", 3, /not as it was written/],
    ['moved in time', 'update audit set at = at + 1 where $ and seq = 2', 2, /not as it was written/],
    ['taken out of the middle', 'delete from audit where $ and seq = 3', 3, /missing/],
    ['cut off at the end', 'delete from audit where $ and seq >= 4', 4, /missing/],
    ['cut off with its head set back', 'delete from audit_heads where $', 5, /head of the chain is missing/],
  ])('B5.91 finds the place when an entry was %s', async (_how, statement, seq, why) => {
    await write('one', 'two', 'three')
    await behindItsBack(statement.replace('$', `company_id = '${acme}'`))
    const found = await verdict()
    expect(found?.broken?.seq).toBe(seq)
    expect(found?.broken?.why).toMatch(why)
    expect(found?.rows).toBe(seq - 1)
  })

  it('with ENCRYPTION_KEY nobody who only has the database can forge an entry', async () => {
    await write('before')
    const keyed = await storeOn(store.database, { encryptionKey: Buffer.alloc(32, 1) })
    await keyed.commit(change(acme, { audit: [line('after')] }))
    expect((await keyed.verifyAudit(acme))[0]).toMatchObject({
      rows: 3,
      sealedBy: { environment: 1, database: 2 },
    })
    // A store without the key can write, but it shows.
    await write('forged')
    expect((await keyed.verifyAudit(acme))[0]?.broken).toEqual({
      seq: 4,
      why: 'it was sealed without ENCRYPTION_KEY after entries that were sealed with it',
    })
  })

  it('says so when it was sealed with another key than the one that is set', async () => {
    const keyed = await storeOn(store.database, { encryptionKey: Buffer.alloc(32, 1) })
    await keyed.commit(change(acme, { audit: [line('after')] }))
    const other = await storeOn(store.database, { encryptionKey: Buffer.alloc(32, 2) })
    expect((await other.verifyAudit(acme))[0]?.broken).toEqual({
      seq: 2,
      why: 'it was sealed with another ENCRYPTION_KEY than the one that is set now',
    })
  })

  it('walks more than a page, and each company on its own', async () => {
    const other = `${acme}-other`
    await store.addCompany(company(other), by)
    for (let i = 0; i < 6; i++) await write(...Array.from({ length: 100 }, (_, j) => `${i}-${j}`))
    const found = new Map((await store.verifyAudit()).map((each) => [each.company, each]))
    expect(found.get(acme)).toMatchObject({ rows: 601 })
    expect(found.get(acme)).not.toHaveProperty('broken')
    expect(found.get(other)).toMatchObject({ rows: 1 })
  })
})
