import { useEffect, useState } from 'preact/hooks'
import { usePicture, useWords, useWorld } from '../use.ts'
import { Middle } from './conversation.tsx'
import { ModalStack } from './modal.tsx'
import { Sidebar } from './sidebar.tsx'
import { ThreadPane } from './thread.tsx'

/** The Slack half of the page: one person's client. */
export function SlackClient() {
  const words = useWords()
  const { thread, switching } = usePicture()
  const { modals, me, workspace } = useWorld()
  const [menu, setMenu] = useState(false)
  useEffect(() => {
    if (!menu) return
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setMenu(false)
    }
    document.addEventListener('keydown', close)
    return () => document.removeEventListener('keydown', close)
  }, [menu])
  return (
    <main
      class={`client${menu ? ' menu-open' : ''}${thread ? ' thread-open' : ''}`}
      aria-label={words.slack}
      aria-busy={switching}
    >
      {/* What lies under a dialog is not to be reached; the playground's own controls around it are. */}
      <div
        class="client-ground"
        inert={modals.length > 0}
        aria-hidden={modals.length > 0}
        key={`${workspace} ${me}`}
      >
        <Sidebar onChosen={() => setMenu(false)} />
        {menu && (
          <button
            type="button"
            class="veil"
            aria-hidden="true"
            tabIndex={-1}
            onClick={() => setMenu(false)}
          />
        )}
        <Middle onMenu={() => setMenu(!menu)} />
        <ThreadPane />
      </div>
      <ModalStack />
    </main>
  )
}
