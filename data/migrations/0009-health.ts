import type { Migration } from './index.ts'

/** Health signals, scores with their history, reviews and plans. */
export const health: Migration = {
  name: '0009-health',
  statements: (_engine, is) => [
    `create table health_signals (
      company_id ${is.text} not null references companies (id),
      account ${is.text} not null,
      component ${is.text} not null,
      measured_on ${is.text} not null,
      score ${is.small} not null check (score between 0 and 1000),
      recorded_at ${is.int} not null,
      by ${is.text} not null,
      door ${is.text} not null,
      primary key (company_id, account, component, measured_on)
    )${is.keyed}`,

    // Accounts with signals that are in no score yet; `marks` counts them, so that none is taken for computed that came meanwhile.
    `create table health_to_compute (
      company_id ${is.text} not null,
      account ${is.text} not null,
      since ${is.int} not null,
      marks ${is.int} not null,
      primary key (company_id, account)
    )${is.keyed}`,
    'create index health_to_compute_since on health_to_compute (company_id, since)',

    `create table account_health (
      company_id ${is.text} not null references companies (id),
      account ${is.text} not null,
      version ${is.int} not null,
      score ${is.small} not null,
      grade ${is.text} not null,
      since ${is.text} not null,
      before_grade ${is.text},
      before_score ${is.small},
      computed_at ${is.int} not null,
      rules ${is.text} not null,
      primary key (company_id, account)
    )${is.keyed}`,
    'create index account_health_by_score on account_health (company_id, score, account, grade)',
    'create index account_health_by_grade on account_health (company_id, grade)',
    'create index account_health_by_rules on account_health (company_id, rules)',

    // Who the customers are, and which of them were never measured, without reading the accounts themselves.
    'create index accounts_customers on accounts (company_id, csm, id) where csm is not null',

    `create table health_history (
      company_id ${is.text} not null,
      account ${is.text} not null,
      seq ${is.int} not null,
      at ${is.int} not null,
      on_day ${is.text} not null,
      from_grade ${is.text},
      to_grade ${is.text} not null,
      score ${is.small} not null,
      score_before ${is.small},
      primary key (company_id, account, seq)
    )${is.keyed}`,
    'create index health_history_at on health_history (company_id, at)',

    `create table health_tasks (
      company_id ${is.text} not null references companies (id),
      id ${is.text} not null,
      account ${is.text} not null,
      kind ${is.text} not null,
      open ${is.small} not null check (open in (0, 1)),
      version ${is.int} not null,
      opened_at ${is.int} not null,
      body ${is.text} not null,
      primary key (company_id, id)
    )${is.strict}`,
    // Whoever races whom, an account has one review and one plan open at a time.
    'create unique index health_tasks_under_way on health_tasks (company_id, account, kind) where open = 1',
    'create index health_tasks_open on health_tasks (company_id, kind, id) where open = 1',
    'create index health_tasks_of_account on health_tasks (company_id, account, opened_at)',
  ],
}
