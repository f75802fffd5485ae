import { lacksOf, type TeamLack } from '../src/canon/digest.ts'
import { managersOf, type Org, type Person, type Team } from '../src/canon/people.ts'
import { may } from '../src/canon/visibility.ts'
import type { Audience } from '../src/ports.ts'

/** Workspaces and tenants a company is in. */
export type Tenants = readonly { readonly platform: 'slack' | 'teams'; readonly tenant: string }[]

/** The channels of a team, on every platform its company is on (Canon, places). */
const channelsOf = (team: Team | undefined, tenants: Tenants): Audience[] =>
  tenants.flatMap(({ platform, tenant }): Audience[] => {
    const id = platform === 'slack' ? team?.slackChannel : team?.teamsChannel
    return id ? [{ channel: { platform, tenant, id } }] : []
  })

/** Those who can mend what the company has not set up. */
export const administrators = (org: Org): Person[] =>
  [...org.people.values()].filter((person) => person.active && may(person, 'company.administer', {}, org))

/**
 * Who gets a team's digest in place of its channel: its manager, else the nearest above them who is here and has a chat
 * account, else those who can give it a channel.
 */
export function standInsOf(team: Team, org: Org, linked: ReadonlySet<string>): string[] {
  const manager = team.manager === undefined ? undefined : org.people.get(team.manager)
  const line = manager ? [manager, ...managersOf(manager, org)] : []
  const near = line.find((person) => person.active && linked.has(person.id))
  return near ? [near.id] : administrators(org).map(({ id }) => id)
}

/** Where a team's digest goes: its channels, else who stands in for them. */
export function placesOfDigest(
  team: Team,
  org: Org,
  tenants: Tenants,
  linked: ReadonlySet<string>,
): Audience[] {
  const channels = channelsOf(team, tenants)
  return channels.length > 0 ? channels : standInsOf(team, org, linked).map((person) => ({ person }))
}

/** People who sell: a team without any has no target to lack. */
const sells = (person: Person | undefined): boolean =>
  person?.active === true && person.roles.some((role) => role === 'ae' || role === 'sales_manager')

export const sellsOf = (members: readonly string[], org: Org): boolean =>
  members.some((id) => sells(org.people.get(id)))

export const lacksOfTeam = (team: Team, org: Org, members: readonly string[], tenants: Tenants): TeamLack[] =>
  lacksOf(team, {
    places: channelsOf(team, tenants).length,
    sells: sellsOf(members, org),
  })

/** Names an audience in a once-key. */
export const placeKey = (audience: Audience): string =>
  'person' in audience ? audience.person : `${audience.channel.platform}:${audience.channel.id}`
