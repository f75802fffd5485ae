import { type DealBrief, dealCard, dealChoices } from '../blocks/deal.ts'
import { localDate } from '../src/canon/calendar.ts'
import { nextActions } from '../src/canon/next-actions.ts'
import { isOpen, missingForStage, type Opportunity, stageAtLeast } from '../src/canon/opportunity.ts'
import { may, scopeOf } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import { findDeal, visibleDeal } from './deal-find.ts'
import type { Desk, Handler, Outcome } from './desk.ts'
import { discountSubject } from './discount-consequences.ts'
import { namesOf, say } from './discount-request.ts'
import { drawingFor } from './drawing.ts'
import { kindsFor } from './handoff.ts'
import { namesOfHandoff } from './handoff-cards.ts'
import { handoffSubject } from './handoff-consequences.ts'
import { readable, stageFile } from './stage-state.ts'

/** `/deal [deal]`: the deal's card; without a name, the person's own open deals to choose from. */
export const showDeal: Handler<'command'> = async (gesture, desk) => {
  const query = gesture.text.trim()
  const found = query ? await findDeal(desk, query) : { deal: undefined, hits: await nearby(desk) }
  if (found.deal) return dealOutcome(desk, found.deal)
  const drawings: Drawing[] = found.hits.map((hit) => drawingFor(desk, { noun: 'deal', id: hit.id }))
  const rows = found.hits.map((hit, i) => ({
    hit,
    drawing: drawings[i]!.id,
    ownerName: hit.owner && desk.org.people.get(hit.owner)?.name,
  }))
  return { reply: { kind: 'say', card: dealChoices({ rows, query }, desk.words) }, drawings }
}

const nearby = (desk: Desk) =>
  desk.store.findDeals(desk.company, scopeOf(desk.person, desk.org), '', 8, { openOnly: true })

/** The button of a row: the card of that deal. */
export const openDeal: Handler<'button'> = async (gesture, desk) => {
  const drawing = await desk.store.drawing(desk.company, gesture.drawing)
  const deal = drawing?.subject.noun === 'deal' ? await visibleDeal(desk, drawing.subject.id) : undefined
  return deal ? dealOutcome(desk, deal) : say(desk, { code: 'out-of-date' })
}

/** How much of the record a card shows; the store reads no more. */
const most = { requests: 5, contacts: 30, activities: 20, handoffs: 3, history: 6 } as const

async function dealOutcome(desk: Desk, deal: Opportunity): Promise<Outcome> {
  const { store, company, org, policy } = desk
  const [requests, file, handoffs, history, kinds, health] = await Promise.all([
    store.discountsOfDeal(company, deal.id, most.requests),
    stageFile(desk, deal),
    store.handoffsOf(company, { deal: deal.id }, most.handoffs),
    store.stageHistory(company, deal.id, most.history),
    kindsFor(desk, { deal: deal.id }),
    deal.account ? store.healthOf(company, deal.account) : undefined,
  ])
  const drawing = drawingFor(desk, { noun: 'deal', id: deal.id }, deal.version)
  const drawings = [drawing]
  const listed = requests.map((request) => {
    const participants = request.steps.flatMap((step) => [...step.people, ...step.alsoMayDecide])
    const on = { deal, participants, requester: request.requester }
    if (!may(desk.person, 'discount.see', on, org)) return { request }
    const own = drawingFor(desk, discountSubject(request.id), request.version)
    drawings.push(own)
    return { request, drawing: own.id }
  })
  const passed = handoffs.map((handoff) => {
    const sees = may(desk.person, 'handoff.see', { handoff, deal }, org)
    const own = drawingFor(desk, handoffSubject(handoff.id), handoff.version)
    if (sees) drawings.push(own)
    return { handoff, names: namesOfHandoff(handoff, desk), deal, drawing: sees ? own.id : '' }
  })
  const actions = nextActions(file.known, {
    now: desk.now,
    org,
    policy,
    contacts: file.contacts,
    activities: file.activities,
    handoffs,
    ...(file.discount ? { discount: file.discount } : {}),
  })
  const named = [
    deal.owner,
    ...history.map((entry) => entry.by),
    ...file.activities.map((activity) => activity.person),
    ...actions.flatMap((action) => ('people' in action ? action.people : [])),
  ]
  const names: Record<string, string> = Object.assign(
    {},
    ...requests.map((request) => namesOf(desk, request)),
  )
  for (const id of named) {
    const name = id === undefined ? undefined : org.people.get(id)?.name
    if (id !== undefined && name) names[id] = name
  }
  const { timeZone } = org.company.working
  const mayChange = may(desk.person, isOpen(deal.stage) ? 'deal.change' : 'deal.reopen', { deal }, org)
  const underWay = passed.some(({ handoff }) => handoff.status !== 'withdrawn')
  const brief: DealBrief = {
    deal: { ...deal, meddicc: readable(deal.meddicc, file.contacts) },
    names,
    timeZone: desk.person.timeZone ?? timeZone,
    now: desk.now,
    today: localDate(desk.now, timeZone),
    drawing: drawing.id,
    mayAsk:
      isOpen(deal.stage) &&
      stageAtLeast(deal.stage, policy.discount.entryStage) &&
      may(desk.person, 'deal.ask-discount', { deal }, org),
    probability: policy.probability[deal.stage],
    required: missingForStage(deal, deal.stage, policy),
    requests: listed,
    mayChange,
    ...(health ? { health } : {}),
    mayHandOver: kinds.length > 0 && !underWay,
    mayLog: isOpen(deal.stage) || deal.stage === 'CW',
    record: {
      contacts: file.contacts.slice(0, most.contacts),
      activities: file.activities.slice(0, most.activities),
      handoffs: passed,
      history,
      actions,
      lossReasons: policy.lossReasons,
    },
  }
  return { reply: { kind: 'say', card: dealCard(brief, desk.words) }, drawings }
}
