import { describe, expect, test } from 'vitest'
import { checkBlocks, type Surface } from '../../src/playground/slack/check/blocks.ts'
import { show } from '../../src/playground/slack/check/rule.ts'
import { checkSuggestions, checkView } from '../../src/playground/slack/check/view.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const x = (length: number) => 'x'.repeat(length)
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const option = (value: string, text = 'one') => ({ text: plain(text), value })
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more })
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const input = (element: object, more: object = {}) => ({
  type: 'input',
  label: plain('Label'),
  element,
  ...more,
})
const select = (more: object) => ({ type: 'static_select', action_id: 's', ...more })
const section = (more: object = {}) => ({ type: 'section', text: mrkdwn('hello'), ...more })
const confirm = (more: object) =>
  actions(
    button({
      confirm: { title: plain('t'), text: plain('t'), confirm: plain('y'), deny: plain('n'), ...more },
    }),
  )

const said = (blocks: unknown, surface: Surface = 'message') => checkBlocks(blocks, surface).map(show)
const modal = (more: object = {}) => ({
  type: 'modal',
  title: plain('Title'),
  submit: plain('Send'),
  blocks: [section()],
  ...more,
})

/** What holds `n`, the most Slack takes, and where it points at when there is one more. */
const limits: readonly [what: string, most: number, blocks: (n: number) => unknown[], at: string][] = [
  ['blocks of a message', 50, (n) => many(n, () => ({ type: 'divider' })), '/blocks'],
  ['a header', 150, (n) => [{ type: 'header', text: plain(x(n)) }], '/blocks/0/text/text'],
  ['a section', 3000, (n) => [section({ text: mrkdwn(x(n)) })], '/blocks/0/text/text'],
  ['fields', 10, (n) => [{ type: 'section', fields: many(n, () => plain('f')) }], '/blocks/0/fields'],
  ['a field', 2000, (n) => [{ type: 'section', fields: [plain(x(n))] }], '/blocks/0/fields/0/text'],
  ['a block_id', 255, (n) => [section({ block_id: x(n) })], '/blocks/0/block_id'],
  [
    'elements of a context',
    10,
    (n) => [{ type: 'context', elements: many(n, () => plain('c')) }],
    '/blocks/0/elements',
  ],
  [
    'elements of actions',
    25,
    (n) => [actions(...many(n, (i) => button({ action_id: `a${i}` })))],
    '/blocks/0/elements',
  ],
  ['an action_id', 255, (n) => [actions(button({ action_id: x(n) }))], '/blocks/0/elements/0/action_id'],
  ['a button', 75, (n) => [actions(button({ text: plain(x(n)) }))], '/blocks/0/elements/0/text/text'],
  ['a button’s value', 2000, (n) => [actions(button({ value: x(n) }))], '/blocks/0/elements/0/value'],
  [
    'a button’s url',
    3000,
    (n) => [actions(button({ url: `https://e.example/${x(n - 18)}` }))],
    '/blocks/0/elements/0/url',
  ],
  [
    'a confirmation’s title',
    100,
    (n) => [confirm({ title: plain(x(n)) })],
    '/blocks/0/elements/0/confirm/title/text',
  ],
  [
    'a confirmation’s text',
    300,
    (n) => [confirm({ text: plain(x(n)) })],
    '/blocks/0/elements/0/confirm/text/text',
  ],
  [
    'a confirmation’s button',
    30,
    (n) => [confirm({ deny: plain(x(n)) })],
    '/blocks/0/elements/0/confirm/deny/text',
  ],
  [
    'options',
    100,
    (n) => [actions(select({ options: many(n, (i) => option(`v${i}`)) }))],
    '/blocks/0/elements/0/options',
  ],
  [
    'an option’s text',
    75,
    (n) => [actions(select({ options: [option('v', x(n))] }))],
    '/blocks/0/elements/0/options/0/text/text',
  ],
  [
    'an option’s value',
    75,
    (n) => [actions(select({ options: [option(x(n))] }))],
    '/blocks/0/elements/0/options/0/value',
  ],
  [
    'an option’s description',
    75,
    (n) => [actions(select({ options: [{ ...option('v'), description: plain(x(n)) }] }))],
    '/blocks/0/elements/0/options/0/description/text',
  ],
  [
    'a placeholder',
    150,
    (n) => [actions(select({ options: [option('v')], placeholder: plain(x(n)) }))],
    '/blocks/0/elements/0/placeholder/text',
  ],
  [
    'a group’s label',
    75,
    (n) => [actions(select({ option_groups: [{ label: plain(x(n)), options: [option('v')] }] }))],
    '/blocks/0/elements/0/option_groups/0/label/text',
  ],
  [
    'an overflow menu',
    5,
    (n) => [
      section({ accessory: { type: 'overflow', action_id: 'o', options: many(n, (i) => option(`v${i}`)) } }),
    ],
    '/blocks/0/accessory/options',
  ],
  [
    'checkboxes',
    10,
    (n) => [input({ type: 'checkboxes', options: many(n, (i) => option(`v${i}`)) })],
    '/blocks/0/element/options',
  ],
  [
    'radio buttons',
    10,
    (n) => [input({ type: 'radio_buttons', options: many(n, (i) => option(`v${i}`)) })],
    '/blocks/0/element/options',
  ],
  [
    'a label',
    2000,
    (n) => [input({ type: 'plain_text_input' }, { label: plain(x(n)) })],
    '/blocks/0/label/text',
  ],
  [
    'a hint',
    2000,
    (n) => [input({ type: 'plain_text_input' }, { hint: plain(x(n)) })],
    '/blocks/0/hint/text',
  ],
  [
    'a text input’s max_length',
    3000,
    (n) => [input({ type: 'plain_text_input', max_length: n })],
    '/blocks/0/element/max_length',
  ],
  [
    'an image’s alt_text',
    2000,
    (n) => [{ type: 'image', image_url: 'https://e.example/i.png', alt_text: x(n) }],
    '/blocks/0/alt_text',
  ],
  ['a markdown block', 12_000, (n) => [{ type: 'markdown', text: x(n) }], '/blocks/0/text'],
  [
    'rows of a table',
    100,
    (n) => [{ type: 'table', rows: many(n, () => [{ type: 'raw_text', text: 'c' }]) }],
    '/blocks/0/rows',
  ],
  [
    'columns of a table',
    20,
    (n) => [{ type: 'table', rows: [many(n, () => ({ type: 'raw_text', text: 'c' }))] }],
    '/blocks/0/rows/0',
  ],
  [
    'tables',
    1,
    (n) => many(n, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'c' }]] })),
    '/blocks',
  ],
]

