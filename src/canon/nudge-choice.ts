import type { Instant } from './calendar.ts'
import { earOf, type Finding, type Nudge } from './nudge.ts'
import type { Hearing } from './nudge-hearers.ts'

/** What can be said of a cause now: as a nudge of its own, one more hearer of one that stands, or nothing. */
export type Admission = 'new' | Nudge | undefined

/**
 * Whether a cause may be told (Canon, fatigue): one nudge of a kind for a subject and cycle; what is muted is never told
 * again; what is snoozed waits until its time, whatever schedule finds it; what was answered is not told to more people.
 * `known`: of the same kind and subject, whatever their cycle.
 */
export function admits(finding: Finding, known: readonly Nudge[], now: Instant): Admission {
  let same: Nudge | undefined
  for (const nudge of known) {
    if (nudge.kind !== finding.kind || !sameSubject(nudge, finding)) continue
    if (nudge.status === 'muted') return undefined
    if (nudge.status === 'snoozed' && (nudge.snoozedUntil ?? now) > now) return undefined
    if (nudge.cycle === finding.cycle) same = nudge
  }
  if (!same) return 'new'
  return same.status === 'open' && same.answered === undefined ? same : undefined
}

const sameSubject = (a: Pick<Finding, 'subject'>, b: Pick<Finding, 'subject'>): boolean =>
  a.subject.noun === b.subject.noun && a.subject.id === b.subject.id

/** The older nudges of the same cause that stand: a new cycle takes their place. */
export const replacedBy = (finding: Finding, known: readonly Nudge[]): Nudge[] =>
  known.filter(
    (nudge) =>
      nudge.kind === finding.kind &&
      sameSubject(nudge, finding) &&
      nudge.cycle !== finding.cycle &&
      (nudge.status === 'open' || nudge.status === 'snoozed'),
  )

/** Whether a hearer has not heard of an admitted cause yet. */
export const isNews = (admission: Admission, hearing: Hearing): boolean => {
  if (admission === undefined) return false
  if (admission === 'new') return true
  const heard = [earOf({ person: hearing.person }), ...(hearing.channel ? [earOf(hearing.channel)] : [])]
  return !heard.some((ear) => admission.told.includes(ear))
}

/** One cause that one person is to hear of. */
export interface NudgePick {
  readonly finding: Finding
  readonly hearing: Hearing
  /** Who is to act, where it is not the finding's own owner. */
  readonly owner: string
}

const names = ({ kind, subject, cycle }: Finding) => [kind, subject.noun, subject.id, cycle]

/** Heaviest first; equal ones in an order of their own, so that the choice does not depend on who was found first. */
export function byWeight(a: NudgePick, b: NudgePick): number {
  if (a.finding.weight !== b.finding.weight) return b.finding.weight - a.finding.weight
  const [left, right] = [names(a.finding), names(b.finding)]
  for (const [at, name] of left.entries()) if (name !== right[at]) return name < right[at]! ? -1 : 1
  return 0
}

/** At most this many urgent ones a person in one run: more would be read by nobody; the rest comes with the next run. */
export const urgentMost = 20

/** The heaviest picks that fit, and no others: memory is bounded by the people, not by what is found. */
class Shortlist {
  readonly most: number
  readonly picks: NudgePick[] = []
  constructor(most: number) {
    this.most = most
  }
  #last(): NudgePick | undefined {
    return this.picks[this.most - 1]
  }
  takes(pick: NudgePick): boolean {
    if (this.most <= 0) return false
    const last = this.#last()
    return last === undefined || byWeight(pick, last) < 0
  }
  add(pick: NudgePick): void {
    if (!this.takes(pick)) return
    let at = this.picks.length
    while (at > 0 && byWeight(pick, this.picks[at - 1]!) < 0) at -= 1
    const before = this.picks[at - 1]
    // The same cause found twice in one run is one.
    if (before && byWeight(before, pick) === 0) return
    this.picks.splice(at, 0, pick)
    if (this.picks.length > this.most) this.picks.length = this.most
  }
}

