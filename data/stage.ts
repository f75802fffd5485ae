import type { Selectable } from 'kysely'
import type { Gate, Opportunity, Stage } from '../src/canon/opportunity.ts'
import type { Door, StageEntry } from '../src/canon/stage.ts'
import type { Save } from '../src/ports.ts'
import { clean, type Reader, type Tx } from './database.ts'
import { dealRow } from './opportunity.ts'
import type { Schema } from './schema.ts'
import type {} from './schema-record.ts'
import { on } from './statement.ts'

interface EntryRow {
  from_stage: string | null
  to_stage: string
  at: number
  by: string
  door: string
  reason: string | null
  overridden: string | null
  as_is: number
  champion_left: string | null
}

/** See `Store.stageHistory`. */
export async function stageHistory(
  db: Reader,
  company: string,
  deal: string,
  limit: number,
): Promise<StageEntry[]> {
  const { rows } = await on<EntryRow>(db)`
    select from_stage, to_stage, at, by, door, reason, overridden, as_is, champion_left from stage_history
    where company_id = ${company} and deal = ${deal} order by at desc, seq desc limit ${limit}`
  return rows.map((row) => ({
    deal,
    ...(row.from_stage === null ? {} : { from: row.from_stage as Stage }),
    to: row.to_stage as Stage,
    at: row.at,
    by: row.by,
    door: row.door as Door,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.overridden === null ? {} : { overridden: row.overridden.split(' ') as Gate[] }),
    ...(row.as_is === 1 ? { asIs: true } : {}),
    ...(row.champion_left === null ? {} : { championLeft: row.champion_left }),
  }))
}

/** Adds a line to a deal's history. */
async function addStageEntry(trx: Tx, company: string, entry: StageEntry): Promise<void> {
  const reason = entry.reason === undefined ? null : clean(entry.reason)
  await on(trx)`
    insert into stage_history (company_id, deal, seq, from_stage, to_stage, at, by, door, reason, overridden,
      as_is, champion_left)
    select ${company}, ${entry.deal},
           coalesce((select max(seq) from stage_history where company_id = ${company} and deal = ${entry.deal}), 0) + 1,
           ${entry.from ?? null}, ${entry.to}, ${entry.at}, ${entry.by}, ${entry.door}, ${reason},
           ${entry.overridden ? entry.overridden.join(' ') : null}, ${entry.asIs === true ? 1 : 0},
           ${entry.championLeft ?? null}`
}

/** A deal as a row; what the account says rides along with it: lists, search and sums need no join. */
async function rowOf(trx: Tx, company: string, deal: Opportunity): Promise<ReturnType<typeof dealRow>> {
  const { accountName: _name, accountCsm: _csm, tier: _tier, ...own } = deal
  if (deal.account === undefined) return { ...dealRow(company, own), account_industry: null }
  const { rows } = await on<Pick<Selectable<Schema['accounts']>, 'name' | 'csm' | 'tier' | 'industry'>>(trx)`
    select name, csm, tier, industry from accounts where company_id = ${company} and id = ${deal.account}`
  const account = rows[0]
  if (account === undefined) return { ...dealRow(company, deal), account_industry: null }
  const said: Opportunity = {
    ...own,
    accountName: account.name,
    ...(account.csm === null ? {} : { accountCsm: account.csm }),
    ...(account.tier === null ? {} : { tier: account.tier as 'T1' }),
  }
  return { ...dealRow(company, said), account_industry: account.industry }
}

/** Writes a deal whole, with the line its history gets. False when it moved since it was read, or is there already. */
export async function saveOpportunity(
  trx: Tx,
  company: string,
  { next, expect, entry }: Extract<Save, { noun: 'opportunity' }>,
): Promise<boolean> {
  const { last_activity_at, ...row } = await rowOf(trx, company, next)
  if (expect === 'new') {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('opportunities')
      .values({ ...row, last_activity_at })
      .onConflict((conflict) => conflict.columns(['company_id', 'id']).doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n) return false
  } else {
    if (next.version <= expect)
      throw new Error(`Version ${next.version} of ${next.id} cannot follow ${expect}.`)
    const { numUpdatedRows } = await trx
      .updateTable('opportunities')
      .set(row)
      .where('company_id', '=', company)
      .where('id', '=', next.id)
      .where('version', '=', expect)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return false
  }
  if (entry) await addStageEntry(trx, company, entry)
  return true
}
