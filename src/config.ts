import { z } from 'zod'

/** The environment as the product understands it: validated once at start, frozen, never printed. */
export interface Config {
  readonly mode: 'playground' | 'platforms'
  readonly port: number
  readonly host: string
  readonly publicUrl?: string
  readonly database: /** `isDefault`: nobody named it. Only the default place is made; a mistyped one is said (B5.73). */
    | { readonly kind: 'sqlite'; readonly path: string; readonly isDefault: boolean }
    | { readonly kind: 'postgres'; readonly url: string }
  /** DEALDESK_PLAYGROUND=1: the playground may run on a database it did not create. */
  readonly playgroundAllowed: boolean
  readonly slack?: SlackConfig
  readonly teams?: TeamsConfig
  readonly encryptionKey?: Buffer
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  readonly metrics: { readonly port?: number; readonly token?: string }
  /** DEALDESK_NOW: a fixed instant, or an offset in milliseconds added to the real clock. */
  readonly clock?: { readonly fixed: number } | { readonly offsetMs: number }
  readonly production: boolean
}

export interface SlackConfig {
  readonly apiUrl: string
  /** Current secret first; the previous one only during a rotation (B5.28). Empty in Socket Mode without HTTP. */
  readonly signingSecrets: readonly string[]
  readonly botToken?: string
  readonly appToken?: string
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string; readonly stateSecret: string }
}

export interface TeamsConfig {
  /** The app registration's id; never empty: an empty one would let anyone in (B5.30). */
  readonly appId: string
  readonly appType: 'SingleTenant' | 'UserAssignedMSI' | 'MultiTenant'
  /** Absent for a managed identity, which has none. */
  readonly password?: string
  /** The one tenant of a single-tenant app or a managed identity: every other is refused at the door (B5.33). */
  readonly tenantId?: string
  /** Instead of Microsoft's own channel: a local one, on this machine. Absent in real operation. */
  readonly channel?: TeamsChannel
}

/** Where a local Teams publishes its signing keys, and what its tokens say. Named as the SDK's settings are. */
export interface TeamsChannel {
  /** `ToBotFromChannelOpenIdMetadataUrl` */
  readonly openIdMetadataUrl: string
  /** `ToBotFromChannelTokenIssuer` */
  readonly issuer: string
  /** Hosts (`127.0.0.1:3000`) that its serviceUrl may name, besides Microsoft's (B5.32). */
  readonly serviceUrlHosts: readonly string[]
  /** `ToChannelFromBotLoginUrl`: gives the bot its token for a client id and secret. */
  readonly loginUrl?: string
}

