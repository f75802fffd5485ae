import { sql } from 'kysely'
import type { Instant } from '../src/canon/calendar.ts'
import type { DiscountRequest } from '../src/canon/discount.ts'
import type { Save } from '../src/ports.ts'
import { among, type Reader, type Tx, toJson } from './database.ts'
import { engineOf } from './engine.ts'
import { on } from './statement.ts'

interface Body {
  body: string
}

const requestOf = (row: Body) => JSON.parse(row.body) as DiscountRequest

const isOpen = (request: DiscountRequest) => request.status === 'pending' || request.status === 'countered'

export async function discount(
  db: Reader,
  company: string,
  id: string,
): Promise<DiscountRequest | undefined> {
  const { rows } = await on<Body>(db)`
    select body from discount_requests where company_id = ${company} and id = ${id}`
  return rows[0] && requestOf(rows[0])
}

export async function openDiscount(
  db: Reader,
  company: string,
  deal: string,
): Promise<DiscountRequest | undefined> {
  // The literal 1 lets SQLite use the partial index; a parameter would not.
  const { rows } = await on<Body>(db)`
    select body from discount_requests where company_id = ${company} and deal = ${deal} and open = 1`
  return rows[0] && requestOf(rows[0])
}

/** Newest first. */
export async function discountsOfDeal(
  db: Reader,
  company: string,
  deal: string,
  limit: number,
): Promise<DiscountRequest[]> {
  const rows = await db
    .selectFrom('discount_requests')
    .select('body')
    .where('company_id', '=', company)
    .where('deal', '=', deal)
    .orderBy('opened_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(requestOf)
}

/** What waits for a person, longest waiting first. */
export async function waitingFor(
  db: Reader,
  company: string,
  person: string,
  limit: number,
): Promise<{ total: number; requests: DiscountRequest[] }> {
  const waiting = db
    .selectFrom('discount_waiting as w')
    .where('w.company_id', '=', company)
    .where('w.person_id', '=', person)
    .where('w.waits', '=', 1)
  const rows = await waiting
    .innerJoin('discount_requests as r', (join) =>
      join.onRef('r.company_id', '=', 'w.company_id').onRef('r.id', '=', 'w.request_id'),
    )
    .select('r.body')
    .orderBy('w.opened_at')
    .orderBy('w.request_id')
    .limit(limit)
    .execute()
  if (rows.length < limit) return { total: rows.length, requests: rows.map(requestOf) }
  const { total } = await waiting
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { total, requests: rows.map(requestOf) }
}

/** What a person asked for: open requests first, the newest first in each part. */
export async function askedBy(
  db: Reader,
  company: string,
  person: string,
  limit: number,
): Promise<{ total: number; requests: DiscountRequest[] }> {
  const asked = db
    .selectFrom('discount_requests')
    .where('company_id', '=', company)
    .where('requester', '=', person)
  const rows = await asked
    .select('body')
    .orderBy('open', 'desc')
    .orderBy('opened_at', 'desc')
    .limit(limit)
    .execute()
  if (rows.length < limit) return { total: rows.length, requests: rows.map(requestOf) }
  const { total } = await asked.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  return { total, requests: rows.map(requestOf) }
}

/** Over all companies: what the sweep has to look at, the longest due first. */
export async function dueDiscounts(
  db: Reader,
  now: Instant,
  limit: number,
): Promise<{ company: string; id: string }[]> {
  return db
    .selectFrom('discount_requests')
    .select(['company_id as company', 'id'])
    .where('due_at', 'is not', null)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()
}

export async function openDiscountsWith(
  db: Reader,
  company: string,
  people: readonly string[],
): Promise<DiscountRequest[]> {
  if (people.length === 0) return []
  const rows = await db
    .selectFrom('discount_requests')
    .select('body')
    .where('company_id', '=', company)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('discount_waiting')
        .select('request_id')
        .where('company_id', '=', company)
        .where('step', '=', 1)
        .where(among(db, sql.ref('person_id'), people)),
    )
    .orderBy('opened_at')
    .execute()
  return rows.map(requestOf)
}

