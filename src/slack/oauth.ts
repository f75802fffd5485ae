import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Installation, InstallProvider } from '@slack/oauth'
import { WebClient } from '@slack/web-api'
import { clientOptions } from './clients.ts'
import { slackErrorName } from './failure.ts'
import type { Installations } from './index.ts'
import { type Log, sdkLogger } from './log.ts'
import { botScopes } from './manifest.ts'

/** Where installations are kept, encrypted by whoever keeps them. */
export interface InstallationStore {
  load(tenant: string): Promise<{ readonly content: unknown; readonly version: number } | undefined>
  /** With `expect`, only over that version: false when somebody else saved since (B5.53). */
  save(tenant: string, company: string, content: unknown, expect?: number): Promise<boolean>
  remove(tenant: string): Promise<void>
  tenants(): Promise<readonly string[]>
}

export interface OAuthParts {
  readonly clientId: string
  readonly clientSecret: string
  readonly stateSecret: string
  readonly apiUrl: string
  /** Without a slash at the end. */
  readonly publicUrl: string
  readonly store: InstallationStore
  /** The company a workspace was bound to beforehand (`dealdesk company bind`). */
  readonly companyOf: (tenant: string) => Promise<string | undefined>
  readonly log: Log
  readonly wallNow?: () => number
}

/** What is kept of an installation. */
interface Kept {
  readonly company: string
  readonly token: string
  readonly scopes: readonly string[]
  readonly refreshToken?: string
  /** Epoch milliseconds. */
  readonly expiresAt?: number
  /** Somebody is refreshing until then: a refresh token works once (reliability: B1). */
  readonly refreshing?: { readonly by: string; readonly until: number }
  /** Slack no longer accepts the refresh token: only installing again helps. */
  readonly spent?: true
}

/** Tokens are refreshed this long before they end, in milliseconds. */
const ahead = 30 * 60_000
/** A refresh that takes longer than this died: the next one may try. */
const lease = 30_000
/** How long somebody else's refresh is waited for: 5 s, half of what a call to Slack may take. */
const most = { looks: 50, everyMs: 100 }
/** A token read from the store is trusted this long, so that a message does not cost a decryption. */
const fresh = 15_000

