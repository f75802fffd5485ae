import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Card } from '../../blocks/card.ts'
import { createRig, type Rig, say, tenant } from './rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await createRig()
})
afterEach(() => rig.stop())

const to = { tenant, channel: 'D01' }
const post = () => rig.slack.courier.post(to, say('Please decide.'), 'key-1')
const refused = (error: string, more: object = {}) => ({ ok: false, error, ...more })

it('a card is posted once, with the key it can be found by and nothing unfurled', async () => {
  const sent = await post()
  expect(sent).toMatchObject({ outcome: 'sent', ref: { platform: 'slack', tenant, channel: 'D01' } })
  expect(rig.api.of('chat.postMessage')).toEqual([
    expect.objectContaining({
      channel: 'D01',
      text: 'Please decide.',
      metadata: { event_type: 'dealdesk_delivery', event_payload: { key: 'key-1' } },
      // B5.58, B5.61
      link_names: 'false',
      unfurl_links: 'false',
      unfurl_media: 'false',
    }),
  ])
  expect(rig.api.calls[0]?.token).toBe('xoxb-of-the-tests')
})

it('B5.64 a message’s ts comes back exactly as Slack wrote it', async () => {
  rig.api.script('chat.postMessage', { ok: true, channel: 'D01', ts: '1700000000.000100' })
  const sent = await post()
  if (sent.outcome !== 'sent') throw new Error(sent.outcome)
  expect(sent.ref.message).toBe('1700000000.000100')
  await rig.slack.courier.update(sent.ref, say('Settled.'))
  expect(rig.api.of('chat.update')[0]).toMatchObject({
    channel: 'D01',
    ts: '1700000000.000100',
    text: 'Settled.',
  })
})

it('a line goes into its thread, and not to the channel', async () => {
  await rig.slack.courier.post({ ...to, thread: '1700000000.000100' }, say('Why?'), 'key-2')
  expect(rig.api.of('chat.postMessage')[0]).toMatchObject({ thread_ts: '1700000000.000100' })
  expect(rig.api.of('chat.postMessage')[0]).not.toHaveProperty('reply_broadcast')
})

it('the DM with a person is opened once', async () => {
  expect(await rig.slack.courier.reach(tenant, 'U05')).toEqual({ outcome: 'sent', channel: 'D-U05' })
  expect(await rig.slack.courier.reach(tenant, 'U05')).toEqual({ outcome: 'sent', channel: 'D-U05' })
  expect(rig.api.of('conversations.open')).toHaveLength(1)
})

describe('what a refusal of Slack’s means', () => {
  it.each([
    ['B5.50 is_archived', refused('is_archived'), { outcome: 'dead', what: 'place-gone' }],
    ['B5.50 channel_not_found', refused('channel_not_found'), { outcome: 'dead', what: 'place-gone' }],
    ['B5.50 not_in_channel', refused('not_in_channel'), { outcome: 'dead', what: 'place-gone' }],
    ['B5.51 user_disabled', refused('user_disabled'), { outcome: 'dead', what: 'place-gone' }],
    [
      'B5.51 messages_tab_disabled',
      refused('messages_tab_disabled'),
      { outcome: 'dead', what: 'place-gone' },
    ],
    ['B5.52 account_inactive', refused('account_inactive'), { outcome: 'dead', what: 'workspace-gone' }],
    ['B5.52 token_revoked', refused('token_revoked'), { outcome: 'dead', what: 'workspace-gone' }],
    ['B5.52 invalid_auth', refused('invalid_auth'), { outcome: 'dead', what: 'workspace-gone' }],
    [
      'B5.54 missing_scope',
      refused('missing_scope', { needed: 'chat:write', provided: 'commands' }),
      { outcome: 'dead', what: 'refused', why: 'missing_scope: chat:write' },
    ],
    ['B5.55 message_not_found', refused('message_not_found'), { outcome: 'dead', what: 'message-gone' }],
    ['B5.55 cant_update_message', refused('cant_update_message'), { outcome: 'dead', what: 'message-gone' }],
    [
      'B5.56 msg_blocks_too_long',
      refused('msg_blocks_too_long'),
      { outcome: 'dead', what: 'refused', why: 'msg_blocks_too_long' },
    ],
    [
      'an error nobody knows',
      refused('constructor'),
      { outcome: 'dead', what: 'refused', why: 'constructor' },
    ],
    ['B5.47 internal_error', refused('internal_error'), { outcome: 'unknown', why: 'internal_error' }],
    ['B5.47 fatal_error', refused('fatal_error'), { outcome: 'unknown', why: 'fatal_error' }],
    ['B5.47 a 500', { http: 500 }, { outcome: 'unknown', why: 'HTTP 500' }],
    ['B5.47 a 503', { http: 503 }, { outcome: 'unknown', why: 'HTTP 503' }],
    ['B5.48 a connection that breaks', 'drop' as const, { outcome: 'unknown' }],
    [
      'B5.45 a 429',
      { http: 429, headers: { 'retry-after': '7' } },
      { outcome: 'later', afterMs: 7_000, scope: 'conversation' },
    ],
    ['B5.45 a 429 without Retry-After', { http: 429 }, { outcome: 'later', afterMs: 30_000 }],
    ['B5.45 ratelimited', refused('ratelimited'), { outcome: 'later' }],
  ])('%s', async (_what, answer, expected) => {
    rig.api.script('chat.postMessage', answer)
    expect(await post()).toMatchObject(expected)
    // B3.5: whatever happened, it was tried once.
    expect(rig.api.of('chat.postMessage')).toHaveLength(1)
  })

  it('is the same for an update and for opening a DM', async () => {
    const ref = { platform: 'slack', tenant, channel: 'D01', message: '1.1' } as const
    rig.api.script('chat.update', refused('message_not_found'))
    expect(await rig.slack.courier.update(ref, say('x'))).toMatchObject({ what: 'message-gone' })
    rig.api.script('conversations.open', refused('user_not_found'))
    expect(await rig.slack.courier.reach(tenant, 'U404')).toMatchObject({ what: 'place-gone' })
  })
})

