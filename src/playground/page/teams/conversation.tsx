import { Icon } from '../shell/icons.tsx'
import { useWords } from '../use.ts'
import { GroupPicture, TeamsAvatar } from './avatar.tsx'
import { TeamsComposer } from './composer.tsx'
import { MessageList } from './message-list.tsx'
import { useTeams, useTeamsWorld } from './use.ts'
import type { TeamsConversation } from './wire.ts'

/** The open chat or channel: who and where, what was said, and where to write. */
export function Conversing({ onMenu }: { onMenu: () => void }) {
  const words = useWords()
  const state = useTeamsWorld()
  const teams = useTeams()
  const open = teams.conversation
  const unread = state.conversations.some((c) => c.unread > 0 && c.id !== open?.id)
  const team = state.teams.find((t) => t.id === open?.team)
  const place = !open ? state.bot.name : open.kind === 'personal' ? state.bot.name : open.name
  return (
    <section class="middle tm-middle" aria-label={place}>
      <header class="tm-head">
        <button type="button" class="icon-button menu-button" aria-label={words.teamsMenu} onClick={onMenu}>
          <Icon name="menu" />
          {unread && <span class="dot" />}
        </button>
        {open?.kind === 'channel' ? (
          <GroupPicture name={team?.name ?? place} />
        ) : open?.kind === 'groupChat' ? (
          <GroupPicture name={place} round />
        ) : (
          <TeamsAvatar app />
        )}
        <h2>
          {place}
          {open?.kind === 'channel' && <small>{team?.name}</small>}
        </h2>
        {open && open.kind !== 'personal' && (
          <span class="tm-members">
            <Icon name="people" />
            <span>{words.members(open.members.length)}</span>
          </span>
        )}
      </header>
      {open ? <Open conversation={open} place={place} /> : <p class="quiet">{words.loading}</p>}
    </section>
  )
}

function Open({ conversation, place }: { conversation: TeamsConversation; place: string }) {
  const words = useWords()
  const state = useTeamsWorld()
  const app = state.bot.name
  return (
    <div class="conversing">
      <Standing conversation={conversation} />
      <MessageList
        key={`${state.me} ${conversation.id}`}
        conversation={conversation}
        label={words.messageList(place)}
      />
      {conversation.isMember && !conversation.blocked && (
        <TeamsComposer
          key={conversation.id}
          conversation={conversation}
          label={conversation.kind === 'channel' ? words.teamsPost(place) : words.teamsCompose(place)}
          hint={
            conversation.kind === 'personal' || !conversation.installed
              ? undefined
              : words.teamsMentionHint(app)
          }
        />
      )}
    </div>
  )
}

/** What keeps the app out of this place, with the way to let it in. */
function Standing({ conversation }: { conversation: TeamsConversation }) {
  const words = useWords()
  const state = useTeamsWorld()
  const teams = useTeams()
  const app = state.bot.name
  const where = conversation.team ? { team: conversation.team } : { conversation: conversation.id }
  if (conversation.blocked)
    return (
      <div class="bar warn" role="status">
        <span>{words.teamsBlockedNote(app)}</span>
        <button type="button" class="button" onClick={() => void teams.act('unblock')}>
          {words.teamsUnblock}
        </button>
      </div>
    )
  if (!conversation.isMember)
    return (
      <div class="bar" role="status">
        <span>{conversation.kind === 'channel' ? words.teamsNotMember : words.teamsNotInChat}</span>
        <button type="button" class="button" onClick={() => void teams.act('join', where)}>
          {words.teamsJoin}
        </button>
      </div>
    )
  if (conversation.installed) return null
  return (
    <div class="bar warn" role="status">
      <span>{words.teamsNoApp(app)}</span>
      <button type="button" class="button" onClick={() => void teams.act('install', where)}>
        {words.addApp(app)}
      </button>
    </div>
  )
}
