import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { createStore } from '../../data/store.ts'
import { recordDecisions } from './acknowledge.ts'
import { startChild } from './child.ts'
import type { CrowdResult } from './generator.ts'
import { median, percentile } from './statistics.ts'
import type { Row } from './table.ts'
import { instant, type Pending, type World } from './world.ts'

/** People who press at once. */
export const people = 200

export interface Outcome {
  readonly approvedOnce: number
  readonly lost: number
  readonly twice: number
}

/**
 * Every request is pressed by its manager, and every fifth one at the same time a second time and by somebody who may
 * not decide it: by 200 people at once, each with a connection of their own, until all is pressed.
 */
export const presses = (world: World): { readonly pending: number; readonly team: number }[] =>
  world.pending.flatMap((each, at) => {
    const right = { pending: at, team: each.team }
    if (at % 5 !== 0) return [right]
    const wrong = { pending: at, team: (each.team + 1) % world.companies[each.company]!.managers.length }
    return [right, wrong, right]
  })

/** What the database says became of the requests. */
export async function outcomeOf(file: string, world: World): Promise<Outcome> {
  const store = await createStore({ url: `file:${file}`, clock: { now: () => instant } })
  try {
    const approvals = async ({ company, request }: Pending) => {
      const { id } = world.companies[company]!
      const lines = await store.auditOf(id, { noun: 'discount', id: request }, 50)
      const record = await store.discount(id, request)
      return {
        status: record?.status,
        decisions: record?.steps.flatMap((step) => step.decisions).length ?? 0,
        audited: lines.filter((line) => line.what === 'discount.approved').length,
      }
    }
    const found = await Promise.all(world.pending.map(approvals))
    return {
      approvedOnce: found.filter((f) => f.status === 'approved' && f.decisions === 1 && f.audited === 1)
        .length,
      lost: found.filter((f) => f.status !== 'approved').length,
      twice: found.filter((f) => f.decisions > 1 || f.audited > 1).length,
    }
  } finally {
    await store.close()
  }
}

/** 200 people pressing buttons at once on 1,000 open requests. */
export async function crowd(world: World, folder: string, rounds: number): Promise<Row[]> {
  const { card } = await recordDecisions(world, folder)
  const p50: number[] = []
  const p99: number[] = []
  const lost: number[] = []
  const twice: number[] = []
  for (let round = 0; round < rounds; round++) {
    const file = join(folder, `crowd-${round}.db`)
    copyFileSync(world.file, file)
    const generator = await startChild('generator', { world, card })
    const ours = await startChild('ours', { world, file, slackUrl: await generator.ask('url') })
    const result = await generator.ask<CrowdResult>('crowd', {
      port: await ours.ask('port'),
      connections: people,
      presses: presses(world),
    })
    if (Object.keys(result.statuses).some((status) => status !== '200'))
      throw new Error(`Not every press was acknowledged: ${JSON.stringify(result.statuses)}`)
    p50.push(percentile(result.acknowledged, 0.5))
    p99.push(percentile(result.acknowledged, 0.99))
    await ours.stop()
    await generator.stop()
    const outcome = await outcomeOf(file, world)
    lost.push(outcome.lost)
    twice.push(outcome.twice)
  }
  const what = `${people} people at once, ${world.pending.length.toLocaleString('en-US')} open requests`
  return [
    { what: `${what}: acknowledgement, p50`, ours: median(p50), unit: 'ms' },
    {
      what: `${what}: acknowledgement, p99`,
      ours: median(p99),
      unit: 'ms',
      target: { most: 1_000, of: 'ours' },
    },
    { what: '… decisions lost', ours: Math.max(...lost), unit: '', target: { most: 0, of: 'ours' } },
    { what: '… decisions made twice', ours: Math.max(...twice), unit: '', target: { most: 0, of: 'ours' } },
  ]
}
