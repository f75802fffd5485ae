import { createHash } from 'node:crypto'
import type { Org, Person } from '../canon/people.ts'
import type { ChannelSeed, UserSeed, WorkspaceSeed } from './slack/seed.ts'

/** A demo company as data/demo describes it; what the playground needs of it. */
export interface DemoLike {
  readonly name: string
  readonly slackTenant: string
  readonly workspace: { readonly name: string; readonly domain: string }
  readonly people: readonly {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly roles: readonly string[]
    readonly title: string
    readonly manager?: string
    readonly team?: string
    readonly locale: 'ko' | 'en'
    readonly timeZone: string
    readonly slackUser: string
    readonly handle: string
    readonly avatar: { readonly colour: string }
  }[]
  readonly teams: readonly {
    readonly id: string
    readonly manager: string
    readonly slackChannel: string
    readonly channelName: string
  }[]
  readonly channels: readonly {
    readonly id: string
    readonly name: string
    readonly topic: string
    readonly members: readonly string[]
  }[]
}

/** The Slack workspace of a demo company: its people, its channels and one for each team; the app is in all. */
export function workspaceOfDemo(demo: DemoLike): WorkspaceSeed {
  const userOf = new Map(demo.people.map((person) => [person.id, person.slackUser]))
  const channels = demo.channels.map(
    (channel): ChannelSeed => ({
      id: channel.id,
      name: channel.name,
      topic: channel.topic,
      members: [...channel.members.flatMap((person) => userOf.get(person) ?? []), 'bot'],
    }),
  )
  const teamChannels = demo.teams
    .filter((team) => !channels.some((channel) => channel.id === team.slackChannel))
    .map(
      (team): ChannelSeed => ({
        id: team.slackChannel,
        name: team.channelName,
        members: [
          ...demo.people
            .filter((person) => person.team === team.id || person.id === team.manager)
            .map((person) => person.slackUser),
          'bot',
        ],
      }),
    )
  return {
    id: demo.slackTenant,
    name: demo.workspace.name,
    domain: demo.workspace.domain,
    channels: [...channels, ...teamChannels],
    users: demo.people.map((person) => ({
      id: person.slackUser,
      person: person.id,
      realName: person.name,
      name: person.handle,
      email: person.email,
      title: person.title,
      roles: person.roles,
      ...(person.manager === undefined ? {} : { manager: person.manager }),
      colour: person.avatar.colour,
      locale: person.locale === 'ko' ? 'ko-KR' : 'en-US',
      tz: person.timeZone,
      isAdmin: person.roles.includes('sales_ops'),
    })),
  }
}

/**
 * The Slack workspace of any other company in the database. People who have a Slack user keep its id; the others
 * get one made from their id, and are linked by their e-mail address like anybody at a real Slack (B5.10).
 */
export function workspaceOfOrg(
  org: Org,
  tenant: string,
  userOf: (person: Person) => string | undefined,
): WorkspaceSeed {
  const people = [...org.people.values()]
  const id = (person: Person) => userOf(person) ?? madeId('U', `${tenant}/${person.id}`)
  const tz = org.company.working.timeZone
  const everyone: ChannelSeed = {
    id: madeId('C', `${tenant}/general`),
    name: 'general',
    members: [...people.map(id), 'bot'],
  }
  const teamChannels = [...org.teams.values()].flatMap((team): ChannelSeed[] => {
    const members = people.filter((person) => person.team === team.id || person.id === team.manager)
    if (team.slackChannel === undefined) return []
    return [{ id: team.slackChannel, name: channelName(team.name), members: [...members.map(id), 'bot'] }]
  })
  return {
    id: tenant,
    name: org.company.name,
    domain: org.company.id.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-'),
    channels: [everyone, ...teamChannels],
    users: people.map(
      (person): UserSeed => ({
        id: id(person),
        person: person.id,
        realName: person.name,
        roles: person.roles,
        ...(person.manager === undefined ? {} : { manager: person.manager }),
        ...(person.email === undefined ? {} : { email: person.email }),
        locale: (person.locale ?? org.company.locale) === 'ko' ? 'ko-KR' : 'en-US',
        tz: person.timeZone ?? tz,
        deleted: !person.active,
        isAdmin: person.admin === true || person.roles.includes('sales_ops'),
      }),
    ),
  }
}

const madeId = (prefix: string, of: string): string =>
  prefix + createHash('sha256').update(of).digest('hex').slice(0, 10).toUpperCase()

const channelName = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
