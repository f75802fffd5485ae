import type { Person, State } from '../wire.ts'
import type { Language } from '../words.ts'

/** Who plays which part in the first three steps; absent when the company has nobody of that role. */
export interface FirstSteps {
  readonly asker: Person | undefined
  readonly decider: Person | undefined
  /** What to write into the message field. */
  readonly command: string
}

/** Whether most people of a company read Slack in this language. */
export function reads(state: Pick<State, 'people'>, language: Language): boolean {
  const people = state.people.filter((person) => !person.isBot)
  return people.filter((person) => person.locale.startsWith(language)).length * 2 > people.length
}

/** Chooses the people of the first steps by their roles, the person shown first. */
export function firstSteps(state: Pick<State, 'people' | 'me' | 'commands'>): FirstSteps {
  const able = state.people.filter((person) => !person.isBot && !person.deleted && !person.isStranger)
  const me = able.find((person) => person.id === state.me)
  const has = (role: string) => (person: Person) => person.roles?.includes(role) ?? false
  const asker = me && has('ae')(me) ? me : able.find(has('ae'))
  const own = asker?.manager === undefined ? undefined : able.find(({ person }) => person === asker.manager)
  return {
    asker,
    // Their own manager, where the company says who that is: the request goes there.
    decider: own && has('sales_manager')(own) ? own : able.find(has('sales_manager')),
    command: state.commands.find((c) => c.command === '/approve-discount')?.command ?? '/approve-discount',
  }
}
