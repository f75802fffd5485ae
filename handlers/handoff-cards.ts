import type { Card } from '../blocks/card.ts'
import { type HandoffAction, type HandoffBrief, handoffCard } from '../blocks/handoff.ts'
import {
  acceptedCard,
  againCard,
  escalatedHandoff,
  type HandoffLine,
  handoffLine,
  handoffLines,
  kickoffCard,
  milestoneCard,
  ratingCard,
  reminderOfHandoff,
  returnedCard,
} from '../blocks/handoff-notice.ts'
import type { Words } from '../blocks/words/index.ts'
import { localDate } from '../src/canon/calendar.ts'
import {
  type Handoff,
  type HandoffAct,
  type HandoffWorld,
  type MilestoneDay,
  mayAccept,
  rule,
  waitsOn,
} from '../src/canon/handoff.ts'
import { may } from '../src/canon/visibility.ts'
import type { Drawing, Subject } from '../src/ports.ts'
import type { CardEntry, EaselDesk } from './desk.ts'
import { dealOf, escalatesAt, handoffSubject } from './handoff-consequences.ts'
import { worldOfHandoff } from './handoff-world.ts'
import { dealSubject } from './stage-consequences.ts'

export interface DrawnHandoff {
  readonly brief: HandoffBrief
  readonly world: HandoffWorld
  /** The handoff's own drawing first. */
  readonly drawings: readonly [Drawing, ...Drawing[]]
}

/** A handoff as this viewer may see it at this instant; `undefined` when the record is gone. */
export async function drawHandoff(subject: Subject, desk: EaselDesk): Promise<DrawnHandoff | undefined> {
  const { store, company, org, now } = desk
  const handoff = await store.handoff(company, subject.id)
  if (!handoff) return undefined
  const policy = await store.policy(company, handoff.policyVersion)
  const world = await worldOfHandoff({ store, company, org, now, policy }, handoff, 'trial')
  const today = localDate(now, org.company.working.timeZone)
  const dealId = dealOf(handoff)
  const deal =
    dealId === undefined || dealId === world.deal?.id ? world.deal : await store.deal(company, dealId)
  const drawn = (of: Subject, version: number, shown: Drawing['shown'] = {}): Drawing => ({
    id: desk.newId(),
    subject: of,
    version,
    ...(desk.viewer ? { viewer: desk.viewer.id } : {}),
    shown,
    at: now,
  })
  const own = drawn(handoffSubject(handoff.id), handoff.version, {
    status: handoff.status,
    kind: handoff.kind,
  })
  const ticks = milestonesOf(handoff, world, desk).map(
    (day) => [day, drawn(handoffSubject(handoff.id), handoff.version, { day })] as const,
  )
  const seesDeal = deal && desk.viewer && may(desk.viewer, 'deal.see', { deal }, org)
  const ofDeal = seesDeal ? drawn(dealSubject(deal.id), deal.version) : undefined
  const waits = handoff.status === 'submitted' || handoff.status === 'returned' || isWonDraft(handoff)
  const brief: HandoffBrief = {
    handoff,
    names: namesOfHandoff(handoff, desk),
    policy,
    timeZone: desk.viewer?.timeZone ?? org.company.working.timeZone,
    now,
    today,
    actions: actionsFor(handoff, world, today, desk),
    drawing: own.id,
    milestones: Object.fromEntries(ticks.map(([day, { id }]) => [day, id])),
    ...(world.lead ? { lead: world.lead.company ?? world.lead.name } : {}),
    ...(world.account ? { account: world.account.name } : {}),
    ...(world.deal ? { deal: world.deal } : {}),
    ...(handoff.opened && deal ? { opened: deal.name } : {}),
    ...(desk.viewer ? { viewer: desk.viewer.id } : {}),
    ...(waits && !handoff.escalatedAt ? { escalatesAt: escalatesAt(handoff, world) } : {}),
    ...(ofDeal ? { dealDrawing: ofDeal.id } : {}),
  }
  return {
    brief,
    world,
    drawings: [own, ...ticks.map(([, drawing]) => drawing), ...(ofDeal ? [ofDeal] : [])],
  }
}

const isWonDraft = (handoff: Handoff): boolean =>
  handoff.status === 'draft' && handoff.kind === 'ae-to-cs' && handoff.openedBy === 'system'

export function namesOfHandoff(handoff: Handoff, { org }: Pick<EaselDesk, 'org'>): Record<string, string> {
  const ids = [
    handoff.sender,
    handoff.receiver,
    handoff.acceptedBy,
    handoff.rating?.by,
    ...handoff.returns.map((each) => each.by),
    ...handoff.milestones.flatMap((each) => [each.owner, each.doneBy]),
  ]
  return Object.fromEntries(
    ids.flatMap((id) => {
      const name = id === undefined ? undefined : org.people.get(id)?.name
      return id !== undefined && name ? [[id, name]] : []
    }),
  )
}

