import { randomBytes } from 'node:crypto'
import { channelIdOf, chatIdOf, groupChatIdOf, guidOf, personalChatId } from './ids.ts'
import type { AppRegistration, Conversation, Tenant, User, World } from './world.ts'

/** People, teams and chats to put into a tenant. Ids given here are kept; others are made from names. */
export interface TenantSeed {
  /** A GUID, lower case. */
  readonly id: string
  readonly name: string
  readonly domain?: string
  readonly users: readonly TeamsUserSeed[]
  readonly teams?: readonly TeamSeed[]
  readonly groupChats?: readonly {
    readonly id?: string
    readonly name: string
    readonly members: readonly string[]
    readonly installed?: boolean
  }[]
}

export interface TeamsUserSeed {
  /** The Entra object id. */
  readonly id: string
  readonly name: string
  /** Their id in the product. */
  readonly person?: string
  readonly title?: string
  readonly email?: string
  readonly roles?: readonly string[]
  readonly colour?: string
  readonly locale?: 'ko-KR' | 'en-US'
  readonly tz?: string
  readonly isAdmin?: boolean
  readonly isGuest?: boolean
  readonly deleted?: boolean
  /** The app is in their personal chat; true when left out. */
  readonly installed?: boolean
}

export interface TeamSeed {
  readonly name: string
  readonly members: readonly string[]
  readonly installed?: boolean
  /** The first is its General channel, whose id is the team's. */
  readonly channels: readonly { readonly id?: string; readonly name: string }[]
}

/** An app as it is registered before any tenant installed it. */
export const newApp = (given: Partial<AppRegistration>): AppRegistration => ({
  id: guidOf('the app of the local Teams'),
  name: 'Dealdesk',
  password: randomBytes(20).toString('base64url'),
  commands: [],
  ...given,
})

export const newWorld = (app: AppRegistration): World => ({
  version: 1,
  app,
  tenants: {},
  counters: { id: 0, lastActivity: 0 },
})

/**
 * Brings a tenant up to its seed: what the seed names is made or renamed, what is there besides (conversations,
 * messages, further people) stays.
 */
export function plant(world: World, seed: TenantSeed, now: number): Tenant {
  const tenant = world.tenants[seed.id] ?? {
    id: seed.id,
    name: seed.name,
    domain: seed.domain ?? 'local.example',
    users: {},
    teams: {},
    conversations: {},
    dialogs: {},
  }
  world.tenants[tenant.id] = tenant
  tenant.name = seed.name
  for (const user of seed.users) plantUser(world, tenant, user, now)
  for (const team of seed.teams ?? []) plantTeam(tenant, team, now)
  for (const chat of seed.groupChats ?? []) {
    const id = chat.id ?? groupChatIdOf(`${tenant.id}/${chat.name}`)
    const made = { id, kind: 'groupChat', name: chat.name, installed: chat.installed ?? true } as const
    addMembers(plantConversation(tenant, made, now).members, chat.members)
  }
  return tenant
}

export function plantUser(world: World, tenant: Tenant, seed: TeamsUserSeed, now: number): User {
  const known = tenant.users[seed.id]
  const user: User = {
    id: seed.id,
    chatId: chatIdOf(world.app.id, seed.id),
    ...(seed.person === undefined ? {} : { person: seed.person }),
    name: seed.name,
    ...(seed.title === undefined ? {} : { title: seed.title }),
    ...(seed.email === undefined ? {} : { email: seed.email }),
    userPrincipalName: seed.email ?? `${seed.id.slice(0, 8)}@${tenant.domain}`,
    ...(seed.roles === undefined ? {} : { roles: [...seed.roles] }),
    ...(seed.colour === undefined ? {} : { colour: seed.colour }),
    isAdmin: seed.isAdmin ?? false,
    isGuest: seed.isGuest ?? false,
    // What somebody changed in the client outlives a restart.
    deleted: known?.deleted ?? seed.deleted ?? false,
    locale: known?.locale ?? seed.locale ?? 'en-US',
    tz: seed.tz ?? 'Asia/Seoul',
  }
  tenant.users[user.id] = user
  personalChat(world, tenant, user, now, seed.installed ?? !user.isGuest)
  return user
}

/** The chat of somebody with the app, made when there was none. */
export function personalChat(
  world: World,
  tenant: Tenant,
  user: User,
  now: number,
  installed: boolean,
): Conversation {
  const id = personalChatId(world.app.id, tenant.id, user.id)
  const chat = plantConversation(tenant, { id, kind: 'personal', name: world.app.name, installed }, now)
  addMembers(chat.members, [user.id])
  return chat
}

function plantTeam(tenant: Tenant, seed: TeamSeed, now: number): void {
  const idOf = (channel: TeamSeed['channels'][number]) =>
    channel.id ?? channelIdOf(`${tenant.id}/${seed.name}/${channel.name}`)
  const general = seed.channels[0]
  if (!general) throw new Error(`The team ${seed.name} has no channel`)
  const id = idOf(general)
  const team = tenant.teams[id] ?? {
    id,
    aadGroupId: guidOf(`group/${id}`),
    name: seed.name,
    members: [],
    installed: seed.installed ?? true,
  }
  tenant.teams[id] = team
  team.name = seed.name
  addMembers(team.members, seed.members)
  for (const channel of seed.channels)
    plantConversation(tenant, { id: idOf(channel), kind: 'channel', name: channel.name, team: id }, now)
}

const addMembers = (to: string[], members: readonly string[]): void => {
  for (const member of members) if (!to.includes(member)) to.push(member)
}

function plantConversation(
  tenant: Tenant,
  made: Pick<Conversation, 'id' | 'kind' | 'name'> & Partial<Pick<Conversation, 'team' | 'installed'>>,
  now: number,
): Conversation {
  const known = tenant.conversations[made.id]
  if (known) {
    known.name = made.name
    return known
  }
  const conversation: Conversation = {
    members: [],
    installed: false,
    blocked: false,
    created: now,
    messages: [],
    read: {},
    ...made,
  }
  tenant.conversations[made.id] = conversation
  return conversation
}
