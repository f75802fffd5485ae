import type { Account } from './account.ts'
import type { Handoff } from './handoff.ts'
import type { Lead } from './lead.ts'
import type { Opportunity } from './opportunity.ts'
import { managersOf, type Org, type Person, type Role, reportsOf } from './people.ts'

/** What a person may do to a thing; the left column of the table. */
export type Permission =
  | 'deal.see'
  | 'deal.ask-discount'
  | 'deal.change'
  | 'deal.override'
  | 'deal.reopen'
  | 'discount.see'
  | 'discount.reassign'
  | 'lead.see'
  | 'lead.change'
  | 'account.see'
  | 'account.expand' // hand it over for new business: CS→AE
  | 'contact.see'
  | 'contact.change'
  | 'renewal.record' // milestones and how it ended
  | 'renewal.undo'
  | 'qbr.record'
  | 'health.change' // signals, the review's action, the plan
  | 'health.reopen'
  | 'handoff.see'
  | 'handoff.reassign'
  | 'company.administer'
  | 'policy.change'
  | 'numbers.compare'

/** The deals a person may see, as a filter the store can turn into one query. */
export type Scope =
  | { readonly all: true }
  | { readonly all: false; readonly owners: readonly string[]; readonly csm?: string }

/** What a person is to a deal or a request, or in the company: the columns of the table. */
type Standing =
  | 'owner'
  | 'lineAbove' // in the owner's reporting line
  | 'leadAbove' // in the owner's reporting line, as Sales Manager or above
  | 'sameTeam' // as the owner, or manager of the owner's team
  | 'accountCsm'
  | 'requester'
  | 'participant' // asked to decide, decided, or copied
  | 'leadOwner'
  | 'leadLine' // in the reporting line of the lead's owner
  | 'leadTeam' // of the lead's owner
  | 'leadPool' // an SDR or Marketing, of a lead that nobody owns yet
  | 'accountAe'
  | 'accountSponsor'
  | 'accountLine' // in the reporting line of the account's AE or CSM
  | 'accountTeam' // of the account's AE or CSM
  | 'csManager' // of any account
  | 'csmLine' // in the reporting line of the account's CSM
  | 'handoffSide' // hands over or receives
  | 'handoffLine' // in the reporting line of either side
  | 'salesOps'
  | 'leadership' // VP Sales, C-level
  | 'admin'
  | 'portfolioOperator' // aggregates only: no deal, no request

/** Who works with an account: those of the account itself, those with a deal there, and both sides of a handoff. */
const accountSeers: readonly Standing[] = [
  'accountAe',
  'accountCsm',
  'accountSponsor',
  'accountLine',
  'accountTeam',
  'csManager',
  'owner',
  'lineAbove',
  'sameTeam',
  'handoffSide',
  'salesOps',
  'leadership',
]

const table: Readonly<Record<Permission, readonly Standing[]>> = {
  'deal.see': [
    'owner',
    'lineAbove',
    'sameTeam',
    'accountCsm',
    'requester',
    'participant',
    'salesOps',
    'leadership',
  ],
  'deal.ask-discount': ['owner', 'lineAbove'],
  'deal.change': ['owner', 'lineAbove', 'salesOps'],
  'deal.override': ['leadAbove', 'salesOps'],
  'deal.reopen': ['leadAbove', 'salesOps'],
  'discount.see': ['owner', 'lineAbove', 'requester', 'participant', 'salesOps', 'leadership'],
  'discount.reassign': ['requester', 'salesOps'],
  'lead.see': ['leadOwner', 'leadLine', 'leadTeam', 'leadPool', 'handoffSide', 'salesOps', 'leadership'],
  'lead.change': ['leadOwner', 'leadLine', 'leadPool', 'salesOps'],
  'account.see': accountSeers,
  'account.expand': ['accountCsm', 'csManager', 'salesOps'],
  'contact.see': accountSeers,
  'contact.change': ['accountAe', 'accountCsm', 'accountLine', 'csManager', 'owner', 'lineAbove', 'salesOps'],
  'renewal.record': ['accountCsm', 'csmLine', 'csManager', 'salesOps'],
  'renewal.undo': ['csManager', 'salesOps'],
  'health.change': ['accountCsm', 'csmLine', 'csManager', 'salesOps'],
  'health.reopen': ['csmLine', 'csManager', 'salesOps'],
  'qbr.record': ['accountCsm', 'accountAe', 'csmLine', 'csManager', 'salesOps'],
  'handoff.see': ['handoffSide', 'handoffLine', 'accountCsm', 'accountAe', 'owner', 'salesOps', 'leadership'],
  'handoff.reassign': ['handoffSide', 'handoffLine', 'salesOps'],
  'company.administer': ['salesOps', 'admin'],
  'policy.change': ['salesOps', 'admin'],
  'numbers.compare': ['portfolioOperator'],
}

/** What the question is about. `participants` and `requester` are those of the discount request in question. */
export interface About {
  readonly deal?: Opportunity
  readonly lead?: Lead
  readonly account?: Account
  readonly handoff?: Pick<Handoff, 'sender' | 'receiver'>
  readonly participants?: readonly string[]
  readonly requester?: string
}

