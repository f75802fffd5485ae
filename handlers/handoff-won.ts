import { draftItems } from '../blocks/handoff-draft.ts'
import { wordsFor } from '../blocks/words/index.ts'
import { dealReopened, draftOf, openFromWon } from '../src/canon/handoff.ts'
import type { DealStep } from '../src/canon/stage.ts'
import type { Drawing } from '../src/ports.ts'
import { threadPlaces } from './deal-thread.ts'
import { drawingFor } from './drawing.ts'
import { handoffConsequences, handoffSubject } from './handoff-consequences.ts'
import { type HandoffReader, handoffRecord, handoffWorld, worldOfHandoff } from './handoff-world.ts'
import type { Actor, Part } from './stage-consequences.ts'

/**
 * What a change of stage does to the deal's AE→CS handoff: Closed Won opens it, prefilled and in the AE's language;
 * reopening takes back the one under way (Canon, Handoffs). The same for every door a change comes through.
 */
export async function wonHandoff(
  reader: HandoffReader & { readonly newId: () => string },
  step: DealStep,
  actor: Actor,
): Promise<
  { readonly part: Part; readonly id: string; readonly sender: string; readonly version: number } | undefined
> {
  const { before, next, entry } = step
  const won = next.stage === 'CW' && before?.stage !== 'CW'
  const reopened = before?.stage === 'CW' && next.stage !== 'CW'
  if ((!won && !reopened) || entry?.asIs) return undefined
  const { store, company, org } = reader
  const underWay = await store.openHandoff(company, 'ae-to-cs', { deal: next.id })
  const places = await threadPlaces(store, next, org, reader.policy)
  if (reopened) {
    if (!underWay) return undefined
    const world = { ...(await worldOfHandoff(reader, underWay)), deal: next }
    const after = dealReopened(underWay, world)
    if (!after) return undefined
    const { handoff } = after.next
    return {
      part: handoffConsequences(underWay, after.next, after.facts, world, actor, places),
      id: handoff.id,
      sender: handoff.sender,
      version: handoff.version,
    }
  }
  const world = {
    ...(await handoffWorld(reader, 'ae-to-cs', { deal: next.id })),
    deal: next,
    ...(underWay ? { underWay } : {}),
  }
  const record = await handoffRecord(reader, 'ae-to-cs', world)
  const locale = org.people.get(next.owner ?? '')?.locale ?? org.company.locale
  const items = draftItems(draftOf('ae-to-cs', record), wordsFor(locale), org.company.working.timeZone)
  const opened = openFromWon({ id: reader.newId(), items }, world)
  if (!opened) return undefined
  const { handoff } = opened.next
  return {
    part: handoffConsequences(undefined, opened.next, opened.facts, world, actor, places),
    id: handoff.id,
    sender: handoff.sender,
    version: handoff.version,
  }
}

/** A drawing of the handoff that somebody's own change opened, for the button that leads to it. */
export const drawingOfHandoff = (
  desk: Parameters<typeof drawingFor>[0],
  opened: { readonly id: string; readonly version: number },
): Drawing => drawingFor(desk, handoffSubject(opened.id), opened.version)
