import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { planFiles, problemLine, runImport } from '../../data/import.ts'
import { ingest } from '../../data/ingest.ts'
import type { DataStore } from '../../data/store.ts'
import type { AccountHealth, HealthSignal } from '../../src/canon/health.ts'
import type { HealthTask } from '../../src/canon/health-task.ts'
import type { Save } from '../../src/ports.ts'
import { engines, freshStore } from '../support/databases.ts'
import { csv, folder } from './files.ts'
import { account, at, change, settle } from './world.ts'

const now = Date.UTC(2026, 10, 20, 3)

const signal = (over: Partial<HealthSignal> = {}): HealthSignal => ({
  account: 'A',
  component: 'adoption',
  score: 620,
  measuredOn: '2026-11-01',
  recordedAt: at,
  by: 'csm',
  door: 'slack',
  ...over,
})

const health = (over: Partial<AccountHealth> = {}): AccountHealth => ({
  account: 'A',
  version: 1,
  score: 620,
  grade: 'at-risk',
  since: '2026-11-01',
  computedAt: at,
  rules: 'r1',
  ...over,
})

const task = (over: Partial<HealthTask> = {}): HealthTask => ({
  id: 'T1',
  account: 'A',
  kind: 'review',
  version: 1,
  status: 'open',
  openedAt: at,
  openedOn: '2026-11-01',
  score: 400,
  ...over,
})

