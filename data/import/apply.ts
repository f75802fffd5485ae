import { sql } from 'kysely'
import { instantAt } from '../../src/canon/calendar.ts'
import type { Company } from '../../src/canon/people.ts'
import { insertCompany, updateCompany } from '../company.ts'
import type { Tx } from '../database.ts'
import { dueAtOnce } from '../discount.ts'
import { handoffsDueAtOnce } from '../handoff.ts'
import { bumpOrg, companyOf } from '../people.ts'
import { searchText } from '../search.ts'
import { livingServer } from '../server-lock.ts'
import type { DataStore } from '../store.ts'
import { heldRequests, settleHeld } from './approvals.ts'
import { companyAfter, newCompany } from './companies.ts'
import { type Merge, mergeRows } from './merge.ts'
import {
  followActivities,
  followSignals,
  leaveMoved,
  mergeHistory,
  movingDeals,
  unknownStakeholders,
  writeHistory,
} from './merge-record.ts'
import { dealsBefore, followMoves, followPaid, openWonHandoffs, owingBefore } from './moves.ts'
import { followPeople, named, peopleBefore } from './people.ts'
import { beat, endRun, letGo, type Run } from './run.ts'
import { actorOf, forgetRows, pause } from './staging.ts'

export interface Applied {
  /** In the order of the run's parts. */
  readonly counts: readonly { readonly added: number; readonly changed: number }[]
  readonly voided: readonly string[]
  /** Deals that were changed in the chat after they were ruled on, and so were left as they are. */
  readonly moved: readonly string[]
  /** What is worth knowing of what is there now. */
  readonly notes: readonly string[]
}

/** How long a chunk should hold the write lock, ms: beside a running server, and alone. */
const chunkMs = { beside: 50, alone: 80 } as const
const mostInChunk = 8_000

/**
 * Merges the staged rows of a run in short transactions and ends it. Everything was checked before, so it
 * completes; killed in between, it is taken up at `appliedSeq` by whoever comes next (B5.98).
 */
export async function applyRun(
  store: DataStore,
  run: Run,
  given: {
    readonly now: () => number
    readonly skipped?: number
    readonly onChunk?: () => void | Promise<void>
  },
): Promise<Applied> {
  const { database } = store
  const counts = run.parts.map(() => ({ added: 0, changed: 0 }))
  const voided: string[] = []
  const moved: string[] = []
  const spans = await sql<{ part: number; first: number; last: number }>`
    select part, min(seq) as first, max(seq) as last from import_rows where import_id = ${run.id} and seq > ${run.appliedSeq}
    group by part order by first`.execute(database.read)
  let size = 500
  let accountsChanged = false
  for (const span of spans.rows) {
    const part = run.parts[span.part]
    const count = counts[span.part]
    if (!part || !count) throw new Error(`The import ${run.id} has rows of a part it does not know.`)
    for (let after = span.first - 1; after < span.last; ) {
      const upTo = Math.min(after + size, span.last)
      const company = await companyNow(store, run.company)
      const now = given.now()
      const merge: Merge = {
        engine: store.engine,
        importId: run.id,
        company: run.company,
        number: span.part,
        part,
        range: { after, upTo },
        now,
      }
      const zone = company?.working.timeZone ?? 'UTC'
      const started = performance.now()
      const done = await database.transact(async (trx) => {
        await beat(trx, run.id, { appliedSeq: upTo })
        return mergeChunk(trx, store, merge, zone)
      })
      const held = performance.now() - started
      count.added += done.added
      count.changed += done.changed
      voided.push(...done.voided)
      moved.push(...done.moved)
      if (part.entity === 'accounts' && done.changed > 0) accountsChanged = true
      after = upTo
      const beside = (await livingServer(database)) !== undefined
      const aim = beside ? chunkMs.beside : chunkMs.alone
      size = Math.max(100, Math.min(mostInChunk, size * 2, Math.round((size * aim) / Math.max(held, 1))))
      await given.onChunk?.()
      // A server waiting for the lock asks again every few milliseconds: leave it a gap to be quicker in. Where there is
      // none, another command can wait.
      await pause(Math.min(20, beside ? held / 3 : held / 40))
    }
  }
  if (accountsChanged) await refreshAccounts(store, run)
  const actor = actorOf(run.parts[0] ?? {})
  if (run.parts.some((part) => part.entity === 'opportunities' && !part.asIs))
    await openWonHandoffs(store, run.company, given.now(), actor)
  await database.transact(async (trx) => {
    await beat(trx, run.id)
    const now = given.now()
    await endRun(trx, run.id, { state: 'applied', skipped: (given.skipped ?? 0) + moved.length, counts, now })
    const subject = { noun: 'company', id: run.company } as const
    const detail = {
      import: run.id,
      parts: run.parts.map((part, at) => ({ entity: part.entity, ...counts[at] })),
    }
    await store.audit(trx, run.company, [{ at: now, what: 'import.applied', ...actor, subject, detail }])
  })
  letGo(run.id)
  const notes = (await unknownStakeholders(database.read, run)).map(
    ({ column, deals }) =>
      `${column}: in ${deals === 1 ? 'one deal' : `${deals} deals`} it is nobody among the contacts of the account, by id or exact name; the words are kept.`,
  )
  await forgetRows(database, run.id)
  return { counts, voided, moved, notes }
}

