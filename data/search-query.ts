import { type RawBuilder, sql } from 'kysely'
import type { Reader } from './database.ts'
import { engineOf } from './engine.ts'
import { needleOf } from './search.ts'

/** Whether the column `search` holds a text. */
const holds = (db: Reader, what: string): RawBuilder<boolean> =>
  engineOf(db) === 'sqlite'
    ? sql<boolean>`instr(search, ${what}) > 0`
    : sql<boolean>`strpos(search, ${what}) > 0`

/** Every word of a query must be somewhere in `search`. */
export const searchWords = (db: Reader, query: string): RawBuilder<unknown>[] =>
  (needleOf(query)?.words ?? []).map((word) => holds(db, word))

/** The nearest match first: the id, the exact name, its beginning, anywhere; without a query the last changed. */
export function searchOrder(db: Reader, query: string): RawBuilder<unknown> {
  const needle = needleOf(query)
  return needle === undefined
    ? sql`updated_at desc, id`
    : sql`case when ${holds(db, needle.id)} then 0 when ${holds(db, needle.exactName)} then 1
               when ${holds(db, needle.beginning)} then 2 else 3 end, length(search), id`
}
