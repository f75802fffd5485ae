import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { showConversations } from '../../src/playground/teams/screen.ts'
import { localTeams, type TestTeams } from '../support/teams-people.ts'
import { card, cardType, message, plainTeamsApp, words } from './teams-app.ts'

let teams: TestTeams
let app: Awaited<ReturnType<typeof plainTeamsApp>>
beforeAll(async () => {
  teams = await localTeams()
  app = await plainTeamsApp(teams)
})
afterAll(async () => {
  await app.close()
  await teams.close()
})

const at = (id: string) => `conversations/${encodeURIComponent(id)}`
const code = (answer: { body: Record<string, unknown> }) => (answer.body.error as { code: string })?.code
const lastHeard = () => app.heard.at(-1)!

describe('what people do reaches the app', () => {
  it('words in the personal chat, with who, where and in which language', async () => {
    const jiwon = teams.as('jiwon')
    const said = await jiwon.say('approvals')
    const { chatId } = jiwon.actor.user
    expect(lastHeard()).toMatchObject({
      type: 'message',
      id: said.id,
      channelId: 'msteams',
      serviceUrl: teams.core.serviceUrl,
      text: 'approvals',
      from: { id: chatId, aadObjectId: jiwon.id, name: '김지원' },
      recipient: { id: `28:${teams.settings.appId}` },
      conversation: {
        conversationType: 'personal',
        tenantId: jiwon.actor.tenant.id,
        id: jiwon.chat().state.id,
      },
      channelData: { tenant: { id: jiwon.actor.tenant.id } },
      locale: 'ko-KR',
    })
    expect(chatId).toMatch(/^29:/)
    expect(jiwon.chat().state.id).toMatch(/^a:/)
  })

  it('a channel’s words only where the app is mentioned, as a conversation of its own a post', async () => {
    const vera = teams.as('vera')
    const deals = vera.channel('Deals')
    const before = app.heard.length
    await deals.say('hello all')
    expect(app.heard.length).toBe(before)
    const post = await deals.mention('approvals')
    expect(lastHeard()).toMatchObject({
      text: '<at>Dealdesk</at> approvals',
      entities: [
        { type: 'mention', text: '<at>Dealdesk</at>', mentioned: { id: `28:${teams.settings.appId}` } },
        { type: 'clientInfo' },
      ],
      conversation: {
        isGroup: true,
        conversationType: 'channel',
        id: `${deals.state.id};messageid=${post.id}`,
      },
      channelData: { channel: { id: deals.state.id }, team: { name: 'Sales' } },
    })
    await post.thread().mention('why?')
    expect(lastHeard().conversation).toMatchObject({ id: `${deals.state.id};messageid=${post.id}` })
    expect(post.thread().messages()).toHaveLength(1)
  })

  it('B5.59 markup of one’s own arrives escaped, a mention does not', async () => {
    await teams.as('vera').groupChat('Deal desk').say('@Dealdesk a <b> & <at>x</at> @Daniel Cho')
    expect(lastHeard().text).toBe(
      '<at>Dealdesk</at> a &lt;b&gt; &amp; &lt;at&gt;x&lt;/at&gt; <at>Daniel Cho</at>',
    )
  })

  it('changed, deleted and restored words', async () => {
    const vera = teams.as('vera')
    const said = await vera.say('approvals')
    await said.edit('deal acme')
    expect(lastHeard()).toMatchObject({
      type: 'messageUpdate',
      id: said.id,
      text: 'deal acme',
      channelData: { eventType: 'editMessage' },
    })
    await said.remove()
    expect(lastHeard()).toMatchObject({
      type: 'messageDelete',
      id: said.id,
      channelData: { eventType: 'softDeleteMessage' },
    })
    expect(lastHeard()).not.toHaveProperty('text')
  })

  it('who came and went, without names, and where the app was put', async () => {
    const daniel = teams.as('daniel')
    const vera = teams.as('vera')
    await daniel.remove('Sales', vera.id)
    expect(lastHeard()).toMatchObject({
      type: 'conversationUpdate',
      membersRemoved: [{ id: vera.actor.user.chatId, aadObjectId: vera.id }],
      channelData: { eventType: 'teamMemberRemoved' },
    })
    expect(JSON.stringify(lastHeard().membersRemoved)).not.toContain('Vera')
    await daniel.add('Sales', vera.id)
    await daniel.uninstall('Sales')
    expect(lastHeard()).toMatchObject({ type: 'installationUpdate', action: 'remove' })
    await daniel.install('Sales')
    expect(app.heard.slice(-2)).toMatchObject([
      { type: 'conversationUpdate', membersAdded: [{ id: `28:${teams.settings.appId}` }] },
      { type: 'installationUpdate', action: 'add', conversation: { conversationType: 'channel' } },
    ])
  })

  it('every place once, when the app is rolled out', async () => {
    const own = await localTeams()
    const heard = await plainTeamsApp(own)
    try {
      await own.announce()
      const places = heard.heard
        .filter(({ type }) => type === 'installationUpdate')
        .map(({ conversation }) => (conversation as { conversationType: string }).conversationType)
      expect(places.sort()).toEqual(['channel', 'groupChat', 'personal', 'personal', 'personal', 'personal'])
      const before = heard.heard.length
      await own.announce()
      expect(heard.heard.length).toBe(before)
      // The greeting is read as it comes; what the app says next is not, and a word in a channel never was one.
      const chat = own.as('vera').chat().state
      const deals = own.as('vera').channel('Deals').state
      const unread = ({ id }: { id: string }) =>
        showConversations(own.as('vera').actor.tenant, own.as('vera').actor.user).find(
          (each) => each.id === id,
        )?.unread
      await heard.post(chat.id, 'Hello, I am Dealdesk')
      await heard.post(deals.id, 'Hello all')
      expect([unread(chat), unread(deals)]).toEqual([0, 1])
      await heard.post(chat.id, 'Something waits for you')
      expect(unread(chat)).toBe(1)
      // Whom the app greeted late, or not at all, sees its first word.
      const jiwon = own.as('jiwon').chat().state
      jiwon.greetedUntil = Date.now() - 1
      await heard.post(jiwon.id, 'Something waits for you')
      expect(jiwon.read[own.as('jiwon').actor.user.id]).toBeUndefined()
    } finally {
      await heard.close()
      await own.close()
    }
  })
})

