import type { Block, Element, TextObject } from '../../src/playground/slack/blockkit.ts'

/** Names behind `<@U…>` and `<#C…>`. */
export type NameOf = (id: string) => string

/** What a person reads: blocks top to bottom, one line each; markup resolved, entities decoded. */
export function visibleText(blocks: readonly Block[], fallback: string, nameOf: NameOf): string {
  if (blocks.length === 0) return plain({ type: 'mrkdwn', text: fallback }, nameOf)
  return blocks
    .map((block) => blockText(block, nameOf))
    .filter((line) => line !== '')
    .join('\n')
}

/** One block as text, with its buttons in brackets. */
export function blockText(block: Block, nameOf: NameOf): string {
  switch (block.type) {
    case 'divider':
      return ''
    case 'input':
      return [read(block.label, nameOf), elementText(block.element, nameOf), read(block.hint, nameOf)]
        .filter((part) => part !== '')
        .join(' ')
    case 'rich_text':
      return richText(block, nameOf)
    case 'image':
      return `(${block.alt_text ?? ''})`
    case 'table':
      return ((block as { rows?: readonly (readonly { text?: string }[])[] }).rows ?? [])
        .map((row) => row.map((cell) => cell.text ?? '').join(' | '))
        .join('\n')
    default:
      return [
        read(block.text, nameOf),
        ...(block.fields ?? []).map((field) => read(field, nameOf)),
        ...(block.elements ?? []).map((element) => elementText(element, nameOf)),
        elementText(block.accessory, nameOf),
      ]
        .filter((part) => part !== '')
        .join(block.type === 'context' ? ' · ' : '\n')
  }
}

function elementText(element: Element | undefined, nameOf: NameOf): string {
  if (!element) return ''
  if (element.type === 'mrkdwn' || element.type === 'plain_text')
    return plain({ type: element.type, text: String(element.text) }, nameOf)
  if (element.type === 'image') return `(${element.alt_text ?? ''})`
  if (element.type === 'button') return `[${labelOf(element, nameOf)}]`
  if (element.initial_option) return `[${plain(element.initial_option.text, nameOf)}]`
  if (/select$|overflow/.test(element.type)) return `[${read(element.placeholder, nameOf) || '▾'}]`
  return ''
}

export const labelOf = (element: Element, nameOf: NameOf): string =>
  typeof element.text === 'object' ? plain(element.text, nameOf) : (element.text ?? '')

const read = (text: TextObject | undefined, nameOf: NameOf): string => (text ? plain(text, nameOf) : '')

/** A text object as it looks on the screen. */
export function plain(text: TextObject, nameOf: NameOf): string {
  if (text.type === 'plain_text') return text.text
  const shown = text.text.replace(/<([^<>]*)>/g, (_, inside: string) => entity(inside, nameOf))
  return decode(shown.replace(/(^|[\s(])([*_~])(?=\S)([^\n]*?\S)\2(?=$|[\s).,:;!?·])/gm, '$1$3'))
}

function entity(inside: string, nameOf: NameOf): string {
  const [target = '', label] = inside.split('|')
  if (label !== undefined && label !== '') return label
  if (target.startsWith('@')) return `@${nameOf(target.slice(1))}`
  if (target.startsWith('#')) return `#${nameOf(target.slice(1))}`
  if (target.startsWith('!date')) return label ?? ''
  if (target.startsWith('!')) return `@${target.slice(1)}`
  return target
}

const decode = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

interface RichPart {
  readonly type: string
  readonly text?: string
  readonly url?: string
  readonly user_id?: string
  readonly range?: string
  readonly elements?: readonly RichPart[]
}

function richText(block: Block, nameOf: NameOf): string {
  const walk = (part: RichPart): string => {
    if (part.elements) return part.elements.map(walk).join(part.type === 'rich_text_list' ? '\n' : '')
    if (part.type === 'user') return `@${nameOf(part.user_id ?? '')}`
    if (part.type === 'broadcast') return `@${part.range ?? ''}`
    return part.text ?? part.url ?? ''
  }
  return ((block.elements ?? []) as unknown as readonly RichPart[]).map(walk).join('\n')
}

/** What would notify or lead somewhere: mentions, broadcasts and links of a message (B5.58). */
export function liveEntities(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(liveEntities)
  if (typeof value !== 'object' || value === null) return []
  const node = value as Record<string, unknown>
  const own =
    node.type === 'mrkdwn' && typeof node.text === 'string'
      ? [...node.text.matchAll(/<([^<>]+)>/g)].map((match) => match[1]!)
      : node.type === 'user' || node.type === 'broadcast' || node.type === 'link'
        ? [`${node.type}:${String(node.user_id ?? node.range ?? node.url)}`]
        : []
  return own.concat(Object.values(node).flatMap(liveEntities))
}
