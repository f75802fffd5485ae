import { useState } from 'preact/hooks'
import { Avatar } from '../shell/avatar.tsx'
import { Icon } from '../shell/icons.tsx'
import { initials } from '../shell/initials.ts'
import { findPerson, usePicture, useSession, useWords, useWorld } from '../use.ts'
import type { Conversation } from '../wire.ts'

/** Companies, channels, the app and direct messages. */
export function Sidebar({ onChosen }: { onChosen: () => void }) {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  const { spot } = usePicture()
  const [finding, setFinding] = useState(false)
  const workspace = state.workspaces.find((w) => w.id === state.workspace)
  const appDm = state.conversations.find((c) => c.with === state.bot)
  const channels = state.conversations.filter((c) => c.kind !== 'dm')
  const direct = state.conversations.filter((c) => c.kind === 'dm' && c.with !== state.bot)
  const strangers = state.people.filter(
    (person) =>
      person.id !== state.me && !person.isBot && !person.deleted && !direct.some((c) => c.with === person.id),
  )
  const here = (c: Conversation): boolean => spot.kind === 'channel' && spot.channel === c.id
  return (
    <div class="sidebar">
      <nav class="rail" aria-label={words.workspaces}>
        {state.workspaces.map((w) => (
          <button
            key={w.id}
            type="button"
            class="rail-tile"
            aria-pressed={w.id === state.workspace}
            aria-label={w.name}
            title={w.name}
            onClick={() => void session.become(undefined, w.id)}
          >
            {initials(w.name)}
          </button>
        ))}
      </nav>
      <nav class="places" aria-label={words.menu}>
        <div class="workspace-name">
          <b>{workspace?.name}</b>
          <small>{workspace?.domain}</small>
        </div>
        <h3>{words.apps}</h3>
        <Place
          name={state.app.name}
          unread={appDm?.unread ?? 0}
          current={spot.kind === 'app'}
          picture={<Avatar person={findPerson(state, state.bot)} size={20} />}
          onClick={() => {
            session.go({ kind: 'app', tab: spot.kind === 'app' ? spot.tab : 'messages' })
            onChosen()
          }}
        />
        <h3>{words.channels}</h3>
        {channels.map((c) => (
          <Place
            key={c.id}
            name={c.name}
            more={c.archived ? words.archived : c.kind === 'private' ? words.privateChannel : undefined}
            unread={c.unread}
            faint={c.archived || !c.isMember}
            current={here(c)}
            picture={<Icon name={c.kind === 'private' ? 'lock' : 'hash'} />}
            onClick={() => {
              session.go({ kind: 'channel', channel: c.id })
              onChosen()
            }}
          />
        ))}
        <h3>{words.directMessages}</h3>
        {direct.map((c) => {
          const person = findPerson(state, c.with ?? '')
          return (
            <Place
              key={c.id}
              name={person?.realName ?? c.name}
              unread={c.unread}
              current={here(c)}
              picture={<Avatar person={person} size={20} />}
              onClick={() => {
                session.go({ kind: 'channel', channel: c.id })
                onChosen()
              }}
            />
          )
        })}
        <button type="button" class="place" aria-expanded={finding} onClick={() => setFinding(!finding)}>
          <Icon name="plus" />
          <span class="place-name">{words.newDirectMessage}</span>
        </button>
        {finding &&
          strangers.map((person) => (
            <Place
              key={person.id}
              name={person.realName}
              unread={0}
              faint
              current={false}
              picture={<Avatar person={person} size={20} />}
              onClick={() => {
                setFinding(false)
                void session.openDm(person.id)
                onChosen()
              }}
            />
          ))}
      </nav>
    </div>
  )
}

function Place({
  name,
  more,
  unread,
  faint = false,
  current,
  picture,
  onClick,
}: {
  name: string
  more?: string | undefined
  unread: number
  faint?: boolean
  current: boolean
  picture: preact.ComponentChildren
  onClick: () => void
}) {
  const words = useWords()
  return (
    <button
      type="button"
      class={`place${unread > 0 ? ' unread' : ''}${faint ? ' faint' : ''}`}
      aria-current={current ? 'page' : undefined}
      aria-label={[name, more, unread > 0 ? words.unread(unread) : undefined].filter(Boolean).join(', ')}
      onClick={onClick}
    >
      {picture}
      <span class="place-name">{name}</span>
      {unread > 0 && <span class="badge">{unread}</span>}
    </button>
  )
}
