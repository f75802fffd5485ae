import type { Span, Text } from '../../blocks/card.ts'
import { clean, cutTo, isolate } from '../text.ts'
import { limits } from './limits.ts'

/** A piece of a card, as the client gets it. */
export type Element = Record<string, unknown> & { type: string }

/** How a whole paragraph looks. */
export interface Looks {
  readonly size?: 'Small' | 'Medium' | 'Large'
  readonly weight?: 'Bolder'
  readonly isSubtle?: boolean
  readonly color?: 'Attention' | 'Good'
}

/** What a span says, well-formed and in one reading direction. */
export const words = (span: Span): string => {
  if (typeof span === 'string') return clean(span)
  if ('user' in span) return isolate(clean(span.user))
  return clean('bold' in span ? span.bold : span.link)
}

/** Only links of the web, so that a stored value can't become a scheme that does something. */
const safeUrl = (url: string): string | undefined => (/^https?:\/\/[^\s<>]+$/i.test(url) ? url : undefined)

/**
 * A text as paragraphs of TextRuns, which know no markup: what somebody typed is what is seen, `[x](http://…)` and
 * `<at>` included (B5.59). A line of its own is a paragraph of its own, because clients fold line breaks.
 */
export function paragraphs(text: Text, looks: Looks = {}): Element[] {
  const lines: Element[][] = [[]]
  let room: number = limits.text
  let left = 0
  for (const span of text) {
    const whole = words(span)
    if (whole === '') continue
    if (room < 40) {
      left += whole.length
      continue
    }
    const said = cutTo(whole, room)
    room -= said.length
    for (const [i, piece] of linesOf(said, limits.lines - lines.length + 1).entries()) {
      if (i > 0) lines.push([])
      if (piece !== '') lines.at(-1)!.push(run(piece, span, looks))
    }
  }
  if (left > 0) lines.at(-1)!.push({ type: 'TextRun', text: `… (+${left})`, ...looks })
  const shown = lines.filter((inlines) => inlines.length > 0)
  if (shown.length === 0) shown.push([{ type: 'TextRun', text: '—', ...looks }])
  return shown.map((inlines, at) => ({
    type: 'RichTextBlock',
    inlines,
    ...(at > 0 ? { spacing: 'None' } : {}),
  }))
}

/** At most so many lines: the rest goes on in the last one, so that a page of line breaks is not a page of elements. */
function linesOf(text: string, most: number): string[] {
  const lines = text.split('\n')
  if (lines.length <= most) return lines
  const at = Math.max(0, most - 1)
  const rest = lines.slice(at).filter((line) => line !== '')
  return [...lines.slice(0, at), rest.join(' ')]
}

function run(text: string, span: Span, looks: Looks): Element {
  const bold = typeof span !== 'string' && 'bold' in span
  const url = typeof span !== 'string' && 'link' in span ? safeUrl(span.url) : undefined
  return {
    type: 'TextRun',
    text,
    ...looks,
    ...(bold ? { weight: 'Bolder' } : {}),
    ...(url ? { underline: true, selectAction: { type: 'Action.OpenUrl', url } } : {}),
  }
}
