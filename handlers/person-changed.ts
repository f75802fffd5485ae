import { noticeCard } from '../blocks/notice.ts'
import { theirs } from '../blocks/text.ts'
import type { Org } from '../src/canon/people.ts'
import { may } from '../src/canon/visibility.ts'
import type { Delivery } from '../src/ports.ts'
import type { CardEntry } from './desk.ts'

/** Tells the administrators that another system has changed somebody's role or reporting line (contract, HTTP). */
export const personChangedCard = 'person.changed'

/** Drawn from the person as they are now. */
export const personChangedEntry: CardEntry = async (subject, { org, words }) => {
  const person = org.people.get(subject.id)
  if (!person) return undefined
  const roles = words.list(person.roles.map((role) => [words.t(`role.${role}`)])).join('')
  const manager = person.manager === undefined ? undefined : org.people.get(person.manager)
  const name = theirs(person.name)
  return {
    card: noticeCard(
      manager
        ? words.say('person-changed.under', { name, roles, manager: theirs(manager.name) })
        : words.say('person-changed', { name, roles }),
    ),
    drawings: [],
  }
}

/** One message for each change and administrator; `cause` names the change for ever. */
export const personChanged = (org: Org, person: string, cause: string): Delivery[] =>
  [...org.people.values()]
    .filter((each) => each.active && may(each, 'company.administer', {}, org))
    .map(
      (each): Delivery => ({
        kind: 'tell',
        card: personChangedCard,
        subject: { noun: 'person', id: person },
        audience: { person: each.id },
        once: `person-changed:${cause}:${person}:${each.id}`,
      }),
    )
