import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Card } from '../../blocks/card.ts'
import { Connectors, TeamsAuthentication } from '../../src/teams/adapter.ts'
import { createCourier } from '../../src/teams/courier.ts'
import { NoConversation, outcomeOf } from '../../src/teams/failure.ts'
import { createPost, splitConversation, threadOf } from '../../src/teams/post.ts'
import { type ConversationReference, createMemory, type References } from '../../src/teams/references.ts'
import { appId, type ConnectorRig, connectorRig, personalChat, tenant } from './rig.ts'

const user = '00000000-0000-4000-8000-0000000000aa'
const nobody = '00000000-0000-4000-8000-0000000000bb'
const channel = '19:channel@thread.tacv2'
const chat = personalChat(user)
const card: Card = {
  summary: '**32 %** for <at>Acme</at>',
  blocks: [{ kind: 'text', text: [{ user: 'Acme' }] }],
  topic: [{ user: 'Acme renewal' }],
  own: { action: 'discount.open', drawing: 'd1', people: ['kim'] },
}

describe('the courier of Teams', () => {
  let rig: ConnectorRig
  let known: ConversationReference[]
  let courier: ReturnType<typeof createCourier>
  beforeAll(async () => {
    rig = await connectorRig()
  })
  afterAll(() => rig.close())
  beforeEach(() => {
    rig.calls.length = 0
    const { serviceUrl } = rig
    known = [
      { tenant, conversation: chat, kind: 'personal', user, bot: `28:${appId}`, serviceUrl },
      { tenant, conversation: channel, kind: 'channel', bot: `28:${appId}`, serviceUrl },
    ]
    const references: References = {
      companyOf: async () => 'ondam',
      of: async (_tenant, conversation) => known.find((one) => one.conversation === conversation),
      personal: async (_tenant, who) => known.find((one) => one.user === who),
      newest: async () => known[0],
      remember: async (_company, seen) => void known.push(seen),
      forget: async (_tenant, conversation) => {
        known = known.filter((one) => one.conversation !== conversation)
      },
      rememberUser: async () => undefined,
      chatUsersOf: async (_tenant, people) => people.map((person) => `29:${person}`),
    }
    const config = { appId, appType: 'MultiTenant', password: 'p', channel: rig.channel } as const
    const connectors = new Connectors(new TeamsAuthentication(config), appId)
    const memory = createMemory(references)
    const post = createPost({ connectors, references, memory, appId, timeoutMs: 400 })
    courier = createCourier({
      post,
      memory,
      references,
      commits: () => false,
      pictures: { ready: async () => undefined, of: async () => undefined },
    })
  })

  const post = (to: string = chat, thread?: string) =>
    courier.post({ tenant, channel: to, ...(thread ? { thread } : {}) }, card, 'd1')
  const update = () => courier.update({ platform: 'teams', tenant, channel: chat, message: '17' }, card)
  const attempts = () => rig.calls.filter((call) => /activities/.test(call.path))

  it('reaches a person in the chat that is known, with the bot’s own token', async () => {
    expect(await courier.reach(tenant, user)).toEqual({ outcome: 'sent', channel: chat })
    expect(await post()).toMatchObject({ outcome: 'sent', ref: { platform: 'teams', tenant, channel: chat } })
    expect(attempts()).toMatchObject([
      { method: 'POST', authorization: 'Bearer bot-token', body: { type: 'message' } },
    ])
  })

  it('opens a chat by the Entra id of somebody who never wrote, and remembers it', async () => {
    const reached = await courier.reach(tenant, nobody)
    expect(reached).toEqual({ outcome: 'sent', channel: `a:made-for-${nobody}` })
    expect(rig.calls[0]!.body).toMatchObject({ isGroup: false, tenantId: tenant, members: [{ id: nobody }] })
    expect(await courier.reach(tenant, nobody)).toEqual(reached)
    expect(rig.calls).toHaveLength(1)
  })

  it('has no way to a person of a tenant where the app was never seen', async () => {
    known = []
    expect(await courier.reach(tenant, nobody)).toMatchObject({ outcome: 'dead', what: 'place-gone' })
  })

  it('updates a card for everybody, by its id', async () => {
    expect(await update()).toMatchObject({ outcome: 'sent', ref: { message: '17' } })
    expect(attempts()).toMatchObject([{ method: 'PUT', body: { id: '17' } }])
  })

  it('puts a line into the thread of a channel, and by itself, with what it is about, into a chat', async () => {
    await post(channel, '171')
    expect(decodeURIComponent(attempts()[0]!.path)).toContain(`${channel};messageid=171/activities`)
    expect(JSON.stringify(attempts()[0]!.body)).not.toContain('Acme renewal')
    await post(chat, '171')
    expect(decodeURIComponent(attempts()[1]!.path)).toContain(`${chat}/activities`)
    expect(JSON.stringify(attempts()[1]!.body)).toContain('Acme renewal')
    expect(courier.hasThreads?.(chat)).toBe(false)
    expect(courier.hasThreads?.(channel)).toBe(true)
  })

  it('lets those a card of their own is for fetch it, in conversations of several alone', async () => {
    await post(channel)
    await post(chat)
    expect(JSON.stringify(attempts()[0]!.body)).toContain('"userIds":["29:kim"]')
    expect(JSON.stringify(attempts()[1]!.body)).not.toContain('userIds')
  })

  it('can’t look for a message: what may have arrived is sent again', async () => {
    expect(await courier.find({ tenant, channel: chat }, 'd1', 0)).toBeUndefined()
  })

  it('keeps under seven messages a second and sixty in half a minute', () => {
    expect(courier.paceMs).toBeGreaterThanOrEqual(500)
  })

  it.each([
    [
      '429 with Retry-After',
      { status: 429, headers: { 'retry-after': '3' } },
      { outcome: 'later', afterMs: 3_000, scope: 'conversation' },
    ],
    ['429 without', { status: 429 }, { outcome: 'later', scope: 'conversation' }],
    [
      '412',
      { status: 412, body: { error: { code: 'PreconditionFailed' } } },
      { outcome: 'later', scope: 'conversation' },
    ],
    ['500', { status: 500, body: { error: { code: 'ServiceError' } } }, { outcome: 'unknown' }],
    ['502', { status: 502 }, { outcome: 'unknown' }],
    [
      '503 with Retry-After',
      { status: 503, headers: { 'retry-after': '2' } },
      { outcome: 'later', afterMs: 2_000, scope: 'workspace' },
    ],
    ['503 without', { status: 503 }, { outcome: 'unknown' }],
    ['504', { status: 504 }, { outcome: 'unknown' }],
    ['a lost connection', { status: 0, drop: true }, { outcome: 'unknown' }],
    ['401', { status: 401 }, { outcome: 'later', scope: 'workspace' }],
    [
      '403 ConversationBlockedByUser',
      { status: 403, body: { error: { code: 'ConversationBlockedByUser' } } },
      { outcome: 'dead', what: 'place-gone' },
    ],
    [
      '403 BotNotInConversationRoster',
      { status: 403, body: { error: { code: 'BotNotInConversationRoster' } } },
      { outcome: 'dead', what: 'place-gone' },
    ],
    [
      '403 BotDisabledByAdmin',
      { status: 403, body: { error: { code: 'BotDisabledByAdmin' } } },
      { outcome: 'dead', what: 'place-gone' },
    ],
    [
      '403 MessageWritesBlocked',
      { status: 403, body: { error: { code: 'MessageWritesBlocked' } } },
      { outcome: 'dead', what: 'place-gone' },
    ],
    [
      '403 of another name',
      { status: 403, body: { error: { code: 'Whatever' } } },
      { outcome: 'dead', what: 'place-gone' },
    ],
    [
      '404 ConversationNotFound',
      { status: 404, body: { error: { code: 'ConversationNotFound' } } },
      { outcome: 'dead', what: 'place-gone' },
    ],
    [
      '413',
      { status: 413, body: { error: { code: 'MessageSizeTooBig' } } },
      { outcome: 'dead', what: 'refused' },
    ],
    ['400', { status: 400, body: { error: { code: 'BadSyntax' } } }, { outcome: 'dead', what: 'refused' }],
  ] as const)('B3.6 B5.45–B5.51 %s: one call, and what it means', async (_what, answer, expected) => {
    rig.script(/^POST .*activities/, answer)
    expect(await post()).toMatchObject(expected)
    expect(attempts()).toHaveLength(1)
  })

  it('whoever Teams will not call, because they are not in the team, is named, and the others are called', async () => {
    const calling = (...people: readonly (readonly [string, string])[]): Card => ({
      summary: 's',
      blocks: people.map(([bold, mention]) => ({ kind: 'note', text: ['For ', { bold, mention }] })),
    })
    const to = { tenant, channel }
    const refuse = () =>
      rig.script(/^POST .*activities/, { status: 400, body: { error: { code: 'BadSyntax' } } })
    const sent = () => attempts().map(({ body }) => JSON.stringify(body).match(/<at>\w+<.at>/g)?.length ?? 0)
    rig.members.set(user, { id: '29:kim', aadObjectId: user })
    refuse()
    expect(await courier.post(to, calling(['Kim', user], ['Lee', nobody]), 'd1')).toMatchObject({
      outcome: 'sent',
    })
    // Each stands in the text and among the entities.
    expect(sent()).toEqual([4, 2])
    // From then on nobody tries to call the one who is not there.
    await courier.post(to, calling(['Kim', user], ['Lee', nobody]), 'd2')
    expect(sent()).toEqual([4, 2, 2])
    // Refused though everybody is there: nobody is called.
    refuse()
    expect(await courier.post(to, calling(['Kim', user]), 'd3')).toMatchObject({ outcome: 'sent' })
    expect(sent()).toEqual([4, 2, 2, 2, 0])
  })

  it('a 404 at an update is the message’s, unless it is said of the conversation', async () => {
    rig.script(/^PUT/, { status: 404, body: { error: { code: 'ActivityNotFoundInConversation' } } })
    expect(await update()).toMatchObject({ outcome: 'dead', what: 'message-gone' })
    rig.script(/^PUT/, { status: 404 })
    expect(await update()).toMatchObject({ outcome: 'dead', what: 'message-gone' })
    rig.script(/^PUT/, { status: 404, body: { error: { code: 'ConversationNotFound' } } })
    expect(await update()).toMatchObject({ outcome: 'dead', what: 'place-gone' })
  })

  it('B5.51 a place that is gone is forgotten, and known again after the next activity in it', async () => {
    rig.script(/^POST .*activities/, { status: 403, body: { error: { code: 'ConversationBlockedByUser' } } })
    await post()
    expect(known.map((one) => one.conversation)).toEqual([channel])
  })

  it('B5.49 a call that is never answered ends by its own time-out', async () => {
    rig.script(/^POST .*activities/, { status: 0, hang: true })
    expect(await post()).toMatchObject({ outcome: 'unknown' })
    expect(attempts()).toHaveLength(1)
  })

  it('without a token of its own nothing was sent: everything waits and is tried again', async () => {
    rig.tokenDown = true
    expect(await post()).toEqual({ outcome: 'later', afterMs: 60_000, scope: 'workspace' })
    rig.tokenDown = false
    expect(attempts()).toEqual([])
  })

  it('a place nobody knows the way to is gone', () => {
    expect(outcomeOf(new NoConversation('write'), 'post')).toMatchObject({
      outcome: 'dead',
      what: 'place-gone',
    })
  })
})

it('a conversation names the post it is under', () => {
  expect(splitConversation(threadOf(channel, '17'))).toEqual({ channel, thread: '17' })
  expect(splitConversation(chat)).toEqual({ channel: chat })
})
