import { sql } from 'kysely'
import type { Database, Engine, Reader } from '../database.ts'
import type {} from '../schema-record.ts'
import type { Cell, Thing } from './columns.ts'
import { type Column, type Entity, type Keyed, keyMark, keyOf, tableOf } from './entities.ts'
import { entityCode, given } from './staging.ts'

/** What is looked up by id alone; accounts also have names that deals repeat, and are looked up by the checker. */
type Looked = Exclude<Thing, 'account'>

const entityOfThing: Readonly<Record<Looked, Extract<Entity, 'contacts' | 'leads' | 'opportunities'>>> = {
  contact: 'contacts',
  lead: 'leads',
  deal: 'opportunities',
}

export const isThing = (to: string): to is Looked => Object.hasOwn(entityOfThing, to)

/** At most this many ids are remembered between batches. */
const mostKept = 200_000

/** Which deals, contacts and leads there are, stored or staged by this import: rows may refer to both. */
export class Things {
  readonly #database: Database
  readonly #task: { readonly id: number; readonly company: string }
  readonly #known = new Map<Looked, Map<string, boolean>>()

  constructor(database: Database, task: { readonly id: number; readonly company: string }) {
    this.#database = database
    this.#task = task
  }

  has(what: Looked, id: string): boolean {
    return this.#known.get(what)?.get(id) === true
  }

  /** Looks up what a batch refers to. */
  async load(columns: readonly Column[], rows: readonly (readonly Cell[])[]): Promise<void> {
    for (const [at, { is }] of columns.entries()) {
      if (is.kind !== 'reference' || !isThing(is.to)) continue
      const known = this.#known.get(is.to) ?? new Map<string, boolean>()
      if (known.size > mostKept) known.clear()
      this.#known.set(is.to, known)
      const wanted = new Set<string>()
      for (const row of rows) {
        const id = row[at]
        if (typeof id === 'string' && !known.has(id)) wanted.add(id)
      }
      if (wanted.size > 0) await this.#look(is.to, [...wanted], known)
    }
  }

  async #look(what: Looked, ids: readonly string[], known: Map<string, boolean>): Promise<void> {
    const { engine, read } = this.#database
    const entity = entityOfThing[what]
    for (const id of ids) known.set(id, false)
    const stored = await sql<{ id: string }>`
      select t.id from ${given(engine, ids)}
      cross join ${sql.table(entity)} t where t.company_id = ${this.#task.company} and t.id = g.id`.execute(
      read,
    )
    for (const { id } of stored.rows) known.set(id, true)
    const staged = await sql<{ id: string }>`
      select r.key as id from ${given(engine, ids)}
      cross join import_rows r
      where r.import_id = ${this.#task.id} and r.entity = ${entityCode(entity)} and r.key = g.id`.execute(
      read,
    )
    for (const { id } of staged.rows) known.set(id, true)
  }
}

/** Which changes of stage (`deal|to|at`) are in the history already. */
export async function existingHistory(
  read: Reader,
  engine: Engine,
  company: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, object>> {
  const wanted = new Set(keys)
  // A deal's id may hold the mark, a stage and an instant do not.
  const deals = [...new Set(keys.map((key) => key.split('|').slice(0, -2).join('|')))]
  const { rows } = await sql<{ deal: string; to_stage: string; at: number }>`
    select t.deal, t.to_stage, t.at from ${given(engine, deals)}
    cross join stage_history t where t.company_id = ${company} and t.deal = g.id`.execute(read)
  return new Map(
    rows
      .map(({ deal, to_stage, at }) => `${deal}|${to_stage}|${at}`)
      .filter((key) => wanted.has(key))
      .map((key) => [key, {}]),
  )
}

/** Which of these rows without an id are there already, by the columns of their key. */
export async function existingKeyed(
  read: Reader,
  engine: Engine,
  company: string,
  entity: Keyed,
  keys: readonly string[],
): Promise<ReadonlyMap<string, object>> {
  const wanted = new Set(keys)
  const columns = keyOf(entity)
  // By the first column alone, which every table of them is sorted by; the rest is told apart here.
  const firsts = [...new Set(keys.map((key) => key.split(keyMark)[0] ?? ''))]
  const { rows } = await sql<Record<string, string>>`
    select ${sql.join(columns.map((column) => sql`t.${sql.ref(column)}`))} from ${given(engine, firsts)}
    cross join ${sql.table(tableOf(entity))} t
    where t.company_id = ${company} and t.${sql.ref(columns[0]!)} = g.id`.execute(read)
  return new Map(
    rows
      .map((row) => columns.map((column) => row[column]).join(keyMark))
      .filter((key) => wanted.has(key))
      .map((key) => [key, {}]),
  )
}
