import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { fetchWithin } from '../../src/slack/fetch.ts'

const servers: Server[] = []

async function serverThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

describe('A call to Slack', () => {
  it('brings back what was answered: status, headers and words', async () => {
    const url = await serverThat((req, res) => {
      res.writeHead(429, { 'retry-after': '7', 'content-type': 'application/json; charset=utf-8' })
      req.pipe(res)
    })
    const answer = await fetchWithin(5_000)(url, { method: 'POST', headers: { a: 'b' }, body: '할인 {}' })
    expect([answer.status, answer.ok, answer.headers.get('Retry-After'), await answer.text()]).toEqual([
      429,
      false,
      '7',
      '할인 {}',
    ])
  })

  it('goes to the address it was made for and follows no redirect: the token is for nobody else', async () => {
    const asked: string[] = []
    const elsewhere = await serverThat((req, res) => {
      asked.push(req.headers.authorization ?? 'nothing')
      res.end()
    })
    const url = await serverThat((_, res) => res.writeHead(307, { location: elsewhere }).end())
    const headers = { authorization: 'Bearer xoxb-secret' }
    const answer = await fetchWithin(5_000)(url, { method: 'POST', headers, body: '' })
    expect([answer.ok, answer.status, asked]).toEqual([false, 307, []])
  })

  it('B5.49 is given up when the answer does not come, and when it stops half-way', async () => {
    const silent = await serverThat(() => undefined)
    const halfway = await serverThat((_, res) =>
      res.writeHead(200, { 'content-length': '100' }).write('{"ok"'),
    )
    for (const url of [silent, halfway])
      await expect(fetchWithin(50)(url, { method: 'POST', body: '' })).rejects.toThrow('timeout')
  })

  it('takes no bytes, which would arrive broken', async () => {
    await expect(
      fetchWithin(50)('http://127.0.0.1:9', { method: 'POST', body: new Uint8Array(3) }),
    ).rejects.toThrow('Only text')
  })
})
