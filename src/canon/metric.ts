import type { Instant, PlainDate, WorkingTime } from './calendar.ts'
import type { Money } from './money.ts'
import type { Role } from './people.ts'
import type { Period, PeriodKind } from './period.ts'
import type { Policy } from './policy.ts'
import type { MetricId, Target } from './policy-metric.ts'

export { type MetricId, metricIds, type Target } from './policy-metric.ts'

/** What a metric can be broken down by (Canon, Digests, metrics, forecast); time is the period. */
export const dimensions = ['tier', 'channel', 'rep', 'team', 'industry', 'product'] as const
export type Dimension = (typeof dimensions)[number]

/** Why a metric cannot be told by a dimension: where it has no meaning, and not where nobody wrote it down. */
export type NotBy =
  /** Revenue, QBRs and the accounts somebody manages are an account's, whichever products it has. */
  | 'account-whole'
  /** A lead has no product until it is a deal. */
  | 'before-product'
  /** What is told of a territory compares the reps in it. */
  | 'among-reps'
  /** Costs are kept for all of sales and marketing. */
  | 'costs-whole'
  /** A forecast is kept for each team. */
  | 'forecast-of-team'
  /** A report goes to a team or a person. */
  | 'reports-of-teams'

/** How a dimension is meant where its name alone does not say. */
type ByMeaning =
  /** Rep: the CSM of the account. */
  | 'csm'
  /** Rep: who asked for the discount. */
  | 'requester'
  /** Rep: the AE who handed over. */
  | 'sender'
  /** Rep: who was told. */
  | 'told'
  /** Channel: the one of the customer's first contract. */
  | 'first-contract'
  /** Channel: where the lead came from. */
  | 'lead-source'
  /** Tier and industry: of the account; channel and product: of the deal, also of the lead's. */
  | 'of-activity'
  /** All but team: targets are kept for each team, so that a part is held against all of them. */
  | 'whole-target'
  /** All but rep and team: divided by everybody, so that parts add up. */
  | 'all-people'

export type MetricUnit = 'percent' | 'money' | 'days' | 'minutes' | 'count' | 'ratio' | 'score' | 'gini'

/** Which rows of the record a metric adds up: one reading of the store each. */
export const metricSources = [
  /** Deals by the day they were closed. */
  'closed',
  /** Deals by the day they were created. */
  'created',
  /** Deals that CS found, by the day they were created. */
  'expansions',
  /** Deals that were open at the end of the period. */
  'standing',
  /** Deals that are open now. */
  'open',
  /** How many of them each rep holds. */
  'held',
  /** Changes of stage. */
  'moves',
  'activities',
  'leads',
  /** SDR→AE handoffs by the day they were opened. */
  'sqls',
  /** AE→CS handoffs by the day they were accepted. */
  'handoffs',
  /** Discount requests by the day they were settled. */
  'approvals',
  'revenue',
  'costs',
  /** Accounts by the day of their first won deal. */
  'customers',
  /** Accounts with a CSM, now. */
  'managed',
  'qbrs',
  'reports',
  'nudges',
  /** What the forecast of a quarter's first day was, and what was won in it. */
  'forecasts',
] as const
export type MetricSource = (typeof metricSources)[number]

/** Rows that are of a team and not of a person in it. */
export const saysTeam = (source: MetricSource): boolean => source === 'forecasts' || source === 'reports'

/**
 * What was added up over one group: nothing in it but sums, so that groups add up to their whole and their order does
 * not matter. What is not there is 0.
 */
export interface Sums {
  readonly n: Readonly<Record<string, number>>
  /** By currency, in minor units. */
  readonly money: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Numbers by a further key (a person, a score), for what depends on how they are spread. */
  readonly spread: Readonly<Record<string, number>>
}

export const noSums: Sums = { n: {}, money: {}, spread: {} }

/** One group of a reading. `period`: index into the periods that were asked for; `key`: null where the record says nothing. */
export interface Group {
  readonly period: number
  readonly key: string | null
  readonly sums: Sums
}

/** What is to be added up. */
export interface Slice {
  /** Following one another, oldest first. */
  readonly periods: readonly Period[]
  /**
   * Left out: one group a period. `team` is for what says its team itself (`saysTeam`); of everything else it is made
   * of `rep` by whoever knows the teams.
   */
  readonly by?: Dimension
  /** Whose rows: the owner, sender or person of each; `all` takes those of nobody too. */
  readonly owners: readonly string[] | 'all'
  /** Now, and today in the company's zone. */
  readonly now: Instant
  readonly today: PlainDate
  readonly working: WorkingTime
  readonly stalledAfterDays: number
}

/** What a figure is held to: a target, of the period that it is of. */
export type Goal = Omit<Target, 'per'>

