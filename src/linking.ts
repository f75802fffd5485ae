import type { Org } from './canon/people.ts'
import type { Gesture } from './gesture.ts'
import type { Clock, Directory, Store } from './ports.ts'

/**
 * Ties a chat user to a person, once (B5.10): the platform's own profile e-mail of a full member of the
 * bound workspace must equal that of exactly one active person who has no identity there yet. Never by
 * display name, never by anything typed, never at a click on a decision. Anything else needs an administrator.
 */
export interface Linking {
  /** The person now linked, or `undefined`. Only for gestures that decide nothing. */
  link(gesture: Gesture, org: Org): Promise<string | undefined>
}

const mayLinkAt: ReadonlySet<Gesture['kind']> = new Set(['command', 'home', 'message'])

export function createLinking(parts: {
  readonly store: Store
  readonly clock: Clock
  readonly directories: () => readonly Directory[]
}): Linking {
  const { store, clock } = parts
  return {
    async link(gesture, org) {
      if (!mayLinkAt.has(gesture.kind)) return undefined
      const directory = parts.directories().find((d) => d.platform === gesture.platform)
      const profile = await directory?.profile(gesture.tenant, gesture.user)
      const email = profile?.email?.trim().toLowerCase()
      if (!profile?.member || !email) return undefined
      const matches = [...org.people.values()].filter(
        (p) => p.active && p.email?.trim().toLowerCase() === email,
      )
      const person = matches[0]
      if (!person || matches.length > 1) return undefined
      const company = org.company.id
      const identities = await store.identitiesOf(company, person.id)
      if (identities.some((i) => i.platform === gesture.platform && i.tenant === gesture.tenant))
        return undefined
      const commit = await store.commit({
        company,
        save: [
          {
            noun: 'identity',
            platform: gesture.platform,
            tenant: gesture.tenant,
            user: gesture.user,
            person: person.id,
          },
        ],
        audit: [
          {
            at: clock.now(),
            what: 'person.linked',
            by: person.id,
            platform: gesture.platform,
            subject: { noun: 'person', id: person.id },
            detail: { how: 'profile e-mail', tenant: gesture.tenant, user: gesture.user },
          },
        ],
        deliveries: [],
      })
      return commit.outcome === 'committed' ? person.id : undefined
    },
  }
}
