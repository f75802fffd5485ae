import type { Migration } from './index.ts'

/** Whether a claimed slot was finished: one that was cut off is taken up again by whoever comes first (B5.68). */
export const slots: Migration = {
  name: '0007-slots',
  statements: (_engine, is) => [
    // Slots claimed before this migration count as finished.
    `alter table slots add column finished ${is.small} not null default 1 check (finished in (0, 1))`,
    `alter table slots add column held_until ${is.int}`,
  ],
}
