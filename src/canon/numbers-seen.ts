import { type Org, type Person, type Role, reportsOf } from './people.ts'

/** Whose numbers a person sees, and whose total beside it. */
export interface NumbersSeen {
  /**
   * `all`: the whole company. `line`: the people below them and of the teams they manage. `own`: their own, with the
   * total of their team and nothing of it broken down. `none`: none of a company's numbers.
   */
  readonly reach: 'all' | 'line' | 'own' | 'none'
  readonly owners: readonly string[] | 'all'
  /** Of `own`: the team whose total stands beside. */
  readonly team?: { readonly id: string; readonly members: readonly string[] }
}

const seeAll: readonly Role[] = ['sales_ops', 'vp_sales', 'c_level']

const membersOf = (team: string, org: Org): string[] =>
  [...org.people.values()].filter((other) => other.team === team).map((other) => other.id)

/** Whose numbers a person sees: an AE their own and the team's total, a manager their line, leadership and Sales Ops all. */
export function numbersSeen(person: Person, org: Org): NumbersSeen {
  if (!person.active) return { reach: 'none', owners: [] }
  if (person.roles.some((role) => seeAll.includes(role))) return { reach: 'all', owners: 'all' }
  if (person.roles.every((role) => role === 'portfolio_operator')) return { reach: 'none', owners: [] }
  const managed = [...org.teams.values()].filter((team) => team.manager === person.id)
  const below = [
    ...reportsOf(person, org).map((report) => report.id),
    ...managed.flatMap((team) => membersOf(team.id, org)),
  ]
  if (below.length > 0) return { reach: 'line', owners: [...new Set([person.id, ...below])] }
  const members = person.team === undefined ? [] : membersOf(person.team, org)
  return {
    reach: 'own',
    owners: [person.id],
    // A team of one has no total that is not somebody's own number.
    ...(person.team === undefined || members.length < 2 ? {} : { team: { id: person.team, members } }),
  }
}
