import pino, { type Logger } from 'pino'

export type Log = Logger

/** Keys whose values never reach a log, wherever they sit (B5.87). */
const secretKeys = [
  'token',
  'bot_token',
  'access_token',
  'refresh_token',
  'client_secret',
  'signing_secret',
  'authorization',
  'password',
  'cookie',
  'trigger_id',
  'response_url',
  'ENCRYPTION_KEY',
  'DATABASE_URL',
]

/** Shapes of secrets that may hide inside any text: Slack tokens, JWTs, bearer headers, passwords in URLs. */
const secretShapes =
  /xox[a-z]-[\w-]+|xapp-[\w-]+|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?<=[Bb]earer )[\w.~+/-]+=*|(?<=:\/\/[^\s:/@]{1,64}:)[^\s@/]+(?=@)|(?<=hooks\.slack\.com\/)[\w/-]+/g

const redact = (text: string): string => text.replace(secretShapes, '[redacted]')

/** JSON lines on standard output, with secrets removed by key and by shape. Synchronous, so a crash loses no line. */
export function createLog(level: string, out: { write(line: string): unknown } = process.stdout): Log {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    { write: (line: string) => void out.write(redact(line)) },
  )
}
