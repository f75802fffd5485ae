import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { csvCell } from '../../data/export.ts'
import { commands } from '../../src/cli/commands.ts'
import { runCli } from '../../src/cli/run.ts'
import { crmExport, crmMapping, csv, type Folder, folder } from '../data/files.ts'

let files: Folder
beforeEach(() => {
  files = folder()
})
afterEach(() => files.remove())

async function dealdesk(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const code = await runCli(argv, {
    env: { DATABASE_URL: `file:${join(files.path, 'test.db')}`, LOG_LEVEL: 'silent' },
    out: async (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { code, out, err }
}

describe('the command line', () => {
  it('shows every command, and one in detail', async () => {
    const { code, out } = await dealdesk('help')
    expect(code).toBe(0)
    for (const command of commands) expect(out).toContain(command.name)
    expect((await dealdesk('help', 'import')).out).toContain('--skip-bad')
    expect((await dealdesk('company', 'add', '--help')).out).toContain('--fiscal-year')
    expect((await dealdesk()).code).toBe(2)
  })

  it('refuses a policy that names somebody or a team who is not there, and says whom it may mean', async () => {
    await dealdesk('company', 'add', 'acme', '--name', 'Acme', '--currency', 'KRW', '--zone', 'Asia/Seoul')
    const people = files.write('people.csv', csv('id,name,roles', 'kim-seoyeon,김서연,ae'))
    expect(await dealdesk('import', people, '--company', 'acme')).toMatchObject({ code: 0 })
    const yaml = (id: string, team: string) =>
      files.write(
        'policy.yaml',
        `discount: {copies: [{over: 2000, group: {people: [${id}]}}]}\ndealThreads: [${team}]\n`,
      )
    const refused = await dealdesk('policy', 'set', yaml('kim-seoyon', 'field'), '--company', 'acme')
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(
      'copies[0].group.people[0]: there is no person “kim-seoyon”; did you mean kim-seoyeon?',
    )
    expect(refused.err).toContain('dealThreads[0]: there is no team “field”')
    expect((await dealdesk('policy', 'show', '--company', 'acme')).out).toContain('version 1')
    const saved = await dealdesk('policy', 'set', yaml('kim-seoyeon', ''), '--company', 'acme')
    expect(saved).toMatchObject({ code: 0, out: expect.stringContaining('version 2') })
  })

  it.each([
    [['improt', 'x'], 2, /“improt” is not a command; did you mean “import”/],
    [['company', 'ad'], 2, /“company ad” is not a command:\n {2}company list/],
    [['import', '.', '--dry-rn'], 2, /--dry-rn is not an option of “import”; did you mean --dry-run/],
    [['import'], 2, /“import” needs more/],
    [['backup', 'a', 'b'], 2, /“b” is one word too many/],
    [['run', 'aproval-reminders'], 2, /did you mean approval-reminders/],
    [['run', 'approval-reminders', '--at', 'tomorrow'], 2, /--at must be an instant/],
    [['export', 'deal'], 2, /did you mean deals/],
    [['report', 'portfolio'], 1, /There is no company yet/],
    [['report', 'portfolio', '--period', 'soon'], 2, /“soon” is no period/],
    [['export', 'deals', '--by', 'rep'], 2, /belong to: export kpi/],
    [['manifest', 'teams'], 2, /--app-id/],
    [['import', '/nowhere/at/all', '--company', 'x'], 1, /There is no file or folder at/],
    [['policy', 'show'], 1, /There is no company yet/],
    [['restore', '/nowhere.db'], 1, /There is no backup/],
  ])('%j ends with %i and a sentence', async (argv, code, sentence) => {
    const said = await dealdesk(...(argv as string[]))
    expect(said).toMatchObject({ code, err: expect.stringMatching(sentence as RegExp) })
    expect(said.err).not.toMatch(/\n\s+at /)
  })

  it('writes a metric as CSV and JSON, and compares companies without a name of anybody', async () => {
    files.write('people.csv', csv('id,name,roles', '=ann,=Ann,ae', 'bo,Bo,ae'))
    files.write(
      'opportunities.csv',
      csv(
        'id,name,owner,stage,amount,created_on,closed_on,loss_reason,competitor',
        'd1,One,=ann,CW,100,2026-01-01,2026-02-01,,',
        'd2,Two,=ann,CL,100,2026-01-01,2026-02-01,price,none',
        'd3,Three,bo,CW,100,2026-01-01,2026-02-11,,',
      ),
    )
    const folder = files.path
    for (const name of ['people.csv', 'opportunities.csv'])
      expect((await dealdesk('import', join(folder, name), '--company', 'acme', '--as-is')).code).toBe(0)
    const kpi = (...more: string[]) =>
      dealdesk('export', 'kpi', '--metric', '승률', '--period', '2026-Q1', ...more)
    const lines = (await kpi('--by', 'rep')).out.split('\r\n')
    expect(lines[0]).toBe(
      'metric,period,from,to,dimension,key,name,value,unit,currency,basis,target_from,target_to,no_number',
    )
    expect(lines[1]).toBe('win-rate,2026-Q1,2026-01-01,2026-03-31,,,,66.6667,percent,,3,,,')
    // B5.95: what a spreadsheet would execute is words.
    expect(lines[2]).toBe("win-rate,2026-Q1,2026-01-01,2026-03-31,rep,'=ann,'=Ann,50,percent,,2,,,")
    expect(JSON.parse((await kpi('--format', 'json')).out)[0]).toMatchObject({ value: 66.6667, basis: 3 })
    expect((await kpi('--by', 'planet')).err).toContain('is broken down by tier, channel, rep')
    expect((await dealdesk('export', 'kpi', '--metric', 'winrat')).err).toMatch(/did you mean win-?rate/)
    const table = (await dealdesk('report', 'portfolio', '--period', '2026-Q1')).out
    expect(table).toMatch(/Win rate +2026-Q1 +66\.7%/)
    expect(table).not.toMatch(/Ann|Bo\b/)
    const rows = (await dealdesk('report', 'portfolio', '--format', 'csv', '--period', '2026-Q1')).out
    expect(rows).toContain('acme,acme,win-rate,2026-Q1')
    expect(rows).not.toMatch(/Ann|,rep,/)
  })

  it('adds, changes, binds and lists companies', async () => {
    expect(
      (await dealdesk('company', 'add', 'acme', '--name', '에이크미', '--holidays', 'KR;2026-12-24')).code,
    ).toBe(0)
    expect((await dealdesk('company', 'add', 'acme')).err).toMatch(/is there already/)
    expect((await dealdesk('company', 'add', 'x', '--zone', 'Seoul')).err).toMatch(
      /--zone must be a time zone/,
    )
    expect((await dealdesk('company', 'set', 'acmee', '--currency', 'USD')).err).toMatch(/did you mean acme/)
    expect((await dealdesk('company', 'set', 'acme', '--hours', '1-4 10:00-17:00')).out).toContain(
      '1-4 10:00-17:00',
    )
    expect((await dealdesk('company', 'bind', 'acme', '--slack', 'T0ACME')).code).toBe(0)
    await dealdesk('company', 'add', 'other')
    expect((await dealdesk('company', 'bind', 'other', '--slack', 'T0ACME')).err).toMatch(
      /bound to the company acme/,
    )
    const { out } = await dealdesk('company', 'list')
    expect(out).toMatch(
      /acme\s+에이크미\s+ko\s+KRW\s+Asia\/Seoul\s+1-4 10:00-17:00\s+KR;2026-12-24\s+0\s+slack T0ACME/,
    )
  })

  it('imports with a report, refuses with the rows, and says when it was done before', async () => {
    const path = files.write('people.csv', csv('id,name,roles', 'a,Ann,ae', 'b,Bo,boss'))
    const refused = await dealdesk(
      'import',
      path,
      '--company',
      'acme',
      '--report',
      join(files.path, 'bad.csv'),
    )
    expect(refused.code).toBe(1)
    expect(refused.err).toMatch(/people\.csv:3 roles — “boss” is not a role/)
    expect(refused.err).toMatch(/Nothing was changed: 1 problem/)
    expect(readFileSync(join(files.path, 'bad.csv'), 'utf8')).toMatch(
      /^file,line,column,problem\r\npeople\.csv,3,roles,/,
    )
    expect(await dealdesk('import', path, '--company', 'acme', '--skip-bad')).toMatchObject({ code: 0 })
    files.write('people.csv', csv('id,name,roles', 'a,Ann,ae', 'b,Bo,sales_manager'))
    const dry = await dealdesk('import', path, '--dry-run')
    expect(dry.out).toMatch(/people\.csv\s+people\s+2\s+1\s+0\s+1\s+0\n/)
    expect((await dealdesk('import', path)).out).toMatch(/Imported into acme/)
    expect((await dealdesk('import', path)).out).toMatch(/^Already imported on \d{4}-/)
    expect((await dealdesk('admin', 'grant', 'b')).out).toBe('Bo administers acme.\n')
    expect((await dealdesk('admin', 'grant', 'b')).out).toBe('Bo is an administrator already.\n')
  })

  it('keeps a mapping with a company', async () => {
    for (const [name, content] of Object.entries(crmExport)) files.write(name, content)
    const map = files.write('map.yaml', crmMapping(readFileSync('docs/maven-mapping.yaml', 'utf8')))
    expect((await dealdesk('import', files.path, '--company', 'c', '--map', 'saved')).code).toBe(1)
    expect(
      (await dealdesk('import', files.path, '--company', 'c', '--map', map, '--save-map', '--as-is')).code,
    ).toBe(0)
    const again = await dealdesk(
      'import',
      files.path,
      '--company',
      'c',
      '--map',
      'saved',
      '--again',
      '--as-is',
    )
    expect(again.out).toMatch(/sales_pipeline\.csv\s+opportunities\s+5\s+0\s+0\s+5\s+0/)
  })

  it('B5.95 what a spreadsheet would execute is defused on the way out, and only there', async () => {
    expect(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '＝1', 'a=1', -5].map(csvCell)).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@x",
      "'\tx",
      '"\'\rx"',
      "'＝1",
      'a=1',
      '-5',
    ])
    files.write('opportunities.csv', csv('id,name,stage,amount', 'd1,"=HYPERLINK(""x"")",S1,1200'))
    await dealdesk('import', join(files.path, 'opportunities.csv'), '--company', 'acme', '--as-is')
    const { out } = await dealdesk('export', 'deals')
    expect(out).toContain(`acme,d1,"'=HYPERLINK(""x"")",,,,1200,,KRW,S1`)
    const json = await dealdesk('export', 'deals', '--format', 'json')
    expect(JSON.parse(json.out)).toMatchObject([
      { id: 'd1', name: '=HYPERLINK("x")', amount: '1200', list_amount: null },
    ])
    expect(JSON.parse((await dealdesk('export', 'approvals', '--format', 'json')).out)).toEqual([])
  })

  it('shows and sets a policy as the next version, and says what is wrong with one', async () => {
    await dealdesk('company', 'add', 'acme')
    const bad = files.write('bad.yaml', 'discount: {exceptionOver: lots}')
    expect((await dealdesk('policy', 'set', bad)).err).toMatch(/discount\.exceptionOver/)
    const good = files.write('good.yaml', 'discount: {expireAfterDays: 10}')
    expect((await dealdesk('policy', 'set', good)).out).toMatch(/version 2 of its rules/)
    expect((await dealdesk('policy', 'show')).out).toMatch(/version 2\..*expireAfterDays: 10/s)
    expect((await dealdesk('audit', 'verify')).out).toMatch(/acme\s+2\s+whole/)
    const audit = await dealdesk('export', 'audit')
    expect(audit.out).toMatch(/acme,2,.*,policy\.set,operator,,cli,company,acme,2,/)
  })

  it('makes, lists and revokes tokens, showing one only when it is made', async () => {
    await dealdesk('company', 'add', 'acme')
    const made = await dealdesk(
      'token',
      'create',
      '--label',
      'crm',
      '--scope',
      'opportunities',
      '--scope',
      'people',
    )
    expect(made.out).toMatch(/^dd_\w+/)
    // A scope that is nothing one can send would make a token that is refused everywhere.
    const mistyped = await dealdesk('token', 'create', '--scope', 'oportunities')
    expect(mistyped).toMatchObject({ code: 2, out: '' })
    expect(mistyped.err).toContain('not “oportunities”; did you mean opportunities?')
    const listed = await dealdesk('token', 'list')
    expect(listed.out).toMatch(/acme\s+crm\s+opportunities people/)
    expect(listed.out).not.toContain(made.out.trim())
    const id = /revoking: (\S+)/.exec(made.err)?.[1] ?? ''
    expect((await dealdesk('token', 'revoke', id)).code).toBe(0)
    expect((await dealdesk('token', 'revoke', id)).code).toBe(1)
  })

  it('loads the demo, backs up and restores', async () => {
    expect((await dealdesk('demo')).out).toMatch(/ondam: 온담소프트, \d+ people/)
    const copy = join(files.path, 'copy.db')
    expect((await dealdesk('backup', copy)).code).toBe(0)
    await dealdesk('company', 'add', 'later')
    const restored = await dealdesk('restore', copy)
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('is kept as') })
    expect((await dealdesk('company', 'list')).out).not.toContain('later')
    expect(await dealdesk('run', 'approval-reminders', '--at', '2026-11-23T09:00:00+09:00')).toMatchObject({
      code: 0,
    })
    expect((await dealdesk('schedules')).out).toMatch(/approval-reminders\s+every minute/)
    expect((await dealdesk('doctor')).out).toMatch(/company ondam\s+ok/)
  })

  it('B5.82 says when the clock of this machine is not the database’s', async () => {
    await dealdesk('demo')
    expect((await dealdesk('doctor')).out).toMatch(/clock\s+ok/)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 45_000 })
    try {
      expect((await dealdesk('doctor')).out).toMatch(/clock\s+BAD\s+.*differ by 4\d s: set both by NTP/)
    } finally {
      vi.useRealTimers()
    }
  })

  it('writes the manifest', async () => {
    const out = join(files.path, 'm.yml')
    expect((await dealdesk('manifest', 'slack', '--prefix', 'acme', '--out', out)).code).toBe(0)
    expect(readFileSync(out, 'utf8')).toContain('/acme-approve-discount')
    expect((await dealdesk('manifest', 'slack', '--url', 'http://x')).err).toMatch(
      /--url must be an https address/,
    )
  })
})
