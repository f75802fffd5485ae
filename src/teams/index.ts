import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Chart } from '../../blocks/chart.ts'
import type { Locale } from '../canon/people.ts'
import { drawChart } from '../chart/chart.ts'
import type { TeamsConfig } from '../config.ts'
import type { Intake } from '../intake.ts'
import { createLane } from '../lane.ts'
import type { Clock, Courier, Directory, Log } from '../ports.ts'
import { Connectors, TeamsAdapter, TeamsAuthentication } from './adapter.ts'
import { createTurns } from './app.ts'
import { microsoft } from './channel.ts'
import { createCourier } from './courier.ts'
import { createDirectory } from './directory.ts'
import { createDoor, type Rejection } from './door.ts'
import { createKeys } from './keys.ts'
import { onLimitProblem } from './limits.ts'
import { createPictures } from './pictures.ts'
import { createPost } from './post.ts'
import { createMemory, type References } from './references.ts'
import { createAnswering, type Dialogs } from './reply.ts'
import { sentencesFor } from './sentences.ts'
import { createTokenCheck } from './token.ts'

export interface TeamsParts {
  readonly config: TeamsConfig
  readonly intake: Intake
  readonly clock: Clock
  readonly log: Log
  readonly references: References
  readonly dialogs: Dialogs
  /** Names of the registry's commands. */
  readonly commands: readonly string[]
  /** True for buttons that decide at once: they are sent as Action.Execute, the rest opens a dialog. */
  readonly commits: (action: string) => boolean
  /** Production logs a drawing that breaks Teams' limits instead of throwing. */
  readonly production: boolean
  readonly onReject?: (why: Rejection) => void
  /** The language of a user, for sentences of this room; both languages where it is not known. */
  readonly localeOf?: (tenant: string, user: string) => Promise<Locale | undefined>
  /** Whether a user is a person of the company: only they are greeted when the app is installed for them. */
  readonly isLinked: (tenant: string, user: string) => Promise<boolean>
  /** Draws a chart as a PNG; left out: as the product does. */
  readonly draw?: (chart: Chart) => Promise<Uint8Array>
  /** The address of a chart's picture under PUBLIC_URL; left out where there is none. */
  readonly link?: (tenant: string, chart: Chart) => Promise<string | undefined>
  /** The same of a file for one person. */
  readonly file?: (
    tenant: string,
    name: string,
    text: string,
  ) => Promise<{ url: string; minutes: number } | undefined>
  readonly wallNow?: () => number
  /** Milliseconds an invoke may take before it is answered anyway (2,500; Teams waits 5,000). */
  readonly budgetMs?: number
}

export interface Teams {
  /** `POST /api/messages`. False: not a path of ours. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  readonly courier: Courier
  readonly directory: Directory
  /** Reads the channel's signing keys in the background. */
  start(): Promise<void>
  /** Lets work behind acknowledgements end, for at most `graceMs`. */
  stop(graceMs: number): Promise<void>
  /** Resolves when no request came in for a moment, at the latest after a quarter of a second. */
  quiet(): Promise<void>
  /** False while the channel's keys can't be read: nobody would be let in. */
  ready(): boolean
}

/** Teams, put together: the door, the SDK's adapter behind it, and what goes out. Calls nobody until it is started or spoken to. */
export function createTeams(parts: TeamsParts): Teams {
  const { config, log, references, commits } = parts
  if (config.appId === '') throw new Error('MicrosoftAppId is empty: Teams never runs without it.')
  onLimitProblem(
    parts.production ? (problems) => log.error({ problems }, 'teams drawing over the limits') : 'throw',
  )
  const channel = config.channel ?? microsoft
  const keys = createKeys({
    url: channel.openIdMetadataUrl,
    log,
    ...(parts.wallNow ? { wallNow: parts.wallNow } : {}),
  })
  const verify = createTokenCheck({
    appId: config.appId,
    issuer: channel.issuer,
    keys,
    ...(parts.wallNow ? { wallNow: parts.wallNow } : {}),
  })
  const authentication = new TeamsAuthentication(config, (why) =>
    log.error({ why }, 'the bot got no token: MicrosoftAppPassword may have run out'),
  )
  const connectors = new Connectors(authentication, config.appId)
  const adapter = new TeamsAdapter(authentication, connectors, config.appId)
  const memory = createMemory(references)
  const post = createPost({ connectors, references, memory, appId: config.appId })
  const roster = createDirectory({ post, references, log })
  const lane = createLane()
  const sentences = async (origin: { tenant: string; user: string }) =>
    sentencesFor(await parts.localeOf?.(origin.tenant, origin.user).catch(() => undefined))
  const pictures = createPictures({
    log,
    draw: parts.draw ?? drawChart,
    ...(parts.link ? { link: parts.link } : {}),
  })
  const answering = createAnswering({
    intake: parts.intake,
    post,
    dialogs: parts.dialogs,
    log,
    commits,
    pictures,
    ...(parts.file ? { file: parts.file } : {}),
    sentences,
  })
  const turns = createTurns({
    intake: parts.intake,
    clock: parts.clock,
    lane,
    log,
    answering,
    memory,
    roster,
    sentences,
    isLinked: parts.isLinked,
    commands: parts.commands,
    budgetMs: parts.budgetMs ?? 2_500,
  })

  const door = createDoor({
    verify,
    companyOf: (tenant) => references.companyOf(tenant),
    ...(config.tenantId ? { onlyTenant: config.tenantId } : {}),
    serviceUrlHosts: channel.serviceUrlHosts,
    onReject: parts.onReject ?? (() => undefined),
    onArrival: (res) => res.once('close', lane.answering()),
    async enter(admitted, res) {
      let status = 200
      let body: unknown
      try {
        const answer = await adapter.turn(admitted.activity, () => turns.take(admitted))
        if (admitted.activity.type === 'invoke')
          ({ status, body } = { body: undefined, ...(answer ?? { status: 500 }) })
      } catch (error) {
        // The text of an error is for the log: the body of a 500 is empty (B3.7, B5.87).
        log.error({ err: error }, 'teams activity failed')
        status = 500
      }
      if (res.headersSent || res.destroyed) return
      if (body === undefined) {
        res.writeHead(status, { 'content-length': '0' })
        res.end()
        return
      }
      const json = Buffer.from(JSON.stringify(body))
      res.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': json.length,
      })
      res.end(json)
    },
  })

  let tending: NodeJS.Timeout | undefined
  return {
    courier: createCourier({ post, memory, references, commits, pictures }),
    directory: roster,
    async handle(req, res) {
      if (req.url?.split('?', 1)[0] !== '/api/messages') return false
      await door(req, res)
      return true
    },
    async start() {
      // Whoever starts must not wait for Microsoft: the first request waits if it comes before the keys.
      void keys.warm()
      tending = setInterval(() => keys.tend(), 5_000).unref()
    },
    async stop(graceMs) {
      clearInterval(tending)
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
    ready: () => keys.known,
  }
}
