import { sql } from 'kysely'
import type { PlainDate } from '../src/canon/calendar.ts'
import type { Facet, ForecastSnapshot, OpenStage, SnapshotCell } from '../src/canon/pipeline.ts'
import type { Report, ReportKind } from '../src/canon/report.ts'
import type { ReportReads, ReportSave } from '../src/ports/report.ts'
import { type Database, listed, type Reader, type Tx, toJson } from './database.ts'
import { engineOf } from './engine.ts'
import { closedCells, dealMoves, givenDiscounts, pipelineCells, riskRows, wonCells } from './pipeline.ts'
import type {} from './schema-customers.ts'
import type {} from './schema-report.ts'

/** Writes one part of a report. False when the report is there already: nothing of the change is kept then. */
export async function saveReport(trx: Tx, company: string, save: ReportSave): Promise<boolean> {
  switch (save.noun) {
    case 'report': {
      const { id, kind, of, slot, at, body } = save.next
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('reports')
        .values({
          company_id: company,
          id,
          kind,
          of_noun: of.noun,
          of_id: of.id,
          slot,
          at,
          body: toJson(body),
        })
        .onConflict((conflict) => conflict.columns(['company_id', 'id']).doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    }
    case 'pipeline-snapshot':
      await addSnapshot(trx, company, save.cells)
      return true
    case 'forecast-snapshot':
      for (const { quarter, team, currency, takenAt, commit, target, ...sums } of save.rows)
        await trx
          .insertInto('forecast_snapshots')
          .values({
            company_id: company,
            quarter,
            team,
            currency,
            taken_at: takenAt,
            committed: commit,
            target: target ?? null,
            ...sums,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      return true
  }
}

/** Thousands of rows at a digest's hour: given to the database as one JSON, not as thousands of parameters. */
async function addSnapshot(trx: Tx, company: string, cells: readonly SnapshotCell[]): Promise<void> {
  if (cells.length === 0) return
  const rows = toJson(
    cells.map((cell) => ({
      team: cell.team,
      taken_on: cell.takenOn,
      facet: cell.facet,
      value: cell.value,
      stage: cell.stage,
      currency: cell.currency,
      deals: cell.deals,
      amount: cell.amount,
    })),
  )
  const columns = sql`company_id, team, taken_on, facet, value, stage, currency, deals, amount`
  if (engineOf(trx) === 'sqlite')
    await sql`
      insert into pipeline_snapshots (${columns})
      select ${company}, c.value ->> 'team', c.value ->> 'taken_on', c.value ->> 'facet', c.value ->> 'value',
             c.value ->> 'stage', c.value ->> 'currency', c.value ->> 'deals', c.value ->> 'amount'
      from json_each(${rows}) as c where true
      on conflict do nothing`.execute(trx)
  else
    await sql`
      insert into pipeline_snapshots (${columns})
      select ${company}, team, taken_on, facet, value, stage, currency, deals, amount
      from json_to_recordset(${rows}::json) as c
        (team text, taken_on text, facet text, value text, stage text, currency text, deals bigint, amount bigint)
      on conflict do nothing`.execute(trx)
}

interface SnapshotRow {
  team: string
  taken_on: string
  facet: string
  value: string
  stage: string
  currency: string
  deals: number
  amount: number
}

async function pipelineSnapshot(
  db: Reader,
  company: string,
  teams: readonly string[],
  from: PlainDate,
  to: PlainDate,
): Promise<SnapshotCell[]> {
  const { rows } = await sql<SnapshotRow>`
    select s.team, s.taken_on, s.facet, s.value, s.stage, s.currency, s.deals, s.amount
    from (
      select listed.value as team, (
        select max(p.taken_on) from pipeline_snapshots p
        where p.company_id = ${company} and p.team = listed.value and p.taken_on >= ${from} and p.taken_on <= ${to}
      ) as day
      from ${listed(db, teams)}
    ) as newest
    join pipeline_snapshots s on s.company_id = ${company} and s.team = newest.team and s.taken_on = newest.day
    order by s.team, s.facet, s.value, s.stage, s.currency`.execute(db)
  return rows.map((row) => ({
    takenOn: row.taken_on,
    team: row.team,
    facet: row.facet as Facet,
    value: row.value,
    stage: row.stage as OpenStage,
    currency: row.currency,
    deals: row.deals,
    amount: row.amount,
  }))
}

async function forecastSnapshots(db: Reader, company: string, quarter: string): Promise<ForecastSnapshot[]> {
  const rows = await db
    .selectFrom('forecast_snapshots')
    .selectAll()
    .where('company_id', '=', company)
    .where('quarter', '=', quarter)
    .orderBy('team')
    .orderBy('currency')
    .execute()
  return rows.map((row) => ({
    quarter: row.quarter,
    team: row.team,
    currency: row.currency,
    takenAt: row.taken_at,
    weighted: row.weighted,
    commit: row.committed,
    best: row.best,
    pipeline: row.pipeline,
    won: row.won,
    ...(row.target === null ? {} : { target: row.target }),
  }))
}

async function report(db: Reader, company: string, id: string): Promise<Report | undefined> {
  const row = await db
    .selectFrom('reports')
    .selectAll()
    .where('company_id', '=', company)
    .where('id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      kind: row.kind as ReportKind,
      of: { noun: row.of_noun as Report['of']['noun'], id: row.of_id },
      slot: row.slot,
      at: row.at,
      body: JSON.parse(row.body) as unknown,
    }
  )
}

async function reportIds(db: Reader, company: string, kind: ReportKind, slot: PlainDate): Promise<string[]> {
  const rows = await db
    .selectFrom('reports')
    .select('id')
    .where('company_id', '=', company)
    .where('kind', '=', kind)
    .where('slot', '=', slot)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** The store's readings behind digests, `/pipeline` and `/forecast`. */
export const reportReads = (read: Reader): ReportReads => ({
  pipelineCells: (company, of, days, options) => pipelineCells(read, company, of, days, options),
  pipelineSnapshot: (company, teams, from, to) => pipelineSnapshot(read, company, teams, from, to),
  dealMoves: (company, of, period) => dealMoves(read, company, of, period),
  wonCells: (company, of, from, to) => wonCells(read, company, of, from, to),
  riskRows: (company, of, days, since, most) => riskRows(read, company, of, days, since, most),
  givenDiscounts: (company, since, until) => givenDiscounts(read, company, since, until),
  closedCells: (company, of, from, to) => closedCells(read, company, of, from, to),
  forecastSnapshots: (company, quarter) => forecastSnapshots(read, company, quarter),
  report: (company, id) => report(read, company, id),
  reportIds: (company, kind, slot) => reportIds(read, company, kind, slot),
})

/** Reports older than this instant go, at most `batch`, and with each the numbers of its team and the days before it. */
export async function pruneReports(database: Database, before: number, batch: number): Promise<number> {
  return database.transact(async (trx) => {
    const old = await trx
      .selectFrom('reports')
      .select(['company_id', 'id', 'of_noun', 'of_id', 'slot'])
      .where('at', '<', before)
      .limit(batch)
      .execute()
    for (const row of old) {
      // By company and team, as the keys of these tables begin: nothing is walked through for what is gone.
      await trx
        .deleteFrom('pipeline_snapshots')
        .where('company_id', '=', row.company_id)
        .where('team', '=', row.of_noun === 'team' ? row.of_id : '')
        .where('taken_on', '<=', row.slot)
        .execute()
      await trx
        .deleteFrom('reports')
        .where('company_id', '=', row.company_id)
        .where('id', '=', row.id)
        .execute()
    }
    for (const company of new Set(old.map((row) => row.company_id))) {
      await trx.deleteFrom('close_moves').where('company_id', '=', company).where('at', '<', before).execute()
      const slots = old.filter((row) => row.company_id === company).map(({ slot }) => slot)
      await trx
        .deleteFrom('customer_snapshots')
        .where('company_id', '=', company)
        .where('taken_on', '<=', slots.sort().at(-1)!)
        .execute()
    }
    return old.length
  })
}
