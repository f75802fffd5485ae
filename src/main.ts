import { clockOf } from './clock.ts'
import { ConfigError, loadConfig } from './config.ts'
import { startDealdesk } from './dealdesk.ts'
import { createLog } from './log.ts'
import { growSlowly } from './memory.ts'

/** `npm start`: the playground when no platform is configured, else the real bot. */
export async function main(env: NodeJS.ProcessEnv): Promise<void> {
  growSlowly()
  const config = loadConfig(env)
  const log = createLog(config.logLevel)
  const running =
    config.mode === 'playground'
      ? await (await import('./playground/index.ts')).startPlayground({ config, log, start: startDealdesk })
      : await startDealdesk({ config, log, clock: clockOf(config.clock) })

  const stop = (signal: string) => {
    log.info({ signal }, 'asked to stop')
    running.stop().then(
      () => process.exit(0),
      (err) => {
        log.error({ err }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // A bug in a library's background work must not leave a half-dead server (B5.105): the supervisor starts a fresh one.
  process.on('unhandledRejection', (err) => {
    log.fatal({ err }, 'a background failure nobody handled: stopping')
    process.exit(70)
  })
}

main(process.env).catch((error: unknown) => {
  const sentence = error instanceof Error ? error.message : String(error)
  const known = error instanceof ConfigError || (error instanceof Error && error.name === 'StorageRefused')
  process.stderr.write(`${known || !(error instanceof Error) ? sentence : (error.stack ?? sentence)}\n`)
  process.exit(1)
})
