import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { threadPlaces } from '../../handlers/deal-thread.ts'
import { wonHandoff } from '../../handlers/handoff-won.ts'
import { dealSubject, stageConsequences } from '../../handlers/stage-consequences.ts'
import type { Gate, GateDebt, Opportunity, Stage } from '../../src/canon/opportunity.ts'
import { type DealStep, type StageFact, wayOf } from '../../src/canon/stage.ts'
import type { Tx } from '../database.ts'
import { deal } from '../opportunity.ts'
import { enqueueDeliveries, enqueueRefreshes } from '../outbox.ts'
import type { DataStore } from '../store.ts'
import type { Merge } from './merge.ts'
import type { Moving } from './merge-record.ts'
import { actorOf, stagedRows } from './staging.ts'

// What follows when an import or the API moves deals under the gates: the same as from the chat. History that is
// loaded as it is follows nothing and tells nobody.

/** The deals that are about to move, as they are. */
export async function dealsBefore(
  trx: Tx,
  company: string,
  moving: readonly Moving[],
): Promise<ReadonlyMap<string, Opportunity>> {
  const before = new Map<string, Opportunity>()
  for (const { id, from } of moving) {
    const found = from === null ? undefined : await deal(trx, company, id)
    if (found) before.set(id, found)
  }
  return before
}

/** Audit and deliveries of every move of a chunk, in the transaction that made it. */
export async function followMoves(
  trx: Tx,
  store: DataStore,
  merge: Merge,
  moving: readonly Moving[],
  before: ReadonlyMap<string, Opportunity>,
): Promise<void> {
  const { company, now, part } = merge
  const [org, policy] = [await store.org(company), await store.policy(company)]
  const actor = actorOf(part)
  for (const { id, reason } of moving) {
    const next = await deal(trx, company, id)
    if (!next) continue
    const was = before.get(id)
    const facts = [factOf(was?.stage, next.stage)]
    const entry = {
      deal: id,
      ...(was ? { from: was.stage } : {}),
      to: next.stage,
      at: now,
      by: actor.by,
      door: actor.platform,
      ...(reason === null ? {} : { reason }),
    }
    const step: DealStep = { ...(was ? { before: was } : {}), next, entry, facts }
    const places = was ? await threadPlaces(store, next, org, policy) : []
    const after = stageConsequences(step, { now, org, policy }, actor, places)
    await enqueueDeliveries(trx, company, after.deliveries, now)
    await enqueueRefreshes(trx, company, after.refresh ?? [], now)
    await store.audit(trx, company, after.audit)
  }
}

/** A deal of a chunk that owes something, and what. */
interface Owing {
  readonly id: string
  readonly gates: readonly Gate[]
}

/** The deals of a chunk that owe a gate, before it is merged. */
export async function owingBefore(trx: Tx, merge: Merge): Promise<Owing[]> {
  const { engine, importId, number, part, range, company } = merge
  if (!part.columns.includes('gate_debt')) return []
  const { rows } = await sql<{ id: string; owed: string }>`
    with ${stagedRows(engine, importId, number, part.columns, range)}
    select t.id, t.gate_debt as owed from r join opportunities t on t.company_id = ${company} and t.id = r.id
    where t.gate_debt is not null and t.gate_debt is distinct from r.gate_debt`.execute(trx)
  return rows.map(({ id, owed }) => ({ id, gates: (JSON.parse(owed) as GateDebt[]).map(({ gate }) => gate) }))
}

/** A gate debt that a file or another system has paid is a fact of its own, as it is from the chat. */
export async function followPaid(
  trx: Tx,
  store: DataStore,
  { company, now, part }: Merge,
  owing: readonly Owing[],
): Promise<void> {
  const actor = actorOf(part)
  for (const { id, gates } of owing) {
    const next = await deal(trx, company, id)
    const left = new Set(next?.gateDebt?.map(({ gate }) => gate))
    // A lost deal owes nothing any more, and has paid nothing.
    const paid = gates.filter((gate) => !left.has(gate))
    if (!next || next.stage === 'CL' || paid.length === 0) continue
    await enqueueRefreshes(trx, company, [dealSubject(id)], now)
    await store.audit(trx, company, [
      {
        at: now,
        what: 'deal.debt-paid',
        ...actor,
        subject: dealSubject(id),
        detail: { gates: paid, version: next.version },
      },
    ])
  }
}

const factOf = (from: Stage | undefined, to: Stage): StageFact => {
  const way = from && wayOf(from, to)
  return way && from ? { fact: way, from, to } : { fact: 'opened', to }
}

/**
 * Opens the AE→CS handoff of every won deal that has none: Closed Won opens it whichever door it came through (Canon,
 * Handoffs). It looks at the record and not at what was just imported, so an import that was killed in between leaves
 * nothing behind. Returns how many were opened.
 */
export async function openWonHandoffs(
  store: DataStore,
  company: string,
  now: number,
  actor: { readonly by: string; readonly platform: 'import' | 'api' },
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select o.id from opportunities o
    where o.company_id = ${company} and o.won = 'unfinished' and not exists (
      select 1 from handoffs h where h.company_id = o.company_id and h.deal = o.id and h.kind = 'ae-to-cs'
        and h.status <> 'withdrawn')
    order by o.id`.execute(store.database.read)
  let opened = 0
  for (const { id } of rows) {
    const next = await store.deal(company, id)
    if (!next) continue
    const [org, policy] = [await store.org(company), await store.policy(company)]
    const reader = { store, company, now, org, policy, newId: randomUUID }
    const handoff = await wonHandoff(reader, { next, facts: [] }, actor)
    // Stale: somebody opened it just now.
    if (handoff && (await store.commit({ company, ...handoff.part })).outcome === 'committed') opened++
  }
  return opened
}
