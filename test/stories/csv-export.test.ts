import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Product, product } from '../support/product.ts'

/* The numbers of /pipeline as a file: in the DM on Slack, by an address that runs out on Teams. */

let dealdesk: Product
beforeAll(async () => {
  dealdesk = await product({
    platforms: ['slack', 'teams'],
    env: { PUBLIC_URL: 'https://dealdesk.example.com' },
  })
})
afterAll(() => dealdesk.stop())

it('on Slack the file is in the DM of whoever asked, and the chart of the answer has an address', async () => {
  const haeun = dealdesk.slack.as('U0HAEUN')
  await haeun.command('/pipeline')
  const answer = await haeun.ephemeral(/파이프라인/)
  const image = answer.message.blocks.find((block) => block.type === 'image') as unknown as {
    image_url: string
    alt_text: string
  }
  expect(image.alt_text).toMatch(/\d/)
  const picture = await fetch(
    `${dealdesk.app.url}${new URL(image.image_url).pathname}${new URL(image.image_url).search}`,
  )
  expect(picture.headers.get('content-type')).toBe('image/png')
  await answer.click('pipeline.export')
  await haeun.ephemeral(/저와의 개인 대화에 올렸습니다/)
  const workspace = haeun.actor.workspace
  const files = Object.values(workspace.files ?? {}).filter((file) => file.name.endsWith('.csv'))
  expect(files).toHaveLength(1)
  expect(workspace.channels[files[0]!.channel!]).toMatchObject({ kind: 'dm' })
  expect(Buffer.from(files[0]!.content, 'base64').toString()).toMatch(/^\ufeff.*deals/)
})

it('on Teams it has an address for an hour, which opens for this company alone', async () => {
  const haeun = dealdesk.teams.as('윤하은')
  await haeun.say('/pipeline')
  const card = await haeun.chat().waitForCard(/파이프라인/)
  await card.press('pipeline.export')
  const shown = JSON.stringify((await haeun.dialog()).content())
  const address = /https:\/\/dealdesk\.example\.com(\/files\/[^"\\]+)/.exec(shown)?.[1] ?? ''
  const file = await fetch(`${dealdesk.app.url}${address}`)
  expect(file.status).toBe(200)
  expect(await file.text()).toContain('deals')
  expect((await fetch(`${dealdesk.app.url}${address.replace('c=ondam', 'c=larkfield')}`)).status).toBe(404)
})
