import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/playground/slack/traffic.ts'
import { Scene } from '../stories/scene.ts'
import type { Persona } from '../support/slack-people.ts'

// Reliability B5, requests in: what is forged, replayed, doubled, tampered with or too late, through the whole product
// to the record. What the door and the reading of payloads do by themselves is tried in test/slack.

/** Each part has a product of its own: people who never rest would be asked to wait (B5.44). */
let scene: Scene
let seoyeon: Persona
let manager: Persona
const eachInAScene = () => {
  beforeAll(async () => {
    scene = await Scene.open()
    seoyeon = scene.as('seoyeon')
    manager = scene.as('manager')
  })
  afterAll(() => scene?.desk.stop())
  afterEach(async () => {
    scene.desk.slack.core.faults.clear()
    for (const who of [seoyeon, manager]) for (const modal of who.modals().reverse()) await modal.close()
  })
}

const store = () => scene.desk.app.store
const approvals = async (id: string) =>
  (await store().auditOf('ondam', { noun: 'discount', id }, 100)).filter(
    ({ what }) => what === 'discount.step-approved',
  )
const metric = async (name: string): Promise<string> => {
  const text = await (await fetch(`http://127.0.0.1:${scene.desk.app.port}/metrics`)).text()
  return text
    .split('\n')
    .filter((line) => line.startsWith(name))
    .join('\n')
}
/** A client that changes what its last action said before Slack signs it. */
const forging = (who: Persona, change: Record<string, unknown>) =>
  who.forging((payload) => ({
    ...payload,
    actions: [{ ...(payload as { actions: object[] }).actions[0], ...change }],
  }))
/** Opens the form of `/approve-discount` and fills in the reason. */
const form = async (deal: string, percent: string | number) => {
  await seoyeon.command('/approve-discount', `${deal} ${percent}`)
  const opened = await seoyeon.modal()
  await opened.fill({ reason: `${deal}의 사유` })
  return opened
}
const sent = (exchange: Exchange): string =>
  typeof exchange.request.body === 'string' ? exchange.request.body : JSON.stringify(exchange.request.body)

