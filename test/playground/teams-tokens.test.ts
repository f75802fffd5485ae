import { ConfigurationBotFrameworkAuthentication } from 'botbuilder'
import {
  ConnectorClient,
  PasswordServiceClientCredentialFactory,
  TeamsConnectorClient,
} from 'botframework-connector'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { forgeries } from '../../src/playground/teams/faults.ts'
import { localTeams, type TestTeams } from '../support/teams-people.ts'
import { plainTeamsApp } from './teams-app.ts'

let teams: TestTeams
beforeAll(async () => {
  // The SDK prints the keys it has whenever a token does not hold.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  teams = await localTeams()
})
afterAll(async () => {
  vi.restoreAllMocks()
  await teams.close()
})

/** The SDK's own check of what comes in, with nothing but the metadata's address changed, as it is asked for `msteams`. */
function sdkCheck(header: string, of = teams, serviceUrl = of.core.serviceUrl) {
  const { appId, password, channel } = of.settings
  const sdk = new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: appId,
      ToBotFromChannelOpenIdMetadataUrl: channel.openIdMetadataUrl,
      ToBotFromChannelTokenIssuer: channel.issuer,
      ToChannelFromBotLoginUrl: channel.loginUrl,
      ToChannelFromBotOAuthScope: 'https://api.botframework.com',
    } as never,
    new PasswordServiceClientCredentialFactory(appId, password, '') as never,
    { requiredEndorsements: [] } as never,
  )
  return sdk.authenticateRequest({ type: 'message', channelId: 'msteams', serviceUrl } as never, header)
}

describe('the token of an activity', () => {
  it('is accepted by the real SDK, which finds the keys by the metadata', async () => {
    const { claimsIdentity } = await sdkCheck(teams.authorization()!)
    expect(claimsIdentity.isAuthenticated).toBe(true)
    expect(claimsIdentity.getClaimValue('aud')).toBe(teams.settings.appId)
    expect(claimsIdentity.getClaimValue('serviceurl')).toBe(teams.core.serviceUrl)
  })

  it('is refused by the real SDK once it is for another service', async () => {
    await expect(sdkCheck(teams.authorization()!, teams, 'https://elsewhere.example/')).rejects.toThrow(
      /ServiceUrl/,
    )
  })

  // Each for the reason it was forged in. The activity of a foreign tenant has a good token: the tenant is the app's
  // to refuse (B5.33).
  const reasons: Record<Exclude<(typeof forgeries)[number], 'foreign-tenant'>, RegExp> = {
    'no-token': /not authorized/i,
    'garbage-token': /No valid identity/,
    'bad-signature': /invalid signature/,
    'wrong-audience': /Invalid AppId passed on token/,
    'wrong-issuer': /No valid identity/,
    expired: /has expired/,
    'not-yet-valid': /jwt not active/,
    'alg-none': /signature|algorithm/,
    hs256: /algorithm/,
    'unknown-key': /Signing Key could not be retrieved/,
    'wrong-service-url': /ServiceUrl claim do not match/,
    'no-endorsement': /Could not validate endorsement/,
  }
  it.each(Object.entries(reasons))('B5.29 forged (%s) is refused by the real SDK', async (forgery, why) => {
    const header = teams.authorization(forgery as keyof typeof reasons) ?? ''
    await expect(sdkCheck(header)).rejects.toThrow(why)
  })
  it('can be forged in every way there is a reason for', () => {
    expect([...forgeries].sort()).toEqual([...Object.keys(reasons), 'foreign-tenant'].sort())
  })

  it('holds no more after the keys were changed', async () => {
    const own = await localTeams()
    try {
      const before = own.authorization()!
      own.core.keys.rotate()
      await expect(sdkCheck(before, own)).rejects.toThrow(/Signing Key could not be retrieved/)
      expect((await sdkCheck(own.authorization()!, own)).claimsIdentity.isAuthenticated).toBe(true)
    } finally {
      await own.close()
    }
  })
})

