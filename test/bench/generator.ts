import { answering } from './child.ts'
import { type FakeSlack, fakeSlack } from './fake-slack.ts'
import { sendAll } from './load.ts'
import { button, type Gesture, requestBody } from './payloads.ts'
import type { World } from './world.ts'

/*
 * The load generator, in a process of its own. The local Slack is in it too: when a command was sent and when its form
 * was opened are read off one clock.
 */

let world: World
let card: readonly unknown[]
let slack: FakeSlack

export interface Round {
  readonly gesture: Gesture
  readonly port: number
  readonly connections: number
  readonly from: number
  readonly count: number
  /** Wait for every form to be opened, and tell how long that took. */
  readonly forms?: boolean
  /** Send the next one only when the form of the last one is open. */
  readonly oneByOne?: boolean
}

export interface RoundResult {
  /** Ms from sending a request to its acknowledgement. */
  readonly acknowledged: number[]
  /** Ms from sending a request to `views.open` coming in. */
  readonly opened: number[]
  readonly statuses: Record<string, number>
}

answering({
  async start(detail: { world: World; card: readonly unknown[] }) {
    world = detail.world
    card = detail.card
    slack = await fakeSlack()
  },
  url: () => slack.url,
  calls: () => Object.fromEntries(slack.calls),
  round,
  crowd,
  stop: () => slack.close(),
})

async function round(of: Round): Promise<RoundResult> {
  const triggers = new Map<number, string>()
  const bodies = Array.from({ length: of.count }, (_, at) => () => {
    const { body, trigger } = requestBody(world, of.gesture, of.from + at, { card, slackUrl: slack.url })
    triggers.set(at, trigger)
    return body
  })
  const opened: number[] = []
  const statuses: Record<string, number> = {}
  const acknowledged: number[] = []
  const batches = of.oneByOne ? bodies.map((_, at) => [at]) : [bodies.map((_, at) => at)]
  for (const batch of batches) {
    const answers = await sendAll(
      of.port,
      of.connections,
      batch.map((at) => bodies[at]!),
    )
    for (const answer of answers) {
      acknowledged.push(answer.answered - answer.sent)
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    }
    if (!of.forms) continue
    for (const answer of answers) {
      const trigger = triggers.get(batch[answer.at]!)!
      opened.push((await whenOpened(trigger)) - answer.sent)
    }
  }
  return { acknowledged, opened, statuses }
}

export interface CrowdResult {
  readonly acknowledged: number[]
  readonly statuses: Record<string, number>
}

/** Everybody presses at once: one connection each, the next press as soon as the last one is acknowledged. */
async function crowd(of: {
  readonly port: number
  readonly connections: number
  readonly presses: readonly { readonly pending: number; readonly team: number }[]
}): Promise<CrowdResult> {
  const answers = await sendAll(
    of.port,
    of.connections,
    of.presses.map(
      ({ pending, team }) =>
        () =>
          button(world, world.pending[pending]!, 'discount.approve', { card, slackUrl: slack.url }, team)
            .body,
    ),
  )
  const statuses: Record<string, number> = {}
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1
  return { acknowledged: answers.map((answer) => answer.answered - answer.sent), statuses }
}

async function whenOpened(trigger: string): Promise<number> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const at = slack.opened.get(trigger)
    if (at !== undefined) {
      slack.opened.delete(trigger)
      return at
    }
    if (performance.now() > deadline) throw new Error('A form was never opened.')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
