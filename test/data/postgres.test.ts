import { connect, createServer, type Server, type Socket } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StorageError } from '../../data/database.ts'
import { openPostgres } from '../../data/postgres.ts'
import { type DataStore, openDatabase } from '../../data/store.ts'
import { freshStore } from '../support/databases.ts'
import { at, by, change, company, opened, request, settle } from './world.ts'

describe('PostgreSQL', () => {
  let store: DataStore
  let url = ''
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, url, close } = await freshStore('postgres'))
    await settle(store, 'acme')
  })
  afterAll(() => close())

  it('B5.76 a transaction that loses to another is run again whole', async () => {
    let runs = 0
    const answer = await store.database.transact(async (trx) => {
      runs += 1
      await sql`insert into settings (key, value) values (${`run ${runs}`}, '')`.execute(trx)
      if (runs === 1)
        await sql.raw("do $$ begin raise exception 'lost' using errcode = '40001'; end $$").execute(trx)
      if (runs === 2)
        await sql.raw("do $$ begin raise exception 'lost' using errcode = '40P01'; end $$").execute(trx)
      return runs
    })
    expect(answer).toBe(3)
    const kept = await store.database.read
      .selectFrom('settings')
      .select('key')
      .where('key', 'like', 'run %')
      .execute()
    expect(kept).toEqual([{ key: 'run 3' }])
  })

  it('B5.76 two changes that lock each other out are both committed in the end', async () => {
    await store.addCompany(company('zebra'), by)
    const both = (first: string, second: string) =>
      store.database.transact(async (trx) => {
        await sql`update companies set org_stamp = org_stamp + 1 where id = ${first}`.execute(trx)
        await sql`select pg_sleep(0.05)`.execute(trx)
        await sql`update companies set org_stamp = org_stamp + 1 where id = ${second}`.execute(trx)
      })
    const before = (await store.org('zebra')).stamp
    await Promise.all([both('acme', 'zebra'), both('zebra', 'acme')])
    expect((await store.org('zebra')).stamp).toBe(before + 2)
  })

  it('B5.2 four approvers on connections of their own, fifty requests: each is decided once', async () => {
    const replicas = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url })))
    const { storeOn } = await import('../../data/store.ts')
    const stores = await Promise.all(replicas.map((database) => storeOn(database, {})))
    const ids = Array.from({ length: 50 }, (_, i) => `N${i}`)
    await store.commit(
      change('acme', { save: ids.map((id) => opened(request(id, { deal: id }), { waiting: [] })) }),
    )
    let wins = 0
    await Promise.all(
      stores.map(async (replica, who) => {
        for (const id of ids) {
          const next = request(id, {
            deal: id,
            version: 2,
            status: 'approved',
            settledBy: `p${who}`,
            settledAt: at,
          })
          const { outcome } = await replica.commit(
            change('acme', { save: [opened(next, { expect: 1, waiting: [] })] }),
          )
          if (outcome === 'committed') wins += 1
        }
      }),
    )
    expect(wins).toBe(50)
    await Promise.all(replicas.map((database) => database.close()))
  })

  it('refuses a number that it could only give back rounded', async () => {
    await store.database.transact((trx) =>
      sql`insert into slots (company_id, name, last, claimed_at) values ('acme', 'big', '', 9007199254740993)`.execute(
        trx,
      ),
    )
    const read = store.database.read
      .selectFrom('slots')
      .select('claimed_at')
      .where('name', '=', 'big')
      .execute()
    await expect(read).rejects.toThrow(/9007199254740993, which is over 2\^53/)
  })

  it('names its own tools where SQLite has ours', async () => {
    await expect(store.backup('/tmp/never.db')).rejects.toThrow(/pg_dump/)
    const { restore } = await import('../../data/backup.ts')
    await expect(restore(url, '/tmp/never.db')).rejects.toThrow(/pg_restore/)
  })

  it('lets several servers serve it', async () => {
    const claims = [await store.claimServer(() => {}), await store.claimServer(() => {})]
    for (const claim of claims) await claim.release()
    expect(await store.database.read.selectFrom('server_locks').selectAll().execute()).toEqual([])
  })

  it('B5.76 connections that the server ends while nobody uses them are replaced', async () => {
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()`.execute(store.database.read)
    const answers = await Promise.all(Array.from({ length: 10 }, () => store.companies()))
    expect(answers.every((each) => each.length > 0)).toBe(true)
  })

  it('B5.76 a server that goes away in the middle of a change leaves nothing of it, and the next one works', async () => {
    const cut = store.database.transact(async (trx) => {
      await sql`insert into settings (key, value) values ('cut', '')`.execute(trx)
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx)
    })
    await expect(cut).rejects.toMatchObject({ trouble: 'unavailable' })
    const kept = store.database.read.selectFrom('settings').select('key').where('key', '=', 'cut').execute()
    expect(await kept).toEqual([])
  })

  describe('B5.76 a network between us and the server', () => {
    let proxy: Server
    let through = ''
    const sockets = new Set<Socket>()
    /** What the network does to bytes on their way to the server; a connection it has cut stays cut. */
    let cuts: (bytes: Buffer) => 'both-ways' | 'the-answer' | undefined = () => undefined
    beforeAll(async () => {
      const target = new URL(url)
      const [host, port] = [target.hostname, Number(target.port)]
      proxy = createServer((near) => {
        const far = connect(port, host)
        let cut: ReturnType<typeof cuts>
        near.on('data', (bytes) => {
          cut ??= cuts(bytes)
          if (cut !== 'both-ways') far.write(bytes)
        })
        far.on('data', (bytes) => {
          if (cut === undefined) near.write(bytes)
        })
        for (const [one, other] of [
          [near, far],
          [far, near],
        ] as const) {
          sockets.add(one)
          one.on('error', () => {})
          one.on('close', () => other.destroy())
        }
      })
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
      const address = proxy.address()
      target.port = String(typeof address === 'object' && address !== null ? address.port : 0)
      target.hostname = '127.0.0.1'
      through = target.href
    })
    afterAll(() => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    })

    it('a connection that is cut without a word is given up and replaced, not waited for again and again', async () => {
      const database = openPostgres({ url: through, poolSize: 1, answerMs: 200, connectMs: 2_000 })
      const ask = () => database.transact((trx) => trx.selectFrom('companies').select('id').execute())
      expect(await ask()).not.toEqual([])
      cuts = () => 'both-ways'
      await expect(ask()).rejects.toMatchObject({ trouble: 'unavailable' })
      cuts = () => undefined
      expect(await ask()).not.toEqual([])
      await database.close()
    })

    it('a commit whose answer is lost is known by its key, and never told as failed', async () => {
      const { storeOn } = await import('../../data/store.ts')
      const database = openPostgres({ url: through, poolSize: 1, answerMs: 300, connectMs: 2_000 })
      const far = await storeOn(database, {})
      const heard: unknown[] = []
      far.onCommit((committed) => heard.push(committed))
      cuts = (bytes) => (bytes.includes('commit\0') ? 'the-answer' : undefined)
      const outcome = await far.commit(
        change('acme', { once: { key: 'lost', fingerprint: 'F', reply: { kind: 'say', n: 1 } } }),
      )
      cuts = () => undefined
      expect(outcome).toEqual({ outcome: 'seen-before', reply: { kind: 'say', n: 1 }, sameBody: true })
      expect(heard).toEqual([{ company: 'acme', deliveries: 0 }])
      await database.close()
    })
  })

  describe('B5.76 a server that takes the connection and never answers', () => {
    let silent: Server
    let database: ReturnType<typeof openPostgres>
    beforeAll(async () => {
      silent = createServer(() => {})
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
      const address = silent.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      database = openPostgres({ url: `postgres://x@127.0.0.1:${port}/x`, connectMs: 200 })
    })
    afterAll(async () => {
      await database.close()
      silent.close()
    })

    it('is an error in bounded time, and the sentence is for people', async () => {
      const attempt = database.transact(async () => 1)
      await expect(attempt).rejects.toBeInstanceOf(StorageError)
      await expect(attempt).rejects.toThrow(
        'The database cannot be reached. Try again in a moment; nothing is ever done twice.',
      )
      const reading = database.read.selectFrom('companies').selectAll().execute()
      await expect(reading).rejects.toMatchObject({ trouble: 'unavailable' })
    })
  })
})