/** What this viewer could do this instant, asked of the rules themselves, so that a live button is never a dead one. */
function actionsFor(
  handoff: Handoff,
  world: HandoffWorld,
  today: string,
  desk: EaselDesk,
): readonly HandoffAction[] {
  const by = desk.viewer?.id
  if (!by) return []
  const on = { by, platform: 'system' as const }
  const may = (act: HandoffAct) => rule(handoff, act, world).ok
  const accepts = mayAccept(handoff, world).includes(by)
  const taken = handoff.status === 'accepted' && handoff.kind === 'ae-to-cs'
  const actions: Record<HandoffAction, boolean> = {
    accept: accepts,
    return: accepts,
    edit: may({ ...on, act: 'edit', items: {} }),
    kickoff: taken && may({ ...on, act: 'kickoff', on: today }),
    rate: taken && !handoff.rating && may({ ...on, act: 'rate', score: 5 }),
    'first-value': taken && !handoff.firstValueOn && may({ ...on, act: 'first-value', on: today }),
    reassign: handoff.status === 'submitted' && receiversFor(handoff, world, by, 1).length > 0,
    withdraw: may({ ...on, act: 'withdraw' }),
  }
  return (Object.keys(actions) as HandoffAction[]).filter((action) => actions[action])
}

/** People to whom this viewer may hand it instead. */
export function receiversFor(handoff: Handoff, world: HandoffWorld, by: string, most: number): string[] {
  const found: string[] = []
  for (const person of world.org.people.values()) {
    if (found.length >= most) break
    if (person.id === handoff.receiver) continue
    const act: HandoffAct = { act: 'reassign', to: person.id, by, platform: 'system' }
    if (rule(handoff, act, world).ok) found.push(person.id)
  }
  return found
}

function milestonesOf(handoff: Handoff, world: HandoffWorld, desk: EaselDesk): MilestoneDay[] {
  const by = desk.viewer?.id
  if (!by) return []
  return handoff.milestones
    .map(({ day }) => day)
    .filter(
      (day) => rule(handoff, { act: 'milestone-done', day, done: true, by, platform: 'system' }, world).ok,
    )
}

const isLine = (text: string | undefined): text is HandoffLine => handoffLines.some((line) => line === text)

/** The card of each audience; with a line, a message in the thread under it. */
const briefEntry: CardEntry = async (subject, desk, line) => {
  const drawn = await drawHandoff(subject, desk)
  if (!drawn) return undefined
  if (line === undefined) return { card: handoffCard(drawn.brief, desk.words), drawings: drawn.drawings }
  const what = line.split(':')[0]
  if (!isLine(what)) return undefined
  const card = handoffLine(what, drawn.brief, desk.words)
  return { card, drawings: [], threadOnly: hasCardOfItsOwn(what, drawn.brief.handoff) }
}

/** A line whose reader also gets a card that says the same, and rings. */
const hasCardOfItsOwn = (line: HandoffLine, { returns }: Handoff): boolean =>
  line === 'returned' || line === 'accepted' || (line === 'resubmitted' && returns.length > 0)

/** A short notice that rings where a redrawn card does not; when its time has passed it is redrawn, not posted. */
const noticeEntry =
  (
    draw: (brief: HandoffBrief, words: Words) => Card,
    stillDue: (handoff: Handoff, viewer: string | undefined, world: HandoffWorld) => boolean,
  ): CardEntry =>
  async (subject, desk) => {
    const drawn = await drawHandoff(subject, desk)
    if (!drawn) return undefined
    const { handoff } = drawn.brief
    return {
      card: draw(drawn.brief, desk.words),
      drawings: drawn.drawings,
      onlyRedraw: !stillDue(handoff, desk.viewer?.id, drawn.world),
    }
  }

const isWaiting = ({ status }: Handoff) => status !== 'accepted' && status !== 'withdrawn'

export const handoffCardEntries: Readonly<Record<string, CardEntry>> = {
  'handoff.receiver': briefEntry,
  'handoff.sender': briefEntry,
  'handoff.returned': noticeEntry(returnedCard, (handoff) => handoff.status === 'returned'),
  'handoff.again': noticeEntry(againCard, (handoff) => handoff.status === 'submitted'),
  'handoff.accepted': noticeEntry(acceptedCard, (handoff) => handoff.status === 'accepted'),
  'handoff.reminder': noticeEntry(
    reminderOfHandoff,
    (handoff, viewer, world) =>
      isWaiting(handoff) && viewer !== undefined && waitsOn(handoff, world).includes(viewer),
  ),
  'handoff.escalated': noticeEntry(escalatedHandoff, isWaiting),
  'handoff.kickoff': noticeEntry(
    kickoffCard,
    (handoff) => handoff.status === 'accepted' && handoff.kickoffOn === undefined,
  ),
  'handoff.rating': noticeEntry(ratingCard, (handoff) => handoff.rating === undefined),
  'handoff.milestone': noticeEntry(milestoneCard, (handoff, viewer) =>
    handoff.milestones.some((each) => each.doneOn === undefined && each.owner === viewer),
  ),
}
