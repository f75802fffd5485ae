import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { MovableClock } from './clock.ts'
import { control } from './control.ts'
import { Gate } from './guard.ts'
import { servePage } from './page-files.ts'
import { sendJson } from './slack/http.ts'
import { createLocalSlack, type LocalSlack } from './slack/index.ts'
import { readManifest } from './slack/manifest.ts'
import type { WorkspaceSeed } from './slack/seed.ts'
import { Stream } from './stream.ts'

export interface PlaygroundOptions {
  readonly clock: MovableClock
  /** One workspace a company: `workspaceOfDemo`, `workspaceOfOrg`. */
  readonly workspaces: readonly WorkspaceSeed[]
  /** The text of manifest.yml: the commands, scopes and events the local Slack knows the app by. */
  readonly manifest: string
  /** The built page (`dist/page`). */
  readonly page: string
  /** Keeps the conversations over restarts, beside the database. */
  readonly snapshot?: string
}

export interface Playground {
  readonly slack: LocalSlack
  /** Say where the server listens before anything is sent to or fro. */
  listening(port: number): void
  /** What the Slack room is configured with instead of real credentials. */
  readonly apiUrl: string
  readonly signingSecret: string
  /** The bot token of a workspace (`Tokens` of src/slack). */
  tokenOf(tenant: string): Promise<string | undefined>
  /** The workspaces the app is installed in. */
  tenants(): Promise<readonly string[]>
  /** A workspace for a company that came later (an import while it runs). */
  plant(seed: WorkspaceSeed): void
  /** Answers `/` and everything below `/playground`; false: not its. */
  handle(incoming: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Takes over Socket Mode connections; false: not its. */
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Ends the open pages' streams, so that the server can stop. */
  hangUp(): void
  close(): Promise<void>
}

const slackPath = '/playground/slack'

/** The playground: a local Slack, its page and its control API, for one server on loopback (architecture, decision 10). */
export function createPlayground(options: PlaygroundOptions): Playground {
  const { clock } = options
  const slack = createLocalSlack({
    app: readManifest(options.manifest),
    workspaces: options.workspaces,
    now: () => clock.now(),
    ...(options.snapshot === undefined ? {} : { snapshot: options.snapshot }),
  })
  const { core } = slack
  const gate = new Gate()
  const stream = new Stream(core)
  clock.onMove((state) => stream.clockMoved(state))
  const nothing = (response: ServerResponse) =>
    sendJson(response, 404, { ok: false, error: 'not_found', message: 'There is nothing here.' })

  return {
    slack,
    listening(port) {
      slack.mountedAt(`http://127.0.0.1:${port}${slackPath}`)
      slack.connect(`http://127.0.0.1:${port}/slack/events`)
    },
    get apiUrl() {
      return slack.apiUrl
    },
    signingSecret: slack.app.signingSecret,
    tokenOf: async (tenant) => {
      const workspace = core.world.workspaces[tenant]
      return workspace?.installed === true ? workspace.botToken : undefined
    },
    tenants: async () =>
      Object.values(core.world.workspaces)
        .filter((workspace) => workspace.installed)
        .map((workspace) => workspace.id),
    plant(seed) {
      slack.plant(seed)
      core.happenings.tell({ kind: 'reload' })
    },
    async handle(incoming, response) {
      const url = new URL(incoming.url ?? '/', 'http://local')
      const path = url.pathname
      if (path !== '/' && path !== '/playground' && !path.startsWith('/playground/')) return false
      if (!gate.admits(incoming)) {
        nothing(response)
        return true
      }
      if (path === '/' || path === '/playground') {
        response.writeHead(302, { location: `/playground/${url.search}` })
        response.end()
      } else if (path.startsWith(`${slackPath}/`)) {
        if (!slack.handle(path.slice(slackPath.length), incoming, response)) nothing(response)
      } else if (path.startsWith('/playground/api/')) {
        if (gate.admitsPage(incoming, url))
          await control(
            { core, clock, stream },
            path.slice('/playground/api/'.length),
            url,
            incoming,
            response,
          )
        else nothing(response)
      } else {
        const found =
          incoming.method === 'GET' &&
          (await servePage(options.page, path.slice('/playground'.length), gate.token, response))
        if (!found) nothing(response)
      }
      return true
    },
    upgrade(incoming, socket, head) {
      const path = new URL(incoming.url ?? '/', 'http://local').pathname
      if (!path.startsWith(`${slackPath}/`) || !gate.admits(incoming)) return false
      return slack.upgrade(path.slice(slackPath.length), incoming, socket, head)
    },
    hangUp: () => stream.close(),
    async close() {
      stream.close()
      await slack.close()
    },
  }
}
