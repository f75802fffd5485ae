import type { Logger as BoltLogger, LogLevel } from '@slack/bolt'

/** What this room needs of a log; pino's loggers are one. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/**
 * The SDKs' log lines in ours. Their debug lines print whole payloads and headers, so they are dropped whatever the
 * level: a leaked token is worse than a missing line (B5.87, B5.88).
 */
export function sdkLogger(log: Log, part: string): BoltLogger {
  const line = (said: unknown[]) =>
    said
      .map((piece) => (piece instanceof Error ? piece.message : typeof piece === 'string' ? piece : ''))
      .join(' ')
      .replace(/xox[a-z]-[\w-]+|xapp-[\w-]+|xoxe[.\w-]+/g, '[token]')
      .slice(0, 500)
  return {
    debug: () => undefined,
    info: (...said) => log.debug({ part }, line(said)),
    warn: (...said) => log.warn({ part }, line(said)),
    error: (...said) => log.error({ part }, line(said)),
    setLevel: () => undefined,
    // A level above debug keeps the libraries from building the lines at all.
    getLevel: () => 'info' as LogLevel,
    setName: () => undefined,
  }
}
