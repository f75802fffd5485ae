import { describe, expect, it } from 'vitest'
import { clockSteps, spanOf, stepLength } from '../../src/playground/page/shell/clock-steps.ts'
import { faultKinds, inForce } from '../../src/playground/page/shell/fault-kinds.ts'
import { firstSteps, reads } from '../../src/playground/page/shell/first-steps.ts'
import { initials } from '../../src/playground/page/shell/initials.ts'
import { readBody, tokensOf } from '../../src/playground/page/shell/json.ts'
import {
  dispatchesOn,
  initialValue,
  matches,
  typedAfterRedraw,
} from '../../src/playground/page/slack/answers.ts'
import { commandBeing, commandsFor } from '../../src/playground/page/slack/autocomplete.ts'
import { ago, dayName, fillDate, instantOf, localOf } from '../../src/playground/page/slack/dates.ts'
import { firstUnread, isReply, rowsOf, withMessage } from '../../src/playground/page/slack/messages.ts'
import type { Block, Message, Person } from '../../src/playground/page/wire.ts'
import { firstLanguage, words } from '../../src/playground/page/words.ts'

const at = Date.UTC(2026, 10, 20, 5, 0)
const seoul = { language: 'ko', timeZone: 'Asia/Seoul' } as const
const minute = 60_000
const message = (ts: string, more: Partial<Message> = {}): Message => ({
  ts,
  channel: 'C1',
  user: 'U1',
  at,
  text: ts,
  blocks: [],
  isApp: false,
  ...more,
})

describe('what is typed', () => {
  const option = { text: { type: 'plain_text', text: 'Acme' }, value: 'd1' } as const
  const input = (block: string, type: string, more: object = {}): Block => ({
    type: 'input',
    block_id: block,
    element: { type, action_id: 'a', ...more },
  })

  it('survives a redraw of the form under the same ids', () => {
    const before = [input('reason', 'plain_text_input'), input('deal', 'external_select')]
    const local = { reason: { a: 'half a sent' }, deal: { a: 'd1' } }
    const after = [...before, input('why', 'plain_text_input', { initial_value: 'because' })]
    expect(typedAfterRedraw(after, { reason: { a: 'half' }, deal: { a: 'd1' } }, local, before)).toEqual({
      reason: { a: 'half a sent' },
      deal: { a: 'd1' },
      why: { a: 'because' },
    })
  })

  it('begins anew under another block_id, which is how an app resets a field', () => {
    const local = { 'price-1': { a: '100' } }
    expect(
      typedAfterRedraw([input('price-2', 'number_input', { initial_value: '90' })], {}, local, [
        input('price-1', 'number_input'),
      ]),
    ).toEqual({ 'price-2': { a: '90' } })
  })

  it('begins anew when the element of the same id is of another kind', () => {
    const local = { x: { a: 'text' } }
    expect(typedAfterRedraw([input('x', 'datepicker')], {}, local, [input('x', 'plain_text_input')])).toEqual(
      { x: { a: null } },
    )
  })

  it('takes what the server remembers when the page was just loaded', () => {
    expect(typedAfterRedraw([input('x', 'plain_text_input')], { x: { a: 'kept' } }, {}, [])).toEqual({
      x: { a: 'kept' },
    })
  })

  it('starts from the initial values of every element that has one', () => {
    expect(initialValue({ type: 'static_select', initial_option: option })).toBe('d1')
    expect(initialValue({ type: 'checkboxes', initial_options: [option] })).toEqual(['d1'])
    expect(initialValue({ type: 'datetimepicker', initial_date_time: 1790000000 })).toBe('1790000000')
    expect(initialValue({ type: 'button' })).toBeUndefined()
  })

  it('is told to the app on Enter unless the app asks for every character', () => {
    const element = { type: 'number_input', action_id: 'a' }
    const live = { trigger_actions_on: ['on_character_entered'] }
    expect(dispatchesOn({ type: 'input' }, element)).toEqual({ enter: false, typing: false })
    expect(dispatchesOn({ type: 'input', dispatch_action: true }, element)).toEqual({
      enter: true,
      typing: false,
    })
    expect(
      dispatchesOn({ type: 'input', dispatch_action: true }, { ...element, dispatch_action_config: live }),
    ).toEqual({ enter: false, typing: true })
  })

  it('narrows a menu by any part of a label or description', () => {
    const deal = { ...option, description: { type: 'plain_text', text: '한빛로보틱스 · S4' } } as const
    expect(['acm', 'ME', '한빛', ''].every((query) => matches(deal, query))).toBe(true)
    expect(matches(deal, 'beta')).toBe(false)
  })
})

