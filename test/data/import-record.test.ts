import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ImportOptions, planFiles, problemLine, readMapping, runImport } from '../../data/import.ts'
import type { DataStore } from '../../data/store.ts'
import { change as changeStage, clearChampion } from '../../src/canon/stage.ts'
import { engines, freshStore } from '../support/databases.ts'
import { crmExport, crmMapping, csv, type Folder, folder } from './files.ts'
import { by } from './world.ts'

const now = Date.UTC(2026, 10, 20, 3)

describe.each(engines)('the record by import on %s', (engine) => {
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

  async function take(
    given: Readonly<Record<string, string>>,
    options: Partial<ImportOptions> = {},
    yaml?: string,
  ) {
    const paths = Object.entries(given).map(([name, content]) => files.write(name, content))
    const mapping = yaml === undefined ? undefined : { mapping: readMapping(yaml, 'map.yaml'), text: yaml }
    return runImport(store, await planFiles(paths, mapping), { company, now: () => now, ...options })
  }
  const lines = (report: Awaited<ReturnType<typeof take>>) => report.problems.map(problemLine)

  const people = csv(
    'id,name,roles,manager',
    'ae,Ann,ae,mgr',
    'mgr,Mo,sales_manager,',
    'csm,Cara,csm,',
    'sdr,Sam,sdr,mgr',
  )
  const accounts = csv('id,name,tier,csm,ae', 'hanseo,한서정밀,T1,csm,ae')
  const header =
    'id,name,owner,account,stage,metrics,economic_buyer,decision_criteria,decision_process,identify_pain,champion,first_meeting_on,demo_on,proposal_on,negotiation_on,verbal_agreement_on,contract_signed_on'
  const complete = 'm,e,c,p,i,Kim,2026-08-01,2026-08-10,2026-08-20,2026-09-01,2026-10-01'
  const deals = csv(header, `d1,One,ae,hanseo,S6,${complete},`, 'd2,Two,ae,hanseo,S1,,,,,i,,2026-11-01,,,,,')
  const base = { 'people.csv': people, 'accounts.csv': accounts, 'opportunities.csv': deals }
  const only = (...rows: string[]) => ({ 'opportunities.csv': csv(...rows) })

  it('what has happened lies behind: a row from the future is refused, at home as with --as-is', async () => {
    await take(base)
    const report = await take(
      {
        'opportunities.csv': csv(
          'id,name,stage,created_on,stage_entered_on,closed_on',
          'd7,Seven,CL,2026-11-21,2026-11-22,2027-01-04',
        ),
        'contacts.csv': csv('id,account,name,updated_on', 'k1,hanseo,Kim,2026-11-21'),
        'leads.csv': csv(
          'id,name,arrived_at,first_touch_at',
          // It is noon of the 20th in Seoul: later that day passes, because clocks differ.
          'l1,Lee,2026-11-20T23:00:00+09:00,',
          'l2,Lim,2026-11-21T00:00:00+09:00,2026-11-20T23:30:00Z',
        ),
        'stage-history.csv': csv('opportunity,from,to,at', 'd1,S5,S6,2027-05-01'),
        'activities.csv': csv(
          'id,opportunity,kind,happened_at,logged_at',
          'x1,d1,demo,2026-12-01T10:00:00Z,2026-11-20',
          'x2,d1,call,2026-11-19T10:00:00Z,2027-11-16T10:00:00Z',
        ),
      },
      { asIs: true },
    )
    expect(report.outcome).toBe('refused')
    expect(lines(report).sort()).toEqual([
      'activities.csv:3 logged_at — “2027-11-16T10:00:00Z” lies ahead; today is 2026-11-20.',
      'contacts.csv:2 updated_on — “2026-11-21” lies ahead; today is 2026-11-20.',
      'leads.csv:3 arrived_at — “2026-11-21T00:00:00+09:00” lies ahead; today is 2026-11-20.',
      'leads.csv:3 first_touch_at — “2026-11-20T23:30:00Z” lies ahead; today is 2026-11-20.',
      'opportunities.csv:2 closed_on — “2027-01-04” lies ahead; today is 2026-11-20.',
      'opportunities.csv:2 created_on — “2026-11-21” lies ahead; today is 2026-11-20.',
      'opportunities.csv:2 stage_entered_on — “2026-11-22” lies ahead; today is 2026-11-20.',
      'stage-history.csv:2 at — “2027-05-01” lies ahead; today is 2026-11-20.',
    ])
  })

  describe('gates', () => {
    it('a deal enters where its gates hold, with a line of history', async () => {
      expect(await take(base)).toMatchObject({ outcome: 'applied', problemCount: 0 })
      expect(await store.deal(company, 'd1')).toMatchObject({
        stage: 'S6',
        stageEnteredOn: '2026-11-20',
        evidence: { proposal: '2026-08-20', verbal_agreement: '2026-10-01' },
      })
      expect(await store.stageHistory(company, 'd1', 5)).toEqual([
        { deal: 'd1', to: 'S6', at: now, by: 'import', door: 'import' },
      ])
    })

    it('every row whose gates do not hold is said with what is missing, of which gate, and where it may go', async () => {
      await take(base)
      const report = await take(only('id,stage', 'd1,CW', 'd2,S3'))
      expect(report.outcome).toBe('refused')
      const told = lines(report)
      expect(told[0]).toContain('opportunities.csv:2 stage — CW needs contract_signed_on (gate of CW)')
      expect(told[0]).toContain('the deal can go to S1, S2, S3, S4, S5, CL;')
      expect(told[1]).toContain('S3 needs metrics (gate of S2), champion (gate of S2), demo_on (gate of S3)')
      expect(told[1]).toContain('--as-is')
      expect((await store.deal(company, 'd2'))?.stage).toBe('S1')
    })

    it('--skip-bad takes the deals whose gates hold', async () => {
      await take(base)
      const report = await take(only('id,stage,contract_signed_on', 'd1,CW,2026-11-19', 'd2,S3,'), {
        skipBad: true,
      })
      expect(report).toMatchObject({ outcome: 'applied', problemCount: 1 })
      expect((await store.deal(company, 'd1'))?.stage).toBe('CW')
      expect((await store.deal(company, 'd2'))?.stage).toBe('S1')
    })

    it('back needs a reason, which the history keeps; a closed deal is not reopened by a file', async () => {
      await take(base)
      expect(lines(await take(only('id,stage', 'd1,S4')))).toEqual([
        expect.stringContaining('reason — is empty'),
      ])
      await take(only('id,stage,reason', 'd1,S4,budget was cut'))
      expect(await store.stageHistory(company, 'd1', 1)).toMatchObject([
        { from: 'S6', to: 'S4', reason: 'budget was cut' },
      ])
      await take(only('id,stage,loss_reason,loss_reason_detail,competitor', 'd1,CL,price,over_budget,Rival'))
      expect(lines(await take(only('id,stage,reason', 'd1,S4,again')))).toEqual([
        expect.stringContaining('Sales Manager'),
      ])
    })

    it('a loss reason that is not on the list is told with the nearest', async () => {
      await take(base)
      const report = await take(
        only('id,stage,loss_reason,loss_reason_detail,competitor', 'd1,CL,prise,other,R'),
      )
      expect(lines(report)).toEqual([expect.stringContaining('did you mean price?')])
    })

    it('--as-is loads any stage as history, at its own day, and opens no handoff', async () => {
      await take({ 'people.csv': people })
      const report = await take(
        only('id,name,owner,stage,stage_entered_on,closed_on', 'h1,Old,ae,CW,2024-03-01,2024-03-01'),
        { asIs: true },
      )
      expect(report.outcome).toBe('applied')
      expect(await store.deal(company, 'h1')).not.toHaveProperty('won')
      const [entry] = await store.stageHistory(company, 'h1', 1)
      expect(entry).toMatchObject({ to: 'CW', at: Date.UTC(2024, 1, 29, 15), asIs: true })
      expect(await store.handoffsOf(company, { deal: 'h1' }, 5)).toEqual([])
    })

    it('what is filled pays the debt', async () => {
      await take(base)
      const deal = (await store.deal(company, 'd2'))!
      const org = await store.org(company)
      const world = { now, org, policy: await store.policy(company) }
      const override = { reason: 'demo on Friday', until: '2026-12-01' }
      const asked = { to: 'S2', by: 'mgr', door: 'slack', override } as const
      const ruled = changeStage(deal, asked, world)
      if (!ruled.ok) throw new Error(ruled.refusal.code)
      const { next, entry } = ruled.next
      await store.commit({
        company,
        save: [{ noun: 'opportunity', next, expect: deal.version, ...(entry ? { entry } : {}) }],
        audit: [],
        deliveries: [],
      })
      expect((await store.deal(company, 'd2'))?.gateDebt).toHaveLength(2)
      await take(only('id,metrics', 'd2,m'))
      expect((await store.deal(company, 'd2'))?.gateDebt).toMatchObject([{ gate: 'champion' }])
      await take(only('id,champion', 'd2,Kim'))
      expect(await store.deal(company, 'd2')).not.toHaveProperty('gateDebt')
      const told = await store.auditOf(company, { noun: 'deal', id: 'd2' }, 20)
      const paid = told.filter(({ what }) => what === 'deal.debt-paid')
      expect(paid.map(({ by, platform, detail }) => [by, platform, detail?.gates])).toEqual([
        ['import', 'import', ['champion']],
        ['import', 'import', ['metrics']],
      ])
    })

    it('a champion who left stays cleared, however often a file names them; another one is taken', async () => {
      await take(base)
      await take(only('id,champion', 'd2,Kim'))
      const deal = (await store.deal(company, 'd2'))!
      const world = { now, org: await store.org(company), policy: await store.policy(company) }
      const { next, entry } = clearChampion(deal, { id: 'C-kim', name: 'Kim' }, world)
      await store.commit({
        company,
        save: [{ noun: 'opportunity', next, expect: deal.version, ...(entry ? { entry } : {}) }],
        audit: [],
        deliveries: [],
      })
      for (const champion of ['C-kim', 'Kim']) {
        await take(only('id,champion,product', `d2,${champion},P`))
        const again = (await store.deal(company, 'd2'))!
        expect(again.meddicc.champion).toBeUndefined()
        expect(again.championLeft).toEqual({ contact: 'C-kim', said: 'Kim' })
      }
      await take(only('id,champion', 'd2,Park'))
      const renewed = (await store.deal(company, 'd2'))!
      expect(renewed.meddicc.champion).toBe('Park')
      expect(renewed).not.toHaveProperty('championLeft')
    })

    it('B5.100 a deal that is changed in the chat after it was ruled on is left as it is, and told', async () => {
      await take(base)
      let moved = false
      const report = await take(
        only('id,stage,contract_signed_on,name', 'd1,CW,2026-11-19,One', 'd2,S1,,Second'),
        {
          onStep: async ({ doing }) => {
            if (doing !== 'checking' || moved) return
            moved = true
            const deal = (await store.deal(company, 'd1'))!
            await store.commit({
              company,
              save: [
                {
                  noun: 'opportunity',
                  next: { ...deal, stage: 'S3', version: deal.version + 1 },
                  expect: deal.version,
                },
              ],
              audit: [],
              deliveries: [],
            })
          },
        },
      )
      expect(report.moved).toEqual(['d1'])
      expect((await store.deal(company, 'd1'))?.stage).toBe('S3')
      expect((await store.deal(company, 'd2'))?.name).toBe('Second')
    })
  })

  it('a deal that is won opens its handoff once, with audit, whatever is imported after', async () => {
    await take(base)
    await take(only('id,stage,contract_signed_on', 'd1,CW,2026-11-19'))
    const handoff = await store.openHandoff(company, 'ae-to-cs', { deal: 'd1' })
    expect(handoff).toMatchObject({ status: 'draft', sender: 'ae', receiver: 'csm', openedBy: 'system' })
    expect(handoff?.items.pain).toBe('i')
    expect(await store.handoffsSentBy(company, 'ae', 5)).toMatchObject({ total: 1 })
    const audit = await store.auditOf(company, { noun: 'deal', id: 'd1' }, 5)
    expect(audit[0]).toMatchObject({ what: 'deal.won', platform: 'import' })
    await take(only('id,product', 'd1,Line'))
    expect(await store.handoffsOf(company, { deal: 'd1' }, 5)).toHaveLength(1)
    expect(await store.verifyAudit(company)).toMatchObject([{ company }])
  })

  const record = {
    ...base,
    'contacts.csv': csv(
      'id,account,name,email,role,engagement,department,left_on',
      'k1,hanseo,김하나,hana@hanseo.kr,champion,high,Production,',
      'k2,hanseo,Gone,,blocker,none,,2026-01-31',
    ),
    'leads.csv': csv(
      'id,name,company,source,arrived_at,owner,score,status',
      'l1,Choi,Hanbit,inbound,2026-11-19T09:00:00+09:00,sdr,80,qualified',
    ),
    'activities.csv': csv(
      'id,opportunity,account,lead,person,kind,happened_at,logged_at,contact',
      'x1,d1,,,ae,meeting,2026-11-10 10:00,2026-11-12 10:00,k1',
      'x2,,,l1,sdr,call,2026-11-19T09:03:00+09:00,,',
      'x3,d1,,,ae,call,2026-12-24 10:00,,k1',
    ),
    'stage-history.csv': csv(
      'opportunity,from,to,at,by,reason',
      'd1,S1,S2,2026-08-11,ae,',
      'd1,S2,S4,2026-08-20 10:30,ae,the champion said yes',
    ),
  }

  it('contacts, leads, activities and stage history come with the deals they belong to', async () => {
    const report = await take(record)
    expect(lines(report)).toEqual([])
    expect(report.notes).toContainEqual(expect.stringContaining('champion: in one deal it is nobody'))
    expect(report.counts.map(({ entity, added }) => [entity, added])).toEqual([
      ['people', 4],
      ['accounts', 1],
      ['contacts', 2],
      ['leads', 1],
      ['opportunities', 2],
      ['stage-history', 2],
      ['activities', 3],
    ])
    expect(await store.contactsOf(company, 'hanseo', 5)).toMatchObject([
      { id: 'k1', name: '김하나', role: 'champion', lastContactedAt: Date.UTC(2026, 10, 10, 1) },
      { id: 'k2', leftOn: '2026-01-31' },
    ])
    expect(await store.lead(company, 'l1')).toMatchObject({
      status: 'qualified',
      score: 80,
      arrivedAt: Date.UTC(2026, 10, 19),
      firstTouchAt: Date.UTC(2026, 10, 19, 0, 3),
    })
    // What is planned is no activity yet.
    expect((await store.deal(company, 'd1'))?.lastActivityAt).toBe(Date.UTC(2026, 10, 10, 1))
    const of = await store.activitiesOf(company, { account: 'hanseo' }, 5)
    expect(of.map(({ id }) => id)).toEqual(['x3', 'x1'])
    expect(
      await store.findLeads(company, { all: false, owners: ['sdr'] }, 'ㅎ hanbit'.slice(2), 5),
    ).toMatchObject([{ id: 'l1' }])
    expect((await store.stageHistory(company, 'd1', 5)).map(({ to, by: who }) => [to, who])).toEqual([
      ['S6', 'import'],
      ['S4', 'ae'],
      ['S2', 'ae'],
    ])
  })

  it('the same record again changes nothing; one that differs is changed', async () => {
    await take(record)
    const again = await take(record, { again: true })
    expect(again.counts.map(({ added, changed }) => added + changed)).toEqual(Array(7).fill(0))
    const more = await take({
      'contacts.csv': csv('id,left_on', 'k1,2026-11-01'),
      'leads.csv': csv('id,status', 'l1,disqualified'),
      'activities.csv': csv('id,kind', 'x1,demo'),
      'stage-history.csv': csv('opportunity,to,at,reason', 'd1,S2,2026-08-11,first call'),
    })
    expect(more.counts.map(({ entity, changed }) => [entity, changed])).toEqual([
      ['contacts', 1],
      ['leads', 1],
      ['stage-history', 1],
      ['activities', 1],
    ])
    expect((await store.contact(company, 'k1'))?.version).toBe(2)
    expect(await store.findLeads(company, { all: true }, 'choi', 5)).toMatchObject([
      { status: 'disqualified' },
    ])
  })

  it('B5.93 what does not exist and what is no value is told at its place', async () => {
    const report = await take({
      ...base,
      'contacts.csv': csv('id,account,name,role', 'k1,nowhere,A,champion', 'k2,hanseo,B,champoin'),
      'activities.csv': csv(
        'id,opportunity,person,kind,happened_at,contact',
        'x1,nix,ae,meeting,2026-11-10,',
        'x2,d1,ae,lunch,2026-11-10,',
        'x3,d1,ae,call,yesterday,',
        'x4,d1,ae,call,2026-11-10,k9',
      ),
      'stage-history.csv': csv('opportunity,to,at', 'd9,S2,2026-01-01', 'd1,S9,2026-01-01'),
    })
    expect(lines(report).map((line) => line.split(' — ')[0])).toEqual([
      'contacts.csv:3 role',
      'contacts.csv:2 account',
      'stage-history.csv:3 to',
      'stage-history.csv:2 opportunity',
      'activities.csv:3 kind',
      'activities.csv:4 happened_at',
      'activities.csv:2 opportunity',
      'activities.csv:5 contact',
    ])
    expect(lines(report)[0]).toContain('did you mean champion?')
  })

  it('another system’s export gives the counts, history and win rate of its own CSV', async () => {
    const yaml = crmMapping(readFileSync('docs/maven-mapping.yaml', 'utf8'))
    const report = await take(crmExport, { asIs: true }, yaml)
    expect(report.outcome).toBe('applied')
    const rows = parse(crmExport['sales_pipeline.csv'], { columns: true }) as Record<string, string>[]
    const stageOf: Record<string, string> = { Prospecting: 'S1', Engaging: 'S2', Won: 'CW', Lost: 'CL' }
    const expected = new Map<string, number>()
    for (const row of rows) {
      const stage = stageOf[row.deal_stage!]!
      expected.set(stage, (expected.get(stage) ?? 0) + 1)
    }
    const found = await store.database.read
      .selectFrom('opportunities')
      .select(['stage', (eb) => eb.fn.countAll<number>().as('n')])
      .where('company_id', '=', company)
      .groupBy('stage')
      .execute()
    expect(new Map(found.map(({ stage, n }) => [stage, Number(n)]))).toEqual(expected)
    const entries = await store.database.read
      .selectFrom('stage_history')
      .select(['deal', 'to_stage', 'at'])
      .where('company_id', '=', company)
      .execute()
    const day = (at: number) => new Date(at).toISOString().slice(0, 10)
    for (const row of rows) {
      const [month, date, year] = (row.close_date || row.engage_date || '').split('/')
      const own = entries.filter((entry) => entry.deal === row.opportunity_id)
      expect(own.map((entry) => entry.to_stage)).toEqual([stageOf[row.deal_stage!]])
      if (year) expect(day(own[0]!.at)).toBe(`${year}-${month!.padStart(2, '0')}-${date!.padStart(2, '0')}`)
    }
    const won = rows.filter((row) => row.deal_stage === 'Won').length
    const lost = rows.filter((row) => row.deal_stage === 'Lost').length
    const closed = Object.fromEntries(found.map(({ stage, n }) => [stage, Number(n)]))
    expect(closed.CW! / (closed.CW! + closed.CL!)).toBe(won / (won + lost))
  })

  it('B5.84 a deal, contact or lead of another company is nowhere to be referred to', async () => {
    await take(record)
    const twin = `${company}-twin`
    await store.addCompany({ ...(await store.org(company)).company, id: twin }, by)
    const report = await take(
      { 'activities.csv': csv('id,opportunity,kind,happened_at', 'y1,d1,call,2026-11-10') },
      { company: twin },
    )
    expect(lines(report)).toEqual([expect.stringContaining('activities.csv:2 opportunity')])
  })
})
