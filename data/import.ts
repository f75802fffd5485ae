import { randomInt } from 'node:crypto'
import type { Instant } from '../src/canon/calendar.ts'
import { addCompany, applyRun } from './import/apply.ts'
import { Checker, type Intake, type Known, stagedColumns } from './import/check.ts'
import { newCompany } from './import/companies.ts'
import type { Entity } from './import/entities.ts'
import { countChanges } from './import/merge.ts'
import { checkOrg } from './import/people.ts'
import { datesOf, drawnColumns, type Plan } from './import/plan.ts'
import { type Counts, type ImportReport, type Problem, problemsKept } from './import/report.ts'
import { abandonedRuns, beat, beginRun, endRun, letGo, takeOver } from './import/run.ts'
import { ImportRefusal } from './import/source.ts'
import { forgetRows, type Part, pause, stageRows } from './import/staging.ts'
import type { DataStore } from './store.ts'

export { readMapping } from './import/mapping.ts'
export { planFiles } from './import/plan.ts'
export { type ImportReport, type Problem, problemLine } from './import/report.ts'
export { ImportRefusal } from './import/source.ts'

export interface ImportOptions {
  /** The company the rows belong to; left out: the one of companies.csv, or the only one there is. */
  readonly company?: string
  /** Check everything and change nothing. */
  readonly dryRun?: boolean
  /** Take the good rows and leave out the bad ones; otherwise one bad row stops all (B5.93). */
  readonly skipBad?: boolean
  /** Import the same files again. */
  readonly again?: boolean
  /** Load history: deals are taken at their stage without its gates being asked. */
  readonly asIs?: boolean
  /** The API's token that brings the rows; left out: files. */
  readonly token?: string
  /** Business time, for what the import writes. */
  readonly now: () => Instant
  /** Hears every problem, also those the report does not keep. */
  readonly onProblem?: (problem: Problem) => void
  /** Called between the steps, while nothing is locked. */
  readonly onStep?: (step: {
    readonly doing: 'checking' | 'applying'
    readonly rows: number
  }) => void | Promise<void>
}

/** Rows that are checked, staged and counted together. */
const batchSize = 1_000

/**
 * Imports a plan. Rows are checked and staged in short batches, then merged in short transactions under a state
 * that survives a kill: a server on the same database keeps working beside it (B5.75), and nothing of an import
 * is applied before all of it was found good (or the bad rows were to be skipped).
 */
export async function runImport(store: DataStore, plan: Plan, options: ImportOptions): Promise<ImportReport> {
  const { company, isNew } = await companyFor(store, plan, options)
  await finishAbandoned(store, options.now, company)
  const fingerprint = `${company} ${plan.digest}${options.asIs ? ' as-is' : ''}`
  if (!options.again && !options.dryRun) {
    const before = await store.database.read
      .selectFrom('imports')
      .select(['finished_at'])
      .where('company_id', '=', company)
      .where('fingerprint', '=', fingerprint)
      .where('state', '=', 'applied')
      .where('skipped', '=', 0)
      .orderBy('finished_at', 'desc')
      .executeTakeFirst()
    if (before)
      return {
        outcome: 'already',
        company,
        companyIsNew: false,
        counts: [],
        problems: [],
        problemCount: 0,
        notes: [],
        voided: [],
        moved: [],
        importedAt: before.finished_at ?? 0,
      }
  }
  // Grows with time, and two replicas that begin in the same millisecond still differ.
  const id = Date.now() * 1024 + randomInt(1024)
  await beginRun(store.database, {
    id,
    company,
    fingerprint,
    files: plan.reads.map((read) => read.source.name),
    now: options.now(),
  })
  try {
    return await checkAndApply(store, plan, options, { id, company, isNew })
  } catch (error) {
    await abandon(store, id, options.now()).catch(() => {})
    throw error
  } finally {
    letGo(id)
  }
}

/** Imports whose process was killed: those that were being applied are finished, the others forgotten (B5.98). Returns how many were finished. */
export async function finishAbandoned(
  store: DataStore,
  now: () => Instant,
  company?: string,
): Promise<number> {
  let finished = 0
  for (const run of await abandonedRuns(store.database, company)) {
    if (!(await takeOver(store.database, run))) continue
    try {
      if (run.state === 'applying') {
        await applyRun(store, run, { now })
        finished++
      } else await abandon(store, run.id, now())
    } finally {
      letGo(run.id)
    }
  }
  return finished
}

