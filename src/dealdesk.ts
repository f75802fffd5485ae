import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createConversationReferences } from '../data/conversation-reference.ts'
import { createDialogs } from '../data/dialog.ts'
import { clocksApart, clocksApartMost } from '../data/engine.ts'
import { resumeImports } from '../data/import/resume.ts'
import { ingest } from '../data/ingest.ts'
import { createLedger } from '../data/outbox-ledger.ts'
import { createPublications } from '../data/published.ts'
import { createStore, type DataStore } from '../data/store.ts'
import { registry } from '../handlers/index.ts'
import { insteadOf } from '../handlers/undelivered.ts'
import { schedules } from '../schedules/index.ts'
import { createIngest } from './api/ingest.ts'
import { createOperations } from './api/operations.ts'
import type { Instant } from './canon/calendar.ts'
import { drawChart } from './chart/chart.ts'
import type { Config, SlackConfig, TeamsConfig } from './config.ts'
import { createEasel } from './easel.ts'
import type { Gesture, Reply } from './gesture.ts'
import { createIntake, type Intake, localeOf } from './intake.ts'
import { createLinking } from './linking.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createNews } from './news.ts'
import { createOutbox } from './outbox.ts'
import type { Clock } from './ports.ts'
import { createPublished, linksFor, type Published } from './published.ts'
import { createScheduler } from './scheduler.ts'
import type { Installations, Slack } from './slack/index.ts'
import type { Teams } from './teams/index.ts'

/** A part that wants some of the server's paths: answers whether the request was its own. */
type Route = (req: IncomingMessage, res: ServerResponse) => Promise<boolean>

/** What stands in for the real platforms: the playground's local Slack and local Teams, or a test's. */
interface LocalPlatforms {
  readonly slack?: SlackConfig
  /** With a `channel`: the local Teams' own keys and addresses. */
  readonly teams?: TeamsConfig
  /** Tokens by workspace, where there are several. */
  readonly installations?: Installations
}

export interface DealdeskParts {
  readonly config: Config
  readonly log: Log
  readonly clock: Clock
  /** Instead of the platforms of the configuration. */
  readonly local?: LocalPlatforms
  /** Paths served before ours (the playground's page and local Slack). */
  readonly routes?: readonly Route[]
  /** Least time between two messages of one conversation, ms, where the platform is local; else the platform's own. */
  readonly paceMs?: number
  /** Called with the server before it listens, for what needs more than requests (web sockets). */
  readonly onServer?: (server: Server) => void
  /** Called with the open store before anything is served (demo data). */
  readonly onStore?: (store: DataStore) => Promise<void>
}

