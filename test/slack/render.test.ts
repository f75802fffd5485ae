import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Block, Card, Text } from '../../blocks/card.ts'
import type { Field, FormView } from '../../blocks/form.ts'
import { checkBlocks } from '../../src/playground/slack/check/blocks.ts'
import { checkView } from '../../src/playground/slack/check/view.ts'
import { charactersOf, limits, problemsOf } from '../../src/slack/limits.ts'
import { renderCard, renderForm, renderHome, renderNotice } from '../../src/slack/render.ts'
import { clean, cutTo, fallback, short } from '../../src/slack/text.ts'

/** What people put into names and reasons, and what it must not do. */
const words: Readonly<Record<string, string>> = {
  Korean: '삼성전자 신규 도입 — 3년 계약 (보안 진단 포함)',
  emoji: '👩‍👩‍👧‍👦 Famille 🚀🇰🇷',
  'right to left': 'שלום עולם 1,250,000',
  'a direction override': 'Acme \u202Eevorppa\u202C Inc',
  injection:
    '<!channel> <@U123> <https://evil.example|Approve> *bold* _i_ `c` ~s~ > q &amp; :rotating_light:',
  'NUL and controls': 'a\u0000b\u0007c\u009Fd',
  'a lone surrogate': `ab\uD83D`,
  'ten thousand marks': `x${'\u0301'.repeat(10_000)}y`,
  oversized: '아주 긴 사유입니다. '.repeat(4_000),
  'oversized without spaces': '한'.repeat(50_000),
  'many lines': 'line\n'.repeat(500),
  empty: '',
}

const kinds: Readonly<Record<string, (word: string) => Block>> = {
  title: (text) => ({ kind: 'title', text }),
  heading: (user) => ({ kind: 'heading', text: [{ user }] }),
  text: (user) => ({ kind: 'text', text: ['Deal: ', { user }, ' is ', { bold: 'open' }] }),
  'text of ours': (own) => ({
    kind: 'text',
    text: [own, { bold: own }, { link: own, url: 'https://a.example/b' }],
  }),
  facts: (user) => ({
    kind: 'facts',
    facts: Array.from({ length: 14 }, (_, i) => ({ label: `Fact ${i}`, value: [{ user }] as Text })),
  }),
  'facts of ours': (own) => ({
    kind: 'facts',
    facts: Array.from({ length: 14 }, (_, i) => ({ label: `Fact ${i}`, value: [own.slice(0, 400)] as Text })),
  }),
  quote: (text) => ({ kind: 'quote', label: 'Reason', text }),
  route: (user) => ({
    kind: 'route',
    steps: (['done', 'now', 'next', 'refused', 'skipped', 'copied'] as const).map((state) => ({
      state,
      text: [{ user }, ' · Sales Manager'] as Text,
    })),
  }),
  note: (user) => ({ kind: 'note', text: ['By ', { user }] }),
  divider: () => ({ kind: 'divider' }),
  buttons: (label) => ({
    kind: 'buttons',
    buttons: [
      {
        action: 'discount.approve',
        label: label || 'Approve',
        drawing: 'd1',
        style: 'primary',
        confirm: { title: label || 'Sure?', text: label || 'Sure?', yes: label || 'Yes', no: label || 'No' },
      },
      { action: 'discount.reject', label: label || 'Reject', drawing: 'd1', style: 'danger' },
    ],
  }),
  'row with a button': (user) => ({
    kind: 'row',
    text: [{ user }, ' 15 %'],
    note: [{ user }],
    buttons: [{ action: 'deal.open', label: 'Open', drawing: 'd1' }],
  }),
  'row with several': (user) => ({
    kind: 'row',
    text: [{ user }],
    note: [{ user }],
    buttons: ['a.b', 'a.c', 'a.b'].map((action, i) => ({ action, label: 'Do', drawing: `d${i}` })),
  }),
  choice: (label) => ({
    kind: 'choice',
    action: 'person.locale',
    drawing: 'd1',
    label: label || 'Language',
    options: [
      { value: 'ko', label: label || 'Korean' },
      { value: 'en', label: 'English' },
    ],
    chosen: 'ko',
  }),
}

