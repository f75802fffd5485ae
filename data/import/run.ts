import { hostname } from 'node:os'
import { sql } from 'kysely'
import type { Database, Tx } from '../database.ts'
import { ImportRefusal } from './source.ts'
import type { Part } from './staging.ts'

/** An import under way that somebody else may find and finish. */
export interface Run {
  readonly id: number
  readonly company: string
  readonly parts: readonly Part[]
  readonly appliedSeq: number
  readonly state: 'reading' | 'applying'
}

const silentMs = 120_000

/** The imports of this process: a row with our pid is ours only when its id is here (a container's pid is always 1). */
const ours = new Set<number>()

/** Whether the process behind a row still works on it. */
function lives(row: { id: number; pid: number; host: string; beat_at: number }): boolean {
  if (Date.now() - row.beat_at > silentMs) return false
  if (row.host !== hostname()) return true
  if (row.pid === process.pid) return ours.has(row.id)
  try {
    process.kill(row.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const columns = [
  'id',
  'company_id',
  'plan',
  'applied_seq',
  'state',
  'pid',
  'host',
  'beat_at',
  'started_at',
] as const

/** Imports whose process is gone; `applying` ones are to be finished, `reading` ones to be forgotten. */
export async function abandonedRuns(database: Database, company?: string): Promise<Run[]> {
  const rows = await database.read
    .selectFrom('imports')
    .select(columns)
    .where('state', 'in', ['reading', 'applying'])
    .$if(company !== undefined, (query) => query.where('company_id', '=', company ?? ''))
    .execute()
  return rows
    .filter((row) => !lives(row))
    .map((row) => ({
      id: row.id,
      company: row.company_id,
      parts: JSON.parse(row.plan) as Part[],
      appliedSeq: row.applied_seq,
      state: row.state as Run['state'],
    }))
}

/** Begins an import; refuses while another one of the company is under way (B5.97). */
export async function beginRun(
  database: Database,
  run: { id: number; company: string; fingerprint: string; files: readonly string[]; now: number },
): Promise<void> {
  await database.transact(async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('imports')
      .values({
        id: run.id,
        company_id: run.company,
        fingerprint: run.fingerprint,
        files: JSON.stringify(run.files),
        plan: '[]',
        state: 'reading',
        skipped: 0,
        applied_seq: 0,
        counts: '[]',
        pid: process.pid,
        host: hostname(),
        beat_at: Date.now(),
        started_at: run.now,
        finished_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 1n) {
      ours.add(run.id)
      return
    }
    const other = await trx
      .selectFrom('imports')
      .select(columns)
      .where('company_id', '=', run.company)
      .where('state', 'in', ['reading', 'applying'])
      .executeTakeFirst()
    throw new ImportRefusal(
      `Another import into ${run.company} is under way${other ? ` (process ${other.pid} on ${other.host}, since ${new Date(other.started_at).toISOString()})` : ''}. Wait until it has ended and try again.`,
    )
  })
}

/** Says in a transaction of its own work that this process still has the import; throws when another one took it. */
export async function beat(
  trx: Tx,
  id: number,
  set: { plan?: readonly Part[]; state?: 'applying'; appliedSeq?: number } = {},
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('imports')
    .set({
      beat_at: Date.now(),
      ...(set.plan ? { plan: JSON.stringify(set.plan) } : {}),
      ...(set.state ? { state: set.state } : {}),
      ...(set.appliedSeq === undefined ? {} : { applied_seq: set.appliedSeq }),
    })
    .where('id', '=', id)
    .where('pid', '=', process.pid)
    .where('host', '=', hostname())
    .where('state', 'in', ['reading', 'applying'])
    .executeTakeFirst()
  if (numUpdatedRows !== 1n)
    throw new ImportRefusal('Another process has taken this import over and finishes it.')
}

/** Takes over an import whose process is gone. False when somebody else was quicker. */
export async function takeOver(database: Database, run: Run): Promise<boolean> {
  return database.transact(async (trx) => {
    const row = await trx.selectFrom('imports').select(columns).where('id', '=', run.id).executeTakeFirst()
    if (!row || !['reading', 'applying'].includes(row.state) || lives(row)) return false
    await trx
      .updateTable('imports')
      .set({ pid: process.pid, host: hostname(), beat_at: Date.now() })
      .where('id', '=', run.id)
      .execute()
    ours.add(run.id)
    return true
  })
}

/** Ends an import in the transaction of its last step. */
export async function endRun(
  trx: Tx,
  id: number,
  end: { state: 'applied' | 'abandoned'; skipped: number; counts: unknown; now: number },
): Promise<void> {
  await sql`update imports set state = ${end.state}, skipped = ${end.skipped}, counts = ${JSON.stringify(end.counts)},
    finished_at = ${end.now}, beat_at = ${Date.now()} where id = ${id}`.execute(trx)
}

/** This process has let go of an import: whoever comes next may take it over at once. */
export const letGo = (id: number): void => {
  ours.delete(id)
}