/** Writes a request. False when it moved since it was read, or when the deal already has another open one. */
export async function saveDiscount(
  trx: Tx,
  company: string,
  save: Extract<Save, { noun: 'discount' }>,
): Promise<boolean> {
  const { next, expect } = save
  const open = isOpen(next)
  const flag = open ? 1 : 0
  const settledAt = next.settledAt ?? null
  const dueAt = open ? (save.dueAt ?? null) : null
  const body = toJson(next)
  if (expect === 'new') {
    const { numAffectedRows } = await on(trx)`
      insert into discount_requests
        (company_id, id, deal, requester, status, open, discount, version, opened_at, settled_at, due_at, body)
      values (${company}, ${next.id}, ${next.deal}, ${next.requester}, ${next.status}, ${flag}, ${next.discount},
              ${next.version}, ${next.openedAt}, ${settledAt}, ${dueAt}, ${body})
      on conflict do nothing`
    if (numAffectedRows !== 1n) return false
  } else {
    if (next.version <= expect)
      throw new Error(`Version ${next.version} of ${next.id} cannot follow ${expect}.`)
    const { numAffectedRows } = await on(trx)`
      update discount_requests
      set status = ${next.status}, open = ${flag}, discount = ${next.discount}, version = ${next.version},
          settled_at = ${settledAt}, due_at = ${dueAt}, body = ${body}
      where company_id = ${company} and id = ${next.id} and version = ${expect}`
    if (numAffectedRows !== 1n) return false
    await forgetWaiting(trx, company, next.id)
  }
  await saveWaiting(trx, company, next, open ? save.waiting : [])
  return true
}

/**
 * Makes open requests due at once, so that the next sweep rules on them again: somebody in them has left or lost a
 * role (B5.7, B5.8). Of one person, or of everybody after an import of people.
 */
export async function dueAtOnce(trx: Tx, company: string, person?: string): Promise<void> {
  await trx
    .updateTable('discount_requests')
    .set({ due_at: 0 })
    .where('company_id', '=', company)
    .where('open', '=', sql.lit(1 as const))
    .$if(person !== undefined, (update) =>
      update.where((eb) =>
        eb.or([
          eb('requester', '=', person!),
          eb(
            'id',
            'in',
            eb
              .selectFrom('discount_waiting')
              .select('request_id')
              .where('company_id', '=', company)
              .where('person_id', '=', person!),
          ),
        ]),
      ),
    )
    .execute()
}

async function forgetWaiting(trx: Tx, company: string, request: string): Promise<void> {
  // SQLite would look through everything that waits in the company, at every decision, if the index were not named.
  if (engineOf(trx) === 'sqlite')
    await on(trx)`
      delete from discount_waiting indexed by discount_waiting_of_request
      where company_id = ${company} and request_id = ${request}`
  else await on(trx)`delete from discount_waiting where company_id = ${company} and request_id = ${request}`
}

async function saveWaiting(
  trx: Tx,
  company: string,
  request: DiscountRequest,
  waiting: readonly string[],
): Promise<void> {
  const waits = new Set(waiting)
  // Whoever an open step names is kept too, able to act or not: the sweep re-routes by it when people leave.
  const named = new Set(
    isOpen(request)
      ? request.steps
          .filter((step) => step.state === 'open')
          .flatMap((step) => [...step.people, ...step.alsoMayDecide])
      : [],
  )
  for (const person of new Set([...waits, ...named])) {
    await on(trx)`
      insert into discount_waiting (company_id, person_id, request_id, waits, step, opened_at)
      values (${company}, ${person}, ${request.id}, ${waits.has(person) ? 1 : 0}, ${named.has(person) ? 1 : 0},
              ${request.openedAt})`
  }
}
