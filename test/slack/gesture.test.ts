import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commandName } from '../../src/slack/gesture.ts'
import {
  change,
  command,
  createRig,
  event,
  json,
  modal,
  press,
  type Rig,
  say,
  search,
  send,
  submission,
  tenant,
  user,
} from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => rig.stop())

const taken = async (body: string, options = {}) => {
  const before = rig.gestures.length
  const answer = await send(rig, body, options)
  await rig.slack.quiet()
  return { status: answer.status, gestures: rig.gestures.slice(before) }
}
const only = async (body: string, options = {}) => {
  const { gestures } = await taken(body, options)
  expect(gestures).toHaveLength(1)
  return gestures[0]!
}

describe('the once-key', () => {
  it('B5.22 a replayed request carries the same key and the same fingerprint', async () => {
    const body = press(rig, 'discount.approve', 'd1')
    const [first, second] = [await only(body), await only(body)]
    expect(second.key).toBe(first.key)
    expect(second.fingerprint).toBe(first.fingerprint)
  })

  it('two presses of one button are two gestures', async () => {
    const [first, second] = [
      await only(press(rig, 'discount.approve', 'd1')),
      await only(press(rig, 'discount.approve', 'd1')),
    ]
    expect(second.key).not.toBe(first.key)
  })

  it('B5.24 the same key with other words has another fingerprint', async () => {
    const [first, second] = [
      await only(press(rig, 'discount.approve', 'd1', { trigger_id: 'same' })),
      await only(press(rig, 'discount.reject', 'd1', { trigger_id: 'same' })),
    ]
    expect(second.key).toBe(first.key)
    expect(second.fingerprint).not.toBe(first.fingerprint)
  })

  it('B5.42 a form sent twice is one gesture, another step of it is another', async () => {
    const first = await only(submission())
    const again = await only(submission())
    const step = await only(submission({}, { private_metadata: 'drawing-2' }))
    expect(again.key).toBe(first.key)
    expect(step.key).not.toBe(first.key)
  })

  it('B5.23 a retried event is answered at once while the first is still worked on, and taken once', async () => {
    let done: () => void = () => undefined
    rig.reply = () =>
      new Promise((resolve) => {
        done = () => resolve({ kind: 'nothing' })
      })
    const body = event(
      { type: 'message', channel_type: 'im', channel: 'D1', user, ts: '1.1', thread_ts: '1.0', text: 'Why?' },
      { event_id: 'Ev1' },
    )
    const first = send(rig, body, json)
    await rig.api.until(() => rig.gestures.length === 1)
    const retry = await send(rig, body, { ...json, headers: { 'x-slack-retry-num': '1' } })
    expect(retry.status).toBe(200)
    expect(rig.gestures).toHaveLength(1)
    done()
    expect((await first).status).toBe(200)
  })

  it('an event that could not be taken is answered 500, so that Slack sends it again', async () => {
    rig.reply = () => Promise.reject(new Error('the database is away'))
    const body = event({ type: 'message', channel_type: 'im', channel: 'D1', user, ts: '1.1', text: 'hello' })
    expect((await send(rig, body, json)).status).toBe(500)
    expect(rig.api.calls).toEqual([])
    // The last retry tells the person instead.
    const last = await send(rig, body, { ...json, headers: { 'x-slack-retry-num': '3' } })
    expect(last.status).toBe(200)
    const said = await rig.api.call('chat.postMessage')
    expect(said.channel).toBe('D1')
  })
})

