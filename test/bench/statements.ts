import { randomUUID } from 'node:crypto'
import type BetterSqlite3 from 'better-sqlite3'
import { loadDriver } from '../../data/sqlite.ts'

/** One statement as it was run. */
interface Run {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** Values that differ from one decision to the next, by name. */
export type Names = Readonly<Record<string, string>>

/** The statements of one decision, with gaps where another decision's ids go. */
export interface Recording {
  readonly runs: readonly { readonly sql: string; readonly parameters: readonly Parameter[] }[]
}

/** A fixed value, or text in pieces: pieces at odd places are names. */
type Parameter = { readonly value: unknown } | { readonly pieces: readonly string[] }

/** Writes down the statements that better-sqlite3 runs in this process, on connections opened from now on. */
export function recorder() {
  const Sqlite = loadDriver()
  const prototype = Sqlite.prototype as { prepare: (text: string) => BetterSqlite3.Statement }
  const { prepare } = prototype
  let runs: Run[] | undefined
  prototype.prepare = function (this: BetterSqlite3.Database, text: string) {
    const statement = prepare.call(this, text)
    for (const how of ['all', 'run', 'get'] as const) {
      const plain = statement[how] as (...given: unknown[]) => unknown
      Object.defineProperty(statement, how, {
        value: (...given: unknown[]) => {
          runs?.push({ sql: text, parameters: (Array.isArray(given[0]) ? given[0] : given) as unknown[] })
          return plain.apply(statement, given)
        },
      })
    }
    return statement
  }
  return {
    /** The statements of `work`, in order. */
    async during(work: () => Promise<unknown>): Promise<Run[]> {
      const mine: Run[] = []
      runs = mine
      await work()
      runs = undefined
      return mine
    },
    restore() {
      prototype.prepare = prepare
    },
  }
}

/** Puts gaps in the place of this decision's ids. The transaction's own words are left out: there is one around all. */
export function recordingOf(runs: readonly Run[], names: Names): Recording {
  const known = Object.entries(names)
  return {
    runs: runs
      .filter(({ sql }) => !/^\s*(begin|commit|rollback|savepoint|release)/i.test(sql))
      .map(({ sql, parameters }) => ({
        sql,
        parameters: parameters.map((value) => parameterOf(value, known)),
      })),
  }
}

function parameterOf(value: unknown, names: readonly (readonly [string, string])[]): Parameter {
  if (typeof value !== 'string') return { value }
  let pieces = [value]
  for (const [name, id] of names)
    pieces = pieces.flatMap((piece, at) =>
      at % 2 === 1 ? [piece] : piece.split(id).flatMap((text, part) => (part === 0 ? [text] : [name, text])),
    )
  return pieces.length === 1 ? { value } : { pieces }
}

/** The recording on a connection of one's own: every call runs it for other ids in one BEGIN IMMEDIATE. */
export function prepare(
  db: BetterSqlite3.Database,
  recording: Recording,
  options: { readonly writesOnly?: boolean } = {},
): (names: Names) => void {
  const begin = db.prepare('begin immediate')
  const commit = db.prepare('commit')
  const runs = recording.runs.map(({ sql, parameters }) => ({
    statement: db.prepare(sql),
    parameters,
    isHead: /select seq, seal from audit_heads/.test(sql),
    // Places of the chain come from its head, which the recording reads first.
    isAudit: /^\s*insert into audit \(/.test(sql),
    isNewHead: /^\s*insert into audit_heads/.test(sql),
  }))
  const chosen = options.writesOnly ? runs.slice(runs.findIndex(({ statement }) => !statement.reader)) : runs
  return (given) => {
    // What the product makes anew for every decision.
    const names: Record<string, string> = { fresh: randomUUID(), key: randomUUID(), ...given }
    let seq = 0
    begin.run()
    for (const { statement, parameters, isHead, isAudit, isNewHead } of chosen) {
      const values = parameters.map((parameter) => {
        if ('value' in parameter) return parameter.value
        let text = ''
        for (let at = 0; at < parameter.pieces.length; at++)
          text += at % 2 === 0 ? parameter.pieces[at] : names[parameter.pieces[at]!]
        return text
      })
      if (isAudit) values[1] = ++seq
      if (isNewHead) values[1] = seq
      if (!statement.reader) statement.run(...values)
      else {
        const rows = statement.all(...values)
        if (isHead) seq = (rows[0] as { seq: number } | undefined)?.seq ?? 0
      }
    }
    commit.run()
  }
}
