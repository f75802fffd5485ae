import { type RawBuilder, sql } from 'kysely'
import type { PlainDate } from '../src/canon/calendar.ts'
import type { Grade } from '../src/canon/health.ts'
import type { Tier } from '../src/canon/opportunity.ts'
import type { Renewal, RenewalLine } from '../src/canon/renewal.ts'
import type { Scope } from '../src/canon/visibility.ts'
import type { RenewalMark, RenewalReads, RenewalSum } from '../src/ports/renewal.ts'
import type { Save } from '../src/ports.ts'
import { among, type Reader, type Tx, toJson } from './database.ts'
import { using } from './opportunity.ts'
import { qbrCompletion, qbrLines, qbrsOf } from './qbr.ts'
import type {} from './schema-health.ts'
import type {} from './schema-renewal.ts'
import { on } from './statement.ts'

interface Body {
  body: string
}

const renewalOf = ({ body }: Body) => JSON.parse(body) as Renewal

async function renewal(
  db: Reader,
  company: string,
  account: string,
  renewalOn: PlainDate,
): Promise<Renewal | undefined> {
  const { rows } = await on<Body>(db)`select body from renewals
    where company_id = ${company} and account = ${account} and renewal_on = ${renewalOn}`
  return rows[0] && renewalOf(rows[0])
}

/** The newest first. */
async function renewalsOf(db: Reader, company: string, account: string, limit: number): Promise<Renewal[]> {
  const { rows } = await on<Body>(db)`select body from renewals
    where company_id = ${company} and account = ${account} order by renewal_on desc limit ${limit}`
  return rows.map(renewalOf)
}

