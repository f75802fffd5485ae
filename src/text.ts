/*
 * Texts on their way to any platform: well-formed, one reading direction each, cut between graphemes and counted in
 * sight (B5.56, B5.57).
 */

const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\ud802-\ud803\ud83a-\ud83b][\udc00-\udfff]/
/** Vietnamese, Thai and Hebrew stack three marks, careful scholars five; ten thousand is an attack on the screen. */
const stackedMarks = /(\p{M}{6})\p{M}+/gu
const plainAscii = /^[\x20-\x7e\n]*$/

/** Well-formed, composed, without control characters, direction overrides or towers of combining marks. */
export function clean(text: string): string {
  if (plainAscii.test(text)) return text
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(controls, '')
    .replace(bidiControls, '')
    .replace(stackedMarks, '$1')
}

/** Right-to-left words keep their order to themselves, so that amounts and names beside them stay in place (B5.57). */
export function isolate(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text
}

let segmenter: Intl.Segmenter | undefined

/**
 * `text` in at most `most` UTF-16 units. What does not cutTo is cut between graphemes and counted in sight, `… (+12)`:
 * nothing is cut silently and no emoji or syllable is torn (B5.56, B5.57).
 */
export function cutTo(text: string, most: number): string {
  if (text.length <= most) return text
  // Room for the mark itself: “… (+” and “)” and the digits of the greatest possible count.
  const room = most - 5 - String(text.length).length
  if (room < 4) return `${wholeGraphemes(text, most - 1)}…`
  const kept = wholeGraphemes(text, room)
  const left = text
    .slice(kept.length)
    .replace(joining, '')
    .replace(/[\ud800-\udbff][\udc00-\udfff]/g, '.').length
  return `${kept.trimEnd()}… (+${left})`
}

/** What joins a grapheme that has begun; left out of a count, the way people count. */
const joining = /\p{M}|\u200d/gu

/** The beginning of `text` that fits into `room`, in whole graphemes. Only that much is segmented: it costs about a µs a character. */
function wholeGraphemes(text: string, room: number): string {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' })
  let end = 0
  // A little more than fits, so that the last grapheme that fits is seen whole.
  for (const { segment, index } of segmenter.segment(text.slice(0, room + 32))) {
    if (index + segment.length > room) break
    end = index + segment.length
  }
  return text.slice(0, end)
}

/** A short text of a control (title, button, option), where a count would take the place of the words. */
export function short(text: string, most: number): string {
  const cleaned = clean(text).replace(/\s+/g, ' ').trim()
  if (cleaned.length <= most) return cleaned
  return `${wholeGraphemes(cleaned, most - 1).trimEnd()}…`
}
