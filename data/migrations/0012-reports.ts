import type { Migration } from './index.ts'

/** Digests as they were told, snapshots of the pipeline, moved close dates. */
export const reports: Migration = {
  name: '0012-reports',
  statements: () => [],
}
