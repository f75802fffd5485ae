import { setImmediate } from 'node:timers/promises'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { AccountHealth, Grade, GradeChange, HealthComponent, HealthSignal } from '../src/canon/health.ts'
import type { HealthTask } from '../src/canon/health-task.ts'
import type { Tier } from '../src/canon/opportunity.ts'
import type { HealthMix, HealthOf, HealthReads, HealthRow, OpenHealthTask } from '../src/ports/health.ts'
import type { Save } from '../src/ports.ts'
import { among, type Reader, type Tx, toJson } from './database.ts'
import { using } from './opportunity.ts'
import type { Schema } from './schema.ts'
import type {} from './schema-health.ts'
import { on } from './statement.ts'

type SignalRow = Omit<Selectable<Schema['health_signals']>, 'company_id'>
type HealthRecord = Omit<Selectable<Schema['account_health']>, 'company_id'>

const signalOf = (row: SignalRow): HealthSignal => ({
  account: row.account,
  component: row.component as HealthComponent,
  score: row.score,
  measuredOn: row.measured_on,
  recordedAt: row.recorded_at,
  by: row.by,
  door: row.door as HealthSignal['door'],
})

const healthFrom = (row: HealthRecord): AccountHealth => ({
  account: row.account,
  version: row.version,
  score: row.score,
  grade: row.grade as Grade,
  since: row.since,
  ...(row.before_grade === null || row.before_score === null
    ? {}
    : { before: { grade: row.before_grade as Grade, score: row.before_score } }),
  computedAt: row.computed_at,
  rules: row.rules,
})

interface Body {
  body: string
}
const taskOf = (row: Body) => JSON.parse(row.body) as HealthTask

// ── reading ──────────────────────────────────────────────────────────────────

async function healthOf(db: Reader, company: string, account: string): Promise<AccountHealth | undefined> {
  const { rows } = await on<HealthRecord>(db)`
    select * from account_health where company_id = ${company} and account = ${account}`
  return rows[0] && healthFrom(rows[0])
}

async function signalsOf(
  db: Reader,
  company: string,
  account: string,
  limit: number,
): Promise<HealthSignal[]> {
  const { rows } = await on<SignalRow>(db)`
    select account, component, measured_on, score, recorded_at, by, door from health_signals
    where company_id = ${company} and account = ${account}
    order by measured_on desc, component limit ${limit}`
  return rows.map(signalOf)
}

async function healthHistory(
  db: Reader,
  company: string,
  account: string,
  limit: number,
): Promise<GradeChange[]> {
  const { rows } = await on<Omit<Selectable<Schema['health_history']>, 'company_id' | 'seq'>>(db)`
    select account, at, on_day, from_grade, to_grade, score, score_before from health_history
    where company_id = ${company} and account = ${account} order by seq desc limit ${limit}`
  return rows.map((row) => ({
    account: row.account,
    at: row.at,
    on: row.on_day,
    ...(row.from_grade === null ? {} : { from: row.from_grade as Grade }),
    to: row.to_grade as Grade,
    score: row.score,
    ...(row.score_before === null ? {} : { scoreBefore: row.score_before }),
  }))
}

async function healthTask(db: Reader, company: string, id: string): Promise<HealthTask | undefined> {
  const { rows } = await on<Body>(db)`
    select body from health_tasks where company_id = ${company} and id = ${id}`
  return rows[0] && taskOf(rows[0])
}

async function healthTasksOf(
  db: Reader,
  company: string,
  account: string,
  limit: number,
): Promise<HealthTask[]> {
  const { rows } = await on<Body>(db)`
    select body from health_tasks where company_id = ${company} and account = ${account}
    order by open desc, opened_at desc, id limit ${limit}`
  return rows.map(taskOf)
}

