import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { wordsFor } from '../../blocks/words/index.ts'
import { createStore, type DataStore } from '../../data/store.ts'
import { drawDiscount } from '../../handlers/discount-cards.ts'
import { registry } from '../../handlers/index.ts'
import { createIntake } from '../../src/intake.ts'
import { renderCard } from '../../src/slack/render.ts'
import { type Child, startChild } from './child.ts'
import type { Round, RoundResult } from './generator.ts'
import type { Gesture } from './payloads.ts'
import { type Recording, recorder, recordingOf } from './statements.ts'
import { median, percentile } from './statistics.ts'
import type { Row } from './table.ts'
import { answersFor, instant, type Pending, type World } from './world.ts'

/** Requests of one round, by the number of connections. */
const counts: Readonly<Record<number, number>> = { 1: 300, 10: 600, 50: 1_000 }
/**
 * How many times as many rounds: the p99 of 300 requests is the third slowest, which one more collection of garbage on
 * either side changes by half, so a median of five of them says another thing each time.
 */
const roundsTimes: Readonly<Record<number, number>> = { 1: 3 }
const warmUp = 300

export interface Recordings {
  readonly approve: Recording
  readonly submit: Recording
}

/** How many open requests and free deals the rounds use up. */
export const usedUp = (rounds: number): number =>
  warmUp +
  rounds *
    Object.entries(counts).reduce((sum, [at, count]) => sum + count * (roundsTimes[Number(at)] ?? 1), 0) +
  10

/** What one approval and one submission run, from the press to the answer, and the card that is pressed. */
export async function recordDecisions(
  world: World,
  folder: string,
): Promise<Recordings & { readonly card: readonly unknown[] }> {
  const file = join(folder, 'recorded.db')
  copyFileSync(world.file, file)
  const recording = recorder()
  const store = await createStore({ url: `file:${file}`, clock: { now: () => instant } })
  try {
    const decisions = lastTwo(world.pending, world)
    const [, approve] = [
      // The first one also reads the people and prepares the statements.
      await recording.during(() => approval(store, world, decisions[0], `first-${key}`)),
      await recording.during(() => approval(store, world, decisions[1], key)),
    ]
    const forms = lastTwo(world.free, world)
    const [, submit] = [
      await recording.during(() => request(store, world, forms[0], 'request-before-the-recording')),
      await recording.during(() => request(store, world, forms[1], newRequest)),
    ]
    return {
      approve: recordingOf(approve!, namesOf(world, decisions[1], 'managers')),
      submit: recordingOf(submit!, { ...namesOf(world, forms[1], 'aes'), fresh: newRequest }),
      card: await drawnCard(store, world),
    }
  } finally {
    recording.restore()
    await store.close()
  }
}

/** Two of one company, so that its people are read before the second, as they are in a server that has run a while. */
const lastTwo = <T>(all: readonly T[], { companies }: World): readonly [T, T] => [
  all.at(-1)!,
  all.at(-1 - companies.length)!,
]

const key = 'once-key-of-the-recording'
const newRequest = 'request-of-the-recording'

function namesOf(
  world: World,
  of: { company: number; team: number; deal: string; drawing: string; request?: string },
  who: 'managers' | 'aes',
) {
  const company = world.companies[of.company]!
  return {
    ...(of.request === undefined ? {} : { request: of.request }),
    drawing: of.drawing,
    deal: of.deal,
    company: company.id,
    tenant: company.tenant,
    user: company[who][of.team]!.user,
    manager: company.managers[of.team]!.person,
    ae: company.aes[of.team]!.person,
    key,
  }
}

function intakeOn(store: DataStore, newId: () => string) {
  return createIntake({
    store,
    clock: { now: () => instant },
    registry,
    linking: { link: async () => undefined },
    newId,
  })
}

