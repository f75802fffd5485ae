import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../body.ts'
import { createPace, type Pace } from '../pace.ts'
import type { Log } from '../ports.ts'

/** What can be sent, each under its own path and scope (contract, HTTP). */
export const ingestEntities = [
  'people',
  'teams',
  'accounts',
  'contacts',
  'leads',
  'opportunities',
  'stage-history',
  'activities',
  'health-signals',
  'qbrs',
  'revenue',
  'costs',
  'fx',
] as const
type IngestEntity = (typeof ingestEntities)[number]

/** A row as it was sent: field → value. */
export type IngestRow = Readonly<Record<string, unknown>>

interface RowResult {
  /** Its place in the array that was sent, from 0. */
  readonly index: number
  readonly id?: string
  readonly result: 'accepted' | 'refused'
  /** Why it was refused: a sentence for each thing that is wrong. */
  readonly errors?: readonly { readonly field?: string; readonly why: string }[]
}

/** What became of the rows: the good ones are taken, each bad one is refused by itself. */
export interface Taken {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly results: readonly RowResult[]
}

export interface IngestParts {
  readonly tokenOf: (
    token: string,
  ) => Promise<
    { readonly id: string; readonly company: string; readonly scopes: readonly string[] } | undefined
  >
  /** Takes rows into a token's company; a sentence where it can't just now. */
  readonly take: (
    token: { readonly id: string; readonly company: string },
    entity: IngestEntity,
    rows: readonly IngestRow[],
  ) => Promise<Taken | { readonly busy: string }>
  readonly log: Log
  readonly pace?: Pace
}

/** The most a request may hold, in bytes and in rows: more comes in several requests, or as files. */
export const mostBytes = 2 * 1024 * 1024
export const mostRows = 1_000

/** Requests of one token: generous for a CRM's synchronisation, too few to keep others waiting. */
const ingestPace = () =>
  createPace({ person: { burst: 30, perSecond: 3 }, company: { burst: 60, perSecond: 6 } })

const prefix = '/api/v1/'

type Answer = (status: number, body: object, headers?: Record<string, string>) => true

/** `POST /api/v1/…`: rows from other systems, under the same rules as every other door. */
export function createIngest({ tokenOf, take, log, pace = ingestPace() }: IngestParts) {
  /** One request of a company at a time: rows that come together don't race each other. */
  const turns = new Map<string, Promise<unknown>>()

  async function inTurn<T>(company: string, work: () => Promise<T>): Promise<T> {
    const before = turns.get(company) ?? Promise.resolve()
    const mine = before.then(work, work)
    turns.set(company, mine)
    try {
      return await mine
    } finally {
      if (turns.get(company) === mine) turns.delete(company)
    }
  }

  /** Answers a request under its prefix; false when the path is another. */
  return async function ingest(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    const path = (req.url ?? '').split('?')[0] ?? ''
    if (!path.startsWith(prefix)) return false
    const answer: Answer = (status, body, headers = {}) => {
      // What is left of a refused body is not read: the connection ends instead.
      const end = status >= 400 && !req.complete ? { connection: 'close' } : {}
      res.writeHead(status, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        ...end,
        ...headers,
      })
      res.end(JSON.stringify(body))
      return true
    }
    const say = (status: number, error: string, headers?: Record<string, string>) =>
      answer(status, { error }, headers)

    const name = path.slice(prefix.length)
    const entity = ingestEntities.find((each) => each === name)
    if (entity === undefined)
      return say(
        404,
        `There is nothing at ${path.slice(0, 80)}. POST to ${prefix}{${ingestEntities.join(',')}}.`,
      )
    if (req.method !== 'POST') return say(405, 'Send rows with POST.', { allow: 'POST' })
    const bearer = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? '')?.[1]
    const token = bearer === undefined ? undefined : await tokenOf(bearer)
    if (!token)
      return say(
        401,
        bearer === undefined
          ? 'Send a token: Authorization: Bearer … (made with: dealdesk token create --company ID).'
          : 'This token is not known or was revoked. Make another: dealdesk token create --company ID.',
        { 'www-authenticate': 'Bearer' },
      )
    if (token.scopes.length > 0 && !token.scopes.includes(entity))
      return say(403, `This token may send ${token.scopes.join(', ')}, but not ${entity}.`)
    const wait = pace.take(token.id, token.company)
    if (wait > 0)
      return say(429, `Too many requests. Try again in ${wait} s.`, { 'retry-after': String(wait) })
    const mime = (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
    if (mime !== 'application/json') return say(415, 'Send JSON: Content-Type: application/json.')

    const body = await readBody(req, mostBytes, 15_000)
    if (body === 'aborted') return true
    if (body === 'too-large')
      return say(
        413,
        `The body is over ${mostBytes / 1024 / 1024} MB. Send fewer rows at a time, or import files.`,
      )
    if (typeof body === 'string') return say(408, 'The body did not come in time.')
    const rows = rowsOf(body)
    if (typeof rows === 'string') return say(422, rows)
    if (rows.length > mostRows)
      return say(
        413,
        `The array holds ${rows.length} rows; the most is ${mostRows}. Send the rest in another request.`,
      )

    const { id, company } = token
    const taken = await inTurn(company, () => take({ id, company }, entity, rows))
    if ('busy' in taken) return say(409, taken.busy, { 'retry-after': '2' })
    const refused = taken.results.filter((row) => row.result === 'refused').length
    log.info({ company, token: id, entity, rows: rows.length, refused }, 'rows came over the API')
    // A request of which nothing could be taken has failed; of which something was, has not.
    const { added, changed, unchanged, results } = taken
    return answer(refused > 0 && refused === rows.length ? 422 : 200, {
      added,
      changed,
      unchanged,
      refused,
      results,
    })
  }
}

/** The rows of a body, or what is wrong with it. */
function rowsOf(body: Buffer): readonly IngestRow[] | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return 'The body is not JSON in UTF-8.'
  }
  if (!Array.isArray(parsed)) return 'The body must be a JSON array of rows: [{"id": "…", …}, …].'
  const odd = parsed.findIndex((row) => typeof row !== 'object' || row === null || Array.isArray(row))
  return odd >= 0 ? `Row ${odd} is not an object.` : (parsed as IngestRow[])
}
