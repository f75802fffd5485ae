import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Core, type CoreSettings } from './core.ts'
import { authorize } from './installation.ts'
import { newApp, newWorld, plant, type WorkspaceSeed } from './seed.ts'
import { handleSlack, listenAlone, upgradeSlack } from './server.ts'
import { readSnapshot, Snapshots } from './snapshot.ts'
import type { AppRegistration, Workspace } from './world.ts'

export interface LocalSlackOptions extends Partial<CoreSettings> {
  readonly app?: Partial<AppRegistration>
  readonly workspaces: readonly WorkspaceSeed[]
  /** A file that keeps the conversations over restarts; none: they are forgotten at the end. */
  readonly snapshot?: string
}

/** A Slack of one's own: what Dealdesk uses of it, as strict as the real one. */
export interface LocalSlack {
  readonly core: Core
  /** What `SLACK_API_URL` must be, with a slash at the end. */
  readonly apiUrl: string
  readonly app: Readonly<AppRegistration>
  workspace(id?: string): Workspace
  /** Adds a workspace, or brings one up to its seed. */
  plant(seed: WorkspaceSeed): Workspace
  /** Where the app takes commands, interactions and events, e.g. `http://127.0.0.1:3000/slack/events`. */
  connect(url: string): void
  /** An OAuth code, as the consent page would send it to the app's redirect address. */
  authorize(workspace: string, scopes: readonly string[], redirectUri?: string): string
  /** Mounted in another server: it is reached at `base`, and is given requests with the path below that. */
  mountedAt(base: string): void
  handle(path: string, incoming: IncomingMessage, response: ServerResponse): boolean
  upgrade(path: string, incoming: IncomingMessage, socket: Duplex, head: Buffer): boolean
  /** Stand-alone, on loopback; port 0 chooses a free one. */
  listen(port?: number): Promise<void>
  /** Resolves when nothing is on its way to the app any more. */
  settled(): Promise<void>
  close(): Promise<void>
}

export function createLocalSlack(options: LocalSlackOptions): LocalSlack {
  const kept = options.snapshot === undefined ? undefined : readSnapshot(options.snapshot)
  const world = kept ?? newWorld(newApp(options.app ?? {}))
  if (kept) Object.assign(world.app, options.app)
  const core = new Core(world, options)
  for (const seed of options.workspaces) plant(world, seed, core.settings.now())
  const snapshots = options.snapshot === undefined ? undefined : new Snapshots(options.snapshot, world)
  core.happenings.listen((happening) => {
    if (happening.kind !== 'traffic' && happening.kind !== 'faults') snapshots?.soon()
  })
  let alone: { base: string; close(): Promise<void> } | undefined

  return {
    core,
    get apiUrl() {
      return `${core.base}/api/`
    },
    app: world.app,
    workspace: (id = Object.keys(world.workspaces)[0] ?? '') => core.workspace(id),
    plant: (seed) => plant(world, seed, core.settings.now()),
    connect(url) {
      core.link.url = url
    },
    authorize: (workspace, scopes, redirectUri) =>
      authorize(core, core.workspace(workspace), scopes, redirectUri),
    mountedAt(base) {
      core.base = base.replace(/\/$/, '')
    },
    handle: (path, incoming, response) => handleSlack(core, path, incoming, response),
    upgrade: (path, incoming, socket, head) => upgradeSlack(core, path, incoming, socket, head),
    async listen(port = 0) {
      alone = await listenAlone(core, port)
      core.base = alone.base
    },
    settled: () => core.link.settled(),
    async close() {
      core.link.close()
      await alone?.close()
      snapshots?.now()
    },
  }
}
