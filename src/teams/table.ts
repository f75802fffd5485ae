import type { Block, Text } from '../../blocks/card.ts'
import { isolate, short } from '../text.ts'
import { limits } from './limits.ts'
import { type Element, paragraphs } from './spans.ts'

type Table = Extract<Block, { kind: 'table' }>

const words = (text: Text): string =>
  text
    .map((span) =>
      typeof span === 'string'
        ? span
        : 'user' in span
          ? isolate(span.user)
          : 'bold' in span
            ? span.bold
            : span.link,
    )
    .join('')

/**
 * A table that a phone can show: at most five columns, each cell one line. With more columns, which would be a letter
 * wide there, each row is its name in bold with its values after their names below.
 */
export function table(of: Table): Element[] {
  const { head, rows, left } = cut(of)
  if (rows.length === 0) return []
  const wide = Math.max(head.length, ...rows.map((row) => row.length))
  const drawn =
    head.length > 0 && wide <= limits.table.columns
      ? [inColumns(head, rows)]
      : rows.flatMap((row) => inLines(head, row))
  return left > 0 ? [...drawn, ...paragraphs([`… (+${left})`], { isSubtle: true, size: 'Small' })] : drawn
}

function inColumns(head: readonly string[], rows: readonly (readonly string[])[]): Element {
  const row = (texts: readonly string[], bold: boolean) => ({
    type: 'TableRow',
    cells: head.map((_, column) => ({
      type: 'TableCell',
      items: paragraphs([{ user: texts[column] || '—' }], bold ? { weight: 'Bolder' } : {}).map((element) =>
        column === 0 ? element : { ...element, horizontalAlignment: 'Right' },
      ),
    })),
  })
  return {
    type: 'Table',
    firstRowAsHeaders: true,
    showGridLines: false,
    columns: head.map((_, column) => ({
      width: shareOf([head, ...rows].map((texts) => texts[column] ?? '')),
    })),
    rows: [row(head, true), ...rows.map((texts) => row(texts, false))],
  }
}

/** A column's share of the width, by its longest words: a phone then breaks few of them. */
function shareOf(texts: readonly string[]): number {
  // Hangul and its neighbours are twice as wide as Latin letters.
  const wide = (text: string) => text.length + (text.match(/[\u1100-\u11ff\u2e80-\uffdc]/g)?.length ?? 0)
  return Math.min(24, Math.max(4, ...texts.map(wide)))
}

function inLines(head: readonly string[], [first = '', ...values]: readonly string[]): Element[] {
  const said = values.map((value, at) => (head[at + 1] ? `${head[at + 1]} ${value || '—'}` : value))
  return [
    ...paragraphs([{ user: first || '—' }], { weight: 'Bolder' }),
    ...(said.length > 0
      ? paragraphs([{ user: said.join(' · ') }]).map((element) => ({ ...element, spacing: 'None' }))
      : []),
  ]
}

/** Rows that fit, each cell on one line; how many rows do not. */
function cut(of: Table): { head: string[]; rows: string[][]; left: number } {
  const one = (text: string, column: number) =>
    short(text, column === 0 ? limits.table.first : limits.table.cell)
  const head = of.head.slice(0, 20).map(one)
  const rows: string[][] = []
  let characters: number = limits.table.characters
  let items: number = limits.table.items - head.length
  for (const cells of of.rows.slice(0, limits.table.rows)) {
    const row = cells.slice(0, 20).map((text, column) => one(words(text), column))
    characters -= row.reduce((sum, text) => sum + text.length, 0)
    items -= Math.max(1, Math.min(row.length, limits.table.columns))
    if (characters < 0 || items < 0) break
    rows.push(row)
  }
  return { head, rows, left: of.rows.length - rows.length }
}