describe('the list of messages', () => {
  it('puts a late message at its place and replaces a changed one', () => {
    const list = [message('1', { at }), message('3', { at: at + 2 * minute })]
    const late = withMessage(list, message('2', { at: at + minute }))
    expect(late.map((m) => m.ts)).toEqual(['1', '2', '3'])
    expect(withMessage(late, message('2', { at: at + minute, text: 'new' })).map((m) => m.text)).toEqual([
      '1',
      'new',
      '3',
    ])
  })

  it('divides days by the reader’s own zone', () => {
    const beforeMidnight = Date.UTC(2026, 10, 20, 14, 50)
    const list = [message('1', { at: beforeMidnight }), message('2', { at: beforeMidnight + 20 * minute })]
    expect(rowsOf(list, 'Asia/Seoul').map((row) => row.kind)).toEqual(['day', 'message', 'day', 'message'])
    expect(rowsOf(list, 'UTC').map((row) => row.kind)).toEqual(['day', 'message', 'message'])
  })

  it('gives one head to what somebody says in a row, and a head of its own to every card', () => {
    const heads = rowsOf(
      [
        message('1'),
        message('2', { at: at + minute }),
        message('3', { at: at + 2 * minute, user: 'U2' }),
        message('4', { at: at + 3 * minute, user: 'U2', blocks: [{ type: 'divider' }] }),
        message('5', { at: at + 30 * minute, user: 'U2' }),
      ],
      'UTC',
    ).flatMap((row) => (row.kind === 'message' ? [row.head] : []))
    expect(heads).toEqual([true, false, true, true, true])
  })

  it('draws the line above the first message that others wrote since one last looked', () => {
    const list = [message('1'), message('2', { user: 'me' }), message('3'), message('4', { user: 'me' })]
    expect(firstUnread(list, 1, 'me')).toBe('3')
    expect(firstUnread(list, 2, 'me')).toBe('1')
    expect(firstUnread(list, 9, 'me')).toBeUndefined()
    expect(rowsOf(list, 'UTC', '3').map((row) => row.key)).toEqual([
      'day 2026-11-20',
      '1',
      '2',
      'new',
      '3',
      '4',
    ])
  })

  it('takes a thread’s parent for a message and only its replies for replies', () => {
    expect(isReply(message('1', { thread: '1' }))).toBe(false)
    expect(isReply(message('2', { thread: '1' }))).toBe(true)
    expect(isReply(message('3'))).toBe(false)
  })
})

describe('slash commands', () => {
  const commands = ['/approvals', '/approve-discount', '/deal', '/dealdesk'].map((command) => ({
    command,
    description: '',
  }))
  const offered = (text: string) => commandsFor(text, commands).map((c) => c.command)

  it('are offered from the slash on, those that begin with it first', () => {
    expect(offered('/')).toHaveLength(4)
    expect(offered('/DE')).toEqual(['/deal', '/dealdesk'])
    expect(offered('/discount')).toEqual(['/approve-discount'])
  })

  it('are not offered in the middle of a sentence or once the word is finished', () => {
    expect(offered('see /deal')).toEqual([])
    expect(offered('/deal acme')).toEqual([])
    expect(commandBeing('/deal acme', commands)?.command).toBe('/deal')
    expect(commandBeing('/deal', commands)).toBeUndefined()
  })
})

describe('dates', () => {
  it('fill Slack’s tokens in the reader’s zone and language', () => {
    expect(fillDate('{date_num}', at + 10 * 60 * minute, at, seoul)).toBe('2026-11-21')
    expect(fillDate('{time}', at, at, { language: 'en', timeZone: 'Asia/Seoul' })).toMatch(/^2:00\sPM$/)
    expect(fillDate('{date_long}', at, at, { language: 'en', timeZone: 'America/New_York' })).toBe(
      'Friday, November 20, 2026',
    )
    expect(fillDate('{unknown}', at, at, seoul)).toBe('{unknown}')
  })

  it('say today and yesterday by the calendar of the zone, not by 24 hours', () => {
    const lateEvening = Date.UTC(2026, 10, 20, 14, 30)
    const nextMorning = Date.UTC(2026, 10, 20, 16, 0)
    expect(dayName(lateEvening, nextMorning, seoul)).toBe('어제')
    expect(fillDate('due {date_pretty}', at, at, { language: 'en', timeZone: 'UTC' })).toBe('due today')
  })

  it('say how long ago by the business clock', () => {
    const english = { language: 'en', timeZone: 'UTC' } as const
    expect(ago(at - 20_000, at, english)).toBe('just now')
    expect(ago(at - 90 * minute, at, english)).toBe('1 hour ago')
    expect(ago(at - 50 * 60 * minute, at, english)).toBe('2 days ago')
  })

  it('go through a date-time field and back, also over a change to summer time', () => {
    for (const zone of ['Asia/Seoul', 'Europe/Berlin', 'America/New_York'])
      for (const instant of [at, Date.UTC(2026, 2, 29, 2, 30), Date.UTC(2026, 9, 25, 4, 0)])
        expect(instantOf(localOf(instant, zone), zone)).toBe(instant)
  })
})

