import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Account } from '../src/canon/account.ts'
import type { Opportunity } from '../src/canon/opportunity.ts'
import type { Scope } from '../src/canon/visibility.ts'
import type { AccountHit, Save } from '../src/ports.ts'
import { among, clean, type Reader, type Tx } from './database.ts'
import { dealOf, using } from './opportunity.ts'
import type { Schema } from './schema.ts'
import { searchText } from './search.ts'
import { searchOrder, searchWords } from './search-query.ts'
import { on } from './statement.ts'

type Row = Selectable<Schema['accounts']>

export async function account(db: Reader, company: string, id: string): Promise<Account | undefined> {
  const { rows } = await on<Row>(db)`select * from accounts where company_id = ${company} and id = ${id}`
  return rows[0] && accountOf(rows[0])
}

/** An account from its row. */
function accountOf(row: Row): Account {
  const optional = {
    tier: row.tier,
    industry: row.industry,
    region: row.region,
    csm: row.csm,
    ae: row.ae,
    executiveSponsor: row.executive_sponsor,
    renewalOn: row.renewal_on,
  }
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null))
  return {
    id: row.id,
    name: row.name,
    ...(known as Partial<Account>),
    ...(row.arr !== null && row.currency !== null
      ? { arr: { amount: row.arr, currency: row.currency } }
      : {}),
    updatedAt: row.updated_at,
    version: row.version,
  }
}

/** See `Store.findAccounts`: an account is seen by its AE, its CSM, those above and beside them, and who has a deal there. */
export async function findAccounts(
  db: Reader,
  company: string,
  scope: Scope,
  query: string,
  limit: number,
): Promise<AccountHit[]> {
  const where: RawBuilder<unknown>[] = [sql`company_id = ${company}`, ...searchWords(db, query)]
  let from = sql`accounts`
  if (!scope.all) {
    const people = [...new Set([...scope.owners, ...(scope.csm === undefined ? [] : [scope.csm])])]
    const of = (what: RawBuilder<unknown>) => sql`company_id = ${company} and ${what}`
    // `cross join` holds SQLite to this order: first the few accounts that are theirs, then a look into those.
    from = sql`(
      select id as mine from accounts where ${of(among(db, sql.ref('ae'), people))}
      union select id from accounts where ${of(among(db, sql.ref('csm'), people))}
      union select account from opportunities ${using(db, 'opportunities_of_owner')}
        where ${of(among(db, sql.ref('owner'), scope.owners))} and account is not null
    ) as theirs cross join accounts`
    where.push(sql`id = mine`)
  }
  const order = searchOrder(db, query)
  const { rows } = await sql<Pick<Row, 'id' | 'name' | 'tier' | 'csm' | 'ae'>>`
    select id, name, tier, csm, ae from accounts
    where company_id = ${company} and id in (
      select id from ${from} where ${sql.join(where, sql` and `)} order by ${order} limit ${limit})
    order by ${order}`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    ...(row.tier === null ? {} : { tier: row.tier }),
    ...(row.csm === null ? {} : { csm: row.csm }),
    ...(row.ae === null ? {} : { ae: row.ae }),
  }))
}

/** Open deals first, the last changed first. */
export async function dealsOfAccount(
  db: Reader,
  company: string,
  id: string,
  limit: number,
): Promise<Opportunity[]> {
  const rows = await db
    .selectFrom('opportunities')
    .selectAll()
    .where('company_id', '=', company)
    .where('account', '=', id)
    .orderBy('closed')
    .orderBy('updated_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(dealOf)
}

/** Writes an account, and what its deals repeat of it. False when it moved since it was read, or is there already. */
export async function saveAccount(
  trx: Tx,
  company: string,
  { next, expect }: Extract<Save, { noun: 'account' }>,
): Promise<boolean> {
  const text = (value: string | undefined) => (value === undefined ? null : clean(value))
  const row = {
    company_id: company,
    id: next.id,
    name: clean(next.name),
    tier: next.tier ?? null,
    industry: text(next.industry),
    region: text(next.region),
    csm: next.csm ?? null,
    ae: next.ae ?? null,
    executive_sponsor: next.executiveSponsor ?? null,
    arr: next.arr?.amount ?? null,
    currency: next.arr?.currency ?? null,
    renewal_on: next.renewalOn ?? null,
    search: searchText(next),
    updated_at: next.updatedAt,
    version: next.version,
  }
  if (expect === 'new') {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('accounts')
      .values(row)
      .onConflict((conflict) => conflict.columns(['company_id', 'id']).doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  }
  const { numUpdatedRows } = await trx
    .updateTable('accounts')
    .set(row)
    .where('company_id', '=', company)
    .where('id', '=', next.id)
    .where('version', '=', expect)
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return false
  const deals = await trx
    .selectFrom('opportunities')
    .select(['id', 'name'])
    .where('company_id', '=', company)
    .where('account', '=', next.id)
    .execute()
  for (const deal of deals)
    await trx
      .updateTable('opportunities')
      .set({
        account_name: row.name,
        account_csm: row.csm,
        tier: row.tier,
        account_industry: row.industry,
        search: searchText({ ...deal, accountName: row.name }),
      })
      .where('company_id', '=', company)
      .where('id', '=', deal.id)
      .execute()
  return true
}
