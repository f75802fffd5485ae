import { CompiledQuery, type QueryResult } from 'kysely'
import type { Engine, Reader } from './database.ts'
import { engineOf } from './engine.ts'

/** What a statement may be given; it is bound as a parameter, never written into the text. */
type Value = string | number | null

/** What runs a statement as it is. */
interface Runner {
  executeQuery<R>(query: {
    readonly sql: string
    readonly parameters: readonly unknown[]
  }): Promise<QueryResult<R>>
}

/**
 * Connections behind readers and transactions that are open at this moment, where a statement can be handed to them at
 * once: on SQLite the way through Kysely costs as much as the statement itself.
 */
const runners = new WeakMap<Reader, Runner>()

/** Hands the fixed statements of `db` to `runner` from now on; answers how to end that, which a transaction must. */
export function runDirectly(db: Reader, runner: Runner): () => void {
  runners.set(db, runner)
  return () => runners.delete(db)
}

/** The texts of one place in the code, put together once for each engine. */
const texts = new WeakMap<TemplateStringsArray, Partial<Record<Engine, string>>>()

/**
 * Runs fixed SQL on the hot path: on(trx)`select … where id = ${id}`. Building such a query anew through the
 * query builder costs several times what running it does, at every click; here the text is built once.
 */
export function on<R = unknown>(
  db: Reader,
): (strings: TemplateStringsArray, ...values: readonly Value[]) => Promise<QueryResult<R>> {
  const runner = runners.get(db)
  const engine = runner === undefined ? engineOf(db) : 'sqlite'
  return (strings, ...values) => {
    const known = texts.get(strings) ?? {}
    let text = known[engine]
    if (text === undefined) {
      text = textFor(engine, strings)
      texts.set(strings, { ...known, [engine]: text })
    }
    if (runner !== undefined) return runner.executeQuery<R>({ sql: text, parameters: values })
    return db.executeQuery<R>(CompiledQuery.raw(text, values as Value[]))
  }
}

const textFor = (engine: Engine, strings: TemplateStringsArray): string =>
  strings.reduce((text, part, at) => `${text}${engine === 'sqlite' ? '?' : `$${at}`}${part}`)
