import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../shell/icons.tsx'
import { useWords } from '../use.ts'
import { GroupPicture, TeamsAvatar } from './avatar.tsx'
import { useTeams, useTeamsPicture, useTeamsWorld } from './use.ts'
import type { TeamsConversation } from './wire.ts'

type Section = 'chat' | 'teams'

/** The rail on the left, and the chats or the teams with their channels beside it. */
export function Sidebar({ onChosen }: { onChosen: () => void }) {
  const words = useWords()
  const state = useTeamsWorld()
  const teams = useTeams()
  const { open } = useTeamsPicture()
  const current = state.conversations.find((c) => c.id === open)
  const of: Section = current?.kind === 'channel' ? 'teams' : 'chat'
  const [section, setSection] = useState<Section>(of)
  useEffect(() => setSection(of), [open, of])
  const chats = state.conversations.filter((c) => c.kind !== 'channel')
  const channels = state.conversations.filter((c) => c.kind === 'channel')
  const unread = (list: readonly TeamsConversation[]): number => list.reduce((sum, c) => sum + c.unread, 0)
  const go = (conversation: TeamsConversation): void => {
    teams.go(conversation.id)
    onChosen()
  }
  const tenant = state.tenants.find((t) => t.id === state.tenant)
  return (
    <div class="sidebar tm-sidebar">
      <nav class="tm-rail" aria-label={words.teamsRail}>
        {(['chat', 'teams'] as const).map((key) => {
          const count = unread(key === 'chat' ? chats : channels)
          const label = key === 'chat' ? words.teamsChat : words.teamsTeams
          return (
            <button
              key={key}
              type="button"
              aria-pressed={section === key}
              aria-label={count > 0 ? `${label}, ${words.unread(count)}` : label}
              onClick={() => setSection(key)}
            >
              <Icon name={key === 'chat' ? 'chat' : 'people'} />
              <span>{label}</span>
              {count > 0 && <span class="badge">{count}</span>}
            </button>
          )
        })}
      </nav>
      <nav class="tm-list" aria-label={section === 'chat' ? words.teamsChat : words.teamsTeams}>
        <header>
          <h2>{section === 'chat' ? words.teamsChat : words.teamsTeams}</h2>
          <small>{tenant?.name}</small>
        </header>
        {section === 'chat'
          ? chats.map((c) => (
              <Place
                key={c.id}
                name={c.kind === 'personal' ? state.bot.name : c.name}
                note={
                  c.blocked
                    ? words.teamsBlocked
                    : c.kind === 'personal'
                      ? words.teamsBotTag
                      : words.members(c.members.length)
                }
                conversation={c}
                current={c.id === open}
                picture={c.kind === 'personal' ? <TeamsAvatar app /> : <GroupPicture name={c.name} round />}
                onClick={() => go(c)}
              />
            ))
          : state.teams.map((team) => (
              <section key={team.id} aria-label={team.name}>
                <h3>
                  <GroupPicture name={team.name} size={24} />
                  <span>{team.name}</span>
                  {!team.installed && <span class="tag">{words.teamsNoAppTag}</span>}
                </h3>
                {channels
                  .filter((c) => c.team === team.id)
                  .map((c) => (
                    <Place
                      key={c.id}
                      name={c.name}
                      conversation={c}
                      current={c.id === open}
                      onClick={() => go(c)}
                    />
                  ))}
              </section>
            ))}
      </nav>
    </div>
  )
}

function Place({
  name,
  note,
  conversation,
  current,
  picture,
  onClick,
}: {
  name: string
  note?: string
  conversation: TeamsConversation
  current: boolean
  picture?: preact.ComponentChildren
  onClick: () => void
}) {
  const words = useWords()
  const { unread, isMember } = conversation
  return (
    <button
      type="button"
      class={`tm-place${unread > 0 ? ' unread' : ''}${isMember ? '' : ' faint'}${picture ? '' : ' channel'}`}
      aria-current={current ? 'page' : undefined}
      aria-label={[name, unread > 0 ? words.unread(unread) : undefined].filter(Boolean).join(', ')}
      onClick={onClick}
    >
      {picture}
      <span class="tm-place-words">
        <span class="tm-place-name">{name}</span>
        {note && <small>{note}</small>}
      </span>
      {unread > 0 && <span class="badge">{unread}</span>}
    </button>
  )
}
