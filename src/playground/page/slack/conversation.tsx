import { Avatar } from '../shell/avatar.tsx'
import { Icon } from '../shell/icons.tsx'
import { findPerson, usePicture, useSession, useWords, useWorld } from '../use.ts'
import type { Conversation } from '../wire.ts'
import { Composer, draft } from './composer.tsx'
import { HomeTab } from './home.tsx'
import { MessageList } from './message-list.tsx'

/** The middle of the client: a channel, a direct message, or the app with its two tabs. */
export function Middle({ onMenu }: { onMenu: () => void }) {
  const { spot } = usePicture()
  const session = useSession()
  const state = useWorld()
  const channel = session.conversation
  const installed = state.workspaces.find((w) => w.id === state.workspace)?.installed ?? true
  return (
    <section class="middle" aria-label={spot.kind === 'app' ? state.app.name : channel?.name}>
      {spot.kind === 'app' ? (
        <AppHead onMenu={onMenu} />
      ) : (
        channel && <ChannelHead channel={channel} onMenu={onMenu} />
      )}
      {!installed && <NotInstalled />}
      {spot.kind === 'app' && spot.tab === 'home' ? <HomeTab /> : <Conversing channel={channel} />}
    </section>
  )
}

function MenuButton({ onMenu }: { onMenu: () => void }) {
  const words = useWords()
  const { conversations } = useWorld()
  const unread = conversations.some((c) => c.unread > 0)
  return (
    <button type="button" class="icon-button menu-button" aria-label={words.menu} onClick={onMenu}>
      <Icon name="menu" />
      {unread && <span class="dot" />}
    </button>
  )
}

function AppHead({ onMenu }: { onMenu: () => void }) {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  const { spot } = usePicture()
  const tab = spot.kind === 'app' ? spot.tab : 'messages'
  const tabs = [
    ['home', words.home],
    ['messages', words.messages],
  ] as const
  return (
    <header class="pane-head with-tabs">
      <div class="pane-title">
        <MenuButton onMenu={onMenu} />
        <Avatar person={findPerson(state, state.bot)} size={26} />
        <h2>{state.app.name}</h2>
        <span class="tag">{words.appTag}</span>
      </div>
      <div role="tablist" aria-label={state.app.name} class="tabs">
        {tabs.map(([key, label], index) => (
          <button
            key={key}
            type="button"
            role="tab"
            aria-selected={tab === key}
            aria-controls="app-panel"
            tabIndex={tab === key ? 0 : -1}
            onClick={() => session.go({ kind: 'app', tab: key })}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return
              const other = tabs[1 - index]?.[0]
              if (other) session.go({ kind: 'app', tab: other })
              const buttons = event.currentTarget.parentElement?.querySelectorAll('button')
              buttons?.[1 - index]?.focus()
            }}
          >
            {label}
          </button>
        ))}
      </div>
    </header>
  )
}

function ChannelHead({ channel, onMenu }: { channel: Conversation; onMenu: () => void }) {
  const words = useWords()
  const state = useWorld()
  const other = channel.kind === 'dm' ? findPerson(state, channel.with ?? '') : undefined
  return (
    <header class="pane-head">
      <div class="pane-title">
        <MenuButton onMenu={onMenu} />
        {other ? (
          <Avatar person={other} size={26} />
        ) : (
          <Icon name={channel.kind === 'private' ? 'lock' : 'hash'} />
        )}
        <h2>{other?.realName ?? channel.name}</h2>
        {channel.archived && <span class="tag">{words.archived}</span>}
        <span class="pane-topic">{other ? other.title : channel.topic}</span>
      </div>
      {channel.kind !== 'dm' && <span class="pane-members">{words.members(channel.members.length)}</span>}
    </header>
  )
}

function NotInstalled() {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  return (
    <div class="bar warn" role="status">
      <span>{words.notInstalled(state.app.name)}</span>
      <button type="button" class="button" onClick={() => void session.act('install')}>
        {words.install}
      </button>
    </div>
  )
}

function Conversing({ channel }: { channel: Conversation | undefined }) {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  const { pages, spot } = usePicture()
  if (!channel) return <p class="quiet">{words.loading}</p>
  const isApp = channel.with === state.bot
  const other = findPerson(state, channel.with ?? '')
  const place = isApp
    ? state.app.name
    : channel.kind === 'dm'
      ? (other?.realName ?? channel.name)
      : `#${channel.name}`
  return (
    <div
      class="conversing"
      {...(spot.kind === 'app' ? { role: 'tabpanel', id: 'app-panel', 'aria-label': words.messages } : {})}
    >
      {channel.kind !== 'dm' && !channel.botIsMember && !channel.archived && (
        <div class="bar" role="status">
          <span>{words.noApp(state.app.name)}</span>
          <button
            type="button"
            class="button"
            onClick={() => void session.act('join', { channel: channel.id, target: state.bot })}
          >
            {words.addApp(state.app.name)}
          </button>
        </div>
      )}
      <MessageList
        key={`${state.me} ${channel.id}`}
        page={pages[channel.id]}
        label={words.messageList(place)}
        empty={<Beginning channel={channel} place={place} isApp={isApp} />}
      />
      {channel.archived ? (
        <div class="bar foot">
          <span>{words.archivedNote}</span>
          <button
            type="button"
            class="button"
            onClick={() => void session.act('unarchive', { channel: channel.id })}
          >
            {words.unarchive}
          </button>
        </div>
      ) : channel.isMember || channel.kind === 'dm' ? (
        <Composer channel={channel.id} label={words.composer(place, other !== undefined && !isApp)} />
      ) : (
        <div class="bar foot">
          <span>{words.notMember}</span>
          <button
            type="button"
            class="button primary"
            onClick={() => void session.act('join', { channel: channel.id })}
          >
            {words.joinChannel}
          </button>
        </div>
      )}
    </div>
  )
}

function Beginning({ channel, place, isApp }: { channel: Conversation; place: string; isApp: boolean }) {
  const words = useWords()
  const state = useWorld()
  const person = findPerson(state, channel.with ?? '')
  return (
    <div class="beginning">
      {person ? (
        <Avatar person={person} size={56} />
      ) : (
        <span class="empty-picture">
          <Icon name={channel.kind === 'private' ? 'lock' : 'hash'} />
        </span>
      )}
      <h3>{isApp ? words.emptyApp(place) : person ? words.emptyDm(place) : words.emptyChannel(place)}</h3>
      <p>{isApp ? words.emptyAppHint : person ? person.title : (channel.topic ?? words.emptyChannelHint)}</p>
      {isApp && (
        <ul class="beginning-commands" aria-label={words.commands}>
          {state.commands.map((command) => (
            <li key={command.command}>
              <button type="button" onClick={() => draft(`${command.command} `)}>
                <b>{command.command}</b>
                <small>{command.description}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
