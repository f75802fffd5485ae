import * as api from './api.ts'
import { ApiFailure } from './api.ts'
import {
  afterHearing,
  listsOf,
  type Page,
  type Picture,
  type Spot,
  type StreamEvent,
  streamEvents,
  type Toast,
  threadKey,
} from './picture.ts'
import { firstSteps, reads } from './shell/first-steps.ts'
import { firstUnread, withMessage } from './slack/messages.ts'
import type { Answer, Conversation, Message, NewFault, State } from './wire.ts'
import type { Language } from './words.ts'

const reconnectAfterMs = 1500
const refusedStatuses = [401, 403, 404]

/** One browser tab: one person in one workspace, kept up to date by the stream. */
export class Session {
  #picture: Picture = {
    connection: 'connecting',
    spot: { kind: 'app', tab: 'messages' },
    pages: {},
    traffic: [],
    toasts: [],
    switching: false,
  }
  readonly #listeners = new Set<() => void>()
  #stream: EventSource | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  /** Counts the people shown: an answer for somebody who is no longer shown is thrown away. */
  #era = 0
  #toastCount = 0

  get picture(): Picture {
    return this.#picture
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #show(change: Partial<Picture>): void {
    this.#picture = { ...this.#picture, ...change }
    for (const listener of this.#listeners) listener()
  }

  #amend(change: Partial<State>): void {
    const { state } = this.#picture
    if (state) this.#show({ state: { ...state, ...change } })
  }

  /** Opens the page as the address says: `?workspace=…&user=…&at=C…|home|messages`. */
  async start(language: Language): Promise<void> {
    const address = new URLSearchParams(location.search)
    const at = address.get('at')
    if (at === 'home' || at === 'messages') this.#show({ spot: { kind: 'app', tab: at } })
    else if (at) this.#show({ spot: { kind: 'channel', channel: at } })
    document.addEventListener('visibilitychange', () => {
      // What came while another tab was in front has now been seen.
      const open = this.conversation
      if (document.visibilityState === 'visible' && this.#showsMessages && open && open.unread > 0)
        void this.#act('read', { channel: open.id })
    })
    const user = address.get('user') ?? undefined
    await this.become(user, address.get('workspace') ?? (user ? undefined : await this.#company(language)))
  }

  /** The company to begin with: the first whose people read the page's language. */
  async #company(language: Language): Promise<string | undefined> {
    const first = await api.fetchState().catch(() => undefined)
    if (!first || reads(first, language)) return first?.workspace
    for (const { id } of first.workspaces) {
      const other = await api.fetchState(id).catch(() => undefined)
      if (other && reads(other, language)) return id
    }
    return first.workspace
  }

  /** Shows another person's client; the channel stays open when they see it too. */
  async become(user?: string, workspace: string | undefined = this.#picture.state?.workspace): Promise<void> {
    this.#era += 1
    const era = this.#era
    clearTimeout(this.#retry)
    this.#stream?.close()
    const { state } = this.#picture
    // What was told to somebody else is over at once: what the new one is told meanwhile must stay.
    const isOther = workspace !== state?.workspace || (user !== undefined && user !== state?.me)
    this.#show({ switching: true, ...(isOther ? { toasts: [] } : {}) })
    try {
      const first = await api.fetchState(workspace, user).catch((failure: unknown) => {
        // The address may speak of people of an earlier run.
        if (failure instanceof ApiFailure && failure.status === 404 && (user || workspace))
          return api.fetchState()
        throw failure
      })
      if (era !== this.#era) return
      // Nobody was named: begin with whoever has something to ask for.
      const me = user === undefined ? firstSteps(first).asker?.id : undefined
      await this.#listen(me ? { ...first, me } : first, era)
    } catch (failure) {
      if (era !== this.#era) return
      await this.#lose(failure instanceof ApiFailure ? failure : undefined)
    }
  }

  /** Listens first and reads the state second, so that no event falls between the two. */
  async #listen(first: State, era: number): Promise<void> {
    const early: { name: StreamEvent; id: number; data: unknown }[] = []
    let ready = false
    const stream = new EventSource(api.streamAddress(first.workspace, first.me))
    this.#stream = stream
    for (const name of streamEvents) {
      stream.addEventListener(name, (event: MessageEvent<string>) => {
        const heard = { name, id: Number(event.lastEventId), data: JSON.parse(event.data || '{}') as unknown }
        if (era !== this.#era) return
        if (ready) this.#hear(heard.name, heard.data)
        else early.push(heard)
      })
    }
    stream.onopen = () => era === this.#era && this.#show({ connection: 'open' })
    stream.onerror = () => {
      if (era !== this.#era) return
      this.#show({ connection: 'lost' })
      // The browser retries a cut stream by itself, but gives up for ever on a refusal.
      if (stream.readyState === EventSource.CLOSED) void this.#lose()
    }
    await new Promise<void>((resolve) => {
      stream.addEventListener('open', () => resolve(), { once: true })
      stream.addEventListener('error', () => resolve(), { once: true })
    })
    const [state, traffic] = await Promise.all([
      api.fetchState(first.workspace, first.me),
      api.fetchTraffic(),
    ])
    if (era !== this.#era) return
    const spot = this.#placeIn(state)
    const samePerson =
      this.#picture.state?.me === state.me && this.#picture.state.workspace === state.workspace
    const { thread } = this.#picture
    this.#show({
      state,
      traffic,
      spot,
      switching: false,
      trouble: undefined,
      pages: {},
      firstNew: undefined,
      thread:
        thread && (samePerson || state.conversations.some((c) => c.id === thread.channel))
          ? thread
          : undefined,
    })
    ready = true
    for (const heard of early) if (!(heard.id <= state.revision)) this.#hear(heard.name, heard.data)
    this.#writeAddress()
    await this.#arrive()
    if (this.#picture.thread) await this.#load(this.#picture.thread.channel, this.#picture.thread.ts)
  }

  async #lose(failure?: ApiFailure): Promise<void> {
    const era = this.#era
    this.#show({
      connection: 'lost',
      switching: false,
      ...(this.#picture.state || !failure ? {} : { trouble: failure.message || 'unreachable' }),
    })
    if (!failure || failure.status === 0 || refusedStatuses.includes(failure.status)) await api.renewToken()
    if (era !== this.#era) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(
      () => void this.become(this.#picture.state?.me, this.#picture.state?.workspace),
      reconnectAfterMs,
    )
  }

  /** The place to show this person: where we are, or the app's messages when they do not see it. */
  #placeIn(state: State): Spot {
    const { spot } = this.#picture
    if (
      spot.kind === 'channel' &&
      !state.conversations.some((c) => c.id === spot.channel && c.with !== state.bot)
    )
      return { kind: 'app', tab: 'messages' }
    return spot
  }

  #writeAddress(): void {
    const { state, spot } = this.#picture
    if (!state) return
    const address = new URLSearchParams(location.search)
    address.set('workspace', state.workspace)
    address.set('user', state.me)
    address.set('at', spot.kind === 'app' ? spot.tab : spot.channel)
    history.replaceState(null, '', `?${address}`)
  }

  /** The conversation in view: the channel, or the app's DM on its Messages tab. */
  get conversation(): Conversation | undefined {
    const { state, spot } = this.#picture
    if (!state) return undefined
    return spot.kind === 'channel'
      ? state.conversations.find((c) => c.id === spot.channel)
      : state.conversations.find((c) => c.with === state.bot)
  }

  /** Whether the Slack client is in view at all; what nobody sees stays unread. */
  #looking = true

  look(looking: boolean): void {
    if (looking === this.#looking) return
    this.#looking = looking
    if (looking) void this.#arrive()
  }

  get #showsMessages(): boolean {
    const { spot } = this.#picture
    return this.#looking && (spot.kind === 'channel' || spot.tab === 'messages')
  }

  go(spot: Spot): void {
    this.#show({ spot, thread: undefined, firstNew: undefined })
    this.#writeAddress()
    void this.#arrive()
  }

  async #arrive(): Promise<void> {
    const { state, spot } = this.#picture
    if (!state || !this.#looking) return
    if (spot.kind === 'app') {
      // Slack tells the app that its page is open, and which tab; the Home is drawn in answer to this.
      void this.#act('home', { tab: spot.tab })
      if (spot.tab === 'home') return
    }
    let open = this.conversation
    if (!open && spot.kind === 'app') {
      const era = this.#era
      const answer = await this.#act('open', { with: state.bot })
      if (era !== this.#era || !answer.channel) return
      const fresh = await api.fetchState(state.workspace, state.me)
      if (era !== this.#era) return
      this.#amend({ conversations: fresh.conversations })
      open = this.conversation
    }
    if (!open) return
    await this.#load(open.id)
    const { unread } = open
    if (unread === 0) return
    const ts = firstUnread(this.#picture.pages[open.id]?.messages ?? [], unread, state.me)
    if (ts && this.conversation?.id === open.id) this.#show({ firstNew: { channel: open.id, ts } })
    void this.#act('read', { channel: open.id })
  }

  async #load(channel: string, thread?: string, before?: string): Promise<void> {
    const { state } = this.#picture
    if (!state) return
    const era = this.#era
    const key = thread ? threadKey(channel, thread) : channel
    this.#changedWhileLoading.set(key, [])
    const page = await api
      .fetchMessages(state.workspace, state.me, channel, {
        ...(thread ? { thread } : {}),
        ...(before ? { before } : {}),
      })
      .catch(() => undefined)
    const changed = this.#changedWhileLoading.get(key) ?? []
    this.#changedWhileLoading.delete(key)
    if (era !== this.#era || !page) return
    let messages: readonly Message[] = page.messages
    if (before) messages = [...page.messages, ...(this.#picture.pages[key]?.messages ?? [])]
    for (const message of changed) messages = withMessage(messages, message)
    this.#show({ pages: { ...this.#picture.pages, [key]: { messages, hasMore: page.hasMore } } })
  }

  /** What the stream said of a list while it was on its way: newer than the list. */
  readonly #changedWhileLoading = new Map<string, Message[]>()

  async loadEarlier(): Promise<void> {
    const channel = this.conversation?.id
    const oldest = channel ? this.#picture.pages[channel]?.messages[0] : undefined
    if (channel && oldest) await this.#load(channel, undefined, oldest.ts)
  }

  openThread(channel: string, ts: string): void {
    this.#show({ thread: { channel, ts } })
    void this.#load(channel, ts)
  }

  closeThread(): void {
    this.#show({ thread: undefined })
  }

  threadPage(): Page | undefined {
    const { thread, pages } = this.#picture
    return thread && pages[threadKey(thread.channel, thread.ts)]
  }

  #hear(event: StreamEvent, data: unknown): void {
    const { state } = this.#picture
    if (!state) return
    this.#show(afterHearing(this.#picture, event, data))
    if (event === 'reload') void this.become(state.me, state.workspace)
    if (event === 'notice') {
      const notice = data as { kind: 'error' | 'info'; text: string }
      this.say(notice.kind, notice.text)
    }
    if (event !== 'message' && event !== 'message_changed') return
    const { message } = data as { message: Message }
    for (const key of listsOf(message)) this.#changedWhileLoading.get(key)?.push(message)
    const open = event === 'message' && this.#showsMessages && this.conversation?.id === message.channel
    if (open && document.visibilityState === 'visible') void this.#act('read', { channel: message.channel })
  }

  /** One person does one thing. A refusal is told as a toast unless `quiet`: then the caller shows it in place. */
  async #act(what: string, fields: Readonly<Record<string, unknown>>, quiet = false): Promise<Answer> {
    const { state } = this.#picture
    if (!state) return { ok: false }
    let answer: Answer
    try {
      answer = await api.act(state.workspace, state.me, what, fields)
    } catch (failure) {
      answer = { ok: false, message: failure instanceof ApiFailure ? failure.message : '' }
    }
    if (!answer.ok && !quiet && answer.message) this.say('error', answer.message)
    return answer
  }

  readonly act = (
    what: string,
    fields: Readonly<Record<string, unknown>> = {},
    quiet = false,
  ): Promise<Answer> => this.#act(what, fields, quiet)

  /** Opens the direct conversation with somebody. */
  async openDm(person: string): Promise<void> {
    const { state } = this.#picture
    if (!state) return
    const known = state.conversations.find((c) => c.kind === 'dm' && c.with === person)
    const channel = known?.id ?? (await this.#act('open', { with: person })).channel
    if (!channel) return
    if (!known) {
      const fresh = await api.fetchState(state.workspace, state.me)
      this.#amend({ conversations: fresh.conversations })
    }
    this.go({ kind: 'channel', channel })
  }

  /** Shows a short notice; the same words twice at once are one notice (an answer and the stream may both bring it). */
  say(kind: Toast['kind'], text: string): void {
    if (this.#picture.toasts.some((t) => t.text === text)) return
    this.#toastCount += 1
    const id = this.#toastCount
    this.#show({ toasts: [...this.#picture.toasts, { id, kind, text }] })
    setTimeout(() => this.hush(id), 8000)
  }

  hush(id: number): void {
    this.#show({ toasts: this.#picture.toasts.filter((t) => t.id !== id) })
  }

  async moveClock(move: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      this.#amend({ clock: await api.moveClock(move) })
    } catch (failure) {
      if (failure instanceof ApiFailure) this.say('error', failure.message)
    }
  }

  async addFault(fault: NewFault): Promise<void> {
    try {
      await api.addFault(fault)
    } catch (failure) {
      if (failure instanceof ApiFailure) this.say('error', failure.message)
    }
  }

  async removeFault(id?: string): Promise<void> {
    await api.removeFault(id).catch(() => undefined)
  }

  clearTraffic(): void {
    this.#show({ traffic: [] })
  }
}
