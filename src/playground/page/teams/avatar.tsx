import { initials } from '../shell/initials.ts'
import type { TeamsPerson } from './wire.ts'

/** A person's circle, or the app's hexagon; decoration beside a name that is always there. */
export function TeamsAvatar({
  person,
  app = false,
  size = 32,
}: {
  person?: TeamsPerson | undefined
  app?: boolean
  size?: number
}) {
  return (
    <span
      class={`tm-avatar${app ? ' app' : ''}`}
      aria-hidden="true"
      style={{
        '--size': `${size}px`,
        ...(app ? {} : { background: person?.avatarColor ?? 'var(--muted)' }),
      }}
    >
      {app ? (
        <svg viewBox="0 0 20 20" focusable="false">
          <path d="m5 10.500 3.500 3.500 7-8" />
        </svg>
      ) : (
        initials(person?.name ?? '?')
      )}
    </span>
  )
}

/** The square of a team, or the circle of a group chat. */
export function GroupPicture({
  name,
  size = 32,
  round = false,
}: {
  name: string
  size?: number
  round?: boolean
}) {
  return (
    <span class={`tm-group${round ? ' round' : ''}`} aria-hidden="true" style={{ '--size': `${size}px` }}>
      {initials(name)}
    </span>
  )
}