async function abandon(store: DataStore, id: number, now: Instant): Promise<void> {
  const done = await store.database.transact(async (trx) => {
    const row = await trx.selectFrom('imports').select('state').where('id', '=', id).executeTakeFirst()
    // What is being applied is finished by the next one who comes, never thrown away half done.
    if (row?.state !== 'reading') return false
    await endRun(trx, id, { state: 'abandoned', skipped: 0, counts: [], now })
    return true
  })
  if (done) await forgetRows(store.database, id)
}

async function companyFor(
  store: DataStore,
  plan: Plan,
  options: ImportOptions,
): Promise<{ company: string; isNew: boolean }> {
  const there = (await store.companies()).map((company) => company.id)
  const named: string[] = []
  for (const read of plan.reads.filter((each) => each.entity === 'companies')) {
    const { header, batches } = await read.source.open(batchSize)
    const { drawn } = await drawnColumns(read, header, plan.files)
    const id = drawn.find(({ column }) => column.name === 'id')
    for await (const rows of batches) for (const row of rows) named.push(id?.draw(row.cells).trim() ?? '')
  }
  if (options.company !== undefined) {
    const company = options.company.trim()
    if (!/^[^\s\u0000-\u001f]{1,100}$/u.test(company))
      throw new ImportRefusal('--company must be a short id without spaces, such as acme.')
    return { company, isNew: !there.includes(company) }
  }
  if (named.length === 1 && named[0]) return { company: named[0], isNew: !there.includes(named[0]) }
  if (named.length === 0 && there.length === 1 && there[0]) return { company: there[0], isNew: false }
  const choice = named.length > 0 ? named : there
  throw new ImportRefusal(
    `Say which company these files belong to with --company ID${choice.length > 0 ? ` (${choice.slice(0, 10).join(', ')})` : ''}.`,
  )
}

interface Task {
  readonly id: number
  readonly company: string
  readonly isNew: boolean
}

