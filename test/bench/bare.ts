import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Bolt from '@slack/bolt'
import BetterSqlite3 from 'better-sqlite3'
import { answering } from './child.ts'
import { signingSecret } from './payloads.ts'
import { pragmas } from './pragmas.ts'
import { prepare, type Recording } from './statements.ts'
import type { World } from './world.ts'

/*
 * What the product is measured against: Bolt with its HTTPReceiver as its guide shows it, whose listeners only
 * acknowledge, or run the same statements in one BEGIN IMMEDIATE and acknowledge.
 */

interface Start {
  readonly world: World
  readonly file: string
  readonly slackUrl: string
  readonly approve: Recording
  readonly submit: Recording
}

const server = createServer()

answering({
  async start({ world, file, slackUrl, approve, submit }: Start) {
    const db = new BetterSqlite3(file)
    for (const pragma of pragmas) db.pragma(pragma)
    const runApprove = prepare(db, approve)
    const runSubmit = prepare(db, submit)
    const pending = new Map(world.pending.map((each) => [each.drawing, each]))
    const free = new Map(world.free.map((each) => [each.drawing, each]))

    const receiver = new Bolt.HTTPReceiver({ signingSecret, logLevel: Bolt.LogLevel.ERROR })
    const app = new Bolt.App({
      receiver,
      // A token looked up by workspace, as in any app that is in several.
      authorize: async ({ teamId }) => ({ botToken: `xoxb-${teamId}` }),
      clientOptions: { slackApiUrl: slackUrl },
      logLevel: Bolt.LogLevel.ERROR,
    })
    app.command('/approve-discount', async ({ ack }) => ack())
    app.action('discount.reject', async ({ ack }) => ack())
    app.action('discount.approve', async ({ action, ack }) => {
      const drawing = 'value' in action ? String(action.value) : ''
      const { company, team, request, deal } = pending.get(drawing)!
      const { id, tenant, managers, aes } = world.companies[company]!
      runApprove({
        company: id,
        tenant,
        drawing,
        request,
        deal,
        manager: managers[team]!.person,
        ae: aes[team]!.person,
        user: managers[team]!.user,
      })
      await ack()
    })
    app.view('discount.request', async ({ view, ack }) => {
      const { company, team, deal } = free.get(view.private_metadata)!
      const { id, tenant, managers, aes } = world.companies[company]!
      runSubmit({
        company: id,
        tenant,
        drawing: view.private_metadata,
        deal,
        manager: managers[team]!.person,
        ae: aes[team]!.person,
        user: aes[team]!.user,
      })
      await ack({ response_action: 'clear' })
    })
    receiver.init(app)
    server.on('request', (req, res) => {
      if (req.url === '/slack/events') receiver.requestListener(req, res)
      else res.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  },
  port: () => (server.address() as AddressInfo).port,
  idle: () => undefined,
  memory: () => {
    globalThis.gc?.()
    return process.memoryUsage().rss
  },
  stop: () => {
    server.closeAllConnections()
    server.close()
  },
})
