import { join } from 'node:path'
import { demoCompanies } from '../../data/demo.ts'
import { localDate } from '../../src/canon/calendar.ts'
import type { TeamsConfig } from '../../src/config.ts'
import { tenantOfDemo } from '../../src/playground/index.ts'
import { invokeActivity } from '../../src/playground/teams/activities.ts'
import { createLocalTeams } from '../../src/playground/teams/index.ts'
import { personalChatOf } from '../../src/playground/teams/world.ts'
import { startChild } from './child.ts'
import { sendBytes } from './load.ts'
import { median, percentile } from './statistics.ts'
import type { Row } from './table.ts'

/** What both servers are started with. */
export interface TeamsBench {
  readonly file: string
  readonly settings: TeamsConfig & {
    readonly password: string
    readonly channel: NonNullable<TeamsConfig['channel']>
  }
}

/** Invokes of one round. */
const count = 600

/** A dialog opened by a press, verified, ruled and drawn, against a bare CloudAdapter that only answers 200. */
export async function teams(folder: string, rounds: number, connections: readonly number[]): Promise<Row[]> {
  const demo = demoCompanies(localDate(Date.now(), 'Asia/Seoul'))
  const local = createLocalTeams({ tenants: demo.map(tenantOfDemo) })
  await local.listen()
  const settings = local.settings as TeamsBench['settings']
  const ours = await startChild('teams-ours', { file: join(folder, 'teams.db'), settings })
  const bare = await startChild('teams-bare', { file: '', settings })
  try {
    const ports = { ours: await ours.ask<number>('port'), bare: await bare.ask<number>('port') }
    const drawing = await ours.ask<string>('drawing')
    const requests = (port: number) => invokes(local, drawing, port)
    for (const port of Object.values(ports)) await sendBytes(port, 1, requests(port).slice(0, 100))
    const rows: Row[] = []
    for (const at of connections) {
      const found = {
        ours: { p50: [] as number[], p99: [] as number[] },
        bare: { p50: [] as number[], p99: [] as number[] },
      }
      for (let round = 0; round < rounds; round++)
        for (const side of ['ours', 'bare'] as const) {
          const answers = await sendBytes(ports[side], at, requests(ports[side]))
          const bad = answers.find(({ status }) => status !== 200)
          if (bad) throw new Error(`teams ${side} answered ${bad.status}: ${bad.text}`)
          const times = answers.map(({ sent, answered }) => answered - sent)
          found[side].p50.push(percentile(times, 0.5))
          found[side].p99.push(percentile(times, 0.99))
        }
      for (const share of ['p50', 'p99'] as const) {
        const [mine, theirs] = [median(found.ours[share]), median(found.bare[share])]
        rows.push({
          what: `Teams invoke that opens a dialog, ${share}, ${at} connection${at === 1 ? '' : 's'}`,
          ours: mine,
          baseline: theirs,
          unit: 'ms',
          ratio: mine / theirs,
          ...(share === 'p99' ? { target: { most: 1.5, of: 'ratio' as const } } : {}),
        })
      }
    }
    return rows
  } finally {
    await ours.stop()
    await bare.stop()
    await local.close()
  }
}

/** Signed requests, each with an id of its own, so that none is answered from the record of another. */
function invokes(local: ReturnType<typeof createLocalTeams>, drawing: string, port: number): Buffer[] {
  const { core } = local
  const tenant = local.tenant()
  const people = Object.values(tenant.users).slice(0, 12)
  const authorization = core.keys.authorization({
    audience: core.world.app.id,
    serviceUrl: core.serviceUrl,
    now: Date.now(),
  })
  return Array.from({ length: count }, (_, i) => {
    const user = people[i % people.length]!
    const conversation = personalChatOf(tenant, user.id)
    if (!conversation) throw new Error(`${user.name} has no chat with the app`)
    const activity = invokeActivity(core, tenant, conversation, user, {
      name: 'task/fetch',
      value: { data: { action: 'discount.start', drawing }, context: { theme: 'default' } },
    })
    const body = Buffer.from(JSON.stringify(activity))
    const head =
      `POST /api/messages HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n` +
      `authorization: ${authorization}\r\ncontent-length: ${body.length}\r\n\r\n`
    return Buffer.concat([Buffer.from(head), body])
  })
}
