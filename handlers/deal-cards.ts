import { discountThreadLine, threadHead } from '../blocks/deal-thread.ts'
import { handoffLine, handoffLines } from '../blocks/handoff-notice.ts'
import { movedCard, overriddenCard, type StageNotice, stageThreadLine } from '../blocks/stage.ts'
import type { StageEntry } from '../src/canon/stage.ts'
import type { Drawing, Subject } from '../src/ports.ts'
import type { CardEntry, EaselDesk } from './desk.ts'
import { drawHandoff } from './handoff-cards.ts'
import { handoffSubject } from './handoff-consequences.ts'
import { dealCards, dealSubject } from './stage-consequences.ts'

/** A change of a deal's stage, with what a notice needs of it. */
async function noticeOf(
  subject: Subject,
  desk: EaselDesk,
  which: (entry: StageEntry) => boolean,
): Promise<{ notice: StageNotice; drawing: Drawing } | undefined> {
  const [deal, history] = await Promise.all([
    desk.store.deal(desk.company, subject.id),
    desk.store.stageHistory(desk.company, subject.id, 50),
  ])
  const entry = history.find(which)
  if (!deal || !entry) return undefined
  const by = desk.org.people.get(entry.by)
  const drawing: Drawing = {
    id: desk.newId(),
    subject: dealSubject(deal.id),
    version: deal.version,
    ...(desk.viewer ? { viewer: desk.viewer.id } : {}),
    shown: { stage: deal.stage },
    at: desk.now,
  }
  const notice = { deal, entry, names: by ? { [by.id]: by.name } : {}, now: desk.now, drawing: drawing.id }
  return { notice, drawing }
}

const noticeEntry =
  (
    which: (entry: StageEntry) => boolean,
    draw: (notice: StageNotice, words: EaselDesk['words']) => ReturnType<typeof movedCard>,
  ): CardEntry =>
  async (subject, desk) => {
    const found = await noticeOf(subject, desk, which)
    return found && { card: draw(found.notice, desk.words), drawings: [found.drawing] }
  }

/** The thread of a deal in a channel: its head, and a line for each thing that happened. */
const threadEntry: CardEntry = async (subject, desk, line) => {
  if (line === undefined) {
    const deal = await desk.store.deal(desk.company, subject.id)
    if (!deal) return undefined
    const owner = deal.owner === undefined ? undefined : desk.org.people.get(deal.owner)?.name
    return { card: threadHead({ deal, ...(owner ? { owner } : {}) }, desk.words), drawings: [] }
  }
  const [noun, id = '', at, fact = ''] = line.split(':')
  if (noun === 'stage') {
    const found = await noticeOf(subject, desk, (entry) => String(entry.at) === at)
    return found && { card: stageThreadLine(found.notice, desk.words), drawings: [] }
  }
  if (noun === 'discount') {
    const request = await desk.store.discount(desk.company, id)
    const name = request && desk.org.people.get(request.requester)?.name
    const text = request && discountThreadLine(fact, name ? { name } : {}, desk.words)
    return text && { card: text, drawings: [] }
  }
  if (noun !== 'handoff') return undefined
  const what = fact === 'kickoff-scheduled' ? 'kickoff' : handoffLines.find((each) => each === fact)
  const drawn = what && (await drawHandoff(handoffSubject(id), desk))
  return drawn && what ? { card: handoffLine(what, drawn.brief, desk.words), drawings: [] } : undefined
}

export const dealCardEntries: Readonly<Record<string, CardEntry>> = {
  [dealCards.overridden]: noticeEntry((entry) => (entry.overridden?.length ?? 0) > 0, overriddenCard),
  [dealCards.moved]: noticeEntry(() => true, movedCard),
  [dealCards.thread]: threadEntry,
}