/** False when it moved since it was read, or is there already. */
export async function saveRenewal(
  trx: Tx,
  company: string,
  { next, expect }: Extract<Save, { noun: 'renewal' }>,
): Promise<boolean> {
  const row = {
    company_id: company,
    account: next.account,
    renewal_on: next.renewalOn,
    outcome: next.outcome?.kind ?? null,
    settled_on: next.outcome?.on ?? null,
    version: next.version,
    body: toJson(next),
  }
  if (expect === 'new') {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('renewals')
      .values(row)
      .onConflict((conflict) => conflict.columns(['company_id', 'account', 'renewal_on']).doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  }
  const { numUpdatedRows } = await trx
    .updateTable('renewals')
    .set(row)
    .where('company_id', '=', company)
    .where('account', '=', next.account)
    .where('renewal_on', '=', next.renewalOn)
    .where('version', '=', expect)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

// ── renewals ahead ───────────────────────────────────────────────────────────

interface Range {
  readonly from: PlainDate
  readonly to: PlainDate
  readonly after?: RenewalMark
}

/** Only accounts that the scope's people look after, as CSM or AE. */
function mine(db: Reader, scope: Scope): RawBuilder<unknown> {
  if (scope.all) return sql``
  const people = [...new Set([...scope.owners, ...(scope.csm === undefined ? [] : [scope.csm])])]
  return sql`and (${among(db, sql.ref('a.csm'), people)} or ${among(db, sql.ref('a.ae'), people)})`
}

/** Accounts whose renewal lies in a range and that the scope's people look after, with what was done about it. */
function ahead(db: Reader, company: string, scope: Scope, { from, to, after }: Range) {
  const where: RawBuilder<unknown>[] = [
    sql`a.company_id = ${company}`,
    // A page begins at the day where the last one ended: the pair below alone would read every page from the first day on.
    sql`a.renewal_on between ${after?.renewalOn ?? from} and ${to}`,
    sql`(r.account is null or r.outcome is null)`,
  ]
  if (after) where.push(sql`(a.renewal_on, a.id) > (${after.renewalOn}, ${after.account})`)
  return sql`accounts a left join renewals r
    on r.company_id = a.company_id and r.account = a.id and r.renewal_on = a.renewal_on
    left join account_health h on h.company_id = a.company_id and h.account = a.id
    where ${sql.join(where, sql` and `)} ${mine(db, scope)}`
}

interface Row {
  id: string
  name: string
  tier: string | null
  csm: string | null
  ae: string | null
  arr: number | null
  currency: string | null
  renewal_on: string
  body: string | null
  score: number | null
  grade: string | null
}

const lineOf = (row: Row): RenewalLine => ({
  account: row.id,
  name: row.name,
  renewalOn: row.renewal_on,
  done: row.body === null ? [] : renewalOf({ body: row.body }).done.map(({ day }) => day),
  ...(row.tier === null ? {} : { tier: row.tier as Tier }),
  ...(row.csm === null ? {} : { csm: row.csm }),
  ...(row.ae === null ? {} : { ae: row.ae }),
  ...(row.arr === null || row.currency === null ? {} : { arr: { amount: row.arr, currency: row.currency } }),
  ...(row.score === null || row.grade === null
    ? {}
    : { health: { score: row.score, grade: row.grade as Grade } }),
})

/** See `RenewalReads.renewalsAhead`. */
async function renewalsAhead(
  db: Reader,
  company: string,
  scope: Scope,
  range: Range,
  limit: number,
): Promise<RenewalLine[]> {
  const { rows } = await sql<Row>`
    select a.id, a.name, a.tier, a.csm, a.ae, a.arr, a.currency, a.renewal_on, r.body,
      h.score, h.grade
    from ${ahead(db, company, scope, range)}
    order by a.renewal_on, a.id limit ${limit}`.execute(db)
  return rows.map(lineOf)
}

/** See `CustomerReads.renewalsOfCsms`: found by the CSM, who has fewer accounts than a company renews in half a year. */
export async function renewalsOfCsms(
  db: Reader,
  company: string,
  csms: readonly string[],
  from: PlainDate,
  to: PlainDate,
): Promise<RenewalLine[]> {
  if (csms.length === 0) return []
  const { rows } = await sql<Row>`
    select a.id, a.name, a.tier, a.csm, a.ae, a.arr, a.currency, a.renewal_on, r.body, h.score, h.grade
    from accounts a ${using(db, 'accounts_of_csm')}
    left join renewals r on r.company_id = a.company_id and r.account = a.id and r.renewal_on = a.renewal_on
    left join account_health h on h.company_id = a.company_id and h.account = a.id
    where a.company_id = ${company} and a.csm is not null and ${among(db, sql.ref('a.csm'), csms)}
      and a.renewal_on between ${from} and ${to} and (r.account is null or r.outcome is null)
    order by a.renewal_on, a.id`.execute(db)
  return rows.map(lineOf)
}

/** See `RenewalReads.renewalSums`. */
async function renewalSums(db: Reader, company: string, scope: Scope, range: Range): Promise<RenewalSum[]> {
  const { rows } = await sql<Record<keyof RenewalSum, string | number>>`
    select substr(a.renewal_on, 1, 7) as month, coalesce(a.currency, '') as currency, count(*) as accounts,
      coalesce(sum(a.arr), 0) as arr,
      sum(case when h.grade = 'at-risk' then a.arr else 0 end) as "atRisk",
      sum(case when h.grade = 'critical' then a.arr else 0 end) as critical
    from ${ahead(db, company, scope, range)}
    group by 1, 2 order by 1, 2`.execute(db)
  return rows.map(({ month, currency, ...sums }) => ({
    month: String(month),
    currency: String(currency),
    accounts: Number(sums.accounts),
    arr: Number(sums.arr),
    atRisk: Number(sums.atRisk),
    critical: Number(sums.critical),
  }))
}

/** See `RenewalReads.renewalsSettled`. */
async function renewalsSettled(
  db: Reader,
  company: string,
  scope: Scope,
  since: PlainDate,
  limit: number,
): Promise<{ name: string; renewal: Renewal }[]> {
  const { rows } = await sql<{ name: string; body: string }>`
    select a.name, r.body from renewals r join accounts a on a.company_id = r.company_id and a.id = r.account
    where r.company_id = ${company} and r.settled_on >= ${since} ${mine(db, scope)}
    order by r.settled_on desc, r.account limit ${limit}`.execute(db)
  return rows.map(({ name, body }) => ({ name, renewal: renewalOf({ body }) }))
}

/** The store's readings of renewals and QBRs. */
export const renewalReads = (read: Reader): RenewalReads => ({
  renewal: (company, account, renewalOn) => renewal(read, company, account, renewalOn),
  renewalsOf: (company, account, limit) => renewalsOf(read, company, account, limit),
  renewalsAhead: (company, scope, range, limit) => renewalsAhead(read, company, scope, range, limit),
  renewalSums: (company, scope, range) => renewalSums(read, company, scope, range),
  renewalsSettled: (company, scope, since, limit) => renewalsSettled(read, company, scope, since, limit),
  qbrsOf: (company, account, limit) => qbrsOf(read, company, account, limit),
  qbrLines: (company, tiers, quarters, after, limit) =>
    qbrLines(read, company, tiers, quarters, after, limit),
  qbrCompletion: (company, quarter) => qbrCompletion(read, company, quarter),
})
