import { createHash } from 'node:crypto'
import type { Card } from '../../blocks/card.ts'
import type { Chart } from '../../blocks/chart.ts'
import type { Log } from '../ports.ts'
import { within } from '../within.ts'
import type { Message } from './card.ts'
import { limits } from './limits.ts'

/** Makes the picture of a card ready before it is rendered. Never throws: a chart without a picture is told in words. */
export interface PictureRoom {
  /** Draws ahead, so that `of` finds it done. */
  ready(tenant: string, card: Card): Promise<void>
  /**
   * Where the picture of this card's chart is: inside the card while it stays small, else at an address under
   * PUBLIC_URL, else inside while Teams takes it at all. `render` shows how big the card becomes with it.
   */
  of(
    tenant: string,
    card: Card,
    render: (picture: string) => Message,
    /** Milliseconds it may take: an invoke is waited for five seconds in all. */
    mostMs?: number,
  ): Promise<string | undefined>
}

const readyMostMs = 10_000
const kept = 32

export function createPictures(parts: {
  readonly log: Log
  readonly draw: (chart: Chart) => Promise<Uint8Array>
  /** The address of a chart's picture; `undefined` where there is no PUBLIC_URL. */
  readonly link?: (tenant: string, chart: Chart) => Promise<string | undefined>
}): PictureRoom {
  const { log } = parts
  const drawn = new Map<string, Promise<string>>()

  function dataOf(chart: Chart): Promise<string> {
    const key = createHash('sha256').update(JSON.stringify(chart)).digest('base64url')
    const known = drawn.get(key)
    if (known) return known
    const made = parts
      .draw(chart)
      .then((png) => `data:image/png;base64,${Buffer.from(png).toString('base64')}`)
    if (drawn.size >= kept) drawn.delete(drawn.keys().next().value as string)
    drawn.set(key, made)
    // What failed once is tried again with the next card.
    made.catch(() => drawn.delete(key))
    return made
  }

  const chartOf = (card: Card): Chart | undefined =>
    card.blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []))[0]

  async function choose(
    tenant: string,
    chart: Chart,
    render: (picture: string) => Message,
  ): Promise<string | undefined> {
    const data = await dataOf(chart)
    // With a short address in its place, so that nothing is left out of the card for its picture's sake.
    const rest = Buffer.byteLength(JSON.stringify(render('https://x.example/').attachments[0]?.content))
    if (rest + data.length <= limits.picture.small) return data
    const url = await parts.link?.(tenant, chart)
    if (url !== undefined && rest + url.length <= limits.card.bytes) return url
    return rest + data.length <= limits.picture.most ? data : undefined
  }

  return {
    async ready(_tenant, card) {
      const chart = chartOf(card)
      if (chart) await within(dataOf(chart), readyMostMs)
    },
    async of(tenant, card, render, mostMs = readyMostMs) {
      const chart = chartOf(card)
      if (!chart) return undefined
      const outcome = await within(choose(tenant, chart, render), mostMs)
      if ('reply' in outcome) return outcome.reply
      const why = 'late' in outcome ? 'not drawn in time' : String(outcome.error)
      log.warn({ tenant, why }, 'a chart could not be drawn: its words stand alone')
      if ('late' in outcome) outcome.late.catch(() => undefined)
      return undefined
    },
  }
}
