import { LogLevel, WebClient, WebClientEvent } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localSlack, type TestSlack } from '../support/slack-people.ts'

let slack: TestSlack
let client: WebClient
/** What triggers and response_urls go by. */
let wall: number

beforeEach(async () => {
  wall = 1_790_000_000_000
  slack = await localSlack({
    wall: () => wall,
    app: { scopes: ['commands', 'chat:write', 'im:write', 'im:history', 'users:read', 'channels:read'] },
  })
  client = clientWith(slack.botToken)
})
afterEach(() => slack.close())

const clientWith = (token: string) =>
  new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    timeout: 400,
    logLevel: LogLevel.ERROR,
    rejectRateLimitedCalls: true,
  })

/** The `data` of the error a call ends with. */
const refusal = (call: Promise<unknown>): Promise<Record<string, unknown>> =>
  call.then(
    () => ({ error: 'none: it was taken' }),
    (error: { data?: Record<string, unknown>; code?: string }) => error.data ?? { error: error.code },
  )

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const modal = (text = 'hello', more: object = {}) => ({
  type: 'modal' as const,
  title: plain('Title'),
  blocks: [{ type: 'section' as const, text: plain(text) }],
  ...more,
})
const dmOf = async (user: string): Promise<string> =>
  (await client.conversations.open({ users: user })).channel!.id!

describe('who may call', () => {
  test('no token, a strange token and a revoked one are told apart', async () => {
    expect((await refusal(clientWith('').auth.test())).error).toBe('not_authed')
    expect((await refusal(clientWith('xoxb-nobody').auth.test())).error).toBe('invalid_auth')
    await client.auth.revoke()
    expect((await refusal(client.auth.test())).error).toBe('token_revoked')
  })

  test('B5.54 a method whose scope was not granted names it', async () => {
    const response = await fetch(`${slack.apiUrl}users.lookupByEmail`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'vera@acme.example' }),
    })
    expect(await response.json()).toEqual({
      ok: false,
      error: 'missing_scope',
      needed: 'users:read.email',
      provided: 'commands,chat:write,im:write,im:history,users:read,channels:read',
    })
    expect(response.headers.get('x-oauth-scopes')).toContain('chat:write')
  })

  test('e-mail addresses are shown to those who may read them only', async () => {
    const without = await client.users.info({ user: 'U0VERA' })
    expect(without.user?.profile?.email).toBeUndefined()
    slack.slack.workspace().scopes.push('users:read.email')
    const granted = await client.users.info({ user: 'U0VERA', include_locale: true })
    expect(granted.user).toMatchObject({ locale: 'en-US', profile: { email: 'vera@acme.example' } })
  })

  test('B5.52 after an uninstallation nothing is taken any more', async () => {
    slack.slack.workspace().installed = false
    expect((await refusal(client.chat.postMessage({ channel: 'C0DEALS', text: 'x' }))).error).toBe(
      'account_inactive',
    )
  })
})

