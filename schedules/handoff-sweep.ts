import { threadPlaces } from '../handlers/deal-thread.ts'
import { handoffConsequences } from '../handlers/handoff-consequences.ts'
import { worldOfHandoff } from '../handlers/handoff-world.ts'
import { type Handoff, type HandoffFact, tick } from '../src/canon/handoff.ts'
import type { ScheduleDesk, ScheduleLine } from './schedule.ts'

/** At most this many handoffs a run; the rest is due at the next. */
export const handoffCap = 500

/**
 * Lets time pass over the handoffs that are due and that `which` takes. Each is one commit guarded by its version, so
 * two replicas or a repeated run tell nothing twice (B5.78).
 */
export async function sweepHandoffs(
  desk: ScheduleDesk,
  which: (handoff: Handoff) => boolean,
): Promise<ScheduleLine[]> {
  const lines: ScheduleLine[] = []
  for (const { company, id } of await desk.store.dueHandoffs(desk.now, handoffCap)) {
    if (desk.company && company !== desk.company) continue
    const handoff = await desk.store.handoff(company, id)
    if (!handoff || !which(handoff)) continue
    const line = await sweepOne(desk, company, handoff)
    if (line) lines.push(line)
  }
  return lines
}

async function sweepOne(
  desk: ScheduleDesk,
  company: string,
  handoff: Handoff,
): Promise<ScheduleLine | undefined> {
  const { store, now } = desk
  const [org, policy] = await Promise.all([store.org(company), store.policy(company, handoff.policyVersion)])
  const world = await worldOfHandoff({ store, company, now, org, policy }, handoff)
  const ticked = tick(handoff, world)
  const line: ScheduleLine = {
    company,
    subject: handoff.id,
    what: ticked ? ticked.facts.map(({ fact }) => fact).join(', ') : 'due time moved',
    to: ticked ? ticked.facts.flatMap(peopleOf) : [],
  }
  if (desk.dryRun) return ticked && line
  const actor = { by: 'system', platform: 'system' as const }
  const places = world.deal ? await threadPlaces(store, world.deal, org, await store.policy(company)) : []
  // Nothing to do after all (somebody acted, a holiday was added): only the due time moves, the version stays.
  const change = ticked
    ? handoffConsequences(handoff, ticked.next, ticked.facts, world, actor, places)
    : { ...handoffConsequences(handoff, { handoff }, [], world, actor), refresh: [] }
  const commit = await store.commit({ company, ...change })
  return commit.outcome === 'committed' && ticked ? line : undefined
}

const peopleOf = (fact: HandoffFact): readonly string[] =>
  'people' in fact ? fact.people : fact.fact === 'reassigned' ? [fact.to] : []