describe('the shell', () => {
  const person = (id: string, roles: string[], more: Partial<Person> = {}): Person => ({
    id,
    name: id,
    realName: id,
    avatarColor: '#000',
    isBot: false,
    isGuest: false,
    isStranger: false,
    deleted: false,
    locale: 'ko-KR',
    tz: 'Asia/Seoul',
    roles,
    ...more,
  })

  it('lets an AE ask and the Sales Manager decide in the first steps', () => {
    const people = [
      person('ceo', ['c_level']),
      person('gone', ['ae'], { deleted: true }),
      person('ae', ['ae']),
      person('ae2', ['ae']),
      person('sm', ['sales_manager']),
    ]
    const steps = firstSteps({ people, me: 'ceo', commands: [] })
    expect([steps.asker?.id, steps.decider?.id]).toEqual(['ae', 'sm'])
    expect(firstSteps({ people, me: 'ae2', commands: [] }).asker?.id).toBe('ae2')
    // The request goes to the asker's own manager: nobody else's red number is to be looked for.
    const theirs = [
      ...people,
      person('ae3', ['ae'], { manager: 'p-sm2' }),
      person('sm2', ['sales_manager'], { person: 'p-sm2' }),
    ]
    const own = firstSteps({ people: theirs, me: 'ae3', commands: [] })
    expect([own.asker?.id, own.decider?.id]).toEqual(['ae3', 'sm2'])
    expect(
      firstSteps({ people: [person('ceo', ['c_level'])], me: 'ceo', commands: [] }).asker,
    ).toBeUndefined()
  })

  it('begins with the company whose people read the page’s language', () => {
    const state = { people: [person('a', []), person('b', [], { locale: 'en-US' }), person('c', [])] }
    expect([reads(state, 'ko'), reads(state, 'en')]).toEqual([true, false])
  })

  it('moves one working day over a weekend', () => {
    const friday = Date.UTC(2026, 10, 20, 5, 0)
    expect(spanOf(stepLength('workday', friday, 'Asia/Seoul'))).toEqual({ days: 3, hours: 0 })
    expect(spanOf(stepLength('workday', friday + 3 * 86_400_000, 'Asia/Seoul'))).toEqual({
      days: 1,
      hours: 0,
    })
    for (const step of clockSteps) expect(stepLength(step, friday, 'UTC')).toBeGreaterThan(0)
  })

  it('moves to the Monday morning the week begins with, from any moment', () => {
    const nine = Date.UTC(2026, 10, 23, 0, 0)
    const to = (from: number) => from + stepLength('monday', from, 'Asia/Seoul')
    expect(to(Date.UTC(2026, 10, 20, 5, 12, 7))).toBe(nine)
    expect(to(nine - 1000)).toBe(nine)
    expect(to(nine)).toBe(nine + 7 * 86_400_000)
  })

  it('offers every fault once, explained in both languages', () => {
    expect(new Set(faultKinds.map((kind) => `${kind.fault.on} ${kind.fault.kind}`)).size).toBe(
      faultKinds.length,
    )
    for (const kind of faultKinds)
      for (const language of ['ko', 'en'] as const)
        expect(kind.say[language].about.length).toBeGreaterThan(10)
    const hang = faultKinds.find((kind) => kind.id === 'hang')!
    const fault = { id: 'f1', on: 'api', kind: 'hang', times: 1, hits: 0 } as const
    expect(inForce(hang, [fault])?.id).toBe('f1')
    expect(inForce(hang, [])).toBeUndefined()
    expect(inForce(hang, [{ ...fault, hits: 1 }])).toBeUndefined()
    expect(inForce(hang, [{ ...fault, times: null, hits: 9 }])?.id).toBe('f1')
  })

  it('says everything in both languages', () => {
    expect(Object.keys(words.ko).sort()).toEqual(Object.keys(words.en).sort())
    expect(Object.keys(words.ko.roles).sort()).toEqual(Object.keys(words.en.roles).sort())
  })

  it('speaks the browser’s language until another is chosen', () => {
    expect(firstLanguage(null, ['ko-KR', 'en'])).toBe('ko')
    expect(firstLanguage(null, ['de-DE'])).toBe('en')
    expect(firstLanguage('en', ['ko'])).toBe('en')
    expect(firstLanguage('tlh', ['ko'])).toBe('ko')
  })

  it('abbreviates Korean and other names', () => {
    expect(['김지원', '남궁민수', 'Daniel Weber', 'acme', '누리소프트'].map(initials)).toEqual([
      '지원',
      '민수',
      'DW',
      'A',
      '누',
    ])
  })

  it('takes JSON inside of forms and fields apart, and leaves other text as it is', () => {
    const form = `payload=${encodeURIComponent('{"type":"block_actions","view":"{\\"id\\":1}"}')}&x=a+b`
    expect(readBody(form)).toEqual({ payload: { type: 'block_actions', view: { id: 1 } }, x: 'a b' })
    expect(readBody('{broken')).toBe('{broken')
    expect(readBody('upstream connect error')).toBe('upstream connect error')
    expect(readBody({ text: 'a=b' })).toEqual({ text: 'a=b' })
  })

  it('colours JSON without losing a character', () => {
    const json = JSON.stringify({ a: 'x "y" : 1', b: [1.5e3, true, null] }, null, 2)
    const tokens = tokensOf(json)
    expect(tokens.map((token) => token.text).join('')).toBe(json)
    expect(tokens.filter((token) => token.kind === 'key').map((token) => token.text)).toEqual(['"a"', '"b"'])
  })
})
