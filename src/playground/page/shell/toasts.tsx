import { usePicture, useSession, useWords } from '../use.ts'
import { Icon } from './icons.tsx'

/** What Slack itself tells the person, for a few seconds. */
export function Toasts() {
  const words = useWords()
  const session = useSession()
  const { toasts } = usePicture()
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} class={`toast ${toast.kind}`} data-testid="toast">
          <Icon name={toast.kind === 'error' ? 'warn' : 'info'} />
          <span>{toast.text}</span>
          <button
            type="button"
            class="icon-button"
            aria-label={words.dismiss}
            onClick={() => session.hush(toast.id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  )
}
