import { ApiFailure, renewToken } from '../api.ts'
import * as api from './api.ts'
import { findAccount, findTenant, type SlackCue } from './cast.ts'
import {
  afterTeamsHearing,
  postKey,
  type TeamsEvent,
  type TeamsPage,
  type TeamsPicture,
  teamsEvents,
  teamsListsOf,
  withTeamsMessage,
} from './picture.ts'
import type { TeamsAnswer, TeamsConversation, TeamsIn, TeamsMessage, TeamsState } from './wire.ts'

const reconnectAfterMs = 1500
const readAfterMs = 60
/** How many posts at the end of a channel show their replies by themselves. */
const unfoldedAtFirst = 3

/** The Teams half of one browser tab: the same person as on the Slack side, while anybody looks at it. */
export class TeamsSession {
  #picture: TeamsPicture = { connection: 'unknown', absent: false, alone: false, pages: {}, unfolded: [] }
  readonly #listeners = new Set<() => void>()
  readonly #say: (kind: 'error' | 'info', text: string) => void
  #stream: EventSource | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #readSoon: ReturnType<typeof setTimeout> | undefined
  #looking = false
  #cue: SlackCue | undefined
  /** Counts the people shown: an answer for somebody who is no longer shown is thrown away. */
  #era = 0
  readonly #changedWhileLoading = new Map<string, TeamsMessage[]>()

