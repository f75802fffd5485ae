import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'

describe('B5.50 a message that reaches nobody', () => {
  let desk: Product
  beforeAll(async () => {
    desk = await product()
  })
  afterAll(() => desk.stop())

  it('is told to the requester and the administrator, who sends it again once the place is back', async () => {
    const { slack } = desk
    const seoyeon = slack.as('U0SEOYEON')
    const ops = slack.as('U0EUNBI')
    const { channel } = slack.as('U0JUNHO').dm()
    slack.fault({
      on: 'api',
      kind: 'error',
      error: 'channel_not_found',
      method: 'chat.postMessage',
      channel: channel.id,
    })
    await seoyeon.command('/approve-discount', 'D-1042 15')
    const form = await seoyeon.modal()
    await form.fill({ reason: '닿지 않는 결재자' })
    await form.submit()
    await seoyeon.dm().waitForMessage(/박준호/)
    await desk.settled()
    expect(slack.as('U0JUNHO').dm().messages()).toHaveLength(0)
    await ops.dm().waitForMessage(/박준호/)

    slack.core.faults.clear()
    await ops.command('/dealdesk', 'admin')
    const admin = await ops.ephemeral(/channel_not_found/)
    await admin.click('delivery.retry')
    await slack
      .as('U0JUNHO')
      .dm()
      .waitForMessage(/닿지 않는 결재자/)
    await desk.settled()
    expect(await desk.app.store.deadDeliveries('ondam', 5)).toEqual([])
  })
})