/** Every problem at once, each a sentence that names the variable and the remedy. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((p) => `  - ${p}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const slackDefault = 'https://slack.com/api/'
const text = z.preprocess(
  (v) => (typeof v === 'string' && v.trim() === '' ? undefined : typeof v === 'string' ? v.trim() : v),
  z.string().optional(),
)
const port = z
  .string()
  .regex(/^\d+$/, 'must be a port number between 0 and 65535')
  .transform(Number)
  .refine((n) => n <= 65535, 'must be a port number between 0 and 65535')

const variables = z.object({
  PORT: text.pipe(port.optional()),
  DEALDESK_HOST: text,
  PUBLIC_URL: text.pipe(
    z
      .url({ protocol: /^https?$/, error: 'must be a full URL such as https://dealdesk.example.com' })
      .optional(),
  ),
  DEALDESK_PLAYGROUND: text.pipe(z.enum(['0', '1'], { error: 'must be 1 or left out' }).optional()),
  DATABASE_URL: text.pipe(
    z
      .string()
      .regex(/^(file:.+|postgres(ql)?:\/\/.+)/, 'must be file:PATH or postgres://…')
      .optional(),
  ),
  SLACK_BOT_TOKEN: text.pipe(
    z
      .string()
      .startsWith(
        'xoxb-',
        'must be the bot token that begins with xoxb- (OAuth & Permissions in your Slack app)',
      )
      .optional(),
  ),
  SLACK_SIGNING_SECRET: text,
  SLACK_SIGNING_SECRET_PREVIOUS: text,
  SLACK_APP_TOKEN: text.pipe(
    z
      .string()
      .startsWith(
        'xapp-',
        'must be the app-level token that begins with xapp- (Basic Information, scope connections:write)',
      )
      .optional(),
  ),
  SLACK_CLIENT_ID: text,
  SLACK_CLIENT_SECRET: text,
  SLACK_STATE_SECRET: text,
  SLACK_API_URL: text.pipe(
    z.url({ protocol: /^https?$/, error: `must be a URL; leave it out for ${slackDefault}` }).optional(),
  ),
  MicrosoftAppId: text,
  MicrosoftAppPassword: text,
  MicrosoftAppType: text,
  MicrosoftAppTenantId: text,
  ToBotFromChannelOpenIdMetadataUrl: text,
  ToBotFromChannelTokenIssuer: text,
  ToChannelFromBotLoginUrl: text,
  ENCRYPTION_KEY: text.pipe(
    z
      .string()
      .refine(
        (k) => Buffer.from(k, 'base64').length === 32,
        'must be 32 bytes in base64 (make one with: openssl rand -base64 32)',
      )
      .optional(),
  ),
  LOG_LEVEL: text.pipe(
    z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'must be one of trace, debug, info, warn, error, fatal, silent',
      })
      .optional(),
  ),
  METRICS_PORT: text.pipe(port.optional()),
  METRICS_TOKEN: text,
  DEALDESK_NOW: text,
  NODE_ENV: text,
})

const isLoopback = (url: string) => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)

/** Reads the environment. Throws ConfigError with every problem named, so that one start shows all of them. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const parsed = variables.safeParse(env)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) problems.push(`${issue.path.join('.')} ${issue.message}.`)
    throw new ConfigError(problems)
  }
  const v = parsed.data

  const slackVariables = [
    'SLACK_BOT_TOKEN',
    'SLACK_SIGNING_SECRET',
    'SLACK_SIGNING_SECRET_PREVIOUS',
    'SLACK_APP_TOKEN',
    'SLACK_CLIENT_ID',
    'SLACK_CLIENT_SECRET',
    'SLACK_STATE_SECRET',
  ] as const
  const anySlack = slackVariables.some((name) => v[name])
  const anyTeams = teamsVariables.some((name) => v[name])
  const mode = anySlack || anyTeams ? 'platforms' : 'playground'
  const production = v.NODE_ENV === 'production'

  const slack = anySlack ? slackConfig(v, problems) : undefined
  const teams = anyTeams ? teamsConfig(v, problems) : undefined

  if (mode === 'playground' && production)
    problems.push(
      'No platform is configured and NODE_ENV is production, where the playground never starts: set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET (docs/slack.md), or MicrosoftAppId and its companions (docs/teams.md).',
    )
  if (slack?.oauth && !v.ENCRYPTION_KEY)
    problems.push(
      'ENCRYPTION_KEY is missing: with OAuth the tokens of many workspaces are stored, and they are stored encrypted or not at all. Make one with: openssl rand -base64 32',
    )
  if (slack?.oauth && !v.PUBLIC_URL)
    problems.push(
      'PUBLIC_URL is missing: Slack sends people back to it after an installation, e.g. https://dealdesk.example.com',
    )

  const clock = v.DEALDESK_NOW ? clockSetting(v.DEALDESK_NOW, problems) : undefined
  if (clock && anySlack && !(v.SLACK_API_URL && isLoopback(v.SLACK_API_URL)))
    problems.push(
      'DEALDESK_NOW is set while a real platform is configured: remove one of them. A moved clock would remind and expire at the wrong time.',
    )
  if (clock && anyTeams && !teams?.channel)
    problems.push('DEALDESK_NOW is set while Microsoft Teams is configured: remove one of them.')

  if (problems.length > 0) throw new ConfigError(problems)

  const databaseUrl = v.DATABASE_URL ?? 'file:./var/dealdesk.db'
  return Object.freeze({
    mode,
    port: v.PORT ?? 3000,
    host: v.DEALDESK_HOST ?? (mode === 'playground' ? '127.0.0.1' : '0.0.0.0'),
    publicUrl: v.PUBLIC_URL?.replace(/\/$/, ''),
    database: databaseUrl.startsWith('file:')
      ? {
          kind: 'sqlite' as const,
          path: databaseUrl.slice('file:'.length),
          isDefault: v.DATABASE_URL === undefined,
        }
      : { kind: 'postgres' as const, url: databaseUrl },
    playgroundAllowed: v.DEALDESK_PLAYGROUND === '1',
    slack,
    teams,
    encryptionKey: v.ENCRYPTION_KEY ? Buffer.from(v.ENCRYPTION_KEY, 'base64') : undefined,
    logLevel: v.LOG_LEVEL ?? 'info',
    metrics: { port: v.METRICS_PORT, token: v.METRICS_TOKEN },
    clock,
    production,
  })
}

function slackConfig(v: z.infer<typeof variables>, problems: string[]): SlackConfig {
  const oauthParts = [v.SLACK_CLIENT_ID, v.SLACK_CLIENT_SECRET, v.SLACK_STATE_SECRET]
  const oauth = oauthParts.some(Boolean)
  if (oauth) {
    for (const name of ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET'] as const)
      if (!v[name])
        problems.push(
          `${name} is missing: installing by OAuth needs all three of SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_STATE_SECRET.`,
        )
    if (v.SLACK_BOT_TOKEN)
      problems.push(
        'SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set: one workspace by token, or many by OAuth, not both. Remove one.',
      )
  } else if (!v.SLACK_BOT_TOKEN)
    problems.push(
      'SLACK_BOT_TOKEN is missing: take it from OAuth & Permissions in your Slack app (it begins with xoxb-).',
    )
  if (!v.SLACK_SIGNING_SECRET && !v.SLACK_APP_TOKEN)
    problems.push(
      'SLACK_SIGNING_SECRET is missing: take it from Basic Information in your Slack app, or set SLACK_APP_TOKEN for Socket Mode.',
    )
  if (v.SLACK_SIGNING_SECRET_PREVIOUS && !v.SLACK_SIGNING_SECRET)
    problems.push(
      'SLACK_SIGNING_SECRET_PREVIOUS is set without SLACK_SIGNING_SECRET: set the current one too.',
    )
  const apiUrl = v.SLACK_API_URL ?? slackDefault
  return {
    apiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    signingSecrets: [v.SLACK_SIGNING_SECRET, v.SLACK_SIGNING_SECRET_PREVIOUS].filter((s): s is string =>
      Boolean(s),
    ),
    botToken: v.SLACK_BOT_TOKEN,
    appToken: v.SLACK_APP_TOKEN,
    oauth:
      v.SLACK_CLIENT_ID && v.SLACK_CLIENT_SECRET && v.SLACK_STATE_SECRET
        ? {
            clientId: v.SLACK_CLIENT_ID,
            clientSecret: v.SLACK_CLIENT_SECRET,
            stateSecret: v.SLACK_STATE_SECRET,
          }
        : undefined,
  }
}

const teamsVariables = [
  'MicrosoftAppId',
  'MicrosoftAppPassword',
  'MicrosoftAppType',
  'MicrosoftAppTenantId',
] as const

/** The SDK reads the types without regard to case; people copy them in every spelling. */
const appTypes: Readonly<Record<string, TeamsConfig['appType']>> = {
  singletenant: 'SingleTenant',
  userassignedmsi: 'UserAssignedMSI',
  multitenant: 'MultiTenant',
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function teamsConfig(v: z.infer<typeof variables>, problems: string[]): TeamsConfig | undefined {
  const { MicrosoftAppId: appId, MicrosoftAppPassword: password, MicrosoftAppTenantId: tenantId } = v
  const appType = appTypes[(v.MicrosoftAppType ?? 'SingleTenant').toLowerCase()]
  const say = (problem: string) => problems.push(problem)
  if (!appId)
    say(
      'MicrosoftAppId is missing: take it from the Azure Bot’s configuration (Microsoft App ID). Without it Teams stays off; the bot never runs unauthenticated.',
    )
  else if (!guid.test(appId))
    say('MicrosoftAppId must be the app’s id, such as 00000000-0000-0000-0000-000000000000.')
  if (!appType) say('MicrosoftAppType must be SingleTenant, UserAssignedMSI or MultiTenant.')
  if (appType === 'UserAssignedMSI' && password)
    say(
      'MicrosoftAppPassword is set, but a managed identity (MicrosoftAppType=UserAssignedMSI) has none: remove it.',
    )
  if (appType && appType !== 'UserAssignedMSI' && !password)
    say(
      'MicrosoftAppPassword is missing: make a client secret under Certificates & secrets of the app registration, or use a managed identity (MicrosoftAppType=UserAssignedMSI).',
    )
  if (appType && appType !== 'MultiTenant' && !tenantId)
    say(
      `MicrosoftAppTenantId is missing: ${appType} needs the id of the tenant the app is registered in (Microsoft Entra admin center, Overview).`,
    )
  if (tenantId && !guid.test(tenantId))
    say('MicrosoftAppTenantId must be the tenant’s id, such as 00000000-0000-0000-0000-000000000000.')
  const channel = localChannel(v, problems)
  if (!appId || !appType) return undefined
  return {
    appId: appId.toLowerCase(),
    appType,
    ...(password ? { password } : {}),
    ...(tenantId && appType !== 'MultiTenant' ? { tenantId: tenantId.toLowerCase() } : {}),
    ...(channel ? { channel } : {}),
  }
}

/** Keys of another making than Microsoft's are believed on this machine alone: anywhere else they would let anyone in. */
function localChannel(v: z.infer<typeof variables>, problems: string[]): TeamsChannel | undefined {
  const url = v.ToBotFromChannelOpenIdMetadataUrl
  const names = [
    'ToBotFromChannelOpenIdMetadataUrl',
    'ToBotFromChannelTokenIssuer',
    'ToChannelFromBotLoginUrl',
  ] as const
  if (!names.some((name) => v[name])) return undefined
  for (const name of ['ToBotFromChannelOpenIdMetadataUrl', 'ToChannelFromBotLoginUrl'] as const) {
    const value = v[name]
    if (value && !(URL.canParse(value) && isLoopback(value)))
      problems.push(
        `${name} must be an address on this machine (http://127.0.0.1:…): it replaces Microsoft’s own and is for a local Teams alone. Leave it out in operation.`,
      )
  }
  if (!url || !v.ToBotFromChannelTokenIssuer)
    problems.push(
      'A local Teams needs both ToBotFromChannelOpenIdMetadataUrl and ToBotFromChannelTokenIssuer; leave out both for Microsoft’s own.',
    )
  if (!url || !URL.canParse(url) || !v.ToBotFromChannelTokenIssuer) return undefined
  return {
    openIdMetadataUrl: url,
    issuer: v.ToBotFromChannelTokenIssuer,
    serviceUrlHosts: ['127.0.0.1', 'localhost', '[::1]'],
    ...(v.ToChannelFromBotLoginUrl ? { loginUrl: v.ToChannelFromBotLoginUrl } : {}),
  }
}

/** `2026-11-23T09:00:00+09:00` fixes the clock; `+3d`, `-90m`, `+48h` moves it. */
function clockSetting(value: string, problems: string[]): Config['clock'] {
  const offset = /^([+-])(\d{1,6})([smhd])$/.exec(value)
  if (offset) {
    const unit = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[offset[3] as 's' | 'm' | 'h' | 'd']
    return { offsetMs: (offset[1] === '-' ? -1 : 1) * Number(offset[2]) * unit }
  }
  const fixed = Date.parse(value)
  if (/^\d{4}-\d\d-\d\dT/.test(value) && Number.isFinite(fixed)) return { fixed }
  problems.push(
    'DEALDESK_NOW must be an instant such as 2026-11-23T09:00:00+09:00, or an offset such as +3d, -90m or +48h.',
  )
  return undefined
}
