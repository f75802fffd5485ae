import { createHash } from 'node:crypto'
import type { Card } from '../../blocks/card.ts'
import type { Chart } from '../../blocks/chart.ts'
import type { Log } from '../ports.ts'
import { within } from '../within.ts'
import type { Clients } from './clients.ts'
import { outcomeOf, slackErrorName } from './failure.ts'
import type { Picture, Pictures } from './render.ts'
import { upload, usable } from './upload.ts'

/** Makes the pictures of a card ready before it is rendered. Never throws: a chart without a picture is told in words. */
export interface PictureRoom {
  /** Uploaded to this workspace, for messages that stay. The same chart is uploaded once, however often it is asked for. */
  uploaded(tenant: string, card: Card): Promise<Pictures>
  /** By address, for answers that only one person sees: whether they may see a file of the bot's is Slack's secret. */
  linked(tenant: string, card: Card): Promise<Pictures>
  /** Slack would not show the files of this card (deleted meanwhile, not usable yet): they are not offered again. */
  refused(tenant: string, card: Card): void
}

/** How long a file is used again, and how long after a failure nothing is uploaded, ms. */
const keepsMs = 6 * 3_600_000
const failedMs = 5 * 60_000
/** A workspace that did not grant the scope grants it by a new installation, not by being asked every minute. */
const forbiddenMs = 30 * 60_000
const kept = 1_000

/** Drawing, uploading and waiting together, ms: a message is not held up for longer by its picture. */
const readyMostMs = 12_000

/** The longest wait that Slack may ask for before a picture is given up, ms. */
const waitMostMs = 5_000

const none: Pictures = new Map()

export function createPictures(parts: {
  readonly clients: Clients
  readonly apiUrl: string
  readonly log: Log
  readonly draw: (chart: Chart) => Promise<Uint8Array>
  /** The address of a chart's picture; `undefined` where there is no PUBLIC_URL. */
  readonly link?: (tenant: string, chart: Chart) => Promise<string | undefined>
  readonly wall?: () => number
  readonly readyMostMs?: number
}): PictureRoom {
  const { clients, log } = parts
  const wall = parts.wall ?? Date.now
  const files = new Map<string, { readonly picture: Promise<Picture | undefined>; until: number }>()
  /** Workspaces that take no upload at present. */
  const closed = new Map<string, number>()

  const keyOf = (tenant: string, chart: Chart): string =>
    `${tenant} ${createHash('sha256').update(JSON.stringify(chart)).digest('base64url')}`

  function fileOf(tenant: string, chart: Chart): Promise<Picture | undefined> {
    const key = keyOf(tenant, chart)
    const known = files.get(key)
    if (known && known.until > wall()) return known.picture
    if ((closed.get(tenant) ?? 0) > wall()) return Promise.resolve(undefined)
    if (files.size >= kept) files.delete(files.keys().next().value as string)
    const entry = {
      until: wall() + keepsMs,
      // One that is not ready in time may become so later: whoever asks then finds it.
      picture: make(tenant, chart).then((picture) => {
        if (!picture) entry.until = wall() + failedMs
        return picture
      }),
    }
    files.delete(key)
    files.set(key, entry)
    return entry.picture
  }

  async function make(tenant: string, chart: Chart): Promise<Picture | undefined> {
    try {
      const bytes = await parts.draw(chart)
      const client = await clients.of(tenant)
      const put = () => upload(client, parts.apiUrl, { name: 'chart.png', bytes, title: 'chart.png' })
      const file = await put().catch(async (error: unknown) => {
        // Many teams' digests are due at one moment: a short wait that Slack asks for is kept, once.
        const outcome = outcomeOf(error)
        if (outcome.outcome !== 'later' || outcome.afterMs > waitMostMs) throw error
        await new Promise((resolve) => setTimeout(resolve, outcome.afterMs).unref())
        return put()
      })
      if (await usable(client, file)) return { file }
      log.warn({ tenant, file }, 'a chart was uploaded and is not usable in time: its words stand alone')
    } catch (error) {
      const outcome = outcomeOf(error)
      if (outcome.outcome === 'later') closed.set(tenant, wall() + outcome.afterMs)
      else if (outcome.outcome === 'dead' && slackErrorName(error)) closed.set(tenant, wall() + forbiddenMs)
      const why = 'why' in outcome ? outcome.why : 'Slack asked to wait'
      log.warn({ tenant, why }, 'a chart could not be uploaded: its words stand alone')
    }
    return undefined
  }

  const chartsOf = (card: Card): readonly Chart[] =>
    card.blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []))

  return {
    async uploaded(tenant, card) {
      const ready = new Map<Chart, Picture>()
      for (const chart of chartsOf(card)) {
        const outcome = await within(fileOf(tenant, chart), parts.readyMostMs ?? readyMostMs)
        if ('reply' in outcome && outcome.reply) ready.set(chart, outcome.reply)
      }
      return ready
    },

    async linked(tenant, card) {
      const ready = new Map<Chart, Picture>()
      try {
        for (const chart of chartsOf(card)) {
          const url = await parts.link?.(tenant, chart)
          if (url) ready.set(chart, { url })
        }
        return ready
      } catch (error) {
        log.warn({ tenant, err: error }, 'a chart got no address: its words stand alone')
        return none
      }
    },

    refused(tenant, card) {
      for (const chart of chartsOf(card))
        files.set(keyOf(tenant, chart), { picture: Promise.resolve(undefined), until: wall() + failedMs })
    },
  }
}