describe('blocks are refused exactly where Slack refuses them', () => {
  test.each(limits)('%s: %i is taken, one more is pointed at', (_, most, make, at) => {
    expect(said(make(most))).toEqual([])
    const complaints = said(make(most + 1))
    expect(complaints.length).toBeGreaterThan(0)
    expect(complaints.some((line) => line.endsWith(`[json-pointer:${at}]`))).toBe(true)
  })

  const refused: readonly [what: string, blocks: unknown, says: string, surface?: Surface][] = [
    ['blocks that are no list', {}, 'must be an array [json-pointer:/blocks]'],
    ['an unknown block', [{ type: 'marquee' }], 'unsupported type: marquee [json-pointer:/blocks/0/type]'],
    ['a block without a type', [{}], 'missing required field: type [json-pointer:/blocks/0]'],
    [
      'a misspelt property',
      [section({ blockid: 'b' })],
      'invalid additional property: blockid [json-pointer:/blocks/0]',
    ],
    [
      'a section without words',
      [{ type: 'section' }],
      'missing required field: text [json-pointer:/blocks/0]',
    ],
    [
      'an empty text',
      [section({ text: mrkdwn('') })],
      'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'mrkdwn in a header',
      [{ type: 'header', text: mrkdwn('h') }],
      'must be plain_text [json-pointer:/blocks/0/text/type]',
    ],
    [
      'mrkdwn on a button',
      [actions(button({ text: mrkdwn('b') }))],
      'must be plain_text [json-pointer:/blocks/0/elements/0/text/type]',
    ],
    [
      'emoji: true on mrkdwn',
      [section({ text: { ...mrkdwn('t'), emoji: true } })],
      'invalid additional property: emoji [json-pointer:/blocks/0/text]',
    ],
    [
      'a text input in actions',
      [actions({ type: 'plain_text_input' })],
      'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      'a button in an input',
      [input(button())],
      'unsupported type: button [json-pointer:/blocks/0/element/type]',
    ],
    [
      'a date-time picker in a section',
      [section({ accessory: { type: 'datetimepicker' } })],
      'unsupported type: datetimepicker [json-pointer:/blocks/0/accessory/type]',
    ],
    [
      'actions without elements',
      [actions()],
      'no fewer than 1 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'a button style of one’s own',
      [actions(button({ style: 'warning' }))],
      'must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]',
    ],
    [
      'two blocks with one id',
      [section({ block_id: 'b' }), section({ block_id: 'b' })],
      'block_id `b` already exists [json-pointer:/blocks/1/block_id]',
    ],
    [
      'two actions with one id in a block',
      [actions(button(), button())],
      'action_id `go` already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      'a select with neither options nor groups',
      [actions(select({}))],
      'missing required field: options [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'a select without an option',
      [actions(select({ options: [] }))],
      'no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'two options with one value',
      [actions(select({ options: [option('v'), option('v', 'two')] }))],
      'option values must be unique [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'an initial option that is none',
      [actions(select({ options: [option('v')], initial_option: option('w') }))],
      'initial option must be one of the options [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'an initial option worded otherwise',
      [actions(select({ options: [option('v')], initial_option: option('v', 'One') }))],
      'initial option must be one of the options [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'a date that is none',
      [actions({ type: 'datepicker', initial_date: '2026-2-3' })],
      'must be a date YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]',
    ],
    [
      'a number input that does not say whether decimals are allowed',
      [input({ type: 'number_input' })],
      'missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]',
    ],
    [
      'a number where its text belongs',
      [input({ type: 'number_input', is_decimal_allowed: true, min_value: 0 })],
      'must be a number as a string [json-pointer:/blocks/0/element/min_value]',
    ],
    [
      'an initial text over its own limit',
      [input({ type: 'plain_text_input', max_length: 3, initial_value: 'four' })],
      'must be less than 4 characters [json-pointer:/blocks/0/element/initial_value]',
    ],
    [
      'an alert in a message',
      [{ type: 'alert', text: plain('a') }],
      'unsupported type: alert [json-pointer:/blocks/0/type]',
    ],
    [
      'a table in a modal',
      [{ type: 'table', rows: [[{ type: 'raw_text', text: 'c' }]] }],
      'unsupported type: table [json-pointer:/blocks/0/type]',
      'modal',
    ],
    [
      'a markdown block on the Home',
      [{ type: 'markdown', text: 'm' }],
      'unsupported type: markdown [json-pointer:/blocks/0/type]',
      'home',
    ],
    ['a modal without blocks', [], 'no fewer than 1 items allowed [json-pointer:/blocks]', 'modal'],
    [
      'an image without a source',
      [{ type: 'image', alt_text: 'a' }],
      'missing required field: image_url [json-pointer:/blocks/0]',
    ],
    [
      'a link that is none',
      [actions(button({ url: 'acme' }))],
      'must be a valid URL [json-pointer:/blocks/0/elements/0/url]',
    ],
  ]
  test.each(refused)('refuses %s', (_, blocks, says, surface = 'message') => {
    expect(said(blocks, surface)).toContain(says)
  })

  test('a hundred blocks are taken on a modal and a Home, one more is not', () => {
    const blocks = (n: number) => many(n, () => ({ type: 'divider' }))
    for (const surface of ['modal', 'home'] as const) {
      expect(said(blocks(100), surface)).toEqual([])
      expect(said(blocks(101), surface)).toEqual(['no more than 100 items allowed [json-pointer:/blocks]'])
    }
  })
})