describe('requests that are forged or come again', () => {
  eachInAScene()

  it.each([
    ['B5.18 a forged signature', 'forged-signature', undefined],
    ['B5.20 a stale timestamp', 'old-stamp', 301],
    ['B5.21 a timestamp from the future', 'future-stamp', 301],
  ] as const)('%s decides nothing, and is counted', async (_case, kind, seconds) => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 15)
    const before = await metric('dealdesk_rejected_requests_total')
    scene.desk.slack.fault({
      on: 'app',
      method: 'block_actions',
      kind,
      times: 1,
      ...(seconds ? { seconds } : {}),
    })
    const brief = await scene.with('manager', deal, 'discount.approve')
    expect((await brief.tryClick('discount.approve')).ok).toBe(false)
    await scene.desk.settled()
    expect((await scene.now(request)).version).toBe(request.version)
    expect(await metric('dealdesk_rejected_requests_total')).not.toBe(before)
    // The genuine click after it counts.
    await scene.press('manager', deal, 'discount.approve')
    expect((await scene.now(request)).status).toBe('approved')
  })

  it('B5.22 the same click delivered again, byte by byte, has the same answer and no second effect', async () => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 25)
    await scene.press('manager', deal, 'discount.approve')
    const click = scene.desk.slack.received('block_actions').at(-1)!
    const [one, two] = [await scene.desk.slack.replay(click), await scene.desk.slack.replay(click)]
    await scene.desk.settled()
    expect([one, two]).toMatchObject([{ status: 200 }, { status: 200 }])
    expect(await approvals(request.id)).toHaveLength(1)
    await scene.holds([request])
  })

  it('B5.22 a form delivered again asks for nothing again', async () => {
    const deal = await scene.deal()
    await scene.ask(deal, 15)
    await scene.desk.slack.replay(scene.desk.slack.received('view_submission').at(-1)!)
    await scene.desk.settled()
    expect(await store().discountsOfDeal('ondam', deal, 10)).toHaveLength(1)
  })

  it('B5.23 an event that Slack delivers twice is one answer in the record and in every thread', async () => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 15)
    await scene.tell('manager', deal, 'discount.ask', { question: '몇 년 계약인가요?' })
    scene.desk.slack.fault({ on: 'app', method: 'event', kind: 'duplicate', times: 1 })
    await (await scene.card('seoyeon', deal, /내 할인 요청/)).thread().say('3년입니다')
    await (await scene.card('manager', deal, /할인 승인 요청/)).thread().waitForMessage(/3년입니다/)
    await scene.desk.settled()
    expect((await scene.now(request)).conversation).toHaveLength(2)
    const thread = (await scene.card('manager', deal, /할인 승인 요청/)).thread().messages()
    expect(thread.filter((line) => /3년입니다/.test(line.text()))).toHaveLength(1)
  })

  it('B5.11 what a bot says or presses is nobody’s, our own lines in threads included', async () => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 15)
    const brief = await scene.with('manager', deal, 'discount.approve')
    const machine = manager.forging((payload) => ({
      ...payload,
      user: { ...(payload.user as object), is_bot: true },
    }))
    await machine.message(brief).tryClick('discount.approve')
    await scene.tell('manager', deal, 'discount.ask', { question: '몇 년 계약인가요?' })
    await (await scene.card('seoyeon', deal, /내 할인 요청/)).thread().waitForMessage(/몇 년 계약/)
    await scene.desk.settled()
    const { status, conversation } = await scene.now(request)
    expect(status).toBe('pending')
    expect(conversation).toHaveLength(1)
  })

  it('B5.24 the same form with other contents is not taken for the first one, and rings an alarm', async () => {
    const deal = await scene.deal()
    await scene.ask(deal, 15)
    const genuine = scene.desk.slack.received('view_submission').at(-1)!
    const payload = JSON.parse(new URLSearchParams(sent(genuine)).get('payload') ?? sent(genuine)) as object
    const other = JSON.stringify(payload).replaceAll(`${'시험 거래'} ${deal.slice(2)}번의 사유`, '다른 사유')
    const body = new URLSearchParams({ payload: other }).toString()
    const answer = await fetch(`http://127.0.0.1:${scene.desk.app.port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...scene.desk.slack.signed(body),
      },
      body,
    })
    expect(answer.status).toBe(200)
    await scene.desk.settled()
    const [request, ...others] = await store().discountsOfDeal('ondam', deal, 10)
    expect(others).toEqual([])
    expect(request?.reason).not.toContain('다른')
    expect(scene.desk.lines.filter((line) => line.includes('same-key-other-body'))).not.toEqual([])
  })

  it('B5.27 a charset behind the content type breaks no button', async () => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 15)
    const brief = await scene.with('manager', deal, 'discount.approve')
    scene.desk.slack.fault({ on: 'app', method: 'block_actions', kind: 'forged-signature', times: 1 })
    await brief.tryClick('discount.approve')
    const body = sent(scene.desk.slack.received('block_actions').at(-1)!)
    const raw = body.startsWith('payload=') ? body : new URLSearchParams({ payload: body }).toString()
    const answer = await fetch(`http://127.0.0.1:${scene.desk.app.port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        ...scene.desk.slack.signed(raw),
      },
      body: raw,
    })
    expect(answer.status).toBe(200)
    await scene.desk.settled()
    expect((await scene.now(request)).status).toBe('approved')
  })
})

