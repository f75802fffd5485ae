import { Icon } from '../shell/icons.tsx'
import { usePicture, useSession, useWords, useWorld } from '../use.ts'
import { Composer } from './composer.tsx'
import { MessageList } from './message-list.tsx'

/** The pane of one thread. */
export function ThreadPane() {
  const words = useWords()
  const session = useSession()
  const state = useWorld()
  const { thread } = usePicture()
  if (!thread) return null
  const channel = state.conversations.find((c) => c.id === thread.channel)
  return (
    <section class="thread" aria-label={words.thread}>
      <header class="pane-head">
        <h2>
          {words.thread}{' '}
          <small>{channel && (channel.kind === 'dm' ? channel.name : `#${channel.name}`)}</small>
        </h2>
        <button
          type="button"
          class="icon-button"
          aria-label={words.closeThread}
          onClick={() => session.closeThread()}
        >
          <Icon name="close" />
        </button>
      </header>
      <MessageList page={session.threadPage()} label={words.thread} inThread />
      {!channel?.archived && <Composer channel={thread.channel} thread={thread.ts} label={words.replyTo} />}
    </section>
  )
}