/** What a metric came to. `of`: how many things it rests on (deals, leads, accounts), so that little is not taken for much. */
export type Figure =
  | {
      readonly unit: 'money'
      /** One a currency, the largest basis first. */
      readonly amounts: readonly Money[]
      /** All of them in the company's currency, at the rates of that day. */
      readonly total?: { readonly money: Money; readonly on: PlainDate }
      readonly of: number
    }
  | { readonly unit: Exclude<MetricUnit, 'money'>; readonly value: number; readonly of: number }

type ImportFile =
  | 'opportunities.csv'
  | 'stage-history.csv'
  | 'activities.csv'
  | 'leads.csv'
  | 'accounts.csv'
  | 'teams.csv'
  | 'revenue.csv'
  | 'costs.csv'
  | 'qbrs.csv'
  | 'fx.csv'

/** Why there is no number: never a made-up one. */
export type Lack =
  /** Nothing was ever imported or written down of it. */
  | { readonly code: 'file'; readonly file: ImportFile }
  /** Of this period there is nothing in that file. */
  | { readonly code: 'file-period'; readonly file: ImportFile }
  /** The record is there, and nothing of the kind happened in the period. */
  | { readonly code: 'nothing' }
  /** It can be told when the period has ended. */
  | { readonly code: 'unfinished' }
  /** Kept as of now alone. */
  | { readonly code: 'past' }
  /** Kept by the month or quarter, and the period is not made of whole ones. */
  | { readonly code: 'grain'; readonly grain: 'month' | 'quarter' }
  /** No team has a quarterly target. */
  | { readonly code: 'target' }
  /** Amounts in several currencies that no rate joins. */
  | { readonly code: 'rates'; readonly currencies: readonly string[] }
  /** No forecast was kept on the quarter's first day. */
  | { readonly code: 'snapshot' }
  /** The product has no place for it yet. */
  | { readonly code: 'not-kept'; readonly what: 'market' | 'icp' | 'plans' | 'account-scores' }
  /** Only those who see the whole company see it. */
  | { readonly code: 'whole-company' }

/** What the formulas need beside the sums. */
export interface MetricWorld {
  readonly period: Period
  /** Days of the period that have passed, today included. */
  readonly daysSoFar: number
  readonly workingDaysSoFar: number
  /** The company's currency. */
  readonly currency: string
  /** An amount in another currency at the newest rate up to the end of the period; `undefined` without one. */
  readonly convert: (
    money: Money,
    to: string,
  ) => { readonly money: Money; readonly on: PlainDate } | undefined
  /** Quarterly targets of the teams in question. */
  readonly targets: readonly Money[]
  /** Those whose rows were added up, as far as it matters who they are: people of the metric's `role`. */
  readonly people: readonly string[]
  readonly policy: Policy
}

/** One metric: what it is, and its formula as a pure function of sums. */
export interface Metric {
  readonly id: MetricId
  readonly unit: MetricUnit
  /** Which way is better. */
  readonly better: 'up' | 'down' | 'within'
  readonly review: 'daily' | 'weekly' | 'monthly' | 'quarterly'
  /** The period that is shown where none is asked for. */
  readonly period: PeriodKind | 'last-quarter'
  readonly by: readonly Dimension[]
  /** Why not by the others; nothing where there is no number at all. */
  readonly notBy?: Readonly<Partial<Record<Dimension, NotBy>>>
  readonly means?: Readonly<Partial<Record<Dimension, ByMeaning>>>
  /** What it is kept by: a period is told where it is made of whole ones. */
  readonly grain?: 'month' | 'quarter'
  readonly sources: readonly MetricSource[]
  /** The file that fills it. */
  readonly file?: ImportFile
  /** Only the state of today is kept. */
  readonly nowOnly?: true
  /** It cannot be told for some people of a company. */
  readonly wholeCompany?: true
  /** It is about people of this role. */
  readonly role?: Role
  /** Where that role's rows alone count. */
  readonly roleOnly?: true
  /** The steps that it is made of. */
  readonly parts?: readonly MetricId[]
  readonly formula: (sums: Sums, world: MetricWorld) => Figure | Lack
}

export const isLack = (result: Figure | Lack): result is Lack => 'code' in result

/** Adds sums up; what one of them lacks counts as 0. */
export function added(all: Iterable<Sums>): Sums {
  const n: Record<string, number> = {}
  const money: Record<string, Record<string, number>> = {}
  const spread: Record<string, number> = {}
  for (const sums of all) {
    for (const [key, value] of Object.entries(sums.n)) n[key] = (n[key] ?? 0) + value
    for (const [key, value] of Object.entries(sums.spread)) spread[key] = (spread[key] ?? 0) + value
    for (const [currency, parts] of Object.entries(sums.money)) {
      money[currency] ??= {}
      const into = money[currency]
      for (const [key, value] of Object.entries(parts)) into[key] = (into[key] ?? 0) + value
    }
  }
  return { n, money, spread }
}
