import { type RawBuilder, sql } from 'kysely'
import type { Instant, PlainDate } from '../../src/canon/calendar.ts'
import type { Engine, Reader, Tx } from '../database.ts'
import { type Part, stagedRows } from './staging.ts'

/** What one chunk of a merge needs to know beside its rows. */
export interface Merge {
  readonly engine: Engine
  readonly importId: number
  readonly company: string
  /** Index of the part in the import's plan. */
  readonly number: number
  readonly part: Part
  /** Staged rows in (after, upTo]. */
  readonly range: { readonly after: number; readonly upTo: number }
  readonly now: Instant
  /** Today in the company's zone: when a stage was entered, where the file does not say. */
  readonly today: PlainDate
}

/** Columns of people that are links to a chat user, and no column of theirs. */
const links: ReadonlySet<string> = new Set(['slack_user', 'teams_user'])

const ref = (column: string): RawBuilder<unknown> => sql.ref(column)

/** The columns of the table that a part sets. */
const settable = (part: Part): string[] => part.columns.filter((column) => !links.has(column))

/** Whether a staged row says anything new of the row that is there. An empty list price keeps what was typed in chat. */
function differs(columns: readonly string[]): RawBuilder<boolean> {
  const each = columns
    .filter((column) => column !== 'search')
    .map((column) =>
      column === 'list_amount'
        ? sql`(r.list_amount is not null and t.list_amount is distinct from r.list_amount)`
        : sql`t.${ref(column)} is distinct from r.${ref(column)}`,
    )
  return each.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`(${sql.join(each, sql` or `)})`
}

/** How many staged rows of a part would change something that is there: the dry run's count. */
export async function countChanges(read: Reader, merge: Merge): Promise<number> {
  const { engine, importId, number, part, range, company } = merge
  const { rows } = await sql<{ n: number }>`
    with ${stagedRows(engine, importId, number, part.columns, range)}
    select count(*) as n from r join ${sql.table(part.entity)} t on t.company_id = ${company} and t.id = r.id
    where ${differs(settable(part))}`.execute(read)
  return Number(rows[0]?.n ?? 0)
}

/**
 * Merges staged rows into their table: what is new is added, what is there and differs is changed. Only what the
 * file says is touched. Adding comes first: where every row is new, there is nothing left to compare.
 */
export async function mergeRows(trx: Tx, merge: Merge): Promise<{ changed: number; added: number }> {
  const added = await addRows(trx, merge)
  const rows = merge.range.upTo - merge.range.after
  return { added, changed: added < rows ? await changeRows(trx, merge) : 0 }
}

/** What a new row cannot be without; whether it is there was checked when the rows were read. */
const needs = {
  opportunities: ['name', 'stage'],
  people: ['name', 'roles'],
  accounts: ['name'],
  teams: ['name'],
} as const

async function addRows(trx: Tx, merge: Merge): Promise<number> {
  const { engine, importId, number, part, range, company, now } = merge
  const columns = settable(part)
  if (part.entity === 'companies' || !needs[part.entity].every((column) => columns.includes(column))) return 0
  const deals = part.entity === 'opportunities'
  const more: [string, RawBuilder<unknown>][] = [
    ['company_id', sql`${company}`],
    ['id', sql`r.id`],
    ['updated_at', engine === 'sqlite' ? sql`${now}` : sql`${now}::bigint`],
  ]
  if (part.entity === 'people') more.push(['active', sql`1`], ['admin', sql`0`])
  if (deals) more.push(['closed', closed], ['discount_flagged', sql`0`], ['version', sql`1`])
  const withAccount = deals && columns.includes('account')
  if (withAccount)
    more.push(['account_name', sql`a.name`], ['account_csm', sql`a.csm`], ['tier', sql`a.tier`])
  const table = sql.table(part.entity)
  const { numAffectedRows } = await sql`
    with ${stagedRows(engine, importId, number, part.columns, range, true)}
    insert into ${table} (${sql.join([...more.map(([column]) => ref(column)), ...columns.map(ref)])})
    select ${sql.join([...more.map(([, value]) => value), ...columns.map((column) => sql`r.${ref(column)}`)])}
    from r ${withAccount ? sql`left join accounts a on a.company_id = ${company} and a.id = r.account` : sql``}
    where not exists (select 1 from ${table} t where t.company_id = ${company} and t.id = r.id)`.execute(trx)
  return Number(numAffectedRows ?? 0n)
}

async function changeRows(trx: Tx, merge: Merge): Promise<number> {
  const { engine, importId, number, part, range, company, now } = merge
  const columns = settable(part)
  const deals = part.entity === 'opportunities'
  const set = columns.map((column) =>
    column === 'list_amount'
      ? sql`list_amount = coalesce(r.list_amount, t.list_amount)`
      : sql`${ref(column)} = r.${ref(column)}`,
  )
  set.push(sql`updated_at = ${now}`)
  if (deals) set.push(...dealConsequences(columns, merge.today))
  // What the account says rides along with the deal.
  const account = deals && columns.includes('account')
  const joined = account
    ? sql`, j as materialized (select r.*, a.name as account_name, a.csm as account_csm, a.tier as tier
        from r left join accounts a on a.company_id = ${company} and a.id = r.account)`
    : sql``
  const { numAffectedRows } = await sql`
    with ${stagedRows(engine, importId, number, part.columns, range)}${joined}
    update ${sql.table(part.entity)} as t set ${sql.join(set)}
    from ${account ? sql`j` : sql`r`} as r
    where t.company_id = ${company} and t.id = r.id and ${differs(columns)}`.execute(trx)
  return Number(numAffectedRows ?? 0n)
}

const closed = sql`case when r.stage in ('CW', 'CL') then 1 else 0 end`

/** What follows from a deal's change: its version, what the account says of it, and doubt about an approved discount (B5.99). */
function dealConsequences(columns: readonly string[], today: PlainDate): RawBuilder<unknown>[] {
  const has = (column: string): boolean => columns.includes(column)
  const set: RawBuilder<unknown>[] = [sql`version = t.version + 1`]
  if (has('account')) set.push(sql`account_name = r.account_name, account_csm = r.account_csm, tier = r.tier`)
  if (has('stage')) {
    set.push(sql`closed = ${closed}`)
    if (!has('stage_entered_on'))
      set.push(
        sql`stage_entered_on = case when t.stage is distinct from r.stage then ${today} else t.stage_entered_on end`,
      )
    if (!has('closed_on'))
      set.push(sql`closed_on = case when r.stage in ('CW', 'CL') then
        case when t.stage is distinct from r.stage then ${today} else t.closed_on end end`)
  }
  // As `doubtsApproval` of the rules says it: an amount that becomes the approved price is what the approval was for.
  const moved: RawBuilder<unknown>[] = []
  if (has('list_amount'))
    moved.push(sql`(r.list_amount is not null and t.list_amount is distinct from r.list_amount)`)
  if (has('amount'))
    moved.push(
      sql`(t.amount is distinct from r.amount and (t.price is null or r.amount is distinct from t.price))`,
    )
  if (has('currency')) moved.push(sql`t.currency is distinct from r.currency`)
  if (moved.length > 0)
    set.push(
      sql`discount_flagged = case when t.approved_discount is not null and (${sql.join(moved, sql` or `)}) then 1 else t.discount_flagged end`,
    )
  return set
}
