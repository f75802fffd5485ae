import { meddiccFields } from '../../src/canon/opportunity.ts'
import type { Migration } from './index.ts'

/** How many of these columns say something. */
const filled = (columns: readonly string[]): string =>
  columns.map((column) => `case when ${column} is null then 0 else 1 end`).join(' + ')

const asked = ['account', 'owner', 'amount', 'created_on', 'expected_close_on', 'channel', 'product']

/**
 * Revenue, costs and rates; and indexes that hold everything a metric adds up, so that a million deals are summed
 * without a row being read: the rows are many times as wide.
 */
export const numbers: Migration = {
  name: '0011-numbers',
  statements: (engine, is) => {
    // SQLite adds only virtual columns to a table that is there, PostgreSQL keeps only stored ones.
    const kept = engine === 'sqlite' ? 'virtual' : 'stored'
    return [
      `create table revenue (
        company_id ${is.text} not null references companies (id),
        account ${is.text} not null,
        month ${is.text} not null,
        currency ${is.text} not null,
        mrr ${is.int} not null,
        expansion ${is.int} not null,
        contraction ${is.int} not null,
        churn ${is.int} not null,
        updated_at ${is.int} not null,
        primary key (company_id, account, month)
      )${is.keyed}`,
      'create index revenue_of_month on revenue (company_id, month, account, currency, mrr)',

      `create table costs (
        company_id ${is.text} not null references companies (id),
        period ${is.text} not null,
        currency ${is.text} not null,
        sm_cost ${is.int} not null,
        updated_at ${is.int} not null,
        primary key (company_id, period)
      )${is.keyed}`,

      // A rate is a decimal as it was written: SQLite's reals and PostgreSQL's do not print alike.
      `create table fx (
        company_id ${is.text} not null references companies (id),
        date ${is.text} not null,
        "from" ${is.text} not null,
        "to" ${is.text} not null,
        rate ${is.text} not null,
        updated_at ${is.int} not null,
        primary key (company_id, date, "from", "to")
      )${is.keyed}`,

      `alter table opportunities add column meddicc_filled ${is.small} generated always as (${filled(meddiccFields)}) ${kept}`,
      `alter table opportunities add column fields_filled ${is.small} generated always as (${filled(asked)}) ${kept}`,
      `create index opportunities_open_numbers on opportunities
        (company_id, stage, owner, tier, channel, product, account, currency, amount, created_on, stage_entered_on,
         meddicc_filled, fields_filled) where closed = 0`,
      `create index opportunities_closed_numbers on opportunities
        (company_id, closed_on, stage, owner, tier, channel, product, account, currency, amount, price, list_amount,
         created_on) where closed = 1`,
      `create index opportunities_customers on opportunities (company_id, account, closed_on)
        where stage = 'CW' and account is not null`,
      `create index opportunities_from_cs on opportunities (company_id, created_on, account_csm, tier, account)
        where channel = 'cs_driven'`,
      'create index accounts_industries on accounts (company_id, id, industry)',
      'create index stage_history_moves on stage_history (company_id, at, from_stage, to_stage, deal)',
      'create index activities_by_day on activities (company_id, happened_at, person, kind)',
      'create index leads_by_day on leads (company_id, arrived_at, owner, score, status, first_touch_at, id)',
      'create index handoffs_by_kind on handoffs (company_id, kind, opened_at, sender, status)',
      `create index discount_requests_settled on discount_requests (company_id, settled_at, requester, status, opened_at)
        where settled_at is not null`,
      `create index deliveries_of_reports on deliveries (company_id, created_at, state) where subject_noun = 'report'`,
    ]
  },
}