describe('who acts', () => {
  it.each([
    ['a press', (over: object) => press(rig, 'discount.approve', 'd1', over)],
    ['a submitted form', (over: object) => submission(over)],
    ['a search', (over: object) => search('a', over)],
    ['a change', (over: object) => change('discount', over)],
  ])('B5.10 B5.85 %s by somebody of another workspace is an outsider’s', async (_what, make) => {
    const theirs = await only(make({ user: { id: user, team_id: 'T-ELSEWHERE' } }))
    expect(theirs).toMatchObject({ tenant, user, outsider: true })
    const ours = await only(make({}))
    expect(ours.outsider).toBeUndefined()
  })

  it('B5.85 a form opened in a shared channel belongs to the workspace we are installed in', async () => {
    const gesture = await only(
      submission(
        { team: { id: 'T-ELSEWHERE' }, user: { id: 'U9', team_id: 'T-ELSEWHERE' } },
        { app_installed_team_id: tenant },
      ),
    )
    expect(gesture).toMatchObject({ tenant, user: 'U9', outsider: true })
  })

  it('B5.85 an event of a shared channel belongs to the workspace that installed us', async () => {
    const gesture = await only(
      event(
        {
          type: 'message',
          channel_type: 'channel',
          channel: 'C1',
          user: 'U9',
          user_team: 'T-ELSEWHERE',
          ts: '1.1',
          thread_ts: '1.0',
          text: 'hi',
        },
        { team_id: 'T-ELSEWHERE', context_team_id: 'T-ELSEWHERE' },
      ),
      json,
    )
    expect(gesture).toMatchObject({ tenant, user: 'U9', outsider: true })
  })

  it('B5.85 an organisation’s installation is told by its enterprise and the person’s workspace', async () => {
    const gesture = await only(
      press(rig, 'discount.approve', 'd1', {
        team: null,
        enterprise: { id: 'E1', name: 'Org' },
        is_enterprise_install: true,
        user: { id: user, team_id: 'T02' },
      }),
    )
    expect(gesture).toMatchObject({ tenant: 'T02', enterprise: 'E1', user })
    expect(gesture.outsider).toBeUndefined()
    const typed = await only(command(rig, '', { is_enterprise_install: 'true', enterprise_id: 'E1' }))
    expect(typed).toMatchObject({ tenant, enterprise: 'E1' })
  })

  it.each([
    ['a workflow', { function_data: { execution_id: 'Fx', inputs: {} }, bot_access_token: 'xwfp-1' }],
    ['a bot', { user: { id: 'U9', team_id: tenant, is_bot: true } }],
    ['Slackbot', { user: { id: 'USLACKBOT', team_id: tenant } }],
    ['nobody', { user: {} }],
  ])('B5.11 a button pressed by %s is acknowledged and ignored', async (_what, over) => {
    const { status, gestures } = await taken(press(rig, 'discount.approve', 'd1', over))
    expect(status).toBe(200)
    expect(gestures).toEqual([])
  })

  it.each([
    ['our own message', { bot_id: 'B01', user: 'UBOT' }],
    ['another bot’s', { bot_id: 'B77', app_id: 'A77' }],
    ['an edit', { subtype: 'message_changed' }],
    ['a join', { subtype: 'channel_join' }],
    ['words in a channel outside a thread', { channel: 'C1', channel_type: 'channel' }],
    ['no words', { text: '' }],
  ])('B5.11 %s is no gesture', async (_what, over) => {
    const message = {
      type: 'message',
      channel_type: 'im',
      channel: 'D1',
      user,
      ts: '1.1',
      text: 'hello',
      ...over,
    }
    expect((await taken(event(message), json)).gestures).toEqual([])
  })
})