async function companyNow(store: DataStore, id: string): Promise<Company | undefined> {
  const row = await store.database.read
    .selectFrom('companies')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row && companyOf(row)
}

async function mergeChunk(
  trx: Tx,
  store: DataStore,
  merge: Merge,
  zone: string,
): Promise<{
  added: number
  changed: number
  voided: readonly string[]
  moved: readonly string[]
}> {
  const nothing = { voided: [], moved: [] }
  switch (merge.part.entity) {
    case 'companies':
      return { ...(await mergeCompanies(trx, store, merge)), ...nothing }
    case 'people': {
      const before = await peopleBefore(trx, merge)
      const done = await mergeRows(trx, merge)
      await followPeople(trx, store, merge, before)
      if (done.changed > 0) {
        // Somebody may have lost a role or moved in the line: the next sweep rules on what is open (B5.7, B5.8).
        await dueAtOnce(trx, merge.company)
        await handoffsDueAtOnce(trx, merge.company)
      }
      await bumpOrg(trx, merge.company)
      return { ...done, ...nothing }
    }
    case 'teams': {
      const done = await mergeRows(trx, merge)
      await bumpOrg(trx, merge.company)
      return { ...done, ...nothing }
    }
    case 'accounts':
    case 'contacts':
    case 'leads':
    case 'qbrs':
    case 'revenue':
    case 'costs':
    case 'fx':
      return { ...(await mergeRows(trx, merge)), ...nothing }
    case 'stage-history':
      return { ...(await mergeHistory(trx, merge)), ...nothing }
    case 'activities': {
      const done = await mergeRows(trx, merge)
      await followActivities(trx, merge)
      return { ...done, ...nothing }
    }
    case 'health-signals': {
      const done = await mergeRows(trx, merge)
      if (done.added + done.changed > 0) await followSignals(trx, merge)
      return { ...done, ...nothing }
    }
    case 'opportunities': {
      const moved = await leaveMoved(trx, merge)
      const held = await heldRequests(trx, store, merge)
      const moving = await movingDeals(trx, merge)
      const owing = await owingBefore(trx, merge)
      const before = merge.part.asIs ? undefined : await dealsBefore(trx, merge.company, moving)
      const done = await mergeRows(trx, merge)
      await writeHistory(trx, merge, moving, (day) => instantAt(day, '00:00', zone))
      if (before) await followMoves(trx, store, merge, moving, before)
      await followPaid(trx, store, merge, owing)
      const voided =
        held.length > 0 ? await settleHeld(trx, store, await store.org(merge.company), held, merge) : []
      return { ...done, voided, moved }
    }
  }
}

async function mergeCompanies(
  trx: Tx,
  store: DataStore,
  merge: Merge,
): Promise<{ added: number; changed: number }> {
  const { rows } = await sql<{ key: string; cells: string }>`
    select key, cells from import_rows where import_id = ${merge.importId} and part = ${merge.number}
      and seq > ${merge.range.after} and seq <= ${merge.range.upTo} order by seq`.execute(trx)
  let added = 0
  let changed = 0
  for (const { key, cells } of rows) {
    const of = named(merge.part, cells)
    const row = await trx.selectFrom('companies').selectAll().where('id', '=', key).executeTakeFirst()
    const before = row
      ? companyOf(row)
      : newCompany(key, typeof of.currency === 'string' ? of.currency : undefined)
    const after = companyAfter(before, of)
    const what = row ? 'company.set' : 'company.added'
    if (row && JSON.stringify(before) === JSON.stringify(after)) continue
    if (row) {
      await updateCompany(trx, after)
      changed++
    } else {
      await addCompany(trx, store, after, merge.now)
      added++
    }
    await store.audit(trx, key, [
      { at: merge.now, what, by: 'import', platform: 'import', subject: { noun: 'company', id: key } },
    ])
  }
  return { added, changed }
}

/** Adds a company under the rules that a company without its own has. */
export async function addCompany(trx: Tx, store: DataStore, company: Company, now: number): Promise<void> {
  await insertCompany(trx, company, await store.policy(company.id), now)
}

/** Deals repeat their account's name, CSM, tier and industry: bring those up to date, a few hundred at a time. */
async function refreshAccounts(store: DataStore, run: Run): Promise<void> {
  const { read } = store.database
  let last = ''
  for (;;) {
    const { rows } = await sql<{
      id: string
      name: string
      account_name: string
      csm: string | null
      tier: string | null
      industry: string | null
    }>`
      select o.id, o.name, a.name as account_name, a.csm, a.tier, a.industry from opportunities o
      join accounts a on a.company_id = o.company_id and a.id = o.account
      where o.company_id = ${run.company} and o.id > ${last}
        and (o.account_name is distinct from a.name or o.account_csm is distinct from a.csm or o.tier is distinct from a.tier
          or o.account_industry is distinct from a.industry)
      order by o.id limit 500`.execute(read)
    if (rows.length === 0) return
    await store.database.transact(async (trx) => {
      await beat(trx, run.id)
      for (const row of rows)
        await trx
          .updateTable('opportunities')
          .set({
            account_name: row.account_name,
            account_csm: row.csm,
            tier: row.tier,
            account_industry: row.industry,
            search: searchText({ id: row.id, name: row.name, accountName: row.account_name }),
          })
          .where('company_id', '=', run.company)
          .where('id', '=', row.id)
          .execute()
    })
    last = rows.at(-1)?.id ?? last
    await pause(5)
  }
}
