import { type RawBuilder, sql } from 'kysely'
import type { Instant, PlainDate } from '../src/canon/calendar.ts'
import type {
  CriticalAccount,
  CustomerCell,
  CustomerSnapshot,
  GradeMove,
  GradeOrNone,
  SettledRenewal,
} from '../src/canon/customers.ts'
import type { Handoff } from '../src/canon/handoff.ts'
import type { Grade } from '../src/canon/health.ts'
import type { Renewal } from '../src/canon/renewal.ts'
import type { CustomerReads, CustomerSave } from '../src/ports/customers.ts'
import { among, listed, type Reader, type Tx } from './database.ts'
import { using } from './opportunity.ts'
import { renewalsOfCsms } from './renewal.ts'
import type {} from './schema-customers.ts'
import type {} from './schema-health.ts'
import type {} from './schema-record.ts'

/** A customer of these CSMs that has not left (no ARR is not known to be none), found by the CSM. */
const customersOf = (db: Reader, company: string, csms: readonly string[]): RawBuilder<unknown> => sql`
  accounts a ${using(db, 'accounts_of_csm')}
  left join account_health h on h.company_id = a.company_id and h.account = a.id
  where a.company_id = ${company} and a.csm is not null and ${among(db, sql.ref('a.csm'), csms)}
    and (a.arr is null or a.arr > 0)`

async function customerCells(db: Reader, company: string, csms: readonly string[]): Promise<CustomerCell[]> {
  if (csms.length === 0) return []
  const { rows } = await sql<CustomerCell>`
    select a.csm, coalesce(h.grade, 'unknown') as grade,
           case when a.arr is null then '' else coalesce(a.currency, '') end as currency,
           count(*) as accounts, coalesce(sum(a.arr), 0) as arr
    from ${customersOf(db, company, csms)}
    group by 1, 2, 3 order by 1, 2, 3`.execute(db)
  return rows.map((row) => ({
    csm: row.csm,
    grade: row.grade as GradeOrNone,
    currency: row.currency,
    accounts: Number(row.accounts),
    arr: Number(row.arr),
  }))
}

async function criticalAccounts(
  db: Reader,
  company: string,
  csms: readonly string[],
  most: number,
): Promise<CriticalAccount[]> {
  if (csms.length === 0) return []
  const { rows } = await sql<{
    account: string
    csm: string
    arr: number | null
    currency: string | null
    score: number
    since: string
    before_score: number | null
  }>`
    select * from (
      select a.id as account, a.csm, a.arr, a.currency, h.score, h.since, h.before_score,
             row_number() over (partition by a.csm order by coalesce(a.arr, 0) desc, h.score, a.id) as place
      from ${customersOf(db, company, csms)} and h.grade = 'critical'
    ) as red where place <= ${most} order by account`.execute(db)
  return rows.map((row) => ({
    account: row.account,
    csm: row.csm,
    ...(row.arr === null || row.currency === null
      ? {}
      : { arr: { amount: Number(row.arr), currency: row.currency } }),
    score: row.score,
    since: row.since,
    ...(row.before_score === null ? {} : { scoreBefore: row.before_score }),
  }))
}

async function gradeMoves(db: Reader, company: string, since: Instant, until: Instant): Promise<GradeMove[]> {
  const { rows } = await sql<{ account: string; csm: string; from_grade: string; to_grade: string }>`
    select h.account, a.csm, h.from_grade, h.to_grade from health_history h
    join accounts a on a.company_id = h.company_id and a.id = h.account
    where h.company_id = ${company} and h.at >= ${since} and h.at < ${until} and h.from_grade is not null
      and a.csm is not null
    order by h.account, h.seq`.execute(db)
  const net = new Map<string, GradeMove>()
  for (const { account, csm, from_grade, to_grade } of rows)
    net.set(account, {
      account,
      csm,
      from: net.get(account)?.from ?? (from_grade as Grade),
      to: to_grade as Grade,
    })
  return [...net.values()].filter(({ from, to }) => from !== to)
}