describe('what is said', () => {
  it('a reply in a thread under a card names the thread and its own message, as opaque strings', async () => {
    const gesture = await only(
      event({
        type: 'message',
        channel_type: 'im',
        channel: 'D1',
        user,
        ts: '1700000000.100000',
        thread_ts: '1700000000.000100',
        text: 'Because of the volume',
      }),
      json,
    )
    expect(gesture).toMatchObject({
      kind: 'message',
      text: 'Because of the volume',
      place: { kind: 'dm', channel: 'D1', message: '1700000000.100000', thread: '1700000000.000100' },
    })
  })

  it('a choice in a message brings its drawing and what was chosen', async () => {
    const gesture = await only(
      press(rig, '', '', {
        actions: [
          {
            type: 'static_select',
            action_id: 'person.locale',
            block_id: 'drawing-5#3',
            selected_option: { text: { type: 'plain_text', text: 'English' }, value: 'en' },
          },
        ],
      }),
    )
    expect(gesture).toMatchObject({
      kind: 'button',
      action: 'person.locale',
      drawing: 'drawing-5',
      choice: 'en',
    })
  })

  it.each([
    ['/approve-discount', 'approve-discount'],
    ['/acme-approve-discount', 'approve-discount'],
    ['/acme-deal', 'deal'],
    ['/dealdesk', 'dealdesk'],
    ['/Deal', 'deal'],
    ['/big-deal-desk', 'big-deal-desk'],
  ])('%s is the command %s', (typed, name) => {
    expect(commandName(typed, ['approve-discount', 'discount', 'deal', 'dealdesk'])).toBe(name)
  })

  it('B5.35 metadata that is not an id goes no further than being one', async () => {
    const metadata = '{"request":"r1","verdict":"approve"}'
    expect(await only(submission({}, { private_metadata: metadata }))).toMatchObject({ drawing: metadata })
    expect(await only(submission({}, { private_metadata: null }))).toMatchObject({ drawing: '' })
  })

  it('B5.36 a tampered button is a button with another id, and nothing else', async () => {
    const gesture = await only(
      press(rig, 'discount.approve', 'd-of-somebody', {
        actions: [
          {
            type: 'button',
            action_id: 'discount.approve',
            value: 'd2',
            verdict: 'approve',
            approver: 'U99',
            status: 'approved',
          },
        ],
      }),
    )
    expect(gesture).toMatchObject({ action: 'discount.approve', drawing: 'd2', user })
    expect(JSON.stringify(gesture)).not.toMatch(/U99|verdict|status/)
  })

  it('B5.38 an action nobody knows any more reaches intake, which answers for it', async () => {
    rig.reply = () => ({ kind: 'say', card: say('This button is from an older version.') })
    expect(await only(press(rig, 'discount.old-verb', 'd1'))).toMatchObject({ action: 'discount.old-verb' })
    expect(await rig.api.until(() => rig.api.said[0])).toMatchObject({
      text: 'This button is from an older version.',
    })
  })

  it('B5.43 a form closed mid-way is nobody’s gesture', async () => {
    const closed = new URLSearchParams({
      payload: JSON.stringify({
        type: 'view_closed',
        team: { id: tenant },
        user: { id: user },
        view: modal(),
        is_cleared: false,
      }),
    }).toString()
    expect(await taken(closed)).toEqual({ status: 200, gestures: [] })
  })
})

describe('news of the workspace', () => {
  it.each([
    ['an uninstalled app', { type: 'app_uninstalled' }, { kind: 'uninstalled', tenant }],
    [
      'revoked tokens',
      { type: 'tokens_revoked', tokens: { bot: ['UBOT'] } },
      { kind: 'uninstalled', tenant },
    ],
    [
      'an archived channel',
      { type: 'channel_archive', channel: 'C1', user },
      { kind: 'channel-gone', tenant, channel: 'C1' },
    ],
    [
      'a deactivated person',
      { type: 'user_change', user: { id: 'U5', deleted: true } },
      { kind: 'user-changed', tenant, user: 'U5', gone: true },
    ],
    [
      'a newcomer',
      { type: 'team_join', user: { id: 'U6' } },
      { kind: 'user-changed', tenant, user: 'U6', gone: false },
    ],
  ])('%s is told', async (_what, inner, expected) => {
    const news: unknown[] = []
    const told = await createRig({ onNews: async (item) => void news.push(item) })
    const answer = await send(told, event(inner), json)
    await told.stop()
    expect(answer.status).toBe(200)
    expect(news).toEqual([expected])
  })

  it('one person’s revoked token is not the end of the installation', async () => {
    const news: unknown[] = []
    const told = await createRig({ onNews: async (item) => void news.push(item) })
    await send(told, event({ type: 'tokens_revoked', tokens: { oauth: ['U5'], bot: [] } }), json)
    await told.stop()
    expect(news).toEqual([])
  })

  it('that could not be taken is answered 500, so that Slack tells it again', async () => {
    const told = await createRig({ onNews: () => Promise.reject(new Error('no database')) })
    const answer = await send(told, event({ type: 'app_uninstalled' }), json)
    await told.stop()
    expect(answer.status).toBe(500)
  })
})
