import type { Person } from '../wire.ts'
import type { TeamsPerson, Tenant } from './wire.ts'

/** Whom the Slack side shows: enough to find the same person in Teams. */
export interface SlackCue {
  readonly company: string
  readonly domain: string
  readonly person?: string
  readonly email?: string
  readonly name: string
}

/** The tenant of the company shown in Slack: by its name, else by its domain's first word. */
export function findTenant(tenants: readonly Tenant[], cue: SlackCue): string | undefined {
  const first = (domain: string): string => domain.split('.')[0] ?? domain
  return (
    tenants.find((t) => t.name === cue.company) ?? tenants.find((t) => first(t.domain) === first(cue.domain))
  )?.id
}

interface Known {
  readonly person?: string
  readonly email?: string
  readonly name: string
}

/** Whether two accounts are one person's: by who they are in Dealdesk, else by address, else by name. */
function isSame(one: Known, other: Known): boolean {
  for (const key of ['person', 'email'] as const)
    if (one[key] !== undefined && other[key] !== undefined) return one[key] === other[key]
  return one.name === other.name
}

/** The account in Teams of the person shown in Slack. */
export const findAccount = (people: readonly TeamsPerson[], cue: SlackCue): TeamsPerson | undefined =>
  people.find((account) => isSame(cue, account))

/** Somebody as the switcher shows them: their account on either side, or both. */
export interface Member {
  readonly key: string
  readonly slack?: Person
  readonly teams?: TeamsPerson
}

/** Everybody of a company, each once, in the order of Slack's list and then Teams'. */
export function castOf(slack: readonly Person[], teams: readonly TeamsPerson[]): readonly Member[] {
  const left = new Set(teams)
  const members: Member[] = slack.map((person) => {
    const account = teams.find((t) => left.has(t) && isSame(knownOf(person), t))
    if (account) left.delete(account)
    return { key: person.id, slack: person, ...(account ? { teams: account } : {}) }
  })
  return [...members, ...teams.filter((t) => left.has(t)).map((t) => ({ key: t.id, teams: t }))]
}

const knownOf = ({ person, email, realName }: Person): Known => ({
  name: realName,
  ...(person === undefined ? {} : { person }),
  ...(email === undefined ? {} : { email }),
})
