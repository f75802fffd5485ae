import type { Migration } from './index.ts'

/**
 * Imports and their staged rows. Rows are checked into `import_rows` in short batches and merged from there in
 * short transactions, so that a running server is never locked out for long (B5.75); `state` and `applied_seq`
 * let an import that was killed while merging be finished by whoever comes next (B5.98).
 */
export const importTables: Migration = {
  name: '0003-import',
  statements: (_engine, is) => [
    `create table imports (
      id ${is.int} primary key,
      company_id ${is.text} not null,
      fingerprint ${is.text} not null,
      files ${is.text} not null,
      plan ${is.text} not null,
      state ${is.text} not null check (state in ('reading', 'applying', 'applied', 'abandoned')),
      skipped ${is.int} not null,
      applied_seq ${is.int} not null,
      counts ${is.text} not null,
      pid ${is.int} not null,
      host ${is.text} not null,
      beat_at ${is.int} not null,
      started_at ${is.int} not null,
      finished_at ${is.int}
    )${is.strict}`,
    // One import a company at a time, whoever races whom (B5.97).
    `create unique index imports_under_way on imports (company_id) where state in ('reading', 'applying')`,
    'create index imports_of_company on imports (company_id, fingerprint, state)',
    `create table import_rows (
      import_id ${is.int} not null,
      seq ${is.int} not null,
      part ${is.small} not null,
      entity ${is.small} not null,
      key ${is.text} not null,
      line ${is.int} not null,
      cells ${is.text} not null,
      primary key (import_id, seq)
    )${is.keyed}`,
    'create unique index import_rows_key on import_rows (import_id, entity, key)',
  ],
}