async function openHealthTasks(
  db: Reader,
  company: string,
  kind: HealthTask['kind'],
  after: string,
  limit: number,
): Promise<OpenHealthTask[]> {
  // In one statement: a rule that asks for each account by itself would ask tens of thousands of times a minute.
  const { rows } = await on<OpenRow>(db)`
    select t.body, a.csm, a.ae, a.executive_sponsor as sponsor, a.arr, a.currency, h.account, h.version, h.score, h.grade, h.since,
           h.before_grade, h.before_score, h.computed_at, h.rules
    from health_tasks t
    join accounts a on a.company_id = t.company_id and a.id = t.account
    left join account_health h on h.company_id = t.company_id and h.account = t.account
    where t.company_id = ${company} and t.kind = ${kind} and t.open = 1 and t.id > ${after}
    order by t.id limit ${limit}`
  // A walk over tens of thousands lets others have a turn between its pages.
  if (rows.length === limit) await setImmediate()
  return rows.map((row) => {
    const task = taskOf(row)
    return {
      task,
      account: {
        id: task.account,
        ...(row.csm === null ? {} : { csm: row.csm }),
        ...(row.ae === null ? {} : { ae: row.ae }),
        ...(row.sponsor === null ? {} : { executiveSponsor: row.sponsor }),
      },
      ...(row.arr === null || row.currency === null
        ? {}
        : { arr: { amount: row.arr, currency: row.currency } }),
      ...(row.account === null ? {} : { health: healthFrom(row as HealthRecord) }),
    }
  })
}

type OpenRow = Body & {
  csm: string | null
  ae: string | null
  sponsor: string | null
  arr: number | null
  currency: string | null
} & {
  [K in keyof HealthRecord]: HealthRecord[K] | null
}

/** Accounts that are theirs by CSM or AE, as a table `theirs (mine)`: few, and found by two indexes. */
const theirs = (db: Reader, company: string, people: readonly string[]): RawBuilder<unknown> => sql`(
  select id as mine from accounts ${using(db, 'accounts_of_csm')}
    where company_id = ${company} and csm is not null and ${among(db, sql.ref('csm'), people)}
  union select id from accounts ${using(db, 'accounts_of_ae')}
    where company_id = ${company} and ae is not null and ${among(db, sql.ref('ae'), people)}
) as theirs`

/** `cross join` holds SQLite to this order: first the few accounts that are theirs, then a look into those. */
const accountsFrom = (db: Reader, company: string, of: HealthOf): RawBuilder<unknown> =>
  of.all
    ? sql`accounts a where a.company_id = ${company}`
    : sql`${theirs(db, company, of.people)} cross join accounts a
        where a.company_id = ${company} and a.id = theirs.mine`

const measured = sql`exists (select 1 from account_health h where h.company_id = a.company_id and h.account = a.id)`

async function healthMix(db: Reader, company: string, of: HealthOf): Promise<HealthMix> {
  const graded = of.all
    ? sql`select grade, count(*) as n from account_health where company_id = ${company} group by grade`
    : sql`select h.grade, count(*) as n from ${theirs(db, company, of.people)}
        cross join account_health h where h.company_id = ${company} and h.account = theirs.mine group by h.grade`
  const [{ rows }, { rows: without }] = await Promise.all([
    sql<{ grade: string; n: number }>`${graded}`.execute(db),
    sql<{ n: number }>`select count(*) as n from ${accountsFrom(db, company, of)}
      and a.csm is not null and not ${measured}`.execute(db),
  ])
  const mix = { healthy: 0, 'at-risk': 0, critical: 0, unknown: Number(without[0]?.n ?? 0) }
  for (const { grade, n } of rows) mix[grade as Grade] = Number(n)
  return mix
}

type Listed = Pick<
  Selectable<Schema['accounts']>,
  'id' | 'name' | 'tier' | 'csm' | 'ae' | 'renewal_on' | 'arr' | 'currency'
> &
  HealthRecord & { review: number; plan: number }

