import type { Account } from '../src/canon/account.ts'
import { accountScopeOf, may } from '../src/canon/visibility.ts'
import type { AccountHit } from '../src/ports.ts'
import type { Desk } from './desk.ts'

/**
 * The account with this id, if this person may see it; else nothing, which tells nothing (B5.36). Somebody with a deal
 * there sees it as well.
 */
export async function visibleAccount(
  desk: Pick<Desk, 'store' | 'company' | 'org' | 'person'>,
  id: string | undefined,
): Promise<Account | undefined> {
  const account = id ? await desk.store.account(desk.company, id) : undefined
  if (!account) return undefined
  if (may(desk.person, 'account.see', { account }, desk.org)) return account
  const deals = await desk.store.dealsOfAccount(desk.company, account.id, 50)
  return deals.some((deal) => may(desk.person, 'account.see', { account, deal }, desk.org))
    ? account
    : undefined
}

/** By id, else by exact name, else by a search with a single hit. */
export async function findAccount(
  desk: Desk,
  query: string,
): Promise<{ account: Account | undefined; hits: readonly AccountHit[] }> {
  const byId = await visibleAccount(desk, query)
  if (byId) return { account: byId, hits: [] }
  const hits = await desk.store.findAccounts(desk.company, accountScopeOf(desk.person, desk.org), query, 8)
  const exact = hits.filter((hit) => hit.name.toLowerCase() === query.toLowerCase())
  const only = exact.length === 1 ? exact[0] : hits.length === 1 ? hits[0] : undefined
  return { account: only && (await visibleAccount(desk, only.id)), hits }
}
