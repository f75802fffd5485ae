import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api'
import type { Sent } from '../ports.ts'
import { NotInstalled } from './clients.ts'

type Unsent = Exclude<Sent, { outcome: 'sent' }>
type Dead = Extract<Sent, { outcome: 'dead' }>['what']

/** Slack's error names that are final, and what they mean for a delivery (B5.50–B5.55). */
const final: Readonly<Record<string, Dead>> = {
  channel_not_found: 'place-gone',
  is_archived: 'place-gone',
  not_in_channel: 'place-gone',
  channel_is_archived: 'place-gone',
  restricted_action: 'place-gone',
  restricted_action_read_only_channel: 'place-gone',
  restricted_action_thread_only_channel: 'place-gone',
  messages_tab_disabled: 'place-gone',
  user_disabled: 'place-gone',
  user_not_found: 'place-gone',
  users_not_found: 'place-gone',
  user_not_visible: 'place-gone',
  cannot_dm_bot: 'place-gone',
  ekm_access_denied: 'place-gone',
  message_not_found: 'message-gone',
  cant_update_message: 'message-gone',
  edit_window_closed: 'message-gone',
  thread_not_found: 'message-gone',
  cannot_reply_to_message: 'message-gone',
  account_inactive: 'workspace-gone',
  token_revoked: 'workspace-gone',
  token_expired: 'workspace-gone',
  invalid_auth: 'workspace-gone',
  not_authed: 'workspace-gone',
  org_login_required: 'workspace-gone',
  team_access_not_granted: 'workspace-gone',
  app_uninstalled: 'workspace-gone',
}

/** Answers after which nobody knows whether something happened: Slack says so of the first two itself (reliability: B1). */
const unknown: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
])

/**
 * What a failed call to Slack means for what was to be sent. Anything Slack refused by name and that is not known here
 * is ours to mend, with its name; anything without an answer is unknown. `scope` is how far a rate limit of the method
 * reaches: posting is limited by channel first (about one a second), so the others go on (B5.45).
 */
export function outcomeOf(error: unknown, scope: 'conversation' | 'workspace' = 'workspace'): Unsent {
  if (error instanceof WebAPIRateLimitedError)
    return { outcome: 'later', afterMs: Math.max(1, error.retryAfter) * 1_000, scope }
  if (error instanceof WebAPIPlatformError) return platformOutcome(error, scope)
  if (error instanceof WebAPIHTTPError)
    return error.statusCode === 429
      ? { outcome: 'later', afterMs: 30_000, scope }
      : { outcome: 'unknown', why: `HTTP ${error.statusCode}` }
  if (error instanceof NotInstalled) return { outcome: 'dead', what: 'workspace-gone', why: error.message }
  const message = error instanceof Error ? error.message : String(error)
  // The SDK has no class for a 429 without a readable Retry-After.
  if (/Retry header did not contain/.test(message)) return { outcome: 'later', afterMs: 30_000, scope }
  return { outcome: 'unknown', why: message.slice(0, 200) }
}

function platformOutcome(error: WebAPIPlatformError, scope: 'conversation' | 'workspace'): Unsent {
  const name = error.data.error
  if (name === 'ratelimited' || name === 'rate_limited' || name === 'message_limit_exceeded') {
    const seconds = error.data.response_metadata?.retryAfter ?? 30
    return { outcome: 'later', afterMs: Math.max(1, seconds) * 1_000, scope }
  }
  if (unknown.has(name)) return { outcome: 'unknown', why: name }
  const what = Object.hasOwn(final, name) ? final[name]! : 'refused'
  return { outcome: 'dead', what, why: name === 'missing_scope' ? missingScope(error) : name }
}

/** `missing_scope: chat:write` says what to add to the manifest; the bare name does not (B5.54). */
function missingScope(error: WebAPIPlatformError): string {
  const needed = (error.data as { needed?: unknown }).needed
  return typeof needed === 'string' ? `missing_scope: ${needed}` : 'missing_scope'
}

/** Slack's name of an error, where it gave one. */
export function slackErrorName(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined
}
