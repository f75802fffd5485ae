import type { AddressInfo } from 'node:net'
import { App, LogLevel } from '@slack/bolt'
import type { TestSlack } from '../support/slack-people.ts'

/** A plain Bolt app that answers to a local Slack: the judge of whether that Slack is one. */
export async function boltApp(
  slack: TestSlack,
  listen: (app: App) => void,
): Promise<{ app: App; close(): Promise<void> }> {
  const app = new App({
    token: slack.botToken,
    signingSecret: slack.signingSecret,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
    logLevel: LogLevel.ERROR,
  })
  listen(app)
  const server = await app.start({ port: 0, host: '127.0.0.1' })
  const { port } = server.address() as AddressInfo
  slack.connect(`http://127.0.0.1:${port}/slack/events`)
  return { app, close: async () => void (await app.stop()) }
}