describe('messages', () => {
  test('a refused block is pointed at, and nothing is posted', async () => {
    const blocks = [{ type: 'header', text: plain('x'.repeat(151)) }]
    const answer = await refusal(client.chat.postMessage({ channel: 'C0DEALS', text: 't', blocks }))
    expect(answer).toMatchObject({
      error: 'invalid_blocks',
      errors: ['must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
    })
    expect(slack.as('U0VERA').channel('deals').messages()).toEqual([])
  })

  test('blocks that together say too much are refused as a whole', async () => {
    const of = (length: number) =>
      Array.from({ length: 5 }, () => ({ type: 'section', text: plain('x'.repeat(length / 5)) }))
    const post = (length: number) =>
      client.chat.postMessage({ channel: 'C0DEALS', text: 't', blocks: of(length) })
    expect((await post(13_200)).ok).toBe(true)
    expect((await refusal(post(13_205))).error).toBe('msg_blocks_too_long')
  })

  test('B5.50 channels that are archived, strange or without the app each have their error', async () => {
    const post = (channel: string) => refusal(client.chat.postMessage({ channel, text: 'x' }))
    const { channels, botUser } = slack.slack.workspace()
    expect((await post('C0NOWHERE')).error).toBe('channel_not_found')
    channels.C0DEALS!.members = channels.C0DEALS!.members.filter((id) => id !== botUser)
    expect((await post('C0DEALS')).error).toBe('not_in_channel')
    channels.C0DEALS!.members.push(botUser)
    await slack.as('U0DANIEL').archive('deals')
    expect((await post('C0DEALS')).error).toBe('is_archived')
  })

  test('B5.55 a message that a person deleted cannot be updated', async () => {
    const { ts } = await client.chat.postMessage({ channel: 'C0DEALS', text: 'x' })
    const card = await slack.as('U0DANIEL').channel('deals').waitForMessage(/x/)
    await card.remove()
    expect((await refusal(client.chat.update({ channel: 'C0DEALS', ts: ts!, text: 'y' }))).error).toBe(
      'message_not_found',
    )
  })

  test('an update without blocks keeps the blocks there were', async () => {
    const blocks = [{ type: 'section', text: plain('kept') }]
    const { ts } = await client.chat.postMessage({ channel: 'C0DEALS', text: 'x', blocks })
    await client.chat.update({ channel: 'C0DEALS', ts: ts!, text: 'new' })
    const card = await slack.as('U0VERA').channel('deals').waitForMessage(/kept/)
    expect(card.summary()).toBe('new')
    expect(card.edited).toBe(true)
  })

  test('an update over 4,000 characters is refused where a post is not', async () => {
    const { ts } = await client.chat.postMessage({ channel: 'C0DEALS', text: 'x'.repeat(4001) })
    const answer = await refusal(client.chat.update({ channel: 'C0DEALS', ts: ts!, text: 'x'.repeat(4001) }))
    expect(answer.error).toBe('msg_too_long')
  })

  test('B5.48 a message is found again by its metadata in the conversation it was sent to', async () => {
    const channel = await dmOf('U0VERA')
    const metadata = { event_type: 'dealdesk_delivery', event_payload: { key: 'k1' } }
    const { ts } = await client.chat.postMessage({ channel, text: 'one', metadata })
    await client.chat.postMessage({ channel, text: 'two' })
    const { messages } = await client.conversations.history({ channel, include_all_metadata: true })
    expect(messages?.map((message) => message.text)).toEqual(['two', 'one'])
    expect(
      messages?.find((message) => message.metadata && JSON.stringify(message.metadata).includes('"k1"'))?.ts,
    ).toBe(ts)
    const { messages: later } = await client.conversations.history({ channel, oldest: ts! })
    expect(later?.map((message) => message.text)).toEqual(['two'])
  })

  test('replies are in the thread and not in the conversation', async () => {
    const channel = await dmOf('U0VERA')
    const { ts } = await client.chat.postMessage({ channel, text: 'card' })
    await client.chat.postMessage({ channel, text: 'reply', thread_ts: ts! })
    const { messages } = await client.conversations.replies({ channel, ts: ts! })
    expect(messages?.map((message) => message.text)).toEqual(['card', 'reply'])
    expect((await client.conversations.history({ channel })).messages).toHaveLength(1)
  })

  test('B5.64 ts are strings of one shape, rising even when the clock steps back', async () => {
    let now = 1_790_000_000_000
    const other = await localSlack({ now: () => now })
    const api = new WebClient(other.botToken, { slackApiUrl: other.apiUrl, retryConfig: { retries: 0 } })
    const post = async () => (await api.chat.postMessage({ channel: 'C0DEALS', text: 'x' })).ts!
    const first = await post()
    now -= 3_600_000
    const second = await post()
    expect(first).toMatch(/^\d{10}\.\d{6}$/)
    expect(second > first).toBe(true)
    await other.close()
  })

  test('an ephemeral message reaches its one person and cannot be updated', async () => {
    const { message_ts: ts } = await client.chat.postEphemeral({
      channel: 'C0DEALS',
      user: 'U0VERA',
      text: 'psst',
    })
    expect((await slack.as('U0VERA').ephemeral(/psst/)).ts).toBe(ts)
    expect(slack.as('U0JIWON').channel('deals').messages()).toEqual([])
    expect((await refusal(client.chat.update({ channel: 'C0DEALS', ts: ts!, text: 'x' }))).error).toBe(
      'message_not_found',
    )
  })

  test('B5.8 no conversation is opened with somebody whose account is off', async () => {
    await slack.as('U0DANIEL').deactivate('U0VERA')
    expect((await refusal(client.conversations.open({ users: 'U0VERA' }))).error).toBe('user_disabled')
  })
})

describe('views', () => {
  const trigger = (user = 'U0VERA') => slack.core.triggers.issue('T0LOCAL', user)
  const open = (id: string, view = modal()) => client.views.open({ trigger_id: id, view })

  test('B5.40 a trigger opens one view, within three seconds', async () => {
    const id = trigger()
    wall += 2_999
    expect((await open(id)).ok).toBe(true)
    expect((await refusal(open(id))).error).toBe('exchanged_trigger_id')
    const late = trigger()
    wall += 3_000
    expect((await refusal(open(late))).error).toBe('expired_trigger_id')
    expect((await refusal(open('1.2.3'))).error).toBe('invalid_trigger_id')
  })

  test('a view that Slack would refuse does not use up the trigger', async () => {
    const id = trigger()
    const answer = await refusal(open(id, modal('hello', { title: plain('x'.repeat(25)) })))
    expect(answer).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
      },
    })
    expect((await open(id)).ok).toBe(true)
  })

  test('B5.41 an update with an old hash is a conflict and changes nothing', async () => {
    const first = (await open(trigger())).view!
    const update = (text: string, hash?: string) =>
      client.views.update({ view_id: first.id!, view: modal(text), ...(hash ? { hash } : {}) })
    await update('second', first.hash)
    expect((await refusal(update('third', first.hash))).error).toBe('hash_conflict')
    expect((await slack.as('U0VERA').modal()).text()).toBe('second')
    await update('fourth')
    expect((await slack.as('U0VERA').modal()).text()).toBe('fourth')
  })

  test('at most three views stand on each other', async () => {
    const vera = slack.as('U0VERA')
    await open(trigger())
    for (const text of ['two', 'three']) {
      const top = vera.modals().at(-1)!.id
      await client.views.push({
        trigger_id: slack.core.triggers.issue('T0LOCAL', 'U0VERA', top),
        view: modal(text),
      })
    }
    const last = slack.core.triggers.issue('T0LOCAL', 'U0VERA', vera.modals().at(-1)!.id)
    expect((await refusal(client.views.push({ trigger_id: last, view: modal() }))).error).toBe(
      'push_limit_reached',
    )
    expect(vera.modals().map((one) => one.text())).toEqual(['hello', 'two', 'three'])
  })

  test('an input that stays keeps what was typed, whatever the update says it begins with', async () => {
    const form = (initial: string, actionId = 'why') =>
      modal('hello', {
        submit: plain('Send'),
        blocks: [
          {
            type: 'input',
            block_id: 'why',
            label: plain('Why'),
            element: { type: 'plain_text_input', action_id: actionId, initial_value: initial },
          },
        ],
      })
    const { view } = await open(trigger(), form('one'))
    const shown = await slack.as('U0VERA').modal()
    await shown.fill({ why: 'typed' })
    await client.views.update({ view_id: view!.id!, view: form('two') })
    expect(shown.value('why')).toBe('typed')
    await client.views.update({ view_id: view!.id!, view: form('three', 'why-2') })
    expect(shown.value('why')).toBe('three')
  })

  test('a view over 250 KB is too large', async () => {
    const blocks = Array.from({ length: 100 }, () => ({
      type: 'section' as const,
      fields: Array.from({ length: 2 }, () => plain('x'.repeat(1300))),
    }))
    expect((await refusal(open(trigger(), modal('x', { blocks })))).error).toBe('view_too_large')
  })
})

