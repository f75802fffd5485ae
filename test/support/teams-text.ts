import { type Choice, choicesOf, type Json } from '../../src/playground/teams/cards.ts'
import type { Typed } from '../../src/playground/teams/world.ts'

const list = (value: unknown): Json[] => (Array.isArray(value) ? value : []) as Json[]

/** What a person reads on a card: top to bottom, a line an element; buttons and inputs in brackets. */
export function cardText(
  card: Json,
  typed: Typed = {},
  offered: (input: string) => readonly Choice[] = () => [],
): string {
  const reader = new Reader(typed, offered)
  return [...list(card.body).map((element) => reader.element(element)), reader.actions(card.actions)]
    .filter((line) => line !== '')
    .join('\n')
}

/** Markdown as Teams shows it: emphasis, links by their words. */
export const plain = (text: string): string =>
  text
    .replaceAll(/\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/(\*\*|__)(?=\S)(.+?)\1/g, '$2')
    .replaceAll(/(^|[\s(])([*_])(?=\S)([^\n]+?)\2(?=$|[\s).,:;!?])/gm, '$1$3')
    .replaceAll(/\\([\\`*_{}[\]()#+\-.!~>|])/g, '$1')
    .replaceAll(/<at>([^<]*)<\/at>/g, '$1')

class Reader {
  readonly #typed: Typed
  readonly #offered: (input: string) => readonly Choice[]
  constructor(typed: Typed, offered: (input: string) => readonly Choice[]) {
    this.#typed = typed
    this.#offered = offered
  }

  element(element: Json): string {
    if (element.isVisible === false) return ''
    switch (element.type) {
      case 'TextBlock':
        return plain(String(element.text))
      case 'RichTextBlock':
        return (element.inlines as (Json | string)[])
          .map((inline) => (typeof inline === 'string' ? inline : String(inline.text)))
          .join('')
      case 'Container':
        return this.#lines(element.items, '\n')
      case 'ColumnSet':
        return list(element.columns)
          .map((column) => (column.isVisible === false ? '' : this.#lines(column.items, '\n')))
          .filter((text) => text !== '')
          .join('  ')
      case 'FactSet':
        return list(element.facts)
          .map((fact) => `${plain(String(fact.title))}  ${plain(String(fact.value))}`)
          .join('\n')
      case 'Table':
        return list(element.rows)
          .map((row) =>
            list(row.cells)
              .map((cell) => this.#lines(cell.items, ' '))
              .join(' | '),
          )
          .join('\n')
      case 'ActionSet':
        return this.actions(element.actions)
      case 'Image':
        return `(${String(element.altText ?? '')})`
      case 'ImageSet':
        return this.#lines(element.images, ' ')
      default:
        return String(element.type).startsWith('Input.') ? this.#input(element) : this.#fallback(element)
    }
  }

  actions(actions: unknown): string {
    return list(actions)
      .map((action) => `[${String(action.title ?? '')}]`)
      .join(' ')
  }

  #lines(items: unknown, between: string): string {
    return list(items)
      .map((item) => this.element(item))
      .filter((line) => line !== '')
      .join(between)
  }

  #input(input: Json): string {
    const id = String(input.id)
    const value = this.#typed[id] ?? String(input.value ?? '')
    const known = [...choicesOf(input), ...this.#offered(id)]
    const shown =
      input.type === 'Input.ChoiceSet'
        ? value
            .split(',')
            .map((one) => known.find((choice) => choice.value === one)?.title ?? one)
            .join(', ')
        : value
    const label = [input.label, input.title].filter((text) => text !== undefined).join(' ')
    return `${label} [${shown || String(input.placeholder ?? '')}]`.trim()
  }

  #fallback(element: Json): string {
    const { fallback } = element
    return typeof fallback === 'object' && fallback !== null ? this.element(fallback as Json) : ''
  }
}

/** Live markup in what a TextBlock shows as markdown: links and mentions, other than those the app built (B5.59). */
export function liveMarkup(card: Json): string[] {
  const found: string[] = []
  const built = list((card.msteams as Json | undefined)?.entities).map((entity) => String(entity.text))
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) visit(one)
    else if (typeof node === 'object' && node !== null) {
      const { type, text, facts } = node as Json
      const shown = [
        ...(type === 'TextBlock' ? [String(text)] : []),
        ...list(facts).flatMap((fact) => [String(fact.title), String(fact.value)]),
      ]
      for (const words of shown)
        found.push(...(words.match(/(?<!\\)\[[^\]]*\]\([^)]+\)|<at>[^<]*<\/at>/g) ?? []))
      for (const value of Object.values(node)) if (typeof value === 'object') visit(value)
    }
  }
  visit(card)
  return found.filter((words) => !built.includes(words))
}
