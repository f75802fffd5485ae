import type { IncomingMessage, ServerResponse } from 'node:http'
import { App, HTTPReceiver } from '@slack/bolt'
import type { Chart } from '../../blocks/chart.ts'
import type { Locale } from '../canon/people.ts'
import { drawChart } from '../chart/chart.ts'
import type { SlackConfig } from '../config.ts'
import type { Intake } from '../intake.ts'
import type { Clock, Courier, Directory } from '../ports.ts'
import { EventNotTaken, listen } from './app.ts'
import { clientOptions, createClients, type Tokens } from './clients.ts'
import { createCourier } from './courier.ts'
import { createDirectory } from './directory.ts'
import { createDoor, type Rejection } from './door.ts'
import type { WorkspaceNews } from './gesture.ts'
import { checkScopes, type ScopeCheck, singleWorkspace } from './identity.ts'
import { createLane } from './lane.ts'
import { onLimitProblem } from './limits.ts'
import { type Log, sdkLogger } from './log.ts'
import { createPictures } from './pictures.ts'
import { createAnswering } from './reply.ts'
import { isLoopback } from './respond.ts'
import { sentencesFor } from './sentences.ts'
import { createSocket } from './socket.ts'

export interface SlackParts {
  readonly config: SlackConfig
  readonly intake: Intake
  readonly clock: Clock
  readonly log: Log
  /** Names of the registry's commands, without the slash. */
  readonly commands: readonly string[]
  /** Production logs a drawing that breaks Slack's limits instead of throwing. */
  readonly production: boolean
  /** Counts requests that were turned away, by reason. */
  readonly onReject?: (why: Rejection) => void
  /** The language of a user, for sentences of this room; both languages where it is not known. */
  readonly localeOf?: (tenant: string, user: string) => Promise<Locale | undefined>
  /** Channels archived, people gone, the app uninstalled. */
  readonly onNews?: (news: WorkspaceNews) => Promise<void>
  /** Installations by OAuth; without it the one token of the configuration is used. */
  readonly installations?: Installations
  /** Draws a chart as a PNG; left out: as the product does. */
  readonly draw?: (chart: Chart) => Promise<Uint8Array>
  /** Milliseconds a message waits for its pictures (12,000). */
  readonly pictureMostMs?: number
  /** The address of a chart's picture under PUBLIC_URL; left out where there is none. */
  readonly link?: (tenant: string, chart: Chart) => Promise<string | undefined>
  readonly wallNow?: () => number
  /** Milliseconds a gesture that commits may take before it is acknowledged anyway (2,500; Slack waits 3,000). */
  readonly budgetMs?: number
  /** Milliseconds before the socket is opened again after so many failures. */
  readonly socketBackOff?: (failures: number) => number
}

/** What installing by OAuth adds; made by `createOAuth` (oauth.ts). */
export interface Installations extends Tokens {
  /** `GET /slack/install` and `GET /slack/oauth_redirect`; false when the path is neither. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  /** The workspaces we are installed in. */
  tenants(): Promise<readonly string[]>
  forget(tenant: string): Promise<void>
}

export interface Slack {
  /** `POST /slack/events` and, with OAuth, the two installation routes. False: not a path of ours. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  readonly courier: Courier
  readonly directory: Directory
  /** Connects in Socket Mode, if configured; else nothing to wait for. */
  start(): Promise<void>
  /** Closes the socket and lets work behind acknowledgements end, for at most `graceMs`. */
  stop(graceMs: number): Promise<void>
  /** Resolves when no request came in for a moment, at the latest after a quarter of a second. */
  quiet(): Promise<void>
  /** What each workspace granted against what the manifest asks for. */
  checkScopes(): Promise<readonly ({ tenant: string } & ScopeCheck)[]>
  /** False while Socket Mode is configured and not connected. */
  ready(): boolean
}