const cardOf = (summary: string, ...blocks: Block[]): Card => ({ summary, blocks })

it('calls a person though a Korean particle touches the name; a bold word there is left as it is', () => {
  const note = (text: Text) =>
    JSON.stringify(renderCard({ summary: 's', blocks: [{ kind: 'note', text }] }).blocks)
  expect(note(['담당 ', { bold: '김서연', mention: 'U0SEOYEON' }, '님'])).toContain('담당 <@U0SEOYEON>님')
  expect(note(['담당 ', { bold: '김서연' }, '님'])).not.toContain('*')
})

describe('every kind of block takes whatever people wrote, within Slack’s limits (B5.56, B5.57)', () => {
  for (const [kind, make] of Object.entries(kinds))
    it.each(Object.entries(words))(`${kind} with %s`, (_what, word) => {
      const card = cardOf(word || 'summary', make(word))
      // Rendering itself holds every payload against the table and throws.
      const message = renderCard(card)
      const view = renderNotice('Notice', 'Close', card)
      expect(problemsOf(message)).toEqual([])
      expect(problemsOf(renderHome(card))).toEqual([])
      expect(problemsOf(view)).toEqual([])
      // The local Slack's own rules, written apart from ours, agree.
      expect(checkBlocks(message.blocks, 'message')).toEqual([])
      expect(checkView(renderHome(card), 'home')).toEqual([])
      expect(checkView(view, 'modal')).toEqual([])
      const all = JSON.stringify(message)
      expect(all.isWellFormed()).toBe(true)
      expect(all).not.toMatch(/\\u0000|\\u0007|\u202e|[\u0080-\u009f]/)
      expect(all).not.toMatch(/\u0301{8}/)
    })
})

const fields: Readonly<Record<string, (word: string) => Field>> = {
  text: (hint) => ({
    kind: 'text',
    label: 'Text',
    hint: hint || undefined,
    placeholder: hint || undefined,
    maxLength: 200,
  }),
  'long text': () => ({ kind: 'long-text', label: 'Reason' }),
  percent: () => ({ kind: 'percent', label: 'Discount', live: true }),
  money: () => ({ kind: 'money', label: 'List price', currency: 'KRW' }),
  date: () => ({ kind: 'date', label: 'Needed by' }),
  choice: (label) => ({
    kind: 'choice',
    label: 'Choice',
    options: [{ value: 'a', label: label || 'A', description: label || 'a' }],
  }),
  choices: (label) => ({ kind: 'choices', label: 'Choices', options: [{ value: 'a', label: label || 'A' }] }),
  'choices of many': (label) => ({
    kind: 'choices',
    label: 'Choices',
    options: Array.from({ length: 250 }, (_, i) => ({ value: `v${i}`, label: `${i} ${label}` })),
  }),
  'nothing to choose': () => ({ kind: 'choice', label: 'Choice', options: [] }),
  'chat user': () => ({ kind: 'chat-user', label: 'Person' }),
  search: (label) => ({
    kind: 'search',
    label: 'Deal',
    chosen: { value: 'd1', label: label || 'Acme' },
    minLength: 2,
  }),
}
const formOf = (field: Field, value?: string | string[]): FormView => ({
  form: 'discount.request',
  title: 'A title of a form that is much longer than Slack takes',
  submit: 'Ask for the discount now',
  close: 'Cancel',
  drawing: 'drawing-1',
  items: [{ kind: 'field', name: 'discount', field, value }],
})

