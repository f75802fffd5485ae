import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { View } from '../../src/playground/slack/blockkit.ts'
import { openView } from '../../src/playground/slack/views.ts'
import { localSlack, type TestSlack } from '../support/slack-people.ts'
import { type Payload, plainApp } from './plain-app.ts'

let slack: TestSlack
let app: Awaited<ReturnType<typeof plainApp>>
/** What the app says to each request; a test sets it. */
let answer: (payload: Payload) => unknown

beforeEach(async () => {
  answer = () => undefined
  slack = await localSlack()
  app = await plainApp(slack, (payload) => answer(payload))
})
afterEach(async () => {
  await app.close()
  await slack.close()
})

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const option = (value: string) => ({ text: plain(value.toUpperCase()), value })
const input = (name: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id: name,
  label: plain(name),
  element: { action_id: name, ...element },
  ...more,
})
const form = (blocks: object[], more: object = {}): View =>
  ({
    type: 'modal',
    callback_id: 'form',
    title: plain('Form'),
    submit: plain('Send'),
    blocks,
    ...more,
  }) as View

const show = async (view: View, user = 'U0VERA') => {
  openView(slack.core, slack.slack.workspace(), user, view)
  return slack.as(user).modal()
}
const stateOf = (payload: Payload | undefined) =>
  (payload as { view: { state: { values: Record<string, Record<string, unknown>> } } } | undefined)?.view
    .state.values ?? {}

describe('what stands in a form arrives as Slack writes it', () => {
  test('every kind of input, filled in', async () => {
    answer = ({ type }) => (type === 'block_suggestion' ? { options: [option('far')] } : undefined)
    const shown = await show(
      form([
        input('text', { type: 'plain_text_input' }),
        input('number', { type: 'number_input', is_decimal_allowed: true }),
        input('date', { type: 'datepicker' }),
        input('time', { type: 'timepicker' }),
        input('moment', { type: 'datetimepicker' }),
        input('one', { type: 'static_select', options: [option('a'), option('b')] }),
        input('some', { type: 'multi_static_select', options: [option('a'), option('b')] }),
        input('boxes', { type: 'checkboxes', options: [option('a'), option('b')] }),
        input('radio', { type: 'radio_buttons', options: [option('a'), option('b')] }),
        input('far', { type: 'external_select', min_query_length: 0 }),
        input('who', { type: 'users_select' }),
        input('rich', { type: 'rich_text_input' }),
      ]),
    )
    await shown.fill({
      text: '이유',
      number: '12.5',
      date: '2026-11-23',
      time: '09:30',
      moment: '1790000000',
      one: 'B',
      some: ['A', 'B'],
      boxes: ['b'],
      radio: 'a',
      far: 'FAR',
      who: 'U0JIWON',
      rich: 'words',
    })
    await shown.submit()
    const values = Object.fromEntries(
      Object.entries(stateOf(app.heard.at(-1))).map(([name, fields]) => [name, fields[name]]),
    )
    expect(values).toEqual({
      text: { type: 'plain_text_input', value: '이유' },
      number: { type: 'number_input', value: '12.5' },
      date: { type: 'datepicker', selected_date: '2026-11-23' },
      time: { type: 'timepicker', selected_time: '09:30' },
      moment: { type: 'datetimepicker', selected_date_time: 1_790_000_000 },
      one: { type: 'static_select', selected_option: option('b') },
      some: { type: 'multi_static_select', selected_options: [option('a'), option('b')] },
      boxes: { type: 'checkboxes', selected_options: [option('b')] },
      radio: { type: 'radio_buttons', selected_option: option('a') },
      far: { type: 'external_select', selected_option: option('far') },
      who: { type: 'users_select', selected_user: 'U0JIWON' },
      rich: {
        type: 'rich_text_input',
        rich_text_value: {
          type: 'rich_text',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'words' }] }],
        },
      },
    })
  })

  test('what is empty is null, and what a form begins with stands in it', async () => {
    const shown = await show(
      form([
        input('none', { type: 'plain_text_input' }, { optional: true }),
        input('text', { type: 'plain_text_input', initial_value: 'begin' }),
        input('one', { type: 'static_select', options: [option('a')], initial_option: option('a') }),
      ]),
    )
    expect(shown.value('one')).toBe('A')
    await shown.submit()
    expect(stateOf(app.heard.at(-1))).toEqual({
      none: { none: { type: 'plain_text_input', value: null } },
      text: { text: { type: 'plain_text_input', value: 'begin' } },
      one: { one: { type: 'static_select', selected_option: option('a') } },
    })
  })

  test('B5.39 nobody can choose in a client what was not offered', async () => {
    const shown = await show(form([input('one', { type: 'static_select', options: [option('a')] })]))
    await expect(shown.fill({ one: 'c' })).rejects.toThrow('“c” is not offered; there is: A')
    expect(app.heard).toEqual([])
  })

  test.each([
    ['email_text_input', {}, 'vera', 'Enter a valid email address.'],
    ['url_text_input', {}, 'acme', 'Enter a valid URL.'],
    ['number_input', { is_decimal_allowed: false }, '1.5', 'Enter a whole number.'],
    ['number_input', { is_decimal_allowed: true, max_value: '99.99' }, '100', 'Must be at most 99.99.'],
    ['number_input', { is_decimal_allowed: true, min_value: '0' }, '-1', 'Must be at least 0.'],
    ['number_input', { is_decimal_allowed: true }, '１５', 'Enter a number.'],
    ['plain_text_input', { max_length: 3 }, 'four', 'Must be at most 3 characters long.'],
  ])('the client refuses in a %s %j: %s', async (type, more, typed, sentence) => {
    const shown = await show(form([input('field', { type, ...more })]))
    await shown.fill({ field: typed })
    expect(await shown.trySubmit()).toMatchObject({ error: 'missing_required', errors: { field: sentence } })
    expect(app.heard).toEqual([])
  })
})

