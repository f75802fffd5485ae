import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type TurnContext,
} from 'botbuilder'
import {
  type AuthenticateRequestResult,
  AuthenticationConstants,
  ClaimsIdentity,
  type ConnectorClient,
  ConnectorFactory,
  ServiceClientCredentialsFactory,
  type UserTokenClient,
} from 'botframework-connector'
import type { TeamsConfig } from '../config.ts'
import { NoToken } from './failure.ts'

/** What the bot says to an invoke: an HTTP status and a body of the invoke's own kind. */
export interface InvokeAnswer {
  readonly status: number
  readonly body?: unknown
}

/** How long one call to the connector may take, ms: a hanging server would hold it for ever (B5.49). */
export const callTimeoutMs = 10_000

type Activity = TurnContext['activity']
type ServiceCredentials = Awaited<ReturnType<ServiceClientCredentialsFactory['createCredentials']>>

/**
 * The SDK's adapter, for requests that our own door has verified (token.ts says why the door is not the SDK's): a
 * turn begins with that result, and the SDK's own check is never the one that is asked.
 */
export class TeamsAdapter extends CloudAdapter {
  readonly #appId: string
  readonly #factory: ConnectorFactory

  constructor(authentication: TeamsAuthentication, connectors: Connectors, appId: string) {
    super(authentication)
    this.#appId = appId
    this.#factory = new CachedConnectors(connectors)
    // Without it the text of an exception of the SDK's own would be the body of a 500 (B3.7).
    this.onTurnError = async (_context, error) => {
      throw error
    }
  }

  /** Runs one verified activity. For an invoke the answer is what the turn gave; else nothing. */
  async turn(
    activity: object,
    logic: () => Promise<InvokeAnswer | undefined>,
  ): Promise<InvokeAnswer | undefined> {
    const result: AuthenticateRequestResult = {
      audience: AuthenticationConstants.ToChannelFromBotOAuthScope,
      claimsIdentity: identityOf(this.#appId),
      connectorFactory: this.#factory,
    }
    let failure: { readonly error: unknown } | undefined
    const answer = await this.processActivity(result, activity as Activity, async (context) => {
      try {
        const said = await logic()
        if (said) await context.sendActivity({ type: 'invokeResponse', value: said })
      } catch (error) {
        failure = { error }
      }
    })
    if (failure) throw failure.error
    return answer as InvokeAnswer | undefined
  }
}

/** The SDK's authentication with its outgoing side only; what comes in was verified at the door. */
export class TeamsAuthentication extends ConfigurationBotFrameworkAuthentication {
  #userTokens: Promise<UserTokenClient> | undefined

  constructor(config: TeamsConfig, onTokenFailure: (why: string) => void = () => undefined) {
    const settings = {
      MicrosoftAppId: config.appId,
      MicrosoftAppType: config.appType,
      ...(config.password ? { MicrosoftAppPassword: config.password } : {}),
      ...(config.tenantId ? { MicrosoftAppTenantId: config.tenantId } : {}),
    }
    const local = tokensOf(config)
    const inner = local
      ? new LocalCredentials(config.appId, local)
      : new ConfigurationServiceClientCredentialFactory(settings)
    super({}, new Credentials(inner, onTokenFailure))
  }

  override async authenticateRequest(): Promise<AuthenticateRequestResult> {
    throw new Error('activities come in by the door alone')
  }

  /** Made once: nothing of ours signs users in, and the SDK would make one for every activity. */
  override createUserTokenClient(claims: ClaimsIdentity): Promise<UserTokenClient> {
    this.#userTokens ??= super.createUserTokenClient(claims)
    return this.#userTokens
  }
}

/** Connector clients by the address of the service, made once for each. */
export class Connectors {
  readonly #clients = new Map<string, Promise<ConnectorClient>>()
  readonly #authentication: TeamsAuthentication
  readonly #appId: string

  constructor(authentication: TeamsAuthentication, appId: string) {
    this.#authentication = authentication
    this.#appId = appId
  }