describe('every kind of field takes whatever people wrote before', () => {
  for (const [kind, make] of Object.entries(fields))
    it.each(Object.entries(words))(`${kind} with %s`, (_what, word) => {
      const view = renderForm(formOf(make(word), word))
      expect(problemsOf(view)).toEqual([])
      expect(checkView(view, 'modal')).toEqual([])
      expect(JSON.stringify(view).isWellFormed()).toBe(true)
    })

  it('a day that does not exist is left out instead of failing the whole form', () => {
    const element = (day: string) =>
      (
        renderForm(formOf({ kind: 'date', label: 'By' }, day)).blocks[0] as {
          element: { initial_date?: string }
        }
      ).element
    expect(element('2026-02-31').initial_date).toBeUndefined()
    expect(element('2026-02-28').initial_date).toBe('2026-02-28')
  })

  it('percent brings the numeric keypad and takes decimals; money takes separators and 억', () => {
    const element = (field: Field, value: string) =>
      (renderForm(formOf(field, value)).blocks[0] as unknown as { element: Record<string, unknown> }).element
    expect(element({ kind: 'percent', label: 'D' }, '15.5')).toMatchObject({
      type: 'number_input',
      is_decimal_allowed: true,
      initial_value: '15.5',
    })
    expect(element({ kind: 'money', label: 'M', currency: 'KRW' }, '1억 2,500만')).toMatchObject({
      type: 'plain_text_input',
      initial_value: '1억 2,500만',
    })
  })

  it('a form’s field is found again by its name, so that what was typed outlives a redraw', () => {
    const block = renderForm(formOf({ kind: 'search', label: 'Deal', live: true })).blocks[0]
    expect(block).toMatchObject({
      type: 'input',
      block_id: 'discount',
      dispatch_action: true,
      element: { type: 'external_select', action_id: 'discount', min_query_length: 1 },
    })
  })

  it('more than 100 options are all there, in groups', () => {
    const block = renderForm(formOf(fields['choices of many']!('x'))).blocks[0] as unknown as {
      element: { option_groups: { options: unknown[] }[] }
    }
    expect(block.element.option_groups.flatMap((g) => g.options)).toHaveLength(250)
  })
})

describe('B5.58 what somebody typed is seen as it is', () => {
  const evil = words.injection!
  it.each(Object.entries(kinds).filter(([kind]) => !kind.includes('ours')))('%s', (_kind, make) => {
    const { blocks } = renderCard(cardOf('summary', make(evil)))
    // Wherever it went, it went into an object without markup.
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) {
        for (const item of value) walk(item)
        return
      }
      if (typeof value !== 'object' || value === null) return
      const object = value as Record<string, unknown>
      if (object.type === 'mrkdwn') expect(object.text).not.toContain('channel')
      if (object.type === 'plain_text') expect(object.emoji).toBe(false)
      for (const inner of Object.values(object)) walk(inner)
    }
    walk(blocks)
  })

  it('in our own words & < > are entities', () => {
    const { blocks } = renderCard(cardOf('s', { kind: 'text', text: ['a <!here> & b ', { bold: '2 + 3' }] }))
    expect(blocks[0]).toMatchObject({
      text: { type: 'mrkdwn', text: 'a &lt;!here&gt; &amp; b *2 + 3*', verbatim: true },
    })
  })

  it.each([
    [['3~5 · 7~9']],
    [['2*3 and ', { bold: 'more' }]],
    [['snake_case and an_other']],
    [['at 10:00:30 or :smile:']],
    [['> 20 %']],
    [[{ bold: 'a `b` c' }]],
  ] as Text[][])('our own words that look like markup (%j) are shown as they are', (text) => {
    const { blocks } = renderCard(cardOf('s', { kind: 'text', text }))
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn')
    expect(blocks[0]?.type).toBe('rich_text')
  })

  it('in the fallback text, which notifications show, nothing is live', () => {
    const { text } = renderCard(cardOf(evil))
    expect(text).not.toMatch(/[<>]/)
    expect(text).toContain('&lt;!channel&gt;')
    const amp = renderCard(cardOf('&'.repeat(9_000))).text
    expect(amp.length).toBeLessThanOrEqual(limits.message.text)
    expect(amp.replaceAll('&amp;', '')).not.toContain('&')
  })

  it('a link of ours is only ever a web address', () => {
    for (const url of ['javascript:alert(1)', 'slack://x', 'https://a|b>c', 'data:text/html,x']) {
      const { blocks } = renderCard(cardOf('s', { kind: 'text', text: [{ link: 'Open', url }] }))
      expect(JSON.stringify(blocks)).not.toContain(url)
    }
  })

  it('B5.60 somebody’s words stand in a block of their own under our label, never beside a button', () => {
    const { blocks } = renderCard(
      cardOf('s', kinds.quote!('Approved by the CEO [Approve]'), kinds.buttons!('Approve')),
    )
    expect(blocks.map((b) => b.type)).toEqual(['rich_text', 'actions'])
  })
})

