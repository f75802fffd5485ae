import type { Migration } from './index.ts'

/** Won deals that are not handed over yet are looked for after every import and by the sweep. */
export const won: Migration = {
  name: '0006-won',
  statements: () => [
    `create index opportunities_unfinished on opportunities (company_id, id) where won = 'unfinished'`,
  ],
}
