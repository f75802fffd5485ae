import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadDemo } from '../../data/demo.ts'
import type { ImportOptions, ImportReport } from '../../data/import.ts'
import { planFiles, problemLine, readMapping, runImport } from '../../data/import.ts'
import type { DataStore } from '../../data/store.ts'
import { consequences } from '../../handlers/discount-consequences.ts'
import { open } from '../../src/canon/discount.ts'
import { engines, freshStore } from '../support/databases.ts'
import { crmExport, crmMapping, csv, type Folder, folder } from './files.ts'

const now = Date.UTC(2026, 10, 20, 3)

describe.each(engines)('importing on %s', (engine) => {
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
    given: Readonly<Record<string, string | Buffer>>,
    options: Partial<ImportOptions> = {},
    yaml?: string,
  ): Promise<ImportReport> {
    const paths = Object.entries(given).map(([name, content]) => files.write(name, content))
    const mapping = yaml === undefined ? undefined : { mapping: readMapping(yaml, 'map.yaml'), text: yaml }
    return runImport(store, await planFiles(paths, mapping), {
      company,
      now: () => now,
      asIs: true,
      ...options,
    })
  }

  const people = csv('id,name,roles,manager', 'ae,Ann,ae,mgr', 'mgr,Mo,sales_manager,vp', 'vp,Vi,vp_sales,')
  const base = {
    'people.csv': people,
    'accounts.csv': csv('id,name,tier', 'hanseo,한서정밀,T1'),
    'opportunities.csv': csv(
      'id,name,account,owner,amount,list_amount,currency,stage',
      'd1,라인 증설,hanseo,ae,90000000,100000000,KRW,S4',
      'd2,=cmd|calc,,ae,,12.50,USD,S1',
    ),
  }
  const lines = (report: ImportReport) => report.problems.map(problemLine)

  it('brings people, accounts and deals, and says what is new', async () => {
    const report = await take(base)
    expect(report).toMatchObject({ outcome: 'applied', companyIsNew: true, problemCount: 0 })
    expect(report.counts.map(({ entity, rows, added }) => [entity, rows, added])).toEqual([
      ['people', 3, 3],
      ['accounts', 1, 1],
      ['opportunities', 2, 2],
    ])
    expect(await store.deal(company, 'd1')).toMatchObject({
      name: '라인 증설',
      accountName: '한서정밀',
      tier: 'T1',
      owner: 'ae',
      amount: { amount: 90_000_000, currency: 'KRW' },
      version: 1,
    })
    expect((await store.org(company)).people.get('ae')).toMatchObject({ roles: ['ae'], manager: 'mgr' })
    expect(await store.findDeals(company, { all: true }, 'ㅎㅅㅈㅁ', 5)).toMatchObject([{ id: 'd1' }])
  })

  it('B5.95 a cell that looks like a formula is kept as it is', async () => {
    await take(base)
    expect((await store.deal(company, 'd2'))?.name).toBe('=cmd|calc')
  })

  it('B5.93 every bad row is said with file, line and column, and nothing is changed', async () => {
    const report = await take({
      ...base,
      'opportunities.csv': csv(
        'id,name,account,owner,amount,stage,expected_close_on',
        'd1,Good,hanseo,ae,1,S1,2026-12-01',
        'd2,,hanseo,ae,1,S1,',
        'd1,Twice,hanseo,ae,1,S1,',
        'd3,No such owner,hanseo,aee,1,S1,',
        'd4,No such account,hansio,ae,1,S1,',
        'd5,Wrong,hanseo,ae,12,Proposal,2026-02-31',
        'd6,Short,hanseo',
      ),
    })
    expect(report).toMatchObject({ outcome: 'refused', problemCount: 7 })
    expect(lines(report).sort()).toEqual([
      'opportunities.csv:3 name — is empty; every row needs it.',
      'opportunities.csv:4 id — “d1” was there before, on line 2; a deal comes once.',
      'opportunities.csv:5 owner — “aee” is not the id of a person of this company; did you mean ae?',
      'opportunities.csv:6 account — “hansio” is not the id of an account of this company.',
      'opportunities.csv:7 expected_close_on — “2026-02-31” is a day that does not exist.',
      'opportunities.csv:7 stage — “Proposal” is not a stage (S1, S2, S3, S4, S5, S6, CW, CL).',
      'opportunities.csv:8 — the row has 3 cells where the header has 7.',
    ])
    expect((await store.companies()).some((each) => each.id === company)).toBe(false)
    expect(await store.deal(company, 'd1')).toBeUndefined()
  })

  it('B5.93 --skip-bad takes the good rows, and leaves out what refers to a bad one', async () => {
    const report = await take(
      {
        'people.csv': csv('id,name,roles,manager', 'a,A,ae,b', 'b,B,sales_manager,ghost', 'c,C,ae,'),
        'opportunities.csv': csv('id,name,owner,stage', 'd1,One,a,S1', 'd2,Two,c,S1'),
      },
      { skipBad: true },
    )
    expect(report.outcome).toBe('applied')
    expect([...(await store.org(company)).people.keys()]).toEqual(['c'])
    expect(await store.deal(company, 'd1')).toBeUndefined()
    expect(await store.deal(company, 'd2')).toMatchObject({ owner: 'c' })
    expect(lines(report)).toEqual([
      'people.csv:3 manager — “ghost” is not the id of a person of this company.',
      'people.csv:2 manager — “b” is not the id of a person of this company.',
      'opportunities.csv:2 owner — “a” is not the id of a person of this company.',
    ])
  })

  it('a dry run says what would happen and changes nothing, not even the company', async () => {
    await take(base)
    const report = await take(
      { 'opportunities.csv': csv('id,name,stage', 'd1,라인 증설,S5', 'd2,=cmd|calc,S1', 'd3,New,S1') },
      { dryRun: true },
    )
    expect(report).toMatchObject({ outcome: 'checked', counts: [{ rows: 3, added: 1, changed: 1 }] })
    expect(await store.deal(company, 'd1')).toMatchObject({ stage: 'S4', version: 1 })
    const unborn = await take(base, { dryRun: true, company: `${company}-unborn` })
    expect(unborn).toMatchObject({ outcome: 'checked', companyIsNew: true })
    expect((await store.companies()).map((each) => each.id)).not.toContain(`${company}-unborn`)
  })

  it('B5.96 the same files again change nothing and say when they were imported', async () => {
    await take(base)
    expect(await take(base)).toMatchObject({ outcome: 'already', importedAt: now })
    const again = await take(base, { again: true })
    expect(again.counts.map(({ added, changed }) => [added, changed])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ])
    expect(await store.deal(company, 'd1')).toMatchObject({ version: 1 })
  })

  it('B5.97 a second import into the company is refused while one is under way', async () => {
    await take(base)
    const other = folder({ 'opportunities.csv': csv('id,stage', 'd1,S5') })
    const plan = await planFiles([other.path])
    const second: unknown[] = []
    await take(
      { 'opportunities.csv': csv('id,stage', 'd1,S6') },
      {
        onStep: async () => {
          await runImport(store, plan, { company, now: () => now }).catch((error) =>
            second.push(error.message),
          )
        },
      },
    )
    other.remove()
    expect(second.length).toBeGreaterThan(0)
    expect(second[0]).toMatch(/Another import into .* is under way \(process \d+/)
    expect(await store.deal(company, 'd1')).toMatchObject({ stage: 'S6' })
  })

  it('columns that a file does not have stay as they were; a stage that moves is entered today', async () => {
    await take(base)
    const report = await take({ 'second.csv': csv('id,stage', 'd1,S5') })
    expect(report.counts).toMatchObject([{ entity: 'opportunities', changed: 1 }])
    expect(await store.deal(company, 'd1')).toMatchObject({
      stage: 'S5',
      stageEnteredOn: '2026-11-20',
      owner: 'ae',
      amount: { amount: 90_000_000, currency: 'KRW' },
      listAmount: { amount: 100_000_000, currency: 'KRW' },
      version: 2,
    })
    expect(lines(await take({ 'third.csv': csv('id,stage', 'd9,S5') }))).toEqual([
      'third.csv:2 — the deal “d9” is not known yet, and a new one needs name.',
    ])
  })

  it('an amount is read in the currency the deal has', async () => {
    await take(base)
    await take({ 'second.csv': csv('id,list_amount', 'd2,13.75') })
    expect((await store.deal(company, 'd2'))?.listAmount).toEqual({ amount: 1375, currency: 'USD' })
  })

  it('a changed account is told to its deals, and they are found by its new name', async () => {
    await take(base)
    await take({ 'accounts.csv': csv('id,name,tier,csm', 'hanseo,창원정밀,T2,mgr') })
    expect(await store.deal(company, 'd1')).toMatchObject({
      accountName: '창원정밀',
      tier: 'T2',
      accountCsm: 'mgr',
    })
    expect(await store.findDeals(company, { all: true }, '창원', 5)).toMatchObject([{ id: 'd1' }])
    expect(await store.findDeals(company, { all: true }, '한서', 5)).toEqual([])
  })

  it('a change of role or reporting line is in the audit; a change of name is not', async () => {
    await take(base)
    await take({
      'people.csv': csv(
        'id,name,roles,manager',
        'ae,Ann Lee,ae;sales_manager,vp',
        'mgr,Mo Kim,sales_manager,vp',
      ),
    })
    const said = await store.auditOf(company, { noun: 'person', id: 'ae' }, 10)
    expect(said.map(({ what, detail }) => ({ what, detail }))).toContainEqual({
      what: 'person.changed',
      detail: { roles: { from: 'ae', to: 'ae;sales_manager' }, manager: { from: 'mgr', to: 'vp' } },
    })
    const other = await store.auditOf(company, { noun: 'person', id: 'mgr' }, 10)
    expect(other.map((entry) => entry.what)).toEqual(['person.added'])
    expect((await store.org(company)).people.get('ae')?.name).toBe('Ann Lee')
    expect((await store.verifyAudit(company))[0]).not.toHaveProperty('broken')
  })

  it('a reporting line in a circle is refused', async () => {
    const report = await take({ 'people.csv': csv('id,name,roles,manager', 'a,A,ae,b', 'b,B,ae,a') })
    expect(lines(report)).toEqual([
      'people.csv:2 manager — the reporting line goes in a circle: a → b → a.',
      'people.csv:3 manager — the reporting line goes in a circle: b → a → b.',
    ])
  })

  it('a chat user needs a bound workspace and belongs to one person', async () => {
    const linked = { 'people.csv': csv('id,name,roles,slack_user', 'a,A,ae,U1', 'b,B,ae,U1') }
    expect(lines(await take(linked))[0]).toMatch(/has no Slack workspace yet; bind one first/)
    await take({ 'teams.csv': csv('id,name', 't,T') })
    await store.bindTenant(
      { platform: 'slack', tenant: `T${company.toUpperCase()}`, company },
      { by: 'test', platform: 'cli' },
    )
    expect(lines(await take(linked))).toEqual(['people.csv:3 slack_user — U1 is linked to a already.'])
    await take({ 'people.csv': csv('id,name,roles,slack_user', 'a,A,ae,U1') })
    expect(await store.whoIs('slack', `T${company.toUpperCase()}`, 'U1')).toEqual({ company, person: 'a' })
  })

  it('companies.csv brings companies with their hours and holidays', async () => {
    const id = `${company}-own`
    await take(
      {
        'companies.csv': csv(
          'id,name,locale,time_zone,currency,fiscal_year_start,working_hours,holidays',
          `${id},Own Co,en,America/New_York,USD,4,1-4 08:30-17:00,US;2026-12-24`,
        ),
      },
      { company: id },
    )
    expect((await store.org(id)).company).toEqual({
      id,
      name: 'Own Co',
      locale: 'en',
      currency: 'USD',
      fiscalYearStart: 4,
      working: {
        timeZone: 'America/New_York',
        days: [1, 2, 3, 4],
        start: '08:30',
        end: '17:00',
        holidayCountry: 'US',
        holidays: ['2026-12-24'],
      },
    })
  })

  describe('another system’s export, by a mapping', () => {
    const yaml = crmMapping(readFileSync('docs/maven-mapping.yaml', 'utf8'))

    it('becomes teams, people, accounts and deals', async () => {
      const report = await take(crmExport, {}, yaml)
      expect(report.counts.map(({ entity, added, bad }) => [entity, added, bad])).toEqual([
        ['teams', 2, 0],
        ['people', 2, 0],
        ['people', 3, 0],
        ['accounts', 2, 0],
        ['opportunities', 5, 0],
      ])
      expect(report.notes).toContainEqual(expect.stringContaining('data_dictionary.csv'))
      const org = await store.org(company)
      expect(org.company.currency).toBe('USD')
      expect(org.people.get('mei-mei-sorel')).toMatchObject({
        roles: ['ae'],
        manager: 'walt-pruitt',
        team: 'central',
      })
      expect(await store.deal(company, 'A1')).toMatchObject({
        name: 'Brightwater & Co · RX Pro',
        account: 'brightwater-co',
        stage: 'CW',
        amount: { amount: 451_400, currency: 'USD' },
        listAmount: { amount: 482_100, currency: 'USD' },
        createdOn: '2016-10-20',
        closedOn: '2017-03-01',
        product: 'RX Pro',
      })
      const bare = await store.deal(company, 'A4')
      expect(bare).toMatchObject({
        name: 'RX Basic',
        stage: 'S1',
        listAmount: { amount: 55_050, currency: 'USD' },
      })
      expect(bare?.account).toBeUndefined()
      expect(bare?.amount).toBeUndefined()
    })

    it('then takes people by hand and one deal to S4', async () => {
      await take(crmExport, {}, yaml)
      await take({
        'people.csv': csv(
          'id,name,roles,manager',
          'vera,Vera,vp_sales,carl',
          'carl,Carl,c_level,',
          'walt-pruitt,Walt Pruitt,sales_manager,vera',
        ),
      })
      await take({ 's4.csv': csv('id,stage', 'A5,S4') })
      expect(await store.deal(company, 'A5')).toMatchObject({ stage: 'S4', account: 'brightwater-co' })
      expect((await store.org(company)).people.get('walt-pruitt')).toMatchObject({
        manager: 'vera',
        team: 'central',
      })
    })

    it('says what was looked up in vain', async () => {
      const { 'products.csv': _, ...rest } = crmExport
      await expect(take(rest, {}, yaml)).rejects.toThrow(
        /products\.csv, which the mapping looks values up in/,
      )
      const report = await take(
        { ...crmExport, 'products.csv': csv('product,sales_price', 'RX Pro,4821') },
        {},
        yaml,
      )
      expect(report.notes).toContainEqual(
        'sales_pipeline.csv: products.csv has no sales_price for “RX Basic” (2 rows); left empty.',
      )
    })
  })

  describe('B5.99 a deal with a request', () => {
    let demo = false
    const ask = async (): Promise<string> => {
      if (!demo) await loadDemo(store, () => now)
      demo = true
      const deal = await store.deal('ondam', 'D-1051')
      const world = { now, org: await store.org('ondam'), policy: await store.policy('ondam'), deal: deal! }
      const ruled = open(
        { id: `r${++count}`, requester: 'kim-seoyeon', discount: 1800, reason: '경쟁 견적' },
        world,
      )
      if (!ruled.ok) throw new Error(ruled.refusal.code)
      const change = consequences(undefined, ruled.next, ruled.facts, world, {
        by: 'kim-seoyeon',
        platform: 'slack',
      })
      expect(await store.commit({ company: 'ondam', ...change })).toEqual({ outcome: 'committed' })
      return ruled.next.id
    }

    it('a new amount ends the request with a word to those who were in it; a new stage is only noticed', async () => {
      const id = await ask()
      await take({ 'stage.csv': csv('id,stage', 'D-1051,S5') }, { company: 'ondam' })
      expect(await store.discount('ondam', id)).toMatchObject({
        status: 'pending',
        notices: [{ code: 'stage-changed', detail: 'S4>S5' }],
      })
      const report = await take({ 'amount.csv': csv('id,amount', 'D-1051,130000000') }, { company: 'ondam' })
      expect(report.voided).toEqual([id])
      expect(await store.discount('ondam', id)).toMatchObject({ status: 'voided' })
      expect(await store.waitingFor('ondam', 'park-junho', 10)).toMatchObject({ total: 0 })
      const said = await store.auditOf('ondam', { noun: 'discount', id }, 10)
      expect(said[0]).toMatchObject({ what: 'discount.voided', platform: 'import' })
      const told = await store.database.read
        .selectFrom('deliveries')
        .select('lane')
        .where('company_id', '=', 'ondam')
        .where('subject_id', '=', id)
        .execute()
      expect(told.map((row) => row.lane).join()).toContain('kim-seoyeon')
    })

    it('an approved discount is flagged by a new amount, but not by the price that was approved', async () => {
      await ask()
      const deal = await store.deal('ondam', 'D-1058')
      const approved = { approvedDiscount: 1000, price: { amount: 79_200_000, currency: 'KRW' } }
      await store.commit({
        company: 'ondam',
        save: [{ noun: 'deal', id: 'D-1058', expect: deal!.version, set: approved }],
        audit: [],
        deliveries: [],
      })
      await take({ 'price.csv': csv('id,amount', 'D-1058,79200000') }, { company: 'ondam' })
      expect((await store.deal('ondam', 'D-1058'))?.discountFlagged ?? false).toBe(false)
      await take({ 'price2.csv': csv('id,amount', 'D-1058,70000000') }, { company: 'ondam' })
      expect((await store.deal('ondam', 'D-1058'))?.discountFlagged).toBe(true)
    })
  })

  it('B5.84 the rows of one company never touch another with the same ids', async () => {
    await take(base)
    const other = `${company}-twin`
    await take(base, { company: other })
    await take({ 'x.csv': csv('id,name,stage', 'd1,다른 이름,S6') }, { company: other })
    expect(await store.deal(company, 'd1')).toMatchObject({ name: '라인 증설', stage: 'S4' })
    expect(await store.deal(other, 'd1')).toMatchObject({ name: '다른 이름', stage: 'S6' })
  })
})
