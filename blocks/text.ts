import type { Span, Text } from './card.ts'

const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g

/** More marks on one letter than any language writes. */
const heapedMarks = /(\p{M}{8})\p{M}+/gu

let graphemes: Intl.Segmenter | undefined

/**
 * `text` cut to at most `most` UTF-16 units with a visible “…”, between two characters as people see them, so that
 * no emoji or Korean syllable is torn (B5.57). Only the surroundings of the cut are segmented: V8's segmenter takes
 * time by the square of the length (0.6 s at 12,000 characters), which one long text would make everybody wait for.
 */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  const cut = most - 1
  const from = Math.max(0, cut - 64)
  let end = cut
  for (const { index } of graphemes.segment(text.slice(from, cut + 64))) {
    if (from + index > cut) break
    if (index > 0 || from === 0) end = from + index
  }
  return `${text.slice(0, end).trimEnd().toWellFormed()}…`
}

/** Somebody's own words of several lines, without what could reorder or cover the text around them (B5.57). */
export const theirWords = (text: string, most: number): string => clip(cleaned(text), most)

/** Latin and Korean in whole: most of what is typed, and nothing to clean in it. */
const harmless = /^[\n\x20-\x7e가-힣]*$/

const cleaned = (text: string): string =>
  harmless.test(text)
    ? text.trim()
    : text.toWellFormed().replace(controls, '').replace(bidiControls, '').replace(heapedMarks, '$1').trim()

/**
 * A name somebody gave, for use inside a line of ours: one line, so that it can't pass for a line of its own
 * (B5.60), and not longer than a line should be.
 */
export const theirs = (text: string, most = 80): { readonly user: string } => ({
  user: clip(cleaned(text).replace(/\s+/g, ' '), most) || '—',
})

/** Right-to-left words keep their order to themselves, so that the numbers beside them stay where they are (B5.57). */
const isolated = (text: string): string => (rightToLeft.test(text) ? `\u2068${text}\u2069` : text)

const spanText = (span: Span): string => {
  if (typeof span === 'string') return span
  if ('user' in span) return isolated(span.user)
  return 'bold' in span ? span.bold : span.link
}

/** A text's characters without any marks, to become one span of theirs. */
export const flat = (text: Text): string =>
  text.map((span) => (typeof span === 'string' ? span : Object.values(span)[0])).join('')

/** A text as one plain string, for summaries and other places without spans. */
export const plain = (text: Text): string => text.map(spanText).join('')

/** Several texts as one, with our own separator between them. */
export const joined = (texts: readonly Text[], separator: string): Text =>
  texts.flatMap((text, at) => (at === 0 ? text : [separator, ...text]))