/** A Sales Manager and those above (Canon, Opportunity stages: who overrides and reopens). */
const leading: ReadonlySet<Role> = new Set<Role>(['sales_manager', 'vp_sales', 'c_level'])

/** How each standing is read from the record. */
const has: Readonly<Record<Standing, (person: Person, on: About, org: Org) => boolean>> = {
  owner: (person, { deal }) => deal?.owner === person.id,
  lineAbove: (person, { deal }, org) => {
    const owner = ownerOf(deal, org)
    return owner !== undefined && managersOf(owner, org).some((manager) => manager.id === person.id)
  },
  leadAbove: (person, about, org) =>
    person.roles.some((role) => leading.has(role)) && has.lineAbove(person, about, org),
  sameTeam: (person, { deal }, org) => {
    const owner = ownerOf(deal, org)
    return owner?.team !== undefined && isInTeam(person, owner.team, org)
  },
  accountCsm: (person, { deal, account }) => deal?.accountCsm === person.id || account?.csm === person.id,
  requester: (person, { requester }) => requester === person.id,
  participant: (person, { participants }) => participants?.includes(person.id) ?? false,
  leadOwner: (person, { lead }) => lead?.owner === person.id,
  leadLine: (person, { lead }, org) => isAbove(person, lead?.owner, org),
  leadTeam: (person, { lead }, org) => isTeamMate(person, lead?.owner, org),
  leadPool: (person, { lead }) =>
    lead !== undefined &&
    lead.owner === undefined &&
    person.roles.some((role) => role === 'sdr' || role === 'marketing'),
  accountAe: (person, { account }) => account?.ae === person.id,
  accountSponsor: (person, { account }) => account?.executiveSponsor === person.id,
  accountLine: (person, { account }, org) =>
    isAbove(person, account?.ae, org) || isAbove(person, account?.csm, org),
  accountTeam: (person, { account }, org) =>
    isTeamMate(person, account?.ae, org) || isTeamMate(person, account?.csm, org),
  csManager: (person, { account }) => account !== undefined && person.roles.includes('cs_manager'),
  csmLine: (person, { account }, org) => isAbove(person, account?.csm, org),
  handoffSide: (person, { handoff }) => handoff?.sender === person.id || handoff?.receiver === person.id,
  handoffLine: (person, { handoff }, org) =>
    isAbove(person, handoff?.sender, org) || isAbove(person, handoff?.receiver, org),
  salesOps: (person) => person.roles.includes('sales_ops'),
  leadership: (person) => person.roles.includes('vp_sales') || person.roles.includes('c_level'),
  admin: (person) => person.admin === true,
  portfolioOperator: (person) => person.roles.includes('portfolio_operator'),
}

const ownerOf = (deal: Opportunity | undefined, org: Org): Person | undefined =>
  deal?.owner === undefined ? undefined : org.people.get(deal.owner)

const isAbove = (person: Person, id: string | undefined, org: Org): boolean => {
  const below = id === undefined ? undefined : org.people.get(id)
  return below !== undefined && managersOf(below, org).some((manager) => manager.id === person.id)
}

const isTeamMate = (person: Person, id: string | undefined, org: Org): boolean => {
  const team = id === undefined ? undefined : org.people.get(id)?.team
  return team !== undefined && isInTeam(person, team, org)
}

const isInTeam = (person: Person, team: string, org: Org): boolean =>
  person.team === team || org.teams.get(team)?.manager === person.id

/** One table that says who may do what (docs: who may see and change what). Somebody inactive may do nothing. */
export function may(person: Person, permission: Permission, on: About, org: Org): boolean {
  return person.active && table[permission].some((standing) => has[standing](person, on, org))
}

/**
 * The deals on which a person has a permission, as a filter: the row of the table turned into a query. What somebody
 * sees because they take part in one request is not in it: that is one deal, not a list.
 */
export function scopeOf(
  person: Person,
  org: Org,
  permission: 'deal.see' | 'deal.ask-discount' | 'deal.change' = 'deal.see',
): Scope {
  const row = table[permission]
  const nothing: About = {}
  if (!person.active) return { all: false, owners: [] }
  if ((['salesOps', 'leadership'] as const).some((s) => row.includes(s) && has[s](person, nothing, org)))
    return { all: true }
  const owners = new Set<string>()
  if (row.includes('owner')) owners.add(person.id)
  if (row.includes('lineAbove')) for (const report of reportsOf(person, org)) owners.add(report.id)
  if (row.includes('sameTeam'))
    for (const other of org.people.values())
      if (other.team !== undefined && isInTeam(person, other.team, org)) owners.add(other.id)
  return row.includes('accountCsm')
    ? { all: false, owners: [...owners], csm: person.id }
    : { all: false, owners: [...owners] }
}

/**
 * The accounts a person sees in lists, by AE and CSM: all for leadership, sales operations and CS Managers, else their
 * own, those of the people below them and of their team. What a deal or handoff lets them see besides is one account,
 * not a list.
 */
export function accountScopeOf(person: Person, org: Org): Scope {
  if (person.active && person.roles.includes('cs_manager')) return { all: true }
  const scope = scopeOf(person, org)
  return scope.all ? scope : { all: false, owners: scope.owners, csm: person.id }
}
