import { managersOf, type Org, type Person } from './people.ts'

/** The nearest manager above somebody who is here: up the reporting line, else the manager of their team. */
export function managerOf(person: string | undefined, org: Org): Person | undefined {
  const found = person === undefined ? undefined : org.people.get(person)
  if (!found) return undefined
  const inLine = managersOf(found, org).find(({ active }) => active)
  if (inLine) return inLine
  const lead = found.team === undefined ? undefined : org.teams.get(found.team)?.manager
  const manager = lead === undefined || lead === found.id ? undefined : org.people.get(lead)
  return manager?.active ? manager : undefined
}

/** Who looks after what is nobody's: Sales Ops, by id, so that it is the same people every time. */
export const salesOps = (org: Org): Person[] =>
  [...org.people.values()]
    .filter(({ active, roles }) => active && roles.includes('sales_ops'))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
