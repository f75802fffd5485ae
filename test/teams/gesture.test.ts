import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAnswers } from '../../src/teams/answers.ts'
import { readTyped } from '../../src/teams/commands.ts'
import type { Admitted } from '../../src/teams/door.ts'
import { datasetOf, readDataset } from '../../src/teams/fields.ts'
import { readActivity, wordsOf } from '../../src/teams/gesture.ts'
import { activityOf, appId, tenant } from './rig.ts'

const user = '00000000-0000-4000-8000-0000000000aa'
const serviceUrl = 'https://smba.trafficmanager.net/kr/'
const commands = ['approve-discount', 'approvals', 'deal', 'stage', 'dealdesk']
const channel = { id: '19:sales@thread.tacv2;messageid=1700', type: 'channel' } as const
const group = { id: '19:group@thread.v2', type: 'groupChat' } as const

const admitted = (activity: Record<string, unknown>): Admitted => ({
  activity,
  tenant,
  company: 'ondam',
  serviceUrl,
})
const read = (more: Record<string, unknown>, conversation?: typeof channel | typeof group) =>
  readActivity(
    admitted(activityOf({ serviceUrl }, { user, ...(conversation ? { conversation } : {}) }, more)),
    {
      at: 1,
      commands,
    },
  )
const gestureOf = (more: Record<string, unknown>, conversation?: typeof channel | typeof group) => {
  const received = read(more, conversation)
  return received && 'gesture' in received ? received.gesture : undefined
}
const invoke = (name: string, value: unknown, more: Record<string, unknown> = {}) => ({
  type: 'invoke',
  name,
  value,
  ...more,
})

describe('words as commands', () => {
  it.each([
    ['approve-discount acme 15', 'approve-discount', 'acme 15'],
    ['/approve-discount acme 15', 'approve-discount', 'acme 15'],
    ['Approve-Discount acme', 'approve-discount', 'acme'],
    ['approve discount acme 15', 'approve-discount', 'acme 15'],
    ['할인 한빛 15', 'approve-discount', '한빛 15'],
    ['결재', 'approvals', ''],
    ['딜 한빛전자', 'deal', '한빛전자'],
    ['dealdesk approvals', 'dealdesk', 'approvals'],
    ['/dealdesk', 'dealdesk', ''],
    ['help', 'dealdesk', 'help'],
    ['도움말', 'dealdesk', 'help'],
    ['설정', 'dealdesk', 'settings'],
    ['/nothing of the kind', 'dealdesk', 'nothing'],
  ])('“%s”', (said, command, text) => {
    expect(readTyped(said, commands)).toEqual({ kind: 'command', command, text })
  })

  it.each([['hello'], ['help me please'], ['kpi win rate'], [''], ['constructor'], ['__proto__']])(
    '“%s” is none',
    (said) => {
      expect(readTyped(said, commands)).toBeUndefined()
    },
  )

  it('home', () => expect(readTyped('홈', commands)).toEqual({ kind: 'home' }))

  it('in a thread a sentence that begins with a command’s name stays a sentence', () => {
    expect(readTyped('deal is fine for me', commands, true)).toBeUndefined()
    expect(readTyped('approvals', commands, true)).toMatchObject({ command: 'approvals' })
    expect(readTyped('/deal acme', commands, true)).toMatchObject({ command: 'deal', text: 'acme' })
    expect(readTyped('dealdesk deal acme', commands, true)).toMatchObject({ command: 'dealdesk' })
  })

  it('never throws, whatever is said', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (said) => {
        readTyped(said, commands)
        readTyped(said, commands, true)
        wordsOf({ text: said })
      }),
    )
  })
})

