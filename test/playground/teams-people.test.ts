import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localTeams, type TestTeams } from '../support/teams-people.ts'
import { card, cardType, type Heard, plainTeamsApp, words } from './teams-app.ts'

let teams: TestTeams
let app: Awaited<ReturnType<typeof plainTeamsApp>>
let answer: (activity: Heard) => unknown
beforeEach(async () => {
  teams = await localTeams({ invokeMs: 1000 })
  answer = () => undefined
  app = await plainTeamsApp(teams, (activity) => answer(activity))
})
afterEach(async () => {
  await app.close()
  await teams.close()
})

const opens = {
  type: 'Action.Submit',
  title: 'Ask',
  data: { msteams: { type: 'task/fetch' }, action: 'discount.start' },
}
const form = (body: unknown[] = [], title = 'Send') =>
  card([...body, { type: 'Input.Number', id: 'discount', label: 'Discount', min: 0, max: 100 }], {
    actions: [{ type: 'Action.Submit', title, data: { form: 'discount.request' } }],
  })
const dialog = (content: unknown, title = 'Discount') => ({
  task: {
    type: 'continue',
    value: { title, height: 'medium', width: 'medium', card: { contentType: cardType, content } },
  },
})
const sentValue = (activity: Heard | undefined) => activity?.value as Record<string, never>

/** Vera with a button that opens a dialog, pressed. */
async function opened(content: unknown = form()) {
  const vera = teams.as('vera')
  answer = ({ name }) => (name === 'task/fetch' ? dialog(content) : undefined)
  await app.post(vera.chat().state.id, card([words('Ask here')], { actions: [opens] }))
  await (await vera.chat().waitForCard(/Ask here/)).press('Ask')
  return { vera, dialog: await vera.dialog() }
}

describe('a dialog', () => {
  it('opens from a button, is drawn again with an error, and closes when it is right', async () => {
    const { vera, dialog: open } = await opened()
    expect([open.title, open.text()]).toEqual(['Discount', 'Discount []\n[Send]'])
    const fetched = app.heard.find(({ name }) => name === 'task/fetch')
    expect(sentValue(fetched)).toMatchObject({
      data: { action: 'discount.start' },
      context: { theme: 'default' },
    })
    expect(fetched).toMatchObject({
      type: 'invoke',
      replyToId: expect.any(String),
      from: { aadObjectId: vera.id },
    })

    answer = () => dialog(form([words('At most 40 %')]))
    await open.fill({ discount: '55' })
    await open.continue()
    expect(open.text()).toContain('At most 40 %')
    // Everything arrives as text, numbers too.
    expect(sentValue(app.heard.at(-1))).toMatchObject({ data: { form: 'discount.request', discount: '55' } })

    answer = () => ''
    await open.fill({ discount: '22' })
    await open.submit()
    expect(open.closed).toBe(true)
  })

  it('may end with a sentence, which closes with one press', async () => {
    const { vera, dialog: open } = await opened()
    answer = () => ({ task: { type: 'message', value: 'Your request is on its way.' } })
    await open.submit()
    expect(open.text()).toBe('Your request is on its way.')
    await open.close()
    await vera.noDialog()
  })

  it('B5.43 tells the app nothing when it is closed, and forgets what was typed', async () => {
    const { vera, dialog: open } = await opened()
    await open.fill({ discount: '22' })
    const before = app.heard.length
    await open.close()
    expect(app.heard.length).toBe(before)
    await (await vera.chat().waitForCard(/Ask here/)).press('Ask')
    expect((await vera.dialog()).value('discount')).toBe('')
  })

  it('holds what is required and what is a number before anything is sent', async () => {
    const required = card(
      [{ type: 'Input.Text', id: 'reason', label: 'Reason', isRequired: true, errorMessage: 'Say why.' }],
      { actions: [{ type: 'Action.Submit', title: 'Send' }] },
    )
    const { dialog: open } = await opened(required)
    const before = app.heard.length
    expect(await open.trySubmit()).toMatchObject({ error: 'invalid_inputs', errors: { reason: 'Say why.' } })
    expect(open.errors()).toEqual({ reason: 'Say why.' })
    expect(app.heard.length).toBe(before)
    await open.fill({ reason: 'Competitor' })
    answer = () => ''
    await open.submit()
  })

  it('shows an error, and keeps the answers, when the app does not answer in time or answers nonsense', async () => {
    const { dialog: open } = await opened()
    await open.fill({ discount: '22' })
    answer = () => new Promise(() => {})
    expect(await open.trySubmit()).toMatchObject({ error: 'operation_timeout' })
    expect(open.error()).toMatch(/did not answer in time/)
    answer = () => ({ task: { type: 'continue', value: { card: card([]) } } })
    expect(await open.trySubmit()).toMatchObject({ error: 'invalid_answer' })
    expect(open.value('discount')).toBe('22')
  })

  it('is not sent twice while it is on its way', async () => {
    const { dialog: open } = await opened()
    let give: (answer: unknown) => void = () => {}
    let asked: () => void = () => {}
    const onItsWay = new Promise<void>((resolve) => {
      asked = resolve
    })
    answer = () => {
      asked()
      return new Promise((resolve) => {
        give = resolve
      })
    }
    const first = open.trySubmit()
    await onItsWay
    expect(await open.trySubmit()).toEqual({ ok: true })
    give('')
    expect(await first).toEqual({ ok: true })
    expect(app.heard.filter(({ name }) => name === 'task/submit')).toHaveLength(1)
  })
})

