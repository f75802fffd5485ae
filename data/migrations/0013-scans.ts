import { meddiccFields } from '../../src/canon/opportunity.ts'
import type { Migration } from './index.ts'

/** Bit n is set where the n-th MEDDICC field says something: computed by the database, so that no door can forget it. */
const known = meddiccFields
  .map((field, at) => `case when trim(coalesce(${field}, '')) = '' then 0 else ${1 << at} end`)
  .join(' + ')

/** What the nightly runs walk: everything that a finding is made of is in the index, the rows are many times as wide. */
export const scans: Migration = {
  name: '0013-scans',
  statements: (engine, is) => [
    // The contact who was champion and left, and the words that stood in the field: the same words from a file are they.
    `alter table opportunities add column champion_left ${is.text}`,
    `alter table opportunities add column champion_was ${is.text}`,
    // PostgreSQL before 18 has stored generated columns alone, SQLite adds virtual ones alone.
    `alter table opportunities add column meddicc_known ${is.small}
      generated always as (${known}) ${engine === 'sqlite' ? 'virtual' : 'stored'}`,
    `create index opportunities_nightly on opportunities (company_id, id, owner, stage, amount, currency,
      stage_entered_on, expected_close_on, meddicc_known, debt_until, champion_left) where closed = 0`,
    `create index opportunities_at_accounts on opportunities (company_id, account, id, owner, stage, amount, currency,
      created_on, champion) where closed = 0 and account is not null`,
    `create index opportunities_champion_left on opportunities (company_id, id)
      where closed = 0 and champion_left is not null`,
    // Who types a whole name means that deal: looking through all of them takes a hundred times as long.
    'create index opportunities_named on opportunities (company_id, name)',
    'create index contacts_left on contacts (company_id, account) where left_on is not null',
    // A company may allow an hour at the least (NudgePolicy.loggedWithinHours).
    `create index activities_logged_late on activities (company_id, logged_at, happened_at, person)
      where logged_at - happened_at > 3600000 and person is not null`,
    // Who left and was the champion stands in the history of the deal, where no stage was changed.
    `alter table stage_history add column champion_left ${is.text}`,
  ],
}
