import type { Span, Text } from '../../blocks/card.ts'
import { clean, short } from '../text.ts'
import type { Message } from './card.ts'
import { limits, markup } from './limits.ts'
import { type Element, type Looks, paragraphs, words } from './spans.ts'

/** Whom a card calls, as Teams takes it beside the card's elements (`msteams.entities`). */
export interface Mention {
  readonly type: 'mention'
  /** `<at>a name</at>`, as it stands in a TextBlock of the card: Teams looks for it nowhere else. */
  readonly text: string
  readonly mentioned: { readonly id: string; readonly name: string }
}

/** Ids of those whom a message calls. */
export const calledIn = ({ attachments }: Message): readonly string[] =>
  attachments.flatMap(({ content }) => {
    const { entities = [] } = (content.msteams ?? {}) as { readonly entities?: readonly Mention[] }
    return entities.map(({ mentioned }) => mentioned.id)
  })

/** An Entra object id, which is all that we know people by; nothing else becomes a mention (B5.59). */
const entraId = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

type Called = Extract<Span, { bold: string }> & { readonly mention: string }

const isCalled = (span: Span): span is Called =>
  typeof span !== 'string' && 'bold' in span && span.mention !== undefined && entraId.test(span.mention)

/** What TextBlock takes for markup, and what would end the mention. */
const inName = /[*_`~[\]<>\\#&]/g

/**
 * Texts that may call people. A mention stands in a TextBlock, whose text is markdown, so a line becomes one only where
 * nothing else in it could be markup; elsewhere the person is named in bold. Everybody is called once a card, under a
 * name of their own: by which of two equal texts whom is meant, Teams goes by their order, and drops whom it can't find.
 */
export class Mentions {
  readonly entities: Mention[] = []
  readonly #uncalled: readonly string[]
  constructor(uncalled: readonly string[] = []) {
    this.#uncalled = uncalled
  }

  /** A text as paragraphs, in which whoever is to be called is. */
  paragraphs(text: Text, looks: Looks = {}): Element[] {
    if (!text.some(isCalled)) return paragraphs(text, looks)
    const lines = linesOf(text)
    if (lines.length > limits.lines || text.map(words).join('').length > limits.text)
      return paragraphs(text, looks)
    return lines
      .flatMap((line) => this.#calling(line, looks) ?? paragraphs(line, looks))
      .map((element, at) => (at > 0 ? { ...element, spacing: 'None' } : element))
  }

  #calling(line: Text, looks: Looks): Element | undefined {
    if (!line.some(isCalled)) return undefined
    const made: Mention[] = []
    let said = ''
    let rest = ''
    for (const span of line) {
      const mention = isCalled(span) ? this.#mention(span, made) : undefined
      if (mention) made.push(mention)
      said += mention?.text ?? words(span)
      rest += mention ? '' : words(span)
    }
    if (made.length === 0 || markup.test(rest)) return undefined
    this.entities.push(...made)
    return { type: 'TextBlock', text: said, wrap: true, ...looks }
  }

  #mention(span: Called, made: readonly Mention[]): Mention | undefined {
    const name = short(clean(span.bold).replace(inName, ' '), limits.option.title)
    const text = `<at>${name}</at>`
    const taken = [...this.entities, ...made].some(
      (each) => each.text === text || each.mentioned.id === span.mention,
    )
    if (name === '' || taken || this.#uncalled.includes(span.mention)) return undefined
    return { type: 'mention', text, mentioned: { id: span.mention, name } }
  }
}

/** A text by its lines; empty ones are left out, as everywhere. */
function linesOf(text: Text): Span[][] {
  const lines: Span[][] = [[]]
  for (const span of text) {
    const pieces: Span[] =
      typeof span === 'string'
        ? span.split('\n')
        : 'user' in span
          ? span.user.split('\n').map((user) => ({ user }))
          : [span]
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) lines.push([])
      if (words(piece) !== '') lines.at(-1)!.push(piece)
    }
  }
  return lines.filter((line) => line.length > 0)
}
