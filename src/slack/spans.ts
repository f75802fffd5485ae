import type { KnownBlock, RichTextElement, RichTextSection } from '@slack/types'
import type { Span, Text } from '../../blocks/card.ts'
import { limits } from './limits.ts'
import { clean, cutTo, escapeMrkdwn, isolate } from './text.ts'

/**
 * Whether a text may be mrkdwn: every word is ours, and none of them would be taken for markup. `3~5 · 7~9` would
 * strike out its middle, `:00:` become a picture, a `>` begin a quotation. A bold word that touches a letter, as one
 * does before a Korean particle, would keep its asterisks in sight; a mention has none and may touch what it likes.
 */
export function mayBeMrkdwn(text: Text): boolean {
  if (text.some((span) => typeof span !== 'string' && 'user' in span)) return false
  const said = plainOf(text)
  const bold = text.some(isBold)
  return (
    !(bold && (said.includes('*') || touches(text))) && !/([*_~`])[\s\S]*\1|:[\w+'-]+:|(^|\n)\s*>/.test(said)
  )
}

/** Whether it is drawn between asterisks. */
const isBold = (span: Span): boolean =>
  typeof span !== 'string' && 'bold' in span && mentioned(span) === undefined

/** Whether a bold word stands right beside a letter or number of the words around it. */
const touches = (text: Text): boolean =>
  text.some((span, at) => {
    if (!isBold(span)) return false
    const before = text[at - 1]
    const after = text[at + 1]
    return (
      (before !== undefined && /[\p{L}\p{N}]$/u.test(words(before))) ||
      (after !== undefined && /^[\p{L}\p{N}]/u.test(words(after)))
    )
  })

const words = (span: Span): string => {
  if (typeof span === 'string') return clean(span)
  if ('user' in span) return isolate(clean(span.user))
  return clean('bold' in span ? span.bold : span.link)
}

/** A text as one plain string: for plain_text objects and fallbacks, where nothing is markup. */
export const plainOf = (text: Text): string => text.map(words).join('')

/** Only links of the web, so that a stored value can't become a scheme that does something (`javascript:`, `slack:`). */
const safeUrl = (url: string): string | undefined => (/^https?:\/\/[^\s|<>]+$/i.test(url) ? url : undefined)

/** Our own words as mrkdwn. Cut before the markup is put on, so that no `*` or `<` is left open. */
export function mrkdwnOf(text: Text, most: number): string {
  const whole = text.map(markup).join('')
  if (whole.length <= most) return whole || '—'
  const words = plainOf(text)
  const escaped = escapeMrkdwn(cutTo(words, Math.floor(most / 2)))
  // An ampersand becomes five characters.
  return escaped.length <= most ? escaped : escapeMrkdwn(cutTo(words, Math.floor(most / 5)))
}

/** The member a span mentions: an id of Slack's own shape, and nothing else becomes a mention (B5.59). */
const mentioned = (span: Span): string | undefined =>
  typeof span !== 'string' && 'bold' in span && span.mention && /^[UW][A-Z0-9]{1,30}$/.test(span.mention)
    ? span.mention
    : undefined

function markup(span: Span): string {
  if (typeof span === 'string') return escapeMrkdwn(clean(span))
  if ('user' in span) throw new Error('somebody’s words on their way into mrkdwn')
  if ('bold' in span) {
    const user = mentioned(span)
    if (user) return `<@${user}>`
    const bold = escapeMrkdwn(clean(span.bold)).trim()
    return bold === '' || bold.includes('\n') ? bold : `*${bold}*`
  }
  const url = safeUrl(span.url)
  const label = escapeMrkdwn(clean(span.link))
  return url ? `<${escapeMrkdwn(url)}|${label.replaceAll('|', '¦')}>` : label
}

/** Spans as rich text, which knows no markup: what somebody typed is what is seen (B5.58). */
export function richSection(text: Text): RichTextSection {
  const elements: RichTextElement[] = []
  let room = limits.richText
  let left = 0
  for (const span of text) {
    const said = words(span)
    if (said === '') continue
    if (room < 40) {
      left += said.length
      continue
    }
    const shown = cutTo(said, room)
    room -= shown.length
    const user = mentioned(span)
    if (user) elements.push({ type: 'user', user_id: user })
    else if (typeof span !== 'string' && 'bold' in span)
      elements.push({ type: 'text', text: shown, style: { bold: true } })
    else if (typeof span !== 'string' && 'link' in span && safeUrl(span.url))
      elements.push({ type: 'link', url: span.url, text: shown })
    else elements.push({ type: 'text', text: shown })
  }
  if (left > 0) elements.push({ type: 'text', text: `… (+${left})` })
  if (elements.length === 0) elements.push({ type: 'text', text: '—' })
  return { type: 'rich_text_section', elements }
}

/** One paragraph: a section where all words are ours (it wraps and copies better), rich text otherwise. */
export function paragraph(text: Text): KnownBlock {
  if (mayBeMrkdwn(text))
    return {
      type: 'section',
      text: { type: 'mrkdwn', text: mrkdwnOf(text, limits.section.text), verbatim: true },
    }
  return { type: 'rich_text', elements: [richSection(text)] }
}
