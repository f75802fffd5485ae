import { randomUUID } from 'node:crypto'
import {
  earOf,
  type Nudge,
  type NudgeBundle,
  type NudgeEar,
  type NudgeItem,
  type NudgeKind,
} from '../src/canon/nudge.ts'
import { admits, channelMost, isNews, type NudgePick, replacedBy } from '../src/canon/nudge-choice.ts'
import { type HearingWorld, type Telling, tellingTo } from '../src/canon/nudge-hearers.ts'
import { closed, heardBy, raise } from '../src/canon/nudge-life.ts'
import type { Org } from '../src/canon/people.ts'
import type { Policy } from '../src/canon/policy.ts'
import type { Delivery, Save, Store, Subject } from '../src/ports.ts'

/** The card of several nudges in one message. */
export const bundleCard = 'nudge.bundle'

export const bundleSubject = (id: string): Subject => ({ noun: 'nudges', id })
export const nudgeSubject = (id: string): Subject => ({ noun: 'nudge', id })

/** What a run has before it: one company as it is now. */
export interface TellingDesk extends HearingWorld {
  readonly store: Store
  readonly company: string
  readonly policy: Policy
}

/** Everything that is read once a run, whatever the number of causes. */
export async function tellingDesk(
  store: Store,
  company: string,
  now: number,
  known?: { readonly org: Org; readonly policy: Policy },
): Promise<TellingDesk> {
  const [org, policy, platforms, tenants, preferences] = await Promise.all([
    known?.org ?? store.org(company),
    known?.policy ?? store.policy(company),
    store.platformsOf(company),
    store.tenantsOf(company),
    store.nudgePreferences(company),
  ])
  return { store, company, now, org, policy, platforms, tenants, preferences }
}

/** What stands of the causes that were found, looked up together: a query a kind and five hundred causes. */
export async function knownOf(desk: TellingDesk, picks: readonly NudgePick[]): Promise<Nudge[]> {
  const kinds = new Map<NudgeKind, NudgePick[]>()
  for (const pick of picks) {
    const list = kinds.get(pick.finding.kind)
    if (list) list.push(pick)
    else kinds.set(pick.finding.kind, [pick])
  }
  const found: Nudge[] = []
  for (const [kind, list] of kinds)
    found.push(
      ...(await desk.store.nudgesOn(
        desk.company,
        kind,
        list.map(({ finding }) => finding),
      )),
    )
  return found
}

/** How often one message is put together again when somebody else told of the same meanwhile (B5.78). */
const triesWhenStale = 6

/**
 * Tells one ear in one message, as one commit: the nudges, the message, what is counted of the day, and its delivery.
 * Answers what was told; nothing where everything was told, or answered, by somebody else meanwhile.
 */
export async function tellEar(
  desk: TellingDesk,
  ear: NudgeEar,
  picks: readonly NudgePick[],
): Promise<readonly NudgePick[]> {
  for (let attempt = 0; attempt < triesWhenStale; attempt++) {
    const message = await compose(desk, ear, picks)
    if (!message) return []
    const commit = await desk.store.commit({ company: desk.company, audit: [], ...message.change })
    if (commit.outcome === 'committed') return message.told
  }
  // Others keep telling the same: what is left is found again at the next run.
  return []
}

/** Counted once for the channel and for each owner who is meant there. */
interface Room {
  readonly ear: string
  readonly day: string
  readonly told: number
  taken: number
}

