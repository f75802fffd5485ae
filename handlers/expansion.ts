import { draftItems } from '../blocks/handoff-draft.ts'
import { wordsFor } from '../blocks/words/index.ts'
import { draftOf, expansionSignals, openFromSignals } from '../src/canon/handoff.ts'
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
 * growth, or it was told before (Canon, Nudges: expansion signal). `fresh`: a contact spoken with just now.
 */
export async function expansionOf(
  reader: HandoffReader & { readonly newId: () => string },
  accountId: string,
  fresh?: string,
): Promise<{ readonly part: Part; readonly csm: string } | undefined> {
  const { store, company, now, org, policy } = reader
  const world = await handoffWorld(reader, 'cs-to-ae', { account: accountId })
  const { account } = world
  if (!account?.csm) return undefined
  const [contacts, activities, handoffs, underWay] = await Promise.all([
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
  if (fresh !== undefined) lately.add(fresh)
  const known = contacts.flatMap(({ id, department }) => (department && before.has(id) ? [department] : []))
  // An account that has only begun has no department yet that another one could be new beside.
  if (known.length === 0) return undefined
  const told = handoffs.flatMap(({ signals }) =>
    (signals ?? []).flatMap((signal) => (signal.signal === 'new-department' ? [signal.department] : [])),
  )
  const signals = expansionSignals(
    { contacts: contacts.filter(({ id }) => lately.has(id)), knownDepartments: [...known, ...told] },
    policy,
  )
  if (signals.length === 0) return undefined
  const record = await handoffRecord(reader, 'cs-to-ae', world)
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
