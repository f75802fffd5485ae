import type { KnownBlock, RichTextSection, TableBlock } from '@slack/types'
import type { Block, Text } from '../../blocks/card.ts'
import { short } from '../text.ts'
import { limits } from './limits.ts'
import { plainOf } from './spans.ts'

type Table = Extract<Block, { kind: 'table' }>

/**
 * A table as Slack's own: every cell one line of raw text, which knows no markup (B5.58). Phones scroll it sideways;
 * the first column wraps. Slack takes one a message, and counts its characters among the message's: `room` is what
 * the rest of the message leaves.
 */
export function table(of: Table, room: number): KnownBlock[] {
  const { head, rows, left } = cut(of, room)
  if (head.length === 0 || rows.length === 0) return lines(of, room)
  const cells = (texts: readonly string[]): TableBlock['rows'][number] =>
    head.map((_, column) => ({ type: 'raw_text', text: texts[column] || '—' }))
  const drawn: TableBlock = {
    type: 'table',
    rows: [cells(head), ...rows.map(cells)],
    column_settings: head.map((_, column) =>
      column === 0 ? { align: 'left', is_wrapped: true } : { align: 'right' },
    ),
  }
  return [drawn, ...more(left)]
}

/** The same where Slack's table is not to be had (modals, Home, a second one): a line a row, each value after its name. */
export function lines(of: Table, room: number = limits.table.characters): KnownBlock[] {
  const { head, rows, left } = cut(of, room)
  if (rows.length === 0) return []
  const names = head.slice(1)
  const sections: RichTextSection[] = rows.map((texts) => {
    const [first, ...values] = texts
    const said = values
      .map((value, at) => (names[at] ? `${names[at]} ${value || '—'}` : value))
      .filter((value) => value !== '')
    return {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: first || '—', style: { bold: true } },
        { type: 'text', text: said.length > 0 ? `  ${said.join(' · ')}\n` : '\n' },
      ],
    }
  })
  return [{ type: 'rich_text', elements: sections }, ...more(left)]
}

const more = (left: number): KnownBlock[] =>
  left > 0
    ? [{ type: 'context', elements: [{ type: 'plain_text', text: `… (+${left})`, emoji: false }] }]
    : []

/** Rows and columns that fit, each cell on one line; how many rows do not. */
function cut(of: Table, most: number): { head: string[]; rows: string[][]; left: number } {
  const one = (text: Text | string, column: number) =>
    short(
      typeof text === 'string' ? text : plainOf(text),
      column === 0 ? limits.table.first : limits.table.cell,
    )
  const head = of.head.slice(0, limits.table.columns).map((text, column) => one(text, column))
  const rows: string[][] = []
  let room = Math.min(most, limits.table.characters)
  for (const cells of of.rows.slice(0, limits.table.rows - 1)) {
    const row = cells.slice(0, Math.max(head.length, 1)).map(one)
    room -= row.reduce(
      (sum, text) => sum + text.length,
      head.reduce((sum, text) => sum + text.length, 0),
    )
    if (room < 0) break
    rows.push(row)
  }
  return { head, rows, left: of.rows.length - rows.length }
}
