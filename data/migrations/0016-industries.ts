import type { Migration } from './index.ts'

/**
 * Deals repeat their account's industry as they repeat its tier, so that a million deals are summed by it out of one
 * index; activities find theirs without their rows being read; and what the indexes of 0012 held over again is found in those of 0011.
 */
export const industries: Migration = {
  name: '0016-industries',
  statements: (_engine, is) => [
    `alter table opportunities add column account_industry ${is.text}`,
    // First, so that what is filled in below is written into no index that is thrown away.
    'drop index opportunities_open_numbers',
    'drop index opportunities_closed_numbers',
    'drop index opportunities_from_cs',
    'drop index opportunities_pipeline',
    'drop index accounts_industries',
    'drop index activities_by_day',
    // Both begin as an index of 0011 does, which says the rest besides.
    'drop index opportunities_closed',
    'drop index discount_requests_given',

    `update opportunities set account_industry = a.industry from accounts a
      where a.company_id = opportunities.company_id and a.id = opportunities.account and a.industry is not null`,

    `create index opportunities_open_numbers on opportunities
      (company_id, stage, owner, tier, channel, product, account_industry, currency, amount, created_on,
       stage_entered_on, meddicc_filled, fields_filled) where closed = 0`,
    `create index opportunities_closed_numbers on opportunities
      (company_id, closed_on, stage, owner, tier, channel, product, account_industry, currency, amount, price,
       list_amount, created_on) where closed = 1`,
    `create index opportunities_pipeline on opportunities
      (company_id, owner, stage, currency, tier, channel, amount, expected_close_on, stage_entered_on, product,
       account_industry, id) where closed = 0`,
    `create index opportunities_from_cs on opportunities (company_id, created_on, account_csm, tier, account_industry,
      account) where channel = 'cs_driven'`,
    // What an activity was about is in its index, and what an account is counted by in its own.
    'create index activities_by_day on activities (company_id, happened_at, person, kind, account, deal, lead)',
    'create index accounts_counted on accounts (company_id, id, tier, industry)',
  ],
}
