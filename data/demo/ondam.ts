import { ondamLeads } from './leads.ts'
import { accounts } from './ondam-accounts.ts'
import { deals } from './ondam-deals.ts'
import { channels, people, teams } from './ondam-people.ts'
import type { DemoCompany } from './shape.ts'
import { teamsTenantOf } from './teams.ts'

/** The first tenant: a Korean maker of factory software that sells in won at home and in dollars abroad. */
export function ondam(on: (days: number) => string): DemoCompany {
  return {
    id: 'ondam',
    name: '온담소프트',
    locale: 'ko',
    timeZone: 'Asia/Seoul',
    currency: 'KRW',
    fiscalYearStart: 1,
    workingHours: '1-5 09:00-18:00',
    holidayCountry: 'KR',
    slackTenant: 'T0DEALDESK',
    teamsTenant: teamsTenantOf('ondam'),
    workspace: { name: '온담소프트', domain: 'ondam' },
    people,
    teams,
    channels,
    accounts: accounts(on),
    deals: deals(on),
    leads: ondamLeads(on),
  }
}
