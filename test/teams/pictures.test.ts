import { describe, expect, it } from 'vitest'
import type { Block, Card } from '../../blocks/card.ts'
import { checkCard, tooBig } from '../../src/playground/teams/check/card.ts'
import type { Log } from '../../src/ports.ts'
import type { Message } from '../../src/teams/card.ts'
import { createCourier } from '../../src/teams/courier.ts'
import { limits, problemsOf } from '../../src/teams/limits.ts'
import { createPictures } from '../../src/teams/pictures.ts'
import { renderCard } from '../../src/teams/render.ts'
import { week } from '../chart/samples.ts'

const warned: string[] = []
const note = (_fields: object, message: string): void => void warned.push(message)
const log: Log = { debug: note, info: note, warn: note, error: note }
const commits = () => false
const tenant = '0d0d0d0d-aaaa-4bbb-8ccc-000000000001'

const cardWith = (text = 'The week'): Card => ({
  summary: 'The week',
  blocks: [
    { kind: 'text', text: [text] },
    { kind: 'chart', chart: week },
  ],
})

/** A picture of so many bytes. */
const drawing = (bytes: number) => async () => new Uint8Array(bytes)
const url = 'https://dealdesk.example.com/charts/x.png?c=ondam&e=1&s=y'

async function shown(card: Card, bytes: number, link?: string): Promise<Message> {
  const pictures = createPictures({ log, draw: drawing(bytes), ...(link ? { link: async () => link } : {}) })
  const picture = await pictures.of(tenant, card, (chosen) => renderCard(card, { commits, picture: chosen }))
  return renderCard(card, { commits, ...(picture ? { picture } : {}) })
}

const body = (message: Message) => message.attachments[0]!.content.body as readonly Record<string, unknown>[]
const image = (message: Message) => body(message).find((element) => element.type === 'Image')
const holds = (message: Message) => {
  const { content } = message.attachments[0]!
  expect(problemsOf(content)).toEqual([])
  expect(checkCard(content)).toEqual([])
  expect(tooBig(content)).toBe(false)
}

describe('a chart on Teams', () => {
  it('travels inside the card while that stays small, with its numbers in words', async () => {
    const message = await shown(cardWith(), 15_000, url)
    expect(image(message)).toMatchObject({
      altText: week.alt,
      url: expect.stringMatching(/^data:image\/png;base64,/),
    })
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(limits.picture.small + 1_000)
    holds(message)
  })

  it('is given by its address when the card would grow too big', async () => {
    const message = await shown(cardWith(), 40_000, url)
    expect(image(message)).toMatchObject({ url, altText: week.alt })
    holds(message)
  })

  it('without an address it still travels inside while Teams takes the card, and is told in words beyond', async () => {
    const inside = await shown(cardWith(), 40_000)
    expect(image(inside)).toMatchObject({ url: expect.stringMatching(/^data:/) })
    holds(inside)
    const beyond = await shown(cardWith(), 70_000)
    expect(image(beyond)).toBeUndefined()
    expect(JSON.stringify(body(beyond))).toContain('커버리지 3.4배')
    holds(beyond)
  })

  it('counts the rest of the card: nothing is left out for the picture’s sake', async () => {
    const long: Card = {
      summary: 'x',
      blocks: [
        ...Array.from({ length: 14 }, (): Block => ({ kind: 'text', text: [{ user: '가'.repeat(1_200) }] })),
        { kind: 'chart', chart: week },
      ],
    }
    const message = await shown(long, 40_000, url)
    expect(image(message)).toMatchObject({ url })
    expect(JSON.stringify(body(message))).not.toContain('… (+')
    holds(message)
  })

  it('that cannot be drawn, or has no address to give, is told in words', async () => {
    const pictures = createPictures({
      log,
      draw: async () => {
        throw new Error('no canvas here')
      },
    })
    expect(await pictures.of(tenant, cardWith(), () => renderCard(cardWith(), { commits }))).toBeUndefined()
    expect(warned).toContain('a chart could not be drawn: its words stand alone')
    await expect(pictures.ready(tenant, cardWith())).resolves.toBeUndefined()
  })

  it('too big all the same, it costs the picture and not the message', async () => {
    const sent: Message[] = []
    const post = {
      send: async (_tenant: string, _conversation: string, message: Message) => {
        sent.push(message)
        if (sent.length === 1) throw Object.assign(new Error('too big'), { statusCode: 413 })
        return 'activity-1'
      },
    }
    const courier = createCourier({
      post: post as never,
      memory: {} as never,
      references: { chatUsersOf: async () => [] },
      commits,
      pictures: createPictures({ log, draw: drawing(10_000) }),
    })
    expect(await courier.post({ tenant, channel: 'a:1' }, cardWith(), 'key-1')).toMatchObject({
      outcome: 'sent',
    })
    expect(image(sent[0]!)).toBeDefined()
    expect(image(sent[1]!)).toBeUndefined()
  })
})

describe('a table on Teams', () => {
  const table = (columns: number, rows: number): Card => ({
    summary: 'x',
    blocks: [
      {
        kind: 'table',
        head: Array.from({ length: columns }, (_, at) => `Head ${at}`),
        rows: Array.from({ length: rows }, (_, at) =>
          Array.from({ length: columns }, (_, column) => [
            { user: `${at}.${column}\n[x](http://evil.example)` },
          ]),
        ),
      },
    ],
  })

  it('is a table of one-line cells, numbers to the right, headed by its first row', () => {
    const message = renderCard(table(4, 6), { commits })
    const [drawn] = body(message) as {
      type: string
      rows: { cells: { items: Record<string, unknown>[] }[] }[]
    }[]
    expect(drawn).toMatchObject({ type: 'Table', firstRowAsHeaders: true })
    expect(drawn!.rows).toHaveLength(7)
    expect(drawn!.rows[1]!.cells.map((cell) => cell.items.length)).toEqual([1, 1, 1, 1])
    expect(drawn!.rows[1]!.cells[1]!.items[0]).toMatchObject({ horizontalAlignment: 'Right' })
    holds(message)
  })

  it('wider than a phone is set as lines, each value after its name', () => {
    const message = renderCard(table(8, 5), { commits })
    expect(body(message).some((element) => element.type === 'Table')).toBe(false)
    expect(JSON.stringify(body(message))).toContain('Head 3 2.3')
    holds(message)
  })

  it('says how many rows it leaves out', () => {
    const message = renderCard(table(5, 500), { commits })
    expect(JSON.stringify(body(message))).toMatch(/… \(\+4\d\d\)/)
    holds(message)
  })
})