describe('what the app answers to a submission is done', () => {
  const two = () => form([input('field', { type: 'plain_text_input' })], { title: plain('Two') })
  const filled = async () =>
    (await show(form([input('field', { type: 'plain_text_input' })]))).fill({ field: 'x' })

  test('errors stay under their fields until the next try', async () => {
    answer = () => ({ response_action: 'errors', errors: { field: 'no' } })
    const shown = await filled()
    expect(await shown.trySubmit()).toMatchObject({ errors: { field: 'no' } })
    expect(shown.errors()).toEqual({ field: 'no' })
    answer = () => undefined
    await shown.submit()
    expect(shown.closed).toBe(true)
  })

  test('errors for fields that are not there are trouble', async () => {
    answer = () => ({ response_action: 'errors', errors: { other: 'no' } })
    expect(await (await filled()).trySubmit()).toMatchObject({ error: 'trouble' })
  })

  test('update replaces the view, push puts one on it, clear takes all away', async () => {
    const shown = await filled()
    answer = () => ({ response_action: 'push', view: two() })
    await shown.submit()
    const vera = slack.as('U0VERA')
    expect(vera.modals().map(({ title }) => title)).toEqual(['Form', 'Two'])
    answer = () => ({ response_action: 'update', view: { ...two(), title: plain('Three') } })
    const top = await vera.modal(/Two/)
    await top.fill({ field: 'y' })
    await top.submit()
    expect(vera.modals().map(({ title }) => title)).toEqual(['Form', 'Three'])
    answer = () => ({ response_action: 'clear' })
    await (await vera.modal(/Three/)).submit()
    expect(vera.modals()).toEqual([])
  })

  test('an empty answer takes away the one view and shows what was below', async () => {
    const shown = await filled()
    answer = () => ({ response_action: 'push', view: two() })
    await shown.submit()
    answer = () => undefined
    const top = await slack.as('U0VERA').modal(/Two/)
    await top.fill({ field: 'y' })
    await top.submit()
    expect(
      slack
        .as('U0VERA')
        .modals()
        .map(({ title }) => title),
    ).toEqual(['Form'])
  })

  test('a view that Slack would refuse is trouble, and the form stays with what was typed', async () => {
    answer = () => ({ response_action: 'update', view: { ...two(), title: plain('x'.repeat(25)) } })
    const shown = await filled()
    expect(await shown.trySubmit()).toMatchObject({ error: 'trouble' })
    expect(shown.value('field')).toBe('x')
  })
})

