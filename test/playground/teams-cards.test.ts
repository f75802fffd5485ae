import { describe, expect, it } from 'vitest'
import { judgeAction, judgeDialog, judgeSearch } from '../../src/playground/teams/check/answers.ts'
import { checkCard } from '../../src/playground/teams/check/card.ts'
import { card, cardType, words } from './teams-app.ts'

const submit = { type: 'Action.Submit', title: 'Send', data: { action: 'a' } }
const said = (given: unknown, inDialog = false): string[] =>
  checkCard(given, '', { inDialog }).map(({ what, at }) => `${what} @${at}`)
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...submit, title: `${index}` }))

describe('a card that Teams shows', () => {
  it.each<[string, Record<string, unknown>]>([
    [
      'with words and a table of facts',
      card([words('Hello'), { type: 'FactSet', facts: [{ title: 'a', value: 'b' }] }]),
    ],
    [
      'with text runs',
      card([
        {
          type: 'RichTextBlock',
          inlines: ['plain ', { type: 'TextRun', text: '[x](http://evil)', weight: 'Bolder' }],
        },
      ]),
    ],
    [
      'whose words are in any case',
      card([{ ...words('x'), size: 'LARGE', weight: 'bolder', spacing: 'Medium' }]),
    ],
    [
      'with columns, a container and a picture',
      card([
        {
          type: 'ColumnSet',
          columns: [
            { type: 'Column', width: 'stretch', items: [words('a')] },
            {
              type: 'Column',
              width: 2,
              items: [{ type: 'Image', url: 'https://a.example/b.png', altText: 'b' }],
            },
          ],
        },
        { type: 'Container', style: 'emphasis', items: [words('b')] },
      ]),
    ],
    [
      'with a table',
      card([
        {
          type: 'Table',
          columns: [{ width: 1 }, { width: 2 }],
          rows: [{ type: 'TableRow', cells: [{ type: 'TableCell', items: [words('a')] }] }],
        },
      ]),
    ],
    [
      'with a chart that says what to show without',
      card([{ type: 'Chart.Donut', data: [], fallback: words('60%') }]),
    ],
    [
      'with six actions and others in the overflow',
      card([], { actions: [...many(6), { ...submit, mode: 'secondary' }] }),
    ],
    [
      'with a typeahead',
      card([
        {
          type: 'Input.ChoiceSet',
          id: 'deal',
          style: 'filtered',
          choices: [],
          'choices.data': { type: 'Data.Query', dataset: 'deals' },
        },
      ]),
    ],
    [
      'that is refreshed for sixty people',
      card([], {
        refresh: {
          action: { type: 'Action.Execute', verb: 'mine' },
          userIds: Array.from({ length: 60 }, (_, index) => `29:${index}`),
        },
      }),
    ],
    [
      'that mentions somebody',
      card([words('Hello <at>Vera</at>')], {
        msteams: {
          entities: [{ type: 'mention', text: '<at>Vera</at>', mentioned: { id: '29:1', name: 'Vera' } }],
        },
      }),
    ],
  ])('%s', (_name, given) => {
    expect(said(given)).toEqual([])
  })
})

