import { WebClient } from '@slack/web-api'
import { type Clients, clientOptions, type Tokens } from './clients.ts'
import { slackErrorName } from './failure.ts'
import type { Log } from './log.ts'
import { botScopes } from './manifest.ts'

/** One workspace, one token from the environment. */
export interface SingleWorkspace extends Tokens {
  /** Asks Slack whose token this is; throws what Slack or the network said. */
  identify(): Promise<{ team: string; scopes: readonly string[] }>
}

/**
 * The token of the environment, given out for its own workspace only. Whose it is is asked of Slack once, in the
 * background; until Slack has answered, the token is given out, because Slack itself refuses it elsewhere.
 */
export function singleWorkspace(parts: { botToken: string; apiUrl: string; log: Log }): SingleWorkspace {
  let known: { team: string; enterprise?: string; scopes: readonly string[] } | undefined
  let asking: Promise<{ team: string; scopes: readonly string[] }> | undefined

  async function ask() {
    const client = new WebClient(parts.botToken, clientOptions(parts.apiUrl, parts.log))
    const test = await client.auth.test()
    known = {
      team: test.team_id ?? '',
      ...(test.is_enterprise_install && test.enterprise_id ? { enterprise: test.enterprise_id } : {}),
      scopes: test.response_metadata?.scopes ?? [],
    }
    return known
  }

  return {
    identify() {
      if (known) return Promise.resolve(known)
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return asking
    },
    async tokenOf(tenant) {
      if (known && known.team !== tenant && !known.enterprise) return undefined
      return parts.botToken
    },
  }
}

export type ScopeCheck =
  | { readonly outcome: 'complete' }
  | { readonly outcome: 'missing'; readonly scopes: readonly string[] }
  /** The token is not accepted; `why` is Slack's name of the reason. */
  | { readonly outcome: 'refused'; readonly why: string }
  | { readonly outcome: 'unreachable'; readonly why: string }

/** Compares what a workspace granted with what the manifest asks for (B5.54). */
export async function checkScopes(clients: Clients, tenant: string): Promise<ScopeCheck> {
  try {
    const client = await clients.of(tenant)
    const test = await client.auth.test()
    const granted = test.response_metadata?.scopes
    if (!granted) return { outcome: 'unreachable', why: 'Slack did not say which scopes were granted' }
    const missing = botScopes.filter((scope) => !granted.includes(scope))
    return missing.length === 0 ? { outcome: 'complete' } : { outcome: 'missing', scopes: missing }
  } catch (error) {
    const name = slackErrorName(error)
    if (name) return { outcome: 'refused', why: name }
    return { outcome: 'unreachable', why: error instanceof Error ? error.message : String(error) }
  }
}
