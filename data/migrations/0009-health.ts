import type { Migration } from './index.ts'

/** Health signals, scores with their history, reviews and plans. */
export const health: Migration = {
  name: '0009-health',
  statements: () => [],
}
