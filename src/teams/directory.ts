import type { Directory, Log } from '../ports.ts'
import { connectorErrorName, statusOf } from './failure.ts'
import type { Post } from './post.ts'
import type { References } from './references.ts'

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

export interface Roster extends Directory {
  /** The conversation somebody was last seen in: there the roster can be asked for them. */
  seen(tenant: string, user: string, conversation: string): void
}

/** Who Teams says a user is, from the roster of a conversation they are in. Read when a person is linked (B5.10). */
export function createDirectory(parts: {
  readonly post: Post
  readonly references: References
  readonly log: Log
}): Roster {
  const { post, references, log } = parts
  const places = new Map<string, string>()
  return {
    platform: 'teams',
    seen(tenant, user, conversation) {
      if (places.size > 20_000) places.clear()
      places.set(`${tenant} ${user}`, conversation)
    },
    async profile(tenant, user) {
      try {
        const at = places.get(`${tenant} ${user}`) ?? (await references.personal(tenant, user))?.conversation
        if (!at) return undefined
        const found = await post.member(tenant, at, user)
        const email = text(found.email)
        const upn = text(found.userPrincipalName)
        const role = text(found.userRole)
        const guest = role === 'guest' || role === 'anonymous' || upn?.includes('#EXT#')
        const ofThisTenant = text(found.tenantId) === undefined || found.tenantId === tenant
        const isThem = (text(found.aadObjectId) ?? text(found.objectId) ?? user) === user
        return {
          ...(email ? { email } : {}),
          name: text(found.name) ?? user,
          member: isThem && ofThisTenant && !guest,
        }
      } catch (error) {
        log.warn(
          { tenant, user, error: connectorErrorName(error) ?? statusOf(error) ?? String(error) },
          'teams profile not read',
        )
        return undefined
      }
    },
  }
}