describe('requests that were tampered with', () => {
  eachInAScene()

  it.each([
    ['another record', 'd-of-somebody-else'],
    ['nothing', ''],
    ['an object', '{"request":"1","verdict":"approve"}'],
    ['SQL', "' or '1'='1"],
  ])(
    'B5.36 a button whose value was changed to %s is refused without saying what there is',
    async (_what, value) => {
      const deal = await scene.deal()
      const request = await scene.ask(deal, 15)
      const brief = await scene.with('manager', deal, 'discount.approve')
      const mark = brief.ts
      await forging(manager, { value }).message(brief).tryClick('discount.approve')
      await manager.ephemeral(/오래된 화면|오래된 카드|찾지 못했습니다/, { after: mark })
      expect((await scene.now(request)).version).toBe(request.version)
      await scene.tell('seoyeon', deal, 'discount.withdraw', {})
    },
  )

  it('B5.35 a form that was given the drawing of another record decides on what the rules allow, and no more', async () => {
    const [mine, others] = [await scene.deal(), await scene.deal({ owner: 'lee-minjae' })]
    await scene.ask(mine, 15)
    const theirs = await scene.ask(others, 15, 'minjae')
    const brief = await scene.with('minjae', others, 'discount.withdraw')
    const drawing = brief.elements().find(({ element }) => element.action_id === 'discount.withdraw')!.element
      .value!
    const own = await scene.with('seoyeon', mine, 'discount.withdraw')
    await own.click('discount.withdraw')
    await seoyeon.modal()
    const forged = seoyeon.forging((payload) => ({
      ...payload,
      view: { ...(payload.view as object), private_metadata: drawing },
    }))
    await forged.modals().at(-1)!.trySubmit()
    await scene.desk.settled()
    expect((await scene.now(theirs)).status).toBe('pending')
    for (const metadata of ['', 'not-json', '{"request":', 'x'.repeat(2900)]) {
      await own.click('discount.withdraw')
      await seoyeon.modal()
      const torn = seoyeon.forging((payload) => ({
        ...payload,
        view: { ...(payload.view as object), private_metadata: metadata },
      }))
      await torn.modals().at(-1)!.trySubmit()
      await scene.desk.settled()
    }
    expect((await store().openDiscount('ondam', mine))?.status).toBe('pending')
    for (const [who, deal] of [
      ['seoyeon', mine],
      ['minjae', others],
    ] as const)
      await scene.tell(who, deal, 'discount.withdraw', {})
  })

  it('B5.37 fields that the form does not have change nothing, and no prototype is touched', async () => {
    const deal = await scene.deal()
    const opened = await form(deal, 15)
    const forged = seoyeon.forging((payload) => {
      const view = payload.view as { state: { values: Record<string, unknown> } }
      const extra = { status: { status: { type: 'plain_text_input', value: 'approved' } } }
      const values = { ...view.state.values, ...extra, requester: { requester: { value: 'kang-dohyun' } } }
      Object.defineProperty(values, '__proto__', {
        value: { polluted: { polluted: { value: 'yes' } } },
        enumerable: true,
      })
      return { ...payload, view: { ...view, state: { values } } }
    })
    await forged.modals().at(-1)!.trySubmit()
    await scene.desk.settled()
    expect(opened.closed).toBe(true)
    expect(await store().openDiscount('ondam', deal)).toMatchObject({
      status: 'pending',
      requester: 'kim-seoyeon',
    })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    await scene.tell('seoyeon', deal, 'discount.withdraw', {})
  })

  it('B5.38 a button of an older version is answered in a sentence', async () => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 15)
    const brief = await scene.with('manager', deal, 'discount.approve')
    await forging(manager, { action_id: 'discount.bless' }).message(brief).tryClick('discount.approve')
    await manager.ephemeral(/이전 버전의 버튼/)
    expect((await scene.now(request)).version).toBe(request.version)
    expect(brief.buttons()).toEqual(['승인', '반려', '역제안', '질문'])
    await scene.tell('seoyeon', deal, 'discount.withdraw', {})
  })
})

