import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DiscountRequest } from '../../src/canon/discount.ts'
import { engines } from '../support/databases.ts'
import { Scene } from './scene.ts'

// Time on a request: Thursday before Christmas, which is a holiday in Korea, and the weekend after it. The clock only
// moves forward, so each part begins where the one before left it.

describe.each(engines)('a discount that waits, on %s', (engine) => {
  let scene: Scene
  let deal: string
  let request: DiscountRequest
  const to = (at: string) => scene.desk.clock.set(`${at}+09:00`)
  const reminders = () =>
    scene.cards('manager', deal).filter((card) => card.text().includes('기다리고 있어요'))

  beforeAll(async () => {
    scene = await Scene.open({ engine, now: Date.parse('2026-12-24T10:00:00+09:00') })
    deal = await scene.deal()
    request = await scene.ask(deal, 18)
  })
  afterAll(() => scene?.desk.stop())

  it('is not reminded of on the holiday or at the weekend, though a day has passed', async () => {
    await to('2026-12-25T10:00:00')
    await to('2026-12-27T23:00:00')
    expect(reminders()).toEqual([])
    expect((await scene.now(request)).steps[0]).not.toHaveProperty('remindedAt')
  })

  it('is reminded of once, after 24 working hours: on Monday morning', async () => {
    await to('2026-12-28T09:59:00')
    expect(reminders()).toEqual([])
    await to('2026-12-28T10:00:00')
    expect(reminders()).toHaveLength(1)
    // The sweep that comes every minute says nothing twice.
    await to('2026-12-28T10:01:00')
    await to('2026-12-28T15:00:00')
    expect(reminders()).toHaveLength(1)
    await scene.holds([request])
  })

  it('may be decided by the manager’s manager as well after 48 working hours, and the requester is told', async () => {
    await to('2026-12-29T10:00:00')
    const brief = await scene.with('vp', deal, 'discount.approve')
    expect(brief.text()).toContain('박준호님을 대신해 결정합니다')
    await (await scene.card('seoyeon', deal, /내 할인 요청/))
      .thread()
      .waitForMessage(/윤하은님도 결정할 수 있습니다/)
    expect((await scene.with('manager', deal, 'discount.approve')).text()).toContain('윤하은')
    await scene.holds([request])
  })

  it('expires after 14 days: nobody may decide it any more, the deal is as it was, and it may be asked for again', async () => {
    await to('2027-01-07T09:59:00')
    expect((await scene.now(request)).status).toBe('pending')
    await to('2027-01-07T10:00:00')
    expect((await scene.now(request)).status).toBe('expired')
    for (const who of ['manager', 'vp'] as const)
      for (const card of scene.cards(who, deal)) expect(card.actions()).not.toContain('discount.approve')
    await scene.card('seoyeon', deal, /만료/)
    expect(await scene.desk.app.store.deal('ondam', deal)).not.toHaveProperty('approvedDiscount')
    await scene.holds([request])
    const again = await scene.ask(deal, 18)
    expect(again).toMatchObject({ status: 'pending' })
    await scene.press('manager', deal, 'discount.approve')
    await scene.holds([request, again])
  })

  it('that everybody lets lie is told to Sales Ops when nobody is left above', async () => {
    const high = await scene.deal()
    const top = await scene.ask(high, 35)
    for (const who of ['manager', 'vp'] as const) await scene.press(who, high, 'discount.approve')
    await to('2027-01-11T10:05:00')
    expect((await scene.now(top)).steps.find((step) => step.state === 'open')?.escalatedAt).toBeDefined()
    expect((await scene.with('ops', high, 'discount.reassign')).text()).toContain('35%')
    await scene.press('ceo', high, 'discount.approve')
    expect((await scene.now(top)).status).toBe('approved')
  })

  it('is missed by nobody while the server is down: what fell due is done once at the start', async () => {
    const late = await scene.deal()
    const waiting = await scene.ask(late, 18)
    await scene.desk.app.stop()
    scene.desk.clock.jump(4 * 24 * 3_600_000)
    await scene.desk.restart()
    await scene.desk.clock.forward(0)
    const step = (await scene.now(waiting)).steps[0]
    expect(step?.remindedAt).toBeDefined()
    expect(step?.escalatedAt).toBeDefined()
    expect(
      scene.cards('manager', late).filter((card) => card.text().includes('기다리고 있어요')),
    ).toHaveLength(1)
    await scene.holds([waiting])
  })
})
