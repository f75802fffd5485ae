import { SocketModeReceiver } from '@slack/bolt'
import { clientOptions } from './clients.ts'
import { slackErrorName } from './failure.ts'
import { type Log, sdkLogger } from './log.ts'

/** Slack's names for an app token that will never work: trying again is of no use (B5.104). */
const hopeless: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'not_allowed_token_type',
  'missing_scope',
  'no_permission',
])

export interface Socket {
  readonly receiver: SocketModeReceiver
  /** Resolves when connected; rejects with a sentence that names the variable when the token can't work. */
  start(): Promise<void>
  stop(): Promise<void>
  readonly connected: boolean
}

/**
 * Socket Mode. The SDK's own reconnecting is off: when the network is away while it reconnects, its failure is a
 * rejection nobody handles and ends the process (B5.105). Ours backs off and goes on (B5.101, B5.102).
 */
export function createSocket(parts: {
  appToken: string
  apiUrl: string
  log: Log
  backOff?: (failures: number) => number
}): Socket {
  const { log } = parts
  const backOff = parts.backOff ?? ((failures) => Math.min(60_000, 500 * 2 ** Math.min(failures, 8)))
  const receiver = new SocketModeReceiver({
    appToken: parts.appToken,
    autoReconnectEnabled: false,
    logger: sdkLogger(log, 'slack-socket'),
    installerOptions: { clientOptions: clientOptions(parts.apiUrl, log) },
    processEventErrorHandler: async ({ error }) => {
      // An acknowledgement on a dead socket: what was decided is committed, Slack sends again, the once-key answers (B5.103).
      log.error({ err: error }, 'slack socket event failed')
      return false
    },
  } as ConstructorParameters<typeof SocketModeReceiver>[0])
  const { client } = receiver
  let connected = false
  let stopping = false
  let failures = 0
  let since = 0
  let timer: NodeJS.Timeout | undefined

  client.on('connected', () => {
    connected = true
    since = Date.now()
    log.info({}, 'slack socket connected')
  })
  client.on('disconnected', () => {
    const was = connected
    connected = false
    if (stopping || !was) return
    // Slack refreshes connections about every hour; one that lasted seconds was refused: too many of them, or a fault.
    failures = Date.now() - since > 30_000 ? 0 : failures + 1
    if (failures > 2)
      log.error(
        { failures },
        'slack socket keeps closing: are more than ten processes connected with this app token?',
      )
    again()
  })

  function again(): void {
    if (stopping || timer) return
    timer = setTimeout(
      () => {
        timer = undefined
        client.start().catch((error) => {
          failures += 1
          log.error(
            {
              failures,
              slack: slackErrorName(error),
              error: error instanceof Error ? error.message : String(error),
            },
            'slack socket not connected, trying again',
          )
          again()
        })
      },
      failures === 0 ? 0 : backOff(failures),
    )
  }

  return {
    receiver,
    get connected() {
      return connected
    },
    async start() {
      try {
        await client.start()
      } catch (error) {
        const name = slackErrorName(error)
        if (name !== undefined && hopeless.has(name))
          throw new Error(
            `SLACK_APP_TOKEN is not accepted by Slack (${name}): make an app-level token with the scope connections:write under Basic Information.`,
          )
        failures += 1
        log.warn({ slack: name }, 'slack socket not connected yet, trying again')
        again()
      }
    },
    async stop() {
      stopping = true
      clearTimeout(timer)
      if (connected) await client.disconnect()
    },
  }
}
