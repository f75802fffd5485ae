import type { Person } from '../wire.ts'
import { initials } from './initials.ts'

/** A person's square: initials on their colour. Decoration beside a name that is always there. */
export function Avatar({ person, size = 36 }: { person: Person | undefined; size?: number }) {
  return (
    <span
      class={`avatar${person?.isBot ? ' avatar-app' : ''}`}
      aria-hidden="true"
      style={{
        '--size': `${size}px`,
        background: person?.avatarColor ?? 'var(--muted)',
      }}
    >
      {person?.isBot ? (
        <svg viewBox="0 0 20 20" focusable="false">
          <path d="M4 11.500 8 15.500 16.500 5.500M10.500 15.500l.500.500 7-8.500" />
        </svg>
      ) : (
        initials(person?.realName ?? '?')
      )}
    </span>
  )
}

/** The same square for somebody who may not be in Slack. */
export function Face({ name, color, size }: { name: string; color: string | undefined; size: number }) {
  return (
    <span
      class="avatar"
      aria-hidden="true"
      style={{ '--size': `${size}px`, background: color ?? 'var(--muted)' }}
    >
      {initials(name)}
    </span>
  )
}
