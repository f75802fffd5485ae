import { Avatar } from '../shell/avatar.tsx'
import { Icon } from '../shell/icons.tsx'
import { findPerson, useEyes, useNow, useSession, useWords, useWorld } from '../use.ts'
import type { Message } from '../wire.ts'
import { Blocks, fileUrl } from './blocks/blocks.tsx'
import { SurfaceContext, useNewSurface } from './blocks/surface.ts'
import { Mrkdwn } from './blocks/text.tsx'
import { ago, clockTime, fullTime } from './dates.ts'

/** One message: who, when, what, and the replies under it. */
export function MessageView({
  message,
  head,
  inThread = false,
}: {
  message: Message
  head: boolean
  inThread?: boolean
}) {
  const words = useWords()
  const state = useWorld()
  const session = useSession()
  const eyes = useEyes()
  const now = useNow()
  const surface = useNewSurface({
    where: { message: { channel: message.channel, ts: message.ts } },
    blocks: message.blocks,
    typed: message.typed,
    chosen: message.chosen,
  })
  const author = findPerson(state, message.user)
  const name = author?.realName ?? message.user
  const { replies } = message
  const time = (
    <time dateTime={new Date(message.at).toISOString()} title={fullTime(message.at, eyes)}>
      {clockTime(message.at, eyes)}
    </time>
  )
  return (
    <article
      class={`message${head ? ' with-head' : ''}${message.ephemeral ? ' ephemeral' : ''}`}
      aria-label={`${name}, ${clockTime(message.at, eyes)}`}
      tabIndex={-1}
      data-ts={message.ts}
    >
      <div class="message-gutter">{head ? <Avatar person={author} /> : time}</div>
      <div class="message-body">
        {message.ephemeral && (
          <div class="ephemeral-note">
            <Icon name="eye" /> {words.onlyYou}
            <button
              type="button"
              class="link-button"
              onClick={() => void session.act('dismiss', { channel: message.channel, ts: message.ts })}
            >
              {words.dismiss}
            </button>
          </div>
        )}
        {head && (
          <div class="message-head">
            <span class="message-author">{name}</span>
            {author?.isBot && <span class="tag">{words.appTag}</span>}
            {time}
          </div>
        )}
        <div class="message-content">
          {message.blocks.length > 0 ? (
            <SurfaceContext.Provider value={surface}>
              <Blocks blocks={message.blocks} />
            </SurfaceContext.Provider>
          ) : (
            message.text !== '' && <Mrkdwn text={message.text} />
          )}
          {message.files?.map((file) => (
            <a key={file.id} class="message-file" href={fileUrl(file.id)} download={file.name}>
              <span class="file-name">{file.name}</span>
              <span class="file-size">{Math.max(1, Math.round(file.size / 1024))} KB</span>
            </a>
          ))}
          {message.edited !== undefined && (
            <span class="edited" title={fullTime(message.edited, eyes)}>
              {words.edited}
            </span>
          )}
        </div>
        {replies && replies.count > 0 && !inThread && (
          <button
            type="button"
            class="replies"
            onClick={() => session.openThread(message.channel, message.ts)}
            aria-label={words.replies(replies.count)}
          >
            <span class="replies-faces">
              {replies.users.slice(0, 4).map((user) => (
                <Avatar key={user} person={findPerson(state, user)} size={22} />
              ))}
            </span>
            <b>{words.replies(replies.count)}</b>
            <span class="replies-when">{words.lastReply(ago(Number(replies.latest) * 1000, now, eyes))}</span>
          </button>
        )}
      </div>
      {!message.ephemeral && (
        <div class="message-tools">
          {!inThread && (
            <button
              type="button"
              class="icon-button"
              aria-label={words.replyInThread}
              title={words.replyInThread}
              onClick={() => session.openThread(message.channel, message.thread ?? message.ts)}
            >
              <Icon name="thread" />
            </button>
          )}
          {(message.user === state.me || message.isApp) && (
            <button
              type="button"
              class="icon-button"
              aria-label={words.deleteMessage}
              title={words.deleteMessage}
              onClick={() => void session.act('delete', { channel: message.channel, ts: message.ts })}
            >
              <Icon name="trash" />
            </button>
          )}
        </div>
      )}
    </article>
  )
}