async function healthList(db: Reader, company: string, of: HealthOf, limit: number): Promise<HealthRow[]> {
  const open = (kind: string) =>
    sql`(select count(*) from health_tasks t where t.company_id = a.company_id and t.account = a.id
      and t.kind = ${kind} and t.open = 1)`
  const columns = sql`a.id, a.name, a.tier, a.csm, a.ae, a.renewal_on, a.arr, a.currency,
    ${open('review')} as review, ${open('plan')} as plan`
  // Of all, from the scores, so that the index by score ends the look after `limit` rows.
  const scored = of.all
    ? sql`account_health h join accounts a on a.company_id = h.company_id and a.id = h.account
        where h.company_id = ${company}`
    : sql`${theirs(db, company, of.people)} cross join account_health h
        cross join accounts a where h.company_id = ${company} and h.account = theirs.mine
        and a.company_id = ${company} and a.id = theirs.mine`
  const { rows } = await sql<Listed>`
    select ${columns}, h.* from ${scored} order by h.score, h.account limit ${limit}`.execute(db)
  const listed = rows.map((row) => ({ ...rowOf(row), health: healthFrom(row) }))
  if (listed.length >= limit) return listed
  const { rows: unknown } = await sql<Listed>`
    select ${columns} from ${accountsFrom(db, company, of)} and a.csm is not null and not ${measured}
    order by a.name, a.id limit ${limit - listed.length}`.execute(db)
  return [...listed, ...unknown.map(rowOf)]
}

const rowOf = (row: Listed): HealthRow => ({
  account: {
    id: row.id,
    name: row.name,
    ...(row.tier === null ? {} : { tier: row.tier as Tier }),
    ...(row.csm === null ? {} : { csm: row.csm }),
    ...(row.ae === null ? {} : { ae: row.ae }),
    ...(row.renewal_on === null ? {} : { renewalOn: row.renewal_on }),
    ...(row.arr === null || row.currency === null
      ? {}
      : { arr: { amount: row.arr, currency: row.currency } }),
  },
  review: Number(row.review) > 0,
  plan: Number(row.plan) > 0,
})

async function healthToCompute(
  db: Reader,
  company: string,
  rules: string,
  limit: number,
): Promise<{ account: string; marks?: number }[]> {
  const { rows: marked } = await on<{ account: string; marks: number }>(db)`
    select account, marks from health_to_compute where company_id = ${company} order by since, account limit ${limit}`
  if (marked.length >= limit) return marked
  // Two ranges and not “other than”: those an index can find.
  const { rows: others } = await on<{ account: string }>(db)`
    select account from account_health where company_id = ${company} and rules < ${rules}
    union all
    select account from account_health where company_id = ${company} and rules > ${rules}
    limit ${limit - marked.length}`
  const known = new Set(marked.map(({ account }) => account))
  return [...marked, ...others.filter(({ account }) => !known.has(account))]
}

/** The store's readings of account health. */
export const healthReads = (read: Reader): HealthReads => ({
  healthOf: (company, account) => healthOf(read, company, account),
  signalsOf: (company, account, limit) => signalsOf(read, company, account, limit),
  healthHistory: (company, account, limit) => healthHistory(read, company, account, limit),
  healthTask: (company, id) => healthTask(read, company, id),
  healthTasksOf: (company, account, limit) => healthTasksOf(read, company, account, limit),
  openHealthTasks: (company, kind, after, limit) => openHealthTasks(read, company, kind, after, limit),
  healthMix: (company, of) => healthMix(read, company, of),
  healthList: (company, of, limit) => healthList(read, company, of, limit),
  healthToCompute: (company, rules, limit) => healthToCompute(read, company, rules, limit),
})

// ── writing ──────────────────────────────────────────────────────────────────