describe('a card that Teams does not show is refused', () => {
  const input = (more: Record<string, unknown>) => card([{ type: 'Input.Text', id: 'a', ...more }])
  const choices = (more: Record<string, unknown>) =>
    card([{ type: 'Input.ChoiceSet', id: 'a', choices: [{ title: 'x', value: 'x' }], ...more }])
  it.each<[string, unknown, RegExp]>([
    ['without a version', { type: 'AdaptiveCard', body: [] }, /missing required field: version/],
    ['of a version to come', card([], { version: '1.6' }), /1\.0 to 1\.5/],
    ['of another type', { type: 'Hero', version: '1.5' }, /must be AdaptiveCard/],
    ['with a misspelt property', card([{ ...words('a'), warp: true }]), /invalid additional property: warp/],
    ['with an element without a type', card([{ text: 'a' }]), /missing required field: type/],
    [
      'with an unknown element and no fallback',
      card([{ type: 'Chart.Donut', data: [] }]),
      /unsupported type: Chart.Donut/,
    ],
    [
      'with a fallback that is wrong itself',
      card([{ type: 'Chart.Pie', fallback: { type: 'TextBlock' } }]),
      /missing required field: text/,
    ],
    [
      'with a picture over plain http',
      card([{ type: 'Image', url: 'http://a.example/b.png' }]),
      /https: or data:image/,
    ],
    [
      'with a link to a script',
      card([], { actions: [{ type: 'Action.OpenUrl', title: 'x', url: 'javascript:alert(1)' }] }),
      /http\(s\) URL/,
    ],
    [
      'that mentions somebody in a text run, where Teams looks for nobody',
      card([{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '<at>Vera</at>' }] }], {
        msteams: {
          entities: [{ type: 'mention', text: '<at>Vera</at>', mentioned: { id: '29:1', name: 'Vera' } }],
        },
      }),
      /mention’s text is not in the card/,
    ],
    ['with a nameless size', card([{ ...words('a'), size: 'huge' }]), /must be one of/],
    ['with an input without an id', card([{ type: 'Input.Text' }]), /missing required field: id/],
    [
      'with two inputs of one id',
      card([
        { type: 'Input.Text', id: 'a' },
        { type: 'Input.Date', id: 'a' },
      ]),
      /two elements have the id a/,
    ],
    ['with a pattern that is none', input({ regex: '(' }), /regular expression/],
    ['with a number as text', card([{ type: 'Input.Number', id: 'a', value: '5' }]), /must be a number/],
    [
      'with a date that is none',
      card([{ type: 'Input.Date', id: 'a', value: '23.11.2026' }]),
      /must be a date/,
    ],
    [
      'with a toggle without a title',
      card([{ type: 'Input.Toggle', id: 'a' }]),
      /missing required field: title/,
    ],
    [
      'with a menu without choices',
      card([{ type: 'Input.ChoiceSet', id: 'a' }]),
      /missing required field: choices/,
    ],
    [
      'with two choices of one value',
      choices({
        choices: [
          { title: 'x', value: '1' },
          { title: 'y', value: '1' },
        ],
      }),
      /the same value/,
    ],
    [
      'with a comma in a multiple choice',
      choices({ isMultiSelect: true, choices: [{ title: 'x', value: 'a,b' }] }),
      /joined by commas/,
    ],
    [
      'with a typeahead that does not filter',
      choices({ 'choices.data': { type: 'Data.Query', dataset: 'd' } }),
      /style filtered/,
    ],
    ['with seven actions', card([], { actions: many(7) }), /no more than 6 primary actions/],
    [
      'with seven actions in a row',
      card([{ type: 'ActionSet', actions: many(7) }]),
      /no more than 6 primary actions/,
    ],
    [
      'with an action without a title',
      card([], { actions: [{ type: 'Action.Submit' }] }),
      /missing required field: title/,
    ],
    ['with data that is text', card([], { actions: [{ ...submit, data: 'yes' }] }), /must be an object/],
    [
      'with a made-up thing for the client to do',
      card([], { actions: [{ ...submit, data: { msteams: { type: 'task/open' } } }] }),
      /task\/fetch/,
    ],
    [
      'with Action.Execute whose data is text',
      card([], { actions: [{ type: 'Action.Execute', title: 'x', data: 'y' }] }),
      /must be an object/,
    ],
    [
      'that unfolds a card from a select action',
      card([{ type: 'Container', items: [], selectAction: { type: 'Action.ShowCard', card: card([]) } }]),
      /not supported in selectAction/,
    ],
    [
      'with more cells than columns',
      card([
        {
          type: 'Table',
          columns: [{ width: 1 }],
          rows: [
            {
              type: 'TableRow',
              cells: [
                { type: 'TableCell', items: [] },
                { type: 'TableCell', items: [] },
              ],
            },
          ],
        },
      ]),
      /more cells/,
    ],
    [
      'refreshed by a Submit',
      card([], { refresh: { action: submit, userIds: ['29:1'] } }),
      /must be an Action.Execute/,
    ],
    [
      'refreshed for Entra ids',
      card([], {
        refresh: { action: { type: 'Action.Execute' }, userIds: ['7d0c0000-0000-4000-8000-000000000000'] },
      }),
      /29:/,
    ],
    [
      'refreshed for sixty-one people',
      card([], {
        refresh: {
          action: { type: 'Action.Execute' },
          userIds: Array.from({ length: 61 }, (_, i) => `29:${i}`),
        },
      }),
      /no more than 60/,
    ],
    [
      'with a mention that stands nowhere',
      card([words('Hello')], {
        msteams: {
          entities: [{ type: 'mention', text: '<at>Vera</at>', mentioned: { id: '29:1', name: 'Vera' } }],
        },
      }),
      /not in the card/,
    ],
  ])('%s', (_name, given, complaint) => {
    expect(said(given).join('\n')).toMatch(complaint)
  })
})

