import type { Engine, Tx } from '../database.ts'
import { foundation } from './0001-foundation.ts'
import { outbox } from './0002-outbox.ts'
import { importTables } from './0003-import.ts'
import { teams } from './0004-teams.ts'
import { record } from './0005-record.ts'
import { won } from './0006-won.ts'
import { slots } from './0007-slots.ts'
import { nudges } from './0008-nudges.ts'
import { health } from './0009-health.ts'
import { renewals } from './0010-renewals.ts'
import { numbers } from './0011-numbers.ts'
import { reports } from './0012-reports.ts'
import { scans } from './0013-scans.ts'
import { charts } from './0014-charts.ts'
import { nudgesOver } from './0015-nudges-over.ts'
import { industries } from './0016-industries.ts'
import { search } from './0017-search.ts'
import { customers } from './0018-customers.ts'

/** The one map from our types to the engines': SQLite's STRICT tables know only INTEGER, TEXT, REAL and BLOB. */
export interface ColumnTypes {
  /** Whole numbers: instants, minor units, counters. Exact up to 2^53, which the drivers hold to. */
  readonly int: string
  /** Flags and small counts. */
  readonly small: string
  /** Compared byte by byte on both engines, so that an order is the same everywhere. */
  readonly text: string
  /** Ends `create table`. */
  readonly strict: string
  /** Ends `create table` of a table that is looked up by its primary key alone. */
  readonly keyed: string
}

export const columnTypes: Readonly<Record<Engine, ColumnTypes>> = {
  sqlite: {
    int: 'integer',
    small: 'integer',
    text: 'text',
    strict: ' strict',
    keyed: ' strict, without rowid',
  },
  postgres: { int: 'bigint', small: 'smallint', text: 'text collate "C"', strict: '', keyed: '' },
}

/**
 * One step of the schema's history. Its statements are held by digest: once released they are never edited,
 * a change is a new migration. `run` is for what cannot be said as fixed text: moving rows, a library's own tables.
 */
export interface Migration {
  readonly name: string
  readonly statements: (engine: Engine, is: ColumnTypes) => readonly string[]
  readonly run?: (trx: Tx, engine: Engine) => Promise<void>
}

/** In order, and only ever appended to. */
export const migrations: readonly Migration[] = [
  foundation,
  outbox,
  importTables,
  teams,
  record,
  won,
  slots,
  nudges,
  health,
  renewals,
  numbers,
  reports,
  scans,
  charts,
  nudgesOver,
  industries,
  search,
  customers,
]
