import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DiscountRequest } from '../../src/canon/discount.ts'
import { engines } from '../support/databases.ts'
import { nameOf, Scene } from './scene.ts'

// What two people and a record do with each other, from the click to everybody's card, on both databases.

describe.each(engines)('a discount between people, on %s', (engine) => {
  let scene: Scene
  const asked: DiscountRequest[] = []
  const ask = async (...args: Parameters<Scene['ask']>) => {
    const request = await scene.ask(...args)
    asked.push(request)
    return request
  }
  beforeAll(async () => {
    scene = await Scene.open({ engine })
  })
  afterEach(() => scene.holds(asked))
  afterAll(() => scene?.desk.stop())

  it('a counter-offer that is accepted goes on with the steps its percent still needs', async () => {
    const deal = await scene.deal()
    const request = await ask(deal, 32)
    await scene.press('manager', deal, 'discount.approve')
    await scene.tell('vp', deal, 'discount.counter', { discount: '28', note: '연말까지 계약하면 가능합니다' })
    expect(await scene.now(request)).toMatchObject({ status: 'countered', counter: { discount: 2800 } })
    expect((await scene.with('seoyeon', deal, 'discount.accept-counter')).text()).toContain(
      '연말까지 계약하면',
    )
    await scene.press('seoyeon', deal, 'discount.accept-counter')
    // 28 % is the VP's own: their counter-offer is their approval, and the CEO is not needed.
    const settled = await scene.now(request)
    expect(settled).toMatchObject({ status: 'approved', discount: 2800, asked: 3200 })
    expect(scene.cards('ceo', deal)).toEqual([])
    expect(await scene.desk.app.store.deal('ondam', deal)).toMatchObject({
      approvedDiscount: 2800,
      price: { amount: 72_000_000 },
    })
  })

  it('an accepted counter-offer of a manager that is above their authority waits for the next level', async () => {
    const deal = await scene.deal()
    const request = await ask(deal, 32)
    await scene.tell('manager', deal, 'discount.counter', { discount: '25' })
    await scene.press('seoyeon', deal, 'discount.accept-counter')
    expect(await scene.now(request)).toMatchObject({ status: 'pending', discount: 2500 })
    await scene.press('vp', deal, 'discount.approve')
    expect(await scene.now(request)).toMatchObject({ status: 'approved', discount: 2500 })
    expect(scene.cards('ceo', deal)).toEqual([])
  })

  it('a counter-offer that is declined leaves the request as it was, and the approver decides on', async () => {
    const deal = await scene.deal()
    const request = await ask(deal, 18)
    await scene.tell('manager', deal, 'discount.counter', { discount: '12' })
    await scene.press('seoyeon', deal, 'discount.decline-counter')
    expect(await scene.now(request)).toMatchObject({ status: 'pending', discount: 1800 })
    await scene.tell('manager', deal, 'discount.reject', { reason: '근거가 더 필요합니다' })
    expect(await scene.now(request)).toMatchObject({ status: 'rejected', settledBy: 'park-junho' })
    expect((await scene.card('seoyeon', deal, /반려/)).text()).toContain('근거가 더 필요합니다')
    expect(await scene.desk.app.store.deal('ondam', deal)).not.toHaveProperty('approvedDiscount', 1800)
  })

  it('a question is answered by a reply in the thread, and stands in everybody’s thread', async () => {
    const deal = await scene.deal()
    const request = await ask(deal, 25)
    await scene.press('manager', deal, 'discount.approve')
    await scene.tell('vp', deal, 'discount.ask', { question: '유지보수는 몇 년인가요?' })
    const card = await scene.card('seoyeon', deal, /내 할인 요청/)
    await card.thread().waitForMessage(/유지보수는 몇 년인가요/)
    await card.thread().say('3년입니다. 계약서 초안을 보냈습니다')
    for (const who of ['manager', 'vp'] as const) {
      const theirs = await scene.card(who, deal, /할인 승인 요청/)
      await theirs.thread().waitForMessage(/3년입니다. 계약서 초안을 보냈습니다/)
    }
    await scene.desk.settled()
    // What was typed in a thread stands there already: it is not said to its author again.
    expect(
      card
        .thread()
        .messages()
        .filter((line) => /3년입니다/.test(line.text())),
    ).toHaveLength(1)
    const { conversation } = await scene.now(request)
    expect(conversation.map(({ by, kind }) => [by, kind])).toEqual([
      ['yoon-haeun', 'question'],
      ['kim-seoyeon', 'answer'],
    ])
    await scene.press('vp', deal, 'discount.approve')
    expect((await scene.now(request)).status).toBe('approved')
  })

  it('a withdrawn request takes the buttons off every card', async () => {
    const deal = await scene.deal()
    const request = await ask(deal, 25)
    const brief = await scene.with('manager', deal, 'discount.approve')
    await scene.tell('seoyeon', deal, 'discount.withdraw', { reason: '고객이 철회했습니다' })
    expect((await scene.now(request)).status).toBe('withdrawn')
    expect(brief.buttons()).toEqual([])
    expect(brief.text()).toContain('고객이 철회했습니다')
  })

  it('a new request for a deal takes the place of the old one, whose cards say so', async () => {
    const deal = await scene.deal()
    const first = await ask(deal, 25)
    const brief = await scene.with('manager', deal, 'discount.approve')
    const second = await ask(deal, 19)
    expect((await scene.now(first)).status).toBe('superseded')
    expect(brief.buttons()).toEqual([])
    await scene.press('manager', deal, 'discount.approve')
    expect(await scene.now(second)).toMatchObject({ status: 'approved', discount: 1900 })
  })

  it('a discount within the own authority takes effect at once and sets the deal’s price', async () => {
    const deal = await scene.deal()
    const request = await ask(deal, 8)
    expect(request.status).toBe('approved')
    expect(await scene.desk.app.store.deal('ondam', deal)).toMatchObject({
      approvedDiscount: 800,
      price: { amount: 92_000_000, currency: 'KRW' },
    })
    expect(scene.cards('manager', deal)).toEqual([])
    expect((await scene.card('seoyeon', deal, /전결/)).buttons()).toEqual([])
  })

  it('an amount that an import changes voids the request, and everybody’s card says why', async () => {
    const deal = await scene.deal()
    const request = await ask(deal, 25)
    const brief = await scene.with('manager', deal, 'discount.approve')
    await scene.change(deal, { amount: 90_000_000, list_amount: 100_000_000 })
    expect(await scene.now(request)).toMatchObject({ status: 'voided', settledWhy: 'amount-changed' })
    expect(brief.buttons()).toEqual([])
    expect(brief.text()).toContain('거래 금액이 바뀌었습니다')
    await scene.card('seoyeon', deal, /무효/)
  })

  it('while an approver is away their delegate decides (대결), and every card says for whom', async () => {
    const away = async (from: string, until: string) => {
      await scene.as('manager').command('/dealdesk', 'away')
      await (await scene.as('manager').ephemeral(/부재/)).click('person.away')
      const form = await scene.as('manager').modal()
      await form.fill({ away_from: from, away_until: until, delegate: '한지원' })
      await form.submit()
      await scene.desk.settled()
    }
    const deal = await scene.deal()
    await away('2026-11-23', '2026-11-24')
    const request = await ask(deal, 18)
    const brief = await scene.with('otherManager', deal, 'discount.approve')
    expect(brief.text()).toContain('박준호님을 대신해 결정합니다(대결)')
    await scene.press('otherManager', deal, 'discount.approve')
    expect((await scene.now(request)).steps[0]?.decisions).toMatchObject([
      { by: 'han-jiwon', for: 'park-junho' },
    ])
    expect((await scene.card('seoyeon', deal, /승인 완료/)).text()).toContain('박준호님 대결')
    // Back again, for the stories after this one.
    await scene.as('manager').command('/dealdesk', 'away')
    await (await scene.as('manager').ephemeral(/한지원님이 대신/)).click('person.back')
    await scene.desk.settled()
  })

  it('where the policy asks for it Finance agrees beside the VP (합의), both at the same time', async () => {
    await scene.as('ops').command('/dealdesk', 'policy')
    await (await scene.as('ops').ephemeral(/정책/)).click('agreement.add')
    const form = await scene.as('ops').modal()
    await form.fill({ over: '20', roles: ['재무'] })
    await form.submit()
    await scene.desk.settled()
    const deal = await scene.deal()
    const request = await ask(deal, 25)
    await scene.press('manager', deal, 'discount.approve')
    const open = (await scene.now(request)).steps.filter((step) => step.state === 'open')
    expect(open.map((step) => step.kind).sort()).toEqual(['agreement', 'rung'])
    // Either order: here Finance first; the VP's card knows of it.
    await scene.press('finance', deal, 'discount.approve')
    expect((await scene.now(request)).status).toBe('pending')
    expect((await scene.card('vp', deal, /할인 승인 요청/)).text()).toMatch(/신동욱.*승인/)
    await scene.press('vp', deal, 'discount.approve')
    expect((await scene.now(request)).status).toBe('approved')
  })

  it('who is copied (참조) sees how it goes and has nothing to press', async () => {
    const before = await scene.desk.app.store.policy('ondam')
    const copies = [{ over: 1000, group: { roles: ['legal' as const] } }]
    await scene.desk.app.store.commit({
      company: 'ondam',
      save: [
        {
          noun: 'policy',
          next: {
            ...before,
            version: before.version + 1,
            discount: { ...before.discount, copies, agreements: [] },
          },
          expect: before.version,
        },
      ],
      audit: [],
      deliveries: [],
    })
    const deal = await scene.deal()
    await ask(deal, 15)
    const copy = await scene.card('legal', deal, /참조/)
    expect(copy.buttons()).toEqual([])
    await scene.press('manager', deal, 'discount.approve')
    await copy.waitFor(/승인/)
    expect(copy.buttons()).toEqual([])
  })

  it('who changes their language reads the next drawing of the same card in it', async () => {
    const deal = await scene.deal()
    await ask(deal, 25)
    const brief = await scene.with('manager', deal, 'discount.approve')
    expect(brief.text()).toContain('할인 승인 요청')
    await scene.as('manager').command('/dealdesk', 'settings')
    await (await scene.as('manager').ephemeral(/언어/)).choose('person.language', 'English')
    await scene.desk.settled()
    await scene.press('manager', deal, 'discount.approve')
    expect(brief.text()).toContain('Waiting for 윤하은')
    expect(brief.text()).not.toContain('결정을 기다리고')
    // The others read their own language still.
    expect((await scene.card('vp', deal, /할인 승인 요청/)).text()).toContain('영업 매니저 · 박준호')
    await scene.tell('vp', deal, 'discount.reject', { reason: nameOf(deal) })
  })
})
