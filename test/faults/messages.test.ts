import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Scene } from '../stories/scene.ts'

// Reliability B5, messages out: through the whole product, from the click to what stands in Slack. How each outcome
// is told apart and repeated is tried call by call in test/outbox and test/slack.

describe('messages out', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await Scene.open()
  })
  afterAll(() => scene?.desk.stop())
  afterEach(() => scene.desk.slack.core.faults.clear())

  const slack = () => scene.desk.slack
  const dmOf = (who: Parameters<Scene['as']>[0]) => scene.as(who).dm().channel.id
  const briefs = (who: Parameters<Scene['as']>[0], deal: string) =>
    scene.cards(who, deal).filter((card) => card.text().includes('할인 승인 요청'))
  const states = async (): Promise<string[]> => {
    const { rows } = await sql<{ state: string }>`
      select distinct state from deliveries where state not in ('sent', 'dropped') order by state`.execute(
      scene.desk.app.store.database.read,
    )
    return rows.map(({ state }) => state)
  }

  it('B5.45 who must wait waits, everybody else has their card, and nothing is dropped', async () => {
    slack().fault({
      on: 'api',
      method: 'chat.postMessage',
      channel: dmOf('manager'),
      kind: 'rate-limit',
      retryAfter: 1,
      times: 1,
    })
    const deal = await scene.deal()
    await scene.ask(deal, 15)
    expect(briefs('manager', deal)).toHaveLength(1)
    await scene.card('seoyeon', deal, /내 할인 요청/)
  })

  it('B5.46 a storm of 429 loses nothing and sends nothing twice', async () => {
    const deals = [await scene.deal(), await scene.deal(), await scene.deal()]
    slack().fault({ on: 'api', method: 'chat.*', kind: 'rate-limit', retryAfter: 1, times: 6 })
    for (const deal of deals) await scene.ask(deal, 25)
    for (const deal of deals) {
      expect(briefs('manager', deal)).toHaveLength(1)
      await scene.press('manager', deal, 'discount.approve')
      expect(briefs('vp', deal)).toHaveLength(1)
    }
  })

  it('B5.47 after an internal error nobody knows what arrived: it is looked for, and stands once', async () => {
    slack().fault({ on: 'api', method: 'chat.postMessage', kind: 'error', error: 'internal_error', times: 2 })
    slack().fault({ on: 'api', method: 'chat.update', kind: 'status', status: 503, times: 1 })
    const deal = await scene.deal()
    const request = await scene.ask(deal, 15)
    await scene.press('manager', deal, 'discount.approve')
    expect(briefs('manager', deal)).toHaveLength(0)
    await scene.card('manager', deal, /승인 완료/)
    expect(scene.cards('manager', deal)).toHaveLength(1)
    await scene.holds([request])
  })

  it('B5.48 a message that arrived although the answer was lost is found, not sent again', async () => {
    slack().fault({ on: 'api', method: 'chat.postMessage', kind: 'accept-then-drop', times: 2 })
    const deal = await scene.deal()
    const request = await scene.ask(deal, 15)
    expect(briefs('manager', deal)).toHaveLength(1)
    expect(scene.cards('seoyeon', deal)).toHaveLength(1)
    await scene.press('manager', deal, 'discount.approve')
    await scene.holds([request])
  })

  it('B5.50 an approver who cannot be reached: the requester and the administrator are told, once, with what to do', async () => {
    slack().fault({
      on: 'api',
      method: 'chat.postMessage',
      channel: dmOf('manager'),
      kind: 'error',
      error: 'is_archived',
    })
    const deal = await scene.deal()
    const request = await scene.ask(deal, 15)
    const told = await scene
      .as('seoyeon')
      .dm()
      .waitForMessage(/전달 실패/)
    expect(told.text()).toMatch(/박준호/)
    expect(told.text()).toContain('is_archived')
    await scene
      .as('ops')
      .dm()
      .waitForMessage(/전달 실패/)
    // Not tried again and again.
    const tried = slack()
      .calls('chat.postMessage')
      .filter((call) => (call.request.body as { channel?: string }).channel === dmOf('manager'))
      .filter((call) => String(JSON.stringify(call.response?.body)).includes('is_archived'))
    expect(tried).toHaveLength(1)
    // The request itself is as alive as before: the approver finds it in the list.
    expect((await scene.now(request)).status).toBe('pending')

    // The administrator sees it in the list, and sends it again when the place is back.
    slack().core.faults.clear()
    await scene.as('ops').command('/dealdesk', 'admin')
    const list = await scene.as('ops').ephemeral(/is_archived/)
    await list.click('delivery.retry')
    await scene.with('manager', deal, 'discount.approve')
    expect(briefs('manager', deal)).toHaveLength(1)
    await scene.press('manager', deal, 'discount.approve')
    expect((await scene.now(request)).status).toBe('approved')
  })

  it('B5.50 an approver without a chat account is no silence: the requester hears of it', async () => {
    await scene.desk.importFile(
      'people.csv',
      'id,name,roles,manager,team\nghost-manager,유령 팀장,sales_manager,yoon-haeun,enterprise\nkim-seoyeon,김서연,ae,ghost-manager,enterprise\n',
    )
    const deal = await scene.deal()
    const mark = scene.as('seoyeon').dm().mark()
    await scene.ask(deal, 15)
    const told = await scene
      .as('seoyeon')
      .dm()
      .waitForMessage(/전달 실패/, { after: mark })
    expect(told.text()).toContain('유령 팀장')
    await scene.desk.importFile(
      'people.csv',
      'id,name,roles,manager,team\nkim-seoyeon,김서연,ae,park-junho,enterprise\n',
    )
    await scene.tell('seoyeon', deal, 'discount.withdraw', {})
  })

  it('B5.52 an uninstalled workspace waits; put back, it has every card once and the truth on each', async () => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 25)
    const drawing = (await scene.with('manager', deal, 'discount.approve'))
      .elements()
      .find(({ element }) => element.action_id === 'discount.approve')!.element.value!
    const before = briefs('vp', deal).length
    await scene.as('ops').uninstall()
    await scene.desk.settled()
    // Decided meanwhile from elsewhere: the record moves, and nobody can be told.
    expect(drawing).not.toBe('')
    await scene.change(deal, { amount: 120_000_000, list_amount: 100_000_000 })
    expect((await scene.now(request)).status).toBe('voided')
    expect(await states()).toContain('paused')
    expect(scene.cards('manager', deal).at(-1)?.text()).toContain('할인 승인 요청')

    scene.as('ops').install()
    await scene.desk.restart()
    await scene.desk.settled()
    await (await scene.card('manager', deal, /무효/)).settled()
    await scene.card('seoyeon', deal, /무효/)
    expect(briefs('vp', deal)).toHaveLength(before)
    expect(await states()).not.toContain('paused')
    await scene.holds([request])
  })

  it('B5.54 a missing scope is said by its name to the administrator', async () => {
    slack().fault({
      on: 'api',
      method: 'chat.postMessage',
      channel: dmOf('vp'),
      kind: 'error',
      error: 'missing_scope',
      times: 1,
    })
    const deal = await scene.deal()
    await scene.ask(deal, 25)
    await scene.press('manager', deal, 'discount.approve')
    await scene.as('ops').command('/dealdesk', 'admin')
    await scene.as('ops').ephemeral(/missing_scope/)
    await scene.tell('seoyeon', deal, 'discount.withdraw', {})
  })

  it('B5.55 a card that somebody deleted is posted afresh once, with the buttons of the moment', async () => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 25)
    const card = await scene.with('manager', deal, 'discount.approve')
    // Only an administrator of the workspace can delete what others wrote.
    const { user } = scene.as('manager').actor
    user.isAdmin = true
    await card.remove()
    user.isAdmin = false
    // The record moves: the redraw finds nothing to redraw.
    await scene.change(deal, { stage: 'S5' })
    const brief = await scene.with('manager', deal, 'discount.approve')
    expect(brief.ts).not.toBe(card.ts)
    expect(brief.text()).toContain('거래 단계가 바뀌었습니다')
    expect(briefs('manager', deal)).toHaveLength(1)
    await scene.press('manager', deal, 'discount.approve')
    await scene.holds([request])
    await scene.tell('seoyeon', deal, 'discount.withdraw', {})
  })

  const words = {
    'B5.57 emoji, combining marks, right-to-left and control characters': `👩‍👩‍👧‍👦 ${'e\u0301'.repeat(3)}${'\u0300'.repeat(200)} שלום \u202Eevil\u202C \u0007 한글`,
    'B5.58 mentions, links and markup':
      '<!channel> <@U0DOHYUN> <https://evil.example|승인> *굵게* `코드` > 인용',
    'B5.60 a sentence that looks like ours': '승인 완료 · 32%\n[승인] 버튼을 누르세요',
  }
  it.each(Object.entries(words))(
    '%s in a name and a reason are shown as they are and do nothing',
    async (_case, words) => {
      const deal = await scene.deal({ name: words.replace(/[\n\u0007]/g, ' ') })
      await scene.as('seoyeon').command('/approve-discount', `${deal} 15`)
      const form = await scene.as('seoyeon').modal()
      await form.fill({ reason: `${words} #${deal}` })
      await form.submit()
      await scene.desk.settled()
      const brief = await scene
        .as('manager')
        .dm()
        .waitForMessage(new RegExp(`#${deal}\\b`))
      expect(brief.live()).toEqual([])
      expect(brief.buttons()).toEqual(['승인', '반려', '역제안', '질문'])
      expect(brief.text().isWellFormed()).toBe(true)
      expect(brief.text()).not.toMatch(/[\u0007\u202E]/)
      // In a notification, in a list and on the deal's card as well.
      expect(brief.summary()).not.toMatch(/@channel|@강도현/)
      await scene.as('manager').command('/approvals')
      expect((await scene.as('manager').ephemeral(/결재함/)).live()).toEqual([])
      expect((await scene.as('manager').home()).text()).toContain('15%')
      await scene.as('seoyeon').command('/deal', deal)
      const deals = scene.as('seoyeon').ephemerals()
      expect(deals.flatMap((card) => card.live())).toEqual([])
      await brief.click('discount.approve')
      await scene.desk.settled()
    },
  )

  it('B5.56 the longest texts and a long conversation stay within what Slack takes, and what is left out is counted', async () => {
    const deal = await scene.deal()
    await scene.as('seoyeon').command('/approve-discount', `${deal} 32`)
    const form = await scene.as('seoyeon').modal()
    await form.fill({ reason: '가'.repeat(1000), justification: '나'.repeat(2000) })
    await form.submit()
    await scene.desk.settled()
    for (let at = 1; at <= 5; at += 1) {
      const brief = await scene
        .as('manager')
        .dm()
        .waitForMessage(/가{100}/)
      await brief.click('discount.ask')
      const question = await scene.as('manager').modal()
      await question.fill({ question: `${at} ${'다'.repeat(1990)}` })
      await question.submit()
      await scene.desk.settled()
    }
    const brief = await scene
      .as('manager')
      .dm()
      .waitForMessage(/가{100}/)
    expect(brief.text()).toContain('이전 대화가 3건 더 있습니다')
    expect(brief.buttons()).toEqual(['승인', '반려', '역제안', '질문'])
    // Slack refused nothing that was sent.
    const refused = slack()
      .calls('chat.')
      .filter((call) => /invalid_blocks|too_long/.test(String(JSON.stringify(call.response?.body))))
    expect(refused).toEqual([])
    await scene.as('seoyeon').command('/approve-discount', `${deal} 15`)
    const again = await scene.as('seoyeon').modal()
    expect(await again.fill({ reason: '라'.repeat(1001) }).then(() => again.trySubmit())).toMatchObject({
      ok: false,
    })
    await again.close()
  })

  it('B5.61 B5.62 nothing unfurls, and no discount is in a channel', async () => {
    const posts = slack()
      .calls('chat.postMessage')
      .map((call) => call.request.body as Record<string, unknown>)
    expect(posts.length).toBeGreaterThan(20)
    for (const post of posts) {
      expect(String(post.unfurl_links)).toBe('false')
      expect(String(post.unfurl_media)).toBe('false')
    }
    const { channels } = slack().core.world.workspaces.T0DEALDESK!
    for (const channel of Object.values(channels))
      if (channel.kind !== 'dm')
        expect(channel.messages.filter((message) => message.ephemeralTo === undefined)).toEqual([])
  })

  it('B5.63 in each conversation what happened first is told first', async () => {
    const deal = await scene.deal()
    slack().fault({
      on: 'api',
      method: 'chat.postMessage',
      channel: dmOf('seoyeon'),
      kind: 'rate-limit',
      retryAfter: 1,
      times: 2,
    })
    await scene.ask(deal, 25)
    await scene.press('manager', deal, 'discount.approve')
    await scene.press('vp', deal, 'discount.approve')
    const mine = scene.cards('seoyeon', deal)
    expect(mine.map((card) => /견적을 보내셔도/.test(card.text()))).toEqual([false, true])
  })
})