describe('the app’s own token', () => {
  const login = (more: Record<string, string> = {}) =>
    fetch(teams.settings.channel.loginUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: teams.settings.appId,
        client_secret: teams.settings.password,
        scope: 'https://api.botframework.com/.default',
        ...more,
      }),
    })

  it.each<[string, Record<string, string>, number, string]>([
    ['a wrong secret', { client_secret: 'guess' }, 401, 'invalid_client'],
    ['another app', { client_id: '00000000-0000-4000-8000-000000000000' }, 400, 'unauthorized_client'],
    ['another scope', { scope: 'https://graph.microsoft.com/.default' }, 400, 'invalid_scope'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('is not given for %s', async (_name, more, status, error) => {
    const answer = await login(more)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error })
  })

  it('opens the connector; without it, or with another, nothing is done and nothing is told', async () => {
    const app = await plainTeamsApp(teams)
    try {
      const chat = teams.as('vera').chat()
      const path = `conversations/${encodeURIComponent(chat.state.id)}/activities`
      const body = { type: 'message', text: 'hello' }
      const strangers: Record<string, string>[] = [
        {},
        { authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.x' },
        { authorization: teams.authorization()! },
      ]
      for (const headers of strangers) {
        const answer = await app.call('POST', path, body, headers)
        expect(answer.status).toBe(401)
        expect(answer.body).toEqual({ message: 'Authorization has been denied for this request.' })
      }
      expect(chat.messages()).toEqual([])
      expect((await app.call('POST', path, body)).status).toBe(201)
      expect(chat.messages().map((one) => one.text())).toEqual(['hello'])
    } finally {
      await app.close()
    }
  })

  it('lets the real SDK’s client write, change, read the roster and a team', async () => {
    const { channel, appId, password } = teams.settings
    const login = await fetch(channel.loginUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: appId,
        client_secret: password,
        scope: 'https://api.botframework.com/.default',
      }),
    })
    const { access_token: token } = (await login.json()) as { access_token: string }
    const credentials = {
      signRequest: async (request: { headers: { set(name: string, value: string): void } }) => {
        request.headers.set('authorization', `Bearer ${token}`)
        return request
      },
    }
    const baseUri = teams.core.serviceUrl
    const { conversations } = new ConnectorClient(credentials as never, { baseUri })
    const vera = teams.as('vera')
    const made = await conversations.createConversation({
      members: [{ id: vera.id }],
      tenantId: vera.actor.tenant.id,
      isGroup: false,
    } as never)
    const posted = await conversations.sendToConversation(made.id, {
      type: 'message',
      text: 'by the SDK',
    } as never)
    await conversations.updateActivity(made.id, posted.id!, {
      type: 'message',
      text: 'changed by it',
    } as never)
    expect((await vera.chat().waitForCard(/changed by it/)).id).toBe(posted.id)
    const page = (await conversations.getConversationPagedMembers(made.id)) as { members?: { id: string }[] }
    expect(page.members?.map(({ id }) => id)).toEqual([vera.actor.user.chatId])
    const one = await conversations.getConversationMember(made.id, vera.id)
    expect(one).toMatchObject({ id: vera.actor.user.chatId, aadObjectId: vera.id })
    await conversations.deleteActivity(made.id, posted.id!)
    const [team] = Object.values(teams.teams.tenant().teams)
    const sdk = new TeamsConnectorClient(credentials as never, { baseUri })
    expect(await sdk.teams.fetchTeamDetails(team!.id)).toMatchObject({
      name: 'Sales',
      aadGroupId: team!.aadGroupId,
    })
    expect((await sdk.teams.fetchChannelList(team!.id)).conversations).toHaveLength(2)
  })

  it('is shown to nobody in the traffic (B5.87)', async () => {
    await login()
    const said = JSON.stringify(teams.core.traffic.list(0, 1000))
    expect(said).not.toContain(teams.settings.password)
    for (const token of teams.core.tokens.keys()) expect(said).not.toContain(token)
  })
})
