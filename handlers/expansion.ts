import { draftItems } from '../blocks/handoff-draft.ts'
import { wordsFor } from '../blocks/words/index.ts'
import { localDate } from '../src/canon/calendar.ts'
import { draftOf, type ExpansionSignal, expansionSignals, openFromSignals } from '../src/canon/handoff.ts'
import { type AccountHealth, growthOf, type HealthSignal } from '../src/canon/health.ts'
import { handoffConsequences } from './handoff-consequences.ts'
import { type HandoffReader, handoffRecord, handoffWorld } from './handoff-world.ts'
import type { Part } from './stage-consequences.ts'

/** Days within which somebody counts as newly in contact. */
const recentDays = 30
const dayMs = 86_400_000

/** When contact counts as new, seen from `now`. */
export const recentlySince = (now: number): number => now - recentDays * dayMs

/**
 * The CS→AE handoff that what happens at an account drafts for its CSM, prefilled; `undefined` where nothing speaks of
 * growth, or it was told before (Canon, Nudges: expansion signal): usage or sentiment up by the account's health signals, or a
 * new department in contact.
 */
export async function expansionOf(
  reader: HandoffReader & { readonly newId: () => string },
  accountId: string,
  given: {
    /** A contact spoken with just now. */
    readonly fresh?: string
    /** The account's health signals and score, where they are at hand. */
    readonly signals?: readonly HealthSignal[]
    readonly health?: AccountHealth
  } = {},
): Promise<{ readonly part: Part; readonly csm: string } | undefined> {
  const { store, company, now, org, policy } = reader
  const world = await handoffWorld(reader, 'cs-to-ae', { account: accountId })
  const { account } = world
  if (!account?.csm) return undefined
  const [measured, health, contacts, activities, handoffs, underWay] = await Promise.all([
    given.signals ?? store.signalsOf(company, account.id, 500),
    given.health ?? store.healthOf(company, account.id),
    store.contactsOf(company, account.id, 200),
    store.activitiesOf(company, { account: account.id }, 500),
    store.handoffsOf(company, { account: account.id }, 50),
    store.openHandoff(company, 'cs-to-ae', { account: account.id }),
  ])
  const since = recentlySince(now)
  const spokenWith = (from: number, until: number) =>
    new Set(
      activities.flatMap(({ contact, happenedAt }) =>
        contact !== undefined && happenedAt > from && happenedAt <= until ? [contact] : [],
      ),
    )
  const before = spokenWith(Number.NEGATIVE_INFINITY, since)
  const lately = spokenWith(since, now)
  if (given.fresh !== undefined) lately.add(given.fresh)
  const known = contacts.flatMap(({ id, department }) => (department && before.has(id) ? [department] : []))
  const said = handoffs.flatMap(({ signals }) => signals ?? [])
  const told = said.flatMap((signal) => (signal.signal === 'new-department' ? [signal.department] : []))
  const today = localDate(now, org.company.working.timeZone)
  // Who is about to leave wants no more, whatever one number says.
  const grows = health?.grade !== 'critical'
  const usage = grows && growthOf(measured, 'adoption', today, highest(said, 'usage-up'))
  const nps = grows && growthOf(measured, 'sentiment', today, highest(said, 'nps-up'))
  const signals = expansionSignals(
    {
      // An account that has only begun has no department yet that another one could be new beside.
      contacts: known.length === 0 ? [] : contacts.filter(({ id }) => lately.has(id)),
      knownDepartments: [...known, ...told],
      ...(usage ? { usage } : {}),
      ...(nps ? { nps } : {}),
    },
    policy,
  )
  if (signals.length === 0) return undefined
  const record = await handoffRecord(reader, 'cs-to-ae', world, health)
  const words = wordsFor(org.people.get(account.csm)?.locale ?? org.company.locale)
  const items = draftItems(draftOf('cs-to-ae', { ...record, signals }), words, org.company.working.timeZone)
  const around = { ...world, account, ...(underWay ? { underWay } : {}) }
  const opened = openFromSignals({ id: reader.newId(), items, signals }, around)
  if (!opened) return undefined
  const actor = { by: 'system', platform: 'system' as const }
  return {
    part: handoffConsequences(undefined, opened.next, opened.facts, around, actor),
    csm: opened.next.handoff.sender,
  }
}

/** The highest reading that a handoff of this account was opened for: growth is told once, and again from there. */
function highest(said: readonly ExpansionSignal[], which: 'usage-up' | 'nps-up'): number | undefined {
  const readings = said.flatMap((signal) =>
    signal.signal !== 'new-department' && signal.signal === which ? [signal.now] : [],
  )
  return readings.length > 0 ? Math.max(...readings) : undefined
}
