import type { Migration } from './index.ts'

/** Renewals and QBRs. */
export const renewals: Migration = {
  name: '0010-renewals',
  statements: (_engine, is) => [
    `create table renewals (
      company_id ${is.text} not null references companies (id),
      account ${is.text} not null,
      renewal_on ${is.text} not null,
      outcome ${is.text},
      settled_on ${is.text},
      version ${is.int} not null,
      body ${is.text} not null,
      primary key (company_id, account, renewal_on)
    )${is.strict}`,
    'create index renewals_settled on renewals (company_id, settled_on) where settled_on is not null',
    // Everything the nightly rule asks of an account is in it, so that a hundred thousand are read without a row.
    `create index accounts_renewing on accounts (company_id, renewal_on, id, csm, ae, arr, currency)
      where renewal_on is not null`,
    `create table qbrs (
      company_id ${is.text} not null references companies (id),
      account ${is.text} not null,
      quarter ${is.text} not null,
      held_on ${is.text} not null,
      recorded_by ${is.text} not null,
      notes ${is.text},
      primary key (company_id, account, quarter)
    )${is.keyed}`,
  ],
}
