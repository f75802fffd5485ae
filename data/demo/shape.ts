import type { PlainDate } from '../../src/canon/calendar.ts'
import type { LeadStatus } from '../../src/canon/lead.ts'
import type { Channel, MeddiccField, Stage, Tier } from '../../src/canon/opportunity.ts'
import type { Locale, Role } from '../../src/canon/people.ts'

/** A person of a demo company, with what a chat client shows of them. */
export interface DemoPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly roles: readonly Role[]
  /** Job title as the client shows it under the name. */
  readonly title: string
  readonly manager?: string
  readonly team?: string
  readonly locale: Locale
  readonly timeZone: string
  readonly slackUser: string
  /** Entra object id in the company's Microsoft 365 tenant. */
  readonly teamsUser: string
  /** Name in direct messages and after the @. */
  readonly handle: string
  readonly avatar: { readonly colour: string; readonly initials: string }
}

/** A team of a demo company and its channel. */
export interface DemoTeam {
  readonly id: string
  readonly name: string
  readonly manager: string
  readonly slackChannel: string
  readonly teamsChannel: string
  /** Without the leading #. */
  readonly channelName: string
  /** Major units of `currency`. */
  readonly quarterlyTarget: number
  readonly currency: string
  readonly timeZone: string
  readonly locale: Locale
}

/** A channel of the demo workspace; `members` are person ids. */
export interface DemoChannel {
  readonly id: string
  readonly name: string
  readonly topic: string
  readonly members: readonly string[]
}

export interface DemoAccount {
  readonly id: string
  readonly name: string
  readonly tier: Tier
  readonly industry: string
  readonly region: string
  readonly csm?: string
  readonly ae?: string
  readonly executiveSponsor?: string
  /** Major units of `currency`. */
  readonly arr?: number
  readonly currency: string
  readonly renewalOn?: PlainDate
}

export interface DemoDeal {
  readonly id: string
  readonly name: string
  readonly account?: string
  readonly owner: string
  /** Major units of `currency`, as in an import file. */
  readonly amount?: number
  readonly listAmount?: number
  readonly currency: string
  readonly stage: Stage
  readonly stageEnteredOn: PlainDate
  readonly createdOn: PlainDate
  readonly expectedCloseOn?: PlainDate
  readonly closedOn?: PlainDate
  readonly channel: Channel
  readonly product: string
  readonly meddicc: Readonly<Partial<Record<MeddiccField, string>>>
  readonly lossReason?: string
  readonly lossReasonDetail?: string
  readonly competitor?: string
}

export interface DemoLead {
  readonly id: string
  readonly name: string
  readonly company: string
  readonly account?: string
  readonly email?: string
  readonly source: string
  readonly owner: string
  readonly arrivedOn: PlainDate
  /** The day the SDR first called, with what was said. */
  readonly calledOn?: PlainDate
  readonly note?: string
  readonly score: number
  readonly status: LeadStatus
}

/** One tenant of the demo: a portfolio company, its Slack workspace, its people and its pipeline. */
export interface DemoCompany {
  readonly id: string
  readonly name: string
  readonly locale: Locale
  readonly timeZone: string
  readonly currency: string
  /** First month of the fiscal year, 1–12. */
  readonly fiscalYearStart: number
  readonly workingHours: string
  /** ISO 3166 country whose public holidays are off. */
  readonly holidayCountry: string
  readonly slackTenant: string
  readonly teamsTenant: string
  readonly workspace: { readonly name: string; readonly domain: string }
  readonly people: readonly DemoPerson[]
  readonly teams: readonly DemoTeam[]
  readonly channels: readonly DemoChannel[]
  readonly accounts: readonly DemoAccount[]
  readonly deals: readonly DemoDeal[]
  readonly leads: readonly DemoLead[]
}

/** The calendar day `days` after (before, when negative) `today`. */
export function dayFrom(today: PlainDate, days: number): PlainDate {
  const at = new Date(`${today}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}
