/** Where a test may kill the process: `DEALDESK_CRASH_AT` names the point. */
export type CrashPoint = 'after-claim' | 'after-draw' | 'before-post' | 'after-post' | 'after-record'

/** Ends the process without a farewell at the point a test asked for; does nothing outside tests. */
export function crashPoint(point: CrashPoint): void {
  if (process.env.NODE_ENV === 'test' && process.env.DEALDESK_CRASH_AT === point)
    process.kill(process.pid, 'SIGKILL')
}
