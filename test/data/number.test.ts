import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ImportOptions, planFiles, problemLine, runImport } from '../../data/import.ts'
import { ingest } from '../../data/ingest.ts'
import type { DataStore } from '../../data/store.ts'
import { defaultWorkingTime, localDate } from '../../src/canon/calendar.ts'
import { added, type MetricSource, type Slice } from '../../src/canon/metric.ts'
import { periodOf, upTo } from '../../src/canon/period.ts'
import { engines, freshStore } from '../support/databases.ts'
import { csv, type Folder, folder } from './files.ts'

/** Friday 2026-11-20, noon in Seoul. */
const now = Date.parse('2026-11-20T12:00:00+09:00')
const working = defaultWorkingTime('Asia/Seoul')

const people = csv(
  'id,name,roles,team',
  'ae,Ann,ae,north',
  'bo,Bo,ae,south',
  'csm,Cara,csm,',
  'sdr,Sam,sdr,north',
)
const teams = csv('id,name,quarterly_target', 'north,North,1000000', 'south,South,500000')
const accounts = csv(
  'id,name,tier,industry,csm,ae,currency',
  'a1,Hanseo,T1,Metal,csm,ae,KRW',
  'a2,Brightwater,T2,Food,csm,bo,USD',
  'a3,Daon,T1,Metal,,ae,',
)
const deals = csv(
  'id,name,owner,account,stage,amount,list_amount,currency,created_on,closed_on,stage_entered_on,channel,product,metrics,champion,loss_reason,competitor',
  'w1,Won,ae,a1,CW,900000,1000000,KRW,2026-09-01,2026-10-31,2026-10-31,outbound,P,m,c,,',
  'w2,Won,bo,a2,CW,500.00,,USD,2026-10-01,2026-11-10,2026-11-10,inbound,Q,,,,',
  'w3,Won,ae,a1,CW,100000,,KRW,2026-01-01,2026-06-10,2026-06-10,inbound,P,,,,',
  'l1,Lost,ae,a3,CL,1,,KRW,2026-09-01,2026-11-01,2026-11-01,partner,P,,,price,none',
  'o1,Open,ae,a1,S4,300000,,KRW,2026-10-05,,2026-10-05,cs_driven,P,m,c,,',
  'o2,Open,ae,a3,S1,200000,,KRW,2026-11-05,,2026-11-05,inbound,,,,,',
  'o3,Open,bo,a2,S2,1000.00,,USD,2026-07-05,,2026-11-19,,Q,,,,',
)