async function checkAndApply(
  store: DataStore,
  plan: Plan,
  options: ImportOptions,
  task: Task,
): Promise<ImportReport> {
  const { database } = store
  const problems: Problem[] = []
  let problemCount = 0
  const fail = (problem: Problem): void => {
    problemCount++
    if (problems.length < problemsKept) problems.push(problem)
    options.onProblem?.(problem)
  }
  const notes = [...plan.notes]
  const stored = (await store.companies()).find((company) => company.id === task.company)
  const currency = plan.reads.find((read) => read.currency)?.currency
  const fallback = stored ?? newCompany(task.company, currency)
  const bringsCompany = plan.reads.some((read) => read.entity === 'companies')
  if (task.isNew && !bringsCompany)
    notes.push(
      `${task.company} is a new company: ${fallback.currency}, ${fallback.working.timeZone}, language ${fallback.locale}. Change that with: company set ${task.company}.`,
    )

  const parts: Part[] = []
  const counts: Counts[] = []
  const policy = await store.policy(task.company)
  // At a data door nobody's rights are asked, so nobody needs to be known here.
  const org = { company: fallback, people: new Map(), teams: new Map(), stamp: 0 }
  const asIs = options.asIs === true
  const rules = { asIs, world: () => ({ now: options.now(), org, policy }) }
  const checker = new Checker(database, task, rules, fail)
  let known: Known = {}
  let checked = 0
  const settleOrg = async (): Promise<void> => {
    if (known.people) return
    const org = await checkOrg(store, task.id, task.company, parts, fail)
    known = { people: org.people, teams: org.teams }
    for (const row of org.bad) {
      const count = counts[row.part]
      if (!count) continue
      count.bad++
      const inStore = parts[row.part]?.entity === 'teams' ? org.teams : org.people
      if (!inStore.has(row.key)) count.added--
    }
    if (org.bad.length > 0)
      await database.transact(async (trx) => {
        for (const row of org.bad)
          await trx
            .deleteFrom('import_rows')
            .where('import_id', '=', task.id)
            .where('seq', '=', row.seq)
            .execute()
      })
  }
  for (const read of plan.reads) {
    if (!isOfOrg(read.entity)) await settleOrg()
    const table = await read.source.open(batchSize)
    const { drawn, distinct, width, missed } = await drawnColumns(read, table.header, plan.files)
    const count: Counts = {
      entity: read.entity,
      file: read.source.name,
      rows: 0,
      bad: 0,
      added: 0,
      changed: 0,
    }
    const part = parts.length
    parts.push({
      entity: read.entity,
      file: read.source.name,
      columns: stagedColumns(read.entity, drawn),
      ...(asIs ? { asIs } : {}),
      ...(options.token === undefined ? {} : { token: options.token }),
    })
    counts.push(count)
    checker.prepare(drawn, parts)
    const dates = datesOf(read)
    const intake: Intake = {
      entity: read.entity,
      file: read.source.name,
      part,
      drawn,
      currency: read.currency ?? fallback.currency,
      timeZone: fallback.working.timeZone,
      counts: count,
      ...(distinct ? { distinct } : {}),
      ...(dates ? { dates } : {}),
      ...(width === undefined ? {} : { width }),
    }
    const seen = new Set<string>()
    for await (const batch of table.batches) {
      const rows = await checker.check(intake, batch, referable(read.entity, known), seen)
      await database.transact(async (trx) => {
        await beat(trx, task.id)
        await stageRows(trx, database.engine, task.id, part, read.entity, rows)
      })
      checked += batch.length
      await options.onStep?.({ doing: 'checking', rows: checked })
      await pause(0)
    }
    for (const [what, times] of missed ?? [])
      notes.push(`${read.source.name}: ${what} (${times === 1 ? 'one row' : `${times} rows`}); left empty.`)
  }
  await settleOrg()

  const report = {
    company: task.company,
    companyIsNew: task.isNew,
    counts,
    problems,
    notes,
    voided: [] as string[],
    moved: [] as string[],
  }
  const stop = problemCount > 0 && !options.skipBad
  if (stop || options.dryRun) {
    for (const [at, count] of counts.entries())
      if (count.entity !== 'companies')
        count.changed = await countChanges(database.read, {
          engine: database.engine,
          importId: task.id,
          company: task.company,
          number: at,
          part: parts[at] as Part,
          range: { after: 0, upTo: checker.seq },
          now: options.now(),
        })
    await abandon(store, task.id, options.now())
    return { ...report, outcome: stop ? 'refused' : 'checked', problemCount }
  }

  const skipped = counts.reduce((sum, count) => sum + count.bad, 0)
  // From here on the import completes, whatever happens to this process.
  await database.transact(async (trx) => {
    await beat(trx, task.id, { plan: parts, state: 'applying' })
    if (task.isNew && !bringsCompany) {
      const now = options.now()
      await addCompany(trx, store, fallback, now)
      await store.audit(trx, task.company, [
        {
          at: now,
          what: 'company.added',
          by: 'import',
          platform: 'import',
          subject: { noun: 'company', id: task.company },
        },
      ])
    }
  })
  const run = { id: task.id, company: task.company, parts, appliedSeq: 0, state: 'applying' as const }
  const applied = await applyRun(store, run, {
    now: options.now,
    skipped,
    onChunk: () => options.onStep?.({ doing: 'applying', rows: checked }),
  })
  notes.push(...applied.notes)
  for (const [at, done] of applied.counts.entries()) Object.assign(counts[at] ?? {}, done)
  return { ...report, outcome: 'applied', problemCount, voided: applied.voided, moved: applied.moved }
}

/** People and teams refer to each other, so theirs is looked at once all of them are read. */
const referable = (entity: Entity, known: Known): Known => (isOfOrg(entity) ? {} : known)

const isOfOrg = (entity: Entity) => entity === 'companies' || entity === 'people' || entity === 'teams'

const mappingKey = (company: string): string => `import-mapping:${company}`

/** The mapping kept with a company, as it was written. */
export async function savedMapping(store: DataStore, company: string): Promise<string | undefined> {
  const row = await store.database.read
    .selectFrom('settings')
    .select('value')
    .where('key', '=', mappingKey(company))
    .executeTakeFirst()
  return row?.value
}

/** Keeps a mapping with a company. */
export async function saveMapping(store: DataStore, company: string, text: string): Promise<void> {
  await store.database.transact(async (trx) => {
    await trx
      .insertInto('settings')
      .values({ key: mappingKey(company), value: text })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text }))
      .execute()
  })
}
