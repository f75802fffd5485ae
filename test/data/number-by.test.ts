import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planFiles, runImport } from '../../data/import.ts'
import type { DataStore } from '../../data/store.ts'
import { readMetric } from '../../handlers/metric-reading.ts'
import { defaultWorkingTime } from '../../src/canon/calendar.ts'
import {
  added,
  type Dimension,
  dimensions,
  isLack,
  type MetricId,
  type MetricSource,
  metricIds,
  metricSources,
  type Slice,
  saysTeam,
} from '../../src/canon/metric.ts'
import { metrics } from '../../src/canon/metrics.ts'
import { periodOf } from '../../src/canon/period.ts'
import { engines, freshStore } from '../support/databases.ts'
import { csv, folder } from './files.ts'

/** Friday 2026-11-20, noon in Seoul. */
const now = Date.parse('2026-11-20T12:00:00+09:00')
const at = Date.parse('2026-11-10T09:00:00+09:00')
const hour = 3_600_000
const company = 'c1'
const quarter = periodOf('quarter', '2026-11-20')

const files = {
  'people.csv': csv(
    'id,name,roles,team',
    'ae,Ann,ae,north',
    'bo,Bo,ae,south',
    'csm,Cara,csm,north',
    'sdr,Sam,sdr,south',
  ),
  'teams.csv': csv('id,name,quarterly_target', 'north,North,1000000', 'south,South,500000'),
  'accounts.csv': csv(
    'id,name,tier,industry,csm,ae',
    'a1,Hanseo,T1,Metal,csm,ae',
    'a2,Brightwater,T2,Food,csm,bo',
    'a3,Daon,,,,ae',
  ),
  'opportunities.csv': csv(
    'id,name,owner,account,stage,amount,list_amount,created_on,closed_on,stage_entered_on,channel,product,loss_reason,competitor',
    'w0,First,ae,a1,CW,90,100,2026-01-05,2026-02-01,2026-02-01,partner,Q,,',
    'w1,Won,ae,a1,CW,900,1000,2026-10-01,2026-11-05,2026-11-05,outbound,P,,',
    'w2,Won,bo,a2,CW,500,500,2026-10-01,2026-11-06,2026-11-06,inbound,Q,,',
    'l1,Lost,bo,a2,CL,1,,2026-10-02,2026-11-07,2026-11-07,inbound,Q,price,none',
    'o1,Open,ae,a1,S4,300,,2026-10-05,,2026-10-05,cs_driven,P,,',
    'o2,Open,bo,a2,S1,200,,2026-11-05,,2026-11-05,outbound,,,',
  ),
  'leads.csv': csv(
    'id,name,account,source,arrived_at,owner,first_touch_at,score,status',
    'x1,Kim,a1,Partner referral,2026-11-02T10:00:00+09:00,sdr,2026-11-02T10:05:00+09:00,90,handed_over',
    'x2,Lee,a2,outbound list,2026-11-02T10:00:00+09:00,sdr,2026-11-02T10:15:00+09:00,10,working',
    'x3,Park,,,2026-11-02T10:00:00+09:00,sdr,,10,working',
  ),
  'activities.csv': csv(
    'id,opportunity,account,lead,person,kind,happened_at',
    'y1,o1,,,ae,call,2026-11-16T10:00:00+09:00',
    'y2,,,x1,sdr,call,2026-11-16T10:00:00+09:00',
    'y3,,,x2,sdr,email,2026-11-16T10:00:00+09:00',
    'y4,,,x2,sdr,meeting,2026-11-17T10:00:00+09:00',
    'y5,,a2,,sdr,call,2026-11-17T10:00:00+09:00',
    'y6,,,,sdr,call,2026-11-17T10:00:00+09:00',
  ),
  'stage-history.csv': csv(
    'opportunity,from,to,at',
    'w1,S1,S2,2026-10-10T09:00:00+09:00',
    'w1,S2,S4,2026-10-20T09:00:00+09:00',
    'w1,S4,CW,2026-11-05T09:00:00+09:00',
    'l1,S1,CL,2026-11-07T09:00:00+09:00',
  ),
  'revenue.csv': csv(
    'account,month,mrr,expansion,contraction,churn',
    'a1,2026-10,1000,100,0,0',
    'a2,2026-10,500,0,50,0',
  ),
  'costs.csv': csv('period,sm_cost', '2026-Q4,3000000'),
  'qbrs.csv': csv('account,quarter,held_on', 'a1,2026-Q4,2026-11-02'),
}

