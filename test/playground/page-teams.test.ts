import { describe, expect, it } from 'vitest'
import { faultKinds, inForce } from '../../src/playground/page/shell/fault-kinds.ts'
import { platformIn, shownOn } from '../../src/playground/page/shell/platforms.ts'
import { teamsFaultKinds } from '../../src/playground/page/shell/teams-fault-kinds.ts'
import { choicesFor, textOf, withTyped } from '../../src/playground/page/teams/cards/answers.ts'
import { castOf, findAccount, findTenant } from '../../src/playground/page/teams/cast.ts'
import {
  commandPart,
  mentionBeing,
  mentionsFor,
  teamsCommandsFor,
} from '../../src/playground/page/teams/mentions.ts'
import {
  afterTeamsHearing,
  postKey,
  type TeamsPicture,
  teamsListsOf,
  teamsRowsOf,
} from '../../src/playground/page/teams/picture.ts'
import { htmlOfMessage, htmlOfTextBlock } from '../../src/playground/page/teams/rich-text.ts'
import type { TeamsMessage, TeamsPerson, TeamsState } from '../../src/playground/page/teams/wire.ts'
import type { Fault, Person } from '../../src/playground/page/wire.ts'
import { apiFaultKinds, appFaultKinds } from '../../src/playground/teams/faults.ts'

const at = Date.UTC(2026, 10, 20, 5, 0)
const minute = 60_000
const message = (id: string, more: Partial<TeamsMessage> = {}): TeamsMessage => ({
  id,
  conversation: 'a:1',
  from: '28:app',
  isApp: true,
  at,
  text: id,
  textFormat: 'plain',
  mentions: [],
  cards: [],
  ...more,
})

describe('a card with what was typed in it', () => {
  const card = {
    type: 'AdaptiveCard',
    body: [
      { type: 'Input.Text', id: 'reason' },
      { type: 'Container', items: [{ type: 'Input.Number', id: 'discount' }] },
      { type: 'Input.ChoiceSet', id: 'deal', choices: [], 'choices.data': { type: 'Data.Query' } },
    ],
    actions: [{ type: 'Action.Submit', data: { type: 'Input.Text', id: 'reason' } }],
  }

  it('begins with the answers at their inputs, numbers as numbers', () => {
    expect(withTyped(card, { reason: '경쟁사', discount: '12.5' }).body).toEqual([
      { type: 'Input.Text', id: 'reason', value: '경쟁사' },
      { type: 'Container', items: [{ type: 'Input.Number', id: 'discount', value: 12.5 }] },
      card.body[2],
    ])
  })

  it('leaves a number empty that is none, rather than show NaN', () => {
    const drawn = JSON.stringify(withTyped(card, { discount: 'twelve' }))
    expect(drawn).not.toContain('value')
  })

  it('does not touch what an action carries, whatever it looks like', () => {
    expect(withTyped(card, { reason: 'x' }).actions).toEqual(card.actions)
  })

  it('names the chosen option of a searched menu, which lists only what was last found', () => {
    const known = { title: 'Acme renewal', value: 'D-1' }
    const [, , menu] = withTyped(card, { deal: 'D-1' }, { deal: known }).body as Record<string, unknown>[]
    expect(menu).toMatchObject({ value: 'D-1', choices: [known] })
    const [, , other] = withTyped(card, { deal: 'D-2' }, { deal: known }).body as Record<string, unknown>[]
    expect(other).toMatchObject({ value: 'D-2', choices: [] })
  })

  it('changes nothing of the card it was given', () => {
    const before = structuredClone(card)
    withTyped(card, { reason: 'x', deal: 'D-1' }, { deal: { title: 'A', value: 'D-1' } })
    expect(card).toEqual(before)
  })

  it('sends everything as text, and an empty number as nothing', () => {
    expect([textOf(12.5), textOf(true), textOf(undefined), textOf(Number.NaN), textOf('a,b')]).toEqual([
      '12.5',
      'true',
      '',
      '',
      'a,b',
    ])
  })

  it('finds an option by any part of its title, in Korean too', () => {
    const choices = [
      { title: '대륭오토텍 · S4', value: '1' },
      { title: 'Acme Renewal', value: '2' },
    ]
    expect(choicesFor(choices, '오토텍').map((c) => c.value)).toEqual(['1'])
    expect(choicesFor(choices, ' RENEW').map((c) => c.value)).toEqual(['2'])
    expect(choicesFor(choices, '')).toHaveLength(2)
  })
})