describe('forms', () => {
  eachInAScene()

  /** Answers that Slack's own fields would not let through: a client of somebody's own sends them. */
  const answering = (name: string, value: object) =>
    seoyeon.forging((payload) => {
      const view = payload.view as { state: { values: Record<string, Record<string, object>> } }
      const key = Object.keys(view.state.values).find((block) => block.startsWith(name)) ?? name
      const [action = name] = Object.keys(view.state.values[key] ?? {})
      const values = {
        ...view.state.values,
        [key]: { [action]: { ...view.state.values[key]?.[action], ...value } },
      }
      return { ...payload, view: { ...view, state: { values } } }
    })

  it('B5.39 what is no discount is said at the field, and everything else is kept', async () => {
    const deal = await scene.deal()
    const opened = await form(deal, 15)
    await opened.fill({ competitor: '경쟁사 A' })
    for (const typed of ['1e309', 'NaN', '-5', '0', '101', '12.345', '십오', "15'; drop--"]) {
      const answer = await answering('discount', { value: typed }).modals().at(-1)!.trySubmit()
      expect(answer).toMatchObject({ ok: false, errors: { discount: expect.stringMatching(/할인율/) } })
    }
    expect([opened.value('reason'), opened.value('competitor')]).toEqual([`${deal}의 사유`, '경쟁사 A'])
    expect(await store().discountsOfDeal('ondam', deal, 10)).toEqual([])
    // Full-width digits are how a Korean keyboard may write it.
    expect(await answering('discount', { value: '１５' }).modals().at(-1)!.trySubmit()).toMatchObject({
      ok: true,
    })
    expect(await store().openDiscount('ondam', deal)).toMatchObject({ discount: 1500 })
  })

  it('B5.39 a deal that was not offered, and a day that does not exist, are field errors too', async () => {
    const deal = await scene.deal()
    const opened = await form(deal, 15)
    const notOffered = { selected_option: { text: { type: 'plain_text', text: 'x' }, value: 'L-311' } }
    expect(await answering('deal', notOffered).modals().at(-1)!.trySubmit()).toMatchObject({
      ok: false,
      errors: { deal: expect.stringMatching(/찾지 못했습니다/) },
    })
    expect(
      await answering('needed_by', { selected_date: '2026-02-31' }).modals().at(-1)!.trySubmit(),
    ).toMatchObject({
      ok: false,
      errors: { needed_by: expect.any(String) },
    })
    expect(opened.closed).toBe(false)
    expect(await store().discountsOfDeal('ondam', deal, 10)).toEqual([])
  })

  it('B5.40 a form that came too late offers to open again, with what was asked for', async () => {
    const deal = await scene.deal()
    scene.desk.slack.fault({
      on: 'api',
      method: 'views.open',
      kind: 'error',
      error: 'expired_trigger_id',
      times: 1,
    })
    await seoyeon.command('/approve-discount', `${deal} 15`)
    const told = await seoyeon.ephemeral(/너무 오래 걸렸습니다/)
    await told.click('다시 열기')
    const opened = await seoyeon.modal()
    expect(opened.value('discount')).toBe('15')
  })

  it('B5.41 a preview that lost against a newer one never overwrites it', async () => {
    const deal = await scene.deal()
    const opened = await form(deal, 15)
    scene.desk.slack.fault({
      on: 'api',
      method: 'views.update',
      kind: 'error',
      error: 'hash_conflict',
      times: 1,
    })
    await opened.fill({ discount: '25' })
    await scene.desk.slack.waitForCall('views.update', (call) => call.outcome === 'refused')
    // What was refused is dropped; the next change brings its own.
    await opened.fill({ discount: '32' })
    await opened.waitFor(/강도현/)
    expect(opened.value('reason')).toBe(`${deal}의 사유`)
    expect(opened.value('discount')).toBe('32')
  })

  it('B5.42 a form sent twice at once is one request', async () => {
    const deal = await scene.deal()
    const opened = await form(deal, 15)
    await Promise.all([opened.trySubmit(), opened.trySubmit()])
    await scene.desk.settled()
    expect(await store().discountsOfDeal('ondam', deal, 10)).toHaveLength(1)
    await scene.tell('seoyeon', deal, 'discount.withdraw', {})
  })

  it('B5.42 a form sent after the request has ended closes with how it ended', async () => {
    const deal = await scene.deal()
    const request = await scene.ask(deal, 15)
    await (await scene.with('manager', deal, 'discount.approve')).click('discount.counter')
    const late = await manager.modal()
    await late.fill({ discount: '12' })
    await scene.tell('seoyeon', deal, 'discount.withdraw', {})
    await late.trySubmit()
    await manager.ephemeral(/이미 처리된 요청입니다/)
    expect(late.closed).toBe(true)
    expect((await scene.now(request)).status).toBe('withdrawn')
  })

  it('B5.43 a form that is closed leaves nothing behind, and nobody hears of it', async () => {
    const deal = await scene.deal()
    const before = scene.desk.slack.calls('chat.').length
    const opened = await form(deal, 15)
    await opened.close()
    await scene.desk.settled()
    expect(await store().discountsOfDeal('ondam', deal, 10)).toEqual([])
    expect(scene.desk.slack.calls('chat.')).toHaveLength(before)
    expect(JSON.stringify(scene.desk.slack.core.world.workspaces.T0DEALDESK?.homes ?? {})).not.toContain(
      `${deal}의 사유`,
    )
  })
})

describe('a flood', () => {
  eachInAScene()

  it('B5.44 who floods is asked to wait, and the others do not notice', async () => {
    const deal = await scene.deal()
    const finance = scene.as('finance')
    await Promise.all(Array.from({ length: 60 }, () => finance.tryCommand('/approvals')))
    await finance.ephemeral(/한꺼번에 많이/)
    const request = await scene.ask(deal, 15)
    await scene.press('manager', deal, 'discount.approve')
    expect((await scene.now(request)).status).toBe('approved')
    expect(
      scene
        .as('seoyeon')
        .ephemerals()
        .some((card) => /한꺼번에 많이/.test(card.text())),
    ).toBe(false)
  })
})
