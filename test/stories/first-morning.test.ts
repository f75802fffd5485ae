import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'

// The demo company on its first morning: what the playground's clock shows when it is moved for the first time.

describe('the first morning of the demo company', () => {
  let desk: Product
  beforeAll(async () => {
    desk = await product({ now: Date.parse('2026-11-20T20:00:00+09:00') })
    await desk.clock.walk('2026-11-24T08:00:00+09:00')
  }, 120_000)
  afterAll(() => desk.stop())

  it('a champion is silent, and the AE hears it with what to do about it', async () => {
    const ae = desk.slack.as('U0YUJIN')
    const card = await ae.dm().waitForMessage(/챔피언 품질안전팀 고은설 대리님과 45일째 연락 없음/)
    expect(card.text()).toContain('새벽푸드 HACCP 기록')
    expect(card.actions()).toContain('activity.log')
    const nudges = await desk.app.store.openNudgesOn('ondam', { noun: 'deal', id: 'D-1064' })
    expect(nudges.map(({ kind }) => kind)).toContain('champion-silent')
  })

  it('and another in the second company, in English', async () => {
    const [nudge] = (await desk.app.store.openNudgesOn('larkfield', { noun: 'deal', id: 'L-318' })).filter(
      ({ kind }) => kind === 'champion-silent',
    )
    expect(nudge).toMatchObject({ owner: 'aisha-karim', because: { contact: 'County clerk', days: 39 } })
  })
})
