import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataStore } from '../../data/store.ts'
import type { Save } from '../../src/ports.ts'
import { engines, freshStore } from '../support/databases.ts'
import { account, activity, asked, at, change, contact, deal, entry, handoff, lead, settle } from './world.ts'

describe.each(engines)('the record behind the deals on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  const save = async (...saves: Save[]) => (await store.commit(change('acme', { save: saves }))).outcome
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => at } }))
    await settle(store, 'acme')
    await save(
      { noun: 'account', next: account('A-1', { csm: 'csm', ae: 'ae', tier: 'T2' }), expect: 'new' },
      { noun: 'contact', next: contact('C-1', { role: 'champion' }), expect: 'new' },
      { noun: 'lead', next: lead('L-1', { owner: 'ae' }), expect: 'new' },
    )
  })
  afterAll(() => close())

  it('a deal is kept whole: evidence, gate debt, won, and what its account says', async () => {
    const next = deal('D-full', {
      account: 'A-1',
      evidence: { demo: '2026-01-02' },
      gateDebt: [{ gate: 'champion', stage: 'S2', until: '2026-12-01', reason: 'r', by: 'manager', at }],
      won: 'unfinished',
      openedBy: 'H-0',
      meddicc: { metrics: '30 %' },
    })
    expect(await save({ noun: 'opportunity', next, expect: 'new', entry: entry('D-full') })).toBe('committed')
    expect(await store.deal('acme', 'D-full')).toEqual({
      ...next,
      accountName: 'Account A-1',
      accountCsm: 'csm',
      tier: 'T2',
    })
    expect(await store.stageHistory('acme', 'D-full', 5)).toEqual([entry('D-full')])
  })

  it('B5.100 two people who change one deal: the second is stale, and nothing of theirs is kept', async () => {
    const now = deal('D-race')
    await save({ noun: 'opportunity', next: now, expect: 'new' })
    const step = (stage: 'S5' | 'S3') =>
      save(
        {
          noun: 'opportunity',
          next: { ...now, stage, version: 2 },
          expect: 1,
          entry: entry('D-race', { from: 'S4', to: stage }),
        },
        { noun: 'contact', next: contact(`C-${stage}`), expect: 'new' },
      )
    expect([await step('S5'), await step('S3')]).toEqual(['committed', 'stale'])
    expect((await store.stageHistory('acme', 'D-race', 5)).map(({ to }) => to)).toEqual(['S5'])
    expect(await store.contact('acme', 'C-S3')).toBeUndefined()
    expect(await save({ noun: 'opportunity', next: now, expect: 'new' })).toBe('stale')
  })

  it('a changed account is told to its deals', async () => {
    await save({ noun: 'opportunity', next: deal('D-of', { account: 'A-1' }), expect: 'new' })
    const before = (await store.account('acme', 'A-1'))!
    const next = { ...before, name: '한빛정밀', csm: 'cody', version: before.version + 1 }
    expect(await save({ noun: 'account', next, expect: before.version })).toBe('committed')
    expect(await save({ noun: 'account', next, expect: before.version })).toBe('stale')
    expect(await store.deal('acme', 'D-of')).toMatchObject({ accountName: '한빛정밀', accountCsm: 'cody' })
    expect(await store.findDeals('acme', { all: true }, 'ㅎㅂㅈㅁ', 5)).toContainEqual(
      expect.objectContaining({ id: 'D-of' }),
    )
    expect(await store.findAccounts('acme', { all: true }, 'ㅎㅂ', 5)).toMatchObject([{ id: 'A-1' }])
  })

  it('an activity is added once, is the account’s too, and says when something last happened', async () => {
    await save({ noun: 'opportunity', next: deal('D-act', { account: 'A-1' }), expect: 'new' })
    const past = activity('X-1', { deal: 'D-act', contact: 'C-1', happenedAt: at - 5_000 })
    const planned = activity('X-2', { deal: 'D-act', contact: 'C-1', happenedAt: at + 5_000 })
    expect(await save({ noun: 'activity', next: past }, { noun: 'activity', next: planned })).toBe(
      'committed',
    )
    expect(await save({ noun: 'activity', next: past })).toBe('stale')
    expect(await store.activitiesOf('acme', { deal: 'D-act' }, 5)).toEqual([
      { ...planned, account: 'A-1' },
      { ...past, account: 'A-1' },
    ])
    expect((await store.deal('acme', 'D-act'))?.lastActivityAt).toBe(at - 5_000)
    expect((await store.contact('acme', 'C-1'))?.lastContactedAt).toBe(at - 5_000)
    await save({ noun: 'activity', next: activity('X-3', { lead: 'L-1', happenedAt: at - 9 }) })
    expect((await store.lead('acme', 'L-1'))?.firstTouchAt).toBe(at - 9)
  })

  it('accounts are found by those who work with them alone', async () => {
    await save(
      { noun: 'account', next: account('B-1', { ae: 'other' }), expect: 'new' },
      { noun: 'account', next: account('B-2', { csm: 'cs' }), expect: 'new' },
      { noun: 'account', next: account('B-3', { ae: 'other' }), expect: 'new' },
      { noun: 'opportunity', next: deal('D-b3', { account: 'B-3', owner: 'seller' }), expect: 'new' },
    )
    const found = async (owners: string[], csm?: string) =>
      (await store.findAccounts('acme', { all: false, owners, ...(csm ? { csm } : {}) }, 'account b', 9)).map(
        ({ id }) => id,
      )
    expect(await found(['nobody'])).toEqual([])
    expect(await found(['other'])).toEqual(['B-1', 'B-3'])
    expect(await found(['nobody'], 'cs')).toEqual(['B-2'])
    expect(await found(['seller'])).toEqual(['B-3'])
  })

  it('whoever races whom, one handoff of a kind is under way for a deal', async () => {
    const first = handoff('H-1', { deal: 'D1', kind: 'ae-to-cs' })
    expect(await save({ noun: 'handoff', next: first, ...asked })).toBe('committed')
    expect(await save({ noun: 'handoff', next: { ...first, id: 'H-2' }, ...asked })).toBe('stale')
    expect(await store.handoffsWaitingFor('acme', 'csm', 1)).toMatchObject({
      total: 1,
      handoffs: [{ id: 'H-1' }],
    })
    expect(await store.dueHandoffs(at + 86_400_000, 5)).toEqual([{ company: 'acme', id: 'H-1' }])
    const done = { ...first, status: 'accepted' as const, version: 2 }
    expect(await save({ noun: 'handoff', next: done, expect: 1, waiting: [] })).toBe('committed')
    expect(await store.openHandoff('acme', 'ae-to-cs', { deal: 'D1' })).toBeUndefined()
    expect(await store.handoffsWaitingFor('acme', 'csm', 5)).toEqual({ total: 0, handoffs: [] })
    expect(await store.dueHandoffs(at * 2, 5)).toEqual([])
    expect(await save({ noun: 'handoff', next: { ...first, id: 'H-3' }, ...asked })).toBe('committed')
    expect((await store.handoffsOf('acme', { deal: 'D1' }, 5)).map(({ id }) => id).sort()).toEqual([
      'H-1',
      'H-3',
    ])
  })

  it('B5.7 somebody who leaves makes the open handoffs of theirs due at once', async () => {
    expect(await store.dueHandoffs(at, 5)).toEqual([])
    await save({ noun: 'person', id: 'ae', set: { active: false } })
    expect(await store.dueHandoffs(at, 5)).toMatchObject([{ id: 'H-3' }])
    expect(await store.openHandoffsWith('acme', ['ae'])).toMatchObject([{ id: 'H-3' }])
  })
})