/** See `HealthSave`. */
export async function saveHealthSignal(
  trx: Tx,
  company: string,
  { next }: Extract<Save, { noun: 'health-signal' }>,
): Promise<boolean> {
  await on(trx)`
    insert into health_signals (company_id, account, component, measured_on, score, recorded_at, by, door)
    values (${company}, ${next.account}, ${next.component}, ${next.measuredOn}, ${next.score}, ${next.recordedAt},
            ${next.by}, ${next.door})
    on conflict (company_id, account, component, measured_on) do update
    set score = excluded.score, recorded_at = excluded.recorded_at, by = excluded.by, door = excluded.door`
  await markHealth(trx, company, next.account, next.recordedAt)
  return true
}

/** Marks an account to be computed anew. */
async function markHealth(trx: Tx, company: string, account: string, at: number): Promise<void> {
  await on(trx)`
    insert into health_to_compute (company_id, account, since, marks) values (${company}, ${account}, ${at}, 1)
    on conflict (company_id, account) do update set marks = health_to_compute.marks + 1`
}

/** Writes what was computed. False when somebody else has computed it since it was read. */
export async function saveHealth(
  trx: Tx,
  company: string,
  { next, expect, change }: Extract<Save, { noun: 'health' }>,
): Promise<boolean> {
  const { before } = next
  const { numAffectedRows } =
    expect === 'new'
      ? await on(trx)`
          insert into account_health (company_id, account, version, score, grade, since, before_grade, before_score,
                                      computed_at, rules)
          values (${company}, ${next.account}, ${next.version}, ${next.score}, ${next.grade}, ${next.since},
                  ${before?.grade ?? null}, ${before?.score ?? null}, ${next.computedAt}, ${next.rules})
          on conflict do nothing`
      : await on(trx)`
          update account_health set version = ${next.version}, score = ${next.score}, grade = ${next.grade},
            since = ${next.since}, before_grade = ${before?.grade ?? null}, before_score = ${before?.score ?? null},
            computed_at = ${next.computedAt}, rules = ${next.rules}
          where company_id = ${company} and account = ${next.account} and version = ${expect}`
  if (numAffectedRows !== 1n) return false
  if (change)
    await on(trx)`
      insert into health_history (company_id, account, seq, at, on_day, from_grade, to_grade, score, score_before)
      select ${company}, ${change.account}, coalesce(max(seq), 0) + 1, ${change.at}, ${change.on},
             ${change.from ?? null}, ${change.to}, ${change.score}, ${change.scoreBefore ?? null}
      from health_history where company_id = ${company} and account = ${change.account}`
  return true
}

/** See `HealthSave`. */
export async function saveHealthComputed(
  trx: Tx,
  company: string,
  { account, marks }: Extract<Save, { noun: 'health-computed' }>,
): Promise<boolean> {
  await on(trx)`
    delete from health_to_compute where company_id = ${company} and account = ${account} and marks <= ${marks}`
  return true
}

/** Writes a review or plan. False when it moved since it was read, or another of its kind is open for the account. */
export async function saveHealthTask(
  trx: Tx,
  company: string,
  { next, expect }: Extract<Save, { noun: 'health-task' }>,
): Promise<boolean> {
  const open = next.status === 'open' ? 1 : 0
  const body = toJson(next)
  const { numAffectedRows } =
    expect === 'new'
      ? await on(trx)`
          insert into health_tasks (company_id, id, account, kind, open, version, opened_at, body)
          values (${company}, ${next.id}, ${next.account}, ${next.kind}, ${open}, ${next.version},
                  ${next.openedAt}, ${body})
          on conflict do nothing`
      : await on(trx)`
          update health_tasks set open = ${open}, version = ${next.version}, body = ${body}
          where company_id = ${company} and id = ${next.id} and version = ${expect}
            and (${open} = 0 or not exists (select 1 from health_tasks t where t.company_id = ${company}
              and t.account = ${next.account} and t.kind = ${next.kind} and t.open = 1 and t.id <> ${next.id}))`
  return numAffectedRows === 1n
}
