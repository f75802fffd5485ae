import type { Block, Button, Card, Text } from '../../blocks/card.ts'
import type { FormView } from '../../blocks/form.ts'

/** All that a card or form says, sorted by whose words they are. */
export interface Said {
  /** Ours, in places that may be read as markup. */
  readonly ours: string[]
  /** Theirs, inside a line of ours. */
  readonly theirs: string[]
  /** Theirs, in a block of their own. */
  readonly quotes: string[]
  readonly titles: string[]
  readonly buttons: Button[]
}

export function said(blocks: readonly (Block | FormView['items'][number])[]): Said {
  const all: Said = { ours: [], theirs: [], quotes: [], titles: [], buttons: [] }
  const text = (spans: Text): void => {
    for (const span of spans) {
      if (typeof span === 'string') all.ours.push(span)
      else if ('user' in span) all.theirs.push(span.user)
      // Whom it calls is named as the directory names them: their words, escaped where it is drawn.
      else if ('bold' in span && span.mention !== undefined) all.theirs.push(span.bold)
      else all.ours.push('bold' in span ? span.bold : span.link)
    }
  }
  for (const block of blocks) {
    switch (block.kind) {
      case 'title':
        all.titles.push(block.text)
        all.ours.push(block.text)
        break
      case 'heading':
      case 'text':
      case 'note':
        text(block.text)
        break
      case 'facts':
        for (const fact of block.facts) {
          all.ours.push(fact.label)
          text(fact.value)
        }
        break
      case 'quote':
        all.ours.push(block.label)
        all.quotes.push(block.text)
        break
      case 'route':
        for (const step of block.steps) text(step.text)
        break
      case 'row':
        text(block.text)
        if (block.note) text(block.note)
        all.buttons.push(...block.buttons)
        if (block.menu) all.ours.push(block.menu.label, ...block.menu.options.map((option) => option.label))
        break
      case 'buttons':
        all.buttons.push(...block.buttons)
        break
      case 'choice':
        all.ours.push(block.label, ...block.options.map((option) => option.label))
        break
      case 'field': {
        const { label, hint, placeholder } = block.field
        all.ours.push(label, ...(hint ? [hint] : []), ...(placeholder ? [placeholder] : []))
        break
      }
      case 'divider':
        break
    }
  }
  for (const button of all.buttons) {
    all.ours.push(button.label)
    if (button.confirm)
      all.ours.push(button.confirm.title, button.confirm.text, button.confirm.yes, button.confirm.no)
  }
  return all
}

/** A card as somebody would read it aloud; for looking at, and for sentences in tests. */
export function readAloud(card: Card | FormView): string {
  const spans = (text: Text): string =>
    text
      .map((span) =>
        typeof span === 'string' ? span : 'user' in span ? span.user : 'bold' in span ? span.bold : span.link,
      )
      .join('')
  const buttons = (list: readonly Button[]): string => list.map((button) => `[${button.label}]`).join(' ')
  const items = 'items' in card ? card.items : card.blocks
  const head = 'items' in card ? [`# ${card.title}`] : [`(${card.summary})`]
  const line = (block: (typeof items)[number]): string => {
    switch (block.kind) {
      case 'title':
        return `# ${block.text}`
      case 'heading':
        return `## ${spans(block.text)}`
      case 'text':
        return spans(block.text)
      case 'note':
        return `_ ${spans(block.text)}`
      case 'facts':
        return block.facts.map((fact) => `· ${fact.label}: ${spans(fact.value)}`).join('\n')
      case 'quote':
        return `${block.label} > ${block.text}`
      case 'route':
        return block.steps.map((step) => `${step.state}: ${spans(step.text)}`).join('\n')
      case 'row':
        return `${spans(block.text)}\n   ${block.note ? spans(block.note) : ''} ${buttons(block.buttons)}`
      case 'buttons':
        return buttons(block.buttons)
      case 'chart':
        return `(${block.chart.alt})`
      case 'table':
        return [block.head.join(' | '), ...block.rows.map((cells) => cells.map(spans).join(' | '))].join('\n')
      case 'choice':
        return `${block.label}: ${block.options.map((option) => option.label).join(' / ')}`
      case 'field':
        return `${block.field.label}${block.field.optional ? ' ?' : ''} = ${block.value ?? ''}  (${block.field.hint ?? ''})`
      case 'divider':
        return '---'
    }
  }
  const lines = items.map(line)
  return [...head, ...lines, ...('items' in card ? [`[${card.close}] [${card.submit}]`] : [])].join('\n')
}
