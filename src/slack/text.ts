import { clean, cutTo } from '../text.ts'
import { limits } from './limits.ts'

export { clean, cutTo, isolate, short } from '../text.ts'

/*
 * Texts on their way to Slack. Somebody's words must look exactly like what they typed and can mean nothing to Slack
 * (B5.57, B5.58): they travel in plain_text and rich_text objects, which know no markup; only our own words and the
 * fallback `text` of a message are mrkdwn, and there & < > are entities.
 */

/** The three characters that make mrkdwn do something beyond looks: mentions, links, channel calls. */
export function escapeMrkdwn(text: string): string {
  return /[&<>]/.test(text) ? text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;') : text
}

/**
 * The fallback `text` of a message, which notifications and screen readers read. Cut before escaping, so that no
 * entity is torn.
 */
export function fallback(text: string): string {
  const escaped = escapeMrkdwn(cutTo(clean(text), limits.message.text / 2))
  return escaped.length <= limits.message.text
    ? escaped
    : escapeMrkdwn(cutTo(clean(text), Math.floor(limits.message.text / 5)))
}