describe('a typeahead', () => {
  const deals = {
    type: 'Input.ChoiceSet',
    id: 'deal',
    label: 'Deal',
    style: 'filtered',
    choices: [],
    'choices.data': { type: 'Data.Query', dataset: 'deals' },
  }
  const found = (...results: { title: string; value: string }[]) => ({
    type: 'application/vnd.microsoft.search.searchResponse',
    value: { results },
  })

  it('asks the app as one types, and takes only what it offered', async () => {
    const { dialog: open } = await opened(
      card([deals], { actions: [{ type: 'Action.Submit', title: 'Send' }] }),
    )
    answer = ({ name }) =>
      name === 'application/search' ? found({ title: 'Acme renewal', value: 'D-1' }) : ''
    await open.fill({ Deal: 'acme' })
    expect(sentValue(app.heard.at(-1))).toEqual({
      queryText: 'acme',
      queryOptions: { skip: 0, top: 15 },
      dataset: 'deals',
    })
    expect(open.value('Deal')).toBe('Acme renewal')
    await open.submit()
    expect(sentValue(app.heard.at(-1))).toMatchObject({ data: { deal: 'D-1' } })
  })

  it('refuses a value that nobody offered', async () => {
    const { dialog: open } = await opened(
      card([deals], { actions: [{ type: 'Action.Submit', title: 'Send' }] }),
    )
    answer = () => found()
    await expect(open.fill({ Deal: 'D-99' })).rejects.toThrow(/not offered/)
  })
})