describe.each(engines)('numbers on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  let files: Folder
  let company = ''
  let count = 0
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => now } }))
  })
  afterAll(() => close())
  beforeEach(() => {
    company = `c${++count}`
    files = folder()
  })
  afterEach(() => files.remove())

  async function take(given: Readonly<Record<string, string>>, options: Partial<ImportOptions> = {}) {
    const paths = Object.entries(given).map(([name, content]) => files.write(name, content))
    return runImport(store, await planFiles(paths), { company, now: () => now, asIs: true, ...options })
  }
  const base = {
    'people.csv': people,
    'teams.csv': teams,
    'accounts.csv': accounts,
    'opportunities.csv': deals,
  }
  const slice = (over: Partial<Slice> = {}): Slice => ({
    periods: [periodOf('quarter', '2026-11-20')],
    owners: 'all',
    now,
    today: localDate(now, 'Asia/Seoul'),
    working,
    stalledAfterDays: 30,
    ...over,
  })
  const whole = async (source: MetricSource, over: Partial<Slice> = {}) =>
    added((await store.metricSums(company, source, slice(over))).map(({ sums }) => sums))
  const by = async (source: MetricSource, dimension: NonNullable<Slice['by']>, over: Partial<Slice> = {}) =>
    Object.fromEntries(
      (await store.metricSums(company, source, slice({ by: dimension, ...over }))).map(({ key, sums }) => [
        String(key),
        sums,
      ]),
    )

  describe('by import', () => {
    it('revenue, costs and rates are taken, in the account’s currency and the company’s', async () => {
      const report = await take({
        ...base,
        'revenue.csv': csv(
          'account,month,mrr,expansion,contraction,churn',
          'a1,2026-10,1000000,200000,50000,0',
          'a2,2026-10,400.50,0,0,100.25',
          'a3,2026-11,500,,,',
        ),
        'costs.csv': csv('period,sm_cost', '2026-Q3,3000000', '2026-10,500000'),
        'fx.csv': csv('date,from,to,rate', '2026-11-01,USD,KRW,1384.5'),
      })
      expect(report.problems.map(problemLine)).toEqual([])
      expect(report.outcome).toBe('applied')
      const { rows } = await store.database.read
        .selectFrom('revenue')
        .select(['account', 'currency', 'mrr', 'expansion', 'churn'])
        .where('company_id', '=', company)
        .orderBy('account')
        .execute()
        .then((rows) => ({ rows }))
      expect(rows).toEqual([
        { account: 'a1', currency: 'KRW', mrr: 1_000_000, expansion: 200_000, churn: 0 },
        { account: 'a2', currency: 'USD', mrr: 40_050, expansion: 0, churn: 10_025 },
        { account: 'a3', currency: 'KRW', mrr: 500, expansion: 0, churn: 0 },
      ])
      expect(await store.fxRates(company, '2026-11-20')).toEqual([
        { on: '2026-11-01', from: 'USD', to: 'KRW', rate: 1384.5 },
      ])
      expect(await store.fxRates(company, '2026-10-31')).toEqual([])
      expect(await store.metricSource(company, 'revenue')).toMatchObject({ any: true })
    })

    it('the same rows again change nothing; a corrected one changes that one', async () => {
      await take(base)
      const file = (mrr: string) => ({
        'revenue.csv': csv('account,month,mrr,expansion', `a1,2026-10,${mrr},5`, 'a3,2026-10,7,0'),
      })
      expect((await take(file('10'))).counts).toMatchObject([{ added: 2, changed: 0 }])
      expect((await take(file('10'), { again: true })).counts).toMatchObject([{ added: 0, changed: 0 }])
      expect((await take(file('11'))).counts).toMatchObject([{ added: 0, changed: 1 }])
    })

    it.each([
      ['revenue.csv', 'account,month,mrr,churn', 'a1,2026-10,-5,0', /mrr — “-5” is negative/],
      ['revenue.csv', 'account,month,mrr,churn', 'a1,2026-10,5,-1', /churn — “-1” is negative/],
      [
        'revenue.csv',
        'account,month,mrr,churn',
        'a1,2026-13,5,0',
        /month — “2026-13” is not a month such as 2026-07/,
      ],
      [
        'revenue.csv',
        'account,month,mrr,churn',
        'a1,2026-12,5,0',
        /month — “2026-12” lies ahead; today is 2026-11-20/,
      ],
      [
        'revenue.csv',
        'account,month,mrr,churn',
        'zz,2026-10,5,0',
        /account — “zz” is not the id of an account/,
      ],
      [
        'revenue.csv',
        'account,month,mrr,churn',
        'a1,2026-10,5.5,0',
        /mrr — “5\.5” has decimals, but KRW has none/,
      ],
      [
        'revenue.csv',
        'account,month,mrr,currency',
        'a1,2026-10,5,XQZ',
        /currency — “XQZ” is not a currency code/,
      ],
      ['costs.csv', 'period,sm_cost', '2026-Q5,5', /period — “2026-Q5” is not a period/],
      ['costs.csv', 'period,sm_cost', '2027-Q1,5', /period — “2027-Q1” lies ahead/],
      ['costs.csv', 'period,sm_cost', '2026-Q1,-5', /sm_cost — “-5” is negative/],
      ['fx.csv', 'date,from,to,rate', '2026-11-21,USD,KRW,1300', /date — “2026-11-21” lies ahead/],
      ['fx.csv', 'date,from,to,rate', '2026-11-20,USD,KRW,0', /rate — must be over 0/],
      ['fx.csv', 'date,from,to,rate', '2026-11-20,USD,KRW,-3', /rate — “-3” is not a rate/],
      ['fx.csv', 'date,from,to,rate', '2026-11-20,USD,ZZZ,3', /to — “ZZZ” is not a currency code/],
      ['fx.csv', 'date,from,to,rate', '2026-11-20,USD,USD,1', /to — is USD too/],
    ])('%s: a bad row is refused by itself (%s: %s)', async (name, header, row, why) => {
      await take(base)
      const good =
        name === 'revenue.csv'
          ? `a3,2026-09,1,${header.endsWith('currency') ? 'KRW' : '0'}`
          : name === 'costs.csv'
            ? '2026-01,1'
            : '2026-01-01,EUR,KRW,1500'
      const report = await take({ [name]: csv(header, row, good) }, { skipBad: true })
      expect(report.problems.map(problemLine)).toEqual([expect.stringMatching(why)])
      expect(report.counts).toMatchObject([{ rows: 2, bad: 1, added: 1 }])
    })

    it('revenue comes over the API, each bad row refused by itself', async () => {
      await take(base)
      const taken = await ingest(
        store,
        { id: 'T', company },
        'revenue',
        [
          { account: 'a1', month: '2026-10', mrr: 10, churn: 1 },
          { account: 'a1', month: '2027-01', mrr: 10 },
        ],
        () => now,
      )
      expect(taken).toMatchObject({ added: 1, results: [{ result: 'accepted' }, { result: 'refused' }] })
    })
  })

  describe('added up', () => {
    beforeEach(() => take(base))

    it('closed deals: won, lost, days, list and price by currency', async () => {
      expect(await whole('closed')).toEqual({
        n: { won: 2, lost: 1, timed: 2, days: 60 + 40 },
        money: {
          KRW: { contracts: 1, won: 900_000, listed: 1, list: 1_000_000, paid: 900_000 },
          USD: { contracts: 1, won: 50_000 },
        },
        spread: {},
      })
    })

    it.each(['tier', 'channel', 'rep', 'industry', 'product'] as const)(
      'the parts by %s are the whole, of every source of deals',
      async (dimension) => {
        for (const source of [
          'closed',
          'open',
          'held',
          'created',
          'standing',
          'expansions',
          'moves',
        ] as const) {
          const parts = added(Object.values(await by(source, dimension)))
          expect(parts, source).toEqual(await whole(source))
        }
      },
    )

    it('periods that follow one another share out what falls into them', async () => {
      const groups = await store.metricSums(
        company,
        'closed',
        slice({ periods: upTo(periodOf('quarter', '2026-11-20'), 3) }),
      )
      expect(groups.map(({ period, sums }) => [period, sums.n.won]).sort()).toEqual([
        [0, 1],
        [2, 2],
      ])
    })

    it('open deals: stalled, MEDDICC from S3 on, filled fields, and how they lie on the reps', async () => {
      expect(await whole('open')).toEqual({
        n: { deals: 3, stalled: 1, from_s3: 1, meddicc: 2, fields: 6 + 5 + 5 },
        money: { KRW: { open: 500_000 }, USD: { open: 100_000 } },
        spread: {},
      })
      expect((await whole('held')).spread).toEqual({ 'deals:ae': 2, 'deals:bo': 1 })
    })

    it('what stood open at the end of earlier periods is reckoned from the days', async () => {
      const groups = await store.metricSums(
        company,
        'standing',
        slice({ periods: upTo(periodOf('month', '2026-11-20'), 3) }),
      )
      const open = groups.sort((a, b) => a.period - b.period).map(({ sums }) => sums.n.open)
      // September: w1, l1 and o3; October: w2, l1, o1, o3; November: the three that are open.
      expect(open).toEqual([3, 4, 3])
    })

    it('people’s own rows alone are added up where owners are named', async () => {
      expect((await whole('closed', { owners: ['bo'] })).n).toEqual({ won: 1, timed: 1, days: 40 })
      expect((await whole('open', { owners: [] })).n).toEqual({})
    })

    it('customers count on the day of their first contract', async () => {
      expect((await whole('customers')).n).toEqual({ customers: 1 })
      expect((await whole('customers', { periods: [periodOf('quarter', '2026-06-01')] })).n).toEqual({
        customers: 1,
      })
    })

    it('costs of a quarter need every month of it, or the quarter itself', async () => {
      const quarter = { periods: [periodOf('quarter', '2026-08-01')] }
      await take({ 'costs.csv': csv('period,sm_cost', '2026-07,10', '2026-08,20') })
      expect((await whole('costs', quarter)).money).toEqual({})
      await take({ 'costs.csv': csv('period,sm_cost', '2026-09,30') })
      expect((await whole('costs', quarter)).money).toEqual({ KRW: { cost: 60 } })
      await take({ 'costs.csv': csv('period,sm_cost', '2026-Q3,90') })
      expect((await whole('costs', quarter)).money).toEqual({ KRW: { cost: 90 } })
    })

    it('retention is of those who were customers when the period began', async () => {
      await take({
        'revenue.csv': csv(
          'account,month,mrr,expansion,contraction,churn',
          'a1,2026-07,1000,100,0,0',
          'a1,2026-08,1100,0,50,0',
          'a3,2026-07,500,0,0,500',
          'a2,2026-08,90.00,30.00,0,0',
        ),
      })
      const quarter = { periods: [periodOf('quarter', '2026-08-01')] }
      expect(await whole('revenue', quarter)).toEqual({
        n: { accounts: 2 },
        money: {
          KRW: { start: 1_500, expansion: 100, contraction: 50, churn: 500, kept: 950 },
        },
        spread: {},
      })
      expect(Object.keys(await by('revenue', 'tier', quarter))).toEqual(['T1'])
      expect((await whole('revenue', { ...quarter, owners: ['csm'] })).n).toEqual({ accounts: 1 })
    })

    it('activities, leads and changes of stage are counted in the company’s days', async () => {
      await take({
        'leads.csv': csv(
          'id,name,arrived_at,owner,first_touch_at,score,status',
          // Friday 17:58 to Monday 09:01: three working minutes.
          'x1,L,2026-10-30T17:58:00+09:00,sdr,2026-11-02T09:01:00+09:00,90,handed_over',
          'x2,L,2026-11-02T10:00:00+09:00,sdr,2026-11-02T10:07:00+09:00,10,working',
          'x3,L,2026-11-02T10:00:00+09:00,sdr,,10,working',
        ),
        'activities.csv': csv(
          'id,opportunity,person,kind,happened_at',
          'y1,o1,ae,call,2026-10-01T00:00:00+09:00',
          'y2,o1,ae,meeting,2026-09-30T23:59:59+09:00',
          'y3,o1,bo,email,2026-11-21T10:00:00+09:00',
        ),
        'stage-history.csv': csv(
          'opportunity,from,to,at',
          'w1,S1,S2,2026-10-01T09:00:00+09:00',
          'w1,S2,S4,2026-10-10T09:00:00+09:00',
          'w1,S4,CW,2026-10-31T09:00:00+09:00',
          'l1,S1,CL,2026-11-01T09:00:00+09:00',
        ),
      })
      expect(await whole('leads')).toEqual({
        n: { leads: 3, touched: 2, minutes: 10 },
        money: {},
        spread: { 'leads:90': 1, 'leads:10': 2, 'converted:90': 1 },
      })
      // What lies ahead has not happened.
      expect((await whole('activities')).n).toEqual({ activities: 1, touches: 1 })
      expect((await whole('moves')).n).toEqual({
        'S1>S2': 1,
        'S2>S4': 1,
        'S4>CW': 1,
        'S1>CL': 1,
        timed: 1,
        ms: 21 * 86_400_000,
      })
      expect(added(Object.values(await by('moves', 'rep')))).toEqual(await whole('moves'))
    })
  })
})