async function approval(store: DataStore, world: World, of: Pending, onceKey: string): Promise<void> {
  const { tenant, user } = namesOf(world, of, 'managers')
  const reply = await intakeOn(store, () => newRequest).take({
    ...{
      platform: 'slack',
      tenant,
      user,
      key: onceKey,
      fingerprint: 'f',
      at: instant,
      place: { kind: 'dm' },
    },
    ...{ kind: 'button', action: 'discount.approve', drawing: of.drawing },
  })
  if (reply.kind !== 'nothing') throw new Error(`Not approved: ${JSON.stringify(reply)}`)
}

async function request(store: DataStore, world: World, of: World['free'][number], id: string): Promise<void> {
  const { tenant, user } = namesOf(world, of, 'aes')
  const reply = await intakeOn(store, () => id).take({
    ...{ platform: 'slack', tenant, user, fingerprint: 'f', at: instant, place: { kind: 'form' } },
    ...{ kind: 'submit', form: 'discount.request', drawing: of.drawing, answers: answersFor(of.deal) },
    key: `submit-${of.deal}-${key}`,
  })
  if (reply.kind !== 'close') throw new Error(`Not submitted: ${JSON.stringify(reply)}`)
}

async function drawnCard(store: DataStore, world: World): Promise<readonly unknown[]> {
  const of = world.pending[0]!
  const company = world.companies[of.company]!
  const org = await store.org(company.id)
  const viewer = org.people.get(company.managers[of.team]!.person)!
  const drawn = await drawDiscount(
    { noun: 'discount', id: of.request },
    {
      now: instant,
      company: company.id,
      org,
      policy: await store.policy(company.id),
      locale: 'ko',
      words: wordsFor('ko'),
      store,
      newId: () => of.drawing,
      viewer,
      audience: { person: viewer.id },
    },
  )
  return renderCard(drawn!.card).blocks
}

interface Measured {
  readonly p50: number
  readonly p99: number
}

const measured = ({ acknowledged }: RoundResult): Measured => ({
  p50: percentile(acknowledged, 0.5),
  p99: percentile(acknowledged, 0.99),
})

const titles: Readonly<Record<Gesture, string>> = {
  command: 'slash command that opens a form',
  'form-button': 'button that opens a form',
  approve: 'button that approves',
  submit: 'form that asks for a discount',
}

export interface AcknowledgeOptions {
  readonly rounds: number
  readonly gestures: readonly Gesture[]
  readonly connections: readonly number[]
  readonly tell: (line: string) => void
}

