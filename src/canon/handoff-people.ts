import { localDate } from './calendar.ts'
import type { Handoff, HandoffKind, HandoffWorld } from './handoff.ts'
import { delegateOf, managersOf, type Person, type Role } from './people.ts'
import type { HandoffRefusal } from './refusal.ts'
import { may } from './visibility.ts'

/** Who may receive each kind. */
const receiving: Readonly<Record<HandoffKind, readonly Role[]>> = {
  'sdr-to-ae': ['ae', 'sales_manager'],
  'ae-to-cs': ['csm', 'cs_manager'],
  'cs-to-ae': ['ae', 'sales_manager'],
}

/** The role that is named where nobody is there to receive. */
export const receivingRole = (kind: HandoffKind): Role => receiving[kind][0]!

const activePerson = (id: string | undefined, { org }: HandoffWorld): Person | undefined => {
  const person = id === undefined ? undefined : org.people.get(id)
  return person?.active ? person : undefined
}

const holds = (person: Person, kind: HandoffKind) =>
  receiving[kind].some((role) => person.roles.includes(role))

/** A CS Manager for a CSM who is not there: above them, else the first by id, so that it is always the same one. */
function csManager(csm: string | undefined, world: HandoffWorld): Person | undefined {
  const gone = csm === undefined ? undefined : world.org.people.get(csm)
  const fits = (person: Person) => person.active && person.roles.includes('cs_manager')
  return (
    (gone && managersOf(gone, world.org).find(fits)) ??
    [...world.org.people.values()].filter(fits).sort((a, b) => (a.id < b.id ? -1 : 1))[0]
  )
}

/** Who takes it by rule: the AE or CSM of the account, the deal's AE, a CS Manager; `undefined`: name somebody. */
export function receiverFor(kind: HandoffKind, world: HandoffWorld): Person | undefined {
  const { deal, account } = world
  const csm = account?.csm ?? deal?.accountCsm
  const candidates: (Person | undefined)[] =
    kind === 'ae-to-cs'
      ? [activePerson(csm, world), csManager(csm, world)]
      : kind === 'sdr-to-ae'
        ? [activePerson(deal?.owner, world), activePerson(account?.ae, world)]
        : [activePerson(account?.ae, world), activePerson(deal?.owner, world)]
  return candidates.find((person) => person !== undefined && holds(person, kind))
}

/** Why somebody can't receive a handoff, where they can't. */
export function unfitness(
  receiver: string,
  kind: HandoffKind,
  sender: string,
  world: HandoffWorld,
): HandoffRefusal | undefined {
  const person = world.org.people.get(receiver)
  const unfit = (why: 'inactive' | 'role' | 'sender') =>
    ({ code: 'unfit-receiver', person: receiver, why }) as const
  if (!person?.active) return unfit('inactive')
  if (receiver === sender) return unfit('sender')
  return holds(person, kind) ? undefined : unfit('role')
}

const delegateNow = (id: string | undefined, world: HandoffWorld): string | undefined => {
  const person = activePerson(id, world)
  if (!person) return undefined
  return delegateOf(person, world.org, localDate(world.now, world.org.company.working.timeZone))?.id
}

/** Who may accept or return it now: the receiver, and their delegate while they are away. */
export function mayAccept(handoff: Handoff, world: HandoffWorld): string[] {
  if (handoff.status !== 'submitted') return []
  const receiver = activePerson(handoff.receiver, world)?.id
  const delegate = delegateNow(handoff.receiver, world)
  return [receiver, delegate].filter((id) => id !== undefined && id !== handoff.sender) as string[]
}

const isAbove = (person: Person, id: string | undefined, { org }: HandoffWorld): boolean => {
  const below = id === undefined ? undefined : org.people.get(id)
  return below !== undefined && managersOf(below, org).some((manager) => manager.id === person.id)
}

/** Whether somebody acts for one side of a handoff: the person, their delegate, those above them, Sales Ops. */
export function actsFor(by: string, side: string | undefined, world: HandoffWorld): boolean {
  const person = activePerson(by, world)
  if (!person) return false
  return (
    by === side ||
    delegateNow(side, world) === by ||
    isAbove(person, side, world) ||
    person.roles.includes('sales_ops')
  )
}

/** Who has to act on a handoff now: what waits for them. */
export function waitsOn(handoff: Handoff, world: HandoffWorld): string[] {
  const { status, kind, sender, receiver } = handoff
  if (status === 'draft' || status === 'returned') return [sender]
  if (status === 'submitted') return mayAccept(handoff, world)
  if (status === 'withdrawn' || kind !== 'ae-to-cs') return []
  const today = localDate(world.now, world.org.company.working.timeZone)
  const late = handoff.milestones.filter((each) => each.doneOn === undefined && each.dueOn <= today)
  const theirs = handoff.kickoffOn === undefined || (handoff.ratingAskedAt !== undefined && !handoff.rating)
  const people = [...(theirs && receiver !== undefined ? [receiver] : []), ...late.map((each) => each.owner)]
  return [...new Set(people)]
}

/** Whether a person may open a handoff of a kind for what the world holds. */
export function mayStart(person: Person, kind: HandoffKind, world: HandoffWorld): boolean {
  if (!person.active) return false
  const { lead, deal, account, org } = world
  switch (kind) {
    case 'sdr-to-ae':
      return lead !== undefined && may(person, 'lead.change', { lead }, org)
    case 'ae-to-cs':
      return deal !== undefined && may(person, 'deal.change', { deal }, org)
    case 'cs-to-ae':
      return account !== undefined && may(person, 'account.expand', { account }, org)
  }
}

/** The nearest active manager of each of the people. */
export function managersOfBoth(handoff: Handoff, world: HandoffWorld): string[] {
  const nearest = [handoff.sender, handoff.receiver].flatMap((id) => {
    const person = id === undefined ? undefined : world.org.people.get(id)
    const manager = person && managersOf(person, world.org).find((above) => above.active)
    return manager ? [manager.id] : []
  })
  return [...new Set(nearest)]
}

/** Who takes the place of somebody who left: by rule for a receiver, else the nearest active manager above them. */
export function successorOf(
  handoff: Handoff,
  side: 'sender' | 'receiver',
  world: HandoffWorld,
): string | undefined {
  const gone = world.org.people.get((side === 'sender' ? handoff.sender : handoff.receiver) ?? '')
  const byRule = side === 'receiver' ? receiverFor(handoff.kind, world)?.id : undefined
  const other = side === 'sender' ? handoff.receiver : handoff.sender
  if (byRule !== undefined && byRule !== other) return byRule
  return gone && managersOf(gone, world.org).find((above) => above.active && above.id !== other)?.id
}
