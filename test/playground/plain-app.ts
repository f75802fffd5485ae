import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestSlack } from '../support/slack-people.ts'

export type Payload = Record<string, unknown> & { readonly type?: string }

/** An app that takes down what it is told and answers with what `answer` gives, as JSON; nothing: an empty 200. */
export async function plainApp(
  slack: TestSlack,
  answer: (payload: Payload) => unknown = () => undefined,
): Promise<{ heard: Payload[]; close(): Promise<void> }> {
  const heard: Payload[] = []
  const server = createServer(async (incoming, response) => {
    let body = ''
    for await (const part of incoming) body += String(part)
    const payload = read(incoming.headers['content-type'] ?? '', body)
    heard.push(payload)
    const said = answer(payload)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(said === undefined ? '' : JSON.stringify(said))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  slack.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`)
  return {
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function read(contentType: string, body: string): Payload {
  if (contentType.startsWith('application/json')) return JSON.parse(body) as Payload
  const form = Object.fromEntries(new URLSearchParams(body))
  return form.payload === undefined ? form : (JSON.parse(form.payload) as Payload)
}
