import { companyAfter, hoursText, newCompany, readHolidays, readHours } from '../../data/import/companies.ts'
import { isTimeZone } from '../canon/calendar.ts'
import { isCurrency } from '../canon/money.ts'
import { nearest } from '../canon/nearest.ts'
import { type Company, locales } from '../canon/people.ts'
import { type Given, Refused, type Run, table, UsageError } from './command.ts'
import { companyOf, operator, withStore } from './open.ts'

export const list: Run = (_given, terminal) =>
  withStore(terminal, async (store) => {
    const companies = await store.companies()
    if (companies.length === 0) {
      await terminal.out('There is no company yet. Add one with: company add ID\n')
      return 0
    }
    const bound = await store.bindings()
    const rows = await Promise.all(
      companies.map(async (company) => [
        company.id,
        company.name,
        company.locale,
        company.currency,
        company.working.timeZone,
        hoursText(company.working),
        [company.working.holidayCountry, ...company.working.holidays].filter(Boolean).join(';') || '-',
        String((await store.org(company.id)).people.size),
        bound
          .filter((each) => each.company === company.id)
          .map((each) => `${each.platform} ${each.tenant}`)
          .join(', ') || '-',
      ]),
    )
    await terminal.out(
      table(
        ['ID', 'NAME', 'LANGUAGE', 'CURRENCY', 'ZONE', 'HOURS', 'HOLIDAYS', 'PEOPLE', 'WORKSPACES'],
        rows,
      ),
    )
    return 0
  })

/** The options as cells of companies.csv, each checked with a sentence. */
function cells(given: Given): Record<string, string | number> {
  const found: Record<string, string | number> = {}
  const take = (option: string, column: string, fits: (text: string) => boolean, what: string): void => {
    const text = given.text(option)?.trim()
    if (text === undefined) return
    if (!fits(text)) throw new UsageError(`--${option} must be ${what}, not “${text}”.`)
    found[column] = text
  }
  take('name', 'name', (text) => text.length > 0 && text.length <= 300, 'a name of up to 300 characters')
  take('locale', 'locale', (text) => locales.some((each) => each === text), locales.join(' or '))
  take('zone', 'time_zone', isTimeZone, 'a time zone such as Asia/Seoul')
  const currency = given.text('currency')?.trim().toUpperCase()
  if (currency !== undefined) {
    if (!isCurrency(currency)) throw new UsageError('--currency must be a code such as KRW or USD.')
    found.currency = currency
  }
  take('hours', 'working_hours', (text) => readHours(text) !== undefined, 'like "1-5 09:00-18:00"')
  take('holidays', 'holidays', (text) => readHolidays(text) !== undefined, 'like "KR" or "KR;2026-12-24"')
  const year = given.text('fiscal-year')
  if (year !== undefined) {
    if (!/^([1-9]|1[0-2])$/.test(year)) throw new UsageError('--fiscal-year must be a month from 1 to 12.')
    found.fiscal_year_start = Number(year)
  }
  return found
}

const settings = (company: Company): string =>
  `${company.name}: language ${company.locale}, ${company.currency}, ${company.working.timeZone}, ${hoursText(company.working)}, fiscal year from month ${company.fiscalYearStart}`

export const add: Run = (given, terminal) =>
  withStore(terminal, async (store) => {
    const [id = ''] = given.words
    if (!/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u.test(id))
      throw new UsageError(`A company’s id is letters, digits, “-”, “_” and “.”, not “${id}”.`)
    const of = cells(given)
    const company = companyAfter(newCompany(id, of.currency as string | undefined), of)
    if (!(await store.addCompany(company, operator)))
      throw new Refused(`The company ${id} is there already. Change it with: company set ${id}`)
    await terminal.out(`Added ${id}. ${settings(company)}.\n`)
    return 0
  })

export const set: Run = (given, terminal) =>
  withStore(terminal, async (store) => {
    const of = cells(given)
    if (Object.keys(of).length === 0) throw new UsageError('Nothing to change was named.')
    const company = companyAfter(await companyOf(store, given.words[0]), of)
    await store.setCompany(company, operator)
    await terminal.out(`Changed ${company.id}. ${settings(company)}.\n`)
    return 0
  })

export const bind: Run = (given, terminal) =>
  withStore(terminal, async (store) => {
    const company = await companyOf(store, given.words[0])
    const slack = given.text('slack')
    const teams = given.text('teams')
    const enterprise = given.text('enterprise')
    if ((slack === undefined) === (teams === undefined))
      throw new UsageError('Name one of --slack and --teams.')
    if (slack !== undefined && !/^T[A-Z0-9]{2,20}$/.test(slack))
      throw new UsageError(`A Slack workspace id looks like T0123456, not “${slack}”.`)
    if (teams !== undefined && !/^[0-9a-f-]{36}$/i.test(teams))
      throw new UsageError(
        `A Microsoft 365 tenant id looks like 72f988bf-86f1-41af-91ab-2d7cd011db47, not “${teams}”.`,
      )
    if (enterprise !== undefined && !/^E[A-Z0-9]{2,20}$/.test(enterprise))
      throw new UsageError(`An Enterprise Grid organisation’s id looks like E0123456, not “${enterprise}”.`)
    const platform = slack === undefined ? 'teams' : 'slack'
    const tenant = slack ?? teams?.toLowerCase() ?? ''
    const owner = await store.bindTenant(
      { platform, tenant, company: company.id, ...(enterprise ? { enterprise } : {}) },
      operator,
    )
    if (owner !== company.id) throw new Refused(`${tenant} is bound to the company ${owner} already.`)
    await terminal.out(`${platform} ${tenant} belongs to ${company.id} now.\n`)
    return 0
  })

const admin =
  (granted: boolean): Run =>
  (given, terminal) =>
    withStore(terminal, async (store, clock) => {
      const company = await companyOf(store, given.text('company'))
      const org = await store.org(company.id)
      const [id = ''] = given.words
      const person = org.people.get(id)
      if (!person) {
        const near = nearest(id, [...org.people.keys()])
        throw new Refused(`${company.id} has no person “${id}”${near ? `; did you mean ${near}?` : '.'}`)
      }
      if (Boolean(person.admin) === granted) {
        await terminal.out(
          `${person.name} ${granted ? 'is an administrator already' : 'is no administrator'}.\n`,
        )
        return 0
      }
      await store.commit({
        company: company.id,
        save: [{ noun: 'person', id, set: { admin: granted } }],
        audit: [
          {
            at: clock.now(),
            what: granted ? 'admin.granted' : 'admin.revoked',
            ...operator,
            subject: { noun: 'person', id },
          },
        ],
        deliveries: [],
      })
      await terminal.out(
        `${person.name} ${granted ? 'administers' : 'no longer administers'} ${company.id}.\n`,
      )
      return 0
    })

export const grant: Run = admin(true)
export const revoke: Run = admin(false)