describe('B5.48 a message whose post was never answered', () => {
  const message = (key: string) => ({
    ts: '1700000000.000200',
    metadata: { event_type: 'dealdesk_delivery', event_payload: { key } },
  })
  const find = (thread?: string) =>
    rig.slack.courier.find({ ...to, ...(thread ? { thread } : {}) }, 'key-1', 1_700_000_000_000)

  it('is found by its key', async () => {
    rig.api.script('conversations.history', { ok: true, messages: [message('other'), message('key-1')] })
    expect(await find()).toEqual({ platform: 'slack', tenant, channel: 'D01', message: '1700000000.000200' })
    expect(rig.api.of('conversations.history')[0]).toMatchObject({
      include_all_metadata: 'true',
      oldest: '1699999940.000000',
    })
  })
  it('is looked for in its thread', async () => {
    rig.api.script('conversations.replies', { ok: true, messages: [message('key-1')] })
    expect(await find('1700000000.000100')).toMatchObject({ message: '1700000000.000200' })
  })
  it('is not there when the whole page says so', async () => {
    rig.api.script('conversations.history', { ok: true, messages: [message('other')], has_more: false })
    expect(await find()).toBe('not-there')
  })
  it.each([
    ['the page was not the last', { ok: true, messages: [], has_more: true }],
    ['the scope is missing', refused('missing_scope')],
  ])('can never be told when %s', async (_what, answer) => {
    rig.api.script('conversations.history', answer)
    expect(await find()).toBeUndefined()
  })
  it.each([
    ['Slack limits the method', { http: 429, headers: { 'retry-after': '60' } }],
    ['Slack is away', { http: 503 }],
  ])(
    'is asked for again later when %s, so that no second copy is posted meanwhile',
    async (_what, answer) => {
      rig.api.script('conversations.history', answer)
      await expect(find()).rejects.toThrow()
    },
  )
})

it('the token is never used for another workspace once Slack has said whose it is', async () => {
  await rig.slack.start()
  await rig.api.call('auth.test')
  await rig.slack.checkScopes()
  const sent = await rig.slack.courier.post({ tenant: 'T-OTHER', channel: 'C1' }, say('x'), 'k')
  expect(sent).toMatchObject({ outcome: 'dead', what: 'workspace-gone' })
  expect(rig.api.of('chat.postMessage')).toEqual([])
})

it('B5.54 the check of scopes names what the workspace did not grant', async () => {
  const [check] = await rig.slack.checkScopes()
  expect(check).toMatchObject({ tenant, outcome: 'missing' })
  const missing = check?.outcome === 'missing' ? check.scopes : []
  expect(missing).toContain('im:write')
  expect(missing).not.toContain('commands')
})

it('calls nobody before it is started or spoken to', () => {
  expect(rig.api.calls).toEqual([])
})

describe('who Slack says somebody is', () => {
  const person = {
    id: 'U01',
    team_id: tenant,
    profile: { email: 'kim@acme.example', real_name: 'Kim' },
    locale: 'ko-KR',
    tz: 'Asia/Seoul',
  }
  it('a full member', async () => {
    rig.api.script('users.info', { ok: true, user: person })
    expect(await rig.slack.directory.profile(tenant, 'U01')).toEqual({
      email: 'kim@acme.example',
      name: 'Kim',
      member: true,
      locale: 'ko-KR',
      timeZone: 'Asia/Seoul',
    })
  })
  it.each([
    ['a guest', { is_restricted: true }],
    ['a single-channel guest', { is_ultra_restricted: true }],
    ['a bot', { is_bot: true }],
    ['somebody who left', { deleted: true }],
    ['somebody of another workspace', { team_id: 'T-ELSEWHERE' }],
    ['a stranger', { is_stranger: true }],
    ['an address nobody confirmed', { is_email_confirmed: false }],
  ])('B5.10 %s is no member', async (_what, over) => {
    rig.api.script('users.info', { ok: true, user: { ...person, ...over } })
    expect((await rig.slack.directory.profile(tenant, 'U01'))?.member).toBe(false)
  })
  it('nobody, when Slack does not say', async () => {
    rig.api.script('users.info', refused('user_not_found'))
    expect(await rig.slack.directory.profile(tenant, 'U404')).toBeUndefined()
  })
})

it('a card that can’t be drawn is final at once, with the reason, and Slack is not asked', async () => {
  const card = { summary: 'x', blocks: [{ kind: 'unheard-of' } as never] }
  expect(await rig.slack.courier.post(to, card, 'k')).toMatchObject({ outcome: 'dead', what: 'refused' })
  expect(rig.api.calls).toEqual([])
})

it('a card of 60 items is posted, not refused', async () => {
  const card: Card = {
    summary: 'Inbox',
    blocks: Array.from({ length: 60 }, (_, i) => ({
      kind: 'row',
      text: [{ user: `Deal ${i}` }],
      buttons: [{ action: 'deal.open', label: 'Open', drawing: `d${i}` }],
    })),
  }
  expect((await rig.slack.courier.post(to, card, 'k')).outcome).toBe('sent')
  expect((rig.api.of('chat.postMessage')[0]!.blocks as unknown[]).length).toBe(50)
})
