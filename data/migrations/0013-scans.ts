import type { Migration } from './index.ts'

/** What the nightly runs walk. */
export const scans: Migration = {
  name: '0013-scans',
  statements: () => [],
}
