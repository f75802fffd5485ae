import type { ColumnType, GeneratedAlways } from 'kysely'

/**
 * The tables as the queries see them: one definition for both engines. Instants are epoch milliseconds, money
 * is whole minor units, flags are 0 and 1, JSON is text. Files that own further tables add them by declaration
 * merging: `declare module './schema.ts' { interface Schema { … } }`.
 */
export interface Schema {
  companies: Companies
  tenants: Tenants
  identities: Identities
  people: People
  teams: Teams
  accounts: Accounts
  opportunities: Opportunities
  policies: Policies
  discount_requests: DiscountRequests
  discount_waiting: DiscountWaiting
  drawings: Drawings
  once_keys: OnceKeys
  audit: Audit
  audit_heads: AuditHeads
  installations: Installations
  api_tokens: ApiTokens
  slots: Slots
  server_locks: ServerLocks
  settings: Settings
}

export type Flag = 0 | 1

/** May be left out of an insert. */
type Defaulted<T> = ColumnType<T, T | undefined, T>

interface Companies {
  id: string
  name: string
  locale: string
  currency: string
  fiscal_year_start: number
  /** WorkingTime as JSON. */
  working: string
  /** Grows with every change of the company, its people or its teams: the cache key of `org`. */
  org_stamp: number
  created_at: number
}

interface Tenants {
  platform: string
  tenant: string
  /** Slack Enterprise Grid organisation, where the binding named one. */
  enterprise: string | null
  company_id: string
  bound_at: number
  bound_by: string
}

interface Identities {
  platform: string
  tenant: string
  user_id: string
  company_id: string
  person_id: string
  linked_at: number
}

interface People {
  company_id: string
  id: string
  name: string
  email: string | null
  /** Role tokens joined by `;`, without spaces. */
  roles: string
  manager: string | null
  team: string | null
  locale: string | null
  time_zone: string | null
  active: Flag
  admin: Flag
  delegate: string | null
  away_from: string | null
  away_until: string | null
  updated_at: number
  prefers: string | null
}

interface Teams {
  company_id: string
  id: string
  name: string
  manager: string | null
  locale: string | null
  time_zone: string | null
  slack_channel: string | null
  teams_channel: string | null
  quarterly_target: number | null
  currency: string | null
  updated_at: number
}

interface Accounts {
  company_id: string
  id: string
  name: string
  tier: string | null
  industry: string | null
  region: string | null
  csm: string | null
  ae: string | null
  executive_sponsor: string | null
  arr: number | null
  currency: string | null
  renewal_on: string | null
  /** What the search looks through: `searchText` of data/search.ts. */
  search: Defaulted<string>
  version: Defaulted<number>
  updated_at: number
}

interface Opportunities {
  company_id: string
  id: string
  name: string
  account: string | null
  /** `account_name`, `account_csm`, `tier` and `account_industry` repeat the account's: lists, search and sums need no join. */
  account_name: string | null
  account_csm: string | null
  tier: string | null
  account_industry: Defaulted<string | null>
  owner: string | null
  amount: number | null
  list_amount: number | null
  /** Of `amount`, `list_amount` and `price` alike. */
  currency: string | null
  stage: string
  /** 1 for CW and CL. */
  closed: Flag
  stage_entered_on: string | null
  created_on: string | null
  expected_close_on: string | null
  closed_on: string | null
  channel: string | null
  product: string | null
  metrics: string | null
  economic_buyer: string | null
  decision_criteria: string | null
  decision_process: string | null
  identify_pain: string | null
  champion: string | null
  competition: string | null
  loss_reason: string | null
  loss_reason_detail: string | null
  competitor: string | null
  /** Basis points. */
  approved_discount: number | null
  price: number | null
  discount_flagged: Flag
  last_activity_at: number | null
  /** JSON of `Opportunity.evidence` and `Opportunity.gateDebt`. */
  evidence: Defaulted<string | null>
  gate_debt: Defaulted<string | null>
  /** The earliest day by which something is owed. */
  debt_until: Defaulted<string | null>
  won: Defaulted<string | null>
  opened_by: Defaulted<string | null>
  /** The contact who was champion and left, and the words that stood for them. */
  champion_left: Defaulted<string | null>
  champion_was: Defaulted<string | null>
  /** Bit n is set where the n-th MEDDICC field says something; computed by the database. */
  meddicc_known: GeneratedAlways<number>
  /** What the search looks through: `searchText` of data/search.ts. */
  search: string
  updated_at: number
  version: number
}

interface Policies {
  company_id: string
  version: number
  /** Policy as JSON. */
  body: string
  set_at: number
  set_by: string
}

interface DiscountRequests {
  company_id: string
  id: string
  deal: string
  requester: string
  status: string
  /** 1 while pending or countered; at most one such request a deal (a unique index). */
  open: Flag
  /** Basis points. */
  discount: number
  version: number
  opened_at: number
  settled_at: number | null
  /** When the sweep has to look at it next; null when settled. */
  due_at: number | null
  /** DiscountRequest as JSON: the record itself; the columns beside it are its index. */
  body: string
}

interface DiscountWaiting {
  company_id: string
  person_id: string
  request_id: string
  /** 1: the person may decide or must answer now (the inbox). */
  waits: Flag
  /** 1: an open step names the person, whether or not they may act just now (re-routing). */
  step: Flag
  opened_at: number
}

interface Drawings {
  company_id: string
  id: string
  noun: string
  subject: string
  version: number
  step: number | null
  viewer: string | null
  shown: string
  at: number
}

interface OnceKeys {
  company_id: string
  key: string
  fingerprint: string
  reply: string
  /** Wall time, for pruning. */
  at: number
}

interface Audit {
  company_id: string
  seq: number
  at: number
  what: string
  by: string
  on_behalf_of: string | null
  platform: string
  noun: string
  subject: string
  policy_version: number | null
  saw: string | null
  detail: string | null
  /** Which key sealed the row: the first 16 hex digits of the key's SHA-256. */
  key_id: string
  /** HMAC-SHA-256 (hex) over the row and the seal of the row before it. */
  seal: string
}

interface AuditHeads {
  company_id: string
  seq: number
  seal: string
}

interface Installations {
  platform: string
  tenant: string
  enterprise: string | null
  company_id: string
  /** The platform's installation object with its tokens, sealed (data/installation.ts). */
  sealed: string
  version: number
  installed_at: number
  updated_at: number
}

interface ApiTokens {
  id: string
  company_id: string
  /** SHA-256 of the token, hex: the token itself is shown once and kept nowhere. */
  hash: string
  label: string
  /** Scope words joined by a space; empty: all. */
  scopes: string
  created_at: number
  created_by: string
  revoked_at: number | null
}

interface Slots {
  company_id: string
  name: string
  /** The newest slot that was claimed, e.g. a local date `YYYY-MM-DD`; slots sort as text. */
  last: string
  claimed_at: number
  /** 0 while it is being worked off. */
  finished: Defaulted<Flag>
  /** By the database's clock: until then nobody else takes it up. */
  held_until: Defaulted<number | null>
}

interface ServerLocks {
  name: string
  token: string
  pid: number
  host: string
  started_at: number
  beat_at: number
}

interface Settings {
  key: string
  value: string
}
