import type { Org, Person } from '../../canon/people.ts'
import { guidOf } from './ids.ts'
import type { TeamSeed, TeamsUserSeed, TenantSeed } from './seed.ts'

/** A demo company as data/demo describes it; what the local Teams needs of it. */
export interface TeamsDemoLike {
  readonly id: string
  readonly name: string
  readonly teamsTenant: string
  readonly workspace: { readonly domain: string }
  readonly people: readonly {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly roles: readonly string[]
    readonly title: string
    readonly team?: string
    readonly locale: 'ko' | 'en'
    readonly timeZone: string
    readonly teamsUser: string
    readonly avatar: { readonly colour: string }
  }[]
  readonly teams: readonly {
    readonly id: string
    readonly name: string
    readonly manager: string
    readonly teamsChannel: string
    readonly channelName: string
  }[]
  readonly channels: readonly { readonly name: string }[]
}

/** Who decides about discounts at a company, and so has a chat together. */
const deskRoles = ['vp_sales', 'finance', 'legal', 'c_level', 'sales_ops']

/** The Microsoft 365 tenant of a demo company: a team for everybody, one for each sales team; the app is in all. */
export function tenantOfDemo(demo: TeamsDemoLike): TenantSeed {
  const userOf = new Map(demo.people.map((person) => [person.id, person.teamsUser]))
  const own = new Set(demo.teams.map((team) => team.channelName))
  const everybody: TeamSeed = {
    name: demo.name,
    members: [...userOf.values()],
    channels: [
      { name: 'General' },
      ...demo.channels
        .map(({ name }) => ({ name }))
        .filter(({ name }) => name !== 'general' && !own.has(name)),
    ],
  }
  const teams = demo.teams.map(
    (team): TeamSeed => ({
      name: team.name,
      members: demo.people
        .filter(
          (person) =>
            person.team === team.id || person.id === team.manager || person.roles.includes('sales_ops'),
        )
        .map((person) => person.teamsUser),
      channels: [{ name: 'General' }, { id: team.teamsChannel, name: team.channelName }],
    }),
  )
  const desk = demo.people.filter((person) => person.roles.some((role) => deskRoles.includes(role)))
  return {
    id: demo.teamsTenant,
    name: demo.name,
    domain: `${demo.workspace.domain}.example`,
    teams: [everybody, ...teams],
    groupChats: [{ name: 'Deal desk', members: desk.map((person) => person.teamsUser) }],
    users: demo.people.map(
      (person): TeamsUserSeed => ({
        id: person.teamsUser,
        person: person.id,
        name: person.name,
        email: person.email,
        title: person.title,
        roles: person.roles,
        colour: person.avatar.colour,
        locale: person.locale === 'ko' ? 'ko-KR' : 'en-US',
        tz: person.timeZone,
        isAdmin: person.roles.includes('sales_ops'),
      }),
    ),
  }
}

/** A user id for somebody who has none yet. */
export const madeUser = (tenant: string, person: string): string => guidOf(`${tenant}/${person}`)

/** The tenant of any other company in the database; people without a Teams user get one made from their id. */
export function tenantOfOrg(
  org: Org,
  tenant: string,
  userOf: (person: Person) => string | undefined,
): TenantSeed {
  const people = [...org.people.values()]
  const id = (person: Person) => userOf(person) ?? madeUser(tenant, person.id)
  const teams = [...org.teams.values()].flatMap((team): TeamSeed[] => {
    if (team.teamsChannel === undefined) return []
    const members = people.filter((person) => person.team === team.id || person.id === team.manager)
    return [
      {
        name: team.name,
        members: members.map(id),
        channels: [{ name: 'General' }, { id: team.teamsChannel, name: team.name }],
      },
    ]
  })
  return {
    id: tenant,
    name: org.company.name,
    teams: [{ name: org.company.name, members: people.map(id), channels: [{ name: 'General' }] }, ...teams],
    users: people.map(
      (person): TeamsUserSeed => ({
        id: id(person),
        person: person.id,
        name: person.name,
        roles: person.roles,
        ...(person.email === undefined ? {} : { email: person.email }),
        locale: (person.locale ?? org.company.locale) === 'ko' ? 'ko-KR' : 'en-US',
        tz: person.timeZone ?? org.company.working.timeZone,
        deleted: !person.active,
        isAdmin: person.admin === true || person.roles.includes('sales_ops'),
      }),
    ),
  }
}
