import { CompiledQuery, sql } from 'kysely'
import type { Database, Engine, Reader, Tx } from '../database.ts'
import type {} from '../schema-import.ts'
import type { Cell } from './columns.ts'
import type { Entity } from './entities.ts'

/** One file's share of an import: which values its staged rows hold, in order. */
export interface Part {
  readonly entity: Entity
  readonly file: string
  /** Columns of the table that the rows set. */
  readonly columns: readonly string[]
  /** History, loaded without gates. */
  readonly asIs?: boolean
  /** The token that brought it over the API; left out: a file. */
  readonly token?: string
}

/** Who brought a part, for history and audit. */
export const actorOf = ({ token }: Pick<Part, 'token'>): { by: string; platform: 'import' | 'api' } =>
  token === undefined ? { by: 'import', platform: 'import' } : { by: token, platform: 'api' }

export interface StagedRow {
  readonly seq: number
  readonly key: string
  readonly line: number
  readonly cells: readonly Cell[]
}

/** How a staged row says what it is. */
export const entityCode = (entity: Entity): number => codes[entity]

/** Kept for ever: rows of an import that was killed are found again by a newer version. */
const codes: Readonly<Record<Entity, number>> = {
  companies: 0,
  teams: 1,
  people: 2,
  accounts: 3,
  opportunities: 4,
  contacts: 5,
  leads: 6,
  'stage-history': 7,
  activities: 8,
  'health-signals': 9,
  qbrs: 10,
  revenue: 11,
  costs: 12,
  fx: 13,
}

/** Columns that hold whole numbers; all others are text. */
const numbers: ReadonlySet<string> = new Set([
  'amount',
  'list_amount',
  'arr',
  'quarterly_target',
  'fiscal_year_start',
  'score',
  'arrived_at',
  'first_touch_at',
  'happened_at',
  'logged_at',
  'at',
  'live',
  'seen_version',
  'mrr',
  'expansion',
  'contraction',
  'churn',
  'sm_cost',
])

/** Rows that one statement sets aside on SQLite, where taking a JSON text apart costs more than the insert. */
const rowsAtOnce = 40

const insertOf = (rows: number): string =>
  `insert into import_rows (import_id, seq, part, entity, key, line, cells) values ${Array.from({ length: rows }, () => '(?, ?, ?, ?, ?, ?, ?)').join(', ')}`
const insertMany = insertOf(rowsAtOnce)
const insertOne = insertOf(1)

/** Puts checked rows aside. */
export async function stageRows(
  trx: Tx,
  engine: Engine,
  importId: number,
  part: number,
  entity: Entity,
  rows: readonly StagedRow[],
): Promise<void> {
  if (rows.length === 0) return
  // The cells were cleaned when they were read; cleaning them once more would cost as much as the reading.
  if (engine === 'sqlite') {
    const code = entityCode(entity)
    for (let from = 0; from < rows.length; ) {
      const many = rows.length - from >= rowsAtOnce
      const upTo = from + (many ? rowsAtOnce : 1)
      const values: unknown[] = []
      for (; from < upTo; from++) {
        const { seq, key, line, cells } = rows[from]!
        values.push(importId, seq, part, code, key, line, JSON.stringify(cells))
      }
      await trx.executeQuery(CompiledQuery.raw(many ? insertMany : insertOne, values))
    }
    return
  }
  const json = JSON.stringify(rows.map((row) => [row.seq, row.key, row.line, row.cells]))
  await sql`
    insert into import_rows (import_id, seq, part, entity, key, line, cells)
    select ${importId}::bigint, (value ->> 0)::bigint, ${part}::smallint, ${entityCode(entity)}::smallint, value ->> 1, (value ->> 2)::bigint, value ->> 3
    from jsonb_array_elements(${json}::jsonb)`.execute(trx)
}

/**
 * The staged rows of a part in (after, upTo] as a query named `r`: `id`, then the part's columns under their names.
 * `once` says that every column is mentioned once; else the rows are materialised, or every mention would take
 * the JSON apart again. `wanted` names the columns that are asked for, where that is not all of them.
 */
export function stagedRows(
  engine: Engine,
  importId: number,
  part: number,
  columns: readonly string[],
  range: { after: number; upTo: number },
  once = false,
  wanted?: readonly string[],
) {
  const cells = columns.flatMap((column, at) => {
    if (wanted && !wanted.includes(column)) return []
    const path = engine === 'sqlite' ? sql.lit(`$[${at}]`) : sql.lit(at)
    const value =
      engine === 'sqlite'
        ? sql`json_extract(s.cells, ${path})`
        : numbers.has(column)
          ? sql`(s.cells ->> ${path})::bigint`
          : sql`s.cells ->> ${path}`
    return [sql`${value} as ${sql.ref(column)}`]
  })
  const how = once ? sql`not materialized` : sql`materialized`
  return sql`
    s as ${engine === 'sqlite' ? how : sql`materialized`} (
      select key, ${engine === 'sqlite' ? sql`cells` : sql`cells::jsonb as cells`}
      from import_rows
      where import_id = ${importId} and seq > ${range.after} and seq <= ${range.upTo} and part = ${part}
    ),
    r as ${how} (select s.key as id, ${sql.join(cells)} from s)`
}

/** Which of these ids were staged before in this import, with the line they stand on. */
export async function stagedLines(
  read: Reader,
  engine: Engine,
  importId: number,
  entity: Entity,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ key: string; line: number }>`
    select r.key, r.line from ${given(engine, keys)}
    cross join import_rows r
    where r.import_id = ${importId} and r.entity = ${entityCode(entity)} and r.key = g.id`.execute(read)
  return new Map(rows.map((row) => [row.key, row.line]))
}

/**
 * These ids as a table `g` with the column `id`: one statement text whatever their number. Join it with `cross join`
 * and a `where`: SQLite takes a list of unknown length for long and would walk the other table instead.
 */
export function given(engine: Engine, ids: readonly string[]) {
  return engine === 'sqlite'
    ? sql`(select value as id from json_each(${JSON.stringify(ids)})) as g`
    : sql`(select unnest(${[...ids]}::text[]) as id) as g`
}

/** Up to this many staged rows are forgotten at once, where no other import has any. */
const mostAtOnce = 200_000

/** Forgets staged rows without holding the write lock for long. */
export async function forgetRows(database: Database, importId: number): Promise<void> {
  const all = await database.transact(async (trx) => {
    const { rows } = await sql<{ others: number; n: number }>`
      select (select count(*) from imports where state in ('reading', 'applying') and id <> ${importId}) as others,
        (select coalesce(max(seq), 0) from import_rows where import_id = ${importId}) as n`.execute(trx)
    if (Number(rows[0]?.others) > 0 || Number(rows[0]?.n) > mostAtOnce) return false
    // Without a condition SQLite drops the pages instead of walking the rows; rows of others are leftovers too.
    await sql`delete from import_rows`.execute(trx)
    return true
  })
  while (!all) {
    const gone = await database.transact(async (trx) => {
      const { numAffectedRows } = await sql`
        delete from import_rows where import_id = ${importId} and seq in
          (select seq from import_rows where import_id = ${importId} order by seq limit 4000)`.execute(trx)
      return Number(numAffectedRows ?? 0n)
    })
    if (gone === 0) return
    await pause(5)
  }
}

/** Lets others have a turn: another process the write lock, and whatever waits in this one. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => (ms < 1 ? setImmediate(resolve) : setTimeout(resolve, ms)))
}
