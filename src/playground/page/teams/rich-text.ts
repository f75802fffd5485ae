import MarkdownIt from 'markdown-it'
import type { TeamsMention, TeamsMessage } from './wire.ts'

/** What Teams makes of markdown in a message of the app; HTML is shown as it is written. */
const inMessages = new MarkdownIt('zero', { html: false, breaks: true, linkify: false }).enable([
  'emphasis',
  'strikethrough',
  'link',
  'list',
  'escape',
  'entity',
  'newline',
  'backticks',
  'fence',
  'blockquote',
  'heading',
])

/** The smaller part of it that Teams knows in a TextBlock: emphasis, links and lists. */
const inCards = new MarkdownIt('zero', { html: false, breaks: true, linkify: false }).enable([
  'emphasis',
  'link',
  'list',
  'escape',
  'entity',
  'newline',
])

for (const markdown of [inMessages, inCards]) {
  markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
    tokens[index]?.attrSet('target', '_blank')
    tokens[index]?.attrSet('rel', 'noreferrer')
    return renderer.renderToken(tokens, index, options)
  }
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => escapes[c] ?? c)

/** Only what the message itself names as a mention becomes one: `<at>` that somebody typed stays what it is. */
const withMentions = (html: string, mentions: readonly TeamsMention[]): string =>
  mentions.reduce(
    (text, mention) =>
      text.replaceAll(escaped(mention.text), `<span class="tm-mention">${escaped(mention.name)}</span>`),
    html,
  )

/** A message's own words as HTML; everything a person typed is escaped. */
export function htmlOfMessage(message: Pick<TeamsMessage, 'text' | 'textFormat' | 'mentions'>): string {
  const { text, textFormat, mentions } = message
  const html = textFormat === 'markdown' ? inMessages.render(text) : escaped(text).replaceAll('\n', '<br>')
  return withMentions(html, mentions)
}

/** A TextBlock's markdown as HTML, with the mentions that its card names; the renderer hands it whole texts. */
export const htmlOfTextBlock = (text: string, mentions: readonly TeamsMention[] = []): string =>
  withMentions(inCards.render(text), mentions)
