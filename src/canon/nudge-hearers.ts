import {
  addDays,
  type Instant,
  instantAt,
  localDate,
  nextWorkingMoment,
  type PlainDate,
  type WorkingTime,
} from './calendar.ts'
import {
  type Finding,
  type HeardAs,
  type InsteadWhy,
  type NudgeEar,
  type NudgeKind,
  type NudgePreferences,
  nudgePreferences,
} from './nudge.ts'
import { delegateOf, isAway, managersOf, type Org, type Person } from './people.ts'

/** What is known of people and places when it is decided who hears of what. */
export interface HearingWorld {
  readonly now: Instant
  readonly org: Org
  /** On which platforms people are linked; somebody who is on none can't be told anything. */
  readonly platforms: ReadonlyMap<string, readonly ('slack' | 'teams')[]>
  /** The workspaces and tenants of the company: where its teams' channels are. */
  readonly tenants: readonly { readonly platform: 'slack' | 'teams'; readonly tenant: string }[]
  readonly preferences: ReadonlyMap<string, NudgePreferences>
}

/** One person who is to hear of a cause. */
export interface Hearing {
  readonly person: string
  readonly as: HeardAs
  readonly instead?: InsteadWhy
  /** Told in their team's channel rather than in their DM. */
  readonly channel?: NudgeEar
}

/** Who hears of a cause, and what stands in the way of telling those it is meant for. */
export interface Hearers {
  /** Who is to act: the owner, or whoever takes the place of one who is gone. */
  readonly owner: string
  readonly hearings: readonly Hearing[]
  /** Somebody active without a chat account. */
  readonly unreachable?: string
  /** A team that wants to hear but has no channel. */
  readonly channelless?: string
}

export const preferencesOf = (person: string, { preferences }: Pick<HearingWorld, 'preferences'>) =>
  preferences.get(person) ?? nudgePreferences

const wants = (person: string, kind: NudgeKind, world: HearingWorld): boolean =>
  !preferencesOf(person, world).off.includes(kind)

const isReachable = (person: Person, world: HearingWorld): boolean =>
  person.active && world.platforms.has(person.id)

/** Active people with a role, in the order of their ids, so that the choice does not depend on anything else. */
export const withRole = (role: Person['roles'][number], org: Org): Person[] =>
  [...org.people.values()]
    .filter((person) => person.active && person.roles.includes(role))
    .sort((a, b) => (a.id < b.id ? -1 : 1))

/** The nearest manager who can be told, else Sales Ops (Canon: unowned, or owned by somebody who has left). */
function above(person: Person | undefined, world: HearingWorld): Person[] {
  const manager = person && managersOf(person, world.org).find((each) => isReachable(each, world))
  if (manager) return [manager]
  return withRole('sales_ops', world.org).filter((each) => isReachable(each, world))
}

/** The channel of a team: on a platform its owner is on, theirs first, so that it is told in one place. */
function channelOf(team: string, owner: Person, world: HearingWorld): NudgeEar | undefined {
  const { slackChannel, teamsChannel } = world.org.teams.get(team) ?? {}
  const linked = world.platforms.get(owner.id) ?? []
  const order = owner.prefers && linked.includes(owner.prefers) ? [owner.prefers, ...linked] : linked
  for (const platform of order) {
    const id = platform === 'slack' ? slackChannel : teamsChannel
    const tenant = world.tenants.find((each) => each.platform === platform)?.tenant
    if (id && tenant) return { channel: { platform, tenant, id } }
  }
  return undefined
}

/** Who hears of a cause now (Canon, Nudges and escalations; places). */
export function hearersOf(finding: Finding, world: HearingWorld): Hearers {
  const { org } = world
  const today = localDate(world.now, org.company.working.timeZone)
  const person = org.people.get(finding.owner)
  const first = firstHearings(finding, person, today, world)
  const hearings = [...first.hearings.filter((each) => wants(each.person, finding.kind, world))]
  const heard = new Set([finding.owner, ...first.hearings.map((each) => each.person)])
  for (const id of finding.alsoTell ?? []) {
    const copied = org.people.get(id)
    if (!copied?.active) continue
    const delegate = isAway(copied, today) ? delegateOf(copied, org, today) : undefined
    const hears = delegate && isReachable(delegate, world) ? delegate : copied
    if (heard.has(hears.id) || !isReachable(hears, world) || !wants(hears.id, finding.kind, world)) continue
    heard.add(hears.id)
    hearings.push({ person: hears.id, as: 'copy' })
  }
  return { ...first, hearings }
}

