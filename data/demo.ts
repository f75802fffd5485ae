import type { PlainDate } from '../src/canon/calendar.ts'
import { localDate } from '../src/canon/calendar.ts'
import { healthSignalsOf } from './demo/health.ts'
import { larkfield } from './demo/larkfield.ts'
import { loggedLate, lookedAt, owingDeal } from './demo/nudges.ts'
import { costsOf, movesOf, ratesOf, revenueOf } from './demo/numbers.ts'
import { ondam } from './demo/ondam.ts'
import { activitiesOf, contactsOf, evidenceOf } from './demo/record.ts'
import { qbrsOf, renewingAccounts } from './demo/renewals.ts'
import { loadDemoReports } from './demo/reports.ts'
import { type DemoCompany, type DemoDeal, dayFrom } from './demo/shape.ts'
import { companyAfter, newCompany } from './import/companies.ts'
import { planOf, rowsSource } from './import/plan.ts'
import { problemLine } from './import/report.ts'
import { runImport } from './import.ts'
import type { DataStore } from './store.ts'

export type { DemoCompany } from './demo/shape.ts'

/** The demo companies as of `today`: the same day gives the same companies, to the letter. */
export function demoCompanies(today: PlainDate): readonly DemoCompany[] {
  const on = (days: number): PlainDate => dayFrom(today, days)
  return [ondam(on), larkfield(on)].map((company) => ({
    ...company,
    accounts: [...company.accounts, ...renewingAccounts(company.id, on)],
  }))
}

/**
 * Loads the demo companies as of `now` through the import, with their Slack workspaces bound (with `teams`, their
 * Microsoft 365 tenants too, and everybody linked in both). Companies that are
 * there already are brought back to what the demo says of their people and deals; requests and audit stay.
 */
export async function loadDemo(
  store: DataStore,
  now: () => number,
  options: { readonly teams?: boolean } = {},
): Promise<readonly DemoCompany[]> {
  const { teams = false } = options
  const today = localDate(now(), 'Asia/Seoul')
  const companies = demoCompanies(today)
  const by = { by: 'system', platform: 'system' } as const
  for (const demo of companies) {
    const company = companyAfter(newCompany(demo.id, demo.currency), {
      name: demo.name,
      locale: demo.locale,
      time_zone: demo.timeZone,
      working_hours: demo.workingHours,
      holidays: demo.holidayCountry,
      fiscal_year_start: demo.fiscalYearStart,
    })
    await store.addCompany(company, by)
    const bound = await store.bindTenant(
      { platform: 'slack', tenant: demo.slackTenant, company: demo.id },
      by,
    )
    if (bound !== demo.id)
      throw new Error(
        `The Slack workspace ${demo.slackTenant} of the demo is bound to ${bound} in this database.`,
      )
    if (teams) await store.bindTenant({ platform: 'teams', tenant: demo.teamsTenant, company: demo.id }, by)
    const report = await runImport(store, planOf(demoReads(demo, teams, today), [], new Map()), {
      asIs: true,
      company: demo.id,
      now,
    })
    if (report.outcome === 'refused')
      throw new Error(
        `The demo company ${demo.id} was refused: ${report.problems.map(problemLine).join(' ')}`,
      )
    const owing = owingDeal(demo.id, (days) => dayFrom(today, days), now())
    if (owing)
      // Stale: it is there since an earlier start.
      await store.commit({
        company: demo.id,
        save: [{ noun: 'opportunity', expect: 'new', ...owing }],
        audit: [],
        deliveries: [],
      })
    await loadDemoReports(store, demo, today, now())
  }
  return companies
}

type Cells = Readonly<Record<string, string | number | undefined>>

const row = (cells: Cells): Record<string, string> =>
  Object.fromEntries(
    Object.entries(cells).map(([name, value]) => [name, value === undefined ? '' : String(value)]),
  )

const demoReads = (demo: DemoCompany, teams: boolean, today: PlainDate) => [
  rowsSource(
    'teams',
    demo.teams.map((team) =>
      row({
        id: team.id,
        name: team.name,
        manager: team.manager,
        slack_channel: team.slackChannel,
        ...(teams ? { teams_channel: team.teamsChannel } : {}),
        quarterly_target: team.quarterlyTarget,
        currency: team.currency,
        time_zone: team.timeZone,
        locale: team.locale,
      }),
    ),
  ),
  rowsSource(
    'people',
    demo.people.map((person) =>
      row({
        id: person.id,
        name: person.name,
        email: person.email,
        roles: person.roles.join(';'),
        manager: person.manager,
        team: person.team,
        locale: person.locale,
        time_zone: person.timeZone,
        slack_user: person.slackUser,
        ...(teams ? { teams_user: person.teamsUser } : {}),
      }),
    ),
  ),
  rowsSource(
    'accounts',
    demo.accounts.map(({ executiveSponsor, renewalOn, ...account }) =>
      row({ ...account, executive_sponsor: executiveSponsor, renewal_on: renewalOn }),
    ),
  ),
  rowsSource(
    'contacts',
    contactsOf(demo.deals).map((contact) => row({ ...lookedAt(contact, (days) => dayFrom(today, days)) })),
  ),
  rowsSource(
    'leads',
    demo.leads.map((lead) =>
      row({
        id: lead.id,
        name: lead.name,
        company: lead.company,
        account: lead.account,
        email: lead.email,
        source: lead.source,
        owner: lead.owner,
        arrived_at: `${lead.arrivedOn} 10:00`,
        first_touch_at: lead.calledOn && `${lead.calledOn} 10:30`,
        score: lead.score,
        status: lead.status,
      }),
    ),
  ),
  rowsSource('opportunities', demo.deals.map(dealRow)),
  rowsSource(
    'activities',
    [
      ...activitiesOf(demo.deals, demo.leads, today),
      ...loggedLate(demo.id, (days) => dayFrom(today, days)),
    ].map(row),
  ),
  rowsSource('qbrs', qbrsOf(demo, today)),
  rowsSource('revenue', revenueOf(demo, today)),
  rowsSource('costs', costsOf(demo, today)),
  rowsSource('fx', ratesOf(demo, today)),
  rowsSource('stage-history', movesOf(demo.deals)),
  rowsSource(
    'health-signals',
    healthSignalsOf(demo.id, (days) => dayFrom(today, days)),
  ),
]

const dealRow = (deal: DemoDeal): Record<string, string> =>
  row({
    id: deal.id,
    name: deal.name,
    account: deal.account,
    owner: deal.owner,
    amount: deal.amount,
    list_amount: deal.listAmount,
    currency: deal.currency,
    stage: deal.stage,
    stage_entered_on: deal.stageEnteredOn,
    created_on: deal.createdOn,
    expected_close_on: deal.expectedCloseOn,
    closed_on: deal.closedOn,
    channel: deal.channel,
    product: deal.product,
    ...deal.meddicc,
    loss_reason: deal.lossReason,
    loss_reason_detail: deal.lossReasonDetail,
    competitor: deal.competitor,
    ...Object.fromEntries(Object.entries(evidenceOf(deal)).map(([kind, on]) => [`${kind}_on`, on])),
  })
