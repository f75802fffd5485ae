import { type DealBrief, dealCard, dealChoices } from '../blocks/deal.ts'
import { localDate } from '../src/canon/calendar.ts'
import { isOpen, missingForStage, type Opportunity, stageAtLeast } from '../src/canon/opportunity.ts'
import { may, scopeOf } from '../src/canon/visibility.ts'
import type { Drawing } from '../src/ports.ts'
import type { Desk, Handler, Outcome } from './desk.ts'
import { discountSubject } from './discount-consequences.ts'
import { findDeal, namesOf, say, visibleDeal } from './discount-request.ts'
import { drawingFor } from './drawing.ts'

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

async function dealOutcome(desk: Desk, deal: Opportunity): Promise<Outcome> {
  const requests = await desk.store.discountsOfDeal(desk.company, deal.id, 5)
  const drawing = drawingFor(desk, { noun: 'deal', id: deal.id }, deal.version)
  const drawings = [drawing]
  const listed = requests.map((request) => {
    const participants = request.steps.flatMap((step) => [...step.people, ...step.alsoMayDecide])
    const on = { deal, participants, requester: request.requester }
    if (!may(desk.person, 'discount.see', on, desk.org)) return { request }
    const own = drawingFor(desk, discountSubject(request.id), request.version)
    drawings.push(own)
    return { request, drawing: own.id }
  })
  const names: Record<string, string> = Object.assign(
    {},
    ...requests.map((request) => namesOf(desk, request)),
  )
  if (deal.owner) names[deal.owner] = desk.org.people.get(deal.owner)?.name ?? deal.owner
  const { timeZone } = desk.org.company.working
  const brief: DealBrief = {
    deal,
    names,
    timeZone: desk.person.timeZone ?? timeZone,
    now: desk.now,
    today: localDate(desk.now, timeZone),
    drawing: drawing.id,
    mayAsk:
      isOpen(deal.stage) &&
      stageAtLeast(deal.stage, desk.policy.discount.entryStage) &&
      may(desk.person, 'deal.ask-discount', { deal }, desk.org),
    probability: desk.policy.probability[deal.stage],
    required: missingForStage(deal, deal.stage, desk.policy),
    requests: listed,
  }
  return { reply: { kind: 'say', card: dealCard(brief, desk.words) }, drawings }
}
