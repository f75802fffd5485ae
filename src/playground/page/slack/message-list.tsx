import type { ComponentChildren } from 'preact'
import type { Page } from '../picture.ts'
import { useEyes, useNow, usePicture, useSession, useWords } from '../use.ts'
import { useEnd } from '../use-end.ts'
import { dayName } from './dates.ts'
import { MessageView } from './message.tsx'
import { rowsOf } from './messages.ts'

/** The messages of a place, newest at the bottom; it follows new ones unless somebody is reading further up. */
export function MessageList({
  page,
  label,
  empty,
  inThread = false,
}: {
  page: Page | undefined
  label: string
  empty?: ComponentChildren
  inThread?: boolean
}) {
  const words = useWords()
  const session = useSession()
  const { firstNew } = usePicture()
  const eyes = useEyes()
  const now = useNow()
  const { list, inside, onScroll } = useEnd(page?.messages.at(-1)?.ts)
  return (
    <div
      ref={list}
      class="message-list"
      role="log"
      aria-label={label}
      aria-busy={page === undefined}
      // A scrolling region must be reachable with the keyboard.
      tabIndex={0}
      onScroll={onScroll}
    >
      <div ref={inside} class="message-list-inside">
        {page?.hasMore && (
          <button type="button" class="button earlier" onClick={() => void session.loadEarlier()}>
            {words.moreMessages}
          </button>
        )}
        {page && !page.hasMore && empty}
        {page === undefined && <p class="quiet">{words.loading}</p>}
        {rowsOf(page?.messages ?? [], eyes.timeZone, inThread ? undefined : firstNew?.ts).map((row) =>
          row.kind === 'new' ? (
            <div class="day new" key={row.key}>
              <span>{words.newMessages}</span>
            </div>
          ) : row.kind === 'day' ? (
            <div class="day" key={row.key}>
              <span>{dayName(row.at, now, eyes)}</span>
            </div>
          ) : (
            <MessageView key={row.key} message={row.message} head={row.head} inThread={inThread} />
          ),
        )}
      </div>
    </div>
  )
}