describe('words in a message', () => {
  it('show what a person typed literally, markup and all', () => {
    const html = htmlOfMessage(message('1', { text: '<b>**x**</b>\n[a](http://b)' }))
    expect(html).toBe('&lt;b&gt;**x**&lt;/b&gt;<br>[a](http://b)')
  })

  it('show HTML in the app’s markdown as it is written, and run no script of a link', () => {
    const html = htmlOfMessage(
      message('1', { text: '**bold** <img src=x> [a](javascript:alert(1))', textFormat: 'markdown' }),
    )
    expect(html).toContain('<strong>bold</strong>')
    expect(html).toContain('&lt;img')
    expect(html).not.toContain('href')
  })

  it('make a mention only of what the message names as one', () => {
    const text = '<at>Dealdesk</at> ask <at>Somebody</at>'
    const mentions = [{ text: '<at>Dealdesk</at>', id: '28:app', name: 'Dealdesk' }]
    expect(htmlOfMessage(message('1', { text, mentions }))).toBe(
      '<span class="tm-mention">Dealdesk</span> ask &lt;at&gt;Somebody&lt;/at&gt;',
    )
  })

  it('know in a TextBlock the part of markdown that Teams knows: no headings, no code', () => {
    expect(htmlOfTextBlock('# *a*\n\n`b`')).toBe('<p># <em>a</em></p>\n<p>`b`</p>\n')
  })

  it('show in a TextBlock the mentions that its card names, and no other', () => {
    const mentions = [{ text: '<at>Vera</at>', id: '29:vera', name: 'Vera' }]
    expect(htmlOfTextBlock('For <at>Vera</at>, <at>Kim</at>', mentions)).toBe(
      '<p>For <span class="tm-mention">Vera</span>, &lt;at&gt;Kim&lt;/at&gt;</p>\n',
    )
  })
})

describe('the compose box', () => {
  const commands = [
    { title: 'approvals', description: '' },
    { title: 'approve-discount', description: '' },
    { title: 'deal', description: '' },
  ]

  it('offers names after @ while the name is being typed, wherever it stands', () => {
    expect(mentionBeing('hello @De', 9)).toEqual({ at: 6, word: 'De' })
    expect(mentionBeing('hello @De and', 9)).toEqual({ at: 6, word: 'De' })
    expect(mentionBeing('a@b.example', 11)).toBeUndefined()
    expect(mentionBeing('@Dealdesk ', 10)).toBeUndefined()
  })

  it('finds a person by any part of the name, and stops when it is whole', () => {
    const names = ['Dealdesk', 'Noah Brandt', '김서연']
    expect(mentionsFor('bra', names)).toEqual(['Noah Brandt'])
    expect(mentionsFor('', names)).toEqual(names)
    expect(mentionsFor('김서연', names)).toEqual([])
  })

  it('offers commands in a personal chat at once, in a channel after the mention alone', () => {
    expect(commandPart('app', 'Dealdesk', true)).toBe('app')
    expect(commandPart('app', 'Dealdesk', false)).toBeUndefined()
    expect(commandPart('@dealdesk app', 'Dealdesk', false)).toBe('app')
  })

  it('offers what begins with the word, and nothing once it is written out', () => {
    expect(teamsCommandsFor('app', commands).map((c) => c.title)).toEqual(['approvals', 'approve-discount'])
    expect(teamsCommandsFor('/deal', commands)).toEqual([])
    expect(teamsCommandsFor('approve-discount acme', commands)).toEqual([])
  })
})

describe('the same person on both sides', () => {
  const slack = (id: string, more: Partial<Person> = {}): Person => ({
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
    ...more,
  })
  const teams = (id: string, more: Partial<TeamsPerson> = {}): TeamsPerson => ({
    id,
    chatId: `29:${id}`,
    name: id,
    avatarColor: '#000',
    isGuest: false,
    deleted: false,
    locale: 'ko-KR',
    tz: 'Asia/Seoul',
    ...more,
  })

  it('is known by who they are in Dealdesk before any address or name', () => {
    const namesake = teams('T1', { person: 'lee-1', name: '이민재' })
    const right = teams('T2', { person: 'lee-2', name: '이민재' })
    const cue = { company: '온담', domain: 'ondam', name: '이민재', person: 'lee-2' }
    expect(findAccount([namesake, right], cue)?.id).toBe('T2')
    expect(findAccount([namesake], cue)).toBeUndefined()
  })

  it('is one row of the switcher; who is on one side alone has a row too', () => {
    const cast = castOf(
      [slack('U1', { email: 'a@x.example' }), slack('U2')],
      [teams('T3'), teams('T1', { email: 'a@x.example' })],
    )
    expect(cast.map((member) => [member.slack?.id, member.teams?.id])).toEqual([
      ['U1', 'T1'],
      ['U2', undefined],
      [undefined, 'T3'],
    ])
  })

  it('is looked for in the tenant of the same company', () => {
    const tenants = [
      { id: '1', name: 'Larkfield', domain: 'larkfield.example' },
      { id: '2', name: '온담소프트', domain: 'ondam.example' },
    ]
    expect(findTenant(tenants, { company: '온담소프트', domain: 'x', name: '' })).toBe('2')
    expect(findTenant(tenants, { company: 'Lark', domain: 'larkfield', name: '' })).toBe('1')
    expect(findTenant(tenants, { company: 'Other', domain: 'other', name: '' })).toBeUndefined()
  })
})

