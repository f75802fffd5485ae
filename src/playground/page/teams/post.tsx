import { useState } from 'preact/hooks'
import { Icon } from '../shell/icons.tsx'
import { clockTime } from '../slack/dates.ts'
import { useWords } from '../use.ts'
import { TeamsAvatar } from './avatar.tsx'
import { TeamsComposer } from './composer.tsx'
import { Body, Stamp, Tools, useAuthor } from './message.tsx'
import { useTeams, useTeamsEyes, useTeamsPicture } from './use.ts'
import type { TeamsConversation, TeamsMessage } from './wire.ts'

/** A post of a channel with the replies under it. */
export function PostView({
  message,
  conversation,
}: {
  message: TeamsMessage
  conversation: TeamsConversation
}) {
  const words = useWords()
  const teams = useTeams()
  const { unfolded } = useTeamsPicture()
  const [replying, setReplying] = useState(false)
  const open = unfolded.includes(message.id)
  const replies = open
    ? (teams.postPage(conversation.id, message.id)?.messages ?? []).filter((m) => m.id !== message.id)
    : []
  const count = message.replies?.count ?? 0
  return (
    <div class="tm-post">
      <Said message={message} />
      {count > 0 && (
        <button
          type="button"
          class="tm-replies"
          aria-expanded={open}
          onClick={() => teams.unfold(conversation.id, message.id)}
        >
          <Icon name="chevron" />
          {open ? words.teamsFoldReplies : words.teamsReplies(count)}
        </button>
      )}
      {replies.map((reply) => (
        <Said key={reply.id} message={reply} isReply />
      ))}
      {conversation.isMember &&
        (replying ? (
          <TeamsComposer
            conversation={conversation}
            root={message.id}
            label={words.replyTo}
            onSent={() => {
              if (!open) teams.unfold(conversation.id, message.id)
            }}
          />
        ) : (
          <button type="button" class="tm-reply" onClick={() => setReplying(true)}>
            <Icon name="reply" />
            {words.teamsReply}
          </button>
        ))}
    </div>
  )
}

function Said({ message, isReply = false }: { message: TeamsMessage; isReply?: boolean }) {
  const eyes = useTeamsEyes()
  const { person, name, me } = useAuthor(message)
  return (
    <article
      class={`tm-said${isReply ? ' tm-said-reply' : ''}`}
      aria-label={`${name}, ${clockTime(message.at, eyes)}`}
      tabIndex={-1}
      data-id={message.id}
    >
      <TeamsAvatar person={person} app={message.isApp} size={isReply ? 24 : 32} />
      <div class="tm-said-body">
        <div class="tm-message-head">
          <span class="tm-author">{name}</span>
          <Stamp message={message} />
        </div>
        <Body message={message} />
      </div>
      <Tools message={message} me={me} />
    </article>
  )
}
