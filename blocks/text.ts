import type { Span, Text } from './card.ts'

const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

let graphemes: Intl.Segmenter | undefined

/**
 * `text` cut to at most `most` characters as people count them, with a visible “…”. By graphemes, so that no
 * emoji or Korean syllable is torn (B5.57); one grapheme may hold 10,000 combining marks, so code units are bounded too.
 */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  let cut = ''
  let count = 0
  for (const { segment } of graphemes.segment(text.slice(0, most * 12))) {
    if (count === most - 1) return `${cut}…`
    if (segment.length <= 40) cut += segment
    count += 1
  }
  return cut.length === text.length ? cut : `${cut}…`
}

/** Somebody's own words of several lines, without what could reorder or break the text around them (B5.57). */
export const theirWords = (text: string, most = 3000): string =>
  clip(text.toWellFormed().replace(controls, '').replace(bidiControls, '').trim(), most)

/**
 * A name somebody gave, for use inside a line of ours: one line, so that it can't pass for a line of its own
 * (B5.60), and not longer than a line should be.
 */
export const theirs = (text: string, most = 80): { readonly user: string } => ({
  user:
    theirWords(text, 100_000)
      .replace(/\s+/g, ' ')
      .slice(0, most * 12)
      .trim() === ''
      ? '—'
      : clip(theirWords(text, 100_000).replace(/\s+/g, ' '), most),
})

/** Right-to-left words keep their order to themselves, so that the numbers beside them stay where they are (B5.57). */
const isolated = (text: string): string => (rightToLeft.test(text) ? `\u2068${text}\u2069` : text)

const spanText = (span: Span): string => {
  if (typeof span === 'string') return span
  if ('user' in span) return isolated(span.user)
  return 'bold' in span ? span.bold : span.link
}

/** A text as one plain string, for summaries and other places without spans. */
export const plain = (text: Text): string => text.map(spanText).join('')

/** Several texts as one, with our own separator between them. */
export const joined = (texts: readonly Text[], separator: string): Text =>
  texts.flatMap((text, at) => (at === 0 ? text : [separator, ...text]))