describe('the picture of Teams', () => {
  const state = {
    conversations: [],
    people: [],
    teams: [],
    dialog: null,
    waiting: {},
  } as unknown as TeamsState
  const picture: TeamsPicture = {
    connection: 'open',
    absent: false,
    alone: false,
    state,
    pages: {
      'a:1': { messages: [message('1'), message('3', { at: at + 2 * minute })], hasMore: false },
      [postKey('19:c', 'p')]: { messages: [message('p', { conversation: '19:c' })], hasMore: false },
    },
    unfolded: [],
  }

  it('puts a reply under its post and not among the posts', () => {
    expect(teamsListsOf(message('r', { conversation: '19:c', root: 'p' }))).toEqual([postKey('19:c', 'p')])
    expect(teamsListsOf(message('p', { conversation: '19:c' }))).toEqual(['19:c', postKey('19:c', 'p')])
  })

  it('shows a message that comes late at its time, and a changed card at its old place', () => {
    const late = afterTeamsHearing(picture, 'message', { message: message('2', { at: at + minute }) })
    expect(late.pages?.['a:1']?.messages.map((m) => m.id)).toEqual(['1', '2', '3'])
    const changed = afterTeamsHearing(picture, 'message_changed', {
      message: message('1', { text: 'settled', edited: at + 5 * minute }),
    })
    expect(changed.pages?.['a:1']?.messages.map((m) => m.text)).toEqual(['settled', '3'])
  })

  it('does not show a change to a message older than what is loaded', () => {
    const change = afterTeamsHearing(picture, 'message_changed', {
      message: message('0', { at: at - minute }),
    })
    expect(change.pages?.['a:1']?.messages).toHaveLength(2)
  })

  it('has one dialog at most, and none once it is closed', () => {
    const opened = afterTeamsHearing(picture, 'dialog', { dialog: { id: 'D' } })
    expect(opened.state?.dialog?.id).toBe('D')
    expect(afterTeamsHearing(picture, 'dialog', { dialog: null }).state?.dialog).toBeNull()
  })

  it('gives one head to what somebody says within five minutes', () => {
    const rows = teamsRowsOf(
      [message('1'), message('2', { at: at + minute }), message('3', { at: at + 9 * minute })],
      () => 'today',
    )
    expect(rows.map((row) => (row.kind === 'day' ? 'day' : row.head))).toEqual(['day', true, false, true])
  })
})

describe('the panel and the switch', () => {
  it('offers no fault that the local Teams does not know', () => {
    const known: readonly string[] = [...apiFaultKinds, ...appFaultKinds]
    expect(teamsFaultKinds.filter((kind) => !known.includes(kind.fault.kind))).toEqual([])
    expect(teamsFaultKinds.every((kind) => kind.fault.platform === 'teams')).toBe(true)
  })

  it('shows a fault of one platform as none of the other', () => {
    const fault: Fault = { id: 'f', platform: 'teams', on: 'api', kind: 'rate-limit', times: null, hits: 0 }
    const row = (kinds: typeof faultKinds) => kinds.find((kind) => kind.fault.kind === 'rate-limit')!
    expect(inForce(row(teamsFaultKinds), [fault])?.id).toBe('f')
    expect(inForce(row(faultKinds), [fault])).toBeUndefined()
  })

  it('tells two rows of the same kind apart by what they strike', () => {
    const token: Fault = {
      id: 't',
      platform: 'teams',
      on: 'api',
      kind: 'status',
      method: 'token',
      times: 1,
      hits: 0,
    }
    const rows = teamsFaultKinds.filter((kind) => inForce(kind, [token]))
    expect(rows.map((kind) => kind.id)).toEqual(['teams-token'])
  })

  it('takes the platform from the address, and shows one client where there is room for one', () => {
    expect(['', '?platform=teams', '?platform=both', '?platform=x'].map(platformIn)).toEqual([
      'slack',
      'teams',
      'both',
      'slack',
    ])
    expect([shownOn('both', false), shownOn('both', true), shownOn('slack', true)]).toEqual([
      'both',
      'teams',
      'slack',
    ])
  })
})