async function settledRenewals(
  db: Reader,
  company: string,
  from: PlainDate,
  to: PlainDate,
): Promise<SettledRenewal[]> {
  const { rows } = await sql<{ csm: string; body: string }>`
    select a.csm, r.body from renewals r
    join accounts a on a.company_id = r.company_id and a.id = r.account
    where r.company_id = ${company} and r.settled_on >= ${from} and r.settled_on <= ${to} and a.csm is not null
    order by r.account, r.renewal_on`.execute(db)
  return rows.flatMap(({ csm, body }) => {
    const { outcome } = JSON.parse(body) as Renewal
    if (!outcome) return []
    const { before, after } = outcome
    return [
      {
        csm,
        outcome: outcome.kind,
        ...(before.arr ? { before: before.arr } : {}),
        ...(after.arr ? { after: after.arr } : {}),
      },
    ]
  })
}

async function customerHandoffs(db: Reader, company: string, since: Instant): Promise<Handoff[]> {
  // An accepted handoff is due as long as a kickoff, a rating or a milestone of it is to come.
  const { rows } = await sql<{ body: string }>`
    select body from handoffs
    where company_id = ${company} and kind = 'cs-to-ae' and open = 1
    union all
    select body from handoffs
    where company_id = ${company} and kind = 'ae-to-cs' and opened_at >= ${since}
      and (status = 'submitted' or (status = 'accepted' and due_at is not null))`.execute(db)
  return rows.map(({ body }) => JSON.parse(body) as Handoff)
}

async function customerSnapshot(
  db: Reader,
  company: string,
  csms: readonly string[],
  from: PlainDate,
  to: PlainDate,
): Promise<CustomerSnapshot[]> {
  if (csms.length === 0) return []
  const { rows } = await sql<{
    csm: string
    taken_on: string
    grade: string
    currency: string
    accounts: number
    arr: number
  }>`
    select s.csm, s.taken_on, s.grade, s.currency, s.accounts, s.arr
    from (
      select listed.value as csm, (
        select max(p.taken_on) from customer_snapshots p
        where p.company_id = ${company} and p.csm = listed.value and p.taken_on >= ${from} and p.taken_on <= ${to}
      ) as day
      from ${listed(db, csms)}
    ) as newest
    join customer_snapshots s on s.company_id = ${company} and s.csm = newest.csm and s.taken_on = newest.day
    order by s.csm, s.grade, s.currency`.execute(db)
  return rows.map((row) => ({
    csm: row.csm,
    takenOn: row.taken_on,
    grade: row.grade as GradeOrNone,
    currency: row.currency,
    accounts: Number(row.accounts),
    arr: Number(row.arr),
  }))
}

/** See `CustomerSave`. */
export async function saveCustomerSnapshot(
  trx: Tx,
  company: string,
  { cells }: CustomerSave,
): Promise<boolean> {
  // A few hundred rows at a time: what one statement may be given as parameters.
  for (let at = 0; at < cells.length; at += 200)
    await trx
      .insertInto('customer_snapshots')
      .values(
        cells.slice(at, at + 200).map(({ csm, takenOn, grade, currency, accounts, arr }) => ({
          company_id: company,
          csm,
          taken_on: takenOn,
          grade,
          currency,
          accounts,
          arr,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  return true
}

/** The store's readings behind digests of customers. */
export const customerReads = (read: Reader): CustomerReads => ({
  customerCells: (company, csms) => customerCells(read, company, csms),
  customerSnapshot: (company, csms, from, to) => customerSnapshot(read, company, csms, from, to),
  criticalAccounts: (company, csms, most) => criticalAccounts(read, company, csms, most),
  renewalsOfCsms: (company, csms, from, to) => renewalsOfCsms(read, company, csms, from, to),
  gradeMoves: (company, since, until) => gradeMoves(read, company, since, until),
  settledRenewals: (company, from, to) => settledRenewals(read, company, from, to),
  customerHandoffs: (company, since) => customerHandoffs(read, company, since),
})
