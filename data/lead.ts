import { type RawBuilder, type Selectable, sql } from 'kysely'
import { isLive, type Lead, type LeadStatus } from '../src/canon/lead.ts'
import type { Scope } from '../src/canon/visibility.ts'
import type { LeadHit, Save } from '../src/ports.ts'
import { among, clean, type Reader, type Tx } from './database.ts'
import type { Schema } from './schema.ts'
import type {} from './schema-record.ts'
import { searchText } from './search.ts'
import { searchOrder, searchWords } from './search-query.ts'
import { on } from './statement.ts'

export type LeadRow = Selectable<Schema['leads']>

export async function lead(db: Reader, company: string, id: string): Promise<Lead | undefined> {
  const { rows } = await on<LeadRow>(db)`select * from leads where company_id = ${company} and id = ${id}`
  return rows[0] && leadOf(rows[0])
}

/** A lead from its row. */
export function leadOf(row: LeadRow): Lead {
  const optional = {
    company: row.company,
    account: row.account,
    email: row.email,
    source: row.source,
    arrivedAt: row.arrived_at,
    owner: row.owner,
    firstTouchAt: row.first_touch_at,
    score: row.score,
    deal: row.deal,
  }
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null))
  return {
    id: row.id,
    name: row.name,
    ...(known as Partial<Lead>),
    status: row.status as LeadStatus,
    updatedAt: row.updated_at,
    version: row.version,
  }
}

/** See `Store.findLeads`. A lead that nobody owns is found by everybody who may see leads at all. */
export async function findLeads(
  db: Reader,
  company: string,
  scope: Scope,
  query: string,
  limit: number,
): Promise<LeadHit[]> {
  const where: RawBuilder<unknown>[] = [sql`company_id = ${company}`, ...searchWords(db, query)]
  if (!scope.all) where.push(sql`(${among(db, sql.ref('owner'), scope.owners)} or owner is null)`)
  const order = searchOrder(db, query)
  const { rows } = await sql<Pick<LeadRow, 'id' | 'name' | 'company' | 'status' | 'owner'>>`
    select id, name, company, status, owner from leads
    where company_id = ${company} and id in (
      select id from leads where ${sql.join(where, sql` and `)} order by live desc, ${order} limit ${limit})
    order by live desc, ${order}`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    ...(row.company === null ? {} : { company: row.company }),
    status: row.status as LeadStatus,
    ...(row.owner === null ? {} : { owner: row.owner }),
  }))
}

/** Writes a lead. False when it moved since it was read, or is there already. */
export async function saveLead(
  trx: Tx,
  company: string,
  { next, expect }: Extract<Save, { noun: 'lead' }>,
): Promise<boolean> {
  const text = (value: string | undefined) => (value === undefined ? null : clean(value))
  const row = {
    company_id: company,
    id: next.id,
    name: clean(next.name),
    company: text(next.company),
    account: next.account ?? null,
    email: next.email ?? null,
    source: text(next.source),
    arrived_at: next.arrivedAt ?? null,
    owner: next.owner ?? null,
    first_touch_at: next.firstTouchAt ?? null,
    score: next.score ?? null,
    status: next.status,
    live: isLive(next) ? (1 as const) : (0 as const),
    deal: next.deal ?? null,
    search: searchText({ id: next.id, name: next.name, accountName: next.company }),
    updated_at: next.updatedAt,
    version: next.version,
  }
  if (expect === 'new') {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('leads')
      .values(row)
      .onConflict((conflict) => conflict.columns(['company_id', 'id']).doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  }
  const { numUpdatedRows } = await trx
    .updateTable('leads')
    .set(row)
    .where('company_id', '=', company)
    .where('id', '=', next.id)
    .where('version', '=', expect)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