/** What is not imported: written as the product would have. */
async function seed(store: DataStore): Promise<void> {
  await store.database.transact(async (trx) => {
    await sql`update leads set deal = 'o1' where company_id = ${company} and id = 'x1'`.execute(trx)
    const handoff = (
      id: string,
      kind: string,
      of: { lead?: string; deal?: string; sender: string },
      body: object,
    ) =>
      sql`
      insert into handoffs (company_id, id, kind, status, open, subject, lead, deal, sender, version, opened_at, body)
      values (${company}, ${id}, ${kind}, 'accepted', 0, ${of.lead ?? of.deal ?? ''}, ${of.lead ?? null},
        ${of.deal ?? null}, ${of.sender}, 1, ${at}, ${JSON.stringify(body)})`.execute(trx)
    await handoff('h1', 'sdr-to-ae', { lead: 'x1', sender: 'sdr' }, {})
    await handoff('h2', 'sdr-to-ae', { lead: 'x2', sender: 'sdr' }, {})
    const rated = { rating: { score: 4 }, firstValueOn: '2026-11-15' }
    await handoff('h3', 'ae-to-cs', { deal: 'w1', sender: 'ae' }, rated)
    await handoff('h4', 'ae-to-cs', { deal: 'w2', sender: 'bo' }, { rating: { score: 2 } })
    for (const [id, deal, requester, hours] of [
      ['d1', 'o1', 'ae', 24],
      ['d2', 'o2', 'bo', 72],
    ] as const)
      await sql`
        insert into discount_requests (company_id, id, deal, requester, status, open, discount, version, opened_at,
          settled_at, body)
        values (${company}, ${id}, ${deal}, ${requester}, 'approved', 0, 1500, 1, ${at}, ${at + hours * hour}, '{}')`.execute(
        trx,
      )
    for (const [id, noun, subject, owner, status] of [
      ['n1', 'deal', 'o1', 'ae', 'done'],
      ['n2', 'account', 'a2', 'csm', 'done'],
      ['n3', 'lead', 'x2', 'sdr', 'open'],
      ['n4', 'person', 'ae', 'ae', 'open'],
    ] as const)
      await sql`
        insert into nudges (company_id, id, kind, subject_noun, subject_id, cycle, owner, status, live, ignored, weight,
          raised_at, version, body)
        values (${company}, ${id}, 'stalled', ${noun}, ${subject}, 'c', ${owner}, ${status}, 0, 0, 1, ${at}, 1, '{}')`.execute(
        trx,
      )
    for (const [id, noun, of, state] of [
      ['r1', 'team', 'south', 'sent'],
      ['r2', 'person', 'ae', 'sent'],
      ['r3', 'company', company, 'dead'],
    ] as const) {
      await sql`
        insert into reports (company_id, id, kind, of_noun, of_id, slot, at, body)
        values (${company}, ${id}, 'weekly-digest', ${noun}, ${of}, 's', ${at}, '{}')`.execute(trx)
      await sql`
        insert into deliveries (company_id, lane, kind, card, subject_noun, subject_id, state, after_at, created_at)
        values (${company}, ${id}, 'nudge', 'digest', 'report', ${id}, ${state}, ${at}, ${at})`.execute(trx)
    }
    for (const [team, weighted] of [
      ['north', 800],
      ['', 100],
    ] as const)
      await sql`
        insert into forecast_snapshots (company_id, quarter, team, currency, taken_at, weighted, committed, best,
          pipeline, won)
        values (${company}, '2026-Q4', ${team}, 'KRW', ${at}, ${weighted}, 0, 0, 0, 0)`.execute(trx)
  })
}