describe('a message', () => {
  const mention = (text: string) => ({
    type: 'message',
    text,
    entities: [
      { type: 'mention', text: '<at>Dealdesk</at>', mentioned: { id: `28:${appId}`, name: 'Dealdesk' } },
    ],
  })

  it('in the personal chat is a command of this person, by Entra id and tenant', () => {
    expect(gestureOf({ type: 'message', text: 'approvals' })).toMatchObject({
      platform: 'teams',
      tenant,
      user,
      kind: 'command',
      command: 'approvals',
      place: { kind: 'dm' },
    })
  })

  it('loses the mention of the bot, keeps others as names, and is what was typed', () => {
    expect(
      wordsOf({
        ...mention('<at>Dealdesk</at> deal <at>Kim</at> &amp; Sons &lt;b&gt;&nbsp;x'),
        recipient: { id: `28:${appId}` },
      }),
    ).toBe('deal Kim & Sons <b> x')
  })

  it('in a channel or group chat does nothing before somebody presses', () => {
    for (const place of [channel, group])
      expect(read({ ...mention('<at>Dealdesk</at> approvals'), id: '1700' }, place)).toMatchObject({
        doorstep: { command: 'approvals', text: '' },
      })
    expect(read({ ...mention('<at>Dealdesk</at> 안녕'), id: '1700' }, channel)).toMatchObject({
      doorstep: { command: 'dealdesk' },
    })
  })

  it('in the thread under a card belongs to it', () => {
    expect(
      gestureOf({ ...mention('<at>Dealdesk</at> 왜 이렇게 높나요?'), id: '1800' }, channel),
    ).toMatchObject({
      kind: 'message',
      text: '왜 이렇게 높나요?',
      place: { kind: 'channel', channel: '19:sales@thread.tacv2', thread: '1700', message: '1800' },
    })
  })

  it('B5.11 of a bot, a webhook or an anonymous guest is nobody’s', () => {
    expect(
      gestureOf({ type: 'message', text: 'approvals', from: { id: '28:other', aadObjectId: user } }),
    ).toBeUndefined()
    expect(gestureOf({ type: 'message', text: 'approvals', from: { id: '29:x' } })).toBeUndefined()
    expect(
      gestureOf({ type: 'message', text: 'approvals', from: { id: '29:x', aadObjectId: user, role: 'bot' } }),
    ).toBeUndefined()
  })

  it('with a value is a press by a client that knows no dialogs', () => {
    expect(
      gestureOf({ type: 'message', value: { action: 'discount.approve', drawing: 'd1' } }),
    ).toMatchObject({
      kind: 'button',
      action: 'discount.approve',
      drawing: 'd1',
    })
  })
})

describe('an invoke', () => {
  it('task/fetch is a press, and the typed command again when it was one', () => {
    expect(
      gestureOf(
        invoke('task/fetch', {
          data: { msteams: { type: 'task/fetch' }, action: 'discount.reject', drawing: 'd1' },
        }),
      ),
    ).toMatchObject({
      kind: 'button',
      action: 'discount.reject',
      drawing: 'd1',
    })
    expect(
      gestureOf(invoke('task/fetch', { data: { action: 'teams.again', command: 'deal', text: 'acme' } })),
    ).toMatchObject({
      kind: 'command',
      command: 'deal',
      text: 'acme',
    })
  })

  it('task/submit is a form, its first step a change', () => {
    const data = { form: 'discount.request', drawing: 'd1', deal: 'D-1', discount: 15, competitor: '' }
    const submit = gestureOf(invoke('task/submit', { data }))
    expect(submit).toMatchObject({ kind: 'submit', form: 'discount.request', drawing: 'd1' })
    expect({ ...(submit as { answers: object }).answers }).toEqual({ deal: 'D-1', discount: '15' })
    expect(gestureOf(invoke('task/submit', { data: { ...data, step: 'continue' } }))).toMatchObject({
      kind: 'change',
    })
  })

  it('B5.42 the same dialog sent twice has one key, another dialog has another', () => {
    const data = (drawing: string) => ({ data: { form: 'f', drawing, x: '1' } })
    const [first, second, other] = ['d1', 'd1', 'd2'].map(
      (drawing) => gestureOf(invoke('task/submit', data(drawing)))!,
    )
    expect(first!.key).toBe(second!.key)
    expect(first!.fingerprint).toBe(second!.fingerprint)
    expect(other!.key).not.toBe(first!.key)
    // Without a drawing there is nothing to go by but the activity.
    const loose = () => gestureOf(invoke('task/submit', { data: { form: 'f', x: '1' } }))!.key
    expect(loose()).not.toBe(loose())
  })

  it('B5.24 the same dialog with other answers has another fingerprint', () => {
    const of = (x: string) =>
      gestureOf(invoke('task/submit', { data: { form: 'f', drawing: 'd', x } }))!.fingerprint
    expect(of('1')).not.toBe(of('2'))
  })

  it('adaptiveCard/action is a press by its verb', () => {
    const value = {
      action: {
        type: 'Action.Execute',
        verb: 'discount.approve',
        data: { action: 'discount.approve', drawing: 'd1' },
      },
      trigger: 'manual',
    }
    expect(read(invoke('adaptiveCard/action', value))).toMatchObject({
      way: 'action',
      gesture: { kind: 'button', action: 'discount.approve' },
    })
    expect(read(invoke('adaptiveCard/action', { ...value, trigger: 'automatic' }))).toMatchObject({
      way: 'auto',
    })
    expect(
      read(invoke('adaptiveCard/action', { action: { type: 'Action.Http', verb: 'x' } })),
    ).toBeUndefined()
  })

  it('application/search asks for one field of one form', () => {
    const dataset = datasetOf('discount.request', 'deal', 'd-1')
    expect(
      gestureOf(invoke('application/search', { kind: 'search', queryText: ' acme ', dataset })),
    ).toMatchObject({
      kind: 'search',
      form: 'discount.request',
      field: 'deal',
      drawing: 'd-1',
      query: 'acme',
    })
    for (const wrong of ['graph.microsoft.com/users', 'a|__proto__|c', '', undefined, 7])
      expect(readDataset(wrong)).toBeUndefined()
  })

  it('of another kind is nobody’s', () => {
    for (const name of ['composeExtension/query', 'signin/verifyState', undefined])
      expect(read({ type: 'invoke', name, value: {} })).toBeUndefined()
  })

  it('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('task/fetch', 'task/submit', 'adaptiveCard/action', 'application/search', 'x'),
        fc.anything(),
        (name, value) => {
          read(invoke(name, value))
          read(invoke(name, { data: value, action: value, dataset: value }))
        },
      ),
    )
  })
})

