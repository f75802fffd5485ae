import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { engineOf } from './engine.ts'
import type { Schema } from './schema.ts'

export type Engine = 'sqlite' | 'postgres'

/** Where a query may run: the reading connection, or a transaction. */
export type Reader = Kysely<Schema>

/** Where a write may run: a transaction and nothing else, so that no query can slip out of its change. */
export type Tx = Transaction<Schema>

/**
 * One open database. Writes exist only inside `transact`: there is no writing handle outside a transaction to
 * use by mistake, which on SQLite would wait for its own transaction for ever.
 */
export interface Database {
  readonly engine: Engine
  /** Committed data, never waiting behind a writer. Inside `transact` use the transaction instead. */
  readonly read: Reader
  /**
   * Runs `work` in one write transaction (BEGIN IMMEDIATE on SQLite); a throw rolls everything back. With
   * `durable: false` it does not wait for the disk: a power cut may take the newest of such changes, in their order,
   * and nothing else can. For what is made again after a loss: leases, drawings, the outcome of a sending.
   */
  transact<T>(work: (trx: Tx) => Promise<T>, options?: { readonly durable?: boolean }): Promise<T>
  /** A copy of the database in a file, taken while it is in use. SQLite only; PostgreSQL names its own tool. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}

export type StorageTrouble = 'full' | 'busy' | 'unavailable' | 'corrupt' | 'read-only'

/** The storage failed, not the caller: nothing of the change was kept. The message says what a person can do. */
export class StorageError extends Error {
  readonly trouble: StorageTrouble
  constructor(trouble: StorageTrouble, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StorageError'
    this.trouble = trouble
  }
}

/** No space is left: the change was not saved; it can be tried again once there is space (B5.71). */
export class StorageFull extends StorageError {
  constructor(options?: ErrorOptions) {
    super(
      'full',
      'Not saved: the disk is full. Free some space and try again; nothing was half saved.',
      options,
    )
    this.name = 'StorageFull'
  }
}

/** The database cannot be opened as it is; the message names the path and the way out (B5.69, B5.72, B5.73, B5.75). */
export class StorageRefused extends Error {
  override readonly name = 'StorageRefused'
}

/** A row with the same key was there already. On PostgreSQL the transaction can only be rolled back then. */
export const isUniqueViolation = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  ['23505', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(String(error.code))

/** `column in (…values)` as one statement text whatever the number of values, so that it is prepared once. */
export function among(
  db: Reader,
  column: RawBuilder<unknown>,
  values: readonly string[],
): RawBuilder<boolean> {
  return engineOf(db) === 'sqlite'
    ? sql<boolean>`${column} in (select value from json_each(${JSON.stringify(values)}))`
    : sql<boolean>`${column} = any(${[...values]})`
}

/** The values as a table `listed` with the one column `value`: for joins that begin with them. */
export function listed(db: Reader, values: readonly string[]): RawBuilder<unknown> {
  return engineOf(db) === 'sqlite'
    ? sql`json_each(${JSON.stringify(values)}) as listed`
    : sql`unnest(${[...values]}::text[]) as listed(value)`
}

/** Text both engines can hold and compare: well-formed, composed (NFC), without NUL, which PostgreSQL refuses (B5.57). */
export function clean(text: string): string {
  const whole = text.toWellFormed().normalize('NFC')
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole
}

/** JSON as it is stored: every string in it made storable by `clean`. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value)
  // Nearly always there is nothing to clean, and looking once is much cheaper than visiting every string.
  // Lone surrogates and NUL are escapes by now.
  if (!/\\u(?:0000|d[89a-f])/.test(text) && text.normalize('NFC') === text) return text
  return JSON.stringify(value, (_key, held) => (typeof held === 'string' ? clean(held) : held))
}
