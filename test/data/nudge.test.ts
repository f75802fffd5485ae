import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataStore } from '../../data/store.ts'
import type { Nudge } from '../../src/canon/nudge.ts'
import type { NudgeSave } from '../../src/ports/nudge.ts'
import type { Delivery } from '../../src/ports.ts'
import { engines, freshStore } from '../support/databases.ts'
import { nudge } from './nudge-world.ts'
import { at, change, settle } from './world.ts'

describe.each(engines)('nudges on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine))
    await settle(store, 'one')
  })
  afterAll(() => close())

  const save = (...saves: NudgeSave[]) => store.commit(change('one', { save: saves }))
  const add = (id: string, over: Partial<Nudge> = {}) =>
    save({ noun: 'nudge', next: nudge(id, { subject: { noun: 'deal', id }, ...over }), expect: 'new' })
  const move = (next: Nudge, expected = next.version - 1) => save({ noun: 'nudge', next, expect: expected })
  const on = (id: string) => ({ subject: { noun: 'deal' as const, id }, cycle: '2026-08-20' })

  it('one nudge of a kind for a subject and cycle, whoever finds it', async () => {
    expect(await add('a')).toEqual({ outcome: 'committed' })
    const again = nudge('a-again', { subject: { noun: 'deal', id: 'a' } })
    expect(await save({ noun: 'nudge', next: again, expect: 'new' })).toEqual({ outcome: 'stale' })
    const later = nudge('a-later', { subject: { noun: 'deal', id: 'a' }, cycle: '2026-09-01' })
    expect(await save({ noun: 'nudge', next: later, expect: 'new' })).toEqual({ outcome: 'committed' })
    const other = nudge('a-other', { subject: { noun: 'account', id: 'a' } })
    expect(await save({ noun: 'nudge', next: other, expect: 'new' })).toEqual({ outcome: 'committed' })
  })

  it('finds the cycle that is asked for, and whatever of other cycles still counts', async () => {
    await add('b-done', { subject: { noun: 'deal', id: 'b' }, cycle: '1', status: 'done' })
    await add('b-gone', { subject: { noun: 'deal', id: 'b' }, cycle: '2', status: 'gone' })
    await add('b-muted', { subject: { noun: 'deal', id: 'b' }, cycle: '3', status: 'muted' })
    await add('b-asked', { subject: { noun: 'deal', id: 'b' }, cycle: '4', status: 'done' })
    await add('b-lead', { subject: { noun: 'lead', id: 'b' }, cycle: '4' })
    await add('b-kind', { subject: { noun: 'deal', id: 'b' }, cycle: '4', kind: 'meddicc-gap' })
    const found = await store.nudgesOn('one', 'stalled', [{ subject: { noun: 'deal', id: 'b' }, cycle: '4' }])
    expect(found.map(({ id }) => id).sort()).toEqual(['b-asked', 'b-muted'])
  })

  it('a nudge that moved since it was read is not written over', async () => {
    await add('c')
    const done = nudge('c', { subject: { noun: 'deal', id: 'c' }, status: 'done', version: 2 })
    expect(await move(done)).toEqual({ outcome: 'committed' })
    expect(await move({ ...done, status: 'muted' }, 1)).toEqual({ outcome: 'stale' })
    expect((await store.nudge('one', 'c'))?.status).toBe('done')
  })

  it('what climbs or wakes is due at its time, and nothing else', async () => {
    await add('d-climbs', { climbsAt: at + 5 })
    await add('d-sleeps', { status: 'snoozed', snoozedUntil: at + 6, climbsAt: undefined })
    await add('d-top', { climbsAt: undefined })
    await add('d-done', { status: 'done', climbsAt: at + 5 })
    const due = async (now: number) =>
      (await store.dueNudges(now, 100, 'one')).map(({ id }) => id).filter((id) => id.startsWith('d-'))
    expect(await due(at + 4)).toEqual([])
    expect(await due(at + 5)).toEqual(['d-climbs'])
    expect(await due(at + 6)).toEqual(['d-climbs', 'd-sleeps'])
    expect(await store.dueNudges(at + 6, 100, 'another')).toEqual([])
  })

  it('a person’s list has what they own first, then what they were told, heaviest first', async () => {
    const mine = { owner: 'lister', told: ['person:lister'] }
    await add('e-light', { ...mine, weight: 1 })
    await add('e-heavy', { ...mine, weight: 9, kind: 'meddicc-gap' })
    await add('e-told', {
      owner: 'ae',
      told: ['person:ae', 'person:lister', 'channel:slack:T:C'],
      weight: 99,
    })
    await add('e-asleep', { ...mine, status: 'snoozed', snoozedUntil: at })
    const list = async (filter: Parameters<DataStore['nudgesOf']>[2], limit = 10) => {
      const { total, nudges } = await store.nudgesOf('one', 'lister', filter, limit)
      return [total, ...nudges.map(({ id }) => id)]
    }
    expect(await list({ status: 'open' })).toEqual([3, 'e-heavy', 'e-light', 'e-told'])
    expect(await list({ status: 'open' }, 1)).toEqual([3, 'e-heavy'])
    expect(await list({ status: 'open', mine: true })).toEqual([2, 'e-heavy', 'e-light'])
    expect(await list({ status: 'open', kind: 'meddicc-gap' })).toEqual([1, 'e-heavy'])
    expect(await list({ status: 'snoozed' })).toEqual([1, 'e-asleep'])
    const gone = nudge('e-heavy', { ...mine, kind: 'meddicc-gap', status: 'gone', version: 2 })
    await move({ ...gone, subject: { noun: 'deal', id: 'e-heavy' } })
    expect(await list({ status: 'open', mine: true })).toEqual([1, 'e-light'])
  })

  it('what was told on a day is counted by one of two who count at once', async () => {
    const count = (expected: number, add: number) =>
      save({ noun: 'nudge-count', ear: 'person:ae', day: '2026-10-05', expect: expected, add })
    const outcomes = await Promise.all([count(0, 2), count(0, 2)])
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'stale'])
    expect(await count(0, 1)).toEqual({ outcome: 'stale' })
    expect(await count(2, 1)).toEqual({ outcome: 'committed' })
    const of = [
      { ear: 'person:ae', day: '2026-10-05' },
      { ear: 'person:manager', day: '2026-10-05' },
    ]
    expect([...(await store.nudgeCounts('one', of))]).toEqual([['person:ae', 3]])
    expect((await store.nudgeCounts('one', [{ ear: 'person:ae', day: '2026-10-06' }])).size).toBe(0)
  })

  it('the nudges that stand come in pages, muted ones left out', async () => {
    for (const id of ['f-1', 'f-2', 'f-3']) await add(id, { kind: 'qbr-due' })
    await add('f-4', { kind: 'qbr-due', status: 'muted' })
    const first = await store.standingNudges('one', 'qbr-due', '', 2)
    expect(first.map(({ id }) => id)).toEqual(['f-1', 'f-2'])
    expect(first[0]?.subject).toEqual({ noun: 'deal', id: 'f-1' })
    expect((await store.standingNudges('one', 'qbr-due', 'f-2', 2)).map(({ id }) => id)).toEqual(['f-3'])
  })

  it('tallies tell what was answered, and what nobody answered', async () => {
    const from = at + 1e9
    const kind = 'champion-left'
    await add('g-1', { kind, raisedAt: from, status: 'done', answered: { by: 'ae', at, how: 'done' } })
    await add('g-2', { kind, raisedAt: from, rung: 1 })
    await add('g-3', { kind, raisedAt: from, status: 'gone', superseded: true })
    await add('g-4', { kind, raisedAt: from + 10 })
    const tallies = await store.nudgeTallies('one', from, from + 10)
    expect(tallies).toEqual([
      { kind, status: 'done', how: 'done', ignored: false, count: 1 },
      { kind, status: 'gone', ignored: true, count: 1 },
      { kind, status: 'open', ignored: true, count: 1 },
    ])
  })

  it('why some of a period were muted, the newest first', async () => {
    const from = at + 2e9
    const muted = (id: string, raisedAt: number, reason: string) =>
      add(id, { raisedAt, status: 'muted', answered: { by: 'ae', at, how: 'muted', reason } })
    await muted('m-1', from, 'old')
    await muted('m-2', from + 5, 'new')
    await muted('m-3', from + 10, 'later')
    await add('m-4', { raisedAt: from + 6, status: 'snoozed', answered: { by: 'ae', at, how: 'snoozed' } })
    const reasons = async (most: number) =>
      (await store.mutedNudges('one', from, from + 10, most)).map(({ answered }) => answered?.reason)
    expect(await reasons(5)).toEqual(['new', 'old'])
    expect(await reasons(1)).toEqual(['new'])
  })

  describe('messages', () => {
    const delivery = (bundle: string): Delivery => ({
      kind: 'nudge',
      card: 'nudge.bundle',
      subject: { noun: 'nudges', id: bundle },
      audience: { person: 'ae' },
      once: `nudges:${bundle}`,
    })
    const told = (bundle: string, nudges: readonly string[], append?: boolean) =>
      store.commit(
        change('one', {
          save: [
            {
              noun: 'nudge-bundle',
              next: {
                id: bundle,
                ear: { person: 'ae' },
                at,
                items: nudges.map((id) => ({ nudge: id, as: 'owner' })),
              },
              ...(append ? { append } : {}),
            },
          ],
          deliveries: [delivery(bundle)],
        }),
      )
    const refreshes = async () => {
      const rows = await store.database.read
        .selectFrom('deliveries')
        .select(['subject_noun', 'subject_id'])
        .where('company_id', '=', 'one')
        .where('kind', '=', 'refresh')
        .execute()
      await store.database.transact((trx) =>
        trx.deleteFrom('deliveries').where('kind', '=', 'refresh').execute(),
      )
      return rows.map((row) => `${row.subject_noun} ${row.subject_id}`).sort()
    }
    const refresh = (noun: 'deal' | 'nudge', id: string) =>
      store.commit(change('one', { refresh: [{ noun, id }] }))

    it('a change of a deal or a nudge redraws the messages that it stands in', async () => {
      await add('h-1')
      await add('h-2')
      await told('H-both', ['h-1', 'h-2'])
      await told('H-one', ['h-1'])
      await refresh('deal', 'h-1')
      expect(await refreshes()).toEqual(['nudges H-both', 'nudges H-one'])
      await refresh('nudge', 'h-2')
      expect(await refreshes()).toEqual(['nudges H-both'])
      await move(nudge('h-1', { subject: { noun: 'deal', id: 'h-1' }, status: 'gone', version: 2 }))
      await refresh('deal', 'h-1')
      expect(await refreshes()).toEqual([])
      await refresh('nudge', 'h-1')
      expect(await refreshes()).toEqual(['nudges H-both', 'nudges H-one'])
    })

    it('the message of a day takes in what is found later, and is delivered once', async () => {
      for (const id of ['i-1', 'i-2']) await add(id)
      expect(await told('daily:ae:1', ['i-1'], true)).toEqual({ outcome: 'committed' })
      expect(await told('daily:ae:1', ['i-1', 'i-2'], true)).toEqual({ outcome: 'committed' })
      const bundle = await store.nudgeBundle('one', 'daily:ae:1')
      expect(bundle?.items.map((item) => item.nudge)).toEqual(['i-1', 'i-2'])
      expect(await told('daily:ae:1', ['i-1'])).toEqual({ outcome: 'stale' })
      const sent = await store.database.read
        .selectFrom('deliveries')
        .select('id')
        .where('once_key', '=', 'nudges:daily:ae:1')
        .execute()
      expect(sent).toHaveLength(1)
    })

    it('a message of unknown outcome is listed for whom it was meant', async () => {
      await told('J', [])
      await store.database.transact((trx) =>
        trx.updateTable('deliveries').set({ state: 'unknown' }).where('once_key', '=', 'nudges:J').execute(),
      )
      const unsure = await store.unsureDeliveries('one', 'ae', 0)
      expect(unsure).toMatchObject([{ card: 'nudge.bundle', noun: 'nudges', id: 'J' }])
      expect(await store.unsureDeliveries('one', 'manager', 0)).toEqual([])
      expect(await store.unsureDeliveries('one', 'ae', unsure[0]!.at + 1)).toEqual([])
    })
  })

  it('keeps what people want to hear', async () => {
    const wish = { off: ['hygiene' as const], place: 'dm' as const, pace: 'daily' as const }
    await save({ noun: 'nudge-preferences', person: 'ae', next: wish })
    await save({ noun: 'nudge-preferences', person: 'ae', next: { ...wish, pace: 'at-once' } })
    expect([...(await store.nudgePreferences('one'))]).toEqual([['ae', { ...wish, pace: 'at-once' }]])
  })

  it('a subject’s nudges that still count, of any kind', async () => {
    await add('k-1', { subject: { noun: 'account', id: 'k' }, kind: 'renewal' })
    await add('k-2', { subject: { noun: 'account', id: 'k' }, kind: 'health-red', weight: 500 })
    await add('k-3', { subject: { noun: 'account', id: 'k' }, kind: 'qbr-due', status: 'done' })
    const found = await store.openNudgesOn('one', { noun: 'account', id: 'k' })
    expect(found.map(({ id }) => id)).toEqual(['k-2', 'k-1'])
    expect(await store.nudgesOn('one', 'renewal', [on('nothing')])).toEqual([])
  })
})