describe.each(engines)('account health on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  let company = ''
  let count = 0
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => now } }))
  })
  afterAll(() => close())
  beforeEach(async () => {
    company = `c${++count}`
    await settle(store, company)
    await save(
      { noun: 'account', next: account('A', { name: 'Alpha', csm: 'csm', ae: 'ae' }), expect: 'new' },
      { noun: 'account', next: account('B', { name: 'Beta', csm: 'other' }), expect: 'new' },
    )
  })
  const save = (...saves: readonly Save[]) => store.commit(change(company, { save: saves }))
  const toCompute = () => store.healthToCompute(company, 'r1', 10)

  it('keeps every signal, corrects the one of the same day, and marks the account', async () => {
    await save({ noun: 'health-signal', next: signal() })
    await save({ noun: 'health-signal', next: signal({ score: 700 }) })
    await save({ noun: 'health-signal', next: signal({ measuredOn: '2026-11-09', score: 550 }) })
    expect(await store.signalsOf(company, 'A', 10)).toEqual([
      signal({ measuredOn: '2026-11-09', score: 550 }),
      signal({ score: 700 }),
    ])
    expect(await toCompute()).toEqual([{ account: 'A', marks: 3 }])
  })

  it('a signal that came while the account was computed is not taken for computed', async () => {
    await save({ noun: 'health-signal', next: signal() })
    const [seen] = await toCompute()
    await save({ noun: 'health-signal', next: signal({ component: 'support' }) })
    await save({ noun: 'health-computed', account: 'A', marks: seen!.marks! })
    expect(await toCompute()).toEqual([{ account: 'A', marks: 2 }])
    await save({ noun: 'health-computed', account: 'A', marks: 2 })
    expect(await toCompute()).toEqual([])
  })

  it('of two who compute at once the second starts anew; each change of grade is a line of history', async () => {
    const first = { account: 'A', at, on: '2026-11-01', to: 'at-risk', score: 620 } as const
    expect(await save({ noun: 'health', next: health(), expect: 'new', change: first })).toMatchObject({
      outcome: 'committed',
    })
    expect(await save({ noun: 'health', next: health(), expect: 'new' })).toMatchObject({ outcome: 'stale' })
    const red = health({
      version: 2,
      score: 410,
      grade: 'critical',
      before: { grade: 'at-risk', score: 620 },
    })
    const second = {
      account: 'A',
      at: at + 1,
      on: '2026-11-02',
      from: 'at-risk',
      to: 'critical',
      score: 410,
      scoreBefore: 620,
    } as const
    await save({ noun: 'health', next: red, expect: 1, change: second })
    expect(await save({ noun: 'health', next: health({ version: 2 }), expect: 1 })).toMatchObject({
      outcome: 'stale',
    })
    expect(await store.healthOf(company, 'A')).toEqual(red)
    expect(await store.healthHistory(company, 'A', 10)).toEqual([second, first])
  })

  it('accounts computed under other rules are computed anew', async () => {
    await save({ noun: 'health', next: health(), expect: 'new' })
    expect(await toCompute()).toEqual([])
    expect(await store.healthToCompute(company, 'r0', 10)).toEqual([{ account: 'A' }])
    expect(await store.healthToCompute(company, 'r2', 10)).toEqual([{ account: 'A' }])
  })

  it('an account has one review and one plan open at a time, whoever races whom', async () => {
    expect(await save({ noun: 'health-task', next: task(), expect: 'new' })).toMatchObject({
      outcome: 'committed',
    })
    expect(await save({ noun: 'health-task', next: task({ id: 'T2' }), expect: 'new' })).toMatchObject({
      outcome: 'stale',
    })
    const plan = task({ id: 'T3', kind: 'plan', dueOn: '2026-12-01' })
    await save({ noun: 'health-task', next: plan, expect: 'new' })
    const closed = task({ version: 2, status: 'closed', action: 'called', closedBy: 'csm' })
    await save({ noun: 'health-task', next: closed, expect: 1 })
    const again = task({ id: 'T2', openedAt: at + 1 })
    await save({ noun: 'health-task', next: again, expect: 'new' })
    expect(await store.healthTasksOf(company, 'A', 10)).toEqual([again, plan, closed])
    expect(await store.openHealthTasks(company, 'review', '', 10)).toEqual([
      { task: again, account: { id: 'A', csm: 'csm', ae: 'ae' } },
    ])
    expect(await store.openHealthTasks(company, 'review', 'T2', 10)).toEqual([])
    expect(await store.healthTask(company, 'T1')).toEqual(closed)
    // Reopening the older one while the newer is open would be a second review.
    expect(await save({ noun: 'health-task', next: task({ version: 3 }), expect: 2 })).toMatchObject({
      outcome: 'stale',
    })
  })

  it('lists the worst first, counts the mix, and keeps to whose accounts they are', async () => {
    await save(
      { noun: 'account', next: account('C', { name: 'Gamma', csm: 'csm' }), expect: 'new' },
      { noun: 'account', next: account('P', { name: 'Prospect' }), expect: 'new' },
      { noun: 'health', next: health(), expect: 'new' },
      { noun: 'health', next: health({ account: 'B', score: 310, grade: 'critical' }), expect: 'new' },
      { noun: 'health-task', next: task({ account: 'B' }), expect: 'new' },
    )
    const all = await store.healthList(company, { all: true }, 10)
    expect(all.map((row) => [row.account.id, row.health?.score, row.review])).toEqual([
      ['B', 310, true],
      ['A', 620, false],
      ['C', undefined, false],
    ])
    expect((await store.healthList(company, { all: true }, 1)).length).toBe(1)
    const mine = { all: false, people: ['csm'] } as const
    expect((await store.healthList(company, mine, 10)).map((row) => row.account.id)).toEqual(['A', 'C'])
    expect(await store.healthMix(company, { all: true })).toEqual({
      healthy: 0,
      'at-risk': 1,
      critical: 1,
      unknown: 1,
    })
    expect(await store.healthMix(company, mine)).toEqual({
      healthy: 0,
      'at-risk': 1,
      critical: 0,
      unknown: 1,
    })
    const none = await store.healthMix(company, { all: false, people: [] })
    expect(Object.values(none)).toEqual([0, 0, 0, 0])
  })

  // ── the doors ──────────────────────────────────────────────────────────────

  const take = async (text: string, skipBad = false) => {
    const files = folder({ 'health-signals.csv': text })
    try {
      return await runImport(store, await planFiles([files.path]), { company, now: () => now, skipBad })
    } finally {
      files.remove()
    }
  }
  const header = 'account,component,score,measured_on'

  it('a file of signals comes in once, corrects itself, and leaves the accounts to be computed', async () => {
    const first = await take(csv(header, 'A,adoption,62.5,2026-11-01', 'A,Support,80,2026-11-01'))
    expect(first).toMatchObject({ outcome: 'applied', counts: [{ rows: 2, added: 2, changed: 0 }] })
    expect(await toCompute()).toEqual([{ account: 'A', marks: 1 }])
    const second = await take(csv(header, 'A,adoption,70,2026-11-01', 'A,support,80,2026-11-01'))
    expect(second.counts).toMatchObject([{ added: 0, changed: 1 }])
    expect(await store.signalsOf(company, 'A', 10)).toMatchObject([
      { component: 'adoption', score: 700, by: 'import', door: 'import', recordedAt: now },
      { component: 'support', score: 800 },
    ])
  })

  it('each row that can not be is refused with why: range, component, future, account, twice', async () => {
    const report = await take(
      csv(
        header,
        'A,adoption,100.1,2026-11-01',
        'A,adoption,-3,2026-11-01',
        'A,adoption,1e2,2026-11-01',
        'A,adoption,55.55,2026-11-01',
        'A,adopton,50,2026-11-01',
        'A,adoption,50,2026-11-21',
        'A,adoption,50,2026-02-30',
        'nowhere,adoption,50,2026-11-01',
        'A,adoption,50,2026-11-20',
        'A,adoption,51,2026-11-20',
        'A,,51,2026-11-20',
      ),
    )
    expect(report.outcome).toBe('refused')
    const told = report.problems.map(problemLine)
    expect(told.map((line) => line.split(' ')[0])).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 12, 11, 9].map((line) => `health-signals.csv:${line}`),
    )
    expect(told[0]).toContain('not a score from 0 to 100')
    expect(told[3]).toContain('more than one decimal')
    expect(told[4]).toContain('did you mean adoption?')
    expect(told[5]).toContain('lies ahead; today is 2026-11-20')
    expect(told[6]).toContain('does not exist')
    expect(told.find((line) => line.includes(':9 '))).toContain('not the id of an account')
    expect(told.find((line) => line.includes(':11 '))).toContain('comes once')
    expect(await store.signalsOf(company, 'A', 10)).toEqual([])
  })

  it('over the API each bad row is refused by itself, and the good ones are taken', async () => {
    const rows = [
      { account: 'A', component: 'sentiment', score: 41.5, measured_on: '2026-11-19' },
      { account: 'A', component: 'sentiment', score: 101, measured_on: '2026-11-18' },
      { account: 'A', component: 'sentiment', score: 50 },
      { account: 'A', component: 'sentiment', score: 50, measured_on: '2027-01-01' },
      { account: 'A', component: 'mood', score: 50, measured_on: '2026-11-18' },
    ]
    const taken = await ingest(store, { id: 'tok', company }, 'health-signals', rows, () => now)
    if ('busy' in taken) throw new Error(taken.busy)
    expect(taken).toMatchObject({ added: 1, changed: 0 })
    expect(taken.results.map((row) => row.errors?.[0]?.field)).toEqual([
      undefined,
      'score',
      'measured_on',
      'measured_on',
      'component',
    ])
    expect(await store.signalsOf(company, 'A', 10)).toEqual([
      signal({
        component: 'sentiment',
        score: 415,
        measuredOn: '2026-11-19',
        recordedAt: now,
        by: 'tok',
        door: 'api',
      }),
    ])
    expect(await store.signalsOf('c1', 'A', 10)).not.toContainEqual(expect.objectContaining({ by: 'tok' }))
  })
})
