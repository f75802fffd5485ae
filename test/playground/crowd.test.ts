import { afterEach, expect, test } from 'vitest'
import { localSlack } from '../support/slack-people.ts'
import { boltApp } from './bolt-app.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

test('a hundred people press at once and each sees their own card settled', async () => {
  const users = Array.from({ length: 100 }, (_, at) => ({ id: `U0P${at}`, realName: `Person ${at}` }))
  const slack = await localSlack({ users })
  open.push(slack)
  const app = await boltApp(slack, (bolt) => {
    bolt.action('go', async ({ ack, body, client }) => {
      await ack()
      if (!('message' in body) || !body.message || !body.channel) return
      await client.chat.update({
        channel: body.channel.id,
        ts: body.message.ts,
        text: `done by ${body.user.id}`,
        blocks: [],
      })
    })
  })
  open.push(app)
  await Promise.all(
    users.map(async ({ id }) => {
      const { channel } = await app.app.client.conversations.open({ users: id })
      await app.app.client.chat.postMessage({
        channel: channel!.id!,
        text: 'card',
        blocks: [
          { type: 'section', text: { type: 'plain_text', text: 'card' } },
          {
            type: 'actions',
            elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
          },
        ],
      })
    }),
  )
  const settled = await Promise.all(
    users.map(async ({ id }) => {
      const card = await slack.as(id).dm().waitForMessage(/card/)
      await card.click('Go')
      return (await card.waitFor(/done/)).text()
    }),
  )
  expect(settled).toEqual(users.map(({ id }) => `done by ${id}`))
})
