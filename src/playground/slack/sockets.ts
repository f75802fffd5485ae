import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { secret } from './ids.ts'
import type { Outgoing, Raw } from './link.ts'

/** Socket Mode: up to ten connections; each payload goes to one of them, in turn. */
export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #connections: WebSocket[] = []
  readonly #tickets = new Set<string>()
  readonly #waiting = new Map<string, (raw: Raw) => void>()
  #next = 0

  get open(): number {
    return this.#connections.length
  }

  /** A single-use address part, as `apps.connections.open` hands out. */
  ticket(): string {
    const ticket = secret()
    this.#tickets.add(ticket)
    return ticket
  }

  /** Takes over an HTTP upgrade whose URL carries a ticket; everything else is cut. */
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer, appId: string): void {
    const ticket = new URL(incoming.url ?? '/', 'http://local').searchParams.get('ticket') ?? ''
    if (!this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n')
      return
    }
    this.#server.handleUpgrade(incoming, socket, head, (connection) => this.#welcome(connection, appId))
  }

  #welcome(connection: WebSocket, appId: string): void {
    if (this.#connections.length >= 10) {
      connection.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }))
      connection.close()
      return
    }
    this.#connections.push(connection)
    // The client gives a connection up when the server is silent for 30 s.
    const heartbeat = setInterval(() => connection.ping(), 10_000)
    heartbeat.unref()
    connection.on('message', (data) => this.#acknowledged(String(data)))
    connection.on('close', () => {
      clearInterval(heartbeat)
      const at = this.#connections.indexOf(connection)
      if (at >= 0) this.#connections.splice(at, 1)
    })
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#connections.length,
        connection_info: { app_id: appId },
        debug_info: { host: 'local-slack', approximate_connection_time: 3600 },
      }),
    )
  }

  #acknowledged(text: string): void {
    const answer = JSON.parse(text) as { envelope_id?: string; payload?: unknown }
    const settle = this.#waiting.get(answer.envelope_id ?? '')
    settle?.({
      outcome: 'answered',
      status: 200,
      headers: {},
      text: answer.payload === undefined ? '' : JSON.stringify(answer.payload),
    })
  }

  send(outgoing: Outgoing, limitMs: number): Promise<Raw> {
    const connection = this.#connections[this.#next++ % this.#connections.length]
    if (!connection) return Promise.resolve({ outcome: 'unreachable' })
    const envelope = randomUUID()
    return new Promise((resolve) => {
      const settle = (raw: Raw) => {
        clearTimeout(timer)
        this.#waiting.delete(envelope)
        resolve(raw)
      }
      const timer = setTimeout(() => settle({ outcome: 'timed-out' }), limitMs)
      this.#waiting.set(envelope, settle)
      connection.send(
        JSON.stringify({
          type: outgoing.socket,
          envelope_id: envelope,
          accepts_response_payload: outgoing.socket !== 'events_api',
          payload: outgoing.payload,
          ...(outgoing.retry === undefined
            ? {}
            : { retry_attempt: outgoing.retry.number, retry_reason: outgoing.retry.reason }),
        }),
      )
    })
  }

  /** What Slack does every few hours: asks the client to reconnect, then closes (B5.101). */
  recycle(reason: 'warning' | 'refresh_requested' | 'too_many_websockets' = 'refresh_requested'): void {
    for (const connection of [...this.#connections]) {
      connection.send(JSON.stringify({ type: 'disconnect', reason }))
      if (reason !== 'warning') connection.close()
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.terminate()
    this.#server.close()
  }
}