describe('closing', () => {
  test('is told to the app when it asked to be told', async () => {
    await (await show(form([], { blocks: [{ type: 'divider' }] }))).close()
    expect(app.heard).toEqual([])
    await (await show(form([{ type: 'divider' }], { notify_on_close: true }))).close()
    expect(app.heard).toMatchObject([{ type: 'view_closed', is_cleared: false }])
  })

  test('of a view with clear_on_close closes all of them', async () => {
    await show(form([{ type: 'divider' }], { clear_on_close: true, notify_on_close: true }))
    await (await slack.as('U0VERA').modal()).close()
    expect(slack.as('U0VERA').modals()).toEqual([])
    expect(app.heard).toMatchObject([{ type: 'view_closed', is_cleared: true }])
  })

  test('B5.43 what somebody typed is shown to nobody else', async () => {
    const mine = await show(form([input('field', { type: 'plain_text_input' })]))
    await mine.fill({ field: 'secret' })
    await mine.close()
    const again = await show(form([input('field', { type: 'plain_text_input' })]), 'U0JIWON')
    expect(again.value('field')).toBeNull()
    expect(slack.as('U0VERA').modals()).toEqual([])
  })
})

describe('menus and buttons on messages', () => {
  const post = async (blocks: object[]) => {
    const body = JSON.stringify({ channel: 'C0DEALS', text: 'card', blocks })
    const headers = { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' }
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', headers, body })
    expect(await response.json()).toMatchObject({ ok: true })
    return slack.as('U0VERA').channel('deals').waitForMessage(/./)
  }

  test('a choice arrives with the state of the message and the address to answer to', async () => {
    const card = await post([
      {
        type: 'actions',
        block_id: 'menus',
        elements: [
          { type: 'static_select', action_id: 'pick', options: [option('a'), option('b')] },
          { type: 'overflow', action_id: 'more', options: [option('x')] },
        ],
      },
    ])
    await card.choose('pick', 'B')
    expect(app.heard.at(-1)).toMatchObject({
      type: 'block_actions',
      container: { type: 'message', message_ts: card.ts, channel_id: 'C0DEALS', is_ephemeral: false },
      user: { id: 'U0VERA', team_id: 'T0LOCAL' },
      actions: [
        { type: 'static_select', action_id: 'pick', block_id: 'menus', selected_option: option('b') },
      ],
      state: { values: { menus: { pick: { selected_option: option('b') } } } },
    })
    expect(String(app.heard.at(-1)?.response_url)).toContain('/response/T0LOCAL/')
    await card.choose('more', 'X')
    expect(app.heard.at(-1)).toMatchObject({ actions: [{ type: 'overflow', selected_option: option('x') }] })
  })

  test('a button that is no longer on the message cannot be pressed', async () => {
    const button = { type: 'button', action_id: 'go', value: 'v', text: plain('Go') }
    const card = await post([{ type: 'actions', elements: [button] }])
    await card.click('Go')
    expect(app.heard.at(-1)).toMatchObject({ actions: [{ type: 'button', value: 'v', text: plain('Go') }] })
    card.message.blocks = []
    await expect((async () => card.click('Go'))()).rejects.toThrow('There is no “Go”')
  })

  test('the answer to a click can take the place of what was clicked', async () => {
    const card = await post([
      { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: plain('Go') }] },
    ])
    await card.click('go')
    const reply = (body: object) =>
      fetch(String(app.heard.at(-1)?.response_url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    await reply({ replace_original: true, text: 'replaced' })
    expect(card.text()).toBe('replaced')
    await reply({ text: 'just you' })
    expect((await slack.as('U0VERA').ephemeral(/just you/)).ephemeral).toBe(true)
    await reply({ delete_original: true })
    expect(card.gone).toBe(true)
  })
})
