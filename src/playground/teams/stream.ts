import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ClockState } from '../clock.ts'
import { showExchange } from '../screen.ts'
import type { Core } from './core.ts'
import type { Happening } from './events.ts'
import { showConversation, showDialog, showMessage, showPerson, showTeams, showWaiting } from './screen.ts'
import { maySee, type Tenant, type User } from './world.ts'

type News = Happening | { readonly kind: 'clock'; readonly state: ClockState }

interface Viewer {
  readonly tenant: Tenant
  readonly user: User
  readonly response: ServerResponse
  waitingSoon: boolean
}

const kept = 1000

/** A page that does not read (a sleeping tab) is let go; it comes back by itself and catches up. */
const mostUnread = 5_000_000

/** Tells every open page of Teams what its person would see change (Server-Sent Events). */
export class TeamsStream {
  readonly #core: Core
  readonly #faults: () => readonly unknown[]
  readonly #viewers = new Set<Viewer>()
  readonly #recent: { readonly id: number; readonly news: News }[] = []
  readonly #heartbeat: NodeJS.Timeout
  /** Counts what happened in this run; begins at the start's time, so that a page of an earlier run reloads. */
  revision = Date.now() * 1000

  constructor(core: Core, faults: () => readonly unknown[]) {
    this.#core = core
    this.#faults = faults
    core.happenings.listen((happening) => this.#take(happening))
    this.#heartbeat = setInterval(() => {
      for (const { response } of this.#viewers) response.write(': still here\n\n')
    }, 20_000)
    this.#heartbeat.unref()
  }

  clockMoved(state: ClockState): void {
    this.#take({ kind: 'clock', state })
  }

  /** Faults of the other platform changed. */
  faultsChanged(): void {
    this.#take({ kind: 'faults' })
  }

  #take(news: News): void {
    this.revision += 1
    this.#recent.push({ id: this.revision, news })
    if (this.#recent.length > kept) this.#recent.shift()
    for (const viewer of this.#viewers) this.#tell(viewer, this.revision, news)
  }

  open(tenant: Tenant, user: User, incoming: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    })
    response.write('retry: 1000\n\n')
    const viewer: Viewer = { tenant, user, response, waitingSoon: false }
    this.#catchUp(viewer, Number(incoming.headers['last-event-id']))
    this.#viewers.add(viewer)
    incoming.on('close', () => this.#viewers.delete(viewer))
  }

  #catchUp(viewer: Viewer, last: number): void {
    if (!Number.isFinite(last)) return
    const oldest = this.#recent[0]?.id ?? this.revision + 1
    if (last < oldest - 1 || last > this.revision) {
      write(viewer, this.revision, 'reload', {})
      return
    }
    for (const { id, news } of this.#recent) if (id > last) this.#tell(viewer, id, news)
  }

  #tell(viewer: Viewer, id: number, news: News): void {
    const { world } = this.#core
    const { tenant, user } = viewer
    if ('tenant' in news && news.tenant !== tenant.id) return
    const conversation = 'conversation' in news ? tenant.conversations[news.conversation ?? ''] : undefined
    const seen = conversation !== undefined && maySee(tenant, conversation, user)
    switch (news.kind) {
      case 'message':
      case 'message_changed':
        if (!seen || ('only' in news && news.only !== undefined && news.only !== user.id)) break
        write(viewer, id, news.kind, {
          conversation: conversation.id,
          message: showMessage(world, conversation, news.message, user.id),
        })
        break
      case 'message_deleted':
        if (seen) write(viewer, id, 'message_deleted', { conversation: news.conversation, id: news.id })
        break
      case 'conversation':
        if (seen) write(viewer, id, 'conversation', showConversation(tenant, conversation, user.id))
        this.#waitingSoon(viewer)
        break
      case 'teams':
        write(viewer, id, 'teams', { teams: showTeams(tenant, user) })
        break
      case 'dialog':
        if (news.user === user.id)
          write(viewer, id, 'dialog', { dialog: showDialog(tenant.dialogs[user.id]) })
        break
      case 'person':
        write(viewer, id, 'person', showPerson(tenant.users[news.user]!))
        break
      case 'notice':
        if (news.user === user.id)
          write(viewer, id, 'notice', {
            kind: news.level,
            text: news.text,
            conversation: news.conversation,
          })
        break
      case 'traffic':
        write(viewer, id, 'traffic', showExchange(news.exchange))
        break
      case 'faults':
        write(viewer, id, 'faults', { faults: this.#faults() })
        break
      case 'clock':
        write(viewer, id, 'clock', news.state)
        break
      case 'reload':
        write(viewer, id, 'reload', {})
        break
    }
  }

  /** Everybody's unread counts, once for all that happens at the same moment. */
  #waitingSoon(viewer: Viewer): void {
    if (viewer.waitingSoon) return
    viewer.waitingSoon = true
    setImmediate(() => {
      viewer.waitingSoon = false
      if (this.#viewers.has(viewer))
        write(viewer, this.revision, 'waiting', { waiting: showWaiting(viewer.tenant) })
    })
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const { response } of this.#viewers) response.end()
    this.#viewers.clear()
  }
}

function write({ response }: Viewer, id: number, event: string, data: unknown): void {
  if (response.writableLength > mostUnread) {
    response.destroy()
    return
  }
  response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}
