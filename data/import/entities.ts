import { activityKinds } from '../../src/canon/activity.ts'
import { contactRoles, engagements } from '../../src/canon/contact.ts'
import { healthComponents } from '../../src/canon/health.ts'
import { leadStatuses } from '../../src/canon/lead.ts'
import type { EvidenceKind } from '../../src/canon/opportunity.ts'
import { periodName, quarterNamed, readPeriodName } from '../../src/canon/period.ts'
import {
  channel,
  currency,
  day,
  email,
  id,
  type Kind,
  locale,
  moment,
  oneOf,
  type Parse,
  roleList,
  short,
  stage,
  tier,
  timeZone,
  Unfit,
  words,
} from './columns.ts'
import { readHolidays, readHours } from './companies.ts'

/** What an import takes, in the order it is written: later ones refer to earlier ones. */
export const entities = [
  'companies',
  'teams',
  'people',
  'accounts',
  'contacts',
  'leads',
  'opportunities',
  'stage-history',
  'activities',
  'health-signals',
  'qbrs',
  'revenue',
  'costs',
  'fx',
] as const
export type Entity = (typeof entities)[number]

/** The table of each entity's rows. */
export const tableOf = (entity: Entity): string => entity.replaceAll('-', '_')

export interface Column {
  readonly name: string
  readonly is: Kind
  /** Its column in the table, where that is called otherwise. */
  readonly as?: string
  /** A new thing cannot be without it. Things that exist already may be imported without the column. */
  readonly needed?: true
}

const plain = (parse: Parse): Kind => ({ kind: 'plain', parse })
const person: Kind = { kind: 'reference', to: 'person' }
const name = plain(words(300))
const line = plain(words(500))
const text = plain(words(20_000))

const month: Parse = (raw) => {
  const value = Number(raw.trim())
  return Number.isInteger(value) && value >= 1 && value <= 12
    ? value
    : new Unfit('must be the first month of the fiscal year, 1 to 12')
}

const hours: Parse = (raw) =>
  readHours(raw)
    ? raw.trim()
    : new Unfit('must be like “1-5 09:00-18:00”: weekdays (1 is Monday), start and end')

const holidays: Parse = (raw) =>
  readHolidays(raw)
    ? raw.trim()
    : new Unfit('must be a country such as KR, days such as 2026-12-24, or both, separated by “;”')

const score: Parse = (raw) => {
  const value = Number(raw.trim())
  return Number.isInteger(value) && value >= 0 && value <= 100
    ? value
    : new Unfit('must be a whole number from 0 to 100')
}

/** Points with at most one decimal, as whole tenths. */
const points: Parse = (raw) => {
  const typed = raw.trim()
  const shape = /^(\d{1,3})(?:\.(\d+))?$/.exec(typed)
  const tenths = shape && Number(shape[1]) * 10 + Number((shape[2] ?? '0')[0])
  if (tenths === null || tenths > 1_000 || (tenths === 1_000 && /[1-9]/.test(shape?.[2] ?? '')))
    return new Unfit(`“${short(typed)}” is not a score from 0 to 100`)
  return /^\d?0*$/.test(shape?.[2] ?? '')
    ? tenths
    : new Unfit(`“${short(typed)}” has more than one decimal; a score is told in tenths`)
}

/** A fiscal quarter, as it is kept: 2026-Q3. */
const quarter: Parse = (raw) =>
  quarterNamed(raw, 1)?.name ?? new Unfit(`“${short(raw.trim())}” is not a quarter such as 2026-Q3`)

/** A day that has been: what was measured cannot lie ahead. */
const pastDay: Parse = (raw, reading) => {
  const on = day(raw, reading)
  return typeof on === 'string' && reading.today !== undefined && on > reading.today
    ? new Unfit(`“${short(raw.trim())}” lies ahead; today is ${reading.today}`)
    : on
}

/** A moment that has been. Judged by the day: clocks differ by minutes, and a row is not to be lost for that. */
const pastMoment: Parse = (raw, reading) => {
  const at = moment(raw, reading)
  return typeof at === 'number' && reading.tomorrow !== undefined && at >= reading.tomorrow
    ? new Unfit(`“${short(raw.trim())}” lies ahead; today is ${reading.today}`)
    : at
}

/** A month, as it is kept: 2026-07. It may be under way, and not lie ahead. */
const calendarMonth: Parse = (raw, reading) => {
  const shape = /^(\d{4})[-/.]?(\d{2})(?:[-/.]01)?$/.exec(raw.trim())
  const month = shape ? `${shape[1]}-${shape[2]}` : ''
  if (readPeriodName(month)?.kind !== 'month')
    return new Unfit(`“${short(raw.trim())}” is not a month such as 2026-07`)
  return reading.today !== undefined && month > reading.today.slice(0, 7)
    ? new Unfit(`“${short(raw.trim())}” lies ahead; today is ${reading.today}`)
    : month
}