describe('response_url', () => {
  const post = (url: string, body: object) =>
    fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
  const issue = () =>
    `${slack.core.base}/response/T0LOCAL/${slack.core.responseUrls.issue({ workspace: 'T0LOCAL', channel: 'C0DEALS', user: 'U0VERA' })}`

  test('is good five times', async () => {
    const url = issue()
    for (let use = 0; use < 5; use += 1) expect((await post(url, { text: `use ${use}` })).status).toBe(200)
    const sixth = await post(url, { text: 'six' })
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }])
    expect(slack.as('U0VERA').ephemerals()).toHaveLength(5)
  })

  test('is good for thirty minutes', async () => {
    const url = issue()
    wall += 30 * 60_000
    const late = await post(url, { text: 'late' })
    expect([late.status, await late.json()]).toEqual([404, { ok: false, error: 'expired_url' }])
  })

  test('answers all when told so', async () => {
    await post(issue(), { text: 'all', response_type: 'in_channel' })
    await slack.as('U0JIWON').channel('deals').waitForMessage(/all/)
  })
})

describe('faults', () => {
  const post = (channel = 'C0DEALS') => client.chat.postMessage({ channel, text: 'x' })
  const posted = () => slack.as('U0VERA').channel('deals').messages().length

  test('B5.45 429 says when to come back, for one channel, as often as asked', async () => {
    slack.fault({
      on: 'api',
      method: 'chat.*',
      channel: 'C0DEALS',
      kind: 'rate-limit',
      retryAfter: 7,
      times: 1,
    })
    const limited: number[] = []
    client.on(WebClientEvent.RATE_LIMITED, (seconds: number) => limited.push(seconds))
    await expect(post()).rejects.toMatchObject({ retryAfter: 7 })
    expect(limited).toEqual([7])
    expect((await post()).ok).toBe(true)
    expect((await client.chat.postMessage({ channel: await dmOf('U0VERA'), text: 'x' })).ok).toBe(true)
  })

  test('B5.47 a 5xx is not carried out', async () => {
    slack.fault({ on: 'api', method: 'chat.postMessage', kind: 'status', status: 503, times: 1 })
    await expect(post()).rejects.toMatchObject({ statusCode: 503 })
    expect(posted()).toBe(0)
  })

  test.each([
    ['hang', 0],
    ['drop', 0],
    ['accept-then-hang', 1],
    ['accept-then-drop', 1],
  ] as const)('B5.48 B5.49 after “%s” nobody answers, and %i messages are there', async (kind, there) => {
    slack.fault({ on: 'api', method: 'chat.postMessage', kind, times: 1 })
    await expect(post()).rejects.toThrow()
    expect(posted()).toBe(there)
    expect(slack.calls('chat.postMessage').at(-1)?.outcome).toBe('dropped')
    expect((await post()).ok).toBe(true)
  })

  test('any error of Slack’s can be had, until it is taken away', async () => {
    slack.fault({ on: 'api', method: 'chat.postMessage', kind: 'error', error: 'internal_error' })
    expect((await refusal(post())).error).toBe('internal_error')
    expect((await refusal(post())).error).toBe('internal_error')
    slack.core.faults.clear()
    expect((await post()).ok).toBe(true)
  })
})

