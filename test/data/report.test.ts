import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataStore } from '../../data/store.ts'
import type { Opportunity } from '../../src/canon/opportunity.ts'
import type { SnapshotCell } from '../../src/canon/pipeline.ts'
import type { Report } from '../../src/canon/report.ts'
import { engines, freshStore } from '../support/databases.ts'
import { addDeals, at, change, deal, entry, krw, opened, request, settle } from './world.ts'

const days = {
  today: '2026-05-04',
  quarterTo: '2026-06-30',
  nextTo: '2026-09-30',
  stalledBefore: '2026-04-04',
} as const
const week = {
  from: '2026-04-27',
  to: '2026-05-03',
  since: Date.parse('2026-04-27T00:00:00+09:00'),
  until: Date.parse('2026-05-04T00:00:00+09:00'),
} as const
const inWeek = Date.parse('2026-04-29T12:00:00+09:00')

describe.each(engines)('numbers of the pipeline on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  const company = 'acme'
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine))
    await settle(store, company)
  })
  afterAll(() => close())

  const put = (id: string, more: Partial<Opportunity>) =>
    deal(id, { owner: 'ae', stage: 'S4', amount: krw(100), ...more })

  it('are sums by owner, stage, currency, tier and channel, of open deals alone', async () => {
    const without = (deal: Opportunity, ...keys: (keyof Opportunity)[]): Opportunity =>
      Object.fromEntries(
        Object.entries(deal).filter(([key]) => !keys.includes(key as keyof Opportunity)),
      ) as never
    await addDeals(store, company, [
      put('P1', {
        tier: 'T1',
        channel: 'inbound',
        expectedCloseOn: '2026-05-01',
        stageEnteredOn: '2026-03-01',
      }),
      put('P2', {
        tier: 'T1',
        channel: 'inbound',
        expectedCloseOn: '2026-07-15',
        stageEnteredOn: '2026-04-20',
      }),
      put('P3', {
        tier: 'T2',
        channel: 'partner',
        expectedCloseOn: '2026-06-30',
        stageEnteredOn: '2026-04-20',
      }),
      without(put('P4', { stage: 'S1', owner: 'manager' }), 'amount', 'listAmount', 'expectedCloseOn'),
      without(put('P5', { stage: 'S2', expectedCloseOn: '2026-06-01' }), 'owner'),
      put('P6', { stage: 'CW', closedOn: '2026-04-30', price: krw(90) }),
      put('P7', { stage: 'CL', closedOn: '2026-05-01', lossReason: 'price', competitor: 'Rival' }),
    ])
    const cells = await store.pipelineCells(company, 'all', days)
    const of = (stage: string, tier?: string) =>
      cells.find((cell) => cell.stage === stage && (tier === undefined || cell.tier === tier))
    expect(of('S4', 'T1')).toMatchObject({
      owner: 'ae',
      channel: 'inbound',
      deals: 2,
      amount: 200,
      dueDeals: 1,
      due: 100,
      nextDeals: 1,
      next: 100,
      overdue: 1,
      stalled: 1,
    })
    expect(of('S4', 'T2')).toMatchObject({ deals: 1, due: 100, next: 0, overdue: 0, undated: 0, stalled: 0 })
    expect(of('S1')).toMatchObject({ owner: 'manager', deals: 1, amount: 0, dueDeals: 0, undated: 1 })
    expect(cells.some(({ stage }) => (stage as string) === 'CW' || (stage as string) === 'CL')).toBe(false)
    const named = await store.pipelineCells(company, { owners: ['ae'] }, days)
    expect(named.every(({ owner }) => owner === 'ae')).toBe(true)
    const nobody = await store.pipelineCells(company, { owners: [], nobody: true }, days)
    expect(nobody).toHaveLength(1)
    expect(nobody[0]).not.toHaveProperty('owner')
  })

  it('know what was won at its price and lost for what reason', async () => {
    expect(await store.wonCells(company, 'all', week.from, week.to)).toEqual([
      { owner: 'ae', currency: 'KRW', deals: 1, amount: 90 },
    ])
    const closed = await store.closedCells(company, 'all', week.from, week.to)
    expect(closed.find(({ stage }) => stage === 'CL')).toMatchObject({
      lossReason: 'price',
      competitor: 'Rival',
      deals: 1,
      amount: 100,
    })
  })

  it('every door that moves a close date leaves its move behind, and one that does not leaves none', async () => {
    await addDeals(store, company, [put('M1', { expectedCloseOn: '2026-05-10', createdOn: '2026-01-01' })])
    const m1 = await store.deal(company, 'M1')
    const save = (next: Opportunity) =>
      store.commit(change(company, { save: [{ noun: 'opportunity', next, expect: next.version - 1 }] }))
    const moved = { ...m1!, expectedCloseOn: '2026-06-20', version: m1!.version + 1, updatedAt: inWeek }
    expect((await save(moved)).outcome).toBe('committed')
    // Another change of the same deal, and the same date again, are no moves.
    await save({ ...moved, name: 'renamed', version: moved.version + 1 })
    // Straight SQL, as an import's merge writes it.
    await store.database.transact(async (trx) => {
      await trx
        .updateTable('opportunities')
        .set({ expected_close_on: '2026-07-20', updated_at: inWeek + 1 })
        .where('company_id', '=', company)
        .where('id', '=', 'M1')
        .execute()
    })
    const moves = await store.dealMoves(company, 'all', week)
    expect(moves.filter(({ deal }) => deal === 'M1')).toEqual([
      {
        what: 'slipped',
        deal: 'M1',
        owner: 'ae',
        amount: krw(100),
        from: '2026-05-10',
        to: '2026-07-20',
      },
    ])
    const { rows } = await store.database.transact((trx) =>
      trx
        .selectFrom('close_moves')
        .selectAll()
        .where('deal', '=', 'M1')
        .execute()
        .then((rows) => ({ rows })),
    )
    expect(rows.map(({ seq, from_on, to_on, at }) => [seq, from_on, to_on, at])).toEqual([
      [1, '2026-05-10', '2026-06-20', inWeek],
      [2, '2026-06-20', '2026-07-20', inWeek + 1],
    ])
  })

  it('a week’s moves of stage count once, from the first to the last', async () => {
    await addDeals(store, company, [put('H1', { stage: 'S3', createdOn: '2026-01-01' })])
    for (const [from, to, version] of [
      ['S3', 'S4', 2],
      ['S4', 'S5', 3],
    ] as const) {
      const before = await store.deal(company, 'H1')
      await store.commit(
        change(company, {
          save: [
            {
              noun: 'opportunity',
              next: { ...before!, stage: to, version },
              expect: version - 1,
              entry: entry('H1', { from, to, at: inWeek + version }),
            },
          ],
        }),
      )
    }
    const moves = await store.dealMoves(company, 'all', week)
    expect(moves.filter(({ deal, what }) => deal === 'H1' && what === 'advanced')).toEqual([
      { what: 'advanced', deal: 'H1', owner: 'ae', amount: krw(100), from: 'S3', to: 'S5' },
    ])
    expect(moves.filter(({ what }) => what === 'won').map(({ deal, amount }) => [deal, amount])).toEqual([
      ['P6', krw(90)],
    ])
  })

  it('what may be at risk comes with how often its close was moved', async () => {
    const rows = await store.riskRows(company, 'all', days, 0, 5)
    expect(rows.map(({ deal }) => deal)).toEqual(expect.arrayContaining(['P1']))
    expect(rows.map(({ deal }) => deal)).not.toContain('P6')
    await store.database.transact(async (trx) => {
      await trx
        .updateTable('opportunities')
        .set({ stage_entered_on: '2026-01-01' })
        .where('company_id', '=', company)
        .where('id', '=', 'M1')
        .execute()
    })
    const m1 = (await store.riskRows(company, 'all', days, 0, 5)).find(({ deal }) => deal === 'M1')
    expect(m1).toMatchObject({ slips: 2, slippedDays: 71 })
  })

  it('a discount in somebody’s own authority is told apart from one that was approved', async () => {
    const settled = { status: 'approved', settledAt: inWeek } as const
    await store.commit(
      change(company, {
        save: [
          opened(request('G1', { deal: 'P1', ...settled, steps: [] }), { waiting: [] }),
          opened(request('G2', { deal: 'P2', ...settled }), { waiting: [] }),
        ],
      }),
    )
    const given = await store.givenDiscounts(company, week.since, week.until)
    expect(given.map(({ request, deal, ownAuthority }) => [request, deal, ownAuthority])).toEqual([
      ['G1', 'P1', true],
      ['G2', 'P2', (request('x').steps?.length ?? 0) === 0],
    ])
    expect(await store.givenDiscounts(company, week.until, week.until + 1)).toEqual([])
  })

  it('a report of a slot is kept once, and a second one keeps nothing of its change', async () => {
    const next: Report = {
      id: 'weekly-digest:team:t:2026-05-04',
      kind: 'weekly-digest',
      of: { noun: 'team', id: 't' },
      slot: '2026-05-04',
      at,
      body: { n: 1 },
    }
    const cells: SnapshotCell[] = [
      {
        takenOn: '2026-05-04',
        team: 't',
        facet: 'owner',
        value: 'ae',
        stage: 'S4',
        currency: 'KRW',
        deals: 2,
        amount: 200,
      },
    ]
    const commit = (body: object, takenOn: string) =>
      store.commit(
        change(company, {
          save: [
            { noun: 'report', next: { ...next, body } },
            { noun: 'pipeline-snapshot', cells: cells.map((cell) => ({ ...cell, takenOn })) },
          ],
        }),
      )
    expect((await commit({ n: 1 }, '2026-05-04')).outcome).toBe('committed')
    expect((await commit({ n: 2 }, '2026-05-05')).outcome).toBe('stale')
    expect(await store.report(company, next.id)).toEqual(next)
    expect(await store.reportIds(company, 'weekly-digest', '2026-05-04')).toEqual([next.id])
    expect(await store.pipelineSnapshot(company, ['t', 'other'], '2026-05-01', '2026-05-31')).toEqual(cells)
    expect(await store.pipelineSnapshot(company, ['t'], '2026-05-05', '2026-05-31')).toEqual([])
  })

  it('a snapshot that is there already stays as it was', async () => {
    const rows = [
      {
        quarter: '2026-Q2',
        team: 't',
        currency: 'KRW',
        takenAt: 1,
        weighted: 5,
        commit: 1,
        best: 2,
        pipeline: 9,
        won: 0,
      },
    ]
    const keep = (weighted: number) =>
      store.commit(
        change(company, {
          save: [{ noun: 'forecast-snapshot', rows: rows.map((row) => ({ ...row, weighted })) }],
        }),
      )
    await keep(5)
    await keep(7)
    expect(await store.forecastSnapshots(company, '2026-Q2')).toEqual(rows)
  })
})
