import { createHash } from 'node:crypto'
import { nearest } from '../src/canon/nearest.ts'
import { columnsOf, keyOf } from './import/entities.ts'
import { planOf, type Reads } from './import/plan.ts'
import { type Problem, wholeSentence } from './import/report.ts'
import { ImportRefusal } from './import/source.ts'
import { runImport } from './import.ts'
import type { DataStore } from './store.ts'

type Entity =
  | 'people'
  | 'teams'
  | 'accounts'
  | 'contacts'
  | 'leads'
  | 'opportunities'
  | 'stage-history'
  | 'activities'
  | 'health-signals'
  | 'qbrs'
  | 'revenue'
  | 'costs'
  | 'fx'
type Row = Readonly<Record<string, unknown>>
type Wrong = { readonly field?: string; readonly why: string }

interface Result {
  readonly index: number
  readonly id?: string
  readonly result: 'accepted' | 'refused'
  readonly errors?: readonly Wrong[]
}

interface Cells {
  readonly index: number
  readonly cells: ReadonlyMap<string, string>
}

/**
 * Takes rows of another system into a company: through the import, so that they are checked, gated, staged, merged and
 * audited exactly as a file's are; each bad row is refused by itself. A field that a row does not have is left as it
 * is, `null` and an empty text clear it. `busy`: an import of the company is under way.
 */
export async function ingest(
  store: DataStore,
  token: { readonly id: string; readonly company: string },
  entity: Entity,
  rows: readonly Row[],
  now: () => number,
): Promise<
  | {
      readonly added: number
      readonly changed: number
      readonly unchanged: number
      readonly results: readonly Result[]
    }
  | { readonly busy: string }
> {
  const wrong = new Map<number, Wrong[]>()
  const complain = (index: number, of: Wrong) => wrong.set(index, [...(wrong.get(index) ?? []), of])
  const good: Cells[] = []
  rows.forEach((row, index) => {
    const cells = cellsOf(entity, row, (of) => complain(index, of))
    if (cells) good.push({ index, cells })
  })
  let counts = { added: 0, changed: 0, unchanged: 0 }
  if (good.length > 0) {
    const told: Problem[] = []
    try {
      const report = await runImport(store, planOf(readsOf(entity, good), [], new Map()), {
        company: token.company,
        token: token.id,
        now,
        again: true,
        skipBad: true,
        onProblem: (problem) => told.push(problem),
      })
      for (const { line, column, why } of told)
        complain(line, { ...(column === undefined ? {} : { field: column }), why: wholeSentence(why) })
      const moved = new Set(report.moved)
      for (const { index, cells } of good)
        if (entity === 'opportunities' && moved.has(cells.get('id')?.trim() ?? ''))
          complain(index, { why: 'somebody changed the deal in the chat just now; send the row again.' })
      counts = report.counts.reduce(
        (sum, { rows: read, bad, added, changed }) => ({
          added: sum.added + added,
          changed: sum.changed + changed,
          unchanged: sum.unchanged + read - bad - added - changed,
        }),
        counts,
      )
      counts = { ...counts, unchanged: Math.max(0, counts.unchanged - report.moved.length) }
    } catch (error) {
      if (error instanceof ImportRefusal) return { busy: error.message }
      throw error
    }
  }
  return {
    ...counts,
    results: rows.map((row, index): Result => {
      const errors = wrong.get(index)
      return {
        index,
        ...(typeof row.id === 'string' ? { id: row.id } : {}),
        result: errors ? 'refused' : 'accepted',
        ...(errors ? { errors } : {}),
      }
    }),
  }
}

/** A row as cells of text, which is what the import reads; `undefined` where it can't be one. */
function cellsOf(
  entity: Entity,
  row: Row,
  complain: (wrong: Wrong) => void,
): ReadonlyMap<string, string> | undefined {
  const known = columnsOf[entity].map((column) => column.name)
  const cells = new Map<string, string>()
  let fine = true
  const fail = (field: string, why: string) => {
    complain({ field: field.slice(0, 100), why })
    fine = false
  }
  for (const [field, value] of Object.entries(row)) {
    if (!known.includes(field)) {
      const near = nearest(field, known)
      fail(field, `is not a field of ${entity}${near ? `; did you mean ${near}?` : '.'}`)
    } else if (value === null) cells.set(field, '')
    else if (typeof value === 'string') cells.set(field, value)
    else if (typeof value === 'number' && Number.isFinite(value)) cells.set(field, plainNumber(value))
    else if (Array.isArray(value) && field === 'roles' && value.every((each) => typeof each === 'string'))
      cells.set(field, value.join(';'))
    else fail(field, 'must be text, a number or null.')
  }
  for (const field of keyOf(entity))
    if (fine && !cells.get(field)?.trim()) fail(field, 'is missing; every row needs it.')
  return fine ? cells : undefined
}

/** A number as digits: 1e21 is not how an amount is written. */
const plainNumber = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e21 ? BigInt(value).toString() : String(value)

/** Rows with the same fields are read together: a field that a row does not have stays as it is. */
function readsOf(entity: Entity, rows: readonly Cells[]): Reads[] {
  const groups = new Map<string, Cells[]>()
  for (const row of rows) {
    const key = [...row.cells.keys()].sort().join(' ')
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups].map(([key, group]) => {
    const header = key.split(' ')
    const sha256 = createHash('sha256')
      .update(JSON.stringify([key, group.map((row) => [...row.cells])]))
      .digest('hex')
    return {
      entity,
      source: {
        name: entity,
        sha256,
        open: async () => ({
          header,
          batches: (async function* () {
            yield group.map(({ index, cells }) => ({
              line: index,
              cells: header.map((column) => cells.get(column) ?? ''),
            }))
          })(),
        }),
      },
    }
  })
}
