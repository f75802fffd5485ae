import { type RawBuilder, sql } from 'kysely'
import type { Instant } from '../../src/canon/calendar.ts'
import type { Engine, Reader, Tx } from '../database.ts'
import { besideDeal } from './deals.ts'
import { type Entity, isKeyed, keyOf, tableOf } from './entities.ts'
import { actorOf, type Part, stagedRows } from './staging.ts'

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
}

/** Staged columns that are no columns of the table: links of people to a chat user, and what was ruled on of deals. */
const beside: ReadonlySet<string> = new Set(['slack_user', 'teams_user', ...besideDeal])

const ref = (column: string): RawBuilder<unknown> => sql.ref(column)

/** The columns of the table that a part sets. */
const settable = (part: Part): string[] => part.columns.filter((column) => !beside.has(column))

/** Columns that an empty cell leaves as they are: a list price typed in chat, what follows from another column. */
const kept: Readonly<Partial<Record<Entity, ReadonlySet<string>>>> = {
  opportunities: new Set(['list_amount']),
  leads: new Set(['status']),
  activities: new Set(['logged_at', 'account']),
  revenue: new Set(['expansion', 'contraction', 'churn']),
}

/** How a staged row finds its row in the table: by its id, else by the columns of its key. */
const same = (entity: Entity): RawBuilder<boolean> =>
  isKeyed(entity)
    ? sql<boolean>`${sql.join(
        keyOf(entity).map((column) => sql`t.${ref(column)} = r.${ref(column)}`),
        sql` and `,
      )}`
    : sql<boolean>`t.id = r.id`

/** The columns that a change may set: those of the key say which row it is. */
const changeable = (entity: Entity, columns: readonly string[]): readonly string[] =>
  isKeyed(entity) ? columns.filter((column) => !keyOf(entity).includes(column)) : columns

/** Whether a staged row says anything new of the row that is there. */
function differs(entity: Entity, columns: readonly string[]): RawBuilder<boolean> {
  const each = changeable(entity, columns)
    .filter((column) => column !== 'search')
    .map((column) =>
      kept[entity]?.has(column)
        ? sql`(r.${ref(column)} is not null and t.${ref(column)} is distinct from r.${ref(column)})`
        : sql`t.${ref(column)} is distinct from r.${ref(column)}`,
    )
  return each.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`(${sql.join(each, sql` or `)})`
}

