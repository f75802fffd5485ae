import { type LogLevel, WebClient, type WebClientOptions } from '@slack/web-api'
import { fetchWithin } from './fetch.ts'
import { type Log, sdkLogger } from './log.ts'

/** Where the bot token of a workspace comes from: one from the environment, or one per installation. */
export interface Tokens {
  /** `undefined`: we are not installed there (any more). May refresh a rotating token. */
  tokenOf(tenant: string): Promise<string | undefined>
}

/** Web API clients by workspace. */
export interface Clients {
  /** Throws {@link NotInstalled} where there is no token. */
  of(tenant: string): Promise<WebClient>
}

/** No token for a workspace: never installed there, uninstalled, or revoked. */
export class NotInstalled extends Error {
  constructor(tenant: string) {
    super(`the app is not installed in the workspace ${tenant}`)
    this.name = 'NotInstalled'
  }
}

/** A call that takes longer, ms, is given up. */
const ask = fetchWithin(10_000)

/**
 * How every call to Slack is made. The SDK's retries are off: after a lost reply they post three times (B3.5), and
 * when to try again is the outbox's to decide. Without a time-out a hanging server would hold a call for ever (B5.49);
 * ours stands in for the SDK's, which keeps what it sent until the time is over.
 */
export function clientOptions(apiUrl: string, log: Log): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    timeout: 0,
    fetch: ask,
    rejectRateLimitedCalls: true,
    // A method name is never a URL: the token goes to `slackApiUrl` and nowhere else.
    allowAbsoluteUrls: false,
    logger: sdkLogger(log, 'slack-web-api') as WebClientOptions['logger'] & { getLevel(): LogLevel },
  }
}

export function createClients(parts: { tokens: Tokens; apiUrl: string; log: Log }): Clients {
  const cache = new Map<string, { token: string; client: WebClient }>()
  return {
    async of(tenant) {
      const token = await parts.tokens.tokenOf(tenant)
      if (!token) {
        cache.delete(tenant)
        throw new NotInstalled(tenant)
      }
      const known = cache.get(tenant)
      if (known?.token === token) return known.client
      const client = new WebClient(token, clientOptions(parts.apiUrl, parts.log))
      cache.set(tenant, { token, client })
      return client
    },
  }
}