describe('views are refused exactly where Slack refuses them', () => {
  const viewLimits: readonly [what: string, most: number, make: (n: number) => object, at: string][] = [
    ['the title', 24, (n) => modal({ title: plain(x(n)) }), '/view/title/text'],
    ['submit', 24, (n) => modal({ submit: plain(x(n)) }), '/view/submit/text'],
    ['close', 24, (n) => modal({ close: plain(x(n)) }), '/view/close/text'],
    ['private_metadata', 3000, (n) => modal({ private_metadata: x(n) }), '/view/private_metadata'],
    ['callback_id', 255, (n) => modal({ callback_id: x(n) }), '/view/callback_id'],
  ]
  test.each(viewLimits)('%s: %i characters are taken, one more is pointed at', (_, most, make, at) => {
    expect(checkView(make(most), 'modal')).toEqual([])
    expect(checkView(make(most + 1), 'modal').map(show)).toEqual([
      `must be less than ${most + 1} characters [json-pointer:${at}]`,
    ])
  })

  test('a form with a question needs a way to send it', () => {
    const view = modal({ submit: undefined, blocks: [input({ type: 'plain_text_input' })] })
    expect(checkView(view, 'modal').map(show)).toEqual([
      'missing required field: submit [json-pointer:/view]',
    ])
  })

  test('a Home has no title and a modal must have one', () => {
    expect(checkView({ type: 'home', title: plain('t'), blocks: [] }, 'home').map(show)).toEqual([
      'invalid additional property: title [json-pointer:/view]',
    ])
    expect(checkView(modal({ title: undefined }), 'modal').map(show)).toEqual([
      'missing required field: title [json-pointer:/view]',
    ])
  })

  test('suggestions are options or groups, at most a hundred', () => {
    expect(checkSuggestions({ options: [] })).toEqual([])
    expect(checkSuggestions({ options: many(100, (i) => option(`v${i}`)) })).toEqual([])
    expect(checkSuggestions({ options: many(101, (i) => option(`v${i}`)) }).map(show)).toEqual([
      'no more than 100 items allowed [json-pointer:/options]',
    ])
    expect(checkSuggestions({}).length).toBe(1)
    expect(checkSuggestions({ options: [{ text: plain('a'), value: 'v', extra: 1 }] }).length).toBe(1)
  })
})
