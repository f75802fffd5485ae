/** The one map from our types to the engines': SQLite's STRICT tables know only INTEGER, TEXT, REAL and BLOB. */
export const columnTypes = {
  sqlite: {
    /** Whole numbers: instants, minor units, counters. Exact up to 2^53, which the drivers hold to. */
    int: 'integer',
    /** Flags and small counts. */
    small: 'integer',
    /** Compared byte by byte on both engines, so that an order is the same everywhere. */
    text: 'text',
    /** Ends `create table`. */
    strict: ' strict',
    /** Ends `create table` of a table that is looked up by its primary key alone. */
    keyed: ' strict, without rowid',
  },
  postgres: { int: 'bigint', small: 'smallint', text: 'text collate "C"', strict: '', keyed: '' },
} as const