/** How many staged rows of a part would change something that is there: the dry run's count. */
export async function countChanges(read: Reader, merge: Merge): Promise<number> {
  const { engine, importId, number, part, range, company } = merge
  // A line of history is known by all it says but its reason; it is added, or there already.
  if (part.entity === 'stage-history') return 0
  const { rows } = await sql<{ n: number }>`
    with ${stagedRows(engine, importId, number, part.columns, range)}
    select count(*) as n from r join ${sql.table(tableOf(part.entity))} t on t.company_id = ${company} and ${same(part.entity)}
    where ${differs(part.entity, settable(part))}`.execute(read)
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

interface Shape {
  /** What a new row cannot be without; whether it is there was checked when the rows were read. */
  readonly needs: readonly string[]
  /** Columns that a new row gets beside the file's, and what a change sets. */
  readonly fresh: (now: RawBuilder<unknown>, actor: Actor) => readonly [string, RawBuilder<unknown>][]
  readonly changed: (now: RawBuilder<unknown>, actor: Actor) => readonly RawBuilder<unknown>[]
  /** Where a cell is empty. */
  readonly otherwise?: Readonly<Record<string, (now: RawBuilder<unknown>) => RawBuilder<unknown>>>
}

const versioned = sql`version = t.version + 1`
const dated = (now: RawBuilder<unknown>) => sql`updated_at = ${now}`
const live = sql`case when coalesce(r.status, 'new') in ('new', 'working', 'qualified') then 1 else 0 end`

type Actor = ReturnType<typeof actorOf>

/** Entities whose rows are merged alike. */
type Merged = Exclude<Entity, 'companies' | 'stage-history'>

const shapes: Readonly<Record<Merged, Shape>> = {
  people: {
    needs: ['name', 'roles'],
    fresh: (now) => [
      ['updated_at', now],
      ['active', sql`1`],
      ['admin', sql`0`],
    ],
    changed: (now) => [dated(now)],
  },
  teams: { needs: ['name'], fresh: (now) => [['updated_at', now]], changed: (now) => [dated(now)] },
  accounts: {
    needs: ['name'],
    fresh: (now) => [['updated_at', now]],
    changed: (now) => [dated(now), versioned],
  },
  contacts: {
    needs: ['name', 'account'],
    fresh: () => [['version', sql`1`]],
    changed: () => [versioned],
  },
  leads: {
    needs: ['name'],
    fresh: (now) => [
      ['updated_at', now],
      ['version', sql`1`],
    ],
    changed: (now) => [dated(now), versioned],
    otherwise: { status: () => sql`'new'` },
  },
  opportunities: {
    needs: ['name', 'stage'],
    fresh: (now) => [
      ['updated_at', now],
      ['closed', sql`case when r.stage in ('CW', 'CL') then 1 else 0 end`],
      ['discount_flagged', sql`0`],
      ['version', sql`1`],
    ],
    changed: (now) => [dated(now), versioned],
  },
  activities: {
    needs: ['kind', 'happened_at'],
    fresh: () => [],
    changed: () => [],
    otherwise: { logged_at: (now) => now },
  },
  'health-signals': {
    needs: ['account', 'component', 'score', 'measured_on'],
    fresh: (now, { by, platform }) => [
      ['recorded_at', now],
      ['by', sql`${by}`],
      ['door', sql`${platform}`],
    ],
    changed: (now, { by, platform }) => [sql`recorded_at = ${now}, by = ${by}, door = ${platform}`],
  },
  qbrs: {
    needs: ['account', 'quarter', 'held_on'],
    fresh: (_now, { by }) => [['recorded_by', sql`${by}`]],
    changed: (_now, { by }) => [sql`recorded_by = ${by}`],
  },
  revenue: {
    needs: ['account', 'month', 'mrr'],
    fresh: (now) => [['updated_at', now]],
    changed: (now) => [dated(now)],
    // Nothing said of a change: nothing changed.
    otherwise: { expansion: () => sql`0`, contraction: () => sql`0`, churn: () => sql`0` },
  },
  costs: {
    needs: ['period', 'sm_cost'],
    fresh: (now) => [['updated_at', now]],
    changed: (now) => [dated(now)],
  },
  fx: {
    needs: ['date', 'from', 'to', 'rate'],
    fresh: (now) => [['updated_at', now]],
    changed: (now) => [dated(now)],
  },
}

async function addRows(trx: Tx, merge: Merge): Promise<number> {
  const { engine, importId, number, part, range, company } = merge
  const columns = settable(part)
  const shape = shapes[part.entity as Merged]
  if (!shape.needs.every((column) => columns.includes(column))) return 0
  const now = nowOf(merge)
  const own = new Map<string, RawBuilder<unknown>>(
    columns.map((column) => {
      const otherwise = shape.otherwise?.[column]
      return [column, otherwise ? sql`coalesce(r.${ref(column)}, ${otherwise(now)})` : sql`r.${ref(column)}`]
    }),
  )
  for (const [column, otherwise] of Object.entries(shape.otherwise ?? {}))
    if (!own.has(column)) own.set(column, otherwise(now))
  own.set('company_id', sql`${company}`)
  if (!isKeyed(part.entity)) own.set('id', sql`r.id`)
  for (const [column, value] of shape.fresh(now, actorOf(part))) own.set(column, value)
  if (part.entity === 'leads') own.set('live', columns.includes('status') ? live : sql`1`)
  let joined = sql``
  if (part.entity === 'opportunities' && columns.includes('account')) {
    own.set('account_name', sql`a.name`).set('account_csm', sql`a.csm`).set('tier', sql`a.tier`)
    own.set('account_industry', sql`a.industry`)
    joined = sql`left join accounts a on a.company_id = ${company} and a.id = r.account`
  }
  if (part.entity === 'activities' && columns.includes('deal')) {
    own.set('account', columns.includes('account') ? sql`coalesce(r.account, o.account)` : sql`o.account`)
    joined = sql`left join opportunities o on o.company_id = ${company} and o.id = r.deal`
  }
  const table = sql.table(tableOf(part.entity))
  const { numAffectedRows } = await sql`
    with ${stagedRows(engine, importId, number, part.columns, range, true)}
    insert into ${table} (${sql.join([...own.keys()].map(ref))})
    select ${sql.join([...own.values()])}
    from r ${joined}
    where not exists (select 1 from ${table} t where t.company_id = ${company} and ${same(part.entity)})`.execute(
    trx,
  )
  return Number(numAffectedRows ?? 0n)
}

const nowOf = ({ engine, now }: Merge): RawBuilder<unknown> =>
  engine === 'sqlite' ? sql`${now}` : sql`${now}::bigint`

async function changeRows(trx: Tx, merge: Merge): Promise<number> {
  const { engine, importId, number, part, range, company } = merge
  const { entity } = part
  const columns = settable(part)
  const deals = entity === 'opportunities'
  const set = changeable(entity, columns).map((column) =>
    kept[entity]?.has(column)
      ? sql`${ref(column)} = coalesce(r.${ref(column)}, t.${ref(column)})`
      : sql`${ref(column)} = r.${ref(column)}`,
  )
  set.push(...shapes[part.entity as Merged].changed(nowOf(merge), actorOf(part)))
  if (deals) set.push(...dealConsequences(columns))
  if (part.entity === 'leads' && columns.includes('status'))
    set.push(
      sql`live = case when coalesce(r.status, t.status) in ('new', 'working', 'qualified') then 1 else 0 end`,
    )
  // What the account says rides along with the deal.
  const account = deals && columns.includes('account')
  const joined = account
    ? sql`, j as materialized (select r.*, a.name as account_name, a.csm as account_csm, a.tier as tier,
          a.industry as account_industry
        from r left join accounts a on a.company_id = ${company} and a.id = r.account)`
    : sql``
  const { numAffectedRows } = await sql`
    with ${stagedRows(engine, importId, number, part.columns, range)}${joined}
    update ${sql.table(tableOf(part.entity))} as t set ${sql.join(set)}
    from ${account ? sql`j` : sql`r`} as r
    where t.company_id = ${company} and ${same(entity)} and ${differs(entity, columns)}`.execute(trx)
  return Number(numAffectedRows ?? 0n)
}

/** What follows from a deal's change: what the account says of it, and doubt about an approved discount (B5.99). */
function dealConsequences(columns: readonly string[]): RawBuilder<unknown>[] {
  const has = (column: string): boolean => columns.includes(column)
  const set: RawBuilder<unknown>[] = []
  if (has('account'))
    set.push(sql`account_name = r.account_name, account_csm = r.account_csm, tier = r.tier,
      account_industry = r.account_industry`)
  if (has('stage')) set.push(sql`closed = case when r.stage in ('CW', 'CL') then 1 else 0 end`)
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
