import { connect, type Socket } from 'node:net'
import { signedRequest } from './payloads.ts'

/** One request's fate: its status, and when it was sent and answered (`performance.now`, ms). */
export interface Answered {
  readonly at: number
  readonly status: number
  readonly sent: number
  readonly answered: number
  readonly text: string
}

/**
 * Sends requests over kept-alive connections, each with one request under way. Written on bare sockets, because an
 * HTTP client costs as much as the server that is measured. Each is signed when its turn comes.
 */
export async function sendAll(
  port: number,
  connections: number,
  requests: readonly (() => string)[],
): Promise<Answered[]> {
  return send(
    port,
    connections,
    requests.map((body) => () => signedRequest(body(), port)),
  )
}

/** The same with requests that are whole already. */
export async function sendBytes(
  port: number,
  connections: number,
  requests: readonly Buffer[],
): Promise<Answered[]> {
  return send(
    port,
    connections,
    requests.map((bytes) => () => bytes),
  )
}

async function send(
  port: number,
  connections: number,
  requests: readonly (() => Buffer)[],
): Promise<Answered[]> {
  const answers: Answered[] = []
  let next = 0
  const opened = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = await open(port)
      const exchange = exchanges(socket)
      // A connection counts as kept alive once it was used: Node takes in one new connection a turn of its loop, and
      // whoever came last would wait for the whole round.
      await exchange(Buffer.from(`GET /nothing-is-here HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`))
      return { socket, exchange }
    }),
  )
  await Promise.all(
    opened.map(async ({ exchange }) => {
      for (let at = next++; at < requests.length; at = next++) {
        const bytes = requests[at]!()
        const sent = performance.now()
        const { status, text } = await exchange(bytes)
        answers.push({ at, status, sent, answered: performance.now(), text })
      }
    }),
  )
  for (const { socket } of opened) socket.destroy()
  return answers
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

function exchanges(socket: Socket): (bytes: Buffer) => Promise<{ status: number; text: string }> {
  let waiting: { resolve: (of: { status: number; text: string }) => void; reject: (e: Error) => void }
  let received = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    const headEnd = received.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = received.slice(0, headEnd).toLowerCase()
    const text = received.slice(headEnd + 4)
    const length = /\r\ncontent-length: (\d+)/.exec(head)
    const whole = length ? text.length >= Number(length[1]) : text.endsWith('0\r\n\r\n')
    if (!whole) return
    received = ''
    waiting.resolve({ status: Number(head.slice(9, 12)), text })
  })
  socket.on('error', (error) => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('The server closed the connection.')))
  return (bytes) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      socket.write(bytes)
    })
}