describe.each(engines)('metrics broken down on %s', (engine) => {
  let store: DataStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ store, close } = await freshStore(engine, { clock: { now: () => now } }))
    const given = folder(files)
    const report = await runImport(store, await planFiles([given.path]), {
      company,
      now: () => now,
      asIs: true,
    })
    given.remove()
    expect(report.problems).toEqual([])
    await seed(store)
  })
  afterAll(() => close())

  const slice = (by?: Dimension): Slice => ({
    periods: [quarter],
    owners: 'all',
    now,
    today: '2026-11-20',
    working: defaultWorkingTime('Asia/Seoul'),
    stalledAfterDays: 30,
    ...(by && { by }),
  })
  const sums = (source: MetricSource, by?: Dimension) => store.metricSums(company, source, slice(by))

  it.each(metricSources)(
    'the parts of %s are the whole, by everything that a metric of it is told by',
    async (source) => {
      const whole = added((await sums(source)).map((group) => group.sums))
      expect(whole).not.toEqual({ n: {}, money: {}, spread: {} })
      const told = new Set(
        metricIds.filter((id) => metrics[id].sources.includes(source)).flatMap((id) => metrics[id].by),
      )
      for (const by of told) {
        if (by === 'team' && !saysTeam(source)) continue
        const parts = await sums(source, by)
        expect(added(parts.map((group) => group.sums)), by).toEqual(whole)
        expect(new Set(parts.map(({ key }) => key)).size, by).toBe(parts.length)
      }
    },
  )

  /** Each part of a metric, by key: its value to two digits, or why there is none. */
  async function parts(id: MetricId, by: Dimension, period = quarter) {
    const [org, policy] = await Promise.all([store.org(company), store.policy(company)])
    const reading = await readMetric({ now, company, org, policy, store }, id, { period, by, owners: 'all' })
    return Object.fromEntries(
      reading.parts.map(({ key, result }) => [
        String(key),
        isLack(result)
          ? result.code
          : result.unit === 'money'
            ? result.amounts.map(({ amount }) => amount)
            : Math.round(result.value * 100) / 100,
      ]),
    )
  }

  it.each<readonly [MetricId, Dimension, Record<string, unknown>]>([
    ['win-rate', 'industry', { Metal: 100, Food: 50 }],
    ['activity-to-opp', 'tier', { T1: 2 / 2, T2: 3 / 3, null: 'nothing' }],
    ['activity-to-opp', 'channel', { cs_driven: 2, outbound: 1, inbound: 'nothing', null: 'nothing' }],
    ['meeting-conversion', 'industry', { Metal: 0, Food: 50, null: 0 }],
    ['meeting-conversion', 'channel', { cs_driven: 0, outbound: 100, null: 0 }],
    ['meeting-conversion', 'product', { P: 0, null: 33.33 }],
    ['activities-a-day', 'team', { south: 0.14 }],
    ['response-time', 'tier', { T1: 5, T2: 15, null: 'nothing' }],
    ['response-time', 'channel', { partner: 5, outbound: 15, inbound: 'nothing' }],
    ['sql-per-month', 'channel', { partner: 0.33, outbound: 0.33 }],
    ['sql-per-month', 'product', { P: 0.33, null: 0.33 }],
    ['scoring-accuracy', 'industry', { Metal: 1, Food: 'nothing', null: 'nothing' }],
    ['handoff-quality', 'product', { P: 4, Q: 2 }],
    ['handoff-quality', 'tier', { T1: 4, T2: 2 }],
    ['time-to-first-value', 'channel', { outbound: 10, inbound: 'nothing' }],
    ['discount-approval-time', 'industry', { Metal: 1, Food: 3 }],
    ['discount-approval-time', 'product', { P: 1, null: 3 }],
    ['discount-approval-time', 'team', { north: 1, south: 3 }],
    ['nrr', 'channel', { partner: 110, inbound: 90 }],
    ['nrr', 'team', { north: 103.33 }],
    ['cs-expansion-rate', 'channel', { partner: 100, inbound: 0 }],
    ['qbr-completion', 'channel', { partner: 100, inbound: 0 }],
    ['qbr-completion', 'industry', { Metal: 100, Food: 0 }],
    ['insight-actionability', 'tier', { T1: 0.33, T2: 0.33, null: 0 }],
    ['insight-actionability', 'channel', { cs_driven: 0.33, inbound: 0.33, outbound: 0, null: 0 }],
    ['insight-actionability', 'product', { P: 0.33, null: 0.33 }],
    ['report-delivery', 'team', { south: 100, north: 100, null: 0 }],
    ['report-delivery', 'rep', { ae: 100, null: 50 }],
  ])('%s by %s', async (id, by, expected) => {
    expect(await parts(id, by)).toEqual(expected)
  })

  it('a forecast is held against what the team’s own people won', async () => {
    const groups = await sums('forecasts', 'team')
    expect(Object.fromEntries(groups.map(({ key, sums: of }) => [String(key), of.money.KRW]))).toEqual({
      north: { forecast: 800, actual: 900 },
      south: { actual: 500 },
      null: { forecast: 100 },
    })
  })

  it('a period in which nothing happened has no parts', async () => {
    expect(await parts('activity-to-opp', 'tier', periodOf('quarter', '2026-08-01'))).toEqual({})
  })

  it('a dimension that has no meaning for a metric gives no parts, whoever asks', async () => {
    for (const id of metricIds)
      for (const by of dimensions)
        if (!metrics[id].by.includes(by)) expect(await parts(id, by), `${id} ${by}`).toEqual({})
  })
})