/** What costs are booked for: a month, a fiscal quarter or a fiscal year. */
const costPeriod: Parse = (raw) => {
  const period = readPeriodName(raw.trim())
  return period && ['month', 'quarter', 'year'].includes(period.kind)
    ? periodName(period)
    : new Unfit(`“${short(raw.trim())}” is not a period such as 2026-07, 2026-Q3 or 2026`)
}

/** A rate of exchange, kept as it is written. */
const rate: Parse = (raw) => {
  const typed = raw.trim().replaceAll(',', '')
  if (!/^\d{1,9}(?:\.\d{1,12})?$/.test(typed))
    return new Unfit(`“${short(raw.trim())}” is not a rate such as 1384.5`)
  return Number(typed) > 0 ? typed : new Unfit('must be over 0')
}

/** The day of each evidence that the gates ask for (Canon, Opportunity stages). */
export const evidenceColumns: Readonly<Record<string, EvidenceKind>> = {
  first_meeting_on: 'first_meeting',
  demo_on: 'demo',
  proposal_on: 'proposal',
  negotiation_on: 'negotiation',
  verbal_agreement_on: 'verbal_agreement',
  contract_signed_on: 'contract_signed',
}

/** The columns of every file that is taken (docs/import.md). */
export const columnsOf: Readonly<Record<Entity, readonly Column[]>> = {
  companies: [
    { name: 'id', is: plain(id), needed: true },
    { name: 'name', is: name, needed: true },
    { name: 'locale', is: plain(locale) },
    { name: 'time_zone', is: plain(timeZone) },
    { name: 'currency', is: plain(currency) },
    { name: 'fiscal_year_start', is: plain(month) },
    { name: 'working_hours', is: plain(hours) },
    { name: 'holidays', is: plain(holidays) },
  ],
  teams: [
    { name: 'id', is: plain(id), needed: true },
    { name: 'name', is: name, needed: true },
    { name: 'manager', is: person },
    { name: 'slack_channel', is: plain(id) },
    { name: 'teams_channel', is: plain(id) },
    { name: 'quarterly_target', is: { kind: 'money' } },
    { name: 'currency', is: plain(currency) },
    { name: 'time_zone', is: plain(timeZone) },
    { name: 'locale', is: plain(locale) },
  ],
  people: [
    { name: 'id', is: plain(id), needed: true },
    { name: 'name', is: name, needed: true },
    { name: 'email', is: plain(email) },
    { name: 'roles', is: plain(roleList), needed: true },
    { name: 'manager', is: person },
    { name: 'team', is: { kind: 'reference', to: 'team' } },
    { name: 'locale', is: plain(locale) },
    { name: 'time_zone', is: plain(timeZone) },
    { name: 'slack_user', is: plain(id) },
    { name: 'teams_user', is: plain(id) },
    { name: 'delegate', is: person },
    { name: 'away_from', is: plain(day) },
    { name: 'away_until', is: plain(day) },
  ],
  accounts: [
    { name: 'id', is: plain(id), needed: true },
    { name: 'name', is: name, needed: true },
    { name: 'tier', is: plain(tier) },
    { name: 'industry', is: line },
    { name: 'region', is: line },
    { name: 'csm', is: person },
    { name: 'ae', is: person },
    { name: 'executive_sponsor', is: person },
    { name: 'arr', is: { kind: 'money' } },
    { name: 'currency', is: plain(currency) },
    { name: 'renewal_on', is: plain(day) },
  ],
  opportunities: [
    { name: 'id', is: plain(id), needed: true },
    { name: 'name', is: name, needed: true },
    { name: 'account', is: { kind: 'reference', to: 'account' } },
    { name: 'owner', is: person },
    { name: 'amount', is: { kind: 'money' } },
    { name: 'list_amount', is: { kind: 'money' } },
    { name: 'currency', is: plain(currency) },
    { name: 'stage', is: plain(stage), needed: true },
    { name: 'stage_entered_on', is: plain(pastDay) },
    { name: 'created_on', is: plain(pastDay) },
    { name: 'expected_close_on', is: plain(day) },
    { name: 'closed_on', is: plain(pastDay) },
    { name: 'channel', is: plain(channel) },
    { name: 'product', is: line },
    { name: 'metrics', is: text },
    { name: 'economic_buyer', is: text },
    { name: 'decision_criteria', is: text },
    { name: 'decision_process', is: text },
    { name: 'identify_pain', is: text },
    { name: 'champion', is: text },
    { name: 'competition', is: text },
    { name: 'loss_reason', is: line },
    { name: 'loss_reason_detail', is: text },
    { name: 'competitor', is: line },
    ...Object.keys(evidenceColumns).map((name) => ({ name, is: plain(day) })),
    // Why a deal goes back: its history keeps it.
    { name: 'reason', is: text },
  ],
  contacts: [
    { name: 'id', is: plain(id), needed: true },
    { name: 'account', is: { kind: 'reference', to: 'account' }, needed: true },
    { name: 'name', is: name, needed: true },
    { name: 'email', is: plain(email) },
    { name: 'role', is: plain(oneOf(contactRoles, 'contact role')) },
    { name: 'engagement', is: plain(oneOf(engagements, 'level of engagement')) },
    { name: 'department', is: line },
    { name: 'updated_on', is: plain(pastDay) },
    { name: 'left_on', is: plain(day) },
  ],
  leads: [
    { name: 'id', is: plain(id), needed: true },
    { name: 'name', is: name, needed: true },
    { name: 'company', is: line },
    { name: 'account', is: { kind: 'reference', to: 'account' } },
    { name: 'email', is: plain(email) },
    { name: 'source', is: line },
    { name: 'arrived_at', is: plain(pastMoment) },
    { name: 'owner', is: person },
    { name: 'first_touch_at', is: plain(pastMoment) },
    { name: 'score', is: plain(score) },
    { name: 'status', is: plain(oneOf(leadStatuses, 'lead status')) },
  ],
  'stage-history': [
    { name: 'opportunity', is: { kind: 'reference', to: 'deal' }, as: 'deal', needed: true },
    { name: 'from', is: plain(stage), as: 'from_stage' },
    { name: 'to', is: plain(stage), as: 'to_stage', needed: true },
    { name: 'at', is: plain(pastMoment), needed: true },
    { name: 'by', is: person },
    { name: 'reason', is: text },
  ],
  activities: [
    { name: 'id', is: plain(id), needed: true },
    { name: 'opportunity', is: { kind: 'reference', to: 'deal' }, as: 'deal' },
    { name: 'account', is: { kind: 'reference', to: 'account' } },
    { name: 'lead', is: { kind: 'reference', to: 'lead' } },
    { name: 'person', is: person },
    { name: 'kind', is: plain(oneOf(activityKinds, 'kind of activity')), needed: true },
    { name: 'happened_at', is: plain(moment), needed: true },
    { name: 'logged_at', is: plain(pastMoment) },
    { name: 'contact', is: { kind: 'reference', to: 'contact' } },
    { name: 'note', is: text },
  ],
  'health-signals': [
    { name: 'account', is: { kind: 'reference', to: 'account' }, needed: true },
    { name: 'component', is: plain(oneOf(healthComponents, 'component of health')), needed: true },
    { name: 'score', is: plain(points), needed: true },
    { name: 'measured_on', is: plain(pastDay), needed: true },
  ],
  qbrs: [
    { name: 'account', is: { kind: 'reference', to: 'account' }, needed: true },
    { name: 'quarter', is: plain(quarter), needed: true },
    { name: 'held_on', is: plain(pastDay), needed: true },
  ],
  revenue: [
    { name: 'account', is: { kind: 'reference', to: 'account' }, needed: true },
    { name: 'month', is: plain(calendarMonth), needed: true },
    { name: 'mrr', is: { kind: 'money' }, needed: true },
    { name: 'expansion', is: { kind: 'money' } },
    { name: 'contraction', is: { kind: 'money' } },
    { name: 'churn', is: { kind: 'money' } },
    { name: 'currency', is: plain(currency) },
  ],
  costs: [
    { name: 'period', is: plain(costPeriod), needed: true },
    { name: 'sm_cost', is: { kind: 'money' }, needed: true },
    { name: 'currency', is: plain(currency) },
  ],
  fx: [
    { name: 'date', is: plain(pastDay), needed: true },
    { name: 'from', is: plain(currency), needed: true },
    { name: 'to', is: plain(currency), needed: true },
    { name: 'rate', is: plain(rate), needed: true },
  ],
}