export interface Dealdesk {
  readonly store: DataStore
  readonly port: number
  readonly url: string
  /** Work that is due by business time is done now: after the clock was moved. */
  clockMoved(): Promise<void>
  /** The next instant after this one at which a schedule keeps local time: where to stop on a walk through time. */
  nextSlot(after: Instant): Promise<Instant | undefined>
  /** Resolves when nothing is left to send; for tests. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** Between clean-ups of once-keys, drawings and sent deliveries that nothing can ask for any more, ms. */
const pruneEveryMs = 6 * 3_600_000

/** How long in-flight work may take when the process is asked to stop, ms (B5.70). */
const graceMs = 8_000

/** The whole product, put together and listening. The only place that knows everything. */
export async function startDealdesk(parts: DealdeskParts): Promise<Dealdesk> {
  const { config, log, clock } = parts
  const metrics = createMetrics()
  const store = await createStore({
    url: config.database.kind === 'sqlite' ? `file:${config.database.path}` : config.database.url,
    clock,
    encryptionKey: config.encryptionKey,
    makeFolder: config.database.kind === 'sqlite' && config.database.isDefault,
    onTrouble: (err) => log.error({ err }, 'storage trouble'),
  })
  if (store.migrated.length > 0) log.info({ migrations: store.migrated }, 'database migrated')
  const claim = await store.claimServer(() => {
    log.fatal('another server took over this database: stopping')
    process.exit(1)
  })
  const warnOfClocks = async () => {
    const apartMs = await clocksApart(store.database.read)
    if (apartMs < clocksApartMost) return
    log.warn({ apartMs }, 'the clocks of this machine and of the database are apart: set both by NTP')
  }
  await warnOfClocks()
  // Nobody else serves this file: what an earlier process was cut off in is taken up at once (B5.68).
  if (store.engine === 'sqlite') await store.releaseSlots()
  await parts.onStore?.(store)
  // An import that was killed while it merged is finished beside the service (B5.98).
  void resumeImports(store, () => clock.now()).then(
    (finished) => finished > 0 && log.info({ finished }, 'unfinished imports were finished'),
    (err) => log.error({ err }, 'an unfinished import could not be finished'),
  )

  const linking = createLinking({
    store,
    clock,
    directories: () => present(slack, teams).map((platform) => platform.directory),
  })
  const intake = counted(
    createIntake({
      store,
      clock,
      registry,
      linking,
      onAlarm: (what, gesture) => {
        metrics.alarms.inc({ what })
        log.error(
          { what, kind: gesture.kind, tenant: gesture.tenant, user: gesture.user },
          'a gesture was sent again with another body',
        )
      },
    }),
    metrics,
  )
  const news = createNews({ store, clock, log })
  const published = config.publicUrl
    ? createPublished({
        publicUrl: config.publicUrl,
        kept: createPublications(store.database),
        draw: drawChart,
      })
    : undefined
  const made = { store, intake, news, metrics, published }
  const slack = await slackOf(parts, made)
  const teams = await teamsOf(parts, made)

  const queue =
    store.engine === 'sqlite'
      ? (await import('../data/queue-sqlite.ts')).createSqliteQueue(store.database, log)
      : await (await import('../data/queue-postgres.ts')).createPostgresQueue(store.database, log)
  const outbox = createOutbox({
    ledger: createLedger(store.database),
    queue,
    couriers: present(slack, teams).map(({ courier }) => ({
      ...courier,
      paceMs: parts.paceMs ?? courier.paceMs,
    })),
    draw: createEasel({ store, clock, registry }),
    identitiesOf: (company, person) => store.identitiesOf(company, person),
    fallback: async (company, death) => insteadOf(store, await store.org(company), death),
    clock,
    log,
    metrics: {
      sent: () => metrics.deliveries.inc({ outcome: 'sent' }),
      retried: (why) => metrics.deliveries.inc({ outcome: why }),
      dead: () => metrics.deliveries.inc({ outcome: 'dead' }),
      waiting: (pending) => metrics.pending.set(pending),
    },
    ready: async () => {
      await Promise.all([slack?.quiet(), teams?.quiet()])
    },
  })
  const forgetCommits = store.onCommit(({ deliveries }) => {
    if (deliveries > 0) outbox.wake()
  })
  const scheduler = createScheduler({
    schedules,
    store,
    clock,
    log,
  })

  const checks = {
    database: async () => {
      await store.ready()
      return undefined
    },
    ...(slack && { slack: async () => (slack.ready() ? undefined : 'Socket Mode is not connected') }),
    ...(teams && {
      teams: async () => (teams.ready() ? undefined : 'the signing keys of Teams could not be read'),
    }),
  }
  const loopback = ['127.0.0.1', 'localhost', '::1'].includes(config.host)
  const operations = createOperations({
    checks,
    metrics,
    metricsGuard: config.metrics.token ? { token: config.metrics.token } : loopback ? 'open' : 'closed',
  })
  const ingestion = createIngest({
    tokenOf: (token) => store.tokenOf(token),
    take: async (token, entity, rows) => {
      const taken = await ingest(store, token, entity, rows, () => clock.now())
      // The import's transactions are its own: whoever must hear of what it did is not woken by them.
      await outbox.sweep()
      return taken
    },
    log,
  })
  const routes: Route[] = [
    ...(parts.routes ?? []),
    ...present(slack, teams).map(({ handle }) => handle),
    ...(published ? [published.handle] : []),
    ingestion,
    operations,
  ]
  const server = createServer((req, res) => void serve(routes, req, res, log))
  // A request that dawdles is cut off (B5.27); Slack itself sends in milliseconds.
  server.headersTimeout = 10_000
  server.requestTimeout = 15_000
  server.keepAliveTimeout = 65_000
  parts.onServer?.(server)
  await listen(server, config.port, config.host)
  const { port } = server.address() as AddressInfo
  const metricsServer = await ownMetricsServer(config, checks, metrics, log)

  await outbox.start()
  scheduler.start()
  await slack?.start()
  await teams?.start()
  const housekeeping = setInterval(() => {
    store.prune().catch((err) => log.warn({ err }, 'old keys and drawings could not be pruned'))
    warnOfClocks().catch((err) => log.warn({ err }, 'the clock of the database could not be read'))
  }, pruneEveryMs)
  housekeeping.unref()
  // What fell due while nobody was here is done once, now (B5.80).
  void scheduler.runDue()
  const shown = loopback ? 'localhost' : config.host
  const state = { slack: slack ? 'on' : 'off', teams: teams ? 'on' : 'off' }
  log.info({ port, database: store.engine, ...state }, 'dealdesk is ready')

  let stopping: Promise<void> | undefined
  return {
    store,
    port,
    url: `http://${shown}:${port}`,
    async clockMoved() {
      await scheduler.runDue()
      await outbox.sweep()
    },
    nextSlot: (after) => scheduler.nextAfter(after),
    idle: () => outbox.idle(),
    stop: () => {
      stopping ??= (async () => {
        log.info('stopping: no new work is taken')
        server.close()
        server.closeIdleConnections()
        metricsServer?.close()
        clearInterval(housekeeping)
        await scheduler.stop(graceMs)
        await Promise.all([slack?.stop(graceMs), teams?.stop(graceMs)])
        await outbox.stop(graceMs)
        server.closeAllConnections()
        forgetCommits()
        await claim.release()
        await store.close()
        log.info('stopped')
      })()
      return stopping
    },
  }
}

interface Made {
  readonly store: DataStore
  readonly intake: Intake
  readonly news: ReturnType<typeof createNews>
  readonly metrics: ReturnType<typeof createMetrics>
  readonly published: Published | undefined
}

/** The platforms that are on. */
const present = (slack: Slack | undefined, teams: Teams | undefined): readonly (Slack | Teams)[] => [
  ...(slack ? [slack] : []),
  ...(teams ? [teams] : []),
]

async function slackOf(parts: DealdeskParts, made: Made): Promise<Slack | undefined> {
  const { config, log, clock } = parts
  const { store, intake, news, metrics } = made
  const slackConfig = parts.local ? parts.local.slack : config.slack
  if (!slackConfig) return undefined
  // Loaded only when configured: Bolt costs half a second.
  const { createSlack } = await import('./slack/index.ts')
  return createSlack({
    config: slackConfig,
    intake,
    clock,
    log,
    commands: registry.commands.map((command) => command.name),
    production: config.production,
    installations: parts.local?.installations ?? (await oauthOf(config, store, log)),
    onReject: (why) => metrics.rejected.inc({ why }),
    localeOf: localesIn(store, 'slack'),
    ...linksFor(made.published, (tenant) => companyAt(store, 'slack', tenant)),
    onNews: async (told) => {
      if (told.kind === 'user-changed' && told.gone) await news.userGone('slack', told.tenant, told.user)
    },
  })
}

async function teamsOf(parts: DealdeskParts, made: Made): Promise<Teams | undefined> {
  const { config, log, clock, local } = parts
  const { store, intake, metrics } = made
  const teamsConfig = local ? local.teams : config.teams
  if (!teamsConfig) return undefined
  // Loaded only when configured: the SDK costs half a second.
  const { createTeams } = await import('./teams/index.ts')
  return createTeams({
    config: teamsConfig,
    intake,
    clock,
    log,
    references: createConversationReferences(store.database),
    dialogs: createDialogs(store.database),
    commands: registry.commands.map((command) => command.name),
    commits: (action) => Object.hasOwn(registry.buttons, action) && registry.buttons[action]!.commits,
    production: config.production,
    onReject: (why) => metrics.rejected.inc({ why }),
    localeOf: localesIn(store, 'teams'),
    ...linksFor(made.published, (tenant) => companyAt(store, 'teams', tenant)),
    isLinked: async (tenant, user) => (await store.whoIs('teams', tenant, user))?.person !== undefined,
  })
}

const companyAt = async (store: DataStore, platform: 'slack' | 'teams', tenant: string) =>
  (await store.bindings()).find((b) => b.platform === platform && b.tenant === tenant)?.company

/** The language of a chat user, where they are somebody. */
const localesIn = (store: DataStore, platform: 'slack' | 'teams') => async (tenant: string, user: string) => {
  const who = await store.whoIs(platform, tenant, user)
  if (!who) return undefined
  const org = await store.org(who.company)
  return localeOf(who.person ? org.people.get(who.person) : undefined, org)
}

async function oauthOf(config: Config, store: DataStore, log: Log): Promise<Installations | undefined> {
  const { slack, publicUrl } = config
  if (!slack?.oauth || !publicUrl) return undefined
  const { createOAuth } = await import('./slack/oauth.ts')
  return createOAuth({
    ...slack.oauth,
    apiUrl: slack.apiUrl,
    publicUrl,
    log,
    companyOf: (tenant) => companyAt(store, 'slack', tenant),
    store: {
      load: (tenant) => store.installation('slack', tenant),
      save: (tenant, company, content, expect) =>
        store.saveInstallation({ platform: 'slack', tenant, company, content }, expect),
      remove: (tenant) => store.deleteInstallation('slack', tenant),
      tenants: async () =>
        (await store.installations()).filter((i) => i.platform === 'slack').map((i) => i.tenant),
    },
  })
}

function counted(intake: Intake, metrics: ReturnType<typeof createMetrics>): Intake {
  return {
    commitsBeforeAck: intake.commitsBeforeAck,
    async take(gesture: Gesture): Promise<Reply> {
      try {
        const reply = await intake.take(gesture)
        metrics.gestures.inc({ kind: gesture.kind, reply: reply.kind })
        return reply
      } catch (error) {
        metrics.failures.inc()
        throw error
      }
    },
  }
}

async function serve(
  routes: readonly Route[],
  req: IncomingMessage,
  res: ServerResponse,
  log: Log,
): Promise<void> {
  try {
    for (const route of routes) if (await route(req, res)) return
    res.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n')
  } catch (err) {
    log.error({ err, path: (req.url ?? '').split('?')[0] }, 'a request failed')
    if (!res.headersSent) res.writeHead(500)
    res.end()
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `PORT ${port} is in use on ${host}: stop what listens there, or set PORT to another one.`,
            )
          : error,
      )
    })
    server.listen(port, host, resolve)
  })
}

/** `METRICS_PORT`: the numbers on a port of their own, so that the public one never shows them (B5.90). */
async function ownMetricsServer(
  config: Config,
  checks: Parameters<typeof createOperations>[0]['checks'],
  metrics: ReturnType<typeof createMetrics>,
  log: Log,
): Promise<Server | undefined> {
  if (config.metrics.port === undefined) return undefined
  const operations = createOperations({ checks, metrics, metricsGuard: 'open' })
  const server = createServer((req, res) => void serve([operations], req, res, log))
  await listen(server, config.metrics.port, config.host)
  return server
}