describe('B5.56 nothing is cut silently', () => {
  it('60 items keep the buttons at the end and say how many are left out', () => {
    const rows = Array.from({ length: 60 }, (_, i) => kinds['row with a button']!(`Deal ${i}`))
    const { blocks } = renderCard(cardOf('inbox', ...rows, kinds.buttons!('')))
    expect(blocks).toHaveLength(limits.message.blocks)
    expect(blocks.at(-1)?.type).toBe('actions')
    expect(JSON.stringify(blocks.at(-2))).toContain('… (+12)')
  })

  it('a message never grows into msg_blocks_too_long', () => {
    const { blocks } = renderCard(
      cardOf('s', ...Array.from({ length: 9 }, () => kinds.quote!('말'.repeat(2_900))), kinds.buttons!('')),
    )
    expect(charactersOf(blocks)).toBeLessThanOrEqual(limits.message.characters)
    expect(blocks.at(-1)?.type).toBe('actions')
    expect(JSON.stringify(blocks)).toMatch(/… \(\+\d+\)/)
  })

  it('a long reason says how much is left out', () => {
    const { blocks } = renderCard(cardOf('s', kinds.quote!('사유 '.repeat(4_000))))
    expect(JSON.stringify(blocks)).toMatch(/… \(\+\d{4}\)/)
  })

  it('a text is cut between graphemes, for any text and any room', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 1, max: 120 }),
        (text, most) => {
          for (const cut of [cutTo(text, most), short(text, most)]) {
            expect(cut.length).toBeLessThanOrEqual(most)
            expect(cut.isWellFormed()).toBe(text.isWellFormed() || cut.isWellFormed())
          }
          if (clean(text).length <= most) expect(cutTo(clean(text), most)).toBe(clean(text))
        },
      ),
    )
    expect(cutTo('👩‍👩‍👧‍👦'.repeat(20), 60)).toMatch(/^(👩‍👩‍👧‍👦)+… \(\+\d+\)$/u)
  })

  it('whatever the text, the fallback fits and the rendering holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(fallback(text).length).toBeLessThanOrEqual(limits.message.text)
        const card = cardOf(text, ...Object.values(kinds).map((make) => make(text)))
        expect(problemsOf(renderCard(card))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('B5.57 directions', () => {
  it('right-to-left names are isolated from the amounts beside them', () => {
    const { blocks } = renderCard(cardOf('s', { kind: 'text', text: [{ user: 'שלום' }, ' 1,250,000'] }))
    expect(JSON.stringify(blocks)).toContain('\u2068שלום\u2069')
  })
})

it('the table of limits finds what is wrong', () => {
  const found = problemsOf({
    type: 'modal',
    title: { type: 'plain_text', text: 'x'.repeat(25) },
    private_metadata: 'x'.repeat(3_001),
    blocks: [
      {
        type: 'input',
        block_id: 'a',
        label: { type: 'plain_text', text: 'A' },
        element: { type: 'number_input', action_id: 'a', is_decimal_allowed: true, initial_value: 'ten' },
      },
      { type: 'section', block_id: 'a', text: { type: 'mrkdwn', text: '' } },
      {
        type: 'actions',
        elements: [
          { type: 'button', action_id: 'x', text: { type: 'plain_text', text: 'x'.repeat(76) } },
          { type: 'button', action_id: 'x', text: { type: 'plain_text', text: 'y' } },
        ],
      },
    ],
  })
  expect(found).toEqual([
    'title: 25 characters, at most 24',
    'submit: missing, though the view asks for something',
    'private_metadata: 3001 characters, at most 3000',
    'blocks[0].element.initial_value: not a number',
    'blocks[1].block_id: “a” twice',
    'blocks[1].text: empty',
    'blocks[2].elements[0].text: 76 characters, at most 75',
    'blocks[2].elements[1].action_id: “x” twice in one block',
  ])
})