function firstHearings(
  finding: Finding,
  person: Person | undefined,
  today: PlainDate,
  world: HearingWorld,
): Hearers {
  const instead = (people: readonly Person[], why: InsteadWhy): Hearing[] =>
    people.map((each) => ({ person: each.id, as: 'stands-in' as const, instead: why }))
  if (!person?.active) {
    const hearings = instead(above(person, world), person ? 'gone' : 'unowned')
    return { owner: hearings[0]?.person ?? finding.owner, hearings }
  }
  // What somebody does not want to hear, nobody hears in their place.
  if (!wants(person.id, finding.kind, world)) return { owner: person.id, hearings: [] }
  if (!world.platforms.has(person.id))
    return {
      owner: person.id,
      hearings: instead(above(person, world), 'no-account'),
      unreachable: person.id,
    }
  if (isAway(person, today)) {
    const delegate = delegateOf(person, world.org, today)
    const people = delegate && isReachable(delegate, world) ? [delegate] : above(person, world)
    if (people.length > 0) return { owner: person.id, hearings: instead(people, 'away') }
  }
  const own: Hearing = { person: person.id, as: 'owner' }
  if (finding.channelOf === undefined || preferencesOf(person.id, world).place === 'dm')
    return { owner: person.id, hearings: [own] }
  const channel = channelOf(finding.channelOf, person, world)
  if (channel) return { owner: person.id, hearings: [{ ...own, channel }] }
  return { owner: person.id, hearings: [own], channelless: finding.channelOf }
}

// ── when ─────────────────────────────────────────────────────────────────────

/** A person's own hours in their zone, on the company's working days. */
export function workingOf(person: string, world: HearingWorld): WorkingTime {
  const { working } = world.org.company
  const { from, until } = preferencesOf(person, world)
  return {
    ...working,
    timeZone: world.org.people.get(person)?.timeZone ?? working.timeZone,
    ...(from !== undefined && until !== undefined ? { start: from, end: until } : {}),
  }
}

/** The company's hours where a channel's team lives. */
function workingOfChannel(ear: NudgeEar, { org }: Pick<HearingWorld, 'org'>): WorkingTime {
  const { working } = org.company
  const id = 'channel' in ear ? ear.channel.id : undefined
  const team = [...org.teams.values()].find((each) => each.slackChannel === id || each.teamsChannel === id)
  return { ...working, timeZone: team?.timeZone ?? working.timeZone }
}

/** When a message goes out and which local day it counts for. */
export interface Telling {
  readonly at: Instant
  readonly day: PlainDate
  /** Everything for this day comes in one message. */
  readonly daily: boolean
}

/** The next working moment; with one message a day, the next beginning of the person's hours. */
export function tellingTo(ear: NudgeEar, urgent: boolean, world: HearingWorld): Telling {
  const person = 'person' in ear ? ear.person : undefined
  const working = person === undefined ? workingOfChannel(ear, world) : workingOf(person, world)
  const daily = person !== undefined && !urgent && preferencesOf(person, world).pace === 'daily'
  const at = daily ? nextMorning(world.now, working) : nextWorkingMoment(world.now, working)
  return { at, day: localDate(at, working.timeZone), daily }
}

/** A run at the hour at which somebody's day begins is still this morning's, though some minutes have gone. */
const morningMs = 3_600_000

/** The beginning of their next working day, or this one's while it lasts. */
function nextMorning(now: Instant, working: WorkingTime): Instant {
  const next = nextWorkingMoment(now, working)
  const day = localDate(next, working.timeZone)
  if (next < instantAt(day, working.start, working.timeZone) + morningMs) return next
  return nextWorkingMoment(instantAt(addDays(day, 1), '00:00', working.timeZone), working)
}
