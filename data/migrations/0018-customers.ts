import type { Migration } from './index.ts'

/** Customers by CSM, grade and currency as they were on a Monday: what a digest compares with. */
export const customers: Migration = {
  name: '0018-customers',
  statements: (_engine, is) => [
    `create table customer_snapshots (
      company_id ${is.text} not null,
      csm ${is.text} not null,
      taken_on ${is.text} not null,
      grade ${is.text} not null,
      currency ${is.text} not null,
      accounts ${is.int} not null,
      arr ${is.int} not null,
      primary key (company_id, csm, taken_on, grade, currency)
    )${is.keyed}`,
    'create index customer_snapshots_on on customer_snapshots (company_id, taken_on)',
  ],
}
