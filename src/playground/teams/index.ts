import type { IncomingMessage, ServerResponse } from 'node:http'
import { readJson } from '../file.ts'
import { isRecord } from '../slack/check/rule.ts'
import { Snapshots } from '../slack/snapshot.ts'
import { Core, type CoreSettings } from './core.ts'
import { announceAll } from './people/places.ts'
import { newApp, newWorld, plant, type TenantSeed } from './seed.ts'
import { handleTeams, listenAlone } from './server.ts'
import type { AppRegistration, Tenant, World } from './world.ts'

export interface LocalTeamsOptions extends Partial<CoreSettings> {
  readonly app?: Partial<AppRegistration>
  readonly tenants: readonly TenantSeed[]
  /** A file that keeps the conversations over restarts; none: they are forgotten at the end. */
  readonly snapshot?: string
}

/** What an app is configured with to speak to this Teams instead of Microsoft's (`TeamsConfig`). */
interface LocalTeamsSettings {
  readonly appId: string
  readonly appType: 'MultiTenant'
  readonly password: string
  readonly channel: {
    readonly openIdMetadataUrl: string
    readonly issuer: string
    readonly serviceUrlHosts: readonly string[]
    /** Gives the app its token for its id and password, by the client-credentials grant. */
    readonly loginUrl: string
  }
}

/** A Teams of one's own: what Dealdesk uses of it, as strict as the real one. */
export interface LocalTeams {
  readonly core: Core
  readonly app: Readonly<AppRegistration>
  /** Read it once the address is known (`mountedAt`, `listen`). */
  readonly settings: LocalTeamsSettings
  tenant(id?: string): Tenant
  /** Adds a tenant, or brings one up to its seed. */
  plant(seed: TenantSeed): Tenant
  /** The app's messaging endpoint, e.g. `http://127.0.0.1:3000/api/messages`. */
  connect(url: string): void
  /** Tells the app where it is installed, wherever it was not told yet. */
  announce(): Promise<void>
  /** Mounted in another server: it is reached at `base`, and is given requests with the path below that. */
  mountedAt(base: string): void
  handle(path: string, incoming: IncomingMessage, response: ServerResponse): boolean
  /** Stand-alone, on loopback; port 0 chooses a free one. */
  listen(port?: number): Promise<void>
  /** Resolves when nothing is on its way to the app any more. */
  settled(): Promise<void>
  close(): Promise<void>
}

export function createLocalTeams(options: LocalTeamsOptions): LocalTeams {
  const kept = options.snapshot === undefined ? undefined : readWorld(options.snapshot)
  const world = kept ?? newWorld(newApp(options.app ?? {}))
  if (kept) Object.assign(world.app, options.app)
  const core = new Core(world, options)
  for (const seed of options.tenants) plant(world, seed, core.settings.now())
  const snapshots = options.snapshot === undefined ? undefined : new Snapshots(options.snapshot, world)
  core.happenings.listen((happening) => {
    if (happening.kind !== 'traffic' && happening.kind !== 'faults') snapshots?.soon()
  })
  let alone: { base: string; close(): Promise<void> } | undefined

  return {
    core,
    app: world.app,
    get settings() {
      return {
        appId: world.app.id,
        appType: 'MultiTenant' as const,
        password: world.app.password,
        channel: {
          openIdMetadataUrl: `${core.base}/v1/.well-known/openidconfiguration`,
          issuer: core.keys.issuer,
          serviceUrlHosts: [new URL(core.base).host],
          loginUrl: `${core.base}/login/botframework.com`,
        },
      }
    },
    tenant: (id = Object.keys(world.tenants)[0] ?? '') => core.tenant(id),
    plant: (seed) => plant(world, seed, core.settings.now()),
    connect(url) {
      core.link.url = url
    },
    announce: () => announceAll(core),
    mountedAt(base) {
      core.base = base.replace(/\/$/, '')
    },
    handle: (path, incoming, response) => handleTeams(core, path, incoming, response),
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

/** The world of an earlier run; `undefined` when there is none, or it cannot be read: it is only a rehearsal's. */
function readWorld(path: string): World | undefined {
  const value = readJson(path)
  if (!isRecord(value) || value.version !== 1) return undefined
  const world = value as unknown as World
  // The answers that were waited for at the stop will not come any more.
  for (const tenant of Object.values(world.tenants)) {
    for (const dialog of Object.values(tenant.dialogs)) dialog.busy = false
    for (const { messages } of Object.values(tenant.conversations))
      for (const card of messages.flatMap((message) => message.cards)) card.busy = {}
  }
  return world
}
