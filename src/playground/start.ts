import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { databaseOrigin, markPlayground } from '../../data/playground.ts'
import { registry } from '../../handlers/index.ts'
import { clockOf } from '../clock.ts'
import { type Config, ConfigError } from '../config.ts'
import type { Dealdesk, DealdeskParts } from '../dealdesk.ts'
import type { Log } from '../log.ts'
import { slackManifestYaml } from '../slack/manifest.ts'
import { MovableClock } from './clock.ts'
import { playgroundObstacle } from './guard.ts'
import { createPlayground, type Playground } from './playground.ts'
import { loadDemoOnce, Residents } from './residents.ts'

export interface RunningPlayground {
  readonly playground: Playground
  readonly dealdesk: Dealdesk
  readonly clock: MovableClock
  /** The page's address. */
  readonly url: string
  stop(): Promise<void>
}

/** `npm start` without credentials: the product on a local Slack, with the demo companies and the page. */
export async function startPlayground(parts: {
  readonly config: Config
  readonly log: Log
  readonly start: (parts: DealdeskParts) => Promise<Dealdesk>
  /** Where the built page is; left out: in `dist`. */
  readonly page?: string
}): Promise<RunningPlayground> {
  const { log } = parts
  refuseUnless(parts.config, 'empty')
  const port = parts.config.port || (await freePort())
  // Addresses of charts and files: this machine's own, where nothing else is said.
  const config: Config = {
    ...parts.config,
    port,
    publicUrl: parts.config.publicUrl ?? `http://127.0.0.1:${port}`,
  }
  const kept = filesBeside(config)
  const clock = new MovableClock({ file: kept.clock, wall: clockOf(config.clock).now })
  const playground = createPlayground({
    clock,
    workspaces: [],
    manifest: slackManifestYaml({ commands: registry.commands.map((command) => command.name) }),
    page: parts.page ?? pageFolder(),
    snapshot: kept.slack,
    teamsSnapshot: kept.teams,
  })
  playground.listening(config.port)

  let residents: Residents | undefined
  const dealdesk = await parts.start({
    config,
    log,
    clock,
    local: {
      teams: playground.teams.settings,
      slack: { apiUrl: playground.apiUrl, signingSecrets: [playground.signingSecret] },
      installations: {
        tokenOf: (tenant) => playground.tokenOf(tenant),
        tenants: () => playground.tenants(),
        handle: async () => false,
        // The local Slack forgets an installation itself, and gives it back when the app is put back.
        forget: async () => {},
      },
    },
    routes: [(incoming, response) => playground.handle(incoming, response)],
    onServer: (server) => {
      server.on('upgrade', (incoming, socket, head) => {
        if (!playground.upgrade(incoming, socket, head)) socket.destroy()
      })
    },
    onStore: async (store) => {
      const origin = await databaseOrigin(store.database)
      refuseUnless(config, origin)
      if (origin !== 'foreign') {
        await markPlayground(store.database)
        await loadDemoOnce(store, clock)
      }
      residents = new Residents(store, clock)
      await residents.settle(playground)
    },
  })
  playground
    .announce()
    .catch((err: unknown) => log.warn({ err }, 'the local Teams could not say where the app is'))
  residents?.watch(playground, (err) => log.warn({ err }, 'the playground could not look for new people'))
  const stopListening = clock.onMove(() => {
    dealdesk.clockMoved().catch((err: unknown) => log.error({ err }, 'work that fell due failed'))
  })
  playground.travelsWith({
    nextSlot: (after) => dealdesk.nextSlot(after),
    arrive: async () => {
      await dealdesk.clockMoved()
      await dealdesk.idle()
    },
  })
  const url = `${dealdesk.url}/`
  log.info({ url }, 'the playground is open: no account and no internet needed')

  return {
    playground,
    dealdesk,
    clock,
    url,
    async stop() {
      stopListening()
      residents?.stop()
      playground.hangUp()
      await dealdesk.stop()
      await playground.close()
    },
  }
}

function refuseUnless(config: Config, database: 'empty' | 'playground' | 'foreign'): void {
  const obstacle = playgroundObstacle({
    platformConfigured: config.mode === 'platforms',
    production: config.production,
    allowed: config.playgroundAllowed,
    host: config.host,
    database,
  })
  if (obstacle !== undefined) throw new ConfigError([obstacle])
}

/** What is kept beside the database: the clock's offset and the conversations. Of a database that is gone, nothing. */
function filesBeside({ database }: Config): Record<'clock' | 'slack' | 'teams', string> {
  const name =
    database.kind === 'sqlite'
      ? `${database.path}.playground`
      : join('var', `playground-${createHash('sha256').update(database.url).digest('hex').slice(0, 12)}`)
  const files = {
    clock: `${name}.clock.json`,
    slack: `${name}.slack.json`,
    teams: `${name}.teams.json`,
  }
  if (database.kind === 'sqlite' && !existsSync(database.path))
    for (const file of Object.values(files)) rmSync(file, { force: true })
  return files
}

/** Where the built page is, seen from the sources and from the compiled product. */
function pageFolder(): string {
  const here = import.meta.dirname
  const compiled = join(here, '..', '..', 'page')
  return existsSync(join(compiled, 'index.html')) ? compiled : join(here, '..', '..', 'dist', 'page')
}

/** `PORT=0`: the local Slack's address must be known before the server listens. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
