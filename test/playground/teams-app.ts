import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestTeams } from '../support/teams-people.ts'

export type Heard = Record<string, unknown> & { readonly type: string; readonly name?: string }

export interface CallAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** A bare app: it takes down what it is told, answers invokes with what `answer` gives, and calls the connector. */
export async function plainTeamsApp(
  teams: TestTeams,
  answer: (activity: Heard) => unknown = () => undefined,
) {
  const heard: Heard[] = []
  const authorizations: (string | undefined)[] = []
  const server = createServer(async (incoming, response) => {
    let text = ''
    for await (const part of incoming) text += String(part)
    const activity = JSON.parse(text) as Heard
    heard.push(activity)
    authorizations.push(incoming.headers.authorization)
    const said = await answer(activity)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(said === undefined ? '' : JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  teams.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`)

  const { appId, password, channel } = teams.settings
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

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${token}` },
  ): Promise<CallAnswer> => {
    const answered = await fetch(`${teams.core.serviceUrl}v3/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answered.text()
    return {
      status: answered.status,
      headers: answered.headers,
      body: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {}) as Record<string, unknown>,
    }
  }
  return {
    heard,
    authorizations,
    call,
    /** Posts a card (or words) and gives the message's id. */
    async post(conversation: string, what: Record<string, unknown> | string): Promise<string> {
      const activity = typeof what === 'string' ? { type: 'message', text: what } : message(what)
      const { status, body } = await call(
        'POST',
        `conversations/${encodeURIComponent(conversation)}/activities`,
        activity,
      )
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
      return String(body.id)
    },
    update: (conversation: string, id: string, card: Record<string, unknown>) =>
      call('PUT', `conversations/${encodeURIComponent(conversation)}/activities/${id}`, message(card)),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const cardType = 'application/vnd.microsoft.card.adaptive'
export const message = (content: unknown) => ({
  type: 'message',
  attachments: [{ contentType: cardType, content }],
})
export const card = (body: unknown[], more: Record<string, unknown> = {}) => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body,
  ...more,
})
export const words = (text: string) => ({ type: 'TextBlock', text, wrap: true })