describe('what the app does reaches people', () => {
  it('a card calls members of the team alone', async () => {
    const deals = teams.as('vera').channel('Deals').state
    const calling = (id: string) =>
      app.call('POST', `${at(deals.id)}/activities`, {
        type: 'message',
        attachments: [
          {
            contentType: cardType,
            content: card([words('For <at>Vera</at>')], {
              msteams: {
                entities: [{ type: 'mention', text: '<at>Vera</at>', mentioned: { id, name: 'Vera' } }],
              },
            }),
          },
        ],
      })
    expect((await calling(teams.as('vera').id)).status).toBe(201)
    const refused = await calling('00000000-0000-4000-8000-00000000dead')
    expect([refused.status, code(refused)]).toEqual([400, 'BadSyntax'])
  })

  it('a card to one person, changed for everybody and taken away', async () => {
    const vera = teams.as('vera')
    const created = await app.call('POST', 'conversations', {
      isGroup: false,
      bot: { id: `28:${teams.settings.appId}` },
      members: [{ id: vera.id }],
      tenantId: vera.actor.tenant.id,
      channelData: { tenant: { id: vera.actor.tenant.id } },
    })
    expect(created).toMatchObject({ status: 201, body: { id: vera.chat().state.id } })
    const id = await app.post(
      String(created.body.id),
      card([words('**22 %** for [Acme](https://a.example)')]),
    )
    const shown = await vera.chat().waitForCard(/22 % for Acme/)
    expect(shown.id).toBe(id)
    expect((await app.update(vera.chat().state.id, id, card([words('approved')]))).status).toBe(200)
    expect(shown.text()).toBe('approved')
    expect(shown.edited).toBe(true)
    expect((await app.call('DELETE', `${at(vera.chat().state.id)}/activities/${id}`)).status).toBe(200)
    expect(shown.gone).toBe(true)
  })

  it('a post in a channel and an answer under it', async () => {
    const vera = teams.as('vera')
    const deals = vera.channel('Deals')
    const created = await app.call('POST', 'conversations', {
      isGroup: true,
      channelData: { channel: { id: deals.state.id } },
      activity: message(card([words('A deal was won')])),
    })
    expect(created.status).toBe(201)
    const { id, activityId } = created.body as { id: string; activityId: string }
    expect(id).toBe(`${deals.state.id};messageid=${activityId}`)
    await app.post(id, 'Congratulations')
    const post = await deals.waitForCard(/A deal was won/)
    expect(
      post
        .thread()
        .messages()
        .map((one) => one.text()),
    ).toEqual(['Congratulations'])
  })

  it('the roster, by page and by person, with the e-mail address and whether somebody is a guest', async () => {
    const own = await localTeams({
      users: [
        { id: '11111111-0000-4000-8000-000000000001', name: 'Vera Park', email: 'vera@acme.example' },
        { id: '11111111-0000-4000-8000-000000000002', name: 'Guest', isGuest: true },
      ],
      groupChats: [
        {
          name: 'Both',
          members: ['11111111-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000002'],
        },
      ],
    })
    const its = await plainTeamsApp(own)
    try {
      const chat = own.as('Vera Park').groupChat('Both').state.id
      const { body } = await its.call('GET', `${at(chat)}/pagedmembers?pageSize=2`)
      expect(body.members).toMatchObject([
        { objectId: '11111111-0000-4000-8000-000000000001', email: 'vera@acme.example', userRole: 'user' },
        { userRole: 'guest' },
      ])
      const vera = own.as('Vera Park').actor.user
      for (const id of [vera.id, vera.chatId])
        expect((await its.call('GET', `${at(chat)}/members/${encodeURIComponent(id)}`)).body).toMatchObject({
          id: vera.chatId,
          name: 'Vera Park',
        })
      expect(code(await its.call('GET', `${at(chat)}/members/29:nobody`))).toBe(
        'MemberNotFoundInConversation',
      )
      const team = Object.keys(own.teams.tenant().teams)[0]!
      expect((await its.call('GET', `teams/${encodeURIComponent(team)}`)).body).toMatchObject({
        name: 'Sales',
        channelCount: 2,
        memberCount: 1,
      })
      expect((await its.call('GET', `teams/${encodeURIComponent(team)}/conversations`)).body).toMatchObject({
        conversations: [{ id: team }, { name: 'Deals' }],
      })
    } finally {
      await its.close()
      await own.close()
    }
  })
})

