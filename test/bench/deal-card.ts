import { randomUUID } from 'node:crypto'
import { createStore } from '../../data/store.ts'
import { registry } from '../../handlers/index.ts'
import { createIntake } from '../../src/intake.ts'
import { renderCard } from '../../src/slack/render.ts'
import { buildNight, nightlyAt, nightlyTenant } from './nightly-world.ts'
import { percentile } from './statistics.ts'
import type { Row } from './table.ts'

const deals = 100_000
const activities = 1_000_000

/** `/deal` from the gesture to the card as Slack gets it, among 100,000 deals with 1,000,000 activities. */
export async function dealCard(folder: string): Promise<Row[]> {
  const file = `${folder}/deals.db`
  await buildNight(file, deals, activities / deals)
  const clock = { now: () => nightlyAt }
  const store = await createStore({ url: `file:${file}`, clock })
  // One each: who asks a hundred times a second is told to slow down.
  const newIntake = () =>
    createIntake({
      ...{ store, clock, registry, newId: randomUUID },
      linking: { link: async () => undefined },
    })
  const answer = async (text: string, at: number): Promise<number> => {
    const intake = newIntake()
    const began = performance.now()
    const reply = await intake.take({
      ...{ platform: 'slack', tenant: nightlyTenant, user: 'U-vp', key: randomUUID(), fingerprint: 'f' },
      ...{ at: nightlyAt, place: { kind: 'dm' }, kind: 'command', command: 'deal', text },
    })
    const shown = reply.kind === 'say' ? JSON.stringify(renderCard(reply.card)) : ''
    const took = performance.now() - began
    if (!shown.includes(`Deal ${at} `)) throw new Error(`/deal ${text}: ${JSON.stringify(reply)}`)
    return took
  }
  try {
    const rows: Row[] = []
    for (const [how, text] of [
      ['by its id', (at: number) => `D${String(at).padStart(7, '0')}`],
      ['by its name', (at: number) => `Deal ${at}`],
      ['by a part of its name', (at: number) => `eal ${at}`],
    ] as const) {
      await answer(text(1), 1)
      const took: number[] = []
      for (let at = 10_000; took.length < 100; at += 797) took.push(await answer(text(at), at))
      for (const [point, share] of [
        ['p50', 0.5],
        ['p99', 0.99],
      ] as const)
        rows.push({
          what: `/deal ${how}, 100,000 deals and 1,000,000 activities, ${point}`,
          ours: percentile(took, share),
          unit: 'ms',
          target: { most: 100, of: 'ours' },
        })
    }
    return rows
  } finally {
    await store.close()
  }
}
