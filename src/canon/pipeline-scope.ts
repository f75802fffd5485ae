import { managersOf, type Org, type Person, reportsOf } from './people.ts'
import { scopeOf } from './visibility.ts'

/** Whose pipeline is looked at. */
export type PipelineView =
  | { readonly kind: 'company' }
  /** Somebody and everybody below them. */
  | { readonly kind: 'line'; readonly person: string }
  | { readonly kind: 'team'; readonly team: string }
  | { readonly kind: 'person'; readonly person: string }
  /** The deals of a CSM's accounts. */
  | { readonly kind: 'customers'; readonly person: string }

/** How much of a view somebody sees: its deals and people, or its sums alone. */
export type Sight = 'deals' | 'total'

const seesAll = (person: Person, org: Org): boolean => scopeOf(person, org).all

const isAbove = (person: Person, other: Person | undefined, org: Org): boolean =>
  other !== undefined && managersOf(other, org).some(({ id }) => id === person.id)

/**
 * What a person sees of a view (Canon, who may see what): their own and the total of their team, their line, with Sales
 * Ops and leadership everything; nothing else. Read again at every click.
 */
export function sightOf(person: Person, view: PipelineView, org: Org): Sight | undefined {
  if (!person.active) return undefined
  if (seesAll(person, org)) return 'deals'
  switch (view.kind) {
    case 'company':
      return undefined
    case 'team': {
      const team = org.teams.get(view.team)
      if (!team) return undefined
      const manager = team.manager === undefined ? undefined : org.people.get(team.manager)
      if (team.manager === person.id || isAbove(person, manager, org)) return 'deals'
      return person.team === team.id ? 'total' : undefined
    }
    default: {
      const other = org.people.get(view.person)
      if (view.person === person.id || isAbove(person, other, org)) return 'deals'
      const team = other?.team === undefined ? undefined : org.teams.get(other.team)
      return team?.manager === person.id && view.kind !== 'line' ? 'deals' : undefined
    }
  }
}

/** What somebody is shown who names nothing. */
export function ownView(person: Person, org: Org): PipelineView {
  if (seesAll(person, org)) return { kind: 'company' }
  if (reportsOf(person, org).length > 0) return { kind: 'line', person: person.id }
  if (person.roles.includes('csm') && !person.roles.includes('ae'))
    return { kind: 'customers', person: person.id }
  return { kind: 'person', person: person.id }
}
