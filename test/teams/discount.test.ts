import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'

describe('a discount on Teams, from the first word to the settled card', () => {
  let dealdesk: Product
  beforeAll(async () => {
    dealdesk = await product({ platforms: ['teams'] })
  })
  afterAll(() => dealdesk.stop())

  it('32 % goes through the manager, the VP and the CEO, and everybody sees the settled card', async () => {
    const { teams } = dealdesk
    const seoyeon = teams.as('김서연')
    await seoyeon.say('할인 D-1051 32')
    const doorstep = await seoyeon.chat().waitForCard(/양식이 열립니다/)
    await doorstep.press('양식 열기')
    const form = await seoyeon.dialog()
    await form.waitFor(/윤하은/)
    expect(form.text()).toContain('85,000,000')
    await form.fill({
      reason: '경쟁사가 30% 낮게 제안했습니다',
      justification: '3년 계약과 레퍼런스 공개를 받는 조건입니다',
    })
    await form.submit()

    const asks = []
    for (const name of ['박준호', '윤하은', '강도현']) {
      const ask = await teams.as(name).chat().waitForCard(/32%/)
      await ask.press('discount.approve')
      asks.push(ask)
      await dealdesk.settled()
    }
    for (const ask of asks) expect(ask.buttons().join()).not.toContain('승인하기')
    await seoyeon.chat().waitForCard(/승인/)
    const verdicts = await dealdesk.app.store.verifyAudit('ondam')
    expect(verdicts[0]?.broken).toBeUndefined()
  })
})
