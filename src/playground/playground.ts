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
import { teamsControl } from './teams/control.ts'
import { createLocalTeams, type LocalTeams } from './teams/index.ts'
import type { TenantSeed } from './teams/seed.ts'
import { TeamsStream } from './teams/stream.ts'
import type { Traveller } from './walk.ts'

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
  /** One Microsoft 365 tenant a company, `tenantOfDemo`, `tenantOfOrg`; none: later, by `plantTenant`. */
  readonly tenants?: readonly TenantSeed[]
  readonly teamsSnapshot?: string
}

export interface Playground {
  readonly slack: LocalSlack
  /** Its `settings` are what the Teams room is configured with. */
  readonly teams: LocalTeams
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
  plantTenant(seed: TenantSeed): void
  /** Tells the app in which chats and teams it is, wherever it was not told: once it listens, and after `plantTenant`. */
  announce(): Promise<void>
  /** Answers `/` and everything below `/playground`; false: not its. */
  handle(incoming: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Takes over Socket Mode connections; false: not its. */
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Who does what falls due on the way when the clock is walked forward. */
  travelsWith(traveller: Traveller): void
  /** Ends the open pages' streams, so that the server can stop. */
  hangUp(): void
  close(): Promise<void>
}

const slackPath = '/playground/slack'
const teamsPath = '/playground/teams'

/** The playground: a local Slack and a local Teams, their page and its control API, for one server on loopback (architecture, decision 10). */
export function createPlayground(options: PlaygroundOptions): Playground {
  const { clock } = options
  const slack = createLocalSlack({
    app: readManifest(options.manifest),
    workspaces: options.workspaces,
    now: () => clock.now(),
    ...(options.snapshot === undefined ? {} : { snapshot: options.snapshot }),
  })
  const { core } = slack
  const teams = createLocalTeams({
    tenants: options.tenants ?? [],
    now: () => clock.now(),
    traffic: core.traffic,
    // The same words without the slash.
    app: {
      name: slack.app.name,
      commands: slack.app.commands.map(({ command, description }) => ({
        title: command.replace(/^\//, ''),
        description,
      })),
    },
    ...(options.teamsSnapshot === undefined ? {} : { snapshot: options.teamsSnapshot }),
  })
  const gate = new Gate()
  let traveller: Traveller | undefined
  const faults = () => [...core.faults.list(), ...teams.core.faults.list()]
  const stream = new Stream(core, faults)
  const teamsStream = new TeamsStream(teams.core, faults)
  // Each half's page shows the faults of both.
  core.happenings.listen(({ kind }) => kind === 'faults' && teamsStream.faultsChanged())
  teams.core.happenings.listen(({ kind }) => kind === 'faults' && stream.faultsChanged())
  clock.onMove((state) => {
    stream.clockMoved(state)
    teamsStream.clockMoved(state)
  })
  const nothing = (response: ServerResponse) =>
    sendJson(response, 404, { ok: false, error: 'not_found', message: 'There is nothing here.' })

  return {
    slack,
    teams,
    listening(port) {
      teams.mountedAt(`http://127.0.0.1:${port}${teamsPath}`)
      teams.connect(`http://127.0.0.1:${port}/api/messages`)
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
    plantTenant(seed) {
      teams.plant(seed)
      teams.core.happenings.tell({ kind: 'reload' })
    },
    announce: () => teams.announce(),
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
      } else if (path.startsWith(`${teamsPath}/`)) {
        if (!teams.handle(path.slice(teamsPath.length), incoming, response)) nothing(response)
      } else if (path.startsWith('/playground/api/')) {
        if (!gate.admitsPage(incoming, url)) nothing(response)
        else if (path.startsWith('/playground/api/teams/'))
          await teamsControl(
            { core: teams.core, clock, stream: teamsStream, faults },
            path.slice('/playground/api/teams/'.length),
            url,
            incoming,
            response,
          )
        else
          await control(
            { core, clock, stream, teams: teams.core, ...(traveller && { traveller }) },
            path.slice('/playground/api/'.length),
            url,
            incoming,
            response,
          )
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
    travelsWith(who) {
      traveller = who
    },
    hangUp() {
      stream.close()
      teamsStream.close()
    },
    async close() {
      stream.close()
      teamsStream.close()
      await slack.close()
      await teams.close()
    },
  }
}