/** Installing into many workspaces by OAuth, each bound to its company beforehand. */
export function createOAuth(parts: OAuthParts): Installations {
  const { store, log, wallNow = Date.now } = parts
  const cache = new Map<string, { kept: Kept; version: number; until: number }>()
  const refreshing = new Map<string, Promise<string | undefined>>()
  const redirectUri = `${parts.publicUrl}/slack/oauth_redirect`

  const provider = new InstallProvider({
    clientId: parts.clientId,
    clientSecret: parts.clientSecret,
    stateSecret: parts.stateSecret,
    directInstall: true,
    authorizationUrl: authorizationUrl(parts.apiUrl),
    clientOptions: clientOptions(parts.apiUrl, log),
    logger: sdkLogger(log, 'slack-oauth'),
    installationStore: {
      storeInstallation: async (installation) => keep(installation as Installation),
      // Tokens are read through tokenOf, which knows about locks; the provider is asked for none.
      fetchInstallation: () => Promise.reject(new Error('not used')),
    },
  })

  async function keep(installation: Installation): Promise<void> {
    const tenant = installation.team?.id
    const bot = installation.bot
    const company = tenant ? await parts.companyOf(tenant) : undefined
    if (!tenant || !bot || !company) throw new Error('an installation without workspace, bot or company')
    const kept: Kept = {
      company,
      token: bot.token,
      scopes: bot.scopes,
      ...(bot.refreshToken ? { refreshToken: bot.refreshToken } : {}),
      ...(bot.expiresAt ? { expiresAt: bot.expiresAt * 1_000 } : {}),
    }
    await store.save(tenant, company, kept)
    cache.delete(tenant)
    log.info({ tenant, company }, 'slack installed')
  }

  async function load(tenant: string): Promise<{ kept: Kept; version: number } | undefined> {
    const cached = cache.get(tenant)
    if (cached && cached.until > wallNow()) return cached
    const row = await store.load(tenant)
    if (!row) {
      cache.delete(tenant)
      return undefined
    }
    const entry = { kept: row.content as Kept, version: row.version, until: wallNow() + fresh }
    cache.set(tenant, entry)
    return entry
  }

  async function tokenOf(tenant: string): Promise<string | undefined> {
    const entry = await load(tenant)
    if (!entry || entry.kept.spent) return undefined
    const { kept } = entry
    if (!kept.refreshToken || !kept.expiresAt || kept.expiresAt - wallNow() > ahead) return kept.token
    let turn = refreshing.get(tenant)
    if (!turn) {
      turn = refresh(tenant).finally(() => refreshing.delete(tenant))
      refreshing.set(tenant, turn)
    }
    return turn
  }

  /**
   * One replica refreshes: it claims the row by its version first, and whoever loses the claim waits for the token the
   * winner stores. A crash between using and storing a refresh token ends in “install again”, never in a loop (B5.53).
   */
  async function refresh(tenant: string): Promise<string | undefined> {
    const by = randomUUID()
    for (let looks = 0; ; looks++) {
      const row = await store.load(tenant)
      if (!row) return undefined
      const kept = row.content as Kept
      cache.delete(tenant)
      if (kept.spent) return undefined
      const stillGood = (kept.expiresAt ?? Number.POSITIVE_INFINITY) > wallNow() + 60_000
      if (!kept.refreshToken || (kept.expiresAt ?? Number.POSITIVE_INFINITY) - wallNow() > ahead)
        return kept.token
      const held = kept.refreshing && kept.refreshing.until > wallNow()
      if (held && stillGood) return kept.token
      if (!held) {
        const claimed: Kept = { ...kept, refreshing: { by, until: wallNow() + lease } }
        if (await store.save(tenant, kept.company, claimed, row.version))
          return exchange(tenant, kept, row.version + 1)
      }
      if (looks >= most.looks) return stillGood ? kept.token : undefined
      await new Promise((resolve) => setTimeout(resolve, most.everyMs))
    }
  }

  async function exchange(tenant: string, kept: Kept, version: number): Promise<string | undefined> {
    try {
      const answer = await new WebClient(undefined, clientOptions(parts.apiUrl, log)).oauth.v2.access({
        client_id: parts.clientId,
        client_secret: parts.clientSecret,
        grant_type: 'refresh_token',
        refresh_token: kept.refreshToken ?? '',
      })
      const { access_token: token, refresh_token: refreshToken, expires_in: seconds } = answer
      if (!token || !refreshToken || !seconds) throw new Error('oauth.v2.access gave no new token')
      const next: Kept = {
        company: kept.company,
        token,
        scopes: kept.scopes,
        refreshToken,
        expiresAt: wallNow() + seconds * 1_000,
      }
      await store.save(tenant, kept.company, next, version)
      return token
    } catch (error) {
      const name = slackErrorName(error)
      // An answer by name is final. Without one (a time-out) the claim runs out and the next one tries again.
      if (name === 'invalid_refresh_token' || name === 'token_revoked' || name === 'token_expired') {
        await store.save(tenant, kept.company, { ...kept, spent: true } satisfies Kept, version)
        log.error(
          { tenant, slack: name },
          `slack token can no longer be refreshed: open ${parts.publicUrl}/slack/install in that workspace`,
        )
        return undefined
      }
      log.warn({ tenant, slack: name }, 'slack token not refreshed')
      return (kept.expiresAt ?? 0) > wallNow() ? kept.token : undefined
    }
  }

  /** A token given for a workspace nobody bound is handed back at once: we keep nothing of strangers. */
  async function turnAway(installation: Installation, res: ServerResponse): Promise<false> {
    const team = installation.team
    const token = installation.bot?.token
    if (token)
      await new WebClient(token, clientOptions(parts.apiUrl, log)).auth.revoke().catch((error: unknown) => {
        log.warn({ slack: slackErrorName(error) }, 'slack token of a refused installation not revoked')
      })
    log.warn({ tenant: team?.id }, 'slack installation refused: the workspace is bound to no company')
    page(
      res,
      403,
      'Not installed',
      team?.id
        ? `The workspace ${team.name ?? ''} (${team.id}) is bound to no company here. Ask whoever runs Dealdesk to bind it first: dealdesk company bind COMPANY --slack ${team.id}`
        : 'Dealdesk is installed into one workspace at a time. Choose a workspace instead of the whole organisation.',
    )
    return false
  }

  return {
    tokenOf,
    tenants: () => store.tenants(),
    async forget(tenant) {
      cache.delete(tenant)
      await store.remove(tenant)
    },
    async handle(req: IncomingMessage, res: ServerResponse) {
      const path = req.url?.split('?', 1)[0]
      if (req.method !== 'GET') return false
      if (path === '/slack/install') {
        await provider.handleInstallPath(req, res, {}, { scopes: [...botScopes], redirectUri })
        return true
      }
      if (path !== '/slack/oauth_redirect') return false
      await provider.handleCallback(req, res, {
        afterInstallation: async (installation, _options, _req, response) => {
          const tenant = installation.isEnterpriseInstall ? undefined : installation.team?.id
          if (tenant && (await parts.companyOf(tenant))) return true
          return turnAway(installation as Installation, response)
        },
        success: (installation, _options, _req, response) =>
          page(
            response,
            200,
            'Installed',
            `Dealdesk is installed in ${installation.team?.name ?? 'the workspace'}. Open it under Apps in Slack, or type /dealdesk.`,
          ),
        failure: (error, _options, _req, response) => {
          log.warn({ code: error.code }, 'slack installation failed')
          page(
            response,
            400,
            'Not installed',
            `The installation did not finish. Start again from ${parts.publicUrl}/slack/install in the same browser.`,
          )
        },
      })
      return true
    },
  }
}

/** Slack's own page of consent; a local Slack has its own beside its API. */
function authorizationUrl(apiUrl: string): string {
  const api = new URL(apiUrl)
  return api.hostname === 'slack.com'
    ? 'https://slack.com/oauth/v2/authorize'
    : new URL('/oauth/v2/authorize', api).href
}

function page(res: ServerResponse, status: number, title: string, text: string): void {
  const safe = (value: string) => value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  res.end(
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>${safe(title)} · Dealdesk</title>` +
      `<body style="font:16px/1.5 system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem"><h1>${safe(title)}</h1><p>${safe(text)}</p></body></html>`,
  )
}
