import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StorageRefused } from '../../data/database.ts'
import { type DataStore, storeOn } from '../../data/store.ts'
import { engines, freshStore } from '../support/databases.ts'
import { timePasses } from '../support/passing.ts'
import { at, by, change, company } from './world.ts'

describe.each(engines)('what else is kept on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  let now = at
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, {
      encryptionKey: Buffer.alloc(32, 9),
      clock: { now: () => now },
    }))
    for (const id of ['acme', 'other']) await store.addCompany(company(id), by)
  })
  afterAll(() => close())

  describe('API tokens', () => {
    it('a token works until it is revoked, and the database never holds it', async () => {
      const { id, token } = await store.createToken(
        { company: 'acme', label: 'crm', scopes: ['people', 'deals'] },
        by,
      )
      expect(token).toMatch(/^dd_[0-9a-f]{12}_[\w-]{43}$/)
      expect(await store.tokenOf(token)).toEqual({ id, company: 'acme', scopes: ['people', 'deals'] })
      expect(await store.tokenOf(`${token}x`)).toBeUndefined()
      const stored = JSON.stringify(await store.database.read.selectFrom('api_tokens').selectAll().execute())
      expect(stored).not.toContain(token)
      // The secret itself, which may begin with an underscore.
      expect(stored).not.toContain(token.slice('dd_'.length + id.length + 1))
      expect(await store.revokeToken('acme', id, by)).toBe(true)
      expect(await store.revokeToken('acme', id, by)).toBe(false)
      expect(await store.tokenOf(token)).toBeUndefined()
      expect(await store.tokens('acme')).toEqual([
        {
          id,
          company: 'acme',
          label: 'crm',
          scopes: ['people', 'deals'],
          createdAt: at,
          createdBy: 'cli',
          revokedAt: at,
        },
      ])
      const told = (await store.auditOf('acme', { noun: 'company', id: 'acme' }, 5)).map((each) => each.what)
      expect(told.slice(0, 2)).toEqual(['token.revoked', 'token.created'])
    })
  })

  describe('installations', () => {
    const slack = { platform: 'slack', tenant: 'T1', company: 'acme' } as const
    it('are stored sealed and come back whole', async () => {
      const content = { bot: { token: 'xoxb-secret', scopes: ['chat:write'] } }
      await store.saveInstallation({ ...slack, enterprise: 'E1', content })
      expect(await store.installation('slack', 'T1')).toEqual({
        ...slack,
        enterprise: 'E1',
        content,
        version: 1,
      })
      const stored = JSON.stringify(
        await store.database.read.selectFrom('installations').selectAll().execute(),
      )
      expect(stored).not.toContain('secret')
      expect(await store.installations('acme')).toEqual([slack])
      expect(await store.installations('other')).toEqual([])
    })

    it('B5.53 of two token refreshes that started together the second is told so', async () => {
      await store.saveInstallation({ ...slack, content: { token: 'old' } })
      const { version } = (await store.installation('slack', 'T1'))!
      const refreshed = await Promise.all(
        ['a', 'b'].map((token) => store.saveInstallation({ ...slack, content: { token } }, version)),
      )
      expect(refreshed.sort()).toEqual([false, true])
      expect((await store.installation('slack', 'T1'))?.version).toBe(version + 1)
    })

    it('do not open with another key, nor in another row', async () => {
      await store.saveInstallation({ ...slack, content: { token: 'x' } })
      const other = await storeOn(store.database, { encryptionKey: Buffer.alloc(32, 8) })
      await expect(other.installation('slack', 'T1')).rejects.toThrow(
        /does not open with this ENCRYPTION_KEY/,
      )
      await store.saveInstallation({ ...slack, tenant: 'T2', content: { token: 'y' } })
      await store.database.transact(async (trx) => {
        const { sealed } = await trx
          .selectFrom('installations')
          .select('sealed')
          .where('tenant', '=', 'T1')
          .executeTakeFirstOrThrow()
        await trx.updateTable('installations').set({ sealed }).where('tenant', '=', 'T2').execute()
      })
      await expect(store.installation('slack', 'T2')).rejects.toThrow(/does not open/)
      await store.deleteInstallation('slack', 'T2')
      expect(await store.installation('slack', 'T2')).toBeUndefined()
    })

    it('without a key nothing is stored, and the sentence says how to make one', async () => {
      const bare = await storeOn(store.database, {})
      await expect(bare.saveInstallation({ ...slack, content: {} })).rejects.toThrow(StorageRefused)
      await expect(bare.saveInstallation({ ...slack, content: {} })).rejects.toThrow(
        /openssl rand -base64 32/,
      )
    })
  })

  describe('slots of schedules', () => {
    it('B5.78 one of twenty replicas claims a slot', async () => {
      const claims = await Promise.all(
        Array.from({ length: 20 }, () => store.takeSlot('digest', 'acme', '2026-10-01', 60_000)),
      )
      expect(claims.filter(Boolean)).toHaveLength(1)
      expect(await store.lastSlot('digest', 'acme')).toBe('2026-10-01')
    })

    it('B5.81 B5.82 a slot runs once though the clock goes back, and each company has its own', async () => {
      const take = (name: string, company: string, slot: string) =>
        store.takeSlot(name, company, slot, 60_000)
      expect(await take('digest', 'acme', '2026-11-01')).toBe(true)
      expect(await take('digest', 'acme', '2026-11-01')).toBe(false)
      expect(await take('digest', 'acme', '2026-10-31')).toBe(false)
      expect(await take('digest', 'other', '2026-10-31')).toBe(true)
      expect(await take('renewals', 'acme', '2026-10-31')).toBe(true)
      expect(await store.lastSlot('digest', 'nobody')).toBeUndefined()
    })

    it('B5.78 one of twenty replicas has the turn of a sweep, and one of them the next', async () => {
      const claims = () => Promise.all(Array.from({ length: 20 }, () => store.claimTurn('reminders', 60_000)))
      expect((await claims()).filter(Boolean)).toHaveLength(1)
      expect((await claims()).filter(Boolean)).toHaveLength(0)
      await timePasses(store.database, 60_000)
      expect((await claims()).filter(Boolean)).toHaveLength(1)
    })

    it('B5.82 after the database’s own clock was set back, sweeps and cut-off slots go on at once', async () => {
      expect(await store.claimTurn('sweep', 60_000)).toBe(true)
      expect(await store.takeSlot('report', 'acme', '2026-11-02', 60_000)).toBe(true)
      await timePasses(store.database, -86_400_000)
      expect(await store.claimTurn('sweep', 60_000)).toBe(true)
      expect(await store.claimTurn('sweep', 60_000)).toBe(false)
      expect(await store.takeSlot('report', 'acme', '2026-11-02', 60_000)).toBe(true)
      expect(await store.takeSlot('report', 'acme', '2026-11-02', 60_000)).toBe(false)
    })
  })

  it('takes away old drawings and keys, and keeps what a late click may still need', async () => {
    const day = 86_400_000
    const drawing = (id: string, when: number) =>
      ({ id, subject: { noun: 'none', id: '' }, version: 0, shown: {}, at: when }) as const
    await store.saveDrawings('acme', [drawing('old', at - 121 * day), drawing('young', at - 119 * day)])
    for (const key of ['old', 'young']) {
      await store.commit(change('acme', { once: { key, fingerprint: 'F', reply: null } }))
    }
    await store.database.transact((trx) =>
      trx
        .updateTable('once_keys')
        .set({ at: Date.now() - 4 * day })
        .where('key', '=', 'old')
        .execute(),
    )
    now = at
    expect(await store.prune()).toMatchObject({ onceKeys: 1, drawings: 1, deliveries: 0, reports: 0 })
    expect(await store.drawing('acme', 'old')).toBeUndefined()
    expect(await store.drawing('acme', 'young')).toBeDefined()
    expect(await store.seen('acme', 'old')).toBeUndefined()
    expect(await store.seen('acme', 'young')).toEqual({ fingerprint: 'F', reply: null })
  })

  it('B5.57 odd text is stored whole or made whole, never half', async () => {
    const shown = { odd: 'a\u0000b\ud800c', family: '👨‍👩‍👧‍👦', nfd: '각'.normalize('NFD'), rtl: '\u202eabc' }
    await store.saveDrawings('acme', [
      { id: 'odd', subject: { noun: 'none', id: '' }, version: 0, shown, at },
    ])
    expect((await store.drawing('acme', 'odd'))?.shown).toEqual({
      odd: 'ab\ufffdc',
      family: '👨‍👩‍👧‍👦',
      nfd: '각',
      rtl: '\u202eabc',
    })
  })
})
