import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { FormView } from '../../blocks/form.ts'
import { noticeCard } from '../../blocks/notice.ts'
import type { Gesture, Reply } from '../../src/gesture.ts'
import { createTeams, type Teams } from '../../src/teams/index.ts'
import type { ConversationReference } from '../../src/teams/references.ts'
import {
  type Answer,
  activityOf,
  appId,
  type ConnectorRig,
  connectorRig,
  personalChat,
  postActivity,
} from './rig.ts'

const user = '00000000-0000-4000-8000-0000000000aa'
const secret = 'postgres://user:secretpw@db/deals'

const view: FormView = {
  form: 'discount.reject',
  title: 'Reject',
  submit: 'Reject',
  close: 'Close',
  drawing: 'd1',
  items: [{ kind: 'field', name: 'reason', field: { kind: 'long-text', label: 'Why' } }],
}

describe('answering Teams in time', () => {
  let rig: ConnectorRig
  let teams: Teams
  let server: Server
  let url: string
  let take: (gesture: Gesture) => Promise<Reply>
  let taken: Gesture[] = []
  const lines: string[] = []
  const dialogs = new Map<string, FormView>()

  beforeAll(async () => {
    rig = await connectorRig()
    const known = new Map<string, ConversationReference>()
    const log = (fields: object, said: string) =>
      void lines.push(JSON.stringify({ said, ...fields, err: String((fields as { err?: unknown }).err) }))
    teams = createTeams({
      config: { appId, appType: 'MultiTenant', password: 'p', channel: rig.channel },
      intake: {
        take: (gesture) => {
          taken.push(gesture)
          return take(gesture)
        },
        commitsBeforeAck: (gesture) =>
          gesture.kind === 'submit' || (gesture.kind === 'button' && gesture.action === 'discount.approve'),
      },
      clock: { now: () => 1 },
      log: { debug: log, info: log, warn: log, error: log },
      references: {
        companyOf: async () => 'ondam',
        of: async (_tenant, conversation) => known.get(conversation),
        personal: async (_tenant, who) => [...known.values()].find((one) => one.user === who),
        newest: async () => [...known.values()][0],
        remember: async (_company, seen) => void known.set(seen.conversation, seen),
        forget: async (_tenant, conversation) => void known.delete(conversation),
        rememberUser: async () => undefined,
        chatUsersOf: async () => [],
      },
      dialogs: {
        save: async (_company, shown) => void dialogs.set(shown.drawing, shown),
        load: async (_company, drawing) => dialogs.get(drawing),
      },
      commands: ['approvals', 'dealdesk'],
      commits: (action) => action === 'discount.approve',
      production: false,
      localeOf: async () => 'en',
      isLinked: async () => true,
      budgetMs: 150,
    })
    server = createServer((req, res) => void teams.handle(req, res))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`
  })
  afterEach(() => {
    taken = []
    lines.length = 0
    rig.calls.length = 0
  })
  afterAll(async () => {
    await teams.stop(1_000)
    server.closeAllConnections()
    server.close()
    await rig.close()
  })

  const send = async (more: Record<string, unknown>): Promise<Answer> =>
    postActivity(url, activityOf(rig, { user }, more), `Bearer ${await rig.token()}`)
  const invoke = (name: string, value: unknown, more: Record<string, unknown> = {}) =>
    send({ type: 'invoke', name, value, ...more })
  const approve = (more: Record<string, unknown> = {}) =>
    invoke(
      'adaptiveCard/action',
      {
        action: {
          type: 'Action.Execute',
          verb: 'discount.approve',
          data: { action: 'discount.approve', drawing: 'd1' },
        },
        trigger: 'manual',
      },
      more,
    )
  const submit = (reason = 'no budget') =>
    invoke('task/submit', { data: { form: 'discount.reject', drawing: 'd1', reason } })
  const toChat = () =>
    rig.called((call) => call.method === 'POST' && decodeURIComponent(call.path).includes(personalChat(user)))

  it('B3.7 B5.87 a failure shows a number, and the log the rest', async () => {
    take = async () => {
      throw new Error(secret)
    }
    dialogs.set('d1', view)
    for (const answer of [
      await approve(),
      await submit(),
      await invoke('task/fetch', { data: { action: 'discount.reject', drawing: 'd1' } }),
    ]) {
      expect(answer.status).toBe(200)
      expect(answer.text).toMatch(/this number: [0-9a-f]{8}/)
      expect(answer.text).not.toContain('secretpw')
    }
    expect(lines.join('\n')).toContain(secret)
  })

  it('a form that failed stays with what was typed', async () => {
    take = async () => {
      throw new Error('down')
    }
    dialogs.set('d1', view)
    expect((await submit('because of the budget')).text).toContain('"value":"because of the budget"')
  })

  it('B5.42 a form nobody remembers says so', async () => {
    dialogs.clear()
    take = async () => ({ kind: 'field-errors', errors: { reason: 'Too short.' } })
    const { text } = await submit()
    expect(text).toContain('Too short.')
    expect(text).toContain('out of date')
  })

  it('what takes too long is answered in time, and its end is told afterwards', async () => {
    let finish: (reply: Reply) => void = () => undefined
    take = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    const answer = await approve()
    expect(answer.body.value).toMatch(/not saved yet/)
    finish({ kind: 'nothing' })
    expect(JSON.stringify((await toChat()).body)).toContain('It is saved now.')
  })

  it('a dialog whose commit takes too long keeps what was typed', async () => {
    dialogs.set('d1', view)
    let finish: (reply: Reply) => void = () => undefined
    take = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    const { text } = await submit('kept')
    expect(text).toContain('not saved yet')
    expect(text).toContain('"value":"kept"')
    finish({ kind: 'close', say: noticeCard('Rejected.') })
    expect(JSON.stringify((await toChat()).body)).toContain('Rejected.')
  })

  it('words are acknowledged before they are answered', async () => {
    let finish: (reply: Reply) => void = () => undefined
    take = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    expect(await send({ type: 'message', text: 'approvals' })).toMatchObject({ status: 200, text: '' })
    await new Promise<void>((resolve) => {
      const look = () => (taken.length > 0 ? resolve() : setImmediate(look))
      look()
    })
    finish({ kind: 'say', card: noticeCard('Nothing waits.') })
    expect(JSON.stringify((await toChat()).body)).toContain('Nothing waits.')
  })

  it('a failure of words is told with its number', async () => {
    take = async () => {
      throw new Error(secret)
    }
    await send({ type: 'message', text: 'approvals' })
    const said = JSON.stringify((await toChat()).body)
    expect(said).toMatch(/this number: [0-9a-f]{8}/)
    expect(said).not.toContain('secretpw')
  })

  it('B5.22 the same activity again gets the same answer, and the work is done once', async () => {
    take = async () => ({ kind: 'say', card: noticeCard(`Done ${taken.length}.`) })
    const [first, second] = [await approve({ id: 'same' }), await approve({ id: 'same' })]
    expect(first.text).toBe(second.text)
    expect(taken).toHaveLength(1)
    await approve({ id: 'another' })
    expect(taken).toHaveLength(2)
  })

  it('the same activity again while the first is still worked on waits for the same answer', async () => {
    take = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return { kind: 'nothing' }
    }
    const both = await Promise.all([approve({ id: 'twin' }), approve({ id: 'twin' })])
    expect(both.map((answer) => answer.text)[0]).toBe(both[1]!.text)
    expect(taken).toHaveLength(1)
  })

  it('a refusal at a card is words beside it, never a card in its place', async () => {
    take = async () => ({ kind: 'say', card: noticeCard('Already approved [by](http://evil) you <b>.') })
    const { body } = await approve()
    expect(body).toMatchObject({ statusCode: 200, type: 'application/vnd.microsoft.activity.message' })
    expect(body.value).not.toMatch(/\]\(|<b>/)
  })

  it('every kind of reply has an answer in a dialog and at a card', async () => {
    const replies: Reply[] = [
      { kind: 'nothing' },
      { kind: 'open', view },
      { kind: 'redraw', view },
      { kind: 'field-errors', errors: { reason: 'x' } },
      { kind: 'close' },
      { kind: 'close', say: noticeCard('said') },
      { kind: 'say', card: noticeCard('said') },
      { kind: 'options', options: [] },
      { kind: 'home', card: noticeCard('home') },
    ]
    for (const reply of replies) {
      take = async () => reply
      dialogs.set('d1', view)
      const fetched = await invoke('task/fetch', { data: { action: 'discount.reject', drawing: 'd1' } })
      expect(fetched.body, reply.kind).toHaveProperty('task.type')
      const submitted = await submit()
      expect(submitted.status, reply.kind).toBe(200)
      if (submitted.text !== '') expect(submitted.body, reply.kind).toHaveProperty('task.type')
      expect((await approve()).body, reply.kind).toMatchObject({
        statusCode: 200,
        type: expect.any(String) as string,
      })
    }
  })

  it('typeahead answers with the options, fifteen at most, and with none when it fails', async () => {
    const search = () =>
      invoke('application/search', { kind: 'search', queryText: 'a', dataset: 'discount.request|deal|d1' })
    take = async () => ({
      kind: 'options',
      options: Array.from({ length: 30 }, (_, i) => ({
        value: `D-${i}`,
        label: `Deal ${i}`,
        description: 'S4',
      })),
    })
    const { body } = await search()
    const { results } = body.value as { results: unknown[] }
    expect(results).toHaveLength(15)
    expect(results[0]).toEqual({ title: 'Deal 0 — S4', value: 'D-0' })
    take = async () => {
      throw new Error('down')
    }
    expect((await search()).body).toMatchObject({
      type: 'application/vnd.microsoft.search.searchResponse',
      value: { results: [] },
    })
  })

  it('an invoke that nobody knows is 501, other activities are passed over', async () => {
    expect((await invoke('composeExtension/query', {})).status).toBe(501)
    expect(await send({ type: 'typing' })).toMatchObject({ status: 200, text: '' })
    expect(await send({ type: 'messageReaction' })).toMatchObject({ status: 200, text: '' })
    expect(taken).toEqual([])
  })
})
