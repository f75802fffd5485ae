import type { Migration } from './index.ts'

/** Revenue, costs and rates. */
export const numbers: Migration = {
  name: '0011-numbers',
  statements: () => [],
}
