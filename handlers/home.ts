import { homeCard } from '../blocks/home.ts'
import { localDate } from '../src/canon/calendar.ts'
import { isOpen } from '../src/canon/opportunity.ts'
import { delegationOf } from '../src/canon/people.ts'
import { may } from '../src/canon/visibility.ts'
import { inboxOf } from './approvals.ts'
import type { Handler } from './desk.ts'
import { companySubject, drawingFor } from './drawing.ts'
import { waitingHandoffsOf } from './handoff.ts'
import { homeNudgesOf } from './nudge-list.ts'
import { awayStateOf } from './person.ts'

/** App Home: what waits for me, what I asked for, my deals. */
export const showHome: Handler<'home'> = async (_gesture, desk) => {
  const [inbox, handoffs, nudges, deals] = await Promise.all([
    inboxOf(desk, 10),
    waitingHandoffsOf(desk, 10),
    homeNudgesOf(desk, 3),
    desk.store.dealsOf(desk.company, desk.person.id, 50),
  ])
  const drawing = drawingFor(desk, companySubject(desk.company))
  // The store gives closed ones as well, last: what is won or lost asks nothing of anybody here.
  const open = deals.filter((deal) => isOpen(deal.stage))
  const rows = open
    .slice(0, 10)
    .map((deal) => ({ deal, own: drawingFor(desk, { noun: 'deal', id: deal.id }, deal.version) }))
  const today = localDate(desk.now, desk.org.company.working.timeZone)
  const standsInFor = [...desk.org.people.values()].filter((person) => {
    if (!person.active || person.id === desk.person.id) return false
    const delegation = delegationOf(person, desk.org, today)
    return delegation.kind === 'delegate' && delegation.person.id === desk.person.id
  })
  const card = homeCard(
    {
      ...inbox.lists,
      now: desk.now,
      drawing: drawing.id,
      name: desk.person.name,
      handoffs: { waiting: handoffs.rows, total: handoffs.total },
      nudges: nudges.brief,
      today,
      deals: rows.map(({ deal, own }) => ({ deal, drawing: own.id })),
      dealsTotal: open.length,
      away: awayStateOf(desk),
      standsInFor: standsInFor.map((person) => person.name),
      isAdmin: may(desk.person, 'company.administer', {}, desk.org),
    },
    desk.words,
  )
  return {
    reply: { kind: 'home', card },
    drawings: [
      ...inbox.drawings,
      ...handoffs.drawings,
      ...nudges.drawings,
      drawing,
      ...rows.map(({ own }) => own),
    ],
  }
}
