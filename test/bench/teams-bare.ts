import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { CloudAdapter, ConfigurationBotFrameworkAuthentication, type Response } from 'botbuilder'
import { answering } from './child.ts'
import type { TeamsBench } from './teams.ts'

/* What the product is measured against: a CloudAdapter as its guide shows it, whose bot answers every invoke with 200. */

const server = createServer()

answering({
  async start({ settings }: TeamsBench) {
    const adapter = new CloudAdapter(
      new ConfigurationBotFrameworkAuthentication({
        MicrosoftAppId: settings.appId,
        MicrosoftAppPassword: settings.password,
        MicrosoftAppType: 'MultiTenant',
        ToBotFromChannelOpenIdMetadataUrl: settings.channel.openIdMetadataUrl,
        ToBotFromChannelTokenIssuer: settings.channel.issuer,
        ToChannelFromBotLoginUrl: settings.channel.loginUrl,
        ToChannelFromBotOAuthScope: 'https://api.botframework.com',
        OAuthUrl: 'https://api.botframework.com',
        ToBotFromEmulatorOpenIdMetadataUrl: settings.channel.openIdMetadataUrl,
        CallerId: 'urn:botframework:azure',
        ValidateAuthority: 'true',
      }),
    )
    server.on('request', async (req, res) => {
      if (req.method !== 'POST') return void res.writeHead(404).end()
      const body = (await json(req)) as Record<string, unknown>
      const answer: Response = {
        socket: res.socket,
        header: (name, value) => res.setHeader(name, value as string),
        status: (code) => {
          res.statusCode = code
          return res
        },
        send: (content) => res.write(typeof content === 'string' ? content : JSON.stringify(content)),
        end: () => res.end(),
      }
      await adapter.process(
        { ...req, body, headers: req.headers, method: req.method },
        answer,
        async (turn) => {
          await turn.sendActivity({ type: 'invokeResponse', value: { status: 200 } })
        },
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  },
  port: () => (server.address() as AddressInfo).port,
  stop: () => void server.close(),
})
