import { fetchWithin } from './fetch.ts'
import type { Message } from './render.ts'

const ask = fetchWithin(10_000)

/** Whether a URL is this machine's own: a local Slack's. */
export const isLoopback = (url: string): boolean =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)

/** Where a response_url may point (B5.34): Slack's own host, or the local Slack that stands in for it. */
function mayRespondTo(url: string, apiUrl: string): boolean {
  let target: URL
  try {
    target = new URL(url)
  } catch {
    return false
  }
  if (target.username || target.password) return false
  if (target.protocol === 'https:' && target.hostname === 'hooks.slack.com' && target.port === '') return true
  const api = new URL(apiUrl)
  return isLoopback(apiUrl) && target.origin === api.origin
}

/**
 * Says something to one person through a response_url, beside the message it belongs to or in its place. False: it was not allowed, used up or did not answer.
 */
export async function respond(
  url: string,
  apiUrl: string,
  message: Message,
  replace = false,
): Promise<boolean> {
  if (!mayRespondTo(url, apiUrl)) return false
  try {
    const answer = await ask(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ response_type: 'ephemeral', replace_original: replace, ...message }),
    })
    return answer.ok
  } catch {
    return false
  }
}