/** Slack, put together: the door, Bolt behind it, and what goes out. Calls nobody until it is started or spoken to. */
export function createSlack(parts: SlackParts): Slack {
  const { config, log, installations } = parts
  const { apiUrl } = config
  // The real Slack is never a place to throw at people; a local one, outside production, is where mistakes should show.
  onLimitProblem(
    parts.production || !isLoopback(apiUrl)
      ? (problems) => log.error({ problems }, 'slack drawing over the limits')
      : 'throw',
  )
  if (!installations && !config.botToken)
    throw new Error('SLACK_BOT_TOKEN is missing: set it, or install by OAuth (docs/slack.md).')
  const single = config.botToken ? singleWorkspace({ botToken: config.botToken, apiUrl, log }) : undefined
  const tokens: Tokens = installations ?? single!
  const clients = createClients({ tokens, apiUrl, log })
  const lane = createLane()
  const sentences = async (origin: { tenant: string; user: string }) =>
    sentencesFor(await parts.localeOf?.(origin.tenant, origin.user).catch(() => undefined))
  const pictures = createPictures({
    clients,
    apiUrl,
    log,
    draw: parts.draw ?? drawChart,
    ...(parts.pictureMostMs === undefined ? {} : { readyMostMs: parts.pictureMostMs }),
    ...(parts.link ? { link: parts.link } : {}),
  })
  const answering = createAnswering({ clients, apiUrl, log, pictures, sentences })

  const http = new HTTPReceiver({
    signingSecret: config.signingSecrets[0] ?? 'unused',
    // The door has verified the raw bytes already, more strictly than Bolt does (B3.1).
    signatureVerification: false,
    // Events are answered after they were taken, so that Slack sends again what a crash swallowed.
    processBeforeResponse: true,
    logger: sdkLogger(log, 'bolt-http'),
    dispatchErrorHandler: ({ response }) => {
      response.writeHead(404)
      response.end()
    },
  })
  const socket = config.appToken
    ? createSocket({ appToken: config.appToken, apiUrl, log, backOff: parts.socketBackOff })
    : undefined
  const app = new App({
    receiver: socket?.receiver ?? http,
    // Nothing is fetched before the acknowledgement: tokens are looked up by workspace when something is sent.
    authorize: async () => ({}),
    // Without slackApiUrl Bolt's own client would speak to slack.com, whatever was configured.
    clientOptions: clientOptions(apiUrl, log),
    logger: sdkLogger(log, 'bolt'),
    // What bots say is dropped where it is read (B5.11); conversation state is not used.
    ignoreSelf: false,
    convoStore: false,
  })
  // Both doors lead to one app: Socket Mode and HTTP can be open together while one replaces the other.
  if (socket) http.init(app)
  app.error(async (error) => {
    const cause = (error as { original?: unknown }).original ?? error
    if (cause instanceof EventNotTaken) throw cause
    log.error({ err: cause }, 'slack listener failed')
  })

  listen(app, {
    intake: parts.intake,
    clock: parts.clock,
    lane,
    log,
    answering,
    sentences,
    commands: parts.commands,
    budgetMs: parts.budgetMs,
    onNews: async (news) => {
      if (news.kind === 'uninstalled') await installations?.forget(news.tenant)
      await parts.onNews?.(news)
    },
  })

  const door =
    config.signingSecrets.length > 0
      ? createDoor({
          secrets: config.signingSecrets,
          enter: (req, res) => http.requestListener(req, res),
          onReject: parts.onReject ?? (() => undefined),
          onArrival: (res) => res.once('close', lane.answering()),
          wallNow: parts.wallNow,
        })
      : undefined

  return {
    courier: createCourier(clients, pictures),
    directory: createDirectory(clients, log),
    async handle(req, res) {
      const path = req.url?.split('?', 1)[0]
      if (path === '/slack/events' && door) {
        await door(req, res)
        return true
      }
      return installations ? installations.handle(req, res) : false
    },
    async start() {
      // Whose token it is is asked in the background: a start must not wait for Slack.
      single?.identify().catch((error) => {
        log.warn(
          { error: error instanceof Error ? error.message : String(error) },
          'slack token not checked yet',
        )
      })
      await socket?.start()
    },
    async stop(graceMs) {
      await socket?.stop()
      let timer: NodeJS.Timeout | undefined
      await Promise.race([
        lane.drained(),
        new Promise<void>((resolve) => {
          timer = setTimeout(resolve, graceMs)
        }),
      ])
      clearTimeout(timer)
    },
    quiet: lane.quiet,
    async checkScopes() {
      const tenants = installations
        ? await installations.tenants()
        : [
            await single!.identify().then(
              (i) => i.team,
              () => '',
            ),
          ]
      return Promise.all(tenants.map(async (tenant) => ({ tenant, ...(await checkScopes(clients, tenant)) })))
    },
    ready: () => socket?.connected ?? true,
  }
}
