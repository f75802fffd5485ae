import type { Migration } from './index.ts'

/** What was told long ago is found by its age, so that taking it away walks through nothing that stays. */
export const nudgesOver: Migration = {
  name: '0015-nudges-over',
  statements: () => [
    'create index nudges_over on nudges (raised_at) where live = 0',
    'create index nudge_bundles_by_age on nudge_bundles (at)',
    'create index nudge_counts_by_day on nudge_counts (day)',
  ],
}
