import { botChatId, findUser, installedIn, membersOf, type User } from '../world.ts'
import type { Call } from './index.ts'
import type { Found } from './place.ts'
import { type Answer, refuse } from './refusal.ts'

/** A member as the roster shows them. */
function account(user: User, tenant: string) {
  const [given, ...rest] = user.name.split(' ')
  return {
    id: user.chatId,
    name: user.name,
    objectId: user.id,
    aadObjectId: user.id,
    givenName: given,
    surname: rest.join(' '),
    ...(user.email === undefined ? {} : { email: user.email }),
    userPrincipalName: user.userPrincipalName,
    tenantId: tenant,
    userRole: user.isGuest ? 'guest' : 'user',
  }
}

function roster({ tenant, conversation }: Found): User[] {
  return membersOf(tenant, conversation).flatMap((id) => {
    const user = tenant.users[id]
    return user && !user.deleted ? [user] : []
  })
}

const notThere = ({ tenant, conversation }: Found): boolean => !installedIn(tenant, conversation)

export function getMembers(_call: Call, place: Found): Answer {
  if (notThere(place)) return refuse('BotNotInConversationRoster')
  return { status: 200, body: roster(place).map((user) => account(user, place.tenant.id)) }
}

export function getPagedMembers({ query }: Call, place: Found): Answer {
  if (notThere(place)) return refuse('BotNotInConversationRoster')
  const members = roster(place)
  const from = Number(Buffer.from(query.get('continuationToken') ?? '', 'base64url').toString()) || 0
  // Teams takes 50 to 500 a page, whatever is asked for.
  const size = Math.min(Math.max(Number(query.get('pageSize') ?? 200) || 200, 50), 500)
  const next = from + size
  return {
    status: 200,
    body: {
      ...(next < members.length
        ? { continuationToken: Buffer.from(String(next)).toString('base64url') }
        : {}),
      members: members.slice(from, next).map((user) => account(user, place.tenant.id)),
    },
  }
}

export function getMember({ core, ids }: Call, place: Found): Answer {
  if (notThere(place)) return refuse('BotNotInConversationRoster')
  const wanted = ids[1] ?? ''
  const user = findUser(place.tenant, wanted)
  if (wanted === botChatId(core.world) || !user || !roster(place).includes(user))
    return refuse('MemberNotFoundInConversation')
  return { status: 200, body: account(user, place.tenant.id) }
}

export function getTeam(_call: Call, place: Found): Answer {
  const { team, tenant } = place
  if (!team) return refuse('NotFound')
  if (notThere(place)) return refuse('BotNotInConversationRoster')
  const { id, name, aadGroupId } = team
  return {
    status: 200,
    body: {
      id,
      name,
      aadGroupId,
      channelCount: channelsOf(place).length,
      memberCount: team.members.filter((member) => tenant.users[member]?.deleted === false).length,
    },
  }
}

const channelsOf = ({ tenant, team }: Found) =>
  Object.values(tenant.conversations).filter((one) => one.team !== undefined && one.team === team?.id)

export function getTeamChannels(_call: Call, place: Found): Answer {
  if (!place.team) return refuse('NotFound')
  if (notThere(place)) return refuse('BotNotInConversationRoster')
  return {
    status: 200,
    body: {
      // The General channel comes without a name, so that clients can translate it.
      conversations: channelsOf(place).map(({ id, name }) => (id === place.team?.id ? { id } : { id, name })),
    },
  }
}