describe('a card for everybody', () => {
  const decide = {
    type: 'Action.Execute',
    title: 'Approve',
    verb: 'discount.approve',
    data: { drawing: 'd1' },
  }
  const mine = (text: string, more: Record<string, unknown> = {}) => ({
    statusCode: 200,
    type: cardType,
    value: card([words(text)], more),
  })
  const refreshFor = (...ids: string[]) => ({
    refresh: { action: { type: 'Action.Execute', verb: 'mine', data: { drawing: 'd1' } }, userIds: ids },
  })

  it('changes by Action.Execute for whoever pressed, and for all when the app updates it', async () => {
    const [vera, daniel] = [teams.as('vera'), teams.as('daniel')]
    const chat = vera.groupChat('Deal desk')
    const id = await app.post(chat.state.id, card([words('22 % for Acme?')], { actions: [decide] }))
    const hers = await chat.waitForCard(/Acme/)
    answer = () => mine('You approved')
    await hers.press('Approve')
    expect(sentValue(app.heard.at(-1))).toEqual({
      action: { type: 'Action.Execute', title: 'Approve', verb: 'discount.approve', data: { drawing: 'd1' } },
      trigger: 'manual',
    })
    expect([hers.text(), hers.own]).toEqual(['You approved', true])
    expect(daniel.message(hers).text()).toContain('22 % for Acme?')
    await app.update(chat.state.id, id, card([words('Approved by Vera')]))
    expect([hers.text(), hers.own]).toEqual(['Approved by Vera', false])
    expect(daniel.message(hers).text()).toBe('Approved by Vera')
  })

  it('fetches the own view of those it lists, when they look, once for each version', async () => {
    const [vera, daniel] = [teams.as('vera'), teams.as('daniel')]
    const chat = vera.groupChat('Deal desk')
    const base = card([words('Waiting')], refreshFor(vera.actor.user.chatId))
    answer = ({ name }) => (name === 'adaptiveCard/action' ? mine('Yours to decide') : undefined)
    const id = await app.post(chat.state.id, base)
    const hers = await chat.waitForCard(/Yours to decide/)
    await chat.look()
    await daniel.groupChat('Deal desk').look()
    expect(daniel.message(hers).text()).toBe('Waiting')
    const asked = () => app.heard.filter(({ name }) => name === 'adaptiveCard/action').map(sentValue)
    expect(asked()).toMatchObject([
      { trigger: 'automatic', action: { verb: 'mine', data: { drawing: 'd1' } } },
    ])
    await app.update(chat.state.id, id, card([words('Next step')], refreshFor(daniel.actor.user.chatId)))
    await chat.look()
    expect(hers.text()).toBe('Next step')
    expect(asked()).toHaveLength(1)
  })

  it('keeps what everybody has when a refresh fails, and says so only to who pressed', async () => {
    const vera = teams.as('vera')
    answer = () => ({ statusCode: 200, type: cardType, value: { type: 'nonsense' } })
    const body = card([words('Waiting')], { ...refreshFor(vera.actor.user.chatId), actions: [decide] })
    await app.post(vera.chat().state.id, body)
    const shown = await vera.chat().waitForCard(/Waiting/)
    expect(shown.error()).toBeUndefined()
    expect(await shown.tryPress('Approve')).toMatchObject({ error: 'invalid_answer' })
    expect(shown.error()).toMatch(/cannot show/)
    answer = () => ({
      statusCode: 403,
      type: 'application/vnd.microsoft.error',
      value: { code: 'x', message: 'Not yours.' },
    })
    expect(await shown.tryPress('Approve')).toMatchObject({ message: 'Not yours.' })
  })

  it('B5.37 carries what the client made of it, as a forged client would', async () => {
    const vera = teams.as('vera')
    await app.post(vera.chat().state.id, card([words('Ask here')], { actions: [opens] }))
    answer = () => dialog(form())
    const forged = vera.forging((activity) => ({
      ...activity,
      value: { data: JSON.parse('{"__proto__":{"admin":true},"status":"approved"}') as unknown },
    }))
    await forged.message(await vera.chat().waitForCard(/Ask here/)).press('Ask')
    expect(JSON.stringify(app.heard.at(-1)!.value)).toContain('"__proto__"')
  })

  it('sends an Action.Submit that opens nothing as a message with its data', async () => {
    const vera = teams.as('vera')
    const id = await app.post(
      vera.chat().state.id,
      card([{ type: 'Input.Toggle', id: 'sure', title: 'Sure?' }], {
        actions: [{ type: 'Action.Submit', title: 'Go', data: { action: 'go' } }],
      }),
    )
    const shown = await vera.chat().waitForCard(/Sure/)
    await shown.fill({ sure: 'true' })
    await shown.press('Go')
    expect(app.heard.at(-1)).toMatchObject({
      type: 'message',
      replyToId: id,
      value: { action: 'go', sure: 'true' },
    })
    expect(app.heard.at(-1)).not.toHaveProperty('text')
  })
})
