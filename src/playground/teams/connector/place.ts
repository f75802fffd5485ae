import type { Core } from '../core.ts'
import { placeOf } from '../ids.ts'
import { type Conversation, installedIn, type Team, type Tenant } from '../world.ts'
import type { RefusalCode } from './refusal.ts'

/** A conversation (a team's id is that of its General channel), or a post of a channel. */
export interface Found {
  readonly tenant: Tenant
  readonly conversation: Conversation
  readonly root?: string
  readonly team?: Team
}

export function findPlace(core: Core, id: string): Found | undefined {
  const { conversation: name, root } = placeOf(id)
  for (const tenant of Object.values(core.world.tenants)) {
    const conversation = tenant.conversations[name]
    if (!conversation) continue
    if (root !== undefined && !conversation.messages.some((message) => message.id === root)) return undefined
    const team = conversation.team === undefined ? undefined : tenant.teams[conversation.team]
    return { tenant, conversation, ...(root === undefined ? {} : { root }), ...(team ? { team } : {}) }
  }
  return undefined
}

/** Why the app may not write here, if it may not (B5.50, B5.51). */
export function writeObstacle({ tenant, conversation }: Found): RefusalCode | undefined {
  if (!installedIn(tenant, conversation)) return 'BotNotInConversationRoster'
  if (conversation.blocked) return 'ConversationBlockedByUser'
  if (conversation.kind === 'personal' && tenant.users[conversation.members[0]!]?.deleted === true)
    return 'MessageWritesBlocked'
  return undefined
}
