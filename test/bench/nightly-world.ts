import type BetterSqlite3 from 'better-sqlite3'
import { companyAfter, newCompany } from '../../data/import/companies.ts'
import { upsertPeople, upsertTeams } from '../../data/people.ts'
import { loadDriver } from '../../data/sqlite.ts'
import { createStore } from '../../data/store.ts'
import type { Person, Team } from '../../src/canon/people.ts'

export const nightlyCompany = 'night'
/** Monday 09:00 in Seoul, when the nightly run is due. */
export const nightlyAt = Date.parse('2026-11-23T09:00:00+09:00')

const managers = 50
const aes = 500
const csms = 100

const by = { by: 'cli', platform: 'cli' } as const
export const nightlyTenant = 'T-night'

/** The people of a large company, all of them in one Slack workspace. */
async function people(file: string): Promise<void> {
  const store = await createStore({ url: `file:${file}`, clock: { now: () => nightlyAt } })
  try {
    await store.addCompany(companyAfter(newCompany(nightlyCompany, 'KRW'), { name: 'Night' }), by)
    await store.bindTenant({ platform: 'slack', tenant: nightlyTenant, company: nightlyCompany }, by)
    const range = (count: number) => Array.from({ length: count }, (_, at) => at)
    const teams: Team[] = range(managers).map((at) => ({
      id: `team${at}`,
      name: `Team ${at}`,
      manager: `manager${at}`,
      slackChannel: `C${at}`,
    }))
    const made = (id: string, role: Person['roles'][number], over: Partial<Person> = {}): Person => ({
      id,
      name: id,
      roles: [role],
      active: true,
      ...over,
    })
    const all = [
      made('vp', 'vp_sales'),
      made('ops', 'sales_ops'),
      ...range(managers).map((at) =>
        made(`manager${at}`, 'sales_manager', { manager: 'vp', team: `team${at}` }),
      ),
      ...range(aes).map((at) =>
        made(`ae${at}`, 'ae', { manager: `manager${at % managers}`, team: `team${at % managers}` }),
      ),
      ...range(csms).map((at) => made(`csm${at}`, 'csm', { manager: 'vp' })),
    ]
    await store.database.transact(async (trx) => {
      await upsertTeams(trx, nightlyCompany, teams, nightlyAt)
      await upsertPeople(trx, nightlyCompany, all, nightlyAt)
    })
    await store.commit({
      company: nightlyCompany,
      audit: [],
      deliveries: [],
      save: all.map(({ id }) => ({
        noun: 'identity',
        platform: 'slack',
        tenant: nightlyTenant,
        user: `U-${id}`,
        person: id,
      })),
    })
  } finally {
    await store.close()
  }
}

/**
 * A company with so many open deals, a fifth as many accounts and so many activities of each deal, written by the
 * database itself. Three deals in ten stand still, one in twenty should have closed, one in ten lacks MEDDICC, every
 * other one names a champion, one in five of whom is silent and a few of whom have left.
 */
export async function buildNight(file: string, deals: number, activitiesEach = 5): Promise<void> {
  await people(file)
  const Sqlite = loadDriver()
  const db = new Sqlite(file)
  try {
    // No journal: what fails is built anew.
    db.pragma('journal_mode = OFF')
    db.pragma('synchronous = OFF')
    db.pragma('cache_size = -200000')
    db.pragma('temp_store = MEMORY')
    fill(db, deals, activitiesEach)
    db.pragma('journal_mode = WAL')
  } finally {
    db.close()
  }
}

function fill(db: BetterSqlite3.Database, deals: number, activitiesEach: number): void {
  const accounts = Math.max(1, Math.round(deals / 5))
  const numbers = (count: number) =>
    `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`
  const day = 86_400_000
  const ago = (days: string) => `date('2026-11-23', '-' || (${days}) || ' days')`
  const id = (letter: string, number: string) => `printf('${letter}%07d', ${number})`
  const c = `'${nightlyCompany}'`
  const ofAccount = activitiesEach * 5
  db.exec(`begin;
    ${numbers(accounts)}
    insert into accounts (company_id, id, name, tier, ae, csm, updated_at, search, version)
    select ${c}, ${id('K', 'i')}, 'Account ' || i, 'T' || (1 + i % 3), 'ae' || (i % ${aes}), 'csm' || (i % ${csms}),
      ${nightlyAt}, 'account ' || i, 1 from n;
    ${numbers(accounts * 3)}
    insert into contacts (company_id, id, account, name, role, engagement, updated_on, left_on, version)
    select ${c}, ${id('P', 'i')}, ${id('K', 'i / 3')}, 'Person ' || i,
      case i % 3 when 0 then 'champion' when 1 then 'economic_buyer' end, 'medium',
      ${ago('i * 31 % 120')}, case when i % 501 = 0 then ${ago('i % 20')} end, 1 from n;
    ${numbers(deals)}
    insert into opportunities (company_id, id, name, account, account_name, account_csm, tier, owner, amount,
      list_amount, currency, stage, closed, stage_entered_on, created_on, expected_close_on, channel, product,
      metrics, economic_buyer, decision_criteria, decision_process, identify_pain, champion, competition,
      discount_flagged, last_activity_at, gate_debt, debt_until, search, updated_at, version)
    select ${c}, ${id('D', 'i')}, 'Deal ' || i, ${id('K', 'i / 5')}, 'Account ' || (i / 5), 'csm' || (i / 5 % ${csms}),
      'T' || (1 + i / 5 % 3), 'ae' || (i / 5 % ${aes}), 1000000 + i * 7919 % 500000000, 1000000 + i * 7919 % 500000000,
      'KRW', 'S' || (1 + i % 6), 0,
      case when i % 10 < 3 then ${ago('31 + i * 13 % 400')} else ${ago('i % 30')} end,
      ${ago('450 + i % 30')}, date('2026-11-23', case when i % 20 = 7 then '-' else '+' end || (1 + i % 90) || ' days'),
      'inbound', 'platform', case when i % 10 = 4 then null else 'half the time' end, 'Person', 'price', 'board in May',
      'four hours a day', case when i % 2 = 0 then ${id('P', 'i / 5 * 3')} else 'a plant manager' end, 'nobody', 0,
      ${nightlyAt} - i % 60 * ${day},
      case when i % 500 = 3 then '[{"gate":"demo","stage":"S3","until":"2026-11-' || (10 + i % 20)
        || '","reason":"later","by":"vp","at":0}]' end,
      case when i % 500 = 3 then '2026-11-' || (10 + i % 20) end, 'deal ' || i, ${nightlyAt}, 1 from n;
    ${numbers(deals * activitiesEach)}
    insert into activities (company_id, id, deal, account, person, kind, happened_at, logged_at, contact)
    select ${c}, ${id('X', 'i')}, ${id('D', `i / ${activitiesEach}`)}, ${id('K', `i / ${ofAccount}`)},
      'ae' || (i / ${ofAccount} % ${aes}), 'call',
      ${nightlyAt} - (1 + i * 37 % 180) * ${day},
      ${nightlyAt} - (1 + i * 37 % 180) * ${day} + case when i % 100 = 0 then 172800000 else 600000 end,
      case when i / ${ofAccount} % 5 = 4 then ${id('P', `i / ${ofAccount} * 3 + 1`)}
        else ${id('P', `i / ${ofAccount} * 3 + i % 3`)} end from n;
    commit;`)
}
