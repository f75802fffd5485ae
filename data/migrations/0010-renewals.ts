import type { Migration } from './index.ts'

/** Renewals and QBRs. */
export const renewals: Migration = {
  name: '0010-renewals',
  statements: () => [],
}