  /** The address must have come in a verified activity: it gets the bot's token (B5.32). */
  of(serviceUrl: string): Promise<ConnectorClient> {
    const known = this.#clients.get(serviceUrl)
    if (known) return known
    const made = this.#make(serviceUrl)
    if (this.#clients.size > 200) this.#clients.clear()
    this.#clients.set(serviceUrl, made)
    made.catch(() => this.#clients.delete(serviceUrl))
    return made
  }

  async #make(serviceUrl: string): Promise<ConnectorClient> {
    const factory = this.#authentication.createConnectorFactory(identityOf(this.#appId))
    const client = await factory.create(serviceUrl, AuthenticationConstants.ToChannelFromBotOAuthScope)
    // Four posts after a lost reply (B3.6); when to try again is the outbox's to decide. The documented ways to turn
    // this off have no effect, and the field is private by its types alone.
    const inner = client as unknown as {
      client: { pipeline: { removePolicy(named: { name: string }): unknown } }
    }
    inner.client.pipeline.removePolicy({ name: 'defaultRetryPolicy' })
    return client
  }
}

class CachedConnectors extends ConnectorFactory {
  readonly #connectors: Connectors
  constructor(connectors: Connectors) {
    super()
    this.#connectors = connectors
  }
  create(serviceUrl: string): Promise<ConnectorClient> {
    return this.#connectors.of(serviceUrl)
  }
}

const identityOf = (appId: string): ClaimsIdentity =>
  new ClaimsIdentity(
    [
      { type: AuthenticationConstants.AudienceClaim, value: appId },
      { type: AuthenticationConstants.AppIdClaim, value: appId },
    ],
    true,
  )

/** Credentials that are never switched off (B5.30), and whose failure is told from one of the connector. */
class Credentials extends ServiceClientCredentialsFactory {
  readonly #inner: ServiceClientCredentialsFactory
  readonly #onFailure: (why: string) => void

  constructor(inner: ServiceClientCredentialsFactory, onFailure: (why: string) => void) {
    super()
    this.#inner = inner
    this.#onFailure = onFailure
  }

  isValidAppId(appId: string): Promise<boolean> {
    return this.#inner.isValidAppId(appId)
  }

  async isAuthenticationDisabled(): Promise<boolean> {
    return false
  }

  override async createCredentials(
    ...given: Parameters<ServiceClientCredentialsFactory['createCredentials']>
  ): Promise<ServiceCredentials> {
    const credentials = await this.#inner.createCredentials(...given)
    return {
      signRequest: async (request) => {
        try {
          return await credentials.signRequest(request)
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error)
          this.#onFailure(why)
          throw new NoToken(why)
        }
      },
    }
  }
}

/** Asks for the bot's own token once; `undefined` when it was given, else why not. For `doctor`. */
export async function tokenProblem(config: TeamsConfig): Promise<string | undefined> {
  let problem: string | undefined
  const authentication = new TeamsAuthentication(config, (why) => {
    problem = why
  })
  const client = await new Connectors(authentication, config.appId).of(
    'https://smba.trafficmanager.net/teams/',
  )
  const { credentials } = client as unknown as { credentials: ServiceCredentials }
  await credentials
    .signRequest({ headers: { set: () => undefined } } as unknown as Parameters<
      ServiceCredentials['signRequest']
    >[0])
    .catch(() => undefined)
  return problem
}

/** The bot's token from a local Teams. Authentication stays on: it is never anonymous (B5.30). */
class LocalCredentials extends ServiceClientCredentialsFactory {
  readonly #appId: string
  readonly #tokenFor: () => Promise<string>

  constructor(appId: string, tokenFor: () => Promise<string>) {
    super()
    this.#appId = appId
    this.#tokenFor = tokenFor
  }

  async isValidAppId(appId: string): Promise<boolean> {
    return appId === this.#appId
  }

  async isAuthenticationDisabled(): Promise<boolean> {
    return false
  }

  async createCredentials(): Promise<ServiceCredentials> {
    return {
      signRequest: async (request) => {
        request.headers.set('authorization', `Bearer ${await this.#tokenFor()}`)
        return request
      },
    }
  }
}

/** The client-credentials grant of a local login endpoint; the SDK's own client takes https alone. */
function tokensOf({ channel, appId, password }: TeamsConfig): (() => Promise<string>) | undefined {
  const url = channel?.loginUrl?.replace(/\/+$/, '')
  if (!url) return undefined
  let held: { token: string; until: number } | undefined
  return async () => {
    if (held && held.until > Date.now()) return held.token
    const answer = await fetch(`${url}/oauth2/v2.0/token`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(callTimeoutMs),
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: appId,
        client_secret: password ?? '',
        scope: `${AuthenticationConstants.ToChannelFromBotOAuthScope}/.default`,
      }),
    })
    if (!answer.ok) throw new Error(`the login endpoint answered HTTP ${answer.status}`)
    const { access_token: token, expires_in: seconds } = (await answer.json()) as {
      access_token: string
      expires_in?: number
    }
    held = { token, until: Date.now() + Math.max(0, (seconds ?? 300) - 60) * 1_000 }
    return token
  }
}
