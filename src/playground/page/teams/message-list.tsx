import { dayName, dayOf } from '../slack/dates.ts'
import { useWords } from '../use.ts'
import { useEnd } from '../use-end.ts'
import { TeamsAvatar } from './avatar.tsx'
import { draftInTeams } from './drafts.ts'
import { MessageView } from './message.tsx'
import { teamsRowsOf } from './picture.ts'
import { PostView } from './post.tsx'
import { useTeams, useTeamsEyes, useTeamsPicture, useTeamsWorld } from './use.ts'
import type { TeamsConversation } from './wire.ts'

/** What was said in a place, newest at the bottom; it follows new messages unless somebody reads further up. */
export function MessageList({ conversation, label }: { conversation: TeamsConversation; label: string }) {
  const words = useWords()
  const state = useTeamsWorld()
  const teams = useTeams()
  const eyes = useTeamsEyes()
  const { pages } = useTeamsPicture()
  const page = pages[conversation.id]
  const { list, inside, onScroll } = useEnd(page?.messages.at(-1)?.id)
  const isChannel = conversation.kind === 'channel'
  const now = state.clock.now
  return (
    <div
      ref={list}
      class="message-list tm-messages"
      role="log"
      aria-label={label}
      aria-busy={page === undefined}
      data-person={state.me}
      // A scrolling region must be reachable with the keyboard.
      tabIndex={0}
      onScroll={onScroll}
    >
      <div ref={inside} class="message-list-inside">
        {page?.hasMore && (
          <button type="button" class="button earlier" onClick={() => void teams.loadEarlier()}>
            {words.moreMessages}
          </button>
        )}
        {page === undefined && <p class="quiet">{words.loading}</p>}
        {page && !page.hasMore && page.messages.length === 0 && <Beginning conversation={conversation} />}
        {teamsRowsOf(page?.messages ?? [], (at) => dayOf(at, eyes.timeZone)).map((row) =>
          row.kind === 'day' ? (
            <div class="tm-day" key={row.key}>
              <span>{dayName(row.at, now, eyes)}</span>
            </div>
          ) : isChannel ? (
            <PostView key={row.key} message={row.message} conversation={conversation} />
          ) : (
            <MessageView key={row.key} message={row.message} head={row.head} />
          ),
        )}
      </div>
    </div>
  )
}

function Beginning({ conversation }: { conversation: TeamsConversation }) {
  const words = useWords()
  const state = useTeamsWorld()
  const personal = conversation.kind === 'personal'
  return (
    <div class="beginning tm-beginning">
      {personal && <TeamsAvatar app size={56} />}
      <h3>{personal ? words.emptyApp(state.bot.name) : words.teamsEmpty(conversation.name)}</h3>
      <p>{personal ? words.emptyAppHint : words.teamsMentionHint(state.bot.name)}</p>
      {personal && (
        <ul class="beginning-commands" aria-label={words.teamsCommands}>
          {state.commands.map((command) => (
            <li key={command.title}>
              <button type="button" onClick={() => draftInTeams(command.title)}>
                <b>{command.title}</b>
                <small>{command.description}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
