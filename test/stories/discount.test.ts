import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'

describe('a discount, asked for in Slack and decided', () => {
  let dealdesk: Product
  beforeAll(async () => {
    dealdesk = await product()
  })
  afterAll(() => dealdesk.stop())

  it('32 % goes through the manager, the VP and the CEO, and everybody sees the settled card', async () => {
    const { slack } = dealdesk
    const seoyeon = slack.as('U0SEOYEON')
    const manager = slack.as('U0JUNHO')
    const vp = slack.as('U0HAEUN')
    const ceo = slack.as('U0DOHYUN')

    await seoyeon.command('/approve-discount', 'D-1051 32')
    const form = await seoyeon.modal()
    await form.waitFor(/윤하은/)
    expect(form.text()).toContain('85,000,000')
    await form.fill({
      reason: '경쟁사가 30% 낮게 제안했습니다',
      justification: '3년 계약과 레퍼런스 공개를 받는 조건입니다',
    })
    await form.submit()

    const first = await manager.dm().waitForMessage(/32%/)
    expect(first.text()).toContain('대륭오토텍')
    await first.click('discount.approve')
    const second = await vp.dm().waitForMessage(/32%/)
    await second.click('discount.approve')
    const third = await ceo.dm().waitForMessage(/32%/)
    await third.click('discount.approve')
    await dealdesk.settled()

    for (const card of [first, second, third]) expect(card.buttons()).toEqual([])
    const mine = await seoyeon.dm().waitForMessage(/승인/)
    expect(mine.text()).toContain('85,000,000')
    const verdicts = await dealdesk.app.store.verifyAudit('ondam')
    expect(verdicts[0]?.broken).toBeUndefined()
    expect(verdicts[0]?.rows).toBeGreaterThan(8)
  })
})