describe('what Teams refuses', () => {
  const send = (conversation: string, activity: unknown = { type: 'message', text: 'x' }) =>
    app.call('POST', `${at(conversation)}/activities`, activity)

  it('B5.51 words to somebody who blocked the app, until they unblock it', async () => {
    const minho = teams.as('minho')
    const chat = minho.chat().state.id
    await minho.block()
    const refused = await send(chat)
    expect([refused.status, code(refused)]).toEqual([403, 'ConversationBlockedByUser'])
    expect(await minho.chat().trySay('hello')).toMatchObject({ ok: false, error: 'blocked' })
    await minho.unblock()
    expect((await send(chat)).status).toBe(201)
  })

  it('B5.51 words where the app is not installed, or to an account that is switched off', async () => {
    const minho = teams.as('minho')
    const chat = minho.chat().state.id
    await minho.uninstall()
    expect(code(await send(chat))).toBe('BotNotInConversationRoster')
    const create = { members: [{ id: minho.id }], tenantId: minho.actor.tenant.id }
    expect(code(await app.call('POST', 'conversations', create))).toBe('BotNotInConversationRoster')
    expect(code(await app.call('GET', `${at(chat)}/members`))).toBe('BotNotInConversationRoster')
    await minho.install()
    expect((await app.call('POST', 'conversations', create)).status).toBe(201)
    await teams.as('daniel').deactivate(minho.id)
    expect(code(await send(chat))).toBe('MessageWritesBlocked')
    await teams.as('daniel').activate(minho.id)
  })

  it('B5.50 words to a conversation or a message that is not there', async () => {
    const vera = teams.as('vera')
    const chat = vera.chat().state.id
    expect(await send('a:nowhere')).toMatchObject({
      status: 404,
      body: { error: { code: 'ConversationNotFound' } },
    })
    expect(code(await app.update(chat, '1', card([])))).toBe('ActivityNotFound')
    const own = await vera.say('mine')
    expect((await app.update(chat, own.id, card([]))).status).toBe(403)
    const removed = await app.post(chat, 'gone soon')
    await vera.message(await vera.chat().waitForCard(/gone soon/)).remove()
    expect(code(await app.update(chat, removed, card([])))).toBe('ActivityNotFound')
  })

  it.each<[string, unknown, number, string]>([
    ['an empty message', { type: 'message' }, 400, 'BadSyntax'],
    ['an activity of another type', { type: 'trace', text: 'x' }, 400, 'BadSyntax'],
    ['a card with a mistake', message(card([{ type: 'TextBlok', text: 'x' }])), 400, 'BadSyntax'],
    [
      'another kind of attachment',
      { type: 'message', attachments: [{ contentType: 'image/gif', contentUrl: 'x' }] },
      400,
      'BadSyntax',
    ],
    ['a card over 80 KB', message(card([words('가'.repeat(27_000))])), 413, 'MessageSizeTooBig'],
    [
      'a mention of a stranger',
      {
        type: 'message',
        text: '<at>Eve</at>',
        entities: [{ type: 'mention', text: '<at>Eve</at>', mentioned: { id: '29:eve', name: 'Eve' } }],
      },
      400,
      'BadSyntax',
    ],
  ])('%s', async (_name, activity, status, error) => {
    const chat = teams.as('vera').chat()
    const before = chat.messages().length
    const refused = await send(chat.state.id, activity)
    expect([refused.status, code(refused)]).toEqual([status, error])
    expect(chat.messages()).toHaveLength(before)
  })

  it('a conversation without a tenant, with several people, or in a channel without a word', async () => {
    const vera = teams.as('vera')
    const wrong = [
      { members: [{ id: vera.id }] },
      { members: [{ id: vera.id }, { id: teams.as('daniel').id }], tenantId: vera.actor.tenant.id },
      { isGroup: true, channelData: { channel: { id: vera.channel('Deals').state.id } } },
    ]
    for (const body of wrong) expect(code(await app.call('POST', 'conversations', body))).toBe('BadSyntax')
  })

  it('an update over a card keeps what everybody sees until it is right', async () => {
    const vera = teams.as('vera')
    const id = await app.post(vera.chat().state.id, card([words('stands')]))
    const bad = await app.call('PUT', `${at(vera.chat().state.id)}/activities/${id}`, {
      type: 'message',
      attachments: [{ contentType: cardType, content: { type: 'AdaptiveCard' } }],
    })
    expect(bad.status).toBe(400)
    expect((await vera.chat().waitForCard(/stands/)).edited).toBe(false)
  })

  it('B5.45 more than seven words a second into one conversation, when it is to be as strict as that', async () => {
    let wall = Date.now()
    const own = await localTeams({ throttle: true, wall: () => wall })
    const its = await plainTeamsApp(own)
    try {
      const write = (who: string) =>
        its.call('POST', `${at(own.as(who).chat().state.id)}/activities`, { type: 'message', text: 'x' })
      for (let count = 0; count < 7; count += 1) expect((await write('vera')).status).toBe(201)
      const refused = await write('vera')
      expect([refused.status, code(refused), refused.headers.get('retry-after')]).toEqual([
        429,
        'TooManyRequests',
        '1',
      ])
      expect((await write('daniel')).status).toBe(201)
      wall += 1_000
      expect((await write('vera')).status).toBe(201)
      // Eight in two seconds are the most.
      expect((await write('vera')).status).toBe(429)
    } finally {
      await its.close()
      await own.close()
    }
  })
})
