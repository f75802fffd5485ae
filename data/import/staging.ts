import { sql } from 'kysely'
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
}

export interface StagedRow {
  readonly seq: number
  readonly key: string
  readonly line: number
  readonly cells: readonly Cell[]
}

/** Columns that hold whole numbers; all others are text. */
const numbers: ReadonlySet<string> = new Set([
  'amount',
  'list_amount',
  'arr',
  'quarterly_target',
  'fiscal_year_start',
])

/** Puts checked rows aside with one statement, however many they are. */
export async function stageRows(
  trx: Tx,
  engine: Engine,
  importId: string,
  part: number,
  entity: Entity,
  rows: readonly StagedRow[],
): Promise<void> {
  if (rows.length === 0) return
  // The cells were cleaned when they were read; cleaning them once more would cost as much as the reading.
  const json = JSON.stringify(rows.map((row) => [row.seq, row.key, row.line, row.cells]))
  await (engine === 'sqlite'
    ? sql`
        insert into import_rows (import_id, seq, part, entity, key, line, cells)
        select ${importId}, json_extract(value, '$[0]'), ${part}, ${entity}, json_extract(value, '$[1]'),
               json_extract(value, '$[2]'), json_extract(value, '$[3]')
        from json_each(${json})`
    : sql`
        insert into import_rows (import_id, seq, part, entity, key, line, cells)
        select ${importId}, (value ->> 0)::bigint, ${part}::smallint, ${entity}, value ->> 1, (value ->> 2)::bigint, value ->> 3
        from jsonb_array_elements(${json}::jsonb)`
  ).execute(trx)
}

/** The staged rows of a part in (after, upTo] as a query named `r`: `id`, then the part's columns under their names. */
export function stagedRows(
  engine: Engine,
  importId: string,
  part: number,
  columns: readonly string[],
  range: { after: number; upTo: number },
) {
  const cells = columns.map((column, at) => {
    const path = engine === 'sqlite' ? sql.lit(`$[${at}]`) : sql.lit(at)
    const value =
      engine === 'sqlite'
        ? sql`json_extract(s.cells, ${path})`
        : numbers.has(column)
          ? sql`(s.cells ->> ${path})::bigint`
          : sql`s.cells ->> ${path}`
    return sql`${value} as ${sql.ref(column)}`
  })
  // Materialised, or every mention of a column would take the JSON apart again.
  return sql`
    s as materialized (
      select key, ${engine === 'sqlite' ? sql`cells` : sql`cells::jsonb as cells`}
      from import_rows
      where import_id = ${importId} and seq > ${range.after} and seq <= ${range.upTo} and part = ${part}
    ),
    r as materialized (select s.key as id, ${sql.join(cells)} from s)`
}

/** Which of these ids were staged before in this import, with the line they stand on. */
export async function stagedLines(
  read: Reader,
  engine: Engine,
  importId: string,
  entity: Entity,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ key: string; line: number }>`
    select r.key, r.line from ${given(engine, keys)}
    join import_rows r on r.import_id = ${importId} and r.entity = ${entity} and r.key = g.id`.execute(read)
  return new Map(rows.map((row) => [row.key, row.line]))
}

/** These ids as a table `g` with the column `id`: one statement text whatever their number. */
export function given(engine: Engine, ids: readonly string[]) {
  return engine === 'sqlite'
    ? sql`(select value as id from json_each(${JSON.stringify(ids)})) as g`
    : sql`(select unnest(${[...ids]}::text[]) as id) as g`
}

/** Forgets staged rows a few thousand at a time, so that the write lock is never held for long. */
export async function forgetRows(database: Database, importId: string): Promise<void> {
  for (;;) {
    const gone = await database.transact(async (trx) => {
      const { numAffectedRows } = await sql`
        delete from import_rows where import_id = ${importId} and seq in
          (select seq from import_rows where import_id = ${importId} order by seq limit 4000)`.execute(trx)
      return Number(numAffectedRows ?? 0n)
    })
    if (gone === 0) return
    await pause(gone > 1000 ? 5 : 0)
  }
}

/** Lets another process have the write lock: it asks again only every few milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
