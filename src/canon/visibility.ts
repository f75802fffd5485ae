import type { Opportunity } from './opportunity.ts'
import type { Org, Person } from './people.ts'

/** What a person may do to a thing; the left column of the table. */
export type Permission =
  | 'deal.see'
  | 'deal.ask-discount'
  | 'discount.see'
  | 'discount.reassign'
  | 'company.administer'
  | 'policy.change'
  | 'numbers.compare'

/** The deals a person may see, as a filter the store can turn into one query. */
export type Scope =
  | { readonly all: true }
  | { readonly all: false; readonly owners: readonly string[]; readonly csm?: string }

const unwritten = (): never => {
  throw new Error('unwritten')
}

/** The deals this person may see (owner, line, team, CS of the account, sales ops). */
export function scopeOf(_person: Person, _org: Org): Scope {
  return unwritten()
}

/** One table that says who may do what (docs: who may see and change what). */
export function may(
  _person: Person,
  _permission: Permission,
  _on: { deal?: Opportunity; participants?: readonly string[] },
  _org: Org,
): boolean {
  return unwritten()
}
