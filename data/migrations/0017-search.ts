import type { Migration } from './index.ts'

/**
 * The stage before the text: a search among the deals that may be discounted walks those stages alone, half of what
 * is open, and no search is slower for it.
 */
export const search: Migration = {
  name: '0017-search',
  statements: () => [
    'drop index opportunities_search',
    'create index opportunities_search on opportunities (company_id, closed, stage, search, id, owner, account_csm)',
  ],
}
