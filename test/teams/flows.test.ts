import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'

const decisions = async (dealdesk: Product, what: string) => {
  const found = []
  for await (const row of dealdesk.app.store.auditRows('ondam')) if (row.what === what) found.push(row)
  return found
}

describe('on Teams alone', () => {
  let dealdesk: Product
  beforeAll(async () => {
    dealdesk = await product({ platforms: ['teams'] })
  })
  afterAll(() => dealdesk.stop())

  it('a form with a preview asks in two steps, finds deals as one types, and keeps what was typed after an error', async () => {
    const seoyeon = dealdesk.teams.as('김서연')
    await seoyeon.say('/approve-discount')
    const doorstep = await seoyeon.chat().waitForCard(/양식이 열립니다/)
    await doorstep.press('양식 열기')
    const form = await seoyeon.dialog()
    expect(form.fields()).toEqual(['deal', 'discount'])
    expect((await form.search('deal', 'D-1042')).length).toBeGreaterThan(0)
    await form.fill({ deal: 'D-1042', discount: '15' })
    await form.continue()
    expect(form.text()).toContain('박준호')
    expect(form.fields()).toEqual(expect.arrayContaining(['deal', 'discount', 'reason']))

    // No reason: the form stays, with the sentence and everything that was typed.
    await form.fill({ competitor: '한빛소프트 [x](http://evil.example)' })
    await form.trySubmit()
    expect(form.closed).toBe(false)
    expect(form.value('competitor')).toBe('한빛소프트 [x](http://evil.example)')
    expect(form.value('discount')).toBe('15')

    await form.fill({ discount: '25' })
    await form.continue('다시 계산')
    expect(form.text()).toContain('윤하은')
    await form.fill({ reason: '연말까지 계약합니다' })
    await form.submit()
    const ask = await dealdesk.teams.as('박준호').chat().waitForCard(/25%/)
    expect(ask.live(), 'B5.59').toEqual([])
    expect(ask.text()).toContain('[x](http://evil.example)')
  })

  it('B5.1 a double press on Approve is one decision, and the second hears so', async () => {
    const junho = dealdesk.teams.as('박준호')
    const ask = await junho.chat().waitForCard(/25%/)
    const approve = ask.action('discount.approve')
    const data = approve.data as { drawing: string }
    await ask.press('discount.approve')
    await dealdesk.settled()
    expect(ask.buttons()).not.toContain(approve.title)
    // The same press from a screen that was not redrawn yet.
    const mark = junho.chat().mark()
    await junho.say('approve-discount')
    const doorstep = await junho.chat().waitForCard(/양식이 열립니다/, { after: mark })
    const late = junho.forging((activity) =>
      activity.type === 'invoke'
        ? {
            ...activity,
            name: 'adaptiveCard/action',
            value: { action: { ...approve, id: 'x', data }, trigger: 'manual' },
          }
        : activity,
    )
    await late.message(doorstep).tryPress('양식 열기')
    const heard = dealdesk.teams.received('invoke').at(-1)!.response!.body as { value: string }
    expect(heard.value).toMatch(/이미|차례/)
    expect(await decisions(dealdesk, 'discount.refused')).toHaveLength(1)
    expect(await decisions(dealdesk, 'discount.step-approved')).toHaveLength(1)
  })

  it('B5.22 the same press sent twice, with one id, is one decision and one answer', async () => {
    const { teams } = dealdesk
    const haeun = teams.as('윤하은')
    const ask = await haeun.chat().waitForCard(/25%/)
    teams.fault({ on: 'app', method: 'adaptiveCard/action', kind: 'duplicate', times: 1 })
    await ask.press('discount.approve')
    await dealdesk.settled()
    expect(await decisions(dealdesk, 'discount.approved')).toHaveLength(1)
    const statuses = teams
      .received('invoke adaptiveCard/action')
      .slice(-2)
      .map((exchange) => exchange.response?.status)
    expect(statuses).toEqual([200, 200])
  })

  it('a message that Teams sends again is answered once', async () => {
    const { teams } = dealdesk
    const seoyeon = teams.as('김서연')
    const mark = seoyeon.chat().mark()
    teams.fault({ on: 'app', method: 'message', kind: 'duplicate', times: 1 })
    await seoyeon.say('home')
    await seoyeon.say('안녕하세요')
    await seoyeon.chat().waitForCard(/명령어로 일합니다/, { after: mark })
    const answers = seoyeon
      .chat()
      .messages()
      .filter((card) => Number(card.id) > Number(mark) && card.content())
    expect(answers).toHaveLength(2)
  })

  it('words that are no command get a hint, without talk of threads or slashes', async () => {
    const seoyeon = dealdesk.teams.as('김서연')
    const mark = seoyeon.chat().mark()
    await seoyeon.say('안녕하세요')
    const hint = await seoyeon.chat().waitForCard(/명령어로 일합니다/, { after: mark })
    expect(hint.text()).not.toMatch(/스레드|\//)
  })

  it('a stage without a deal is asked for in two steps: which deal and stage, then what the gates ask', async () => {
    const seoyeon = dealdesk.teams.as('김서연')
    const mark = seoyeon.chat().mark()
    await seoyeon.say('stage')
    const doorstep = await seoyeon.chat().waitForCard(/양식이 열립니다/, { after: mark })
    await doorstep.press('양식 열기')
    const form = await seoyeon.dialog()
    expect(form.fields()).toEqual(['deal', 'stage'])
    await form.fill({ deal: 'D-1051', stage: 'CL' })
    await form.continue()
    expect(form.fields()).toEqual(['stage', 'loss_reason'])
    await form.close()
  })

  it('in a channel nothing is shown; a press shows it to the presser alone', async () => {
    const junho = dealdesk.teams.as('박준호')
    const channel = junho.channel('엔터프라이즈영업')
    const asked = await channel.mention('approvals')
    const thread = asked.thread()
    const doorstep = await thread.waitForCard(/누른 분에게만/)
    expect(doorstep.text()).not.toMatch(/D-\d+|%/)
    await doorstep.press('열기')
    const dialog = await junho.dialog()
    expect(dialog.text().length).toBeGreaterThan(10)
    // Somebody else presses the same button and sees their own.
    const seoyeon = dealdesk.teams.as('김서연')
    await seoyeon.message(doorstep).press('열기')
    expect((await seoyeon.dialog()).text()).not.toBe(dialog.text())
  })

  it('a card in a channel shows each approver their own buttons, and settles for everybody', async () => {
    const { teams, app } = dealdesk
    const seoyeon = teams.as('김서연')
    const mark = seoyeon.chat().mark()
    await seoyeon.say('approve-discount D-1051 14')
    const doorstep = await seoyeon.chat().waitForCard(/양식이 열립니다/, { after: mark })
    await doorstep.press('양식 열기')
    const form = await seoyeon.dialog(/D-1051|할인/)
    await form.fill({ reason: '채널에서 보겠습니다' })
    await form.submit()
    await dealdesk.settled()
    const id = (await app.store.discountsOfDeal('ondam', 'D-1051', 1))[0]!.id
    const junho = teams.as('박준호')
    const channel = junho.channel('엔터프라이즈영업')
    await app.store.commit({
      company: 'ondam',
      save: [],
      audit: [],
      deliveries: [
        {
          kind: 'tell',
          card: 'discount.decision',
          subject: { noun: 'discount', id },
          audience: { channel: { platform: 'teams', tenant: junho.actor.tenant.id, id: channel.state.id } },
        },
      ],
    })
    const card = await channel.waitForCard(/14%/)
    await teams.until(() => card.own, 'the approver’s own view')
    expect(card.buttons().length).toBeGreaterThan(0)
    // Somebody who decides nothing sees the common card, without buttons.
    const minjae = teams.as('이민재')
    await minjae.channel('엔터프라이즈영업').look()
    const common = minjae.message(card)
    expect(common.own).toBe(false)
    expect(common.buttons()).toEqual([])

    await card.press('discount.approve')
    await dealdesk.settled()
    await common.waitFor(/승인/)
    expect(card.buttons().join()).not.toMatch(/승인하기|거절/)
  })

  it('B5.51 who blocks the app is asked elsewhere or not at all, and hears again after a word of theirs', async () => {
    const { teams } = dealdesk
    const minjae = teams.as('이민재')
    const say = async (text: string, pattern: RegExp) => {
      const mark = minjae.chat().mark()
      await minjae.say(text)
      return minjae.chat().waitForCard(pattern, { after: mark })
    }
    await say('settings', /요청을 받을 곳|언어/)
    await minjae.uninstall()
    await dealdesk.settled()
    const gone = minjae.chat().mark()
    await minjae.install()
    await minjae.chat().waitForCard(/Dealdesk|approve-discount/, { after: gone })
  })

  it('B5.33 a stranger’s tenant is refused at the door', async () => {
    const { teams } = dealdesk
    teams.fault({ on: 'app', kind: 'foreign-tenant', times: 1 })
    await teams.as('김서연').chat().trySay('approvals')
    expect(teams.received('message').at(-1)?.response?.status).toBe(403)
  })

  it.each([
    'no-token',
    'bad-signature',
    'wrong-audience',
    'wrong-issuer',
    'expired',
    'alg-none',
    'hs256',
    'unknown-key',
    'wrong-service-url',
    'no-endorsement',
    'garbage-token',
    'not-yet-valid',
  ] as const)('B5.29 %s reaches nobody', async (kind) => {
    const { teams } = dealdesk
    const gestures = teams.calls('sendActivity').length
    teams.fault({ on: 'app', kind, times: 1 })
    await teams.as('김서연').chat().trySay('approvals')
    const { response } = teams.received('message').at(-1)!
    expect([401, 403]).toContain(response?.status)
    expect(response?.body ?? '').toBe('')
    expect(teams.calls('sendActivity').length).toBe(gestures)
  })
})

describe('in Slack and on Teams', () => {
  let dealdesk: Product
  beforeAll(async () => {
    dealdesk = await product({ platforms: ['slack', 'teams'] })
  })
  afterAll(() => dealdesk.stop())

  it('asked in Slack, countered on Teams by somebody who prefers it, accepted in Slack; the audit names where', async () => {
    const { slack, teams } = dealdesk
    const junho = teams.as('박준호')
    await junho.say('settings')
    const settings = await junho.chat().waitForCard(/요청을 받을 곳/)
    await settings.press('Microsoft Teams')
    await dealdesk.settled()
    expect(settings.text()).toMatch(/저장/)
    expect(settings.buttons().find((label) => label.endsWith('Microsoft Teams'))).not.toBe('Microsoft Teams')

    const seoyeon = slack.as('U0SEOYEON')
    await seoyeon.command('/approve-discount', 'D-1051 18')
    const form = await seoyeon.modal()
    await form.fill({ reason: '경쟁사가 낮게 제안했습니다' })
    await form.submit()
    const ask = await junho.chat().waitForCard(/18%/)
    await ask.press('discount.counter')
    const counter = await junho.dialog()
    await counter.fill({ discount: '12', note: '12%까지 가능합니다' })
    await counter.submit()

    const offer = await seoyeon.dm().waitForMessage(/12%까지 가능합니다/)
    await offer.click('discount.accept-counter')
    await dealdesk.settled()
    await ask.waitFor(/12%/)
    expect(ask.buttons().join()).not.toMatch(/승인|반대 제안/)

    const audit = await dealdesk.app.store.auditOf(
      'ondam',
      { noun: 'discount', id: (await discountId(dealdesk))! },
      50,
    )
    const where = Object.fromEntries(audit.map((entry) => [entry.what, entry.platform]))
    expect(where).toMatchObject({
      'discount.requested': 'slack',
      'discount.countered': 'teams',
      'discount.counter-accepted': 'slack',
    })
  })
})

const discountId = async (dealdesk: Product) =>
  (await dealdesk.app.store.discountsOfDeal('ondam', 'D-1051', 1))[0]?.id
