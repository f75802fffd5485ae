import type { Migration } from './index.ts'

/** Nudges, what was told together, and what people want to hear. */
export const nudges: Migration = {
  name: '0008-nudges',
  statements: () => [],
}
