import { useRef, useState } from 'preact/hooks'
import { Icon } from '../shell/icons.tsx'
import { clockTime, fullTime } from '../slack/dates.ts'
import { useOutside, useWords } from '../use.ts'
import { TeamsAvatar } from './avatar.tsx'
import { CardView } from './cards/card.tsx'
import { htmlOfMessage } from './rich-text.ts'
import { findTeamsPerson, useTeams, useTeamsEyes, useTeamsWorld } from './use.ts'
import type { TeamsMessage } from './wire.ts'

/** Who wrote a message, as far as this tenant knows. */
export function useAuthor(message: TeamsMessage) {
  const state = useTeamsWorld()
  const person = message.isApp ? undefined : findTeamsPerson(state, message.from)
  return {
    person,
    name: message.isApp ? state.bot.name : (person?.name ?? message.from),
    me: person?.id === state.me,
  }
}

/** When, and whether it was changed since. */
export function Stamp({ message }: { message: TeamsMessage }) {
  const words = useWords()
  const eyes = useTeamsEyes()
  return (
    <>
      <time dateTime={new Date(message.at).toISOString()} title={fullTime(message.at, eyes)}>
        {clockTime(message.at, eyes)}
      </time>
      {message.edited !== undefined && !message.deleted && (
        <span class="tm-edited" title={fullTime(message.edited, eyes)}>
          {words.teamsEdited}
        </span>
      )}
    </>
  )
}

/** What a message says: words, then cards. */
export function Body({ message }: { message: TeamsMessage }) {
  const words = useWords()
  if (message.deleted) return <p class="tm-deleted">{words.teamsDeleted}</p>
  return (
    <>
      {message.text !== '' && (
        <div
          class="tm-text"
          // Escaped, or made from markdown without HTML: rich-text.ts.
          dangerouslySetInnerHTML={{ __html: htmlOfMessage(message) }}
        />
      )}
      {message.cards.map((card, index) => (
        <div class="tm-card-place" key={index}>
          {card.own && (
            <p class="tm-own">
              <Icon name="eye" /> {words.teamsOwnView}
            </p>
          )}
          <CardView
            content={card.content}
            where={{ message: { conversation: message.conversation, id: message.id, card: index } }}
            typed={card.typed}
            busy={card.busy}
            label={message.summary ?? words.teamsCard}
          />
          {card.error && (
            <p class="tm-card-error" role="alert">
              <Icon name="warn" /> {card.error}
            </p>
          )}
        </div>
      ))}
    </>
  )
}

/** The tools of a message: refresh its cards, edit, delete. */
export function Tools({ message, me }: { message: TeamsMessage; me: boolean }) {
  const words = useWords()
  const teams = useTeams()
  const [open, setOpen] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  useOutside(frame, open, () => setOpen(false))
  const mayDelete = me || (message.isApp && teams.conversation?.kind === 'personal')
  const refreshes = message.cards.some((card) => card.content.refresh !== undefined || card.own)
  const tools: [string, string][] = [
    ...(refreshes && !message.deleted ? [['refresh', words.teamsRefresh] as [string, string]] : []),
    ...(mayDelete && !message.deleted ? [['delete', words.deleteMessage] as [string, string]] : []),
    ...(mayDelete && message.deleted ? [['undelete', words.teamsUndelete] as [string, string]] : []),
  ]
  if (tools.length === 0) return null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the menu inside
    <div
      class={`tm-tools${open ? ' open' : ''}`}
      ref={frame}
      onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
    >
      <button
        type="button"
        class="icon-button"
        aria-label={words.moreActions}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="dots" />
      </button>
      {open && (
        <div role="menu" class="tm-menu" aria-label={words.moreActions}>
          {tools.map(([what, label]) => (
            <button
              key={what}
              type="button"
              role="menuitem"
              onClick={() => {
                setOpen(false)
                void teams.act(what, { conversation: message.conversation, id: message.id })
              }}
            >
              {label}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

/** One message of a chat: mine on the right, the others' on the left. */
export function MessageView({ message, head }: { message: TeamsMessage; head: boolean }) {
  const eyes = useTeamsEyes()
  const { person, name, me } = useAuthor(message)
  return (
    <article
      class={`tm-message${me ? ' mine' : ''}${head ? ' with-head' : ''}${message.cards.length > 0 ? ' with-card' : ''}`}
      aria-label={`${name}, ${clockTime(message.at, eyes)}`}
      tabIndex={-1}
      data-id={message.id}
    >
      {!me && <div class="tm-gutter">{head && <TeamsAvatar person={person} app={message.isApp} />}</div>}
      <div class="tm-bubble-place">
        {head && (
          <div class="tm-message-head">
            {!me && <span class="tm-author">{name}</span>}
            <Stamp message={message} />
          </div>
        )}
        <div class="tm-bubble">
          <Body message={message} />
          {!head && message.edited !== undefined && !message.deleted && <Edited />}
        </div>
      </div>
      <Tools message={message} me={me} />
    </article>
  )
}

function Edited() {
  const words = useWords()
  return <span class="tm-edited">{words.teamsEdited}</span>
}
