import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What there is to know before the playground may start. */
export interface Ground {
  /** Any variable of a real platform is set. */
  readonly platformConfigured: boolean
  /** `NODE_ENV=production`. */
  readonly production: boolean
  /** `DEALDESK_PLAYGROUND=1`. */
  readonly allowed: boolean
  /** Who made the database: the playground itself (or it is empty), or somebody else. */
  readonly database: 'empty' | 'playground' | 'foreign'
  readonly host: string
}

/** Why the playground must not start, with what to do about it; `undefined`: it may (architecture, decision 10). */
export function playgroundObstacle(ground: Ground): string | undefined {
  if (ground.platformConfigured)
    return 'A platform is configured, so the playground stays shut: remove its variables to rehearse without it.'
  if (ground.production)
    return 'NODE_ENV is production, where the playground never starts: set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET for a real Slack.'
  if (!loopbackHosts.includes(ground.host))
    return `DEALDESK_HOST is ${ground.host}, but the playground listens on this machine only: leave it out, or set it to 127.0.0.1.`
  if (ground.database === 'foreign' && !ground.allowed)
    return 'This database was not made by the playground. Its people would be played by whoever opens the page: set DEALDESK_PLAYGROUND=1 if that is what you want, or name another DATABASE_URL.'
  return undefined
}

const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '::1', '[::1]']
const loopbackAddresses = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/

/** Lets in only what a person on this machine does in the page that this start served. */
export class Gate {
  /** New at every start; given away in the served page alone. */
  readonly token = randomBytes(24).toString('base64url')

  /** From this machine, to a name of this machine: a page of another site that points its name here is not (DNS rebinding). */
  admits(incoming: IncomingMessage): boolean {
    if (!loopbackAddresses.test(incoming.socket.remoteAddress ?? '')) return false
    const host = hostName(incoming.headers.host)
    if (host === undefined) return false
    const { origin } = incoming.headers
    if (origin === undefined) return true
    return origin === `http://${incoming.headers.host}`
  }

  /** … and holds the token of this start. */
  admitsPage(incoming: IncomingMessage, url: URL): boolean {
    const given = incoming.headers['x-playground-token'] ?? url.searchParams.get('token')
    return this.admits(incoming) && typeof given === 'string' && same(given, this.token)
  }
}

function hostName(host: string | undefined): string | undefined {
  const name = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.exec(host ?? '')?.[1]
  return name?.toLowerCase()
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
