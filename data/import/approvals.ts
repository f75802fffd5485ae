import { sql } from 'kysely'
import { consequences } from '../../handlers/discount-consequences.ts'
import { type DiscountRequest, dealChanged } from '../../src/canon/discount.ts'
import type { Opportunity } from '../../src/canon/opportunity.ts'
import type { Org } from '../../src/canon/people.ts'
import type { Policy } from '../../src/canon/policy.ts'
import type { Tx } from '../database.ts'
import { saveDiscount } from '../discount.ts'
import { engineOf } from '../engine.ts'
import { deal } from '../opportunity.ts'
import { enqueueDeliveries, enqueueRefreshes } from '../outbox.ts'
import type { DataStore } from '../store.ts'
import type { Merge } from './merge.ts'
import { actorOf, entityCode } from './staging.ts'

/** An open request whose deal is about to be merged, and the deal as it was. */
interface Held {
  readonly request: DiscountRequest
  readonly before: Opportunity
  readonly policy: Policy
}

/**
 * The open requests on deals of this chunk, read before the deals change. On PostgreSQL they are locked, in the order
 * of an approval (request, then deal): else somebody who decides at that moment would make the merge fail (B5.99).
 */
export async function heldRequests(trx: Tx, store: DataStore, merge: Merge): Promise<Held[]> {
  const locked = engineOf(trx) === 'postgres' ? sql`for update of d` : sql``
  const { rows } = await sql<{ body: string }>`
    select d.body from discount_requests d
    join import_rows r on r.import_id = ${merge.importId} and r.entity = ${entityCode('opportunities')} and r.key = d.deal
    where d.company_id = ${merge.company} and d.open = 1 and r.part = ${merge.number}
      and r.seq > ${merge.range.after} and r.seq <= ${merge.range.upTo}
    ${locked}`.execute(trx)
  const held: Held[] = []
  for (const { body } of rows) {
    const request = JSON.parse(body) as DiscountRequest
    const before = await deal(trx, merge.company, request.deal)
    if (before)
      held.push({ request, before, policy: await store.policy(merge.company, request.policyVersion) })
  }
  return held
}

/**
 * What the change of a deal does to its open request, in the same transaction as the change: a new amount or
 * list price voids it, so that nothing stays approvable for numbers nobody was shown (B5.99). Returns the ids
 * of the requests that ended.
 */
export async function settleHeld(
  trx: Tx,
  store: DataStore,
  org: Org,
  held: readonly Held[],
  merge: Merge,
): Promise<string[]> {
  const { now } = merge
  const company = org.company.id
  const ended: string[] = []
  for (const { request, before, policy } of held) {
    const after = await deal(trx, company, request.deal)
    if (!after || after.version === before.version) continue
    const world = { now, org, policy, deal: after }
    const ruled = dealChanged(request, before, world)
    if (!ruled) continue
    const change = consequences(request, ruled.next, ruled.facts, world, actorOf(merge.part))
    for (const save of change.save)
      if (save.noun === 'discount' && !(await saveDiscount(trx, company, save)))
        throw new Error(`The request ${request.id} moved inside the transaction that read it.`)
    await enqueueDeliveries(trx, company, change.deliveries, now)
    await enqueueRefreshes(trx, company, change.refresh ?? [], now)
    await store.audit(trx, company, change.audit)
    if (ruled.next.status === 'voided') ended.push(request.id)
  }
  return ended
}
