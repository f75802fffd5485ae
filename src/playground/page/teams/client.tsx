import { useEffect, useState } from 'preact/hooks'
import { useWords } from '../use.ts'
import { Conversing } from './conversation.tsx'
import { DialogView } from './dialog.tsx'
import { Sidebar } from './sidebar.tsx'
import { useTeamsPicture } from './use.ts'
import '../style/teams.css'
import '../style/teams-messages.css'

/** The Teams half of the page: one person's client. */
export function TeamsClient({ name }: { name: string }) {
  const words = useWords()
  const { state, absent, connection } = useTeamsPicture()
  const [menu, setMenu] = useState(false)
  useEffect(() => {
    if (!menu) return
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setMenu(false)
    }
    document.addEventListener('keydown', close)
    return () => document.removeEventListener('keydown', close)
  }, [menu])
  const dialog = state?.dialog ?? null
  return (
    <main
      class={`client tm${menu ? ' menu-open' : ''}`}
      aria-label={words.teams}
      aria-busy={connection === 'connecting'}
    >
      {!state ? (
        <p class="quiet">{words.loading}</p>
      ) : absent ? (
        <div class="empty">
          <h3>{words.teamsAbsent(name)}</h3>
          <p>{words.teamsAbsentHint}</p>
        </div>
      ) : (
        <>
          {/* What lies under a dialog is not to be reached. */}
          <div
            class="client-ground tm-ground"
            inert={dialog !== null}
            aria-hidden={dialog !== null}
            key={`${state.tenant} ${state.me}`}
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
            <Conversing onMenu={() => setMenu(!menu)} />
          </div>
          {dialog && <DialogView key={dialog.id} dialog={dialog} />}
        </>
      )}
    </main>
  )
}