describe('news of an installation', () => {
  it('added, removed, the bot taken out, a channel deleted', () => {
    expect(read({ type: 'installationUpdate', action: 'add' })).toMatchObject({
      news: 'installed',
      origin: { user },
    })
    expect(read({ type: 'installationUpdate', action: 'remove-upgrade' })).toMatchObject({ news: 'removed' })
    expect(
      read({ type: 'conversationUpdate', membersRemoved: [{ id: `28:${appId}` }] }, channel),
    ).toMatchObject({
      news: 'removed',
      conversation: '19:sales@thread.tacv2',
    })
    expect(
      read(
        {
          type: 'conversationUpdate',
          channelData: {
            eventType: 'channelDeleted',
            channel: { id: '19:old@thread.tacv2' },
            tenant: { id: tenant },
          },
        },
        channel,
      ),
    ).toMatchObject({ news: 'removed', conversation: '19:old@thread.tacv2' })
    expect(read({ type: 'conversationUpdate', membersAdded: [{ id: '29:new' }] }, channel)).toBeUndefined()
  })
})

describe('B5.37 answers', () => {
  it('are text by field name, nothing of ours and nothing else', () => {
    const data = JSON.parse(
      '{"action":"x","drawing":"d","form":"f","step":"continue","msteams":{},"__proto__":{"polluted":"yes"},"constructor":"c","assignedTo":"me","Bad Name":"x","deal":" D-1 ","discount":15.5,"empty":"","none":null,"list":["a"],"object":{},"toggle":true}',
    )
    const answers = readAnswers(data)
    expect({ ...answers }).toEqual({ constructor: 'c', deal: 'D-1', discount: '15.5', toggle: 'true' })
    expect(Object.getPrototypeOf(answers)).toBeNull()
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
  })

  it('several choices come apart again where the form has several', () => {
    expect(readAnswers({ many: ['days'], days: 'mon,tue,', one: 'a,b' })).toMatchObject({
      days: ['mon', 'tue'],
      one: 'a,b',
    })
  })

  it.each([['1e309'], ['NaN'], ['１５'], ['2026-02-31']])(
    'B5.39 “%s” stays as it was typed, for the rules to judge',
    (typed) => {
      expect(readAnswers({ discount: typed })).toMatchObject({ discount: typed })
    },
  )

  it('a number that is none is no answer', () => {
    expect(readAnswers({ discount: Number.POSITIVE_INFINITY, other: Number.NaN })).toEqual({})
  })
})