/** What a row of a kind is called in a sentence. */
export const oneOfEntity: Readonly<Record<Entity, string>> = {
  companies: 'company',
  teams: 'team',
  people: 'person',
  accounts: 'account',
  contacts: 'contact',
  leads: 'lead',
  opportunities: 'deal',
  'stage-history': 'change of stage',
  activities: 'activity',
  'health-signals': 'health signal',
  qbrs: 'QBR',
  revenue: 'month of revenue',
  costs: 'period of costs',
  fx: 'rate',
}

/** Rows without an id, and the columns (of the file and the table alike) by which one of them is known. */
const keyed = {
  'health-signals': ['account', 'component', 'measured_on'],
  qbrs: ['account', 'quarter'],
  revenue: ['account', 'month'],
  costs: ['period'],
  fx: ['date', 'from', 'to'],
} as const satisfies Partial<Record<Entity, readonly string[]>>
/** What is merged by several columns instead of an id. */
export type Keyed = keyof typeof keyed

export const isKeyed = (entity: Entity): entity is Keyed => Object.hasOwn(keyed, entity)

/** The columns that say which thing a row is. A change of stage has no id: it is known by its deal, stage and time. */
export const keyOf = (entity: Entity): readonly string[] =>
  isKeyed(entity) ? keyed[entity] : entity === 'stage-history' ? ['opportunity', 'to', 'at'] : ['id']

/** Between the parts of a key; no id, day or word of a list holds it. */
export const keyMark = '\u001f'
