import { describe, expect, it } from 'vitest'
import type { Block, Card, Text } from '../../blocks/card.ts'
import type { Field, FormView } from '../../blocks/form.ts'
import { wordsFor } from '../../blocks/words/index.ts'
import { registry } from '../../handlers/index.ts'
import { locales } from '../../src/canon/people.ts'
import { checkCard } from '../../src/playground/teams/check/card.ts'
import { renderCard as renderSlackCard, renderForm as renderSlackForm } from '../../src/slack/render.ts'
import { renderForm, withAnswers } from '../../src/teams/form.ts'
import { limits, problemsOf } from '../../src/teams/limits.ts'
import { renderAdaptive, renderCard, renderDoorstep, renderNotice } from '../../src/teams/render.ts'
import { sentencesFor } from '../../src/teams/sentences.ts'
import { typed } from '../blocks/briefs.ts'
import { cards, forms } from '../blocks/gallery.ts'

const commits = (action: string) =>
  Object.hasOwn(registry.buttons, action) && registry.buttons[action]!.commits
const words = sentencesFor('en')
const form = (view: FormView, errors?: Record<string, string>) =>
  renderForm(view, { words, commits, ...(errors ? { errors } : {}) })
const content = (card: Card) => renderCard(card, { commits }).attachments[0]!.content

type Json = Record<string, unknown>

/** Every element and action of a card, however deep. */
function parts(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(parts)
  if (typeof value !== 'object' || value === null) return []
  const own = value as Json
  return [own, ...Object.values(own).flatMap(parts)]
}

const byType = (value: unknown, type: string) => parts(value).filter((part) => part.type === type)
const runs = (value: unknown): string =>
  byType(value, 'TextRun')
    .map((run) => String(run.text))
    .join('\n')

/** What people put into names and reasons, and what it must not do (B5.57, B5.59). */
const nasty: Readonly<Record<string, string>> = {
  Korean: '삼성전자 신규 도입 — 3년 계약',
  emoji: '👩‍👩‍👧‍👦 Famille 🚀🇰🇷',
  'right to left': 'שלום עולם 1,250,000',
  'a direction override': 'Acme \u202Eevorppa\u202C Inc',
  injection: '[Approve](http://evil.example) <at>Everyone</at> **bold** _i_ `c` # h\n- item &lt;b&gt;',
  'NUL and controls': 'a\u0000b\u0007c\u009Fd',
  'a lone surrogate': `ab\uD83D`,
  'ten thousand marks': `x${'\u0301'.repeat(10_000)}y`,
  oversized: '아주 긴 사유입니다. '.repeat(4_000),
  'oversized without spaces': '한'.repeat(50_000),
  'many lines': 'line\n'.repeat(500),
  empty: '',
}

const kinds: Readonly<Record<Block['kind'], (word: string) => Block>> = {
  title: (text) => ({ kind: 'title', text }),
  heading: (user) => ({ kind: 'heading', text: [{ user }] }),
  text: (user) => ({
    kind: 'text',
    text: ['Deal: ', { user }, ' is ', { bold: user }, { link: user, url: 'https://a.example/b' }],
  }),
  facts: (user) => ({
    kind: 'facts',
    facts: Array.from({ length: 14 }, (_, i) => ({
      label: `Fact ${i}`,
      value: [{ user: user.slice(0, 2_000) }],
    })),
  }),
  quote: (text) => ({ kind: 'quote', label: 'Reason', text }),
  route: (user) => ({
    kind: 'route',
    steps: (['done', 'now', 'next', 'refused', 'skipped', 'copied'] as const).map((state) => ({
      state,
      text: [{ user }],
    })),
  }),
  note: (user) => ({ kind: 'note', text: ['By ', { user }] }),
  divider: () => ({ kind: 'divider' }),
  buttons: (label) => ({
    kind: 'buttons',
    buttons: [
      {
        action: 'discount.approve',
        label,
        drawing: 'd1',
        style: 'primary',
        confirm: { title: label, text: label, yes: label, no: label },
      },
      { action: 'discount.reject', label, drawing: 'd1', style: 'danger' },
    ],
  }),
  row: (user) => ({
    kind: 'row',
    text: [{ user }],
    note: [{ user }],
    buttons: [{ action: 'discount.open', label: 'Open', drawing: 'd1' }],
  }),
  chart: (alt) => ({ kind: 'chart', chart: { panels: [], alt } }),
  table: (user) => ({
    kind: 'table',
    head: [user.slice(0, 200), 'Deals'],
    rows: Array.from({ length: 30 }, () => [[{ user }], ['3']]),
  }),
  choice: (label) => ({
    kind: 'choice',
    action: 'person.language',
    drawing: 'd1',
    label,
    options: Array.from({ length: 9 }, (_, i) => ({ value: `v${i}`, label })),
    chosen: 'v1',
  }),
}