/**
 * Chooses what each person is told out of a stream of causes of any length, keeping only what fits: the day's budget,
 * and urgent ones beside it. `roomFor`: how many more a person may be told on the day they would hear.
 */
export class NudgeChoice {
  readonly #roomFor: (person: string) => number
  readonly #budgeted = new Map<string, Shortlist>()
  readonly #urgent = new Map<string, Shortlist>()

  constructor(roomFor: (person: string) => number) {
    this.#roomFor = roomFor
  }

  #listFor({ finding, hearing }: NudgePick): Shortlist {
    const lists = finding.urgent ? this.#urgent : this.#budgeted
    let list = lists.get(hearing.person)
    if (!list) {
      list = new Shortlist(finding.urgent ? urgentMost : this.#roomFor(hearing.person))
      lists.set(hearing.person, list)
    }
    return list
  }

  /** Whether it could still be chosen: what is lighter than all that is kept need not be looked up. */
  wants(pick: NudgePick): boolean {
    return this.#listFor(pick).takes(pick)
  }

  add(pick: NudgePick): void {
    this.#listFor(pick).add(pick)
  }

  /** What each person is told, heaviest first, urgent ones before all; people in the order of their ids. */
  chosen(): ReadonlyMap<string, readonly NudgePick[]> {
    const people = [...new Set([...this.#urgent.keys(), ...this.#budgeted.keys()])].sort()
    const all = new Map<string, readonly NudgePick[]>()
    for (const person of people) {
      const picks = [...(this.#urgent.get(person)?.picks ?? []), ...(this.#budgeted.get(person)?.picks ?? [])]
      if (picks.length > 0) all.set(person, picks)
    }
    return all
  }
}

/** Items that one channel message takes on a day beside urgent ones; the owners hear of the rest in their DMs. */
export const channelMost = 5

/**
 * Puts what was chosen into messages: the heaviest of a team's into its channel, the rest to each person.
 * `roomIn`: how many more a channel may be told today.
 */
export function intoMessages(
  chosen: ReadonlyMap<string, readonly NudgePick[]>,
  roomIn: (channel: string) => number,
): {
  readonly channels: ReadonlyMap<string, readonly NudgePick[]>
  readonly people: ReadonlyMap<string, readonly NudgePick[]>
} {
  const meant = new Map<string, NudgePick[]>()
  const people = new Map<string, NudgePick[]>()
  const put = (map: Map<string, NudgePick[]>, key: string, pick: NudgePick) => {
    const list = map.get(key)
    if (list) list.push(pick)
    else map.set(key, [pick])
  }
  for (const [person, picks] of chosen)
    for (const pick of picks)
      if (pick.hearing.channel) put(meant, earOf(pick.hearing.channel), pick)
      else put(people, person, pick)
  const channels = new Map<string, readonly NudgePick[]>()
  for (const [channel, picks] of [...meant].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const urgent = picks.filter(({ finding }) => finding.urgent).sort(byWeight)
    const rest = picks.filter(({ finding }) => !finding.urgent).sort(byWeight)
    const room = Math.max(0, roomIn(channel))
    const taken = [...urgent, ...rest.slice(0, room)]
    if (taken.length > 0) channels.set(channel, taken)
    for (const pick of rest.slice(room)) {
      const { channel: _channel, ...hearing } = pick.hearing
      put(people, hearing.person, { ...pick, hearing })
    }
  }
  for (const picks of people.values()) picks.sort(urgentFirst)
  return { channels, people: new Map([...people].sort(([a], [b]) => (a < b ? -1 : 1))) }
}

const urgentFirst = (a: NudgePick, b: NudgePick): number =>
  Number(b.finding.urgent ?? false) - Number(a.finding.urgent ?? false) || byWeight(a, b)