  constructor(say: (kind: 'error' | 'info', text: string) => void) {
    this.#say = say
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.#looking && (this.conversation?.unread ?? 0) > 0)
        this.#read()
    })
  }

  get picture(): TeamsPicture {
    return this.#picture
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #show(change: Partial<TeamsPicture>): void {
    this.#picture = { ...this.#picture, ...change }
    for (const listener of this.#listeners) listener()
  }

  #amend(change: Partial<TeamsState>): void {
    const { state } = this.#picture
    if (state) this.#show({ state: { ...state, ...change } })
  }

  /** Finds out whether this playground has a Teams half at all. */
  async start(): Promise<void> {
    this.#show({ open: new URLSearchParams(location.search).get('chat') ?? undefined })
    try {
      const state = await api.fetchTeamsState()
      this.#show({ state, connection: 'idle' })
      if (this.#looking) await this.#follow()
    } catch (failure) {
      const none = failure instanceof ApiFailure && failure.status === 404
      this.#show({ connection: none ? 'none' : 'unknown' })
      if (!none) setTimeout(() => void this.start(), reconnectAfterMs)
    }
  }

  /** Somebody looks at the Teams half, or no longer does; a half that nobody sees reads nothing and holds no stream. */
  look(looking: boolean): void {
    if (looking === this.#looking) return
    this.#looking = looking
    if (looking) void this.#follow()
    else {
      this.#era += 1
      this.#hangUp()
      if (this.#picture.connection !== 'unknown' && this.#picture.connection !== 'none')
        this.#show({ connection: 'idle' })
    }
  }

  /** The Slack side shows this person now: the Teams side shows them too. */
  follow(cue: SlackCue): void {
    this.#cue = cue
    this.followAgain()
  }

  /** Back to the person of the Slack side. */
  followAgain(): void {
    if (this.#picture.alone) this.#show({ alone: false })
    if (this.#looking) void this.#follow()
  }

  /** Shows somebody who has no account in Slack. */
  async becomeAlone(user: string): Promise<void> {
    this.#show({ alone: true })
    await this.become(user, this.#picture.state?.tenant)
  }

  async #follow(): Promise<void> {
    const { state } = this.#picture
    const cue = this.#cue
    if (!state) return
    if (this.#picture.alone) {
      await this.become(state.me, state.tenant)
      return
    }
    if (!cue) return
    const tenant = findTenant(state.tenants, cue)
    const shown = tenant === state.tenant ? findAccount(state.people, cue) : undefined
    if (shown || tenant === undefined) await this.become(shown?.id, state.tenant, tenant === undefined)
    else {
      const other = await api.fetchTeamsState(tenant).catch(() => state)
      const account = findAccount(other.people, cue)
      await this.become(account?.id, tenant, account === undefined)
    }
  }

  /** Shows one person's Teams. `absent`: the person shown on the Slack side has none; nothing is listened to. */
  async become(user: string | undefined, tenant: string | undefined, absent = false): Promise<void> {
    this.#era += 1
    const era = this.#era
    this.#hangUp()
    try {
      const first = await api.fetchTeamsState(tenant, user)
      if (era !== this.#era) return
      if (absent) this.#show({ state: first, absent: true, connection: 'open', pages: {}, unfolded: [] })
      else await this.#listen(first, era)
    } catch {
      if (era === this.#era) await this.#lose(user, tenant)
    }
  }

  #hangUp(): void {
    clearTimeout(this.#retry)
    this.#stream?.close()
    this.#stream = undefined
  }

  /** Listens first and reads the state second, so that no event falls between the two. */
  async #listen(first: TeamsState, era: number): Promise<void> {
    const early: { name: TeamsEvent; id: number; data: unknown }[] = []
    let ready = false
    const stream = new EventSource(api.teamsStreamAddress(first.tenant, first.me))
    this.#stream = stream
    for (const name of teamsEvents)
      stream.addEventListener(name, (event: MessageEvent<string>) => {
        if (era !== this.#era) return
        const heard = { name, id: Number(event.lastEventId), data: JSON.parse(event.data || '{}') as unknown }
        if (ready) this.#hear(heard.name, heard.data)
        else early.push(heard)
      })
    stream.onopen = () => era === this.#era && this.#show({ connection: 'open' })
    stream.onerror = () => {
      if (era !== this.#era) return
      this.#show({ connection: 'lost' })
      // The browser retries a cut stream by itself, but gives up for ever on a refusal.
      if (stream.readyState === EventSource.CLOSED) void this.#lose(first.me, first.tenant)
    }
    await new Promise<void>((resolve) => {
      stream.addEventListener('open', () => resolve(), { once: true })
      stream.addEventListener('error', () => resolve(), { once: true })
    })
    const state = await api.fetchTeamsState(first.tenant, first.me)
    if (era !== this.#era) return
    const open =
      state.conversations.find((c) => c.id === this.#picture.open) ??
      state.conversations.find((c) => c.kind === 'personal')
    this.#show({ state, absent: false, connection: 'open', pages: {}, unfolded: [], open: open?.id })
    ready = true
    for (const heard of early) if (!(heard.id <= state.revision)) this.#hear(heard.name, heard.data)
    await this.#arrive()
  }

  async #lose(user: string | undefined, tenant: string | undefined): Promise<void> {
    const era = this.#era
    this.#show({ connection: 'lost' })
    await renewToken()
    if (era !== this.#era) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.become(user, tenant), reconnectAfterMs)
  }

  get conversation(): TeamsConversation | undefined {
    const { state, open } = this.#picture
    return state?.conversations.find((c) => c.id === open)
  }

  go(conversation: string): void {
    this.#show({ open: conversation, unfolded: [] })
    void this.#arrive()
  }

  async #arrive(): Promise<void> {
    const { state } = this.#picture
    if (!state) return
    let open = this.conversation
    if (!open) {
      // Somebody who never wrote to the app has no chat with it yet.
      const era = this.#era
      const answer = await this.act('open')
      if (era !== this.#era || !answer.conversation) return
      const fresh = await api.fetchTeamsState(state.tenant, state.me)
      if (era !== this.#era) return
      this.#amend({ conversations: fresh.conversations })
      this.#show({ open: answer.conversation })
      open = this.conversation
    }
    if (!open) return
    const address = new URLSearchParams(location.search)
    address.set('chat', open.id)
    history.replaceState(null, '', `?${address}`)
    await this.#load(open.id)
    this.#read()
    const posts = this.#picture.pages[open.id]?.messages ?? []
    if (open.kind === 'channel')
      for (const post of posts.slice(-unfoldedAtFirst))
        if ((post.replies?.count ?? 0) > 0) this.#unfold(open.id, post.id)
  }

  #unfold(conversation: string, root: string): void {
    const { unfolded } = this.#picture
    if (unfolded.includes(root)) return
    this.#show({ unfolded: [...unfolded, root] })
    void this.#load(conversation, root)
  }

  /** Clears the unread count and lets cards with a view of one's own fetch it; several reasons at once are one. */
  #read(): void {
    clearTimeout(this.#readSoon)
    const { open } = this.#picture
    this.#readSoon = setTimeout(() => {
      if (this.#looking && open && open === this.#picture.open && document.visibilityState === 'visible')
        void this.act('read', { conversation: open }, true)
    }, readAfterMs)
  }

  async #load(conversation: string, root?: string, before?: string): Promise<void> {
    const { state } = this.#picture
    if (!state) return
    const era = this.#era
    const key = root ? postKey(conversation, root) : conversation
    this.#changedWhileLoading.set(key, [])
    const page = await api
      .fetchTeamsMessages(state.tenant, state.me, conversation, {
        ...(root ? { root } : {}),
        ...(before ? { before } : {}),
      })
      .catch(() => undefined)
    const changed = this.#changedWhileLoading.get(key) ?? []
    this.#changedWhileLoading.delete(key)
    if (era !== this.#era || !page) return
    let messages: readonly TeamsMessage[] = page.messages
    if (before) messages = [...page.messages, ...(this.#picture.pages[key]?.messages ?? [])]
    for (const message of changed) messages = withTeamsMessage(messages, message)
    this.#show({ pages: { ...this.#picture.pages, [key]: { messages, hasMore: page.hasMore } } })
  }

  async loadEarlier(): Promise<void> {
    const { open, pages } = this.#picture
    const oldest = open ? pages[open]?.messages[0] : undefined
    if (open && oldest) await this.#load(open, undefined, oldest.id)
  }

  /** Unfolds the replies of a post, or folds them. */
  unfold(conversation: string, root: string): void {
    const { unfolded } = this.#picture
    if (unfolded.includes(root)) this.#show({ unfolded: unfolded.filter((id) => id !== root) })
    else this.#unfold(conversation, root)
  }

  postPage(conversation: string, root: string): TeamsPage | undefined {
    return this.#picture.pages[postKey(conversation, root)]
  }

  #hear(event: TeamsEvent, data: unknown): void {
    const { state } = this.#picture
    if (!state) return
    const known = event === 'message_changed' ? this.#known(data as { message: TeamsMessage }) : undefined
    this.#show(afterTeamsHearing(this.#picture, event, data))
    if (event === 'reload') void this.become(state.me, state.tenant)
    if (event === 'notice') {
      const notice = data as { kind: 'error' | 'info'; text: string }
      this.#say(notice.kind, notice.text)
    }
    if (event !== 'message' && event !== 'message_changed') return
    const { message } = data as { message: TeamsMessage }
    for (const key of teamsListsOf(message)) this.#changedWhileLoading.get(key)?.push(message)
    // A view of one's own that has just come is no new reason to look: only what the app changed for everybody is.
    const told = event === 'message' || known?.edited !== message.edited
    if (!told || message.conversation !== this.#picture.open) return
    this.#read()
    if (event === 'message' && message.root && message.root !== message.id)
      this.#unfold(message.conversation, message.root)
  }

  #known({ message }: { message: TeamsMessage }): TeamsMessage | undefined {
    const [key = ''] = teamsListsOf(message)
    return this.#picture.pages[key]?.messages.find((m) => m.id === message.id)
  }

  /** One person does one thing. A refusal is told as a toast unless `quiet`: then the caller shows it in place. */
  readonly act = async (
    what: string,
    fields: Readonly<Record<string, unknown>> = {},
    quiet = false,
  ): Promise<TeamsAnswer> => {
    const { state } = this.#picture
    if (!state) return { ok: false }
    let answer: TeamsAnswer
    try {
      answer = await api.teamsAct(state.tenant, state.me, what, fields)
    } catch (failure) {
      answer = { ok: false, message: failure instanceof ApiFailure ? failure.message : '' }
    }
    if (!answer.ok && !quiet && answer.message) this.#say('error', answer.message)
    return answer
  }

  /** An action of a card or dialog is pressed with everything that stands in the inputs. */
  readonly press = (
    where: TeamsIn,
    action: string,
    typed: Readonly<Record<string, string>>,
    quiet: boolean,
  ): Promise<TeamsAnswer> => this.act('press', { in: where, action, typed }, quiet)
}