describe.each(Object.entries(nasty))('B5.57 B5.59 %s', (_name, word) => {
  it.each(Object.entries(kinds))(
    'stays literal and within the limits in %s, in a message and in a dialog',
    (_kind, make) => {
      const card: Card = { summary: word || 'x', blocks: [make(word), { kind: 'text', text: ['end'] }] }
      for (const kind of ['message', 'dialog'] as const) {
        const drawn = renderAdaptive(card, { kind, commits })
        expect(problemsOf(drawn)).toEqual([])
        expect(checkCard(drawn, '', { inDialog: kind === 'dialog' })).toEqual([])
        for (const block of byType(drawn, 'TextBlock')) expect(String(block.text)).not.toMatch(/[[\]<>*_`]/)
        expect(JSON.stringify(drawn)).not.toMatch(/\\u0000|\\u202[ae]|\\ud83d"/i)
      }
    },
  )
})

describe.each(locales)('in %s, every card and every form of the product', (locale) => {
  const w = wordsFor(locale)
  for (const [kind, given] of Object.entries(typed)) {
    it(`is drawn on Slack and on Teams with ${kind} text, and Teams takes it`, () => {
      for (const [name, card] of Object.entries(cards(given, w))) {
        expect(() => renderSlackCard(card), name).not.toThrow()
        for (const surface of ['message', 'dialog'] as const) {
          const drawn = renderAdaptive(card, { kind: surface, commits })
          expect(problemsOf(drawn), name).toEqual([])
          expect(checkCard(drawn, '', { inDialog: surface === 'dialog' }), name).toEqual([])
        }
      }
      for (const [name, view] of Object.entries(forms(given, w))) {
        expect(() => renderSlackForm(view), name).not.toThrow()
        const dialog = form(view)
        expect(problemsOf(dialog.card.content), name).toEqual([])
        expect(checkCard(dialog.card.content, '', { inDialog: true }), name).toEqual([])
        expect(dialog.title.length).toBeLessThanOrEqual(limits.dialog.title)
      }
    })
  }

  it('asks in both places for the same fields, under the same names', () => {
    for (const [name, view] of Object.entries(forms(typed.korean, w))) {
      const asked = view.items.flatMap((item) => (item.kind === 'field' ? [item.name] : []))
      const inputs = (value: unknown) =>
        parts(value).flatMap((part) => (String(part.type).startsWith('Input.') ? [String(part.id)] : []))
      const filled = {
        ...view,
        items: view.items.map((item) =>
          item.kind === 'field' ? { ...item, field: { ...item.field, live: false } } : item,
        ),
      }
      const teams = inputs(form(filled as FormView).card.content)
      if (asked.length > 0) expect(teams.length, name).toBeGreaterThan(0)
      expect(asked, name).toEqual(expect.arrayContaining(teams))
    }
  })

  it('shows a sentence at each field that is missing or over its limit, and keeps what was typed in the others', () => {
    for (const [name, view] of Object.entries(forms(typed.korean, w))) {
      const fields = view.items.flatMap((item) => (item.kind === 'field' ? [item] : []))
      for (const missing of fields) {
        const answers = Object.fromEntries(
          fields
            .filter((field) => field.name !== missing.name)
            .map((field) => [
              field.name,
              field.field.kind === 'date'
                ? '2026-12-24'
                : field.field.kind === 'percent'
                  ? '12.5'
                  : '가'.repeat(5_000),
            ]),
        )
        const kept = withAnswers(view, answers, () => '한빛')
        const drawn = form(kept, { [missing.name]: '이 칸을 채워 주세요 [x](http://evil)' }).card.content
        expect(problemsOf(drawn), `${name}.${missing.name}`).toEqual([])
        expect(checkCard(drawn, '', { inDialog: true }), `${name}.${missing.name}`).toEqual([])
        expect(runs(drawn)).toContain('이 칸을 채워 주세요 [x](http://evil)')
        for (const input of parts(drawn).filter(
          (part) => part.type === 'Input.Date' && part.id !== missing.name,
        ))
          expect(input.value).toBe('2026-12-24')
      }
    }
  })
})

describe('B5.59 a mention', () => {
  const kim = '00000000-0000-4000-8000-0000000000aa'
  const lee = '00000000-0000-4000-8000-0000000000bb'
  const named = (bold: string, mention: string) => ({ bold, mention })
  const draw = (...texts: Text[]) =>
    renderAdaptive(
      { summary: 's', blocks: texts.map((text) => ({ kind: 'note', text })) },
      { kind: 'message', commits },
    )
  const entities = (card: ReturnType<typeof draw>) =>
    (card.msteams as { entities?: { text: string; mentioned: { id: string } }[] }).entities ?? []
  const fits = (card: ReturnType<typeof draw>) => [...problemsOf(card), ...checkCard(card)]

  it('is ours alone: it stands in a TextBlock and among the card’s entities', () => {
    const card = draw(['For ', named('김서연', kim), ' now'])
    expect(card.body).toMatchObject([{ type: 'TextBlock', text: 'For <at>김서연</at> now', wrap: true }])
    expect(entities(card)).toEqual([
      { type: 'mention', text: '<at>김서연</at>', mentioned: { id: kim, name: '김서연' } },
    ])
    expect(fits(card)).toEqual([])
  })

  it('is nothing that somebody typed, and no id of another shape', () => {
    const card = draw(
      [{ user: '<at>김서연</at>' }],
      ['For ', named('Kim', 'U0000000001')],
      ['For ', named('Kim', '<at>x</at>')],
    )
    expect(entities(card)).toEqual([])
    expect(byType(card, 'TextBlock')).toEqual([])
    expect(runs(card)).toBe(['<at>김서연</at>', 'For ', 'Kim', 'For ', 'Kim'].join('\n'))
  })

  it('calls everybody once, under a name that is nobody else’s', () => {
    const card = draw([named('Kim', kim)], [named('Kim', kim)], [named('Kim', lee)], [named('Lee', lee)])
    expect(entities(card).map(({ text, mentioned }) => [text, mentioned.id])).toEqual([
      ['<at>Kim</at>', kim],
      ['<at>Lee</at>', lee],
    ])
    expect(byType(card, 'TextBlock')).toHaveLength(2)
    expect(fits(card)).toEqual([])
  })

  it('leaves a name’s own markup out, and names in bold where the rest of the line could be markup', () => {
    const card = draw(['For ', named('K*im <b>', kim)], [{ user: '[x](http://evil) ' }, named('Lee', lee)])
    expect(entities(card).map(({ text }) => text)).toEqual(['<at>K im b</at>'])
    expect(runs(card)).toContain('Lee')
    expect(fits(card)).toEqual([])
  })

  it('keeps lines apart, and is only a name in a dialog', () => {
    const text: Text = [{ user: 'Acme *1*' }, '\nAE ', named('Kim', kim)]
    expect(draw(text).body).toMatchObject([
      { type: 'RichTextBlock' },
      { type: 'TextBlock', text: 'AE <at>Kim</at>', spacing: 'None' },
    ])
    const dialog = renderAdaptive(
      { summary: 's', blocks: [{ kind: 'text', text }] },
      { kind: 'dialog', commits },
    )
    expect(JSON.stringify(dialog)).not.toContain('<at>')
  })

  it('goes with the words that call, where a card is too long for all of them', () => {
    const long: Text = [{ user: '가'.repeat(3_900) }]
    const card = draw(...Array<Text>(9).fill(long), [named('Kim', kim)])
    expect(entities(card)).toEqual([])
    expect(fits(card)).toEqual([])
  })

  it('that stands nowhere, or twice, is a mistake of ours', () => {
    const given = (body: unknown[]) =>
      problemsOf({
        type: 'AdaptiveCard',
        version: '1.5',
        body,
        msteams: {
          entities: [{ type: 'mention', text: '<at>Kim</at>', mentioned: { id: kim, name: 'Kim' } }],
        },
      }).join()
    const block = (text: string) => ({ type: 'TextBlock', text })
    expect(given([block('<at>Kim</at>')])).toBe('')
    expect(given([block('Kim')])).toContain('stands in no TextBlock')
    expect(given([block('<at>Kim</at>'), block('<at>Kim</at>')])).toContain('twice')
    expect(given([block('<at>Kim</at> <at>Lee</at>')])).toContain('markup')
  })
})

describe('a button', () => {
  const of = (
    action: string,
    confirm?: NonNullable<Extract<Block, { kind: 'buttons' }>['buttons'][number]['confirm']>,
  ): Card => ({
    summary: 's',
    blocks: [
      {
        kind: 'buttons',
        buttons: [{ action, label: 'Press', drawing: 'd1', ...(confirm ? { confirm } : {}) }],
      },
    ],
  })

  it('that decides is an Action.Execute, one that opens something a task/fetch; both carry action and drawing alone', () => {
    expect(byType(content(of('discount.accept-counter')), 'Action.Execute')).toEqual([
      {
        type: 'Action.Execute',
        verb: 'discount.accept-counter',
        data: { action: 'discount.accept-counter', drawing: 'd1' },
        title: 'Press',
      },
    ])
    expect(byType(content(of('discount.reject')), 'Action.Submit')).toEqual([
      {
        type: 'Action.Submit',
        data: { msteams: { type: 'task/fetch' }, action: 'discount.reject', drawing: 'd1' },
        title: 'Press',
      },
    ])
  })

  it('in a dialog is a submission', () => {
    const drawn = renderNotice('Title', of('discount.approve'), commits).card.content
    expect(byType(drawn, 'Action.Submit')).toEqual([
      {
        type: 'Action.Submit',
        associatedInputs: 'none',
        data: { action: 'discount.approve', drawing: 'd1' },
        title: 'Press',
      },
    ])
  })

  it('that asks “really?” unfolds the question with a yes and a no of its own', () => {
    const drawn = content(
      of('discount.approve', { title: 'Sure?', text: 'At 32 %', yes: 'Approve', no: 'Not yet' }),
    )
    const [fold, no] = byType(drawn, 'Action.ToggleVisibility')
    const [question] = byType(drawn, 'Container')
    expect(fold).toMatchObject({ title: 'Press', targetElements: [question!.id] })
    expect(question).toMatchObject({ isVisible: false })
    expect(runs(question)).toContain('At 32 %')
    expect(byType(question, 'Action.Execute')).toMatchObject([{ title: 'Approve', verb: 'discount.approve' }])
    expect(no).toMatchObject({ title: 'Not yet', targetElements: [question!.id] })
  })
})

describe('B5.56 a card that is too big', () => {
  it('is cut in sight and keeps its buttons', () => {
    const drawn = content({
      summary: 's',
      blocks: [
        ...Array.from(
          { length: 60 },
          (_, i): Block => ({ kind: 'quote', label: `Reason ${i}`, text: '가나다라 '.repeat(700) }),
        ),
        { kind: 'buttons', buttons: [{ action: 'discount.approve', label: 'Approve', drawing: 'd1' }] },
      ],
    })
    expect(Buffer.byteLength(JSON.stringify(drawn))).toBeLessThanOrEqual(limits.card.bytes)
    expect(runs(drawn)).toMatch(/… \(\+\d+\)/)
    expect(byType(drawn, 'Action.Execute')).toHaveLength(1)
  })
})

describe('a viewer’s own card in a conversation of several', () => {
  it('is fetched by itself for at most sixty people', () => {
    const userIds = Array.from({ length: 80 }, (_, i) => `29:user-${i}`)
    const drawn = renderAdaptive(
      { summary: 's', blocks: [{ kind: 'text', text: ['x'] }] },
      { kind: 'message', commits, refresh: { action: 'discount.open', drawing: 'd1', userIds } },
    )
    expect(drawn.refresh).toMatchObject({
      action: {
        type: 'Action.Execute',
        verb: 'discount.open',
        data: { action: 'discount.open', drawing: 'd1' },
      },
    })
    expect((drawn.refresh as { userIds: string[] }).userIds).toHaveLength(60)
    expect(checkCard(drawn)).toEqual([])
  })
})

describe('a form with a live preview', () => {
  const live = (kind: Field['kind'], chosen?: boolean): Field =>
    (kind === 'search'
      ? { kind, label: 'Deal', live: true, ...(chosen ? { chosen: { value: 'D-1', label: 'Acme' } } : {}) }
      : { kind, label: 'Percent', live: true }) as Field
  const view = (chosen: boolean, percent?: string): FormView => ({
    form: 'discount.request',
    title: 'Discount',
    submit: 'Ask',
    close: 'Close',
    drawing: 'd1',
    items: [
      { kind: 'field', name: 'deal', field: live('search', chosen) },
      { kind: 'field', name: 'discount', field: live('percent'), ...(percent ? { value: percent } : {}) },
      { kind: 'note', text: ['the preview'] },
      { kind: 'field', name: 'reason', field: { kind: 'long-text', label: 'Reason' } },
    ],
  })
  const inputs = (drawn: FormView) =>
    parts(form(drawn).card.content).flatMap((part) =>
      String(part.type).startsWith('Input.') ? [part.id] : [],
    )
  const titles = (drawn: FormView) =>
    byType(form(drawn).card.content.actions, 'Action.Submit').map((action) => action.title)

  it('asks first for what the preview depends on', () => {
    expect(inputs(view(false))).toEqual(['deal', 'discount'])
    expect(runs(form(view(false)).card.content)).toContain('the preview')
    expect(titles(view(false))).toEqual(['Continue'])
    expect(form(view(false)).card.content.actions).toMatchObject([
      { data: { form: 'discount.request', drawing: 'd1', step: 'continue' } },
    ])
  })

  it('shows everything once that is known, with a way to calculate again', () => {
    expect(inputs(view(true, '15'))).toEqual(['deal', 'discount', 'reason'])
    expect(titles(view(true, '15'))).toEqual(['Ask', 'Calculate again'])
  })

  it('lets nobody be held back from calculating again by an empty reason', () => {
    const required = parts(form(view(true, '15')).card.content).filter((part) => part.isRequired)
    expect(required.map((part) => part.id)).toEqual(['deal', 'discount'])
  })
})

it('what was typed is in the form again after an error: numbers, days, choices by their names', () => {
  const view: FormView = {
    form: 'person.away',
    title: 'Away',
    close: 'Close',
    drawing: 'd1',
    items: [
      { kind: 'field', name: 'percent', field: { kind: 'percent', label: 'P' } },
      { kind: 'field', name: 'day', field: { kind: 'date', label: 'D' }, value: '2026-12-01' },
      { kind: 'field', name: 'who', field: { kind: 'search', label: 'W' } },
      {
        kind: 'field',
        name: 'many',
        field: {
          kind: 'choices',
          label: 'M',
          options: [
            { value: 'a', label: 'A' },
            { value: 'b', label: 'B' },
          ],
        },
      },
    ],
  }
  const answers = { percent: '12.5', day: '2026-12-24', who: 'p5', many: ['a', 'b'] }
  const drawn = form(
    withAnswers(view, answers, (field, value) => (field === 'who' && value === 'p5' ? '박준호' : undefined)),
  ).card.content
  const input = (id: string) => parts(drawn).find((part) => part.id === id)
  expect(input('percent')!.value).toBe(12.5)
  expect(input('day')!.value).toBe('2026-12-24')
  expect(input('who')).toMatchObject({ value: 'p5', choices: [{ title: '박준호', value: 'p5' }] })
  expect(input('many')!.value).toBe('a,b')
  expect(drawn.actions).toMatchObject([{ data: { many: ['many'] } }])
})

it('typed words that need a press are answered with a card whose button opens the dialog', () => {
  const message = renderDoorstep(words, {
    title: 'Discount',
    text: '[x](http://evil) 15',
    data: { action: 'teams.again', command: 'approve-discount', text: '[x](http://evil) 15' },
    privately: true,
  })
  const drawn = message.attachments[0]!.content
  expect(checkCard(drawn)).toEqual([])
  expect(byType(drawn, 'Action.Submit')).toMatchObject([
    { data: { msteams: { type: 'task/fetch' }, action: 'teams.again', command: 'approve-discount' } },
  ])
  expect(runs(drawn)).toContain('[x](http://evil) 15')
})

it('the limits name what breaks them', () => {
  const card = (body: unknown[], more = {}) => ({ type: 'AdaptiveCard', version: '1.5', body, ...more })
  const says = (body: unknown[], more = {}) => problemsOf(card(body, more)).join('\n')
  expect(says([])).toContain('body: empty')
  expect(says([{ type: 'TextBlock', text: 'a **bold** one' }])).toContain('markup')
  expect(says([{ type: 'TextBlock', text: '1. list' }])).toContain('markup')
  expect(says([{ type: 'Media' }])).toContain('nothing of ours draws')
  expect(says([{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '' }] }])).toContain('empty')
  expect(
    says([{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'x'.repeat(5_000) }] }]),
  ).toContain('at most')
  expect(
    says([
      {
        type: 'ActionSet',
        actions: Array.from({ length: 7 }, () => ({ type: 'Action.Execute', title: 'x', verb: 'v' })),
      },
    ]),
  ).toContain('at most 6')
  expect(says([{ type: 'Input.Number', id: 'n', label: 'N', value: '5' }])).toContain('not a number')
  expect(says([{ type: 'Input.ChoiceSet', id: 'c', label: 'C', choices: [] }])).toContain('none')
  expect(
    says([
      {
        type: 'ActionSet',
        actions: [{ type: 'Action.ToggleVisibility', title: 'x', targetElements: ['gone'] }],
      },
    ]),
  ).toContain('not there')
  expect(
    says([{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'x' }] }], {
      refresh: { userIds: Array(61).fill('29:x') },
    }),
  ).toContain('at most 60')
  expect(problemsOf({ type: 'AdaptiveCard', version: '1.6', body: [] }).join()).toContain('1.5')
})
