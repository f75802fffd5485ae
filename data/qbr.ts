import { sql } from 'kysely'
import type { Tier } from '../src/canon/opportunity.ts'
import type { Qbr } from '../src/canon/qbr.ts'
import type { QbrLine } from '../src/ports/renewal.ts'
import type { Save } from '../src/ports.ts'
import { among, clean, type Reader, type Tx } from './database.ts'
import type {} from './schema-renewal.ts'
import { on } from './statement.ts'

/** The newest first. */
export async function qbrsOf(db: Reader, company: string, account: string, limit: number): Promise<Qbr[]> {
  const { rows } = await on<{
    quarter: string
    held_on: string
    recorded_by: string
    notes: string | null
  }>(db)`select quarter, held_on, recorded_by, notes from qbrs
    where company_id = ${company} and account = ${account} order by held_on desc, quarter desc limit ${limit}`
  return rows.map(({ quarter, held_on, recorded_by, notes }) => ({
    account,
    quarter,
    heldOn: held_on,
    by: recorded_by,
    ...(notes === null ? {} : { notes }),
  }))
}

/** Always kept: what was there for the quarter is replaced, and the audit has both. */
export async function saveQbr(
  trx: Tx,
  company: string,
  { next }: Extract<Save, { noun: 'qbr' }>,
): Promise<boolean> {
  const said = { held_on: next.heldOn, recorded_by: next.by, notes: next.notes ? clean(next.notes) : null }
  await trx
    .insertInto('qbrs')
    .values({ company_id: company, account: next.account, quarter: next.quarter, ...said })
    .onConflict((conflict) => conflict.columns(['company_id', 'account', 'quarter']).doUpdateSet(said))
    .execute()
  return true
}

/** A customer of a tier: looked after by a CSM, and not gone (no ARR is not known to be none). */
const customer = sql`a.csm is not null and (a.arr is null or a.arr > 0)`

/** See `RenewalReads.qbrLines`. */
export async function qbrLines(
  db: Reader,
  company: string,
  tiers: readonly Tier[],
  quarters: readonly string[],
  after: string | undefined,
  limit: number,
): Promise<QbrLine[]> {
  if (tiers.length === 0) return []
  const { rows } = await sql<{
    id: string
    tier: Tier
    csm: string
    ae: string | null
    quarter: string | null
    last_on: string | null
  }>`
    with page as (
      select a.id, a.tier, a.csm, a.ae from accounts a
      where a.company_id = ${company} and ${among(db, sql.ref('a.tier'), tiers)} and ${customer}
        and a.id > ${after ?? ''}
      order by a.id limit ${limit})
    select page.*, q.quarter,
      (select max(l.held_on) from qbrs l where l.company_id = ${company} and l.account = page.id) as last_on
    from page left join qbrs q
      on q.company_id = ${company} and q.account = page.id and ${among(db, sql.ref('q.quarter'), quarters)}
    order by page.id`.execute(db)
  const lines = new Map<string, QbrLine & { held: string[] }>()
  for (const { id, tier, csm, ae, quarter, last_on } of rows) {
    let line = lines.get(id)
    if (!line) {
      line = {
        account: id,
        tier,
        csm,
        held: [],
        ...(ae === null ? {} : { ae }),
        ...(last_on === null ? {} : { lastHeldOn: last_on }),
      }
      lines.set(id, line)
    }
    if (quarter !== null) line.held.push(quarter)
  }
  return [...lines.values()]
}

/** See `RenewalReads.qbrCompletion`. */
export async function qbrCompletion(
  db: Reader,
  company: string,
  quarter: string,
): Promise<{ tier: Tier; accounts: number; held: number }[]> {
  const { rows } = await sql<{ tier: Tier; accounts: number; held: number }>`
    select a.tier, count(*) as accounts, count(q.account) as held
    from accounts a left join qbrs q on q.company_id = a.company_id and q.account = a.id and q.quarter = ${quarter}
    where a.company_id = ${company} and a.tier is not null and ${customer}
    group by a.tier order by a.tier`.execute(db)
  return rows.map(({ tier, accounts, held }) => ({ tier, accounts: Number(accounts), held: Number(held) }))
}
