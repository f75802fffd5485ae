import type { TableBlock } from '@slack/types'
import { describe, expect, it } from 'vitest'
import type { Card } from '../../blocks/card.ts'
import { checkBlocks } from '../../src/playground/slack/check/blocks.ts'
import { charactersOf, limits, problemsOf } from '../../src/slack/limits.ts'
import { renderCard, renderHome } from '../../src/slack/render.ts'

const table = (columns: number, rows: number, words = 'x'): Card['blocks'][number] => ({
  kind: 'table',
  head: Array.from({ length: columns }, (_, at) => `Head ${at}`),
  rows: Array.from({ length: rows }, (_, at) =>
    Array.from({ length: columns }, (_, column) => [{ user: `${at}.${column} ${words}` }]),
  ),
})
const card = (...blocks: Card['blocks']): Card => ({ summary: 'x', blocks })

function holds(of: Card) {
  const message = renderCard(of)
  expect(problemsOf(message)).toEqual([])
  expect(checkBlocks(message.blocks, 'message')).toEqual([])
  const home = renderHome(of)
  expect(problemsOf(home)).toEqual([])
  expect(checkBlocks(home.blocks, 'home')).toEqual([])
  return message.blocks
}
const tables = (blocks: readonly { type: string }[]) =>
  blocks.filter((block): block is TableBlock => block.type === 'table')

describe('a table on Slack', () => {
  it('is Slack’s own in a message: raw text, numbers to the right, a row of heads', () => {
    const [drawn] = tables(holds(card(table(3, 2, '<!channel> *b*'))))
    expect(drawn!.rows).toHaveLength(3)
    expect(drawn!.rows[1]![0]).toEqual({ type: 'raw_text', text: '0.0 <!channel> *b*' })
    expect(drawn!.column_settings).toEqual([
      { align: 'left', is_wrapped: true },
      { align: 'right' },
      { align: 'right' },
    ])
  })

  it('once a message; the next one is lines, as all are on Home', () => {
    const two = card(table(2, 2), table(2, 2))
    expect(tables(holds(two))).toHaveLength(1)
    expect(JSON.stringify(renderHome(two))).toContain('Head 1 0.1 x')
    expect(tables(renderHome(two).blocks as { type: string }[])).toHaveLength(0)
  })

  it('says how many rows it leaves out, also where other words take the room', () => {
    expect(JSON.stringify(holds(card(table(4, 300, '아주 긴 이름입니다'))))).toMatch(/… \(\+2\d\d\)/)
    const crowded = card(
      ...Array.from({ length: 4 }, () => ({ kind: 'text' as const, text: [{ user: '가'.repeat(2_500) }] })),
      table(4, 90, '이름'),
    )
    const blocks = holds(crowded)
    expect(tables(blocks)).toHaveLength(1)
    expect(charactersOf(blocks)).toBeLessThanOrEqual(limits.message.characters)
  })

  it('keeps cells on one line, also those with rows too short or too long', () => {
    const [drawn] = tables(
      holds(
        card({ kind: 'table', head: ['A', 'B'], rows: [[[{ user: 'x\n\ny' }]], [['1'], ['2'], ['3']], []] }),
      ),
    )
    expect(drawn!.rows.map((row) => row.map((cell) => (cell as { text: string }).text))).toEqual([
      ['A', 'B'],
      ['x y', '—'],
      ['1', '2'],
      ['—', '—'],
    ])
  })

  it('without rows or heads is no broken table', () => {
    holds(card({ kind: 'table', head: ['A'], rows: [] }, { kind: 'text', text: ['end'] }))
    holds(card({ kind: 'table', head: [], rows: [[['1']]] }))
    holds(card({ kind: 'table', head: Array(40).fill('H'), rows: [Array(40).fill(['1'])] }))
  })
})
