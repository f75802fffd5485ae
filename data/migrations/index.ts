import type { Kysely } from 'kysely'
import * as foundation from './0001-foundation.ts'
import * as outbox from './0002-outbox.ts'

/**
 * One step of the schema's history. The SQL that `up` issues is held by digest: once released it is never
 * edited, a change is a new migration. `up` therefore reads nothing and says the same every time.
 */
export interface Migration {
  readonly name: string
  readonly up: (db: Kysely<unknown>) => Promise<void>
}

/** In order, and only ever appended to. */
export const migrations: readonly Migration[] = [
  { name: '0001-foundation', up: foundation.up },
  { name: '0002-outbox', up: outbox.up },
]
