import type { Opportunity } from '../src/canon/opportunity.ts'
import { may, scopeOf } from '../src/canon/visibility.ts'
import type { Desk } from './desk.ts'

/** What was typed, without the quotation marks around a name. */
export const unquote = (text: string) => text.replace(/^["'“”‘’「]+|["'“”‘’」]+$/g, '').trim()

/** By id, else by exact name, else by a search with a single hit. */
export async function findDeal(desk: Desk, query: string) {
  const byId = await visibleDeal(desk, query)
  if (byId) return { deal: byId, hits: [] }
  // A whole name is looked up and not searched for; of several deals of one name the search asks which.
  const named = await desk.store.dealsNamed(desk.company, query, 20)
  const seen = named.filter((deal) => may(desk.person, 'deal.see', { deal }, desk.org))
  if (seen.length === 1) return { deal: seen[0], hits: [] }
  const hits = await desk.store.findDeals(desk.company, scopeOf(desk.person, desk.org), query, 8)
  const exact = hits.filter((hit) => hit.name.toLowerCase() === query.toLowerCase())
  const only = exact.length === 1 ? exact[0] : hits.length === 1 ? hits[0] : undefined
  return only ? { deal: await visibleDeal(desk, only.id), hits } : { deal: undefined, hits }
}

/** The deal with this id, if this person may see it; else nothing, which tells nothing (B5.36). */
export async function visibleDeal(desk: Desk, id: string | undefined): Promise<Opportunity | undefined> {
  if (!id) return undefined
  const deal = await desk.store.deal(desk.company, id)
  return deal && may(desk.person, 'deal.see', { deal }, desk.org) ? deal : undefined
}
