/** Where a test may kill the process: `DEALDESK_CRASH_AT` names the point, `after-post:3` its third time. */
export type CrashPoint = 'after-claim' | 'after-draw' | 'before-post' | 'after-post' | 'after-record'

let passed = 0

/** Ends the process without a farewell at the point a test asked for; does nothing outside tests. */
export function crashPoint(point: CrashPoint): void {
  if (process.env.NODE_ENV !== 'test') return
  const [at, time = '1'] = process.env.DEALDESK_CRASH_AT?.split(':') ?? []
  if (at !== point) return
  passed += 1
  if (passed === Number(time)) process.kill(process.pid, 'SIGKILL')
}
