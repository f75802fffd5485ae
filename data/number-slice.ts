import { type RawBuilder, sql } from 'kysely'
import { addDays, instantAt } from '../src/canon/calendar.ts'
import type { Group, Slice, Sums } from '../src/canon/metric.ts'
import { among, type Reader } from './database.ts'
import { engineOf } from './engine.ts'

/** Which of the periods a day lies in, as SQL; the days are within the first and the last. */
export function dayBucket(column: RawBuilder<unknown>, slice: Slice): RawBuilder<number> {
  const { periods } = slice
  if (periods.length < 2) return sql<number>`0`
  const whens = periods.slice(0, -1).map(({ to }, at) => sql`when ${column} <= ${to} then ${sql.lit(at)}`)
  return sql<number>`case ${sql.join(whens, sql` `)} else ${sql.lit(periods.length - 1)} end`
}

/** The first instant of the first period, and the first after the last. */
export function instants(slice: Slice): { readonly from: number; readonly until: number } {
  const { timeZone } = slice.working
  return {
    from: instantAt(slice.periods[0]!.from, '00:00', timeZone),
    until: instantAt(addDays(slice.periods.at(-1)!.to, 1), '00:00', timeZone),
  }
}

const dayMs = 86_400_000

/** The same time in pieces: SQLite answers on our own thread, and between two pieces everybody else has their turn. */
export function* piecesOfTime(db: Reader, slice: Slice): Generator<{ from: number; until: number }> {
  const { from, until } = instants(slice)
  const end = Math.min(until, slice.now + 1)
  if (engineOf(db) === 'postgres') yield { from, until: end }
  else for (let at = from; at < end; at += dayMs) yield { from: at, until: Math.min(at + dayMs, end) }
}

/** As `dayBucket`, of an instant: a day ends when it ends in the company's zone. */
export function instantBucket(column: RawBuilder<unknown>, slice: Slice): RawBuilder<number> {
  const { periods, working } = slice
  if (periods.length < 2) return sql<number>`0`
  const whens = periods
    .slice(0, -1)
    .map(
      ({ to }, at) =>
        sql`when ${column} < ${instantAt(addDays(to, 1), '00:00', working.timeZone)} then ${sql.lit(at)}`,
    )
  return sql<number>`case ${sql.join(whens, sql` `)} else ${sql.lit(periods.length - 1)} end`
}

/**
 * What rows are grouped by: the period, the dimension and what comes besides; the first two are the first two columns.
 * One period is left out: SQLite sorts a million rows twice as fast by one column less.
 */
export function grouped({ periods, by }: Slice, ...besides: RawBuilder<unknown>[]): RawBuilder<unknown> {
  const all = [...(periods.length > 1 ? [sql`1`] : []), ...(by === undefined ? [] : [sql`2`]), ...besides]
  return all.length === 0 ? sql`1` : sql.join(all)
}

/** `and column in (owners)`, or nothing where all are meant. */
export const ownedBy = (db: Reader, column: RawBuilder<unknown>, slice: Slice): RawBuilder<unknown> =>
  slice.owners === 'all' ? sql`` : sql`and ${among(db, column, slice.owners)}`

/** Rows of counts and sums, as the database answers them. */
export interface SumRow {
  readonly p: number
  readonly k: string | null
  /** Currency, where the row has sums of money. */
  readonly c?: string | null
  readonly [column: string]: number | string | null | undefined
}

/**
 * Groups out of rows: columns called `n_…` are counts, `m_…` money of the row's currency, `s_…` belong to the spread
 * under the row's `x`.
 */
export function groupsOf(rows: Iterable<SumRow>): Group[] {
  const groups = new Map<string, { period: number; key: string | null; sums: MutableSums }>()
  for (const row of rows) {
    const id = `${row.p}\u0000${row.k === null ? '' : `=${row.k}`}`
    let group = groups.get(id)
    if (!group) {
      group = { period: Number(row.p), key: row.k, sums: { n: {}, money: {}, spread: {} } }
      groups.set(id, group)
    }
    for (const [column, value] of Object.entries(row)) {
      if (typeof value !== 'number' || value === 0) continue
      const name = column.slice(2)
      if (column.startsWith('n_')) group.sums.n[name] = (group.sums.n[name] ?? 0) + value
      else if (column.startsWith('s_')) {
        const key = `${name}:${row.x ?? ''}`
        group.sums.spread[key] = (group.sums.spread[key] ?? 0) + value
      } else if (column.startsWith('m_') && typeof row.c === 'string') {
        group.sums.money[row.c] ??= {}
        const into = group.sums.money[row.c]!
        into[name] = (into[name] ?? 0) + value
      }
    }
  }
  return [...groups.values()]
}

type MutableSums = {
  -readonly [K in keyof Sums]: K extends 'money'
    ? Record<string, Record<string, number>>
    : Record<string, number>
}