/** Acknowledgement of each gesture by the product and by bare Bolt, in alternating rounds. */
export async function acknowledge(world: World, folder: string, options: AcknowledgeOptions): Promise<Row[]> {
  const { card, ...recordings } = await recordDecisions(world, folder)
  const generator = await startChild('generator', { world, card })
  const slackUrl = await generator.ask<string>('url')
  const files = { ours: join(folder, 'ours.db'), bare: join(folder, 'bare.db') }
  for (const file of Object.values(files)) copyFileSync(world.file, file)
  const ours = await startChild('ours', { world, file: files.ours, slackUrl }, ['--expose-gc'])
  const bare = await startChild('bare', { world, file: files.bare, slackUrl, ...recordings }, ['--expose-gc'])
  const rows: Row[] = []
  try {
    const memoryAtRest = await ours.ask<number>('memory')
    const ports = { ours: await ours.ask<number>('port'), bare: await bare.ask<number>('port') }
    const run = async (who: 'ours' | 'bare', of: Omit<Round, 'port'>): Promise<RoundResult> => {
      const result = await generator.ask<RoundResult>('round', { ...of, port: ports[who] })
      const wrong = Object.keys(result.statuses).filter((status) => status !== '200')
      if (wrong.length > 0) throw new Error(`${who} ${of.gesture}: ${JSON.stringify(result.statuses)}`)
      // What follows from a round (forms, cards) is done before the next one begins.
      await (who === 'ours' ? ours : bare).ask('idle')
      return result
    }
    for (const gesture of options.gestures) {
      const forms = gesture === 'command' || gesture === 'form-button'
      let from = 0
      for (const who of ['ours', 'bare'] as const)
        await run(who, { gesture, connections: 10, from, count: warmUp, forms: forms && who === 'ours' })
      from += warmUp
      for (const connections of options.connections) {
        const count = counts[connections] ?? 300
        const rounds: Record<'ours' | 'bare', Measured[]> = { ours: [], bare: [] }
        const opened: number[] = []
        for (let round = 0; round < options.rounds * (roundsTimes[connections] ?? 1); round++) {
          const order = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const)
          for (const who of order) {
            const result = await run(who, {
              gesture,
              connections,
              from,
              count,
              forms: forms && who === 'ours',
            })
            rounds[who].push(measured(result))
            opened.push(...result.opened)
          }
          from += count
        }
        for (const [point, target] of [
          ['p50', 1.3],
          ['p99', 1.5],
        ] as const) {
          const [mine, theirs] = [
            median(rounds.ours.map((each) => each[point])),
            median(rounds.bare.map((each) => each[point])),
          ]
          rows.push({
            what: `Acknowledge: ${titles[gesture]}, ${connections} connection${connections === 1 ? '' : 's'}, ${point}`,
            ours: mine,
            baseline: theirs,
            unit: 'ms',
            ratio: mine / theirs,
            target: { most: target, of: 'ratio' },
          })
          options.tell(
            `${gesture} ${connections} ${point}: ${mine.toFixed(2)} / ${theirs.toFixed(2)} = ${(mine / theirs).toFixed(2)}`,
          )
        }
        if (opened.length > 0)
          rows.push({
            what: `… and its form asked of Slack, ${connections} connection${connections === 1 ? '' : 's'}, all sent at once, p99`,
            ours: percentile(opened, 0.99),
            unit: 'ms',
            target: { most: 2_500, of: 'ours' },
          })
        options.tell(
          opened.length > 0
            ? `  form asked for: p50 ${percentile(opened, 0.5).toFixed(1)}, p99 ${percentile(opened, 0.99).toFixed(1)} ms`
            : '',
        )
      }
      if (gesture === 'command') {
        const alone = await run('ours', {
          gesture,
          connections: 1,
          from,
          count: 60,
          forms: true,
          oneByOne: true,
        })
        rows.push({
          what: '… and its form asked of Slack, one command at a time, median',
          ours: median(alone.opened),
          unit: 'ms',
          target: { most: 100, of: 'ours' },
        })
        options.tell(`  alone: form asked for after ${median(alone.opened).toFixed(1)} ms`)
      }
    }
    rows.push(...(await memoryRows(ours, memoryAtRest, run)))
    return rows
  } finally {
    for (const child of [ours, bare, generator]) await child.stop()
  }
}

const mebibyte = 1024 * 1024

async function memoryRows(
  ours: Child,
  atRest: number,
  run: (who: 'ours', of: Omit<Round, 'port'>) => Promise<RoundResult>,
): Promise<Row[]> {
  for (let batch = 0; batch < 10; batch++)
    await run('ours', { gesture: 'command', connections: 10, from: batch * 1_000, count: 1_000, forms: true })
  const burst = await ours.ask<number>('memory')
  // Every call to Slack holds its time-out of 10 s in memory, so a burst is let go of only after that.
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  const after = await ours.ask<number>('memory')
  return [
    {
      what: 'Memory before the first request, with four companies and 12,000 open requests (resident)',
      ours: atRest / mebibyte,
      unit: 'MiB',
    },
    {
      what: 'Memory at the end of 10,000 more requests in a row (resident)',
      ours: burst / mebibyte,
      unit: 'MiB',
    },
    {
      what: 'Memory 15 s after them (resident)',
      ours: after / mebibyte,
      unit: 'MiB',
      target: { most: 250, of: 'ours' },
    },
  ]
}
