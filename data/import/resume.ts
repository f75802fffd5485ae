import type { Instant } from '../../src/canon/calendar.ts'
import type { DataStore } from '../store.ts'
import { abandonedRuns } from './run.ts'

/**
 * Finishes imports whose process was killed while it merged (B5.98); for the start of the server, so it loads the
 * import itself only when there is something to finish. Returns how many were finished.
 */
export async function resumeImports(store: DataStore, now: () => Instant): Promise<number> {
  if ((await abandonedRuns(store.database)).length === 0) return 0
  const { finishAbandoned } = await import('../import.ts')
  return finishAbandoned(store, now)
}