describe('OAuth', () => {
  test('a code is good once and gives the workspace’s token and what was granted', async () => {
    const code = slack.slack.authorize('T0LOCAL', ['commands', 'chat:write'], 'https://app.example/back')
    const ask = (redirect_uri: string) =>
      new WebClient(undefined, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }).oauth.v2.access({
        client_id: slack.slack.app.clientId,
        client_secret: slack.slack.app.clientSecret,
        code,
        redirect_uri,
      })
    expect((await refusal(ask('https://evil.example'))).error).toBe('bad_redirect_uri')
    const granted = await ask('https://app.example/back')
    expect(granted).toMatchObject({ scope: 'commands,chat:write', team: { id: 'T0LOCAL' } })
    expect((await clientWith(granted.access_token!).auth.test()).team_id).toBe('T0LOCAL')
    expect((await refusal(ask('https://app.example/back'))).error).toBe('invalid_code')
  })

  test('B5.53 a refresh token is good once', async () => {
    const rotating = await localSlack({ rotateTokens: true, wall: () => wall })
    const api = (token?: string) =>
      new WebClient(token, { slackApiUrl: rotating.apiUrl, retryConfig: { retries: 0 } })
    const secrets = {
      client_id: rotating.slack.app.clientId,
      client_secret: rotating.slack.app.clientSecret,
    }
    const first = await api().oauth.v2.access({
      ...secrets,
      code: rotating.slack.authorize('T0LOCAL', ['commands']),
    })
    const refresh = () =>
      api().oauth.v2.access({
        ...secrets,
        grant_type: 'refresh_token',
        refresh_token: first.refresh_token!,
      })
    const second = await refresh()
    expect(second.access_token).not.toBe(first.access_token)
    expect((await refusal(refresh())).error).toBe('invalid_refresh_token')
    wall += 43_200_000
    expect((await refusal(api(second.access_token!).auth.test())).error).toBe('token_expired')
    await rotating.close()
  })
})

describe('the log of what goes over the wire', () => {
  test('B5.87 shows no token and no secret', async () => {
    await client.chat.postMessage({ channel: 'C0DEALS', text: 'x' })
    await client.oauth.v2
      .access({
        client_id: slack.slack.app.clientId,
        client_secret: slack.slack.app.clientSecret,
        code: slack.slack.authorize('T0LOCAL', ['commands']),
      })
      .then((granted) => expect(granted.ok).toBe(true))
    const log = JSON.stringify(slack.core.traffic.list(0, 100))
    for (const secret of [slack.botToken, slack.slack.app.clientSecret, slack.signingSecret])
      expect(log).not.toContain(secret)
    expect(log).toContain('chat.postMessage')
  })
})