describe('in a dialog', () => {
  it('there is no Action.Execute and no refresh', () => {
    const given = card([], {
      actions: [{ type: 'Action.Execute', title: 'x' }],
      refresh: { action: { type: 'Action.Execute' } },
    })
    expect(said(given)).toEqual([])
    expect(said(given, true)).toEqual([
      'a dialog is not refreshed @/refresh',
      'Action.Execute is not supported in a dialog: use Action.Submit @',
    ])
  })
})

describe('answers to invokes', () => {
  const dialog = (value: unknown) => ({ task: { type: 'continue', value } })
  const attached = { contentType: cardType, content: card([]) }

  it('open, keep, close and end a dialog', () => {
    expect(judgeDialog(dialog({ title: 'T', height: 300, card: attached }), 'task/fetch')).toMatchObject({
      ok: true,
      answer: { kind: 'continue', drawn: { title: 'T', height: 300, width: 'small' } },
    })
    expect(judgeDialog({ task: { type: 'message', value: 'Done.' } }, 'task/submit')).toMatchObject({
      answer: { kind: 'message', text: 'Done.' },
    })
    for (const nothing of ['', null, {}])
      expect(judgeDialog(nothing, 'task/submit')).toMatchObject({ answer: { kind: 'close' } })
  })

  it.each<[string, unknown, RegExp]>([
    ['nothing to a fetch', '', /missing required field: task/],
    ['a bare card', dialog({ title: 'T', card: card([]) }), /contentType/],
    ['a size in words of its own', dialog({ height: 'huge', card: attached }), /small, medium, large/],
    ['an unknown property', dialog({ heading: 'T', card: attached }), /invalid additional property: heading/],
    ['an empty message', { task: { type: 'message', value: '' } }, /must be a sentence/],
    ['another type', { task: { type: 'open', value: {} } }, /continue or message/],
    [
      'a card over 80 KB',
      dialog({ card: { ...attached, content: card([words('x'.repeat(80_001))]) } }),
      /over 80000 bytes/,
    ],
  ])('a dialog answered with %s is none', (_name, body, complaint) => {
    const judged = judgeDialog(body, 'task/fetch')
    expect(judged.ok ? '' : JSON.stringify(judged.complaints)).toMatch(complaint)
  })

  it('a universal action is answered with a card, a sentence or an error, and nothing else', () => {
    expect(judgeAction({ statusCode: 200, type: cardType, value: card([]) })).toMatchObject({
      answer: { kind: 'card' },
    })
    expect(
      judgeAction({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Done' }),
    ).toMatchObject({ answer: { kind: 'message' } })
    expect(
      judgeAction({
        statusCode: 400,
        type: 'application/vnd.microsoft.error',
        value: { code: 'x', message: 'No' },
      }),
    ).toMatchObject({ answer: { kind: 'error', text: 'No' } })
    for (const wrong of [
      '',
      {},
      { statusCode: 200, type: cardType, value: {} },
      { type: cardType, value: card([]) },
    ])
      expect(judgeAction(wrong).ok).toBe(false)
  })

  it('a search gives at most fifteen results with a title and a value', () => {
    const answer = (results: unknown) => ({
      type: 'application/vnd.microsoft.search.searchResponse',
      value: { results },
    })
    const one = { title: 'Acme', value: 'D-1' }
    expect(judgeSearch(answer([one]))).toMatchObject({ ok: true })
    expect(judgeSearch(answer([])).ok).toBe(true)
    for (const wrong of [
      answer(Array(16).fill(one)),
      answer([{ title: 'Acme' }]),
      answer('none'),
      { value: { results: [] } },
    ])
      expect(judgeSearch(wrong).ok).toBe(false)
  })
})
