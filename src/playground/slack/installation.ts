import type { Core } from './core.ts'
import { freshToken, secret } from './ids.ts'
import { sendEvent } from './tell.ts'
import type { Workspace } from './world.ts'

/** An administrator removes the app: its tokens die, and it is told. */
export function uninstall(core: Core, workspace: Workspace): Promise<unknown> {
  workspace.installed = false
  core.happenings.tell({ kind: 'workspace', workspace: workspace.id })
  return Promise.all([
    sendEvent(core, workspace, 'tokens_revoked', {
      type: 'tokens_revoked',
      tokens: { bot: [workspace.botUser] },
    }),
    sendEvent(core, workspace, 'app_uninstalled', { type: 'app_uninstalled' }),
  ])
}

/** Puts the app back with the token it had (a reinstallation by hand, without OAuth). */
export function install(core: Core, workspace: Workspace): void {
  workspace.installed = true
  core.revoked.delete(workspace.botToken)
  core.happenings.tell({ kind: 'workspace', workspace: workspace.id })
}

/** Somebody allowed the app on Slack's page: the code their browser carries back. */
export function authorize(
  core: Core,
  workspace: Workspace,
  scopes: readonly string[],
  redirectUri?: string,
): string {
  const code = `${workspace.id}.${secret()}`
  core.grants.set(code, {
    workspace: workspace.id,
    scopes: [...scopes],
    ...(redirectUri === undefined ? {} : { redirectUri }),
  })
  return code
}

/** `oauth.v2.access`: a code or a refresh token for an access token, each good once. */
export function grantAccess(
  core: Core,
  args: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const { app } = core.world
  if (args.client_id !== app.clientId) return { ok: false, error: 'invalid_client_id' }
  if (args.client_secret !== app.clientSecret) return { ok: false, error: 'bad_client_secret' }
  const refreshing = args.grant_type === 'refresh_token'
  const key = (refreshing ? args.refresh_token : args.code) ?? ''
  const grant = core.grants.get(key)
  if (!grant) return { ok: false, error: refreshing ? 'invalid_refresh_token' : 'invalid_code' }
  if (!refreshing && grant.redirectUri !== undefined && grant.redirectUri !== args.redirect_uri)
    return { ok: false, error: 'bad_redirect_uri' }
  core.grants.delete(key)

  const workspace = core.workspace(grant.workspace)
  const token = freshToken(core.settings.rotateTokens)
  workspace.installed = true
  workspace.botToken = token
  workspace.scopes = grant.scopes
  core.happenings.tell({ kind: 'workspace', workspace: workspace.id })
  return {
    ok: true,
    app_id: app.id,
    authed_user: { id: Object.keys(workspace.users)[0] },
    scope: grant.scopes.join(','),
    token_type: 'bot',
    access_token: token,
    bot_user_id: workspace.botUser,
    team: { id: workspace.id, name: workspace.name },
    enterprise:
      workspace.enterprise === undefined ? null : { id: workspace.enterprise, name: workspace.name },
    is_enterprise_install: false,
    ...(core.settings.rotateTokens ? rotation(core, grant, token) : {}),
  }
}

function rotation(core: Core, grant: { workspace: string; scopes: string[] }, token: string) {
  const refresh = `xoxe-1-${secret(24)}`
  core.grants.set(refresh, { workspace: grant.workspace, scopes: grant.scopes })
  core.rotating.set(token, {
    workspace: grant.workspace,
    expires: core.settings.wall() + 43_200_000,
  })
  return { refresh_token: refresh, expires_in: 43_200 }
}