async function compose(desk: TellingDesk, ear: NudgeEar, picks: readonly NudgePick[]) {
  const known = await knownOf(desk, picks)
  const urgent = picks.some(({ finding }) => finding.urgent)
  const telling = tellingTo(ear, urgent, desk)
  const rooms = await roomsOf(desk, ear, telling, picks)
  const save: Save[] = []
  const items: NudgeItem[] = []
  const told: NudgePick[] = []
  const refresh: Subject[] = []
  const changed = new Map<string, Nudge>()
  for (const pick of picks) {
    const { finding, hearing } = pick
    const admission = admits(finding, known, desk.now)
    if (!isNews(admission, hearing) || admission === undefined) continue
    if (changed.has(idOf(finding))) continue
    if (!finding.urgent) {
      const spent = [rooms.own, rooms.people.get(hearing.person)].filter((room) => room !== undefined)
      if (spent.some((room) => room.told + room.taken >= mostOf(room, desk))) continue
      for (const room of spent) room.taken += 1
    }
    // Whoever is meant in a channel has heard it as well.
    const ears = 'person' in ear ? [ear] : [ear, { person: hearing.person }]
    const next =
      admission === 'new'
        ? raise(finding, { id: randomUUID(), owner: pick.owner, ears, at: telling.at }, desk)
        : heardBy(admission, ears)
    changed.set(idOf(finding), next)
    save.push({ noun: 'nudge', next, expect: admission === 'new' ? 'new' : admission.version })
    if (admission === 'new')
      for (const older of replacedBy(finding, known)) {
        save.push({ noun: 'nudge', next: closed(older, true), expect: older.version })
        refresh.push(nudgeSubject(older.id))
      }
    const { as, instead } = hearing
    items.push({ nudge: next.id, as, ...(instead ? { instead } : {}) })
    told.push(pick)
  }
  if (told.length === 0) return undefined
  for (const room of [rooms.own, ...rooms.people.values()])
    if (room && room.taken > 0)
      save.push({
        noun: 'nudge-count',
        ear: room.ear,
        day: room.day,
        expect: room.told,
        add: room.taken,
      })
  return { told, change: messageOf(desk, ear, telling, items, save, refresh) }
}

const idOf = ({ kind, subject, cycle }: NudgePick['finding']): string =>
  JSON.stringify([kind, subject.noun, subject.id, cycle])

const mostOf = ({ ear }: Room, { policy }: TellingDesk): number =>
  ear.startsWith('channel:') ? channelMost : policy.nudges.perPersonAndDay

/** What was told today to this ear; in a channel, to each owner as well. */
async function roomsOf(
  desk: TellingDesk,
  ear: NudgeEar,
  telling: Telling,
  picks: readonly NudgePick[],
): Promise<{ own: Room; people: ReadonlyMap<string, Room> }> {
  const own = { ear: earOf(ear), day: telling.day }
  const owners = 'person' in ear ? [] : [...new Set(picks.map(({ hearing }) => hearing.person))]
  const theirs = owners.map((person) => ({
    person,
    ear: earOf({ person }),
    day: tellingTo({ person }, false, desk).day,
  }))
  const counts = await desk.store.nudgeCounts(desk.company, [own, ...theirs])
  const roomOf = (of: { ear: string; day: string }): Room => ({
    ear: of.ear,
    day: of.day,
    told: counts.get(of.ear) ?? 0,
    taken: 0,
  })
  return { own: roomOf(own), people: new Map(theirs.map((each) => [each.person, roomOf(each)])) }
}

/** One message with what it holds, and its delivery: never told twice under its key (Canon, delivery rule). */
export function messageOf(
  desk: Pick<TellingDesk, 'now'>,
  ear: NudgeEar,
  telling: Telling,
  items: readonly NudgeItem[],
  save: readonly Save[],
  refresh: readonly Subject[] = [],
) {
  // With one message a day, everything for that day goes into it.
  const id = telling.daily ? `daily:${earOf(ear)}:${telling.day}` : randomUUID()
  const bundle: NudgeBundle = { id, ear, at: desk.now, items }
  const delivery: Delivery = {
    kind: 'nudge',
    card: bundleCard,
    subject: bundleSubject(id),
    audience: ear,
    once: `nudges:${id}`,
    ...(telling.at > desk.now ? { after: telling.at } : {}),
  }
  return {
    save: [...save, { noun: 'nudge-bundle' as const, next: bundle, append: telling.daily }],
    deliveries: [delivery],
    refresh: telling.daily ? [...refresh, bundleSubject(id)] : refresh,
  }
}
