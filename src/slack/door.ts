import { isUtf8 } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../body.ts'

/** Why a request was turned away, as a metric counts it. */
export type Rejection =
  | 'headers'
  | 'timestamp'
  | 'signature'
  | 'too-large'
  | 'too-slow'
  | 'aborted'
  | 'charset'
  | 'body'
  | 'method'

export interface DoorOptions {
  /** The current signing secret first, the previous one after it during a rotation (B5.28). Never empty. */
  readonly secrets: readonly string[]
  /** Gets a verified request whose body was read: `rawBody` is set and the content type is bare. */
  readonly enter: (req: VerifiedRequest, res: ServerResponse) => void
  readonly onReject: (why: Rejection) => void
  /** A request has come in at all: work that waits for quiet goes on waiting until it is answered. */
  readonly onArrival?: (res: ServerResponse) => void
  /** Largest body in bytes (B5.27). */
  readonly bodyLimit?: number
  /** Longest time in milliseconds for a body to come in (B5.27). */
  readonly bodyTimeoutMs?: number
  /** Wall time in milliseconds: signatures are judged by it, never by the business clock (B5.82). */
  readonly wallNow?: () => number
}

interface VerifiedRequest extends IncomingMessage {
  rawBody: Buffer
}

const toleranceSeconds = 300
const signatureForm = /^v0=[0-9a-f]{64}$/
const timestampForm = /^[0-9]{1,12}$/
const formType = 'application/x-www-form-urlencoded'
const jsonType = 'application/json'

/**
 * The front door of `POST /slack/events`. Nothing of a request is parsed before its signature over the raw bytes holds
 * (B5.18). Bolt's own check accepts stamps from the future and refuses a content type with a charset (B3.1, B3.3),
 * so ours stands before it.
 */
export function createDoor(options: DoorOptions) {
  const {
    secrets,
    enter,
    onReject,
    onArrival = () => undefined,
    bodyLimit = 4 * 1024 * 1024,
    bodyTimeoutMs = 8_000,
    wallNow = Date.now,
  } = options
  // An empty secret would make every signature with an empty key genuine.
  if (secrets.length === 0 || secrets.some((secret) => secret === ''))
    throw new Error(
      'SLACK_SIGNING_SECRET is missing or empty: Slack’s requests can’t be told from forged ones.',
    )

  function turnAway(res: ServerResponse, status: number, why: Rejection): void {
    onReject(why)
    if (res.headersSent || res.destroyed) return
    // What is left of a refused body is not read: the connection ends instead.
    res.writeHead(status, { 'content-length': '0', connection: 'close' })
    res.end()
  }

  return async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    onArrival(res)
    if (req.method !== 'POST') return turnAway(res, 405, 'method')
    const length = req.headers['content-length']
    if (length !== undefined && Number(length) > bodyLimit) return turnAway(res, 413, 'too-large')

    const body = await readBody(req, bodyLimit, bodyTimeoutMs)
    if (typeof body === 'string') {
      if (body === 'aborted') return onReject(body)
      return turnAway(res, body === 'too-large' ? 413 : 408, body)
    }

    const type = contentTypeOf(req)
    // ssl_check comes unsigned by Slack's own rules. It is answered before anything else is looked at, and whatever
    // else the body holds is never read (B5.25).
    if (type?.mime === formType && isSslCheck(body)) {
      res.writeHead(200)
      res.end()
      return
    }
    const flaw = verify(req, body)
    if (flaw) return turnAway(res, 401, flaw)
    if (!type || !isUtf8(body)) return turnAway(res, 400, 'charset')
    if (!holdsAnObject(type.mime, body)) return turnAway(res, 400, 'body')
    req.headers['content-type'] = type.mime
    ;(req as VerifiedRequest).rawBody = body
    enter(req as VerifiedRequest, res)
  }

  function verify(req: IncomingMessage, body: Buffer): Rejection | undefined {
    const signature = req.headers['x-slack-signature']
    const stamp = req.headers['x-slack-request-timestamp']
    // Node joins a header that comes twice with a comma: neither form fits then (B5.19).
    if (typeof signature !== 'string' || !signatureForm.test(signature)) return 'headers'
    if (typeof stamp !== 'string' || !timestampForm.test(stamp)) return 'headers'
    if (Math.abs(wallNow() / 1000 - Number(stamp)) > toleranceSeconds) return 'timestamp'
    const claimed = Buffer.from(signature.slice(3), 'hex')
    for (const secret of secrets) {
      const expected = createHmac('sha256', secret).update(`v0:${stamp}:`).update(body).digest()
      if (timingSafeEqual(expected, claimed)) return undefined
    }
    return 'signature'
  }
}

/** The content type without its parameters (B3.3: a proxy that adds a charset must not break every button). */
function contentTypeOf(req: IncomingMessage): { mime: string } | undefined {
  const [mime = '', ...parameters] = (req.headers['content-type'] ?? '').split(';').map((p) => p.trim())
  const charset = parameters.find((p) => /^charset=/i.test(p))?.slice('charset='.length)
  if (charset !== undefined && !/^"?(utf-?8|us-ascii)"?$/i.test(charset)) return undefined
  const lower = mime.toLowerCase()
  return lower === formType || lower === jsonType ? { mime: lower } : undefined
}

const sslCheck = Buffer.from('ssl_check=1')

/** `ssl_check=1` as a whole pair of the form; inside an encoded value its `=` would be `%3D`. */
function isSslCheck(body: Buffer): boolean {
  const at = body.indexOf(sslCheck)
  if (at < 0) return false
  const before = at === 0 ? 0x26 : body[at - 1]
  const after = body[at + sslCheck.length] ?? 0x26
  return before === 0x26 && after === 0x26
}

/**
 * JSON that is not an object (`null`, a number) would throw inside Bolt where nothing catches it, and end the process.
 * Whether the object is well-formed Bolt finds out itself, and answers 400.
 */
function holdsAnObject(mime: string, body: Buffer): boolean {
  if (mime === jsonType) return startsWithBrace(body.subarray(0, 64).toString('latin1'))
  const form = body.subarray(0, 96).toString('latin1')
  const payload = /(?:^|&)payload=([^&]*)/.exec(form)
  return !payload || startsWithBrace(payload[1]!.replace(/%7b/gi, '{').replace(/%20|%0a|%0d|%09|\+/gi, ' '))
}

const startsWithBrace = (text: string): boolean => /^\s*\{/.test(text)
