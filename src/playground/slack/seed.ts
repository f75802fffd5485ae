import { freshId, freshToken, secret } from './ids.ts'
import type { AppRegistration, Channel, User, Workspace, World } from './world.ts'

/** People and channels to put into a workspace. Ids given here are kept; others are made. */
export interface WorkspaceSeed {
  readonly id: string
  readonly name: string
  readonly domain?: string
  readonly enterprise?: string
  readonly botToken?: string
  /** What was granted; the manifest's when left out. */
  readonly scopes?: readonly string[]
  readonly installed?: boolean
  readonly users: readonly UserSeed[]
  readonly channels?: readonly ChannelSeed[]
}

export interface UserSeed {
  readonly id: string
  readonly realName: string
  readonly name?: string
  readonly title?: string
  readonly email?: string
  /** Their id in the product. */
  readonly person?: string
  readonly roles?: readonly string[]
  /** The `person` of who they report to. */
  readonly manager?: string
  readonly colour?: string
  readonly locale?: 'ko-KR' | 'en-US'
  readonly tz?: string
  readonly isAdmin?: boolean
  readonly isGuest?: boolean
  readonly isStranger?: boolean
  readonly isBot?: boolean
  readonly deleted?: boolean
}

export interface ChannelSeed {
  readonly id: string
  readonly name: string
  readonly topic?: string
  readonly private?: boolean
  /** User ids; `bot` stands for the app. */
  readonly members: readonly string[]
}

const everyScope = [
  'commands',
  'chat:write',
  'chat:write.public',
  'channels:read',
  'channels:history',
  'channels:join',
  'groups:read',
  'files:write',
  'files:read',
  'groups:history',
  'im:read',
  'im:write',
  'im:history',
  'users:read',
  'users:read.email',
  'users.profile:read',
  'team:read',
  'app_mentions:read',
]

const everyEvent = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'tokens_revoked',
  'message.im',
  'message.channels',
  'message.groups',
  'user_change',
  'team_join',
  'channel_archive',
  'channel_unarchive',
  'channel_deleted',
  'group_deleted',
  'group_archive',
  'group_unarchive',
  'channel_left',
  'member_joined_channel',
  'member_left_channel',
]

/** An app as it stands at Slack before any company installed it. */
export const newApp = (given: Partial<AppRegistration>): AppRegistration => ({
  id: 'A0DEALDESK',
  name: 'Dealdesk',
  clientId: '1000.2000',
  clientSecret: secret(),
  signingSecret: secret(),
  appToken: `xapp-1-A0DEALDESK-${secret()}`,
  commands: [],
  scopes: everyScope,
  events: everyEvent,
  ...given,
})

export const newWorld = (app: AppRegistration): World => ({
  version: 1,
  app,
  workspaces: {},
  counters: { id: 0, lastTs: '0000000000.000000' },
})

/**
 * Brings a workspace up to its seed: what the seed names is made or renamed, what is there besides
 * (conversations, messages, further people) stays.
 */
export function plant(world: World, seed: WorkspaceSeed, now: number): Workspace {
  const known = world.workspaces[seed.id]
  const workspace = known ?? newWorkspace(world, seed)
  workspace.name = seed.name
  world.workspaces[seed.id] = workspace
  for (const user of seed.users) plantUser(workspace, user)
  for (const channel of seed.channels ?? []) plantChannel(workspace, channel, now)
  return workspace
}

function newWorkspace(world: World, seed: WorkspaceSeed): Workspace {
  const botUser = freshId(world, 'U')
  const handle = world.app.name.toLowerCase()
  return {
    id: seed.id,
    name: seed.name,
    domain: seed.domain ?? seed.id.toLowerCase(),
    ...(seed.enterprise === undefined ? {} : { enterprise: seed.enterprise }),
    installed: seed.installed ?? true,
    botUser,
    botId: freshId(world, 'B'),
    botToken: seed.botToken ?? freshToken(false),
    scopes: [...(seed.scopes ?? world.app.scopes)],
    users: {
      [botUser]: {
        id: botUser,
        name: handle,
        realName: world.app.name,
        isBot: true,
        isAdmin: false,
        deleted: false,
        isGuest: false,
        isStranger: false,
        locale: 'en-US',
        tz: 'Etc/UTC',
      },
    },
    channels: {},
    modals: {},
    homes: {},
  }
}

export function plantUser(workspace: Workspace, seed: UserSeed): void {
  const known = workspace.users[seed.id]
  const user: User = {
    id: seed.id,
    name: seed.name ?? handleOf(seed),
    realName: seed.realName,
    ...(seed.title === undefined ? {} : { title: seed.title }),
    ...(seed.email === undefined ? {} : { email: seed.email }),
    ...(seed.person === undefined ? {} : { person: seed.person }),
    ...(seed.roles === undefined ? {} : { roles: [...seed.roles] }),
    ...(seed.manager === undefined ? {} : { manager: seed.manager }),
    ...(seed.colour === undefined ? {} : { colour: seed.colour }),
    isBot: seed.isBot ?? false,
    isAdmin: seed.isAdmin ?? false,
    isGuest: seed.isGuest ?? false,
    isStranger: seed.isStranger ?? false,
    // What somebody changed in the client outlives a restart.
    deleted: known?.deleted ?? seed.deleted ?? false,
    locale: known?.locale ?? seed.locale ?? 'en-US',
    tz: seed.tz ?? 'Asia/Seoul',
  }
  workspace.users[seed.id] = user
}

const handleOf = (seed: UserSeed): string =>
  seed.email?.split('@')[0] ?? seed.realName.toLowerCase().replaceAll(/\s+/g, '.')

function plantChannel(workspace: Workspace, seed: ChannelSeed, now: number): void {
  const members = seed.members.map((id) => (id === 'bot' ? workspace.botUser : id))
  const known = workspace.channels[seed.id]
  if (known) {
    for (const member of members) if (!known.members.includes(member)) known.members.push(member)
    return
  }
  const channel: Channel = {
    id: seed.id,
    kind: seed.private === true ? 'private' : 'channel',
    name: seed.name,
    ...(seed.topic === undefined ? {} : { topic: seed.topic }),
    members,
    archived: false,
    created: now,
    messages: [],
    read: {},
  }
  workspace.channels[channel.id] = channel
}
